"""When: report year, review year, day of delivery, congress and session, from the title, the delivery line and the headings of the text.

In: the title, the title block and the lines of a Body. Out: `When`, with the evidence. Never: a date of publication taken for one of delivery.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from baogao.text import fold, squash

_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_YEAR = r"(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})"
_DATE = re.compile(rf"(?P<year>{_YEAR})年(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})日?")
_YEAR_ONLY = re.compile(rf"(?<!\d)(?P<year>{_YEAR})(?:年|(?=政府工作报告))")
_CONGRESS = re.compile(r"第?([一二三四五六七八九十百]{1,4}|\d{1,3})[届屆]")
_SESSION = re.compile(r"(?:第|人大)([一二三四五六七八九十]{1,3}|\d{1,2})次")
# A delivery line that lost characters: ——202321日在重庆市…
_BROKEN_DAY = re.compile(r"^[—–―─\-\s(]*(?P<year>(?:19|20)\d{2})(?P<rest>\d{2,4})日")
_NATIONAL = re.compile(r"第([一二三四五六七八九十]{1,3}|\d{1,2})[届屆](?:全国|全國)人民代表大[会會]第([一二三四五六七八九十]|\d)次[会會][议議]")
# The day in an address: /2024/0128/, /202401/t20240128_, 2024-01-28.
_ADDRESS_DAY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})[-/_]?(?P<month>0[1-9]|1[0-2])(?:[-/_]?(?P<day>[0-3]\d))?(?!\d)")
_PUBLISHED = re.compile(r"(?P<year>(?:19|20)\d{2})\D+(?P<month>\d{1,2})\D+(?P<day>\d{1,2})")
# A line of the site about the page: its date is one of publication.
_OF_THE_PAGE = re.compile(r"发布|更新|来源|时间:|日期:|浏览|阅读|点击|字号")
_HEADING = re.compile(r"^(?:第?[一二三四五六七八九十]{1,3}(?:[、.,]|部分)|\([一二三四五六七八九十]{1,3}\))[^。;]{0,60}$")
_REVIEWED = re.compile(rf"(?P<year>{_YEAR})年(?:度|来)?(?:(?!{_YEAR}年)[^。;]){{0,24}}?(?:回顾|总结|主要成(?:绩|效|就)|发展成就|取得|执行情况|的?伟大成就)")
_LOOKED_BACK = re.compile(rf"回顾(?P<year>{_YEAR})年")
_PLANNED = re.compile(rf"(?P<year>{_YEAR})年(?:度)?(?:(?!{_YEAR}年)[^。;]){{0,20}}?(?:安排|部署|任务|打算|总体要求|重点工作|主要工作|工作要求)")
_OF_THE_PAST = re.compile(rf"(?:刚刚)?(?:过去的|走过的)(?P<year>{_YEAR})年|(?:过去(?:的)?一年|去年),?(?P<none>)")
_THIS_YEAR = re.compile(rf"(?P<year>{_YEAR})年,?是.{{0,60}}(?:开局之?年|关键(?:之年|一年|的一年)|攻坚之?年|第一年|之年|起步之?年|重要的?一年)")
# A session in the last months of a year decides on the year to come.
_LATE = 11
_OPENING_LINES = 3
# The year of each session of the National People's Congress, by congress and session.
Congresses = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class When:
    """The time of a report."""

    report_year: int | None = None
    review_year: int | None = None
    delivered_on: date | None = None
    congress: int | None = None
    session: int | None = None
    evidence: str | None = None


def find_time(
    title: str | None,
    head: Sequence[str],
    lines: Sequence[str],
    congresses: Congresses | None = None,
    *,
    published: str | None = None,
    address: str | None = None,
) -> When:
    """The time of a report, settled between title, delivery line and body.

    The header (title, delivery line) is believed, unless a heading of the body that names the year reviewed contradicts it: headers are typed by hand
    and reused, headings are written with the text. Where neither names a year, the session of the National People's Congress does (`congresses`: its
    year by congress and session). A contradiction is recorded as such; so is a page that was `published`, or whose `address` is dated, before the year.
    A session in November or December decides on the coming year.
    """
    block = [said for line in head if not _OF_THE_PAGE.search(said := fold(line))]
    titled = _day(fold(title or ""))
    shown = _published(published, address)
    day = titled or next((found for line in block if (found := _day(line) or _broken_day(line, shown))), None)
    stated = _year(fold(title or ""))
    at = next((n for n, line in enumerate(block) if _CONGRESS.search(squash(line)) or _DATE.search(squash(line))), None)
    reviewed, planned = _body_years(lines)
    meeting = _national_meeting([*block, *lines[:_OPENING_LINES]])
    convened = (congresses or {}).get(meeting) if meeting else None
    told = {stated, planned, reviewed + 1 if reviewed else None}
    header = _plan_year(day, told) if day else stated
    year = header or planned
    if reviewed and year != reviewed + 1:
        year = reviewed + 1
    year = year or convened
    if day and year and day.year != year and _plan_year(day, told) != year:
        day = None
    congress, session = _meeting(squash(title or "" if at is None else "".join(block[at:])))
    if congress is None and meeting:
        congress, session = meeting
    delivered = None if at is None else _day(block[at]) or _broken_day(block[at], shown)
    evidence = _evidence(titled or stated, delivered, reviewed, planned if planned == year else None, convened, told)
    if shown and year and shown.year < year and _plan_year(shown, {year}) < year:
        evidence = f"矛盾 {(evidence or '').removeprefix('矛盾 ')}; published {shown.year}"
    return When(
        report_year=year,
        review_year=reviewed or (year - 1 if year else None),
        delivered_on=day,
        congress=congress,
        session=session,
        evidence=evidence,
    )


def _plan_year(day: date, told: Collection[int | None]) -> int:
    """The year that a session on that day decides on: the coming one late in a year, when title or headings tell of it."""
    return day.year + 1 if day.month >= _LATE and day.year + 1 in told else day.year


def _evidence(
    title: date | int | None, delivered: date | None, reviewed: int | None, planned: int | None, convened: int | None, told: Collection[int | None]
) -> str | None:
    said = {"title": title, "delivery": delivered, "review": reviewed, "plan": planned, "session": convened}
    implied = {_plan_year(one, told) if isinstance(one, date) else one for one in (title, delivered, planned, convened)}
    implied = (implied | {reviewed + 1 if reviewed else None}) - {None}
    text = "; ".join(f"{name} {one.year if isinstance(one, date) else one}" for name, one in said.items() if one)
    return (f"矛盾 {text}" if len(implied) > 1 else text) or None


def _broken_day(line: str, shown: date | None) -> date | None:
    """The day of a delivery line that lost its 年 and 月, where only one day can be meant: the one on or before the day on which the page was published.

    >>> _broken_day("——202321日在重庆市渝中区第十九届人民代表大会第三次会议上", None)
    datetime.date(2023, 2, 1)
    >>> _broken_day("——2023112日在临澜市第五届人民代表大会第三次会议上", date(2023, 3, 1))
    datetime.date(2023, 1, 12)
    """
    found = _BROKEN_DAY.match(squash(line))
    if not found:
        return None
    rest = found["rest"]
    days = {day for cut in range(1, len(rest)) if (day := _valid(found["year"], rest[:cut], rest[cut:])) and (shown is None or day <= shown)}
    return days.pop() if len(days) == 1 else None


def _published(stated: str | None, address: str | None) -> date | None:
    """The day on which a page was published, as it states, else as its address shows."""
    if stated and (found := _PUBLISHED.search(stated)):
        return _valid(found["year"], found["month"], found["day"])
    if address and (found := _ADDRESS_DAY.search(address)):
        return _valid(found["year"], found["month"], found["day"] or "28")
    return None


def _national_meeting(lines: Sequence[str]) -> tuple[int, int] | None:
    """Congress and session of the National People's Congress that the first lines name."""
    found = next((found for line in lines if (found := _NATIONAL.search(squash(line)))), None)
    return (_number(found[1]), _number(found[2])) if found else None


def _body_years(lines: Sequence[str]) -> tuple[int | None, int | None]:
    """The year reviewed and the year planned, as headings say, else as the first words of the text say."""
    reviewed: list[int] = []
    planned: list[int] = []
    headings = [said for line in lines if len(line) <= 60 and _HEADING.match(said := squash(line))]
    for heading in headings:
        reviewed += [_number(found["year"]) for found in (*_REVIEWED.finditer(heading), *_LOOKED_BACK.finditer(heading))]
        planned += [_number(found["year"]) for found in _PLANNED.finditer(heading)]
    if not reviewed and not planned:
        opening = squash("".join(lines[:12]))[:3000]
        past, this = _OF_THE_PAST.search(opening), _THIS_YEAR.search(squash("".join(lines)))
        reviewed = [_number(past["year"])] if past and past["year"] else []
        planned = [_number(this["year"])] if this and not reviewed else []
    review = max(reviewed, default=None)
    # A heading on a plan that was carried out (1990年计划的执行情况) speaks of the past: the plan is of a later year than the review.
    plans = [year for year in planned if review is None or year > review]
    return review, min(plans, default=None)


def _meeting(text: str) -> tuple[int | None, int | None]:
    congress, session = _CONGRESS.search(text), _SESSION.search(text)
    return (_number(congress[1]) if congress else None), (_number(session[1]) if session else None)


def _day(text: str) -> date | None:
    found = _DATE.search(squash(text))
    return _valid(found["year"], found["month"], found["day"]) if found else None


def _valid(year: str, month: str, day: str) -> date | None:
    try:
        return date(_number(year), _number(month), _number(day))
    except ValueError:
        return None


def _year(text: str) -> int | None:
    found = _YEAR_ONLY.search(squash(text))
    return _number(found["year"]) if found else None


def _number(text: str) -> int:
    """A number of a date or an ordinal.

    >>> [_number(text) for text in ("2024", "二〇二六", "十四", "二十一", "三")]
    [2024, 2026, 14, 21, 3]
    """
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, ones = text.split("十", 1)
        return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))
    return int("".join(_DIGITS[digit] for digit in text))
