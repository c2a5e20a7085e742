"""The voice of a line: how much it speaks for standing above the text, in it, and below it.

In: a line. Out: a `Voice`, by the looks of the line alone. Never: a rule, or the lines around it; zones and below let these speak.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from baogao.clean.line import Line

# How much a line of each sort speaks for its zone, in units of a short sentence. Set on labelled pages (tests/gold).
KNOWN, SOFT, SHORT, _HEADING = 2.0, 1.0, 0.1, 1.5
# A line whose text is linked for more than this leads elsewhere.
_LINKED = 0.5
_INNER_MARK = re.compile(r"\S[，、；：,;:\t]\S")
# A row of a table: cells parted by tabs, or three of them by wide gaps.
_ROW = re.compile(r"\S(?:\s{2,}|\u3000+)\S+(?:\s{2,}|\u3000+)(?=\S*\d)\S")
# What a text is signed with: its author's office, its date in words.
_SIGNATURE = re.compile(r"^(?:[^:|]{2,24}(?:人民政府|办公室|委员会|政府|政协|党委|局|厅|院)|[(]?(?:[12]\d{3}|[一二〇零○O][一二三四五六七八九〇零○O]{3})\s*年.{2,8}[日号][)]?)$")


@dataclass(slots=True)
class Voice:
    """How much a line speaks for each zone."""

    above: float
    text: float
    below: float
    opened: float
    """For standing below the text in a block that holds sentences too: comments, related articles."""
    opens: bool = False


def voice_of(line: Line) -> Voice:
    """What a line says by its looks alone."""
    size = len(line.text)
    if line.is_prose or size > 80:
        strength = 1.5 + min(size, 240) / 80
        return Voice(-strength, strength, -strength, -strength / 4)
    if line.is_heading:
        return Voice(-_HEADING, _HEADING, -_HEADING, -SHORT)
    if line.linked > _LINKED:
        return Voice(SOFT, -SOFT, SOFT, SOFT)
    if is_row(line):
        return Voice(-SOFT, 2 * SOFT, -SOFT, -SOFT)
    # A line of a list or of a verse has marks; the title of another article, as a rule, has none.
    return Voice(4 * SHORT, (3 if size >= 8 and _INNER_MARK.search(line.text) else 1.5) * SHORT, SHORT, 2 * SHORT)


def is_signature(line: Line) -> bool:
    """Whether the line may sign a text: its author's office, or its date in words."""
    return bool(_SIGNATURE.match(line.folded))


def is_row(line: Line) -> bool:
    """Whether the line is a row of a table."""
    text = line.text
    return "\t" in text or (("  " in text or "\u3000" in text) and bool(_ROW.search(text)))
