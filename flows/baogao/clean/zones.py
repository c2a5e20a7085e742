"""Where the text begins and ends: the best of all cuts into what stands above it, the text, and what stands below it.

In: the lines of a page. Out: the first line of the text, the first line below it, and the rules that know the lines around it.
Method: each line near the ends speaks for one of the zones, and the cut is the one that agrees with most of what they say (Viterbi over the zones in
their order). So sentences of comments fall with their headings, and a label inside the text stays where it is.
Never: what a line is called when it is cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules, Rule
from baogao.clean.title import ANNEX, is_delivery, is_opening, is_title, is_title_block
from baogao.text import squash

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
# What these rules look for a report may mention: a whole sentence of some length is not cut by them.
_MENTIONED = frozenset({"page_tools", "comment_widget", "related_links", "previous_next", "byline", "page_address"})
_SENTENCE = re.compile(r"^(?=.{24})(?:.*?[,。;、!?]){2}.*[。!;]$")
# A line of this length that stands in the text already does not stand there twice by chance.
_REPEAT = 30
# A soft rule counts in full within this many lines of a hard one.
_NEAR = 8
# A line whose text is linked for more than this leads elsewhere.
_LINKED = 0.5
# The call with which a report closes: what stands below it and is no annex is hardly text. Its end first, since that is found fast.
_CLOSE_END = re.compile(
    r"(?:奋斗|奮鬥|前进|贡献|篇章|局面|胜利|勝利|努力|辉煌|梦想|答卷|复兴|明天|未来|伟业|业绩|振兴|前列)[^。！!]{0,20}[。！!][”)）]?$|^(?:谢谢|谢谢大家|謝謝大家)[！!。]?$"
    r"|^(?:以上|此).{0,8}报告.{0,12}审议[。！!]$"
)
_CLOSE = re.compile(r"让我们|讓我們|紧密(?:地)?团结|坚信|相信|同心|携手|不负|奋力|为.{2,40}而|^谢谢|^謝謝|^以上|^此")
_CLOSE_MAX = 240
# A call is the close where the text above it is at least this share of the page's.
_CLOSED_SHARE = 0.6
# A mark that no line can begin with: an inline element (a link, as a rule) stood before it, and this line and the one before are one.
_CONTINUES = re.compile(r"[，。、；：！？）》」』”’,;:!?)]")
_TITLED = re.compile("工作报告")
_CONTENTS = re.compile(r"^\W*目\s*录\W*$")
_INNER_MARK = re.compile(r"\S[，、；：,;:\t]\S")
# A row of a table: cells parted by tabs, or three of them by wide gaps.
_ROW = re.compile(r"\S(?:\s{2,}|\u3000+)\S+(?:\s{2,}|\u3000+)(?=\S*\d)\S")
# What a text is signed with: its author's office, its date in words.
_SIGNATURE = re.compile(r"^(?:[^:|]{2,24}(?:人民政府|办公室|委员会|政府|政协|党委|局|厅|院)|[(]?(?:[12]\d{3}|[一二〇零○O][一二三四五六七八九〇零○O]{3})\s*年.{2,8}[日号][)]?)$")
# What stands below 主办单位 in an item of an annex.
_PARTNERS = frozenset(("承办单位:", "协办单位:", "配合单位:", "责任单位:", "牵头单位:", "完成时限:"))
_LABEL = re.compile(r"^([^:]{2,8}):")
# How much a line of each sort speaks for its zone, in units of a short sentence. Set on labelled pages (tests/gold).
_KNOWN, _SOFT, _SHORT, _HEADING, _ADDRESSED, _SURE = 2.0, 1.0, 0.1, 1.5, 30.0, 1_000.0
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


@dataclass(slots=True)
class _Voice:
    """How much a line speaks for each zone."""

    above: float
    text: float
    below: float
    opened: float
    """For standing below the text in a block that holds sentences too: comments, related articles."""
    opens: bool = False


def find_zones(lines: Sequence[Line], rules: CleaningRules, title: str | None) -> Zones:
    """The best cut. `title` is the title that the page states elsewhere."""
    top, bottom = _head_window(lines), _tail_window(lines)
    near = [*range(top), *range(max(top, bottom), len(lines))]
    voices = {i: _voice(lines[i]) for i in near}
    head_rules = _hear_head(lines, top, voices, rules, title)
    tail_rules = _hear_tail(lines, bottom, voices, rules)
    if top >= bottom and all(voice.text < _SOFT for voice in voices.values()):  # a text without a sentence: verse, a list
        for i in voices.keys() - head_rules.keys():
            voices[i].above = min(voices[i].above, _SHORT)
    path = [voices[i] for i in near]
    if bottom > top:  # what lies between the windows is text
        path.insert(top, _Voice(-_SURE, _SURE, -_SURE, -_SURE))
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
        run = run + size if size > _REPEAT or run > _TEXT_RUN / 2 else 0
        if run > _TEXT_RUN:
            return i
    return end


def _voice(line: Line) -> _Voice:
    """What a line says by its looks alone."""
    size = len(line.text)
    if line.is_prose or size > 80:
        strength = 1.5 + min(size, 240) / 80
        return _Voice(-strength, strength, -strength, -strength / 4)
    if line.is_heading:
        return _Voice(-_HEADING, _HEADING, -_HEADING, -_SHORT)
    if line.linked > _LINKED:
        return _Voice(_SOFT, -_SOFT, _SOFT, _SOFT)
    if _is_row(line):
        return _Voice(-_SOFT, 2 * _SOFT, -_SOFT, -_SOFT)
    # A line of a list or of a verse has marks; the title of another article, as a rule, has none.
    return _Voice(4 * _SHORT, (3 if size >= 8 and _INNER_MARK.search(line.text) else 1.5) * _SHORT, _SHORT, 2 * _SHORT)


def is_signature(line: Line) -> bool:
    """Whether the line may sign a text: its author's office, or its date in words."""
    return bool(_SIGNATURE.match(line.folded))


def _is_row(line: Line) -> bool:
    """Whether the line is a row of a table."""
    text = line.text
    return "\t" in text or (("  " in text or "\u3000" in text) and bool(_ROW.search(text)))


def _hear_head(lines: Sequence[Line], top: int, voices: dict[int, _Voice], rules: CleaningRules, title: str | None) -> dict[int, Rule]:
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
            voice.text = _KNOWN
        elif not is_delivery(line) and (rule := rules.match(line.folded, "head")):
            known[i] = rule
            voice.above, voice.text = _KNOWN, min(voice.text, 0) - 0.5
        elif not line.is_prose and _is_torn(lines, i):
            voice.above, voice.text = -_KNOWN, _KNOWN
        elif is_title(line, title) or (not line.is_prose and is_title_block(line, title)):
            voice.above, voice.text = _KNOWN, -_SOFT
            titled = i if i < opened and is_title(line, title) else titled
    for voice in (voices[i] for i in range(titled)):  # what stands above the title is no text, however much it looks like one
        if voice.above < 0:
            voice.above, voice.text = voice.above * 0.3, voice.text * 0.3
    return known


def _is_torn(lines: Sequence[Line], i: int) -> bool:
    """Whether the line is a piece of a sentence that a link tore apart: the next one, or the one behind that, begins with a mark."""
    return any(_CONTINUES.match(line.text) for line in lines[i + 1 : i + 3]) and not any(_TITLED.search(line.text) for line in lines[i : i + 2])


def _hear_tail(lines: Sequence[Line], bottom: int, voices: dict[int, _Voice], rules: CleaningRules) -> dict[int, Rule]:
    """Let rules, the close and annexes speak below the text; the rules that know lines there."""
    rows = _table_rows(lines, bottom)
    known = {i: rule for i in range(bottom, len(lines)) if i in voices and (rule := _tail_rule(lines[i], rules)) and (rule.hard or i not in rows)}
    hard = [i for i, rule in known.items() if rule.hard]
    closed = _closed_from(lines, bottom)
    above = ""
    signed = is_item = False
    labels: Counter[str] = Counter()
    for i in range(bottom, len(lines)):
        was_item, is_item = is_item, False
        voice, rule = voices.get(i), known.get(i)
        before = signed or (i > 0 and lines[i - 1].is_prose)
        signed = before and not (rule and rule.hard) and is_signature(lines[i])
        if voice is None or voice.text >= _ADDRESSED:
            continue
        if signed or (not rule and i + 1 in rows):  # the title of a table is its own
            voice.text = max(voice.text, _SOFT)
            continue
        if closed is not None and i == closed - 1:  # where a report closes, it had not ended before
            voice.text += 2 * _KNOWN
        if closed is not None and i >= closed and not rule and i not in rows:
            _doubt(voice, lines[i])
        if rule and rule.hard:
            voice.below = voice.opened = _KNOWN
            voice.text = min(voice.text, 0) - _SOFT
            voice.opens = rule.opens
        elif rule:
            weight = _SOFT if any(abs(i - j) <= _NEAR for j in hard) else 0.3
            voice.below = voice.opened = weight
            labels = labels or Counter(label for line in lines if (label := _label(line)))
            is_item = (was_item and _label(lines[i]) in _PARTNERS) or _is_item(i, lines, known, labels)
            voice.text = 1.5 if is_item else 0.5 if weight < _SOFT else 0
        elif voice.below < 0 and hard and i > hard[0] and len(lines[i].text) >= _REPEAT:
            # A line below furniture that only repeats a part of the text is a summary, or a description for search engines.
            above = above or "".join(squash(line.text) for line in lines[: hard[0]])
            if squash(lines[i].text) in above:
                voice.text, voice.below = 0, 0.5
    return known


def _doubt(voice: _Voice, line: Line) -> None:
    """Let a line that stands below the close of a report speak less for the text, and one that is no sentence speak against it."""
    voice.text, voice.below, voice.opened = voice.text * 0.3, voice.below * 0.3, voice.opened * 0.3
    if not (line.is_prose or line.is_heading):
        voice.below = voice.opened = 2 * _SHORT


def _tail_rule(line: Line, rules: CleaningRules) -> Rule | None:
    """The rule that knows the line below the text, unless it is a sentence that only mentions what such lines hold."""
    rule = rules.match(line.folded, "tail") if len(line.text) <= 80 else rules.match_long(line.text)
    if rule is None or (rule.kind in _MENTIONED and _SENTENCE.match(line.folded)):
        return None
    return rule


def _table_rows(lines: Sequence[Line], bottom: int) -> set[int]:
    """Positions from there on of the rows of tables: those with cells, and of those with gaps the ones that stand together."""
    rows = {i for i in range(bottom, len(lines)) if _is_row(lines[i])}
    return {i for i in rows if "\t" in lines[i].text or i - 1 in rows or i + 1 in rows}


def _closed_from(lines: Sequence[Line], bottom: int) -> int | None:
    """The line below the close of a report, up to where an annex begins; None where there is no close, or an annex follows it at once."""
    sizes = [size if (size := len(line.text)) >= _REPEAT else 0 for line in lines]
    total = above = sum(sizes)
    for i in range(len(lines) - 1, bottom - 1, -1):
        said = lines[i].text[-_CLOSE_MAX:]
        if _CLOSE_END.search(said, max(0, len(said) - 30)) and _CLOSE.search(said) and above >= _CLOSED_SHARE * total:
            annex = any(ANNEX.match(line.folded) for line in lines[i + 1 : i + 8])
            return None if annex else i + 1
        above -= sizes[i]
    return None


def _is_item(i: int, lines: Sequence[Line], known: dict[int, Rule], labels: Counter[str]) -> bool:
    """Whether a labelled line (主办单位:) belongs to an item of an annex: it stands right under one, and others like it in the text."""
    label = _label(lines[i])
    if not label or i == 0 or (i - 1 in known and not known[i - 1].hard):
        return False
    return labels[label] > 1 and _label(lines[i - 1]) != label


def _label(line: Line) -> str | None:
    found = _LABEL.match(line.folded) if len(line.text) <= _HEAD_MAX else None
    return found[0] if found else None


def _best_path(path: Sequence[_Voice]) -> tuple[int, int]:
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
