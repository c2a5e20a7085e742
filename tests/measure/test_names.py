from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.measure.lexicon import Lexicon
from baogao.measure.names import VERB_ONLY, Names

LEXICON = Lexicon.from_terms(terms)
NAMES = Names(LEXICON)


@pytest.mark.parametrize(
    ("words_before", "name"),
    [
        ("其中民间投资", "民间投资"),
        ("初步核算,全市地区生产总值", "地区生产总值"),
        ("力争规上工业增加值", "规上工业增加值"),
        ("全年实现旅游总收入", "旅游总收入"),
        ("一是新建学校", "新建学校"),
        ("(二)改造老旧小区", "改造老旧小区"),
        ("可实现年产值", "年产值"),
        ("可再生能源消费占比", "可再生能源消费占比"),
        ("城镇居民收入\u3000\u3000\u3000", "城镇居民收入"),
        ("森林覆盖率达到", "森林覆盖率"),
        ("投资和", "投资"),
        ("民生支出占一般公共预算支出的比重", "民生支出占一般公共预算支出比重"),
        ("推动经济社会高质量发展全面推进乡村振兴战略实现粮食总产量", "粮食总产量"),
        ("外贸进出口", "外贸进出口"),
        ("", ""),
    ],
)
def test_a_name_has_no_words_that_lead_in_or_over(words_before: str, name: str) -> None:
    assert NAMES.trim(words_before) == name


def test_a_long_list_of_known_names_stays_whole() -> None:
    said = "二氧化硫、化学需氧量、氨氮和氮氧化物排放量"
    assert NAMES.trim(said) == said


@pytest.mark.parametrize("row", terms("indicators"), ids=lambda row: row["id"])
def test_trimming_takes_nothing_off_the_title_of_an_indicator(row: dict[str, str]) -> None:
    assert NAMES.known(NAMES.trim(row["zh"])) == row["id"]


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("城镇和农村居民人均可支配收入", ["城镇居民人均可支配收入", "农村居民人均可支配收入"]),
        ("化学需氧量、氨氮排放量", ["化学需氧量排放量", "氨氮排放量"]),
        ("第一、第二、第三产业增加值", ["第一产业增加值", "第二产业增加值", "第三产业增加值"]),
        ("一二三产增加值", ["第一产业增加值", "第二产业增加值", "第三产业增加值"]),
        ("财政总收入以及地方财政收入", ["财政总收入", "地方财政收入"]),
        ("学校、医院", ["学校", "医院"]),
        ("普及率", ["普及率"]),
        ("和谐社区", ["和谐社区"]),
        ("研究与试验发展经费", ["研究与试验发展经费"]),
        ("固定资产投资", ["固定资产投资"]),
    ],
)
def test_joined_names_are_taken_apart_each_with_the_head_that_they_share(name: str, members: list[str]) -> None:
    assert NAMES.split(name) == members


def test_a_clause_may_begin_with_a_known_name() -> None:
    assert NAMES.known_start("规上工业企业利润总额由盈转亏") == "规上工业企业利润总额"
    assert NAMES.known_start("县医院主体完工") is None


def test_all_known_is_false_where_one_name_is_not() -> None:
    assert NAMES.all_known(["地区生产总值", "固定资产投资"])
    assert not NAMES.all_known(["地区生产总值", "学校"])


@pytest.mark.parametrize("said", ["", "新建", "新建改建", "完成投资", "建成投产"])
def test_words_that_only_act_name_nothing(said: str) -> None:
    assert VERB_ONLY.match(said)


@pytest.mark.parametrize("said", ["学校", "新建学校", "旅游总收入", "税收"])
def test_words_with_a_noun_name_something(said: str) -> None:
    assert not VERB_ONLY.match(said)


def test_the_name_of_another_place_is_part_of_a_name() -> None:
    assert Names(LEXICON, "浙江省").known("杭州市生产总值") is None
    assert Names(LEXICON, "浙江省").known("浙江省生产总值") == "gdp"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(["其中", "全市", "地区生产总值", "固定资产投资", "和", "、", ",", "达到", "的", "力争", "实现", "一是", "二氧化硫", "氨氮", "排放量", "\u3000", "约", "学校", "(一)"]),
        max_size=9,
    ).map("".join)
)
def test_a_trimmed_name_is_a_part_of_the_words_and_its_members_are_never_empty(said: str) -> None:
    name = NAMES.trim(said)
    assert name in said.replace("\u3000", "")
    assert all(NAMES.split(name)) or not name
