"""Who delivered it: the speaker and the office, from the title block.

In: the lines of the title block. Out: name and office as written, without inner spaces in a Han name. Never: a name out of the running text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from baogao.text import fold, is_han

_OFFICE = (
    r"(?:副?总理(?:兼[^\s]{2,16}?(?:主任|部长))?|国务委员兼[^\s]{2,16}?主任|(?:代理?|(?:常务)?副)?(?:省长|市长|县长|区长|旗长|州长|盟长|主席)"
    r"|(?:行政公署|行署)?[专專][员員])"
)
_LINE = re.compile(
    rf"日?(?P<title>(?:国务院|[\u3400-\u9fff]{{0,16}}?(?:人民政府|自治区|省|市|县|区|旗|州|盟))?{_OFFICE})[\s:]*(?P<name>[\u3400-\u9fff〇·•.\s]{{2,20}}?)\s*"
    r"(?:同志)?(?:作(?:政府)?工作报告|在.{2,40}上的讲话)?。?$"
)
# ——2025年1月14日自治区人民政府主席王莉霞在…会议上的讲话: the speaker stands inside the delivery line.
_INSIDE = re.compile(rf"日?(?P<title>[\u3400-\u9fff]{{0,12}}?{_OFFICE})(?P<name>[\u3400-\u9fff]{{2,4}})在.{{4,40}}会议上")
_NAME = re.compile(r"^[\u3400-\u9fff〇](?:\s*[\u3400-\u9fff〇]){1,3}$")
_OFFICE_ALONE = re.compile(rf"^[\u3400-\u9fff]{{0,16}}{_OFFICE}$")
_BEFORE = re.compile(r"^.*(?:会议上|会上)")
# Short lines of a title block that are no names.
_NO_NAME = re.compile(r"目录|摘要|全文|解释|代表|委员|同志|日报|晚报|新闻|报告|政府|公报|网$|局$|办$")


def find_speaker(head: Sequence[str]) -> tuple[str | None, str | None]:
    """The speaker and the office.

    >>> find_speaker(["政府工作报告", "——2024年3月5日在第十四届全国人民代表大会第二次会议上", "国务院总理　", "李　强"])
    ('李强', '国务院总理')
    >>> find_speaker(["2025年1月17日在山西省第十四届人民代表大会第三次会议上山西省省长金湘军作政府工作报告"])
    ('金湘军', '山西省省长')
    """
    lines = [fold(line).strip(" ()") for line in head]
    for n, line in enumerate(lines):
        said = _BEFORE.sub("", line).strip() or line
        if (found := _INSIDE.search(line)) or (found := _LINE.search(said)):
            return _joined(found["name"]), found["title"].strip()
        if _OFFICE_ALONE.match(said) and n + 1 < len(lines) and _is_name(lines[n + 1]):
            return _joined(lines[n + 1]), said
    alone = next((line for line in lines[1:] if _is_name(line)), None)
    return (_joined(alone), None) if alone else (None, None)


def _is_name(line: str) -> bool:
    return bool(_NAME.match(line)) and not _NO_NAME.search("".join(line.split())) and not _OFFICE_ALONE.match(line)


def _joined(name: str) -> str:
    """A Han name without the spaces that typesetting puts between its characters; other names keep theirs."""
    name = name.strip()
    return "".join(name.split()) if all(is_han(c) or c.isspace() for c in name) else name
