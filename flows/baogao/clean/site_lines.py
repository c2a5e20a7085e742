"""Lines that may be a site's own: what the cleaning of one page alone kept, but many pages of a site may show to be no text.

In: the lines kept of a page. Out: marks of those lines that may be the site's, to be counted over all its pages.
Never: a decision on one page; a mark of a sentence, or of what opens, divides, closes or signs a text: the words of reports recur as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from baogao.clean.line import Line
from baogao.clean.title import ANNEX, is_opening, is_title_block
from baogao.clean.voice import is_signature
from baogao.text import squash

_DIGITS = re.compile(r"\d+")
# With these a text opens, goes on, closes or passes to what follows.
_WORDS_OF_REPORTS = re.compile(r"^(?:现在|下面|请予|以上|谢谢|各位|同志|目\s*录|[(]此件)|我代表|工作报告|审议|让我们|[。！!？?；;：:]$")


def mark(text: str) -> str:
    """What a line is counted by, whatever numbers stand in it: 16 hexadecimal digits.

    >>> mark("第 1 页") == mark("第2页"), mark("望川通") == mark("望川")
    (True, False)
    """
    return hashlib.blake2b(_DIGITS.sub("0", squash(text)).encode(), digest_size=8).hexdigest()


def site_line_marks(texts: Sequence[str]) -> dict[str, bool]:
    """Marks of the lines that may be the site's, each with whether one of them stands at an edge: with no sentence above it, or none below."""
    lines = [Line(text, 0, len(text)) for text in texts]
    sentences = [i for i, line in enumerate(lines) if line.is_prose or line.is_heading or is_opening(line)]
    first, last = (sentences[0], sentences[-1]) if sentences else (len(lines), -1)
    marks: dict[str, bool] = {}
    for i, line in enumerate(lines):
        if _may_be_of_site(line):
            key = mark(line.text)
            marks[key] = marks.get(key, False) or i < first or i > last
    return marks


def _may_be_of_site(line: Line) -> bool:
    said = line.folded
    return (
        not line.is_prose
        and not line.is_heading
        and not is_opening(line)
        and not is_title_block(line, None)
        and not is_signature(line)
        and not ANNEX.match(said)
        and not _WORDS_OF_REPORTS.search(said)
    )
