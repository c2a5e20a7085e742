"""Periods: expressions of time become first and last days.

In: folded text, the report year. Out: `Period`s with their spans, in order. Never: a duration (连续12年), an anniversary (75周年), a plan's name (三年行动).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_CN = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "十": 10}
# The first five-year plan began in 1953; the sixth and all after it, in the years 1981, 1986, …
_PLANS = {"一": (1953, 1957), "二": (1958, 1962), "三": (1966, 1970), "四": (1971, 1975), "五": (1976, 1980)} | {
    name: (1981 + 5 * n, 1985 + 5 * n) for n, name in enumerate(["六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六"])
}
_Y = r"(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})"
_N = r"(?:[一二两三四五六七八九十]|\d{1,2})"
# The characters that a period may begin with stand before it: most others need not be tried with every form.
_PERIOD = re.compile(
    rf"(?=[\d“一二三四五六七八九十两前上下过近这今未接去年刚本新当明])(?:(?P<from>{_Y})年?\s*(?:—|-|~|至|到|–){{1,2}}\s*(?P<to>{_Y})年"
    rf"|(?P<year>{_Y})\s?年(?:度|末|底|初)?(?:(?P<m1>\d{{1,2}})\s*(?:—|-|~|至|到)\s*(?P<m2>\d{{1,2}})月份?|(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?份?|(?P<yq>[一二三四]季度|前三季度|上半年|下半年))?"
    r"|“?(?P<plan>十[一二三四五六]|[一二三四五六七八九十])[·.]?五”?(?P<planpart>以来|期间|时期|期?末|规划|计划|开局|收官)?"
    r"|(?P<m3>\d{1,2})\s*(?:—|-|~|至|到)\s*(?P<m4>\d{1,2})月份?|(?P<fromday>\d{1,2}月\d{1,2}日)(?P<on>起)?|(?P<monthonly>\d{1,2})月(?:份|底|末)"
    r"|(?P<quarter>(?:前三|[一二三四])季度|上半年|下半年)"
    rf"|(?P<past>(?:过去|近|这|前|近来)的?(?P<n1>{_N})年(?:来|间)?|(?P<n2>{_N})年(?:(?:来|间)(?!年)|(?P<total>(?=共[^同有享建]|累计|合计))))"
    rf"|(?P<future>(?:今后|未来|今明|接下来)的?(?P<n3>{_N})年内?)"
    r"|(?P<last>(?:去年|上年)[底末]?|上一年|过去一年|过去的一年|一年来|这一年|刚刚过去的一年|年初|年末)"
    r"|(?P<this>今年(?:底|末|初)?|本年度?|新的一年|新一年|当年|(?<![一二两三四五六七八九十几\d])年[内底])"
    r"|(?P<next>明年)|(?P<before>前年)|(?P<century>(?:本|二十|20)世纪末))"
)
# Before 五: 一五 is a plan, 第一五 or 三十五 is not; 十五 alone is the tenth plan only in quotation marks or with a word that says so.
_NO_PLAN = re.compile(r"[第\d一二三四五六七八九十百千万]$")
_COMPARED = re.compile(r"(?:比|较|同|与|于|相比|对比|以|是)$")

Span = tuple[date, date]
"""First and last day of years."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of text that names a period, its first and last day, and whether something is only compared with it."""

    start: int
    end: int
    first: date | None
    last: date | None
    compared: bool = False
    until: bool = False
    """到2025年: reached at its end."""


def find_periods(text: str, report_year: int | None, *, back: bool = False) -> list[Period]:
    """Periods named in the folded text. Relative ones need the report year; in a text that looks back, months and quarters are of the year before it.

    >>> text = "“十四五”期间,地区生产总值年均增长7%左右,到2025年突破500亿元,比2020年翻一番"
    >>> [(text[p.start:p.end], p.first.year, p.last.year, p.compared) for p in find_periods(text, 2021)]
    [('“十四五”期间', 2021, 2025, False), ('2025年', 2025, 2025, False), ('2020年', 2020, 2020, True)]
    """
    found = []
    for match in _PERIOD.finditer(text):
        before = text[: match.start()]
        if match["plan"] and (_NO_PLAN.search(before) or not (match.group().startswith("“") or match["planpart"])):
            continue
        if match["past"] and (before.endswith(("学", "第")) or (match["total"] is not None and not back)):
            continue  # 学前三年; 五年共 counts the years that are over only where the text looks back
        if (match["past"] or match["future"]) and re.match(r"行动|计划|规划|攻坚|级|期|制", text[match.end() :]):
            continue
        if match.group() == "年初" and re.match(r"(?:既定|确定)?的?(?:预算|计划|目标|任务)|预期", text[match.end() :]):
            continue  # what is done is measured by it, not dated
        first, last = _days(match, report_year, back=back)
        compared = bool(_COMPARED.search(before)) and not match["past"]
        found.append(Period(match.start(), match.end(), first, last, compared, before.endswith("到")))
    return found


def planned_span(heading: str, report_year: int) -> Span | None:
    """The years that a section on aims beyond the year of the report is about: those its heading names, else the five-year plan of that year.

    >>> planned_span("“十五五”时期主要目标", 2026), planned_span("今后五年的奋斗目标", 2023)
    ((datetime.date(2026, 1, 1), datetime.date(2030, 12, 31)), (datetime.date(2023, 1, 1), datetime.date(2027, 12, 31)))
    """
    named = [(period.first, period.last) for period in find_periods(heading, report_year) if period.first and period.last]
    spans = [span for span in named if span[1].year > span[0].year]
    return spans[0] if spans else plan_of(report_year)


def year_span(first: int, last: int | None = None) -> Span:
    """First and last day of a year, or of years."""
    return date(first, 1, 1), date(last or first, 12, 31)


def year_named(said: str) -> int | None:
    """The first year that the words name.

    >>> year_named("2019年底"), year_named("一九五〇年"), year_named("上年")
    (2019, 1950, None)
    """
    match = re.search(_Y, said)
    return _year(match.group()) if match else None


def plan_of(year: int) -> Span | None:
    """The five-year plan that holds the year."""
    return next((year_span(*span) for span in _PLANS.values() if span[0] <= year <= span[1]), None)


def _days(match: re.Match[str], ry: int | None, *, back: bool) -> tuple[date | None, date | None]:
    """The days of an expression of any form."""
    if match["from"]:
        first, last = _year(match["from"]), _year(match["to"])
        return year_span(first, last) if first <= last else (None, None)
    if match["year"]:
        return _in_named_year(match, _year(match["year"]))
    if match["plan"]:
        return _in_plan(match, ry)
    return (None, None) if ry is None else _in_running_year(match, ry, ry - 1 if back else ry)


def _in_named_year(match: re.Match[str], year: int) -> tuple[date | None, date | None]:
    if match["month"]:
        return _month(year, int(match["month"]), match["day"])
    if match["m1"]:
        return _months(year, int(match["m1"]), int(match["m2"]))
    return _quarter(year, match["yq"]) if match["yq"] else year_span(year)


def _in_plan(match: re.Match[str], ry: int | None) -> tuple[date | None, date | None]:
    first, last = _PLANS.get(match["plan"], (0, 0))
    if not first:
        return None, None
    if match["planpart"] in {"末", "期末"}:
        return year_span(last)
    if match["planpart"] == "以来" and ry:
        return year_span(first, max(first, min(last, ry - 1)))
    return year_span(first, last)


def _in_running_year(match: re.Match[str], ry: int, year: int) -> tuple[date | None, date | None]:
    """Months and quarters without a year are of `year`, the year that the text speaks of; the rest is told from the report year."""
    if match["m3"]:
        return _months(year, int(match["m3"]), int(match["m4"]))
    if match["fromday"]:
        month, day = re.findall(r"\d+", match["fromday"])
        begin, end = _month(year, int(month), day)
        return begin, None if match["on"] else end
    if match["monthonly"]:
        return _month(year, int(match["monthonly"]), None)
    if match["quarter"]:
        return _quarter(year, match["quarter"])
    return _relative(match, ry)


def _relative(match: re.Match[str], ry: int) -> tuple[date | None, date | None]:
    if match["past"]:
        n = _number(match["n1"] or match["n2"])
        return year_span(ry - n, ry - 1) if n else (None, None)
    if match["future"]:
        n = _number(match["n3"])
        return year_span(ry, ry + n - 1) if n else (None, None)
    if match["century"]:
        return year_span(-(-ry // 100) * 100) if match["century"][0] == "本" else year_span(2000)
    offset = -1 if match["last"] else 0 if match["this"] else 1 if match["next"] else -2
    return year_span(ry + offset)


def _quarter(year: int, said: str) -> tuple[date | None, date | None]:
    if said == "上半年":
        return _months(year, 1, 6)
    if said == "下半年":
        return _months(year, 7, 12)
    if said.startswith("前三"):
        return _months(year, 1, 9)
    n = _CN[said[0]]
    return _months(year, 3 * n - 2, 3 * n)


def _months(year: int, first: int, last: int) -> tuple[date | None, date | None]:
    if not 1 <= first <= last <= 12:
        return None, None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _month(year: int, month: int, day: str | None) -> tuple[date | None, date | None]:
    month = max(1, min(12, month))
    if day and 1 <= int(day) <= monthrange(year, month)[1]:
        return date(year, month, int(day)), date(year, month, int(day))
    return _months(year, month, month)


def _year(said: str) -> int:
    return int(said) if said.isdigit() else int("".join(str(_CN[digit]) for digit in said))


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _CN[said]
