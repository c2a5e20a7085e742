"""Lines broken at one width are paragraphs again; a page whose lines are paragraphs is left as it is."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.plain import plain_lines
from baogao.clean.wraps import joined
from baogao.text import squash

PARAGRAPHS = [
    "各位代表：",
    "现在，我代表县人民政府向大会报告工作，请予审议，并请各位政协委员及列席会议的同志提出意见。",
    "一、2007年政府工作的简要回顾",
    "过去的一年，是很不平凡的一年。面对严峻复杂的宏观形势和艰巨繁重的发展任务，县政府团结带领全县人民，紧紧围绕“保增长、保民生、保稳定”，迎难而上，奋力拼搏，圆满完成了县人大会议确定的目标任务。",
    "落实粮食直补、良种补贴、农机具购置补贴6289万元，粮食总产实现“8连增”。新建标准化白鹅基地3.7万亩，农民专业合作社发展到108家。新增造林3.9万亩，农村饮水安全全面解决。",
    "全县规模以上工业企业达到113家，工业增加值23.7亿元，增长25.8%；工业园区建成面积3.1平方公里，入驻企业42家，被评为省级工业集中发展区，利用内资33.9亿元，增长36.9%。",
    "城区面积扩展到17.9平方公里，城镇化率达到39.8%；供水、供气、垃圾处理设施日益完善，农民住房集中小区开工建设，新增道路6公里，街道硬化、亮化、绿化水平明显提高。",
    "困难群众基本生活得到保障，发放低保资金4200万元，新建敬老院3所；教育、卫生、文化事业全面发展，新改扩建中小学校舍2.6万平方米，新型农村合作医疗参合率达到98.7%，广播电视覆盖率达到99.2%。",
]


def columns(text):
    return sum(2 if char > "\u2e80" else 1 for char in text)


def wrapped(width, *, indent="", margin="", gap="\n"):
    """The paragraphs as a terminal of that width shows them."""
    lines = []
    for paragraph in PARAGRAPHS:
        line = margin + indent
        for char in paragraph:
            if columns(line + char) > width:
                lines.append(line)
                line = margin
            line += char
        lines.append(line + gap)
    return "\n".join(lines)


@pytest.mark.parametrize("width", [60, 72, 78, 80])
@pytest.mark.parametrize(("indent", "margin", "gap"), [("", "", "\n"), ("　　", "", ""), ("　　", "   ", "\n"), ("    ", "", "")])
def test_lines_broken_at_one_width_are_paragraphs_again(width, indent, margin, gap):
    text = wrapped(width, indent=indent, margin=margin, gap=gap)
    lines = plain_lines(text)
    assert [line.text for line in lines] == PARAGRAPHS
    assert [squash(text[line.start : line.end]) for line in lines] == [squash(paragraph) for paragraph in PARAGRAPHS]


def test_words_in_latin_letters_keep_a_space_between_them():
    assert joined("the work\n  of the\ngovernment，全县\n12个") == "the work of the government，全县12个"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS),
        "\n".join(paragraph[:30] for paragraph in PARAGRAPHS * 3),
        "\n".join(f"{n}.新建和改扩建中小学校8所，新增学位6000个，完成投资2亿元。" for n in range(30)),
        "\n".join(["春风吹过望川的山岗", "澜江水静静流淌"] * 20),
        "\n".join(["指标\t2022年\t2023年\t增长\t位次"] * 30),
    ],
)
def test_lines_that_are_paragraphs_stay(text):
    assert [line.text for line in plain_lines(text)] == text.split("\n")


@given(st.lists(st.text(st.sampled_from("各位代表，。 　\n35a"), max_size=80), max_size=30).map("\n".join))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_no_character_is_lost_and_none_is_told_twice(text):
    lines = plain_lines(text)
    assert squash("".join(line.text for line in lines)) == squash(text)
    assert all(one.end <= other.start for one, other in pairwise(lines))
