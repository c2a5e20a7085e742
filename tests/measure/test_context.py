from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.measure.context import Context, ContextReader
from baogao.measure.lexicon import Lexicon

READER = ContextReader(Lexicon.from_terms(terms))


def read(text: str, kind: str = "percent") -> Context:
    return READER.read(text, kind)


@pytest.mark.parametrize(
    ("text", "subject", "verb", "adverbs"),
    [
        ("地区生产总值增长", "地区生产总值", "增长", set()),
        ("地区生产总值同比增长", "地区生产总值", "增长", {"同比"}),
        ("财政收入和支出分别增长", "财政收入和支出", "增长", {"分别"}),
        ("一般公共预算收入累计完成", "一般公共预算收入", "完成", {"累计"}),
        ("森林覆盖率提高到", "森林覆盖率", "提高到", set()),
        ("森林覆盖率下降为", "森林覆盖率", "下降为", set()),
        ("工业用电量增幅达", "工业用电量", "增幅达", set()),
        ("失业率为", "失业率", "为", set()),
        ("固定资产投资", "固定资产投资", None, set()),
        ("年均增长", "", "增长", {"年均"}),
        ("", "", None, set()),
    ],
)
def test_the_words_before_a_number_are_subject_adverbs_and_predicate(text: str, subject: str, verb: str | None, adverbs: set[str]) -> None:
    context = read(text)
    assert (context.subject, context.verb, context.adverbs) == (subject, verb, adverbs)


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("规上工业企业比2019年增加", "2019年"),
        ("城镇化率较上年同期提高", "上年同期"),
        ("存款余额比年初增加", "年初"),
        ("钢产量比一九五七年增长", "一九五七年"),
        ("生产总值同比增长", None),
        ("就业率比全省提高", None),
    ],
)
def test_a_past_that_a_rise_is_over_is_what_it_is_compared_with(text: str, compared: str | None) -> None:
    context = read(text, "count")
    assert (context.compared, context.relation) == (compared, None)


@pytest.mark.parametrize(
    ("text", "reference", "word"),
    [
        ("增速高于全省平均水平", "全省平均水平", "高于"),
        ("增速快于全国", "全国", "快于"),
        ("登记失业率低于省控指标", "省控指标", "低于"),
        ("增速比全国快", "全国", "快"),
        ("增速较“十二五”时期低", "“十二五”时期", "低"),
    ],
)
def test_a_comparison_with_others_before_points_is_a_gap(text: str, reference: str, word: str) -> None:
    context = read(text, "point")
    assert (context.relation, context.reference, context.qualifier) == ("gap", reference, word)


@pytest.mark.parametrize("text", ["城镇化率比上年提高", "失业率较去年降低", "增速比上年加快", "占比比上年减少", "增速比上年放慢"])
def test_a_rise_or_fall_over_a_past_before_points_is_no_gap(text: str) -> None:
    assert read(text, "point").relation is None


@pytest.mark.parametrize(
    ("text", "kind", "relation", "reference"),
    [
        ("为预算的", "percent", "completion", "预算"),
        ("为年度预算的", "percent", "completion", "年度预算"),
        ("完成年度任务的", "percent", "completion", "年度任务"),
        ("占年度计划的", "percent", "completion", "年度计划"),
        ("是2015年的", "multiple", "multiple", "2015年"),
        ("相当于上年的", "multiple", "multiple", "上年"),
        ("等于一九四九年的", "multiple", "multiple", "一九四九年"),
        ("规上工业增加值增速位居全省", "rank", "rank", "全省"),
        ("位居", "rank", "rank", None),
        ("为预算的", "money", None, None),
        ("是2015年的", "percent", None, None),
    ],
)
def test_a_phrase_before_a_number_of_its_kind_is_a_completion_a_multiple_or_a_rank(text: str, kind: str, relation: str | None, reference: str | None) -> None:
    context = read(text, kind)
    assert (context.relation, context.reference) == (relation, reference)


def test_the_subject_is_in_the_last_clause_and_earlier_clauses_follow_nearest_first() -> None:
    context = read("城镇居民收入,农村居民收入,保持增长")
    assert (context.subject, context.clauses) == ("", ("农村居民收入", "城镇居民收入"))


@pytest.mark.parametrize("mark", [";", "。", "!", "?", "\n"])
def test_nothing_is_read_across_the_end_of_a_statement(mark: str) -> None:
    context = read(f"工业投资{mark}民间投资增长")
    assert (context.subject, context.clauses, context.subject_at) == ("民间投资", (), 5)


def test_a_short_head_before_a_colon_names_what_its_clauses_are_of() -> None:
    assert read("粮食:达到").clauses == ("粮食",)
    assert read("主要预期目标是:达到").clauses == ()
    assert read("全省农业生产连续多年获得了好收成:达到").clauses == ()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from("地区生产总值 收入 增长 同比 比上年 高于 全省 分别 的 为预算的 居 , ; 、 \u3000 年均 提高到 是2015年的 力争".split()), max_size=8).map("".join),
    st.sampled_from(["percent", "point", "rank", "multiple", "money", "count"]),
)
def test_the_subject_is_words_of_the_text_at_its_offset(text: str, kind: str) -> None:
    context = read(text, kind)
    assert text[context.subject_at : context.subject_at + len(context.subject)] == context.subject
