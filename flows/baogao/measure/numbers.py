"""Number expressions: digits and numerals with multiplier and unit, ranges, ratios, and the words that are numbers.

In: folded text and the spans that are masked. Out: `Number`s with offsets, in order. Never: what the number is of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from baogao.measure.lexicon import Lexicon, words
from baogao.measure.numerals import DIGITS, MULTIPLIERS, SCALES, numeral_value, small, spoken, two_digits

_ASCII_DIGIT = re.compile(r"\d")
# 19·5: reports of the nineties write the decimal point as a middle dot.
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\s?[.·]\s?\d+)?"
_NUMERALS = "一二三四五六七八九十百千万亿两零〇"
# 九百万千瓦 ends in a unit of a thousand, 五千米 in a numeral.
_NUMERAL = r"(?:[一二三四五六七八九十百万亿两零〇]|千(?![瓦伏米克卡])|(?<=[一二三四五六七八九两])千)+"
# Before the first place: 稳居全国首位, and not 摆在首位.
_HOLDS_PLACE = re.compile(r"(?:[居列占]|排名|登上?|保持|位次)[^,。;、]{0,10}$")
_LISTED = re.compile(r"\s*[、和及与]\s*")
_DASH = r"\s*(?:—{1,2}|–|-{1,2}|~|至|到|―)\s*"


@dataclass(frozen=True, slots=True)
class Number:
    """A number expression: its span, its value or both ends of a range, its unit as written and as a base unit, and words inside it that bound it."""

    start: int
    end: int
    value: float | None
    high: float | None = None
    unit: str | None = None
    unit_si: str | None = None
    factor: float = 1.0
    kind: str = "count"
    """percent, point, money, … as in units.yaml; rank, multiple, ratio, index, bare for a number without a unit."""
    inside: str | None = None
    bound: str | None = None
    numeral: bool = False
    """Whether it is written in Chinese numerals."""

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.high is not None


class NumberGrammar:
    """The grammar of number expressions over one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        unit, multiplier = f"(?:{words(lexicon.units)})(?!(?<=群)众)", words(lexicon.multipliers)
        inside = words(lexicon.inside)
        full_unit = rf"(?:{unit})(?:/(?:{unit}|人·月|人·年))?"
        self.arabic = re.compile(
            rf"(?=[-\d负])(?P<sign>(?<![\d%a-zA-Z])-|(?<!税)负)?(?P<low>{_ARABIC})\s*"
            rf"(?:(?P<mult1>{multiplier})?(?P<unit1>%|‰|{unit})?{_DASH}(?P<sign2>-)?(?P<high>{_ARABIC})\s*)?"
            rf"(?P<in1>{inside})?(?P<mult>{multiplier})?(?P<in2>{inside})?\s?(?P<unit>{full_unit})?"
        )
        self.numeral = re.compile(
            rf"(?=[{_NUMERALS}])(?:(?P<from>{_NUMERAL})(?:{unit})?{_DASH})?(?P<num>{_NUMERAL}(?:点[一二三四五六七八九零〇]+)?)(?P<in1>{inside})?(?P<mult>[万亿]|万亿)?(?P<in2>{inside})?(?P<unit>{full_unit})"
        )
        counters = words(unit for unit in lexicon.units if unit.split("/", maxsplit=1)[0] in _COUNTERS)
        self.counted = re.compile(rf"(?=[{_NUMERALS}]){_NUMERAL}(?:点[一二三四五六七八九零〇]+)?(?:{inside})?(?:万亿|[万亿])?(?:{inside})?(?:{counters})")
        self.words = re.compile(
            r"(?=[\d一二三四五六七八九十两百千零半翻首榜之第前过])(?:(?P<ratio>\d+(?:\.\d+)?\s*:\s*\d+(?:\.\d+)?\s*:\s*\d+(?:\.\d+)?(?:\s*:\s*\d+(?:\.\d+)?)*|\d+\.\d+\s*:\s*\d+(?:\.\d+)?)"
            rf"|(?P<hundredth>百分之|千分之)(?P<of>{_ARABIC}|[一二三四五六七八九十百零〇两点]+)(?:{_DASH}(?:(?:百|千)分之)?(?P<to>[一二三四五六七八九十百零〇点]+))?(?P<points>个百分点)?"
            r"|(?P<tenths>[一二三四五六七八九两]|\d(?:\.\d)?)成(?P<half>半)?(?!立|都|为|功|果|熟|长|效|员|本|交|品|套|分|就|片|人|年|色|型|绩|林|渝|渠|县|市)"
            rf"|(?P<whole>\d+(?:\.\d+)?)\s?(?P<wholemult>万亿|亿)零?\s?(?P<rest>\d+(?:\.\d+)?)\s?(?P<restmult>千万|百万|万)(?P<wholeunit>{full_unit})"
            r"|(?<![\d./])(?P<over>[1-9])/(?P<under>[2-9]|10)(?![\d/月])"
            r"|(?P<halfof>(?<![另这那])一半|(?<![间务双])过半)"
            r"|(?P<fraction>(?P<den>[二三四五六七八九十])分之(?P<nume>[一二三四五六七八九]))"
            r"|(?P<andahalf>[一两二三四五六七八九])倍半"
            r"|翻了?(?P<doubled>[一两二三四五\d]*)番"
            r"|(?P<head>首位|榜首|之首)|(?P<halves>半数)|(?P<two>两位数)|(?P<zero>零)(?=增长)"
            r"|(?:(?<=居)|(?<=列)(?<![班系专队序]列)|(?<=居全[省国市区县州])|(?<=列全[省国市区县州]))(?:第)?(?P<place>\d+|[一二三四五六七八九十]+)(?P<placeunit>位|名)?(?![区县市州旗]|产业|三产|方阵|梯队|季度|批|届|次)"
            r"|(?<=全[国省市区县州球])第(?P<held>[一二三四五六七八九十]+)(?=[,。;、)]|$)"
            r"|第(?P<rank>\d+|[一二三四五六七八九十]+)(?P<rankunit>位|名)|(?<=[、和])第(?P<next>\d+|[一二三四五六七八九十]+)(?![\d位名])"
            r"|前(?!一)(?P<top>\d+|[一二三四五六七八九十]+)(?P<topunit>位|名|强)?(?!个|年|月|季|天|期|后|沿|五年|三年|三季度|两年|来|去))"
        )

    def may_be_in(self, text: str) -> bool:
        """Whether a folded text may hold a number; periods and masks need not be sought where it cannot."""
        return bool(_ASCII_DIGIT.search(text) or self.counted.search(text) or self.words.search(text))

    def find(self, text: str, masked: Sequence[tuple[int, int]]) -> list[Number]:
        """Numbers of the folded text, outside the masked spans, in order."""
        found = [number for match in self.words.finditer(text) if not _hidden(match, masked) and (number := self._word(match))]
        taken = [*masked, *((number.start, number.end) for number in found)]
        at = 0
        while match := self.arabic.search(text, at):
            at = match.end()
            if not _hidden(match, taken) and (number := self._arabic(match, text)):
                found.append(number)
                at = number.end  # the second of two numbers that are no range comes next
        taken += [(number.start, number.end) for number in found]
        found += [number for match in self.numeral.finditer(text) if not _hidden(match, taken) and (number := self._numeral(match, text))]
        return self._completed(sorted(found, key=lambda number: number.start), text)

    def _completed(self, numbers: Sequence[Number], text: str) -> list[Number]:
        """The numbers, those of a list that leave its unit to the last one with that unit: 10.6万、3.8万、3.3万平方公里."""
        completed: list[Number] = []
        for number in reversed(numbers):
            last = completed[-1] if completed else None
            unit = last.unit and last.unit.lstrip("".join(self.lexicon.multipliers)) if last else None
            if last and unit and unit in self.lexicon.units and number.kind == "bare" and (number.unit or last.kind in {"percent", "point"}) and _LISTED.fullmatch(text, number.end, last.start):
                completed.append(replace(number, unit=(number.unit or "") + unit, unit_si=last.unit_si, factor=number.factor * self.lexicon.units[unit].factor, kind=last.kind))
            else:
                completed.append(number)
        return completed[::-1]

    def _arabic(self, match: re.Match[str], text: str) -> Number | None:
        low, high = _float(match["low"]), _float(match["high"]) if match["high"] else None
        unit, multiplier = match["unit"], match["mult"]
        end = match.end()
        if unit and not multiplier and unit in {"万", "亿"}:
            return None
        start = match.start()
        if match["sign"]:
            low = -low
        if high is not None and not _is_range(match, text, low, high):
            # Not a range: only the first number, with what belongs to it.
            shorter = self.arabic.match(text, match.start(), match.end("unit1") if match["unit1"] else match.end("mult1") if match["mult1"] else match.end("low"))
            return self._arabic(shorter, text) if shorter and shorter["high"] is None else None
        inside = match["in1"] or match["in2"]
        return self._made(start, end, low, high, unit, multiplier, inside, text, numeral=False)

    def _numeral(self, match: re.Match[str], text: str) -> Number | None:
        said, unit = match["num"], match["unit"]
        if not _is_counted(said, unit, text, match):
            return None
        ends = self._ends(said, match["from"])
        value, scale = (spoken(said), "") if "点" in said else numeral_value(said[1:] if ends and not match["from"] else said)
        if value is None:
            return None
        multiplier = match["mult"] or scale
        low, high = ends or (value, None)
        if match["mult"] is None and scale and said[-1] not in MULTIPLIERS:
            multiplier = ""  # 一万四千公里 is said in 公里, 一亿二千万元 in 亿元
        elif match["mult"] is None and scale:
            low, high = low / self.lexicon.multipliers[scale], high and high / self.lexicon.multipliers[scale]
        start, inside = match.start("num" if high is None or not match["from"] else "from"), match["in1"] or match["in2"]
        if start and text[start - 1] in "几数" and said[0] in SCALES | MULTIPLIERS:
            start, inside = start - 1, "多"  # 几十亿元, 数百家: more than ten, more than a hundred
        return self._made(start, match.end(), low, high, unit, multiplier, inside, text, numeral=True)

    def _ends(self, said: str, before: str | None) -> tuple[float, float] | None:
        """The ends of a range of numerals: 三十至五十亿, whose first takes what multiplies the second, or 二三十亿."""
        if not before:
            return two_digits(said)
        (low, scale), (high, large) = numeral_value(before), numeral_value(said)
        if low is None or high is None:
            return None
        low = low if scale or not large else low * self.lexicon.multipliers[large]
        return (low, high) if low < high else None

    def _made(
        self, start: int, end: int, low: float, high: float | None, unit: str | None, multiplier: str | None, inside: str | None, text: str, *, numeral: bool
    ) -> Number:
        known = self.lexicon.units.get(unit or "") or self.lexicon.units.get((unit or "").split("/")[0])
        factor = self.lexicon.multipliers.get(multiplier or "", 1.0) * (known.factor if known else 1.0)
        si = known.si if known else None
        if unit and "/" in unit and unit not in self.lexicon.units and known:
            si = f"{known.si}/{unit.split('/')[1]}"
        if unit in self.lexicon.units:
            si, factor = self.lexicon.units[unit].si, self.lexicon.multipliers.get(multiplier or "", 1.0) * self.lexicon.units[unit].factor
        kind = known.kind if known else "bare"
        if kind == "percent" and unit not in {"%", "‰"}:
            kind = "point"
        while end > start and text[end - 1].isspace():
            end -= 1
        return Number(start, end, low, high, f"{multiplier or ''}{unit or ''}" or None, si, factor, kind, inside, self.lexicon.inside.get(inside or ""), numeral)

    def _in_two(self, match: re.Match[str]) -> Number:
        """An amount in two multipliers, in the larger one: 1亿5000万元 is 1.5亿元."""
        large, small = self.lexicon.multipliers[match["wholemult"]], self.lexicon.multipliers[match["restmult"]]
        value = round(float(match["whole"]) + float(match["rest"]) * small / large, 9)
        return self._made(match.start(), match.end(), value, None, match["wholeunit"], match["wholemult"], None, match.string, numeral=False)

    def _word(self, match: re.Match[str]) -> Number | None:
        start, end = match.span()
        if match["ratio"]:
            return Number(start, end, None, unit="比例", kind="ratio")
        if match["hundredth"]:
            unit = "个百分点" if match["points"] else "%" if match["hundredth"] == "百分之" else "‰"
            low = _float(match["of"]) if match["of"][0].isdigit() else spoken(match["of"])
            high = spoken(match["to"]) if match["to"] else None
            return Number(start, end, low, high, unit, unit, kind="point" if match["points"] else "percent", numeral=True)
        if match["whole"]:
            return self._in_two(match)
        if match["andahalf"]:
            return Number(start, end, DIGITS[match["andahalf"]] + 0.5, unit="倍", unit_si="倍", kind="multiple")
        if match["doubled"] is not None:
            times = match["doubled"]
            return Number(start, end, float(2 ** (int(times) if times.isdigit() else small(times or "一"))), unit="倍", unit_si="倍", kind="multiple", bound="doubled")
        if (share := _share_in_words(match)) is not None:
            bound = "gt" if match["halfof"] == "过半" else "ge" if match["two"] else None
            return Number(start, end, share, unit="%", unit_si="%", kind="percent", bound=bound, numeral=True)
        if match["head"]:
            return Number(start, end, 1.0, unit="位", unit_si="位", kind="rank") if _HOLDS_PLACE.search(match.string, 0, start) else None
        said = match["place"] or match["held"] or match["rank"] or match["next"] or match["top"]
        unit = match["placeunit"] or match["rankunit"] or match["topunit"] or "位"
        if unit == "强":
            return None
        value = float(said) if said.isdigit() else float(small(said))
        return Number(start, end, value, unit="位", unit_si="位", kind="rank", bound="le" if match["top"] else None)


def _share_in_words(match: re.Match[str]) -> float | None:
    """The percentage that words say: 六成半, 三分之二, 2/3, 一半, 两位数, 零增长."""
    if match["tenths"]:
        tenths = _float(match["tenths"]) if match["tenths"][0].isdigit() else float(DIGITS[match["tenths"]])
        return tenths * 10 + (5 if match["half"] else 0)
    if match["fraction"]:
        return 100 * small(match["nume"]) / small(match["den"])
    if match["over"]:
        return 100 * int(match["over"]) / int(match["under"])
    if match["halves"] or match["halfof"]:
        return 50.0
    return 10.0 if match["two"] else 0.0 if match["zero"] else None


def _float(said: str) -> float:
    return float("".join(said.split()).replace(",", "").replace("·", "."))


def _hidden(match: re.Match[str], masked: Sequence[tuple[int, int]]) -> bool:
    start, end = match.span()
    return any(start < stop and begin < end for begin, stop in masked)


def _is_range(match: re.Match[str], text: str, low: float, high: float) -> bool:
    """Whether two numbers joined by a dash are the ends of one range, and not two values (由…到…), a code or a date."""
    before = text[max(0, match.start() - 4) : match.start()]
    unit = match["unit"] or match["unit1"]
    same = not match["unit1"] or not match["unit"] or match["unit1"] == match["unit"]
    return low < high and unit is not None and same and not re.search(r"[由从自]\D{0,2}$", before)


_COUNTERS = frozenset(
    "家 所 座 户 公里 亩 栋 辆 台 吨 名 人 人次 元 斤 公斤 平方米 平方公里 立方米 米 套 张 头 千瓦 千瓦时 美元 只 株 个 条 处 倍 %"
    " 门 间 艘 架 部 口 件 项 种 场 支 棵 匹 对 班 列 羽 担".split()
)
_SMALL_COUNTERS = frozenset("家 所 座 公里 栋 辆 台 倍 元 亩 吨".split())
_NOT_COUNTED = re.compile(r"^(?:一|两|三|四|五|六|七|八|九|十)+(?:个|条|名|人|户|张|处|套|只|头)$")


def _is_counted(said: str, unit: str, text: str, match: re.Match[str]) -> bool:
    """Whether a Chinese numeral counts something, and is no part of a word (一般, 统一, 千方百计, 百强县, 两个维护)."""
    base = unit.split("/", maxsplit=1)[0]
    if base not in _COUNTERS and base != "个":
        return False
    before = text[match.start() - 1] if match.start() else ""
    if (match["in1"] and said in {"万", "千", "百", "十"}) or "点" in said or (before and before in "几数" and said[0] in SCALES | MULTIPLIERS):
        return True  # 十余家, 七点八平方公里, 数百家
    if (before and before in "第统同唯专单万十百千之") or said in {"一", "万", "千", "百", "十"}:
        return said in {"百", "千", "万"} and before in "近超逾约上过" and bool(before)
    large = any(char in said for char in "百千万亿") and said not in {"百千", "千百", "千万", "百万"}
    if large:
        return True
    if _NOT_COUNTED.match(said + base):
        if base == "个":
            return "十" in said and len(said) >= 2 and not text.startswith(("月", "字", "方面"), match.end())
        return said.startswith(("十", "二十", "三十")) and len(said) >= 2
    return base in _SMALL_COUNTERS and said != "一" and not (said in {"两", "三", "四", "五"} and base in {"家", "台"} and before == "“")
