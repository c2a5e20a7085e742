from __future__ import annotations

import csv
import importlib
import json
import math
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from baogao import contract
from baogao.publish.renditions import Rendition, nest, to_json, write_rendition
from baogao.release import Release
from baogao.tables import arrow_table

Row = dict[str, Any]
PARTS = ("sections", "paragraphs", "sentences", "indicators")
BOM = b"\xef\xbb\xbf"
JSON = [name for name, table in contract.tables().items() if table.json]
CSV = [name for name, table in contract.tables().items() if table.csv]


def read_lines(file: Path) -> list[Row]:
    def refuse(constant: str) -> float:
        raise AssertionError(constant)

    return [json.loads(line, parse_constant=refuse) for line in file.read_text(encoding="utf-8").splitlines()]


def nested(release: Release) -> list[Row]:
    return [report for file in sorted((release.folder / "json" / "reports").glob("*.jsonl")) for report in read_lines(file)]


def as_json(rows: list[Row]) -> list[Row]:
    return [json.loads(to_json(row)) for row in rows]


def flatten(report: Row) -> dict[str, list[Row]]:
    """The rows that a nested report was made of, with the keys that the nesting says put back."""
    doc = {"doc_id": report["doc_id"]}
    year = {"report_year": report["report_year"]}
    key = {"report_key": report["report_key"]}
    rows: dict[str, list[Row]] = {"reports": [report], **{name: [] for name in PARTS}}

    def walk(sections: list[Row], parent: str | None) -> None:
        for section in sections:
            rows["sections"].append({**section, **doc, "parent_id": parent})
            for paragraph in section["paragraphs"]:
                rows["paragraphs"].append({**paragraph, **doc, **year, "section_id": section["section_id"]})
                for sentence in paragraph["sentences"]:
                    rows["sentences"].append({**sentence, **doc, **year, "paragraph_id": paragraph["paragraph_id"]})
                    rows["indicators"] += [{**one, **doc, **year, **key, "sentence_id": sentence["sentence_id"]} for one in sentence["indicators"]]
            walk(section["sections"], section["section_id"])

    walk(report["sections"], None)
    text = "\n".join(paragraph["text"] for paragraph in rows["paragraphs"])
    rows["reports"] = [{**report, "text": text}]
    return {name: [{column: row[column] for column in contract.tables()[name].names} for row in made] for name, made in rows.items()}


def csv_rows(release: Release, name: str) -> list[dict[str, str]]:
    with (release.folder / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- nested reports


def test_flattening_the_nested_reports_gives_back_the_tables(corpus_release: Release):
    flat: dict[str, list[Row]] = {name: [] for name in ("reports", *PARTS)}
    for report in nested(corpus_release):
        for name, rows in flatten(report).items():
            flat[name] += rows
    for name, rows in flat.items():
        order = {row["doc_id"]: n for n, row in enumerate(flat["reports"])}
        expected = sorted(as_json(corpus_release.table(name).to_pylist()), key=lambda row: order[row["doc_id"]])
        assert rows == expected


def test_the_paragraphs_of_a_nested_report_are_its_text_and_offsets_count_in_it(corpus_release: Release):
    texts = dict(zip(*(corpus_release.table("reports")[column].to_pylist() for column in ("doc_id", "text")), strict=True))
    reports = nested(corpus_release)
    assert {report["doc_id"] for report in reports} == texts.keys()
    for report in reports:
        rows = flatten(report)
        text = "\n".join(row["text"] for row in rows["paragraphs"])
        assert text == texts[report["doc_id"]]
        assert all(text[row["start"] : row["end"]] == row["text"] for name in ("paragraphs", "sentences") for row in rows[name])
        assert all(text[row["start"] : row["end"]] == row["quote"] for row in rows["indicators"])
        assert all(text[row["start"] :].startswith((row["marker"] or "") + (row["heading"] or "")) for row in rows["sections"])


def test_sections_nest_and_say_no_key_twice(corpus_release: Release):
    [report] = [report for report in nested(corpus_release) if report["report_key"] == "140881-2023"]
    assert [(one["marker"], [sub["marker"] for sub in one["sections"]]) for one in report["sections"]] == [
        (None, []), ("一、", []), ("二、", ["（一）", "（二）"]), (None, []),
    ]  # fmt: skip
    section = report["sections"][1]
    assert not {"doc_id", "parent_id"} & section.keys()
    assert not {"doc_id", "section_id", "report_year"} & section["paragraphs"][0].keys()
    assert "text" not in report


def test_a_nested_report_has_its_facts_in_the_order_of_the_contract(corpus_release: Release):
    expected = [name for name in contract.tables()["reports"].names if name != "text"] + ["sections"]
    assert all(list(report) == expected for report in nested(corpus_release))


def test_a_nested_file_holds_the_reports_of_its_year(corpus_release: Release):
    years = {file.stem: {report["report_year"] for report in read_lines(file)} for file in (corpus_release.folder / "json" / "reports").iterdir()}
    assert years == {"reports-2023": {2023}, "reports-2024": {2024}, "reports-undated": {None}}


def test_a_report_without_a_figure_has_sentences_without_indicators(corpus_release: Release, tmp_path: Path):
    shutil.copytree(corpus_release.folder / "data", tmp_path / "data")
    (tmp_path / "data" / "indicators" / "indicators-undated.parquet").unlink()
    path = write_rendition(Rendition(tmp_path, "nested", "reports", "data/reports/reports-undated.parquet"))
    [report] = read_lines(tmp_path / path)
    rows = flatten(report)
    assert rows["sentences"]
    assert rows["indicators"] == []


def test_reports_are_nested_the_same_whatever_number_is_read_at_a_time(corpus_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.import_module("baogao.publish.renditions"), "_REPORTS", 1)  # the package has a function of that name
    shutil.copytree(corpus_release.folder / "data", tmp_path / "data")
    path = write_rendition(Rendition(tmp_path, "nested", "reports", "data/reports/reports-2024.parquet"))
    assert path == "json/reports/reports-2024.jsonl"
    assert (tmp_path / path).read_bytes() == (corpus_release.folder / path).read_bytes()


def test_what_a_row_lacks_is_null_in_the_nested_report():
    report = nest({"doc_id": "0d6e0a5c2b91", "text": "各位代表!"}, {name: [] for name in PARTS})
    assert set(report) == {*contract.tables()["reports"].names, "sections"} - {"text"}
    assert {value for name, value in report.items() if name not in {"doc_id", "sections"}} == {None}


# --- JSON lines


def json_files(release: Release) -> Iterator[Path]:
    yield from sorted((release.folder / "json").rglob("*.jsonl"))


def test_json_is_not_escaped_and_holds_no_number_that_is_none(corpus_release: Release):
    for file in json_files(corpus_release):
        text = file.read_text(encoding="utf-8")
        assert read_lines(file)
        assert "\\u" not in text
        assert not file.read_bytes().startswith(BOM)
        assert b"\r" not in file.read_bytes()
    assert "地区生产总值" in (corpus_release.folder / "json" / "targets.jsonl").read_text(encoding="utf-8")


def test_small_tables_are_json_lines_with_all_their_columns(corpus_release: Release):
    assert JSON == ["pages", "removed", "targets", "target_outcomes", "keywords", "conflicts", "coverage", "warnings", "rejects"]
    for name in JSON:
        rows = read_lines(corpus_release.folder / "json" / f"{name}.jsonl")
        assert rows == as_json(corpus_release.table(name).to_pylist())
        assert all(list(row) == contract.tables()[name].names for row in rows)


def test_lines_made_column_by_column_are_those_of_the_rows(tmp_path: Path, seed_release: Release):
    numbers = [0.0, -0.0, 7.0, 0.1, 1e15, 1e16, 1e-7, 1 / 3, None, 7.0]
    quotes = ["", '增长7%,"稳"', "一\\二", "一\n二\t三\x01", "\u2028", "🙂", "</script>", "", "增长7%。", "增长7%。"]
    [row, *_] = seed_release.table("targets").to_pylist()
    rows = [row | {"doc_id": f"{n:012x}", "value": number, "quote": quote} for n, (number, quote) in enumerate(zip(numbers, quotes, strict=True))]
    (tmp_path / "data" / "targets").mkdir(parents=True)
    pq.write_table(arrow_table("targets", rows), tmp_path / "data" / "targets" / "targets.parquet")
    path = write_rendition(Rendition(tmp_path, "json", "targets"))
    names = contract.tables()["targets"].names
    assert (tmp_path / path).read_bytes() == "".join(f"{to_json({name: row[name] for name in names})}\n" for row in rows).encode()


def test_a_table_without_rows_has_no_rendition(seed_release: Release):
    assert not (seed_release.folder / "json" / "rejects.jsonl").exists()


def test_dates_are_written_as_iso():
    assert to_json({"delivered_on": date(2024, 3, 22), "title": "报告", "value": None}) == '{"delivered_on": "2024-03-22", "title": "报告", "value": null}'


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused(value: float):
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json({"value": value})


def test_a_value_without_a_form_is_refused():
    with pytest.raises(TypeError, match="has no form in JSON"):
        to_json({"value": {1, 2}})


# --- CSV


def test_csv_has_a_byte_order_mark_and_crlf_at_the_end_of_each_record(corpus_release: Release):
    for name in CSV:
        data = (corpus_release.folder / "csv" / f"{name}.csv").read_bytes()
        assert data.startswith(BOM)
        assert data.endswith(b"\r\n")
        assert data.count(b"\r\n") == corpus_release.manifest["tables"][name]["rows"] + 1
        assert data.replace(b"\r\n", b"").count(b"\r") == 0


@pytest.mark.parametrize("name", CSV)
def test_csv_reads_back_as_the_table(corpus_release: Release, name: str):
    table = contract.tables()[name]
    types = {column.name: column.type for column in table.columns}
    read = csv_rows(corpus_release, name)
    files = sorted(corpus_release.manifest["tables"][name]["files"])
    rows = [row for file in files for row in pq.read_table(corpus_release.folder / file).to_pylist()]
    assert len(read) == len(rows) > 0
    assert list(read[0]) == list(table.csv)
    for cells, row in zip(read, rows, strict=True):
        for column, cell in cells.items():
            assert back(cell, types[column]) == (None if row[column] == "" else row[column])


def back(cell: str, kind: str) -> object:
    if not cell:
        return None
    return {"string": str, "int32": int, "double": float, "bool": {"TRUE": True, "FALSE": False}.__getitem__, "date": date.fromisoformat}[kind](cell)


def test_csv_of_reports_leaves_the_text_out(corpus_release: Release):
    columns = contract.tables()["reports"].names
    assert [name for name in columns if name not in csv_rows(corpus_release, "reports")[0]] == ["text"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [(7.0, "7"), (6.5, "6.5"), (-2.0, "-2"), (15269.0, "15269"), (0.1, "0.1"), (112e8, "11200000000"), (1e15, "1e+15"), (None, "")],
)
def test_whole_numbers_have_no_decimal_point_where_a_double_holds_them_exactly(tmp_path: Path, seed_release: Release, value: float | None, cell: str):
    [row, *_] = seed_release.table("targets").to_pylist()
    (tmp_path / "data" / "targets").mkdir(parents=True)
    pq.write_table(arrow_table("targets", [row | {"value": value}]), tmp_path / "data" / "targets" / "targets.parquet")
    write_rendition(Rendition(tmp_path, "csv", "targets"))
    with (tmp_path / "csv" / "targets.csv").open(encoding="utf-8-sig", newline="") as file:
        [read] = csv.DictReader(file)
    assert read["value"] == cell


def test_a_quote_with_commas_quotes_and_line_breaks_survives_csv(tmp_path: Path, seed_release: Release):
    quote = '增长7%,“稳”字当头"\r\n第二行'
    [row, *_] = seed_release.table("targets").to_pylist()
    (tmp_path / "data" / "targets").mkdir(parents=True)
    pq.write_table(arrow_table("targets", [row | {"quote": quote}]), tmp_path / "data" / "targets" / "targets.parquet")
    write_rendition(Rendition(tmp_path, "csv", "targets"))
    with (tmp_path / "csv" / "targets.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [read["quote"] for read in csv.DictReader(file)] == [quote]
