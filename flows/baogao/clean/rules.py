"""Cleaning rules: schemas/terms/boilerplate.yaml, compiled.

In: the vocabulary as parsed. Out: `CleaningRules`, which tell what a line or an element's name is. Never: a decision on where the text starts or ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from baogao.records import RemovedKind

Zone = Literal["head", "tail", "anywhere"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that cuts lines of one kind in one zone."""

    id: str
    kind: RemovedKind
    at: Zone
    hard: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class CleaningRules:
    """All rules, with one joint pattern a zone that tells fast that a line matches none."""

    rules: tuple[Rule, ...]
    any_in: Mapping[str, re.Pattern[str]]
    names: Mapping[str, RemovedKind]

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> CleaningRules:
        """Compile the vocabulary `boilerplate`."""
        rules = tuple(
            Rule(line["id"], line["kind"], line["at"], line.get("strength", "hard") == "hard", re.compile(line["pattern"], re.IGNORECASE))
            for line in terms["lines"]
        )
        zones: tuple[Zone, ...] = ("head", "tail", "anywhere")
        joint: dict[str, re.Pattern[str]] = {
            zone: re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in rules if rule.at in (zone, "anywhere")), re.IGNORECASE) for zone in zones
        }
        return cls(rules, joint, {word: group["kind"] for group in terms["names"] for word in group["words"]})

    def match(self, folded: str, zone: Zone) -> Rule | None:
        """The first rule of the zone (or of anywhere) that cuts the folded line."""
        if not self.any_in[zone].search(folded):
            return None
        return next((rule for rule in self.rules if rule.at in (zone, "anywhere") and rule.pattern.search(folded)), None)

    def kind_of_name(self, names: str) -> RemovedKind | None:
        """What the class and id of an element say that it is, if anything.

        Names are read as words: split at case changes, digits, hyphens and underscores.
        """
        for word in _WORD.findall(_HOLDER.sub("", names)):
            if kind := self.names.get(word.lower()):
                return kind
        return None


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# ASP.NET names all that a page fills into its frame ctl00_ContentPlaceHolder1_…, the text too.
_HOLDER = re.compile(r"place[-_]?holder", re.IGNORECASE)
