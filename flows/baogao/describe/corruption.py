"""Whether a page holds its text as it was delivered: masked and lost digits, mojibake, rewritten years, traditional script with glosses.

In: the lines of a Body, its report year, and the vocabulary `corruption`. Out: `Corruption`: the signs found, and whether they make the page useless.
Rule: a page is turned away when a sign that has a limit reaches it (hits per 1,000 characters); all other signs are recorded and the page is kept.
Never: a correction.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baogao.text import fold

_PER = 1_000
# An old plan is named in quotation marks or with the word: “十五”, 十五计划, 十五期间.
# As is_han has it.
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff〇]+")
_PLAN = "[“\"‘']({names})[”\"’']|({names})(?=计划|规划|时期|期间|以来|末)"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern that a damaged text shows."""

    id: str
    pattern: re.Pattern[str]
    at_least: int
    reject: float | None
    needs: tuple[str, ...] = ()
    """What a text without any of has no hit, where such can be named: looked for far faster than the pattern."""


@dataclass(frozen=True, slots=True)
class CorruptionRules:
    """The vocabulary, compiled."""

    signs: tuple[Sign, ...]
    plans: Mapping[str, int]
    plan: re.Pattern[str]
    wrong_era: Mapping[str, int]
    traditional: frozenset[str]
    traditional_share: float

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> CorruptionRules:
        """Compile the vocabulary `corruption`."""
        signs = tuple(Sign(row["id"], re.compile(row["pattern"]), row["at_least"], row.get("reject"), tuple(row.get("needs", ()))) for row in terms["signs"])
        names = "|".join(sorted(terms["plans"], key=len, reverse=True))
        traditional = frozenset(terms["traditional"])
        return cls(signs, terms["plans"], re.compile(_PLAN.format(names=names)), terms["wrong_era"], traditional, terms["traditional_share"])


@dataclass(frozen=True, slots=True)
class Corruption:
    """The signs of damage on a page."""

    signs: str | None = None
    """Each sign with its number of hits, as `lost_digits 14, mojibake 2`; None for none."""
    verdict: str | None = None
    """Why the page is of no use; None if it is."""


def find_corruption(lines: Sequence[str], report_year: int | None, rules: CorruptionRules) -> Corruption:
    """The signs of damage in a text, and whether they make it useless."""
    text = fold("\n".join(lines))
    hits = {sign: n for sign in rules.signs if (n := _hits(sign, text)) >= sign.at_least}
    found = {sign.id: n for sign, n in hits.items()}
    if n := _of_another_era(text, report_year, rules):
        found["wrong_era"] = n
    if n := _in_traditional_script(text, rules):
        found["traditional_script"] = n
    limits = [f"{sign.id}: {n} in {len(text)} characters" for sign, n in hits.items() if sign.reject and n * _PER >= sign.reject * len(text)]
    return Corruption(", ".join(f"{name} {n}" for name, n in found.items()) or None, "corrupt: " + "; ".join(limits) if limits else None)


def _hits(sign: Sign, text: str) -> int:
    """How often a sign is met."""
    return 0 if sign.needs and not any(some in text for some in sign.needs) else sum(1 for _ in sign.pattern.finditer(text))


def is_traditional(lines: Sequence[str], rules: CorruptionRules) -> bool:
    """Whether a text is written in traditional script."""
    return _in_traditional_script(fold("\n".join(lines)), rules) > 0


def _of_another_era(text: str, report_year: int | None, rules: CorruptionRules) -> int:
    """How often the newest five-year plan is named that had long ended in the year of the report; 0 where a plan of its time is named, or none."""
    named = Counter(found[1] or found[2] for found in rules.plan.finditer(text))
    if report_year is None or not named:
        return 0
    newest = max(named, key=lambda name: rules.plans[name])
    is_old = rules.plans[newest] + 4 + rules.wrong_era["years"] < report_year
    return named[newest] if is_old and named[newest] >= rules.wrong_era["at_least"] else 0


def _in_traditional_script(text: str, rules: CorruptionRules) -> int:
    """How many characters only traditional script has, of a text that is written in it; else 0."""
    traditional = _traditional_characters(text, rules.traditional)
    return traditional if traditional and traditional >= rules.traditional_share * (len(text) - len(_HAN.sub("", text))) else 0


@functools.lru_cache(maxsize=8)
def _traditional_characters(text: str, traditional: frozenset[str]) -> int:
    """How many characters of a text are of a set; a page's text is asked of more than once."""
    return sum(map(text.count, traditional.intersection(text)))
