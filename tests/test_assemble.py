from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao.assemble import PageBody, Plan, distinct_pages, join_lines, make_report, plan_reports
from baogao.parts import PageKey, doc_id
from baogao.records import Facts, Place
from page_keys import QUICK, TEXT, key, part, sha

OTHER = [f"新建改建{n}号农村公路{n * 3 % 80 + 5}公里，惠及群众{n * 11 % 900 + 30}户。" for n in range(120)]
OPENING, CLOSE = "现在，我代表县人民政府，向大会报告工作，请予审议。", "各位代表！让我们同心协力，奋力谱写丰水高质量发展新篇章！"


# --- pages


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


# --- plans


def by_source(*keys: PageKey) -> dict[str, Plan]:
    return {plan.document.pages[0].source.removesuffix(".html"): plan for plan in plan_reports(keys)}


def test_pages_that_are_no_report_are_in_no_plan() -> None:
    assert plan_reports([key("news", is_report=False)]) == []
    assert list(by_source(key("a"), key("news", is_report=False))) == ["a"]


def test_a_page_without_a_key_takes_that_of_the_other_pages_of_its_document() -> None:
    first, second = part(None, lines=TEXT[:60]), part(2, lines=TEXT[60:], report="140881-2024")
    plans = plan_reports([first, second, key("whole", lines=TEXT, report="140881-2024", completeness="full")])
    assert [(len(plan.document.pages), plan.standing.told_by) for plan in plans if not plan.standing.is_canonical] == [(2, None)]


def test_the_pages_of_a_document_are_compared_together() -> None:
    split = [part(None, lines=TEXT[:10] + OTHER[:5], report="140881-2024"), part(2, lines=TEXT[10:], report="140881-2024")]
    (copy,) = [plan for plan in plan_reports([key("whole", lines=TEXT, report="140881-2024", completeness="full"), *split]) if not plan.standing.is_canonical]
    assert copy.standing.near_duplicate_of == doc_id(sha("whole"))


def test_the_site_and_the_damage_of_a_document_are_those_of_any_of_its_pages() -> None:
    official = [part(n, base="http://a.gov.cn/1.html", site="www.a.gov.cn", report="140881-2024", completeness="full", n_chars=5) for n in (1, 2)]
    mirror = key("mirror", site="b.example", report="140881-2024", completeness="full", n_chars=50)
    assert by_source(official[0], official[1], mirror)["mirror"].standing.is_canonical is False
    damaged = part(2, base="http://a.gov.cn/1.html", site="www.a.gov.cn", report="140881-2024", completeness="full", n_chars=5, is_damaged=True)
    assert by_source(official[0], damaged, mirror)["mirror"].standing.is_canonical is True


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
        ([["建成高标准农田12万亩，新增高效节水灌溉面积"], ["3万亩。", "修路。"]], ["建成高标准农田12万亩，新增高效节水灌溉面积3万亩。", "修路。"]),
        ([["建成高标准农田12万亩，新增高效节水灌溉面积"], ["（二）修路。"]], ["建成高标准农田12万亩，新增高效节水灌溉面积", "（二）修路。"]),
        ([["（三）坚持创新驱动发展，加快构建现代化产业体系"], ["修路。"]], ["（三）坚持创新驱动发展，加快构建现代化产业体系", "修路。"]),
        ([["建成高标准农田12万亩，新增高效节水灌溉面积", "3万亩。"]], ["建成高标准农田12万亩，新增高效节水灌溉面积", "3万亩。"]),
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


def test_a_report_that_tells_no_year_goes_by_its_copy_and_says_so() -> None:
    copy = [page("c1", OPENING), page("c2", CLOSE, place=Place("鼓楼区", "320106", "county"), report_year=2024, review_year=2023)]
    facts = {"place": Place("鼓楼区"), "place_evidence": "title 鼓楼区"}
    alone = page("p", "各位代表：", **facts)
    report = make_report("0d6e0a5c2b91", [alone], missing_pages=None, rights_basis="unknown", told_by=("3550e13fcfc8", copy))
    said = report.facts
    assert (said.place, said.report_year, said.review_year) == (Place("鼓楼区", "320106", "county"), 2024, 2023)
    assert (said.place_evidence, said.year_evidence) == ("title 鼓楼区; copy 3550e13fcfc8 鼓楼区", "copy 3550e13fcfc8 2024")


def test_a_report_keeps_what_it_tells_itself() -> None:
    copy = [page("c", OPENING, place=Place("鼓楼区", "320106", "county"), report_year=2024)]
    alone = page("p", "各位代表：", report_year=2023, year_evidence="title 2023")
    report = make_report("0d6e0a5c2b91", [alone], missing_pages=None, rights_basis="unknown", told_by=("3550e13fcfc8", copy))
    assert (report.facts.report_year, report.facts.year_evidence) == (2023, "title 2023")


def test_a_part_of_a_longer_copy_is_an_excerpt() -> None:
    report = make_report("0d6e0a5c2b91", [page("p", OPENING, CLOSE)], missing_pages=None, rights_basis="unknown", part_of="3550e13fcfc8")
    assert (report.facts.completeness, report.facts.missing_parts) == ("excerpt", "rest of 3550e13fcfc8")


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
