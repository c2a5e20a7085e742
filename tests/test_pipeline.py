from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock

from baogao import moves, pipeline, sources
from baogao.pipeline import ASSEMBLE, CHECK, PUBLISH, READ, STAGES, STRUCTURE, Outcome, Stage
from baogao.records import BaogaoError, ChecksFailed
from baogao.release import Release, open_release, verify

CORPUS = Path(__file__).parent / "examples" / "corpus"
EXPECTED: dict[str, Any] = yaml.safe_load((CORPUS / "expected.yaml").read_text(encoding="utf-8"))
DAY = "2025-01-02"


def build(source: Path | list[Path], output: Path, **options: Any) -> Outcome:
    named = [str(one) for one in source] if isinstance(source, list) else [str(source)]
    return pipeline.build(named, output, **{"engine": "inline", "released": DAY} | options)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Path]:
    """The corpus, built in line, and its output folder."""
    output = tmp_path_factory.mktemp("made") / "output"
    return build(CORPUS, output), output


@pytest.fixture(scope="module")
def release(made: tuple[Outcome, Path]) -> Release:
    return open_release(made[1])


@pytest.fixture
def rows_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row fails an expectation: what these say is not the subject, and they take most of a build's time."""
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def rows(release: Release, table: str) -> list[dict[str, Any]]:
    return release.table(table).to_pylist()


def counting(counts: dict[str, int]) -> Callable[[Stage], Stage]:
    """A watch that counts the items of each stage."""

    def watch(stage: Stage) -> Stage:
        def mapped(name: str, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
            counts[name] = counts.get(name, 0) + len(items)
            return stage(name, work, items)

        return mapped

    return watch


# --- lines that a site repeats


def test_a_line_that_a_site_repeats_stands_in_no_report(tmp_path: Path, rows_pass: None):
    strip = "素材驿站 sucai.example"
    (tmp_path / "pages").mkdir()
    for n, place in enumerate(("永济市", "河津市", "临猗县", "万荣县", "闻喜县", "稷山县")):
        said = [f"2024年{place}政府工作报告", "各位代表：", f"现在，我代表{place}人民政府，向大会报告工作，请予审议。", strip, f"{place}地区生产总值增长{n}.5%，好于预期。"]
        html = f'<link rel="canonical" href="http://s.example/{n}.html"><h1>{said[0]}</h1><div>' + ''.join(f'<p>{line}</p>' for line in said[1:]) + '</div>'
        (tmp_path / "pages" / f"{n}.html").write_text(html, encoding="utf-8")
    counts: dict[str, int] = {}
    first = build(tmp_path / "pages", tmp_path / "output", watch=counting(counts))
    release = open_release(tmp_path / "output")
    assert [strip in row["text"] for row in rows(release, "reports")] == [False] * 6
    assert [(row["rule"], row["text"]) for row in rows(release, "removed") if row["text"] == strip] == [("site-line", strip)] * 6
    again = build(tmp_path / "pages", tmp_path / "output", watch=counting(counts))
    assert first.release is not None
    assert again.release is not None
    assert (again.release.folder, again.release.is_new) == (first.release.folder, False)


# --- what the corpus comes to


def test_every_page_is_accounted_for(release: Release):
    pages = {row["source"]: row for row in rows(release, "pages")}
    copies = {name for name, said in EXPECTED["pages"].items() if isinstance(said, str)}
    assert pages.keys() == EXPECTED["pages"].keys() - copies
    assert copies == {row["value"] for row in rows(release, "rejects") if row["expectation"] == "page_is_distinct"}
    assert {file.name for file in CORPUS.iterdir()} == EXPECTED["pages"].keys() | set(EXPECTED["skipped"])


@pytest.mark.parametrize("name", [name for name, said in EXPECTED["pages"].items() if isinstance(said, dict)])
def test_a_page_is_what_its_reader_would_say(release: Release, name: str):
    [page] = [row for row in rows(release, "pages") if row["source"] == name]
    said = EXPECTED["pages"][name]
    found = {"type": page["document_type"], "status": page["status"], "encoding": page["encoding"], "media": page["media_type"]}
    optional = {"declared": page["encoding_declared"], "part": page["part_number"]}
    assert found == {key: said[key] for key in found}
    assert {key: value for key, value in optional.items() if key in said} == {key: said[key] for key in optional if key in said}
    keys = {row["doc_id"]: row["report_key"] for row in rows(release, "reports")}
    assert (page["doc_id"] in keys) is ("report" in said)
    assert keys.get(page["doc_id"]) == said.get("report")
    assert page["reason"]


def test_a_copy_of_a_page_is_a_reject_that_names_the_page_kept(release: Release):
    said = {row["value"]: row["reason"] for row in rows(release, "rejects") if row["expectation"] == "page_is_distinct"}
    assert said == {name: reason for name, reason in EXPECTED["pages"].items() if isinstance(reason, str)}


@pytest.mark.parametrize("name", list(EXPECTED["reports"]))
def test_a_document_is_what_its_reader_would_say(release: Release, name: str):
    pages = rows(release, "pages")
    by_id = {row["doc_id"]: row for row in rows(release, "reports")}
    doc_ids = {row["source"]: row["doc_id"] for row in pages}
    report, said = by_id[doc_ids[name]], EXPECTED["reports"][name]
    assert {
        "place": report["place_name"],
        "level": report["level"],
        "year": report["report_year"],
        "delivered": report["delivered_on"],
        "speaker": report["speaker"],
        "completeness": report["completeness"],
        "missing": report["missing_parts"],
        "repeats": report["near_duplicate_of"],
    } == {key: said.get(key) for key in ("place", "level", "year", "delivered", "speaker", "completeness", "missing")} | {
        "repeats": doc_ids.get(said.get("repeats"))
    }
    assert report["is_canonical"] is ("repeats" not in said)
    assert sum(row["doc_id"] == report["doc_id"] for row in pages) == said.get("pages", 1)


def test_there_is_no_other_document(release: Release):
    assert len(rows(release, "reports")) == len(EXPECTED["reports"])


def test_copies_say_where_their_numbers_differ(release: Release):
    doc_ids = {row["source"]: row["doc_id"] for row in rows(release, "pages")}
    said = [[row["doc_id"], row["canonical_id"], row["numbers"], row["canonical_numbers"]] for row in rows(release, "conflicts")]
    assert said == [[doc_ids[one], doc_ids[other], *numbers] for one, other, *numbers in EXPECTED["conflicts"]]


def test_targets_meet_what_the_report_of_the_next_year_states(release: Release):
    said = [
        [int(row["place_code"]), row["report_year"], row["indicator"], row["target_value"], row["outcome_value"], row["is_met"]]
        for row in rows(release, "target_outcomes")
    ]
    assert said == EXPECTED["target_outcomes"]


def test_coverage_has_the_best_copy_of_each_place_and_year(release: Release):
    found = [[int(row["place_code"]), row["report_year"], row["status"], row["n_documents"]] for row in rows(release, "coverage") if row["n_documents"]]
    assert found == EXPECTED["coverage"]


def test_a_report_that_fails_a_check_is_turned_away_with_all_that_hangs_on_it(release: Release):
    [page] = [row for row in rows(release, "pages") if row["source"] == "session-35.txt"]
    rejects = [row for row in rows(release, "rejects") if row["page_id"] == page["page_id"]]
    [cause] = [row for row in rejects if row["expectation"] != "foreign_key"]
    assert (cause["table"], cause["column"], cause["value"], cause["reason"]) == ("reports", "session", "35", "session 35 is above 30")
    assert {row["table"] for row in rejects} == {"reports", "sections", "paragraphs", "sentences", "indicators", "targets", "words"}
    for table in ("reports", "sections", "paragraphs", "sentences", "indicators", "targets", "words"):
        assert cause["id"] not in {row["doc_id"] for row in rows(release, table)}


def test_pages_of_one_report_make_one_text(release: Release):
    [report] = [row for row in rows(release, "reports") if row["report_key"] == "140881-2024" and row["is_canonical"]]
    text = report["text"]
    assert text.startswith("各位代表：\n")
    assert text.index("一、2023年工作回顾") < text.index("改造老旧小区22个") < text.index("二、2024年工作安排") < text.index("努力奋斗！")


def test_what_was_cut_off_is_in_no_text(release: Release):
    texts = "\n".join(row["text"] for row in rows(release, "reports"))
    removed = [row["text"] for row in rows(release, "removed")]
    assert len(removed) >= 15
    assert not [text for text in removed if text in texts]


def test_the_release_is_whole(release: Release):
    assert list(verify(release)) == []


def test_the_outcome_tells_what_was_read_cut_off_rejected_and_skipped(made: tuple[Outcome, Path], release: Release):
    outcome, _ = made
    quality = outcome.quality
    assert quality["pages"] == {"read": 17, "distinct": 16, "of_reports": 9}
    assert quality["document_types"] == {"report": 10, "other": 2, "news": 1, "policy": 1, "resolution": 1, "template": 1}
    assert quality["completeness"] == {"full": 7, "excerpt": 1}
    assert sum(quality["removed"].values()) == len(rows(release, "removed"))
    assert sum(quality["rejects"].values()) == len(rows(release, "rejects"))
    assert list(outcome.skipped) == EXPECTED["skipped"]
    assert json.loads((release.folder / "quality.json").read_text(encoding="utf-8")) == quality


def test_more_rejects_than_a_release_should_have_is_a_warning(made: tuple[Outcome, Path]):
    [warning] = made[0].warnings
    assert warning.startswith("rejects.share is 0.0")
    assert warning.endswith("above the maximum of 0.01")


# --- the same release whatever the way


def test_processes_and_small_batches_give_the_same_release_to_the_byte(
    made: tuple[Outcome, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sources, "BATCH_PAGES_MAX", 6)
    counts: dict[str, int] = {}
    build(CORPUS, tmp_path / "output", engine="processes", workers=2, watch=counting(counts))
    assert counts[READ] == 3
    assert counts[STRUCTURE] > 1
    assert tree(tmp_path / "output" / "releases") == tree(made[1] / "releases")


@pytest.mark.usefixtures("rows_pass")
def test_batches_of_any_size_give_the_same_release_to_the_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    releases = []
    for size, expected in ((500, 1), (1, 17), (2, 9), (5, 4)):
        monkeypatch.setattr(sources, "BATCH_PAGES_MAX", size)
        counts: dict[str, int] = {}
        build(CORPUS, tmp_path / str(size), watch=counting(counts))
        assert counts[READ] == expected
        releases.append(tree(tmp_path / str(size) / "releases"))
    assert all(release == releases[0] for release in releases)


@pytest.mark.usefixtures("rows_pass")
def test_files_named_one_by_one_give_the_same_release_as_their_folder(tmp_path: Path):
    build(CORPUS, tmp_path / "folder")
    build([CORPUS / name for name in reversed(EXPECTED["pages"])], tmp_path / "files")
    assert tree(tmp_path / "files" / "releases") == tree(tmp_path / "folder" / "releases")


# --- work that is done


def test_stages_are_run_in_their_order_and_a_run_without_news_works_nothing(made: tuple[Outcome, Path], tmp_path: Path):
    output = tmp_path / "output"
    shutil.copytree(made[1], output)
    counts: dict[str, int] = {}
    outcome = build(CORPUS, output, watch=counting(counts))
    assert counts == {READ: 1}
    assert outcome.release is not None
    assert not outcome.release.is_new
    assert (outcome.quality, outcome.warnings, outcome.skipped) == (made[0].quality, made[0].warnings, made[0].skipped)


@pytest.mark.usefixtures("rows_pass")
def test_every_stage_is_watched_under_its_name(tmp_path: Path):
    counts: dict[str, int] = {}
    build(CORPUS / "shanxi-2024.txt", tmp_path / "output", watch=counting(counts))
    assert tuple(counts) == STAGES == (READ, ASSEMBLE, STRUCTURE, CHECK, PUBLISH)
    assert all(counts.values())


@pytest.mark.usefixtures("rows_pass")
def test_a_page_more_works_its_own_batch_and_not_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "BATCH_PAGES_MAX", 1)
    pages = tmp_path / "pages"
    shutil.copytree(CORPUS, pages)
    build(pages, tmp_path / "output")
    worked: list[tuple[str, ...]] = []
    work_document = moves.reports._work_document
    monkeypatch.setattr(moves.reports, "_work_document", lambda store, document: worked.append((document.doc_id,)) or work_document(store, document))
    (pages / "added.txt").write_text((CORPUS / "shanxi-2024.txt").read_text(encoding="utf-8").replace("2024", "2025").replace("2023", "2024"), encoding="utf-8")
    outcome = build(pages, tmp_path / "output")
    assert outcome.release is not None
    assert (outcome.release.version, outcome.release.rows["reports"], len(worked)) == ("1.1.0", 10, 1)


@pytest.mark.usefixtures("rows_pass")
def test_a_run_that_was_ended_is_taken_up_where_it_stood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "BATCH_PAGES_MAX", 4)
    work = moves.reports._work_document
    worked: list[str] = []

    def crash(store: Any, document: moves.Document) -> Any:
        if len(worked) == 5:
            raise KeyboardInterrupt
        worked.append(document.doc_id)
        return work(store, document)

    with monkeypatch.context() as patch:
        patch.setattr(moves.reports, "_work_document", crash)
        with pytest.raises(KeyboardInterrupt):
            build(CORPUS, tmp_path / "ended")
    counts: dict[str, int] = {}
    build(CORPUS, tmp_path / "ended", watch=counting(counts))
    whole: dict[str, int] = {}
    build(CORPUS, tmp_path / "whole", watch=counting(whole))
    assert 0 < counts[STRUCTURE] < whole[STRUCTURE]
    assert tree(tmp_path / "ended" / "releases") == tree(tmp_path / "whole" / "releases")


@pytest.mark.usefixtures("rows_pass")
def test_work_that_no_longer_counts_is_cleared_away(tmp_path: Path):
    pages = tmp_path / "pages"
    pages.mkdir()
    shutil.copy(CORPUS / "shanxi-2024.txt", pages)
    build(pages, tmp_path / "output")
    before = set((tmp_path / "output" / ".work" / "batches").glob("*/*"))
    shutil.copy(CORPUS / "shanxi-2023.html", pages)
    build(pages, tmp_path / "output")
    after = set((tmp_path / "output" / ".work" / "batches").glob("*/*"))
    assert len(before) == len(after) == 4
    assert not before & after


@pytest.mark.usefixtures("rows_pass")
def test_work_that_no_longer_counts_is_cleared_away_after_a_run_that_ended_with_its_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def stopped(store: Any, folders: Any) -> None:
        raise KeyboardInterrupt

    pages, output = tmp_path / "pages", tmp_path / "output"
    pages.mkdir()
    shutil.copy(CORPUS / "shanxi-2024.txt", pages)
    build(pages, output)
    before = set((output / ".work" / "batches").glob("*/*"))
    shutil.copy(CORPUS / "shanxi-2023.html", pages)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Store, "keep_only", stopped)
        with pytest.raises(KeyboardInterrupt):
            build(pages, output)
    assert open_release(output).version == "1.1.0"
    build(pages, output)
    assert open_release(output).version == "1.1.0"
    assert not before & set((output / ".work" / "batches").glob("*/*"))


# --- the verdict


@pytest.mark.usefixtures("rows_pass")
def test_a_corpus_without_a_report_fails_the_checks_and_says_why(tmp_path: Path):
    output = tmp_path / "output"
    with pytest.raises(ChecksFailed) as raised:
        build([CORPUS / "news.txt", CORPUS / "policy.txt"], output)
    message = str(raised.value)
    assert message.startswith("reports.rows is 0, below the minimum of 1 (news.txt: news: ")
    assert "policy.txt: policy: " in message
    assert message.endswith(f": nothing was published; {output / 'failed.json'} has the report")
    report = json.loads((output / "failed.json").read_text(encoding="utf-8"))
    assert report["failures"] == ["reports.rows is 0, below the minimum of 1"]
    assert report["quality"]["document_types"] == {"news": 1, "policy": 1}
    assert [(page["source"], page["document_type"]) for page in report["pages_without_a_report"]] == [("news.txt", "news"), ("policy.txt", "policy")]
    assert not (output / "releases").exists()
    assert not (output / "latest.json").exists()


@pytest.mark.usefixtures("rows_pass")
def test_a_run_that_fails_leaves_the_last_release_as_it_is(tmp_path: Path):
    output = tmp_path / "output"
    build(CORPUS / "undated.txt", output)
    before = tree(output / "releases")
    with pytest.raises(ChecksFailed):
        build(CORPUS / "news.txt", output)
    assert tree(output / "releases") == before
    assert list(verify(open_release(output))) == []


@pytest.mark.usefixtures("rows_pass")
@pytest.mark.parametrize(
    ("page", "options"), [("shanxi-2024.txt", {}), ("undated.txt", {}), ("undated.txt", {"only_check": True})], ids=["published", "nothing new", "only checked"]
)
def test_the_report_of_a_failed_run_goes_with_the_next_good_one(tmp_path: Path, page: str, options: dict[str, bool]):
    output = tmp_path / "output"
    build(CORPUS / "undated.txt", output)
    with pytest.raises(ChecksFailed):
        build(CORPUS / "news.txt", output)
    assert (output / "failed.json").exists()
    build(CORPUS / page, output, **options)
    assert not (output / "failed.json").exists()


@pytest.mark.usefixtures("rows_pass")
def test_pages_of_which_none_can_be_read_are_an_unreadable_input_and_named(tmp_path: Path):
    with pytest.raises(BaogaoError) as raised:
        build([CORPUS / "empty.txt", CORPUS / "cover.txt"], tmp_path / "output")
    assert not isinstance(raised.value, ChecksFailed)
    assert str(raised.value) == (
        "no page could be read (cover.txt: the page is binary, not text or HTML; empty.txt: the page is empty): nothing was published"
    )


@pytest.mark.usefixtures("rows_pass")
def test_of_many_pages_without_a_report_five_are_named(tmp_path: Path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(7):
        (pages / f"{n}.txt").write_text(f"第{n}号天气预报：今天晴，明天多云，后天有雨。", encoding="utf-8")
    with pytest.raises(ChecksFailed) as raised:
        build(pages, tmp_path / "output")
    assert [f"{n}.txt: " in str(raised.value) for n in range(7)] == [True] * 5 + [False] * 2
    assert "; …): nothing was published" in str(raised.value)
    assert len(json.loads((tmp_path / "output" / "failed.json").read_text(encoding="utf-8"))["pages_without_a_report"]) == 7


@pytest.mark.usefixtures("rows_pass")
def test_only_checking_publishes_nothing_and_gives_the_counts(tmp_path: Path):
    output = tmp_path / "output"
    outcome = build(CORPUS / "shanxi-2024.txt", output, only_check=True)
    assert outcome.release is None
    assert outcome.quality["pages"] == {"read": 1, "distinct": 1, "of_reports": 1}
    assert [path.name for path in output.iterdir()] == [".work"]
    published = build(CORPUS / "shanxi-2024.txt", output).release
    assert published is not None
    assert published.is_new


# --- wrong use


@pytest.mark.parametrize("source", ["missing", "missing/*.txt", "empty"])
def test_a_source_without_a_page_is_told_before_anything_is_written(tmp_path: Path, source: str):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BaogaoError, match=r"does not exist: name a file|holds no page: name a folder"):
        build(tmp_path / source, tmp_path / "output")
    assert not (tmp_path / "output").exists()


def test_an_output_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    with pytest.raises(BaogaoError, match=r"file/output cannot be written \(Not a directory\): name another folder with --output"):
        build(CORPUS / "shanxi-2024.txt", tmp_path / "file" / "output")


def test_an_output_folder_that_another_run_holds_is_told(tmp_path: Path):
    (tmp_path / "output" / ".work").mkdir(parents=True)
    with FileLock(tmp_path / "output" / ".work" / "lock"), pytest.raises(BaogaoError, match="another run is writing to"):
        build(CORPUS / "shanxi-2024.txt", tmp_path / "output")


@pytest.mark.usefixtures("rows_pass")
def test_a_run_that_has_ended_lets_go_of_the_folder(tmp_path: Path):
    with pytest.raises(ChecksFailed):
        build(CORPUS / "news.txt", tmp_path / "output")
    with FileLock(tmp_path / "output" / ".work" / "lock", timeout=0):
        pass


@pytest.mark.parametrize(("options", "message"), [({"engine": "threads"}, "there is no engine 'threads'"), ({"workers": 0}, "--workers 0 does no work")])
def test_a_wrong_option_is_told(tmp_path: Path, options: dict[str, Any], message: str):
    with pytest.raises(BaogaoError, match=message):
        build(CORPUS / "shanxi-2024.txt", tmp_path / "output", **options)


@pytest.mark.usefixtures("rows_pass")
def test_a_release_without_a_day_is_of_today_in_utc(tmp_path: Path):
    before = datetime.now(UTC).date().isoformat()
    build(CORPUS / "shanxi-2024.txt", tmp_path / "output", released=None)
    assert before <= open_release(tmp_path / "output").manifest["released"] <= datetime.now(UTC).date().isoformat()


def test_a_report_that_its_own_checks_turn_away_is_named_with_the_reason(tmp_path: Path):
    with pytest.raises(ChecksFailed) as raised:
        build(CORPUS / "session-35.txt", tmp_path / "output")
    assert "session 35 is above 30): nothing was published" in str(raised.value)
    rejects = json.loads((tmp_path / "output" / "failed.json").read_text(encoding="utf-8"))["rejects"]
    assert [(row["expectation"], row["value"]) for row in rejects if row["table"] == "reports"] == [("expect_column_values_to_be_between", "35")]
    assert "foreign_key" in {row["expectation"] for row in rejects if row["table"] != "reports"}
