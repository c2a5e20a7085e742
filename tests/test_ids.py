from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.ids import part_ids, report_key

QUICK = settings(max_examples=100, derandomize=True, deadline=None)
PINNED = yaml.safe_load((Path(__file__).parent / "examples" / "ids" / "seed.yaml").read_text(encoding="utf-8"))
NAMES = {"sections": "heading", "paragraphs": "text", "sentences": "text"}
DOC = "0d6e0a5c2b91"

# Few characters, so that texts repeat.
texts = st.text("增长。%1 ", max_size=3)
reports = st.lists(texts, max_size=12)


# --- identifiers that are out in the world


@pytest.mark.parametrize("table", NAMES)
def test_identifiers_of_the_seed_never_change(seed_release: Any, table: str) -> None:
    key = f"{table.removesuffix('s')}_id"
    there = {row[key]: row[NAMES[table]] for row in seed_release.table(table).to_pylist()}
    assert {part: text and text[:24] for part, text in there.items() if part in PINNED[table]} == PINNED[table]


def test_identifiers_of_indicators_of_the_seed_never_change(seed_release: Any) -> None:
    there = {row["indicator_id"]: f"{row['written_as'] or row['name']} {row['quote']}" for row in seed_release.table("indicators").to_pylist()}
    assert {part: said for part, said in there.items() if part in PINNED["indicators"]} == PINNED["indicators"]


def test_identifiers_of_the_seed_itself_never_change(seed_release: Any) -> None:
    [page] = seed_release.table("pages").to_pylist()
    [report] = seed_release.table("reports").to_pylist()
    assert {"page_id": page["page_id"], "doc_id": report["doc_id"], "report_key": report["report_key"]}.items() <= PINNED.items()


@pytest.mark.parametrize(
    ("kind", "text", "part"),
    [
        ("sentence", "各位代表!", "be62ef32bf"),
        ("paragraph", "各位代表!", "85f54d1174"),
        ("section", "", "4dfec0f66f"),
        ("section", "2024年工作安排", "16e404c310"),
        ("sentence", "高考二本以上达线率66.9%。", "b01c64b5cc"),
        ("indicator", "地区生产总值|growth|7%", "fa431572d0"),
    ],
)
def test_an_identifier_depends_on_kind_and_text_alone(kind: str, text: str, part: str) -> None:
    assert part_ids(DOC, kind, [text]) == [f"{DOC}-{part}"]


# --- the policy


@given(reports)
@QUICK
def test_identifiers_have_one_shape_and_none_is_given_twice(said: list[str]) -> None:
    ids = part_ids(DOC, "sentence", said)
    assert all(re.fullmatch(rf"{DOC}-[0-9a-f]{{10}}", part) for part in ids)
    assert len(set(ids)) == len(ids) == len(said)


@given(reports, st.data())
@QUICK
def test_a_sentence_put_in_leaves_all_others_their_identifiers(said: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(said)))
    with_one_more = part_ids(DOC, "sentence", [*said[:at], "新增一句话。", *said[at:]])
    assert with_one_more[:at] + with_one_more[at + 1 :] == part_ids(DOC, "sentence", said)


@given(reports, texts, st.data())
@QUICK
def test_a_copy_put_in_takes_no_identifier_away(said: list[str], copy: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(said)))
    more = part_ids(DOC, "sentence", [*said[:at], copy, *said[at:]])
    assert Counter(part_ids(DOC, "sentence", said)) < Counter(more)


@given(reports, st.randoms(use_true_random=False))
@QUICK
def test_an_identifier_is_no_ordinal(said: list[str], shuffle: Any) -> None:
    mixed = shuffle.sample(said, len(said))
    assert set(part_ids(DOC, "sentence", mixed)) == set(part_ids(DOC, "sentence", said))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("增长7%左右；", "增长７％左右;"),
        ("国务院总理　李　强", "国务院总理李强"),
        ("第一页\u200b的字", "第一页的字"),
        ("新增 就业\n900人", "新增就业900人"),
        ("二○二四年", "二〇二四年"),
    ],
)
def test_width_spaces_and_shapeless_characters_do_not_matter(one: str, other: str) -> None:
    assert part_ids(DOC, "sentence", [one]) == part_ids(DOC, "sentence", [other])
    assert len(set(part_ids(DOC, "sentence", [one, other]))) == 2


@pytest.mark.parametrize(("one", "other"), [("增长7%", "增长8%"), ("增长7%。", "增长7%"), ("①", "1"), ("GDP", "gdp"), ("市", "市市")])
def test_all_else_matters(one: str, other: str) -> None:
    assert part_ids(DOC, "sentence", [one]) != part_ids(DOC, "sentence", [other])


def test_kinds_and_documents_differ() -> None:
    ids = [part_ids(doc, kind, ["各位代表!"])[0] for doc in (DOC, "3550e13fcfc8") for kind in ("section", "paragraph", "sentence", "indicator")]
    assert len(set(ids)) == 8


def test_the_nth_of_a_text_is_not_the_first_of_another() -> None:
    assert not set(part_ids(DOC, "sentence", ["好", "好"])) & set(part_ids(DOC, "sentence", ["好0", "好1", "好\x000", "好\x001"]))


@pytest.mark.parametrize(("place", "year", "key"), [("140881", 2024, "140881-2024"), (None, 2024, None), ("140881", None, None), (None, None, None)])
def test_a_report_key_takes_a_place_and_a_year(place: str | None, year: int | None, key: str | None) -> None:
    assert report_key(place, year) == key
