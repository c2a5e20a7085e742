"""HTML becomes lines: the densest part of the page, with what stands outside it as removed, each with its place."""

import re
from collections import Counter
from html import escape, unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.html import html_lines
from baogao.clean.markup import read_markup
from baogao.clean.rules import CleaningRules
from baogao.contract import terms
from baogao.text import squash

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "clean").glob("*.html"))
RULES = CleaningRules.from_terms(terms("boilerplate"))
TEXT = [
    "各位代表：",
    "现在，我代表县人民政府向大会报告工作，请予审议，并请各位政协委员和列席人员提出意见。",
    "一、2022年工作回顾",
    "全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%。",
    "让我们紧密团结起来，为建设富裕美丽幸福新望川而努力奋斗！",
]
BODY = "".join(f"<p>{line}</p>" for line in TEXT)


def lines_of(source, title=None):
    return html_lines(source, read_markup(source, RULES.hidden_names), RULES, title=title)


def read(source, title=None):
    """The lines inside, and those outside as (kind, rule, text)."""
    inside, outside = lines_of(source, title)
    return [line.text for line in inside], [(line.kind, line.rule, line.text) for line in outside]


def words(source):
    """The text of a piece of HTML, without mark-up and spaces."""
    unseen = r"<!--.*?-->|<(script|style|noscript|title|textarea|select)\b.*?</\1>|<[^>]*>"
    return squash(unescape(re.sub(unseen, "", source, flags=re.DOTALL | re.IGNORECASE)))


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>各位代表：</p><p>现在，报告工作。</p>", ["各位代表：", "现在，报告工作。"]),
        ("<div>各位代表：<br>现在，报告工作。<br/><br />请予审议。</div>", ["各位代表：", "现在，报告工作。", "请予审议。"]),
        ("<div>一、<b>工作</b><span>回<i>顾</i></span><font>。</font></div>", ["一、工作回顾。"]),
        ("<p>2023年，<a href='/tj'>生产总值</a>增长<sup>6</sup>%。</p>", ["2023年，生产总值增长6%。"]),
        ("<p>&nbsp;&nbsp;　　“十四五”&mdash;&mdash;增长&lt;6%&amp;gt;&#12290;\n  </p>", ["“十四五”——增长<6%&gt;。"]),
        ("<p>各位\n\t代表&nbsp;&nbsp;：</p>", ["各位 代表 ："]),
        ("<p>县长　苏　禾</p>", ["县长　苏　禾"]),
        ("<p>各位\u200b代\ufeff表：</p>", ["各位代表："]),
        ("<table><tr><td>指标，</td><td><p>增长，</p></td></tr><tr><td>就业，</td><td>收入，</td></tr></table>", ["指标，\t增长，", "就业，\t收入，"]),
        ("<ul><li>抓项目。<li>抓改革。</ul>", ["抓项目。", "抓改革。"]),
        ("<p>各位代表：<p>现在，报告工作。<div>请予审议。", ["各位代表：", "现在，报告工作。", "请予审议。"]),
        ("<p> </p><p>&nbsp;</p><div></div>", []),
        ("", []),
    ],
)
def test_blocks_and_breaks_end_a_line_and_inline_elements_do_not(source, lines):
    inside, outside = read(f"<html><body><div>{source}</div></body></html>")
    assert inside == lines
    assert outside == []


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "template", "textarea", "select", "iframe", "svg", "title", "object"])
def test_what_a_browser_does_not_show_as_text_is_no_text(tag):
    inside, outside = read(f"<body><div>{BODY}<{tag}>请先登录，再查看全文。</{tag}></div></body>")
    assert (inside, outside) == (TEXT, [])


@pytest.mark.parametrize("style", ['style="display:none"', 'style="color:red; DISPLAY : NONE;"', "style='visibility:hidden'", "hidden", 'class="hidden"'])
def test_hidden_text_is_removed(style):
    inside, outside = read(f"<body><div>{BODY}<p {style}>采集自望川在线，请勿转载。</p></div></body>")
    assert inside == TEXT
    assert [(kind, text) for kind, _, text in outside] == [("other", "采集自望川在线，请勿转载。")]


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("<nav>{}</nav>", "navigation"),
        ("<footer>{}</footer>", "footer"),
        ("<aside>{}</aside>", "related_links"),
        ("<form>{}</form>", "comment_widget"),
        ('<div class="dqwz">{}</div>', "breadcrumb"),
        ('<div id="pinglun">{}</div>', "comment_widget"),
        ('<div class="box"><ul class="xgyd"><li>{}</li></ul></div>', "related_links"),
        ('<div class="bdsharebuttonbox share">{}</div>', "page_tools"),
    ],
)
def test_an_element_is_removed_for_its_tag_or_name_even_beside_the_text(element, kind):
    said = "网站提示，欢迎访问望川在线，请理性发言。"
    inside, outside = read(f"<body><div>{BODY}{element.format(said)}</div></body>")
    assert inside == TEXT
    assert outside == [(kind, "named-element", said)]


@pytest.mark.parametrize("wrapper", ['<div class="comment">{}</div>', '<form id="aspnetForm">{}</form>', '<aside class="sidebar hot"><div id="footer">{}</div></aside>'])
def test_a_name_is_not_believed_where_it_would_take_the_text(wrapper):
    inside, outside = read(f'<body>{wrapper.format(BODY)}<div class="foot">望川在线</div></body>')
    assert inside == TEXT
    assert outside == [("footer", "named-element", "望川在线")]


def test_names_that_a_form_framework_gives_to_everything_are_no_names():
    spans = "".join(f'<p><span id="ctl00_ContentPlaceHolder1_line{at}">{line}</span></p>' for at, line in enumerate(TEXT))
    assert read(f"<body><form><div>{spans}</div></form></body>") == (TEXT, [])


def test_the_densest_part_is_the_text_however_many_links_surround_it():
    links = "".join(f'<li><a href="/{at}">望川县召开第{at}次常务会议，研究部署重点工作，推进项目建设</a></li>' for at in range(80))
    inside, outside = read(f"<body><ul>{links}</ul><div><div>{BODY}</div></div><ul>{links}</ul></body>")
    assert inside == TEXT
    assert [kind for kind, _, _ in outside] == ["navigation"] * 80 + ["related_links"] * 80


def test_a_text_spread_over_sibling_containers_is_kept_together():
    halves = "".join(f"<div>{BODY}</div>" for _ in range(4))
    inside, _ = read(f"<body><div><div>{halves}</div></div><div>版权所有</div></body>")
    assert inside == TEXT * 4


def test_the_title_block_right_above_the_text_comes_with_it():
    head = "<h1>望川县政府工作报告</h1><div>来源：望川日报</div><div class='share'>分享</div><div>县长　苏禾</div>"
    inside, outside = read(f"<body><div>望川要闻</div>{head}<div>{BODY}</div></body>")
    assert inside == ["望川县政府工作报告", "来源：望川日报", "县长　苏禾", *TEXT]
    assert outside == [("navigation", "outside-text", "望川要闻"), ("page_tools", "named-element", "分享")]


@pytest.mark.parametrize("between", ["<div>望川概况</div><div>走进望川，了解望川</div>", "<div><a href='/'>县长信箱</a></div>", "<div>县委书记出席会议并作了讲话。</div>"])
def test_a_title_apart_from_the_text_does_not(between):
    inside, outside = read(f"<body><h1>望川县政府工作报告</h1>{between}<div>{BODY}</div></body>")
    assert inside == TEXT
    assert outside[0] == ("navigation", "outside-text", "望川县政府工作报告")


def test_a_link_is_no_title():
    inside, _ = read(f"<body><div><a href='/'>临澜市政府工作报告</a></div><div>{BODY}</div></body>")
    assert inside == TEXT


def test_a_title_that_the_page_states_is_known_above_the_text():
    page = f"<body><div>奋进的望川2023</div><div>{BODY}</div></body>"
    assert read(page, title="奋进的望川 2023")[0] == ["奋进的望川2023", *TEXT]
    assert read(page)[0] == TEXT


@pytest.mark.parametrize(
    ("above", "line", "kind"),
    [
        (True, "当前位置：首页 > 工作报告", "breadcrumb"),
        (True, "发布日期：2023-01-06", "byline"),
        (True, "走进望川", "navigation"),
        (False, "上一篇：没有了", "previous_next"),
        (False, "版权所有：望川在线", "footer"),
        (False, "望川县召开经济形势分析会", "related_links"),
    ],
)
def test_a_line_outside_the_text_is_what_its_words_say(above, line, kind):
    side = f"<div>{line}</div>"
    _, outside = read(f"<body>{side if above else ''}<div>走进望川</div><div>{BODY}</div>{'' if above else side}</body>")
    assert (kind, "outside-text", line) in outside


def test_deep_nesting_is_walked():
    depth = 3_000
    assert read(f"<body>{'<div>' * depth}{BODY}{'</div>' * depth}</body>")[0] == TEXT


@pytest.mark.parametrize("opened", ["<!-- ", "<svg>", "<select>", "<object>"])
def test_what_is_opened_again_and_again_and_never_closed_is_read(opened):
    lines_of(f"<body><p>各位代表，现在报告工作。</p>{opened * 5_000}{'望' * 50_000}</body>")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_of_the_examples_stands_where_it_says(path):
    source = path.read_text(encoding="utf-8")
    inside, outside = lines_of(source)
    assert inside
    for line in [*inside, *outside]:
        assert words(source[line.start : line.end]) == squash(line.text)


def test_a_span_begins_and_ends_with_the_line_marks_and_entities_included():
    source = "<head><title>望川在线</title></head><body><ul><li>·<a>望川在线</a></li><li>&ldquo;通知&rdquo;&gt;&gt;</li><li>“通知”《》</li><li>|</li></ul></body>"
    inside, outside = lines_of(source)
    spans = [source[line.start : line.end] for line in sorted([*inside, *outside], key=lambda line: line.start)]
    assert spans == ["·<a>望川在线", "&ldquo;通知&rdquo;&gt;&gt;", "“通知”《》", "|"]


CLASSES = st.sampled_from(["", "nav", "content", "footer", "comment", "c1", "hidden", "ContentPlaceHolder1", "TRS_Editor"])
PHRASES = st.text(st.sampled_from("各位代表现在报告工作，。：；—“”>|&<1%　 \u00a0\u200b"), max_size=12)


def element(tags, content):
    return st.builds(lambda tag, name, inner: f'<{tag} class="{name}">{"".join(inner)}</{tag}>', st.sampled_from(tags), CLASSES, st.lists(content, max_size=4))


INLINE = st.one_of(PHRASES.map(escape), element(["span", "b", "font"], PHRASES.map(escape)), st.sampled_from(["<br>", "<!-- 注释 -->", "<script>var a = '首页';</script>"]))
PAGES = st.recursive(st.one_of(INLINE, element(["p", "h2"], INLINE)), lambda inner: element(["div", "section", "ul", "td", "form", "nav"], inner), max_leaves=25)


@given(st.lists(PAGES, max_size=4).map("".join))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_every_word_of_a_page_is_inside_or_outside_once_and_in_order(body):
    source = f"<html><head><title>首页</title></head><body>{body}</body></html>"
    inside, outside = lines_of(source)
    lines = [line.text for line in inside] + [line.text for line in outside]
    shown = words(re.sub(r"</?(?:td)\b[^>]*>", "", body))
    assert Counter("".join(map(squash, lines))) == Counter(shown)
    assert all(line and line == line.strip() for line in lines)
    assert [line.start for line in inside] == sorted(line.start for line in inside)
    at = 0
    for line in inside:
        at = shown.index(squash(line.text), at) + len(squash(line.text))
