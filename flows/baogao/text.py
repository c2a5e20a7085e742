"""Characters: width and look-alikes folded one to one, so that an offset into the folded text is an offset into the text.

In: any text. Out: text of the same length (`fold`), or a key for comparing texts (`squash`).
Never NFKC: it turns ℅ into c/o, ① into 1, … into ... and ㎡ into m2, and lengths change with it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

# Full-width forms U+FF01..U+FF5E stand 0xFEE0 above their ASCII twins (Unicode, Halfwidth and Fullwidth Forms).
_FOLD: dict[str, str] = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# Look-alikes met on real pages: percent signs of mirrors, ratio signs, half-width full stop, minus signs, every kind of space.
_FOLD |= dict.fromkeys("℅﹪", "%")
_FOLD |= dict.fromkeys("︰∶꞉", ":")
_FOLD |= dict.fromkeys("−﹣", "-")
_FOLD |= dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\x0b\x0c", " ")
_FOLD |= {"｡": "。", "､": "、", "﹐": ",", "﹔": ";", "﹕": ":", "○": "〇"}
# A search for what is there to fold is several times as fast as looking up every character.
_FOLDED = re.compile(f"[{''.join(_FOLD)}]")

# Characters without a shape or a meaning in running text: format characters (category Cf) and control characters but line breaks and tabs.
_SHAPELESS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def fold(text: str) -> str:
    """The text with widths and look-alikes folded, character for character.

    >>> fold("增长１１．１％，约２８℅；")
    '增长11.1%,约28%;'
    >>> fold("①……㎡")
    '①……㎡'
    """
    return _fold(text) if len(text) < _LONG else _fold_once(text)


def _fold(text: str) -> str:
    return _FOLDED.sub(lambda found: _FOLD[found[0]], text)


# Stage after stage folds the same paragraphs and texts.
_LONG, _LONGER = 40, 2000


@functools.lru_cache(maxsize=512)
def _fold_once(text: str) -> str:
    """In a long text, each kind at once: a page has few of them, and many of each."""
    if len(text) < _LONGER:
        return _fold(text)
    for char, folded in _FOLD.items():
        if char in text:
            text = text.replace(char, folded)
    return text


def squash(text: str) -> str:
    """The folded text without any space or shapeless character: a key under which copies of a text agree.

    >>> squash("国务院总理　李　强")
    '国务院总理李强'
    """
    return "".join(drop_shapeless(fold(text)).split())


def squash_all(texts: Iterable[str]) -> list[str]:
    """The keys of many texts, folded in one: several times as fast as one by one.

    >>> squash_all(["第１条", " 第 二 条"])
    ['第1条', '第二条']
    """
    one_by_one = list(texts)
    lines = drop_shapeless(fold("\n".join(one_by_one))).split("\n")
    return ["".join(line.split()) for line in lines] if len(lines) == len(one_by_one) else [squash(text) for text in one_by_one]


def drop_shapeless(text: str) -> str:
    r"""The text without zero-width, directional and control characters; line breaks, tabs and spaces stay.

    >>> drop_shapeless("\ufeff导航\u200b菜单")
    '导航菜单'
    """
    return text if text.isprintable() else _SHAPELESS.sub("", text)


def is_han(char: str) -> bool:
    """Whether the character is a Han character (CJK ideographs with extension A and the zero 〇).

    >>> [is_han(c) for c in "省〇A。"]
    [True, True, False, False]
    """
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "〇"


def printable(text: str) -> str:
    r"""The text on one line for a message: control characters escaped, line breaks as spaces.

    >>> printable("a\nb\x00")
    'a b\\x00'
    """
    return "".join(c if c.isprintable() else " " if c.isspace() else c.encode("unicode_escape").decode() for c in text)


