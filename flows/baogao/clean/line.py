"""The line: what both kinds of page are broken into before the frame around the text is cut away.

In: the text of a line and its place in the page. Out: a `Line`, which tells what it looks like. Never: a decision on whether it is kept.
"""

from __future__ import annotations

import re

from baogao.text import fold

# Marks that end a sentence or introduce what follows, at the end of a line.
_PROSE_END = re.compile(r"[。！!？?；;：:…][”’」』\"'）)】》\]]*\Z")
_MARKS = "，。、；：！？,;:!?"
# A line at least this long with two marks in it is running text however it ends, and one of this length is if it ends like a sentence.
_LONG, _SENTENCE = 60, 10
# 一、 (一) 第一部分 ——: a numbered heading or list item opens the text as well as a sentence does.
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]+(?:部分|章|[,，])|[一二三四五六七八九十]是"
    r"|[—–―─]{1,3}(?=[^—–―─\d０-９\s])|[㈠-㈩])"
)


class Line:
    """A line of text with its place in the decoded page. What it looks like is found out when it is first asked for: most lines are never asked."""

    __slots__ = ("_folded", "end", "linked", "start", "text")

    def __init__(self, text: str, start: int, end: int, linked: float = 0.0) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.linked = linked
        """Share of the text that is the text of links."""
        self._folded: str | None = None

    @property
    def folded(self) -> str:
        """The text with widths folded."""
        if self._folded is None:
            self._folded = fold(self.text)
        return self._folded

    @property
    def is_prose(self) -> bool:
        """Whether the line reads like running text: it ends like a sentence, or is long and has marks in it."""
        size = len(self.text)
        if size >= _SENTENCE and _PROSE_END.search(self.text, size - 6):
            return True
        return size >= _LONG and sum(map(self.text.count, _MARKS)) >= 2

    @property
    def is_heading(self) -> bool:
        """Whether the line opens like a numbered heading or list item."""
        return bool(_HEADING.match(self.text))
