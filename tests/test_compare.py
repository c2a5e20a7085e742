"""Differences between two tables are told exactly, and applied to the old one they give the new one."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import contract
from baogao.compare import Side, TableDifference, comparison

Row = dict[str, Any]
TYPES = {"string": pa.string(), "int32": pa.int32(), "double": pa.float64(), "bool": pa.bool_(), "date": pa.date32(), "timestamp": pa.timestamp("us", tz="UTC")}
COLUMNS = {"id": "string", "part": "int32", "value": "double", "text": "string", "count": "int32", "is_so": "bool", "day": "date", "at": "timestamp"}
KEY = ("id", "part")

cells = {
    "value": st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32),
    "text": st.none() | st.sampled_from(["", "增长5%", "it's \"so\"", "一\n二", "a/b", "\\"]) | st.text(max_size=5),
    "count": st.none() | st.integers(-5, 5),
    "is_so": st.none() | st.booleans(),
    "day": st.none() | st.dates(date(1954, 1, 1), date(2030, 1, 1)),
    "at": st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
}
keys = st.tuples(st.sampled_from(["一", "二", "x/y", "'"]), st.integers(0, 2))
tables = st.dictionaries(keys, st.fixed_dictionaries(cells), max_size=8).map(lambda found: [dict(zip(KEY, key, strict=True)) | row for key, row in found.items()])
few = settings(max_examples=60, deadline=None, derandomize=True)


def side(folder: Path, name: str, rows: list[Row], columns: dict[str, str] = COLUMNS) -> Side:
    """A release with one table, t, in two files."""
    schema = pa.schema([(column, TYPES[kind]) for column, kind in columns.items()])
    files = []
    for n, part in enumerate((rows[::2], rows[1::2])):
        if part:
            files.append(f"{name}-{n}.parquet")
            pq.write_table(pa.Table.from_pylist(part, schema=schema), folder / files[-1], store_schema=False)
    return Side(folder, {"t": {"columns": columns, "files": files}}, {file: file for file in files})


def compare(old: Side, new: Side, key: tuple[str, ...] = KEY) -> tuple[TableDifference, list[Row]]:
    with comparison(old, new, {"t": key}) as found:
        return found.tables["t"], [row for table in found.changes() for row in table.to_pylist()]


def named(row: Row) -> str:
    return "/".join(str(row[part]) for part in KEY)


def in_json(value: object) -> object:
    return json.loads(json.dumps(value, default=str))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compare")


# --- properties


@few
@given(old=tables, new=tables)
def test_every_change_is_told_and_applied_to_the_old_rows_they_give_the_new_ones(folder: Path, old: list[Row], new: list[Row]) -> None:
    _, changes = compare(side(folder, "old", old), side(folder, "new", new))
    was, now = {tuple(row[part] for part in KEY): row for row in old}, {tuple(row[part] for part in KEY): row for row in new}
    added, removed = ({key for key in one if key not in other} for one, other in ((now, was), (was, now)))
    changed = {key: [name for name in COLUMNS if was[key][name] != now[key][name]] for key in was.keys() & now.keys() if was[key] != now[key]}
    wanted = [
        *(("added", named(now[key]), None) for key in added),
        *(("removed", named(was[key]), None) for key in removed),
        *(("changed", named(now[key]), ", ".join(names)) for key, names in changed.items()),
    ]
    assert sorted((row["op"], row["id"], row["columns"] or "") for row in changes) == sorted((op, name, columns or "") for op, name, columns in wanted)
    for key, names in changed.items():
        (row,) = [one for one in changes if one["id"] == named(now[key]) and one["op"] == "changed"]
        for said, row_of in ((row["old"], was[key]), (row["new"], now[key])):
            values = json.loads(said)
            assert list(values) == names
            assert {name: value for name, value in values.items() if name != "at"} == {name: in_json(row_of[name]) for name in names if name != "at"}


@few
@given(rows=tables)
def test_a_table_does_not_differ_from_itself_in_another_order(folder: Path, rows: list[Row]) -> None:
    assert compare(side(folder, "old", rows), side(folder, "new", rows[::-1])) == (TableDifference(), [])


@few
@given(old=tables, new=tables)
def test_the_other_way_round_added_is_removed_and_old_is_new(folder: Path, old: list[Row], new: list[Row]) -> None:
    one, other = side(folder, "old", old), side(folder, "new", new)
    (there, changes), (back, mirrored) = compare(one, other), compare(other, one)
    assert (there.added, there.removed, there.changed) == (back.removed, back.added, back.changed)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert changes == sorted(
        ({**row, "op": turned[row["op"]], "old": row["new"], "new": row["old"]} for row in mirrored), key=lambda row: (row["id"].encode(), row["op"])
    )


# --- columns and files


def test_columns_are_told_apart_from_rows(folder: Path) -> None:
    rows = [{"id": "一", "part": 1, "count": 5, "text": "甲"}, {"id": "二", "part": 1, "count": 6, "text": "乙"}]
    old = side(folder, "old", rows, {"id": "string", "part": "int32", "count": "int32", "text": "string"})
    later = [{"id": row["id"], "part": row["part"], "count": str(row["count"]), "day": date(2024, 1, 1)} for row in rows]
    new = side(folder, "new", later, {"part": "int32", "id": "string", "count": "string", "day": "date"})
    found, changes = compare(old, new)
    assert found == TableDifference(columns_added=["day"], columns_removed=["text"], columns_retyped=["count"], columns_moved=True)
    assert changes == []


def test_a_table_that_only_one_side_has_is_added_or_removed_row_by_row(folder: Path) -> None:
    some, none = side(folder, "some", [{"id": "一", "part": 1}], {"id": "string", "part": "int32"}), side(folder, "none", [], {"id": "string", "part": "int32"})
    nothing = Side(folder, {}, {})
    for empty in (none, nothing):
        assert (compare(empty, some)[0].added, compare(some, empty)[0].removed) == (1, 1)


def test_files_that_are_the_same_are_not_read(tmp_path: Path) -> None:
    columns = {"id": "string", "part": "int32"}
    one = side(tmp_path, "one", [{"id": "一", "part": 1}], columns)
    gone = Side(tmp_path / "nowhere", one.tables, one.digests)
    assert compare(gone, one) == (TableDifference(), [])


def test_long_texts_are_cut(folder: Path) -> None:
    columns = {"id": "string", "part": "int32", "text": "string"}
    old, new = (side(folder, name, [{"id": "一", "part": 1, "text": said * 300}], columns) for name, said in (("old", "甲"), ("new", "乙")))
    (row,) = compare(old, new)[1]
    assert (json.loads(row["old"]), json.loads(row["new"])) == ({"text": "甲" * 200 + "…"}, {"text": "乙" * 200 + "…"})


def test_differences_among_sixty_thousand_rows_are_exact(folder: Path) -> None:
    columns = {"id": "string", "part": "int32", "value": "double", "text": "string"}
    pick = random.Random(60_000)
    rows = [{"id": f"{n:012x}", "part": 0, "value": pick.random(), "text": None if n % 7 == 0 else f"增长{n}"} for n in range(60_000)]
    kept = pick.sample(rows, len(rows) - 100)
    changed = {row["id"] for row in pick.sample(kept, 1_000)}
    later = [row | {"value": row["value"] + 1} if row["id"] in changed else row for row in kept] + [{"id": f"new {n}", "part": 0, "value": 1.0} for n in range(50)]
    found, changes = compare(side(folder, "old", rows, columns), side(folder, "new", [row | {"day": None} for row in later], {**columns, "day": "date"}))
    assert found == TableDifference(added=50, removed=100, changed=1_000, columns_added=["day"])
    assert {row["id"] for row in changes if row["op"] == "changed"} == {f"{name}/0" for name in changed}
    assert {row["columns"] for row in changes if row["op"] == "changed"} == {"value"}


def test_a_large_table_is_compared_in_parts_with_the_same_result(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns, key = {"doc_id": "string", "part": "int32", "value": "double"}, ("doc_id", "part")
    pick = random.Random(256)
    names = ["", "0", "zz", "年", None, *(f"{pick.getrandbits(48):012x}" for _ in range(3_000))]
    rows = [{"doc_id": name, "part": n % 3, "value": pick.random()} for n, name in enumerate(names)]
    kept = pick.sample(rows, len(rows) - 100)
    later = [row | {"value": 0.0} if pick.random() < 0.1 else row for row in kept] + [{"doc_id": f"{n:012x}", "part": 7, "value": 1.0} for n in range(50)]
    old, new = side(folder, "large-old", rows, columns), side(folder, "large-new", later, columns)
    whole = compare(old, new, key)
    assert whole[0].changed > 200
    for one in (old, new):
        one.tables["t"]["rows"] = len(rows)  # type: ignore[index]
    for joined in (100, 2_000):
        monkeypatch.setattr("baogao.compare._JOINED", joined)
        assert compare(old, new, key) == whole
    monkeypatch.undo()
    for n_bytes in (1_000, 30_000):  # few rows in large files are cut into parts too
        monkeypatch.setattr("baogao.compare._JOINED_BYTES", n_bytes)
        assert compare(old, new, key) == whole


# --- identifiers


def release(folder: Path, name: str, rows: dict[str, list[Row]]) -> Side:
    """A release with some columns of tables of the contract."""
    described, digests = {}, {}
    for table, some in rows.items():
        columns = {column.name: column.type for column in contract.tables()[table].columns}
        schema = pa.schema([(column, TYPES[kind]) for column, kind in columns.items()])
        path = f"{name}-{table}.parquet"
        pq.write_table(pa.Table.from_pylist(some, schema=schema), folder / path, store_schema=False)
        described[table], digests[path] = {"columns": columns, "files": [path]}, path
    return Side(folder, described, digests)


def rekeys(old: Side, new: Side) -> list[tuple[str, str, str, str]]:
    with comparison(old, new, {name: contract.tables()[name].key for name in old.tables}) as found:
        return [tuple(row.values()) for table in found.rekeys() for row in table.to_pylist()]


def pages(**more: Any) -> Row:
    return {"page_id": "p1", "source": "a.html", "sha256": "s1", "doc_id": "d1"} | more


def sentence(name: str, text: str, doc_id: str = "d1") -> Row:
    return {"sentence_id": f"{doc_id}-{name}", "doc_id": doc_id, "text": text}


@pytest.mark.parametrize(
    ("page", "reason"),
    [(pages(page_id="p2", doc_id="d2", url="http://a.example/1"), "the same bytes"), (pages(page_id="p2", doc_id="d2", sha256="s2"), "the same file")],
)
def test_a_page_that_got_another_identifier_takes_its_report_and_its_parts_along(folder: Path, page: Row, reason: str) -> None:
    old = release(folder, "old", {"pages": [pages()], "reports": [{"doc_id": "d1"}], "sentences": [sentence("a", "甲。"), sentence("b", "乙。"), sentence("c", "丙。")]})
    later = [sentence("a", "甲。", "d2"), sentence("b", "乙乙。", "d2"), sentence("c", "丙。", "d2"), sentence("d", "丙。", "d2")]
    new = release(folder, "new", {"pages": [page], "reports": [{"doc_id": "d2"}], "sentences": later})
    assert rekeys(old, new) == [
        ("pages", "p1", "p2", reason),
        ("reports", "d1", "d2", "the same page"),
        ("sentences", "d1-a", "d2-a", "the same words in the same report"),
    ]


def test_what_is_there_twice_is_the_same_as_neither(folder: Path) -> None:
    old = release(folder, "old", {"pages": [pages()], "reports": [{"doc_id": "d1"}], "sentences": [sentence("a", "甲。")]})
    new = release(folder, "new", {"pages": [pages()], "reports": [{"doc_id": "d1"}], "sentences": [sentence("x", "甲。"), sentence("y", "甲。")]})
    assert rekeys(old, new) == []


def test_another_page_is_no_rekey(folder: Path) -> None:
    old = release(folder, "old", {"pages": [pages()], "reports": [{"doc_id": "d1"}]})
    new = release(folder, "new", {"pages": [pages(page_id="p2", doc_id="d2", sha256="s2", source="b.html")], "reports": [{"doc_id": "d2"}]})
    assert rekeys(old, new) == []
