"""A release is fetched: its files chosen, downloads resumed by range, every checksum verified.

In: the address of an output folder or of a release, tables, a version, a folder. Out: an output folder with that release, as if it had been built there.
A file stands under its name only when it is the one that was published; the pointer moves last. Never: a file that nobody asked for.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baogao.addresses import Absent, Place, place_of
from baogao.publish import sha256
from baogao.records import BaogaoError
from baogao.store import write_whole
from baogao.verify.files import CHOSEN, is_of

Record = dict[str, Any]
_CHUNK = 8 << 20
# Times that a part of a file is asked for, and the seconds before the second time; each later wait is twice as long.
_TIMES, _WAIT = 4, 0.5
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched: version and folder of the release, and how many files and bytes came over the wire this time."""

    version: str
    folder: Path
    files: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class _Offer:
    """A release at a place: its folder there, its manifest as bytes and as read, and the list of releases that goes with it."""

    place: Place
    data: bytes
    manifest: Record
    entry: Record


def get(
    address: str | Path, folder: str | Path = "output", *, tables: Sequence[str] = (), version: str | None = None, told: Callable[[int, int], None] | None = None
) -> Fetched:
    """Fetch a release: the latest of an output folder, the one named, or the one whose own address is given; all its files, or those of some tables.

    `told` hears of bytes there and bytes wanted. Raises BaogaoError for an address without a release, a table it lacks, and a file that is not the one published.
    """
    offer = _offer(place_of(address), version)
    wanted = _wanted(offer, tables)
    root = Path(folder)
    release = root / "releases" / str(offer.manifest["version"])
    try:
        release.mkdir(parents=True, exist_ok=True)
        fetched = _fetch_all(offer.place, wanted, release, told)
        _lay_out(offer, root, release)
    except OSError as error:
        raise BaogaoError(f"{folder} cannot be written ({error.strerror or error}): name another folder") from error
    return Fetched(str(offer.manifest["version"]), release, len(fetched), sum(fetched))


# --- what there is


def _offer(place: Place, version: str | None) -> _Offer:
    """The release that is asked for at a place."""
    try:
        pointer = _record(place, "latest.json")
    except Absent:
        return _offer_alone(place, version)
    entry = pointer
    if version is not None and version != pointer.get("version"):
        entries = _record(place, "releases.json", kind=list)
        entry = next((one for one in entries if isinstance(one, dict) and one.get("version") == version), {})
        if not entry:
            raise BaogaoError(f"{place.address} has no release {version}: it has {', '.join(str(one.get('version')) for one in entries if isinstance(one, dict))}")
    said, digest = entry.get("version"), entry.get("manifest_sha256")
    if not said or not digest:
        raise BaogaoError(f"{place.address}/latest.json is damaged: it names no version or no manifest")
    data, manifest = _manifest(place.below(f"releases/{said}"), str(digest))
    listed = next((one for one in _releases(place) if one.get("version") == said), None)
    return _Offer(place.below(f"releases/{said}"), data, manifest, listed or _entry(manifest, str(digest)))


def _offer_alone(place: Place, version: str | None) -> _Offer:
    """The release whose folder is the place itself; its checksum stands beside it."""
    try:
        sums = place.read("SHA256SUMS").decode("utf-8", errors="replace")
    except Absent as error:
        raise BaogaoError(f"{place.address} holds no release: name the address of an output folder (with latest.json) or of a release (with manifest.json)") from error
    digest = next((line[:64] for line in sums.splitlines() if line[66:] == "manifest.json"), "")
    data, manifest = _manifest(place, digest)
    if version not in (None, manifest["version"]):
        raise BaogaoError(f"{place.address} is release {manifest['version']}, not {version}: name the address of the output folder")
    return _Offer(place, data, manifest, _entry(manifest, digest))


def _manifest(place: Place, digest: str) -> tuple[bytes, Record]:
    data = place.read("manifest.json")
    if hashlib.sha256(data).hexdigest() != digest:
        raise BaogaoError(f"{place.address}/manifest.json is not the one that was published: its SHA-256 differs; nothing was taken from there")
    manifest: Record = json.loads(data)
    return data, manifest


def _record(place: Place, name: str, kind: type[Any] = dict) -> Any:
    data = place.read(name)
    try:
        record = json.loads(data)
    except ValueError as error:
        raise BaogaoError(f"{place.address}/{name} is damaged ({error}): try again later") from error
    if not isinstance(record, kind):
        raise BaogaoError(f"{place.address}/{name} is damaged: it holds no {'list' if kind is list else 'object'}")
    return record


def _releases(place: Place) -> list[Record]:
    try:
        return [one for one in _record(place, "releases.json", kind=list) if isinstance(one, dict)]
    except Absent:
        return []


def _entry(manifest: Mapping[str, Any], digest: str) -> Record:
    """The release as an entry of releases.json, where the place has no such list."""
    rows = {name: table["rows"] for name, table in manifest["tables"].items()}
    return {"version": manifest["version"], "released": manifest["released"], "rows": rows, "changes": "", "manifest_sha256": digest}


def _wanted(offer: _Offer, tables: Sequence[str]) -> list[Record]:
    """The files to fetch: all, or what describes the release and the files of some tables."""
    for name in tables:
        if name not in offer.manifest["tables"]:
            raise BaogaoError(f"release {offer.manifest['version']} has no table {name!r}: use one of {', '.join(offer.manifest['tables'])}")
    for file in offer.manifest["files"]:
        offer.place.at(file["path"])
    return [file for file in offer.manifest["files"] if not tables or is_of(file["path"], tables)]


# --- fetching


def _fetch_all(place: Place, files: Sequence[Record], release: Path, told: Callable[[int, int], None] | None) -> list[int]:
    """Fetch the files that are not there yet, a few at a time; the bytes that came of each."""
    total, done, lock = sum(file["bytes"] for file in files), 0, threading.Lock()

    def fetch(file: Record) -> int:
        nonlocal done
        came = _fetch(place, file, release / file["path"])
        with lock:
            done += file["bytes"]
            if told:
                told(done, total)
        return came

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [came for came in pool.map(fetch, files) if came]


def _fetch(place: Place, file: Record, target: Path) -> int:
    """Fetch a file unless it is there; the bytes that came. What came before a break is gone on from."""
    if target.is_file() and target.stat().st_size == file["bytes"] and sha256(target) == file["sha256"]:
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    resumed = part.exists() and part.stat().st_size > 0
    came = _complete(place, file, part)
    if sha256(part) != file["sha256"] and resumed:  # what was there before the break may be of another file
        part.unlink()
        came += _complete(place, file, part)
    if sha256(part) != file["sha256"]:
        part.unlink()
        raise BaogaoError(f"{place.address}/{file['path']} is not the file that was published: its SHA-256 differs; it was not kept")
    part.replace(target)
    return came


def _complete(place: Place, file: Record, part: Path) -> int:
    """Append what is missing of a file to its part; the bytes that came."""
    size, came = file["bytes"], 0
    if part.exists() and part.stat().st_size > size:
        part.unlink()
    with part.open("ab") as out:
        while (start := out.tell()) < size:
            end = min(start + _CHUNK, size)
            data = _patiently(place, file["path"], start, end)
            came += len(data)
            if len(data) > end - start:  # a server without ranges gives the whole file each time
                out.truncate(0)
                out.seek(0)
                out.write(data)
                break
            if not data:
                break
            out.write(data)
    return came


def _patiently(place: Place, path: str, start: int, end: int) -> bytes:
    """A part of a file; what fails is tried again a few times."""
    for n in range(_TIMES):
        try:
            return place.read(path, start, end)
        except Absent:
            raise
        except BaogaoError:
            if n == _TIMES - 1:
                raise
        time.sleep(_WAIT * 2**n)
    raise AssertionError  # the last time returns or raises


# --- laying out


def _lay_out(offer: _Offer, root: Path, release: Path) -> None:
    """Write what makes the folder an output folder, the pointer last."""
    version, digest = str(offer.manifest["version"]), hashlib.sha256(offer.data).hexdigest()
    write_whole(release / "manifest.json", offer.data)
    write_whole(release / "SHA256SUMS", offer.place.read("SHA256SUMS"))
    chosen = {name: names for name, names in _local(root / CHOSEN, {}).items() if name != version}
    if not _is_there(release, offer.manifest, None):
        chosen[version] = [name for name in offer.manifest["tables"] if _is_there(release, offer.manifest, [name])]
    if chosen:
        write_whole(root / CHOSEN, _json(chosen))
    else:
        (root / CHOSEN).unlink(missing_ok=True)
    others = [one for one in _local(root / "releases.json", []) if one.get("version") != version]
    entries = sorted([*others, {**offer.entry, "manifest_sha256": digest}], key=lambda one: [int(number) for number in str(one["version"]).split(".")])
    write_whole(root / "releases.json", _json(entries))
    pointer = {"version": version, "released": offer.manifest["released"], "path": f"releases/{version}", "manifest_sha256": digest}
    write_whole(root / "latest.json", _json(pointer))


def _is_there(release: Path, manifest: Mapping[str, Any], tables: Sequence[str] | None) -> bool:
    """Whether all files of a release are there, or all of some tables."""
    return all((release / file["path"]).is_file() for file in manifest["files"] if tables is None or is_of(file["path"], tables))


def _local(path: Path, otherwise: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else otherwise


def _json(record: object) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
