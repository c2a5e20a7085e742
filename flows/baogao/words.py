"""Sentences become words, and counts of them (jieba).

In: the texts of a report, annexes apart, and a `WordCutter` with the project's dictionary. Out: words; counts.
Numbers are masked before segmentation and jieba's hidden Markov model is off: both score better on Chinese test sets (SIGHAN 2005), and with them
every implementation of jieba gives the same words: rjieba, ten times as fast, is the engine where it is installed, jieba else.
Never: jieba's cache, a file that anyone may write to in a shared temporary folder.
"""

from __future__ import annotations

import functools
import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Literal

from baogao.text import fold

# Numbers with their decimals, signs and percent marks; what is left around them are words.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,:]\d+)*\s*[%‰]?|[①-⑳⑴-⒇⒈-⒛㈠-㈩]")
_WORD = re.compile(r"[\u3400-\u9fff〇a-z]")

Engine = Literal["jieba", "rjieba"]
_Segment = Callable[[str], Iterable[str]]


class WordCutter:
    """jieba with the project's dictionary.

    `engine` is the implementation: by default rjieba where it is installed, else jieba.
    """

    def __init__(self, own_words: Iterable[str], engine: Engine | None = None) -> None:
        engine = engine or ("rjieba" if importlib.util.find_spec("rjieba") else "jieba")
        self._segment = _with_rjieba(own_words) if engine == "rjieba" else _with_jieba(own_words)

    @classmethod
    def from_terms(cls, terms: Callable[[str], Any], engine: Engine | None = None) -> WordCutter:
        """Compile the vocabulary `words`, with the titles of `indicators` and the names of `places`."""
        titles = (row["zh"] for row in terms("indicators"))
        places = (row["name"] for row in terms("places"))
        return cls([*terms("words"), *titles, *places], engine)

    def cut(self, text: str) -> list[str]:
        """The words of a text, folded, in order; numbers and marks left out.

        >>> from baogao.contract import terms
        >>> WordCutter.from_terms(terms).cut("营商环境常年稳居运城前列,规模以上工业增加值增长9.5％")
        ['营商环境', '常年', '稳居', '运城', '前列', '规模以上工业增加值', '增长']
        """
        return [word for word in self._segment(_masked(text)) if _WORD.search(word)]

    def count(self, texts: Iterable[str]) -> Counter[str]:
        """How often each word occurs in the texts."""
        counts = Counter(self._segment(_masked("\n".join(texts))))  # no word goes beyond its line
        return Counter({word: n for word, n in counts.items() if _WORD.search(word)})


def _masked(text: str) -> str:
    return _NUMBER.sub(" ", fold(text)).lower()


def _with_jieba(own_words: Iterable[str]) -> _Segment:
    import jieba  # noqa: PLC0415 - not needed where rjieba is the engine

    tokenizer = jieba.Tokenizer()
    # Built from the dictionary file itself: initialize() would read and write the cache.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    # Words that the base dictionary has keep its frequency: implementations of jieba differ on words added twice.
    for word in sorted(set(own_words)):
        if not tokenizer.FREQ.get(word):
            tokenizer.add_word(word)
    return functools.partial(tokenizer.cut, HMM=False)


def _with_rjieba(own_words: Iterable[str]) -> _Segment:
    import rjieba  # noqa: PLC0415 - optional

    tokenizer = rjieba.Jieba()
    for word in sorted(set(own_words)):
        if not tokenizer.has_word(word):
            tokenizer.add_word(word, None, None)
    return functools.partial(tokenizer.cut, hmm=False)
