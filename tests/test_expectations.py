"""Each row of counterexamples/rows, and what must be found wrong with it."""

from __future__ import annotations

import functools
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from baogao import contract
from baogao.contract import Column, Table
from baogao.expectations import Violation, violations

ROWS = Path(__file__).parent / "counterexamples" / "rows"
TABLES = contract.tables()
CASES = {name: yaml.safe_load((ROWS / f"{name}.yaml").read_text(encoding="utf-8")) for name in TABLES}
CHANGES = [(name, n) for name, cases in CASES.items() for n, case in enumerate(cases) if "change" in case]
COPIES = [(name, case) for name, cases in CASES.items() for case in cases if "copies" in case]
OF_KEYS = {"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"}

each_table = pytest.mark.parametrize("name", TABLES)


def example(column: Column) -> Any:
    said: Any = column.example
    return {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}.get(column.type, lambda value: value)(said)


def example_row(name: str) -> dict[str, Any]:
    return {column.name: example(column) for column in TABLES[name].columns}


def arrow(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=contract.arrow_schema(TABLES[name], nullable=True))


def said(found: list[Violation]) -> list[dict[str, Any]]:
    return [{"column": one.column, "expectation": one.expectation, "reason": one.reason} for one in found]


def judged(name: str) -> list[dict[str, Any]]:
    """The example row, the same with nothing in it that may be null, then one row for each case.

    Their keys are the same, so what is found of keys is left out below.
    """
    bare = {column.name: None for column in TABLES[name].columns if not column.required}
    return [example_row(name), example_row(name) | bare, *(example_row(name) | case["change"] for case in CASES[name] if "change" in case)]


@functools.cache
def found(name: str) -> dict[int, list[Violation]]:
    rows: dict[int, list[Violation]] = {}
    for one in violations(TABLES[name], arrow(name, judged(name))):
        if one.expectation not in OF_KEYS:
            rows.setdefault(one.row, []).append(one)
    return rows


@each_table
def test_the_example_row_passes_and_columns_that_may_be_null_may(name: str) -> None:
    assert not {0, 1} & found(name).keys()


@pytest.mark.parametrize(("name", "n"), CHANGES, ids=[f"{name}-{CASES[name][n]['change']}"[:90] for name, n in CHANGES])
def test_a_bad_row_is_found_with_its_reason_and_nothing_else(name: str, n: int) -> None:
    assert said(found(name)[n + 2]) == CASES[name][n]["rejects"]


@each_table
def test_a_violation_quotes_the_value(name: str) -> None:
    values = [(one.value, row[one.column]) for n, row in enumerate(judged(name)) for one in found(name).get(n, []) if one.column]
    assert values
    assert all(quoted == (None if value is None else str(value)) for quoted, value in values)


@pytest.mark.parametrize(("name", "case"), COPIES, ids=[name for name, _ in COPIES])
def test_all_copies_of_a_row_are_found(name: str, case: dict[str, Any]) -> None:
    twice = violations(TABLES[name], arrow(name, [example_row(name)] * case["copies"]))
    assert [one.row for one in twice] == list(range(case["copies"]))
    assert said(twice) == case["rejects"] * case["copies"]


@each_table
def test_every_expectation_of_the_suite_has_a_counterexample(name: str) -> None:
    asked = {(kind, about.get("column") or about.get("column_A"), side) for kind, about in contract.expectations(TABLES[name]) for side in sides(kind, about)}
    told = [reject for case in CASES[name] for reject in case["rejects"]]
    assert asked == {(one["expectation"], one["column"], side_of(one)) for one in told}


def sides(kind: str, about: dict[str, Any]) -> list[str]:
    if kind != "expect_column_values_to_be_between":
        return [""]
    return [side for side, bound in (("below", "min_value"), ("above", "max_value")) if about.get(bound) is not None]


def side_of(reject: dict[str, Any]) -> str:
    if reject["expectation"] != "expect_column_values_to_be_between":
        return ""
    return "below" if " is below " in reject["reason"] else "above"


def test_a_bound_itself_is_within_it() -> None:
    rows = [example_row("sections") | {"section_id": f"0d6e0a5c2b91-{depth:010x}", "depth": depth, "start": 5, "end": 5} for depth in (1, 9)]
    assert violations(TABLES["sections"], arrow("sections", rows)) == []


def test_a_text_of_200_characters_outside_the_basic_plane_is_not_too_long() -> None:
    rows = [example_row("removed") | {"ordinal": n, "text": "𠮷" * length} for n, length in enumerate((200, 201))]
    assert [(one.row, one.column) for one in violations(TABLES["removed"], arrow("removed", rows))] == [(1, "text")]


def test_all_of_a_thousand_bad_rows_are_found() -> None:
    rows = [example_row("words") | {"word": f"词{n}", "n": n % 2} for n in range(2000)]
    found = violations(TABLES["words"], arrow("words", rows))
    assert [one.row for one in found] == list(range(0, 2000, 2))


def test_violations_come_in_the_order_of_the_suite_and_of_the_rows() -> None:
    counted = (("甲", 0), (None, 0), ("乙", 1), (None, 2))
    rows = [example_row("words") | {"doc_id": f"{row:012x}", "word": word, "n": n} for row, (word, n) in enumerate(counted)]
    found = violations(TABLES["words"], arrow("words", rows))
    assert [(one.column, one.row) for one in found] == [("word", 1), ("word", 3), ("n", 0), ("n", 1)]


def test_a_table_without_rows_holds_all() -> None:
    assert violations(TABLES["reports"], arrow("reports", [])) == []


def test_rows_that_differ_in_one_column_of_the_key_are_no_copies() -> None:
    rows = [example_row("targets") | {"tier": tier} for tier in ("base", "stretch", "internal")]
    assert violations(TABLES["targets"], arrow("targets", rows)) == []


def test_an_expectation_that_cannot_be_evaluated_is_an_error_and_not_a_pass() -> None:
    column = Column("n", "int32", {"zh": "数", "en": "Number"}, "A number.", 1, minimum=1)
    table = Table("t", {"zh": "表", "en": "Table"}, "A table.", ("n",), ("n",), (column,))
    with pytest.raises(RuntimeError, match=r"expect_column_values_to_be_between of \{'column': 'n', 'min_value': 1\} could not be evaluated"):
        violations(table, pa.table({"n": ["one", "two"]}))
