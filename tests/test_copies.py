from __future__ import annotations

import random
import re
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.copies import Copy, Standing, standings
from baogao.sketch import sketch

QUICK = settings(max_examples=60, derandomize=True, deadline=None)
SUBJECTS, ACTS = "财政教育医疗交通水利农业林业旅游商贸环保科技文化体育民政住建".strip(), "扎实推进全面落实不断深化持续加强着力破解统筹协调"


def text(seed: int, sentences: int = 120) -> list[str]:
    """A text of its own, as different from others as reports are."""
    draw = random.Random(seed)
    return [
        f"{''.join(draw.choices(ACTS, k=6))}{''.join(draw.choices(SUBJECTS, k=8))}{draw.randint(2, 99)}项，完成投资{draw.randint(20, 900)}亿元。"
        for _ in range(sentences)
    ]


TEXT, OTHER = text(1), text(2)


def copy(name: str, lines: list[str] | None = None, report: str = "140881-2024", **more: Any) -> Copy:
    """A document; `report` is its place and year, each of which may be left out."""
    place, year = report.split("-")
    lines = TEXT if lines is None else lines
    known = {"place_code": place or None, "report_year": int(year) if year else None, "completeness": "full", "n_chars": sum(map(len, lines)), "sketch": sketch(lines)}
    return Copy(name, **(known | more))


def stand(*copies: Copy) -> dict[str, Standing]:
    return {one.doc_id: one for one in standings(copies)}


def repeats(*copies: Copy) -> dict[str, str]:
    return {one.doc_id: one.near_duplicate_of for one in standings(copies) if one.near_duplicate_of}


def retyped(lines: list[str], one_in: int) -> list[str]:
    """The text with one character in so many changed."""
    draw = random.Random(0)
    return [re.sub(".", lambda found: "错" if draw.randrange(one_in) == 0 else found.group(), line) for line in lines]


# --- copies of one report


@pytest.mark.parametrize(
    "lines",
    [
        TEXT,
        TEXT[:-3],
        TEXT[30:60],
        TEXT[:12],
        TEXT[:60] + OTHER[:20],
        list(reversed(TEXT)),
        ["".join(TEXT)],
        retyped(TEXT, 100),
        retyped(TEXT, 30),
        retyped(TEXT, 100)[:50],
        TEXT + OTHER,
    ],
    ids=["same", "shorter", "excerpt", "a page", "mostly", "in another order", "on one line", "1 % edits", "3 % edits", "excerpt with edits", "with an annex"],
)
def test_what_holds_a_good_part_of_the_canonical_text_repeats_it(lines: list[str]) -> None:
    assert repeats(copy("whole"), copy("other", lines, completeness="excerpt")) == {"other": "whole"}


@pytest.mark.parametrize("lines", [OTHER, TEXT[:20] + OTHER, ["各位代表！"], []], ids=["another text", "quoted", "opening", "nothing"])
def test_what_does_not_is_another_text_of_the_report(lines: list[str]) -> None:
    found = stand(copy("whole"), copy("other", lines, completeness="excerpt"))
    assert (found["other"].is_canonical, found["other"].near_duplicate_of) == (False, None)


def test_a_text_in_many_copies_has_one_canonical_document() -> None:
    copies = [copy(f"{n:02}", TEXT[: 120 - n]) for n in range(12)]
    assert repeats(*copies) == {f"{n:02}": "00" for n in range(1, 12)}


def test_the_canonical_document_is_complete_then_undamaged_then_official_then_the_longest_then_the_first() -> None:
    order = [
        copy("official", TEXT[:100], is_official=True),
        copy("z", TEXT[:110]),
        copy("a", TEXT[:109]),
        copy("b", TEXT[:109]),
        copy("damaged", TEXT, is_damaged=True, is_official=True),
        copy("abridged", TEXT[:90], completeness="abridged", is_official=True),
        copy("excerpt", TEXT[:108], completeness="excerpt", is_official=True),
        copy("unknown", TEXT[:108], completeness="unknown", is_official=True),
    ]
    for one, other in combinations(order, 2):
        found = stand(other, one)
        assert (found[one.doc_id].is_canonical, found[other.doc_id].near_duplicate_of) == (True, one.doc_id)


def test_a_page_that_holds_its_text_twice_is_not_longer() -> None:
    assert repeats(copy("a", TEXT[:100] * 2), copy("b", TEXT[:110])) == {"a": "b"}


def test_a_complete_document_that_lacks_much_of_another_is_part_of_it_and_never_canonical() -> None:
    found = stand(copy("short", TEXT[:60], is_official=True), copy("whole"), copy("nearly", TEXT[:100]))
    assert {doc: one.part_of for doc, one in found.items()} == {"short": "whole", "whole": None, "nearly": None}
    assert (found["whole"].is_canonical, found["short"].near_duplicate_of) == (True, "whole")
    alone = stand(copy("short", TEXT[:60], is_official=True), copy("whole", completeness="excerpt"))
    assert (alone["short"].part_of, alone["short"].is_canonical) == (None, True)


# --- documents that do not tell place and year


@pytest.mark.parametrize("report", ["-", "140881-", "-2024"])
def test_a_document_that_does_not_tell_its_report_goes_by_its_copy(report: str) -> None:
    found = stand(copy("told"), copy("keyless", TEXT[:50], report, completeness="excerpt"), copy("else", OTHER, "140882-2024"))
    assert found["keyless"] == Standing("keyless", is_canonical=False, near_duplicate_of="told", told_by="told")
    assert found["told"].is_canonical


def test_a_whole_document_without_a_key_stands_for_the_report_that_an_excerpt_of_it_tells() -> None:
    found = stand(copy("excerpt", TEXT[:50], completeness="excerpt"), copy("keyless", report="-"))
    assert found["keyless"] == Standing("keyless", is_canonical=True, told_by="excerpt")
    assert found["excerpt"].near_duplicate_of == "keyless"


@pytest.mark.parametrize("report", ["140882-", "-2023"])
def test_a_document_takes_no_key_that_gainsays_what_it_tells(report: str) -> None:
    found = stand(copy("told"), copy("other", TEXT[:110], report))
    assert found["other"].told_by is None
    assert found["told"].is_canonical


def test_of_several_keys_the_most_alike_is_taken() -> None:
    half = copy("half", TEXT[:70] + OTHER[:60], "140882-2024")
    assert stand(copy("told"), half, copy("keyless", report="-"))["keyless"].told_by == "told"


def test_copies_that_tell_no_report_stand_together() -> None:
    found = stand(copy("a", TEXT[:100], "-"), copy("b", report="-"), copy("c", OTHER, "-"), copy("d", OTHER[:90], "140881-"), copy("e", OTHER[:80], "140882-"))
    assert {doc: (one.is_canonical, one.near_duplicate_of) for doc, one in found.items()} == {
        "a": (False, "b"), "b": (True, None), "c": (True, None), "d": (False, "c"), "e": (False, "c"),
    }  # fmt: skip


# --- one text under two keys


def test_a_text_under_two_keys_is_marked_where_fewer_documents_have_it() -> None:
    found = stand(copy("right"), copy("mirror", TEXT[:110]), copy("wrong", report="140882-2024", is_official=True))
    assert found["wrong"] == Standing("wrong", is_canonical=True, near_duplicate_of="right")
    assert found["right"] == Standing("right")


def test_of_two_single_documents_the_better_one_keeps_the_text() -> None:
    assert repeats(copy("b", report="140882-2024"), copy("a"), copy("c", TEXT[:100], "140883-2024")) == {"b": "a", "c": "a"}


def test_reports_that_share_the_words_of_the_genre_are_different_reports() -> None:
    reports = [copy(f"{n:02}", [*TEXT[:8], *text(n + 10)], f"1408{n + 10}-2024") for n in range(20)]
    assert repeats(*reports) == {}


def test_a_formula_that_hundreds_of_reports_share_tells_no_copies() -> None:
    short = [copy(f"{n:03}", TEXT[:40], f"{140000 + n}-2024", sketch=sketch(TEXT[:40])) for n in range(3)]
    assert len(repeats(*short)) == 2


# --- always


documents = st.lists(
    st.builds(
        lambda name, source, start, size, report, completeness, official: copy(
            name, (TEXT, OTHER)[source][start : start + size], report, completeness=completeness, is_official=official
        ),
        st.integers(0, 60).map(str),
        st.integers(0, 1),
        st.integers(0, 40),
        st.sampled_from([1, 10, 40, 80]),
        st.sampled_from(["140881-2024", "140881-2023", "140881-", "-2024", "-"]),
        st.sampled_from(["full", "abridged", "excerpt", "unknown"]),
        st.booleans(),
    ),
    unique_by=lambda one: one.doc_id,
    max_size=9,
)


@given(documents, st.randoms(use_true_random=False))
@QUICK
def test_the_order_of_documents_does_not_matter(copies: list[Copy], draw: Any) -> None:
    assert standings(copies) == standings(draw.sample(copies, len(copies)))


@given(documents)
@QUICK
def test_each_report_has_one_canonical_document_and_links_lead_to_one(copies: list[Copy]) -> None:
    known = {one.doc_id: one for one in copies}
    found = stand(*copies)
    assert sorted(found) == sorted(known)
    assert list(found) == sorted(found)
    keys = [known[one.told_by or doc].key for doc, one in found.items()]
    canonical = [key for key, one in zip(keys, found.values(), strict=True) if key and one.is_canonical]
    assert sorted(canonical) == sorted({key for key in keys if key})
    for one in found.values():
        if one.near_duplicate_of:
            assert found[one.near_duplicate_of].is_canonical
            assert one.near_duplicate_of != one.doc_id
        if one.told_by:
            assert known[one.told_by].key
            assert known[one.doc_id].key is None
