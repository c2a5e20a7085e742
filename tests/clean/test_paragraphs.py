"""A paragraph is the text that a reader sees, with its words unchanged, at its place without the spaces around it."""

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.markup import read_markup
from baogao.clean.paragraphs import paragraphs
from baogao.text import squash

FIRST = "全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%。"
SECOND = "城镇新增就业3260人，城乡居民人均可支配收入分别增长4.6%和6.9%，主要经济指标好于预期。"
THIRD = "建成高标准农田4.2万亩，粮食总产量稳定在21.5万吨以上。"
HAN, NBSP = "\u3000\u3000", "&nbsp;" * 4


def texts(source):
    return [draft.text for draft in paragraphs(source, read_markup(source))]


def places(source):
    return [source[draft.start : draft.end] for draft in paragraphs(source, read_markup(source))]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("各位\n\t代表 ：", "各位 代表 ："),
        ("县&nbsp;&nbsp;长\u2003苏禾", "县 长 苏禾"),
        ("县长\u3000\u3000苏\u3000禾", "县长\u3000\u3000苏\u3000禾"),
        ("望\u200b川\ufeff县\u00ad政&zwnj;府\x00", "望川县政府"),
        ("&ldquo;十四五&rdquo;&mdash;&#8212;5&lt;6&#37;", "“十四五”——5<6%"),
        ("&amp;nbsp;&amp;lt;", "&nbsp;&lt;"),
        ("增长１１．１％，约２８℅，①……㎡", "增长１１．１％，约２８℅，①……㎡"),
        ("望<b>川</b><i> 县 </i>政府", "望川 县 政府"),
        ("<s>望川</s> <u>县</u>", "望川 县"),
    ],
)
def test_spaces_fall_together_and_no_other_words_change(said, text):
    assert texts(f"<p>{said}</p>") == [text]


EDGES = [" ", "\n\t", "\u00a0", "\u3000", "\ufeff", "\u200b", "\u2003", "&nbsp;", "&ensp;", "&emsp;", "&#160;", "&#xa0;", "&#12288;", "&#8203;", "&nbsp; \u3000&emsp;\n"]


@pytest.mark.parametrize("edge", EDGES)
def test_spaces_around_a_text_belong_neither_to_it_nor_to_its_place(edge):
    source = f"<p>{edge}望川&middot;临澜&gt;{edge}</p><p>{edge}</p><p>{edge}工业<br>{edge}</p>"
    assert texts(source) == ["望川·临澜>", "工业"]
    assert places(source) == ["望川&middot;临澜&gt;", "工业"]


@pytest.mark.parametrize("empty", ["<p></p>", "<p> </p>", "<p>&nbsp;\u200b</p>", "<p>\x00</p>", "<p>&zwnj;<b>\ufeff</b></p>", "<p><img src=a></p>", ""])
def test_what_no_one_sees_is_no_paragraph(empty):
    assert texts(empty) == []


@pytest.mark.parametrize("indent", [HAN, "\n" + HAN, "\r\n  " + HAN, NBSP, " " + NBSP + "&nbsp;", "\u00a0" * 4])
def test_an_indent_behind_a_sentence_parts_paragraphs(indent):
    source = f"<div>{indent}{FIRST}{indent}{SECOND}</div>"
    assert texts(source) == places(source) == [FIRST, SECOND]


def test_an_indent_on_a_new_line_parts_what_is_no_sentence():
    assert texts(f"<div>一、工作回顾\n{HAN}{FIRST}\n{HAN}二、工作安排\n</div>") == ["一、工作回顾", FIRST, "二、工作安排"]


def test_a_text_of_many_indents_is_parted_at_each():
    source = f"<div>{HAN}一、工作回顾{HAN}{FIRST}{HAN}{SECOND}{HAN}{THIRD}{HAN}二、工作安排{HAN}{FIRST}</div>"
    assert texts(source) == places(source) == ["一、工作回顾", FIRST, SECOND, THIRD, "二、工作安排", FIRST]


def test_a_text_with_an_indent_and_inline_elements_is_parted_at_its_places():
    source = f"<div>一、<b>工作</b>回顾。{FIRST}{HAN}城镇<!-- 注 -->{SECOND}<i>今年，</i>{THIRD}{HAN}以上<b>报告</b>，请予审议。</div>"
    assert texts(source) == [f"一、工作回顾。{FIRST}", f"城镇{SECOND}今年，{THIRD}", "以上报告，请予审议。"]
    assert places(source) == [f"一、<b>工作</b>回顾。{FIRST}", f"城镇<!-- 注 -->{SECOND}<i>今年，</i>{THIRD}", "以上<b>报告</b>，请予审议。"]


def test_an_indent_before_an_element_parts_too():
    source = f"<div>{HAN}<b>一、</b>{FIRST}\n{HAN}<b>二、</b>{SECOND}\n{HAN}<b>三、</b>{THIRD}</div>"
    assert texts(source) == [f"一、{FIRST}", f"二、{SECOND}", f"三、{THIRD}"]
    assert places(source)[1:] == [f"<b>二、</b>{SECOND}", f"<b>三、</b>{THIRD}"]


def test_a_piece_is_sought_behind_tags_and_not_in_them():
    assert places("<pre>一<a title='二'>二</a>\n三</pre>") == ["一<a title='二'>二", "三"]


def test_an_image_and_links_are_of_one_paragraph():
    source = f"<img src=a><pre>图为会场\n<a href=x>首页</a>\n{FIRST}</pre>"
    parts = paragraphs(source, read_markup(source))
    assert [part.after_image for part in parts] == [True, False, False]
    assert all(part.linked <= len(part.text) / 4 for part in parts)


@pytest.mark.parametrize("said", [f"望川县人民政府县长{HAN}苏禾。{FIRST}", f"县长{HAN}苏禾。", f"各位代表：{HAN}现在报告工作。", f"{FIRST}\n{SECOND}", f"{FIRST}&nbsp;&nbsp;{SECOND}"])
def test_a_gap_in_a_short_text_or_behind_no_sentence_parts_nothing(said):
    assert len(texts(f"<p>{said}</p>")) == 1


@pytest.mark.parametrize(
    "source",
    [f"<pre>{FIRST}\n各位代表：\n\n  {SECOND}  \n</pre>", f"<pre>{FIRST}\r\n<b>各位</b>代表：<br>{SECOND}</pre>", f"<pre><p>{FIRST}\n<span>各位代表：</span></p><div>{SECOND}</div></pre>"],
)
def test_a_line_break_parts_paragraphs_where_it_is_meant(source):
    assert texts(source) == [FIRST, "各位代表：", SECOND]
    assert places(source)[::2] == [FIRST, SECOND]
    assert len(texts(source.replace("pre>", "div>").replace("<br>", "\n"))) < 3
    assert texts(f"{source}<p>{FIRST}\n{SECOND}</p>")[3:] == [f"{FIRST} {SECOND}"]


def test_a_paragraph_keeps_the_element_of_its_draft():
    source = f"<p>工业</p><ul><li>&nbsp;</li><li>{HAN}{FIRST}{HAN}{SECOND}</li></ul>"
    markup = read_markup(source)
    assert [markup.tags[draft.element].name for draft in paragraphs(source, markup)] == ["p", "li", "li"]


WORDS = st.sampled_from([FIRST, SECOND, "县长苏禾：", "&ldquo;望川&rdquo;&amp;临澜", "5<6", "&lt;b&gt;", "各位\u200b代表\u3000", "工业&nbsp;"])
GAPS = st.sampled_from(["", "", " ", HAN, "\n" + HAN, NBSP, "&nbsp;", "\n"])
TAGS = st.sampled_from(["", "", "<b>", "</b>", "<a href=x>", "</a>", "<br>", "<p>", "</p>", "<div>", "<pre>", "</pre>", "<!-- 注 -->"])


@given(st.lists(st.tuples(TAGS, GAPS, WORDS).map("".join), max_size=20).map(lambda parts: "".join([*parts, "<p>"])))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_a_text_is_what_stands_at_its_place_and_no_word_is_lost(source):
    found = paragraphs(source, read_markup(source))
    for draft in found:
        assert squash(unescape(re.sub("</?[a-z][^>]*>|<!--.*?-->", "", source[draft.start : draft.end]))) == squash(draft.text)
        assert draft.text == draft.text.strip() != ""
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert squash("".join(draft.text for draft in found)) == squash(unescape(re.sub("</?[a-z][^>]*>|<!--.*?-->", "", source)))
