from __future__ import annotations

import re
from collections import Counter
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.measure.lexicon import Lexicon, words
from baogao.records import Bound

LEXICON = Lexicon.from_terms(terms)
INDICATORS: list[dict[str, Any]] = terms("indicators")


# --- the vocabularies


@pytest.mark.parametrize("row", INDICATORS, ids=lambda row: row["id"])
def test_every_indicator_is_fully_described(row: dict[str, Any]) -> None:
    assert set(row) >= {"id", "zh", "en", "unit", "percent", "aliases"}
    assert all(isinstance(row[key], str) for key in ("id", "zh", "en", "unit"))
    assert row["zh"]
    assert row["en"]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row["id"])
    assert row["percent"] in {"growth", "share"}
    assert row["aliases"]


@pytest.mark.parametrize("row", INDICATORS, ids=lambda row: row["id"])
def test_every_alias_is_found_as_its_own_indicator(row: dict[str, Any]) -> None:
    assert {alias: LEXICON.indicator(alias) for alias in row["aliases"]} == dict.fromkeys(row["aliases"], row["id"])


def test_no_identifier_and_no_alias_stands_twice() -> None:
    assert not [name for name, n in Counter(row["id"] for row in INDICATORS).items() if n > 1]
    assert not [name for name, n in Counter(alias for row in INDICATORS for alias in row["aliases"]).items() if n > 1]


@pytest.mark.parametrize("row", INDICATORS, ids=lambda row: row["id"])
def test_what_an_indicator_is_not_is_not_found_as_it(row: dict[str, Any]) -> None:
    for other in filter(None, re.split(r"[;；]\s*", row.get("isnot", ""))):
        assert LEXICON.indicator(re.sub(r"\s*\(.*\)", "", other)) != row["id"]


def test_the_parts_of_a_joint_name_are_indicators() -> None:
    assert LEXICON.terms["resident_income"].parts == ("urban_income_pc", "rural_income_pc")
    assert all(part in LEXICON.terms for term in LEXICON.terms.values() for part in term.parts)


def test_no_unit_stands_twice_and_every_unit_has_a_base() -> None:
    rows = [row for group in terms("units")["units"].values() for row in group]
    assert not [unit for unit, n in Counter(row["unit"] for row in rows).items() if n > 1]
    assert all(row["si"] and row.get("factor", 1) > 0 for row in rows)


def test_a_base_unit_is_its_own_base() -> None:
    bases = {unit.si for unit in LEXICON.units.values()}
    assert {base: LEXICON.units[base].si for base in bases if base in LEXICON.units} == {base: base for base in bases if base in LEXICON.units}
    assert all(LEXICON.units[base].factor == 1 for base in bases if base in LEXICON.units)


def test_multipliers_are_the_products_of_their_parts() -> None:
    single = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
    for name, factor in LEXICON.multipliers.items():
        product = 1
        for char in name:
            product *= single[char]
        assert factor == product, name


def test_words_that_bound_a_number_give_a_bound() -> None:
    given_bounds = set(LEXICON.before.values()) | set(LEXICON.after.values()) | set(LEXICON.inside.values())
    assert given_bounds <= {*get_args(Bound), "cap", "ge_step"}


def test_no_verb_both_rises_and_falls() -> None:
    assert not LEXICON.rise & LEXICON.fall
    assert not LEXICON.reach & (LEXICON.rise | LEXICON.fall)


def test_references_are_patterns() -> None:
    assert all(re.compile(reference) for reference in LEXICON.qualifiers["references"])


# --- look-ups


@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        ("全市规上工业增加值", "industrial_value_added"),
        ("全省地区生产总值", "gdp"),
        ("我市生产总值", "gdp"),
        ("其中民间投资", "private_investment"),
        ("永济市生产总值", "gdp"),
        ("地区生产总值(GDP)", "gdp"),
        ("地区生产总值增速", "gdp"),
        ("居民消费价格总水平涨幅", "cpi"),
        ("居民消费价格上涨幅度", "cpi"),
        ("国家高新技术企业总数", "high_tech_firms"),
        ("农民人均 纯收入", "rural_income_pc"),
        ("公共财政预算收入", "general_budget_revenue"),
        ("财政总收入", "total_fiscal_revenue"),
        ("社会商品零售总额", "retail_sales"),
        ("城镇登记失业率", "registered_unemployment"),
        ("城镇调查失业率", "surveyed_unemployment"),
        ("工业增加值", "total_industrial_value_added"),
        ("人均地区生产总值", "gdp_pc"),
        ("文化产业增加值", None),
        ("区属地区生产总值", None),
        ("收入", None),
        ("全市", None),
        ("", None),
    ],
)
def test_a_name_is_an_indicator_once_the_words_that_say_where_or_how_are_off(name: str, indicator: str | None) -> None:
    assert LEXICON.indicator(name) == indicator


def test_with_a_place_only_its_own_name_says_where() -> None:
    assert LEXICON.indicator("浙江省生产总值", place="浙江省") == "gdp"
    assert LEXICON.indicator("杭州市生产总值", place="浙江省") is None
    assert LEXICON.indicator("全省生产总值", place="浙江省") == "gdp"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sets(st.text("不低于高超过", min_size=1, max_size=3), min_size=1, max_size=6))
def test_of_words_that_begin_alike_the_longest_matches(options: set[str]) -> None:
    for option in options:
        match = re.match(words(options), option + "数")
        assert match
        assert match.group() == option


def test_words_are_not_patterns() -> None:
    assert re.fullmatch(words(["台(套)", "a+b"]), "台(套)")
    assert not re.fullmatch(words(["台(套)", "a+b"]), "aab")
