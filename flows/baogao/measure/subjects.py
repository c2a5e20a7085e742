"""Subjects: what the values of a stretch are of, found by one of a few rules.

In: the context of a value (or of a list of values), what stands after it, and what the sentence has said so far. Out: `Found`: subjects and the rule.
The rules, by the name that a record carries:
  clause    the subject stands before the number in its own clause
  comma     the subject stands alone in the clause before (城镇居民人均可支配收入,保持…)
  carried   no subject here: that of the value before
  list      several subjects and several values (分别), or one value for several subjects (均)
  after     the noun follows the number (9件民生实事)
  unnamed   nothing names it: the noun behind it, the verb before it, or its unit has to do
  composed  the name is put together out of two places (总投资1.2亿元的…项目, 98%以上事项实现…)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baogao.measure import nouns
from baogao.measure.composed import of_following, of_owner, part_of, share_among
from baogao.measure.context import Context
from baogao.measure.names import VERB_ONLY, Names
from baogao.measure.numbers import Number

FALL_NAME = re.compile(r"(?:降幅|跌幅)$")
_PACE = frozenset({"增速", "增幅"})
# Words that stand for the subject before them.
_PRONOUN = re.compile(r"(?:总数|总量|总额|总规模|规模|数量|总面积|总里程|占比|增速|增幅|总数量|总值|总量规模)")
_EXCLUDES = re.compile(r"剔除|扣除|不含|不包括|考虑|按可比")
_SHARE = re.compile(r"占(?:比|比重|全部|总量|比达)?")
# 占规上工业比重: of the subject before.
_SHARE_OF = re.compile(r"占[\u3400-\u9fffA-Za-z]{2,20}?(?:的)?(?:比重|比例|比)|占(?:全[国省市县区州球]|世界|总[数量])(?:的)?")
# Clauses that say how, and name nothing: 在优化结构、提高效益的基础上.
_ADVERBIAL = re.compile(
    r"(?:在|为|按照?|根据|围绕|坚持|随着|通过|针对|聚焦|着眼|面对|抢抓|统筹|落实|完善|推动|推进|促进|加快|加强|深化|强化|优化|健全|扩大"
    r"|稳步|持续|积极|大力|全面|扎实|深入|有序|有力|不断|进一步|切实)"
)
# What a clause says of its subject: 国有单位固定资产投资 | 增长显著加快.
_MOVES = re.compile(r"(?<=..)(?:增长|增速|增势|保持|持续|稳步|明显|显著|逐步|大幅|继续|不断|较快|平稳|总体)+(?:加快|回升|向好|增长|回落|放缓|改善|提升|提高|上升|下降|稳定|平稳)$")
_CLAUSE_MAX = 30
# 实现7%左右的增长速度.
_PACE_AFTER = re.compile(r"^(?:左右|以上|以内)?的(?P<noun>(?:年均)?(?:经济)?(?:增长速度|增速|增长|增幅))")
_AND_MORE = re.compile(r"及?以[上下]")
_BOUND_AFTER = re.compile(r"\s?(?:及?以[上下]|左右)")
# Kinds of numbers that count things or people.
COUNTED = frozenset({"count", "people"})
# Kinds of numbers that say how large a project is: 25万吨煤基乙烯聚合物项目.
SIZED = frozenset({"mass", "area", "length", "volume", "energy"})
# Verbs that say that there are so many, and 为 of those for whom: 共有12个国家级园区, 为7000户困难家庭, 实现20个贫困村退出.
_HAS = frozenset({"有", "拥有", "共", "计", "为", "实现"})
# Kinds of numbers that are never followed by their name.
_NO_NOUN = frozenset({"rank", "ratio", "multiple", "point", "time"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a value is of."""

    name: str
    indicator: str | None
    falling: bool = False
    """Whether the last value was a rate of decline, whose narrowing is a rise."""
    paced: bool = False
    """Whether the sentence has told its growth, so that a change in points is one of its pace."""


@dataclass(frozen=True, slots=True)
class Found:
    """Subjects of a stretch, the rule that found them, and how many characters after the number belong to the name."""

    subjects: tuple[Subject, ...]
    rule: str
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence has named so far: the present subjects, all recent ones, and the one that 其中 divides."""

    subjects: tuple[Subject, ...] = ()
    recent: tuple[Subject, ...] = ()
    parent: Subject | None = None


def find_subjects(names: Names, group: Sequence[Number], context: Context, following: str, said: Said) -> Found:
    """The subjects of a list of values, by the first rule that holds."""
    stretch = context.subject.replace("\u3000", "").replace("分别", "").strip()
    if _SHARE.fullmatch(stretch):
        return Found(_share_of(said), "carried")
    if said.subjects and _SHARE_OF.fullmatch(stretch):
        return Found((Subject(said.subjects[0].name + stretch, None),), "carried")
    name = names.trim(stretch)
    return (
        _composed(names, name, stretch, group, context, following, said)
        or _listed(names, name, group, context, said)
        or _after(names, name, group[-1], context, following)
        or _in_clause(names, name, context, said)
        or _in_clause_before(names, group[0], context, said)
        or _carried(names, name, group, context, said)
        or _unnamed(names, group[0], context, following)
    )


def subject(names: Names, name: str) -> Subject:
    """A subject by its name."""
    return Subject(name, names.known(name), bool(FALL_NAME.search(name)))


def _composed(names: Names, name: str, stretch: str, group: Sequence[Number], context: Context, following: str, said: Said) -> Found | None:
    """A name out of two parts."""
    first = group[0]
    if len(group) == 1 and first.kind != "percent" and (found := of_following(name, following)):
        return Found((subject(names, found[0]),), "composed", found[1])
    if len(group) == len(said.subjects) == 1 and first.kind == "money" and (owned := of_owner(name, stretch, said.subjects[0].name)):
        return Found((subject(names, owned),), "composed")
    if first.kind == "percent" and len(group) == 1 and not name and not context.verb and (found := part_of(following)):
        return Found((Subject(found[0], None),), "composed", found[1])
    if first.kind == "percent" and context.clauses and (share := share_among(name, context.clauses[0])):
        return Found((subject(names, share),), "composed")
    return None


def _listed(names: Names, name: str, group: Sequence[Number], context: Context, said: Said) -> Found | None:
    """Several names for several values, or for one that they share."""
    apart = "分别" in context.subject or bool({"分别", "依次"} & context.adverbs)
    alike = bool({"均", "都", "各"} & context.adverbs)
    n, stretch = len(group), context.subject.replace("分别", "")
    if name:
        members = names.split(name)
        if apart and n > 1 and len(members) != n:
            members = names.split(stretch)  # a list too long to be a name
        if (n > 1 and len(members) == n) or (n == 1 < len(members) and (apart or alike or names.all_known(members))):
            return Found(tuple(subject(names, member) for member in members), "list")
        parts = _parts(names, name)
        if len(members) == 1 and parts and (n == len(parts) or (apart and n == 1)):
            return Found(parts, "list")
    elif apart and n > 1 and len(said.subjects) == n:
        return Found(said.subjects, "list")
    if apart and n > 1 and len(said.recent) >= n:
        return Found(tuple(subject(names, of_owner(name, stretch, one.name) or one.name + name) if name else one for one in said.recent[-n:]), "list")
    return None


def _after(names: Names, name: str, number: Number, context: Context, following: str) -> Found | None:
    """The noun that follows the number."""
    if number.unit and number.unit.endswith("人口") and not name.endswith("人口"):
        return Found((subject(names, "人口"),), "after")  # 拥有14亿人口
    if (context.verb and not (context.verb in _HAS and number.kind in {"count", "bare"})) or number.kind in _NO_NOUN:
        return None
    if number.kind == "percent" and not name and (pace := _PACE_AFTER.match(following)):
        return Found((subject(names, pace["noun"]),), "after", pace.end())
    found = _noun_after(name, number, context, following)
    if not found:
        return None
    # 近六成财政支出 is a part of the expenditure, not its growth.
    return Found((Subject(found[0], None) if number.kind == "percent" else subject(names, found[0]),), "after", found[1])


def _noun_after(name: str, number: Number, context: Context, following: str) -> tuple[str, int] | None:
    """The noun that follows a number of its kind, and how many characters of what follows belong to it."""
    acts, listed = not name or bool(VERB_ONLY.match(name)), context.subject.endswith("等")
    if number.kind == "money" or (number.kind == "bare" and number.unit):
        return nouns.of_money(name, following) or (nouns.of_multitude(following) if number.kind == "bare" else None)
    if number.kind in SIZED and (acts or context.subject.endswith("的")):
        return nouns.of_size(following)
    if number.kind == "percent" and not (acts and (number.numeral or _AND_MORE.match(following))):
        return None
    return _noun_of_count(name, number, acts=acts, listed=listed, following=following)


def _noun_of_count(name: str, number: Number, *, acts: bool, listed: bool, following: str) -> tuple[str, int] | None:
    """The noun of a count: with the verb before it where that only acts, alone where a list (…等) or a clause has begun."""
    skipped = bound.end() if (bound := _BOUND_AFTER.match(following)) else 0
    rest, counted = following[skipped:], number.kind in COUNTED
    if acts or listed:
        found = nouns.of_count("" if listed else name, rest) or (nouns.of_people(rest) if counted else None)
    else:
        found = nouns.of_begun_clause(rest) if counted else None
    return (found[0], found[1] + skipped) if found else None


def _in_clause(names: Names, name: str, context: Context, said: Said) -> Found | None:
    """The name before the number."""
    if name and context.verb and name + context.verb in names.lexicon.aliases:
        return Found((subject(names, name + context.verb),), "clause")  # 经济 + 增长
    if not name or VERB_ONLY.match(name) or _EXCLUDES.match(name) or (said.subjects and _PRONOUN.fullmatch(name)):
        return None
    earned = "收入" if context.verb == "增收" and not name.endswith("收入") else ""  # 贫困户人均增收1490元
    return Found((subject(names, name + earned + _pace(context)),), "clause")


def _in_clause_before(names: Names, number: Number, context: Context, said: Said) -> Found | None:
    """The name that stands alone in an earlier clause. A ratio is of nothing that a figure before it is of."""
    free = not said.subjects or number.kind == "ratio"
    for clause in context.clauses:
        earlier = _MOVES.sub("", names.trim(clause))
        known = names.known_start(earlier)
        if known or (earlier and free and not VERB_ONLY.match(earlier) and not _ADVERBIAL.match(earlier) and len(earlier) <= _CLAUSE_MAX):
            return Found((subject(names, known or earlier),), "comma")
    return None


def _carried(names: Names, name: str, group: Sequence[Number], context: Context, said: Said) -> Found | None:
    """The subjects of the value before, or of as many before it as there are values; for a bare verb with nothing before it, the verb itself."""
    if context.verb and not name and len(said.subjects) == 1 < len(group) <= len(said.recent) and said.recent[-1].name == said.subjects[0].name:
        return Found(said.recent[-len(group) :], "carried")  # 城镇…收入15781元,农村…收入4761元,实际增长8.4%和8%
    if said.subjects and (context.verb or not name or _PRONOUN.fullmatch(name) or _EXCLUDES.match(name)):
        suffix = _pace(context)
        return Found(tuple(Subject(one.name + suffix, one.indicator, one.falling) for one in said.subjects), "carried")
    if name:
        return Found((subject(names, name),), "clause")
    # ;全年增长7.4%: the last that was named, where the clause names nothing and says how it moved.
    return Found(said.recent[-1:], "carried") if context.verb and said.recent else None


def _unnamed(names: Names, number: Number, context: Context, following: str) -> Found:
    """What is nearest to a name, so that no figure is lost."""
    if number.kind in {"bare", "rank", "time"} or (number.kind == "ratio" and not context.subject):
        return Found((), "carried")
    noun = nouns.of_any(following) or ("家庭" if number.unit and number.unit.endswith("家庭") else None)
    name = noun or context.subject or context.verb or (None if number.kind == "percent" else number.unit)
    return Found((subject(names, name),), "unnamed") if name else Found((), "carried")


def _pace(context: Context) -> str:
    """增速 where a gap or a rank is that of the growth, not of the amount."""
    return context.verb if context.verb in _PACE and context.relation in {"gap", "rank"} else ""


def _share_of(said: Said) -> tuple[Subject, ...]:
    """占66.1%: the share of the present subject in the one that 其中 divides."""
    if not said.subjects:
        return ()
    part = said.subjects[0]
    whole = said.parent.name if said.parent and said.parent != part else ""
    return (Subject(f"{part.name}占{whole}比重" if whole else f"{part.name}占比", None),)


def _parts(names: Names, name: str) -> tuple[Subject, ...]:
    """The indicators that a joint name stands for: 城乡居民人均可支配收入分别增长8%和10%."""
    lexicon = names.lexicon
    term = lexicon.terms.get(names.known(name) or "")
    return tuple(Subject(lexicon.terms[part].title, part) for part in term.parts) if term else ()
