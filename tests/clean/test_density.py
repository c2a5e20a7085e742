"""The part of a page that holds its text is found by where sentences are dense; names, tags and styles are believed unless they would take it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.density import main_part
from baogao.clean.markup import read_markup
from baogao.clean.paragraphs import paragraphs
from baogao.clean.rules import CleaningRules
from baogao.contract import terms

TERMS = terms("boilerplate")
RULES = CleaningRules.from_terms(TERMS)
TITLE = "望川县政府工作报告"
TEXT = ["各位代表：", "现在，我代表县人民政府向大会报告工作，请予审议，并请各位政协委员和列席人员提出意见。"]
TEXT += [f"{what}年，地区生产总值增长{what}.8%，固定资产投资、社会消费品零售总额稳步增长，城乡居民收入持续增加，主要指标好于预期。" for what in "一二三四五六七八"]
BODY = "".join(f"<p>{line}</p>" for line in TEXT)
NEWS = "望川县召开常务会议，研究部署重点工作，推进项目建设。"
MENU = "".join(f"<li><a href='/{at}'>{name}</a></li>" for at, name in enumerate("首页 要闻 走进望川 政务公开 互动交流".split()))


def read(source, title=None, rules=RULES):
    """The paragraphs in the part that holds the text, and the others as (what they are said to be, text)."""
    markup = read_markup(source, rules.hidden_names)
    drafts = paragraphs(source, markup)
    part = main_part(drafts, markup, rules, title)
    inside = [draft for draft in drafts if part.holds(draft.element) and not part.noise[draft.element]]
    return [draft.text for draft in inside], [(part.noise[draft.element], draft.text) for draft in drafts if draft not in inside]


@pytest.mark.parametrize(
    "page",
    [
        f"<ul>{MENU}</ul><div>{BODY}</div><ul>{MENU}</ul>",
        f"<div><div>{MENU * 20}</div><div><div>{BODY}</div></div></div>",
        f"<table><tr><td>{MENU}</td><td>{BODY}</td></tr></table>",
        f"<div>{BODY}</div><ul>" + f"<li><a href='/'>{NEWS}</a></li>" * 60 + "</ul>",
        "<ul>" + f"<li><a href='/'>望川要闻</a>{NEWS}</li>" * 8 + f"</ul><div>{BODY}</div>",
        f"<div>{BODY}</div><div><div>望川县人民政府主办，县政府办公室承办，网站标识码、备案号见首页。</div></div>",
        f"<div><div><p>{NEWS}</p><p>{NEWS}</p></div><div>{BODY}</div></div>",
        f"<div><ul><li>{NEWS}</li><li>{NEWS}</li></ul><div><div>{'<br>'.join(TEXT)}</div></div></div>",
    ],
)
def test_the_text_is_where_sentences_are_dense(page):
    assert read(f"<html><body>{page}</body></html>")[0] == TEXT


def test_a_text_in_half_width_marks_is_dense_too():
    page = f"<body><div>{BODY}</div><ul>{MENU}</ul></body>".replace("，", ",").replace("：", ":")
    assert read(page)[0] == [line.replace("，", ",").replace("：", ":") for line in TEXT]


@pytest.mark.parametrize(
    ("element", "kind"),
    [("<nav>{}</nav>", "navigation"), ("<footer>{}</footer>", "footer"), ("<form>{}</form>", "comment_widget"), ("<div id=pinglun>{}</div>", "comment_widget"), ("<p hidden>{}</p>", "other")],
)
def test_a_name_is_believed_of_a_part_of_the_text_and_a_text_that_has_it_all_is_kept(element, kind):
    page = f"<body><div>{element.format(BODY)}</div></body>"
    assert read(page) == (TEXT, [])
    assert read(page.replace("</p>", f"</p>{element.format(NEWS)}", 1)) == (TEXT, [(kind, NEWS)])
    assert read(f"<body><div>{element.format(NEWS)}{BODY}</div></body>") == (TEXT, [(kind, NEWS)])


def test_a_form_that_wraps_the_page_is_no_form_and_one_inside_it_is():
    page = f"<body><form id=aspnetForm><div>{MENU}</div><div>{BODY}</div><div><form>请输入验证码</form></div></form></body>"
    inside, outside = read(page)
    assert inside == TEXT
    assert outside[-1] == ("comment_widget", "请输入验证码")


def test_classes_that_the_page_hides_are_hidden_unless_all_of_the_text_is():
    style = "<style>.jam{display:none}</style>"
    assert read(f"<body>{style}<div>{BODY}<p class='fl JAM'>{NEWS}</p></div></body>") == (TEXT, [("other", NEWS)])
    assert read(f"<body>{style}<div class=jam>{BODY}</div></body>") == (TEXT, [])


def test_what_the_card_of_a_site_says_of_its_names_goes_before_all():
    page = f"<body><div><div class='footer zw'>{BODY}</div><div class=bz>{NEWS}</div></div></body>"
    rules = CleaningRules.from_terms(TERMS, site_names={"zw": "text", "bz": "byline"})
    assert read(page, rules=rules) == (TEXT, [("byline", NEWS)])


@pytest.mark.parametrize(("one", "other"), [("page1", "page2"), ("item-3 fl", "item-4 fl"), ("section", "section")])
def test_the_text_goes_on_in_containers_of_the_same_kind(one, other):
    page = f"<body><div><div class='{one}'>{BODY * 4}</div><div class=news>{f'<p>{NEWS}</p>' * 2}</div><div class='{other}'>{BODY}</div><div>{NEWS}</div></div></body>"
    assert read(page) == (TEXT * 5, [(None, NEWS)] * 3)
    linked = f"<p>{NEWS}<a href='/'>{NEWS}</a></p>" * 4
    assert read(f"<body><div><div class='{one}'>{BODY * 4}</div><div class='{other}'>{linked}</div></div></body>")[0] == TEXT * 4


@pytest.mark.parametrize("heading", ["附件1", "名词解释", "《政府工作报告》有关用语说明", "注释："])
def test_an_annex_below_the_text_belongs_to_it_and_one_above_does_not(heading):
    annex = f"<div><p>{heading}</p><p>一体两翼，是指以县城为主体，以澜江两岸、临澜新区为两翼。</p></div>"
    assert read(f"<body><div><div class=text>{BODY}</div>{annex}</div></body>")[0][-2] == heading
    assert read(f"<body><div>{annex}<div class=text>{BODY}</div></div></body>")[0] == TEXT


def test_the_opening_and_paragraphs_between_sections_belong_to_the_text():
    sections = f"<section class=s1>{BODY}</section><p>{TEXT[-1]}</p><section class=s2>{BODY}</section>"
    assert read(f"<body><div><p>各位代表，同志们：</p>{sections}<p>望川概况</p></div></body>")[0][:11] == ["各位代表，同志们：", *TEXT]


@pytest.mark.parametrize("head", [f"<h1>{TITLE}</h1>", f"<p>{TITLE}</p>"])
def test_of_two_texts_the_one_under_the_title_is_the_text(head):
    other = "".join(f"<p>{NEWS}</p>" for _ in range(20))
    page = f"<body><div><div><div>{other}</div></div></div>{head}<div><div>{BODY}</div></div></body>"
    assert read(page, title=TITLE)[0] == TEXT
    assert read(page.replace(TITLE, "望川").replace("h1", "p"))[0] == [NEWS] * 20


def test_a_verse_under_the_title_is_the_text():
    verses = [f"第{at}缕春风吹过望川的山岗" for at in range(1, 9)]
    page = f"<body><div><div>望川县欢迎您，请来看一看、走一走。</div></div><h1>春到望川</h1><div><div>{'<br>'.join(verses)}</div></div></body>"
    assert read(page)[0] == verses
    assert read(page.replace("h1", "p"))[0] == ["望川县欢迎您，请来看一看、走一走。"]


def test_on_a_page_with_little_text_a_notice_of_rights_is_not_taken_for_it():
    said = "望川县县长苏禾，向大会作政府工作报告。"
    notice = "版权声明：本网站内容，未经许可，不得转载、摘编，违者必究，如有侵权，请联系我们删除。"
    assert read(f"<body><div><div>{said}</div></div><div><div>{notice}</div></div></body>") == ([said], [(None, notice)])
    assert read(f"<body><div><div>{said}</div></div><div><div>{TEXT[2]}</div></div></body>") == ([TEXT[2]], [(None, said)])


@pytest.mark.parametrize("page", ["", "<html></html>", "<body><img src=a></body>"])
def test_a_page_without_a_paragraph_is_all_of_its_own_part(page):
    part = main_part([], read_markup(page), RULES, None)
    assert len(part.noise) == len(read_markup(page).tags)
    assert not any(part.noise)


WRAPPERS = st.sampled_from(["div class=nav", "div id=footer", "form", "aside", "section class='sidebar hot'", "div style='display:none'", "div class=hidden", "td", "center", "div class=content"])


@given(st.lists(WRAPPERS, max_size=8))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_whatever_wraps_it_the_only_text_of_a_page_is_its_text(wrappers):
    opened = "".join(f"<{wrapper}>" for wrapper in wrappers)
    closed = "".join(f"</{wrapper.split()[0]}>" for wrapper in reversed(wrappers))
    assert read(f"<body><ul>{MENU}</ul>{opened}<div>{BODY}</div>{closed}<p>望川在线</p></body>")[0] == TEXT
