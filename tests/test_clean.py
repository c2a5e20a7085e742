"""A page becomes its main text, its title block and what was removed, each line in one place and for a reason."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean import CleaningRules, clean_page
from baogao.clean.site_lines import mark
from baogao.contract import terms
from baogao.read import read_page
from baogao.records import Page, Unreadable
from baogao.text import fold, squash

EXAMPLES = Path(__file__).parent / "examples" / "clean"
PAGES = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".html", ".txt"})
TERMS = terms("boilerplate")
RULES = CleaningRules.from_terms(TERMS)

TITLE = "望川县人民政府工作报告"
TEXT = [
    "各位代表：",
    "现在，我代表县人民政府向大会报告工作，请予审议，并请各位政协委员和列席人员提出意见。",
    "一、2022年工作回顾",
    "全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%。",
    "让我们紧密团结起来，为建设富裕美丽幸福新望川而努力奋斗！",
]
BODY = "".join(f"<p>{line}</p>" for line in TEXT)


def page_of(text, media_type="text/plain"):
    return Page("page", media_type, "utf-8", "", len(text.encode("utf-8", "replace")), text)


def clean(text, media_type="text/plain"):
    return clean_page(page_of(text, media_type), RULES)


def expected_file(path):
    return path.with_suffix(".expected.json")


def test_there_are_examples_and_each_has_its_expected_result():
    assert len(PAGES) >= 20
    assert {path.suffix for path in PAGES} == {".html", ".txt"}
    assert sorted(path.name for path in EXAMPLES.iterdir()) == sorted(path.name for page in PAGES for path in (page, expected_file(page)))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_example_gives_its_expected_result(path):
    body = clean_page(read_page(path.read_bytes(), source=path.name), RULES)
    assert {
        "title": body.title,
        "head": list(body.head),
        "lines": list(body.lines),
        "removed": [[line.kind, line.rule, line.text] for line in body.removed],
    } == json.loads(expected_file(path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [path for path in PAGES if path.suffix == ".txt"], ids=lambda path: path.stem)
def test_removed_lines_of_text_examples_stand_where_they_say(path):
    page = read_page(path.read_bytes(), source=path.name)
    for line in clean_page(page, RULES).removed:
        assert page.text[line.start : line.end] == line.text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_an_example_in_another_encoding_gives_the_same_result(path):
    text = path.read_text(encoding="utf-8")
    whole = clean_page(read_page(text.encode(), source=path.name), RULES)
    other = clean_page(read_page(text.encode("gb18030"), source=path.name), RULES)
    assert (other.lines, other.head, other.title, other.removed) == (whole.lines, whole.head, whole.title, whole.removed)
    assert (whole.encoding, other.encoding) == ("utf-8", "gb18030")


def test_the_seed_page_gives_thirteen_paragraphs_and_nothing_else(seed_page):
    page = read_page(seed_page, source="seed")
    raw = [line.strip() for line in page.text.split("\n") if line.strip()]
    body = clean_page(page, RULES)
    assert list(body.lines) == raw[2:15]
    assert len(body.lines) == 13
    assert body.lines[0].startswith("——这一年,我们以“真干”换“真心”")
    assert body.lines[-1].endswith("确保招商工作稳居运城第一方阵。")
    assert body.title == "(山西省)永济市人民政府工作报告(2024年3月22日)"
    assert body.head == (body.title,)
    assert [(line.kind, line.text) for line in body.removed] == [
        ("navigation", "导航菜单"),
        ("disclaimer", raw[15]),
        ("page_address", "本文地址:/baogao/hb/10566.html"),
        ("comment_widget", "留言与评论(共有 条评论)"),
        ("comment_widget", "验证码:"),
    ]
    assert [page.text[line.start : line.end] for line in body.removed] == [line.text for line in body.removed]
    assert body.metadata == {"page_address": "/baogao/hb/10566.html"}


@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
@pytest.mark.parametrize("text", ["", " \n　", "<html></html>"])
def test_a_page_without_text_gives_a_body_without_lines(text, media_type):
    if media_type == "text/html" or "<" not in text:
        body = clean(text, media_type)
        assert (body.lines, body.head, body.title, body.removed) == ((), (), None, ())


FURNITURE = [line["example"] for line in TERMS["lines"]]
RAW_LINES = st.one_of(
    st.sampled_from([*TEXT, *FURNITURE, TITLE, "　　" + TEXT[3], TEXT[3] + " ", "主办单位：市教育局", "各位代表！", "", " \u3000", "\u200b"]),
    st.text(st.sampled_from("望川县长苏禾工作报告一二：，。（）—①％<U+00A0>\t\r \u00a0\u3000\u2005\ufeff\x00"), max_size=20),
)


@given(st.lists(RAW_LINES, max_size=40))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_every_line_of_a_text_page_lands_in_exactly_one_place(raw):
    page = page_of("\n".join(raw))
    body = clean_page(page, RULES)
    landed = [*body.head, *body.lines, *(line.text for line in body.removed)]
    assert Counter("".join(map(squash, landed))) == Counter(squash(page.text.replace("<U+00A0>", " ")))
    assert len(landed) >= len([line for line in raw if squash(line.replace("<U+00A0>", ""))])
    assert all(line and line == line.strip() for line in landed)


@given(st.lists(RAW_LINES, max_size=40))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_a_line_removed_from_a_text_page_is_the_text_at_its_offsets(raw):
    page = page_of("\n".join(raw))
    removed = clean_page(page, RULES).removed
    for line in removed:
        said = page.text[line.start : line.end]
        assert "\n" not in said
        assert said.strip(" \u3000\t\r\u00a0\u2005\ufeff\u200b") == said != ""
        assert squash(said.replace("<U+00A0>", " ")) == squash(line.text)
        assert said == line.text or any(mark in said for mark in ("<U+00A0>", "\x00", "\ufeff", "\u200b"))
    assert all(one.end <= other.start for one, other in pairwise(removed))


@given(st.lists(RAW_LINES, max_size=30))
@settings(derandomize=True, max_examples=50, deadline=None)
def test_the_text_and_the_title_block_keep_the_order_and_the_words_of_the_page(raw):
    page = page_of("\n".join(raw))
    body = clean_page(page, RULES)
    whole, at = squash(page.text.replace("<U+00A0>", " ")), 0
    for line in [*body.head, *body.lines]:
        at = whole.index(squash(line), at) + len(squash(line))


@given(st.lists(st.sampled_from(FURNITURE), max_size=6), st.lists(st.sampled_from([line["example"] for line in TERMS["lines"] if line["at"] == "tail" and line.get("strength") != "soft"]), max_size=6))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_furniture_below_the_text_never_costs_a_line_of_it(above, below):
    head = [line for line in above if RULES.match(fold(line), "head")]
    body = clean("\n".join([*head, TITLE, *TEXT, *below]))
    assert list(body.lines) == TEXT
    assert body.title == TITLE
    assert len(body.removed) == len(head) + len(below)


def test_only_spaces_around_a_line_and_characters_without_a_shape_go():
    body = clean(f"{TITLE}\n\ufeff　　各位\u200b代表：\u00a0\n　　县长　苏　禾说，增长１１．１％，约２８℅，①……㎡。\r\n")
    assert body.lines == ("各位代表：", "县长　苏　禾说，增长１１．１％，约２８℅，①……㎡。")


def test_the_title_is_the_line_of_the_title_block_that_names_a_report():
    assert clean("\n".join(["望川县第十八届人民代表大会第二次会议文件（一）", "县长　苏禾", TITLE, *TEXT])).title == TITLE
    assert clean("\n".join(["导航菜单", "奋进的望川", *TEXT])).title == "奋进的望川"
    assert clean("\n".join(TEXT)).title is None


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("望川县人民政府工作报告_工作报告_乡县网", "望川县人民政府工作报告"),
        ("望川县人民政府工作报告 - 望川县人民政府", "望川县人民政府工作报告"),
        ("望川县人民政府工作报告 | 新闻中心", "望川县人民政府工作报告"),
        ("望川县人民政府工作报告-范文大全-写作助手网", "望川县人民政府工作报告"),
        ("望川县人民政府工作报告", "望川县人民政府工作报告"),
        ("望川-新闻", "望川-新闻"),
        ("望川县2021-2025年政府工作报告汇编-望川县人民政府", "望川县2021-2025年政府工作报告汇编"),
        ("望川县政府工作报告——2023年1月6日在县人代会上", "望川县政府工作报告——2023年1月6日在县人代会上"),
        ("望川县人民政府-望川县2023年政府工作报告", "望川县人民政府-望川县2023年政府工作报告"),
    ],
)
def test_an_html_title_counts_without_what_the_site_appends(stated, title):
    assert clean(f"<html><head><title>{stated}</title></head><body><div>{BODY}</div></body></html>", "text/html").title == title


def test_the_title_on_the_page_outranks_the_html_title():
    body = clean(f"<html><head><title>望川县人民政府门户网站</title></head><body><h1>{TITLE}</h1><div>{BODY}</div></body></html>", "text/html")
    assert (body.title, body.head, list(body.lines)) == (TITLE, (TITLE,), TEXT)


def test_a_title_in_the_metas_is_known_on_the_page():
    head = '<head><meta name="ArticleTitle" content="奋进的望川2023"><title>望川在线</title></head>'
    body = clean(f"<html>{head}<body><div>奋进的望川 2023</div><div>{BODY}</div></body></html>", "text/html")
    assert (body.title, body.head) == ("奋进的望川2023", ("奋进的望川 2023",))


def test_what_the_metas_state_outranks_what_lines_say():
    head = '<head><meta name="PubDate" content="2023-01-09 08:00"><meta name="ContentSource" content="县政府办"></head>'
    body = clean(f"<html>{head}<body><h1>{TITLE}</h1><div>时间：2022-12-31 来源：转载 编辑：阮青</div><div>{BODY}</div></body></html>", "text/html")
    assert body.metadata == {"published": "2023-01-09 08:00", "source": "县政府办", "editor": "阮青"}


def test_the_byline_outranks_other_lines_and_lines_of_other_pages_say_nothing():
    above = ["望川概况 更新于2020-01-01", TITLE, "发布时间：2023-01-09 来源：望川日报【字体：大 中 小】"]
    below = ["责任编辑：阮青", "上一篇：临澜市政府工作报告（2022年1月11日）", "相关阅读", "来源：临澜日报 2021-05-06", "本文地址：/wc/1.html"]
    body = clean("\n".join([*above, *TEXT, *below]))
    assert body.metadata == {"published": "2023-01-09", "source": "望川日报", "editor": "阮青", "page_address": "/wc/1.html"}


def test_a_line_that_the_site_repeats_is_cut_wherever_it_stands():
    strip = "望川书库  藏"
    lines = [TITLE, *TEXT[:2], strip, *TEXT[2:]]
    page = page_of("\n".join(lines))
    assert strip in clean_page(page, RULES).lines
    body = clean_page(page, RULES, {mark(strip)})
    assert body.lines == tuple(TEXT)
    assert [(cut.kind, cut.rule, cut.text) for cut in body.removed] == [("other", "site-line", strip)]


def test_a_long_notice_says_nothing_of_the_page():
    notice = "免责声明：本站部分报告来源：互联网，更新于2019-01-01，" + "仅供学习参考，不代表本站立场，如有侵权请联系我们处理，" * 8
    body = clean("\n".join([TITLE, *TEXT, notice]))
    assert ([line.text for line in body.removed], body.metadata) == ([notice], {})


@pytest.mark.parametrize("line", ["本文地址：/wc/1.html", "文章链接：/wc/1.html", "本页网址: /wc/1.html", "转载地址：/wc/1.html"])
def test_the_address_that_a_page_prints_is_kept(line):
    assert clean("\n".join([TITLE, *TEXT, line, "验证码："])).metadata == {"page_address": "/wc/1.html"}


def test_repeated_copies_are_cut_before_the_frame_is():
    whole = [TITLE, *[line * 2 for line in TEXT[1:]]]
    body = clean("\n".join([*whole, *whole, "打印本页"]))
    assert list(body.lines) == whole[1:]
    assert Counter(line.kind for line in body.removed) == {"duplicate": 5, "page_tools": 1}


TAGS = st.sampled_from(["<p>", "</div>", "<td>", "<!--", "-->", "<script>", "</script>", "<style>.a{", "<a href=", "<b hidden>", "<ul><li>", "&nbsp;", "&#", "<", ">", "\"", "各位代表：", "增长6%。"])


@given(st.one_of(st.binary(max_size=60), st.lists(st.one_of(TAGS.map(str.encode), st.binary(max_size=4)), max_size=30).map(b"".join)))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_any_bytes_are_cleaned_or_unreadable(data):
    try:
        page = read_page(data, source="page")
    except Unreadable:
        return
    body = clean_page(page, RULES)
    assert all(0 <= line.start < line.end <= len(page.text) for line in body.removed)
    assert all(line and "\n" not in line for line in [*body.lines, *body.head])


N = 20_000
# Shapes of a page on which work could grow with the square of its size, or the stack with its depth.
SHAPES = {
    "the same short line": "首页\n" * N,
    "lines of labels": "".join(f"主办单位：第{n}局\n承办单位：第{n}办\n" for n in range(N)),
    "closing calls": "让我们为建设新望川而努力奋斗！\n" * N,
    "addresses": "各位代表：\n" * N,
    "a text twice": "".join(f"{n % N}、{TEXT[3]}\n" for n in range(2 * N)),
    "a text twice, its lines joined": "".join(f"{n}、{TEXT[3]}\n" for n in range(N)) + "".join(f"{n}、{TEXT[3]}{n}、{TEXT[3]}\n" for n in range(0, N, 2)),
    "one line of wide gaps": (TEXT[3] + "　　") * N,
    "one line of spaces": " \u3000" * N * 20 + TEXT[1],
    "lines of one width": f"{TEXT[1][:30]}\n" * N + "以上报告，请予审议。\n" * (N // 10),
    "numbers": "".join(f"{n}\n" for n in range(N)),
    "rows": "指标\t5\n" * N,
    "nested blocks": "<div>" * N + TEXT[3],
    "nested inline elements": "<p>" + "<b>" * N + TEXT[3] + "</b>" * N,
    "nested hidden elements": "<p><span style='display:none'>" + "<span>" * N + TEXT[3],
    "nested cells": "<table><tr><td>" * N + TEXT[3],
    "items never closed": "<ul>" + "<li>工作报告" * N,
    "end tags alone": "<p>" + "</div></td>" * N + TEXT[3],
    "scripts never closed": "<p>" + "<script>" * N + TEXT[3],
    "comments never closed": "<p>" + "<!-- <b>" * N + TEXT[3],
    "quotations never closed": "<p>" + "<a href=\"" * N + TEXT[3],
    "signs": "<p>" + "<" * N * 5 + TEXT[3],
    "references": "<p>" + "&nbsp;" * N * 5 + TEXT[3],
    "spaces in a tag": "<p " + " " * N * 20 + ">" + TEXT[3],
    "a style sheet": "<style>" + ".a{display:none}" * N + "</style><p>" + TEXT[3],
    "a table": "<table>" + "<tr><td>1</td><td>2</td></tr>" * N + "</table>",
    "siblings of a text": "".join(f"<div class=item-{n}><p>{TEXT[3]}</p></div>" for n in range(N // 10)),
    "links": "<ul>" + "<li><a href=/1.html>工作报告</a></li>" * N,
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_page_of_any_shape_and_size_is_cleaned(shape):
    text = SHAPES[shape]
    body = clean(text, "text/html" if "<" in text else "text/plain")
    assert len(body.lines) + len(body.head) + len(body.removed) <= text.count("\n") + text.count("<") + text.count("　　") + 1


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_cleaning_what_was_cleaned_changes_nothing(path):
    body = clean_page(read_page(path.read_bytes(), source=path.name), RULES)
    again = clean("\n".join([*body.head, *body.lines]))
    assert (again.head, again.lines, again.removed) == (body.head, body.lines, ())
