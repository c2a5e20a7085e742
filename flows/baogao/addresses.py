"""Addresses of releases: a folder, or whatever fsspec reads (file:, http:, https:, s3: …).

In: an address. Out: a `Place` that reads files, or parts of them, below it. Never: a name below an address that leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from baogao.records import BaogaoError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# What an address needs installed beside baogao, by protocol.
_EXTRAS = {"http": "http", "https": "http", "s3": "s3", "s3a": "s3"}


class Absent(BaogaoError):
    """There is no such file below an address."""


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at an address: its filesystem and the path there."""

    address: str
    filesystem: AbstractFileSystem
    path: str

    def at(self, name: str) -> str:
        """The path of a file below the address. Raises BaogaoError for a name that leaves it."""
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]:
            raise BaogaoError(f"{self.address} names a file {name!r} that is not below it: take the release from another place")
        return f"{self.path}/{name}"

    def below(self, name: str) -> Place:
        """The place of a folder below this one."""
        return Place(f"{self.address}/{name}", self.filesystem, self.at(name))

    def read(self, name: str, start: int | None = None, end: int | None = None) -> bytes:
        """The bytes of a file, from `start` up to `end`; all of them where the server has no ranges. Raises Absent, or BaogaoError for what cannot be read."""
        try:
            data: bytes = self.filesystem.cat_file(self.at(name), start=start, end=end)
        except FileNotFoundError as error:
            raise Absent(f"{self.address}/{name} is not there: check the address") from error
        except failures() as error:
            raise BaogaoError(f"{self.address}/{name} cannot be read ({' '.join(str(error).split()) or type(error).__name__}): check the address and the credentials") from error
        return data


def place_of(address: str | Path) -> Place:
    """The place of an address. Raises BaogaoError where what reads such addresses is not installed."""
    import fsspec  # noqa: PLC0415 - 0.1 s

    said = str(address).rstrip("/")
    protocol = said.split("://", maxsplit=1)[0] if "://" in said else "file"
    try:
        filesystem, path = fsspec.core.url_to_fs(said if "://" in said else Path(said or ".").absolute().as_posix())
    except ImportError as error:
        way_out = f"pip install 'baogao[{_EXTRAS[protocol]}]'" if protocol in _EXTRAS else f"install what reads {protocol}://"
        raise BaogaoError(f"{said} needs a library that is not installed ({error}): {way_out}") from error
    except ValueError as error:
        raise BaogaoError(f"{said} is no address that is known here: name a folder, or an address that begins with file://, http://, https:// or s3://") from error
    return Place(said, filesystem, path.rstrip("/"))


def failures() -> tuple[type[Exception], ...]:
    """What reading may fail with: errors of the system, and those of clients that are none."""
    try:
        from aiohttp import ClientError  # noqa: PLC0415 - optional
    except ImportError:
        return (OSError, TimeoutError)
    return (OSError, TimeoutError, ClientError)


def is_address(said: str | Path) -> bool:
    """Whether a path is the address of something that is no local folder.

    >>> is_address("s3://bucket/baogao"), is_address("output"), is_address("C:/output")
    (True, False, False)
    """
    return "://" in str(said)
