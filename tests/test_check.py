"""Checks across the tables of a batch, on the seed's report with rows spoiled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baogao import contract
from baogao.check import Missed, Tables, check_release, check_rows
from baogao.expectations import Violation
from baogao.records import Reject
from baogao.tables import arrow_table

ROWS = Path(__file__).parent / "counterexamples" / "rows"
OF_A_REPORT = ("reports", "sections", "paragraphs", "sentences", "indicators", "targets", "words", "keywords")
COUNTS = ("n_sections", "n_paragraphs", "n_sentences", "n_indicators")
ORIGIN = "4be4a2ad1b6f"


def rejected_keys(rejects: list[Reject], table: str) -> set[str]:
    return {one.id for one in rejects if one.table == table}


@pytest.fixture(scope="module")
def seed(seed_release: Any) -> Tables:
    """The tables of the seed's report."""
    return {name: arrow_table(name, seed_release.table(name).to_pylist()) for name in OF_A_REPORT}


def spoil(tables: Mapping[str, pa.Table], name: str, changes: Mapping[int, Mapping[str, Any]]) -> Tables:
    rows = [row | changes.get(n, {}) for n, row in enumerate(tables[name].to_pylist())]
    return {**tables, name: pa.Table.from_pylist(rows, schema=tables[name].schema)}


def doc_id(tables: Mapping[str, pa.Table]) -> str:
    return str(tables["reports"]["doc_id"][0].as_py())


def check(tables: Mapping[str, pa.Table]) -> tuple[Tables, list[Reject]]:
    return check_rows(tables, {doc_id(tables): ORIGIN})


def said(rejects: list[Reject]) -> set[tuple[str, str, str | None]]:
    return {(one.table, one.expectation, one.column) for one in rejects}


def keys(tables: Mapping[str, pa.Table], name: str) -> set[str]:
    parts = [tables[name][part].to_pylist() for part in contract.tables()[name].key]
    return {"/".join(map(str, row)) for row in zip(*parts, strict=True)}


def rows(tables: Mapping[str, pa.Table], name: str, *without: str) -> list[dict[str, Any]]:
    return [{column: value for column, value in row.items() if column not in without} for row in tables[name].to_pylist()]


# --- what passes


def test_a_sound_report_is_kept_as_it_is(seed: Tables) -> None:
    kept, rejects = check(seed)
    assert rejects == []
    assert {name: table.to_pylist() for name, table in kept.items()} == {name: table.to_pylist() for name, table in seed.items()}
    assert list(kept) == list(seed)


def test_tables_without_rows_pass() -> None:
    kept, rejects = check_rows({name: arrow_table(name, []) for name in OF_A_REPORT})
    assert rejects == []
    assert [table.num_rows for table in kept.values()] == [0] * len(OF_A_REPORT)


# --- what hangs on what


def test_a_rejected_paragraph_takes_its_sentences_indicators_and_targets(seed: Tables) -> None:
    [(n, paragraph)] = [(n, row) for n, row in enumerate(rows(seed, "paragraphs")) if "主要预期目标是" in row["text"]]
    kept, rejects = check(spoil(seed, "paragraphs", {n: {"is_list_item": None}}))
    lost = {row["sentence_id"] for row in rows(seed, "sentences") if row["paragraph_id"] == paragraph["paragraph_id"]}
    figures = {row["indicator_id"] for row in rows(seed, "indicators") if row["sentence_id"] in lost}
    assert len(figures) >= 8
    assert rejected_keys(rejects, "paragraphs") == {paragraph["paragraph_id"]}
    assert rejected_keys(rejects, "sentences") == lost
    assert rejected_keys(rejects, "indicators") == figures
    assert keys(kept, "sentences") == keys(seed, "sentences") - lost
    assert keys(kept, "indicators") == keys(seed, "indicators") - figures
    assert kept["targets"].num_rows == 0
    assert kept["words"].equals(seed["words"])
    assert rejects[0] == Reject("paragraphs", paragraph["paragraph_id"], "expect_column_values_to_not_be_null", "is_list_item is missing", "is_list_item", None, ORIGIN)
    assert said(rejects[1:]) == {("sentences", "foreign_key", "paragraph_id"), ("indicators", "foreign_key", "sentence_id"), ("targets", "foreign_key", "indicator_id")}
    [orphan] = [one for one in rejects if one.id == min(lost)]
    assert orphan.reason == f"paragraph_id {paragraph['paragraph_id']} is no row of paragraphs that passed"
    assert (orphan.value, orphan.page_id) == (paragraph["paragraph_id"], ORIGIN)


def test_a_rejected_report_takes_all_its_rows(seed: Tables) -> None:
    kept, rejects = check(spoil(seed, "reports", {0: {"session": 35}}))
    assert {name: table.num_rows for name, table in kept.items()} == dict.fromkeys(OF_A_REPORT, 0)
    assert {name: rejected_keys(rejects, name) for name in OF_A_REPORT} == {name: keys(seed, name) for name in OF_A_REPORT}
    assert rejects[0] == Reject("reports", doc_id(seed), "expect_column_values_to_be_between", "session 35 is above 30", "session", "35", ORIGIN)
    assert said(rejects[1:]) >= {(name, "foreign_key", "doc_id") for name in OF_A_REPORT[1:]}


def test_a_rejected_section_takes_its_subsections_and_their_paragraphs(seed: Tables) -> None:
    sections = rows(seed, "sections")
    [parent] = [n for n, row in enumerate(sections) if row["marker"] == "二、"]
    [child] = [row for row in sections if row["parent_id"] == sections[parent]["section_id"]]
    kept, rejects = check(spoil(seed, "sections", {parent: {"depth": 10}}))
    assert ("sections", "foreign_key", "parent_id") in said(rejects)
    assert rejected_keys(rejects, "sections") == {sections[parent]["section_id"], child["section_id"]}
    gone = {sections[parent]["section_id"], child["section_id"]}
    assert {row["section_id"] for row in rows(kept, "paragraphs")} == {row["section_id"] for row in rows(seed, "paragraphs")} - gone


def test_a_section_takes_all_below_it_however_deep_and_a_report_that_is_left_empty(seed: Tables) -> None:
    first, parent, child = rows(seed, "sections")
    paragraph = next(row for row in rows(seed, "paragraphs")[::-1] if row["start"] > child["start"])
    below = child | {"section_id": child["section_id"][:-1] + "x", "parent_id": child["section_id"], "ordinal": 3, "depth": 3, "start": paragraph["start"]}
    text = {name: seed[name] if name in {"reports", "sections", "paragraphs", "sentences"} else arrow_table(name, []) for name in OF_A_REPORT}
    text["sections"] = arrow_table("sections", [first, parent, child, below])
    _, rejects = check(spoil(text, "sections", {1: {"depth": 10}, 3: {"section_id": child["section_id"][:-1] + "0"}}))
    assert [one.id[:-1] for one in rejects if one.table == "sections"] == [one["section_id"][:-1] for one in (parent, child, below)]
    kept, rejects = check(spoil(text, "sections", {0: {"depth": 10}, 1: {"depth": 10}, 3: {"section_id": child["section_id"][:-1] + "0"}}))
    assert {one.reason for one in rejects if one.table == "reports"} >= {"n_paragraphs 0 is below 1"}
    assert not any(table.num_rows for table in kept.values())


def test_a_report_without_a_sentence_left_is_rejected(seed: Tables) -> None:
    kept, rejects = check(spoil(seed, "sentences", {n: {"ordinal": None} for n in range(seed["sentences"].num_rows)}))
    [reason] = [one.reason for one in rejects if one.table == "reports"]
    assert reason == "n_sentences 0 is below 1"
    assert not any(table.num_rows for table in kept.values())


def test_documents_stand_and_fall_alone_even_where_one_repeats_the_other(seed: Tables) -> None:
    old, new = doc_id(seed), "0123456789ab"
    both, seed = {}, spoil(seed, "reports", {0: {"near_duplicate_of": new, "is_canonical": False}})
    for name, table in seed.items():
        copies = [{column: value.replace(old, new) if isinstance(value, str) else value for column, value in row.items()} for row in table.to_pylist()]
        both[name] = arrow_table(name, [*table.to_pylist(), *copies])
    [spoiled] = [n for n, row in enumerate(rows(both, "reports")) if row["doc_id"] == new]
    kept, rejects = check_rows(spoil(both, "reports", {spoiled: {"rights_basis": None}}), {old: ORIGIN})
    assert {name: table.to_pylist() for name, table in kept.items()} == {name: table.to_pylist() for name, table in seed.items()}
    assert {one.page_id for one in rejects} == {None}


# --- offsets


@pytest.mark.parametrize(("name", "column"), [("paragraphs", "text"), ("sentences", "text"), ("indicators", "quote")])
@pytest.mark.parametrize("wrong", ["a word changed", "one character on"])
def test_a_quote_that_is_not_the_slice_is_found(seed: Tables, name: str, column: str, wrong: str) -> None:
    row = rows(seed, name)[2]
    changes = {column: row[column][:-1] + "某"} if wrong == "a word changed" else {"start": row["start"] + 1, "end": row["end"] + 1}
    alone = {other: seed[other] if other in {"reports", name} else arrow_table(other, []) for other in ("reports", "sections", "paragraphs", "sentences", "indicators")}
    [reject] = [one for one in check(spoil(alone, name, {2: changes}))[1] if one.expectation == "quote_equals_slice"]
    start, end = (changes.get(part, row[part]) for part in ("start", "end"))
    assert (reject.table, reject.column, reject.value) == (name, column, changes.get(column, row[column]))
    assert reject.reason == f"{column} is not what the report's text has from {start} to {end}"
    assert reject.id == row[contract.tables()[name].key[0]]


# --- rows against each other


def section_of(tables: Tables, marker: str | None) -> dict[str, Any]:
    [found] = [row for row in rows(tables, "sections") if row["marker"] == marker]
    return found


FAULTS: list[dict[str, Any]] = yaml.safe_load((ROWS.parent / "across.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", FAULTS, ids=[case["what"] for case in FAULTS])
def test_a_row_that_disagrees_with_others_is_turned_away_with_the_reason(seed: Tables, case: dict[str, Any]) -> None:
    name = case["table"]
    sentence, paragraph = rows(seed, "sentences")[0], rows(seed, "paragraphs")[-1]
    words = {
        "doc": doc_id(seed), "parent": section_of(seed, "二、")["section_id"], "span": f"{sentence['start']} to {sentence['end']}",
        "last paragraph": paragraph["paragraph_id"], "last span": f"{paragraph['start']} to {paragraph['end']}", "last start": paragraph["start"],
    }  # fmt: skip
    said = {key: value.format_map(words) if isinstance(value, str) else value for key, value in case["change"].items()}
    spoiled = spoil(seed, name, {case["row"]: said})
    kept, rejects = check(spoiled)
    found = [one for one in rejects if (one.expectation, one.column) == (case["expectation"], case["column"])]
    assert case["reason"].format_map(words) in {one.reason for one in found}
    assert {one.table for one in found} == {name}
    assert keys(spoiled, name) - keys(kept, name) >= {one.id for one in found}
    assert check_rows(kept)[1] == []


def test_a_row_that_fails_several_expectations_is_rejected_with_all_reasons(seed: Tables) -> None:
    _, rejects = check(spoil(seed, "sentences", {0: {"ordinal": None, "report_year": 1900, "text": "另一句话。"}}))
    own = [(one.expectation, one.column) for one in rejects if one.id == rows(seed, "sentences")[0]["sentence_id"]]
    assert own == [
        ("expect_column_values_to_be_between", "report_year"), ("expect_column_values_to_not_be_null", "ordinal"), ("quote_equals_slice", "text"),
        ("equals_report", "report_year"),
    ]  # fmt: skip


# What a cell may be spoiled to: nothing, another row's value, a number on, another text.
SPOILS = st.sampled_from(["null", "other", "on", "text"])


@st.composite
def spoils(draw: st.DrawFn, tables: Mapping[str, pa.Table]) -> list[tuple[str, int, str, str, int]]:
    def one() -> tuple[str, int, str, str, int]:
        name = draw(st.sampled_from([name for name in tables if tables[name].num_rows]))
        cell = draw(st.sampled_from(tables[name].column_names))
        return name, draw(st.integers(0, tables[name].num_rows - 1)), cell, draw(SPOILS), draw(st.integers(0, tables[name].num_rows - 1))

    return [one() for _ in range(draw(st.integers(1, 6)))]


def spoil_cell(tables: Tables, name: str, row: int, column: str, how: str, other: int) -> Tables:
    cells = tables[name][column].to_pylist()
    kind = tables[name].schema.field(column).type
    value = cells[row]
    if how == "on" and (pa.types.is_integer(kind) or pa.types.is_floating(kind)) and value is not None:
        value += 1 + other
    elif how == "text" and pa.types.is_string(kind):
        value = "另一句话。"
    else:
        value = None if how == "null" else cells[other]
    return spoil(tables, name, {row: {column: value}})


def spoiled_and_judged_twice(seed: Tables, cells: list[tuple[str, int, str, str, int]]) -> None:
    tables = seed
    for cell in cells:
        tables = spoil_cell(tables, *cell)
    kept, rejects = check_rows(tables)
    again, left = check_rows(kept)
    assert left == []
    assert {name: table.to_pylist() for name, table in again.items()} == {name: table.to_pylist() for name, table in kept.items()}
    for name in tables:
        assert all(row in rows(tables, name, *COUNTS) for row in rows(kept, name, *COUNTS))
        gone = tables[name].num_rows - kept[name].num_rows
        assert gone == 0 or rejected_keys(rejects, name)


@given(st.data())
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_spoiled_what_is_kept_passes_a_second_time(seed: Tables, data: st.DataObject) -> None:
    """Of rows against each other; expectations of suites look at one row, or at keys, and are not asked again here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("baogao.expectations.violations", missing_or_twice)
        spoiled_and_judged_twice(seed, data.draw(spoils(seed)))


def missing_or_twice(table: contract.Table, rows: pa.Table) -> list[Violation]:
    """What a suite says of nulls in required columns and of keys that stand twice."""
    found = [
        Violation(n, "expect_column_values_to_not_be_null", column.name, None, f"{column.name} is missing")
        for column in table.columns
        if column.required
        for n, value in enumerate(rows[column.name].to_pylist())
        if value is None
    ]
    whole = list(zip(*(rows[part].to_pylist() for part in table.key), strict=True))
    return found + [Violation(n, "key", None, None, "twice") for n, key in enumerate(whole) if whole.count(key) > 1]


@given(st.data())
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_spoiled_what_is_kept_passes_its_suites_a_second_time(seed: Tables, data: st.DataObject) -> None:
    spoiled_and_judged_twice(seed, data.draw(spoils(seed)))


# --- spoiled rows of all kinds


@pytest.fixture(scope="module")
def spoiled(seed: Tables) -> tuple[Tables, dict[str, set[str]]]:
    """The seed with the counterexamples of five tables in its rows, a case a row as far as there are rows, and the keys of what was spoiled."""
    tables, ids = seed, {}
    for name in ("sentences", "indicators", "targets", "words", "keywords"):
        cases = [case["change"] for case in yaml.safe_load((ROWS / f"{name}.yaml").read_text(encoding="utf-8")) if "change" in case]
        half = seed[name].num_rows // 2
        tables = spoil(tables, name, {n * 2: case for n, case in enumerate(cases[:half])})
        ids[name] = {"/".join(str(tables[name][part][n * 2].as_py()) for part in contract.tables()[name].key) for n in range(len(cases[:half]))}
    return tables, ids


@pytest.fixture(scope="module")
def judged(spoiled: tuple[Tables, dict[str, set[str]]]) -> tuple[Tables, list[Reject]]:
    return check(spoiled[0])


def test_all_that_was_spoiled_is_turned_away(spoiled: tuple[Tables, dict[str, set[str]]], judged: tuple[Tables, list[Reject]]) -> None:
    kept, rejects = judged
    for name, ids in spoiled[1].items():
        assert ids <= rejected_keys(rejects, name)
        assert not ids & keys(kept, name)


def test_every_row_is_kept_or_rejected_and_none_is_mended(spoiled: tuple[Tables, dict[str, set[str]]], judged: tuple[Tables, list[Reject]]) -> None:
    kept, rejects = judged
    for name, table in spoiled[0].items():
        before, after = rows(spoiled[0], name, *COUNTS), rows(kept, name, *COUNTS)
        assert after
        assert all(row in before for row in after)
        assert keys(kept, name) | rejected_keys(rejects, name) == keys(spoiled[0], name)
        assert not keys(kept, name) & rejected_keys(rejects, name)
        assert kept[name].schema == table.schema


def test_counts_of_a_report_are_of_the_rows_that_were_kept(judged: tuple[Tables, list[Reject]], seed: Tables) -> None:
    [report], [before] = rows(judged[0], "reports"), rows(seed, "reports")
    assert [report[name] for name in COUNTS] == [judged[0][name.removeprefix("n_")].num_rows for name in COUNTS]
    assert report["n_sentences"] < before["n_sentences"]
    assert report["n_indicators"] < before["n_indicators"]


def test_the_order_of_the_rows_stays(spoiled: tuple[Tables, dict[str, set[str]]], judged: tuple[Tables, list[Reject]]) -> None:
    for name, table in judged[0].items():
        before = rows(spoiled[0], name, *COUNTS)
        places = [before.index(row) for row in rows(judged[0], name, *COUNTS)]
        assert places == sorted(places), name
        assert table.num_rows == len(places)


def test_what_was_kept_passes_a_second_time(judged: tuple[Tables, list[Reject]]) -> None:
    again, rejects = check(judged[0])
    assert rejects == []
    assert {name: table.to_pylist() for name, table in again.items()} == {name: table.to_pylist() for name, table in judged[0].items()}


# --- pages


def page(page_id: str, **more: Any) -> dict[str, Any]:
    return {
        "page_id": page_id, "source": f"{page_id}.txt", "media_type": "text/plain", "encoding": "utf-8", "sha256": "0" * 64, "n_bytes": 9,
        "document_type": "news", "n_chars_raw": 3, "n_chars_kept": 3, "status": "rejected",
    } | more  # fmt: skip


def test_a_rejected_page_takes_the_lines_that_were_cut_off_it() -> None:
    pages = [page("00000000000a"), page("00000000000b", n_bytes=None)]
    removed = [
        {"page_id": one["page_id"], "ordinal": n, "start": n, "end": n + 2, "kind": "navigation", "rule": "menu", "text": "首页"} for one in pages for n in (0, 1)
    ]
    kept, rejects = check_rows({"pages": arrow_table("pages", pages), "removed": arrow_table("removed", removed)})
    assert keys(kept, "pages") == {"00000000000a"}
    assert keys(kept, "removed") == {"00000000000a/0", "00000000000a/1"}
    assert [(one.table, one.id, one.page_id) for one in rejects] == [
        ("pages", "00000000000b", "00000000000b"), ("removed", "00000000000b/0", "00000000000b"), ("removed", "00000000000b/1", "00000000000b"),
    ]  # fmt: skip


def test_the_report_of_a_page_is_settled_later() -> None:
    kept, rejects = check_rows({"pages": arrow_table("pages", [page("00000000000a", doc_id="0123456789ab", status="accepted", document_type="report")])})
    assert rejects == []
    assert kept["pages"]["doc_id"].to_pylist() == ["0123456789ab"]


# --- the release


ASSERTED = contract.package()["assertions"]
COUNTED: dict[str, float] = {**ASSERTED["minimum"], **dict.fromkeys(ASSERTED["maximum"], 0)}


def test_a_release_within_all_bounds_misses_nothing() -> None:
    assert check_release(COUNTED) == []
    assert check_release({**ASSERTED["minimum"], **ASSERTED["maximum"]}) == []


def test_a_minimum_missed_fails_the_release() -> None:
    [missed] = check_release(COUNTED | {"reports.rows": 0})
    assert missed == Missed("reports.rows", 1, 0, fails=True)
    assert str(missed) == "reports.rows is 0, below the minimum of 1"


def test_a_maximum_passed_only_warns() -> None:
    [missed] = check_release(COUNTED | {"rejects.share": 0.02})
    assert missed == Missed("rejects.share", 0.01, 0.02, fails=False)
    assert str(missed) == "rejects.share is 0.02, above the maximum of 0.01"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reports.rows", "reports.rows is 0, below the minimum of 1"),
        ("rejects.share", "rejects.share is inf, above the maximum of 0.01"),
    ],
)
def test_an_assertion_on_a_count_that_is_not_there_fails(name: str, said: str) -> None:
    [missed] = check_release({other: count for other, count in COUNTED.items() if other != name})
    assert (str(missed), missed.fails) == (said, True)


def test_every_assertion_of_the_package_is_judged() -> None:
    low, high = ASSERTED["minimum"], ASSERTED["maximum"]
    worst = check_release({**{name: bound - 0.1 for name, bound in low.items()}, **{name: bound + 0.1 for name, bound in high.items()}})
    assert {one.assertion: one.fails for one in worst} == dict.fromkeys(low, True) | dict.fromkeys(high, False)


def test_rejected_keys_are_those_of_one_table() -> None:
    rejects = [Reject("words", "a/词", "x", "y"), Reject("keywords", "a/词", "x", "y"), Reject("words", "b/词", "x", "y"), Reject("words", "b/词", "z", "y")]
    assert rejected_keys(rejects, "words") == {"a/词", "b/词"}
