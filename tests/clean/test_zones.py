"""The text begins and ends where most of what the lines say agrees, and each line outside is known by the rule that speaks for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
VERSE = ["春风吹过望川的山岗", "澜江水静静流淌", "桃花开在村口", "老牛走在田上", "孩子放学回家", "炊烟升起的地方"]


def line(text):
    return text if isinstance(text, Line) else Line(text, 0, len(text))


def find(*texts, title=None):
    return find_zones([line(text) for text in texts], RULES, title)


def cut(*texts, title=None):
    """The texts above, the text, the texts below."""
    zones = find(*texts, title=title)
    return [*texts[: zones.first]], [*texts[zones.first : zones.last]], [*texts[zones.last :]]


def test_a_page_is_what_stands_above_the_text_and_below():
    above, below = ["首页", "走进大美临澜新区", TITLE, "来源：临澜日报"], ["责任编辑：阮青", "在改革中前行", "上一篇：没有了", "版权所有：临澜在线"]
    assert cut(*above, *TEXT, *below) == (above, TEXT, below)
    rules = find(*above, *TEXT, *below).rules
    assert {i: rule.id for i, rule in rules.items()} == {0: "menu-word", 3: "byline-source", 9: "editor", 11: "previous-next", 12: "footer-licence"}


@pytest.mark.parametrize("page", [[], ["首页"], ["首页", "打印", "版权所有：临澜在线"]])
def test_a_page_of_furniture_has_no_text(page):
    zones = find(*page)
    assert zones.first == zones.last
    assert set(zones.rules) == set(range(len(page)))


def test_sentences_above_the_title_are_no_text():
    notice = "临澜市位于澜江之滨，历史悠久，物产丰富，欢迎广大客商前来投资兴业。"
    assert cut(notice, TITLE, *TEXT)[0] == [notice, TITLE]
    assert cut(notice, "奋进的临澜2023", *TEXT[1:], title="奋进的临澜 2023")[0] == [notice, "奋进的临澜2023"]
    assert cut(notice, "奋进的临澜2023", *TEXT[1:])[1][0] == notice


def test_a_table_of_contents_is_the_beginning_of_the_text():
    contents = ["目　录", "一、2022年工作回顾", "二、2023年工作安排"]
    assert cut(TITLE, *contents, *TEXT) == ([TITLE], [*contents, *TEXT], [])


LABELS = ["责任编辑：阮青", "上一篇：没有了", "相关阅读", "版权所有：临澜在线", "打印本页", "验证码：", "主办单位：市教育局", "首页", "来源：临澜日报", "2023-01-06 08:00"]


@given(st.sampled_from(LABELS), st.integers(1, 2 * len(TEXT) - 1))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_a_label_inside_the_text_stays(label, at):
    page = TEXT * 2
    page.insert(at, label)
    zones = find("首页", TITLE, *page, CLOSE, "版权所有：临澜在线")
    assert (zones.first, zones.last, sorted(zones.rules)) == (2, 3 + len(page), [0, len(page) + 3])


ITEMS = ["1.新建和改扩建中小学校8所，新增学位6000个。", "主办单位：市教育局", "协办单位：市财政局", "完成时限：2023年12月"]
ITEMS += ["2.改造城镇老旧小区120个，惠及居民2.1万户。", "主办单位：市住建局", "协办单位：市发改委", "配合单位：市财政局"]


def test_a_line_of_links_falls_where_no_text_follows_it():
    link = Line("临澜市召开经济形势分析会", 0, 12, linked=1.0)
    assert cut(link, *TEXT, link) == ([link], TEXT, [link])
    assert cut(*TEXT[:4], link, TEXT[4])[1] == [*TEXT[:4], link, TEXT[4]]


@pytest.mark.parametrize("below", [[], ["责任编辑：阮青"], ["上一篇：没有了", "版权所有：临澜在线"]])
def test_a_page_of_verse_is_text(below):
    assert cut(*VERSE, *below) == ([], VERSE, below)
    assert cut("首页", *VERSE, *below) == (["首页"], VERSE, below)
    assert cut("来源：望川日报", *VERSE, *below) == (["来源：望川日报"], VERSE, below)
    assert cut("春到望川好风光", *VERSE, *below, title="春到望川好风光") == (["春到望川好风光"], VERSE, below)


def test_on_a_long_page_only_its_ends_are_judged():
    text = TEXT * 400
    assert cut("首页", TITLE, *text[:1000], "相关阅读", "验证码：", *text[1000:], CLOSE, "打印本页")[1][-1] == CLOSE
    zones = find(*["首页"] * 100, *VERSE * 200, *["上一篇：没有了"] * 1100)
    assert (zones.first, zones.last) == (80, 1400)  # 80 lines below the top, 1,000 above the end


@given(st.lists(st.sampled_from([*TEXT, CLOSE, TITLE, *VERSE, *LABELS, *ITEMS, *(rule["example"] for rule in terms("boilerplate")["lines"])]), max_size=40))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_rules_are_told_of_lines_outside_the_text_alone(texts):
    zones = find(*texts)
    assert 0 <= zones.first <= zones.last <= len(texts)
    assert all(i < zones.first or i >= zones.last for i in zones.rules)


@pytest.mark.parametrize(
    "delivery",
    ["2025年1月14日在临澜市第十六届人民代表大会第三次会议上临澜市市长 殷望同志作政府工作报告。", "——2025年1月14日在临澜市第十六届人民代表大会第三次会议上"],
)
def test_a_delivery_line_belongs_to_the_title_however_it_ends(delivery):
    zones = find_zones([Line(text, 0, len(text)) for text in (TITLE, delivery, *TEXT)], RULES, None)
    assert (zones.first, zones.last) == (2, 7)


def test_a_sentence_that_names_a_session_is_no_delivery_line():
    said = "（上接第一版）城镇居民人均可支配收入增长9.6%，圆满完成了市三届人大二次会议确定的各项目标任务。"
    zones = find_zones([Line(text, 0, len(text)) for text in (TITLE, said, *TEXT[2:])], RULES, None)
    assert zones.first == 1
