from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from baogao import contract, pipeline, stages
from baogao.doubts import find_doubts, uneven_lists
from baogao.release import Release, open_release, verify
from baogao.tables import arrow_table

LISTS = yaml.safe_load((Path(__file__).parent / "examples" / "doubts" / "lists.yaml").read_text(encoding="utf-8"))
BOUNDS = contract.terms("plausible")
DOC, SENTENCE = "0d6e0a5c2b91", "0d6e0a5c2b91-5e4d3c2b1a"


def figure(**fields: Any) -> dict[str, Any]:
    return {"indicator_id": f"{DOC}-77aa88bb99", "sentence_id": SENTENCE, "doc_id": DOC, "start": 4, "end": 8, "measure": "level", "value": 1.0} | fields


def doubts(*figures: dict[str, Any], text: str = "产值增长933%。") -> list[tuple[str, str, str, str | None]]:
    tables = {
        "sentences": arrow_table("sentences", [{"sentence_id": SENTENCE, "doc_id": DOC, "start": 0, "text": text}]),
        "indicators": arrow_table("indicators", figures),
    }
    found = find_doubts(tables, BOUNDS)
    assert {(one.doc_id, one.sentence_id, one.quote) for one in found} <= {(DOC, SENTENCE, text)}
    return [(one.table, one.expectation, one.column, one.value) for one in found]


# --- bounds


@pytest.mark.parametrize("bound", BOUNDS, ids=[bound["id"] for bound in BOUNDS])
def test_a_bound_is_data_with_a_ground_and_is_kept_and_passed(bound: dict[str, Any]):
    assert bound["source"]
    base = {"measure": bound["measure"], "unit": bound.get("unit", [None])[0], "indicator": bound.get("indicator", [None])[0]}
    for name, side in (("minimum", -1), ("maximum", 1)):
        if name in bound:
            assert bound["id"] not in {one[1] for one in doubts(figure(**base, value=float(bound[name])))}
            assert bound["id"] in {one[1] for one in doubts(figure(**base, value=bound[name] + side * 0.5))}


def test_bounds_name_what_there_is():
    indicators = {row["id"] for row in contract.terms("indicators")}
    measures = next(column.enum for column in contract.tables()["indicators"].columns if column.name == "measure")
    for bound in BOUNDS:
        assert bound["measure"] in measures
        assert set(bound.get("indicator", ())) <= indicators
        assert {"minimum", "maximum"} & bound.keys()
    assert len({bound["id"] for bound in BOUNDS}) == len(BOUNDS)


def test_a_figure_is_held_to_all_bounds_that_are_of_it_and_each_end_of_a_range_to_them():
    assert doubts(figure(measure="growth", indicator="gdp", value=933.0)) == [
        ("indicators", "plausible_growth", "value", "933"), ("indicators", "plausible_growth_of_output", "value", "933"),
    ]  # fmt: skip
    assert doubts(figure(measure="growth", value=None, value_low=150.0, value_high=250.0)) == [("indicators", "plausible_growth", "value_high", "250")]
    assert doubts(figure(measure="growth", indicator="gdp", value=None)) == []
    assert doubts(figure(measure="share", unit="倍", value=140.0)) == []


def test_a_doubt_says_why_and_by_what_ground():
    sentences = arrow_table("sentences", [{"sentence_id": SENTENCE, "doc_id": DOC, "start": 0, "text": "居第0位。"}])
    [one] = find_doubts({"sentences": sentences, "indicators": arrow_table("indicators", [figure(measure="rank", value=0.0)])}, BOUNDS)
    assert one.reason == "value 0 of rank is below 1: ranks count from 1, and there are fewer than 3,000 counties"


# --- lists


@pytest.mark.parametrize("case", LISTS, ids=[case["text"] for case in LISTS])
def test_names_and_values_of_a_list(case: dict[str, Any]):
    spans = sorted({(one.start, one.end) for one in stages.measure(case["text"], report_year=2024, role="review")})
    assert list(uneven_lists(case["text"], spans)) == case.get("said", [])


# --- a release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, root: Path, day: str) -> Release:
    """A report with a growth out of bounds, and a list of three names with two values."""
    folder = tmp_path_factory.mktemp("doubts")
    text = (root / "tests" / "examples" / "corpus" / "shanxi-2024.txt").read_text(encoding="utf-8")
    first = "地区生产总值增长5%"
    assert text.count(first) >= 1
    (folder / "page.txt").write_text(text.replace(first, "地区生产总值增长55%，一产、二产、三产增加值分别增长6%、5.2%", 1), encoding="utf-8")
    pipeline.build([str(folder / "page.txt")], folder / "output", engine="inline", released=day)
    return open_release(folder / "output")


def test_warnings_are_a_table_that_leads_to_the_sentence(release: Release):
    assert list(verify(release)) == []
    rows = {row["expectation"]: row for row in release.table("warnings").to_pylist()}
    assert rows.keys() == {"plausible_growth_of_output", "lists_are_even"}
    figures = {row["indicator_id"]: row for row in release.table("indicators").to_pylist()}
    sentences = {row["sentence_id"]: row["text"] for row in release.table("sentences").to_pylist()}
    row = rows["plausible_growth_of_output"]
    assert (figures[row["id"]]["value"], row["value"]) == (55, "55")
    assert all(sentences[row["sentence_id"]] == row["quote"] for row in rows.values())
    assert rows["lists_are_even"]["id"] == rows["lists_are_even"]["sentence_id"]


def test_warnings_are_counted(release: Release):
    quality = (release.folder / "quality.json").read_text(encoding="utf-8")
    assert '"plausible_growth_of_output": 1' in quality
    assert "warnings.share" in quality


def test_a_warning_turns_nothing_away(release: Release):
    assert release.table("rejects").num_rows == 0
