from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from baogao import contract
from baogao.assemble import Plan, distinct_pages, plan_reports
from baogao.check import Missed
from baogao.moves import REPORT_TABLES, CheckBatch, PageBatch, ReportBatch, documents, work_checks, work_pages, work_reports
from baogao.pages import read_arrow, read_keys, write_arrow
from baogao.records import Reject
from baogao.sources import PageRef
from baogao.store import Store
from baogao.summary import Summary, summarise
from baogao.tables import arrow_table, reject_rows

REVIEW = ["各位代表：", "现在，我代表市人民政府，向大会报告工作，请予审议。", "一、工作回顾"]
REVIEW += [f"全市第{n}批重点项目完成投资{n * 7}.5亿元，群众的获得感不断增强。" for n in range(1, 20)]
PLAN = ["二、2024年工作安排", "今年的主要预期目标是：地区生产总值增长7%左右。", "各位代表！让我们团结起来，为谱写新篇章而努力奋斗！"]
TITLE = "2024年永济市人民政府工作报告"
TOO_LATE = "——2024年3月6日在永济市第十七届人民代表大会第三十五次会议上"
NEWS = ["本报讯 3月6日，市政府召开常务会议，听取今冬供暖准备情况的汇报。", "会议强调，要抢抓时间，确保群众温暖过冬。"]


def html(address: str, lines: Sequence[str], title: str = TITLE) -> bytes:
    head = f'<meta charset="utf-8"><title>{title}</title><link rel="canonical" href="https://{address}">'
    menu = '<div class="nav"><a href="/">首页</a> <a href="/bg/">工作报告</a></div>'
    return f"<html><head>{head}</head><body>{menu}<div class='article'><h1>{title}</h1>{''.join(f'<p>{line}</p>' for line in lines)}</div></body></html>".encode()


@dataclass(frozen=True)
class Run:
    """What a summary was made from, and what it came to."""

    draft: Path
    plans: dict[str, Plan]
    duplicates: Sequence[Reject]
    documents: Sequence[Path]
    pages: Sequence[Path]
    summary: Summary

    def rows(self, name: str) -> list[dict[str, Any]]:
        return read_arrow(self.draft / f"{name}.arrow").to_pylist()

    def standing(self) -> dict[str, tuple[bool, str | None]]:
        """By the first page of a document: whether it stands for its report, and which document it repeats."""
        names = {plan.doc_id: name for name, plan in self.plans.items()}
        return {names[row["doc_id"]]: (row["is_canonical"], row["near_duplicate_of"] and names[row["near_duplicate_of"]]) for row in self.rows("standing")}


def work(root: Path, pages: Mapping[str, bytes]) -> Run:
    """All moves on pages given by name, one batch of each kind."""
    store, draft = Store(root / "work"), root / "draft"
    draft.mkdir()
    for name, data in pages.items():
        (root / name).write_bytes(data)
    folder = work_pages(PageBatch(store, tuple(PageRef(name, str(root / name), 0) for name in sorted(pages))))
    keys, duplicates = distinct_pages(read_keys(folder))
    plans = plan_reports(keys)
    made = tuple(documents(plans))
    of_page = {key.page_id: plan.doc_id for plan in plans for key in plan.document.pages}
    reports = work_checks(CheckBatch(store, work_reports(ReportBatch(store, made)), tuple((one.doc_id, one.pages[0][2]) for one in made)))
    checked = work_checks(CheckBatch(store, folder, rows=tuple((key.row, of_page.get(key.page_id)) for key in sorted(keys, key=lambda key: key.row))))
    summary = summarise(draft, plans, duplicates, [reports], [checked])
    return Run(draft, {plan.document.pages[0].source: plan for plan in plans}, duplicates, [reports], [checked], summary)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A report whose first page a check turns away, a copy of it, another report on two addresses, and pages that are no reports."""
    two = html("a.example/bg/2.html", [*REVIEW[:3], "粮食总产量达到21.4亿斤，新建高标准农田8万亩。", *PLAN], "2024年运城市人民政府工作报告")
    return work(
        tmp_path_factory.mktemp("run"),
        {
            "late.html": html("www.yongji.gov.cn/bg/1.html", [TOO_LATE, *REVIEW, *PLAN]),
            "copy.html": html("b.example/bg/1.html", [*REVIEW, *PLAN]),
            "two.html": two,
            "two-again.html": two,
            "news.html": html("a.example/xw/3.html", NEWS, "市政府召开常务会议"),
            "blank.html": b"",
        },
    )


# --- standing


def test_a_document_whose_report_did_not_pass_stands_for_none_and_its_copy_stands_instead(run: Run) -> None:
    before = {name: (plan.standing.is_canonical, plan.standing.near_duplicate_of) for name, plan in run.plans.items()}
    assert before["late.html"] == (True, None)
    assert before["copy.html"] == (False, run.plans["late.html"].doc_id)
    assert run.standing() == {"copy.html": (True, None), "two-again.html": (True, None)}


def test_of_two_documents_of_a_report_one_stands_for_it(tmp_path: Path) -> None:
    lines = [*REVIEW, *PLAN]
    run = work(tmp_path, {"a.html": html("a.example/bg/1.html", lines[3:]), "b.html": html("b.example/bg/1.html", lines)})
    assert run.standing() == {"a.html": (False, "b.html"), "b.html": (True, None)}


def test_place_and_year_may_be_told_by_several_pages_together(tmp_path: Path) -> None:
    pages = {
        "a.html": html("a.example/bg/1.html", REVIEW, "永济市人民政府工作报告"),
        "a_2.html": html("a.example/bg/1_2.html", PLAN, "政府工作报告"),
        "b.html": html("www.yongji.gov.cn/bg/1.html", [*REVIEW, *PLAN]),
    }
    run = work(tmp_path, pages)
    assert {key.report for key in run.plans["a.html"].document.pages} == {None}
    reports = read_arrow(run.documents[0] / "reports.arrow")
    assert reports["report_key"].to_pylist() == ["140881-2024"] * 2
    assert run.standing() == {"a.html": (False, "b.html"), "b.html": (True, None)}


def test_a_document_that_is_whole_on_two_pages_comes_before_an_excerpt(tmp_path: Path) -> None:
    pages = {
        "a.html": html("a.example/bg/1.html", REVIEW),
        "a_2.html": html("a.example/bg/1_2.html", PLAN),
        "b.html": html("www.yongji.gov.cn/bg/1.html", [*REVIEW[3:], *PLAN[:2]]),
    }
    run = work(tmp_path, pages)
    assert {key.completeness for plan in run.plans.values() for key in plan.document.pages} == {"excerpt"}
    assert run.standing() == {"a.html": (True, None), "b.html": (False, "a.html")}


def test_standing_has_the_year_of_each_report(run: Run) -> None:
    assert {row["report_year"] for row in run.rows("standing")} == {2024}
    assert [row["doc_id"] for row in run.rows("standing")] == sorted(row["doc_id"] for row in run.rows("standing"))


# --- coverage, rejects


def test_coverage_is_of_the_reports_that_passed(run: Run) -> None:
    said = [(row["place_code"], row["place_name"], row["report_year"], row["status"], row["n_documents"]) for row in run.rows("coverage") if row["status"] != "missing"]
    assert said == [("140800", "运城市", 2024, "full", 1), ("140881", "永济市", 2024, "full", 1)]


def test_rejects_are_those_of_all_checks_and_the_pages_that_stand_elsewhere(run: Run) -> None:
    rows = run.rows("rejects")
    [twin] = [row for row in rows if row["expectation"] == "page_is_distinct"]
    assert (twin["table"], twin["value"], twin["reason"]) == ("pages", "two.html", "the same page as two-again.html")
    [report] = [row for row in rows if row["table"] == "reports"]
    assert (report["id"], report["reason"]) == (run.plans["late.html"].doc_id, "session 35 is above 30")
    assert {row["table"] for row in rows} == {"pages", *REPORT_TABLES} - {"conflicts"}


def test_a_page_that_a_check_turned_away_is_a_reject_too(run: Run, tmp_path: Path) -> None:
    pages = shutil.copytree(run.pages[0], tmp_path / "pages")
    failure = Reject("pages", "4be4a2ad1b6f", "expect_column_values_to_not_be_null", "encoding is missing", "encoding", None, "4be4a2ad1b6f")
    write_arrow(pages / "rejects.arrow", arrow_table("rejects", reject_rows([failure])))
    summarise(tmp_path, list(run.plans.values()), run.duplicates, run.documents, [pages])
    added = [row for row in read_arrow(tmp_path / "rejects.arrow").to_pylist() if row not in run.rows("rejects")]
    assert [Reject(**row) for row in added] == [failure]


@pytest.mark.parametrize("name", ["coverage", "rejects"])
def test_tables_are_in_the_order_of_the_contract(run: Run, name: str) -> None:
    table = read_arrow(run.draft / f"{name}.arrow")
    assert table.equals(arrow_table(name, table.to_pylist()))
    assert table.num_rows > 1


def test_a_failure_found_twice_is_one_reject(run: Run, tmp_path: Path) -> None:
    summarise(tmp_path, list(run.plans.values()), [*run.duplicates, *run.duplicates], run.documents, run.pages)
    assert read_arrow(tmp_path / "rejects.arrow").equals(read_arrow(run.draft / "rejects.arrow"))


# --- quality


def test_quality_counts_what_there_was(run: Run) -> None:
    quality = run.summary.quality
    assert quality["pages"] == {"read": 6, "distinct": 5, "of_reports": 2}
    assert quality["document_types"] == {"report": 3, "news": 1, "other": 1}
    assert quality["completeness"] == {"full": 2}
    assert list(quality) == [
        "pages", "document_types", "completeness", "removed", "levels", "years", "copies", "doubtful", "figures", "filled", "rejects", "row_warnings", "corrections",
        "removals", "warnings", "accuracy", "first_sight",
    ]  # fmt: skip


def test_quality_counts_lines_cut_off_and_rows_turned_away(run: Run) -> None:
    quality = run.summary.quality
    kinds = [row["kind"] for row in read_arrow(run.pages[0] / "removed.arrow").to_pylist()]
    assert quality["removed"] == {kind: kinds.count(kind) for kind in kinds}
    assert sum(quality["rejects"].values()) == len(run.rows("rejects"))
    assert quality["rejects"]["pages: page_is_distinct"] == 1
    assert quality["rejects"]["reports: expect_column_values_to_be_between"] == 1


def test_quality_counts_levels_and_shares_of_rows_with_a_value(run: Run) -> None:
    quality = run.summary.quality
    assert quality["levels"] == {"national": 0, "province": 0, "prefecture": 1, "county": 1, "unknown": 0}
    for table, columns in quality["filled"].items():
        folder = run.pages[0] if table in {"pages", "removed"} else run.documents[0]
        found = read_arrow(folder / f"{table}.arrow")
        for column, share in columns.items():
            values = found[column].to_pylist()
            assert share == (round(sum(value is not None for value in values) / len(values), 4) if values else 1.0), (table, column)
    nullable = {(table.name, column.name) for table in contract.tables().values() for column in table.columns if not column.required}
    assert {(table, column) for table, columns in quality["filled"].items() for column in columns} < nullable


def test_quality_counts_each_report_once_by_year_and_level(run: Run, tmp_path: Path) -> None:
    assert run.summary.quality["years"] == {"2024": {"prefecture": 1, "county": 1}}
    assert run.summary.quality["copies"] == 0
    lines = [*REVIEW, *PLAN]
    names = work(tmp_path, {"a.html": html("a.example/bg/1.html", lines[3:]), "b.html": html("b.example/bg/1.html", lines)})
    assert names.summary.quality["years"] == {"2024": {"county": 1}}
    assert names.summary.quality["copies"] == 1
    assert names.summary.quality["levels"]["county"] == 2


def test_quality_counts_reports_whose_place_or_year_is_in_doubt(tmp_path: Path) -> None:
    line = "——2023年3月6日在太原市第五届人民代表大会第三次会议上"
    doubtful = work(tmp_path, {"a.html": html("a.example/bg/1.html", [line, *REVIEW, *PLAN])})
    (report,) = read_arrow(doubtful.documents[0] / "reports.arrow").to_pylist()
    assert "矛盾" in report["place_evidence"]
    assert "矛盾" in report["year_evidence"]
    assert doubtful.summary.quality["doubtful"] == {"place": 1, "year": 1}


def test_quality_counts_figures_by_how_they_were_read(run: Run) -> None:
    assert run.summary.quality["doubtful"] == {"place": 0, "year": 0}
    found = read_arrow(run.documents[0] / "indicators.arrow")
    for column, counts in run.summary.quality["figures"].items():
        values = found[column].to_pylist()
        assert counts == {value: values.count(value) for value in counts}
        assert sum(counts.values()) == len(values) > 0


def test_every_count_that_the_package_asserts_is_counted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asserted = contract.package()["assertions"]
    never = {"minimum": {"words.rows": 1_000_000, **dict.fromkeys(asserted["minimum"], 1_000_000)}, "maximum": dict.fromkeys(asserted["maximum"], -1)}
    monkeypatch.setitem(contract.package(), "assertions", never | {"maximum": never["maximum"] | {"reports.level.county.rows": 0}})
    missed = {one.assertion: one.found for one in summarise(tmp_path, list(run.plans.values()), run.duplicates, run.documents, run.pages).missed}
    assert missed.keys() == never["minimum"].keys() | never["maximum"].keys() | {"reports.level.county.rows"}
    assert all(math.isfinite(found) for found in missed.values())
    assert (missed["reports.rows"], missed["reports.level.county.rows"], missed["reports.place_code.missing"], missed["pages.reason.filled"]) == (2, 1, 0, 1)
    assert missed["words.rows"] == read_arrow(run.documents[0] / "words.arrow").num_rows


def test_counts_come_largest_first(run: Run) -> None:
    for name in ("document_types", "removed", "rejects"):
        counts = list(run.summary.quality[name].values())
        assert counts == sorted(counts, reverse=True)


def test_shares_are_of_all_rows_that_were_checked(run: Run) -> None:
    missed = {one.assertion: one.found for one in run.summary.missed}
    kept = sum(read_arrow(folder / f"{name}.arrow").num_rows for folder, names in ((run.documents[0], REPORT_TABLES), (run.pages[0], ("pages", "removed"))) for name in names)
    rejected = len(run.rows("rejects"))
    assert missed == {"rejects.share": rejected / (kept + rejected), "pages.rejected_share": 1 - 2 / 5}
    assert list(run.summary.quality["warnings"]) == run.summary.warnings == [str(one) for one in run.summary.missed]
    assert run.summary.failures == []


def test_a_release_without_a_report_fails(tmp_path: Path) -> None:
    run = work(tmp_path, {"news.html": html("a.example/xw/3.html", NEWS, "市政府召开常务会议")})
    assert run.summary.failures == ["reports.rows is 0, below the minimum of 1"]
    assert run.summary.quality["pages"] == {"read": 1, "distinct": 1, "of_reports": 0}
    assert [run.rows(name) for name in ("standing", "coverage", "rejects")] == [[], [], []]


def test_a_run_without_pages_fails_without_an_error(tmp_path: Path) -> None:
    summary = summarise(tmp_path, [], [], [], [])
    assert summary.failures == ["reports.rows is 0, below the minimum of 1", "pages.rows is 0, below the minimum of 1"]


def test_a_minimum_fails_and_a_maximum_warns() -> None:
    low, high = Missed("reports.rows", 1, 0, fails=True), Missed("rejects.share", 0.01, 0.5, fails=False)
    summary = Summary({}, (low, high))
    assert (summary.failures, summary.warnings) == ([str(low)], [str(high)])


def test_the_tables_have_the_columns_of_the_contract(run: Run) -> None:
    for name in ("coverage", "rejects"):
        assert read_arrow(run.draft / f"{name}.arrow").schema.names == contract.tables()[name].names
    assert read_arrow(run.draft / "standing.arrow").schema.names == ["doc_id", "report_year", "is_canonical", "near_duplicate_of", "mark"]


def test_no_text_is_read(run: Run, tmp_path: Path) -> None:
    bare = shutil.copytree(run.documents[0], tmp_path / "documents")
    for file in run.documents[0].glob("*.arrow"):
        table = read_arrow(file)
        write_arrow(bare / file.name, table.drop_columns("text") if "text" in table.column_names else table)
    again = summarise(tmp_path, list(run.plans.values()), run.duplicates, [bare], run.pages)
    assert again == run.summary
