from __future__ import annotations

import ast
import hashlib
import os
import shutil
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from baogao import check, contract, moves, stages
from baogao.assemble import distinct_pages, plan_reports
from baogao.clean.site_lines import mark
from baogao.moves import (
    REPORT_TABLES,
    CheckBatch,
    Document,
    PageBatch,
    Pages,
    ReportBatch,
    check_summary,
    checked_folder,
    documents,
    pages_folder,
    read_rejects,
    reports_folder,
    work_checks,
    work_pages,
    work_reports,
)
from baogao.pages import read_arrow, read_keys, write_arrow
from baogao.records import BaogaoError, Body, Page, Reject, Report, Structure
from baogao.scale import Care
from baogao.sources import PageRef
from baogao.store import Store
from baogao.tables import arrow_table

SOURCE = Path(moves.__file__).parents[1]
WORK = (moves.pages, moves.reports, moves.checks)
REVIEW = ["各位代表：", "现在，我代表市人民政府，向大会报告工作，请予审议。", "一、2023年工作回顾", "全市地区生产总值完成198.7亿元，增长6.3%。"]
PLAN = ["二、2024年工作安排", "今年的主要预期目标是：地区生产总值增长7%左右。", "各位代表！让我们团结起来，为谱写新篇章而努力奋斗！"]
TWO = [*REVIEW[:3], "粮食总产量增长6.3%，达到21.4亿斤。", PLAN[0], "今年要实现进出口总额增长9%以上。", PLAN[2]]


def html(address: str, lines: Sequence[str], title: str = "2024年永济市人民政府工作报告") -> str:
    head = f'<meta charset="utf-8"><title>{title}</title><link rel="canonical" href="https://{address}">'
    menu = '<div class="nav"><a href="/">首页</a> <a href="/bg/">工作报告</a></div>'
    return f"<html><head>{head}</head><body>{menu}<div class='article'><h1>{title}</h1>{''.join(f'<p>{line}</p>' for line in lines)}</div></body></html>"


class Desk:
    """A folder of pages, and a store for the work on them."""

    def __init__(self, root: Path) -> None:
        self.root, self.store = root / "pages", Store(root / "work")
        self.root.mkdir()

    def write(self, **pages: str | bytes) -> None:
        for name, page in pages.items():
            (self.root / f"{name}.html").write_bytes(page if isinstance(page, bytes) else page.encode())

    def batch(self, *names: str) -> PageBatch:
        paths = [self.root / f"{name}.html" for name in names]
        return PageBatch(self.store, tuple(PageRef(path.name, str(path), 0) for path in paths))

    def documents(self, *folders: Path) -> dict[str, Document]:
        """Documents by the name of their first page."""
        keys, _ = distinct_pages(key for folder in folders for key in read_keys(folder))
        plans = plan_reports(keys)
        return {plan.document.pages[0].source.removesuffix(".html"): one for plan, one in zip(plans, documents(plans), strict=True)}

    def reports(self, *documents: Document) -> ReportBatch:
        return ReportBatch(self.store, documents)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two documents: `one` on two pages, and `two`."""
    desk = Desk(tmp_path)
    desk.write(
        one=html("a.example/bg/1.html", REVIEW),
        one_2=html("a.example/bg/1_2.html", PLAN),
        two=html("a.example/bg/2.html", TWO, "2024年运城市人民政府工作报告"),
        three=html("a.example/bg/3.html", [*REVIEW, *PLAN], "2024年临猗县人民政府工作报告"),
    )
    return desk


def stamp(folder: Path) -> list[tuple[str, int, int]]:
    return [(path.name, path.stat().st_ino, path.stat().st_mtime_ns) for path in [folder, *sorted(folder.iterdir())]]


def forbidden(*_: Any, **__: Any) -> Any:
    pytest.fail("work was done again")


# --- read and clean


def test_pages_are_worked_into_a_folder_of_their_own(desk: Desk) -> None:
    folder = work_pages(desk.batch("one", "two"))
    assert sorted(path.name for path in folder.iterdir()) == ["bodies.arrow", "made.json", "marks.arrow", "pages.arrow", "removed.arrow"]
    assert folder.parent == desk.store.root / "pages"
    rows = read_arrow(folder / "pages.arrow").select(["source", "document_type", "status", "place_name", "report_year", "page_title"]).to_pylist()
    assert rows == [
        {"source": f"{name}.html", "document_type": "report", "status": "accepted", "place_name": place, "report_year": 2024, "page_title": f"2024年{place}人民政府工作报告"}
        for name, place in (("one", "永济市"), ("two", "运城市"))
    ]


def test_the_identity_of_a_page_is_its_address(desk: Desk) -> None:
    [key] = read_keys(work_pages(desk.batch("one")))
    assert key.page_id == hashlib.sha256(b"a.example/bg/1.html").hexdigest()[:12]


def test_the_same_pages_are_worked_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = work_pages(desk.batch("one", "two"))
    before = stamp(folder)
    monkeypatch.setattr(stages, "read", forbidden)
    assert work_pages(desk.batch("one", "two")) == folder
    assert stamp(folder) == before


def test_a_page_touched_but_not_changed_is_not_worked_again(desk: Desk) -> None:
    folder = work_pages(desk.batch("one"))
    os.utime(desk.root / "one.html", (1, 1))
    assert work_pages(desk.batch("one")) == folder


def test_a_changed_byte_changes_the_folder(desk: Desk) -> None:
    before = work_pages(desk.batch("one", "two"))
    desk.write(two=(desk.root / "two.html").read_bytes().replace(b"6.3%", b"6.4%"))
    after = work_pages(desk.batch("one", "two"))
    assert after != before
    assert before.exists()


@pytest.mark.parametrize("names", [("one",), ("two", "one"), ("one", "two", "three")])
def test_other_pages_or_another_order_make_another_folder(desk: Desk, names: tuple[str, ...]) -> None:
    assert work_pages(desk.batch(*names)) != work_pages(desk.batch("one", "two"))


def test_a_page_under_another_name_makes_another_folder(desk: Desk) -> None:
    desk.write(copy=(desk.root / "one.html").read_bytes())
    assert work_pages(desk.batch("copy")) != work_pages(desk.batch("one"))


def test_where_the_pages_lie_does_not_matter(desk: Desk, tmp_path: Path) -> None:
    batch = desk.batch("one")
    moved = tmp_path / "elsewhere.html"
    moved.write_bytes((desk.root / "one.html").read_bytes())
    assert work_pages(replace(batch, refs=(replace(batch.refs[0], path=str(moved)),))) == work_pages(batch)


def test_the_folder_is_known_from_digests_alone(desk: Desk) -> None:
    digests = [hashlib.sha256((desk.root / f"{name}.html").read_bytes()).hexdigest() for name in ("one", "two")]
    named = pages_folder(desk.batch("one", "two"), digests)
    assert not named.exists()
    assert work_pages(desk.batch("one", "two")) == named


@pytest.mark.parametrize("changed", ["vocabularies", "site cards", "code", "libraries"])
def test_all_that_makes_a_result_names_its_folder(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    batch, document = desk.batch("one"), Document("0123456789ab", (("ab", 0, "4be4a2ad1b6f", "cd", "ef"),))
    check = CheckBatch(desk.store, tmp_path / "ab")
    before = [pages_folder(batch, ["ab"]), reports_folder(desk.reports(document)), checked_folder(check)]
    cards = tmp_path / "sites.yaml"
    cards.write_text("[]")
    match changed:
        case "vocabularies":
            monkeypatch.setattr(contract, "digest", lambda: "other")
        case "site cards":
            monkeypatch.setattr(moves.pieces, "site_cards_file", lambda: cards)
        case "code":
            for module in WORK:
                monkeypatch.setattr(module, "code_digest", lambda *_: "other")
        case "libraries":
            for module in WORK:
                monkeypatch.setattr(module, "library_versions", lambda *_: "other")
    after = [pages_folder(batch, ["ab"]), reports_folder(desk.reports(document)), checked_folder(check)]
    # No site card has a part in a check.
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, True, changed != "site cards"]


def imports(name: str) -> set[str]:
    path = SOURCE / name
    found = set()
    for file in path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "baogao":
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("baogao."):
                found.add(str(node.module).split(".")[1])
    return found


def test_the_code_that_names_a_report_is_all_that_makes_it() -> None:
    made_by = set(moves.REPORT_CODE)
    # The checks and doubts are named by themselves, and where work is done or kept has no part in it.
    # What copies say of a document stands in the document, and so does whether its text is published.
    assert {other for name in made_by for other in imports(name)} - made_by == {"archives", "check", "copies", "doubts", "expectations", "removals", "scale", "store"}


def test_the_code_that_names_pages_is_all_but_what_is_for_reports() -> None:
    assert set(moves.REPORT_CODE) - set(moves.PAGE_CODE) == {"assemble", "corrections", "measure", "words", "conflicts"}


def test_an_unreadable_page_is_kept_with_its_reason(desk: Desk) -> None:
    desk.write(cover=b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", blank=b"")
    folder = work_pages(desk.batch("blank", "cover", "two"))
    rows = read_arrow(folder / "pages.arrow").select(["status", "encoding", "reason", "page_id", "sha256"]).to_pylist()
    assert [(row["status"], row["encoding"]) for row in rows] == [("rejected", "binary"), ("rejected", "binary"), ("accepted", "utf-8")]
    assert all(row["reason"] for row in rows)
    assert rows[0]["page_id"] == hashlib.sha256(b"").hexdigest()[:12]
    assert work_checks(CheckBatch(desk.store, folder, rows=((0, None), (1, None)))).exists()
    assert read_rejects(work_checks(CheckBatch(desk.store, folder, rows=((0, None), (1, None))))) == []


def test_a_file_that_is_gone_is_told_in_a_sentence_and_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(BaogaoError, match=r"gone\.html cannot be read \(No such file or directory\)"):
        work_pages(desk.batch("one", "gone"))
    assert not desk.store.root.exists()


# --- lines that a site repeats
PLACES = ("永济市", "河津市", "临猗县", "万荣县", "闻喜县", "稷山县")
STRIP = "素材驿站 sucai.example"


def strips(host: str, places: Sequence[str] = PLACES) -> dict[str, str]:
    """Pages of one site, each with the report of a place and with a strip inside it."""
    named = ((f"{host}{n}", html(f"{host}.example/{n}.html", [*REVIEW, STRIP, *PLAN], f"2024年{place}人民政府工作报告")) for n, place in enumerate(places))
    return dict(named)


def test_a_line_that_a_site_repeats_is_cut_when_its_pages_are_worked_again(desk: Desk) -> None:
    pages = strips("s")
    desk.write(**pages)
    batch, other = desk.batch(*pages), desk.batch("two")
    alone = [work_pages(batch), work_pages(other)]
    learned, nothing = moves.learn_site_lines(alone)
    assert (learned, nothing) == (tuple((n, mark(STRIP)) for n in range(len(PLACES))), ())
    folder = work_pages(replace(batch, site_lines=learned))
    assert folder != alone[0]
    removed = [row for row in read_arrow(folder / "removed.arrow").to_pylist() if row["rule"] == "site-line"]
    assert [row["text"] for row in removed] == [STRIP] * len(PLACES)
    bodies = [read_arrow(one / "bodies.arrow")["lines"].to_pylist() for one in (alone[0], folder)]
    assert [[line for line in lines if line != STRIP] for lines in bodies[0]] == bodies[1]
    assert moves.learn_site_lines([folder, alone[1]]) == [(), ()]


@pytest.mark.parametrize("places", [PLACES[:4], ["永济市"] * 6])
def test_few_documents_or_copies_of_one_teach_nothing(desk: Desk, places: Sequence[str]) -> None:
    pages = strips("s", places)
    desk.write(**pages)
    assert moves.learn_site_lines([work_pages(desk.batch(*pages))]) == [()]


def test_another_site_keeps_the_line(desk: Desk) -> None:
    pages, other = strips("s"), strips("t", PLACES[:1])
    desk.write(**pages, **other)
    learned, nothing = moves.learn_site_lines([work_pages(desk.batch(*pages)), work_pages(desk.batch(*other))])
    assert {line for _, line in learned} == {mark(STRIP)}
    assert nothing == ()


def test_only_pages_that_have_such_a_line_are_worked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, other = strips("s"), strips("t", PLACES[:1])
    plain = {"plain": html("s.example/plain.html", [*REVIEW, *PLAN], "2024年平陆县人民政府工作报告")}
    desk.write(**pages, **other, **plain)
    batch = desk.batch(*other, *pages, *plain)
    [learned] = moves.learn_site_lines([work_pages(batch)])
    assert [n for n, _ in learned] == list(range(1, 1 + len(PLACES)))
    read = noted_reads(monkeypatch)
    folder = work_pages(replace(batch, site_lines=learned))
    assert read == [f"{name}.html" for name in pages]
    afresh = work_pages(replace(batch, site_lines=learned, store=Store(desk.root / "afresh")))
    assert tables_of(folder) == tables_of(afresh)


def tables_of(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {path.stem: read_arrow(path).to_pylist() for path in sorted(folder.glob("*.arrow"))}


def noted_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of pages that are read from now on."""
    read: list[str] = []
    reads = stages.read

    def noted(data: bytes, *, source: str, **said: Any) -> Page:
        read.append(source)
        return reads(data, source=source, **said)

    monkeypatch.setattr(stages, "read", noted)
    return read


def test_of_a_batch_only_pages_that_changed_are_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    read = noted_reads(monkeypatch)
    desk.write(torn=b"\x00", three_2=html("a.example/bg/3_2.html", PLAN))
    work_pages(desk.batch("one", "two", "three", "torn"))
    read.clear()
    desk.write(two=(desk.root / "two.html").read_bytes().replace(b"6.3%", b"6.4%"))
    names = ["torn", "one_2", "one", "three_2", "two", "three"]
    folder = work_pages(desk.batch(*names))
    assert read == ["torn.html", "one_2.html", "three_2.html", "two.html"]
    afresh = work_pages(replace(desk.batch(*names), store=Store(desk.root / "afresh")))
    assert afresh.name == folder.name
    assert tables_of(folder) == tables_of(afresh)
    assert [key.batch for key in read_keys(folder)] == [folder.name] * 6


def test_what_another_worker_has_not_finished_is_not_taken_over(desk: Desk) -> None:
    (desk.store.root / "pages" / ".half").mkdir(parents=True)
    (desk.store.root / "pages" / ".half" / "made.json").write_text("{", encoding="ascii")
    assert [key.row for key in read_keys(work_pages(desk.batch("one", "two")))] == [0, 1]


# --- structure


def test_a_document_is_made_again_where_its_site_taught_another_cut_of_its_page(desk: Desk) -> None:
    pages = strips("s")
    desk.write(**pages)
    batch = desk.batch(*pages)
    alone = work_pages(batch)
    before = work_reports(desk.reports(*desk.documents(alone).values()))
    [learned] = moves.learn_site_lines([alone])
    after = work_reports(desk.reports(*desk.documents(work_pages(replace(batch, site_lines=learned))).values()))
    texts = [read_arrow(folder / "reports.arrow")["text"].to_pylist() for folder in (before, after)]
    assert [STRIP in text for text in texts[0]] == [True] * len(PLACES)
    assert [STRIP in text for text in texts[1]] == [False] * len(PLACES)


def test_of_a_batch_only_documents_that_changed_are_worked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    structure = stages.structure

    def noted(report: Report) -> Structure:
        worked.append(report.facts.place.name if report.facts.place else "")
        return structure(report)

    monkeypatch.setattr(stages, "structure", noted)
    work_reports(desk.reports(*desk.documents(work_pages(desk.batch("one", "one_2", "two", "three"))).values()))
    assert sorted(worked) == ["临猗县", "永济市", "运城市"]
    worked.clear()
    desk.write(two=(desk.root / "two.html").read_bytes().replace(b"6.3%", b"6.4%"))
    changed = desk.reports(*desk.documents(work_pages(desk.batch("one", "one_2", "two", "three"))).values())
    folder = work_reports(changed)
    assert worked == ["运城市"]
    afresh = work_reports(replace(changed, store=Store(shutil.copytree(desk.store.root / "pages", desk.store.root.parent / "afresh" / "pages").parent)))
    assert tables_of(folder) == tables_of(afresh)
    assert any(row["value"] == 6.4 for row in tables_of(folder)["indicators"])


def test_a_document_that_was_turned_away_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = desk.reports(*desk.documents(work_pages(desk.batch("one", "one_2", "two"))).values())

    def trips(report: Report) -> Structure:
        raise ValueError("a fault")

    with monkeypatch.context() as patch:
        patch.setattr(stages, "structure", trips)
        folder = work_reports(batch)
    assert read_arrow(folder / "reports.arrow").num_rows == 0
    smaller = work_reports(replace(batch, documents=batch.documents[:1]))
    assert read_arrow(smaller / "reports.arrow").num_rows == 1


def test_the_pages_of_a_document_become_one_report(desk: Desk) -> None:
    documents = desk.documents(work_pages(desk.batch("one", "one_2", "two")))
    folder = work_reports(desk.reports(documents["one"], documents["two"]))
    assert sorted(path.stem for path in folder.iterdir()) == sorted((*REPORT_TABLES, "rejects", "made"))
    tables = {name: read_arrow(folder / f"{name}.arrow").to_pylist() for name in REPORT_TABLES}
    reports = {row["doc_id"]: row for row in tables["reports"]}
    assert {doc: row["text"] for doc, row in reports.items()} == {
        documents["one"].doc_id: "\n".join([*REVIEW, *PLAN]), documents["two"].doc_id: "\n".join(TWO),
    }  # fmt: skip
    report = reports[documents["one"].doc_id]
    said = {"report_key": "140881-2024", "completeness": "full", "source_site": "a.example", "rights_basis": "prc-art5-official-document", "n_paragraphs": 7}
    assert said.items() <= report.items()
    assert {(row["indicator"], row["value"]) for row in tables["targets"] if row["doc_id"] == report["doc_id"]} == {("gdp", 7)}
    assert all({row["doc_id"] for row in rows} == set(reports) for name, rows in tables.items() if name != "conflicts")
    assert tables["conflicts"] == []


def test_a_copy_says_where_its_numbers_differ(desk: Desk) -> None:
    differs = [line.replace("6.3%", "3.6%") for line in REVIEW]
    desk.write(copy=html("b.example/bg/1.html", [*differs, *PLAN]))
    documents = desk.documents(work_pages(desk.batch("copy", "one", "one_2")))
    folder = work_reports(desk.reports(*documents.values()))
    [row] = read_arrow(folder / "conflicts.arrow").to_pylist()
    assert (row["doc_id"], row["canonical_id"]) == (documents["one"].doc_id, documents["copy"].doc_id)
    assert (row["numbers"], row["canonical_numbers"]) == ("198.7; 6.3", "198.7; 3.6")
    assert (row["text"], row["canonical_text"]) == (REVIEW[3], differs[3])
    sentences = {row["sentence_id"]: row["text"] for row in read_arrow(folder / "sentences.arrow").to_pylist()}
    assert (sentences[row["sentence_id"]], sentences[row["canonical_sentence_id"]]) == (row["text"], row["canonical_text"])


def test_a_report_without_a_year_goes_by_its_copy(desk: Desk) -> None:
    review = ["一、工作回顾", "全市地区生产总值完成198.7亿元，增长6.3%。", *(f"完成第{n}批项目{n * 3}个，惠及群众{n * 17}户。" for n in range(2, 30))]
    desk.write(
        copy=html("b.example/bg/1.html", [*REVIEW[:2], *review, *PLAN[1:]], "永济市人民政府工作报告"),
        whole=html("c.example/bg/1.html", [*REVIEW[:2], *review, *PLAN]),
    )
    documents = desk.documents(work_pages(desk.batch("copy", "whole")))
    reports = {row["doc_id"]: row for row in read_arrow(work_reports(desk.reports(*documents.values())) / "reports.arrow").to_pylist()}
    assert reports[documents["copy"].doc_id]["report_key"] == "140881-2024"
    assert reports[documents["copy"].doc_id]["year_evidence"] == f"copy {documents['whole'].doc_id} 2024"


def test_pages_from_several_batches_make_one_report(desk: Desk) -> None:
    together = desk.documents(work_pages(desk.batch("one", "one_2")))["one"]
    apart = desk.documents(work_pages(desk.batch("one")), work_pages(desk.batch("one_2")))["one"]
    assert len({batch for batch, *_ in apart.pages}) == 2
    folder = work_reports(desk.reports(apart))
    assert read_arrow(folder / "reports.arrow")["text"].to_pylist() == ["\n".join([*REVIEW, *PLAN])]
    assert reports_folder(desk.reports(together)) == folder


def test_a_page_that_is_missing_is_said(desk: Desk) -> None:
    document = desk.documents(work_pages(desk.batch("one_2")))["one_2"]
    [report] = read_arrow(work_reports(desk.reports(document)) / "reports.arrow").to_pylist()
    assert (report["completeness"], report["missing_parts"]) == ("excerpt", "beginning; page 1")


def test_the_same_documents_are_worked_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = desk.reports(desk.documents(work_pages(desk.batch("two")))["two"])
    folder = work_reports(batch)
    before = stamp(folder)
    monkeypatch.setattr(stages, "structure", forbidden)
    assert work_reports(batch) == folder == reports_folder(batch)
    assert stamp(folder) == before


def test_a_page_more_changes_only_the_folder_of_its_own_document(desk: Desk) -> None:
    before = desk.documents(work_pages(desk.batch("one", "two")))
    after = desk.documents(work_pages(desk.batch("one", "one_2", "three", "two")))
    assert [before["two"].pages[0][1], after["two"].pages[0][1]] == [1, 3]
    assert reports_folder(desk.reports(before["two"])) == reports_folder(desk.reports(after["two"]))
    assert reports_folder(desk.reports(before["one"])) != reports_folder(desk.reports(after["one"]))


def test_a_changed_byte_changes_only_the_folder_of_its_own_document(desk: Desk) -> None:
    before = desk.documents(work_pages(desk.batch("one", "two")))
    desk.write(two=(desk.root / "two.html").read_bytes().replace(b"6.3%", b"6.4%"))
    after = desk.documents(work_pages(desk.batch("one", "two")))
    assert reports_folder(desk.reports(before["one"])) == reports_folder(desk.reports(after["one"]))
    assert reports_folder(desk.reports(before["two"])) != reports_folder(desk.reports(after["two"]))


def test_all_that_a_document_is_made_from_names_the_folder(desk: Desk) -> None:
    document = desk.documents(work_pages(desk.batch("one", "one_2")))["one"]
    copy = Pages("1" * 12, document.pages)
    others = [
        document,
        replace(document, pages=document.pages[::-1]),
        replace(document, missing_pages="page 3"),
        replace(document, doc_id="0" * 12),
        replace(document, part_of="page 3"),
        replace(document, told_by=copy),
        replace(document, repeats=copy),
    ]
    assert len({reports_folder(desk.reports(one)) for one in others}) == len(others)


# --- check


def test_a_batch_of_documents_is_checked_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    document = desk.documents(work_pages(desk.batch("two")))["two"]
    reports = work_reports(desk.reports(document))
    batch = CheckBatch(desk.store, reports, ((document.doc_id, document.pages[0][2]),))
    folder = work_checks(batch)
    assert read_rejects(folder) == []
    assert all(read_arrow(folder / f"{name}.arrow").equals(read_arrow(reports / f"{name}.arrow")) for name in REPORT_TABLES)
    before = stamp(folder)
    monkeypatch.setattr("baogao.check.check_rows", forbidden)
    assert work_checks(batch) == folder == checked_folder(batch)
    assert stamp(folder) == before


def test_of_a_batch_only_documents_that_changed_are_checked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[list[str]] = []
    check_rows = check.check_rows

    def noted(tables: Mapping[str, pa.Table], origins: Mapping[str, str] | None = None) -> tuple[dict[str, pa.Table], list[Reject]]:
        checked.append(tables["reports"]["place_name"].to_pylist())
        return check_rows(tables, origins)

    def made() -> tuple[CheckBatch, dict[str, Document]]:
        documents = desk.documents(work_pages(desk.batch("one", "one_2", "two", "three", "late", "odd")))
        origins = tuple((one.doc_id, one.pages[0][2]) for one in documents.values())
        return CheckBatch(desk.store, work_reports(desk.reports(*documents.values())), origins), documents

    monkeypatch.setattr(check, "check_rows", noted)
    desk.write(
        late=html("a.example/bg/9.html", ["——2024年3月6日在万荣县第十七届人民代表大会第三十五次会议上", *REVIEW, *PLAN], "2024年万荣县人民政府工作报告"),
        odd=html("a.example/bg/8.html", [*REVIEW[:3], "地区生产总值增长6300%。", *PLAN], "2024年闻喜县人民政府工作报告"),
    )
    work_checks(made()[0])
    checked.clear()
    desk.write(two=(desk.root / "two.html").read_bytes().replace(b"6.3%", b"6.4%"))
    batch, documents = made()
    folder = work_checks(batch)
    assert checked == [["运城市"]]
    afresh = work_checks(replace(batch, store=Store(desk.root / "afresh")))
    assert tables_of(folder) == tables_of(afresh)
    assert {row["doc_id"] for row in tables_of(folder)["warnings"]} == {documents["odd"].doc_id}
    assert {one.id[:12] for one in read_rejects(folder)} == {documents["late"].doc_id}
    assert documents["late"].doc_id not in read_arrow(folder / "reports.arrow")["doc_id"].to_pylist()


def test_a_document_from_another_page_is_checked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    document = desk.documents(work_pages(desk.batch("two")))["two"]
    batch = CheckBatch(desk.store, work_reports(desk.reports(document)), ((document.doc_id, document.pages[0][2]),))
    work_checks(batch)
    monkeypatch.setattr(check, "check_rows", forbidden)
    with pytest.raises(pytest.fail.Exception, match="work was done again"):
        work_checks(replace(batch, origins=((document.doc_id, "0" * 12),)))


def test_rows_that_fail_are_kept_apart_with_the_page_they_are_from(desk: Desk) -> None:
    desk.write(late=html("a.example/bg/9.html", ["——2024年3月6日在永济市第十七届人民代表大会第三十五次会议上", *REVIEW, *PLAN]))
    documents = desk.documents(work_pages(desk.batch("late", "two")))
    origins = tuple((one.doc_id, one.pages[0][2]) for one in documents.values())
    folder = work_checks(CheckBatch(desk.store, work_reports(desk.reports(*documents.values())), origins))
    assert read_arrow(folder / "reports.arrow")["doc_id"].to_pylist() == [documents["two"].doc_id]
    rejects = read_rejects(folder)
    late = documents["late"]
    assert rejects[0] == Reject("reports", late.doc_id, "expect_column_values_to_be_between", "session 35 is above 30", "session", "35", late.pages[0][2])
    assert {one.page_id for one in rejects} == {late.pages[0][2]}
    assert {one.table for one in rejects} == set(REPORT_TABLES) - {"conflicts"}


def test_a_page_that_stands_elsewhere_leaves_with_its_lines(desk: Desk) -> None:
    desk.write(copy=(desk.root / "two.html").read_bytes())
    pages = work_pages(desk.batch("copy", "two"))
    rows = ((0, "0123456789ab"),)
    folder = work_checks(CheckBatch(desk.store, pages, rows=rows))
    assert read_arrow(folder / "pages.arrow").select(["source", "doc_id"]).to_pylist() == [{"source": "copy.html", "doc_id": "0123456789ab"}]
    cut = read_arrow(pages / "removed.arrow").num_rows
    assert cut > 0
    assert read_arrow(folder / "removed.arrow").num_rows == cut // 2
    assert read_rejects(folder) == []


def test_a_batch_whose_pages_all_stand_elsewhere_is_checked_too(desk: Desk) -> None:
    folder = work_checks(CheckBatch(desk.store, work_pages(desk.batch("two")), rows=()))
    assert [read_arrow(folder / f"{name}.arrow").num_rows for name in ("pages", "removed", "rejects")] == [0, 0, 0]


def test_which_pages_stay_and_whose_they_are_names_the_folder(desk: Desk) -> None:
    pages = work_pages(desk.batch("one", "two"))
    rows = [(), ((0, None),), ((0, "0123456789ab"),), ((0, None), (1, None)), ((1, None),)]
    assert len({checked_folder(CheckBatch(desk.store, pages, rows=one)) for one in rows}) == len(rows)
    assert checked_folder(CheckBatch(desk.store, work_pages(desk.batch("two")), rows=())) != checked_folder(CheckBatch(desk.store, pages, rows=()))
    origins = [(), (("0123456789ab", "4be4a2ad1b6f"),), (("0123456789ab", "000000000000"),)]
    assert len({checked_folder(CheckBatch(desk.store, pages, one)) for one in origins}) == len(origins)


def test_a_table_of_the_whole_release_is_checked(tmp_path: Path) -> None:
    row = {"place_code": "140881", "place_name": "永济市", "level": "county", "report_year": 2024, "status": "full", "n_documents": 1}
    write_arrow(tmp_path / "coverage.arrow", arrow_table("coverage", [row]))
    assert check_summary((tmp_path, "coverage")) == []
    write_arrow(tmp_path / "coverage.arrow", arrow_table("coverage", [row | {"status": "unknown"}]))
    assert check_summary((tmp_path, "coverage")) == ["coverage: status unknown is none of the values of the vocabulary"]


# --- pages and documents that cannot be worked


def test_a_page_that_trips_over_a_fault_is_rejected_with_it_and_the_others_are_worked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = stages.clean

    def trips(page: Page, site_lines: Container[str]) -> Body:
        if page.source.startswith("one"):
            raise RecursionError("maximum depth\nexceeded")
        return clean(page, site_lines)

    monkeypatch.setattr(stages, "clean", trips)
    rows = read_arrow(work_pages(desk.batch("one", "two")) / "pages.arrow").to_pylist()
    assert [row["status"] for row in rows] == ["rejected", "accepted"]
    assert rows[0]["reason"] == "it cannot be worked on: RecursionError: maximum depth exceeded"


def test_a_page_that_workers_died_of_twice_is_rejected_with_the_reason(desk: Desk) -> None:
    batch = desk.batch("one", "two")
    careful = batch.after_death()
    assert careful is not None
    assert careful.care is not None
    for _ in range(2):  # two deaths at the second page
        assert careful.care is not None
        careful.care.begin(1)
        careful = careful.after_death()
        assert careful is not None
    folder = work_pages(careful)
    assert folder == work_pages(batch)
    rows = read_arrow(folder / "pages.arrow").to_pylist()
    assert [row["status"] for row in rows] == ["accepted", "rejected"]
    assert rows[1]["reason"] == moves.pieces.KILLS
    for _ in range(5):  # the note is gone: other work is to blame
        careful = careful.after_death()
        assert careful is not None
        assert careful.care is not None
        assert careful.care.left_out == (1,)
    assert careful.after_death() is None


@pytest.mark.parametrize("kills", [False, True])
def test_a_document_that_cannot_be_worked_is_a_reject_and_the_others_are_worked(desk: Desk, monkeypatch: pytest.MonkeyPatch, kills: bool) -> None:
    documents = desk.documents(work_pages(desk.batch("one", "two")))
    batch = desk.reports(documents["one"], documents["two"])
    structure = stages.structure

    def trips(report: Report) -> Structure:
        if report.doc_id == documents["one"].doc_id:
            raise ValueError("no")
        return structure(report)

    if kills:
        batch = replace(batch, care=Care(desk.store.root / "note", left_out=(0,)))
    else:
        monkeypatch.setattr(stages, "structure", trips)
    folder = work_reports(batch)
    assert read_arrow(folder / "reports.arrow")["doc_id"].to_pylist() == [documents["two"].doc_id]
    checked = work_checks(CheckBatch(desk.store, folder))
    [reject] = read_rejects(checked)
    assert (reject.table, reject.id, reject.expectation) == ("reports", documents["one"].doc_id, "document_can_be_worked")
    assert reject.reason == (moves.pieces.KILLS if kills else "it cannot be worked on: ValueError: no")
    assert reject.page_id == documents["one"].pages[0][2]


def test_a_correction_that_no_longer_holds_is_no_fault_of_a_document(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(report: Report) -> Structure:
        raise BaogaoError("it no longer holds")

    monkeypatch.setattr(stages, "structure", refuses)
    with pytest.raises(BaogaoError, match="no longer holds"):
        work_reports(desk.reports(desk.documents(work_pages(desk.batch("one")))["one"]))
