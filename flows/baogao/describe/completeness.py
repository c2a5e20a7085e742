"""Whether a report is whole: it opens like one, and it closes like one.

In: the title and the lines of a report. Out: the completeness and what is missing. Never: a report called whole because it is long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from baogao.records import Completeness
from baogao.text import fold

_OPENING = re.compile(
    r"^(?:尊敬的)?(?:各位代表|同志们)[,:!、各位委员同志们]{0,12}$"
    r"|(?:代表|受).{0,24}(?:政府|国务院|國務院|政府的?委托).{0,30}(?:报告|報告)(?:政府)?工作|(?:代表|受).{0,60}(?:作|提出).{0,40}(?:报告|報告)"
    r"|向(?:大会|.{2,30}会议).{0,12}(?:作|提出).{0,60}报告"
)
_OPENING_LINES = 6
# The close calls upon its hearers and names what for; an annex may follow it.
_CLOSE = re.compile(
    r"(?:让我们|讓我們|紧密(?:地)?团结|各位代表|坚信|相信|满怀.{0,4}信心|高举|沿着|全国人民|全國人民|各族人民|同心|一定能).*"
    r"(?:奋斗|前进|贡献|篇章|局面|胜利|勝利|努力|辉煌|梦想|答卷|复兴|明天|未来|[周当]年|伟业|业绩|振兴|斗争|前列|发展|进位|[0-9]世纪|实现)[^。!]{0,30}[。!][”)]?(?:\s*\([^)]*\))*$"
)
_CLOSE_LINES = 6
# Numbered parts, of which a report has two at least: what has a first one and no second is cut short, however it ends.
_FIRST_PART, _SECOND_PART = re.compile(r"^(?:一、|第一部分).{2,40}$"), re.compile(r"(?:^|[\s。])(?:二、|第二部分)")
# A table of contents before the opening, and its lines.
_CONTENTS, _ENTRY = re.compile(r"^目\s*录$"), re.compile(r"^[^。!;]{1,60}$")
_ANNEX = re.compile(r"^[\[(【]?(?:附件?\s*[:\d一二三四(]?|附录|名词解释|名词注释|注释\s*:?$|有关(?:内容)?(?:名词)?(?:注释|解释|说明)|《?政府工作报告》?(?:有关|名词|相关).{0,12}(?:解释|注释|说明))")
_ABRIDGED = re.compile(r"摘要|摘登|节选|要点|\(摘\)")
_CUT = re.compile(r"\((?:下|上)转?接?第?[一二三四五六七八九十\d]+版\)|未完(?:待续)?")


def completeness(title: str | None, lines: Sequence[str]) -> tuple[Completeness, str | None]:
    """How much of the report the lines hold, and what is missing of it."""
    if title and _ABRIDGED.search(fold(title)):
        return "abridged", None
    if not lines:
        return "unknown", None
    said = [fold(line) for line in lines]
    start = _after_contents(said)
    opens = any(_OPENING.search(line) for line in said[start : start + _OPENING_LINES])
    half = len(said) // 2
    annex = next((n for n in range(half, len(said)) if _ANNEX.match(said[n])), len(said))
    has_parts = not any(map(_FIRST_PART.search, said)) or any(map(_SECOND_PART.search, said))
    closes = has_parts and not _CUT.search(said[-1]) and any(_CLOSE.search(line) for line in said[max(half, annex - _CLOSE_LINES) : annex])
    missing = [*([] if opens else ["beginning"]), *([] if closes else ["end"])]
    return ("excerpt", "; ".join(missing)) if missing else ("full", None)


def _after_contents(said: Sequence[str]) -> int:
    """Where the text begins: after the table of contents, where it has one."""
    if not _CONTENTS.match(said[0]):
        return 0
    return next((n for n, line in enumerate(said) if n and (not _ENTRY.match(line) or _OPENING.search(line))), 0)
