"""Qualifiers: bound, sign, measure, tone, period and status of one value.

In: a number, its context and its sentence. Out: the fields of a record. Never: the subject, which is found before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from baogao.measure.context import Context
from baogao.measure.lexicon import Lexicon, words
from baogao.measure.numbers import Number
from baogao.measure.numerals import spoken_or_digits
from baogao.measure.periods import Period, Span, plan_of, year_named, year_span
from baogao.measure.subjects import FALL_NAME, Subject
from baogao.records import Bound, Measure, Status, Tier

Stance = Literal["back", "ahead", "none"]
"""Whether a text looks back (a review), ahead (targets and tasks), or neither."""

_GROWTH_NAME = re.compile(r"(?:增速|增幅|涨幅|增长速度|增长)$")
_PRICES = frozenset({"cpi", "retail_prices"})
_FLIPPED: dict[Bound, Bound] = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}
_PACES = frozenset({"涨幅", "增幅", "增速", "降幅", "跌幅"})
_GROWS = frozenset({"增长", "下降", "增加", "减少"})
_RATE = re.compile(r"(?:率|比重|比例|占比|度|强度|水平|增速|增幅|涨幅)$")
# In a text that looks ahead, what has been done already: 目前已建成…
_DONE = re.compile(r"(?:目前|现已|已经|已)(?:累计|全部|有|建成|完成|实现|达到?|形成|开工|投产|竣工|签约|落地|下达|到位)[^。;]{0,40}$")
_DONE_ALL = re.compile(r"[^:。;,]{0,12}已经?(?:建成|完成|竣工|投产)[^:。;]{0,10}:")
_ATTAINED = re.compile(r"(?:突破|超过|超|跨越|跨上|跃上|迈上|站上|达到?|逾)$")
# Before a value that has held, or grown, for so many years: 连续12年稳定在20亿斤以上.
_LASTING = re.compile(r"连续(?P<n>[一二两三四五六七八九十]+|\d{1,2})年(?!第)[^,。;\d]{0,12}$")
_STEP = re.compile(r"^(?:的)?(?P<word>(?:新|[一二两三四五]个)?台阶|(?:新)?大关|关口)")
_PAST_TARGET = re.compile(r"^(?:左右|以上|以内)?的?(?:预期|预定|年初|既定|年度|计划|调控)(?:增长)?(?:目标|任务|计划|指标)")
_NOTED_ESTIMATE = re.compile(r"^[^,。;()]{0,4}\((?:预计|初步核算|快报)")
_SCOPE_NOTE = re.compile(r"^\((?P<scope>(?:剔除|扣除|不含|不包括|按|可比|同口径|含|市本级)[^()]{0,20})\)")
_SCOPE_BEFORE = re.compile(r"\((?P<note>[^()]{1,16}口径[^()]{0,6})\)|(?:^|[,、;])(?P<excluded>(?:剔除|扣除)[^,;]{1,20}?(?:因素后?|后))|(?P<basis>(?:验资|同|可比|新|全)口径)")
_STOPS, _AIMED, _CAPPED = re.compile(r"[;。]"), re.compile(r"目标|力争|确保"), re.compile(r"控制在[^,。;]{0,24}$")
# Before a value that something set out from: 由2020年的45%. Its period is not that of the value reached (提高到52%), unlike 从2023年起提高到52%.
_FROM = re.compile(r"[由从][^,。;、到至为]{0,24}$")
_REACHED = re.compile(r"(?!起|开始|以来|之?后)[^,。;]{0,20}?[到至为]")
_WHOLE_YEAR = re.compile(r"全年(?!计划|目标|任务|预算|预期)")
# 保持10%以上增长.
_GROWS_AFTER = re.compile(r"(?:及?以上|左右|以内)?的?增长")
_STOCK = frozenset({"level", "share", "index"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What kind of quantity a number is: measure, sign, the factor its value takes, and its unit."""

    measure: Measure
    sign: int = 1
    factor: float = 1.0
    unit: str | None = None


class Qualifiers:
    """Reads qualifiers with the words of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.left = re.compile(rf"(?P<word>{words(lexicon.before)})(?:了|达|到)?\s*$")
        self.right = re.compile(rf"\s?(?P<word>{words(lexicon.after)})")
        self.tones = re.compile(words(lexicon.qualifiers["tones"]))
        self.stretch = re.compile(words(lexicon.qualifiers["stretch"]))
        self.estimate = re.compile(words(lexicon.qualifiers["estimate"]))
        self.expected = re.compile(words(lexicon.qualifiers["expected"]))

    # --- around the number

    def before(self, text: str, at: int, number: Number) -> re.Match[str] | None:
        """The qualifier directly before a number."""
        return self.left.search(text, at, number.start)

    def end(self, text: str, number: Number) -> int:
        """Where the number ends with the qualifier after it."""
        match = self._after(text, number)
        return match.end() if match else number.end

    def _after(self, text: str, number: Number) -> re.Match[str] | None:
        match = self.right.match(text, number.end)
        if not match:
            return None
        # 内 alone is a qualifier only of what is kept (控制在…内), 起 only of an age or a date.
        kept = match["word"] != "内" or _CAPPED.search(text[: number.start])
        return match if kept and match["word"] != "起" else None

    def bound(self, text: str, at: int, number: Number, group: Sequence[Number], sign: int) -> tuple[Bound, str | None]:
        """The bound on the signed number line, and the words that gave it."""
        lexicon = self.lexicon
        left, right = self.before(text, at, number), self._after(text, number)
        if right is None and group[-1] is not number and (tail := self._after(text, group[-1])) and lexicon.after[tail["word"]] == "le":
            right = tail  # 控制在5%和1.88‰以内: the last word holds for the whole list
        if left is None and group[0] is not number and (head := self.before(text, 0, group[0])) and (lexicon.before[head["word"]] == "cap" or text[: head.start()].endswith("分别")):
            left = head
        step = _STEP.match(text[group[-1].end : group[-1].end + 6])
        said = [match["word"] for match in (left, right) if match] or [word for word in (number.inside, step and step["word"]) if word]
        bound = self._weigh(number, left and lexicon.before[left["word"]], right and lexicon.after[right["word"]], step)
        return (_FLIPPED.get(bound, bound) if sign < 0 else bound), "…".join(said) or None

    def _weigh(self, number: Number, left: str | None, right: str | None, step: re.Match[str] | None) -> Bound:
        if number.is_range:
            return "range"
        if right in {"approx", "ge", "le"} and not (left in {"gt", "lt"} and right != "approx"):
            return _as_bound(right)
        if left:
            return "le" if left == "cap" else _as_bound(left)
        if number.bound and number.bound != "doubled":
            return _as_bound(number.bound)
        if right or step:
            return "gt" if right == "gt" else "ge"
        return "eq"

    def tone(self, text: str, at: int, number: Number, *, beside_target: bool) -> tuple[str | None, Tier]:
        """The word that says how firmly a target is set, and the tier that it makes beside a base target of the same subject."""
        start = max([at, *(text.rfind(mark, at, number.start) + 1 for mark in ",;:。、")])
        said = text[start : number.start]
        if said.endswith("按") and text.startswith("安排", number.end):
            return "按…安排", "internal" if beside_target else "base"
        match = self.tones.search(said)
        return (match.group() if match else None), "stretch" if match and beside_target and self.stretch.search(said) else "base"

    def scope(self, text: str, at: int, number: Number) -> str | None:
        """What the value covers or leaves out, as written."""
        if after := _SCOPE_NOTE.match(text[number.end : number.end + 28]):
            return after["scope"]
        before = _SCOPE_BEFORE.search(text[at : number.start])
        return next((group for group in before.groups() if group), None) if before else None

    # --- what the number means

    def meaning(self, number: Number, subject: Subject, context: Context, following: str) -> Meaning | None:
        """The measure with sign and unit; None for a number that measures nothing."""
        verb, kind, unit = _moving(number, context), number.kind, number.unit
        moves = verb in self.lexicon.rise or verb in self.lexicon.fall
        sign = -1 if verb in self.lexicon.fall else 1
        if kind == "ratio":
            return Meaning("ratio", unit=unit)
        if kind == "rank":
            return Meaning("rank", unit=unit)
        if context.relation in {"completion", "gap"}:
            return Meaning("completion" if context.relation == "completion" else "gap", unit=unit)
        if kind == "multiple":
            plain = number.bound == "doubled" or context.relation == "multiple" or not moves
            return Meaning("multiple", unit=unit) if plain else Meaning("growth", sign, 100.0, "%")
        if kind == "point" and verb in _GROWS and not subject.paced and not _RATE.search(subject.name):
            return Meaning("growth", sign, unit=unit)  # 增长7至8个百分点 of an amount is meant to be its growth
        if kind == "point":
            return Meaning("change", 1 if subject.falling and verb == "收窄" else sign, unit=unit)
        if kind == "percent":
            return self._percent(number, subject, verb, following, sign=sign, moves=moves)
        if unit is None:
            return Meaning("index") if _is_index(number, subject) else None
        if kind == "bare" and re.match(r"国债|债券|专项债|投资|贷款|资金", following):
            unit += "元"
        return Meaning("change" if moves else "level", sign if moves else 1, unit=unit)

    def _percent(self, number: Number, subject: Subject, verb: str | None, following: str, *, sign: int, moves: bool) -> Meaning:
        term = self.lexicon.terms.get(subject.indicator or "")
        unit = number.unit
        # 城镇调查失业率、居民消费价格涨幅: the pace is of prices alone.
        is_rate = term is not None and term.percent == "share" and verb in _PACES
        if (moves and not is_rate) or _GROWS_AFTER.match(following):
            return Meaning("growth", sign, unit=unit)
        if FALL_NAME.search(subject.name) or (subject.falling and verb in {"收窄至", "收窄到"}):
            return Meaning("growth", -1, unit=unit)
        if _is_index(number, subject):
            return Meaning("index", unit=unit)
        grows = _GROWTH_NAME.search(subject.name) or verb == "转为" or (term is not None and term.percent == "growth")
        return Meaning("growth" if grows else "share", unit=unit)

    # --- when

    def period(
        self,
        text: str,
        number: Number,
        periods: Sequence[Period],
        context: Context,
        *,
        stance: Stance,
        report_year: int | None,
        measure: Measure,
        is_known: bool = False,
        planned: Span | None = None,
    ) -> tuple[date | None, date | None, str]:
        """First and last day of what the value is of, and the base of its growth or change; `is_known`: it is of a canonical indicator, which has a level.

        `planned` are the years that the section is about, where it is not about the year of the report: a level that it aims at is that of the last of them.
        """
        base = "cagr" if "年均" in context.adverbs or "年均" in context.subject else "cumulative" if "累计" in context.adverbs else "yoy"
        over = context.reference if context.relation == "multiple" else context.compared
        if over and (year := year_named(over)):
            base = str(year)
        if measure in _STOCK and context.compared and not context.verb:
            periods = [replace(p, compared=not p.compared) for p in periods]  # 比2020年的285亿元: the value that is compared with
        if planned and not any(p.end <= number.start and not p.compared and p.first for p in periods):
            return (*(year_span(planned[1].year) if measure in _STOCK else planned), base)
        first, last = self._named(text, number, periods, stance, report_year, base)
        if first and last and (lasting := _LASTING.search(text[: number.start])):
            years = spoken_or_digits(lasting["n"])
            return date(last.year - years + 1, 1, 1), last, base
        if measure == "change" and (moved := _moved(text, number, periods)):
            return *moved, base
        spans = first is not None and last is not None and last.year > first.year
        if first and last and spans and measure in _STOCK and base == "yoy":
            if _FROM.search(text[: number.start]):
                return *year_span(first.year - 1), base  # 从285亿元增加到426亿元: where the period set out from
            if measure != "level" or context.verb or (is_known and _ATTAINED.search(text[: number.start])):
                return *year_span(last.year), base
        return first, last, base

    def _named(
        self, text: str, number: Number, periods: Sequence[Period], stance: Stance, report_year: int | None, base: str
    ) -> tuple[date | None, date | None]:
        """The last period named before the number, else that of the stance."""
        named = (p for p in reversed(periods) if p.end <= number.start and not p.compared and p.first)
        if not _FROM.search(text[: number.start]):
            named = (p for p in named if not (text[: p.start].endswith(("由", "从")) and _REACHED.match(text, p.end, number.start)))
        elif (begun := _begun(text, number, periods)) is not None:
            return begun.first, begun.last
        nearest = next(named, None)
        if nearest is not None and nearest.first:
            if stance == "back" and text[nearest.start : nearest.end] in {"上年", "上一年"}:
                return year_span(nearest.first.year - 1)  # in a review the year before is the year before the one reviewed
            if nearest.last and nearest.last.year == nearest.first.year and _WHOLE_YEAR.search(text, nearest.end, number.start):
                return year_span(nearest.first.year)  # 上半年增长6.2%,全年增长7.4%
            if base == "cagr" and nearest.until and (plan := plan_of(nearest.first.year)):
                return plan[0], nearest.last
            return nearest.first, nearest.last
        if report_year is None or stance == "none":
            return (None, None) if report_year is None else year_span(report_year)
        if stance == "back":  # a mean pace that is looked back on without a period is that of a term, or of a plan: five years both
            return year_span(report_year - 5, report_year - 1) if base == "cagr" else year_span(report_year - 1)
        return plan_of(report_year) or year_span(report_year) if base == "cagr" else year_span(report_year)

    def status(self, text: str, number: Number, last: date | None, *, stance: Stance, report_year: int | None, estimate: bool, expected: bool) -> Status:
        """Whether the value is an achievement, an estimate, a target, or what else it is."""
        following = text[number.end : number.end + 24]
        if stance == "back" and _PAST_TARGET.match(following):
            return "past_target"
        if expected:
            return "expected"
        year = last.year if last and report_year else None
        if stance == "ahead":
            done = (_DONE.search(text[: number.start]) or _DONE_ALL.match(text)) and not self.tones.search(text[: number.start])
            return "actual" if done or (year and report_year and year < report_year) else "target"
        if stance == "back":
            if year and report_year and year > report_year:
                return "target"
            return "estimate" if estimate or _NOTED_ESTIMATE.match(following) else "actual"
        return "target" if _AIMED.search(text, 0, number.start) else "actual"


def _moving(number: Number, context: Context) -> str | None:
    """The verb of the number; that of a count may stand before its noun: 净增高新技术企业15家."""
    return "净增" if number.kind == "count" and context.subject.startswith("净增") else context.verb


def _begun(text: str, number: Number, periods: Sequence[Period]) -> Period | None:
    """The period that a later pair set out from, where the sentence has told both once: 从2020年的A增长到2025年的B,…从3826亿元增长到…."""
    named = [p for p in periods if p.end <= number.start and p.first and p.last]
    if len(named) < 2 or not text[: named[-1].start].endswith(("到", "至", "为")):
        return None
    began = named[-2]
    return began if text[: began.start].endswith(("由", "从")) and _REACHED.match(text, began.end, number.start) else None


def _moved(text: str, number: Number, periods: Sequence[Period]) -> Span | None:
    """The years that a change lies between, where the sentence has told both: 由2015年的52.3%提高到2020年的60.1%,提高7.8个百分点."""
    named = [p for p in periods if p.end <= number.start and p.first and p.last]
    if len(named) < 2 or _STOPS.search(text, named[-2].start, number.start):
        return None
    start, end = named[-2], named[-1]
    told = text[: start.start].endswith(("由", "从")) and _REACHED.match(text, start.end, number.start) and "," in text[end.end : number.start]
    return (start.first, end.last) if told and start.first and end.last and start.first < end.last else None


def signed_values(number: Number, meaning: Meaning, bound: Bound) -> tuple[float | None, float | None, float | None]:
    """Value, lower and upper end on the signed number line.

    eq: all three; ge, gt: value and lower; le, lt: value and upper; approx and near: value alone; range: both ends and no value.
    """
    if number.value is None:
        return None, None, None
    # 下降-3.5% says once too often that it fell.
    sign = 1 if meaning.sign < 0 and number.value < 0 else meaning.sign
    value = _clean(number.value * sign * meaning.factor)
    if number.high is not None:
        low, high = sorted((value, _clean(number.high * meaning.sign * meaning.factor)))
        return None, low, high
    return value, value if bound in {"eq", "ge", "gt"} else None, value if bound in {"eq", "le", "lt"} else None


def _clean(value: float) -> float:
    """Without the noise of binary fractions: 0.1 + 0.2 is 0.3. No report has more than nine decimals."""
    return round(value, 9)


def _is_index(number: Number, subject: Subject) -> bool:
    """A price index stands around 100, a change of prices never does; any other index is a number without a unit."""
    prices = subject.indicator in _PRICES and number.value is not None and 80 <= number.value <= 200
    return prices or (number.kind == "bare" and subject.name.endswith("指数"))


def _as_bound(word: str) -> Bound:
    return next(bound for bound in ("eq", "approx", "near", "ge", "gt", "le", "lt", "range") if bound == word)
