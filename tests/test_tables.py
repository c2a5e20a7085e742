from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from baogao import contract
from baogao.records import Body, Facts, Indicator, Page, Paragraph, Place, Reject, Removed, Report, Section, Sentence, Structure
from baogao.tables import Row, arrow_table, coverage_rows, page_row, reject_rows, removed_rows, report_rows, sort_rows, unreadable_row, word_table

TABLES = contract.tables()
DOC = "0d6e0a5c2b91"
YONGJI = Place("永济市", "140881", "county", "山西省", "运城市", "永济市")
FACTS = Facts("report", "report: 标题", title="永济市政府工作报告", place=YONGJI, report_year=2024, review_year=2023, completeness="full")
PAGE = Page("a.txt", "text/plain", "utf-8", "ab" * 32, 90, "导航\n正文", "http://a.example/1.html", "a.example", "gb2312", datetime(2024, 5, 1, 8, tzinfo=UTC))


def schema_holds(name: str, rows: Sequence[Row]) -> None:
    """Rows have columns of the table alone, and all that must not be null."""
    for row in rows:
        assert set(row) <= set(TABLES[name].names)
        assert [column.name for column in TABLES[name].columns if column.required and row.get(column.name) is None] == []


# --- Arrow


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_of_the_contract_even_without_rows(name: str) -> None:
    table = arrow_table(name, [])
    assert table.num_rows == 0
    assert [(field.name, field.type) for field in table.schema] == [(field.name, field.type) for field in contract.arrow_schema(TABLES[name])]


def test_rows_are_sorted_as_the_contract_says_and_missing_columns_are_null() -> None:
    table = arrow_table("keywords", [{"doc_id": doc, "rank": rank} for doc, rank in (("b", 1), ("a", 10), ("a", 9))])
    assert table.select(["doc_id", "rank", "keyword"]).to_pylist() == [
        {"doc_id": "a", "rank": 9, "keyword": None}, {"doc_id": "a", "rank": 10, "keyword": None}, {"doc_id": "b", "rank": 1, "keyword": None},
    ]  # fmt: skip


def test_rows_without_a_column_of_the_sort_come_last() -> None:
    rejects = [{"table": "words", "id": "a", "expectation": "x", "column": column} for column in (None, "n", "doc_id")]
    assert arrow_table("rejects", rejects)["column"].to_pylist() == ["doc_id", "n", None]


def test_sort_rows_moves_rows_and_changes_none() -> None:
    rows = [{"page_id": "b", "ordinal": 0}, {"page_id": "a", "ordinal": 2}, {"page_id": "a", "ordinal": 1}]
    mixed = pa.Table.from_pylist(rows, schema=contract.arrow_schema(TABLES["removed"], nullable=True))
    assert [(row["page_id"], row["ordinal"]) for row in sort_rows("removed", mixed).to_pylist()] == [("a", 1), ("a", 2), ("b", 0)]


@pytest.mark.parametrize("name", TABLES)
def test_the_release_of_the_seed_has_rows_in_the_order_of_the_contract(seed_release: Any, name: str) -> None:
    table = seed_release.table(name)
    assert table.equals(sort_rows(name, table))
    assert table.schema.names == TABLES[name].names


# --- pages


def test_a_page_of_a_report_is_accepted() -> None:
    row = page_row(PAGE, FACTS, Body(("正文",), "报告", (), ()), page_id="4be4a2ad1b6f")
    schema_holds("pages", [row])
    assert row == {
        "page_id": "4be4a2ad1b6f", "source": "a.txt", "site": "a.example", "url": "http://a.example/1.html", "media_type": "text/plain",
        "encoding": "utf-8", "encoding_declared": "gb2312", "sha256": "ab" * 32, "n_bytes": 90, "retrieved_at": datetime(2024, 5, 1, 8, tzinfo=UTC),
        "page_title": "报告", "base_url": None, "part_number": None, "part_count": None, "document_type": "report", "reason": "report: 标题",
        "n_chars_raw": 5, "n_chars_kept": 2, "status": "accepted", "corruption": None, "published_on": None, "content_source": None, "author": None,
        "editor": None, "issuer": None, "index_number": None, "document_number": None, "column_name": None, "site_name": None, "site_id_code": None,
    }  # fmt: skip


def test_what_a_page_states_of_itself_stands_in_its_row() -> None:
    stated = {"published": "2024年3月25日 09:10", "source": "望川日报", "editor": "阮青", "column": "政府工作报告", "site_id_code": "9900000001", "html_title": "望川"}
    row = page_row(PAGE, FACTS, Body(("正文",), "报告", (), (), metadata=stated), page_id="4be4a2ad1b6f")
    schema_holds("pages", [row])
    said = {name: row[name] for name in ("published_on", "content_source", "editor", "column_name", "site_id_code", "author")}
    assert said == {
        "published_on": date(2024, 3, 25), "content_source": "望川日报", "editor": "阮青", "column_name": "政府工作报告", "site_id_code": "9900000001", "author": None,
    }  # fmt: skip


def test_a_page_that_is_of_no_use_is_rejected_and_says_why() -> None:
    facts = replace(FACTS, corruption="lost_digits 14", verdict="corrupt: lost_digits: 14 in 900 characters")
    row = page_row(PAGE, facts, Body(("正文",), "报告", (), ()), page_id="4be4a2ad1b6f")
    assert (row["status"], row["corruption"]) == ("rejected", "lost_digits 14")
    assert row["reason"] == "corrupt: lost_digits: 14 in 900 characters; report: 标题"


@pytest.mark.parametrize("kind", ["resolution", "news", "policy", "interpretation", "template", "other"])
def test_a_page_of_anything_else_is_rejected(kind: Any) -> None:
    assert page_row(PAGE, replace(FACTS, document_type=kind), Body(("正文",), None, (), ()), page_id="4be4a2ad1b6f")["status"] == "rejected"


def test_a_page_of_which_nothing_was_kept_is_rejected() -> None:
    assert page_row(PAGE, FACTS, Body((), None, (), ()), page_id="4be4a2ad1b6f")["status"] == "rejected"


def test_an_unreadable_page_has_a_row_with_its_reason() -> None:
    row = unreadable_row("cover.gif", "ab" * 32, 9, page_id="abababababab", reason="cover.gif is an image")
    schema_holds("pages", [row])
    assert (row["status"], row["reason"], row["encoding"], row["n_chars_raw"]) == ("rejected", "cover.gif is an image", "binary", 0)


def test_removed_lines_are_numbered_and_cut_after_200_characters() -> None:
    lines = [Removed(0, 300, "disclaimer", "disclaimer", "声" * 300), Removed(301, 303, "navigation", "menu", "首页"), Removed(304, 504, "other", "x", "𠮷" * 200)]
    rows = removed_rows("4be4a2ad1b6f", lines)
    schema_holds("removed", rows)
    assert [(row["ordinal"], row["text"]) for row in rows] == [(0, "声" * 200), (1, "首页"), (2, "𠮷" * 200)]
    assert rows[1] == {"page_id": "4be4a2ad1b6f", "ordinal": 1, "start": 301, "end": 303, "kind": "navigation", "rule": "menu", "text": "首页"}
    assert [row["end"] - row["start"] for row in rows] == [300, 2, 200]


# --- reports


def structure(said: Sequence[tuple[str, Sequence[Indicator]]], **facts: Any) -> Structure:
    """A report of sentences, each a paragraph with the indicators that it holds."""
    starts = [sum(len(text) + 1 for text, _ in said[:n]) for n in range(len(said))]
    spans = [(start, start + len(text)) for start, (text, _) in zip(starts, said, strict=True)]
    return Structure(
        report=Report(DOC, replace(FACTS, **facts), "\n".join(text for text, _ in said), ("4be4a2ad1b6f",), rights_basis="unknown"),
        sections=(Section(0, spans[-1][1], 1, "opening"),),
        paragraphs=tuple(Paragraph(start, end, 0) for start, end in spans),
        sentences=tuple(Sentence(start, end, n) for n, (start, end) in enumerate(spans)),
        indicators=tuple((n, replace(one, start=starts[n] + one.start, end=starts[n] + one.end)) for n, (_, found) in enumerate(said) for one in found),
    )


def target(indicator: str | None = "gdp", value: float | None = 7, **more: Any) -> Indicator:
    """A target for 2024."""
    said = {"start": 0, "end": 2, "name": "生产总值", "measure": "growth", "quote": "7%", "rule": "clause", "unit": "%", "status": "target"}
    year = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}
    return Indicator(**{"indicator": indicator, "value": value, **said, **year, **more})


def targets(*said: tuple[str, Sequence[Indicator]], **facts: Any) -> list[Row]:
    rows = report_rows(structure(said, **facts))["targets"]
    schema_holds("targets", rows)
    return rows


def test_rows_of_a_report_have_the_columns_of_the_contract() -> None:
    tables = report_rows(structure([("今年目标增长7%。", [target()]), ("今年目标增长7%。", [target()])]))
    assert list(tables) == ["reports", "sections", "paragraphs", "sentences", "indicators", "targets"]
    for name, rows in tables.items():
        assert rows
        schema_holds(name, rows)
        ids = [tuple(row[part] for part in TABLES[name].key) for row in rows]
        assert len(set(ids)) == len(ids)


def test_rows_of_a_report_point_to_one_another() -> None:
    tables = report_rows(structure([("第一句。", []), ("今年目标增长7%。", [target()])]))
    [section], paragraphs, sentences, [indicator], [goal] = (tables[name] for name in ("sections", "paragraphs", "sentences", "indicators", "targets"))
    assert {row["section_id"] for row in paragraphs} == {section["section_id"]}
    assert [row["paragraph_id"] for row in sentences] == [row["paragraph_id"] for row in paragraphs]
    assert indicator["sentence_id"] == sentences[1]["sentence_id"]
    assert goal["indicator_id"] == indicator["indicator_id"]
    assert {row["doc_id"] for rows in tables.values() for row in rows} == {DOC}
    assert [row["text"] for row in sentences] == ["第一句。", "今年目标增长7%。"]
    assert [row["ordinal"] for row in sentences] == [row["ordinal"] for row in paragraphs] == [0, 1]


def test_a_subsection_points_to_its_section() -> None:
    made = structure([("一、工作\n(一)项目", [])])
    nested = replace(made, sections=(Section(0, 9, 1, "tasks", "一、", "工作"), Section(5, 9, 2, "tasks", "(一)", "项目", parent=0)))
    outer, inner = report_rows(nested)["sections"]
    assert (outer["parent_id"], inner["parent_id"]) == (None, outer["section_id"])


def test_the_row_of_a_report_has_its_facts_and_counts() -> None:
    [row] = report_rows(structure([("第一句。", []), ("今年目标增长7%。", [target(), target("cpi")])]))["reports"]
    said = {
        "doc_id": DOC, "report_key": "140881-2024", "title": "永济市政府工作报告", "place_name": "永济市", "place_code": "140881", "level": "county",
        "province": "山西省", "prefecture": "运城市", "county": "永济市", "report_year": 2024, "review_year": 2023, "completeness": "full",
        "n_chars": 14, "n_sections": 1, "n_paragraphs": 2, "n_sentences": 2, "n_indicators": 2, "rights_basis": "unknown", "text_published": True,
        "is_canonical": True, "text": "第一句。\n今年目标增长7%。",
    }  # fmt: skip
    assert said.items() <= row.items()


def test_a_report_of_which_little_is_known_has_a_row_all_the_same() -> None:
    tables = report_rows(structure([("今年目标增长7%。", [target()])], title=None, place=None, report_year=None))
    [row] = tables["reports"]
    schema_holds("reports", [row])
    assert (row["title"], row["report_key"], row["place_name"], row["place_code"]) == ("政府工作报告", None, None, None)
    assert (tables["indicators"][0]["report_key"], tables["targets"][0]["place_code"]) == (None, None)


def test_a_place_without_a_code_has_its_name_and_no_key() -> None:
    [row] = report_rows(structure([("第一句。", [])], place=Place("滨海新区")))["reports"]
    assert (row["place_name"], row["place_code"], row["report_key"]) == ("滨海新区", None, None)


def test_the_unit_is_folded_and_the_quote_is_not() -> None:
    [row] = report_rows(structure([("７％。", [target(quote="７％", unit="％")])]))["indicators"]
    assert (row["unit"], row["quote"]) == ("%", "７％")


# --- targets


def test_a_target_has_the_sentence_that_states_it() -> None:
    [row] = targets(("回顾。", []), ("今年目标增长7%。", [target(tone="力争", bound="ge", value_low=7.0)]))
    assert {
        "doc_id": DOC, "report_key": "140881-2024", "report_year": 2024, "place_code": "140881", "indicator": "gdp", "value": 7, "value_low": 7.0,
        "value_high": None, "unit": "%", "bound": "ge", "tone": "力争", "tier": "base", "reference": None, "is_explicitly_absent": False,
        "quote": "今年目标增长7%。",
    }.items() <= row.items()  # fmt: skip


def test_one_row_for_each_indicator_and_tier() -> None:
    rows = targets(("目标。", [target(), target(value=8, tier="stretch"), target("cpi", 3), target(value=9)]))
    assert [(row["indicator"], row["tier"], row["value"]) for row in rows] == [("gdp", "base", 7), ("gdp", "stretch", 8), ("cpi", "base", 3)]


def test_the_sentence_that_speaks_of_goals_comes_before_all() -> None:
    [row] = targets(("全年增长6%。", [target(value=6)]), ("预期目标是城镇化率。", [target(value=1, measure="relation")]))
    assert row["quote"] == "预期目标是城镇化率。"


@pytest.mark.parametrize("order", [("growth", "level", "relation", "multiple"), ("share", "change"), ("index", "level"), ("change", "multiple")])
def test_of_one_sentence_the_measure_that_people_quote_comes_first(order: tuple[str, ...]) -> None:
    said = [target(value=n, measure=measure) for n, measure in enumerate(order)]
    [row] = targets(("目标。", said[::-1]))
    assert row["value"] == 0


def test_of_equal_targets_the_first_stays() -> None:
    [row] = targets(("目标一。", [target(value=7)]), ("目标二。", [target(value=8)]))
    assert row["quote"] == "目标一。"


@pytest.mark.parametrize("status", ["actual", "estimate", "expected", "past_target"])
def test_what_is_no_target_is_none(status: str) -> None:
    assert targets(("目标。", [target(status=status)])) == []


@pytest.mark.parametrize("measure", ["gap", "completion", "rank", "ratio"])
def test_comparisons_are_no_targets(measure: str) -> None:
    assert targets(("目标。", [target(measure=measure)])) == []


def test_an_indicator_that_the_vocabulary_lacks_is_no_target() -> None:
    assert targets(("目标。", [target(None)])) == []


@pytest.mark.parametrize(
    "period",
    [
        {"period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31)},
        {"period_start": date(2024, 1, 1), "period_end": date(2025, 12, 31)},
        {"period_start": date(2021, 1, 1), "period_end": date(2024, 12, 31)},
        {"period_start": None, "period_end": None},
        {"period_start": None, "period_end": date(2024, 12, 31)},
    ],
)
def test_a_target_for_another_time_is_no_annual_target(period: dict[str, Any]) -> None:
    assert targets(("目标。", [target(**period)])) == []


def test_a_report_without_a_year_has_the_targets_that_it_states() -> None:
    [row] = targets(("目标。", [target(period_start=None, period_end=None), target("cpi", status="actual")]), report_year=None)
    assert (row["indicator"], row["report_year"]) == ("gdp", None)


def test_a_target_that_is_not_set_points_to_no_indicator() -> None:
    [row] = targets(("没有提出具体目标。", [target(value=None, unit=None, measure="relation", rule="relation-absent")]))
    assert (row["is_explicitly_absent"], row["indicator_id"], row["value"]) == (True, None, None)


# --- words, coverage, rejects


def test_words_are_counted_by_report() -> None:
    rows = word_table({DOC: {"项目": 2, "永济": 3}, "f" * 12: {}}).to_pylist()
    schema_holds("words", rows)
    assert rows == [{"doc_id": DOC, "word": "永济", "n": 3}, {"doc_id": DOC, "word": "项目", "n": 2}]


def report(completeness: str, code: str | None = "140881", year: int | None = 2024) -> Row:
    return {"place_code": code, "place_name": "永济市", "level": "county", "report_year": year, "completeness": completeness}


def nobody(_: int) -> list[Place]:
    return []


@pytest.mark.parametrize(
    ("held", "best"),
    [
        (["excerpt"], "excerpt"), (["excerpt", "full"], "full"), (["full", "abridged"], "full"), (["excerpt", "abridged"], "abridged"),
        (["abridged", "excerpt", "excerpt"], "abridged"), (["unknown", "excerpt"], "excerpt"),
    ],
)  # fmt: skip
def test_coverage_says_the_best_that_is_held(held: list[str], best: str) -> None:
    rows = coverage_rows([report(one) for one in held], nobody)
    schema_holds("coverage", rows)
    assert rows == [{"place_code": "140881", "place_name": "永济市", "level": "county", "report_year": 2024, "status": best, "n_documents": len(held)}]


def test_coverage_has_a_row_for_each_place_and_year() -> None:
    rows = coverage_rows([report("full"), report("full", year=2023), report("excerpt", code="140800"), report("full", code=None), report("full", year=None)], nobody)
    assert [(row["place_code"], row["report_year"], row["status"]) for row in arrow_table("coverage", rows).to_pylist()] == [
        ("140800", 2024, "excerpt"), ("140881", 2023, "full"), ("140881", 2024, "full"),
    ]  # fmt: skip


def test_places_that_had_to_report_and_are_not_held_are_missing_in_the_years_that_some_report_is_of() -> None:
    had_to = {2023: [Place("运城市", "140800", "prefecture"), YONGJI], 2024: [Place("运城市", "140800", "prefecture")], 2025: []}
    rows = coverage_rows([report("full", year=2023), report("full", year=2024)], lambda year: had_to[year])
    schema_holds("coverage", rows)
    assert [(row["place_name"], row["report_year"], row["status"], row["n_documents"]) for row in arrow_table("coverage", rows).to_pylist()] == [
        ("运城市", 2023, "missing", 0), ("运城市", 2024, "missing", 0), ("永济市", 2023, "full", 1), ("永济市", 2024, "full", 1),
    ]  # fmt: skip


def test_rejects_have_each_failure_once() -> None:
    one = Reject("words", "a/词", "foreign_key", "doc_id a is no row of reports that passed", "doc_id", "a")
    rows = reject_rows([one, one, replace(one, column="n"), replace(one, expectation="x"), replace(one, id="b/词"), replace(one, table="keywords")])
    schema_holds("rejects", rows)
    assert len(rows) == 5
