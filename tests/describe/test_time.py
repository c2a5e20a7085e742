from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.describe.time import When, find_time

HAN = "〇一二三四五六七八九"
REVIEW_2023 = "一、2023年工作回顾"
PLAN_2024 = "二、2024年工作安排"


def on(line: str, *more: str, lines: tuple[str, ...] = ()) -> When:
    return find_time("政府工作报告", ["政府工作报告", line, *more], lines)


def titled(title: str, *lines: str) -> When:
    return find_time(title, [title], lines)


@pytest.mark.parametrize(
    "line",
    [
        "——2024年1月15日在清河省第十四届人民代表大会第三次会议上",
        "—2024年1月15日在清河省第十四届人民代表大会第三次会议上",
        "–2024年1月15日在清河省第十四届人民代表大会第三次会议上",
        "――2024年1月15日在清河省第十四届人民代表大会第三次会议上",
        "--2024年1月15日在清河省第十四届人民代表大会第三次会议上",
        "2024年1月15日在清河省第十四届人民代表大会第三次会议上",
        "(2024年1月15日在清河省第十四届人民代表大会第三次会议上)",
        "（2024年1月15日在清河省第十四届人民代表大会第三次会议上）",
        "【2024年1月15日在清河省第十四届人民代表大会第三次会议上】",
        "——2024年01月15日在清河省十四届人大三次会议上",
        "二〇二四年一月十五日在清河省第十四届人民代表大会第三次会议上",
        "二○二四年一月十五日在清河省第十四届人民代表大会第三次会议上",
        "二零二四年一月十五日在清河省第十四届人民代表大会第三次会议上",
        "２０２４年１月１５日在清河省第１４届人民代表大会第３次会议上",
        "—— 2 0 2 4 年 1 月 15 日在清河省第十四届人民代表大会第三次会议上",
        "——2024年1月15日和16日在清河省第十四届人民代表大会第三次会议上",
        "——2024年1月15日至16日在清河省第十四届人民代表大会第三次会议上",
        "2024年1月15日在清河省第十四届人民代表大会第三次会议上清河省省长 江岸同志作政府工作报告。",
        "——2024年1月15日省长江岸在清河省第十四届人民代表大会第三次会议上的讲话",
    ],
)
def test_every_form_of_a_delivery_line_is_read(line: str) -> None:
    assert on(line) == When(2024, 2023, date(2024, 1, 15), 14, 3, "delivery 2024")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("——2024年1月15日", "在清河省第十四届人民代表大会第三次会议上"),
        ("(2024年1月15日", "在清河省第十四届人民代表大会第三次会议上)"),
        ("——2024年1月15日在清河省第十四届人民代表大会", "第三次会议上"),
    ],
)
def test_a_delivery_line_may_be_wrapped(first: str, second: str) -> None:
    assert on(first, second) == When(2024, 2023, date(2024, 1, 15), 14, 3, "delivery 2024")


@pytest.mark.parametrize(
    ("line", "congress", "session"),
    [
        ("——2023年1月9日在丰水县第一届人民代表大会第一次会议上", 1, 1),
        ("——2023年1月9日在丰水县第十届人民代表大会第十次会议上", 10, 10),
        ("——2023年1月9日在丰水县第二十一届人民代表大会第十二次会议上", 21, 12),
        ("——2023年1月9日在丰水县第18届人民代表大会第5次会议上", 18, 5),
        ("——2023年1月9日在丰水縣第十八屆人民代表大會第五次會議上", 18, 5),
        ("——2023年1月9日在全县干部大会上", None, None),
    ],
)
def test_congress_and_session_are_numbers(line: str, congress: int | None, session: int | None) -> None:
    when = on(line)
    assert (when.congress, when.session) == (congress, session)


def test_a_broken_day_that_can_be_one_day_alone_is_that_day() -> None:
    when = on("——202321日在丰水市第六届人民代表大会第三次会议上", lines=("一、2022年工作回顾",))
    assert when == When(2023, 2022, date(2023, 2, 1), 6, 3, "delivery 2023; review 2022")


def test_a_broken_day_that_can_be_two_is_settled_by_the_day_of_publication_or_not_at_all() -> None:
    line = "——2023112日在丰水市第六届人民代表大会第三次会议上"
    assert on(line) == When(congress=6, session=3)
    assert find_time("政府工作报告", ["政府工作报告", line], [], published="2023年2月3日").delivered_on == date(2023, 1, 12)
    assert find_time("政府工作报告", ["政府工作报告", line], [], address="http://a.example/2023/0203/1.html").delivered_on == date(2023, 1, 12)


@pytest.mark.parametrize("line", ["——2024年2月30日在丰水市第六届人民代表大会第三次会议上", "——2024年13月1日在丰水市第六届人民代表大会第三次会议上"])
def test_a_day_that_no_calendar_has_is_none(line: str) -> None:
    assert on(line).delivered_on is None


@pytest.mark.parametrize(
    ("title", "year", "day"),
    [
        ("(山西省)永济市人民政府工作报告(2024年3月22日)", 2024, date(2024, 3, 22)),
        ("丰水市人民政府工作报告（２０２４年）", 2024, None),
        ("2024年丰水市政府工作报告", 2024, None),
        ("丰水市2024年政府工作报告", 2024, None),
        ("丰水市2024政府工作报告", 2024, None),
        ("二〇二四年丰水市政府工作报告", 2024, None),
        ("丰水市政府工作报告", None, None),
        ("丰水市政府工作报告12024年", None, None),
    ],
)
def test_the_year_of_a_title(title: str, year: int | None, day: date | None) -> None:
    when = titled(title)
    assert (when.report_year, when.delivered_on) == (year, day)
    assert when.review_year == (year and year - 1)


@pytest.mark.parametrize(
    "line", ["发布时间：2024年2月3日", "来源：丰水日报 2024年2月3日", "更新日期：2024年2月3日 浏览次数：12", "时间:2024年2月3日 字号:大 中 小"]
)
def test_a_day_of_publication_is_none_of_delivery(line: str) -> None:
    assert on(line) == When()
    assert on(line, "——2024年1月15日在丰水市第六届人民代表大会第三次会议上").delivered_on == date(2024, 1, 15)


@pytest.mark.parametrize(
    "heading",
    [
        "一、2023年工作回顾",
        "一、2023年主要工作回顾",
        "一、关于2023年工作的回顾",
        "一、2023年工作总结",
        "一、2023年经济社会发展主要成就",
        "一、2023年国民经济和社会发展计划执行情况",
        "一、回顾2023年，我们砥砺前行",
        "第一部分 2023年工作回顾",
        "（一）2023年度工作回顾",
        "一、“十四五”时期和2023年工作回顾",
        "一、２０２３年工作回顾",
        "一、二〇二三年工作回顾",
    ],
)
def test_a_heading_names_the_year_reviewed(heading: str) -> None:
    assert titled("政府工作报告", "各位代表：", heading) == When(2024, 2023, evidence="review 2023")


@pytest.mark.parametrize("heading", ["二、2024年工作安排", "二、2024年总体要求和重点工作", "二、2024年主要任务", "第二部分 2024年工作部署", "三、2024年的工作打算"])
def test_a_heading_names_the_year_planned(heading: str) -> None:
    assert titled("政府工作报告", heading) == When(2024, 2023, evidence="plan 2024")


@pytest.mark.parametrize("line", ["2023年工作回顾是本报告的第一部分。", "一、" + "关于" * 30 + "2023年工作回顾", "我们完成了2023年工作回顾。"])
def test_what_is_no_heading_names_no_year(line: str) -> None:
    assert titled("政府工作报告", line).evidence is None


def test_of_several_years_reviewed_the_last_counts_and_of_those_planned_the_first() -> None:
    when = titled("政府工作报告", "一、2021年和2022年工作回顾", "二、2025年工作回顾", "三、2026年工作安排", "四、2030年重点工作")
    assert (when.review_year, when.report_year) == (2025, 2026)
    assert titled("政府工作报告", "一、2030年重点工作", "二、2026年工作安排").report_year == 2026


def test_a_plan_that_was_carried_out_is_of_the_past() -> None:
    when = titled("政府工作报告", "一、1990年工作任务执行情况", "二、1991年工作任务")
    assert when == When(1991, 1990, evidence="review 1990; plan 1991")


@pytest.mark.parametrize(
    ("opening", "when"),
    [
        ("刚刚过去的2023年，是极不平凡的一年。", When(2024, 2023, evidence="review 2023")),
        ("走过的2023年，我们步履铿锵。", When(2024, 2023, evidence="review 2023")),
        ("2024年是实施“十四五”规划的关键一年。", When(2024, 2023, evidence="plan 2024")),
        ("2024年，是全面攻坚之年。", When(2024, 2023, evidence="plan 2024")),
        ("全市上下真抓实干。", When()),
    ],
)
def test_without_headings_the_first_words_tell_the_year(opening: str, when: When) -> None:
    assert titled("政府工作报告", "各位代表：", opening) == when


def test_headings_outrank_the_first_words() -> None:
    assert titled("政府工作报告", "刚刚过去的2019年，是极不平凡的一年。", REVIEW_2023).review_year == 2023


@pytest.mark.parametrize(
    ("title", "lines", "when"),
    [
        ("丰水市政府工作报告(2023年)", (REVIEW_2023, PLAN_2024), When(2024, 2023, evidence="矛盾 title 2023; review 2023; plan 2024")),
        ("2025年丰水市政府工作报告", (REVIEW_2023,), When(2024, 2023, evidence="矛盾 title 2025; review 2023")),
        ("丰水市政府工作报告(2021年1月8日)", (REVIEW_2023,), When(2024, 2023, evidence="矛盾 title 2021; delivery 2021; review 2023")),
        ("2024年丰水市政府工作报告", (REVIEW_2023, PLAN_2024), When(2024, 2023, evidence="title 2024; review 2023; plan 2024")),
    ],
)
def test_a_contradiction_is_recorded_and_settled_for_the_body(title: str, lines: tuple[str, ...], when: When) -> None:
    assert titled(title, *lines) == when


def test_a_contradicted_day_of_delivery_is_dropped() -> None:
    when = on("——2023年1月15日在丰水市第六届人民代表大会第三次会议上", lines=(REVIEW_2023, PLAN_2024))
    assert when == When(2024, 2023, None, 6, 3, "矛盾 delivery 2023; review 2023; plan 2024")


def test_title_and_delivery_line_may_contradict_each_other() -> None:
    when = find_time("2023年丰水市政府工作报告", ["2023年丰水市政府工作报告", "——2024年1月15日在丰水市第六届人民代表大会第三次会议上"], [])
    assert when.evidence == "矛盾 title 2023; delivery 2024"


@pytest.mark.parametrize(
    ("month", "lines", "year", "review"),
    [
        (12, ("一、2024年工作回顾", "二、2025年工作安排"), 2025, 2024),
        (11, ("一、2024年工作回顾", "二、2025年工作安排"), 2025, 2024),
        (12, ("二、2025年工作安排",), 2025, 2024),
        (12, ("一、2024年工作回顾",), 2025, 2024),
        (12, ("一、2023年工作回顾", "二、2024年工作安排"), 2024, 2023),
        (12, (), 2024, 2023),
        (10, ("一、2023年工作回顾",), 2024, 2023),
    ],
)
def test_a_session_late_in_a_year_decides_on_the_year_that_the_body_tells_of(month: int, lines: tuple[str, ...], year: int, review: int) -> None:
    when = on(f"——2024年{month}月26日在丰水市第六届人民代表大会第三次会议上", lines=lines)
    assert (when.report_year, when.review_year, when.delivered_on) == (year, review, date(2024, month, 26))
    assert not (when.evidence or "").startswith("矛盾")


def test_a_late_session_decides_on_the_year_that_the_title_tells_of() -> None:
    title = "2025年丰水市政府工作报告"
    when = find_time(title, [title, "——2024年12月26日在丰水市第六届人民代表大会第三次会议上"], [])
    assert when == When(2025, 2024, date(2024, 12, 26), 6, 3, "title 2025; delivery 2024")


def test_a_late_day_in_the_title_does_not_contradict_the_headings() -> None:
    when = titled("丰水市政府工作报告(2024年12月26日)", "一、2024年工作回顾", "二、2025年工作安排")
    assert when == When(2025, 2024, date(2024, 12, 26), evidence="title 2024; delivery 2024; review 2024; plan 2025")


def test_a_session_in_october_that_reviews_its_own_year_is_a_contradiction() -> None:
    when = on("——2024年10月26日在丰水市第六届人民代表大会第三次会议上", lines=("一、2024年工作回顾",))
    assert (when.report_year, when.delivered_on) == (2025, None)
    assert when.evidence == "矛盾 delivery 2024; review 2024"


def test_nothing_gives_nothing() -> None:
    assert find_time(None, [], []) == When()


def han(number: int) -> str:
    """A number below a hundred as a date writes it."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{HAN[tens]}十") + (HAN[ones] if ones else "")


@given(day=st.dates(date(1949, 10, 1), date(2099, 12, 31)), congress=st.integers(1, 99), session=st.integers(1, 30))
@settings(max_examples=80, derandomize=True, deadline=None)
def test_a_day_reads_the_same_in_digits_and_in_characters(day: date, congress: int, session: int) -> None:
    digits = f"——{day.year}年{day.month}月{day.day}日在丰水市第{congress}届人民代表大会第{session}次会议上"
    year = "".join(HAN[int(digit)] for digit in str(day.year))
    words = f"——{year}年{han(day.month)}月{han(day.day)}日在丰水市第{han(congress)}届人民代表大会第{han(session)}次会议上"
    assert on(digits) == on(words) == When(day.year, day.year - 1, day, congress, session, f"delivery {day.year}")


def test_a_year_told_of_in_the_past_is_not_the_year_planned():
    lines = ["各位代表:", "现在我代表政府,向大会提出报告,请予审议。", "一、决算", "1975年是农业生产迅速发展的一年。"]
    assert find_time("关于决算和预算的报告", ["关于决算和预算的报告"], lines).report_year is None
    assert find_time("政府工作报告", ["政府工作报告"], ["各位代表!", "2024年,是实现“十四五”规划目标任务的关键一年。"]).report_year == 2024


def test_the_session_of_the_national_congress_gives_the_year_that_nothing_else_gives() -> None:
    opening = ["各位代表:", "国务院向第一届全国人民代表大会第二次会议提出关于发展国民经济第一个五年计划的议案。"]
    when = find_time("报告", ["报告"], opening, {(1, 2): 1955})
    assert (when.report_year, when.congress, when.session, when.evidence) == (1955, 1, 2, "session 1955")
    assert find_time("报告", ["报告"], opening, {}).report_year is None


def test_a_page_published_before_the_year_of_its_report_contradicts_it() -> None:
    title = "2024年丰水市政府工作报告"
    assert find_time(title, [title], [], published="2023-03-01 10:00").evidence == "矛盾 title 2024; published 2023"
    assert find_time(title, [title], [], published="2023-12-28").evidence == "title 2024"
    assert find_time(title, [title], [], address="http://a.example/2022/0301/1.html").evidence == "矛盾 title 2024; published 2022"
