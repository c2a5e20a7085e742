"""Archives: zip and tar files and WARC captures, as places where pages stand.

In: the path or address of an archive. Out: its members with their names, sizes and places; the bytes of one member when asked.
Never: more than one member's bytes at a time, nor a name of a member as a path of this machine. Only a tar that is compressed as a whole, and so
cannot be entered in the middle, is unpacked, to a tar.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast

from baogao.archives.members import Fetched, Member, open_at, told
from baogao.archives.tars import fetch_from_tar, in_tar, unpacked
from baogao.archives.warcs import fetch_from_warc, in_warc
from baogao.archives.zips import fetch_from_zip, in_zip

__all__ = ["Fetched", "Member", "archive_kind", "fetch_member", "members", "open_at", "unpacked"]

_SUFFIXES = {
    "warc": (".warc", ".warc.gz"),
    "zip": (".zip",),
    "tar": (".tar",),
    "packed": (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"),
}


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
    listed = {"zip": in_zip, "tar": in_tar, "warc": in_warc}[str(archive_kind(path))]
    with told(named or path):
        yield from listed(path)


def fetch_member(path: str, at: int, n_bytes: int) -> Fetched:
    """The member that is entered at an offset, of a size in bytes. What is wrong with it alone is its fault; raises BaogaoError or OSError for an archive that changed."""
    kind = archive_kind(path)
    if kind == "zip":
        return fetch_from_zip(path, at)
    if kind == "warc":
        return fetch_from_warc(path, at)
    return fetch_from_tar(path, at, n_bytes)
