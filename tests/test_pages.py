from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import contract
from baogao.assemble import PageBody
from baogao.pages import WorkedPage, read_arrow, read_bodies, read_keys, read_page_tables, write_arrow, write_pages
from baogao.parts import Edges, PageKey
from baogao.records import Body, Completeness, DocumentType, Facts, Level, Page, Place, Removed, RemovedKind
from baogao.sketch import Sketch
from baogao.tables import page_row, removed_rows, unreadable_row

QUICK = settings(max_examples=60, derandomize=True, deadline=None)

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
some_text = text.filter(bool)
maybe = st.one_of(st.none(), some_text)
number = st.one_of(st.none(), st.integers(1, 2**31 - 1))
hexadecimal = st.text("0123456789abcdef", min_size=12, max_size=12)
sentences = st.text("增长年省市。！\n", min_size=10, max_size=60)
places = st.builds(Place, some_text, maybe, st.one_of(st.none(), st.sampled_from(get_args(Level))), maybe, maybe, maybe)
facts = st.builds(
    Facts, st.sampled_from(get_args(DocumentType)), text, maybe, st.one_of(st.none(), places), number, number, maybe, st.one_of(st.none(), st.dates()),
    number, number, maybe, maybe, st.sampled_from(get_args(Completeness)), maybe, maybe, number, number, maybe,
)  # fmt: skip
removed = st.builds(Removed, st.integers(0, 9), st.integers(0, 9), st.sampled_from(get_args(RemovedKind)), text, text)
sketches = st.builds(Sketch, st.binary(max_size=24), st.binary(max_size=24))
pairs = st.tuples(st.integers(-1, 9), st.integers(0, 99))
edges = st.builds(Edges, st.one_of(st.none(), pairs), st.lists(pairs, max_size=3).map(tuple), st.booleans())
moments = st.one_of(st.none(), st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive


@st.composite
def readable(draw: Any) -> WorkedPage:
    page = draw(st.builds(Page, some_text, st.just("text/html"), st.just("gb18030"), hexadecimal, st.integers(0, 99), text, maybe, maybe, maybe, moments))
    said, lines = draw(facts), tuple(draw(st.lists(sentences, max_size=4)))
    row = page_row(page, said, Body(lines, said.title, (), ()), page_id=draw(hexadecimal))
    return WorkedPage(row, said, lines, tuple(draw(st.lists(removed, max_size=3))), draw(sketches), draw(edges))


@st.composite
def unreadable(draw: Any) -> WorkedPage:
    return WorkedPage(unreadable_row(draw(some_text), draw(hexadecimal), draw(st.integers(0, 99)), page_id=draw(hexadecimal), reason=draw(some_text)))


batches = st.lists(st.one_of(readable(), unreadable()), max_size=5)


def key(folder: Path, n: int, page: WorkedPage) -> PageKey:
    row, said = page.row, page.facts
    return PageKey(
        page_id=row["page_id"], source=row["source"], sha256=row["sha256"], batch=folder.name, row=n, is_report=row["status"] == "accepted",
        site=row.get("site"), base_url=said and said.base_url, part_number=said and said.part_number, part_count=said and said.part_count,
        place_code=said.place.code if said and said.place else None, report_year=said and said.report_year,
        completeness=said.completeness if said else "unknown", missing_parts=said and said.missing_parts,
        is_damaged=bool(said and said.corruption is not None), n_chars=row["n_chars_kept"], sketch=page.sketch, edges=page.edges,
    )  # fmt: skip


def body(page: WorkedPage) -> PageBody:
    said = page.facts or Facts("other", page.row["reason"])
    return PageBody(page.row["page_id"], said, page.lines, page.row.get("site"), page.row.get("url"))


@given(batches)
@QUICK
def test_what_is_written_comes_back(pages: list[WorkedPage]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder, pages)
        keys = list(read_keys(folder))
        assert [replace(one, digest=None) for one in keys] == [key(folder, n, page) for n, page in enumerate(pages)]
        assert [one.digest is None for one in keys] == [page.facts is None for page in pages]
        wanted = range(len(pages))[::-1]
        assert read_bodies(folder, wanted) == {n: body(pages[n]) for n in wanted}


@given(batches, st.data())
@QUICK
def test_tables_are_of_the_pages_asked_for(pages: list[WorkedPage], data: st.DataObject) -> None:
    asked = data.draw(st.sets(st.integers(0, len(pages) - 1))) if pages else set()
    with TemporaryDirectory() as name:
        write_pages(Path(name), pages)
        tables = read_page_tables(Path(name), {n: f"{n:012x}" if n % 2 else None for n in asked})
    rows = [whole("pages", pages[n].row | {"doc_id": f"{n:012x}" if n % 2 else None}) for n in asked]
    assert by_key(tables["pages"].to_pylist()) == by_key(rows)
    lines = [row for n in asked for row in removed_rows(pages[n].row["page_id"], pages[n].removed)]
    assert by_key(tables["removed"].to_pylist()) == by_key(lines)
    assert {name: table.schema.names for name, table in tables.items()} == {name: contract.tables()[name].names for name in ("pages", "removed")}


def whole(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(contract.tables()[name].names) | row


def by_key(rows: Sequence[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted((name, str(value)) for name, value in row.items())) for row in rows)


# --- a batch


PAGE = Page("a.txt", "text/plain", "utf-8", "ab" * 32, 90, "导航\n正文", "http://a.example/1.html", "a.example", None, datetime(2024, 5, 1, 8, tzinfo=UTC))
REPORT = Facts("report", "report: 标题", "报告", Place("永济市", "140881", "county"), 2024, delivered_on=date(2024, 3, 22), completeness="full")


def worked(name: str, *cut: str, said: Facts = REPORT, lines: tuple[str, ...] = ("今年的目标是实现增长百分之七左右。",)) -> WorkedPage:
    row = page_row(replace(PAGE, source=f"{name}.txt"), said, Body(lines, said.title, (), ()), page_id=f"{name:0>12}")
    return WorkedPage(row, said, lines, tuple(Removed(n, n + 1, "navigation", "menu", line) for n, line in enumerate(cut)))


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Pages c, a, b; each has lines of its own that were cut off."""
    write_pages(tmp_path, [worked("c", "首页", "上一页"), worked("a", "导航"), worked("b", "下一页", said=replace(REPORT, document_type="news"))])
    return tmp_path


def test_keys_are_read_without_bodies(batch: Path) -> None:
    (batch / "bodies.arrow").unlink()
    (batch / "removed.arrow").unlink()
    assert [(one.source, one.row, one.is_report, one.report) for one in read_keys(batch)] == [
        ("c.txt", 0, True, ("140881", 2024)), ("a.txt", 1, True, ("140881", 2024)), ("b.txt", 2, False, ("140881", 2024)),
    ]  # fmt: skip


def test_tables_are_read_without_bodies(batch: Path) -> None:
    (batch / "bodies.arrow").unlink()
    assert read_page_tables(batch, {0: None})["pages"].num_rows == 1


def test_bodies_are_read_by_row(batch: Path) -> None:
    assert {n: one.page_id[-1] for n, one in read_bodies(batch, [2, 0]).items()} == {2: "b", 0: "c"}
    assert read_bodies(batch, []) == {}


def test_tables_of_pages_are_sorted_and_know_their_documents(batch: Path) -> None:
    tables = read_page_tables(batch, {0: "0123456789ab", 2: None, 1: "ba9876543210"})
    assert [(row["page_id"][-1], row["doc_id"]) for row in tables["pages"].to_pylist()] == [("a", "ba9876543210"), ("b", None), ("c", "0123456789ab")]
    assert [(row["page_id"][-1], row["ordinal"], row["text"]) for row in tables["removed"].to_pylist()] == [
        ("a", 0, "导航"), ("b", 0, "下一页"), ("c", 0, "首页"), ("c", 1, "上一页"),
    ]  # fmt: skip


def test_lines_cut_off_a_page_leave_with_it(batch: Path) -> None:
    tables = read_page_tables(batch, {1: None})
    assert tables["pages"]["page_id"].to_pylist() == [f"{'a':0>12}"]
    assert tables["removed"]["text"].to_pylist() == ["导航"]


def test_a_batch_of_which_no_page_stays_has_tables_without_rows(batch: Path) -> None:
    assert [table.num_rows for table in read_page_tables(batch, {}).values()] == [0, 0]


def test_the_unreadable_page_has_a_key_and_no_body(tmp_path: Path) -> None:
    write_pages(tmp_path, [WorkedPage(unreadable_row("cover.gif", "ab" * 32, 9, page_id="abababababab", reason="cover.gif is an image"))])
    [key] = read_keys(tmp_path)
    assert (key.source, key.is_report, key.completeness, key.n_chars) == ("cover.gif", False, "unknown", 0)
    assert read_bodies(tmp_path, [0])[0].lines == ()
    assert read_page_tables(tmp_path, {0: None})["pages"]["reason"].to_pylist() == ["cover.gif is an image"]


def test_an_arrow_file_is_read_as_it_was_written_and_outlives_its_file(tmp_path: Path) -> None:
    table = pa.table({"n": pa.array([1, None], pa.int32()), "lines": pa.array([["一"], []], pa.list_(pa.string()))})
    write_arrow(tmp_path / "a.arrow", table)
    read = read_arrow(tmp_path / "a.arrow")
    (tmp_path / "a.arrow").unlink()
    assert read.equals(table)
    assert read.schema == table.schema


def test_the_same_pages_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_pages(tmp_path / name, [worked("c", "首页"), worked("a")])
    for file in ("pages.arrow", "bodies.arrow", "removed.arrow"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
