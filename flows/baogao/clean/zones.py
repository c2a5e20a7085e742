"""Where the text begins and ends: the best of all cuts into what stands above it, the text, and what stands below it.

In: the lines of a page. Out: the first line of the text, the first line below it, and the rules that know the lines around it.
Method: each line near the ends speaks for one of the zones, and the cut is the one that agrees with most of what they say (Viterbi over the zones in
their order). So sentences of comments fall with their headings, and a label inside the text stays where it is.
Never: what a line is called when it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from baogao.clean.below import hear_tail
from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules, Rule
from baogao.clean.title import is_delivery, is_opening, is_title, is_title_block
from baogao.clean.voice import KNOWN, SHORT, SOFT, Voice, voice_of

# The text begins within this many lines: the longest head seen on a real page saved as text has 42.
_HEAD_LINES = 80
# What stands below the text is sought among so many lines at the end of a page.
_TAIL_LINES = 1_000
# No line of furniture above a text is longer than this.
_HEAD_MAX = 200
# A run of this many characters of text that no rule knows is the text: no frame holds as much.
_TEXT_RUN = 1_000
# No title stands below so many characters of text.
_HEAD_RUN = 600
# A line that is longer may be a paragraph.
_LINE = 30
# A mark that no line can begin with: an inline element (a link, as a rule) stood before it, and this line and the one before are one.
_CONTINUES = re.compile(r"[，。、；：！？）》」』”’,;:!?)]")
_TITLED = re.compile("工作报告")
_CONTENTS = re.compile(r"^\W*目\s*录\W*$")
# How much the words that open a text speak for it, and what lies between the windows.
_ADDRESSED, _SURE = 30.0, 1_000.0
_NOT = float("-inf")


@dataclass(slots=True)
class Zones:
    """Where a text begins and ends among the lines of a page, and the rules that know the lines around it."""

    first: int
    """Position of the first line of the text; equal to `last` where there is no text."""
    last: int
    """Position of the first line below it."""
    rules: dict[int, Rule] = field(default_factory=dict)
    """For lines outside the text, the rule that knows each, by its position."""


def find_zones(lines: Sequence[Line], rules: CleaningRules, title: str | None) -> Zones:
    """The best cut. `title` is the title that the page states elsewhere."""
    top, bottom = _head_window(lines), _tail_window(lines)
    near = [*range(top), *range(max(top, bottom), len(lines))]
    voices = {i: voice_of(lines[i]) for i in near}
    head_rules = _hear_head(lines, top, voices, rules, title)
    tail_rules = hear_tail(lines, bottom, voices, rules)
    if top >= bottom and all(voice.text < SOFT for voice in voices.values()):  # a text without a sentence: verse, a list
        for i in voices.keys() - head_rules.keys():
            voices[i].above = min(voices[i].above, SHORT)
    path = [voices[i] for i in near]
    if bottom > top:  # what lies between the windows is text
        path.insert(top, Voice(-_SURE, _SURE, -_SURE, -_SURE))
    first, last = _best_path(path)
    if bottom > top:
        last += bottom - top - 1
    known = {i: rule for i, rule in head_rules.items() if i < first} | {i: rule for i, rule in tail_rules.items() if i >= last}
    return Zones(first, last, known)


def _head_window(lines: Sequence[Line]) -> int:
    """How many lines may stand above the text."""
    return min(_HEAD_LINES, _first_run(lines[:_HEAD_LINES], _TEXT_RUN))


def _first_run(lines: Sequence[Line], size: int) -> int:
    """How many lines it takes for so many characters of running text."""
    run = 0
    for i, line in enumerate(lines):
        run += len(line.text) if line.is_prose else 0
        if run > size:
            return i + 1
    return len(lines)


def _tail_window(lines: Sequence[Line]) -> int:
    """Position from which lines may stand below the text: up to a long run of sentences with nothing short between them but headings."""
    run = 0
    end = max(0, len(lines) - _TAIL_LINES)
    for i in range(len(lines) - 1, end, -1):
        size = len(lines[i].text)
        run = run + size if size > _LINE or run > _TEXT_RUN / 2 else 0
        if run > _TEXT_RUN:
            return i
    return end


def _hear_head(lines: Sequence[Line], top: int, voices: dict[int, Voice], rules: CleaningRules, title: str | None) -> dict[int, Rule]:
    """Let rules, title block and opening speak above the text; the rules that know lines there."""
    known: dict[int, Rule] = {}
    opened = next((i for i in range(top) if is_opening(lines[i])), top)
    titled = -1
    for i in range(min(top, opened + 1, _first_run(lines, _HEAD_RUN))):
        line, voice = lines[i], voices[i]
        if i == opened:
            voice.above, voice.text = -_ADDRESSED, _ADDRESSED
        elif len(line.text) > _HEAD_MAX:
            continue
        elif _CONTENTS.match(line.folded) and any(other.is_heading for other in lines[i + 1 : i + 3]):
            voice.text = KNOWN
        elif not is_delivery(line) and (rule := rules.match(line.folded, "head")):
            known[i] = rule
            voice.above, voice.text = KNOWN, min(voice.text, 0) - 0.5
        elif not line.is_prose and _is_torn(lines, i):
            voice.above, voice.text = -KNOWN, KNOWN
        elif is_title(line, title) or is_delivery(line) or (not line.is_prose and is_title_block(line, title)):
            voice.above, voice.text = KNOWN, -SOFT
            titled = i if i < opened and is_title(line, title) else titled
    for voice in (voices[i] for i in range(titled)):  # what stands above the title is no text, however much it looks like one
        if voice.above < 0:
            voice.above, voice.text = voice.above * 0.3, voice.text * 0.3
    return known


def _is_torn(lines: Sequence[Line], i: int) -> bool:
    """Whether the line is a piece of a sentence that a link tore apart: the next one, or the one behind that, begins with a mark."""
    return any(_CONTINUES.match(line.text) for line in lines[i + 1 : i + 3]) and not any(_TITLED.search(line.text) for line in lines[i : i + 2])


def _best_path(path: Sequence[Voice]) -> tuple[int, int]:
    """Where the text begins and where what is below it does, on the path that the voices speak for most; of equal ones the one with most text."""
    above, text, below, opened = 0.0, _NOT, _NOT, _NOT  # the best sum so far that ends in each zone
    began = 0
    cut = opened_cut = (0, 0)
    for n, voice in enumerate(path):
        if below < text:
            below, cut = text, (began, n)
        if below < above:
            below, cut = above, (n, n)
        if voice.opens and opened < below:
            opened, opened_cut = below, cut
        if text < above:
            text, began = above, n
        above += voice.above
        text += voice.text
        below += voice.below
        opened += voice.opened
    ends = ((text, (began, len(path))), (below, cut), (opened, opened_cut), (above, (len(path), len(path))))
    return max(ends, key=lambda end: end[0])[1]
