"""Characters: folding one to one, keys for comparison, characters without a shape."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.text import drop_shapeless, fold, is_han, printable, squash, squash_all

settings.register_profile("text", derandomize=True, max_examples=100, deadline=None)
PROPERTY = settings.get_profile("text")

SPACES = " \t\n\r\x0b\x0c\u00a0\u2003\u3000\u200b\ufeff"
# Text as it comes from pages: Han, both widths, look-alikes, every kind of space and of invisible character, and anything else.
TEXTS = st.text(st.one_of(st.sampled_from("国务院总理〇○①…㎡℅﹪％%１1Ａa，,：:∶−-（(｡､" + SPACES + "\x00\x85\u2028\ud800"), st.characters()), max_size=60)
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(TEXTS)
@PROPERTY
def test_folding_keeps_every_offset(text):
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(fold(char) == folded[at] for at, char in enumerate(text))


@given(TEXTS)
@PROPERTY
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
@PROPERTY
def test_full_width_forms_fold_to_ascii(text):
    assert fold(text.translate(WIDE)) == text


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("增长１１．１％", "增长11.1%"),
        ("28℅", "28%"),
        ("28﹪", "28%"),
        ("12∶46︰40꞉1", "12:46:40:1"),
        ("−3.5﹣2", "-3.5-2"),
        ("二○二四年", "二〇二四年"),
        ("完成｡其中､", "完成。其中、"),
        ("a\u00a0b\u3000c\td\re\x0bf", "a b c d e f"),
    ],
)
def test_look_alikes_fold(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize("text", ["①⑳㈠", "……", "㎡㎏", "ⅡⅣ", "。、”《》·—", "line\nbreak", "½"])
def test_what_is_no_look_alike_stays(text):
    assert fold(text) == text


@pytest.mark.parametrize("text", ["℅", "①", "…", "㎡"])
def test_folding_is_not_the_compatibility_normal_form(text):
    assert fold(text) != unicodedata.normalize("NFKC", text)


@given(st.lists(TEXTS))
@PROPERTY
def test_many_texts_are_squashed_as_one_by_one(texts):
    assert squash_all(texts) == [squash(text) for text in texts]


@given(TEXTS, st.lists(st.sampled_from(SPACES), min_size=1, max_size=5))
@PROPERTY
def test_squashed_text_does_not_depend_on_spaces(text, spaces):
    spaced = "".join(char + spaces[at % len(spaces)] for at, char in enumerate(text))
    assert squash(spaced) == squash(text)


@given(TEXTS)
@PROPERTY
def test_squashed_text_does_not_depend_on_width(text):
    assert squash(text.translate(WIDE)) == squash(fold(text)) == squash(squash(text)) == squash(text)


@pytest.mark.parametrize(("one", "other"), [("增长6%", "增长7%"), ("①", "②"), ("回顾", "回顾。"), ("Ⅱ类", "Ⅲ类")])
def test_squashing_keeps_texts_apart_that_say_different_things(one, other):
    assert squash(one) != squash(other)


@given(TEXTS)
@PROPERTY
def test_only_formats_and_controls_are_without_shape(text):
    def shaped(said):
        return [char for char in said if unicodedata.category(char) not in {"Cf", "Cc", "Cn"}]

    dropped = drop_shapeless(text)
    assert drop_shapeless(dropped) == dropped
    assert shaped(dropped) == shaped(text)


@pytest.mark.parametrize("char", list("\u200b\u200c\u200d\u200e\u202e\u2060\ufeff\xad\x00\x1b\x85"))
def test_characters_without_shape_go(char):
    assert drop_shapeless(f"导航{char}菜单") == "导航菜单"


@pytest.mark.parametrize("char", list("\n\t\r \u00a0\u3000"))
def test_line_breaks_tabs_and_spaces_stay(char):
    assert drop_shapeless(f"导航{char}菜单") == f"导航{char}菜单"


@pytest.mark.parametrize(("char", "han"), [("省", True), ("㐂", True), ("〇", True), ("○", False), ("々", False), ("。", False), ("A", False), ("１", False)])
def test_han_characters_are_told_apart(char, han):
    assert is_han(char) is han


@given(TEXTS)
@PROPERTY
def test_a_message_is_on_one_line_and_prints(text):
    assert printable(text).isprintable()


@pytest.mark.parametrize(("text", "shown"), [("a\nb", "a b"), ("\x00\x1b", "\\x00\\x1b"), ("各位\u3000代表", "各位 代表"), ("\ufeff导航", "\\ufeff导航")])
def test_a_message_shows_what_cannot_be_seen(text, shown):
    assert printable(text) == shown
