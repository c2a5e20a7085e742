from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import contract
from baogao.pages import write_arrow
from baogao.publish import parquet
from baogao.publish.parquet import STANDING, Checked, Last, Shard, Written, sha256, shards, write_shard
from baogao.release import Release
from baogao.tables import arrow_table

TABLES = list(contract.tables())
BY_YEAR = ["reports", "paragraphs", "sentences", "indicators"]
OF_PAGES, OF_ALL = ("pages", "removed"), ("target_outcomes", "keywords", "conflicts", "coverage", "warnings", "rejects")
DUCKDB = {
    "string": "VARCHAR", "int32": "INTEGER", "double": "DOUBLE", "bool": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip
POLARS = {"string": pl.String, "int32": pl.Int32, "double": pl.Float64, "bool": pl.Boolean, "date": pl.Date, "timestamp": pl.Datetime("us", "UTC")}

Tables = dict[str, pa.Table]
Assign = Callable[[str], int]


def files(release: Release) -> Iterator[tuple[str, Path]]:
    for name, table in release.manifest["tables"].items():
        yield from ((name, release.folder / path) for path in table["files"])


def published(release: Release) -> Tables:
    return {name: release.table(name) for name in TABLES}


def lay_out(folder: Path, tables: Tables, batch_of: Assign = lambda _: 0) -> Checked:
    """Tables as checked batches, each document and each page in the batch that `batch_of` gives for its identifier."""
    keys = {name: "page_id" if name in OF_PAGES else "doc_id" for name in TABLES if name not in OF_ALL}
    used = sorted({batch_of(key) for name, column in keys.items() for key in tables[name][column].to_pylist()})
    batches = {number: folder / f"batch-{number}" for number in used}
    for number, batch in batches.items():
        batch.mkdir(parents=True)
        for name, column in keys.items():
            mine = [row for row, key in enumerate(tables[name][column].to_pylist()) if batch_of(key) == number]
            write_arrow(batch / f"{name}.arrow", tables[name].take(pa.array(mine, pa.int64())))
    summary = folder / "summary"
    summary.mkdir()
    for name in OF_ALL:
        write_arrow(summary / f"{name}.arrow", tables[name])
    standing = tables["reports"].select(["doc_id", "report_year", "is_canonical", "near_duplicate_of"])
    write_arrow(summary / f"{STANDING}.arrow", standing.append_column("mark", standing["doc_id"]))
    return Checked(tuple(batches.values()), tuple(batches.values()), summary)


def write_all(checked: Checked, folder: Path) -> list[Written]:
    return [one for one in map(write_shard, shards(checked, folder)) if one]


def bytes_of(folder: Path, written: Sequence[Written]) -> dict[str, bytes]:
    return {one.path: (folder / one.path).read_bytes() for one in written}


def changed(tables: Tables, table: str, column: str, row: int, value: object) -> Tables:
    rows = tables[table].to_pylist()
    rows[row][column] = value
    return tables | {table: pa.Table.from_pylist(rows, schema=tables[table].schema)}


# --- files


def test_a_file_that_a_worker_made_which_then_died_is_made_again(corpus_release: Release, tmp_path: Path):
    checked = lay_out(tmp_path / "checked", published(corpus_release))
    written = write_all(checked, tmp_path / "old")
    was = bytes_of(tmp_path / "old", written)
    last = {one.path: Last(tmp_path / "old" / one.path, sha256(tmp_path / "old" / one.path), one.content) for one in written}
    for _ in range(2):
        assert [one for one in map(write_shard, shards(checked, tmp_path / "new", last)) if one] == written
        assert all((tmp_path / "new" / path).samefile(tmp_path / "old" / path) for path in was)
    assert write_all(checked, tmp_path / "new") == written
    assert not any((tmp_path / "new" / path).samefile(tmp_path / "old" / path) for path in was)
    assert bytes_of(tmp_path / "old", written) == was


def test_columns_are_flat_and_as_the_contract_has_them(corpus_release: Release):
    for name, file in files(corpus_release):
        schema = pq.read_metadata(file).schema
        assert all(schema.column(n).max_repetition_level == 0 for n in range(len(schema)))
        assert all(schema.column(n).max_definition_level <= 1 for n in range(len(schema)))
        assert pq.read_schema(file).remove_metadata() == contract.arrow_schema(contract.tables()[name])


def test_files_carry_no_arrow_schema_and_say_what_they_are(corpus_release: Release):
    for name, file in files(corpus_release):
        said = {key.decode(): value.decode() for key, value in pq.read_metadata(file).metadata.items()}
        assert "ARROW:schema" not in said
        assert (said["dataset"], said["table"], said["license"]) == ("baogao", name, "CC0-1.0")
        columns = json.loads(said["columns"])
        assert list(columns) == contract.tables()[name].names
        assert all(about["title_zh"] and about["description"] for about in columns.values())


def test_columns_are_compressed_with_zstd_and_pages_are_indexed(corpus_release: Release):
    for _, file in files(corpus_release):
        metadata = pq.read_metadata(file)
        columns = [metadata.row_group(group).column(n) for group in range(metadata.num_row_groups) for n in range(metadata.num_columns)]
        assert {column.compression for column in columns} == {"ZSTD"}
        assert all(column.has_offset_index for column in columns)


def test_the_year_is_in_the_name_and_in_a_column(corpus_release: Release):
    assert [name for name in TABLES if contract.tables()[name].year] == BY_YEAR
    for name in BY_YEAR:
        paths = corpus_release.manifest["tables"][name]["files"]
        assert paths == [f"data/{name}/{name}-{year}.parquet" for year in ("undated", 2023, 2024)]
        for path, year in zip(paths, (None, 2023, 2024), strict=True):
            assert set(pq.read_table(corpus_release.folder / path)["report_year"].to_pylist()) == {year}


def test_a_table_without_a_year_is_one_file_of_its_name(corpus_release: Release):
    for name in set(TABLES) - set(BY_YEAR):
        assert corpus_release.manifest["tables"][name]["files"] == [f"data/{name}/{name}.parquet"]


def test_no_file_is_empty_and_a_table_without_rows_has_no_folder(corpus_release: Release, seed_release: Release):
    assert all(pq.read_metadata(file).num_rows > 0 for _, file in [*files(corpus_release), *files(seed_release)])
    assert seed_release.manifest["tables"]["rejects"]["rows"] == 0
    assert not (seed_release.folder / "data" / "rejects").exists()


def test_rows_are_sorted_by_the_sort_columns(corpus_release: Release):
    for name, file in files(corpus_release):
        rows = pq.read_table(file)
        order = [(column, "ascending") for column in contract.tables()[name].sort]
        assert pc.sort_indices(rows, sort_keys=order).to_pylist() == list(range(rows.num_rows))


# --- batches


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 3), min_size=7, max_size=7), st.booleans())
def test_the_same_rows_give_the_same_bytes_whatever_batches_they_come_in(
    corpus_release: Release, tmp_path_factory: pytest.TempPathFactory, numbers: list[int], backwards: bool
):
    folder = tmp_path_factory.mktemp("shards")
    tables = published(corpus_release)
    if backwards:
        tables = {name: rows.take(pa.array(range(rows.num_rows - 1, -1, -1), pa.int64())) if name not in OF_ALL else rows for name, rows in tables.items()}
    written = write_all(lay_out(folder / "checked", tables, lambda key: numbers[int(key, 16) % 7]), folder)
    assert sorted(one.path for one in written) == sorted(path for table in corpus_release.manifest["tables"].values() for path in table["files"])
    assert bytes_of(folder, written) == {one.path: (corpus_release.folder / one.path).read_bytes() for one in written}


def test_row_groups_are_cut_by_rows_and_not_by_batches(corpus_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parquet, "_ROW_GROUP", 7)
    made = []
    for n, batch_of in enumerate([lambda _: 0, lambda key: int(key, 16) % 2, lambda key: int(key, 16)]):
        folder = tmp_path / str(n)
        written = write_all(lay_out(folder / "checked", published(corpus_release), batch_of), folder)
        made.append(([replace(one, made_from=None) for one in written], bytes_of(folder, written)))
    assert made[0] == made[1] == made[2]
    sizes = [pq.read_metadata(tmp_path / "0" / one.path) for one in made[0][0]]
    for metadata in sizes:
        assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups - 1)] == [7] * (metadata.num_row_groups - 1)


def test_texts_of_more_than_a_data_page_give_the_same_bytes_whatever_batches_they_come_in(seed_release: Release, tmp_path: Path):
    [report] = seed_release.table("reports").to_pylist()
    reports = [report | {"doc_id": f"{n:012x}", "text": f"第{n}号报告。" * 60_000} for n in range(6)]
    tables = published(seed_release) | {"reports": arrow_table("reports", reports)}
    written = []
    for name, batch_of in (("one", lambda _: 0), ("each", lambda key: int(key, 16) % 6), ("two", lambda key: int(key, 16) % 2)):
        checked = lay_out(tmp_path / name / "checked", tables, batch_of)
        one = write_shard(Shard(checked, tmp_path / name, "reports", True, 2024))
        assert one is not None
        assert one.rows == 6
        written.append((one, (tmp_path / name / one.path).read_bytes()))
    assert written[0] == written[1] == written[2]


def test_a_document_of_every_first_digit_is_in_a_table_without_years(seed_release: Release, tmp_path: Path):
    sections = seed_release.table("sections").to_pylist()
    ids = [f"{digit}00000000000" for digit in "0123456789abcdef"]
    rows = [row | {"doc_id": doc_id, "section_id": doc_id + row["section_id"][12:], "parent_id": None} for doc_id in reversed(ids) for row in sections]
    checked = lay_out(tmp_path / "checked", published(seed_release) | {"sections": arrow_table("sections", rows)})
    one = write_shard(Shard(checked, tmp_path, "sections"))
    assert one is not None
    assert pq.read_table(tmp_path / one.path)["doc_id"].to_pylist() == [doc_id for doc_id in ids for _ in sections]


def test_a_shard_without_rows_is_no_file(seed_release: Release, tmp_path: Path):
    checked = lay_out(tmp_path / "checked", published(seed_release))
    assert write_shard(Shard(checked, tmp_path, "reports", True, 1999)) is None
    assert not list((tmp_path / "data").rglob("*.parquet"))


# --- digests


@pytest.mark.parametrize(
    ("table", "column", "value", "moves_keys"),
    [
        ("reports", "speaker", "陈山", False),
        ("reports", "speaker", "", False),
        ("reports", "congress", 0, False),
        ("reports", "text_published", False, False),
        ("reports", "doc_id", "000000000000", True),
        ("indicators", "value", 70.0, False),
        ("indicators", "indicator_id", "000000000000-0000000000", True),
        ("removed", "ordinal", 99, True),
        ("sections", "marker", "三、", False),
    ],
)
def test_a_changed_value_moves_the_digest_of_the_content_and_that_of_the_keys_where_it_is_one(
    seed_release: Release, tmp_path: Path, table: str, column: str, value: object, moves_keys: bool
):
    def written(tables: Tables, folder: Path) -> Written:
        checked = lay_out(folder / "checked", tables)
        return next(one for shard in shards(checked, folder) if shard.table == table and (one := write_shard(shard)))

    was = written(published(seed_release), tmp_path / "was")
    now = written(changed(published(seed_release), table, column, 0, value), tmp_path / "now")
    assert was.content != now.content
    assert (was.keys != now.keys) is moves_keys


def test_a_text_moved_from_one_row_to_the_next_moves_the_digest(seed_release: Release, tmp_path: Path):
    tables = published(seed_release)
    moved = changed(changed(tables, "removed", "text", 0, "导航菜单本文"), "removed", "text", 1, "地址")
    split = changed(changed(tables, "removed", "text", 0, "导航菜单"), "removed", "text", 1, "本文地址")
    digests = set()
    for name, rows in (("moved", moved), ("split", split)):
        one = write_shard(Shard(lay_out(tmp_path / name / "checked", rows), tmp_path / name, "removed"))
        assert one is not None
        digests.add(one.content)
    assert len(digests) == 2


# --- what is known only at the end


def test_standing_is_taken_from_the_summary_and_not_from_the_batches(corpus_release: Release, tmp_path: Path):
    tables = published(corpus_release)
    blank = tables | {"reports": arrow_table("reports", [row | {"is_canonical": True, "near_duplicate_of": None} for row in tables["reports"].to_pylist()])}
    checked = lay_out(tmp_path / "checked", blank)
    standing = tables["reports"].select(["doc_id", "report_year", "is_canonical", "near_duplicate_of"])
    write_arrow(checked.summary / f"{STANDING}.arrow", standing.append_column("mark", standing["doc_id"]))
    written = write_shard(Shard(checked, tmp_path, "reports", True, 2024))
    assert written is not None
    assert pq.read_table(tmp_path / written.path).equals(pq.read_table(corpus_release.folder / written.path))


def test_a_page_whose_report_did_not_pass_is_rejected_and_says_so(corpus_release: Release):
    [page] = [row for row in corpus_release.table("pages").to_pylist() if row["source"] == "session-35.txt"]
    assert (page["document_type"], page["status"], page["doc_id"]) == ("report", "rejected", None)
    assert page["reason"].endswith("; its report did not pass the checks (see rejects)")


# --- readers


@pytest.mark.parametrize("name", TABLES)
def test_a_folder_loads_in_pandas_with_the_types_of_the_contract(corpus_release: Release, name: str):
    table = contract.tables()[name]
    frame = pd.read_parquet(corpus_release.folder / "data" / name, dtype_backend="pyarrow")
    assert {column: dtype.pyarrow_dtype for column, dtype in frame.dtypes.items()} == {one.name: contract.arrow_type(one) for one in table.columns}
    assert len(frame) == corpus_release.manifest["tables"][name]["rows"]


@pytest.mark.parametrize("name", TABLES)
def test_a_glob_over_the_files_loads_in_duckdb_with_the_types_of_the_contract(corpus_release: Release, name: str):
    with duckdb.connect() as connection:
        rows = f"from '{corpus_release.folder}/data/{name}/*.parquet'"
        types = {column: kind for column, kind, *_ in connection.execute(f"describe select * {rows}").fetchall()}
        assert types == {one.name: DUCKDB[one.type] for one in contract.tables()[name].columns}
        assert connection.execute(f"select count(*) {rows}").fetchall() == [(corpus_release.manifest["tables"][name]["rows"],)]


@pytest.mark.parametrize("name", TABLES)
def test_a_glob_over_the_files_loads_in_polars_with_the_types_of_the_contract(corpus_release: Release, name: str):
    frame = pl.read_parquet(f"{corpus_release.folder}/data/{name}/*.parquet")
    assert dict(frame.schema) == {one.name: POLARS[one.type] for one in contract.tables()[name].columns}
    assert frame.height == corpus_release.manifest["tables"][name]["rows"]


def test_readers_agree_on_the_figures(corpus_release: Release):
    glob = f"{corpus_release.folder}/data/indicators/*.parquet"
    expected = [row["value"] for row in corpus_release.table("indicators").to_pylist() if row["indicator"] == "gdp" and row["report_year"] == 2024]
    frame = pd.read_parquet(corpus_release.folder / "data" / "indicators", dtype_backend="pyarrow")
    with duckdb.connect() as connection:
        found = connection.execute(f"select value from '{glob}' where indicator = 'gdp' and report_year = 2024").fetchall()
    assert [value for (value,) in found] == expected
    assert frame[(frame["indicator"] == "gdp") & (frame["report_year"] == 2024)]["value"].to_list() == expected
    assert pl.read_parquet(glob).filter(pl.col("indicator") == "gdp", pl.col("report_year") == 2024)["value"].to_list() == expected
    assert len(expected) >= 8
