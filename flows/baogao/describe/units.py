"""Units: the area table, and which of its units a name means in a year.

In: the vocabulary `places`; names with the names that stand around them; a year. Out: `Unit`s and `Place`s.
Never: one of several namesakes at random. What the context does not settle stays a name without a code.
"""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from baogao.records import Level, Place
from baogao.text import squash

# The area table starts with 1981: units of that first year are taken to be older.
_FIRST_YEAR = 1981
_LEVELS: tuple[Level, ...] = ("national", "province", "prefecture", "county")
COUNTRY = "100000"
# 河南县 and 海南州 are units of 青海省, and no 河南省 or 海南省.
_NOT_OF_A_PROVINCE = frozenset("县州区旗盟镇乡")
_NO_CONGRESS = re.compile(r"^(?:71|81|82)|(?:地区|盟)$")
_PROVINCE_ENDING = re.compile(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the area table: a place under one code and name, from one year to another."""

    code: str
    name: str
    level: Level
    parent: str
    first_year: int
    last_year: int
    successors: frozenset[str] = frozenset()
    """Codes of the units that took its place when it ended."""

    def held_in(self, year: int | None) -> bool:
        """Whether the unit was there in the year (its last year included); without a year, whether it is there today."""
        if year is None:
            return self.last_year == 9999
        return (self.first_year <= year or self.first_year == _FIRST_YEAR) and year <= self.last_year


class PlaceTable:
    """The area table with its look-ups."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_code: dict[str, list[Unit]] = defaultdict(list)
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self.by_code[unit.code].append(unit)
            self.by_name[unit.name].append(unit)
            if unit.level == "province":
                self.by_name[short(unit)].append(unit)
        # Lengths of the names that begin with two characters, the longest first.
        self._lengths: dict[str, list[int]] = {}
        for name in sorted(self.by_name, key=len, reverse=True):
            if (n := len(name)) >= 2 and n not in (lengths := self._lengths.setdefault(name[:2], [])):
                lengths.append(n)
        self.provinces = frozenset(short(unit) for units in self.by_code.values() for unit in units if unit.level == "province")

    @classmethod
    def from_terms(cls, rows: Sequence[Mapping[str, str]]) -> PlaceTable:
        """Build the table from the vocabulary `places`."""
        return cls(
            Unit(
                row["code"], row["name"], _level(row["level"]), row["parent"], int(row["first_year"]), int(row["last_year"] or 9999),
                frozenset(re.findall(r"\d{6}(?!\[)", row["successor"])),
            )
            for row in rows
        )  # fmt: skip

    def mentions(self, text: str) -> list[str]:
        """Names of the table in the text, in order, the longest at each place.

        Without overlaps: 吉林省吉林市 has 吉林省 and 吉林市.
        """
        said = squash(text)
        found, end = [], 0
        for at, two in enumerate(map(operator.add, said, said[1:])):
            if two not in self._lengths or at < end:
                continue
            name = next((said[at : at + n] for n in self._lengths[two] if said[at : at + n] in self.by_name), None)
            if name and not (name in self.provinces and said[at + len(name) : at + len(name) + 1] in _NOT_OF_A_PROVINCE):
                found.append(name)
            end = at + len(name) if name else end
        return found

    def lineage(self, unit: Unit, year: int | None) -> list[Unit]:
        """The unit and those above it in that year, itself first, the country left out."""
        chain = [unit]
        while chain[-1].level not in ("province", "national"):
            above = self.by_code.get(chain[-1].parent, [])
            parent = next((one for one in above if one.held_in(year)), above[-1] if above else None)
            if parent is None:
                break
            chain.append(parent)
        return chain

    def obliged(self, year: int) -> list[Place]:
        """The places below the country whose governments report to a congress of their own in the year; none before the table begins.

        Prefectures that are run by a province's agency (地区, 盟) have no congress, and Taiwan, Hong Kong and Macao no such report. A unit that was
        replaced in the year counts as what replaced it.
        """
        if year < _FIRST_YEAR:
            return []
        units = {
            unit.code: unit
            for same in self.by_code.values()
            for unit in same
            if unit.level != "national" and unit.held_in(year) and not (unit.last_year == year and unit.successors) and not _NO_CONGRESS.search(f"{unit.code}{unit.name}")
        }
        return [self.place(units[code], year) for code in sorted(units)]

    def place(self, unit: Unit, year: int | None) -> Place:
        """The unit as a Place, with the names of what it is part of."""
        names = {one.level: one.name for one in self.lineage(unit, year)}
        return Place(unit.name, unit.code, unit.level, names.get("province"), names.get("prefecture"), names.get("county"))

    def namesakes(self, name: str, year: int | None, hints: Sequence[str]) -> list[Unit]:
        """The units of that name in that year. `hints` are names that stand around it, nearest first; they settle between namesakes, where they can.

        In the year in which a unit was given a new code it has the new one, unless a hint names what it was part of before.
        """
        known = self.by_name.get(name, [])
        units = [unit for unit in known if unit.held_in(year)] or ([] if year is not None and year >= _FIRST_YEAR else known)
        units = list({unit.code: unit for unit in units}.values())
        for hint in hints:
            if len(units) <= 1:
                break
            inside = [unit for unit in units if any(one.name == hint or short(one) == hint for one in self.lineage(unit, year)[1:])]
            units = inside or units
        codes = {unit.code for unit in units}
        return [unit for unit in units if unit.last_year != year or not unit.successors & (codes - {unit.code})]

    def resolve(self, name: str, year: int | None, hints: Sequence[str]) -> Place:
        """The place of that name in that year. One that the table does not hold in that year, or holds more than once whatever the hints say, has no code."""
        units = self.namesakes(name, year, hints)
        return self.place(units[0], year) if len(units) == 1 else Place(name)


def short(unit: Unit) -> str:
    """The name without the ending of a province."""
    return _PROVINCE_ENDING.sub("", unit.name)


def _level(name: str) -> Level:
    return next(level for level in _LEVELS if level == name)
