from __future__ import annotations

import pytest

from baogao.describe.completeness import completeness

OPENING = ["各位代表：", "现在，我代表县人民政府，向大会报告工作，请予审议。"]
MIDDLE = ["一、2023年工作回顾", "全县地区生产总值增长6.1%。", "二、2024年工作安排", "（一）抓实项目建设。", "完成投资80亿元。", "（二）办好民生实事。"]
CLOSE = ["各位代表！让我们同心协力、真抓实干，奋力谱写丰水高质量发展新篇章！"]
LONG = MIDDLE * 4


@pytest.mark.parametrize(
    "opening",
    [
        "各位代表：",
        "各位代表!",
        "尊敬的各位代表、同志们:",
        "现在，我代表市人民政府，向大会报告工作，请予审议。",
        "我受县人民政府委托，向大会作政府工作报告。",
        "我代表国务院向第一届全国人民代表大会第五次会议，提出关于一九五七年度国民经济计划的报告。",
        "现在，我向大会作工作报告。",
    ],
)
def test_an_opening_is_known(opening: str) -> None:
    assert completeness("政府工作报告", [opening, *MIDDLE, *CLOSE]) == ("full", None)


@pytest.mark.parametrize(
    "close",
    [
        "各位代表！让我们更加紧密地团结起来，为实现“十四五”规划目标而努力奋斗！",
        "让我们锚定目标、只争朝夕，向着美好明天奋勇前进！",
        "我们坚信，丰水的明天一定更加美好，人民的生活一定更加幸福，全县各项事业一定能开创新局面。",
        "同志们，让我们以优异成绩庆祝新中国成立75周年！",
        "讓我們團結起來，爭取社會主義建設的更大勝利！（热烈鼓掌）",
        "高举旗帜、团结奋进，交出一份让人民满意的答卷！”",
        "我们满怀着信心，坚决执行党的指示，为完成和超额完成国民经济计划而奋斗！　（《人民日报》1 9 5 8 0 2 1 3 第2 版）",
    ],
)
def test_a_close_is_known(close: str) -> None:
    assert completeness("政府工作报告", [*OPENING, *MIDDLE, close]) == ("full", None)


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ([*OPENING, *MIDDLE], "end"),
        ([*MIDDLE, *CLOSE], "beginning"),
        (MIDDLE, "beginning; end"),
        ([*OPENING, *LONG], "end"),
        ([*LONG, *OPENING, *LONG, *CLOSE], "beginning"),
        ([*OPENING, *CLOSE, *LONG], "end"),
        ([*OPENING, *MIDDLE[:2], *CLOSE, *MIDDLE[:5]], "end"),
        (["全县经济平稳运行。"], "beginning; end"),
        ([*OPENING, *MIDDLE[:2], "我们相信，人民政府绝不辜负人民的期望，一定能战胜一切困难，不断前进。"], "end"),
        (["目录", "一、工作回顾", "二、工作安排", *MIDDLE, *CLOSE], "beginning"),
    ],
)
def test_what_lacks_its_opening_or_its_close_is_an_excerpt(lines: list[str], missing: str) -> None:
    assert completeness("政府工作报告", lines) == ("excerpt", missing)


@pytest.mark.parametrize(
    "annex", ["名词解释", "名词注释", "附件", "附件1", "附：", "附录", "注释：", "有关名词解释", "《政府工作报告》有关用语说明", "[附件]2024年民生实事"]
)
def test_an_annex_may_follow_the_close(annex: str) -> None:
    entries = [f"{n}.“一老一小”：指老年人和儿童。" for n in range(1, 9)]
    assert completeness("政府工作报告", [*OPENING, *LONG, *CLOSE, annex, *entries]) == ("full", None)


@pytest.mark.parametrize("parts", [["一、工作回顾 二、工作安排"], ["第一部分 工作回顾", "第二部分 工作安排"], ["（一）工作回顾"], ["一、工作回顾。二、工作安排。"]])
def test_a_report_whose_parts_are_numbered_otherwise_is_whole(parts: list[str]) -> None:
    assert completeness("政府工作报告", [*OPENING, *parts, "全县地区生产总值增长6.1%。", *CLOSE]) == ("full", None)


def test_a_table_of_contents_may_stand_before_the_opening() -> None:
    entries = [line for line in MIDDLE if "。" not in line]
    assert completeness("政府工作报告", ["目　录", *entries * 3, *OPENING, *MIDDLE, *CLOSE]) == ("full", None)


def test_entries_without_the_heading_of_an_annex_are_not_skipped() -> None:
    entries = [f"{n}.“一老一小”：指老年人和儿童。" for n in range(1, 9)]
    assert completeness("政府工作报告", [*OPENING, *LONG, *CLOSE, *entries]) == ("excerpt", "end")


def test_the_word_for_an_annex_in_the_first_half_ends_nothing() -> None:
    assert completeness("政府工作报告", [*OPENING, "附件1列出了全年任务。", *LONG, *CLOSE]) == ("full", None)


@pytest.mark.parametrize("mark", ["(下转第3版)", "（下转第四版）", "(下转2版)", "未完待续", "（未完）"])
def test_a_last_line_that_says_that_it_goes_on_is_no_end(mark: str) -> None:
    assert completeness("政府工作报告", [*OPENING, *MIDDLE, CLOSE[0] + mark]) == ("excerpt", "end")


@pytest.mark.parametrize("title", ["政府工作报告（摘要）", "2024年政府工作报告摘登", "政府工作报告(摘)", "丰水县政府工作报告（节选）", "政府工作报告要点"])
def test_what_calls_itself_abridged_is_abridged(title: str) -> None:
    assert completeness(title, [*OPENING, *MIDDLE, *CLOSE]) == ("abridged", None)


def test_no_lines_are_of_unknown_completeness() -> None:
    assert completeness("政府工作报告", []) == ("unknown", None)
    assert completeness(None, []) == ("unknown", None)


def test_a_report_without_a_title_can_be_whole() -> None:
    assert completeness(None, [*OPENING, *MIDDLE, *CLOSE]) == ("full", None)
