"""Rows that pass all checks and are worth a look all the same: values that are seldom so, lists of names and values that do not go together.

In: the checked tables of whole documents, the bounds of schemas/terms/plausible.yaml. Out: `Doubt`s, each with the sentence to look at.
Never: a row changed or turned away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baogao.records import Doubt
from baogao.text import fold

Row = Mapping[str, Any]
_VALUES = ("value", "value_low", "value_high")
_APART = "分别"
# What stands between two values of one list: 、, or a comma where names are left; what qualifies the first and the second.
_BETWEEN = re.compile(r"(?:以上|以下|以内|左右|上下)?(?:\([^()]*\))?(?P<mark>[、,]|以及|[和与及])(?:约|近|超|达到?|为)?")
_CLAUSE, _AND, _FIGURE = re.compile(r"[。;:]"), re.compile(r"以及|[和与及同]"), re.compile(r"\d|分别")


def find_doubts(tables: Mapping[str, pa.Table], bounds: Sequence[Row]) -> list[Doubt]:
    """What is worth a look in the indicators and the sentences of documents."""
    figures = tables["indicators"].select(["indicator_id", "sentence_id", "doc_id", "start", "end", "indicator", "measure", "unit", *_VALUES]).to_pylist()
    implausible = [(row, *found) for row in figures for found in _implausible(row, bounds)]
    by_sentence: dict[str, list[tuple[int, int]]] = {}
    for row in figures:
        by_sentence.setdefault(row["sentence_id"], []).append((row["start"], row["end"]))
    sentences = tables["sentences"].select(["sentence_id", "doc_id", "start", "text"])
    asked = pa.array({row["sentence_id"] for row, *_ in implausible}, pa.string())
    texts = {row["sentence_id"]: row["text"] for row in sentences.filter(pc.is_in(sentences["sentence_id"], value_set=asked)).to_pylist()}
    doubts = [
        Doubt("indicators", row["indicator_id"], row["doc_id"], row["sentence_id"], bound, column, f"{value:g}", texts.get(row["sentence_id"], ""), reason)
        for row, bound, column, value, reason in implausible
    ]
    for row in sentences.filter(pc.match_substring(sentences["text"], _APART)).to_pylist():
        spans = [(start - row["start"], end - row["start"]) for start, end in sorted(set(by_sentence.get(row["sentence_id"], ())))]
        if reason := next(uneven_lists(row["text"], spans), None):
            doubts.append(Doubt("sentences", row["sentence_id"], row["doc_id"], row["sentence_id"], "lists_are_even", "text", None, row["text"], reason))
    return doubts


def _implausible(row: Row, bounds: Iterable[Row]) -> Iterator[tuple[str, str, float, str]]:
    """The bounds that a figure lies outside: name, column, value, and what is to be said."""
    for bound in bounds:
        if bound["measure"] != row["measure"] or (row["unit"] or "") not in bound.get("unit", (row["unit"] or "",)) or row["indicator"] not in bound.get("indicator", (row["indicator"],)):
            continue
        for column in _VALUES:
            value = row[column]
            if value is None:
                continue
            side, end = ("below", bound.get("minimum")) if value < bound.get("minimum", value) else ("above", bound.get("maximum"))
            if side == "below" or (end is not None and value > end):
                yield bound["id"], column, value, f"{column} {value:g} of {row['measure']} is {side} {end:g}: {bound['source']}"
                break


def uneven_lists(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Of each 分别 in a sentence, what is to be said where the names before it and the values after it are not as many. `spans` are those of the values.

    One value may be that of each name. 和 may join two names or stand within one, so that a list of names has a least and a greatest length.

    >>> text = "一产、二产、三产增加值分别增长6%、5.2%。"
    >>> list(uneven_lists(text, [(15, 17), (18, 22)]))
    ['分别 follows 3 names, and 2 values follow it']
    """
    said = fold(text)
    for found in re.finditer(_APART, said):
        names = next((clause for clause in reversed(_CLAUSE.split(said[: found.start()])[-1].split(",")) if clause.strip()), "")
        least = names.count("、") + 1
        most = least + len(_AND.findall(names))
        values = _values(said, [span for span in spans if span[0] >= found.end()], found.end(), most)
        if most > 1 and values > 1 and not least <= values <= most and not _FIGURE.search(names):
            number = f"{least}" if least == most else f"{least} to {most}"
            yield f"分别 follows {number} names, and {values} values follow it"


def _values(said: str, spans: Sequence[tuple[int, int]], start: int, names: int) -> int:
    """How many values the list has that begins after an offset; a comma goes on with it only where names are left."""
    if not spans or re.search("[,。;:]", said[start : spans[0][0]]):
        return 0
    number, end = 1, spans[0][1]
    for first, last in spans[1:]:
        between = _BETWEEN.fullmatch(said[end:first])
        if first < end or between is None or (between["mark"] == "," and number >= names):
            break
        number, end = number + 1, last
    return number
