"""Which lines are a site's own: those on many of its documents, and on no other site's."""

import pyarrow as pa
import pytest

from baogao.learn import SCHEMA, learn


def page(document, *marks, site="a", place=None, at_edge=True):
    return [(site, document, place or document, mark, at_edge) for mark in (None, *marks)]


def learned(*pages):
    rows = [row for one in pages for row in one]
    return learn(pa.table([list(column) for column in zip(*rows, strict=True)], schema=SCHEMA) if rows else SCHEMA.empty_table())


def documents(count, *marks, **said):
    return [page(f"d{n}", *marks, **said) for n in range(count)]


def test_a_line_on_half_of_five_documents_or_more_is_the_sites():
    assert learned(*documents(5, "strip")) == {"a": {"strip"}}
    assert learned(*documents(4, "strip")) == {}
    assert learned(*documents(10, "every"), *documents(5, "half"), *documents(4, "few")) == {"a": {"every", "half"}}
    assert learned(*documents(11, "every"), *documents(5, "less")) == {"a": {"every"}}
    assert learned(*documents(11), *documents(5, "less")) == {}


def test_pages_and_copies_of_one_document_count_once():
    assert learned(*([page("d0", "strip")] * 9), *documents(4, "strip")) == {}


@pytest.mark.parametrize(("places", "at_edge", "found"), [(1, True, True), (1, False, False), (2, False, False), (3, False, True)])
def test_inside_the_text_a_line_must_recur_over_places(places, at_edge, found):
    pages = [page(f"d{n}", "strip", place=f"p{n % places}", at_edge=at_edge) for n in range(6)]
    assert learned(*pages) == ({"a": {"strip"}} if found else {})


def test_a_word_of_the_genre_stands_on_other_sites():
    pages = documents(6, "word", "strip")
    others = [page("d0", "word", site=site) for site in "bcd"]
    assert learned(*pages, *others[:1]) == {"a": {"word", "strip"}}
    assert learned(*pages, *others) == {"a": {"strip"}}


def test_sites_are_told_apart():
    assert learned(*documents(5, "strip"), *documents(5, "foot", site="b")) == {"a": {"strip"}, "b": {"foot"}}
    assert learned() == {}
