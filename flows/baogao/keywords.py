"""Words become keywords: those that mark a report out, by how often it says them and how few others do.

In: rows of the table words, and the stop words. Out: rows of the table keywords. Never: a word of a single character, or a stop word.
A word weighs its share of the report's words times its inverse document frequency (TF-IDF). Document frequencies are the corpus' own, over canonical
reports; general Chinese, as the table that comes with jieba has it, counts like so many reports more, so that a corpus of one has keywords too.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# General Chinese counts like this many reports.
PRIOR = 100
# Inverse document frequency of a word that jieba's table lacks: the median of the table, as jieba takes it.
UNKNOWN = 11.9547675029
# jieba's own number of keywords.
KEYWORDS = 20


@functools.cache
def general_rarity() -> dict[str, float]:
    """The inverse document frequencies that come with jieba, by word; importing jieba.analyse would load its tagger too."""
    table = (files("jieba") / "analyse" / "idf.txt").read_text(encoding="utf-8")
    return {word: float(value) for word, value in (line.split(" ", 1) for line in table.splitlines() if line)}


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many reports there are, in how many each word occurs, and how rare it is in general Chinese."""

    n_documents: int
    documents: Mapping[str, int]
    general: Mapping[str, float] = field(default_factory=general_rarity)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of a word.

        >>> round(Frequencies(0, {}).rarity("地区"), 4), round(Frequencies(10**6, {"地区": 10**6}).rarity("地区"), 4)
        (4.4574, 0.0001)
        """
        share = math.exp(-self.general.get(word, UNKNOWN))
        return math.log((self.n_documents + PRIOR) / (self.documents.get(word, 0) + PRIOR * share))


def document_frequencies(words: Iterable[pa.Table], canonical: pa.Array) -> Frequencies:
    """Frequencies over the canonical documents; `words` are tables of words, each document whole in one."""
    counted = []
    for table in words:
        rows = table.filter(pc.is_in(table["doc_id"], value_set=canonical))
        counted.append(rows.group_by("word").aggregate([("doc_id", "count")]))
    total = pa.concat_tables(counted).group_by("word").aggregate([("doc_id_count", "sum")]) if counted else None
    documents = dict(zip(total["word"].to_pylist(), total["doc_id_count_sum"].to_pylist(), strict=True)) if total else {}
    return Frequencies(len(canonical), documents)


def find_keywords(words: pa.Table, frequencies: Frequencies, stop_words: Iterable[str]) -> pa.Table:
    """The heaviest words of each document, of equal ones the first by character, as columns doc_id, keyword, rank, weight, n."""
    totals = words.group_by("doc_id").aggregate([("n", "sum")])
    able = pc.and_(pc.greater(pc.utf8_length(words["word"]), 1), pc.invert(pc.is_in(words["word"], value_set=pa.array(sorted(stop_words), pa.string()))))
    words = words.filter(able)
    vocabulary = pc.unique(words["word"])
    rarity = pa.array([frequencies.rarity(word) for word in vocabulary.to_pylist()], pa.float64())
    share = pc.divide(words["n"].cast(pa.float64()), totals["n_sum"].take(pc.index_in(words["doc_id"], value_set=totals["doc_id"].combine_chunks())))
    weight = pc.round(pc.multiply(share, rarity.take(pc.index_in(words["word"], value_set=vocabulary))), 9)
    table = pa.table({"doc_id": words["doc_id"], "keyword": words["word"], "weight": weight, "n": words["n"]}).filter(_heavy(words["doc_id"], weight))
    table = table.sort_by([("doc_id", "ascending"), ("weight", "descending"), ("keyword", "ascending")])
    rank = _ranks(table["doc_id"])
    table = table.append_column("rank", pa.array(rank, pa.int32()))
    return table.filter(pc.less_equal(table["rank"], KEYWORDS)).select(["doc_id", "keyword", "rank", "weight", "n"])


def _heavy(documents: pa.ChunkedArray, weights: pa.ChunkedArray) -> pa.Array:
    """Which words weigh as much as the last keyword of their document, at least: to sort all words of a country takes a minute."""
    codes = _codes(documents)
    values = weights.to_numpy()
    order = np.argsort(codes, kind="stable")
    bounds = np.append(0, np.cumsum(np.bincount(codes)))
    heavy = np.ones(len(codes), bool)
    for start, end in itertools.pairwise(bounds.tolist()):
        if end - start > KEYWORDS:
            rows = order[start:end]
            heavy[rows] = values[rows] >= np.partition(values[rows], -KEYWORDS)[-KEYWORDS]
    return pa.array(heavy)


def _ranks(documents: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """1, 2, 3 … within each run of one document."""
    codes = _codes(documents)
    at = np.arange(len(codes))
    starts = np.maximum.accumulate(np.where(np.append(True, codes[1:] != codes[:-1])[: len(codes)], at, 0))
    ranks: np.ndarray[tuple[int], np.dtype[np.int64]] = at - starts + 1
    return ranks


def _codes(documents: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """A number for each document, in the order in which they come first."""
    codes: np.ndarray[tuple[int], np.dtype[np.int32]] = documents.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    return codes
