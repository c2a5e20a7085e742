"""The title block: title, delivery line, date and speaker, and the words with which a text opens.

In: a line, or the lines above a text. Out: whether it is one of these; the title block and what else stands above the text.
Never: a decision on where the text begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from baogao.clean.line import Line
from baogao.clean.rules import Rule
from baogao.records import RemovedKind
from baogao.text import squash

# A line longer than this is no part of a title block.
_SHORT = 80
_OPENING = re.compile(
    r"^(?:尊敬的)?(?:(?:大会)?主席团[、,:!])?(?:各位|同志们|同志們)(?:代表|委员|同志|人大代表|居民代表|村民代表|领导|来宾)?(?:.{0,16}[:,!、])?$|^各位\S{0,4}代表(?=[\s:,!、;。]|$)"
    r"|^(?:尊敬的|亲爱的|敬爱的).{2,24}[:,!]$|^各位\S{2,12}[:!]$|^(?:Fellow|Dear|Distinguished|Esteemed)\s.{2,40},?$"
)
_TITLE = re.compile(
    r"^(?!.*[>»。;])(?!.{0,12}位置)[^,]{0,60}(?:工\s*作\s*报\s*告|工作的报告|工作報告|计划.{0,20}报告)"
    r"(?:\(?(?:全文|摘要|节选|草案|实录|\d{4}年?)?[^。,]{0,24}\)?)?$"
)
_DELIVERY = re.compile(
    r"^(?!.*(?:听取|审议|批准|关于|开幕|召开|胜利|出席|代表团))[—–―─\-\s(]*[^。]{0,60}(?:人民代表大会|人民代表大會|人代会|人大|政治协商会议|党代会|居民代表|代表大会)[^。]{0,40}(?:会议|會議|次会|会|上)[^。]{0,40}。?$"
)
_SPEAKER = re.compile(
    r"^[^。,;:]{0,30}(?:总理|省长|市长|县长|区长|區長|旗长|州长|盟长|主席|主任|专员|镇长|乡长|管委会|书记)\s*[:\s]*(?:[\u3400-\u9fff〇·•.]\s*){0,8}(?:同志)?(?:作政府工作报告)?。?$"
)
_NAME = re.compile(r"^[\u3400-\u9fff〇](?:[\s·•]*[\u3400-\u9fff〇]){1,3}$|^[\u3400-\u9fff]{2,6}[·•][\u3400-\u9fff]{2,8}$")
_DATE = re.compile(r"^[(]?(?:[12]\d{3}|[一二〇零○ＯO][一二三四五六七八九〇零○]{3})年.{1,12}日?[)]?$")
_DAY = re.compile(r"^[—–―\-\s(]*(?:[12]\d{3}|[一二〇零○ＯO][一二三四五六七八九〇零○]{3})\s*年.{2,7}[日号]")
# The heading of what follows a report and belongs to it.
ANNEX = re.compile(
    r"^[\[(【《〔]?\s*(?:附\s*(?:件|录|表|注|:|[一二三四1-9](?!\d))|名词(?:解释|注释|说明)|注\s*释|注\s*:|有关.{0,10}(?:名词|用语|术语|情况).{0,4}(?:注释|解释|说明)"
    r"|《?政府工作报告》?.{0,12}(?:解释|注释|说明|附)|指标(?:解释|说明))"
)
# The name of a column as well as a title: in a breadcrumb or a menu it stands above the title of the report itself.
_COLUMN = re.compile(r"^.{0,4}工作报告$")
# What may stand on a line of its own below 来源:
_PUBLISHER = re.compile(r"^[^。,;]{0,28}(?:报|网|社|台|办|办公室|政府|局|厅|委|中心|客户端|发布)$")


def is_opening(line: Line) -> bool:
    """Whether the text opens with this line: the delegates are addressed."""
    return len(line.text) <= 400 and bool(_OPENING.match(line.folded))


def is_title(line: Line, title: str | None) -> bool:
    """Whether the line is a title of a report, or the title that the page states elsewhere."""
    if len(line.text) > _SHORT:
        return False
    if _TITLE.match(line.folded):
        return True
    return title is not None and len(line.text) >= 6 and squash(line.text) == squash(title)


def is_title_block(line: Line, title: str | None) -> bool:
    """Whether the line may belong to the title block: title, delivery line, date, speaker."""
    if len(line.text) > _SHORT:
        return False
    return is_title(line, title) or any(pattern.match(line.folded) for pattern in (_DELIVERY, _SPEAKER, _NAME, _DATE))


def is_delivery(line: Line) -> bool:
    """Whether the line says when and where the report was delivered; one that ends like a sentence begins with the day."""
    if len(line.text) > _SHORT or not _DELIVERY.match(line.folded):
        return False
    return not line.is_prose or bool(_DAY.match(line.folded))


def sort_head(lines: Sequence[Line], found: Sequence[Rule | None], title: str | None) -> list[tuple[RemovedKind, str] | None]:
    """What each line above the text is: None for the title block, else why it is removed; `found` are the rules that know them."""
    titles = [i for i, line in enumerate(lines) if is_title(line, title) and not found[i]]
    while any(_is_full_title(lines[i]) for i in titles[1:]) and _COLUMN.match(lines[titles[0]].folded):
        titles.pop(0)
    # Without a title that can be told by its words, the lines between the site's furniture and the text are the title.
    below = max((i for i, rule in enumerate(found) if rule), default=-1)
    sorted_: list[tuple[RemovedKind, str] | None] = []
    label: Rule | None = None
    for i, line in enumerate(lines):
        above, label = label, None
        rule = found[i]
        if above and _PUBLISHER.match(line.folded):
            sorted_.append((above.kind, "below-" + above.id))
        elif rule:
            sorted_.append((rule.kind, rule.id))
            label = rule if rule.kind == "byline" and line.folded.endswith(":") else None
        elif i >= titles[0] if titles else i > below or is_title_block(line, title):
            sorted_.append(None)
        else:
            sorted_.append(("navigation", "above-title"))
    return sorted_


def _is_full_title(line: Line) -> bool:
    return not any(pattern.match(line.folded) for pattern in (_COLUMN, _SPEAKER, _DELIVERY))
