from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.assemble import PageBody, PageKey, Plan, distinct_pages, doc_id, join_lines, make_report, page_identity, plan_reports, sample
from baogao.records import Facts, Place

QUICK = settings(max_examples=60, derandomize=True, deadline=None)
# One hundred and twenty sentences, no two alike.
TEXT = [f"全年实施第{n}批重点项目{n * 7 % 90 + 10}个，完成投资{n * 13 % 700 + 20}亿元。" for n in range(120)]
OTHER = [f"新建改建{n}号农村公路{n * 3 % 80 + 5}公里，惠及群众{n * 11 % 900 + 30}户。" for n in range(120)]
OPENING, CLOSE = "现在，我代表县人民政府，向大会报告工作，请予审议。", "各位代表！让我们同心协力，奋力谱写丰水高质量发展新篇章！"


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def key(name: str, **more: Any) -> PageKey:
    """A page of a report without an address; `lines` stands for its text."""
    lines = more.pop("lines", None)
    if lines is not None:
        more = {"sample": sample(lines), "n_chars": sum(map(len, lines))} | more
    return PageKey(page_id=sha(name)[:12], source=f"{name}.html", sha256=sha(name), batch="b", row=0, **({"is_report": True} | more))


def part(number: int | None, base: str = "http://a.example/gb/10234.html", **more: Any) -> PageKey:
    return key(f"{base}-{number}-{more.pop('copy', '')}", base_url=base, part_number=number, **more)


def only(keys: list[PageKey]) -> Plan:
    (plan,) = plan_reports(keys)
    return plan


# --- identity


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://www.bx2200.com/baogao/hb/10566.html#top", "bx2200.com/baogao/hb/10566.html"),
        ("http://bx2200.com/baogao/hb/10566.html", "bx2200.com/baogao/hb/10566.html"),
        ("http://WWW.BX2200.com/baogao/hb/10566.html", "bx2200.com/baogao/hb/10566.html"),
        ("http://bx2200.com:80/baogao/hb/10566.html", "bx2200.com/baogao/hb/10566.html"),
        ("http://m.bx2200.com/baogao/hb/10566.html", "m.bx2200.com/baogao/hb/10566.html"),
        ("http://a.example/detail.jsp?id=15", "a.example/detail.jsp?id=15"),
        ("http://a.example/Detail.jsp?id=16", "a.example/Detail.jsp?id=16"),
        (None, sha("bytes")),
        ("", sha("bytes")),
    ],
)
def test_a_page_is_the_same_page_by_site_and_path_or_by_its_bytes(url: str | None, identity: str) -> None:
    assert page_identity(sha("bytes"), url) == identity


def test_a_document_is_named_by_its_first_page() -> None:
    address = "bx2200.com/baogao/hb/10566.html"
    assert doc_id(address) == sha(address)[:12]
    assert doc_id(sha("bytes")) == sha("bytes")[:12]
    assert only([part(3), part(2)]).doc_id == doc_id("a.example/gb/10234.html")
    assert only([key("alone")]).doc_id == sha("alone")[:12]


def test_distinct_pages_keeps_the_longest_copy_then_the_first_by_name() -> None:
    short, long, twin = (PageKey("0" * 12, name, sha(name), "b", 0, is_report=True, n_chars=size) for name, size in (("a", 5), ("c", 9), ("b", 9)))
    kept, rejects = distinct_pages([short, long, twin, key("another")])
    assert {page.source for page in kept} == {"b", "another.html"}
    assert [(reject.table, reject.expectation, reject.value, reject.reason, reject.page_id) for reject in rejects] == [
        ("pages", "page_is_distinct", "c", "the same page as b", "0" * 12),
        ("pages", "page_is_distinct", "a", "the same page as b", "0" * 12),
    ]


copies = st.lists(
    st.builds(
        lambda page, name, size: PageKey(sha(str(page))[:12], name, sha(name), "b", 0, is_report=True, n_chars=size),
        st.integers(0, 4),
        st.text("abc", min_size=1, max_size=3),
        st.integers(0, 3),
    ),
    unique_by=lambda page: page.source,
    max_size=12,
)


@given(copies, st.randoms(use_true_random=False))
@QUICK
def test_distinct_pages_loses_no_page_and_minds_no_order(pages: list[PageKey], random: Any) -> None:
    kept, rejects = distinct_pages(pages)
    assert len({page.page_id for page in kept}) == len(kept)
    assert {page.page_id for page in kept} == {page.page_id for page in pages}
    assert len(kept) + len(rejects) == len(pages)
    assert {reject.value for reject in rejects} | {page.source for page in kept} == {page.source for page in pages}
    shuffled = random.sample(pages, len(pages))
    assert distinct_pages(shuffled) == (kept, rejects)


# --- samples


def test_a_sample_holds_about_a_quarter_of_the_sentences() -> None:
    assert len(TEXT) / 8 < len(sample(TEXT)) < len(TEXT) / 2


def test_copies_of_a_sentence_are_sampled_alike_whatever_their_width_and_spaces() -> None:
    wide = [line.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}) for line in TEXT]
    spaced = [f"　　{line[:6]} {line[6:]}" for line in TEXT]
    joined = ["".join(TEXT)]
    assert sample(TEXT) == sample(wide) == sample(spaced) == sample(joined) == sample(reversed(TEXT))


def test_short_sentences_are_no_sample() -> None:
    assert sample(["各位代表！", "会议召开。"] * 50) == frozenset()


@given(st.integers(0, 120), st.integers(0, 120))
@QUICK
def test_the_sample_of_an_excerpt_is_part_of_that_of_the_whole(one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert sample(TEXT[start:end]) <= sample(TEXT)
    assert sample(TEXT[:start]) | sample(TEXT[start:]) == sample(TEXT)


# --- documents


def test_pages_with_one_base_address_make_one_document_in_the_order_of_their_parts() -> None:
    plan = only([part(10), part(2), part(None), part(3)])
    assert [page.part_number for page in plan.pages] == [None, 2, 3, 10]


def test_pages_without_part_numbers_follow_one_another_by_name_as_people_sort_it() -> None:
    base = "http://a.example/gb/10234.html"
    pages = [PageKey(sha(name)[:12], name, sha(name), "b", 0, is_report=True, base_url=base) for name in ("p10.txt", "p9.txt", "p1.txt", "p2.txt")]
    assert [page.source for page in only(pages).pages] == ["p1.txt", "p2.txt", "p9.txt", "p10.txt"]


@pytest.mark.parametrize(
    ("numbers", "count", "missing"),
    [
        ([None, 2, 3], None, None),
        ([1, 2, 3], 3, None),
        ([4], None, "page 1; page 2; page 3"),
        ([None, 3], None, "page 2"),
        ([2, 4], 6, "page 1; page 3; page 5; page 6"),
        ([None], None, None),
        ([None], 4, None),
        ([1], 2, "page 2"),
    ],
)
def test_missing_parts_are_named(numbers: list[int | None], count: int | None, missing: str | None) -> None:
    assert only([part(number, part_count=count) for number in numbers]).missing_parts == missing


def test_pages_of_several_reports_under_one_address_make_no_one_report() -> None:
    base = "http://a.example/gb/1.html"
    keys = [key(name, base_url=base, report_key=report) for name, report in (("a", "140881-2024"), ("b", "230000-2026"), ("c", None), ("d", "230000-2026"))]
    plans = {tuple(page.source for page in plan.pages): plan.doc_id for plan in plan_reports(keys)}
    assert plans == {("a.html", "c.html"): doc_id("a.example/gb/1.html"), ("b.html", "d.html"): sha("b")[:12]}


def test_of_two_copies_of_a_part_the_longer_stays() -> None:
    plan = only([part(2, copy="a", n_chars=5), part(2, copy="b", n_chars=9), part(None, n_chars=1)])
    assert [(page.part_number, page.n_chars) for page in plan.pages] == [(None, 1), (2, 9)]


def test_two_copies_of_a_page_without_a_number_are_told_by_their_text() -> None:
    base = "http://a.example/gb/10234.html"
    first, again, second = (key(name, base_url=base, lines=lines) for name, lines in (("1", TEXT[:40]), ("2", TEXT[:44]), ("3", TEXT[60:])))
    assert [page.source for page in only([first, again, second]).pages] == ["2.html", "3.html"]


def test_pages_that_are_no_report_are_in_no_plan() -> None:
    assert plan_reports([key("news", is_report=False)]) == []
    assert [page.source for page in only([key("a"), key("news", is_report=False)]).pages] == ["a.html"]


def test_pages_without_an_address_are_documents_of_their_own() -> None:
    assert len(plan_reports([key("a"), key("b")])) == 2


# --- reports


def chosen(*keys: PageKey) -> str:
    plans = plan_reports(keys)
    (canonical,) = [plan for plan in plans if plan.is_canonical]
    assert len(plans) == len(keys)
    return canonical.pages[0].source.removesuffix(".html")


def test_the_canonical_document_is_the_most_complete() -> None:
    whole = key("whole", report_key="140881-2024", completeness="full", n_chars=10)
    abridged = key("abridged", report_key="140881-2024", completeness="abridged", n_chars=90, site="a.gov.cn")
    excerpt = key("excerpt", report_key="140881-2024", completeness="excerpt", n_chars=99, site="b.gov.cn")
    unknown = key("unknown", report_key="140881-2024", completeness="unknown", n_chars=100)
    assert chosen(unknown, excerpt, abridged, whole) == "whole"
    assert chosen(unknown, excerpt, abridged) == "abridged"
    assert chosen(unknown, excerpt) == "excerpt"


def test_of_equally_complete_documents_that_of_a_government_is_canonical_then_the_longest() -> None:
    mirror = key("mirror", report_key="140881-2024", completeness="full", n_chars=99, site="bx2200.com")
    official = key("official", report_key="140881-2024", completeness="full", n_chars=10, site="www.yongji.gov.cn")
    longer = key("longer", report_key="140881-2024", completeness="full", n_chars=100, site="c.example")
    pretender = key("pretender", report_key="140881-2024", completeness="full", n_chars=100, site="www.gov.cn.example")
    assert chosen(mirror, official, longer) == "official"
    assert chosen(mirror, longer) == "longer"
    assert chosen(official, pretender) == "official"


def test_documents_of_different_reports_or_without_a_key_are_all_canonical() -> None:
    plans = plan_reports([key("a", report_key="140881-2024"), key("b", report_key="140881-2023"), key("c"), key("d")])
    assert [plan.is_canonical for plan in plans] == [True] * 4


def test_a_page_without_a_key_takes_that_of_the_other_pages_of_its_document() -> None:
    first, second = part(None, lines=TEXT[:60]), part(2, lines=TEXT[60:], report_key="140881-2024")
    whole = key("whole", lines=TEXT, report_key="140881-2024", completeness="full")
    plans = plan_reports([first, second, whole])
    assert [(len(plan.pages), plan.is_canonical) for plan in plans if not plan.is_canonical] == [(2, False)]


@pytest.mark.parametrize(
    ("lines", "repeats"),
    [
        (TEXT, True),
        (TEXT[:-3], True),
        (TEXT[30:60], True),
        (TEXT[:60] + OTHER[:20], True),
        (TEXT[:20] + OTHER, False),
        (OTHER, False),
        (["各位代表！"], False),
    ],
)
def test_what_the_canonical_text_holds_for_the_most_part_is_a_near_duplicate(lines: list[str], repeats: bool) -> None:
    whole = key("whole", lines=TEXT, report_key="140881-2024", completeness="full")
    other = key("other", lines=lines, report_key="140881-2024", completeness="excerpt")
    plans = {plan.pages[0].source: plan for plan in plan_reports([whole, other])}
    assert plans["whole.html"].near_duplicate_of is None
    assert plans["other.html"].near_duplicate_of == (plans["whole.html"].doc_id if repeats else None)


def test_the_pages_of_a_document_are_compared_together() -> None:
    whole = key("whole", lines=TEXT, report_key="140881-2024", completeness="full")
    split = [part(None, lines=TEXT[:10] + OTHER[:5], report_key="140881-2024"), part(2, lines=TEXT[10:], report_key="140881-2024")]
    (copy,) = [plan for plan in plan_reports([whole, *split]) if not plan.is_canonical]
    assert copy.near_duplicate_of == doc_id(whole.sha256)


def test_texts_of_different_reports_are_not_compared() -> None:
    plans = plan_reports([key("a", lines=TEXT, report_key="140881-2024"), key("b", lines=TEXT, report_key="140881-2023")])
    assert [plan.near_duplicate_of for plan in plans] == [None, None]


pages = st.lists(
    st.builds(
        lambda name, base, number, report, whole, size, cut: key(
            name,
            base_url=base,
            part_number=number,
            report_key=report,
            completeness=whole,
            n_chars=size,
            sample=sample(TEXT[cut : cut + 40]),
            is_report=size != 3,
        ),
        st.integers(0, 40).map(str),
        st.sampled_from([None, "http://a.example/1.html", "http://b.example/1.html", "http://c.gov.cn/1.html"]),
        st.sampled_from([None, None, 1, 2, 4]),
        st.sampled_from([None, "140881-2024", "140881-2023"]),
        st.sampled_from(["full", "abridged", "excerpt", "unknown"]),
        st.integers(0, 4),
        st.integers(0, 80),
    ),
    unique_by=lambda page: page.source,
    max_size=12,
)


@given(pages, st.randoms(use_true_random=False))
@QUICK
def test_plans_do_not_depend_on_the_order_of_the_keys(keys: list[PageKey], random: Any) -> None:
    assert plan_reports(keys) == plan_reports(random.sample(keys, len(keys)))


@given(pages)
@QUICK
def test_plans_hold_no_page_twice_and_one_canonical_document_a_report(keys: list[PageKey]) -> None:
    plans = plan_reports(keys)
    planned = [page.source for plan in plans for page in plan.pages]
    assert len(planned) == len(set(planned))
    assert [plan.doc_id for plan in plans] == sorted({plan.doc_id for plan in plans})
    canonical = {plan.doc_id: plan.is_canonical for plan in plans}
    assert all(canonical[plan.near_duplicate_of] and not plan.is_canonical for plan in plans if plan.near_duplicate_of)
    named = [plan for plan in plans if plan.is_canonical]
    reports = [next((page.report_key for page in plan.pages if page.report_key), plan.doc_id) for plan in named]
    assert len(reports) == len(set(reports))
    assert {next((page.report_key for page in plan.pages if page.report_key), plan.doc_id) for plan in plans} == set(reports)


# --- texts


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ([["各位代表！"], ["一、工作回顾"]], ["各位代表！", "一、工作回顾"]),
        ([["全县上下真抓实干"], ["，发展取得新成效。"]], ["全县上下真抓实干，发展取得新成效。"]),
        ([["完成投资80亿元", "；新增就业3000人。"]], ["完成投资80亿元；新增就业3000人。"]),
        ([["他们说“好日子还在后头", "”。"]], ["他们说“好日子还在后头”。"]),
        ([["实施", "《丰水县城市更新规划", "》。"]], ["实施", "《丰水县城市更新规划》。"]),
        ([["会议审议了县长江岸代表县人民政府所作的", "政府工作报告", "。会议充分肯定。"]], ["会议审议了县长江岸代表县人民政府所作的政府工作报告。会议充分肯定。"]),
        ([["这是一个完整的段落。", "政府工作报告", "。会议充分肯定。"]], ["这是一个完整的段落。", "政府工作报告。会议充分肯定。"]),
        ([["“一老一小”服务体系更加健全。"], ["——这一年，城乡面貌焕然一新。"]], ["“一老一小”服务体系更加健全。", "——这一年，城乡面貌焕然一新。"]),
        ([["，以标点开头的首行。"]], ["，以标点开头的首行。"]),
        ([], []),
        ([[], ["一"], []], ["一"]),
    ],
)
def test_torn_paragraphs_are_put_together(lines: list[list[str]], joined: list[str]) -> None:
    assert join_lines(lines) == joined


@given(st.lists(st.lists(st.text("一二三，。”《（、", min_size=1, max_size=8), max_size=5), max_size=4))
@QUICK
def test_joining_keeps_every_character_in_order_and_no_page_end_matters(lines: list[list[str]]) -> None:
    joined = join_lines(lines)
    assert "".join(joined) == "".join(line for page in lines for line in page)
    assert join_lines([[line for page in lines for line in page]]) == joined
    assert not any(re.match(r"[，。、”]", line) for line in joined[1:])


def page(name: str, *lines: str, site: str | None = None, url: str | None = None, **facts: Any) -> PageBody:
    return PageBody(name, Facts(**({"document_type": "report", "reason": name} | facts)), lines, site, url)


def test_a_report_takes_each_fact_from_the_first_page_that_states_it() -> None:
    report = make_report(
        "0d6e0a5c2b91",
        [
            page("p1", "各位代表：", OPENING, title="政府工作报告", place=Place("鼓楼区"), site="a.example", url="http://a.example/1.html"),
            page("p2", CLOSE, title="政府工作报告(2)", place=Place("鼓楼区", "320106", "county"), report_year=2024, delivered_on=date(2024, 1, 5)),
        ],
        missing_pages=None,
        rights_basis="unknown",
    )
    assert (report.facts.title, report.facts.report_year, report.facts.delivered_on) == ("政府工作报告", 2024, date(2024, 1, 5))
    assert report.facts.place == Place("鼓楼区", "320106", "county")
    assert report.facts.reason == "p1"
    assert (report.source_url, report.source_site, report.page_ids) == ("http://a.example/1.html", "a.example", ("p1", "p2"))
    assert report.text == f"各位代表：\n{OPENING}\n{CLOSE}"


def test_a_report_is_from_the_address_of_its_first_page_where_that_is_known() -> None:
    report = make_report(
        "0d6e0a5c2b91", [page("p4", OPENING, url="http://a.example/1_4.html", base_url="http://a.example/1.html")], missing_pages=None, rights_basis="unknown"
    )
    assert report.source_url == "http://a.example/1.html"


@pytest.mark.parametrize(
    ("lines", "missing_pages", "completeness", "missing"),
    [
        ([[OPENING], [CLOSE]], None, "full", None),
        ([[OPENING], [CLOSE]], "page 2", "excerpt", "page 2"),
        ([[OPENING], ["一、工作回顾"]], "page 3", "excerpt", "end; page 3"),
        ([["一、工作回顾"], ["二、工作安排"]], None, "excerpt", "beginning; end"),
        ([[], []], None, "unknown", None),
    ],
)
def test_completeness_is_that_of_the_joined_text(lines: list[list[str]], missing_pages: str | None, completeness: str, missing: str | None) -> None:
    bodies = [page(f"p{n}", *said, completeness="excerpt", missing_parts="beginning") for n, said in enumerate(lines)]
    report = make_report("0d6e0a5c2b91", bodies, missing_pages=missing_pages, rights_basis="unknown")
    assert (report.facts.completeness, report.facts.missing_parts) == (completeness, missing)
