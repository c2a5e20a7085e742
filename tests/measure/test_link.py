from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from baogao.contract import terms
from baogao.measure.lexicon import Lexicon
from baogao.measure.link import Linker

if TYPE_CHECKING:
    from baogao.measure.qualify import Stance
    from baogao.records import Indicator

LINKER = Linker(Lexicon.from_terms(terms))


def link(text: str, stance: Stance = "back", place: str | None = None) -> list[Indicator]:
    return LINKER.link(text, stance=stance, report_year=2024, place=place)


def named(text: str, stance: Stance = "back") -> list[tuple[str, str]]:
    return [(one.quote, one.name) for one in link(text, stance)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("生产总值500亿元,增长7%", [("500亿元", "生产总值"), ("7%", "生产总值")]),
        ("生产总值增长7%、突破500亿元", [("7%", "生产总值"), ("500亿元", "生产总值")]),
        ("工业投资增长7%;下降3%", [("7%", "工业投资"), ("3%", "工业投资")]),
        ("上半年,工业投资增长7%;全年增长8%", [("7%", "工业投资"), ("8%", "工业投资")]),
        ("新建学校3所,20家企业入驻", [("3所", "新建学校"), ("20家", "企业")]),
        ("工业投资、民间投资分别增长6%,8%", [("6%", "工业投资"), ("8%", "民间投资")]),
        ("工业投资、民间投资分别增长6%以上和8%左右", [("6%", "工业投资"), ("8%", "民间投资")]),
        ("完成税收12.3亿元,占66.1%", [("12.3亿元", "税收"), ("66.1%", "税收占比")]),
        ("财政收入18亿元,其中税收12亿元,占66%", [("18亿元", "财政收入"), ("12亿元", "税收"), ("66%", "税收占财政收入比重")]),
        ("固定资产投资降幅收窄至2.1%,收窄3.4个百分点", [("2.1%", "固定资产投资"), ("3.4个百分点", "固定资产投资增速")]),
        ("工业投资增长7%,增速加快1个百分点", [("7%", "工业投资"), ("1个百分点", "工业投资增速")]),
        ("粮食总产量连续12年达到20亿斤", [("20亿斤", "粮食总产量")]),
        ("地区生产总值(GDP)增长7%", [("7%", "地区生产总值")]),
    ],
)
def test_what_a_sentence_has_named_is_carried_to_the_values_that_follow(text: str, said: list[tuple[str, str]]) -> None:
    assert named(text) == said


def test_a_new_statement_begins_without_a_subject_estimate_or_expectation() -> None:
    said = link("初步核算,生产总值增长6%、突破500亿元;粮食产量50万吨")
    assert [one.status for one in said] == ["estimate", "estimate", "actual"]
    said = link("建成后可实现产值5亿元、税收1亿元;完成投资3亿元", "ahead")
    assert [one.status for one in said] == ["expected", "expected", "target"]


def test_an_estimate_holds_for_the_subject_that_it_introduces() -> None:
    said = link("初步核算,生产总值增长6%,规上工业增加值增长8%")
    assert [one.status for one in said] == ["estimate", "actual"]


def test_a_second_value_that_one_strives_for_is_a_stretch_of_the_same_subject_alone() -> None:
    assert [one.tier for one in link("生产总值增长7%、力争8%", "ahead")] == ["base", "stretch"]
    assert [one.tier for one in link("生产总值增长7%,力争工业投资增长8%", "ahead")] == ["base", "base"]


def test_a_value_with_several_subjects_is_one_record_for_each() -> None:
    said = link("财政总收入和地方财政收入均增长6%")
    assert [(one.indicator, one.start, one.end) for one in said] == [("total_fiscal_revenue", 15, 17), ("local_fiscal_revenue", 15, 17)]


def test_the_multiplier_is_applied_to_the_base_unit_but_never_to_percent_or_points() -> None:
    said = link("投资1.5亿元,增长7%,占比提高2个百分点,产值增长1.2倍")
    assert [(one.value_si, one.unit_si) for one in said] == [(1.5e8, "元"), (7, "%"), (2, "个百分点"), (120, "%")]


def test_growth_has_a_base_and_levels_shares_and_ranks_have_none() -> None:
    said = link("投资1.5亿元,增长7%,增速居全省第3位;入学率98%,提高2个百分点")
    assert [one.base for one in said] == [None, "yoy", None, None, "yoy"]


def test_only_gaps_and_completions_refer_to_something() -> None:
    said = link("税收是2020年的2倍,完成年度任务的98%,增速快于全省1.5个百分点")
    assert [(one.measure, one.reference) for one in said] == [("multiple", None), ("completion", "年度任务"), ("gap", "全省")]


def test_a_number_without_a_unit_that_is_no_index_measures_nothing() -> None:
    assert link("编号1234的项目开工") == []


@pytest.mark.parametrize("text", ["", "各位代表", "2024年", "第十六届", "“543”"])
def test_a_sentence_without_figures_has_no_records(text: str) -> None:
    assert link(text) == []


def test_spans_are_those_of_the_number_and_its_unit() -> None:
    text = "投资达到1.5亿元以上,增长6%—8%"
    assert [text[one.start : one.end] for one in link(text)] == ["1.5亿元", "6%—8%"]


def test_the_place_of_the_report_says_where_and_another_place_says_what() -> None:
    (own,) = link("东屏市生产总值增长6%", place="东屏市")
    (other,) = link("东屏市生产总值增长6%", place="云阳省")
    assert (own.indicator, other.indicator) == ("gdp", None)
