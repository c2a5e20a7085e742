"""What a release says of itself: README, change log, citation, rights, datapackage.json, croissant.json, schemas.

In: the description of the dataset, the version, the files. Out: texts by path. Never: a fact that schemas/ or the tables do not state.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from baogao import contract
from baogao.publish.nested import nested_schema
from baogao.publish.readme import readme


def descriptors(
    version: str, released: str, tables: Mapping[str, Mapping[str, Any]], files: Mapping[str, Sequence[Mapping[str, Any]]], quality: Mapping[str, Any]
) -> dict[str, str]:
    """The texts of a release by path. `tables` gives rows by table, `files` the Parquet files by table as path, bytes and hash; `quality` is quality.json."""
    texts = {
        "README.md": readme(version, released, tables, quality),
        "CITATION.cff": _citation(version, released),
        "LICENSE": _bundled("LICENSE-DATA"),
        "RIGHTS.md": _bundled("RIGHTS.md"),
        "datapackage.json": dump(contract.data_package(version, files)),
        "croissant.json": dump(contract.croissant(version, released, files)),
        "schemas/nested-reports.json": dump(nested_schema()),
    }
    schemas = {f"schemas/{name}.json": dump(contract.table_schema(table)) for name, table in (contract.tables() | contract.history()).items()}
    return texts | schemas


def change_log(history: Sequence[Mapping[str, Any]]) -> str:
    """The change log of the releases, the latest first."""
    lines = ["# Changes", ""]
    for entry in reversed(history):
        rows = ", ".join(f"{name} {count:,}" for name, count in entry["rows"].items() if count)
        lines += [f"- **{entry['version']}** ({entry['released']}): {entry['changes']}. Rows: {rows}."]
    return "\n".join(lines) + "\n"


def rights_digest() -> str:
    """Digest of the terms under which a release is published."""
    terms = [_bundled("LICENSE-DATA"), _bundled("RIGHTS.md"), json.dumps(contract.package()["licenses"])]
    return hashlib.sha256("\0".join(terms).encode()).hexdigest()


def dump(record: object) -> str:
    """A record as JSON for people to read."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _citation(version: str, released: str) -> str:
    about = contract.package()
    authors = "\n".join(f"  - name: {one['title']}" for one in about["contributors"])
    return (
        "cff-version: 1.2.0\n"
        "message: Please cite this dataset as below.\n"
        "type: dataset\n"
        f"title: {about['title']['en']} ({about['name']})\n"
        f"authors:\n{authors}\n"
        f"version: {version}\n"
        f"date-released: '{released}'\n"
        f"license: {about['licenses'][0]['name']}\n"
        f"url: {about['homepage']}\n"
    )


def _bundled(name: str) -> str:
    """A text that comes with the project: inside the installed package, else beside the source root."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "rights" / name
    return (installed if installed.exists() else package.parents[1] / name).read_text(encoding="utf-8")
