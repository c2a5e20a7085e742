"""Publishing: checked tables become a release, wholly or not at all.

In: the checked batches, an output folder, a day. Out: a folder under releases/, with the pointer to it moved last; or nothing, where nothing changed.
A release is made aside and renamed into place; a run that ends before the pointer moved has published nothing. Never: a change to a release.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.parquet as pq

from baogao import contract
from baogao.publish.changes import find_changes, side
from baogao.publish.descriptors import change_log, descriptors, dump, rights_digest
from baogao.publish.nested import NESTED, nest
from baogao.publish.parquet import STANDING, Checked, Last, Written, joint, sha256, shards, write_shard, written_by
from baogao.publish.provenance import provenance
from baogao.publish.readme import open_with
from baogao.publish.renditions import Before, nested_path, renditions, to_json, write_rendition
from baogao.publish.versions import FIRST, next_version, version_step
from baogao.records import BaogaoError
from baogao.store import DRAFT, Output, library_versions, write_whole

__all__ = ["STANDING", "Checked", "Published", "latest_manifest", "nest", "open_with", "publish", "rights_digest", "sha256", "to_json"]

T = TypeVar("T")
R = TypeVar("R")
Mapper = Callable[[Callable[[T], R], Sequence[T]], Iterator[R]]
# Libraries whose versions can change the bytes or the rows of a release.
_LIBRARIES = ("pyarrow", "pandas", "jieba", "great-expectations")


@dataclass(frozen=True, slots=True)
class Published:
    """A release: its version and folder, its rows by table, and whether this run made it."""

    version: str
    folder: Path
    rows: Mapping[str, int]
    is_new: bool


def publish(output: Output, checked: Checked, quality: Mapping[str, Any], *, released: str, mapper: Mapper[Any, Any]) -> Published:
    """Publish what passed, if it differs from the latest release. `released` is the day, as YYYY-MM-DD."""
    history = _history(output)
    previous = latest_manifest(output)
    with tempfile.TemporaryDirectory(dir=output.work, prefix=DRAFT) as name:
        draft = Path(name)
        to_write = shards(checked, draft, _reusable(output, previous))
        longest_first = sorted(to_write, key=lambda shard: shard.by_year)  # else the words of a country are left to one worker at the end
        made = dict(zip((shard.path for shard in longest_first), mapper(write_shard, longest_first), strict=True))
        written = [one for shard in to_write if (one := made[shard.path])]
        for folder in (draft / "data").iterdir():
            if not any(folder.iterdir()):
                folder.rmdir()
        tables = _described(written)
        step = version_step(previous["tables"], tables, rights_changed=rights_digest() != previous["rights"]) if previous else None
        if previous and step is None:
            version = previous["version"]
            return Published(version, output.releases / version, {key: table["rows"] for key, table in previous["tables"].items()}, is_new=False)
        version = next_version(previous["version"], step) if previous and step else FIRST
        rows = {name: table["rows"] for name, table in tables.items()}
        changes = find_changes(draft, tables, output.releases, previous, work=output.work)
        entry = {"version": version, "released": released, "rows": rows, "changes": _CHANGES[step] + changes.in_words}
        (draft / "changes" / "changes.json").write_text(dump({"version": version, **changes.told}), encoding="utf-8", newline="\n")
        _write_rest(draft, version, entry, [*history, entry], tables, written, quality, mapper, _nested_before(output, previous, tables))
        digest = _write_manifest(draft, version, released, tables)
        write_whole(output.written, json.dumps({"version": version, "files": list(map(asdict, written))}).encode())
        _put_in_place(output, draft, version, [*history, entry | {"manifest_sha256": digest}])
    return Published(version, output.releases / version, rows, is_new=True)


_CHANGES = {
    None: "First release",
    "major": "Columns, tables or rights changed so that users have to adapt",
    "minor": "Rows, tables or columns were added, or rows removed",
    "patch": "Values were corrected",
}


def latest_manifest(output: Output) -> dict[str, Any] | None:
    """The manifest of the latest release, None before the first. Raises BaogaoError where the pointer leads nowhere."""
    if not output.latest.exists():
        return None
    try:
        pointer = json.loads(output.latest.read_text(encoding="utf-8"))
        manifest: dict[str, Any] = json.loads((output.root / pointer["path"] / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BaogaoError(f"{output.latest} does not lead to a release ({error}): restore it, or name another folder with --output") from error
    return manifest


def _reusable(output: Output, previous: Mapping[str, Any] | None) -> dict[str, Last]:
    """The files of the last release that would be written again as they are, were their rows the same; by path."""
    if previous is None:
        return {}
    last = side(output.releases / previous["version"], previous)
    same = [table for name, table in last.tables.items() if name in contract.tables() and table.get("written_by") == written_by(contract.tables()[name])]
    contents = {path: content for table in same for path, content in _contents(table).items() if (last.folder / path).is_file()}
    noted = _noted(output, previous["version"])
    written = {path: noted[path] for path, content in contents.items() if path in noted and noted[path].content == content}
    return {path: Last(last.folder / path, last.digests[path], content, written.get(path)) for path, content in contents.items()}


def _noted(output: Output, version: str) -> dict[str, Written]:
    """What was noted of the Parquet files of a release when they were written, by path; nothing, where the notes are of another one."""
    try:
        notes = json.loads(output.written.read_text(encoding="utf-8"))
        return {one["path"]: Written(**one) for one in notes["files"]} if notes["version"] == version else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _contents(table: Mapping[str, Any]) -> dict[str, str]:
    """Digests of the content of a table's files, by path."""
    return dict(zip(table["files"], table["contents"], strict=True))


def _nested_before(output: Output, previous: Mapping[str, Any] | None, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Before]:
    """The nested reports of the last release, where they were written as they would be now; by the file of their reports."""
    if previous is None or any(previous["tables"].get(name, {}).get("written_by") != tables[name]["written_by"] for name in NESTED):
        return {}
    last = side(output.releases / previous["version"], previous)
    was, now = ({path: content for name in NESTED for path, content in _contents(some[name]).items()} for some in (last.tables, tables))
    found = {}
    for path in tables["reports"]["files"]:
        ending = Path(path).name.removeprefix("reports")
        made_of = [f"data/{name}/{name}{ending}" for name in NESTED if name != "sections"]
        nested = nested_path(path)
        if nested in last.digests:
            digests = {last.folder / one: last.digests[one] for one in (nested, *made_of, *last.files("sections")) if one in last.digests}
            found[path] = Before(last.folder / nested, digests, has_same=all(was.get(one) == now.get(one) for one in made_of))
    return found


def _history(output: Output) -> list[dict[str, Any]]:
    """The releases so far; one that the pointer does not count is no release."""
    if not output.latest.exists():
        return []
    try:
        version = json.loads(output.latest.read_text(encoding="utf-8"))["version"]
        entries: list[dict[str, Any]] = json.loads(output.history.read_text(encoding="utf-8"))
        return entries[: 1 + [entry["version"] for entry in entries].index(version)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BaogaoError(f"{output.history} cannot be read ({error}): restore it, or name another folder with --output") from error


def _described(written: Sequence[Written]) -> dict[str, dict[str, Any]]:
    """All tables with their columns, rows, files and digests; a table without rows too."""
    described = {}
    for name, table in contract.tables().items():
        files = [one for one in written if one.table == name]
        described[name] = {
            "rows": sum(one.rows for one in files),
            "columns": {column.name: column.type for column in table.columns},
            "keys_sha256": joint(one.keys for one in files),
            "content_sha256": joint(one.content for one in files),
            "files": [one.path for one in files],
            "contents": [one.content for one in files],
            "written_by": written_by(table),
        }
    return described


def _write_rest(
    draft: Path,
    version: str,
    entry: Mapping[str, Any],
    history: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Mapping[str, Any]],
    written: Sequence[Written],
    quality: Mapping[str, Any],
    mapper: Mapper[Any, Any],
    nested: Mapping[str, Before],
) -> None:
    """Everything of a release but its Parquet files and its manifest."""
    list(mapper(write_rendition, renditions(draft, {name: table["files"] for name, table in tables.items()}, nested)))
    files: dict[str, list[dict[str, Any]]] = {}
    for one in written:
        path = draft / one.path
        files.setdefault(one.table, []).append({"path": one.path, "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}"})
    for name in contract.history():
        if (path := draft / "changes" / f"{name}.parquet").exists():
            files[name] = [{"path": f"changes/{name}.parquet", "bytes": path.stat().st_size, "hash": f"sha256:{sha256(path)}"}]
    pages = [digest for path in tables["pages"]["files"] for digest in pq.read_table(draft / path, columns=["sha256"])["sha256"].to_pylist()]
    texts = descriptors(version, entry["released"], tables, files, quality)
    texts |= {
        "CHANGELOG.md": change_log(history),
        "quality.json": dump(quality),
        "provenance.jsonl": provenance(version, entry["released"], tables, files, pages, quality, library_versions(*_LIBRARIES)),
    }
    for name, text in texts.items():
        (draft / name).parent.mkdir(exist_ok=True)
        (draft / name).write_text(text, encoding="utf-8", newline="\n")


def _write_manifest(draft: Path, version: str, released: str, tables: Mapping[str, Any]) -> str:
    """Write manifest.json and SHA256SUMS; the digest of the manifest."""
    paths = sorted(path for path in draft.rglob("*") if path.is_file())
    files = [{"path": path.relative_to(draft).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path)} for path in paths]
    manifest = {
        "name": contract.package()["name"],
        "version": version,
        "released": released,
        "rights": rights_digest(),
        "libraries": library_versions(*_LIBRARIES),
        "tables": tables,
        "files": files,
    }
    data = dump(manifest).encode()
    (draft / "manifest.json").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    sums = sorted([(file["path"], file["sha256"]) for file in files] + [("manifest.json", digest)])
    (draft / "SHA256SUMS").write_text("".join(f"{value}  {path}\n" for path, value in sums), encoding="utf-8", newline="\n")
    return digest


def _put_in_place(output: Output, draft: Path, version: str, history: Sequence[Mapping[str, Any]]) -> None:
    """Make the release visible: its folder, then the list, then the pointer."""
    output.releases.mkdir(exist_ok=True)
    folder = output.releases / version
    if folder.exists():  # left by a run that ended before its pointer moved: never published
        shutil.rmtree(folder)
    draft.chmod(0o755)
    draft.rename(folder)
    draft.mkdir()  # for the context that removes it
    write_whole(output.history, dump(list(history)).encode())
    last = history[-1]
    pointer = {"version": version, "released": last["released"], "path": f"releases/{version}", "manifest_sha256": last["manifest_sha256"]}
    write_whole(output.latest, dump(pointer).encode())
