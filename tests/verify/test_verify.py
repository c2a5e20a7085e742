"""Faults planted into a copy of a real release: each must be found, and told with the file or table, the row and the column.

A fault is planted behind the checksums where they are not the subject: the other forms, the manifest, SHA256SUMS and the pointer are written anew, as
one who wants to hide it would, or as a stage with a fault of its own does.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baogao import contract, pipeline
from baogao.cli import main
from baogao.expectations import Violation, violations
from baogao.publish.parquet import joint, totals
from baogao.publish.renditions import renditions, write_rendition
from baogao.release import open_release, verify

Row = dict[str, Any]
Plant = Callable[["Copy"], tuple[str, ...]]
PAGES = ("yongji-2024.html", "yongji-2024_2.html", "yongji-2024-excerpt.txt", "yongji-2023.html", "policy.txt", "session-35.txt")


class Copy:
    """An output folder with one release that a test may spoil."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.folder = output / "releases" / "1.0.0"

    @property
    def manifest(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return loaded

    def problems(self) -> list[str]:
        return list(verify(open_release(self.output)))

    # --- planting

    def edit(self, path: str, change: Callable[[bytes], bytes]) -> None:
        file = self.folder / path
        before = file.read_bytes()
        file.write_bytes(change(before))
        assert file.read_bytes() != before

    def edit_json(self, path: Path, change: Callable[[Any], object]) -> None:
        record = json.loads(path.read_text(encoding="utf-8"))
        change(record)
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    def rows(self, name: str) -> tuple[str, list[Row]]:
        path = path_of(name)
        return path, pq.read_table(self.folder / path).to_pylist()

    def write(self, name: str, rows: list[Row], schema: pa.Schema | None = None) -> None:
        pq.write_table(pa.Table.from_pylist(rows, schema=schema or contract.arrow_schema(contract.tables()[name])), self.folder / path_of(name), store_schema=False)

    def rewrite(self, name: str, change: Callable[[pa.Table], pa.Table]) -> str:
        path = path_of(name)
        pq.write_table(change(pq.read_table(self.folder / path)), self.folder / path, store_schema=False)
        return path

    # --- hiding

    def render(self) -> None:
        """Write the other forms of the tables anew."""
        for form in ("json", "csv"):
            shutil.rmtree(self.folder / form)
        for rendition in renditions(self.folder, {name: table["files"] for name, table in self.manifest["tables"].items()}):
            write_rendition(rendition)
        package = self.folder / "datapackage.json"
        self.edit_json(package, lambda record: [self._rehash(resource) for resource in record["resources"]])

    def _rehash(self, resource: Row) -> None:
        if "hash" in resource:
            file = self.folder / resource["path"]
            resource |= {"bytes": file.stat().st_size, "hash": f"sha256:{sha256(file)}"}

    def describe(self) -> None:
        """Write rows and digests of the manifest anew."""
        manifest = self.manifest
        for name, table in manifest["tables"].items():
            described = contract.tables()[name]
            files = [totals(self.folder / path, described) for path in table["files"]]
            table["rows"] = sum(rows for rows, _, _ in files)
            table["contents"] = [content for _, content, _ in files]
            table["content_sha256"], table["keys_sha256"] = joint(table["contents"]), joint(keys for _, _, keys in files)
        self.save(manifest)

    def list_files(self) -> None:
        """Write sizes and checksums of the manifest anew."""
        manifest = self.manifest
        files = sorted(path for path in self.folder.rglob("*") if path.is_file() and path.name not in {"manifest.json", "SHA256SUMS"})
        manifest["files"] = [{"path": path.relative_to(self.folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path)} for path in files]
        self.save(manifest)

    def save(self, manifest: dict[str, Any]) -> None:
        (self.folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")

    def sum(self) -> None:
        """Write the checksums anew, and lead the pointer and the list to the manifest as it is."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
        lines = [f"{sha256(path)}  {path.relative_to(self.folder).as_posix()}\n" for path in files]
        (self.folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
        digest = sha256(self.folder / "manifest.json")
        self.edit_json(self.output / "latest.json", lambda record: record.update(manifest_sha256=digest))
        self.edit_json(self.output / "releases.json", lambda entries: entries[-1].update(manifest_sha256=digest))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def path_of(name: str) -> str:
    return f"data/{name}/{name}{'-2024' if contract.tables()[name].year else ''}.parquet"


def identity(name: str, row: Row) -> str:
    return "/".join(str(row[part]) for part in contract.tables()[name].key)


@pytest.fixture(scope="module")
def output(root: Path, day: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two years with a report on two pages, a copy of it, a page that is none, and a report that was turned away."""
    corpus = root / "tests" / "examples" / "corpus"
    output = tmp_path_factory.mktemp("verify") / "output"
    pipeline.build([str(corpus / name) for name in PAGES], output, engine="inline", released=day)
    return output


@pytest.fixture(scope="module")
def judged() -> dict[tuple[str, bytes], list[Violation]]:
    return {}


@pytest.fixture(autouse=True)
def _judge_once(monkeypatch: pytest.MonkeyPatch, judged: dict[tuple[str, bytes], list[Violation]]) -> None:
    """Rows that stand in all copies are judged by their suite once."""

    def remembered(table: contract.Table, rows: pa.Table) -> list[Violation]:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            writer.write_table(rows.combine_chunks())
        key = (table.name, hashlib.sha256(sink.getvalue()).digest())
        if key not in judged:
            judged[key] = violations(table, rows)
        return judged[key]

    monkeypatch.setattr("baogao.expectations.violations", remembered)


@pytest.fixture
def copy(output: Path, tmp_path: Path) -> Copy:
    shutil.copytree(output, tmp_path / "output", ignore=shutil.ignore_patterns(".work"))
    return Copy(tmp_path / "output")


# --- a sound release


def test_a_whole_release_has_nothing_wrong_nor_has_one_that_was_written_anew(copy: Copy):
    assert copy.problems() == []
    for hide in (copy.render, copy.describe, copy.list_files, copy.sum):
        hide()
        if hide == copy.sum:
            assert copy.problems() == []


# --- faults that checksums tell


def flipped(copy: Copy) -> tuple[str, ...]:
    copy.edit("data/words/words.parquet", lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:])
    return ("data/words/words.parquet", "SHA-256 differs")


def truncated(copy: Copy) -> tuple[str, ...]:
    copy.edit("data/reports/reports-2024.parquet", lambda data: data[: len(data) // 2])
    return ("data/reports/reports-2024.parquet", "SHA-256 differs")


def missing(copy: Copy) -> tuple[str, ...]:
    (copy.folder / "csv" / "reports.csv").unlink()
    return ("csv/reports.csv", "is missing")


def added(copy: Copy) -> tuple[str, ...]:
    (copy.folder / "data" / "reports" / "reports-1999.parquet").write_bytes(b"")
    return ("data/reports/reports-1999.parquet", "does not belong to the release")


def wrong_checksum(copy: Copy) -> tuple[str, ...]:
    copy.edit("SHA256SUMS", lambda data: b"0" * 64 + data[64:])
    return ((copy.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()[0][66:], "SHA-256 differs")


def no_checksums(copy: Copy) -> tuple[str, ...]:
    (copy.folder / "SHA256SUMS").unlink()
    return ("SHA256SUMS", "is missing or damaged")


def edited_manifest(copy: Copy) -> tuple[str, ...]:
    copy.edit("manifest.json", lambda data: data.replace(b'"released": "2025-01-02"', b'"released": "2024-01-02"'))
    return ("manifest.json", "latest.json")


def edited_package(copy: Copy) -> tuple[str, ...]:
    copy.edit("datapackage.json", lambda data: data.replace(b"CC0-1.0", b"CC-BY-4.0"))
    return ("datapackage.json", "SHA-256 differs")


def pointer_to_another_manifest(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.output / "latest.json", lambda record: record.update(manifest_sha256="0" * 64))
    return ("manifest.json", "latest.json")


def pointer_with_another_version(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.output / "latest.json", lambda record: record.update(version="1.0.1"))
    return ("latest.json", "version 1.0.1", "1.0.0")


def list_without_the_release(copy: Copy) -> tuple[str, ...]:
    (copy.output / "releases.json").write_text("[]", encoding="utf-8")
    return ("releases.json", "1.0.0")


BY_CHECKSUM: list[Plant] = [
    flipped, truncated, missing, added, wrong_checksum, no_checksums, edited_manifest, edited_package, pointer_to_another_manifest, pointer_with_another_version,
    list_without_the_release,
]  # fmt: skip


@pytest.mark.parametrize("plant", BY_CHECKSUM, ids=lambda plant: plant.__name__)
def test_a_changed_file_is_found_and_named(copy: Copy, plant: Plant):
    words = plant(copy)
    told(copy.problems(), words)


def test_a_pointer_that_leads_elsewhere_is_told_in_one_sentence(copy: Copy, capsys: pytest.CaptureFixture[str]):
    copy.edit_json(copy.output / "latest.json", lambda record: record.update(path="releases/9.9.9"))
    assert main(["check", str(copy.output)]) == 2
    assert "holds no release" in capsys.readouterr().err


def told(problems: list[str], words: tuple[str, ...]) -> None:
    assert [problem for problem in problems if all(word in problem for word in words)], (words, problems)


# --- faults behind checksums: the manifest, and columns


def fewer_rows_in_the_manifest(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "manifest.json", lambda record: record["tables"]["words"].update(rows=record["tables"]["words"]["rows"] + 1))
    return ("table words", "by its manifest")


def other_digest_in_the_manifest(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "manifest.json", lambda record: record["tables"]["words"].update(content_sha256="0" * 64))
    return ("manifest.json", "content_sha256", "words")


def other_size_in_the_manifest(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "manifest.json", lambda record: record["files"][0].update(bytes=1))
    return ("manifest.json", copy.manifest["files"][0]["path"], "bytes 1")


def file_left_out_of_the_manifest(copy: Copy) -> tuple[str, ...]:
    [gone] = [file["path"] for file in copy.manifest["files"] if file["path"] == "csv/targets.csv"]
    copy.edit_json(copy.folder / "manifest.json", lambda record: record.update(files=[one for one in record["files"] if one["path"] != gone]))
    return ("manifest.json does not list", gone)


def file_of_no_table(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "manifest.json", lambda record: record["tables"]["words"].update(files=[]))
    return ("manifest.json", "data/words/words.parquet", "no table")


def table_left_out_of_the_manifest(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "manifest.json", lambda record: record["tables"].pop("keywords"))
    return ("manifest.json", "keywords")


def table_that_is_none(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "manifest.json", lambda record: record["tables"].update(figures=record["tables"]["words"] | {"files": []}))
    return ("manifest.json", "figures")


OF_MANIFEST: list[Plant] = [
    fewer_rows_in_the_manifest, other_digest_in_the_manifest, other_size_in_the_manifest, file_left_out_of_the_manifest, file_of_no_table,
    table_left_out_of_the_manifest, table_that_is_none,
]  # fmt: skip


@pytest.mark.parametrize("plant", OF_MANIFEST, ids=lambda plant: plant.__name__)
def test_a_manifest_that_is_not_of_its_files_is_found_behind_checksums(copy: Copy, plant: Plant):
    words = plant(copy)
    copy.sum()
    told(copy.problems(), words)


def column(change: Callable[[pa.Table], pa.Table], *words: str) -> Plant:
    return lambda copy: (copy.rewrite("words", change), "words", *words)


def parquet_cut_short(copy: Copy) -> tuple[str, ...]:
    copy.edit("data/words/words.parquet", lambda data: data[:-20])
    return ("data/words/words.parquet", "cannot be read")


OF_COLUMNS: dict[str, Plant] = {
    "renamed column": column(lambda table: table.rename_columns(["doc_id", "token", "n"]), "lacks word"),
    "missing column": column(lambda table: table.drop_columns(["n"]), "lacks n"),
    "extra column": column(lambda table: table.append_column("rank", table["n"]), "too much rank"),
    "retyped column": column(lambda table: table.set_column(2, "n", table["n"].cast(pa.int64())), "n is int64", "int32"),
    "moved column": column(lambda table: table.select(["word", "doc_id", "n"]), "another order"),
    "null in a required column": column(
        lambda table: table.set_column(2, pa.field("n", pa.int32()), pa.array([None, *table["n"].to_pylist()[1:]], pa.int32())), "n is int32", "never null"
    ),
    "truncated Parquet": parquet_cut_short,
}


@pytest.mark.parametrize("plant", OF_COLUMNS.values(), ids=OF_COLUMNS)
def test_other_columns_are_found_and_named_behind_checksums(copy: Copy, plant: Plant):
    words = plant(copy)
    copy.list_files()
    copy.sum()
    told(copy.problems(), words)


# --- faults behind checksums: rows


def value(name: str, column: str, new: object, row: int = 0, *words: str) -> Plant:
    """A value changed; `new` may be made from the row. The row is told by its new key."""

    def plant(copy: Copy) -> tuple[str, ...]:
        path, rows = copy.rows(name)
        changed = new(rows[row]) if callable(new) else new
        assert rows[row][column] != changed
        rows[row][column] = changed
        copy.write(name, rows)
        return (path, identity(name, rows[row]), column, *words)

    return plant


def by_key(name: str, column: str, new: object, row: int = 0) -> Plant:
    """A key changed: told by table and column, with the row."""

    def plant(copy: Copy) -> tuple[str, ...]:
        return (f"{name}.{column}", *value(name, column, new, row)(copy)[1:2])

    return plant


def changed(name: str, change: Callable[[list[Row]], tuple[str, ...]]) -> Plant:
    """Rows changed together; told by what the change says."""

    def plant(copy: Copy) -> tuple[str, ...]:
        path, rows = copy.rows(name)
        words = change(rows)
        copy.write(name, rows)
        return (path, *words)

    return plant


def repeated(rows: list[Row]) -> tuple[str, ...]:
    rows.insert(1, rows[0])
    return ("",)


def duplicate(name: str) -> Plant:
    def plant(copy: Copy) -> tuple[str, ...]:
        changed(name, repeated)(copy)
        return (f"table {name}", identity(name, copy.rows(name)[1][0]), *contract.tables()[name].key)

    return plant


def shifted(row: Row) -> int:
    return int(row["start"]) + 1


def swapped(rows: list[Row]) -> tuple[str, ...]:
    rows[0], rows[1] = rows[1], rows[0]
    return ("order", identity("words", rows[0]))


def first_dropped(rows: list[Row]) -> tuple[str, ...]:
    del rows[0]
    return (rows[0]["paragraph_id"], "ordinal 1", "gap")


def last_dropped(rows: list[Row]) -> tuple[str, ...]:
    del rows[-1]
    return (rows[-1]["sentence_id"], "end", "gap at the end")


def sentence_in_another_paragraph(rows: list[Row]) -> tuple[str, ...]:
    other = next(row for row in rows if row["paragraph_id"] != rows[0]["paragraph_id"])
    rows[0]["paragraph_id"] = other["paragraph_id"]
    return (rows[0]["sentence_id"], "paragraph_id", "not within")


def sentence_of_another_document(rows: list[Row]) -> tuple[str, ...]:
    other = next(row for row in rows if row["doc_id"] != rows[0]["doc_id"])
    rows[0]["paragraph_id"] = other["paragraph_id"]
    return (rows[0]["sentence_id"], "paragraph_id", "is of document")


def paragraph_in_the_outer_section(copy: Copy) -> tuple[str, ...]:
    sections = {row["section_id"]: row for row in copy.rows("sections")[1]}
    path, rows = copy.rows("paragraphs")
    row = next(row for row in rows if sections[row["section_id"]]["parent_id"])
    row["section_id"] = sections[row["section_id"]]["parent_id"]
    copy.write("paragraphs", rows)
    return (path, row["paragraph_id"], "section_id")


def section_gap(rows: list[Row]) -> tuple[str, ...]:
    n = next(n for n in range(1, len(rows)) if rows[n]["doc_id"] == rows[n - 1]["doc_id"] and rows[n]["start"] == rows[n - 1]["end"])
    rows[n - 1]["end"] -= 1
    return (rows[n]["section_id"], "start", "gap")


def section_of_itself(rows: list[Row]) -> tuple[str, ...]:
    row = next(row for row in rows if row["parent_id"])
    other = next(one for one in rows if one["doc_id"] == row["doc_id"] and one["end"] <= row["start"])
    row["parent_id"] = other["section_id"]
    return (row["section_id"], "parent_id", "not within")


def other_ends(rows: list[Row]) -> tuple[str, ...]:
    row = next(row for row in rows if row["bound"] == "eq")
    row["value_low"] += 1
    return (row["indicator_id"], "value_low")


def target_off_its_figure(rows: list[Row]) -> tuple[str, ...]:
    row = next(row for row in rows if row["value"] is not None)
    row["value"] += 1
    return (identity("targets", row), "value", "its figure")


def target_with_another_sentence(rows: list[Row]) -> tuple[str, ...]:
    rows[0]["quote"] = "另一句话。"
    return (identity("targets", rows[0]), "quote", "sentence")


def two_canonical(rows: list[Row]) -> tuple[str, ...]:
    for row in rows:
        row["is_canonical"] = True
    return ()


def not_canonical(copy: Copy) -> tuple[str, ...]:
    changed("reports", two_canonical)(copy)
    return ("reports", "is_canonical", copy.rows("reports")[1][0]["report_key"])


def other_text(copy: Copy) -> tuple[str, ...]:
    _, rows = copy.rows("reports")
    rows[0]["text"] = rows[0]["text"][:-3] + "某某某"
    copy.write("reports", rows)
    last = [row for row in copy.rows("paragraphs")[1] if row["doc_id"] == rows[0]["doc_id"]][-1]
    return (path_of("paragraphs"), last["paragraph_id"], "text is not what the report's text has")


def withdrawn_in_name_only(copy: Copy) -> tuple[str, ...]:
    path, rows = copy.rows("reports")
    rows[0]["text_published"] = False
    copy.write("reports", rows)
    return (path, rows[0]["doc_id"], "text has words of a report whose text is not published")


def of_another_year(copy: Copy) -> tuple[str, ...]:
    """A sentence in the file of another year."""
    path, rows = copy.rows("sentences")
    moved = rows.pop(0)
    copy.write("sentences", rows)
    other = copy.folder / path.replace("2024", "2023")
    table = pa.Table.from_pylist(sorted([*pq.read_table(other).to_pylist(), moved], key=lambda row: (row["doc_id"], row["ordinal"])), schema=contract.arrow_schema(contract.tables()["sentences"]))
    pq.write_table(table, other, store_schema=False)
    return (path.replace("2024", "2023"), moved["sentence_id"], "report_year")


OF_ROWS: dict[str, Plant] = {
    "value out of the vocabulary": value("reports", "completeness", "whole"),
    "value without its pattern": value("pages", "sha256", "c9ac"),
    "value out of range": value("words", "n", 0),
    "text too long": value("removed", "text", "字" * 201),
    "end before start": value("sections", "end", lambda row: row["start"] - 1, 1),
    "duplicate key": duplicate("words"),
    "duplicate compound key": duplicate("targets"),
    "figure of a sentence that is not there": by_key("indicators", "sentence_id", "000000000000-0000000000"),
    "page of a report that is not there": by_key("pages", "doc_id", "000000000000"),
    "section in one that is not there": by_key("sections", "parent_id", lambda row: f"{row['doc_id']}-0000000000"),
    "shifted start": value("sentences", "start", shifted, 3),
    "shifted end": lambda copy: (*value("paragraphs", "end", lambda row: row["end"] - 1, 3)(copy)[:2], "text is not what the report's text has"),
    "figure that quotes another text": value("indicators", "quote", "9999件"),
    "sentence with another text": value("sentences", "text", "另一句话。", 2),
    "text changed with offsets kept": other_text,
    "sentence in another paragraph": changed("sentences", sentence_in_another_paragraph),
    "sentence in a paragraph of another document": changed("sentences", sentence_of_another_document),
    "paragraph in the outer section": paragraph_in_the_outer_section,
    "paragraph in no section": value("paragraphs", "section_id", None, 3),
    "section in one that does not hold it": changed("sections", section_of_itself),
    "gap between sections": changed("sections", section_gap),
    "first paragraph lost": changed("paragraphs", first_dropped),
    "last sentence lost": changed("sentences", last_dropped),
    "ordinal repeated": value("sentences", "ordinal", 0, 1),
    "row in the file of another year": of_another_year,
    "rows swapped": changed("words", swapped),
    "year that is not the report's": value("indicators", "report_year", 2023),
    "key that is not of place and year": value("reports", "report_key", "140881-2019"),
    "identifier of another document": value("sentences", "sentence_id", lambda row: "000000000000" + row["sentence_id"][12:]),
    "ends that bound does not have": changed("indicators", other_ends),
    "target that is not its figure": changed("targets", target_off_its_figure),
    "target with another sentence": changed("targets", target_with_another_sentence),
    "length that is not the text's": value("reports", "n_chars", 7),
    "count that is not of the rows": lambda copy: ("reports", *value("reports", "n_sentences", 7)(copy)[1:]),
    "two documents that stand for a report": not_canonical,
    "coverage of what is not there": lambda copy: ("coverage", *value("coverage", "n_documents", 7)(copy)[1:]),
    "page without its report": lambda copy: ("pages", *value("pages", "status", lambda row: "rejected" if row["status"] == "accepted" else "accepted")(copy)[1:]),
    "text that is withdrawn and stands": withdrawn_in_name_only,
}


@pytest.mark.parametrize("plant", OF_ROWS.values(), ids=OF_ROWS)
def test_a_fault_in_rows_is_found_and_named_behind_checksums(copy: Copy, plant: Plant):
    words = plant(copy)
    for hide in (copy.render, copy.describe, copy.list_files, copy.sum):
        hide()
    told(copy.problems(), words)


@pytest.mark.parametrize(("name", "column", "number"), [("targets", "value", math.nan), ("indicators", "value_si", math.inf)])
def test_a_number_that_is_none_is_found_and_named_behind_checksums(copy: Copy, name: str, column: str, number: float):
    words = value(name, column, number)(copy)
    for hide in (copy.describe, copy.list_files, copy.sum):  # JSON has no such number
        hide()
    told(copy.problems(), (*words, "a value that is missing is null"))


# --- faults behind checksums: other forms


def edited_line(copy: Copy) -> tuple[str, ...]:
    path = "json/targets.jsonl"
    lines = (copy.folder / path).read_text(encoding="utf-8").splitlines(keepends=True)
    row = json.loads(lines[1])
    row["value"] = 99
    lines[1] = json.dumps(row, ensure_ascii=False) + "\n"
    (copy.folder / path).write_text("".join(lines), encoding="utf-8")
    return (path, "line 2", identity("targets", row), "(value)")


def lost_line(copy: Copy) -> tuple[str, ...]:
    copy.edit("json/pages.jsonl", lambda data: data[: data.rindex(b"\n", 0, -1) + 1])
    return ("json/pages.jsonl", f"line {len(copy.rows('pages')[1])}")


def edited_report(copy: Copy) -> tuple[str, ...]:
    path = "json/reports/reports-2024.jsonl"
    doc_id = json.loads((copy.folder / path).read_text(encoding="utf-8").splitlines()[0])["doc_id"]
    copy.edit(path, lambda data: data.replace("永济市".encode(), "运城市".encode(), 1))
    return (path, "line 1", doc_id)


def edited_cell(copy: Copy) -> tuple[str, ...]:
    copy.edit("csv/targets.csv", lambda data: data.replace(b",base,", b",internal,", 1))
    return ("csv/targets.csv", "line 2", "targets")


def lost_form(copy: Copy) -> tuple[str, ...]:
    (copy.folder / "csv" / "indicators.csv").unlink()
    return ("csv/indicators.csv", "is missing")


def edited_schema(copy: Copy) -> tuple[str, ...]:
    copy.edit("schemas/words.json", lambda data: data.replace(b"integer", b"number"))
    return ("schemas/words.json", "Table Schema")


def edited_resource(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "datapackage.json", lambda record: resource(record, "words").update(hash="sha256:" + "0" * 64))
    return ("datapackage.json", "words", "hash")


def edited_field(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "datapackage.json", lambda record: resource(record, "words")["schema"]["fields"][0].update(type="integer"))
    return ("datapackage.json", "words", "schema")


def lost_resource(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "datapackage.json", lambda record: record["resources"].remove(resource(record, "words")))
    return ("datapackage.json", "words", "missing")


def other_version(copy: Copy) -> tuple[str, ...]:
    copy.edit_json(copy.folder / "datapackage.json", lambda record: record.update(version="2.0.0"))
    return ("datapackage.json", "version 2.0.0", "1.0.0")


def resource(record: Row, name: str) -> Row:
    found: Row = next(one for one in record["resources"] if one["name"] == name)
    return found


OF_FORMS: list[Plant] = [
    edited_line, lost_line, edited_report, edited_cell, lost_form, edited_schema, edited_resource, edited_field, lost_resource, other_version,
]  # fmt: skip


@pytest.mark.parametrize("plant", OF_FORMS, ids=lambda plant: plant.__name__)
def test_a_form_that_its_tables_do_not_make_is_found_behind_checksums(copy: Copy, plant: Plant):
    words = plant(copy)
    copy.list_files()
    copy.sum()
    told(copy.problems(), words)


# --- many


def test_of_many_rows_some_are_named_and_all_are_counted(copy: Copy):
    path, rows = copy.rows("words")
    copy.write("words", [row | {"n": 0} for row in rows])
    for hide in (copy.render, copy.describe, copy.list_files, copy.sum):
        hide()
    problems = copy.problems()
    assert len(problems) == 6
    assert problems[-1] == f"{path}: {len(rows) - 5} more rows like these"
