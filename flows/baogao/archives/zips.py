"""Zip files.

In: the path or address of one. Out: its members, and the bytes of one. Never: a name in another encoding than its own.
"""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Iterator
from pathlib import Path

from baogao.archives.members import BROKEN, CANNOT_BE_UNPACKED, CHANGED, MEMBER_BYTES_MAX, PIECE, Fetched, Member, is_page, open_at, remote, told
from baogao.records import BaogaoError


def in_zip(path: str) -> Iterator[Member | str]:
    """The members of a zip file; a file that comes twice is its last."""
    with open_at(path) as file, zipfile.ZipFile(file) as archive:
        last: dict[str, zipfile.ZipInfo] = {_zip_name(info): info for info in archive.infolist() if not info.is_dir()}
    for name, info in last.items():
        is_link = info.external_attr >> 28 == 0xA  # the type of file, where the archive was made on Unix
        is_sound = not info.flag_bits & 1 and not is_link and info.file_size <= MEMBER_BYTES_MAX
        yield Member(name, info.file_size, info.header_offset) if is_page(name) and is_sound else name


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


def fetch_from_zip(path: str, at: int) -> Fetched:
    """The member whose header is at an offset."""
    stat = None if "://" in path else Path(path).stat()
    with told(path):
        archive, infos = _zip_index(path, (stat.st_size, stat.st_mtime_ns) if stat else None)
        if at not in infos:
            raise BaogaoError(CHANGED.format(path))
        data = bytearray()
        try:
            with archive.open(infos[at]) as member:
                while piece := member.read(PIECE):
                    data += piece
        except BROKEN as error:
            return Fetched(bytes(data), fault=CANNOT_BE_UNPACKED.format(error))
    return Fetched(bytes(data))


@functools.lru_cache(maxsize=1)
def _zip_index(path: str, version: tuple[int, int] | None) -> tuple[zipfile.ZipFile, dict[int, zipfile.ZipInfo]]:
    """A zip file, left open, and its directory by offset: batch after batch is of one archive, and the directory of a large one takes a second to read; a changed one is another."""
    archive = zipfile.ZipFile(path if version else remote(path).open())
    return archive, {info.header_offset: info for info in archive.infolist()}
