"""Two copies of a report disagree: sentences that say the same with other numbers.

In: the sentences of a document and of the one that it repeats. Out: `Conflict`s: positions of two sentences, and the numbers of each.
Never: a judgment which is right; a sentence that either text has twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baogao.text import is_han, squash

# 1,420, 7.0; 一九五八, 十二点五: a single Chinese numeral is often a word (统一).
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[〇零一二三四五六七八九十百千万亿两点]{2,}")
# Fewer words than these do not tell which sentence it is: 同比增长7%。
_WORDS = 8


@dataclass(frozen=True, slots=True)
class Conflict:
    """A sentence of a document, the same sentence of the other document, and all numbers of each, as written but for width and spaces."""

    sentence: int
    other: int
    numbers: tuple[str, ...]
    other_numbers: tuple[str, ...]


def find_conflicts(sentences: Sequence[str], others: Sequence[str]) -> list[Conflict]:
    """Sentences of two copies of a text that are equal without their numbers, and whose numbers differ; in the order of the first.

    >>> find_conflicts(["全年新增城镇就业1,420人,增长7.0%。"], ["各位代表!", "全年新增城镇就业14200人，增长７％。"])
    [Conflict(sentence=0, other=1, numbers=('1,420', '7.0'), other_numbers=('14200', '7'))]
    """
    mine, theirs = _by_words(sentences), _by_words(others)
    found = []
    for words, (n, numbers) in mine.items():
        if words in theirs:
            other, other_numbers = theirs[words]
            if _values(numbers) != _values(other_numbers):
                found.append(Conflict(n, other, numbers, other_numbers))
    return found


def _by_words(sentences: Sequence[str]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Position and numbers of sentences by their words, without those whose words are few or come twice."""
    found: dict[str, tuple[int, tuple[str, ...]] | None] = {}
    for n, sentence in enumerate(sentences):
        said = squash(sentence)
        words = _NUMBER.sub("", said)
        if sum(map(is_han, words)) >= _WORDS:
            found[words] = None if words in found else (n, tuple(_NUMBER.findall(said)))
    return {words: one for words, one in found.items() if one}


def _values(numbers: Sequence[str]) -> list[float | str]:
    return [float(number.replace(",", "")) if number[0].isascii() else number for number in numbers]
