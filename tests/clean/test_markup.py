"""A page is read into drafts of lines, each at its place in the source and in the element that holds it, however broken the page is."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.markup import read_markup
from baogao.text import squash


def held(markup, element):
    """Names of the elements that hold an element, itself last."""
    return f"{held(markup, markup.parents[element])}/{markup.tags[element].name}".lstrip("/") if element else ""


def words(draft):
    return "".join(draft.pieces)


def read(source):
    """The elements and the words of each line."""
    markup = read_markup(source)
    return [f"{held(markup, draft.element)} {words(draft)}" for draft in markup.drafts]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<ul><li>农业<li>工业<ul><li>轻工业<li>重工业</ul><li>商业</ul>合计", ["ul/li 农业", "ul/li 工业", "ul/li/ul/li 轻工业", "ul/li/ul/li 重工业", "ul/li 商业", " 合计"]),
        ("<table><thead><tr><td>指标<tbody><tr><td>就业</table>合计", ["table/thead/tr/td 指标", "table/tbody/tr/td 就业", " 合计"]),
        ("<table><tr><td>指标<td>增长<tr><th>就业</table>合计", ["table/tr/td 指标", "table/tr/td 增长", "table/tr/th 就业", " 合计"]),
        ("<div><p>农业<p>工业<div>商业</div>合计</div>", ["div/p 农业", "div/p 工业", "div/div 商业", "div 合计"]),
        ("<optgroup><option>农业<option>工业</optgroup>合计", ["optgroup/option 农业", "optgroup/option 工业", " 合计"]),
        ("<ul><li><table><tr><td><ul><li>农业</table>工业<li>商业</ul>", ["ul/li/table/tr/td/ul/li 农业", "ul/li 工业", "ul/li 商业"]),
        ("<div>农业</p>工业</section></li>商业</div></div>合计", ["div 农业", "div 工业", "div 商业", " 合计"]),
    ],
)
def test_end_tags_may_be_left_out_and_stand_where_nothing_began(source, lines):
    assert read(source) == lines


@pytest.mark.parametrize("end", ["</div>", "</p>", "</center>", "</ul>", "</div></div>"])
def test_the_end_tag_in_a_cell_closes_nothing_outside_it(end):
    cell = "div/center/ul/li/table/tr/td"
    assert read(f"<div><center><ul><li><table><tr><td>农业{end}工业<td>商业</table></ul></center></div>") == [f"{cell} 农业", f"{cell} 工业", f"{cell} 商业"]


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>if (a < b) { x = '<p>首页</p>' }</script>", "<SCRIPT>首页</script>", "<script>首页</SCRIPT>", "<style>.nav{color:red}</style>", "<!-- 首页 -->", "<!--首页 > 要闻-->", "<!---->",
        "<!-- <div>首页</div> -->", "<!--首页<b>要闻-->", "<!--[if IE]><p>首页</p><![endif]-->",
        "<!-->", "<!DOCTYPE html>", "<select><option>首页</select>", "<noscript><img src=a.png>首页</noscript>", "<textarea><p>首页</textarea>", "<xmp><b>首页</b></xmp>", "<title>首页</title>",
        "<svg><title>首页</title></svg>", "<meta content='<首页>'>", "<input value='3>2'>", "</>", "</ p>",
    ],
)  # fmt: skip
def test_what_is_no_text_is_skipped(unseen):
    assert read(f"<p>农业</p>{unseen}<p>工业</p>") == ["p 农业", "p 工业"]


@pytest.mark.parametrize(("opened", "shown"), [("<script>", []), ("<style>", []), ("<!-- ", []), ("<textarea>", [" 工业"]), ("<title>", [" 工业"]), ("<svg>", [" 工业"])])
def test_what_is_never_closed_runs_to_the_end_if_it_is_code_or_a_comment(opened, shown):
    assert read(f"<p>农业</p>{opened}工业") == ["p 农业", *shown]


@pytest.mark.parametrize("said", ["增长5<6%，3>2。", "x<3", "<>是空的", "3<=4", "农业<工业"])
@pytest.mark.parametrize("tag", ["<p>", '<p title="3>2" class=x>', "<p title='<b>'>", '<p title="</p>"\nid=x>', "<p title='\">\"'>"])
def test_a_sign_that_is_no_tag_is_text_and_one_quoted_in_a_tag_is_not(tag, said):
    (draft,) = read_markup(f"{tag}{said}</p>").drafts
    assert (words(draft), draft.start, draft.end) == (said, len(tag), len(tag + said))


@pytest.mark.parametrize("unseen", ["<script>x</script>", "<!-- <b> -->", "<a title='<b>'>", "<style></style>", "<b>", "</span>"])
def test_what_is_skipped_inside_a_line_leaves_no_space(unseen):
    for _ in range(2):
        assert read(f"<p>增长6{unseen}%。</p>") == ["p 增长6%。"]
        assert read(f"<p>增长6{unseen} \n%。</p>") == ["p 增长6 \n%。"]


@pytest.mark.parametrize(("end", "said"), [("<6", "5<6"), ("<", "5"), ("<d", "5"), ("</di", "5"), ("<div cla", "5"), ("<!", "5"), ("<!-- 注", "5")])
def test_a_page_cut_off_inside_a_tag_loses_that_alone(end, said):
    assert read(f"<p>增长5{end}") == [f"p 增长{said}"]


def test_elements_nested_too_deep_count_as_siblings():
    markup = read_markup("".join(f"<div>第{n}层" for n in range(1, 601)) + "</div>" * 600 + "合计")
    assert [draft.element for draft in markup.drafts] == [*range(1, 512), *[512] * 89, 0]
    assert markup.parents == [0, *range(512)]


@pytest.mark.parametrize("opened", ["<span hidden>", "<b style='font-size:0'>", "<i class='x Jam'>", "<em id=tip>", "<a href=x style='display:none'>"])
@pytest.mark.parametrize("inside", ["望川在线", "望<span>川</span>在<b>线</b>", "望川<br>在线", "望川<img src=x>在线", "望川<p>在线</p>"])
def test_hidden_words_leave_the_line_whole(opened, inside):
    line = f"增长{opened}{inside}</{re.findall('[a-z]+', opened)[0]}>百分之六"
    source = f"<style>#tip{{display:none}}</style><div>{line}</div><div>工业{opened}{inside}</div>商业"
    markup = read_markup(source, {"jam"})
    shown = [draft for draft in markup.drafts if markup.hidden.isdisjoint((draft.element, markup.parents[draft.element]))]
    assert [f"{held(markup, draft.element)} {words(draft)}" for draft in shown] == ["div 增长百分之六", "div 工业", " 商业"]
    assert source[shown[0].start : shown[0].end] == line
    assert squash("".join(words(draft) for draft in markup.drafts if draft not in shown)) == "望川在线" * 2


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        ("<p>全县<a href=x>工业</a>增长</p><p>农业</p>", [2, 0]), ("<a href=x><p>全县</p><p>工业</p></a><p>农业</p>", [2, 2, 0]), ("<a name=top>全县</a>", [0]),
        ("<div><a href=x>全县</div><p>工业</p>", [2, 0]), ("<p><a href=x>全县<b>工业</b></a><a href=y>增长</a></p>", [6]),
    ],
)  # fmt: skip
def test_what_is_linked_is_counted(source, linked):
    assert [draft.linked for draft in read_markup(source).drafts] == linked


def test_the_line_right_below_an_image_is_told():
    source = "<p>农业</p><p><img src=a></p><p>&nbsp;</p><p>图为工业</p><p>商业<img src=b>服务业</p><p>\u200b</p><p>图为运输</p><p>合计</p>"
    assert [draft.after_image for draft in read_markup(source).drafts] == [False, True, False, True, False]


def test_the_first_title_and_all_metas_are_kept():
    markup = read_markup("<svg><title>图</title></svg><TITLE>望川&middot;<b></TITLE><title>临澜</title><meta name=a content='3>2'><body><META name=b>")
    assert (markup.title, markup.metas) == ("望川·<b>", ["meta name=a content='3>2'", "META name=b"])


WORDS = st.text(st.sampled_from("望川县工业增长，。5"), min_size=1, max_size=6).flatmap(lambda said: st.sampled_from([said, " ", "\n", f" {said}", f"{said}\n", f"&ldquo;{said}", f"{said}&nbsp;"]))
TAGS = "<b>|</b>|<span class=x>|</span>|<a href='/'>|</a>|<img src=a>|<!-- 注 -->|<br>|<p>|</p>|<div class=y>|</div>|<ul>|<li>|</ul>|<table>|<tr>|<td>|</td>|</table>|<h2>|</h2>".split("|")
PAGES = st.lists(st.one_of(WORDS, st.sampled_from(TAGS)), max_size=40).map("".join)


@given(PAGES)
@settings(derandomize=True, max_examples=150, deadline=None)
def test_a_draft_begins_and_ends_with_its_words_and_holds_no_others(source):
    markup = read_markup(source)
    for draft in markup.drafts:
        said = [piece for piece in draft.pieces if piece.strip()]
        assert source.startswith(said[0], draft.start)
        assert source.endswith(said[-1], draft.start, draft.end)
        assert squash(re.sub("<[^>]*>", "", source[draft.start : draft.end])) == squash("".join(said))
    assert all(one.end <= other.start for one, other in pairwise(markup.drafts))
    assert read_markup(source) == markup


def nested(blocks, name="0"):
    return f"<div id={name}>{name}" + "".join(f"{nested(block, f'{name}.{at}')}<p>{name}" for at, block in enumerate(blocks)) + "</div>"


@given(st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=3), max_leaves=12))
@settings(derandomize=True, max_examples=50, deadline=None)
def test_a_draft_stands_in_the_element_that_holds_it_and_parents_before_children(blocks):
    markup = read_markup(nested(blocks))
    for draft in markup.drafts:
        holder = draft.element if markup.tags[draft.element].name == "div" else markup.parents[draft.element]
        assert (markup.tags[holder].name, markup.tags[holder].given) == ("div", words(draft))
    assert all(parent < at for at, parent in enumerate(markup.parents) if at)


@given(st.lists(st.sampled_from(["<", ">", "/", "'", '"', "!--", "--", "=", " ", "\n", "&", "p", "a href", "span hidden", "script", "style", "td", "li", "望川", "3"]), max_size=40).map("".join))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_any_string_is_read(source):
    markup = read_markup(source)
    assert all(0 <= draft.start < draft.end <= len(source) and 0 <= draft.element < len(markup.tags) == len(markup.parents) for draft in markup.drafts)
    assert all(one.start < other.start for one, other in pairwise(markup.drafts))
