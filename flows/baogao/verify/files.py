"""The files of a release against its checksums, its manifest and the pointer to it.

In: the folder of a release and its manifest. Out: what is wrong, in sentences. Never: a look into a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from baogao.publish import sha256

_SUMS = "SHA256SUMS"
# Which tables were fetched of each release of an output folder that was not fetched whole.
CHOSEN = "chosen.json"


def wrong_pointer(folder: Path, manifest: Mapping[str, Any], pointed_at: str) -> Iterator[str]:
    """Whether latest.json and releases.json of the output folder mean this release."""
    root = folder.parent.parent
    if sha256(folder / "manifest.json") != pointed_at:
        yield "manifest.json is not the one that latest.json points to: its SHA-256 differs"
    for name, entry in (("latest.json", _read(root / "latest.json")), ("releases.json", _entry(root / "releases.json", folder.name))):
        if not isinstance(entry, dict):
            yield f"{name} is missing or damaged, or does not list release {folder.name}"
            continue
        said = {"version": manifest["version"], "released": manifest["released"], "manifest_sha256": pointed_at}
        for key, value in said.items():
            if entry.get(key) != value:
                yield f"{name} has {key} {entry.get(key)}, and the release that it leads to {value}"


def chosen_of(folder: Path) -> list[str] | None:
    """The tables of a release that was not fetched whole; None for one that is all there."""
    said = _read(folder.parent.parent / CHOSEN)
    names = said.get(folder.name) if isinstance(said, dict) else None
    return [str(name) for name in names] if isinstance(names, list) else None


def is_of(path: str, tables: Sequence[str]) -> bool:
    """Whether a file of a release describes it, or is of one of the tables.

    >>> [is_of(path, ["words"]) for path in ("README.md", "data/words/words.parquet", "json/words.jsonl", "data/pages/pages.parquet", "json/reports/reports-2024.jsonl")]
    [True, True, True, False, False]
    """
    form, _, rest = path.partition("/")
    if form == "data":
        return rest.split("/")[0] in tables
    return form not in {"json", "csv"} or rest.rsplit(".", maxsplit=1)[0] in tables


def wrong_files(folder: Path, manifest: Mapping[str, Any], chosen: Sequence[str] | None = None) -> Iterator[str]:  # noqa: ARG001 - all checks take the same
    """Files that are missing, changed, or not of the release."""
    try:
        sums = read_sums(folder)
    except (OSError, ValueError):
        yield f"{_SUMS} is missing or damaged"
        return
    for path, digest in sums.items():
        if not (folder / path).is_file():
            if chosen is None or is_of(path, chosen):
                yield f"{path} is missing"
        elif sha256(folder / path) != digest:
            yield f"{path} is not the file that was published: its SHA-256 differs"
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and path not in sums and path != _SUMS:
            yield f"{path} does not belong to the release"


def wrong_manifest(folder: Path, manifest: Mapping[str, Any], chosen: Sequence[str] | None = None) -> Iterator[str]:
    """Files that the manifest lists otherwise than they are, and tables of files that it does not list."""
    listed = {file["path"]: file for file in manifest.get("files", ()) if chosen is None or is_of(file["path"], chosen) or (folder / file["path"]).is_file()}
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()} - {"manifest.json", _SUMS}
    yield from (f"manifest.json does not list {path}" for path in sorted(there - listed.keys()))
    yield from (f"manifest.json lists {path}, which is missing" for path in sorted(listed.keys() - there))
    for path in sorted(there & listed.keys()):
        found = {"bytes": (folder / path).stat().st_size, "sha256": sha256(folder / path)}
        for key, value in found.items():
            if listed[path].get(key) != value:
                yield f"manifest.json has {key} {listed[path].get(key)} for {path}, and the file {value}"
    of_tables = {path for table in manifest["tables"].values() for path in table["files"] if path in listed}
    parquet = {path for path in there if path.startswith("data/")}
    yield from (f"manifest.json gives {path} to no table" for path in sorted(parquet - of_tables))
    yield from (f"manifest.json gives a table {path}, which is missing" for path in sorted(of_tables - parquet))


def read_sums(folder: Path) -> dict[str, str]:
    """The checksums of a release by path. Raises OSError or ValueError where they cannot be read."""
    return {line[66:]: line[:64] for line in (folder / _SUMS).read_text(encoding="utf-8").splitlines()}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _entry(path: Path, version: str) -> Any:
    entries = _read(path)
    return next((one for one in entries if isinstance(one, dict) and one.get("version") == version), None) if isinstance(entries, list) else None
