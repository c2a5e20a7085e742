from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.measure.lexicon import Lexicon
from baogao.measure.masks import find_masks
from baogao.measure.numbers import Number, NumberGrammar, numeral_value, spoken

GRAMMAR = NumberGrammar(Lexicon.from_terms(terms))

few = settings(max_examples=100, deadline=None, derandomize=True)


def find(text: str) -> list[Number]:
    return GRAMMAR.find(text, find_masks(text))


def only(text: str) -> Number:
    (number,) = find(text)
    return number


@pytest.mark.parametrize(
    ("text", "quote", "value", "unit", "kind"),
    [
        ("增长7%左右", "7%", 7, "%", "percent"),
        ("增长6.5‰", "6.5‰", 6.5, "‰", "percent"),
        ("提高1.3个百分点", "1.3个百分点", 1.3, "个百分点", "point"),
        ("完成1,234.5亿元", "1,234.5亿元", 1234.5, "亿元", "money"),
        ("完成60132. 9 亿元", "60132. 9 亿元", 60132.9, "亿元", "money"),
        ("达到4.4万亿元", "4.4万亿元", 4.4, "万亿元", "money"),
        ("实现8522 人", "8522 人", 8522, "人", "people"),
        ("转为-2.3%", "-2.3%", -2.3, "%", "percent"),
        ("突破千亿元大关", "千亿元", 1000, "亿元", "money"),
        ("一百二十三亿五千万元", "一百二十三亿五千万元", 123.5, "亿元", "money"),
        ("两千一百公里", "两千一百公里", 2100, "公里", "length"),
        ("百分之七点五", "百分之七点五", 7.5, "%", "percent"),
        ("百分之四十", "百分之四十", 40, "%", "percent"),
        ("提高百分之三个百分点", "百分之三个百分点", 3, "个百分点", "point"),
        ("千分之六", "千分之六", 6, "‰", "percent"),
        ("增长一点二倍", "一点二倍", 1.2, "倍", "multiple"),
        ("三百八十六点六五斤", "三百八十六点六五斤", 386.65, "斤", "mass"),
        ("超过三成", "三成", 30, "%", "percent"),
        ("六成半以上", "六成半", 65, "%", "percent"),
        ("三分之二以上", "三分之二", 200 / 3, "%", "percent"),
        ("半数以上", "半数", 50, "%", "percent"),
        ("两位数增长", "两位数", 10, "%", "percent"),
        ("实现零增长", "零", 0, "%", "percent"),
        ("增长1.2倍", "1.2倍", 1.2, "倍", "multiple"),
        ("翻一番", "翻一番", 2, "倍", "multiple"),
        ("翻了两番", "翻了两番", 4, "倍", "multiple"),
        ("居全省第3位", "第3位", 3, "位", "rank"),
        ("居全市第四", "第四", 4, "位", "rank"),
        ("列第12名", "第12名", 12, "位", "rank"),
        ("位居前三", "前三", 3, "位", "rank"),
        ("控制在103以内", "103", 103, None, "bare"),
        ("20万元/亩", "20万元/亩", 20, "万元/亩", "money"),
        ("32微克/立方米", "32微克/立方米", 32, "微克/立方米", "concentration"),
    ],
)
def test_a_number_expression_has_its_value_and_unit(text: str, quote: str, value: float, unit: str | None, kind: str) -> None:
    number = only(text)
    assert text[number.start : number.end] == quote
    assert number.value == pytest.approx(value)
    assert (number.unit, number.kind, number.high) == (unit, kind, None)


@pytest.mark.parametrize(
    ("text", "unit_si", "value_si"),
    [
        ("12.5亿元", "元", 1.25e9),
        ("1.39万亿斤", "吨", 6.95e8),
        ("120万亩", "平方米", 8e8),
        ("3.5平方公里", "平方米", 3.5e6),
        ("2.3公顷", "平方米", 23000),
        ("2100公里", "米", 2.1e6),
        ("45亿度", "千瓦时", 4.5e9),
        ("2万兆瓦", "千瓦", 2e7),
        ("812.6万人次", "人次", 8126000),
        ("50名", "人", 50),
        ("5600万美元", "美元", 5.6e7),
        ("120万TEU", "标箱", 1.2e6),
        ("15.6万元/人", "元/人", 156000),
        ("450公斤/亩", "吨/亩", 0.45),
        ("三百亿元", "元", 3e10),
    ],
)
def test_multiplier_and_unit_lead_to_the_base_unit(text: str, unit_si: str, value_si: float) -> None:
    number = only(text)
    assert number.unit_si == unit_si
    assert number.value is not None
    assert number.value * number.factor == pytest.approx(value_si)


@pytest.mark.parametrize("dash", ["—", "——", "–", "-", "~", "至", "到", " — "])
def test_a_range_may_have_any_dash_and_its_unit_once(dash: str) -> None:
    for text in (f"增长6%{dash}6.5%", f"增长6{dash}6.5%"):
        number = only(text)
        assert (number.value, number.high, number.unit) == (6, 6.5, "%")
        assert text[number.start : number.end] == text.removeprefix("增长")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("由5%到8%", [5, 8]),
        ("从52.3%提高到60.1%", [52.3, 60.1]),
        ("增长8%-5%", [8, 5]),
        ("比例为35-12", [35]),
        ("由3个至5家", [3, 5]),
    ],
)
def test_two_numbers_that_are_no_ends_of_one_range_stay_two_values(text: str, values: list[float]) -> None:
    found = find(text)
    assert [number.value for number in found][: len(values)] == values
    assert all(number.high is None for number in found)


@pytest.mark.parametrize(
    ("text", "inside", "bound"),
    [("20余亿元", "余", "gt"), ("4万多户", "多", "gt"), ("2000多人", "多", "gt"), ("十余家", "余", "gt"), ("30来个", "来", "approx"), ("20亿元", None, None)],
)
def test_a_word_inside_a_number_bounds_it(text: str, inside: str | None, bound: str | None) -> None:
    number = only(text)
    assert (number.inside, number.bound, number.end - number.start) == (inside, bound, len(text))


@pytest.mark.parametrize("text", ["12.5:45.3:42.2", "8.3 : 41.4 : 50.3", "10:35:55", "2.02:1"])
def test_a_ratio_is_one_expression_without_a_value(text: str) -> None:
    number = only(f"调整为{text}。")
    assert (number.kind, number.value, number.end - number.start) == ("ratio", None, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "一般公共预算", "统一战线", "一切为了群众", "零工市场", "千方百计", "百强县", "一批项目", "首个平台", "两个维护", "三农工作", "成果丰硕", "大功告成", "唯一渠道",
        "专家学者", "长三角", "五个一批",
    ],
)
def test_a_numeral_inside_a_word_counts_nothing(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize("text", ["前三季度", "前五年", "全省20强", "居第一方阵", "列第二梯队", "目前一段时期", "跨前一步"])
def test_an_order_in_time_or_class_is_no_rank(text: str) -> None:
    assert [number for number in find(text) if number.kind == "rank"] == []


def test_nothing_is_found_where_a_mask_lies() -> None:
    text = "第12届运动会,增长12%"
    assert [number.start for number in GRAMMAR.find(text, [(0, 8)])] == [10]
    assert GRAMMAR.find(text, [(0, len(text))]) == []


def test_a_fraction_of_ten_is_written_in_one_digit() -> None:
    assert only("占8成").value == 80
    assert only("占8.5成").value == 85
    assert find("五.6成") != []


# --- numerals


def numeral(n: int) -> str:
    """The Chinese numeral of a whole number, written out in full."""
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]
    if n == 0:
        return "零"
    said, groups = "", []
    while n:
        n, group = divmod(n, 10**4)
        groups.append(group)
    for place in reversed(range(len(groups))):
        group, part = groups[place], ""
        for power in (3, 2, 1, 0):
            digit = group // 10**power % 10
            part += digits[digit] + units[power] if digit else "零"
        part = part.rstrip("零")
        while "零零" in part:
            part = part.replace("零零", "零")
        said += (part if said else part.lstrip("零")) + (["", "万", "亿"][place] if group else "")
    return said


@few
@given(st.one_of(st.integers(0, 10**5), st.integers(0, 10**12 - 1)))
def test_the_value_of_a_numeral_is_the_number_that_it_writes(n: int) -> None:
    value, _ = numeral_value(numeral(n))
    assert value == n


@pytest.mark.parametrize(
    ("said", "value", "scale"),
    [("十", 10, ""), ("十五", 15, ""), ("二十", 20, ""), ("两千一百", 2100, ""), ("万", 10**4, "万"), ("千亿", 10**11, "亿"), ("三万亿", 3 * 10**12, "万亿"), ("一百零五", 105, "")],
)
def test_a_numeral_tells_its_largest_multiplier(said: str, value: int, scale: str) -> None:
    assert numeral_value(said) == (value, scale)


@pytest.mark.parametrize("said", ["一九", "二三四", "五五"])
def test_digits_in_a_row_are_no_numeral(said: str) -> None:
    assert numeral_value(said) == (None, "")


@few
@given(st.integers(0, 99), st.integers(0, 99))
def test_a_spoken_decimal_is_the_number_that_it_says(whole: int, hundredths: int) -> None:
    decimals = f"{hundredths:02d}"
    said = numeral(whole) + "点" + "".join("零一二三四五六七八九"[int(digit)] for digit in decimals)
    assert spoken(said) == pytest.approx(float(f"{whole}.{decimals}"))


@few
@given(st.text(alphabet="0123456789.,:%‰—-~ 零一二三四五六七八九十百千万亿两成半分之翻了番倍第前位名居列全省余多来几元人个家亩吨百分点至到由", max_size=30))
def test_numbers_stand_in_order_and_do_not_overlap(text: str) -> None:
    found = find(text)
    assert all(0 <= number.start < number.end <= len(text) for number in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(number.high is None or (number.value is not None and number.value < number.high) for number in found)
