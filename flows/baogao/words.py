"""Sentences become words: counts of a report's words, and the words that mark it out (jieba).

In: the texts of a report, annexes apart, and a `WordCutter` with the project's dictionary. Out: counts; keywords with weight and rank.
Numbers are masked before segmentation and jieba's hidden Markov model is off: both score better on Chinese test sets (SIGHAN 2005), and with them
every implementation of jieba gives the same words: rjieba, ten times as fast, is the engine where it is installed, jieba else.
Never: jieba's cache, a file that anyone may write to in a shared temporary folder.
"""

from __future__ import annotations

import functools
import importlib.util
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from baogao.text import fold

# Numbers with their decimals, signs and percent marks; what is left around them are words.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,:]\d+)*\s*[%‰]?|[①-⑳⑴-⒇⒈-⒛㈠-㈩]")
_WORD = re.compile(r"[\u3400-\u9fff〇a-z]")
# Inverse document frequency of a word that jieba's table lacks: the median of the table, as jieba takes it.
UNKNOWN = 11.9547675029
# jieba's own number of keywords.
KEYWORDS = 20


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that marks a report out: `weight` is its share of the report's words times its inverse document frequency."""

    word: str
    weight: float
    n: int


Engine = Literal["jieba", "rjieba"]
_Segment = Callable[[str], Iterable[str]]


class WordCutter:
    """jieba with the project's dictionary, the inverse document frequencies that come with jieba, and the project's stop words.

    `engine` is the implementation: by default rjieba where it is installed, else jieba.
    """

    def __init__(self, own_words: Iterable[str], stop_words: Iterable[str], engine: Engine | None = None) -> None:
        engine = engine or ("rjieba" if importlib.util.find_spec("rjieba") else "jieba")
        self._segment = _with_rjieba(own_words) if engine == "rjieba" else _with_jieba(own_words)
        self._stop_words = frozenset(stop_words)
        self._frequencies = _inverse_document_frequencies()

    @classmethod
    def from_terms(cls, terms: Callable[[str], Any], engine: Engine | None = None) -> WordCutter:
        """Compile the vocabularies `words` and `stop_words`, with the titles of `indicators` and the names of `places`."""
        titles = (row["zh"] for row in terms("indicators"))
        places = (row["name"] for row in terms("places"))
        return cls([*terms("words"), *titles, *places], terms("stop_words"), engine)

    def cut(self, text: str) -> list[str]:
        """The words of a text, folded, in order; numbers and marks left out.

        >>> from baogao.contract import terms
        >>> WordCutter.from_terms(terms).cut("营商环境常年稳居运城前列,规模以上工业增加值增长9.5％")
        ['营商环境', '常年', '稳居', '运城', '前列', '规模以上工业增加值', '增长']
        """
        masked = _NUMBER.sub(" ", fold(text)).lower()
        return [word for word in self._segment(masked) if _WORD.search(word)]

    def count(self, texts: Iterable[str]) -> Counter[str]:
        """How often each word occurs in the texts."""
        return Counter(word for text in texts for word in self.cut(text))

    def keywords(self, counts: Mapping[str, int]) -> Sequence[Keyword]:
        """The heaviest words of a report by TF-IDF, of equal ones the first by character: none of a single character, no stop words."""
        total = sum(counts.values())
        weighed = [
            Keyword(word, round(n / total * float(self._frequencies.get(word, UNKNOWN)), 9), n)
            for word, n in counts.items()
            if len(word) > 1 and word not in self._stop_words
        ]
        return sorted(weighed, key=lambda one: (-one.weight, one.word))[:KEYWORDS]


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


def _inverse_document_frequencies() -> dict[str, str]:
    """The table that comes with jieba, values as written; importing jieba.analyse would load its tagger too."""
    table = (files("jieba") / "analyse" / "idf.txt").read_text(encoding="utf-8")
    return dict(line.split(" ", 1) for line in table.splitlines() if line)
