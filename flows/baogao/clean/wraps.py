"""Paragraphs that were broken into lines of one width, as by a terminal or in a mail, are put together again.

In: the decoded text of a page saved as plain text, and where its lines are. Out: where its paragraphs are, and a paragraph on one line.
Never: a page on which the ends of lines are the ends of paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

# The width of a terminal or a mail, in columns; a Han character takes two. A line of text that was broken comes near it.
_NARROW, _WIDE, _NEAR = 50, 100, 6
# A page is broken so if it has this many full lines, they are this share of all but short ones, so few of them end like a paragraph, and for so many
# of them one that is not full does.
_FULL_MIN, _FULL_SHARE, _ENDED_MAX, _ENDED_MIN = 8, 0.4, 0.4, 0.04
_SHORT = 30
_ENDS = re.compile(r"[。！？!?]\s*\Z")
_BREAK = re.compile(r"[ \t\r\u3000]*\n[ \t\r\u3000]*")
_WORD = re.compile("[A-Za-z]")
_HAN_WIDTH = 0x2E80


def unwrapped(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines of a text, those that belong to one paragraph as one."""
    lines = list(spans)
    if any(end - start > _WIDE for start, end in lines):
        return lines
    width = [_columns(text[start:end].rstrip()) for start, end in lines]
    widest = max(width, default=0)
    full = [n for n, columns in enumerate(width) if columns >= widest - _NEAR]
    ended = [n for n, columns in enumerate(width) if columns and _ENDS.search(text, *lines[n])]
    is_broken = (
        _NARROW <= widest <= _WIDE
        and len(full) >= max(_FULL_MIN, _FULL_SHARE * sum(columns >= _SHORT for columns in width))
        and len(full_ended := set(full) & set(ended)) <= _ENDED_MAX * len(full)
        and len(ended) - len(full_ended) >= _ENDED_MIN * len(full)
    )
    if not is_broken:
        return lines
    indents = [_indent(text, line) for line in lines]
    margin = sorted(indents[n] for n in full)[len(full) // 2]  # the indent that most full lines have
    goes_on = {n for n in full if n + 1 < len(lines) and width[n + 1] and indents[n + 1] <= min(indents[n], margin)}
    joined_: list[tuple[int, int]] = []
    for n, (start, end) in enumerate(lines):
        if n - 1 in goes_on:
            joined_[-1] = (joined_[-1][0], end)
        else:
            joined_.append((start, end))
    return joined_


def joined(text: str) -> str:
    r"""A paragraph on one line; a space stands between two words in Latin letters alone.

    >>> joined("审议，并请各位政协委员\n   提出意见。"), joined("the work\nof the")
    ('审议，并请各位政协委员提出意见。', 'the work of the')
    """
    if "\n" not in text:
        return text
    pieces = _BREAK.split(text)
    return pieces[0] + "".join(f" {other}" if one[-1:].isascii() and _WORD.match(other) else other for one, other in pairwise(pieces))


def _columns(text: str) -> int:
    return len(text) + sum(ord(char) >= _HAN_WIDTH for char in text)


def _indent(text: str, span: tuple[int, int]) -> int:
    """How far a line is indented, in columns."""
    said = text[slice(*span)]
    return _columns(said[: len(said) - len(said.lstrip())])
