from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from baogao.contract import terms
from baogao.measure.lexicon import Lexicon
from baogao.measure.link import Linker
from baogao.measure.names import Names
from baogao.measure.relations import RelationGrammar

if TYPE_CHECKING:
    from baogao.measure.qualify import Stance
    from baogao.records import Indicator

LEXICON = Lexicon.from_terms(terms)
LINKER = Linker(LEXICON)
GRAMMAR = RelationGrammar(LEXICON)


def relations(text: str, stance: Stance = "ahead", year: int | None = 2024) -> list[Indicator]:
    figures = LINKER.link(text, stance=stance, report_year=year)
    return GRAMMAR.link(text, figures, Names(LEXICON), stance=stance, report_year=year)


@pytest.mark.parametrize(
    ("text", "indicator", "quote", "bound", "reference", "rule"),
    [
        ("居民收入与经济增长同步", "resident_income", "与经济增长同步", "eq", "经济增长", "relation-level"),
        ("居民收入增长和经济增长同步", "resident_income", "和经济增长同步", "eq", "经济增长", "relation-level"),
        ("居民收入与经济增长保持基本同步", "resident_income", "与经济增长保持基本同步", "approx", "经济增长", "relation-level"),
        ("地区生产总值增速与全省平均水平相当", "gdp", "与全省平均水平相当", "eq", "全省平均水平", "relation-level"),
        ("固定资产投资与上年持平", "fixed_asset_investment", "与上年持平", "eq", "上年", "relation-level"),
        ("农村居民收入增速快于城镇居民收入增速", "rural_income_pc", "快于城镇居民收入增速", "gt", "城镇居民收入增速", "relation-compare"),
        ("出口总额增幅不低于全省平均水平", "exports", "不低于全省平均水平", "ge", "全省平均水平", "relation-compare"),
        ("居民消费价格涨幅不高于上年", "cpi", "不高于上年", "le", "上年", "relation-compare"),
        ("居民消费价格涨幅低于上年涨幅", "cpi", "低于上年涨幅", "lt", "上年涨幅", "relation-compare"),
        ("能耗强度完成省下达任务", "energy_intensity", "完成省下达任务", "ge", "省下达任务", "relation-task"),
        ("各项约束性指标,不折不扣完成上级下达任务", "binding_targets", "不折不扣完成上级下达任务", "ge", "上级下达任务", "relation-task"),
        ("能耗强度控制在省定目标以内", "energy_intensity", "控制在省定目标以内", "le", "省定目标", "relation-task"),
        ("进出口总额实现正增长", "trade_total", "实现正增长", "gt", None, "relation-trend"),
        ("二氧化硫排放量持续下降", "so2", "持续下降", "lt", None, "relation-trend"),
        ("进出口促稳提质", "trade_total", "促稳提质", None, "促稳提质", "relation-quality"),
        ("今年不设定经济增速具体目标", "gdp", "不设定经济增速具体目标", None, None, "relation-absent"),
        ("没有提出地区生产总值增长目标", "gdp", "没有提出地区生产总值增长目标", None, None, "relation-absent"),
    ],
)
def test_a_relation_has_subject_bound_and_reference(text: str, indicator: str, quote: str, bound: str | None, reference: str | None, rule: str) -> None:
    (said,) = relations(text)
    assert (said.indicator, said.quote, said.bound, said.reference, said.rule) == (indicator, quote, bound, reference, rule)
    assert (said.measure, said.value, said.value_low, said.value_high, said.unit, said.base) == ("relation", None, None, None, None, None)


def test_a_relation_is_a_target_ahead_and_a_result_of_the_year_before_back() -> None:
    text = "固定资产投资与上年持平"
    (ahead,), (back,) = relations(text, "ahead"), relations(text, "back")
    assert (ahead.status, ahead.period_end) == ("target", date(2024, 12, 31))
    assert (back.status, back.period_end) == ("actual", date(2023, 12, 31))
    (undated,) = relations(text, year=None)
    assert undated.period_start is undated.period_end is None


@pytest.mark.parametrize("text", ["固定资产投资实现正增长", "进出口促稳提质"])
def test_a_trend_or_a_quality_looks_ahead_only(text: str) -> None:
    assert relations(text, "ahead")
    assert relations(text, "back") == relations(text, "none") == []


@pytest.mark.parametrize(
    "text",
    ["招商引资任务完成上级下达任务", "营商环境持续提升", "干部作风与群众期待同步", "项目建设快于全省平均水平", "力争各项工作完成省下达目标任务", "财政收入增长持续向好", "不断超过自我"],
)
def test_a_relation_of_what_is_no_indicator_is_none(text: str) -> None:
    assert relations(text) == []


def test_discharges_of_any_kind_and_paces_that_are_compared_need_no_indicator() -> None:
    (discharge,) = relations("主要污染物排放总量持续减少")
    assert (discharge.name, discharge.indicator, discharge.bound) == ("主要污染物排放总量", None, "lt")
    (pace,) = relations("服务业营业收入增速高于全省平均水平")
    assert (pace.name, pace.indicator, pace.bound) == ("服务业营业收入增速", None, "gt")


def test_joined_subjects_have_one_relation_each() -> None:
    said = relations("二氧化硫、化学需氧量、氨氮和氮氧化物排放量控制在省定目标内")
    assert [one.indicator for one in said] == ["so2", "cod", "ammonia_nitrogen", "nox"]
    assert len({one.start for one in said}) == 1


def test_a_relation_with_a_figure_is_left_to_the_figure() -> None:
    assert relations("地区生产总值增速高于全省平均水平1个百分点") == []
    assert relations("居民消费价格上涨4%,低于5%左右的预期目标") == []


def test_a_relation_beside_a_figure_is_of_what_the_figure_is_of() -> None:
    (stretch,) = relations("固定资产投资确保增长12%、力争达到全省平均水平")
    assert (stretch.indicator, stretch.bound, stretch.tier) == ("fixed_asset_investment", "eq", "stretch")
    (after,) = relations("全社会研发经费投入强度达到2.3%,高于全国平均水平", "back")
    assert (after.indicator, after.tier) == ("rd_intensity", "base")


def test_a_relation_without_any_subject_is_none() -> None:
    assert relations("高于全国平均水平") == []
