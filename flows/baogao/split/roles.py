"""Roles: the part that a section plays in a report, by the words of its heading, by its place, by what it says.

In: headings and texts, and the vocabulary `headings`. Out: a role. Never: a figure of the text read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baogao.records import Role
from baogao.text import squash

# Text before the first heading that is longer than this is no mere opening: the first part has no heading.
_OPENING_MAX = 700
# What a section says is told by so many characters of its beginning.
_SAID = 4_000
# A text with fewer telling words in a thousand characters tells nothing.
_TELLING = 4.0


@dataclass(frozen=True, slots=True)
class SplittingRules:
    """Heading patterns with their roles, and the words that tell what a text without a telling heading is about."""

    headings: tuple[tuple[Role, re.Pattern[str]], ...]
    texts: tuple[tuple[Role, re.Pattern[str]], ...]
    contents: tuple[tuple[Role, float, re.Pattern[str]], ...]
    close: re.Pattern[str]
    call: re.Pattern[str]
    ahead: frozenset[Role]
    back: frozenset[Role]
    apart: frozenset[Role]

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> SplittingRules:
        """Compile the vocabulary `headings`."""
        return cls(
            tuple((row["role"], re.compile(row["pattern"])) for row in terms["roles"]),
            tuple((row["role"], re.compile(row["pattern"])) for row in terms["text"]),
            tuple((row["role"], row["per_thousand"], re.compile(row["pattern"])) for row in terms["content"]),
            re.compile(terms["close"]["pattern"]),
            re.compile(terms["call"]["pattern"]),
            frozenset(terms["ahead"]),
            frozenset(terms["back"]),
            frozenset(terms["apart"]),
        )

    def role(self, heading: str) -> Role | None:
        """The part that a heading names."""
        said = squash(heading)
        return next((role for role, pattern in self.headings if pattern.search(said)), None)

    def text_role(self, text: str) -> Role:
        """The part that text before the first heading plays."""
        said = squash(text)
        told = self.content_role(said)[0] if len(said) > _OPENING_MAX else None
        if told:
            return told
        return next((role for role, pattern in self.texts if pattern.search(said)), "other")

    def content_role(self, text: str) -> tuple[Role | None, float]:
        """The part that a text plays by the words it uses, and how many times more of them it has than of the opposite.

        That is a role whose words are frequent enough, else what was done or what is to be done; None where there are too few words.
        """
        said = squash(text[:_SAID])
        share = {role: 1000 * sum(1 for _ in pattern.finditer(said)) / max(1, len(said)) for role, _, pattern in self.contents}
        if role := next((role for role, least, _ in self.contents if least and share[role] >= least), None):
            return role, share[role]
        best: Role = "review" if share["review"] > share["tasks"] else "tasks"
        other = share["tasks" if best == "review" else "review"]
        return (best if share[best] >= _TELLING else None), share[best] / max(other, 0.5)
