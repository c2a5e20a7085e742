"""What a release says of itself: README, change log, citation, rights, datapackage.json, Table Schemas.

In: the description of the dataset, the version, the files. Out: texts by path. Never: a fact that schemas/ or the tables do not state.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from baogao import contract


def descriptors(
    version: str, released: str, tables: Mapping[str, Mapping[str, Any]], files: Mapping[str, Sequence[Mapping[str, Any]]], quality: Mapping[str, Any]
) -> dict[str, str]:
    """The texts of a release by path. `tables` gives rows by table, `files` the Parquet files by table as path, bytes and hash; `quality` is quality.json."""
    texts = {
        "README.md": _readme(version, released, tables, quality),
        "CITATION.cff": _citation(version, released),
        "LICENSE": _bundled("LICENSE-DATA"),
        "RIGHTS.md": _bundled("RIGHTS.md"),
        "datapackage.json": dump(contract.data_package(version, files)),
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


def open_with(folder: str) -> list[tuple[str, str]]:
    """Lines to copy that open a table of the release in a folder, by tool."""
    file = f"{folder}/data/indicators/*.parquet"
    return [
        ("pandas", f"import pandas as pd; indicators = pd.read_parquet('{folder}/data/indicators', dtype_backend='pyarrow')"),
        ("DuckDB", f"import duckdb; indicators = duckdb.read_parquet('{file}')"),
        ("Polars", f"import polars as pl; indicators = pl.read_parquet('{file}')"),
    ]


def _readme(version: str, released: str, tables: Mapping[str, Mapping[str, Any]], quality: Mapping[str, Any]) -> str:
    about = contract.package()
    described = contract.tables()
    rows = [f"| [{name}](schemas/{name}.json) | {described[name].title['zh']} | {facts['rows']:,} | {described[name].description} |" for name, facts in tables.items()]
    return "\n".join(
        [
            f"# {about['title']['zh']} / {about['title']['en']}",
            "",
            f"Version {version}, released {released}.",
            "",
            about["description"]["zh"],
            "",
            about["description"]["en"].strip(),
            "",
            "| table | 表 | rows | |",
            "|---|---|---:|---|",
            *rows,
            "",
            "Each table is in `data/<table>/` as Parquet; `json/` holds nested reports (`json/reports/`) and small tables, `csv/` files for spreadsheets.",
            "`changes/` says how this release differs from the one before it: in numbers (`changes.json`), row by row, and which identifiers changed.",
            "The meaning of every column stands in `datapackage.json`, in `schemas/` and in the metadata of every Parquet file.",
            "`start` and `end` count characters (code points) of `reports.text` from 0.",
            "",
            "## Open it",
            "",
            "```python",
            *(f"{line}  # {tool}" for tool, line in open_with(".")),
            "```",
            "",
            "Verify it with `sha256sum -c SHA256SUMS`, or with `baogao check`, which also checks schemas, keys and offsets.",
            "",
            "## Accuracy",
            "",
            "Measured on hand-labelled sentences and target passages of real reports; a field that a label does not state is not judged.",
            "",
            "| | right | of | |",
            "|---|---:|---:|---:|",
            *(f"| {row['what']} | {row['right']} | {row['of']} | {row['right'] / row['of']:.1%} |" for row in contract.terms("accuracy")),
            "",
            "## Limits",
            "",
            "- Reports are what sites published: some are excerpts (`reports.completeness`), some carry errors of their sites.",
            "- Figures are found by rules, not read by people. Every row of `indicators` names its rule and the place in the text that it was read from.",
            "- A row that fails a check is not in its table but in `rejects`, with the reason.",
            *_left_out(quality),
            "",
            "## Rights",
            "",
            "Structured data: CC0-1.0 (`LICENSE`). Report texts: no rights claimed; see `RIGHTS.md`. To cite: `CITATION.cff`.",
            "",
        ]
    )


def _left_out(quality: Mapping[str, Any]) -> list[str]:
    """What may not be published, counted, and what was corrected."""
    lines = []
    pages, texts = quality["removals"]["pages"], quality["removals"]["texts"]
    if pages:
        lines.append(f"- {pages:,} page{' was' if pages == 1 else 's were'} removed on demand: nothing is published of {'it' if pages == 1 else 'them'}.")
    if texts:
        lines.append(f"- {texts:,} text{' was' if texts == 1 else 's were'} withdrawn (`reports.text_published`): its words are empty in all tables, its facts and offsets stay.")
    if corrected := quality["corrections"]["of_reports"]:
        lines.append(f"- {len(corrected):,} known error{'' if len(corrected) == 1 else 's'} of sources: `quality.json` names report, action and reason.")
    return lines


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
