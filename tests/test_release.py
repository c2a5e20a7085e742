from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baogao import contract, pipeline
from baogao.records import BaogaoError
from baogao.release import Release, load, open_release, verify, where

Row = dict[str, Any]
TABLES = list(contract.tables())
# What an identifier of each kind leads back to.
CHAIN = ["indicators", "sentences", "paragraphs", "sections", "reports", "pages"]


@pytest.fixture
def copy(seed_release: Release, tmp_path: Path) -> Release:
    """A copy of the release of the seed that a test may damage."""
    folder = tmp_path / "1.0.0"
    shutil.copytree(seed_release.folder, folder)
    return open_release(folder)


@pytest.fixture(scope="module")
def split_release(root: Path, day: str, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of a report that its site splits into two pages, of a policy, and of an excerpt from another site."""
    corpus = root / "tests" / "examples" / "corpus"
    output = tmp_path_factory.mktemp("split") / "output"
    names = ["yongji-2024.html", "yongji-2024_2.html", "yongji-2024-excerpt.txt", "policy.txt"]
    pipeline.build([str(corpus / name) for name in names], output, engine="inline", released=day)
    return open_release(output)


def first(release: Release, table: str) -> Row:
    row: Row = release.table(table).to_pylist()[0]
    return row


# --- opening


def test_an_output_folder_opens_its_latest_release_and_a_release_folder_itself(seed_output: Path):
    by_output, by_folder = open_release(seed_output), open_release(str(seed_output / "releases" / "1.0.0"))
    assert by_output.folder == by_folder.folder
    assert by_output.version == by_folder.version == "1.0.0"


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"path": "releases/9.9.9", "manifest_sha256": ""}', b"\xff\xfe"])
def test_a_folder_without_a_release_is_told_with_the_way_out(tmp_path: Path, content: str | bytes | None):
    if content is not None:
        (tmp_path / "latest.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BaogaoError, match=r"holds no release: name an output folder \(with latest\.json\)"):
        open_release(tmp_path)


# --- load


@pytest.mark.parametrize("table", TABLES)
def test_load_gives_every_table_with_the_types_of_the_contract(seed_output: Path, seed_release: Release, table: str):
    frame = load(table, seed_output)
    assert {name: dtype.pyarrow_dtype for name, dtype in frame.dtypes.items()} == {
        column.name: contract.arrow_type(column) for column in contract.tables()[table].columns
    }
    assert len(frame) == seed_release.manifest["tables"][table]["rows"]


def test_load_keeps_whole_numbers_and_dates_where_values_are_missing(seed_output: Path):
    [report] = load("reports", seed_output).to_dict("records")
    assert (report["report_year"], report["delivered_on"], report["is_canonical"]) == (2024, date(2024, 3, 22), True)
    assert type(report["report_year"]) is int
    assert str(load("reports", seed_output)["congress"].dtype) == "int32[pyarrow]"
    assert load("reports", seed_output)["congress"].isna().all()


def test_a_table_without_rows_loads_with_its_columns(seed_output: Path, seed_release: Release):
    assert list(load("rejects", seed_output).columns) == contract.tables()["rejects"].names
    assert seed_release.table("rejects", columns=["id"]).column_names == ["id"]


def test_an_unknown_table_is_told_with_those_that_there_are(seed_output: Path):
    with pytest.raises(BaogaoError, match=r"there is no table 'figures': use one of reports, pages, .*, rejects"):
        load("figures", seed_output)


def test_a_release_from_before_a_table_was_added_has_no_rows_of_it(seed_release: Release):
    older = Release(seed_release.folder, seed_release.manifest | {"tables": {}})
    assert older.table("targets").num_rows == 0


def test_a_damaged_file_is_told_with_the_way_out(copy: Release):
    (copy.folder / "data" / "targets" / "targets.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(BaogaoError, match=r"table targets of .* cannot be read .*see `baogao check"):
        copy.table("targets")


# --- where


@pytest.mark.parametrize("kind", CHAIN[:5])
def test_where_walks_back_from_each_kind_of_part_to_the_page(seed_release: Release, kind: str):
    key = contract.tables()[kind].key[0]
    row = first(seed_release, kind)
    found = where(row[key], seed_release)
    assert list(found) == CHAIN[CHAIN.index(kind) :]
    assert found[kind] == row
    assert found["pages"]["sha256"].startswith("c9ac9bb7")
    assert {part["doc_id"] for part in found.values()} == {row["doc_id"]}


def test_where_gives_the_rows_that_hold_one_another(seed_release: Release):
    found = where(first(seed_release, "indicators")["indicator_id"], seed_release)
    text = found["reports"]["text"]
    indicator, sentence, paragraph, section = (found[name] for name in CHAIN[:4])
    assert text[indicator["start"] : indicator["end"]] == indicator["quote"]
    assert section["start"] <= paragraph["start"] <= sentence["start"] <= indicator["start"]
    assert indicator["end"] <= sentence["end"] <= paragraph["end"] <= section["end"]


def test_where_of_a_page_is_that_very_page_and_its_report(split_release: Release):
    pages = {row["source"]: row for row in split_release.table("pages").to_pylist()}
    for name in ("yongji-2024.html", "yongji-2024_2.html"):
        found = where(pages[name]["page_id"], split_release)
        assert (found["pages"]["source"], found["reports"]["report_key"]) == (name, "140881-2024")


def test_where_of_a_part_of_a_report_on_several_pages_names_the_first_page(split_release: Release):
    [report] = [row for row in split_release.table("reports").to_pylist() if row["completeness"] == "full"]
    parts = [row for row in split_release.table("indicators").to_pylist() if row["doc_id"] == report["doc_id"]]
    for row in (parts[0], parts[-1]):
        assert where(row["indicator_id"], split_release)["pages"]["source"] == "yongji-2024.html"


def test_where_of_a_page_that_is_no_report_is_the_page_alone(split_release: Release):
    [policy] = [row for row in split_release.table("pages").to_pylist() if row["source"] == "policy.txt"]
    assert where(policy["page_id"], split_release) == {"pages": policy}


@pytest.mark.parametrize("identifier", ["", "0", "000000000000", "000000000000-0000000000", "永济市", "' or 1=1"])
def test_an_identifier_that_is_not_there_is_told_with_the_way_out(seed_release: Release, identifier: str):
    with pytest.raises(BaogaoError, match=r"is no identifier of release 1\.0\.0 in .*: take one from a column that ends in _id"):
        where(identifier, seed_release)


# --- verify: whole releases, and bytes that changed (what checksums cannot tell is in tests/verify)


def test_a_whole_release_has_nothing_wrong(seed_output: Path, seed_release: Release, split_release: Release):
    assert list(verify(seed_release)) == []
    assert list(verify(split_release)) == []
    assert list(verify(open_release(seed_output / "releases" / "1.0.0"))) == []


def edit(release: Release, path: str, change: Callable[[bytes], bytes]) -> None:
    (release.folder / path).write_bytes(change((release.folder / path).read_bytes()))


@pytest.mark.parametrize("path", ["data/reports/reports-2024.parquet", "csv/targets.csv", "README.md", "manifest.json", "json/reports/reports-2024.jsonl"])
def test_a_changed_byte_is_found(copy: Release, path: str):
    edit(copy, path, lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:])
    assert list(verify(copy)) == [f"{path} is not the file that was published: its SHA-256 differs"]


def test_a_missing_file_is_found(copy: Release):
    (copy.folder / "csv" / "reports.csv").unlink()
    assert list(verify(copy)) == ["csv/reports.csv is missing"]


def test_an_extra_file_is_found(copy: Release):
    (copy.folder / "data" / "reports" / "reports-1999.parquet").write_bytes(b"")
    assert list(verify(copy)) == ["data/reports/reports-1999.parquet does not belong to the release"]


def test_all_that_is_wrong_with_files_is_told(copy: Release):
    (copy.folder / "csv" / "reports.csv").unlink()
    (copy.folder / "notes.txt").write_text("mine", encoding="utf-8")
    edit(copy, "LICENSE", lambda data: data + b"\n")
    assert sorted(verify(copy)) == [
        "LICENSE is not the file that was published: its SHA-256 differs",
        "csv/reports.csv is missing",
        "notes.txt does not belong to the release",
    ]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_checksums_that_cannot_be_read_are_told(copy: Release, content: bytes | None):
    sums = copy.folder / "SHA256SUMS"
    sums.unlink() if content is None else sums.write_bytes(content)
    assert list(verify(copy)) == ["SHA256SUMS is missing or damaged"]


def test_checksums_that_are_none_are_found(copy: Release):
    (copy.folder / "SHA256SUMS").write_text("no checksum\n", encoding="utf-8")
    assert "manifest.json does not belong to the release" in list(verify(copy))


def test_verify_changes_nothing(seed_release: Release):
    before = {file: file.read_bytes() for file in seed_release.folder.rglob("*") if file.is_file()}
    list(verify(seed_release))
    assert {file: file.read_bytes() for file in seed_release.folder.rglob("*") if file.is_file()} == before
