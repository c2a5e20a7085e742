"""Chinese numerals: 一百二十三亿五千万, 七点五, 二三十亿.

In: a numeral. Out: its value, with the multiplier that it is said in. Never: what stands around it.
"""

from __future__ import annotations

DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "俩": 2}
SCALES = {"十": 10, "百": 100, "千": 1000}
MULTIPLIERS = {"万": 10**4, "亿": 10**8}


def numeral_value(said: str) -> tuple[float | None, str]:
    """The value of a Chinese numeral, and its largest multiplier among 万, 亿 and 万亿.

    >>> numeral_value("一百二十三亿五千万"), numeral_value("两千一百"), numeral_value("千亿"), numeral_value("一九"), numeral_value("二千零十六万")
    ((12350000000.0, '亿'), (2100.0, ''), (100000000000.0, '亿'), (None, ''), (20160000.0, '万'))
    """
    total = section = 0.0
    digit: int | None = None
    for at, char in enumerate(said):
        if char in DIGITS:
            if digit is not None and not (char in "零〇" or said[at - 1] in "零〇"):
                return None, ""
            digit = DIGITS[char]
        elif char in SCALES:
            section += (digit or 1) * SCALES[char]  # 二千零十六: nothing before 十 is one
            digit = None
        else:
            section += digit or 0
            digit = None
            if char == "亿":
                total = (total + (section or (0 if total else 1))) * MULTIPLIERS[char]
            else:
                total += (section or 1) * MULTIPLIERS[char]
            section = 0
    section += digit or 0
    scale = "万亿" if "万亿" in said else "亿" if "亿" in said else "万" if "万" in said else ""
    return total + section, scale


def two_digits(said: str) -> tuple[float, float] | None:
    """The ends of a range whose first digit is two: 二三十亿.

    >>> two_digits("二三十亿"), two_digits("五十亿")
    ((2000000000.0, 3000000000.0), None)
    """
    if len(said) > 2 and {said[0], said[1]} <= set(DIGITS) and DIGITS[said[1]] == DIGITS[said[0]] + 1:
        ends = [numeral_value(digit + said[2:])[0] for digit in said[:2]]
        return (ends[0], ends[1]) if ends[0] and ends[1] else None
    return None


def spoken(said: str) -> float:
    """A numeral with a decimal point.

    >>> spoken("七点五"), spoken("四十")
    (7.5, 40.0)
    """
    whole, _, decimals = said.partition("点")
    value = float(small(whole or "零"))
    return value + (float("0." + "".join(str(DIGITS[d]) for d in decimals)) if decimals else 0.0)


def spoken_or_digits(said: str) -> int:
    """A whole number, in digits or as a numeral.

    >>> spoken_or_digits("12"), spoken_or_digits("十二"), spoken_or_digits("三")
    (12, 12, 3)
    """
    return int(said) if said.isdigit() else small(said)


def small(said: str) -> int:
    """The value of a numeral that is known to be whole and small; 0 for what is none."""
    value, _ = numeral_value(said)
    return int(value or 0)
