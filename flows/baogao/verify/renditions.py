"""The other forms of a release against its Parquet files: JSON lines and CSV line by line, descriptors against the contract.

In: the folder of a release and its manifest. Out: what is wrong, in sentences that name file and row. Never: a change to the release; forms are made again aside.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

from baogao import contract
from baogao.publish import sha256
from baogao.publish.nested import nested_schema
from baogao.publish.renditions import Rendition, renditions, write_rendition


def wrong_renditions(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Lines of JSON and CSV files that the Parquet files do not make, and forms that are missing."""
    with tempfile.TemporaryDirectory(prefix="baogao-") as name:
        aside = Path(name)
        (aside / "data").symlink_to((folder / "data").resolve(), target_is_directory=True)
        made = set()
        for rendition in renditions(aside, {table: facts["files"] for table, facts in manifest["tables"].items()}):
            path = write_rendition(rendition)
            made.add(path)
            if not (folder / path).is_file():
                yield f"{path} is missing, and the table {rendition.table} has rows"
            elif sha256(folder / path) != sha256(aside / path):
                yield _first_difference(folder / path, aside / path, path, rendition)
            (aside / path).unlink()
        there = {file.relative_to(folder).as_posix() for form in ("json", "csv") for file in (folder / form).rglob("*") if file.is_file()}
        yield from (f"{path} is made from no table" for path in sorted(there - made))


def _first_difference(published: Path, made: Path, path: str, rendition: Rendition) -> str:
    table = contract.tables()[rendition.table]
    with published.open("rb") as was, made.open("rb") as now:
        for number, (said, meant) in enumerate(zip_longest(was, now), 1):
            if said != meant:
                row = f", row {_key(meant, table)}" if meant and rendition.form != "csv" else ""
                return f"{path}, line {number}{row}: not what the Parquet files of {rendition.table} make{_columns(said, meant, rendition)}"
    return f"{path} is not what the Parquet files of {rendition.table} make"


def _key(line: bytes, table: contract.Table) -> str:
    record = json.loads(line)
    return "/".join(str(record.get(part)) for part in table.key)


def _columns(said: bytes | None, meant: bytes | None, rendition: Rendition) -> str:
    """The columns in which two JSON lines differ."""
    try:
        was, now = json.loads(said or b""), json.loads(meant or b"")
    except ValueError:
        return ""
    if not isinstance(was, dict) or rendition.form == "csv":
        return ""
    return f" ({', '.join(name for name in now if was.get(name) != now[name]) or 'form'})"


def wrong_descriptors(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Descriptions of tables that are not those of the contract, and resources of datapackage.json that are not the files."""
    described = contract.tables() | contract.history()
    for name, table in described.items():
        if _load(folder / f"schemas/{name}.json") != contract.table_schema(table):
            yield f"schemas/{name}.json is not the Table Schema of the contract"
    if _load(folder / "schemas/nested-reports.json") != nested_schema():
        yield "schemas/nested-reports.json is not the JSON Schema of nested reports"
    listed = {file["path"]: {"path": file["path"], "bytes": file["bytes"], "hash": f"sha256:{file['sha256']}"} for file in manifest["files"]}
    files_of = {name: [listed[path] for path in facts["files"]] for name, facts in manifest["tables"].items()}
    if _load(folder / "croissant.json") != contract.croissant(manifest["version"], manifest["released"], files_of):
        yield "croissant.json is not the description of these files and tables"
    package = _load(folder / "datapackage.json")
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        yield "datapackage.json is damaged"
        return
    if package.get("version") != manifest["version"]:
        yield f"datapackage.json has version {package.get('version')}, and manifest.json {manifest['version']}"
    resources = {resource.get("name"): resource for resource in package["resources"]}
    files = {name: facts["files"] for name, facts in manifest["tables"].items()}
    files |= {name: [path] for name in contract.history() if (folder / (path := f"changes/{name}.parquet")).exists()}
    for name, paths in files.items():
        if name in resources or paths:
            yield from _wrong_resource(folder, name, resources.get(name, {}), paths)
    yield from (f"datapackage.json has a resource {name} that is no table" for name in resources.keys() - files.keys())


def _wrong_resource(folder: Path, name: str, resource: Mapping[str, Any], files: list[str]) -> Iterator[str]:
    said = resource.get("path", [])
    paths = [said] if isinstance(said, str) else said
    if paths != files:
        yield f"datapackage.json, resource {name}: path is {', '.join(map(str, paths)) or 'missing'}, and the files are {', '.join(files)}"
    elif len(files) == 1:
        file = folder / files[0]
        for key, value in (("bytes", file.stat().st_size), ("hash", f"sha256:{sha256(file)}")):
            if key in resource and resource[key] != value:
                yield f"datapackage.json, resource {name}: {key} is {resource[key]}, and the file has {value}"
    if isinstance(resource.get("schema"), dict) and resource["schema"] != contract.table_schema((contract.tables() | contract.history())[name]):
        yield f"datapackage.json, resource {name}: schema is not the Table Schema of the contract"


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
