from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
import yaml

from baogao import contract
from baogao.publish.descriptors import change_log, descriptors, rights_digest
from baogao.publish.readme import open_with
from baogao.release import Release

HISTORY = [
    {"version": "1.0.0", "released": "2025-01-02", "rows": {"reports": 1, "rejects": 0}, "changes": "First release"},
    {"version": "1.1.0", "released": "2025-02-03", "rows": {"reports": 1200, "rejects": 3}, "changes": "Rows were added"},
]


def text(release: Release, name: str) -> str:
    return (release.folder / name).read_text(encoding="utf-8")


def test_a_release_describes_itself_in_these_files(corpus_release: Release):
    tables = {name: {"rows": 1} for name in contract.tables()}
    quality = {"removals": {"pages": 0, "texts": 0}, "corrections": {"of_reports": []}}
    texts = descriptors("1.0.0", "2025-01-02", tables, {}, quality)
    schemas = {f"schemas/{name}.json" for name in ("nested-reports", *contract.tables(), *contract.history())}
    assert set(texts) == {"README.md", "CITATION.cff", "LICENSE", "RIGHTS.md", "datapackage.json", "croissant.json"} | schemas
    assert set(texts) <= {file["path"] for file in corpus_release.manifest["files"]}


def test_the_data_package_names_every_file_of_every_table(corpus_release: Release):
    package = json.loads(text(corpus_release, "datapackage.json"))
    assert (package["name"], package["version"]) == ("baogao", corpus_release.version)
    paths = {one["name"]: [one["path"]] if isinstance(one["path"], str) else one["path"] for one in package["resources"]}
    assert paths == {name: table["files"] for name, table in corpus_release.manifest["tables"].items() if table["rows"]}


def test_a_resource_of_one_file_has_its_size_and_its_checksum(corpus_release: Release):
    files = {file["path"]: file for file in corpus_release.manifest["files"]}
    resources = json.loads(text(corpus_release, "datapackage.json"))["resources"]
    single = [one for one in resources if isinstance(one["path"], str)]
    assert {one["name"] for one in single} == {name for name, table in contract.tables().items() if not table.year}
    for one in single:
        assert (one["bytes"], one["hash"]) == (files[one["path"]]["bytes"], f"sha256:{files[one['path']]['sha256']}")


def test_a_table_without_rows_is_no_resource_and_has_a_schema_all_the_same(seed_release: Release):
    assert "rejects" not in {one["name"] for one in json.loads(text(seed_release, "datapackage.json"))["resources"]}
    assert (seed_release.folder / "schemas" / "rejects.json").exists()


def test_schemas_are_those_of_the_resources(corpus_release: Release):
    for resource in json.loads(text(corpus_release, "datapackage.json"))["resources"]:
        assert json.loads(text(corpus_release, f"schemas/{resource['name']}.json")) == resource["schema"]


def test_the_readme_lists_every_table_with_its_rows(corpus_release: Release):
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text(corpus_release, "README.md").splitlines() if line.startswith("| [")]
    assert [(cells[0], cells[2]) for cells in rows] == [
        (f"[{name}](schemas/{name}.json)", f"{table['rows']:,}") for name, table in corpus_release.manifest["tables"].items()
    ]


@pytest.mark.parametrize("number", range(4), ids=["pandas", "duckdb", "polars", "pyarrow"])
def test_the_lines_that_open_a_table_work_as_they_are(corpus_release: Release, number: int):
    tool, line = open_with(str(corpus_release.folder))[number]
    names: dict[str, Any] = {}
    exec(line, names)
    assert len(names["indicators"]) == corpus_release.manifest["tables"]["indicators"]["rows"], tool


def test_the_lines_of_the_readme_work_in_the_folder_of_the_release(corpus_release: Release, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(corpus_release.folder)
    block = text(corpus_release, "README.md").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    for line in block.splitlines():
        exec(line, names)
        assert len(names["indicators"]) == corpus_release.manifest["tables"]["indicators"]["rows"]


def test_the_citation_has_the_version_and_the_day(corpus_release: Release, day: str):
    citation = yaml.safe_load(text(corpus_release, "CITATION.cff"))
    assert (citation["version"], citation["date-released"], citation["license"]) == ("1.0.0", day, "CC0-1.0")
    assert citation["authors"]


def test_the_rights_of_a_release_are_those_of_the_project(corpus_release: Release, root: Any):
    assert text(corpus_release, "RIGHTS.md") == (root / "RIGHTS.md").read_text(encoding="utf-8")
    assert text(corpus_release, "LICENSE") == (root / "LICENSE-DATA").read_text(encoding="utf-8")


def test_the_change_log_has_the_latest_first_and_no_empty_table():
    assert change_log(HISTORY).splitlines() == [
        "# Changes",
        "",
        "- **1.1.0** (2025-02-03): Rows were added. Rows: reports 1,200, rejects 3.",
        "- **1.0.0** (2025-01-02): First release. Rows: reports 1.",
    ]


@pytest.mark.parametrize("name", ["LICENSE-DATA", "RIGHTS.md"])
def test_other_terms_have_another_digest(monkeypatch: pytest.MonkeyPatch, name: str):
    described = importlib.import_module("baogao.publish.descriptors")  # the package has a function of that name
    was, read = rights_digest(), described._bundled
    monkeypatch.setattr(described, "_bundled", lambda asked: read(asked) + ("\nMore.\n" if asked == name else ""))
    assert rights_digest() != was
