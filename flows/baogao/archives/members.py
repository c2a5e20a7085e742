"""What all archives have in common: members, what is fetched of them, how files are opened and faults told.

In: names and bytes. Out: `Member`s and `Fetched` pages. Never: a format.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from baogao.records import BaogaoError

# No page of text is as large; what is may be made to fill the memory.
MEMBER_BYTES_MAX = 64 << 20
PIECE = 1 << 20
CHANGED = "{} changed while its pages were read: run again when it is complete"
CANNOT_BE_UNPACKED = "the page cannot be unpacked ({}): fetch the archive again"
ENDS_WITHIN = "the archive ends within the page: fetch the archive again"
# What reading a broken archive may raise, by the libraries that read it.
BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_HIDDEN = re.compile(r"(?:^|/)(?:\.|__MACOSX/)")
_UNSAFE = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)|[\x00-\x1f]")


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


@contextmanager
def told(path: str) -> Iterator[None]:
    """What libraries say of a broken archive, in a sentence."""
    try:
        yield
    except BaogaoError:
        raise
    except FileNotFoundError as error:
        raise BaogaoError(f"{path} does not exist: name an archive that does") from error
    except BROKEN as error:
        raise BaogaoError(f"{path} cannot be read as an archive ({' '.join(str(error).split()) or type(error).__name__}): fetch or pack it again, or leave it out") from error


@contextmanager
def open_at(path: str) -> Iterator[IO[bytes]]:
    """A file to read, at a path or an address."""
    with remote(path) if "://" in path else Path(path).open("rb") as file:
        yield file


def remote(path: str) -> Any:
    """A file at an address, for fsspec to open."""
    import fsspec  # noqa: PLC0415 - not needed for local files

    return fsspec.open(path, "rb")


def is_page(name: str) -> bool:
    """Whether a member of that name may be a page: not hidden, and of no path outside the archive."""
    return not _HIDDEN.search(name) and not _UNSAFE.search(name)
