"""Vocabularies of measurement, compiled: units, qualifiers, indicators.

In: schemas/terms/units.yaml, qualifiers.yaml, indicators.yaml and the names of places.csv, as parsed. Out: a `Lexicon` of look-ups.
Never: text of a report.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Words that say where, not what: they stand before an indicator's name and are no part of it.
_WHERE = re.compile(r"^(?:其中|全(?:市|省|县|区|州|旗|盟|镇|国|年|域|自治区)|(?:我|本)(?:市|省|县|区|州|国|自治区)|实现|完成|地方级|全社会)")
# Words after an indicator's name that say how it is measured, not what it is.
_HOW = re.compile(r"(?:增长速度|(?:增长|上涨)幅度|增长|增速|增幅|总?涨幅|降幅|上涨|指标|人数|总量|总数|比例|水平|年均|实际|名义|控制|规模|预期目标|预期|目标|的)$")
_REMARK = re.compile(r"\([^()]*\)")
_COUNTRY = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written, its base unit, how many of that it is, and what it counts."""

    name: str
    si: str
    factor: float
    kind: str


@dataclass(frozen=True, slots=True)
class IndicatorTerm:
    """A canonical indicator: its Chinese title, what a bare percentage of it is, and the indicators that a joint name stands for."""

    id: str
    title: str
    percent: str
    parts: tuple[str, ...] = ()


class Lexicon:
    """The vocabularies with their look-ups."""

    def __init__(
        self, units: Mapping[str, Any], qualifiers: Mapping[str, Any], indicators: Iterable[Mapping[str, Any]], places: Iterable[str] = ()
    ) -> None:
        self.units = {row["unit"]: Unit(row["unit"], row["si"], row.get("factor", 1.0), kind) for kind, rows in units["units"].items() for row in rows}
        self.multipliers: Mapping[str, float] = units["multipliers"]
        self.qualifiers = qualifiers
        self.before = _bounds(qualifiers["before"])
        self.after = _bounds(qualifiers["after"])
        self.inside = _bounds(qualifiers["inside"])
        self.rise, self.fall, self.reach = (frozenset(qualifiers[group]) for group in ("rise", "fall", "reach"))
        rows = list(indicators)
        self.terms = {row["id"]: IndicatorTerm(row["id"], row["zh"], row["percent"], tuple(row.get("parts", ()))) for row in rows}
        self.aliases: dict[str, str] = {alias: row["id"] for row in rows for alias in row["aliases"]}
        self.spellings: dict[str, Mapping[str, str]] = {alias: row for row in rows for alias in row.get("spellings", ())}
        self.longest_alias = max(map(len, self.aliases))
        self.places = frozenset(places)
        self.longest_place = max(map(len, self.places), default=0)
        self._known = functools.lru_cache(maxsize=1 << 16)(self._look_up)  # a sentence asks for a name several times, reports for the same names

    @classmethod
    def from_terms(cls, terms: Callable[[str], Any]) -> Lexicon:
        """Compile the vocabularies."""
        return cls(terms("units"), terms("qualifiers"), terms("indicators"), (row["name"] for row in terms("places")))

    def spelled(self, name: str, place: str | None = None) -> str:
        """The name with its spelling of a canonical indicator's title in full; `place` is that of the report.

        >>> from baogao.contract import terms
        >>> lexicon = Lexicon.from_terms(terms)
        >>> lexicon.spelled("规上工业增加值增速"), lexicon.spelled("新增城镇就业"), lexicon.spelled("规上工业企业"), lexicon.spelled("农民人均纯收入")
        ('规模以上工业增加值增速', '城镇新增就业', '规上工业企业', '农民人均纯收入')
        """
        core = name if name in self.spellings else _HOW.sub("", name)
        if core not in self.spellings:
            return name
        row = self.spellings[core]
        return (row.get("national", row["zh"]) if place == _COUNTRY else row["zh"]) + name[len(core) :]

    def indicator(self, name: str, place: str | None = None) -> str | None:
        """The canonical indicator that a name is, once the words that only say where or how are off.

        With a place, only that place's own name says where: 杭州市生产总值 is not what a report of 浙江省 means by 生产总值.

        >>> from baogao.contract import terms
        >>> lexicon = Lexicon.from_terms(terms)
        >>> lexicon.indicator("全市规上工业增加值"), lexicon.indicator("民间固定资产投资"), lexicon.indicator("文化产业增加值")
        ('industrial_value_added', 'private_investment', None)
        >>> lexicon.indicator("杭州市生产总值", place="浙江省"), lexicon.indicator("浙江省生产总值", place="浙江省")
        (None, 'gdp')
        """
        return self._known(name, place)

    def _look_up(self, name: str, place: str | None) -> str | None:
        said = "".join(name.split())
        while said:
            plain = _REMARK.sub("", said)
            for form in (said, plain, _HOW.sub("", plain)):
                if found := self.aliases.get(form):
                    return found
            shorter = _WHERE.sub("", said)
            said = shorter if shorter != said else self._without_place(said, place)
        return None

    def _without_place(self, said: str, place: str | None) -> str:
        """The name without the place it begins with; nothing where it begins with none."""
        if place is not None:
            return said.removeprefix(place) if said.startswith(place) else ""
        for end in range(min(self.longest_place, len(said) - 1), 2, -1):
            if said[:end] in self.places:
                return said[end:]
        return ""


def words(options: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(options, key=lambda word: (-len(word), word)))


def _bounds(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word: bound for bound, group in groups.items() for word in group}
