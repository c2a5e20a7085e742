from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao.parts import Document, Edges, PageKey, doc_id, documents, edges, page_identity
from page_keys import QUICK, TEXT, key, part, sha


def only(keys: list[PageKey]) -> Document:
    (document,) = documents(keys)
    return document


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


# --- documents


def test_pages_with_one_base_address_make_one_document_in_the_order_of_their_parts() -> None:
    document = only([part(10), part(2), part(None), part(3)])
    assert [page.part_number for page in document.pages] == [None, 2, 3, 10]


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
    assert only([part(number, part_count=count) for number in numbers]).missing_pages == missing


def test_pages_of_several_reports_under_one_address_make_no_one_report() -> None:
    base = "http://a.example/gb/1.html"
    keys = [key(name, base_url=base, report=report) for name, report in (("a", "140881-2024"), ("b", "230000-2026"), ("c", None), ("d", "230000-2026"))]
    found = {tuple(page.source for page in one.pages): one.doc_id for one in documents(keys)}
    assert found == {("a.html", "c.html"): doc_id("a.example/gb/1.html"), ("b.html", "d.html"): sha("b")[:12]}


def test_of_two_copies_of_a_part_the_longer_stays() -> None:
    document = only([part(2, copy="a", n_chars=5), part(2, copy="b", n_chars=9), part(None, n_chars=1)])
    assert [(page.part_number, page.n_chars) for page in document.pages] == [(None, 1), (2, 9)]


def test_two_copies_of_a_page_without_a_number_are_told_by_their_text() -> None:
    base = "http://a.example/gb/10234.html"
    first, again, second = (key(name, base_url=base, lines=lines) for name, lines in (("1", TEXT[:40]), ("2", TEXT[:44]), ("3", TEXT[60:])))
    assert [page.source for page in only([first, again, second]).pages] == ["2.html", "3.html"]


def test_pages_without_an_address_are_documents_of_their_own() -> None:
    assert len(documents([key("a"), key("b")])) == 2


# --- pages that no address joins


def page(name: str, lines: list[str], missing: str = "", **more: Any) -> PageKey:
    """A page of a site whose addresses tell nothing."""
    whole = "excerpt" if missing else "full"
    return key(name, lines=lines, completeness=whole, missing_parts=missing or None, **({"site": "a.example", "report": "140881-2024"} | more))


# Styles and numbers: 一、 is (1, 1), (二) is (2, 2).
FIRST = page("x", TEXT[:40], "end", edges=Edges((1, 1), ((1, 1), (2, 2))))
SECOND = page("b", TEXT[40:80], "beginning; end", edges=Edges((2, 3), ((1, 2),)))
THIRD = page("a", TEXT[80:], "beginning", edges=Edges((1, 3), ((1, 3), (2, 4))))


def sources(keys: list[PageKey]) -> list[list[str]]:
    return sorted([page.source.removesuffix(".html") for page in document.pages] for document in documents(keys))


def test_pages_that_go_on_where_others_stop_make_one_document_named_by_the_first() -> None:
    document = only([THIRD, SECOND, FIRST])
    assert [one.source for one in document.pages] == ["x.html", "b.html", "a.html"]
    assert (document.doc_id, document.completeness, document.missing_pages) == (sha("x")[:12], "full", None)


def test_a_torn_sentence_goes_on_where_no_heading_tells() -> None:
    torn = page("1", TEXT[:40], "end", edges=Edges((1, 1), ((1, 1),), is_torn=True))
    assert sources([torn, page("2", TEXT[40:], "beginning")]) == [["1", "2"]]
    assert sources([torn, page("2", TEXT[40:], "beginning", edges=Edges((1, 2), ((1, 2),)))]) == [["1", "2"]]
    assert sources([torn, page("2", TEXT[40:], "beginning", edges=Edges((1, 3), ((1, 3),)))]) == [["1"], ["2"]]


@pytest.mark.parametrize(
    "second",
    [
        page("b", TEXT[40:], "beginning", edges=Edges((2, 3)), site="b.example"),
        page("b", TEXT[40:], "beginning", edges=Edges((2, 3)), report="140881-2023"),
        page("b", TEXT[40:], "beginning", edges=Edges((2, 3)), report=None),
        page("b", TEXT[40:], "beginning", edges=Edges((2, 3)), report="140882-2024"),
        page("b", TEXT[40:], "", edges=Edges((2, 3))),
        page("b", TEXT[40:], "end", edges=Edges((2, 3))),
        page("b", TEXT[40:], "beginning", edges=Edges((2, 4))),
        page("b", TEXT[40:], "beginning", edges=Edges((2, 1))),
        page("b", TEXT[40:], "beginning"),
        page("b", TEXT[10:44], "beginning", edges=Edges((2, 3))),
    ],
    ids=["site", "year", "no place", "place", "whole", "has a beginning", "number too high", "first number", "no number", "repeats"],
)
def test_pages_that_do_not_go_on_stay_apart(second: PageKey) -> None:
    assert sources([FIRST, second]) == [["b"], ["x"]]


def test_a_page_that_tells_the_place_and_no_year_goes_on_from_one_that_does() -> None:
    second, third = (page(one.source[0], TEXT[at:], lack, report=None, place_code="140881", edges=one.edges) for one, at, lack in (
        (SECOND, 40, "beginning; end"), (THIRD, 80, "beginning"),
    ))  # fmt: skip
    assert sources([FIRST, replace(second, sketch=SECOND.sketch), third]) == [["x", "b", "a"]]
    assert sources([FIRST, replace(second, sketch=SECOND.sketch), replace(THIRD, report_year=2023)]) == [["a"], ["b"], ["x"]]


def test_between_two_pages_that_fit_there_is_no_guess() -> None:
    other = page("c", [line.replace("重点", "民生") for line in TEXT[40:80]], "beginning; end", edges=Edges((2, 3), ((1, 2),)))
    assert sources([FIRST, SECOND, other]) == [["b"], ["c"], ["x"]]


def series(*edges_of: Edges, **more: Any) -> list[PageKey]:
    """Pages whose addresses put them in order, each with a part of the text; only the first begins it."""
    size = len(TEXT) // len(edges_of)
    lacks = ["end", *["beginning; end"] * (len(edges_of) - 2), "beginning"]
    return [page(str(n + 8), TEXT[n * size : n * size + size], lacks[n], edges=one, **more) for n, one in enumerate(edges_of)]


@pytest.mark.parametrize(
    "edges_of",
    [
        [Edges((1, 1), ((1, 1), (2, 3))), Edges(None), Edges((2, 4), ((2, 9),)), Edges((1, 2), ((1, 2), (2, 1))), Edges((2, 2), ((2, 2),))],
        [Edges((1, 1), ((1, 2),)), Edges((2, 1), ((2, 5),)), Edges((1, 3), ((1, 3),)), Edges((1, 1), ((1, 8),))],
        [Edges(None), Edges(None)],
    ],
    ids=["numbers go on", "an annex begins anew", "no numbers"],
)
def test_pages_that_make_a_series_in_the_order_of_their_addresses_are_one_document(edges_of: list[Edges]) -> None:
    keys = series(*edges_of)
    assert [one.source for one in only(keys[::-1]).pages] == [one.source for one in keys]


def test_what_makes_no_series_is_not_joined() -> None:
    skipped = series(Edges((1, 1), ((1, 1),)), Edges((1, 3), ((1, 3),)))
    unknown_site = series(Edges(None), Edges(None), site=None)
    two_beginnings = [replace(one, missing_parts="end") for one in series(Edges(None), Edges(None))]
    backwards = [replace(one, source=source) for one, source in zip(series(Edges(None), Edges(None)), ("9.html", "8.html"), strict=True)]
    for keys in (skipped, unknown_site, two_beginnings, backwards):
        assert len(documents(keys)) == 2


def test_pages_of_an_unknown_site_are_joined_within_a_folder_only() -> None:
    first, second = (page(name, lines, lack, site=None, edges=one) for name, lines, lack, one in (
        ("in/1", TEXT[:40], "end", FIRST.edges), ("in/2", TEXT[40:], "beginning", SECOND.edges),
    ))  # fmt: skip
    assert sources([first, second]) == [["in/1", "in/2"]]
    assert sources([first, page("out/2", TEXT[40:], "beginning", site=None, edges=SECOND.edges)]) == [["in/1"], ["out/2"]]


def test_pages_that_say_which_of_how_many_they_are_need_no_more() -> None:
    keys = [page(f"p{n}", TEXT[30 * n : 30 * n + 30], "beginning; end", part_number=n + 1, part_count=4) for n in (3, 0, 1)]
    document = only(keys)
    assert [one.part_number for one in document.pages] == [1, 2, 4]
    assert document.missing_pages == "page 3"


def test_edges_tell_the_headings_that_an_end_stands_under() -> None:
    assert edges([(2, 3), (2, 4), (1, 2), (2, 1), (4, 1), (4, 2), (2, 2)], "修路。") == Edges((2, 3), ((1, 2), (2, 2)), is_torn=False)
    assert edges([], "建成高标准农田12万亩，新增高效节水灌溉面积") == Edges(None, (), is_torn=True)
    assert not edges([], "（三）坚持创新驱动发展，加快构建现代化产业体系").is_torn


pages = st.lists(
    st.builds(
        lambda name, site, number, report, cut, missing, first, last: page(
            name, TEXT[cut : cut + 30], missing, site=site, part_number=number, report=report, edges=Edges(first, (last,), cut % 2 == 0)
        ),
        st.integers(0, 40).map(str),
        st.sampled_from(["a.example", "b.example", None]),
        st.sampled_from([None, None, None, 1, 2, 3]),
        st.sampled_from([None, "140881-2024", "140881-2023"]),
        st.integers(0, 90),
        st.sampled_from(["", "beginning", "end", "beginning; end"]),
        st.sampled_from([None, (1, 1), (1, 2), (2, 2)]),
        st.sampled_from([(1, 1), (1, 2), (2, 1)]),
    ),
    unique_by=lambda one: one.source,
    max_size=8,
)


@given(pages, st.randoms(use_true_random=False))
@QUICK
def test_documents_lose_no_page_and_mind_no_order(keys: list[PageKey], random: Any) -> None:
    found = documents(keys)
    held = [one.source for document in found for one in document.pages]
    assert sorted(held) == sorted(one.source for one in keys)
    assert documents(random.sample(keys, len(keys))) == found
    assert all(len({one.report for one in document.pages} - {None}) <= 1 for document in found)
