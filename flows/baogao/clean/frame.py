"""The frame: what stands above and below the main text is cut off, line by line, each cut with its rule.

In: the lines of a page (or of its densest part). Out: `Cut`: the lines of the text, the title block, and the lines removed.
Rules are positional: a head rule cuts only above the text, a tail rule only below it, and a sentence of the text stops both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules, Rule
from baogao.records import Removed, RemovedKind
from baogao.text import squash

# The text begins within this many lines: the longest head seen on a real page saved as text has 29.
_HEAD_LINES = 60
# A tail may hold this many lines that no rule knows (titles of related articles, mostly) between two that one does.
_TAIL_STRANGERS = 60
# A line of this length that stands in the text already does not stand there twice by chance.
_REPEAT = 30
# A line longer than this is no menu entry and no part of a title block.
_SHORT = 80
# A footer or a login wall longer than this is a text that mentions one; a disclaimer runs on for longer.
_LONGEST, _LONGEST_DISCLAIMER = 300, 1000

_OPENING = re.compile(r"^(?:各位|尊敬的|同志们)(?:代表|委员|同志|人大代表)?.{0,12}[:,!、]?$|^各位代表")
_TITLE = re.compile(r"^(?!.*[>»])(?!.{0,12}位置).{0,60}(?:工作报告|工作的报告|工作報告|计划.{0,20}报告)(?:\(?(?:全文|摘要|节选|草案|实录|\d{4}年?)?[^。]{0,24}\)?)?$")
_DELIVERY = re.compile(r"^(?!.*(?:听取|审议|批准|关于|开幕|召开|胜利))[—–―─\-\s(]*[^。]{0,60}(?:人民代表大会|人民代表大會|人代会|人大|政治协商会议)[^。]{0,40}(?:会议|會議|次会)[^。]{0,40}。?$")
_SPEAKER = re.compile(
    r"^[^。,;:]{0,30}(?:总理|省长|市长|县长|区长|區長|旗长|州长|盟长|主席|主任|专员|镇长|管委会)\s*[:\s]*[\u3400-\u9fff〇·•.\s]{0,24}(?:同志)?(?:作政府工作报告)?。?$"
)
_NAME = re.compile(r"^[\u3400-\u9fff〇](?:[\s·•]*[\u3400-\u9fff〇]){1,3}$|^[\u3400-\u9fff]{2,6}[·•][\u3400-\u9fff]{2,8}$")
# A mark that no line can begin with: an inline element (a link, as a rule) stood before it, and this line and the one before are one.
_CONTINUES = re.compile(r"^[,。、;:!?)》」』”’]")
# The name of a column as well as a title: in a breadcrumb or a menu it stands above the title of the report itself.
_COLUMN = re.compile(r"^.{0,4}工作报告$")
# What may stand on a line of its own below 来源:
_PUBLISHER = re.compile(r"^[^。,;]{0,28}(?:报|网|社|台|办|办公室|政府|局|厅|委|中心|客户端|发布)$")
_SENTENCE = re.compile(r"^(?=.{40})(?:.*?[,。;、!?]){3}.*[。!]$")
_DATE = re.compile(r"^[(]?(?:[12]\d{3}|[一二〇零○ＯO][一二三四五六七八九〇零○]{3})年.{1,12}日?[)]?$")


@dataclass(frozen=True, slots=True)
class Cut:
    """Lines of the text, lines of the title block, and what was removed, each in page order."""

    lines: tuple[Line, ...]
    head: tuple[Line, ...]
    removed: tuple[Removed, ...]


def remove(line: Line, kind: RemovedKind, rule: str) -> Removed:
    """The record of a line that is cut off."""
    return Removed(line.start, line.end, kind, rule, line.text)


def cut_frame(lines: Sequence[Line], rules: CleaningRules, *, title: str | None = None) -> Cut:
    """Cut off what surrounds the text. `title` is the title that the page states elsewhere (an HTML title), to know it by."""
    removed: dict[int, Removed] = {}
    rest = []
    for i, line in enumerate(lines):
        if rule := _sure(line, rules):
            removed[i] = remove(line, rule.kind, rule.id)
        else:
            rest.append(i)
    first = _text_start(lines, rest, rules, title)
    head = _sort_head(lines, rest[:first], rules, title, removed)
    body = _cut_tail(lines, rest[first:], rules, removed)
    return Cut(tuple(lines[i] for i in body), tuple(lines[i] for i in head), tuple(removed[i] for i in sorted(removed)))


def _sure(line: Line, rules: CleaningRules) -> Rule | None:
    """The rule that cuts the line wherever it stands."""
    rule = rules.match(line.folded, "anywhere")
    return rule if rule and rule.at == "anywhere" else None


def is_title(line: Line, title: str | None) -> bool:
    """Whether the line is a title of a report, or the title that the page states elsewhere."""
    if len(line.folded) > _SHORT:
        return False
    return bool(_TITLE.match(line.folded)) or (title is not None and len(line.folded) >= 6 and squash(line.text) == squash(title))


def is_title_block(line: Line, title: str | None) -> bool:
    """Whether the line may belong to the title block: title, delivery line, date, speaker."""
    if len(line.folded) > _SHORT:
        return False
    patterns = (_DELIVERY, _SPEAKER, _NAME, _DATE)
    return is_title(line, title) or any(pattern.match(line.folded) for pattern in patterns)


def _text_start(lines: Sequence[Line], rest: Sequence[int], rules: CleaningRules, title: str | None) -> int:
    """Position in `rest` of the first line of the text."""
    known: list[int] = []  # positions of lines that a rule or the title block knows
    for n, i in enumerate(rest[:_HEAD_LINES]):
        line = lines[i]
        if _OPENING.match(line.folded) or _is_torn(lines, rest, n):
            return n
        if rules.match(line.folded, "head") or is_title_block(line, title):
            known.append(n)
        elif _is_text(line):
            return n
    return known[-1] + 1 if known else 0


def _is_torn(lines: Sequence[Line], rest: Sequence[int], n: int) -> bool:
    """Whether the line is the beginning of a sentence that an inline element has torn apart."""
    following = [lines[i] for i in rest[n + 1 : n + 3]]
    return len(lines[rest[n]].folded) > 10 and not is_title(lines[rest[n]], None) and any(_CONTINUES.match(line.folded) for line in following)


def _sort_head(
    lines: Sequence[Line], head: Sequence[int], rules: CleaningRules, title: str | None, removed: dict[int, Removed]
) -> list[int]:
    """Part the lines above the text into the title block (returned) and what is removed."""
    found = {i: rules.match(lines[i].folded, "head") for i in head}
    titles = [i for i in head if is_title(lines[i], title) and not found[i]]
    while any(_is_full_title(lines[i]) for i in titles[1:]) and _COLUMN.match(lines[titles[0]].folded):
        titles.pop(0)
    # Without a title that can be told by its words, the lines between the site's furniture and the text are the title.
    below = max((i for i in head if found[i]), default=-1)
    block: list[int] = []
    label: Rule | None = None
    for i in head:
        above, label = label, None
        if rule := found[i]:
            removed[i] = remove(lines[i], rule.kind, rule.id)
            label = rule if rule.kind == "byline" and lines[i].folded.endswith(":") else None
        elif above and _PUBLISHER.match(lines[i].folded):
            removed[i] = remove(lines[i], above.kind, "below-" + above.id)
        elif i >= titles[0] if titles else i > below or is_title_block(lines[i], title):
            block.append(i)
        else:
            removed[i] = remove(lines[i], "navigation", "above-title")
    return block


def _is_full_title(line: Line) -> bool:
    return not any(pattern.match(line.folded) for pattern in (_COLUMN, _SPEAKER, _DELIVERY))


def _is_text(line: Line) -> bool:
    return line.is_prose or line.is_heading or len(line.folded) > _SHORT


def _is_repeat(line: Line, lines: Sequence[Line], above: Sequence[int]) -> bool:
    """Whether a line below the text only repeats a part of it (a summary, a description for search engines)."""
    key = squash(line.text)
    return len(key) >= _REPEAT and key in "".join(squash(lines[i].text) for i in above)


def _tail_rule(line: Line, rules: CleaningRules) -> Rule | None:
    """The rule that cuts the line below the text, unless it is a paragraph that only mentions what such lines hold."""
    rule = rules.match(line.folded, "tail")
    if rule is None or len(line.folded) > (_LONGEST_DISCLAIMER if rule.kind == "disclaimer" else _LONGEST):
        return None
    return None if rule.kind in ("page_tools", "footer") and _SENTENCE.match(line.folded) else rule


def _is_annex(n: int, lines: Sequence[Line], body: Sequence[int], found: dict[int, Rule]) -> bool:
    """Whether a labelled line (主办单位:) belongs to an annex: the text uses the label too, and the footer below has a line of its own with it."""
    label, colon, _ = lines[body[n]].folded.partition(":")
    if not colon or not any(lines[body[m]].folded.startswith(label + colon) for m in found if m > n):
        return False
    used = next((m for m in range(n) if lines[body[m]].folded.startswith(label + colon)), n)
    return any(_is_text(lines[body[m]]) for m in range(used + 1, n))


def _cut_tail(lines: Sequence[Line], body: Sequence[int], rules: CleaningRules, removed: dict[int, Removed]) -> list[int]:
    """Cut from below: every line up to the highest hard rule that no line of the text stands under."""
    end = len(body)
    strangers = 0
    found: dict[int, Rule] = {}
    for n in range(len(body) - 1, -1, -1):
        line = lines[body[n]]
        rule = _tail_rule(line, rules)
        if rule and not rule.hard and _is_annex(n, lines, body, found):
            break
        if rule:
            found[n] = rule
            strangers = 0
            if rule.hard or end < len(body):  # a soft line right above a hard block belongs to it
                end = n
        elif strangers >= _TAIL_STRANGERS or (_is_text(line) and not _is_repeat(line, lines, body[:n])):
            break
        else:
            strangers += 1
    for n in range(end, len(body)):
        rule = found.get(n)
        kind: RemovedKind = rule.kind if rule else found[max(m for m in found if m <= n)].kind
        removed[body[n]] = remove(lines[body[n]], kind, rule.id if rule else "below-" + found[max(m for m in found if m <= n)].id)
    return list(body[:end])
