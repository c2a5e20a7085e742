from __future__ import annotations

from typing import Any

import pytest

from baogao.contract import terms
from baogao.outcomes import is_met, pair_outcomes

BETTER = {row["id"]: row["better"] for row in terms("indicators") if "better" in row}


def target(value: float | None = 7.0, bound: str = "eq", low: float | None = None, high: float | None = None, **more: Any) -> dict[str, Any]:
    said = {
        "place_code": "140881", "indicator": "gdp", "report_year": 2023, "measure": "growth", "indicator_id": "t", "value": value, "value_low": low,
        "value_high": high, "bound": bound, "unit": "%", "value_si": value, "unit_si": "%",
    }  # fmt: skip
    return said | more


def outcome(value: float | None = 7.0, bound: str = "eq", **more: Any) -> dict[str, Any]:
    return {"indicator_id": "o", "value": value, "bound": bound, "unit": "%", "value_si": value, "unit_si": "%"} | more


@pytest.mark.parametrize(
    ("wanted", "reached", "better", "met"),
    [
        (target(7, "ge", 7), outcome(7), None, True),
        (target(7, "ge", 7), outcome(6.9), None, False),
        (target(3, "le", high=3), outcome(0.2), None, True),
        (target(3, "le", high=3), outcome(3.1), None, False),
        (target(-3.5, "le", high=-3.5), outcome(-3.8), "less", True),
        (target(7, "eq", 7, 7), outcome(7.3), "more", True),
        (target(7, "eq", 7, 7), outcome(6.9), "more", False),
        (target(7, "eq", 7, 7), outcome(7), None, None),
        (target(4.5, "eq", 4.5, 4.5), outcome(4.2), "less", True),
        (target(7, "approx"), outcome(7), "more", True),
        (target(7, "approx"), outcome(6.4), "more", None),
        (target(7, "approx"), outcome(6.2), "more", False),
        (target(7, "approx"), outcome(6.2), None, None),
        (target(None, "range", 6, 6.5), outcome(6.2), None, True),
        (target(None, "range", 6, 6.5), outcome(6.8), "more", True),
        (target(None, "range", 6, 6.5), outcome(6.8), None, False),
        (target(None, "range", 6, 6.5), outcome(5.9), "more", False),
        (target(500, "gt", 500), outcome(510, "gt"), "more", True),
        (target(520, "ge", 520), outcome(510, "gt"), "more", None),
        (target(5, "le", high=5), outcome(5.5, "le"), "less", None),
        (target(7, "eq", 7, 7), outcome(6.5, "lt"), "more", False),
    ],
)
def test_a_target_is_met_within_what_its_words_ask(wanted: dict[str, Any], reached: dict[str, Any], better: str | None, met: bool | None) -> None:
    assert is_met(wanted, reached, reached["value"], better) is met


def test_a_pair_says_both_figures_and_what_lies_between() -> None:
    key = ("140881", 2023, "gdp", "growth")
    [pair] = pair_outcomes([target(7, "approx"), target(indicator="cpi")], {key: outcome(7.3)}, BETTER)
    assert pair == {
        "place_code": "140881", "indicator": "gdp", "report_year": 2023, "target_indicator_id": "t", "outcome_indicator_id": "o", "target_value": 7,
        "target_bound": "approx", "outcome_value": 7.3, "difference": 0.3, "is_met": True,
    }  # fmt: skip


def test_outcomes_of_another_place_year_or_measure_are_none() -> None:
    for key in (("140882", 2023, "gdp", "growth"), ("140881", 2024, "gdp", "growth"), ("140881", 2023, "gdp", "level")):
        assert pair_outcomes([target()], {key: outcome()}, BETTER) == []


@pytest.mark.parametrize(
    ("unit", "si", "value_si", "said", "met"),
    [("万吨", "吨", 3_010_000.0, 30.1, True), ("万人", "人", 3_010_000.0, None, None), ("元", "吨", None, None, None)],
)
def test_values_are_compared_in_the_unit_of_the_target(unit: str, si: str, value_si: float | None, said: float | None, met: bool | None) -> None:
    wanted = target(30, "ge", 30, unit="亿斤", unit_si="吨", value_si=3_000_000.0, measure="level", indicator="grain_output")
    reached = outcome(301, unit=unit, unit_si=si, value_si=value_si)
    [pair] = pair_outcomes([wanted], {("140881", 2023, "grain_output", "level"): reached}, BETTER)
    assert (pair["outcome_value"], pair["is_met"]) == (said, met)


def test_a_target_without_a_number_meets_its_outcome_without_a_verdict() -> None:
    wanted = target(None, "approx", measure="relation", unit=None, unit_si=None)
    [pair] = pair_outcomes([wanted], {("140881", 2023, "gdp", "growth"): outcome()}, BETTER)
    assert (pair["target_value"], pair["outcome_value"], pair["difference"], pair["is_met"]) == (None, 7.0, None, None)
