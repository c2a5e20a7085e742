"""Linking: every number of a sentence gets its name, measure, sign, bound, period and status.

In: one sentence of folded text, its stance, the report year. Out: `Indicator`s with offsets into that sentence, in order.
Numbers are taken from left to right; what a sentence has named so far is carried along in a `_State`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from baogao.measure.context import Context, ContextReader
from baogao.measure.lexicon import Lexicon
from baogao.measure.masks import find_masks
from baogao.measure.names import VERB_ONLY, Names
from baogao.measure.numbers import Number, NumberGrammar
from baogao.measure.periods import Period, Span, find_periods
from baogao.measure.qualify import Meaning, Qualifiers, Stance, signed_values
from baogao.measure.subjects import COUNTED, FALL_NAME, SIZED, Found, Said, Subject, find_subjects
from baogao.records import Indicator

_DURATION = re.compile(r"(?:连续|持续)(?:[一二两三四五六七八九十]+|\d+)个?(?:年|月|季度|届|次)|[一二两三四五六七八九十]+年累计|(?:[一二两三四五六七八九十]+|\d+)年内")
_REMARK = re.compile(r"\([^()]*\)|(?:连续|接连)?(?:迈上|跨越|跨过|连跨|跃上|登上|实现)\d+个[十百千万亿]+元?级?(?:新?台阶|大关)")
_LIST_GAP = re.compile(r"(?:、|和|及|与|以及|,)\s*")
# After a comma a value goes on with a list only when it names nothing itself: 分别增长6%,8%。 but 新建学校3所,20家企业入驻.
_LIST_END = re.compile(r"\s*(?:[,。;、)]|$)")
_RATE_NAME = re.compile(r"(?:率|比重|比例|占比|比|度|强度|水平|面|增速|增幅)$")
_GROWTH_END = re.compile(r"(?:增速|增幅|涨幅|增长速度|增长)$")
# What an amount of money is for, said before it.
_PER = {"每人每月": "/人·月", "每人每年": "/人·年", "每月": "/月"}
_ATTAINS, _APART = re.compile(r"突破|超过|达到|^[、,](?:总[数量额])?(?:已)?[达超]"), re.compile(r"(?:分别|均|都|各|依次)[^,。;]*$")
_OPENS_MEMBER = re.compile(r"[\u3400-\u9fff”)](?:[、和]|(?<![惠普涉触遍顾])及)$")
_NOUN_NEXT = re.compile(r"\s?(?:以上|左右|多)?的?[\u3400-\u9fff“]{2}")
_ALL_ESTIMATED = re.compile(r"(?:预计|初步核算|初步统计):")
_LESSENED = re.compile(r"(?P<verb>减轻|降低|减少|压减|压缩|缩减|削减)(?:了)?(?![到至为])(?P<what>[\u3400-\u9fffA-Za-z]{2,12})$")
_WITHOUT_FACTOR = frozenset({"percent", "point", "ratio"})


@dataclass(slots=True)
class _State:
    """What a sentence carries from value to value."""

    text: str
    stance: Stance
    report_year: int | None
    names: Names
    periods: Sequence[Period]
    planned: Span | None = None
    said: Said = field(default_factory=Said)
    estimate: bool = False
    all_estimated: bool = False
    """Whether all that follows is estimated: 预计:…"""
    expected: bool = False
    target: Subject | None = None
    """The subject of the last base target."""
    base: str | None = None
    """The base of the last value."""
    per: str = ""
    """What the last amount was for: /人·月."""


class Linker:
    """Links the numbers of sentences with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.numbers = NumberGrammar(lexicon)
        self.contexts = ContextReader(lexicon)
        self.qualifiers = Qualifiers(lexicon)

    def link(
        self, text: str, *, stance: Stance, report_year: int | None, place: str | None = None, divided: Indicator | None = None, planned: Span | None = None
    ) -> list[Indicator]:
        """Records of one folded sentence; `divided` is of the sentence before, where this one tells its parts; `planned` as in period."""
        if not self.numbers.may_be_in(text):
            return []
        periods = find_periods(text, report_year, back=stance == "back")
        masked = [*find_masks(text), *((period.start, period.end) for period in periods)]
        numbers = self.numbers.find(text, masked)
        state = _State(text, stance, report_year, Names(self.lexicon, place), periods, planned)
        if divided:
            state.said = Said(parent=Subject(divided.name, divided.indicator))
        found: list[Indicator] = []
        at = n = 0
        while n < len(numbers):
            group = self._group(text, numbers, n)
            records, at = self._link_group(at, group, state)
            found += records
            n += len(group)
        return found

    def _group(self, text: str, numbers: Sequence[Number], n: int) -> list[Number]:
        """The number and those of its kind that follow it in one list, with nothing but a list mark and qualifiers between."""
        group = [numbers[n]]
        for number in numbers[n + 1 :]:
            if self._counts_the_same(text, group[-1], number):
                group.append(number)  # 12类45件民生实事
                continue
            between = text[self.qualifiers.end(text, group[-1]) : number.start].strip()
            gap = self.qualifiers.left.sub("", between)
            if _ATTAINS.search(between) and not _APART.search(text[: group[0].start]):
                break  # 净增98万户、突破1900万户: what it grew by, and what it reached
            if number.kind != group[-1].kind or not _LIST_GAP.fullmatch(gap):
                break
            if gap.startswith(",") and not _LIST_END.match(text, self.qualifiers.end(text, number)):
                break
            group.append(number)
        return group

    def _counts_the_same(self, text: str, one: Number, other: Number) -> bool:
        """Whether two counts that follow each other are of one thing: 12类45件民生实事, 1646户6680人, 8461户、29100人."""
        between = text[self.qualifiers.end(text, one) : other.start]
        if not between:
            return one.kind == other.kind == "count" or (one.kind == "count" and other.kind == "people")
        return between == "、" and (one.unit or "").endswith("户") and (other.unit or "").endswith("人")

    def _link_group(self, at: int, group: Sequence[Number], state: _State) -> tuple[list[Indicator], int]:
        """Records of a list of values, and where the next one's words begin."""
        text, first = state.text, group[0]
        left = self.qualifiers.before(text, at, first)
        stretch = text[at : left.start() if left else first.start]
        self._note(stretch, state)
        if _OPENS_MEMBER.search(stretch) and first.kind in COUNTED | SIZED:
            stretch = stretch[-1:]  # …项目投产、300万吨…项目: what stands before is of the number before
        context = self._lessened(_acting(self.contexts.read(_bare(stretch, at, state.periods), first.kind), first, text), first)
        end = self.qualifiers.end(text, group[-1])
        found = find_subjects(state.names, group, context, text[group[-1].end : end + 40], state.said)
        if found.rule in {"clause", "list", "after"} and state.said.subjects and not self.qualifiers.estimate.search(stretch):
            state.estimate = False  # 初步核算 and 预计 hold for the subject that they introduce
        records = []
        edge = at
        for number, subject in _pairs(group, found.subjects):
            if number is not first:
                edge = self.qualifiers.end(text, group[group.index(number) - 1])
            if record := self._record(edge, number, group, subject, context, found.rule, state):
                records.append(record)
        self._remember(found, group, context, state)
        return records, max(end, group[-1].end + found.taken)

    def _lessened(self, context: Context, number: Number) -> Context:
        """The context of an amount by which something was lessened, where the verb stands before it: 压减地下水开采量21.5亿立方米."""
        found = None if context.verb or number.kind in {"percent", "rank", "ratio"} else _LESSENED.search(context.subject)
        return replace(context, verb=found["verb"], subject=found["what"]) if found else context

    def _note(self, stretch: str, state: _State) -> None:
        """Words of a stretch that hold beyond it: a new clause of its own, 预计, 届时, 其中."""
        if ";" in stretch or "。" in stretch:
            state.said = replace(state.said, subjects=())
            state.estimate = state.expected = False
        state.estimate = state.estimate or bool(self.qualifiers.estimate.search(stretch))
        state.all_estimated = state.all_estimated or bool(_ALL_ESTIMATED.search(stretch))
        state.expected = state.expected or bool(self.qualifiers.expected.search(stretch))
        if "其中" in stretch and state.said.subjects:
            state.said = replace(state.said, parent=state.said.subjects[0])

    def _remember(self, found: Found, group: Sequence[Number], context: Context, state: _State) -> None:
        if not found.subjects:
            return
        falling = bool(FALL_NAME.search(context.subject))
        paced = group[0].kind == "percent" and (context.verb in self.lexicon.rise or context.verb in self.lexicon.fall)
        subjects = found.subjects
        if falling or paced:
            subjects = tuple(Subject(one.name, one.indicator, falling or one.falling, paced or one.paced) for one in subjects)
        new = tuple(subject for subject in found.subjects if subject not in state.said.recent[-4:])
        state.said = Said(subjects, state.said.recent + new, state.said.parent)

    def _record(
        self, at: int, number: Number, group: Sequence[Number], subject: Subject, context: Context, rule: str, state: _State
    ) -> Indicator | None:
        text, q = state.text, self.qualifiers
        meaning = q.meaning(number, subject, context, text[number.end : number.end + 8])
        if meaning is None:
            return None
        if number.kind == "money":
            state.per = next((_PER[word] for word in context.adverbs if word in _PER), state.per if rule == "carried" else "")
            meaning = replace(meaning, unit=f"{meaning.unit}{state.per}")
        bound, qualifier = q.bound(text, at, number, group, meaning.sign)
        value, low, high = signed_values(number, meaning, bound)
        known = subject.indicator is not None
        first, last, base = q.period(
            text, number, state.periods, context, stance=state.stance, report_year=state.report_year, measure=meaning.measure, is_known=known, planned=state.planned
        )
        before, state.base = state.base, base
        status = q.status(text, number, last, stance=state.stance, report_year=state.report_year, estimate=state.estimate or state.all_estimated, expected=state.expected)
        tone, tier = q.tone(text, at, number, beside_target=state.target is not None and state.target.name == subject.name)
        if status == "target" and tier == "base":
            state.target = subject
        written = _name(subject, number, meaning, base=before)
        name = self.lexicon.spelled(written, state.names.place)
        return Indicator(
            start=number.start,
            end=number.end,
            name=name,
            written_as=written if written != name else None,
            measure=meaning.measure,
            quote=text[number.start : number.end],
            rule="ratio" if meaning.measure == "ratio" else rule,
            indicator=subject.indicator,
            value=value,
            value_low=low,
            value_high=high,
            unit=meaning.unit,
            value_si=value if value is None or number.kind in _WITHOUT_FACTOR else round(value * number.factor, 6),
            unit_si=_unit_si(number, meaning, state.per),
            bound=bound if meaning.measure != "ratio" else None,
            qualifier=context.qualifier or qualifier,
            tone=tone,
            tier=tier,
            status=status,
            period_start=first,
            period_end=last,
            base=base if meaning.measure in {"growth", "change", "multiple"} else None,
            reference=context.reference if meaning.measure in {"gap", "completion"} else None,
            scope=q.scope(text, at, number),
        )


def _acting(context: Context, number: Number, text: str) -> Context:
    """The context of a count or size whose noun follows it: what is done with the noun is no movement of it (改造提升3000个行政村)."""
    acts = context.subject + (context.verb or "")
    if context.verb and number.kind in COUNTED | SIZED and VERB_ONLY.match(acts) and _NOUN_NEXT.match(text, number.end):
        return replace(context, verb=None, subject=acts)
    return context


def _unit_si(number: Number, meaning: Meaning, per: str) -> str | None:
    """The base unit: that of the number, of money where a noun behind it says so (1万亿国债), with what it is for."""
    if meaning.unit == "%":
        return "%"
    base = "元" if meaning.unit and meaning.unit.endswith("元") and number.unit_si is None else number.unit_si
    return base + per if base and number.kind == "money" else base


def _pairs(group: Sequence[Number], subjects: Sequence[Subject]) -> list[tuple[Number, Subject]]:
    """Which value is of which subject: one each, one value for all, or all values for one."""
    if len(subjects) == len(group):
        return list(zip(group, subjects, strict=True))
    if len(group) == 1:
        return [(group[0], subject) for subject in subjects]
    return [(number, subjects[0]) for number in group] if subjects else []


def _bare(stretch: str, at: int, periods: Sequence[Period]) -> str:
    """The stretch with periods, durations, steps taken (连跨3个千亿元台阶) and remarks in parentheses blotted out; a period that is compared with stays."""
    said = stretch
    for period in periods:
        start, end = period.start - at, period.end - at
        if start >= 0 and end <= len(said) and not period.compared:
            said = said[:start] + "\u3000" * (end - start) + said[end:]
    for pattern in (_DURATION, _REMARK):
        said = pattern.sub(lambda match: "\u3000" * len(match.group()), said)
    return said


def _name(subject: Subject, number: Number, meaning: Meaning, *, base: str | None) -> str:
    """The name that the record carries: the amount for its growth (固定资产投资降幅 -2.1%), the pace for a change of pace in points.

    `base` is that of the value before: a gap to 年均增长8.1% is one of the mean pace.
    """
    name = FALL_NAME.sub("", subject.name)
    if meaning.measure == "growth" and subject.indicator:
        return _GROWTH_END.sub("", name) or name
    if meaning.measure in {"change", "gap"} and number.kind == "point" and not _RATE_NAME.search(name):
        return name + ("年均增速" if base == "cagr" else "增速")
    return name
