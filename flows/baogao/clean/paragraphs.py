"""Drafts of lines become paragraphs: the text as a reader sees it, at its place without the spaces around it.

In: the mark-up of a page. Out: its drafts, each with its text, those that hold several paragraphs cut up, empty ones left out.
Never: a change to the words; only spaces, line breaks and characters without a shape go.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from html import unescape

from baogao.clean.markup import BLANK, Draft, Markup
from baogao.text import drop_shapeless

_SPACES = re.compile(r"[ \t\r\n\x0b\x0c\u00a0\u2002\u2003\u2009]+")
_EDGES = " \t\r\n\u00a0\u3000\u2003\u2002\ufeff\u200b"
# Where a text goes on to the next paragraph without a tag: at an indent on a new line or behind a sentence, and in a text of many indents at each.
_INDENT = re.compile(r"\n\s*(?=\u3000{2}\S)|(?<=[。！？：；”])[ \t\u00a0]*(?:\u3000{2,}|(?:&nbsp;){4,}|\u00a0{4,})(?=[^\s&])")
_EVERY_INDENT = re.compile(r"\s*(?:\u3000{2,}|(?:&nbsp;){4,}|\u00a0{4,})\s*")
_MANY = 3
_GAPS = ("\u3000\u3000", "\u00a0\u00a0\u00a0\u00a0")
_LINE_BREAK = re.compile(r"\n")
# A text shorter than this holds one paragraph.
_SEVERAL_MIN = 60
_BLANKS = frozenset(" \t\r\n\x0b\x0c\u00a0\u2002\u2003\u2009\u3000\u200b\ufeff&")
_BLANKS_END = _BLANKS - {"&"} | {";"}
_BLANK_REFERENCE = re.compile(r"&(?:nbsp|ensp|emsp|#160|#xa0|#12288|#8203);\Z")


def paragraphs(source: str, markup: Markup) -> list[Draft]:
    """The paragraphs of a page, in order."""
    pre = _inside_pre(markup)
    shown: list[Draft] = []
    for draft in markup.drafts:
        text = draft.pieces[0] if len(draft.pieces) == 1 else "".join(draft.pieces)
        if "&" in text:
            text = unescape(text)
        text = text.strip(_EDGES)
        if text.isprintable() and "  " not in text and draft.element not in pre:
            draft.text = text
            if text:
                _trim(source, draft)
                shown.append(draft)
        else:
            shown += _uneven(source, draft, text, is_pre=draft.element in pre)
    return shown


def _uneven(source: str, draft: Draft, text: str, *, is_pre: bool) -> Iterator[Draft]:
    """The paragraphs of a draft whose text holds more than words and single spaces."""
    if is_pre or (len(text) > _SEVERAL_MIN and any(gap in text for gap in _GAPS)):
        raw = "".join(draft.pieces)
        breaks = _LINE_BREAK if is_pre else _EVERY_INDENT if len(_INDENT.findall(raw)) >= _MANY else _INDENT
        parts = _parts(source, draft, breaks)
    else:
        parts = iter((draft,))
    for part in parts:
        part.text = drop_shapeless(_SPACES.sub(" ", unescape("".join(part.pieces)).strip(_EDGES))).strip(_EDGES)
        if part.text:
            _trim(source, part)
            yield part


def _trim(source: str, draft: Draft) -> None:
    """Take the spaces around a text off its place."""
    if source[draft.start] in _BLANKS and (found := BLANK.match(source, draft.start, draft.end)):
        draft.start = found.end()
    while source[draft.end - 1] in _BLANKS_END:
        if source[draft.end - 1] != ";":
            draft.end -= 1
        elif found := _BLANK_REFERENCE.search(source, max(draft.start, draft.end - 8), draft.end):
            draft.end = found.start()
        else:
            break


def _parts(source: str, draft: Draft, breaks: re.Pattern[str]) -> Iterator[Draft]:
    """The paragraphs of a draft that holds several, each at its place. Links are shared out among them: which holds one is not known."""
    raw = "".join(draft.pieces)
    places = _places(source, draft)
    linked = draft.linked / max(1, len(raw))
    begin = 0
    after_image = draft.after_image
    for end, next_begin in [*(gap.span() for gap in breaks.finditer(raw)), (len(raw), len(raw))]:
        if end > begin:
            yield Draft(draft.element, places(begin), places(end - 1) + 1, [raw[begin:end]], round(linked * (end - begin)), after_image)
            after_image = False
        begin = next_begin


def _places(source: str, draft: Draft) -> Callable[[int], int]:
    """Where in the source a character of the joined pieces of a draft stands. A piece begins where the draft does, or behind a tag."""
    firsts, starts = [0], [draft.start]
    at = draft.start + len(draft.pieces[0])
    for piece in draft.pieces[1:]:
        found = source.find(piece, at)
        while found > at and source[found - 1] != ">":
            found = source.find(piece, found + 1)
        firsts.append(firsts[-1] + len(draft.pieces[len(firsts) - 1]))
        starts.append(found)
        at = found + len(piece)

    def place(i: int) -> int:
        n = bisect_right(firsts, i) - 1
        return starts[n] + i - firsts[n]

    return place


def _inside_pre(markup: Markup) -> frozenset[int]:
    """Elements whose line breaks are meant."""
    if not any(tag.name == "pre" for tag in markup.tags):
        return frozenset()
    pre: set[int] = set()
    for n, tag in enumerate(markup.tags):
        if tag.name == "pre" or (n and markup.parents[n] in pre):
            pre.add(n)
    return frozenset(pre)
