"""Headings: which paragraphs open a section, with their markers as written.

In: a text, the spans of its paragraphs, the rules. Out: `Heading`s in text order. Never: a depth; that takes all headings together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from baogao.records import Role
from baogao.split.paragraphs import ITEM, NUMBERED
from baogao.split.roles import SplittingRules
from baogao.split.sentences import CN_DIGITS
from baogao.text import fold, squash

# Styles of headings, outermost first (GB/T 9704: 一、 > (一) > 1. > (1)); 第一、 stands inside (一). Below them headings without a number: those of a
# series that begin alike, and others. A heading without a number that names its part stands above all.
PART, CN, IN_BRACKETS, ORDINAL, ARABIC, ARABIC_IN_BRACKETS, CIRCLED, SERIES, PLAIN = range(9)
NAMED = -1
# A heading has at most this many characters; longer ones were seen in no report.
_HEADING_MAX = 60
_RUN_IN_MAX = 50
_ALONE_MAX, _ORDINAL_MAX = 30, 44
_SENTENCE_MARK = re.compile(r"[。!?;:]")
_ANNEX_ALONE = re.compile(rf"^附\s*(?:件|录|表)\s*[{CN_DIGITS}\d]{{0,2}}\s*:?$")
_ANNEX_MARKER = re.compile(rf"^附\s*(?:件|录|表)\s*[{CN_DIGITS}\d]{{0,2}}(?:\s*:|\s+)\s*")
# Where a heading is torn over two lines: its first ends, or its second begins, with what needs the other.
_TORN_END, _TORN_BEGIN = re.compile(r"[、,的和与及同暨]$"), re.compile(r"^[、,的和与及同暨]")
_DIGITS = "〇一二三四五六七八九"
# A heading that the page ran together with its text: 一、2023年工作回顾2023年是…
_FUSED = re.compile(r"^.{2,24}?(?:回顾|安排|任务|目标|要求|打算|部署|总结)(?=(?:20\d\d年|过去|刚刚|今年|去年|各位代表|一年来|五年来))")
# Headings without a number: short, without figures or a stop, and above paragraphs that are longer. The line before ends, or it is a text torn apart.
_NO_HEADING = re.compile(r"^(?:各位代表|各位委员|同志们|谢谢|现在|让我们|我代表|注)|[\d%。;:!?,]|目录$")
_ENDS = re.compile(r"[。!?;:…”’)》]$")
_PLAIN_MAX, _PLAIN_MIN, _BODY_MIN, _TIMES = 30, 4, 50, 3
# The short text behind a colon belongs to the heading: (一)脱贫攻坚:啃下硬骨头.
_SUBTITLE = re.compile(r"[^。!?;:,\d]{2,20}(?=。)")
# Dots that lead to the number of a page, in a table of contents.
_LEADERS = re.compile(r"[\s.…·•⋯_-]{2,}\d{1,3}$|\s+\d{1,3}$")
_PROJECTS = "实事"
# A table of contents stands at the top, under a title of its own, and has nothing between its lines but what is no heading of the text (附件).
_CONTENTS_AT, _CONTENTS_GAP = 2, 3
_OPENS = re.compile("各位代表|同志们")
_ALIKE = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """A paragraph that opens a section: its position, style, marker as written, what it says without it, the part that it names, its number."""

    first: int
    style: int
    marker: str | None
    name: str | None
    role: Role | None = None
    number: int = 0


def find_headings(text: str, spans: Sequence[tuple[int, int]], rules: SplittingRules) -> tuple[list[Heading], int]:
    """All headings of a text, and how many paragraphs its table of contents has, where it opens with one."""
    lines = [fold(text[start:end]) for start, end in spans]
    shown = [text[start:end] for start, end in spans]
    found: dict[int, Heading] = {}
    written: set[int] = set()  # the paragraphs that headings are written in
    n = 0
    while n < len(lines):
        heading, taken = _heading(n, lines, shown, rules)
        if heading:
            found[n] = heading
            written.update(range(n, n + taken))
        n += taken
    found |= _plain(lines, written)
    headings = [found[n] for n in sorted(found)]
    contents = _contents(headings, lines)
    return list(_without_projects([heading for heading in headings if heading.first >= contents], lines)), contents


def _heading(n: int, lines: Sequence[str], shown: Sequence[str], rules: SplittingRules) -> tuple[Heading | None, int]:
    """The heading that a paragraph is or opens with, and how many paragraphs it is written in."""
    said = lines[n]
    following = lines[n + 1] if n + 1 < len(lines) else ""
    if _ANNEX_ALONE.match(said):
        has_title = 2 <= len(following) <= _HEADING_MAX and not _SENTENCE_MARK.search(following) and not _marker(following)
        name = shown[n + 1].strip() if has_title else None
        return Heading(n, NAMED, shown[n], name, (rules.role(name) if name else None) or "annex"), 1 + has_title
    if (annex := _ANNEX_MARKER.match(said)) and len(said) <= _HEADING_MAX and said[annex.end() :].strip():
        name = shown[n][annex.end() :].strip()
        return Heading(n, NAMED, shown[n][: annex.end()].strip(), name, rules.role(name) or "annex"), 1
    for style, pattern in enumerate(NUMBERED):
        if match := pattern.match(said):
            return _numbered(n, style, match, lines, shown, rules)
    name = shown[n].rstrip(":： ")
    if name != shown[n] and len(name) <= _ALONE_MAX and rules.role(name) == "glossary":
        return Heading(n, NAMED, None, name, "glossary"), 1
    is_plain = len(said) <= _ALONE_MAX and not _SENTENCE_MARK.search(said) and not ITEM.match(said) and "," not in said
    is_plain = is_plain and (n == 0 or len(lines[n - 1]) <= _ALONE_MAX or bool(_ENDS.search(lines[n - 1])))
    role = rules.role(said) if is_plain and following else None
    return (Heading(n, NAMED, None, shown[n], role) if role else None), 1


def _numbered(
    n: int, style: int, match: re.Match[str], lines: Sequence[str], shown: Sequence[str], rules: SplittingRules
) -> tuple[Heading | None, int]:
    said, raw = lines[n], shown[n]
    start = match.end() + len(said[match.end() :]) - len(said[match.end() :].lstrip())
    stop = re.search(r"[。:]", said[start:])
    end = start + stop.start() if stop else len(said)
    if stop and stop.group() == ":" and len(said) <= _HEADING_MAX and not _SENTENCE_MARK.search(said[end + 1 :]) and end + 1 < len(said):
        stop, end = None, len(said)
    elif stop and stop.group() == ":" and (subtitle := _SUBTITLE.match(said, end + 1)):
        end = subtitle.end()
    runs_in = stop is not None and end + 1 < len(said)
    heading = said[start:end]
    if not heading and n + 1 < len(lines) and 2 <= len(lines[n + 1]) <= _ALONE_MAX and not _SENTENCE_MARK.search(lines[n + 1]) and not _marker(lines[n + 1]):
        name = shown[n + 1].strip()  # the marker stands on a line of its own
        return Heading(n, style, raw.strip(), name, rules.role(name), _number(match.group())), 2
    if len(heading) > (_RUN_IN_MAX if runs_in else _HEADING_MAX) and style <= IN_BRACKETS and (fused := _FUSED.match(heading)):
        end, heading, runs_in = start + fused.end(), fused.group(), True
    if not heading or len(heading) > (_RUN_IN_MAX if runs_in else _HEADING_MAX) or ";" in heading:
        return None, 1
    # 一、(一) number headings and little else; the others number items as often, and those carry figures, end like sentences, or run on.
    is_item = re.search(r"\d", heading) or (stop is not None and not runs_in) or len(heading) > _ALONE_MAX
    if (style >= ARABIC and is_item) or (style == ORDINAL and (runs_in or len(heading) > _ORDINAL_MAX)):
        return None, 1
    beside = [lines[i] for i in (n - 1, n + 1) if 0 <= i < len(lines) and NUMBERED[style].match(lines[i])]
    if any(line.endswith(";") for line in beside) or (style == ORDINAL and beside):
        return None, 1
    name = raw[start:end].strip()
    torn = stop is None and n + 1 < len(lines) and _is_torn(heading, lines[n + 1])
    if torn:
        name += shown[n + 1].strip()
    return Heading(n, style, raw[: match.end()].strip() or None, name, rules.role(name), _number(match.group())), 1 + torn


def _contents(headings: Sequence[Heading], lines: Sequence[str]) -> int:
    """How many paragraphs a table of contents at the beginning has: headings one after another that all come again above text."""
    said = [(heading.style, squash(_LEADERS.sub("", heading.name or ""))) for heading in headings]
    last = {one: n for n, one in enumerate(said)}
    run = next((n for n, one in enumerate(said) if last[one] == n), 0)
    if run < _TIMES or headings[0].first > _CONTENTS_AT or any(after.first - before.first > _CONTENTS_GAP for before, after in pairwise(headings[:run])):
        return 0
    end = headings[run - 1].first + 1
    while end < len(lines) and len(lines[end]) <= _HEADING_MAX and not _OPENS.match(lines[end]) and not re.search("[。!;]", lines[end]):
        end += 1
    return end


def _is_torn(heading: str, following: str) -> bool:
    """Whether a heading goes on in the next paragraph."""
    if len(heading) + len(following) > _HEADING_MAX or _SENTENCE_MARK.search(following) or _marker(following):
        return False
    is_open = heading.count("“") > heading.count("”")
    return is_open or bool(_TORN_END.search(heading) or _TORN_BEGIN.match(following))


def _marker(said: str) -> bool:
    return bool(ITEM.match(said)) or any(pattern.match(said) for pattern in NUMBERED)


def _plain(lines: Sequence[str], written: Container[int]) -> dict[int, Heading]:
    """Headings without a number inside parts: short lines, again and again above longer paragraphs. A series begins alike."""
    alone = [n for n in range(len(lines) - 1) if n not in written and _stands_alone(lines, n, written)]
    above = {n for n in alone if len(lines[n + 1]) >= max(_BODY_MIN, 2 * len(lines[n]))}
    kept = sorted(above | {n for n in alone if n + 1 in above})
    if len(kept) < _TIMES:
        return {}
    series = Counter(lines[n][:_ALIKE] for n in kept)
    return {n: Heading(n, SERIES if series[lines[n][:_ALIKE]] >= _TIMES else PLAIN, None, lines[n]) for n in kept}


def _stands_alone(lines: Sequence[str], n: int, written: Container[int]) -> bool:
    """Whether the line may be a heading without a number."""
    said = lines[n]
    if not _PLAIN_MIN <= len(said) <= _PLAIN_MAX or _NO_HEADING.search(said) or _marker(said):
        return False
    return n == 0 or bool(_ENDS.search(lines[n - 1])) or n - 1 in written


def _without_projects(headings: Sequence[Heading], lines: Sequence[str]) -> Iterator[Heading]:
    """The headings but for the numbered items of a list of projects for the people, which a line announces."""
    listed: tuple[int, int] | None = None
    for heading in headings:
        if heading.style >= ARABIC and heading.number == 1 and _PROJECTS in lines[heading.first - 1]:
            listed = heading.style, 1
        elif listed and (heading.style, heading.number) == (listed[0], listed[1] + 1):
            listed = heading.style, heading.number
        else:
            listed = None
        if not listed:
            yield heading


def _number(marker: str) -> int:
    """The number of a marker, 0 where it is none that is counted.

    >>> [_number(marker) for marker in ("第二部分", "十、", "十一、", "(三)", "㈠", "12.", "⑴", "②")]
    [2, 10, 11, 3, 1, 12, 1, 2]
    """
    said = squash(marker)
    if digits := re.search(r"\d+", said):
        return int(digits.group())
    if written := re.search(rf"[{CN_DIGITS}]+", said):
        tens, ten, ones = written.group().rpartition("十")
        return (_DIGITS.index(tens or "一") * 10 if ten else 0) + _DIGITS.index(ones or "〇") if {*tens, *ones} <= {*_DIGITS} else 0
    first = next((char for char in said if "①" <= char <= "⒛" or "㈠" <= char <= "㈩"), None)
    return 0 if first is None else ord(first) - next(ord(base) for base in "㈠⒈⑴①" if first >= base) + 1
