"""The line: what both kinds of page are broken into before the frame around the text is cut away.

In: the text of a line and its place in the page. Out: a `Line`, which tells what it looks like. Never: a decision on whether it is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from baogao.records import RemovedKind
from baogao.text import fold

# Marks that end a sentence or introduce what follows.
_PROSE_END = re.compile(r"[。!?;:…][”’」』\"')】》]*$")
_MARKS = re.compile(r"[,。、;:!?]")
# 一、 (一) 第一部分 ——: a numbered heading or list item opens the text as well as a sentence does.
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}\s*[、.]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]+(?:部分|章|,)|[—–―─]{1,3}(?=[^—–―─\d])|[㈠-㈩])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its place in the decoded page."""

    text: str
    start: int
    end: int
    linked: float = 0.0
    """Share of the text that is the text of links."""
    noise: RemovedKind | None = None
    """What the mark-up around the line says that it is, if that is not the text."""
    folded: str = ""

    @classmethod
    def of(cls, text: str, start: int, end: int, *, linked: float = 0.0, noise: RemovedKind | None = None) -> Line:
        """A line with its folded form."""
        return cls(text, start, end, linked, noise, fold(text))

    @property
    def is_prose(self) -> bool:
        """Whether the line reads like running text: it ends like a sentence, or is long and has marks in it."""
        return bool(len(self.folded) >= 10 and _PROSE_END.search(self.folded)) or (len(self.folded) >= 60 and len(_MARKS.findall(self.folded)) >= 2)

    @property
    def is_heading(self) -> bool:
        """Whether the line opens like a numbered heading or list item."""
        return bool(_HEADING.match(self.folded))
