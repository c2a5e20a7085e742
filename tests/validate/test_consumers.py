from __future__ import annotations

import csv
import io
import json
import math
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import dask.dataframe
import datasets
import duckdb
import fsspec
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from conftest import Release
from servers import serve

datasets.disable_progress_bars()
Rows = list[dict[str, Any]]


def plain(value: object) -> object:
    """A value as it is in plain Python: whole floats of nullable whole numbers, days and missing values in one form."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        value = value.to_pydatetime()
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if hasattr(value, "item"):
        value = value.item()
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def rows_of(table: pa.Table) -> Rows:
    return [{name: plain(value) for name, value in row.items()} for row in table.to_pylist()]


def of_frame(frame: pd.DataFrame) -> Rows:
    return [{str(name): plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


PANDAS = {"string": "str", "int32": "int32", "double": "float64", "bool": "bool", "date32[day]": "object", "timestamp[us, tz=UTC]": "datetime64[us, UTC]"}
# Whole numbers and truth values have no missing ones in NumPy.
PANDAS_WITH_MISSING = {"int32": "float64", "bool": "object"}


def read_pandas(release: Release, table: str) -> Rows:
    frame = pd.read_parquet(release.folder / "data" / table)
    wanted = release.table(table)
    for field in wanted.schema:
        kinds = PANDAS | (PANDAS_WITH_MISSING if wanted[field.name].null_count else {})
        assert str(frame.dtypes[field.name]) == kinds[str(field.type)], field.name
    return of_frame(frame)


def read_pandas_arrow(release: Release, table: str) -> Rows:
    frame = pd.read_parquet(release.folder / "data" / table, dtype_backend="pyarrow")
    wanted = release.table(table).schema
    assert {name: frame.dtypes[name].pyarrow_dtype for name in frame.columns} == {field.name: field.type for field in wanted}
    return of_frame(frame)


def read_pyarrow(release: Release, table: str) -> Rows:
    found = pyarrow.dataset.dataset(release.folder / "data" / table).to_table()
    assert found.schema.types == release.table(table).schema.types
    return rows_of(found)


def read_polars(release: Release, table: str) -> Rows:
    found = pl.read_parquet(f"{release.folder}/data/{table}/*.parquet")
    kinds = {pa.string(): pl.String, pa.int32(): pl.Int32, pa.float64(): pl.Float64, pa.bool_(): pl.Boolean, pa.date32(): pl.Date, pa.timestamp("us", tz="UTC"): pl.Datetime("us", "UTC")}
    assert dict(found.schema) == {field.name: kinds[field.type] for field in release.table(table).schema}
    return [{name: plain(value) for name, value in row.items()} for row in found.to_dicts()]


def read_duckdb(release: Release, table: str) -> Rows:
    duckdb.sql("set TimeZone = 'UTC'")
    found = duckdb.sql(f"select * from read_parquet('{release.folder}/data/{table}/*.parquet')").to_arrow_table()
    assert [str(kind) for kind in found.schema.types] == [str(kind) for kind in release.table(table).schema.types]
    return rows_of(found)


def read_dask(release: Release, table: str) -> Rows:
    frame = dask.dataframe.read_parquet(release.folder / "data" / table, dtype_backend="pyarrow").compute()
    assert {name: pa.string() if isinstance(kind, pd.StringDtype) else kind.pyarrow_dtype for name, kind in frame.dtypes.items()} == {field.name: field.type for field in release.table(table).schema}
    return of_frame(frame)


def read_hugging_face(release: Release, table: str) -> Rows:
    loaded = datasets.load_dataset("parquet", data_files=release.files(table), split="train")
    assert loaded.features.arrow_schema.types == release.table(table).schema.types
    return [{name: plain(value) for name, value in row.items()} for row in loaded]


READERS = [read_pandas, read_pandas_arrow, read_pyarrow, read_polars, read_duckdb, read_dask, read_hugging_face]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__.removeprefix("read_"))
def test_every_table_has_the_same_values_everywhere(small: Release, read: Callable[[Release, str], Rows]) -> None:
    for table in small.tables:
        assert read(small, table) == rows_of(small.table(table)), table


# --- Spark


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    assert shutil.which("java"), "Spark needs Java 17 or later: install it, or deselect this test with -k 'not spark'"
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def test_spark_reads_every_table(small: Release, spark: SparkSession) -> None:
    kinds = {"string": "string", "int32": "int", "double": "double", "bool": "boolean", "date32[day]": "date", "timestamp[us, tz=UTC]": "timestamp"}
    for table in small.tables:
        found = spark.read.parquet(str(small.folder / "data" / table))
        wanted = small.table(table)
        assert dict(found.dtypes) == {field.name: kinds[str(field.type)] for field in wanted.schema}
        order = [name for name in ("doc_id", "page_id", "ordinal", "start", "end", "table", "id", "indicator_id", "word", "keyword", "place_code", "report_year") if name in found.columns]

        def key(row: dict[str, Any], order: list[str] = order) -> str:
            return json.dumps([str(row[name]) for name in (*order, *sorted(row))], default=str)

        collected = [{name: plain(value) for name, value in row.asDict().items()} for row in found.collect()]
        assert sorted(collected, key=key) == sorted(rows_of(wanted), key=key), table


# --- the README


@pytest.fixture(scope="module")
def lines(small: Release) -> dict[str, list[str]]:
    """The code that the README of a release gives for other tools, by tool."""
    rows = re.findall(r"^\| ([^|`]+) \| (.*`.*) \|$", (small.folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {tool: re.findall("`([^`]+)`", said) for tool, said in rows}


@pytest.mark.parametrize(
    ("tool", "count"),
    [("Hugging Face datasets", len), ("Dask", len), ("Spark", lambda frame: frame.count()), ("JSON", len)],
    ids=["hugging_face", "dask", "spark", "json"],
)
def test_the_lines_of_the_readme_work_as_they_are(
    small: Release, lines: dict[str, list[str]], tool: str, count: Callable[[Any], int], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small.folder)
    known = {"load_dataset": datasets.load_dataset, "dask": dask, "pandas": pd}
    line = lines[tool][0].replace("/absolute/path/to/this/folder", str(small.folder))
    if tool == "Spark":  # its Java stays in the folder that it started in
        known["spark"] = request.getfixturevalue("spark")
        line = line.replace("'data/", f"'{small.folder}/data/")
    assert count(eval(line, known)) == small.manifest["tables"]["targets" if tool == "JSON" else "indicators"]["rows"]


def test_the_line_for_jq_works_as_it_is(small: Release, lines: dict[str, list[str]]) -> None:
    told = subprocess.run(shlex.split(lines["JSON"][1]), cwd=small.folder, capture_output=True, text=True, check=True).stdout.splitlines()
    assert 0 < len(told) == small.table("targets")["report_year"].to_pylist().count(2024)


# --- JSON and CSV


def test_small_tables_are_the_same_in_json(small: Release) -> None:
    files = list((small.folder / "json").glob("*.jsonl"))
    assert files
    for file in files:
        frame = pd.read_json(file, lines=True, dtype=False, convert_dates=False, precise_float=True)
        wanted = [
            {name: value.isoformat() if isinstance(value, date | datetime) else plain(value) for name, value in row.items()} for row in small.table(file.stem).to_pylist()
        ]
        assert of_frame(frame) == wanted, file.stem


def test_jq_reads_nested_reports(small: Release) -> None:
    program = shutil.which("jq")
    assert program, "jq is not installed: install it, or deselect this test with -k 'not jq'"
    for file in (small.folder / "json" / "reports").glob("*.jsonl"):
        told = subprocess.run([program, "-r", ".doc_id", str(file)], capture_output=True, text=True, check=True).stdout.split()
        assert told == [json.loads(line)["doc_id"] for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("table", ["reports", "indicators", "targets"])
def test_spreadsheets_get_their_marks_and_their_codes(small: Release, table: str) -> None:
    data = (small.folder / "csv" / f"{table}.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert "\r\n" in text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    wanted = small.table(table).to_pylist()
    assert len(rows) == len(wanted)
    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    for column in {"doc_id", "place_code"} & set(frame.columns):
        assert list(frame[column]) == [row[column] for row in rows] == [row[column] or "" for row in wanted]


# --- over the network


def test_a_table_is_read_by_ranges_over_http(small: Release) -> None:
    with serve(small.folder) as site:
        path = small.manifest["tables"]["indicators"]["files"][0]
        with fsspec.open(f"{site.address}/{path}", "rb", block_size=4096) as file:
            found = pq.read_table(file, columns=["indicator_id", "value"])
        assert found == pq.read_table(small.folder / path, columns=["indicator_id", "value"])
        assert all(said for asked, said in site.asked if asked == path)
