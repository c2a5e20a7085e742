"""Sentences become indicators: every figure with what it measures, and the relations that stand in place of figures.

In: text, its stance (whether it looks back or ahead), the report year, the `Measurer`. Out: `Indicator`s with offsets into the text, in order.
Never: a change to the text; everything is matched on a copy folded, and put in simplified script, character for character.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from baogao.describe.script import simplified_in_place
from baogao.measure.lexicon import Lexicon
from baogao.measure.link import Linker
from baogao.measure.names import Names
from baogao.measure.periods import Span
from baogao.measure.qualify import Stance
from baogao.measure.relations import RelationGrammar
from baogao.records import Indicator
from baogao.split import sentence_spans
from baogao.text import fold

__all__ = ["Lexicon", "Measurer", "Stance"]

# A sentence without any of these holds neither a figure nor a relation.
_WORTH = re.compile(
    r"[0-9一二两三四五六七八九十百千万亿零〇半番]|同步|持平|相当|一致|相适应|相匹配|协调|于|达到|超过|高出|跑赢|完成|控制在|增长|增加|提高|提升|减少|下降|降低|提质|目标|指标"
)


class Measurer:
    """Measures texts with one lexicon; `traditional` are characters of traditional script, which the lexicon does not have."""

    def __init__(self, lexicon: Lexicon, traditional: str = "") -> None:
        self.lexicon = lexicon
        self.traditional = re.compile(f"[{traditional}]") if traditional else None
        self._holds_traditional = functools.lru_cache(maxsize=2)(lambda text: bool(self.traditional and self.traditional.search(text)))
        self.linker = Linker(lexicon)
        self.relations = RelationGrammar(lexicon)

    @classmethod
    def from_terms(cls, terms: Callable[[str], Any]) -> Measurer:
        """Compile the vocabularies `units`, `qualifiers`, `indicators`, the names of `places` and the characters of traditional script."""
        return cls(Lexicon.from_terms(terms), terms("corruption")["traditional"])

    def measure(self, text: str, *, stance: Stance = "none", report_year: int | None = None, place: str | None = None) -> list[Indicator]:
        """Indicators of a passage, with offsets into it."""
        found: list[Indicator] = []
        for line in re.finditer(r"[^\n]+", text):
            before: list[Indicator] = []
            for start, end in sentence_spans(text, line.start(), line.end()):
                before = self.sentence(text, start, end, stance=stance, report_year=report_year, place=place, before=before)
                found += before
        return found

    def sentence(
        self,
        text: str,
        start: int,
        end: int,
        *,
        stance: Stance = "none",
        report_year: int | None = None,
        place: str | None = None,
        before: Sequence[Indicator] = (),
        planned: Span | None = None,
    ) -> list[Indicator]:
        """Indicators of the sentence between two offsets of a text, with offsets into the text.

        `stance` says whether the sentence looks back or ahead; `place` is the place of the report, whose own name says nothing of what is measured; `before`
        are the indicators of the sentence before it in its paragraph, which 其中 divides; `planned` are the years that its section is about, where it is not about one.
        """
        written = said = _folded(text)[start:end]
        if self.traditional and self._holds_traditional(text) and self.traditional.search(said):
            said = simplified_in_place(said)
        if not _WORTH.search(said):
            return []
        divided = before[0] if before and said.startswith("其中") else None
        figures = self.linker.link(said, stance=stance, report_year=report_year, place=place, divided=divided, planned=planned)
        related = self.relations.link(said, figures, Names(self.lexicon, place), stance=stance, report_year=report_year, planned=planned)
        records = sorted([*figures, *related], key=lambda record: (record.start, record.end))
        return [_in_text(one, text, start, _as_written(one, said, written)) for one in records]


# A report is folded once for all its sentences.
_folded = functools.lru_cache(maxsize=2)(fold)


# The fields of a record between its quote, the fifth, and its written name, the last one; dataclasses.replace takes three times as long.
_kept_values = attrgetter(*(field.name for field in fields(Indicator)[5:-1]))


def _in_text(record: Indicator, text: str, at: int, written_as: str | None) -> Indicator:
    """The record of a sentence that begins at an offset of a text, with offsets into the text and the text's own words."""
    start, end = record.start + at, record.end + at
    values: list[Any] = [start, end, record.name, record.measure, text[start:end], *_kept_values(record), written_as]
    return Indicator(*values)


def _as_written(record: Indicator, said: str, written: str) -> str | None:
    """The name as it is written, where that is not the name of the record: in another spelling, or in traditional script."""
    at = -1 if said == written else said.find(record.written_as or record.name)
    return record.written_as if at < 0 else written[at : at + len(record.written_as or record.name)]
