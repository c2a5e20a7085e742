"""What stands below the text: the lines near the end of a page speak for it by the rules that know them, by the close of the report, and by annexes.

In: the lines of a page and their voices. Out: the voices, raised or lowered, and the rules that know lines there. Never: where the text ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules, Rule
from baogao.clean.title import ANNEX
from baogao.clean.voice import KNOWN, SHORT, SOFT, Voice, is_row, is_signature
from baogao.text import squash

# What these rules look for a report may mention: a whole sentence of some length is not cut by them.
_MENTIONED = frozenset({"page_tools", "comment_widget", "related_links", "previous_next", "byline", "page_address"})
_SENTENCE = re.compile(r"^(?=.{24})(?:.*?[,。;、!?]){2}.*[。!;]$")
# A soft rule counts in full within this many lines of a hard one.
_NEAR = 8
# A line of this length that stands in the text already does not stand there twice by chance.
_REPEAT = 30
# What opens the text speaks for it so loud that nothing here is heard beside it.
_LOUD = 10.0
# The call with which a report closes: what stands below it and is no annex is hardly text. Its end first, since that is found fast.
_CLOSE_END = re.compile(
    r"(?:奋斗|奮鬥|前进|贡献|篇章|局面|胜利|勝利|努力|辉煌|梦想|答卷|复兴|明天|未来|伟业|业绩|振兴|前列)[^。！!]{0,20}[。！!][”)）]?$|^(?:谢谢|谢谢大家|謝謝大家)[！!。]?$"
    r"|^(?:以上|此).{0,8}报告.{0,12}审议[。！!]$"
)
_CLOSE = re.compile(r"让我们|讓我們|紧密(?:地)?团结|坚信|相信|同心|携手|不负|奋力|为.{2,40}而|^谢谢|^謝謝|^以上|^此")
_CLOSE_MAX = 240
# A call is the close where the text above it is at least this share of the page's.
_CLOSED_SHARE = 0.6
# What stands below 主办单位 in an item of an annex.
_PARTNERS = frozenset(("承办单位:", "协办单位:", "配合单位:", "责任单位:", "牵头单位:", "完成时限:"))
_LABEL, _LABELLED_MAX = re.compile(r"^([^:]{2,8}):"), 200
# A label with nothing below it labels nothing of the text: 同类报告:; a page cut short may end with what introduces a list.
_EMPTY_LABEL = re.compile(r"^(?!.*(?:各位|同志|是|为|如下|包括|做到|要求):$)[^,。;!?:]{2,12}:$")


def hear_tail(lines: Sequence[Line], bottom: int, voices: Mapping[int, Voice], rules: CleaningRules) -> dict[int, Rule]:
    """Let rules, the close, signatures and annexes speak from the position `bottom` on; the rules that know lines there."""
    rows = _table_rows(lines, bottom)
    known = {i: rule for i in range(bottom, len(lines)) if (rule := _tail_rule(lines[i], rules)) and (rule.hard or i not in rows)}
    tail = _Tail(lines, known)
    closed = _closed_from(lines, bottom)
    signed = False
    for i in range(bottom, len(lines)):
        voice, rule = voices[i], known.get(i)
        before = signed or (i > 0 and lines[i - 1].is_prose)
        was_signed, signed = signed, before and not (rule and rule.hard) and is_signature(lines[i])
        if was_signed and not signed and closed is None and not _is_annexed(lines, i):
            closed = i
        if voice.text >= _LOUD:
            continue
        if signed or (not rule and i + 1 in rows):  # the title of a table is its own
            voice.text = max(voice.text, SOFT)
            continue
        if i == len(lines) - 1 and _EMPTY_LABEL.match(lines[i].folded):
            voice.text, voice.below = -SOFT, KNOWN
        if closed is not None and i == closed - 1:  # where a report closes, it had not ended before
            voice.text += 2 * KNOWN
        if closed is not None and i >= closed and not rule and i not in rows:
            _doubt(voice, lines[i])
        tail.hear(i, voice)
    return known


class _Tail:
    """The lines around the end of a text, and the rules that know them."""

    def __init__(self, lines: Sequence[Line], known: Mapping[int, Rule]) -> None:
        self.lines = lines
        self.known = known
        self.hard = [i for i, rule in known.items() if rule.hard]
        self.item = -1
        """The last labelled line of an item."""
        self._labels: Counter[str] | None = None
        self._above: str | None = None

    def hear(self, i: int, voice: Voice) -> None:
        """Let the rule speak that knows a line, or, where there is none, the text that the line repeats."""
        rule = self.known.get(i)
        if rule and rule.hard:
            voice.below = voice.opened = KNOWN
            voice.text = min(voice.text, 0) - SOFT
            voice.opens = rule.opens
        elif rule and voice.text > -SOFT / 2:  # what a rule knows above the text has spoken
            is_near = any(abs(i - j) <= _NEAR for j in self.hard)
            voice.below = voice.opened = SOFT if is_near else 0.3
            voice.text = 1.5 if self._is_item(i) else 0 if is_near else 0.5
        elif not rule and voice.below < 0 and self._repeats(i):
            voice.text, voice.below = 0, 0.5

    def _is_item(self, i: int) -> bool:
        """Whether a labelled line (主办单位:) belongs to an item of an annex: it stands right under one, and others like it in the text."""
        label = _label(self.lines[i])
        if not label or i == 0:
            return False
        if self._labels is None:
            self._labels = Counter(said for line in self.lines if (said := _label(line)))
        if self.item == i - 1 and label in _PARTNERS:
            is_item = True
        elif i - 1 in self.known and not self.known[i - 1].hard:
            is_item = False
        else:
            is_item = self._labels[label] > 1 and _label(self.lines[i - 1]) != label
        self.item = i if is_item else self.item
        return is_item

    def _repeats(self, i: int) -> bool:
        """Whether a line below furniture only repeats a part of the text: a summary, or a description for search engines."""
        if not self.hard or i <= self.hard[0] or len(self.lines[i].text) < _REPEAT:
            return False
        if self._above is None:
            self._above = "".join(squash(line.text) for line in self.lines[: self.hard[0]])
        return squash(self.lines[i].text) in self._above


def _doubt(voice: Voice, line: Line) -> None:
    """Let a line that stands below the close of a report speak less for the text, and one that is no sentence speak against it."""
    voice.text, voice.below, voice.opened = voice.text * 0.3, voice.below * 0.3, voice.opened * 0.3
    if not (line.is_prose or line.is_heading):
        voice.below = voice.opened = 2 * SHORT


def _tail_rule(line: Line, rules: CleaningRules) -> Rule | None:
    """The rule that knows the line below the text, unless it is a sentence that only mentions what such lines hold."""
    rule = rules.match(line.folded, "tail") if len(line.text) <= 80 else rules.match_long(line.text)
    if rule is None or (rule.kind in _MENTIONED and _SENTENCE.match(line.folded)):
        return None
    return rule


def _table_rows(lines: Sequence[Line], bottom: int) -> set[int]:
    """Positions from there on of the rows of tables: those with cells, and of those with gaps the ones that stand together."""
    rows = {i for i in range(bottom, len(lines)) if is_row(lines[i])}
    return {i for i in rows if "\t" in lines[i].text or i - 1 in rows or i + 1 in rows}


def _closed_from(lines: Sequence[Line], bottom: int) -> int | None:
    """The line below the close of a report, up to where an annex begins; None where there is no close, or an annex follows it at once."""
    sizes = [size if (size := len(line.text)) >= _REPEAT else 0 for line in lines]
    total = above = sum(sizes)
    for i in range(len(lines) - 1, bottom - 1, -1):
        said = lines[i].text[-_CLOSE_MAX:]
        if _CLOSE_END.search(said, max(0, len(said) - 30)) and _CLOSE.search(said) and above >= _CLOSED_SHARE * total:
            return None if _is_annexed(lines, i + 1) else i + 1
        above -= sizes[i]
    return None


def _is_annexed(lines: Sequence[Line], i: int) -> bool:
    """Whether an annex begins on the line or soon below it."""
    return any(ANNEX.match(line.folded) for line in lines[i : i + 7])


def _label(line: Line) -> str | None:
    found = _LABEL.match(line.folded) if len(line.text) <= _LABELLED_MAX else None
    return found[0] if found else None
