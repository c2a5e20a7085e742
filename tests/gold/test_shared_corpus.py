"""The collected pages of the shared folder: what each is, of whom and when; the copies among them; how their texts are cut up.

They are labelled in ../shared/corpus/MANIFEST.tsv, and are there only where the project is developed: elsewhere these tests are skipped.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import baogao
from baogao import release as releases
from baogao.release import Release, open_release

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the collected pages are kept beside the project, in ../shared, and are not here")

NATIONAL = ("wikisource_national", "bigdata_national", "maoist_national", "dxcarl_national", "ljtyduyu_govcn_scrape", "govcn_html_fragment", "enolaalone_national")
LEVELS = {"national": "national", "provincial": "province", "county": "county"}
# The text under the title of 2023 is the report of 2024; the labels go by the name of the file.
YEARS = {"maoist_national/2023.txt": 2024}
# Pages whose year no word of them tells, and that no copy tells.
NO_YEAR = {"pages_excerpts/gkmao_sichuan_p5.txt"}
# Headers of another year than the text.
CONTRADICTIONS = {"maoist_national/2020.txt", "maoist_national/2023.txt"}
# The first page of a report on several; all other documents of these sources are whole.
FIRST_PAGES = {"ljtyduyu_govcn_scrape/2009.gbk.txt"}

Row = dict[str, Any]


def labels() -> list[Row]:
    """One row for each file; of files with the same bytes the first."""
    if not CORPUS.exists():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if (CORPUS / row["path"]).is_file()]
    return list({row["sha1"]: row for row in reversed(rows)}.values())[::-1]


LABELS = labels()
REPORTS = [row for row in LABELS if row["doctype"].startswith("report")]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """All labelled pages in one release."""
    output = tmp_path_factory.mktemp("shared") / "output"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CORPUS)  # so that sources are named as in the labels
        baogao.build([row["path"] for row in LABELS], output, engine="processes", workers=2)
    return open_release(output)


@pytest.fixture(scope="module")
def pages(release: Release) -> dict[str, Row]:
    return {row["source"]: row for row in release.table("pages").to_pylist()}


@pytest.fixture(scope="module")
def reports(release: Release, pages: dict[str, Row]) -> dict[str, Row]:
    """Reports by the page that they are on."""
    by_id = {row["doc_id"]: row for row in release.table("reports").to_pylist()}
    return {source: by_id[page["doc_id"]] for source, page in pages.items() if page["doc_id"]}


def test_every_page_is_there(pages: dict[str, Row]) -> None:
    assert len(LABELS) > 160
    assert set(pages) == {row["path"] for row in LABELS}


@pytest.mark.parametrize("label", LABELS, ids=lambda row: row["path"])
def test_reports_are_told_from_what_is_published_around_them(label: Row, pages: dict[str, Row]) -> None:
    assert (pages[label["path"]]["document_type"] == "report") == label["doctype"].startswith("report")


@pytest.mark.parametrize("label", REPORTS, ids=lambda row: row["path"])
def test_a_report_is_found_under_its_place_and_year(label: Row, reports: dict[str, Row]) -> None:
    report = reports[label["path"]]
    assert report["level"] == LEVELS[label["level"]]
    named = "中华人民共和国" if label["level"] == "national" else label["place"]
    assert report["place_name"] in {named, named.removeprefix("重庆市")}
    assert report["place_code"]
    assert report["report_year"] == (None if label["path"] in NO_YEAR else YEARS.get(label["path"], int(label["year"])))
    assert ("矛盾" in report["year_evidence"] if report["year_evidence"] else False) == (label["path"] in CONTRADICTIONS)


def test_the_sources_of_a_national_report_fall_together_with_one_canonical_copy(reports: dict[str, Row]) -> None:
    by_year: dict[int, list[tuple[str, Row]]] = {}
    for source, report in reports.items():
        if source.split("/")[0] in NATIONAL:
            by_year.setdefault(report["report_year"], []).append((source, report))
    assert len(by_year) >= 20
    for same in by_year.values():
        [first] = [report for _, report in same if report["is_canonical"]]
        assert first["completeness"] == "full"
        for source, report in same:
            if report is not first:
                assert report["near_duplicate_of"] == first["doc_id"], source
            assert (report["completeness"] == "excerpt") == (source in FIRST_PAGES), source


def test_no_report_is_taken_for_a_copy_of_another(reports: dict[str, Row]) -> None:
    keys = {report["doc_id"]: report["report_key"] for report in reports.values()}
    assert all(keys[report["near_duplicate_of"]] == report["report_key"] for report in reports.values() if report["near_duplicate_of"])


def test_paragraphs_hold_every_character_of_a_report_once(release: Release) -> None:
    paragraphs: dict[str, list[Row]] = {}
    for row in release.table("paragraphs").to_pylist():
        paragraphs.setdefault(row["doc_id"], []).append(row)
    for report in release.table("reports", columns=["doc_id", "text"]).to_pylist():
        assert "\n".join(row["text"] for row in sorted(paragraphs[report["doc_id"]], key=lambda row: row["ordinal"])) == report["text"]


def test_sections_nest_without_gaps(release: Release) -> None:
    sections: dict[str, list[Row]] = {}
    for row in release.table("sections").to_pylist():
        sections.setdefault(row["doc_id"], []).append(row)
    for report in release.table("reports", columns=["doc_id", "text"]).to_pylist():
        inside: dict[str | None, list[Row]] = {}
        for row in sorted(sections[report["doc_id"]], key=lambda row: row["ordinal"]):
            inside.setdefault(row["parent_id"], []).append(row)
        tiles(inside[None], 0, len(report["text"]))
        for row in sections[report["doc_id"]]:
            assert row["depth"] == 1 + next((one["depth"] for one in sections[report["doc_id"]] if one["section_id"] == row["parent_id"]), 0)
            if parts := inside.get(row["section_id"]):
                tiles(parts, parts[0]["start"], row["end"])
                assert row["start"] <= parts[0]["start"]


def tiles(sections: Sequence[Row], start: int, end: int) -> None:
    """Sections that follow each other from start to end; a line break may stand between two."""
    assert sections[0]["start"] == start
    assert sections[-1]["end"] == end
    assert all(0 <= after["start"] - before["end"] <= 1 for before, after in pairwise(sections))


def test_the_release_verifies(release: Release) -> None:
    assert list(releases.verify(release)) == []


# --- what others read in the same reports


def gdp_targets() -> list[Row]:
    path = CORPUS.parent / "gold" / "gdp_targets_2026.tsv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("label", gdp_targets(), ids=lambda row: row["place"])
def test_the_gdp_target_of_a_report_is_the_one_that_others_published(label: Row, release: Release) -> None:
    low, high = float(label["low"]), float(label["high"])
    wanted = {
        "以上": (low, low, None, "ge"),
        "左右": (low, None, None, "approx"),
        "区间": (None, low, high, "range"),
    }[label["qualifier"]]
    reports = {row["doc_id"]: row["place_name"] for row in release.table("reports", columns=["doc_id", "place_name"]).to_pylist()}
    targets = [
        (row["value"], row["value_low"], row["value_high"], row["bound"])
        for row in release.table("targets").to_pylist()
        if reports[row["doc_id"]] == label["place"] and row["report_year"] == int(label["year"]) and (row["indicator"], row["tier"]) == ("gdp", "base")
    ]
    assert targets == [wanted]
