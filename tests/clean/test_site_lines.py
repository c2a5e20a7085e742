"""Lines that may be a site's own have a mark; the words that reports share have none."""

import pytest

from baogao.clean.site_lines import mark, site_line_marks

TEXT = ["各位代表：", "现在，我代表县人民政府，向大会报告工作，请予审议。", "一、2023年工作回顾", "全县地区生产总值增长6%。"]


def marked(*lines):
    return [line for line in lines if mark(line) in site_line_marks(lines)]


@pytest.mark.parametrize("line", ["素材驿站 sucai.example", "望川掌上通", "（资料由望川书库整理）", "☆ 充值100文币送30 ☆"])
def test_a_line_that_may_be_of_the_site_is_marked(line):
    assert line in marked(*TEXT, line)


@pytest.mark.parametrize(
    "line",
    [
        "各位代表！", "各位代表：", "同志们：", "一、2023年工作回顾", "（二）着力扩大内需", "现在，我代表县人民政府，向大会报告工作，请予审议。", "以上报告，请予审议。",
        "谢谢大家！", "名词解释", "附件：重点项目表", "目  录", "望川县人民政府", "2024年1月10日", "县长  苏禾", "2024年望川县政府工作报告", "主要预期目标是：",
        "让我们携手前进，为谱写新篇章而奋斗！", "欢迎访问望川书库，查阅更多资料。",
    ],
)  # fmt: skip
def test_words_that_reports_share_have_no_mark(line):
    assert line not in marked(*TEXT, line, *TEXT)


def test_numbers_and_spaces_make_no_difference():
    assert mark("共 12 页，第 3 页") == mark("共9页,第１页")
    assert mark("望川通") != mark("临澜通")


def test_a_line_with_no_sentence_above_it_or_none_below_stands_at_an_edge():
    above, inside, below = "望川掌上通", "素材驿站 sucai.example", "望川书库藏"
    marks = site_line_marks([above, *TEXT, inside, *TEXT, below])
    assert [marks[mark(line)] for line in (above, inside, below)] == [True, False, True]
    assert site_line_marks([inside, *TEXT, inside, *TEXT]) == {mark(inside): True}


def test_without_lines_there_are_no_marks():
    assert site_line_marks([]) == {}
    assert site_line_marks(["望川掌上通"]) == {mark("望川掌上通"): True}
