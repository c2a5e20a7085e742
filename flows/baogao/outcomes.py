"""Targets meet their outcomes: what a report promises for its year, beside what the report of the next year says was achieved.

In: rows of targets with the measures of their indicators, and rows of outcomes, both of canonical documents; the vocabulary `indicators`.
Out: rows of the table target_outcomes. Never: a verdict where the words of the target leave it open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
# A target and its outcome: place, year that both are of, indicator, measure.
Key = tuple[str, int, str, str]
# About a value: what falls short of it by more than a tenth is not about it; less is left open.
_LOOSE = frozenset({"approx", "near"})
_ABOUT = 0.1


def pair_outcomes(targets: Iterable[Row], outcomes: Mapping[Key, Row], better: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of target_outcomes: of each target whose outcome is known.

    `targets` are rows of the table targets with the columns measure, value_si and unit_si of their indicators; `outcomes` rows of the table indicators, by
    place, year, indicator and measure; `better` says of indicators whether more or less of them is meant to be better.
    """
    pairs = []
    for target in targets:
        # 与经济增长基本同步 is kept, or not, by a growth.
        measure = "growth" if target["measure"] == "relation" else target["measure"]
        outcome = outcomes.get((target["place_code"], target["report_year"], target["indicator"], measure))
        if outcome is not None:
            value = outcome["value"] if target["value"] is None and target["unit"] is None else _in_unit_of(target, outcome)
            pairs.append(
                {
                    **{name: target[name] for name in ("place_code", "indicator", "report_year")},
                    "target_indicator_id": target["indicator_id"],
                    "outcome_indicator_id": outcome["indicator_id"],
                    "target_value": target["value"],
                    "target_bound": target["bound"],
                    "outcome_value": value,
                    "difference": None if value is None or target["value"] is None else round(value - target["value"], 9),
                    "is_met": None if value is None else is_met(target, outcome, value, better.get(target["indicator"])),
                }
            )
    return pairs


def is_met(target: Row, outcome: Row, value: float, better: str | None) -> bool | None:
    """Whether a target is met by an outcome of that value; None where it cannot be said.

    A target that names an end (以上, 以内) is met within it. One that names a value, or a range, is met by what reaches it on the side that is better.

    >>> target = {"value": 7.0, "value_low": None, "value_high": None, "bound": "approx"}
    >>> exact = {"bound": "eq"}
    >>> is_met(target, exact, 7.2, "more"), is_met(target, exact, 6.8, "more"), is_met(target, exact, 5.8, "more"), is_met(target, exact, 7.2, None)
    (True, None, False, None)
    """
    low, high = _wanted(target, better)
    if low is None or high is None:
        return None
    # What the outcome may be, where it is stated with a bound itself (突破500亿元).
    least = -math.inf if outcome["bound"] in {"le", "lt"} else value
    most = math.inf if outcome["bound"] in {"ge", "gt"} else value
    if low <= least and most <= high:
        return True
    about = _ABOUT * abs(target["value"]) if target["bound"] in _LOOSE else 0.0
    return False if most < low - about or least > high + about else None


def _wanted(target: Row, better: str | None) -> tuple[float | None, float | None]:
    """The ends between which a target is met."""
    bound, value = target["bound"], target["value"]
    if bound in {"ge", "gt"}:
        return target["value_low"], math.inf
    if bound in {"le", "lt"}:
        return -math.inf, target["value_high"]
    low, high = (target["value_low"], target["value_high"]) if bound == "range" else (value, value)
    if better is None and bound != "range":
        return None, None
    return (-math.inf if better == "less" else low), (math.inf if better == "more" else high)


def _in_unit_of(target: Row, outcome: Row) -> float | None:
    """The outcome in the unit of the target; None where the units do not convert."""
    value = outcome["value"]
    if value is None or target["unit"] == outcome["unit"]:
        return None if value is None else float(value)
    if target["unit_si"] != outcome["unit_si"] or not target["value_si"] or outcome["value_si"] is None or not target["value"]:
        return None
    return round(float(outcome["value_si"] * target["value"] / target["value_si"]), 9)
