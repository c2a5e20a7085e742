from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.measure.context import Context, ContextReader
from baogao.measure.lexicon import Lexicon
from baogao.measure.masks import find_masks
from baogao.measure.numbers import Number, NumberGrammar
from baogao.measure.periods import find_periods, year_span
from baogao.measure.qualify import Meaning, Qualifiers, signed_values
from baogao.measure.subjects import Subject

if TYPE_CHECKING:
    from baogao.measure.qualify import Stance
    from baogao.records import Bound, Measure

LEXICON = Lexicon.from_terms(terms)
QUALIFIERS = Qualifiers(LEXICON)
GRAMMAR = NumberGrammar(LEXICON)
READER = ContextReader(LEXICON)


def first_number(text: str) -> Number:
    return GRAMMAR.find(text, find_masks(text))[0]


def bound(text: str, sign: int = 1) -> tuple[Bound, str | None]:
    number = first_number(text)
    return QUALIFIERS.bound(text, 0, number, [number], sign)


# --- bounds


@pytest.mark.parametrize(
    ("text", "rising", "falling", "qualifier"),
    [
        ("7%", "eq", "eq", None),
        ("7%左右", "approx", "approx", "左右"),
        ("约7%", "approx", "approx", "约"),
        ("近7%", "near", "near", "近"),
        ("7%以上", "ge", "le", "以上"),
        ("不低于7%", "ge", "le", "不低于"),
        ("不少于7%", "ge", "le", "不少于"),
        ("突破7%", "gt", "lt", "突破"),
        ("超过7%", "gt", "lt", "超过"),
        ("低于7%", "lt", "gt", "低于"),
        ("不到7%", "lt", "gt", "不到"),
        ("不超过7%", "le", "ge", "不超过"),
        ("7%以内", "le", "ge", "以内"),
        ("控制在7%", "le", "ge", "控制在"),
        ("控制在7%以内", "le", "ge", "控制在…以内"),
        ("控制在7%内", "le", "ge", "控制在…内"),
        ("控制在7%左右", "approx", "approx", "控制在…左右"),
        ("500亿元大关", "gt", "lt", "大关"),
        ("突破500亿元大关", "gt", "lt", "突破…大关"),
        ("500亿元新台阶", "ge", "le", "新台阶"),
        ("20余亿元", "gt", "lt", "余"),
        ("两位数", "ge", "le", None),
        ("5%—6%", "range", "range", None),
    ],
)
def test_a_bound_is_on_the_signed_number_line(text: str, rising: str, falling: str, qualifier: str | None) -> None:
    assert bound(text) == (rising, qualifier)
    assert bound(text, sign=-1) == (falling, qualifier)


def test_the_word_nei_alone_bounds_only_what_is_kept() -> None:
    assert bound("7%内需")[0] == "eq"
    assert bound("控制在7%内")[0] == "le"


def test_the_word_qi_is_of_a_date_and_bounds_no_value() -> None:
    assert bound("7%起") == ("eq", None)


def test_the_words_around_a_list_hold_for_all_its_values() -> None:
    text = "控制在4.2%和5.5‰以内"
    group = GRAMMAR.find(text, [])
    assert [QUALIFIERS.bound(text, 0, number, group, 1)[0] for number in group] == ["le", "le"]
    text = "增长4%、9%以上和7%"
    group = GRAMMAR.find(text, [])
    assert [QUALIFIERS.bound(text, 0, number, group, 1)[0] for number in group] == ["eq", "ge", "eq"]


# --- values


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**7), st.sampled_from([1, -1]), st.sampled_from(["eq", "approx", "near", "ge", "gt", "le", "lt"]))
def test_a_value_carries_its_sign_and_the_ends_of_its_bound(thousandths: int, sign: int, said: Bound) -> None:
    number = Number(0, 1, thousandths / 1000, unit="%", kind="percent")
    value, low, high = signed_values(number, Meaning("growth", sign, unit="%"), said)
    assert value == round(sign * thousandths / 1000, 9)
    assert low == (value if said in {"eq", "ge", "gt"} else None)
    assert high == (value if said in {"eq", "le", "lt"} else None)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from([1, -1]))
def test_a_range_has_both_ends_in_order_and_no_value(low: int, width: int, sign: int) -> None:
    ends = (sign * low, sign * (low + width))
    assert signed_values(Number(0, 1, float(low), float(low + width)), Meaning("growth", sign), "range") == (None, min(ends), max(ends))


def test_a_ratio_has_no_value() -> None:
    assert signed_values(Number(0, 1, None), Meaning("ratio"), "eq") == (None, None, None)


def test_values_have_no_noise_of_binary_fractions() -> None:
    assert signed_values(Number(0, 1, 0.1 + 0.2), Meaning("level"), "eq") == (0.3, 0.3, 0.3)
    assert signed_values(Number(0, 1, 1.1, kind="multiple"), Meaning("growth", 1, 100.0), "eq") == (110, 110, 110)


# --- measures


def meaning(text: str, name: str, following: str = "") -> tuple[Measure, int, float, str | None] | None:
    number = first_number(text)
    context = READER.read(text[: number.start], number.kind)
    said = QUALIFIERS.meaning(number, Subject(name, LEXICON.indicator(name)), context, following)
    return said and (said.measure, said.sign, said.factor, said.unit)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("地区生产总值增长7%", "地区生产总值", ("growth", 1, 1, "%")),
        ("地区生产总值下降7%", "地区生产总值", ("growth", -1, 1, "%")),
        ("居民消费价格涨幅3%", "居民消费价格涨幅", ("growth", 1, 1, "%")),
        ("居民消费价格3%", "居民消费价格", ("growth", 1, 1, "%")),
        ("居民消费价格指数103%", "居民消费价格指数", ("index", 1, 1, "%")),
        ("居民消费价格指数103", "居民消费价格指数", ("index", 1, 1, None)),
        ("城镇登记失业率4%", "城镇登记失业率", ("share", 1, 1, "%")),
        ("入学率98%", "入学率", ("share", 1, 1, "%")),
        ("投资降幅2%", "投资降幅", ("growth", -1, 1, "%")),
        ("生产总值500亿元", "生产总值", ("level", 1, 1, "亿元")),
        ("生产总值增加20亿元", "生产总值", ("change", 1, 1, "亿元")),
        ("存栏减少3万头", "存栏", ("change", -1, 1, "万头")),
        ("覆盖率提高2个百分点", "覆盖率", ("change", 1, 1, "个百分点")),
        ("增速回落2个百分点", "增速", ("change", -1, 1, "个百分点")),
        ("增速高于全省平均水平2个百分点", "增速", ("gap", 1, 1, "个百分点")),
        ("为预算的102%", "收入", ("completion", 1, 1, "%")),
        ("产值增长1.2倍", "产值", ("growth", 1, 100, "%")),
        ("产值下降1.2倍", "产值", ("growth", -1, 100, "%")),
        ("产值是2015年的3.6倍", "产值", ("multiple", 1, 1, "倍")),
        ("总量翻一番", "总量", ("multiple", 1, 1, "倍")),
        ("增速居全省第3位", "增速", ("rank", 1, 1, "位")),
        ("结构为12.5:45.3:42.2", "结构", ("ratio", 1, 1, "比例")),
        ("编号1234", "编号", None),
    ],
)
def test_predicate_unit_and_name_tell_what_a_number_measures(text: str, name: str, said: tuple[str, int, float, str | None] | None) -> None:
    assert meaning(text, name) == said


def test_the_narrowing_of_a_decline_is_a_rise() -> None:
    number = first_number("收窄3.4个百分点")
    said = QUALIFIERS.meaning(number, Subject("固定资产投资降幅", None, falling=True), Context("", 0, verb="收窄"), "")
    assert said == Meaning("change", 1, unit="个百分点")


def test_an_amount_of_bonds_without_its_yuan_is_in_yuan() -> None:
    assert meaning("新增发1万亿", "国债", "国债") == ("level", 1, 1, "万亿元")


# --- tone, scope


@pytest.mark.parametrize(
    ("text", "beside", "tone", "tier"),
    [
        ("确保增长7%", False, "确保", "base"),
        ("力争增长7%", False, "力争", "base"),
        ("力争7%", True, "力争", "stretch"),
        ("奋斗目标7%", True, "奋斗目标", "stretch"),
        ("确保7%", True, "确保", "base"),
        ("增长7%", True, None, "base"),
        ("确保投资,增长7%", False, None, "base"),
        ("工作按7%安排", True, "按…安排", "internal"),
        ("赤字率按7%安排", False, "按…安排", "base"),
    ],
)
def test_tone_is_a_word_of_the_clause_and_makes_a_tier_only_beside_a_target(text: str, beside: bool, tone: str | None, tier: str) -> None:
    assert QUALIFIERS.tone(text, 0, first_number(text), beside_target=beside) == (tone, tier)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("投资125.6亿元(不含省属企业)", "不含省属企业"),
        ("收入增长4%(剔除一次性因素)", "剔除一次性因素"),
        ("下降,剔除留抵退税因素后增长4%", "剔除留抵退税因素后"),
        ("外商直接投资(验资口径)增长9%", "验资口径"),
        ("收入同口径增长9%", "同口径"),
        ("收入增长9%(见附表)", None),
        ("收入增长9%", None),
    ],
)
def test_scope_is_what_a_value_covers_or_leaves_out(text: str, scope: str | None) -> None:
    assert QUALIFIERS.scope(text, 0, first_number(text)) == scope


# --- time


def dated(text: str, stance: Stance, measure: Measure = "growth", year: int | None = 2024) -> tuple[date | None, date | None, str]:
    periods = find_periods(text, year, back=stance == "back")
    number = next(one for one in GRAMMAR.find(text, [*find_masks(text), *((p.start, p.end) for p in periods)]) if one.unit)
    context = READER.read(text[: number.start], number.kind)
    return QUALIFIERS.period(text, number, periods, context, stance=stance, report_year=year, measure=measure)


@pytest.mark.parametrize(
    ("text", "stance", "years", "base"),
    [
        ("投资增长7%", "back", (2023, 2023), "yoy"),
        ("投资增长7%", "ahead", (2024, 2024), "yoy"),
        ("投资增长7%", "none", (2024, 2024), "yoy"),
        ("2021年,投资增长7%", "back", (2021, 2021), "yoy"),
        ("比2020年增长7%", "back", (2023, 2023), "2020"),
        ("投资年均增长7%", "ahead", (2021, 2025), "cagr"),
        ("到2030年,投资年均增长7%", "ahead", (2026, 2030), "cagr"),
        ("投资累计增长7%", "back", (2023, 2023), "cumulative"),
        ("由上年下降转为增长7%", "back", (2023, 2023), "yoy"),
        ("由上年增长7%", "back", (2022, 2022), "yoy"),
        ("从2021年起提高7%", "back", (2021, 2021), "yoy"),
        ("一季度下降,全年增长7%", "back", (2023, 2023), "yoy"),
        ("“十三五”时期,投资增长7%", "back", (2016, 2020), "yoy"),
    ],
)
def test_growth_is_of_the_period_named_before_it_or_of_the_stance(text: str, stance: Stance, years: tuple[int, int], base: str) -> None:
    assert dated(text, stance) == (*year_span(*years), base)


def test_a_stock_is_of_the_end_of_its_period() -> None:
    assert dated("“十三五”期间,城镇化率达到60%", "back", "share")[:2] == year_span(2020)
    assert dated("“十三五”期间,城镇化率由52%", "back", "share")[:2] == year_span(2015)


def test_a_value_that_is_compared_with_is_of_the_period_compared() -> None:
    assert dated("2021年,比2019年的60%", "back", "share")[:2] == year_span(2019)
    assert dated("2021年,比2019年增加60亿元", "back", "change")[:2] == year_span(2021)


def test_without_a_report_year_only_named_years_date_a_value() -> None:
    assert dated("投资增长7%", "back", year=None)[:2] == (None, None)
    assert dated("2021年,投资增长7%", "back", year=None)[:2] == year_span(2021)


@pytest.mark.parametrize(
    ("text", "stance", "last", "estimate", "expected", "status"),
    [
        ("增长7%", "back", 2023, False, False, "actual"),
        ("增长7%", "back", 2023, True, False, "estimate"),
        ("增长7%(预计数)", "back", 2023, False, False, "estimate"),
        ("增长7%", "back", 2026, False, False, "target"),
        ("7%左右的预期目标", "back", 2023, False, False, "past_target"),
        ("7%的预期目标", "ahead", 2024, False, False, "target"),
        ("增长7%", "ahead", 2024, False, False, "target"),
        ("增长7%", "ahead", 2023, False, False, "actual"),
        ("增长7%", "ahead", 2024, False, True, "expected"),
        ("增长7%", "none", 2024, False, False, "actual"),
        ("目标增长7%", "none", 2024, False, False, "target"),
        ("力争增长7%", "none", None, False, False, "target"),
    ],
)
def test_status_follows_from_stance_period_and_words(text: str, stance: Stance, last: int | None, estimate: bool, expected: bool, status: str) -> None:
    end = date(last, 12, 31) if last else None
    assert QUALIFIERS.status(text, first_number(text), end, stance=stance, report_year=2024, estimate=estimate, expected=expected) == status
