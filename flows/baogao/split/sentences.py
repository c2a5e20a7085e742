"""Sentences: a paragraph is cut where a sentence ends, by the marks of Chinese text and by ASCII marks in their place.

In: a text and the offsets of a stretch without line breaks. Out: spans of its sentences. Never: a cut inside a quotation, a number or an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from baogao.text import fold

CN_DIGITS = "一二三四五六七八九十百"
_CLOSERS = "”’」』\"')]】》"
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "[": "]", "【": "】", "《": "》"}
# A stop inside a pair longer than this ends a sentence all the same: the pair is a passage, or its closing mark was lost.
_PAIR_MAX = 200
_STOP = re.compile(
    rf"[。!?….](?:(?<=[。!?])[。!?]*|(?<=…)…{{0,2}}|(?<=\.)\.{{5}}|(?<=[\u3400-\u9fff%]\.)(?<![{CN_DIGITS}]\.)(?=\s*(?:[\u3400-\u9fff]|$)))"
)  # begins with its marks, so that only these are tried
# What follows a quotation that ends inside a sentence.
_GOES_ON = re.compile(r"^\s*[,、;:。的地之等得和与及或]")
# The question mark of an address parts it from its query: detail.html?id=1.
_ADDRESS = re.compile(r"[/.][\w/.-]*\?$", re.ASCII)
_QUERY = re.compile(r"^\w", re.ASCII)
# After an ellipsis only these begin a sentence for sure.
_BEGINS = re.compile(r"^\s*(?:这些|这是|我们|但是|今年|各位|同时|回顾|面对|当前|因此|为此|所有|一年来|事实)")
_MARK_OF_PAIR = re.compile(f"[{re.escape(''.join({chr(34), *_PAIRS, *_PAIRS.values()}))}]")


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
        yield from trimmed(text, start + begin, start + stop)
        begin = stop
    yield from trimmed(text, start + begin, end)


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
    if not _MARK_OF_PAIR.search(said):
        return closing
    open_pairs: list[tuple[str, int]] = []
    straight = -1
    for found in _MARK_OF_PAIR.finditer(said):
        at, char = found.start(), found.group()
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
        # A pair that closes later holds those before it, or follows them.
        closing[opened : closed + 1] = [closed + 1] * (closed + 1 - opened)


def trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without the spaces around what it holds; none where it holds nothing else."""
    said = text[start:end]
    start, end = end - len(said.lstrip()), start + len(said.rstrip())
    if start < end:
        yield start, end
