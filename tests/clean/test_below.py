"""What stands below the close of a report falls, but for what signs it, tables and annexes; what names its sponsors inside an item stays."""

import pytest

from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules
from baogao.clean.zones import find_zones
from baogao.contract import terms

RULES = CleaningRules.from_terms(terms("boilerplate"))
TITLE = "临澜市人民政府工作报告"
TEXT = [
    "各位代表：",
    "现在，我代表市人民政府向大会报告工作，请予审议，并请各位政协委员和列席人员提出意见。",
    "一、2022年工作回顾",
    "全年地区生产总值完成1864亿元，增长4.8%；一般公共预算收入完成92.7亿元，同口径增长6.1%。",
    "城镇新增就业3.26万人，城乡居民人均可支配收入分别增长4.6%和6.9%，主要指标好于预期。",
]
CLOSE = "让我们紧密团结起来，为谱写临澜现代化建设新篇章而努力奋斗！"
ITEMS = ["1.新建和改扩建中小学校8所，新增学位6000个。", "主办单位：市教育局", "协办单位：市财政局", "完成时限：2023年12月"]
ITEMS += ["2.改造城镇老旧小区120个，惠及居民2.1万户。", "主办单位：市住建局", "协办单位：市发改委", "配合单位：市财政局"]


def cut(*texts):
    """The texts above, the text, the texts below."""
    zones = find_zones([Line(text, 0, len(text)) for text in texts], RULES, None)
    return [*texts[: zones.first]], [*texts[zones.first : zones.last]], [*texts[zones.last :]]


@pytest.mark.parametrize("heading", ["网友评论", "发表评论", "相关阅读", "版权所有：临澜在线"])
def test_sentences_under_a_heading_that_opens_comments_fall_with_it(heading):
    said = ["这个报告写得很好，我们市有希望，明年会更好。", "楼上说得对，支持市政府的工作，加油！"]
    assert cut(*TEXT, CLOSE, heading, *said, "验证码：") == ([], [*TEXT, CLOSE], [heading, *said, "验证码："])
    assert cut(*TEXT, *said, "验证码：")[1] == [*TEXT, *said]


@pytest.mark.parametrize("below", [[], ["版权所有：临澜在线"], ["打印本页", "澜ICP备00000000号"]])
@pytest.mark.parametrize("size", [2, 4, 6, 7, 8])
def test_the_items_of_an_annex_keep_whom_they_name(size, below):
    text = [*TEXT, CLOSE, "附件", *ITEMS[:2], *ITEMS[4:6], *ITEMS[:size]]
    assert cut(TITLE, *text, *below) == ([TITLE], text, below)


def test_labels_of_a_footer_that_no_item_has_are_no_annex():
    footer = ["主办单位：市政府办公室", "联系电话：0999-7654321", "澜ICP备00000000号"]
    assert cut(*TEXT, CLOSE, *footer)[2] == footer


@pytest.mark.parametrize("below", [[], ["责任编辑：阮青"], ["版权所有：临澜在线", "网站地图"]])
@pytest.mark.parametrize("signed", [["临澜市人民政府"], ["临澜市人民政府", "2023年1月6日"], ["（二〇二三年一月六日）"]])
def test_office_and_date_sign_the_text(signed, below):
    assert cut(*TEXT, CLOSE, *signed, *below) == ([], [*TEXT, CLOSE, *signed], below)


@pytest.mark.parametrize("gap", ["\t", "　　", "   "])
def test_a_table_with_its_title_below_the_close_stays(gap):
    rows = ["主要预期目标", *(gap.join(row) for row in [("指标", "2022年", "2023年"), ("生产总值", "4.8%", "6%"), ("新增就业", "3.2万人", "3.3万人")])]
    assert cut(*TEXT, CLOSE, *rows, "打印本页") == ([], [*TEXT, CLOSE, *rows], ["打印本页"])


@pytest.mark.parametrize("close", [CLOSE, "谢谢大家！", "以上报告，请予审议。"])
def test_a_short_line_that_no_rule_knows_falls_below_the_close_alone(close):
    assert cut(*TEXT, CLOSE, close, "临澜掌上通")[2] == ["临澜掌上通"]
    assert cut(*TEXT, "临澜掌上通") == ([], [*TEXT, "临澜掌上通"], [])
    assert cut(*TEXT[:2], close, *TEXT[2:], "临澜掌上通")[2] == []
    assert cut(*TEXT, CLOSE, "附件：名词解释", "临澜掌上通")[2] == []


@pytest.mark.parametrize("below", [[], ["上一条：没有了", "版权所有：临澜在线"]])
def test_a_short_line_below_the_signature_falls_too(below):
    text = [*TEXT, "以上安排，请各部门认真执行。", "临澜市人民政府", "2023年1月6日"]
    assert cut(*text, "文献索引", "关于恢复农村集市贸易的通知", *below) == ([], text, ["文献索引", "关于恢复农村集市贸易的通知", *below])
    assert cut(*text, "附件", "重点项目名单", *below)[1] == [*text, "附件", "重点项目名单"]


def test_a_summary_below_furniture_that_repeats_the_text_falls():
    assert cut(*TEXT, CLOSE, "版权所有：临澜在线", TEXT[3])[2] == ["版权所有：临澜在线", TEXT[3]]


@pytest.mark.parametrize("label", ["同类报告：", "本地区历年报告：", "您可能还关注：", "临澜要闻:"])
def test_a_label_with_nothing_below_it_falls(label):
    assert cut(*TEXT, label) == ([], TEXT, [label])


@pytest.mark.parametrize("last", ["今年主要预期目标是：", "总的要求：", "今年要办好以下实事，包括："])
def test_what_introduces_a_list_ends_a_page_that_was_cut_short(last):
    assert cut(*TEXT, last) == ([], [*TEXT, last], [])
