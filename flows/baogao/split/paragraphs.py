"""Paragraphs: the lines of a text, each with the short heading that it may open with, and whether it is an item of a list.

In: a text and the offsets of a line. Out: spans; a `Paragraph`. Never: an empty line.
"""

from __future__ import annotations

import re

from baogao.records import Paragraph
from baogao.split.sentences import CN_DIGITS, sentence_spans, trimmed
from baogao.text import fold

# Items of a list: numbers of any style, dashes, 一是, 第一, and bullets.
NUMBERED: tuple[re.Pattern[str], ...] = (
    re.compile(rf"^第[{CN_DIGITS}]{{1,3}}(?:部分|章|编)[、:\s]*"),
    re.compile(rf"^[{CN_DIGITS}]{{1,3}}\s*、"),
    re.compile(rf"^(?:\([{CN_DIGITS}]{{1,3}}\)|[㈠-㈩])[、.]?"),
    re.compile(rf"^第[{CN_DIGITS}]{{1,3}}[、,]"),
    re.compile(r"^(?:\d{1,2}\s*(?:、|\.(?!\d))|[⒈-⒛])"),
    re.compile(r"^(?:\(\d{1,2}\)|[⑴-⒇])[、.]?"),
    re.compile(r"^[①-⑳][、.]?"),
)
ITEM = re.compile(rf"^(?:[—–―─]{{1,4}}(?!\d)|[{CN_DIGITS}]{{1,2}}(?:是|要)|第[{CN_DIGITS}]{{1,2}},|首先,|其次,|再次,|最后,|[●•▪◆■·])")
# A lead is a short sentence without figures that opens a paragraph of several; after a list mark it may be longer.
_LEAD_MAX, _ITEM_LEAD_MAX = 20, 32
_NO_LEAD = re.compile(r"^(?:各位代表|同志们|我们|今年|去年|同时|此外|过去|当前|但|现在|为此|对此|一年来|五年来|总之|在此|\d|[—–―─])|[\d%]")


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Spans of the lines of a text, empty ones left out."""
    return [span for match in re.finditer(r"[^\n]+", text) for span in trimmed(text, match.start(), match.end())]


def make_paragraph(text: str, start: int, end: int, section: int | None, *, is_heading: bool) -> Paragraph:
    """The paragraph of a span; `section` is the position of its section."""
    said = fold(text[start:end])
    item = ITEM.match(said) or (None if is_heading else next((match for style in NUMBERED if (match := style.match(said))), None))
    lead = None if is_heading else _lead(text, start, end, item.end() if item else 0)
    return Paragraph(start, end, section, lead, item is not None)


def _lead(text: str, start: int, end: int, marker: int) -> str | None:
    """The run-in heading of a paragraph, without its stop.

    >>> _lead("持之以恒抓谋划。紧盯国家政策、投资动向。", 0, 20, 0)
    '持之以恒抓谋划'
    """
    longest = _ITEM_LEAD_MAX if marker else _LEAD_MAX
    spans = sentence_spans(text, start + marker, end)
    first, last = next(spans, (start, start))
    said = fold(text[first:last])
    if len(said) > longest + 1 or not said.endswith("。") or _NO_LEAD.search(said) or not next(spans, None):
        return None
    return text[first : last - 1]
