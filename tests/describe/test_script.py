from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.describe.script import simplified_in_place

HAN = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=40)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=40), HAN))
def test_no_character_moves(text: str) -> None:
    assert len(simplified_in_place(text)) == len(text)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(HAN)
def test_what_is_simplified_stays(text: str) -> None:
    once = simplified_in_place(text)
    assert simplified_in_place(once) == once
