from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
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


# --- verify: files


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


def test_a_manifest_that_was_changed_with_its_checksum_is_not_the_one_that_the_pointer_names(seed_output: Path, tmp_path: Path):
    shutil.copytree(seed_output, tmp_path / "output", ignore=shutil.ignore_patterns(".work"))
    folder = tmp_path / "output" / "releases" / "1.0.0"
    edit(open_release(folder), "manifest.json", lambda data: data.replace(b'"released": "2025-01-02"', b'"released": "2024-01-02"'))
    forge(folder)
    assert list(verify(open_release(folder))) == []
    assert list(verify(open_release(tmp_path / "output"))) == ["manifest.json is not the one that latest.json points to: its SHA-256 differs"]


# --- verify: what checksums cannot tell


def forge(folder: Path) -> None:
    """Write checksums that fit the files as they are."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def rewrite(release: Release, path: str, change: Callable[[pa.Table], pa.Table]) -> Release:
    """The release with a changed table, and a manifest and checksums that fit it."""
    file = release.folder / path
    table = change(pq.read_table(file))
    pq.write_table(table, file, store_schema=False)
    manifest = json.loads((release.folder / "manifest.json").read_text(encoding="utf-8"))
    name = path.split("/")[1]
    manifest["tables"][name]["rows"] = table.num_rows
    (release.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    forge(release.folder)
    return open_release(release.folder)


def with_value(column: str, row: int, value: object) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        rows = table.to_pylist()
        rows[row][column] = value
        return pa.Table.from_pylist(rows, schema=table.schema)

    return change


REPORTS, PARAGRAPHS, SENTENCES, INDICATORS = (f"data/{name}/{name}-2024.parquet" for name in ("reports", "paragraphs", "sentences", "indicators"))


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("data/words/words.parquet", lambda table: table.rename_columns(["doc_id", "token", "n"])),
        ("data/words/words.parquet", lambda table: table.drop_columns(["n"])),
        ("data/words/words.parquet", lambda table: table.append_column("rank", table["n"])),
        ("data/words/words.parquet", lambda table: table.set_column(2, "n", table["n"].cast(pa.int64()))),
        ("data/words/words.parquet", lambda table: table.select(["word", "doc_id", "n"])),
    ],
    ids=["renamed", "removed", "added", "retyped", "moved"],
)
def test_other_columns_are_found_under_forged_checksums(copy: Release, path: str, change: Callable[[pa.Table], pa.Table]):
    assert list(verify(rewrite(copy, path, change))) == [f"{path} has other columns than table words of the contract"]


def test_a_repeated_key_is_found_under_forged_checksums(copy: Release):
    forged = rewrite(copy, "data/targets/targets.parquet", lambda table: pa.concat_tables([table, table.slice(0, 1)]))
    assert list(verify(forged)) == ["table targets has 1 rows whose key (doc_id, indicator, tier) stands in another row too"]


@pytest.mark.parametrize(
    ("path", "column", "value", "problem"),
    [
        (INDICATORS, "sentence_id", "000000000000-0000000000", "indicators.sentence_id has 1 values that are no sentences.sentence_id"),
        ("data/pages/pages.parquet", "doc_id", "000000000000", "pages.doc_id has 1 values that are no reports.doc_id"),
        ("data/sections/sections.parquet", "parent_id", "000000000000-0000000000", "sections.parent_id has 1 values that are no sections.section_id"),
    ],
)
def test_a_dangling_key_is_found_under_forged_checksums(copy: Release, path: str, column: str, value: str, problem: str):
    assert list(verify(rewrite(copy, path, with_value(column, 0, value)))) == [problem]


def test_rows_of_a_report_that_is_not_there_are_found_under_forged_checksums(copy: Release):
    problems = list(verify(rewrite(copy, SENTENCES, with_value("doc_id", 0, "000000000000"))))
    assert problems == [
        "sentences.doc_id has 1 values that are no reports.doc_id",
        f"{SENTENCES} has 1 rows whose text is not what the report's text has between their offsets",
    ]


@pytest.mark.parametrize(
    ("path", "column", "value", "quote"),
    [
        (PARAGRAPHS, "start", 1, "text"),
        (SENTENCES, "end", 1, "text"),
        (SENTENCES, "text", "另一句话。", "text"),
        (INDICATORS, "start", 0, "quote"),
        (INDICATORS, "quote", "9999件", "quote"),
    ],
)
def test_a_wrong_offset_is_found_under_forged_checksums(copy: Release, path: str, column: str, value: object, quote: str):
    problems = list(verify(rewrite(copy, path, with_value(column, 0, value))))
    assert problems == [f"{path} has 1 rows whose {quote} is not what the report's text has between their offsets"]


def test_a_text_that_was_changed_is_found_by_all_that_points_into_it(copy: Release):
    problems = list(verify(rewrite(copy, REPORTS, with_value("text", 0, "各位代表!"))))
    assert [problem.split(" ")[0] for problem in problems] == [PARAGRAPHS, SENTENCES, INDICATORS]


def test_a_number_of_rows_that_the_manifest_does_not_have_is_found(copy: Release):
    edit(copy, "manifest.json", lambda data: data.replace(b'"rows": 13', b'"rows": 14'))
    forge(copy.folder)
    assert list(verify(open_release(copy.folder))) == ["table paragraphs has 13 rows, and 14 by its manifest"]


def test_a_file_that_is_no_parquet_is_found_under_forged_checksums(copy: Release):
    (copy.folder / "data" / "coverage" / "coverage.parquet").write_bytes(b"nothing")
    forge(copy.folder)
    [unread, rows] = list(verify(open_release(copy.folder)))
    assert unread.startswith("data/coverage/coverage.parquet cannot be read (")
    assert rows == f"table coverage has 0 rows, and {copy.manifest['tables']['coverage']['rows']} by its manifest"


def test_a_table_that_the_manifest_does_not_know_is_told(copy: Release):
    manifest = copy.manifest | {"tables": {name: table for name, table in copy.manifest["tables"].items() if name != "keywords"}}
    (copy.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    forge(copy.folder)
    assert list(verify(open_release(copy.folder))) == ["manifest.json says nothing of table keywords"]


def test_verify_changes_nothing(seed_release: Release):
    before = {file: file.read_bytes() for file in seed_release.folder.rglob("*") if file.is_file()}
    list(verify(seed_release))
    assert {file: file.read_bytes() for file in seed_release.folder.rglob("*") if file.is_file()} == before
