"""A tag says what it does to the line, its element, the class and id that the site gave it, and whether it hides its text."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean import tags
from baogao.clean.tags import Tag, attributes, hidden_names, read_tag, read_unclear_tag


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (tags.OPEN, ["div", "p class=x", "h1", "td colspan=2", "center"]),
        (tags.CLOSE, ["/p", "/table ", "/td/"]),
        (tags.BREAK, ["br", "br/", "hr class=line"]),
        (tags.NOTHING, ["b", "/span", "o:p", "/o:p", "wbr", "input type=hidden", "/script", "a name=top", "a class='href'", "a title='see href'", "a data-href=/tj"]),
        (tags.LINK, ["a href=/tj", "a\nhref='/tj'"]),
        (tags.UNLINK, ["/a"]),
        (tags.IMAGE, ["img src=a.png", "img/"]),
        (tags.META, ["meta name=a"]),
        (tags.SKIP, ["script src=a.js", "style", "title", "textarea rows=3", "select", "svg", "iframe/"]),
    ],
)
def test_a_tag_does_what_its_element_does_in_either_case(does, said):
    assert [read_tag(tag).does for tag in said] == [does] * len(said)
    assert [read_tag(tag.upper()).does for tag in said] == [does] * len(said)


@pytest.mark.parametrize("said", ["6%，高于全省", "", " 5", "=10万人", "增长>", "3 p"])
def test_a_sign_in_a_sentence_is_text(said):
    assert read_tag(said) == Tag(tags.TEXT)


@pytest.mark.parametrize("said", ["!-- 正文 开始", "!--a", "!--[if IE]"])
def test_a_comment_that_goes_on_is_a_comment(said):
    assert read_tag(said) == Tag(tags.COMMENT)


@pytest.mark.parametrize("said", ["!-- 正文 --", "!----", "!--", "!---", "!DOCTYPE html", "![endif]", '?xml version="1.0"?', "/", "/ p"])
def test_a_whole_comment_and_a_declaration_are_nothing(said):
    assert read_tag(said) == Tag(tags.NOTHING)


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("p", ""), ("p class=content", "content"), ('p class="TRS_Editor"', "TRS_Editor"), ("p class = 'fl  w1200'", "fl  w1200"), ("p\n\tCLASS=a\n", "a"),
        ("div id=zoom class=text", "zoom text"), ("div class=\"text\" id='zoom'", "text zoom"), ('div title="望川" class="text"', "text"),
        ('div data-class="nav" data-id=3', ""), ('div class=""', ""), ('div class="a"id="b"', "a b"), ("div title='x class=y'", ""), ("custom-part class=x", "x"), ("/div class=x", ""),
    ],
)  # fmt: skip
def test_class_and_id_are_given_as_they_stand(said, given):
    assert read_tag(said).given == given


@pytest.mark.parametrize(
    "said",
    ["{} hidden", "{} HIDDEN", '{} hidden=""', "{} class=a hidden id=b", '{} style="display:none"', "{} STYLE='Display : None;'", '{} style="color:red;visibility:hidden"', "{} style=display:none"],
)
def test_an_element_out_of_sight_is_hidden_and_an_inline_one_does_not_break_the_line(said):
    block, inline = read_tag(said.format("p")), read_tag(said.format("span"))
    assert (block.does, block.name, block.is_hidden) == (tags.OPEN, "p", True)
    assert (inline.does, inline.name, inline.is_hidden) == (tags.HIDE, "span", True)
    assert read_tag(said.format("a href=/tj")).does == tags.HIDE


@pytest.mark.parametrize(
    "said", ['{} class="hidden"', "{} data-hidden", "{} hidden-x=1", '{} style="display:block"', '{} style="overflow:hidden"', '{} data-style="display:none"', '{} title="hidden"',
     '{} title="x hidden y"', "{} title='a style=display:none'"],
)  # fmt: skip
def test_an_element_that_only_names_hiding_is_shown(said):
    assert not read_tag(said.format("p")).is_hidden
    assert read_tag(said.format("span")).does == tags.NOTHING


@pytest.mark.parametrize(
    ("style", "hides"),
    [
        ("font-size:0", True), ("font-size: 0px", True), ("font-size:1px", True), ("font-size:2pt", True), ("font-size:0.9em", False), ("font-size:12px", False), ("font-size:20px", False),
        ("opacity:0", True), ("opacity:.0", True), ("opacity:0.00;", True), ("opacity:0.6", False), ("opacity:1", False),
        ("text-indent:-9999px", True), ("text-indent:-2em", False), ("text-indent:2em", False),
    ],
)  # fmt: skip
def test_a_style_too_small_to_see_hides_words_in_a_line_and_no_block(style, hides):
    assert read_tag(f'span style="{style}"').is_hidden is hides
    assert not read_tag(f'div style="{style}"').is_hidden


@pytest.mark.parametrize(("said", "name"), [('p class="text', "p"), ("a title='3", "a"), ('td title="5', "td")])
def test_a_tag_that_ends_inside_a_quotation_is_unclear_until_it_is_read_so(said, name):
    assert read_tag(said) == Tag(tags.UNCLEAR)
    assert read_unclear_tag(said).name == name


@pytest.mark.parametrize("said", ['p title="it\'s"', "p title='3\"'", "p title=\"'\" class='\"'"])
def test_a_quote_inside_a_quotation_is_closed_with_it(said):
    assert read_tag(said).does == tags.OPEN


@pytest.mark.parametrize(
    ("sheet", "everywhere", "inside"),
    [
        (".jam{display:none}", {"jam"}, set()),
        ("span#Tip {\n color:red;\n visibility : hidden;\n}", {"tip"}, set()),
        (".a, .b:hover ,#c{display:none}", {"a", "c"}, set()),
        (".a{display:block}.b{display:none}.c{color:red}", {"b"}, set()),
        (".text span.jam{display:none}", {"jam"}, set()),
        (".jam{font-size:0}.small{font-size:0.9em}.ten{font-size:10px}", set(), {"jam"}),
        (".text p .jam{opacity:0}.half{opacity:0.5}", set(), {"jam"}),
        (".jam{DISPLAY:NONE}", {"jam"}, set()),
        ("/* .old{} */ .jam{display:none} /* .gone */", {"jam"}, set()),
        (".jam{color:red}/* .old{display:none} */", set(), set()),
        ("@media print{.tools{display:none}}", set(), set()),
        ("@media print{.x{color:red}.tools{display:none}} .jam{display:none}", {"jam"}, set()),
        (".text{/*display:none*/color:red} .jam{/**/display:none", {"jam"}, set()),
        ("@media print{.text{color:red}} .jam{display:none}", {"jam"}, set()),
        (".nav .sub{display:none}.tab:before{display:none}.x[y]{display:none}p{display:none}*{display:none}", set(), set()),
        ("display:none} .a{} visibility:hidden", set(), set()),
        ("", set(), set()),
    ],
)
def test_a_style_sheet_hides_what_it_names_by_one_class_or_id(sheet, everywhere, inside):
    assert hidden_names(sheet) == (everywhere, inside)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("meta", {}),
        ("meta charset", {"charset": ""}),
        ("META NAME = 'ColumnName'  Content = 工作报告", {"name": "ColumnName", "content": "工作报告"}),
        ('meta content="2023年，A=B > C"', {"content": "2023年，A=B > C"}),
        ('meta content="&ldquo;十四五&rdquo;&#12290;"', {"content": "“十四五”。"}),
        ("meta name=first name=second", {"name": "first"}),
        ('meta content="" /', {"content": ""}),
        ('meta name="a"content="b"', {"name": "a", "content": "b"}),
    ],
)
def test_attributes_are_read_with_their_references(said, found):
    assert attributes(said) == found


NAMES = st.text(st.sampled_from("abcxyz-:"), min_size=1, max_size=8)
VALUES = st.text(st.sampled_from("望川县2023 a=<>&\"'/"), max_size=10)


@given(st.dictionaries(NAMES, VALUES), st.sampled_from("\"'"))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_attributes_come_back_as_they_were_written(written, quote):
    said = "".join(f" {name.upper()}={quote}{escape(value)}{quote}" for name, value in written.items())
    assert attributes("meta" + said) == written
