"""A page that holds its text several times over is told from a report that repeats itself."""

import pytest

from baogao.clean.line import Line
from baogao.clean.repeats import repeated_lines

LONG = [f"第{at}项工作取得新的进展，全年完成投资{at}2.6亿元，增长{at}.5%，新增就业{at}300人，建成项目{at}4个，群众满意度达到9{at}.8%，超额完成了年初确定的各项目标任务。" for at in range(1, 9)]


def repeats(*texts):
    return repeated_lines([Line(text, 0, len(text)) for text in texts])


def test_the_second_copy_of_the_text_is_repeated():
    assert repeats(*LONG, *LONG) == set(range(8, 16))


def test_short_lines_of_the_second_copy_are_repeated_with_it():
    copy = ["望川县政府工作报告", "各位代表：", *LONG[:4], "各位代表！", *LONG[4:]]
    assert repeats("首页", *copy, *copy, "版权所有") == set(range(12, 23))


def test_a_copy_whose_lines_were_joined_is_repeated():
    assert repeats("".join(LONG[:2]), *LONG[2:], *LONG) == set(range(7, 15))


def test_a_text_told_line_by_line_twice_is_told_once():
    twice = [line for one in ["各位代表：", *LONG] for line in (one, one)]
    assert repeats("首页", *twice, "版权所有") == set(range(2, 19, 2))


def test_a_line_that_tells_the_whole_text_once_more_is_a_repeat():
    whole = "　　".join(LONG)
    assert repeats("首页", *LONG, whole, "版权所有") == {9}
    assert repeats(whole, *LONG) == {0}
    assert repeats(*LONG[:3], "".join(LONG[3:])) == set()


def test_width_and_spaces_make_no_other_line():
    other = [line.replace("，", ",").replace("，", " ").replace("第", "第　") for line in LONG]
    assert repeats(*LONG, *other) == set(range(8, 16))


def test_a_line_that_stands_in_the_second_copy_alone_is_kept():
    assert repeats(*LONG, "只在第二份里出现的一句话。", *LONG) == {*range(9, 17)}


def test_where_what_is_left_repeats_itself_too_its_copies_go():
    end = [line.replace("取得", "再次取得") for line in LONG]
    assert repeats(*LONG, *LONG, *end, *end, *end, *end) == {*range(8, 16), *range(24, 48)}


@pytest.mark.parametrize(
    "texts",
    [
        ["各位代表！", *LONG[:4], "各位代表！", *LONG[4:], "各位代表！"],
        [*LONG, "一、2023年工作回顾", "二、2024年工作安排", "一、2023年工作回顾"],
        [*LONG, LONG[0]],
        [text for line in LONG for text in (line, "完成时限：2024年12月底前。")],
        [*LONG, "以上报告，请予审议。", "以上报告，请予审议。"],
        [LONG[0], LONG[0], LONG[0]],
        [],
    ],
)
def test_a_formula_or_a_paragraph_that_recurs_is_no_repetition(texts):
    assert repeats(*texts) == set()
