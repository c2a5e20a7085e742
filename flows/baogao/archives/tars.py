"""Tar files, and those that are compressed as a whole.

In: the path or address of one. Out: its members, and the bytes of one; of a compressed one, a plain one. Never: the end of a torn file taken for its end.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Self, cast

from baogao.archives.members import ENDS_WITHIN, MEMBER_BYTES_MAX, PIECE, Fetched, Member, is_page, open_at, told
from baogao.records import BaogaoError

# What tarfile ends an archive at: its last blocks, or the end of a file that does without them.
_EMPTY: tuple[type[Exception], ...] = (tarfile.EOFHeaderError, tarfile.EmptyHeaderError)  # type: ignore[attr-defined]


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


def in_tar(path: str) -> Iterator[Member | str]:
    """The members of a plain tar file; a file that comes twice is its last."""
    last: dict[str, Member | str] = {}
    with open_at(path) as file, tarfile.open(fileobj=file, mode="r:", tarinfo=_Header) as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # it would keep them all
            if info.isdir():
                continue
            name = info.name.encode("utf-8", "surrogateescape").decode("gb18030", "replace") if re.search("[\udc80-\udcff]", info.name) else info.name
            name = name.removeprefix("./").replace("\\", "/")
            is_sound = info.isreg() and not info.issparse() and info.size <= MEMBER_BYTES_MAX
            last[name] = Member(name, info.size, info.offset_data) if is_page(name) and is_sound else name
    yield from last.values()


def fetch_from_tar(path: str, at: int, n_bytes: int) -> Fetched:
    """The member whose bytes are at an offset."""
    with open_at(path) as file:
        file.seek(at)
        data = file.read(n_bytes)
    return Fetched(data, fault=None if len(data) == n_bytes else ENDS_WITHIN)


def unpacked(path: str, folder: Path) -> str:
    """The path of a plain tar with what a compressed one holds, made in the folder where it is not there yet. Raises BaogaoError where that is not possible."""
    with told(path), open_at(path) as packed:
        size = packed.seek(0, os.SEEK_END)
        modified = "" if "://" in path else str(Path(path).stat().st_mtime_ns)
        tar = folder / f"{hashlib.sha256(f'{path} {size} {modified}'.encode()).hexdigest()[:32]}.tar"
        if tar.exists() and modified:  # of an archive at an address it is not known whether it changed
            return str(tar)
        packed.seek(0)
        _make(folder, path)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as draft:
            try:
                with _decompressor(path)(packed) as plain:
                    shutil.copyfileobj(plain, draft, PIECE)
                Path(draft.name).rename(tar)
            finally:
                Path(draft.name).unlink(missing_ok=True)
    return str(tar)


def _make(folder: Path, path: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BaogaoError(f"{path} cannot be unpacked, since {folder} cannot be made ({error.strerror}): name another folder with --output") from error


def _decompressor(path: str) -> Callable[[IO[bytes]], IO[bytes]]:
    import bz2  # noqa: PLC0415
    import gzip  # noqa: PLC0415
    import lzma  # noqa: PLC0415

    name = path.lower()
    opened: Any = gzip.open if name.endswith("gz") else bz2.open if name.endswith("bz2") else lzma.open
    return cast("Callable[[IO[bytes]], IO[bytes]]", opened)
