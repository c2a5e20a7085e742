from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.conflicts import Conflict, find_conflicts

SENTENCE = "全市地区生产总值增长7.5%，固定资产投资增长13%。"


@pytest.mark.parametrize(
    ("other", "numbers"),
    [
        ("全市地区生产总值增长7.6%，固定资产投资增长13%。", ("7.6", "13")),
        ("全市地区生产总值增长％，固定资产投资增长％。", ()),
        ("全市地区生产总值增长7.5%，固定资产投资增长1 4%。", ("7.5", "14")),
        ("全市地区生产总值增长13%，固定资产投资增长7.5%。", ("13", "7.5")),
    ],
)
def test_a_sentence_with_other_numbers_is_a_conflict(other: str, numbers: tuple[str, ...]) -> None:
    assert find_conflicts(["各位代表！", SENTENCE], [other]) == [Conflict(1, 0, ("7.5", "13"), numbers)]


@pytest.mark.parametrize(
    ("sentences", "others"),
    [
        ([SENTENCE], ["全市地区生产总值增长７．５０℅，固定资产投资增长 13 %。"]),
        ([SENTENCE], ["全省地区生产总值增长8%，固定资产投资增长13%。"]),
        ([SENTENCE], ["全市地区生产总值增长8%，固定资产投资增长14%。", "全市地区生产总值增长9%，固定资产投资增长15%。"]),
        (["同比增长7%。"], ["同比增长8%。"]),
        (["全年新增城镇就业1,420人。"], ["全年新增城镇就业1420人。"]),
        ([], [SENTENCE]),
    ],
    ids=["written otherwise", "other words", "not clear which", "too few words", "thousands", "nothing"],
)
def test_no_conflict(sentences: list[str], others: list[str]) -> None:
    assert find_conflicts(sentences, others) == []


def test_chinese_numerals_are_compared_as_written() -> None:
    [found] = find_conflicts(["粮食总产量达到三千七百亿斤，比上年增加一百二十亿斤。"], ["粮食总产量达到三千九百亿斤，比上年增加一百二十亿斤。"])
    assert (found.numbers, found.other_numbers) == (("三千七百亿", "一百二十亿"), ("三千九百亿", "一百二十亿"))


texts = st.lists(st.builds(lambda n, m: f"实施重点民生项目第{n}批，完成投资{m}亿元。", st.integers(0, 9), st.integers(0, 9)), max_size=6)


@given(texts, texts)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_conflicts_are_the_same_from_both_sides_and_none_with_itself(one: list[str], other: list[str]) -> None:
    assert find_conflicts(one, one) == []
    assert [(found.other, found.sentence) for found in find_conflicts(one, other)] == [(found.sentence, found.other) for found in find_conflicts(other, one)]
