from __future__ import annotations

import pytest

from baogao.contract import terms
from baogao.measure.context import ContextReader
from baogao.measure.lexicon import Lexicon
from baogao.measure.masks import find_masks
from baogao.measure.names import Names
from baogao.measure.numbers import NumberGrammar
from baogao.measure.subjects import Found, Said, Subject, find_subjects, subject

LEXICON = Lexicon.from_terms(terms)
NAMES = Names(LEXICON)
READER = ContextReader(LEXICON)
GRAMMAR = NumberGrammar(LEXICON)


def find(text: str, said: tuple[str, ...] = (), parent: str | None = None) -> Found:
    """Subjects of all values of the text as one list, after a sentence that has named `said`."""
    group = GRAMMAR.find(text, find_masks(text))
    context = READER.read(text[: group[0].start], group[0].kind)
    named = tuple(subject(NAMES, name) for name in said)
    return find_subjects(NAMES, group, context, text[group[-1].end :], Said(named[-1:], named, subject(NAMES, parent) if parent else None))


def named(found: Found) -> list[str]:
    return [one.name for one in found.subjects]


@pytest.mark.parametrize(
    ("text", "said", "names", "rule"),
    [
        ("地区生产总值增长7%", (), ["地区生产总值"], "clause"),
        ("地区生产总值增长7%", ("工业投资",), ["地区生产总值"], "clause"),
        ("城镇居民人均可支配收入,增长7%", (), ["城镇居民人均可支配收入"], "comma"),
        ("规上工业企业利润总额由盈转亏,亏损1.2亿元", ("用电量",), ["规上工业企业利润总额"], "comma"),
        ("增长7%", ("工业投资",), ["工业投资"], "carried"),
        ("总数达到620家", ("规上企业",), ["规上企业"], "carried"),
        ("剔除不可比因素增长7%", ("税收",), ["税收"], "carried"),
        ("城镇和农村居民人均可支配收入分别增长7%、8%", (), ["城镇居民人均可支配收入", "农村居民人均可支配收入"], "list"),
        ("城乡居民人均可支配收入分别增长7%、8%", (), ["城镇居民人均可支配收入", "农村居民人均可支配收入"], "list"),
        ("财政总收入、地方财政收入均增长6%", (), ["财政总收入", "地方财政收入"], "list"),
        ("分别增长32%和28%", ("接待游客", "旅游综合收入"), ["接待游客", "旅游综合收入"], "list"),
        ("9件民生实事全部兑现", (), ["民生实事"], "after"),
        ("新建3所学校", ("投资",), ["新建学校"], "after"),
        ("近六成财政支出用于民生", (), ["民生支出占财政支出比重"], "composed"),
        ("年度重点项目112亿元投资支撑有力", (), ["年度重点项目投资"], "after"),
    ],
)
def test_subjects_are_found_by_the_first_rule_that_holds(text: str, said: tuple[str, ...], names: list[str], rule: str) -> None:
    found = find(text, said)
    assert (named(found), found.rule) == (names, rule)


def test_the_words_after_a_number_that_belong_to_its_name_are_counted() -> None:
    assert find("9件民生实事全部兑现").taken == len("民生实事")
    assert find("地区生产总值增长7%").taken == 0


def test_a_known_name_has_its_indicator() -> None:
    assert find("地区生产总值增长7%").subjects == (Subject("地区生产总值", "gdp"),)
    assert find("高考达线率66.9%").subjects == (Subject("高考达线率", None),)


def test_a_part_of_an_amount_is_not_the_amount() -> None:
    assert find("近六成财政支出用于民生").subjects == (Subject("民生支出占财政支出比重", None),)


def test_a_share_of_a_part_is_of_the_part_in_the_whole() -> None:
    found = find("占66.1%", ("税收收入",), parent="一般公共预算收入")
    assert (named(found), found.rule) == (["税收收入占一般公共预算收入比重"], "carried")
    assert named(find("占66.1%", ("税收收入",))) == ["税收收入占比"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("增长7%", "增长"), ("8.6万余名中小学生赴疆外参加“祖国情”研学活动和“中华行”系列夏令营", "中小学生"), ("90%的化工园区降至较低风险等级", "化工园区"), ("70万人次", "万人次")],
)
def test_a_figure_that_nothing_names_goes_by_what_is_nearest(text: str, name: str) -> None:
    found = find(text)
    assert (named(found), found.rule) == ([name], "unnamed")


@pytest.mark.parametrize("text", ["占66.1%", "7%"])
def test_a_value_of_nothing_has_no_subject(text: str) -> None:
    assert find(text).subjects == ()


def test_a_ratio_is_not_of_what_the_figure_before_it_is_of() -> None:
    assert named(find("三次产业结构优化,调整为8.3:41.4:50.3", ("装备制造业增加值",))) == ["三次产业结构优化"]


def test_the_pace_is_named_where_a_gap_or_rank_is_of_the_pace() -> None:
    assert named(find("增速居全省第3位", ("工业投资",))) == ["工业投资增速"]
    assert named(find("增速快于全省1.5个百分点", ("工业投资",))) == ["工业投资增速"]


def test_a_rate_of_decline_is_marked_as_falling() -> None:
    assert subject(NAMES, "固定资产投资降幅").falling
    assert not subject(NAMES, "固定资产投资增幅").falling
