"""A report's text becomes sections, paragraphs and sentences, by character offsets.

In: the text of a report, one paragraph a line, and the `SplittingRules`. Out: lists of `Section`, `Paragraph`, `Sentence`, in text order.
Never: a character outside a paragraph, or in two of one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from baogao.records import Paragraph, Role, Section, Sentence
from baogao.text import fold, squash

_CN = "一二三四五六七八九十百"
# Numbering styles, outermost first (GB/T 9704: 一、 > (一) > 1. > (1)). A style opens a section when what follows reads like a heading.
_STYLES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"^第[{_CN}]{{1,3}}(?:部分|章|编)[、:\s]*"),
    re.compile(rf"^[{_CN}]{{1,3}}\s*、"),
    re.compile(rf"^(?:\([{_CN}]{{1,3}}\)|[㈠-㈩])[、.]?"),
    re.compile(r"^(?:\d{1,2}\s*(?:、|\.(?!\d))|[⒈-⒛])"),
    re.compile(r"^(?:\(\d{1,2}\)|[⑴-⒇])[、.]?"),
    re.compile(r"^[①-⑳][、.]?"),
)
_FIRST = re.compile(rf"^第?\(?(?:一(?![{_CN}])|1(?!\d)|[㈠⒈⑴①])")
# From this style on numbers count items as often as headings.
_OF_ITEMS = 3
# Items of a list: dashes, 一是, 第一, and bullets.
_ITEM = re.compile(rf"^(?:[—–―─]{{1,4}}(?!\d)|[{_CN}]{{1,2}}(?:是|要)|第[{_CN}]{{1,2}},|首先,|其次,|再次,|最后,|[●•▪◆■·])")
# A heading has at most this many characters; longer ones were seen in no report.
_HEADING_MAX = 60
_RUN_IN_MAX = 50
# A lead is a short sentence without figures that opens a paragraph of several; after a list mark it may be longer.
_LEAD_MAX, _ITEM_LEAD_MAX = 20, 32
_NO_LEAD = re.compile(r"^(?:各位代表|同志们|我们|今年|去年|同时|此外|过去|当前|但|现在|为此|对此|一年来|五年来|总之|在此|\d|[—–―─])|[\d%]")
_SENTENCE_MARK = re.compile(r"[。!?;:]")


@dataclass(frozen=True, slots=True)
class SplittingRules:
    """Heading patterns with their roles."""

    headings: tuple[tuple[Role, re.Pattern[str]], ...]
    texts: tuple[tuple[Role, re.Pattern[str]], ...]
    ahead: frozenset[Role]
    back: frozenset[Role]
    apart: frozenset[Role]

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> SplittingRules:
        """Compile the vocabulary `headings`."""
        return cls(
            tuple((row["role"], re.compile(row["pattern"])) for row in terms["roles"]),
            tuple((row["role"], re.compile(row["pattern"])) for row in terms["text"]),
            frozenset(terms["ahead"]),
            frozenset(terms["back"]),
            frozenset(terms["apart"]),
        )

    def role(self, heading: str) -> Role | None:
        """The part that a heading names."""
        said = squash(heading)
        return next((role for role, pattern in self.headings if pattern.search(said)), None)


@dataclass(frozen=True, slots=True)
class _Heading:
    """A paragraph that opens a section: offsets into the paragraph. `style` is the numbering style, -1 for a heading without a number."""

    style: int
    marker: int
    """End of the marker; 0 without one."""
    start: int
    end: int


def split_report(text: str, rules: SplittingRules) -> tuple[list[Section], list[Paragraph], list[Sentence]]:
    """Sections, paragraphs and sentences of a report.

    Sections nest without gaps: each ends where the next one of its depth or above begins. Text before the first heading is a section of its own.
    """
    spans = _paragraph_spans(text)
    headings = [_heading(fold(text[start:end]), n, len(spans), rules) for n, (start, end) in enumerate(spans)]
    sections = _sections(text, spans, headings, rules)
    innermost = _innermost(sections, spans)
    paragraphs = [
        _paragraph(text, start, end, innermost[n], is_heading=headings[n] is not None) for n, (start, end) in enumerate(spans)
    ]
    sentences = [Sentence(start, end, n) for n, (first, last) in enumerate(spans) for start, end in sentence_spans(text, first, last)]
    return sections, paragraphs, sentences


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, in order; line breaks end sentences too.

    >>> split_sentences("高考二本以上达线率66.9%。人民医院整体搬迁项目主体完工。")
    ['高考二本以上达线率66.9%。', '人民医院整体搬迁项目主体完工。']
    >>> split_sentences("我们喊出“开年就开跑!”的口号,掀起大干热潮。")
    ['我们喊出“开年就开跑!”的口号,掀起大干热潮。']
    """
    return [text[start:end] for first, last in _paragraph_spans(text) for start, end in sentence_spans(text, first, last)]


# --- sentences

_CLOSERS = "”’」』\"')]】》"
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "[": "]", "【": "】", "《": "》"}
# A stop inside a pair longer than this ends a sentence all the same: the pair is a passage, or its closing mark was lost.
_PAIR_MAX = 200
_STOP = re.compile(rf"[。!?]+|…{{1,3}}|\.{{6}}|(?<=[\u3400-\u9fff%])(?<![{_CN}])\.(?=\s*(?:[\u3400-\u9fff]|$))")
# What follows a quotation that ends inside a sentence.
_GOES_ON = re.compile(r"^\s*[,、;:。的地之等得和与及或]")
# The question mark of an address parts it from its query: detail.html?id=1.
_ADDRESS = re.compile(r"[/.][\w/.-]*\?$", re.ASCII)
_QUERY = re.compile(r"^\w", re.ASCII)
# After an ellipsis only these begin a sentence for sure.
_BEGINS = re.compile(r"^\s*(?:这些|这是|我们|但是|今年|各位|同时|回顾|面对|当前|因此|为此|所有|一年来|事实)")


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences between two offsets of a text without line breaks, spaces around them left out."""
    said = fold(text[start:end])
    closing = _closing(said)
    begin = at = 0
    while match := _STOP.search(said, at):
        at = stop = match.end()
        while stop < len(said) and said[stop] in _CLOSERS:
            stop += 1
        if closing[match.start()] > stop or not _is_stop(said, match, stop):
            continue
        at = stop
        yield from _trimmed(text, start + begin, start + stop)
        begin = stop
    yield from _trimmed(text, start + begin, end)


def _is_stop(said: str, match: re.Match[str], stop: int) -> bool:
    rest = said[stop : stop + 12]
    mark = match.group()
    if stop > match.end() and (_GOES_ON.match(rest) or said[match.end()] == "》"):
        return False
    if mark[0] == "…" or mark == "......":
        return not rest.strip() or bool(_BEGINS.match(rest))
    return not (mark == "?" and _QUERY.match(rest) and _ADDRESS.search(said, max(0, match.start() - 60), match.end()))


def _closing(said: str) -> list[int]:
    """For each character, the offset after the mark that closes the outermost short pair around it, or 0."""
    closing = [0] * len(said)
    open_pairs: list[tuple[str, int]] = []
    straight = -1
    for at, char in enumerate(said):
        if char == '"':
            if straight < 0:
                straight = at
            else:
                _cover(closing, straight, at)
                straight = -1
        elif char in _PAIRS:
            open_pairs.append((_PAIRS[char], at))
        elif open_pairs and any(mark == char for mark, _ in open_pairs):
            while open_pairs:
                mark, opened = open_pairs.pop()
                if mark == char:
                    _cover(closing, opened, at)
                    break
    return closing


def _cover(closing: list[int], opened: int, closed: int) -> None:
    if closed - opened <= _PAIR_MAX:
        for at in range(opened, closed + 1):
            closing[at] = max(closing[at], closed + 1)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


# --- paragraphs


def _paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the lines of a text, empty ones left out."""
    return [span for match in re.finditer(r"[^\n]+", text) for span in _trimmed(text, match.start(), match.end())]


def _paragraph(text: str, start: int, end: int, section: int | None, *, is_heading: bool) -> Paragraph:
    said = fold(text[start:end])
    item = _ITEM.match(said) or (None if is_heading else next((match for style in _STYLES if (match := style.match(said))), None))
    lead = None if is_heading else _lead(text, start, end, item.end() if item else 0)
    return Paragraph(start, end, section, lead, item is not None)


def _lead(text: str, start: int, end: int, marker: int) -> str | None:
    """The run-in heading of a paragraph, without its stop.

    >>> _lead("持之以恒抓谋划。紧盯国家政策、投资动向。", 0, 20, 0)
    '持之以恒抓谋划'
    """
    spans = list(sentence_spans(text, start + marker, end))
    if len(spans) < 2:
        return None
    first = spans[0]
    said = fold(text[slice(*first)])
    longest = _ITEM_LEAD_MAX if marker else _LEAD_MAX
    if len(said) > longest + 1 or not said.endswith("。") or _NO_LEAD.search(said):
        return None
    return text[first[0] : first[1] - 1]


# --- sections


def _heading(said: str, n: int, count: int, rules: SplittingRules) -> _Heading | None:
    """The heading that a (folded) paragraph is or opens with."""
    for style, pattern in enumerate(_STYLES):
        if match := pattern.match(said):
            return _numbered(said, match, style)
    plain = len(said) <= 30 and not _SENTENCE_MARK.search(said) and not _ITEM.match(said) and "," not in said
    role = rules.role(said) if plain and n < count - 1 else None
    return _Heading(-1, 0, 0, len(said)) if role else None


def _numbered(said: str, match: re.Match[str], style: int) -> _Heading | None:
    start = match.end() + len(said[match.end() :]) - len(said[match.end() :].lstrip())
    stop = re.search(r"[。:]", said[start:])
    end = start + stop.start() if stop else len(said)
    heading = said[start:end]
    runs_in = stop is not None and end + 1 < len(said)
    if not heading or len(heading) > (_RUN_IN_MAX if runs_in else _HEADING_MAX) or ";" in heading:
        return None
    # 一、(一) number headings and little else; 1. and (1) number items as often, and those carry figures or end like sentences.
    if style >= _OF_ITEMS and (re.search(r"\d", heading) or (stop is not None and not runs_in) or len(heading) > 30):
        return None
    return _Heading(style, match.end(), start, end)


def _sections(text: str, spans: Sequence[tuple[int, int]], headings: Sequence[_Heading | None], rules: SplittingRules) -> list[Section]:
    sections: list[Section] = []
    open_styles: list[tuple[int, int]] = []  # (style, position in sections), outermost first
    outermost = -1  # the style that numbers the parts of the report
    if spans and headings[0] is None:
        until = next((n for n, heading in enumerate(headings) if heading), len(spans))
        before = text[spans[0][0] : spans[until - 1][1]]
        sections.append(Section(spans[0][0], len(text), 1, _text_role(before, rules)))
    for (start, end), heading in zip(spans, headings, strict=True):
        if heading is None:
            continue
        shown = text[start:end]
        name = shown[heading.start : heading.end].strip()
        role = rules.role(name)
        style = -1 if role in rules.apart else heading.style
        if style == outermost and style not in {other for other, _ in open_styles} and not _FIRST.match(fold(shown)):
            open_styles.clear()  # 二、 after a heading without a number goes on where 一、 stood
        while open_styles and open_styles[-1][0] >= style:
            open_styles.pop()
        if not open_styles and style >= 0:
            outermost = style
        parent = open_styles[-1][1] if open_styles else None
        own = _role(role, sections, parent, rules)
        marker = shown[: heading.marker].strip() or None
        sections.append(Section(start, len(text), len(open_styles) + 1, own, marker, name, parent))
        open_styles.append((style, len(sections) - 1))
    return _with_ends(sections, len(text))


def _role(named: Role | None, sections: Sequence[Section], parent: int | None, rules: SplittingRules) -> Role:
    """The part that a section plays: that of an annex it stands in, else its own name's, else that of the section above or before it."""
    if parent is not None:
        above = sections[parent].role
        return above if above in rules.apart else named or above
    if named:
        return named
    before = next((section.role for section in reversed(sections) if section.depth == 1), None)
    # What follows the targets of a year, without a name for its part, is the work that is to reach them.
    return "tasks" if before in {"targets", "requirements", "tasks"} else "other"


def _with_ends(sections: Sequence[Section], length: int) -> list[Section]:
    """Sections with their ends: where the next one of the same depth or above starts."""
    ended = []
    for n, section in enumerate(sections):
        following = next((other.start for other in sections[n + 1 :] if other.depth <= section.depth), length)
        ended.append(replace(section, end=following))
    return ended


def _text_role(text: str, rules: SplittingRules) -> Role:
    said = squash(text)
    return next((role for role, pattern in rules.texts if pattern.search(said)), "other")


def _innermost(sections: Sequence[Section], spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """For each paragraph the section that starts last before or at it."""
    found: list[int | None] = []
    current: int | None = None
    following = 0
    for start, _ in spans:
        while following < len(sections) and sections[following].start <= start:
            current = following
            following += 1
        found.append(current)
    return found
