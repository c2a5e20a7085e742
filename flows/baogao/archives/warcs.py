"""WARC captures.

In: the path or address of one. Out: the pages that it was served, and one of them as it was served. Never: a capture that ends within a record, taken for whole.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from baogao.archives.members import CHANGED, ENDS_WITHIN, MEMBER_BYTES_MAX, PIECE, Fetched, Member, open_at
from baogao.http_bodies import decode_body
from baogao.records import BaogaoError

if TYPE_CHECKING:
    from fastwarc.warc import ArchiveIterator, WarcRecord

# Records of what was fetched; requests and notes are none.
_CONTENT = frozenset({"response", "revisit", "resource", "conversion"})
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


def in_warc(path: str) -> Iterator[Member | str]:
    """The pages of a capture; an address captured twice is told apart by #2, #3, …."""
    seen: Counter[str] = Counter()
    last = None
    with open_at(path) as file:
        for record in _records(file):
            last = (record.stream_pos, record.record_id)
            name = re.sub(r"^\w+://", "", record.headers.get("WARC-Target-URI") or str(record.record_id)).strip("<>")
            kind = str(record.record_type)
            if kind != "response" or not _holds_page(record):
                if kind in _CONTENT:
                    yield name
                continue
            seen[name] += 1
            yield Member(name if seen[name] == 1 else f"{name}#{seen[name]}", record.content_length, record.stream_pos)
        if last is None:
            raise BaogaoError(f"{path} holds no WARC record: fetch it again, or leave it out")
        file.seek(last[0])
        again = next(iter(_records(file)), None)
        if again is None or again.record_id != last[1]:
            raise BaogaoError(f"{path} was compressed as a whole, so its pages cannot be read one by one: unpack it, and name the .warc file")
        if _after(file, last[0], int(again.headers.get("Content-Length") or 0)):
            raise BaogaoError(f"{path} ends within the head of a record: fetch it again, or leave it out")


def _after(file: IO[bytes], at: int, n_bytes: int) -> bytes:
    """What begins behind the last record of a capture, which is at an offset and has so many bytes: FastWARC leaves out a record whose head is cut short."""
    file.seek(at)
    piece = file.read(PIECE)
    if piece.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(wbits=31)
        while piece and not member.eof:
            member.decompress(piece)
            piece = file.read(PIECE)
        return (member.unused_data + piece).strip()
    file.seek(at + piece.find(b"\r\n\r\n") + 4 + n_bytes)
    return file.read(PIECE).strip()


def _records(file: IO[bytes]) -> ArchiveIterator:
    """The records of a capture, their bodies as they were sent: FastWARC loses its way past one that it began to decode, and accepts one that is cut short."""
    try:
        from fastwarc.warc import ArchiveIterator  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise BaogaoError("WARC files need FastWARC: install it with pip install 'baogao[warc]'") from error
    return ArchiveIterator(file, parse_http=True, auto_decode="none")


def _holds_page(record: WarcRecord) -> bool:
    said = record.http_headers
    return said is not None and said.status_code == 200 and (record.http_content_type or "") in _PAGE_TYPES and record.content_length <= MEMBER_BYTES_MAX


def _address(record: WarcRecord) -> str | None:
    address = (record.headers.get("WARC-Target-URI") or "").strip("<>")
    try:
        return address if urlsplit(address).hostname else None
    except ValueError:  # an address that is none
        return None


def fetch_from_warc(path: str, at: int) -> Fetched:
    """The page whose record is at an offset."""
    with open_at(path) as file:
        file.seek(at)
        record = next(iter(_records(file)), None)
        if record is None or record.http_headers is None:
            raise BaogaoError(CHANGED.format(path))
        said = {name.title(): value for name, value in record.http_headers.items()}
        n_bytes, body = record.content_length, record.reader.read(record.content_length)
        data, fault = decode_body(body, said.get("Transfer-Encoding", ""), said.get("Content-Encoding", ""), MEMBER_BYTES_MAX)
        if len(body) < n_bytes:
            fault = ENDS_WITHIN
        return Fetched(data, _address(record), record.http_charset, record.record_date, fault)
