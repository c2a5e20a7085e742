from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.measure.periods import Period, find_periods, plan_of, year_span


def only(text: str, year: int | None = 2024, *, back: bool = False) -> Period:
    (period,) = find_periods(text, year, back=back)
    return period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年", "2023-01-01", "2023-12-31"),
        ("2023年底", "2023-01-01", "2023-12-31"),
        ("二〇二三年", "2023-01-01", "2023-12-31"),
        ("一九五五年", "1955-01-01", "1955-12-31"),
        ("2021—2023年", "2021-01-01", "2023-12-31"),
        ("2021年至2023年", "2021-01-01", "2023-12-31"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("2023年2月6日", "2023-02-06", "2023-02-06"),
        ("2023年1-11月", "2023-01-01", "2023-11-30"),
        ("2023年上半年", "2023-01-01", "2023-06-30"),
        ("2023年三季度", "2023-07-01", "2023-09-30"),
        ("“十四五”时期", "2021-01-01", "2025-12-31"),
        ("“十三五”", "2016-01-01", "2020-12-31"),
        ("十二五期间", "2011-01-01", "2015-12-31"),
        ("“八五”期间", "1991-01-01", "1995-12-31"),
        ("“一五”计划", "1953-01-01", "1957-12-31"),
        ("“三五”时期", "1966-01-01", "1970-12-31"),
        ("“十四五”末", "2025-01-01", "2025-12-31"),
        ("“十四五”以来", "2021-01-01", "2023-12-31"),
        ("过去五年", "2019-01-01", "2023-12-31"),
        ("五年来", "2019-01-01", "2023-12-31"),
        ("近3年", "2021-01-01", "2023-12-31"),
        ("今后五年", "2024-01-01", "2028-12-31"),
        ("未来三年", "2024-01-01", "2026-12-31"),
        ("去年", "2023-01-01", "2023-12-31"),
        ("上年", "2023-01-01", "2023-12-31"),
        ("一年来", "2023-01-01", "2023-12-31"),
        ("今年", "2024-01-01", "2024-12-31"),
        ("明年", "2025-01-01", "2025-12-31"),
        ("前年", "2022-01-01", "2022-12-31"),
        ("一季度", "2024-01-01", "2024-03-31"),
        ("前三季度", "2024-01-01", "2024-09-30"),
        ("下半年", "2024-07-01", "2024-12-31"),
        ("1-11月份", "2024-01-01", "2024-11-30"),
        ("6月底", "2024-06-01", "2024-06-30"),
        ("2月6日", "2024-02-06", "2024-02-06"),
    ],
)
def test_an_expression_of_time_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    period = only(text)
    assert (str(period.first), str(period.last)) == (first, last)
    assert period.start == 0


def test_what_begins_on_a_day_has_no_end() -> None:
    period = only("7月1日起")
    assert (period.first, period.last) == (date(2024, 7, 1), None)


@pytest.mark.parametrize(("text", "last"), [("一季度", "2023-03-31"), ("1-11月", "2023-11-30"), ("6月底", "2023-06-30"), ("2月6日", "2023-02-06"), ("2024年一季度", "2024-03-31")])
def test_in_a_text_that_looks_back_months_and_quarters_are_of_the_year_before_unless_the_year_is_named(text: str, last: str) -> None:
    assert str(only(text, back=True).last) == last


@pytest.mark.parametrize("text", ["去年", "今年", "一季度", "过去五年", "今后三年", "6月底"])
def test_a_relative_period_without_a_report_year_has_no_days(text: str) -> None:
    period = only(text, None)
    assert (period.first, period.last) == (None, None)


@pytest.mark.parametrize("text", ["2023—2021年", "12-3月", "近0年", "2023年13月"])
def test_a_period_that_cannot_be_has_no_days_or_those_of_its_year(text: str) -> None:
    period = only(text)
    assert period.first is None or period.last is None or period.first <= period.last


@pytest.mark.parametrize(
    "text",
    ["连续十二次", "75周年", "三年行动计划", "近三年行动", "第十五届", "一五一十", "三十五家", "年初预算", "年初既定目标", "十五个项目", "五一劳动节"],
)
def test_a_duration_an_anniversary_and_the_name_of_a_plan_are_no_periods(text: str) -> None:
    assert find_periods(text, 2024) == []


@pytest.mark.parametrize(("text", "compared"), [("比2020年增长", True), ("较上年提高", True), ("与去年持平", True), ("是2015年的2倍", True), ("2020年增长", False), ("到2025年", False)])
def test_a_period_that_something_is_compared_with_says_so(text: str, compared: bool) -> None:
    assert only(text).compared is compared


def test_a_period_that_something_is_reached_at_says_so() -> None:
    assert only("到2025年,城镇化率达到60%").until
    assert not only("2025年,城镇化率达到60%").until


@pytest.mark.parametrize(("year", "first"), [(1953, 1953), (1966, 1966), (1983, 1981), (2005, 2001), (2024, 2021), (2026, 2026), (1964, None), (1949, None)])
def test_a_year_lies_in_one_five_year_plan_or_between_plans(year: int, first: int | None) -> None:
    plan = plan_of(year)
    assert (plan and plan[0].year) == first


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1981, 2030))
def test_from_1981_every_year_lies_in_a_plan_of_five_years(year: int) -> None:
    plan = plan_of(year)
    assert plan is not None
    first, last = plan
    assert first.year <= year <= last.year
    assert (first, last) == year_span(first.year, first.year + 4)
    assert first.year % 5 == 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.text(alphabet="0123456789一二三四五六七八九十〇零年月日季度上下半前后今去明来间起末初底到比“”·—-~ 期时以内", max_size=24),
    st.one_of(st.none(), st.integers(1949, 2100)),
    st.booleans(),
)
def test_periods_stand_in_order_and_never_end_before_they_begin(text: str, year: int | None, back: bool) -> None:
    found = find_periods(text, year, back=back)
    assert all(0 <= period.start < period.end <= len(text) for period in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(period.first is None or period.last is None or period.first <= period.last for period in found)
