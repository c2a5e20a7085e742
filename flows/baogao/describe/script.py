"""Traditional script: the lines of a page as simplified script would have them, to look names up in vocabularies.

In: lines. Out: the same lines in simplified script, without the readings that converters leave in brackets (區(qū)). Never: a change to the text itself.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

# The reading in brackets behind a character: 區(qū), 現(xiàn).
_GLOSS = re.compile(r"(?<=[\u3400-\u9fff])[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ]{1,6}[)）]")


def simplified(lines: Sequence[str]) -> list[str]:
    """The lines in simplified script.

    >>> simplified(["重慶市江北區(qū)人民政府工作報告"])
    ['重庆市江北区人民政府工作报告']
    """
    convert = _converter()
    return [convert(_GLOSS.sub("", line)) for line in lines]


def simplified_in_place(text: str) -> str:
    """The text in simplified script, character for character, so that offsets into it are offsets into the text.

    >>> simplified_in_place("社會消費品零售總額1.2萬億元")
    '社会消费品零售总额1.2万亿元'
    """
    return "".join(map(_character, text))


@functools.cache
def _character(char: str) -> str:
    found = _converter()(char)
    return found if len(found) == 1 else char


@functools.cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415 - few pages are in traditional script

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
