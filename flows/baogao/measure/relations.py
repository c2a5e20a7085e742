"""Relations: targets and results stated without a number.

In: one sentence of folded text and its figures. Out: `Indicator`s of the measure relation. The rules, by name:
  relation-level     与经济增长基本同步, 与上年持平
  relation-compare   高于经济增速, 不低于全省平均水平
  relation-task      完成上级下达任务, 控制在省定目标内
  relation-trend     持续减少, 实现正增长
  relation-quality   稳量提质
  relation-absent    没有提出全年经济增速具体目标
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from baogao.measure.lexicon import Lexicon, words
from baogao.measure.names import Names
from baogao.measure.periods import Span, year_span
from baogao.measure.qualify import Stance
from baogao.records import Bound, Indicator


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relation: its span, its subject's words, its bound and what it refers to."""

    start: int
    end: int
    subject: str
    bound: Bound | None
    reference: str | None
    rule: str
    qualifier: str | None = None


_COMPARES: dict[str, Bound] = {
    "不低于": "ge", "不高于": "le", "不超过": "le", "高于": "gt", "快于": "gt", "低于": "lt", "慢于": "lt", "优于": "gt", "好于": "gt", "超过": "gt", "跑赢": "gt",
    "力争达到": "eq", "达到": "eq", "高出": "gt", "达到或超过": "ge", "达到或好于": "ge", "达到或优于": "ge", "达到或高于": "ge",
}  # fmt: skip


# What every relation has one of, a trend at the end of its clause: most sentences have none, and need not be cut into clauses.
_MAY_RELATE = re.compile(
    r"[低高快慢优好]于|同步|持平|相当|一致|相适应|相匹配|协调|超过|达到|高出|跑赢|控制在|完成|提质"
    r"|(?:增长|减少|下降|降低|提高|提升|增加)(?![^、,;:。!?\n])|没有|不再|[未不]再?(?:提出|设[定置]|确定|安排)"
)
_CLAUSES, _MEMBERS = re.compile(r"[^,;:。!?\n]+"), re.compile(r"[^、]+")
_FALLS = re.compile(r"减少|下降|降低|负增长")
# A trend without a figure is a promise where the text looks ahead, and news where it looks back.
_ONLY_AHEAD = frozenset({"relation-trend", "relation-quality"})
# What is compared may be of any name that can be measured, and discharges of any kind have targets; else the indicator must be known.
_OF_ANY = frozenset({"relation-level", "relation-compare", "relation-task"})
_MEASURABLE = re.compile(r"(?:增速|增幅|收入|增长|涨幅|标准|人数|[\u3400-\u9fff]率|占比|比重|强度)$")
# What stands for the subject of the figures before, and how long or how widely a relation has held.
_PRONOUN = re.compile(r"(?:(?:二者|两者|其)?(?:增速|增幅|涨幅))?")
_HELD = re.compile(r"(?:连续(?:[一二两三四五六七八九十多\d]+年)?|持续|均|都|始终|一直|全部|也)+$")
_DISCHARGE = re.compile(r"排放(?:总)?量?$")


class RelationGrammar:
    """The grammar of relations over one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        reference = "|".join(lexicon.qualifiers["references"])
        self.level = re.compile(
            rf"(?:保持)?(?:与|和|同)(?P<ref>{reference})(?:保持)?(?P<near>基本|大体|大致)?(?:保持)?(?:同步|持平|相当|一致|相适应|相匹配|协调)(?:增长|提高)?"
        )
        self.compare = re.compile(rf"(?P<word>{words(_COMPARES)})(?P<ref>{reference})(?![\d,]*\d)(?!.{{0,2}}\d)")
        self.task = re.compile(
            r"(?:不折不扣|全面|确保|圆满|如期|努力|(?P<more>超额)|坚决)?完成"
            r"(?P<ref>(?:国家|省|市|上级|省市|省委省政府|自治区|国家和省)?(?:和[省市])?(?:下达|分解|规定|确定|核定|既定)的?(?:各项)?(?:目标|任务|指标)(?:任务)?|(?:国家|省|市|上级|年度)(?:目标任务|目标|任务))"
        )
        self.cap = re.compile(r"控制在(?P<ref>(?:省|国家|市|上级|自治区)(?:定|控|下达|核定|规定)[^,。;、\d]{0,8}?(?:目标|指标|任务|范围|计划|要求))(?:之?以?内)?")
        self.trend = re.compile(r"(?:持续|稳步|进一步|实现|继续|逐步)*(?P<word>(?:正|双|稳步|稳定|持续)增长|负增长|(?:持续|稳步|进一步|继续)(?:减少|下降|降低|增长|提高|提升|增加))$")
        self.quality = re.compile(r"(?P<ref>(?:促|保)?稳(?:中|量|规模|住)?[^,。;、\d]{0,2}?提质|保稳提质|提质增效|稳中提质)")
        self.absent = re.compile(r"(?:没有|不再|未|不)(?:再)?(?:提出|设定|设置|确定|安排)[^,。;]{0,6}?(?P<what>经济增(?:速|长)|地区生产总值|GDP|经济发展)[^,。;]{0,10}?(?:具体)?(?:目标|指标)")

    def link(
        self, text: str, figures: Sequence[Indicator], names: Names, *, stance: Stance, report_year: int | None, planned: Span | None = None
    ) -> list[Indicator]:
        """Relations of one folded sentence, beside its figures; `planned` are the years that its section is about, where it is not about one."""
        period: tuple[date | None, date | None] = (None, None)
        if report_year is not None:
            period = planned or year_span(report_year - 1 if stance == "back" else report_year)
        found = []
        for relation in self._find(text, figures, names):
            if relation.rule in _ONLY_AHEAD and stance != "ahead":
                continue
            before = next((figure for figure in reversed(figures) if figure.end <= relation.start), None)
            for name, indicator in self._subjects(relation, _last_list(figures, relation.start), names):
                stretch = before is not None and not relation.subject and "力争" in text[relation.start - 2 : relation.end]
                found.append(
                    Indicator(
                        start=relation.start,
                        end=relation.end,
                        name=name,
                        measure="relation",
                        quote=text[relation.start : relation.end],
                        rule=relation.rule,
                        indicator=indicator,
                        bound=relation.bound,
                        qualifier=relation.qualifier,
                        reference=relation.reference,
                        tier="stretch" if stretch else "base",
                        status="target" if stance == "ahead" else "actual",
                        period_start=period[0],
                        period_end=period[1],
                    )
                )
        return found

    def _subjects(self, relation: _Relation, before: Sequence[Indicator], names: Names) -> Iterator[tuple[str, str | None]]:
        """Names and canonical indicators that a relation is of; a relation of nothing known is none, save for what can be measured."""
        if _PRONOUN.fullmatch(relation.subject):
            pace = relation.subject[-2:]
            yield from ((one.name.removesuffix(pace) + pace, one.indicator) for one in before if one.indicator)
            return
        for name in names.split(relation.subject):
            indicator = names.known(name)
            if indicator or _DISCHARGE.search(name) or (relation.rule in _OF_ANY and _MEASURABLE.search(name)):
                yield name, indicator

    def _find(self, text: str, figures: Sequence[Indicator], names: Names) -> Iterator[_Relation]:
        """Relations in clauses without a figure; beside one, only in an enumerated part without one (、力争达到全省平均水平)."""
        if not _MAY_RELATE.search(text):
            return
        for start, end in _pieces(text, 0, len(text), _CLAUSES):
            if not _touched(figures, start, end):
                yield from self._clause(text, start, end, names, figures)
                continue
            for first, last in _pieces(text, start, end, _MEMBERS):
                if not _touched(figures, first, last):
                    yield from (relation for relation in self._clause(text, first, last, names, figures) if relation.rule == "relation-compare")

    def _clause(self, text: str, start: int, end: int, names: Names, figures: Sequence[Indicator]) -> Iterator[_Relation]:
        clause = text[start:end]
        if not _MAY_RELATE.search(clause):
            return
        if match := self.absent.search(clause):
            yield _Relation(start + match.start(), start + match.end(), match["what"], None, None, "relation-absent")
        elif match := self.level.search(clause):
            yield _made(text, start, match, "approx" if match["near"] else "eq", "relation-level", names, figures)
        elif match := self.cap.search(clause):
            yield _made(text, start, match, "le", "relation-task", names, figures)
        elif match := self.task.search(clause):
            yield _made(text, start, match, "gt" if match["more"] else "ge", "relation-task", names, figures)
        elif match := self.compare.search(clause):
            yield _made(text, start, match, _COMPARES[match["word"]], "relation-compare", names, figures)
        elif match := self.trend.search(clause):
            yield _made(text, start, match, "lt" if _FALLS.search(match["word"]) else "gt", "relation-trend", names, figures)
        elif match := self.quality.search(clause):
            yield _made(text, start, match, None, "relation-quality", names, figures)


def _made(text: str, start: int, match: re.Match[str], bound: Bound | None, rule: str, names: Names, figures: Sequence[Indicator]) -> _Relation:
    subject = _HELD.sub("", names.trim(text[start : start + match.start()]))
    if not subject and start > 1 and text[start - 1] == ",":
        # 城镇居民人均可支配收入,保持与经济增长基本同步: the subject stands in the clause before.
        # Where that has a figure, the relation is of what the figure is of: 研发经费投入强度达到2.3%,高于全国平均水平.
        begin = max(text.rfind(mark, 0, start - 1) for mark in ",;:。") + 1
        subject = "" if _touched(figures, begin, start) else names.trim(text[begin : start - 1])
    named = match.groupdict()
    return _Relation(start + match.start(), start + match.end(), subject, bound, named.get("ref"), rule, named.get("word") or named.get("near"))


def _last_list(figures: Sequence[Indicator], end: int) -> list[Indicator]:
    """The figure before an offset, with those of the same list."""
    before = [figure for figure in figures if figure.end <= end]
    last = before[-1] if before else None
    return [one for one in before if last and (one is last or (one.rule == last.rule == "list" and one.measure == last.measure and one.base == last.base))]


def _pieces(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text, start, end):
        yield match.span()


def _touched(figures: Sequence[Indicator], start: int, end: int) -> bool:
    return any(figure.start < end and start < figure.end for figure in figures)
