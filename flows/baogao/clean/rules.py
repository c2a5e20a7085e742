"""Cleaning rules: schemas/terms/boilerplate.yaml, compiled.

In: the vocabulary as parsed. Out: `CleaningRules`, which tell what a line or an element's name is. Never: a decision on where the text starts or ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from baogao.clean.metadata import MetadataRules
from baogao.records import RemovedKind, Zone
from baogao.text import fold

# The zones whose rules apply above the text, below it, and inside it.
_APPLY: dict[str, tuple[Zone, ...]] = {"head": ("head", "frame", "anywhere"), "tail": ("tail", "frame", "anywhere"), "anywhere": ("anywhere",)}
# What stands between the words of a row of menu entries or tools: 【打印】【关闭】, 首页 | 联系我们, A+ A-.
_BETWEEN = re.compile(r"[\s|/\\\[\](){}【】〖〗「」<>〈〉《》›»‹«·•●■◆▪→←↑↓×✕✖,、。:;+_=~*#!-]+")
# So many lines are kept for each zone, and so many names, some 10 MB in all.
_KNOWN_MAX = 20_000
# Words without which a long line is no disclaimer and no footer.
_CLAIMS = tuple("转载 轉載 版权 版權 侵权 侵權 侵犯 本网 本站 本網 网站 作者 观点 仅供 来源 许可 备案 Copyright © 浏览器 登录 声明 聲明 免责 摘要 导读 著作权 著作權 uploaded represent".split())
# A line longer than this is no row of tools.
_ROW_MAX = 80
# A pattern that can be joined with others: it is sought at the beginning of a line, and refers to no group by its number.
_PLAIN = re.compile(r"\^(?!.*\\\d)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that cuts lines of one kind in one zone."""

    id: str
    kind: RemovedKind
    at: Zone
    hard: bool
    """Whether it cuts on its own; a soft one cuts in one block with a hard one."""
    opens: bool
    """Whether it opens a block that may hold sentences: comments, related articles."""
    longest: int
    """Lines longer than this only mention what the rule looks for."""
    pattern: re.Pattern[str]
    needs: frozenset[str] = frozenset()
    """Characters one of which a line must hold; none for no such need."""


@dataclass(frozen=True, slots=True)
class _Zoned:
    """The rules that apply in a zone, in their order: those with a plain pattern joined in one, the others one by one."""

    joints: tuple[tuple[re.Pattern[str], Mapping[str, tuple[int, Rule]]], ...]
    needy: tuple[tuple[int, Rule], ...]

    @classmethod
    def of(cls, rules: tuple[Rule, ...], zones: tuple[Zone, ...]) -> _Zoned:
        """Join what can be joined, patterns of either case apart."""
        applied = [(n, rule) for n, rule in enumerate(rules) if rule.at in zones]
        plain = {n: rule for n, rule in applied if not rule.needs and _PLAIN.match(rule.pattern.pattern)}
        joints = []
        for flag in (re.NOFLAG, re.IGNORECASE):
            some = {f"rule_{n}": (n, rule) for n, rule in plain.items() if rule.pattern.flags & re.IGNORECASE == flag}
            alternatives = (f"(?P<{name}>{rule.pattern.pattern.removeprefix('^')})" for name, (_, rule) in some.items())
            joints.append((re.compile("|".join(alternatives) or "(?!)", flag), some))
        return cls(tuple(joints), tuple((n, rule) for n, rule in applied if n not in plain))

    def match(self, folded: str) -> Rule | None:
        """The first rule that cuts the line."""
        first, found = 1 << 30, None
        for joint, some in self.joints:
            if (hit := joint.match(folded)) and hit.lastgroup:
                n, rule = some[hit.lastgroup]
                if n < first and len(folded) <= rule.longest:
                    first, found = n, rule
        characters = set(folded)
        for n, rule in self.needy:
            if n > first:
                break
            if not (rule.needs and rule.needs.isdisjoint(characters)) and len(folded) <= rule.longest and rule.pattern.search(folded):
                return rule
        return found


@dataclass(frozen=True, slots=True)
class CleaningRules:
    """All rules."""

    rules: tuple[Rule, ...]
    words: Mapping[str, Rule]
    """Rows of tools and menu entries, word by word."""
    names: Mapping[str, RemovedKind]
    """Classes and ids of elements, word by word."""
    site_names: Mapping[str, RemovedKind]
    """Classes and ids of one site, whole, in lower case."""
    text_names: frozenset[str]
    """Classes and ids under which the site keeps its texts, whatever names, tags and styles say of them."""
    hidden_names: frozenset[str]
    """Classes of words inside a line that no reader sees."""
    metadata: MetadataRules
    zones: Mapping[str, _Zoned]
    simplified: Mapping[int, str]
    """Traditional characters in the words of the rules."""
    claims: tuple[str, ...] = _CLAIMS
    """Words without which a long line is no disclaimer and no footer."""
    known_lines: dict[str, dict[str, Rule | None]] = field(default_factory=lambda: {zone: {} for zone in _APPLY}, compare=False)
    """Lines matched before, by zone: a site wraps the same ones round all its pages."""
    known_names: dict[str, RemovedKind | None] = field(default_factory=dict[str, RemovedKind | None], compare=False)
    """Names read before: a site gives the same ones again and again."""

    @classmethod
    def from_terms(
        cls, terms: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] = (), site_names: Mapping[str, RemovedKind | Literal["text"]] | None = None
    ) -> CleaningRules:
        """Compile the vocabulary `boilerplate`; `lines`, rules of the same form, and `site_names` are those of a site card, and come first."""
        rules = tuple(_rule(line) for line in [*lines, *terms["lines"]])
        words = {word.lower(): _rule(group | {"pattern": ""}) for group in terms.get("words", ()) for word in group["words"]}
        names = {word: group["kind"] for group in terms["names"] for word in group["words"]}
        zones = {zone: _Zoned.of(rules, applied) for zone, applied in _APPLY.items()}
        site_names = site_names or {}
        return cls(
            rules,
            words,
            names,
            {name: kind for name, kind in site_names.items() if kind != "text"},
            frozenset(name for name, kind in site_names.items() if kind == "text"),
            frozenset(terms.get("hidden", ())),
            MetadataRules.from_terms(terms),
            zones,
            {ord(pair[0]): pair[1] for pair in terms.get("traditional", "").split()},
            ("",) if lines else _CLAIMS,
        )

    def match(self, folded: str, zone: Literal["head", "tail", "anywhere"]) -> Rule | None:
        """The first rule of the zone that cuts the folded line."""
        known = self.known_lines[zone]
        if folded in known:
            return known[folded]
        said = folded.translate(self.simplified) if len(folded) <= _ROW_MAX else folded
        found = self._find(said, zone)
        if not found and (plain := _plain(said)) != said:
            found = self._find(plain, zone)
        if len(folded) <= _ROW_MAX:
            if len(known) >= _KNOWN_MAX:
                known.clear()
            known[folded] = found
        return found

    def _find(self, said: str, zone: str) -> Rule | None:
        return self.zones[zone].match(said) or (self._row(said) if zone != "anywhere" else None)

    def match_long(self, text: str) -> Rule | None:
        """The first rule that cuts a sentence or a longer paragraph below the text."""
        return self.zones["tail"].match(fold(text).translate(self.simplified)) if any(word in text for word in self.claims) else None

    def _row(self, folded: str) -> Rule | None:
        """The rule of a line that is made up of words of tools and menus alone."""
        if len(folded) > _ROW_MAX:
            return None
        found = None
        for word in _BETWEEN.split(folded):
            if word and not word.isdigit():
                rule = self.words.get(word.lower()) or self.words.get(word.lower().rstrip("0123456789"))
                if rule is None:
                    return None
                found = found or rule
        return found

    def kind_of_name(self, names: str) -> RemovedKind | None:
        """What the class and id of an element say that it is, if anything.

        Names are read as words: split at case changes, digits, hyphens and underscores.
        """
        if names not in self.known_names:
            if len(self.known_names) >= _KNOWN_MAX:
                self.known_names.clear()
            own = next((self.site_names[name] for name in names.lower().split() if name in self.site_names), None)
            words = map(str.lower, _WORD.findall(_HOLDER.sub("", names)))
            self.known_names[names] = own or next((self.names[word] for word in words if word in self.names), None)
        return self.known_names[names]


def _plain(folded: str) -> str:
    """The line without the spaces that part its characters one by one, and without the addresses of links: 【 返 回 】, [打印](javascript:print())."""
    return _SPACED_OUT.sub("", _LINK.sub(r"\1 ", folded) if "](" in folded else folded)


def _rule(line: Mapping[str, Any]) -> Rule:
    return Rule(
        id=line["id"],
        kind=line["kind"],
        at=line["at"],
        hard=line.get("strength", "hard") == "hard",
        opens=line.get("opens", False),
        longest=line.get("longest", _LONGEST),
        needs=frozenset(line.get("needs", "")),
        # Case means nothing, but where there are no letters to ignore the case of, a pattern is several times as fast.
        pattern=re.compile(line["pattern"], re.IGNORECASE if _LETTER.search(_ESCAPE.sub("", line["pattern"])) else re.NOFLAG),
    )


# What in a pattern is a letter that stands for itself, and what is not: \d, \u4e00, (?i.
_LETTER, _ESCAPE = re.compile("[A-Za-z]"), re.compile(r"\\u[0-9a-f]{4}|\\.|\(\?\w")
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)+")
_SPACED_OUT = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))")
# A footer or a login wall longer than this is a text that mentions one.
_LONGEST = 300
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# ASP.NET names all that a page fills into its frame ctl00_ContentPlaceHolder1_…, the text too.
_HOLDER = re.compile(r"place[-_]?holder", re.IGNORECASE)
