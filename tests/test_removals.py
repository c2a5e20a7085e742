from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from baogao import contract, pipeline
from baogao.cli import main
from baogao.parts import doc_id
from baogao.records import BaogaoError
from baogao.release import Release, open_release, verify
from baogao.removals import TEXTS, read_removals, removals, withdraw
from baogao.tables import arrow_table

CASES = yaml.safe_load((Path(__file__).parent / "counterexamples" / "seeds" / "removals.yaml").read_text(encoding="utf-8"))
HEADER = "address,what,date,ground\n"
DAY = "2025-01-02"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "removals.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    removals.cache_clear()
    return path


@pytest.fixture(scope="module")
def corpus(root: Path) -> Path:
    return root / "tests" / "examples" / "corpus"


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the corpus without removals."""
    return build(corpus, tmp_path_factory.mktemp("whole") / "output")


def build(source: Path, output: Path) -> Release:
    pipeline.build([str(source)], output, engine="inline", released=DAY)
    return open_release(output)


def quality(release: Release) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((release.folder / "quality.json").read_text(encoding="utf-8"))
    return loaded


def page(release: Release, source: str) -> dict[str, Any]:
    [row] = [row for row in release.table("pages").to_pylist() if row["source"] == source]
    return row


def said(release: Release) -> str:
    """All that a release says, in all its forms."""
    texts = [file.read_text(encoding="utf-8") for file in release.folder.rglob("*") if file.is_file() and file.suffix != ".parquet"]
    return "\n".join([*texts, *(str(release.table(name).to_pylist()) for name in contract.tables())])


# --- the file


def test_the_file_that_comes_with_the_project_can_be_read():
    assert isinstance(removals(), tuple)


def test_comments_and_empty_lines_are_none(tmp_path: Path):
    path = tmp_path / "removals.csv"
    path.write_text(f"# why\n\n{HEADER}# more\n\"http://a.example/1\",text,2025-01-02,\"asked, in a letter\"\n", encoding="utf-8")
    [one] = read_removals(path)
    assert (one.page_id, one.what, one.day.isoformat(), one.ground) == (doc_id("a.example/1"), "text", "2025-01-02", "asked, in a letter")


def test_a_page_is_named_by_address_identifier_or_bytes(tmp_path: Path):
    found = read_removals(write(tmp_path, *(f"{place},page,2025-01-02,asked" for place in ("https://www.a.example/1#top", "0d6e0a5c2b91", "c9" * 32))))
    assert [one.page_id for one in found] == [doc_id("a.example/1"), "0d6e0a5c2b91", ("c9" * 32)[:12]]


@pytest.mark.parametrize("case", CASES, ids=[case["line"] for case in CASES])
def test_a_line_that_is_no_removal_is_told_in_one_sentence(tmp_path: Path, case: dict[str, str]):
    with pytest.raises(BaogaoError) as raised:
        read_removals(write(tmp_path, case["line"]))
    assert str(raised.value) == f"removals.csv: the line {case['line']} is no removal: {case['error']}"


@pytest.mark.parametrize("text", ["", "address,ground\n", "http://a.example/1,page,2025-01-02,asked\n"])
def test_a_file_without_its_columns_is_told(tmp_path: Path, text: str):
    (tmp_path / "removals.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BaogaoError, match=r"removals\.csv begins with the columns .*: they are address, what, date, ground"):
        read_removals(tmp_path / "removals.csv")


def test_a_file_that_cannot_be_used_is_told_before_any_work(seeds: Path, corpus: Path, tmp_path: Path):
    write(seeds, "everything,page,2025-01-02,asked")
    with pytest.raises(BaogaoError, match="is no removal"):
        build(corpus, tmp_path / "output")
    assert not (tmp_path / "output").exists()


# --- pages


@pytest.mark.parametrize("by", ["page_id", "url", "sha256"])
def test_a_page_that_is_removed_stands_nowhere_and_is_counted(seeds: Path, corpus: Path, tmp_path: Path, whole: Release, by: str):
    row = page(whole, "yuncheng-2024.html")
    [report] = [one for one in whole.table("reports").to_pylist() if one["doc_id"] == row["doc_id"]]
    write(seeds, f"{row[by]},page,2025-01-02,asked by its site")
    release = build(corpus, tmp_path / "output")
    assert list(verify(release)) == []
    for trace in (row["page_id"], row["source"], row["sha256"], row["doc_id"], report["text"][:40], "asked by its site"):
        assert trace not in said(release)
    assert quality(release)["removals"] == {"pages": 1, "texts": 0}
    assert "1 page was removed" in (release.folder / "README.md").read_text(encoding="utf-8")
    assert quality(release)["pages"]["distinct"] == quality(whole)["pages"]["distinct"] - 1
    others = [one for one in whole.table("reports").to_pylist() if one["doc_id"] != row["doc_id"]]
    assert [one["doc_id"] for one in release.table("reports").to_pylist()] == [one["doc_id"] for one in others]


def test_the_first_address_of_a_report_removes_all_its_pages(seeds: Path, corpus: Path, tmp_path: Path, whole: Release):
    first, second = page(whole, "yongji-2024.html"), page(whole, "yongji-2024_2.html")
    assert first["doc_id"] == second["doc_id"]
    write(seeds, f"{first['url']},page,2025-01-02,asked")
    release = build(corpus, tmp_path / "output")
    assert quality(release)["removals"]["pages"] == 2
    assert not {first["page_id"], second["page_id"]} & {row["page_id"] for row in release.table("pages").to_pylist()}


def test_a_removal_of_a_page_that_is_not_there_changes_nothing(seeds: Path, corpus: Path, tmp_path: Path, whole: Release):
    write(seeds, "http://nowhere.example/1,page,2025-01-02,asked")
    release = build(corpus, tmp_path / "output")
    assert release.manifest["tables"] == whole.manifest["tables"]
    assert quality(release)["removals"] == {"pages": 0, "texts": 0}


def test_a_run_of_removed_pages_alone_publishes_nothing_and_says_why(seeds: Path, corpus: Path, tmp_path: Path, whole: Release, capsys: pytest.CaptureFixture[str]):
    write(seeds, f"{page(whole, 'shanxi-2024.txt')['page_id']},page,2025-01-02,asked")
    assert main(["build", "--no-prefect", "--engine", "inline", "--output", str(tmp_path / "output"), str(corpus / "shanxi-2024.txt")]) == 1
    assert "pages.rows is 0, below the minimum of 1" in capsys.readouterr().err


# --- texts


@pytest.fixture
def without(seeds: Path, corpus: Path, tmp_path: Path, whole: Release) -> tuple[Release, str]:
    """A release in which a text is withdrawn that a copy disagrees with, and its document."""
    [conflict] = whole.table("conflicts").to_pylist()
    write(seeds, f"{conflict['canonical_id']},text,2025-01-02,asked by its author")
    return build(corpus, tmp_path / "output"), conflict["canonical_id"]


def test_a_withdrawn_text_stands_nowhere_while_its_facts_stay(without: tuple[Release, str], whole: Release):
    release, document = without
    assert list(verify(release)) == []
    for name in contract.tables():
        columns = set(TEXTS.get(name, ()))
        before, after = (one.table(name).to_pylist() for one in (whole, release))
        assert len(after) == len(before)
        for was, now in zip(before, after, strict=True):
            if document in (now.get("doc_id"), was.get("doc_id")):
                assert {key: value for key, value in now.items() if key not in columns | {"text_published"}} == {
                    key: value for key, value in was.items() if key not in columns | {"text_published"}
                }
                assert not any(now[column] for column in columns)
    [report] = [row for row in release.table("reports").to_pylist() if row["doc_id"] == document]
    assert (report["text"], report["text_published"]) == ("", False)
    assert quality(release)["removals"] == {"pages": 0, "texts": 1}
    assert "1 text was withdrawn" in (release.folder / "README.md").read_text(encoding="utf-8")


def test_no_sentence_that_the_document_alone_has_stands_in_any_form(without: tuple[Release, str], whole: Release):
    release, document = without
    sentences = whole.table("sentences").to_pylist()
    others = {row["text"] for row in sentences if row["doc_id"] != document}
    own = [row["text"] for row in sentences if row["doc_id"] == document and row["text"] not in others and len(row["text"]) > 12]
    everything = said(release)
    assert own
    assert [text for text in own if text in everything] == []


def test_a_copy_keeps_its_text_and_loses_only_what_it_quotes_of_the_other(without: tuple[Release, str], whole: Release):
    release, document = without
    [was], [now] = whole.table("conflicts").to_pylist(), release.table("conflicts").to_pylist()
    assert was["canonical_id"] == document
    assert now == was | {"canonical_text": ""}


def test_lines_cut_off_the_pages_of_a_withdrawn_text_lose_their_words(without: tuple[Release, str], whole: Release):
    release, document = without
    pages = {row["page_id"] for row in whole.table("pages").to_pylist() if row["doc_id"] == document}
    rows = release.table("removed").to_pylist()
    assert {row["text"] for row in rows if row["page_id"] in pages} == {""}
    assert all(row["text"] for row in rows if row["page_id"] not in pages)


def test_where_says_that_a_text_is_withdrawn(without: tuple[Release, str], capsys: pytest.CaptureFixture[str]):
    release, document = without
    indicator = next(row for row in release.table("indicators").to_pylist() if row["doc_id"] == document)
    assert main(["where", indicator["indicator_id"], str(release.folder)]) == 0
    assert "(the text of this report is withdrawn)" in capsys.readouterr().out


def test_a_row_of_a_withdrawn_text_that_is_turned_away_is_told_without_its_words(seeds: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from baogao import moves

    report_rows = moves.reports.report_rows

    def with_a_wrong_sentence(structure: Any) -> Any:
        rows = report_rows(structure)
        rows["sentences"][1]["text"] = "一句不在文中的话。"
        return rows

    monkeypatch.setattr(moves.reports, "report_rows", with_a_wrong_sentence)
    source = corpus / "shanxi-2024.txt"
    document = build(source, tmp_path / "before").table("reports")["doc_id"][0].as_py()
    write(seeds, f"{document},text,2025-01-02,asked")
    release = build(source, tmp_path / "after")
    [reject] = [row for row in release.table("rejects").to_pylist() if row["expectation"] == "quote_equals_slice"]
    assert (reject["table"], reject["value"]) == ("sentences", None)


def test_the_columns_that_hold_words_are_columns():
    for name, columns in TEXTS.items():
        assert set(columns) <= set(contract.tables()[name].names)


def test_every_column_that_holds_a_sentence_of_the_text_is_emptied(whole: Release):
    """Columns that are left hold no stretch of the text longer than a name."""
    tables = {name: arrow_table(name, whole.table(name).to_pylist()) for name in ("reports", "sections", "paragraphs", "sentences", "indicators", "targets")}
    documents = set(tables["reports"]["doc_id"].to_pylist())
    texts = "\n".join(tables["reports"]["text"].to_pylist())
    for name, rows in withdraw(tables, documents).items():
        for column in rows.column_names:
            if pa.types.is_string(rows.schema.field(column).type):
                assert [value for value in rows[column].to_pylist() if value and len(value) > 30 and value in texts] == [], (name, column)
