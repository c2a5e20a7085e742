"""Of which place: names become units of the area table, as of a year.

In: the words of a title, a delivery line, an opening; a year; the area table schemas/terms/places.csv. Out: a `Place`.
Never: one of several namesakes at random. What the context does not settle stays a name without a code.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from baogao.records import Level, Place
from baogao.text import squash

# The area table starts with 1981: units of that first year are taken to be older.
_FIRST_YEAR = 1981
_LEVELS: tuple[Level, ...] = ("national", "province", "prefecture", "county")
_COUNTRY = re.compile(r"国务院|國務院|全国人民代表大会|全國人民代表大會|全国人大")
# In the text itself the State Council is named by every government; only its own report is given in its name.
_FOR_THE_COUNTRY = re.compile(r"(?:代表|受|根据)[^。]{0,12}(?:国务院|國務院)|(?:向|我[们們])第[^。]{1,3}[届屆](?:全国|全國)人民代表大")
# A report that speaks of 我国 again and again, and of no 我省, 全市, 本县, is the nation's.
_OF_THE_COUNTRY = re.compile(r"^(?!.*(?:我|全|本)(?:省|市|县|区|州|旗|盟)).*我[国國](?:.*我[国國]){4}", re.DOTALL)
COUNTRY = "100000"
# What a government has inside its borders and beside its units: reports of these have no code.
_ZONE = re.compile(
    r"^[\u3400-\u9fff]{0,12}?(?:开发区|高新区|新区|兵团|示范区|试验区|度假区|保税区|功能区|管理区|园区)(?=(?:管委会|管理委员会)?[\d年()]*$)"
)
# 河南县 and 海南州 are units of 青海省, and no 河南省 or 海南省.
_NOT_OF_A_PROVINCE = frozenset("县州区旗盟镇乡")
_GOVERNMENT = re.compile(r"人民政府|政府工作|第[一二三四五六七八九十百\d]{1,4}[届屆]|人民代表大[会會]|工作报告")
_HEAD = re.compile(r"省长|市长|县长|区长|主席")
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
                self.by_name[_short(unit)].append(unit)
        self.longest = max(map(len, self.by_name), default=0)
        self.provinces = frozenset(_short(unit) for units in self.by_code.values() for unit in units if unit.level == "province")

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
        found, at = [], 0
        while at < len(said):
            name = next((said[at : at + n] for n in range(min(self.longest, len(said) - at), 1, -1) if said[at : at + n] in self.by_name), None)
            if name and not (name in self.provinces and said[at + len(name) : at + len(name) + 1] in _NOT_OF_A_PROVINCE):
                found.append(name)
            at += len(name) if name else 1
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

    def place(self, unit: Unit, year: int | None) -> Place:
        """The unit as a Place, with the names of what it is part of."""
        names = {one.level: one.name for one in self.lineage(unit, year)}
        return Place(unit.name, unit.code, unit.level, names.get("province"), names.get("prefecture"), names.get("county"))

    def resolve(self, name: str, year: int | None, hints: Sequence[str]) -> Place:
        """The place of that name in that year. `hints` are names that stand around it, nearest first; they settle between namesakes.

        A name that the table does not hold in that year, or holds more than once whatever the hints say, comes back without a code. In the year in
        which a unit was given a new code it has the new one, unless a hint names what it was part of before.
        """
        known = self.by_name.get(name, [])
        units = [unit for unit in known if unit.held_in(year)] or ([] if year is not None and year >= _FIRST_YEAR else known)
        units = list({unit.code: unit for unit in units}.values())
        for hint in hints:
            if len(units) <= 1:
                break
            inside = [unit for unit in units if any(one.name == hint or _short(one) == hint for one in self.lineage(unit, year)[1:])]
            units = inside or units
        codes = {unit.code for unit in units}
        units = [unit for unit in units if unit.last_year != year or not unit.successors & (codes - {unit.code})]
        return self.place(units[0], year) if len(units) == 1 else Place(name)


def find_place(title: Sequence[str], body: Sequence[str], year: int | None, table: PlaceTable) -> Place | None:
    """The place that a report is of: the last name in its title, else in its delivery line, else that of the government in its first words.

    `title` holds the title block, the title first; `body` the first lines of the text, which also give the names that settle between namesakes.
    """
    context = table.mentions("".join(body))
    lines = [(_until_government(line) or squash(line)[:40], _COUNTRY, squash(line)) for line in title]
    lines += [(_until_government(line), _FOR_THE_COUNTRY, squash(line)) for line in body[:3]]
    for said, country, line in lines:
        names = table.mentions(said)
        if names:
            last = names[-1]
            if zone := _ZONE.match(said[said.rfind(last) + len(last) :]):
                return Place(last + zone.group())
            return table.resolve(last, year, [*reversed(names[:-1]), *_beside(title, table), *context])
        if country.search(line):
            return table.place(table.by_code[COUNTRY][0], year)
    if _OF_THE_COUNTRY.search(squash("".join(body))):
        return table.place(table.by_code[COUNTRY][0], year)
    return None


def _beside(title: Sequence[str], table: PlaceTable) -> list[str]:
    return [name for line in title for name in table.mentions(line)]


def _until_government(line: str) -> str:
    """The part of a title, delivery line or opening that names the place: up to what the place has (a government, a congress), else nothing."""
    said = squash(line)
    if found := _GOVERNMENT.search(said):
        return said[: found.start()]
    # The last one: in 湖南省长沙市市长 the first 省长 is none.
    heads = list(_HEAD.finditer(said))
    return said[: heads[-1].start() + 1] if heads else ""


def _short(unit: Unit) -> str:
    return _PROVINCE_ENDING.sub("", unit.name)


def _level(name: str) -> Level:
    return next(level for level in _LEVELS if level == name)
