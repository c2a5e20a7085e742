"""The frame around a text is cut off line by line: above it by head rules, below it by tail rules, and a sentence stops both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.frame import cut_frame, remove
from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules
from baogao.clean.title import is_title, is_title_block
from baogao.contract import terms
from baogao.records import Removed

RULES = CleaningRules.from_terms(terms("boilerplate"))
TITLE = "望川县人民政府工作报告"
DELIVERY = "——2023年1月6日在望川县第十八届人民代表大会第二次会议上"
SPEAKER = "望川县人民政府县长　苏禾"
TEXT = [
    "各位代表：",
    "现在，我代表县人民政府向大会报告工作，请予审议。",
    "一、2022年工作回顾",
    "全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%。",
    "让我们紧密团结起来，为建设富裕美丽幸福新望川而努力奋斗！",
]


def line(text):
    return Line(text, 0, len(text))


def cut(*texts, title=None):
    """The text, the title block and what was removed as (kind, rule, text)."""
    done = cut_frame([line(text) for text in texts], RULES, title=title)
    return [one.text for one in done.lines], [one.text for one in done.head], [(one.kind, one.rule, one.text) for one in done.removed]


def rules_of(removed):
    return [rule for _, rule, _ in removed]


def test_a_text_alone_is_left_whole():
    assert cut(TITLE, DELIVERY, SPEAKER, *TEXT) == (TEXT, [TITLE, DELIVERY, SPEAKER], [])


def test_what_surrounds_a_text_is_cut_off_with_its_rules():
    lines, head, removed = cut("导航菜单", "当前位置：首页 > 工作报告", TITLE, "来源：望川日报", *TEXT, "责任编辑：阮青", "上一篇：没有了", "版权所有：望川在线")
    assert (lines, head) == (TEXT, [TITLE])
    assert removed == [
        ("navigation", "menu-word", "导航菜单"),
        ("breadcrumb", "breadcrumb-label", "当前位置：首页 > 工作报告"),
        ("byline", "byline-source", "来源：望川日报"),
        ("byline", "editor", "责任编辑：阮青"),
        ("previous_next", "previous-next", "上一篇：没有了"),
        ("footer", "footer-licence", "版权所有：望川在线"),
    ]


@pytest.mark.parametrize("label", ["首页", "大", "打印", "来源：县统计局", "作者：县政府办", "发布日期：2023-01-06"])
def test_a_head_rule_cuts_nothing_below_the_first_sentence(label):
    lines, _, removed = cut(TITLE, *TEXT[:2], label, *TEXT[2:])
    assert lines == [*TEXT[:2], label, *TEXT[2:]]
    assert removed == []


@pytest.mark.parametrize("label", ["相关阅读", "上一篇：没有了", "验证码：", "本文地址：/1.html", "责任编辑：阮青", "版权所有：望川在线"])
def test_a_tail_rule_cuts_nothing_that_a_sentence_stands_under(label):
    lines, _, removed = cut(TITLE, *TEXT[:4], label, TEXT[4])
    assert lines == [*TEXT[:4], label, TEXT[4]]
    assert removed == []


@pytest.mark.parametrize("label", ["（下转第四版）", "上一页 1 2 3 4 下一页", "【字体：大 中 小】", "县长苏禾作政府工作报告。本报记者 石竹 摄"])
def test_a_rule_for_anywhere_cuts_inside_the_text(label):
    lines, _, removed = cut(TITLE, *TEXT[:2], label, *TEXT[2:])
    assert lines == TEXT
    assert [text for _, _, text in removed] == [label]


@pytest.mark.parametrize("last", [["主办单位：市教育局，各县人民政府"], ["望川县人民政府", "地址：望川县政府大院"], ["2023年1月6日"], ["关于望川县人民政府工作报告的说明"]])
def test_a_soft_rule_cuts_nothing_on_its_own(last):
    assert cut(*TEXT, *last)[0] == [*TEXT, *last]


def test_a_soft_rule_cuts_in_one_block_with_a_hard_one():
    lines, _, removed = cut(*TEXT, "主办单位：望川县人民政府办公室", "电话：0999-7654321", "澜ICP备00000000号", "网站地图")
    assert lines == TEXT
    assert rules_of(removed) == ["footer-contact", "footer-contact", "footer-licence", "footer-visit"]


@pytest.mark.parametrize("footer", [["主办单位：青岬市人民政府办公室", "澜ICP备00000003号"], ["版权所有：青岬在线"], []])
def test_an_annex_that_names_sponsors_keeps_the_last_of_them(footer):
    annex = ["附件", "1.新建和改扩建中小学校8所，新增学位6000个。", "主办单位：市教育局", "2.改造城镇老旧小区120个，惠及居民2.1万户。", "主办单位：市住建局"]
    if footer == ["版权所有：青岬在线"]:
        annex = annex[:-1]
    lines, _, removed = cut(*TEXT, *annex, *footer)
    assert lines == [*TEXT, *annex]
    assert [text for _, _, text in removed] == footer


def test_lines_that_no_rule_knows_fall_with_the_rule_above_them():
    lines, _, removed = cut(*TEXT, "相关阅读", "一图读懂望川县政府工作报告", "代表热议望川发展", "扫一扫在手机打开当前页")
    assert lines == TEXT
    assert removed[1:] == [
        ("related_links", "related-title", "一图读懂望川县政府工作报告"),
        ("related_links", "below-related-title", "代表热议望川发展"),
        ("page_tools", "scan-code", "扫一扫在手机打开当前页"),
    ]


def test_a_line_below_the_text_that_only_repeats_a_part_of_it_falls_too():
    lines, _, removed = cut(*TEXT, "打印本页", TEXT[3], "关闭窗口")
    assert lines == TEXT
    assert rules_of(removed) == ["tool-row", "below-tool-row", "tool-row"]


@pytest.mark.parametrize("last", ["以上报告，请予审议。", "指标名称　" + "2022年实际　2023年目标　" * 8])
def test_a_formula_or_a_long_row_below_furniture_is_text(last):
    text = [*TEXT[:2], "以上报告，请予审议。", *TEXT[2:], "打印本页", last]
    assert cut(*text)[0] == text


def test_a_sentence_below_furniture_keeps_what_is_above_it_unless_the_report_had_closed():
    more = "全县上下要认真贯彻会议精神，扎实做好各项工作。"
    assert cut(*TEXT[:4], "打印本页", more)[0] == [*TEXT[:4], "打印本页", more]
    assert cut(*TEXT[:4], "打印本页", TEXT[4])[0] == [*TEXT[:4], "打印本页", TEXT[4]]
    assert cut(*TEXT, "打印本页", more)[0] == TEXT


@pytest.mark.parametrize(
    "paragraph",
    [
        "推行“扫码入企”，企业扫一扫手机即可查看检查事项，入企检查频次下降35%，营商环境满意度居全市第一位。",
        "加大著作权保护力度，查处侵犯版权案件12起，全面清理“版权所有”标注不规范问题，全社会版权意识明显增强。",
        "盘活剩余安置房源，鼓励引导征迁群众购买商品房，全年消化存量1200套，房地产市场保持平稳，群众反映良好。",
    ],
)
def test_a_last_paragraph_that_mentions_what_a_footer_would_is_kept(paragraph):
    assert cut(*TEXT, paragraph)[0] == [*TEXT, paragraph]


def test_a_text_on_one_line_is_not_cut_for_what_its_end_mentions():
    page = "".join(TEXT * 5) + "版权所有：望川在线"
    assert cut(page) == ([page], [], [])


@pytest.mark.parametrize("opening", ["各位代表：", "各位代表！", "尊敬的各位代表", "各位代表，同志们：", "同志们：", "各位代表，现在我报告工作"])
def test_the_text_begins_where_the_delegates_are_addressed(opening):
    assert cut(TITLE, "苏禾", opening, "过去一年", *TEXT[1:]) == ([opening, "过去一年", *TEXT[1:]], [TITLE, "苏禾"], [])


def test_an_excerpt_begins_with_its_first_sentence_or_heading():
    excerpt = "——这一年，我们坚持项目为王，发展后劲不断增强。"
    assert cut("导航菜单", TITLE, excerpt, *TEXT[3:])[:2] == ([excerpt, *TEXT[3:]], [TITLE])
    assert cut("导航菜单", TITLE, "二、2023年工作安排", *TEXT[3:])[:2] == (["二、2023年工作安排", *TEXT[3:]], [TITLE])


def test_a_sentence_that_a_link_tore_apart_begins_the_text():
    torn = ["省委经济工作会议明确提出的", "高质量发展", "，是全面建设现代化国家的首要任务。"]
    assert cut(TITLE, *torn)[0] == torn


def test_the_title_block_is_title_delivery_line_date_and_speaker():
    block = [TITLE, DELIVERY, "（2023年1月6日）", "县 长  苏 禾"]
    assert cut("首页", TITLE, DELIVERY, "县 长  苏 禾", *TEXT)[:2] == (TEXT, [TITLE, DELIVERY, "县 长  苏 禾"])
    assert all(is_title_block(line(text), None) for text in block)
    assert not is_title_block(line("来源：望川日报，2023年第1期，责任编辑阮青"), None)
    assert not is_title_block(line(TITLE * 8), None)


@pytest.mark.parametrize("title", [TITLE, "2023年望川县政府工作报告（全文）", "政府工作报告", "望川縣政府工作報告", "关于望川县2022年国民经济计划执行情况的报告", "在县人代会上的工作报告(2023年)"])
def test_titles_of_reports_are_titles(title):
    assert is_title(line(title), None)


@pytest.mark.parametrize("text", ["首页 > 政府工作报告", "您当前所在的位置：政府工作报告", "我向大会作政府工作报告。", "一图读懂", "望川概况"])
def test_breadcrumbs_and_sentences_are_no_titles(text):
    assert not is_title(line(text), None)


def test_a_title_that_the_page_states_elsewhere_is_a_title():
    assert is_title(line("奋进的望川　2023"), "奋进的望川2023")
    assert not is_title(line("奋进的望川2023"), "奋进的望川2022")
    assert not is_title(line("望川"), "望川")
    lines, head, removed = cut("望川在线", "奋进的望川2023", *TEXT, title="奋进的望川2023")
    assert (lines, head, removed) == (TEXT, ["奋进的望川2023"], [("navigation", "above-title", "望川在线")])


def test_above_the_title_all_is_furniture():
    assert cut("魅力望川", "望川好人", TITLE, *TEXT) == (TEXT, [TITLE], [("navigation", "above-title", "魅力望川"), ("navigation", "above-title", "望川好人")])


def test_without_a_title_that_can_be_told_the_lines_right_above_the_text_are_the_title():
    assert cut("导航菜单", "奋进的望川", *TEXT) == (TEXT, ["奋进的望川"], [("navigation", "menu-word", "导航菜单")])


@pytest.mark.parametrize("column", ["政府工作报告", "工作报告", "县政府工作报告"])
def test_the_name_of_a_column_above_the_title_is_no_title(column):
    assert cut("首页", ">", column, TITLE, DELIVERY, *TEXT)[1] == [TITLE, DELIVERY]


@pytest.mark.parametrize("below", [[DELIVERY, SPEAKER], ["县长苏禾作政府工作报告"], []])
def test_the_name_of_a_column_is_the_title_where_there_is_no_other(below):
    assert cut("首页", "政府工作报告", *below, *TEXT)[1] == ["政府工作报告", *below]


@pytest.mark.parametrize("publisher", ["望川日报", "新华社", "望川县人民政府办公室", "望川发布"])
def test_the_publisher_on_a_line_below_its_label_is_part_of_the_byline(publisher):
    assert cut(TITLE, "来源：", publisher, *TEXT)[1:] == ([TITLE], [("byline", "byline-source", "来源："), ("byline", "below-byline-source", publisher)])


def test_a_speaker_below_an_empty_label_is_part_of_the_title_block():
    assert cut(TITLE, "来源：", SPEAKER, *TEXT)[1] == [TITLE, SPEAKER]


def test_furniture_without_a_text_is_all_removed():
    assert cut("导航菜单", "首页 > 工作报告", "验证码：")[:2] == ([], [])
    assert cut() == ([], [], [])


def test_a_removed_line_is_recorded_with_its_place():
    assert remove(Line("首页", 3, 5), "navigation", "menu-label") == Removed(3, 5, "navigation", "menu-label", "首页")


@given(st.lists(st.sampled_from([*TEXT, TITLE, DELIVERY, SPEAKER, *(rule["example"] for rule in terms("boilerplate")["lines"]), "石竹", "望川概况"]), max_size=40))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_every_line_goes_to_one_place_and_order_is_kept(texts):
    lines = [Line(text, at, at + 1) for at, text in enumerate(texts)]
    done = cut_frame(lines, RULES)
    places = [[one.start for one in part] for part in (done.head, done.lines, done.removed)]
    assert sorted(place for part in places for place in part) == list(range(len(texts)))
    assert all(part == sorted(part) for part in places)
    assert not places[0] or not places[1] or places[0][-1] < places[1][0]
