"""Repetition: pages dumped through nested nodes hold their text several times over.

In: the lines of a page. Out: which of them only repeat what stood before. Never: a repetition inside one copy of the text (各位代表！ recurs).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from baogao.clean.line import Line
from baogao.text import squash

# A line this long seldom recurs by chance; the formula of a report (现在，我代表……提出意见) is longer, and stands in it once.
_LONG = 24
# A line tells a text once more that holds most of so many long lines or more.
_RETOLD, _RETOLD_SHARE = 4, 0.8
# So many of them are looked for in it; and so many characters are searched for lines that copies tell across lines.
_ASKED, _SOUGHT = 40, 300_000_000
# A page is a repeating dump when at least this share of its long lines has stood before.
_SHARE = 0.3


def repeated_lines(lines: Sequence[Line]) -> set[int]:
    """Positions of lines that repeat an earlier copy of the text; where what is left repeats itself too (its end in several copies), of those as well."""
    left = list(range(len(lines)))
    while found := _repeated([lines[i] for i in left]):
        left = [i for n, i in enumerate(left) if n not in found]
    return set(range(len(lines))).difference(left)


def _repeated(lines: Sequence[Line]) -> set[int]:
    """From the first long line that has stood before (and what leads up to it), every line that has stood before, alone or across lines, is a repeat."""
    whole = _retold(lines)
    if whole is not None:
        return {whole}
    long = [i for i, line in enumerate(lines) if len(line.text) >= _LONG]
    # Of copies of one text most lines begin alike: where few do, there is no need to look closer.
    if len(long) < 4 or len({"".join(lines[i].text[:12].split())[:5] for i in long}) > (1 - _SHARE) * len(long):
        return set()
    keys = [squash(line.text) for line in lines]
    seen: set[str] = set()
    again = []
    for i in long:
        if keys[i] in seen:
            again.append(i)
        seen.add(keys[i])
    if len(again) < _SHARE * len(long):
        return set()
    if sum(keys[i] == keys[i - 1] for i in again) >= _SHARE * len(long):  # each line twice
        return {i for i in range(1, len(lines)) if keys[i] == keys[i - 1]}
    first = again[0] - _led_up(keys[: again[0]])
    copy = "".join(keys[:first])
    before = set(keys[:first])
    # Lines that stand in the copy as they are are found at once; of the others, on a page of a size that no report has, not all are sought.
    sought = itertools.islice((i for i in range(first, len(lines)) if keys[i] not in before), _SOUGHT // (len(copy) + 1))
    return {i for i in range(first, len(lines)) if keys[i] in before} | {i for i in sought if keys[i] in copy}


def _led_up(keys: Sequence[str]) -> int:
    """How many of the last lines tell what the lines above them have told: the title and the first lines of a second copy."""
    told = "".join(keys)
    at = len(told)
    for n in range(min(len(keys), _SOUGHT // (len(told) + 1))):
        at -= len(keys[-1 - n])
        if told.find(keys[-1 - n], 0, at) < 0:
            return n
    return 0


def _retold(lines: Sequence[Line]) -> int | None:
    """Position of a line that tells the text of the others once more, all in one; None where there is none."""
    longest = max(range(len(lines)), key=lambda i: len(lines[i].text), default=0)
    others = [line.text for i, line in enumerate(lines) if i != longest and len(line.text) >= _LONG]
    if len(others) < _RETOLD or 2 * len(lines[longest].text) < sum(map(len, others)):
        return None
    key = squash(lines[longest].text)
    others = others[:: len(others) // _ASKED + 1]
    return longest if sum(squash(text) in key for text in others) >= _RETOLD_SHARE * len(others) else None
