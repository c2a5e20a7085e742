"""Titles, delivery lines, dates, speakers and the words that open a text are known by their form, and what else stands above a text by its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules
from baogao.clean.title import ANNEX, is_delivery, is_opening, is_title, is_title_block, sort_head
from baogao.contract import terms
from baogao.text import fold

RULES = CleaningRules.from_terms(terms("boilerplate"))
TITLE = "临澜市人民政府工作报告"
DELIVERY = "——2023年1月6日在临澜市第九届人民代表大会第三次会议上"
SPEAKER = "临澜市市长　石竹"


def line(text):
    return Line(text, 0, len(text))


def sort(*texts, title=None):
    """What becomes of the lines above a text; None for the title block."""
    lines = [line(text) for text in texts]
    return sort_head(lines, [RULES.match(one.folded, "head") for one in lines], title)


@pytest.mark.parametrize(
    "text",
    [
        "各位代表", "各位代表：", "尊敬的各位代表！", "各位代表、同志们：", "同志们：", "同志們：", "各位人大代表、同志们：", "各位居民代表：", "各位政协委员，同志们：", "尊敬的各位领导、各位来宾：",
        "亲爱的全市人民：", "各位乡亲：", "Fellow Deputies,", "Dear Delegates", "主席团、各位代表：", "各位代表 现在", "各位代表：现在，我代表市人民政府，向大会报告工作，请予审议。",
    ],
)  # fmt: skip
def test_an_address_opens_the_text(text):
    assert is_opening(line(text))


@pytest.mark.parametrize("text", ["各位代表的建议全部办结。", "各位代表认真听取报告", "同志们的努力没有白费"])
def test_a_sentence_about_delegates_opens_nothing(text):
    assert not is_opening(line(text))


@pytest.mark.parametrize("text", ["现在，我代表市人民政府报告工作。", "代表们一致认为", "人大代表：石竹", "一、过去一年，各位代表", "Dearest city", "", "各位代表：" + "市人民政府报告工作，" * 40])
def test_what_is_said_of_delegates_or_at_length_opens_nothing(text):
    assert not is_opening(line(text))


@pytest.mark.parametrize(
    "text",
    [
        "2023 年 政 府 工 作 报 告", "政府工作报告（摘要）", "《政府工作报告》", "临澜市政府工作的报告", "政府工作報告(实录)", "在临澜市第九届人民代表大会第三次会议上的工作报告",
        "临澜市人民代表大会常务委员会工作报告", "关于临澜市2022年国民经济和社会发展计划执行情况与2023年计划草案的报告",
    ],
)  # fmt: skip
def test_the_title_of_a_report_is_told_by_its_words(text):
    assert is_title(line(text), None)
    assert is_title_block(line(text), None)


@pytest.mark.parametrize("text", ["临澜市政府工作报告 >> 正文", "现在的位置：政府工作报告", "首页，政府工作报告", "石竹作政府工作报告。", "临澜市概况", "政府工作报告" + "解读" * 40, ""])
def test_a_path_a_sentence_or_a_long_line_is_no_title(text):
    assert not is_title(line(text), None)


def test_a_line_is_the_title_that_the_page_states_whatever_its_width_and_spaces():
    assert is_title(line("奋进的临澜　２０２３"), "奋进的临澜2023")
    assert not is_title(line("奋进的临澜"), "奋进的临澜2023")
    assert not is_title(line("奋进临澜"), "奋进临澜")


@pytest.mark.parametrize("text", [DELIVERY, "（2023年1月6日在市九届人大三次会议上）", "2023年1月6日在市第九次党代会上", "—2023年1月6日在居民代表会议上", "（在市人大会议上）"])
def test_a_delivery_line_says_at_which_meeting(text):
    assert is_delivery(line(text))
    assert is_title_block(line(text), None)


@pytest.mark.parametrize(
    "text", ["市第九届人民代表大会第三次会议听取政府工作报告", "市九届人大三次会议开幕", "关于召开市人大会议的通知", "在市人大会议上。他指出，要抓好落实。", DELIVERY + "临澜" * 30]
)
def test_news_of_a_meeting_is_no_delivery_line(text):
    assert not is_delivery(line(text))


@pytest.mark.parametrize(
    "text",
    [
        SPEAKER, "市长：石竹", "代市长 石 竹 同志", "镇长　阮青", "石竹", "石  竹", "苏·禾", "阿依古丽·买买提", "2023年1月6日", "（2023年1月6日）", "二〇二三年一月六日",
        "二○二三年一月六日", "（二零二三年一月）",
    ],
)  # fmt: skip
def test_speakers_names_and_dates_belong_to_the_title_block(text):
    assert is_title_block(line(text), None)
    assert not is_title(line(text), None)


@pytest.mark.parametrize("text", ["市长石竹出席会议，并讲话", "来源：临澜日报", "2023-01-06", "1月6日", "走进大美临澜新区", "责任编辑：阮青", SPEAKER * 12])
def test_news_bylines_and_menus_do_not(text):
    assert not is_title_block(line(text), None)


@pytest.mark.parametrize("text", ["附件", "附件1：名词解释", "【附件】", "附　表", "附：", "附一", "附2", "附录", "注 释", "注：", "有关用语的说明", "《政府工作报告》名词解释", "指标解释"])
def test_the_heading_of_an_annex_is_known(text):
    assert ANNEX.match(fold(text))


@pytest.mark.parametrize("text", ["附近村民", "附10号文件", "附加值稳步提高", "注重民生", "注册企业1200户", "有关部门", "指标", "《政府工作报告》", "一、附件"])
def test_words_that_begin_alike_head_no_annex(text):
    assert not ANNEX.match(fold(text))


def test_from_the_title_on_all_but_furniture_is_the_title_block():
    said = sort("望川要闻", TITLE, "首页", DELIVERY, "来源：临澜日报", "在改革中前行", SPEAKER)
    assert said == [("navigation", "above-title"), None, ("navigation", "menu-word"), None, ("byline", "byline-source"), None, None]


def test_without_a_title_the_lines_below_the_furniture_are_and_those_that_look_like_it_above():
    assert sort("走进大美临澜新区", "首页", "奋进的临澜", "在改革中前行") == [("navigation", "above-title"), ("navigation", "menu-word"), None, None]
    assert sort("2023年1月6日", "走进大美临澜新区", "来源：临澜日报") == [("byline", "byline-stamp"), ("navigation", "above-title"), ("byline", "byline-source")]
    assert sort(SPEAKER, "来源：临澜日报", "奋进的临澜") == [None, ("byline", "byline-source"), None]


def test_a_stated_title_is_where_the_title_block_begins():
    assert sort("走进大美临澜新区", "奋进的临澜2023", "首页", title="奋进的临澜 2023") == [("navigation", "above-title"), None, ("navigation", "menu-word")]


def test_a_column_above_the_title_is_no_title_but_the_only_one_is():
    above = ("navigation", "above-title")
    assert sort("政府工作报告", "工作报告", TITLE, DELIVERY) == [above, above, None, None]
    assert sort("政府工作报告", DELIVERY, "市长石竹作政府工作报告") == [None, None, None]


@pytest.mark.parametrize(("below", "fate"), [("临澜发布", ("byline", "below-byline-source")), ("市政府办公室", ("byline", "below-byline-source")), (SPEAKER, None), ("在改革中前行，开新局", None)])
def test_a_publisher_right_below_an_empty_label_is_told_by_it(below, fate):
    assert sort(TITLE, "来源：", below) == [None, ("byline", "byline-source"), fate]
    assert sort(TITLE, "来源：新华社", below)[2] is None


LINES = st.sampled_from([TITLE, DELIVERY, SPEAKER, "政府工作报告", "首页", "来源：", "临澜日报", "奋进的临澜", "走进大美临澜新区", "2023-01-06 08:00"])


@given(st.lists(LINES, max_size=10))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_each_line_has_a_fate_and_the_full_title_is_never_removed(texts):
    said = sort(*texts)
    assert len(said) == len(texts)
    assert all(why is None for text, why in zip(texts, said, strict=True) if text == TITLE)
    assert all(why for text, why in zip(texts, said, strict=True) if RULES.match(fold(text), "head"))
