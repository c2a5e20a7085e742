"""Plain text becomes lines.

In: the decoded text of a page saved as plain text. Out: its lines, trimmed, with their places. Never: a judgment on what a line is.
"""

from __future__ import annotations

import re
from itertools import pairwise

from baogao.clean.line import Line
from baogao.clean.wraps import joined, unwrapped
from baogao.text import drop_shapeless

# What scrapers (those in R) write in place of a character they could not print: <U+00A0>, <U+2022>.
_ESCAPE = re.compile(r"<U\+([0-9A-F]{4})>")
_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\ufeff\u200b"
# In a page saved as one line, paragraphs are parted by two or more wide spaces, or by tabs.
_WIDE_GAP = re.compile(r"[\u3000]{2,}|\t+|[\u00a0 ]{4,}")
_GAPS = ("\u3000\u3000", "\t", "    ", "\u00a0\u00a0\u00a0\u00a0")
_LONG_LINE = 600
# A shorter line with gaps holds several paragraphs if most of these stand behind a sentence; in a row of a table they do not.
_GAPS_MIN = 3
_SENTENCE_END = frozenset("。！？：；”!?:;…")
# In the head of such a page, title, delivery line, speaker and opening are run together; where each begins.
_FUSED = re.compile(
    r"(?<=报告)\s*(?=[—–―]{1,2}\s*[12１２]\S{3}年)|(?<=会议上)\s*(?=\S{2,30}(?:总理|省长|市长|县长|区长|主任|主席)\S{2,4}(?:各位代表[:：!！])?$)"
    r"|(?<=[^\s、，,])\s*(?=各位代表[:：!！]$)"
)
_HEAD_LINES = 40


def plain_lines(text: str) -> list[Line]:
    r"""Lines of a plain text page, empty ones left out.

    >>> [line.text for line in plain_lines("导航菜单\n\n　　各位代表!\n")]
    ['导航菜单', '各位代表!']
    """
    spans = [span for start, end in unwrapped(text, _line_spans(text)) for span in _gap_spans(text, start, end)]
    spans = [span for n, (start, end) in enumerate(spans) for span in (_fused_spans(text, start, end) if n < _HEAD_LINES else [(start, end)])]
    return [line for start, end in spans if (line := _line(text, start, end)).text]


def _line_spans(text: str) -> list[tuple[int, int]]:
    ends = [match.start() for match in re.finditer(r"\n|$", text)]
    starts = [0, *(end + 1 for end in ends)]
    return [(start, end) for start, end in zip(starts, ends, strict=False) if start <= end]


def _gap_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A line cut at its wide gaps, where it holds several paragraphs: a page saved as one line, a cell of a spreadsheet."""
    if end - start < _GAPS_MIN * 4 or not any(gap in text[start:end] for gap in _GAPS):
        return [(start, end)]
    gaps = [gap for gap in _WIDE_GAP.finditer(text, start, end) if gap.start() > start and gap.end() < end]
    behind = sum(text[gap.start() - 1] in _SENTENCE_END for gap in gaps)
    if len(gaps) < _GAPS_MIN or (2 * behind < len(gaps) and end - start < _LONG_LINE):
        return [(start, end)]
    cuts = [start, *(gap.end() for gap in gaps), end]
    return list(pairwise(cuts))


def _fused_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A short line without a sentence mark, cut where the parts of a title block meet."""
    if end - start > 160 or "。" in text[start:end]:
        return [(start, end)]
    said = text[start:end].rstrip(_SPACES)
    cuts = [start, *(start + cut.end() for cut in _FUSED.finditer(said) if cut.end()), end]
    return list(pairwise(cuts))


def _line(text: str, start: int, end: int) -> Line:
    while start < end and text[start] in _SPACES:
        start += 1
    while end > start and text[end - 1] in _SPACES:
        end -= 1
    said = joined(text[start:end])
    if "<U+" in said:
        said = _ESCAPE.sub(_escaped, said).strip(_SPACES)
    return Line(said if said.isprintable() else drop_shapeless(said).strip(_SPACES), start, end)


def _escaped(escape: re.Match[str]) -> str:
    char = chr(int(escape[1], 16))
    return char if char.isprintable() else " "
