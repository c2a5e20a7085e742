"""Archives: zip and tar files and WARC captures, as places where pages stand.

In: the path or address of an archive. Out: its members with their names, sizes and places; the bytes of one member when asked.
Never: more than one member's bytes at a time, nor a name of a member as a path of this machine. Only a tar that is compressed as a whole, and so
cannot be entered in the middle, is unpacked, to a tar.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Self, cast
from urllib.parse import urlsplit

from baogao.http_bodies import decode_body
from baogao.records import BaogaoError

if TYPE_CHECKING:
    from fastwarc.warc import ArchiveIterator, WarcRecord

_SUFFIXES = {
    "warc": (".warc", ".warc.gz"),
    "zip": (".zip",),
    "tar": (".tar",),
    "packed": (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
}
# No page of text is as large; what is may be made to fill the memory.
MEMBER_BYTES_MAX = 64 << 20
# Records of what was fetched; requests and notes are none.
_CONTENT = frozenset({"response", "revisit", "resource", "conversion"})
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_HIDDEN = re.compile(r"(?:^|/)(?:\.|__MACOSX/)")
_UNSAFE = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)|[\x00-\x1f]")
# What reading a broken archive may raise, by the libraries that read it.
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_PIECE = 1 << 20
_CHANGED = "{} changed while its pages were read: run again when it is complete"
_CANNOT_BE_UNPACKED = "the page cannot be unpacked ({}): fetch the archive again"
_ENDS_WITHIN = "the archive ends within the page: fetch the archive again"


@dataclass(frozen=True, slots=True)
class Member:
    """A page in an archive: its name there, its size in bytes, and the offset in the archive at which it is entered."""

    name: str
    n_bytes: int
    at: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a page, with the address, the encoding and the time that a capture gives them; `fault` says why they are not all that they should be."""

    data: bytes
    url: str | None = None
    charset: str | None = None
    retrieved_at: datetime | None = None
    fault: str | None = None

    @property
    def digest(self) -> str:
        """All that was fetched, as one name of it."""
        return " ".join((hashlib.sha256(self.data).hexdigest(), *(str(said) for said in (self.url, self.charset, self.retrieved_at, self.fault) if said)))


def archive_kind(path: str) -> Literal["warc", "zip", "tar", "packed"] | None:
    """What kind of archive a file is by its name, None for no archive; `packed` is a tar that is compressed as a whole.

    >>> archive_kind("pages/2024.WARC.gz"), archive_kind("pages.tgz"), archive_kind("2024.html")
    ('warc', 'packed', None)
    """
    name = path.lower()
    return next((cast(Any, kind) for kind, suffixes in _SUFFIXES.items() if name.endswith(suffixes)), None)


def members(path: str, named: str | None = None) -> Iterator[Member | str]:
    """The members of an archive in its order; of those passed over (hidden, unsafe, encrypted, too large, links) the name alone.

    `named` is what users call the archive, where it was unpacked from another.
    A file that comes twice is its last; an address captured twice in a WARC file is told apart by #2, #3, ….
    Raises BaogaoError for an archive that is broken or cut short.
    """
    listed = {"zip": _in_zip, "tar": _in_tar, "warc": _in_warc}[str(archive_kind(path))]
    with _told(named or path):
        yield from listed(path)


def fetch_member(path: str, at: int, n_bytes: int) -> Fetched:
    """The member that is entered at an offset, of a size in bytes. What is wrong with it alone is its fault; raises BaogaoError or OSError for an archive that changed."""
    kind = archive_kind(path)
    if kind == "zip":
        return _fetch_from_zip(path, at)
    if kind == "warc":
        return _fetch_from_warc(path, at)
    with open_at(path) as file:
        file.seek(at)
        data = file.read(n_bytes)
    return Fetched(data, fault=None if len(data) == n_bytes else _ENDS_WITHIN)


def unpacked(path: str, folder: Path) -> str:
    """The path of a plain tar with what a compressed one holds, made in the folder where it is not there yet. Raises BaogaoError where that is not possible."""
    with _told(path), open_at(path) as packed:
        size = packed.seek(0, os.SEEK_END)
        modified = "" if "://" in path else str(Path(path).stat().st_mtime_ns)
        tar = folder / f"{hashlib.sha256(f'{path} {size} {modified}'.encode()).hexdigest()[:32]}.tar"
        if tar.exists() and modified:  # of an archive at an address it is not known whether it changed
            return str(tar)
        packed.seek(0)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as draft:
            try:
                with _decompressor(path)(packed) as plain:
                    shutil.copyfileobj(plain, draft, _PIECE)
                Path(draft.name).rename(tar)
            finally:
                Path(draft.name).unlink(missing_ok=True)
    return str(tar)


@contextmanager
def _told(path: str) -> Iterator[None]:
    """What libraries say of a broken archive, in a sentence."""
    try:
        yield
    except BaogaoError:
        raise
    except FileNotFoundError as error:
        raise BaogaoError(f"{path} does not exist: name an archive that does") from error
    except _BROKEN as error:
        raise BaogaoError(f"{path} cannot be read as an archive ({' '.join(str(error).split()) or type(error).__name__}): fetch or pack it again, or leave it out") from error


@contextmanager
def open_at(path: str) -> Iterator[IO[bytes]]:
    """A file to read, at a path or an address."""
    with _remote(path) if "://" in path else Path(path).open("rb") as file:
        yield file


def _remote(path: str) -> Any:
    import fsspec  # noqa: PLC0415 - not needed for local files

    return fsspec.open(path, "rb")


def _is_page(name: str) -> bool:
    return not _HIDDEN.search(name) and not _UNSAFE.search(name)


# --- zip


def _in_zip(path: str) -> Iterator[Member | str]:
    with open_at(path) as file, zipfile.ZipFile(file) as archive:
        last: dict[str, zipfile.ZipInfo] = {_zip_name(info): info for info in archive.infolist() if not info.is_dir()}
    for name, info in last.items():
        is_link = info.external_attr >> 28 == 0xA  # the type of file, where the archive was made on Unix
        is_sound = not info.flag_bits & 1 and not is_link and info.file_size <= MEMBER_BYTES_MAX
        yield Member(name, info.file_size, info.header_offset) if _is_page(name) and is_sound else name


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a member with slashes. Archives made on Chinese Windows have names in GBK and do not say so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437")
        for codec in ("utf-8", "gb18030"):
            try:
                decoded = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            # Some names in GBK are valid UTF-8 (目录), but then without a character of three bytes, as Han characters are.
            if codec != "utf-8" or decoded.isascii() or max(decoded) >= "\u0800":
                name = decoded
                break
    return name.replace("\\", "/")


def _fetch_from_zip(path: str, at: int) -> Fetched:
    stat = None if "://" in path else Path(path).stat()
    with _told(path):
        archive, infos = _zip_index(path, (stat.st_size, stat.st_mtime_ns) if stat else None)
        if at not in infos:
            raise BaogaoError(_CHANGED.format(path))
        data = bytearray()
        try:
            with archive.open(infos[at]) as member:
                while piece := member.read(_PIECE):
                    data += piece
        except _BROKEN as error:
            return Fetched(bytes(data), fault=_CANNOT_BE_UNPACKED.format(error))
    return Fetched(bytes(data))


@functools.lru_cache(maxsize=1)
def _zip_index(path: str, version: tuple[int, int] | None) -> tuple[zipfile.ZipFile, dict[int, zipfile.ZipInfo]]:
    """A zip file, left open, and its directory by offset: batch after batch is of one archive, and the directory of a large one takes a second to read; a changed one is another."""
    archive = zipfile.ZipFile(path if version else _remote(path).open())
    return archive, {info.header_offset: info for info in archive.infolist()}


# --- tar

# What tarfile ends an archive at: its last blocks, or the end of a file that does without them.
_EMPTY: tuple[type[Exception], ...] = (tarfile.EOFHeaderError, tarfile.EmptyHeaderError)  # type: ignore[attr-defined]


def _decompressor(path: str) -> Callable[[IO[bytes]], IO[bytes]]:
    import bz2  # noqa: PLC0415
    import gzip  # noqa: PLC0415
    import lzma  # noqa: PLC0415

    name = path.lower()
    opened: Any = gzip.open if name.endswith("gz") else bz2.open if name.endswith("bz2") else lzma.open
    return cast("Callable[[IO[bytes]], IO[bytes]]", opened)


class _Header(tarfile.TarInfo):
    """A header that must be whole: tarfile takes a broken one for the end of the archive, and leaves out what follows."""

    @classmethod
    def fromtarfile(cls, tar: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tar)
        except _EMPTY:
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error


def _in_tar(path: str) -> Iterator[Member | str]:
    last: dict[str, Member | str] = {}
    with open_at(path) as file, tarfile.open(fileobj=file, mode="r:", tarinfo=_Header) as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # it would keep them all
            if info.isdir():
                continue
            name = info.name.encode("utf-8", "surrogateescape").decode("gb18030", "replace") if re.search("[\udc80-\udcff]", info.name) else info.name
            name = name.removeprefix("./").replace("\\", "/")
            is_sound = info.isreg() and not info.issparse() and info.size <= MEMBER_BYTES_MAX
            last[name] = Member(name, info.size, info.offset_data) if _is_page(name) and is_sound else name
    yield from last.values()


# --- WARC


def _in_warc(path: str) -> Iterator[Member | str]:
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
        if next((record.record_id for record in _records(file)), None) != last[1]:
            raise BaogaoError(f"{path} was compressed as a whole, so its pages cannot be read one by one: unpack it, and name the .warc file")


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


def _fetch_from_warc(path: str, at: int) -> Fetched:
    with open_at(path) as file:
        file.seek(at)
        record = next(iter(_records(file)), None)
        if record is None or record.http_headers is None:
            raise BaogaoError(_CHANGED.format(path))
        said = {name.title(): value for name, value in record.http_headers.items()}
        n_bytes, body = record.content_length, record.reader.read(record.content_length)
        data, fault = decode_body(body, said.get("Transfer-Encoding", ""), said.get("Content-Encoding", ""), MEMBER_BYTES_MAX)
        if len(body) < n_bytes:
            fault = _ENDS_WITHIN
        return Fetched(data, _address(record), record.http_charset, record.record_date, fault)
