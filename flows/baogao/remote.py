"""Releases in an object store, or at any address that can be written: built in a folder of this machine, then put there file by file.

In: an address, a build into a folder. Out: the same output at the address. Nothing is renamed there: the files of a release stand before its manifest, that
before the list of releases, and the pointer moves last. A run that is cut off has moved no pointer, and the next one begins from what the pointer says.
Never: the work of a build at the address.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from baogao.addresses import Absent, Place, failures, place_of
from baogao.get import get
from baogao.pipeline import Outcome
from baogao.records import BaogaoError

_AT_ONCE = 4
_LAST = ("manifest.json", "SHA256SUMS")


def build_at(address: str, build: Callable[[Path], Outcome]) -> Outcome:
    """Build into a folder that mirrors an address, and put there what is new. Raises BaogaoError for an address that cannot be written."""
    place = place_of(address)
    mirror = mirror_of(address)
    pointer = _pull(place, mirror)
    outcome = build(mirror)
    if outcome.release and outcome.release.is_new:
        _push(place, mirror, outcome.release.version, pointer)
    return outcome


def mirror_of(address: str) -> Path:
    """The folder of this machine in which releases for an address are built; it may be thrown away at any time."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "baogao" / hashlib.sha256(address.rstrip("/").encode()).hexdigest()[:16]


def _pull(place: Place, mirror: Path) -> bytes | None:
    """Bring the mirror to what the pointer at the address says; the pointer, None where nothing was published there yet."""
    try:
        pointer = place.read("latest.json")
    except Absent:
        for name in ("latest.json", "releases.json"):
            (mirror / name).unlink(missing_ok=True)
        return None
    get(place.address, mirror)
    return pointer


def _push(place: Place, mirror: Path, version: str, pointer: bytes | None) -> None:
    """Put a release at the address, its pointer last."""
    folder = mirror / "releases" / version
    files = [file.relative_to(mirror).as_posix() for file in sorted(folder.rglob("*")) if file.is_file()]
    first = [name for name in files if Path(name).name not in _LAST or Path(name).parent.name != version]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda name: _put(place, mirror, name), first))
    for name in (*(f"releases/{version}/{last}" for last in _LAST), "releases.json"):
        _put(place, mirror, name)
    _hold(place, pointer)
    _put(place, mirror, "latest.json")


def _put(place: Place, mirror: Path, name: str) -> None:
    path = place.at(name)
    data = (mirror / name).read_bytes()
    try:
        if "file" in place.filesystem.protocol:  # an object store has no folders, and would take the first for a bucket to make
            place.filesystem.makedirs(path.rsplit("/", maxsplit=1)[0], exist_ok=True)
        place.filesystem.pipe_file(path, data)
    except failures() as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise BaogaoError(f"{place.address}/{name} cannot be written ({said}): check the address and the credentials; no pointer was moved") from error


def _hold(place: Place, pointer: bytes | None) -> None:
    """Raise BaogaoError where somebody else has published since the build began. Two that publish in the same second are not kept apart."""
    try:
        now: bytes | None = place.read("latest.json")
    except Absent:
        now = None
    if now != pointer:
        raise BaogaoError(f"{place.address} was published to by somebody else meanwhile ({_version(now)}): run again, so that this release follows that one")


def _version(pointer: bytes | None) -> str:
    record: Any = json.loads(pointer or b"{}")
    return f"now {record.get('version', 'nothing')}"
