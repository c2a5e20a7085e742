"""What a line looks like: prose, heading, neither."""

import pytest

from baogao.clean.line import Line


def line(text):
    return Line(text, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "现在，我代表县人民政府，向大会报告工作。",
        "今年的主要预期目标是：",
        "成绩属于过去，奋斗成就未来！",
        "他说：“望川的明天一定更加美好。”",
        "粮食总产量稳定在21.5万吨以上；",
        "全年安排重点项目86个，其中新开工42个，续建项目44个，年度计划投资62亿元，望川至临澜高速公路、澜江二桥、城东污水处理厂等一批工程加快推进",
    ],
)
def test_running_text_is_prose(text):
    assert line(text).is_prose


@pytest.mark.parametrize("text", ["首页", "责任编辑：", "望川县人民政府工作报告", "2023年01月10日 09:12 来源：望川日报", "（下转第四版）", "首页 政务公开 互动交流 " * 8, ""])
def test_labels_titles_and_menus_are_no_prose(text):
    assert not line(text).is_prose


@pytest.mark.parametrize("text", ["一、2022年工作回顾", "二.主要任务", "（一）产业发展", "(十二)民生", "第一部分 过去五年工作", "第二，抓好投资", "——这一年，我们", "㈢改革"])
def test_numbered_headings_are_headings(text):
    assert line(text).is_heading


@pytest.mark.parametrize("text", ["——2023年1月6日在望川县第十八届人民代表大会第二次会议上", "一年来的工作", "2023年工作安排", "第一高级中学", "（全文）", "-", ""])
def test_delivery_lines_and_sentences_are_no_headings(text):
    assert not line(text).is_heading


def test_a_line_knows_its_folded_form_and_keeps_its_own():
    made = Line("（一）增长６％", 3, 10, 0.5)
    assert (made.text, made.start, made.end, made.linked) == ("（一）增长６％", 3, 10, 0.5)
    assert made.folded == made.folded == "(一)增长6%"
