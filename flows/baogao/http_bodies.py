"""The body of an HTTP answer, as it was sent, becomes the page.

In: the bytes behind the HTTP header, and what the header says of their coding. Out: the page's bytes, and what is wrong with them.
Never: more than the limit unpacked; a coding undone that is not there: crawlers keep the header as it was sent with bodies that they decoded.
"""

from __future__ import annotations

import re
import zlib

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20
CUT_SHORT = "the page is cut short: fetch the archive again"


def decode_body(body: bytes, transfer: str, content: str, limit: int) -> tuple[bytes, str | None]:
    r"""The page in a body sent with these headers Transfer-Encoding and Content-Encoding, and its fault; of a page larger than the limit in bytes, how it begins.

    >>> import gzip
    >>> decode_body(gzip.compress(b"page"), "", "gzip", 99), decode_body(b"4;a=b\r\npage\r\n0\r\n\r\n", "chunked", "", 99)
    ((b'page', None), (b'page', None))
    >>> decode_body(b"decoded before", "chunked", "gzip", 99), decode_body(gzip.compress(b"page")[:-9], "", "gzip", 99)[1]
    ((b'decoded before', None), 'the page is cut short: fetch the archive again')
    """
    page, fault = _joined(body) if "chunked" in transfer.lower() else (body, None)
    said = f"{transfer},{content}".lower()
    if "gzip" in said and page.startswith(_GZIP):
        return _unpacked(page, zlib.MAX_WBITS + 16, limit)
    if "deflate" in said:
        for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):  # with a header, as the standard has it; without, as some servers do
            unpacked, wrong = _unpacked(page, bits, limit)
            if unpacked:
                return unpacked, wrong
    if re.search(r"\b(?:br|zstd)\b", said):
        return page, "the page is packed as br or zstd, which are not read here: fetch it without"
    return page, fault


def _joined(body: bytes) -> tuple[bytes, str | None]:
    """The chunks of a body; a body without any as it is."""
    at, chunks = 0, []
    while head := _CHUNK.match(body, at):
        size = int(head[1], 16)
        chunks.append(body[head.end() : head.end() + size])
        at = head.end() + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1
        if size == 0:
            return b"".join(chunks), None
    return (b"".join(chunks), CUT_SHORT) if chunks else (body, None)


def _unpacked(page: bytes, bits: int, limit: int) -> tuple[bytes, str | None]:
    unpack = zlib.decompressobj(bits)
    try:
        data = unpack.decompress(page, limit + 1)
    except zlib.error as error:
        return b"", f"the page cannot be unpacked ({error}): fetch the archive again"
    if len(data) > limit:
        return data[:_PIECE], f"the page unpacks to more than {limit >> 20} MiB: no page of text is as large"
    return data, None if unpack.eof else CUT_SHORT
