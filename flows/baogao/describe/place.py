"""Of which place: what the report itself says, then its title, its site, and the names that its text repeats; with the evidence.

In: the title block and the first lines of a text, what the site says of itself, a year; the area table. Out: a `Place`, and the evidence for it.
Never: one of several namesakes at random, or a place that no word of the page names.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from baogao.describe.units import COUNTRY, PlaceTable, Unit
from baogao.records import Place
from baogao.text import squash

_COUNTRY = re.compile(r"国务院|國務院|全国人民代表大会|全國人民代表大會|全国人大|中央人民政府")
# In the text itself the State Council is named by every government; only its own report is given in its name.
_FOR_THE_COUNTRY = re.compile(r"(?:代表|受|根据)[^。]{0,20}(?:国务院|國務院|中央人民政府)|(?:向|我[们們])第[^。]{1,3}[届屆](?:全国|全國)人民代表大")
# A report that speaks of 我国 again and again, and of no 我省, 全市, 本县, is the nation's.
_OF_THE_COUNTRY = re.compile(r"^(?!.*(?:我|全|本)(?:省|市|县|区|州|旗|盟)).*我[国國](?:.*我[国國]){4}", re.DOTALL)
# What a government has inside its borders and beside its units: reports of these have no code.
_ZONE = re.compile(r"^[\u3400-\u9fff]{0,12}?(?:开发区|高新区|新区|兵团|示范区|试验区|度假区|保税区|功能区|管理区|园区)(?=(?:管委会|管理委员会)?[\d年()]*$)")
# A township or a street below the unit that is named last.
_BELOW = re.compile(r"^[\u3400-\u9fff]{1,8}?(?:镇|乡|街道|苏木)(?=$|[\d年(])")
_GOVERNMENT = re.compile(r"人民政府|政府工作|第[一二三四五六七八九十百\d]{1,4}[届屆]|人民代表大[会會]|工作报告")
_HEAD = re.compile(r"省长|市长|县长|区长|旗长|州长|盟长|主席")
_CONGRESS = re.compile(r"[届屆].{0,24}(?:次会|会议)|人大.{0,8}次会|人民代表大会")
_DATED = re.compile(r"日(?:在|于)[^。]{2,20}$")
# The words in which a government presents its report.
_PRESENTS = re.compile(r"(?:代表|受)[^。]{0,40}(?:政府|国务院|國務院)[^。]{0,60}(?:报告|作|提出)|(?:我[们們]|向)第.{1,3}[届屆](?:全国|全國)")
_OPENING_LINES = 3
# 政府工作报告(永济市)
_BEHIND = re.compile(r"工作报告\(([\u3400-\u9fff]{2,})\)$")
# A name that the text repeats is its own where it stands there so often, so many times more than any other that is not part of it.
_REPEATED, _MORE = 8, 3
_SELF = re.compile(r"(?:全|我|本)(省|市|县|区|州|旗|盟)")
_ENDING = re.compile(r"(?:省|市|县|区|旗|盟|地区|(?:[\u3400-\u9fff]{1,4}族)*自治(?:区|州|县|旗)|特别行政区)$")
_LEVEL_OF = {
    "省": {"province"}, "市": {"province", "prefecture", "county"}, "县": {"county"}, "区": {"province", "county"}, "州": {"prefecture"}, "旗": {"county"},
    "盟": {"prefecture"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A place with the evidence for it: what names it, in the order in which that is believed; 矛盾 before what contradicts, 歧义 before namesakes."""

    place: Place | None
    evidence: str | None


def find_place(
    title: Sequence[str], body: Sequence[str], year: int | None, table: PlaceTable, *, site: Sequence[str] = (), text: Sequence[str] = ()
) -> Found:
    """The place that a report is of.

    `title` holds the title block, the title first; `body` the first lines of the text; `site` what the page says of its publisher; `text` the whole text,
    which is asked last. Of a place and a part of it the part is meant (title and delivery line name a county and its prefecture). Of two places the one
    that the text repeats, else the one that the report says itself, in its delivery line and its opening, before a title, which a site may have typed.
    """
    context = table.mentions("".join(body))
    hints = [*(name for line in title for name in table.mentions(line)), *context]
    found = [(label, one) for label, line in _sources(title, body) if (one := _named(line, label, year, table, hints))]
    if not found and _OF_THE_COUNTRY.search(squash("".join(body))):
        found = [("text", table.place(table.by_code[COUNTRY][0], year))]
    found += [("site", one) for line in site if (one := _of_site(line, body, year, table, hints))]
    named = [one for _, one in found]
    apart = next((one for one in named if not one.code and not table.by_name.get(one.name)), None)
    coded = [one for one in named if one.code]
    repeated = _of_text(text, year, table) if apart is None and (not coded or _contradict(coded)) else []
    found += [("text", one) for one in repeated]
    best = apart or next((one for one in repeated if one.code in {other.code for other in coded} or not coded), None) or _innermost(coded)
    best = best or next(iter(named), None)
    return Found(best, _evidence(best, found, year, table) if best else None)


def _innermost(places: Sequence[Place]) -> Place | None:
    """The first place, or what is named after it and is part of it."""
    best: Place | None = None
    for one in places:
        if best is None or best.name in (one.province, one.prefecture):
            best = one
    return best


def _contradict(places: Sequence[Place]) -> bool:
    """Whether of two places neither is part of the other."""
    return any(
        one.code != other.code and one.name not in (other.province, other.prefecture, other.county) and other.name not in (one.province, one.prefecture, one.county)
        for n, one in enumerate(places)
        for other in places[:n]
    )


def _sources(title: Sequence[str], body: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The lines that may name the place, those believed first first."""
    head: list[str] = []
    for line in map(squash, title):
        if head and _DATED.search(head[-1]) and not _CONGRESS.search(head[-1]):  # a delivery line in two
            head[-1] += line
        else:
            head.append(line)
    yield from (("delivery", line) for line in head if _CONGRESS.search(line) and not line.endswith("报告"))
    yield from (("opening", said) for line in body[:_OPENING_LINES] if _PRESENTS.search(said := squash(line)))
    yield from (("title", line) for line in head if not _CONGRESS.search(line) or line.endswith("报告"))


def _named(line: str, label: str, year: int | None, table: PlaceTable, hints: Sequence[str]) -> Place | None:
    """The place that a line names: the last name before what the place has, its government or its congress."""
    until = behind[1] if (behind := _BEHIND.search(line)) else _until_government(line)
    names = table.mentions(until)
    if names:
        last = names[-1]
        rest = until[until.rfind(last) + len(last) :]
        if zone := _ZONE.match(rest) or _BELOW.match(rest):
            return Place(last + zone.group())
        return table.resolve(last, year, [*reversed(names[:-1]), *hints])
    return table.place(table.by_code[COUNTRY][0], year) if (_FOR_THE_COUNTRY if label == "opening" else _COUNTRY).search(line) else None


def _of_site(line: str, body: Sequence[str], year: int | None, table: PlaceTable, hints: Sequence[str]) -> Place | None:
    """The place of a site's government, where the report speaks in the name of a government of that kind."""
    said = squash(line)
    if "人民政府" not in said or not (names := table.mentions(said[: said.find("人民政府")])):
        return None
    opening = squash("".join(body[:_OPENING_LINES]))
    presented = re.search(r"代表.{0,8}?(省|自治区|市|县|区|州|旗)人民政府", opening)
    return table.resolve(names[-1], year, [*reversed(names[:-1]), *hints]) if presented and names[-1].endswith(presented[1]) else None


def _of_text(text: Sequence[str], year: int | None, table: PlaceTable) -> list[Place]:
    """The unit whose name a text repeats far more than any other, if it is of the kind that the text calls its own (全市, 我省)."""
    said = squash("".join(text))
    own = Counter(_SELF.findall(said)).most_common(1)
    if not own or own[0][1] < _REPEATED:
        return []
    counts = Counter(unit for unit, n in _repeated(said, year, table).items() for _ in range(n))
    units = [unit for unit in counts if unit.level in _LEVEL_OF[own[0][0]] and (unit.level == "province" or unit.name.endswith(own[0][0]))]
    best = max(units, key=lambda unit: (counts[unit], unit.code), default=None)
    if best is None or counts[best] < _REPEATED:
        return []
    line = {unit.code for unit in table.lineage(best, year)}
    others = [n for unit, n in counts.items() if unit.code not in line and best.code not in {above.code for above in table.lineage(unit, year)}]
    return [table.place(best, year)] if counts[best] >= _MORE * max(others, default=0) else []


def _repeated(said: str, year: int | None, table: PlaceTable) -> dict[Unit, int]:
    """How often units of the year are named in a text, with or without their ending; names of one character and namesakes do not count."""
    named = _named_in(table, year)
    counts: Counter[str] = Counter()
    for at in range(len(said) - 1):
        for stem in named.beginning.get(said[at : at + 2], ()):
            if said.startswith(stem, at):
                counts[stem] += 1
    return {unit: n for stem, unit in named.units.items() if unit and (n := counts[stem]) > 1}


@dataclass(frozen=True, slots=True)
class _Stems:
    """Names without their ending: the unit of each (None for namesakes), and by their first two characters."""

    units: Mapping[str, Unit | None]
    beginning: Mapping[str, Sequence[str]]


@functools.lru_cache(maxsize=64)
def _named_in(table: PlaceTable, year: int | None) -> _Stems:
    """The names of the units of a year."""
    units: dict[str, Unit | None] = {}
    for unit in (unit for same in table.by_code.values() for unit in same):
        if unit.held_in(year) and unit.level != "national" and len(stem := _ENDING.sub("", unit.name)) >= 2:
            units[stem] = unit if stem not in units else _outer(units[stem], unit, table, year)
    beginning: dict[str, list[str]] = {}
    for stem in units:
        beginning.setdefault(stem[:2], []).append(stem)
    return _Stems(units, beginning)


def _outer(one: Unit | None, other: Unit, table: PlaceTable, year: int | None) -> Unit | None:
    """Of two units of one name the one that the other is part of: 吉林 is the province before its city."""
    if one is None:
        return None
    if one.code in {unit.code for unit in table.lineage(other, year)}:
        return one
    return other if other.code in {unit.code for unit in table.lineage(one, year)} else None


def _evidence(best: Place, found: Sequence[tuple[str, Place]], year: int | None, table: PlaceTable) -> str:
    """What names a place, with contradictions and namesakes marked."""
    text = "; ".join(dict.fromkeys(f"{label} {one.name}" for label, one in found))
    if best.code is None and len(units := table.namesakes(best.name, year, ())) > 1:
        text += f"; 歧义 {' '.join(unit.code for unit in units)}"
    return f"矛盾 {text}" if _contradict([one for _, one in found if one.code]) else text


def _until_government(line: str) -> str:
    """The part of a title, delivery line or opening that names the place: up to what the place has (a government, a congress), else nothing."""
    said = squash(line)
    if found := _GOVERNMENT.search(said):
        return said[: found.start()]
    # The last one: in 湖南省长沙市市长 the first 省长 is none.
    heads = list(_HEAD.finditer(said))
    return said[: heads[-1].start() + 1] if heads else ""
