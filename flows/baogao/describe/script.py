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


@functools.cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415 - few pages are in traditional script

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert
