"""Signs of damage are found where they are, and nowhere else; the limits turn away what has lost its figures."""

from __future__ import annotations

from typing import Any

import pytest

from baogao.contract import terms
from baogao.describe.corruption import Corruption, CorruptionRules, find_corruption
from baogao.text import fold

TERMS = terms("corruption")
SIGNS = TERMS["signs"]
SENTENCE = "全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%，城镇登记失业率控制在3.2%以内。"


@pytest.fixture(scope="module")
def rules() -> CorruptionRules:
    return CorruptionRules.from_terms(TERMS)


def signs(rules: CorruptionRules, *lines: str, year: int | None = None) -> dict[str, int]:
    found = find_corruption(lines, year, rules).signs
    return {name: int(n) for name, _, n in (one.partition(" ") for one in found.split(", "))} if found else {}


@pytest.mark.parametrize("row", SIGNS, ids=lambda row: row["id"])
def test_a_sign_is_found_in_its_example(row: dict[str, Any], rules: CorruptionRules) -> None:
    assert row["id"] in signs(rules, SENTENCE, *[row["example"]] * row["at_least"])


@pytest.mark.parametrize(("row", "kept"), [(row, kept) for row in SIGNS for kept in row["keeps"]], ids=lambda value: value["id"] if isinstance(value, dict) else None)
def test_a_sign_is_not_found_in_what_it_keeps(row: dict[str, Any], kept: str, rules: CorruptionRules) -> None:
    sign = next(sign for sign in rules.signs if sign.id == row["id"])
    assert not sign.pattern.search(fold(kept))


def test_a_sound_text_has_no_sign_of_damage(rules: CorruptionRules) -> None:
    lines = (SENTENCE, "（一）2023年，“十四五”规划实施进入关键一年。", "提高0.6个百分点，达到二十分之一。", "①产业增加值（亿元）增长6‰")
    assert find_corruption(lines, 2024, rules) == Corruption()


def test_a_hit_or_two_may_be_chance(rules: CorruptionRules) -> None:
    assert signs(rules, SENTENCE, "xx县的经验值得借鉴。") == {}
    assert signs(rules, SENTENCE, "xx县、yy市，20xx年的经验值得借鉴。") == {"masked_digits": 2}


def test_a_page_whose_figures_are_gone_is_of_no_use(rules: CorruptionRules) -> None:
    lost = "去年，生产总值完成亿元，增长%，高于全省个百分点；财政收入亿元，增长%。"
    found = find_corruption([lost] * 3, 2007, rules)
    assert found.verdict == f"corrupt: lost_digits: 15 in {3 * len(lost) + 2} characters"
    assert find_corruption([lost, *[SENTENCE] * 80], 2007, rules) == Corruption("lost_digits 5")


def test_signs_without_a_limit_are_recorded_alone(rules: CorruptionRules) -> None:
    assert find_corruption(["比重到达2023%，控制在6.2%,。以内，各级*府"], 2007, rules) == Corruption("broken_per_mille 1, year_for_number 1, masked_words 1")


@pytest.mark.parametrize(
    ("text", "year", "hits"),
    [
        ("“十五”计划顺利实施，“十五”末生产总值达到95亿元。", 2023, 2),
        ("“十五”计划顺利实施，“十五”末生产总值达到95亿元。", 2006, 0),
        ("“十五”计划顺利实施，“十五”末生产总值达到95亿元。", None, 0),
        ("“十五”以来，“十四五”时期，“十五”末。", 2023, 0),
        ("“十五五”规划和“十五五”时期", 2026, 0),
        ("“十五”计划实施以来", 2023, 0),
        ("十五个项目、十五家企业，二十五个村", 2023, 0),
    ],
)
def test_a_text_of_another_era_names_an_old_plan_as_the_newest(text: str, year: int | None, hits: int, rules: CorruptionRules) -> None:
    assert signs(rules, text, year=year).get("wrong_era", 0) == hits


def test_traditional_script_is_told_by_characters_that_only_it_has(rules: CorruptionRules) -> None:
    assert signs(rules, "各位代表：現在，我代表縣人民政府向大會報告工作，請予審議。")["traditional_script"] > 5
    assert "traditional_script" not in signs(rules, SENTENCE * 3 + "（來源：僑報）")
    assert find_corruption((), None, rules) == Corruption()
