from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import baogao.publish as publishing
from baogao import contract, pipeline
from baogao.publish import Published, parquet
from baogao.publish.nested import nest
from baogao.release import open_release, verify
from baogao.store import Output

COUNTY, CITY, PROVINCE = "yongji-2023.html", "yuncheng-2023.txt", "shanxi-2024.txt"


@pytest.fixture(scope="module")
def output(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with two releases: of two reports, then of these, one with another speaker, and a third."""
    folder = tmp_path_factory.mktemp("changes")
    pages = folder / "pages"
    pages.mkdir()
    for name in (COUNTY, CITY):
        shutil.copy(corpus / name, pages)
    build(pages, folder / "output", "2025-01-02")
    shutil.copy(corpus / PROVINCE, pages)
    text = (pages / COUNTY).read_text(encoding="utf-8")
    (pages / COUNTY).write_text(text.replace("江　岸", "江　安"), encoding="utf-8")
    build(pages, folder / "output", "2025-02-03")
    return folder / "output"


def build(pages: Path, output: Path, day: str) -> Published:
    release = pipeline.build([str(pages)], output, engine="inline", released=day).release
    assert release is not None
    return release


def told(output: Path, version: str) -> dict[str, object]:
    said: dict[str, object] = json.loads((output / "releases" / version / "changes" / "changes.json").read_text(encoding="utf-8"))
    return said


def test_a_first_release_has_no_changes_and_says_so(output: Path) -> None:
    assert told(output, "1.0.0") == {"version": "1.0.0", "since": None, "tables_added": [], "tables_removed": [], "tables": {}, "rekeys": {}}
    assert [path.name for path in (output / "releases" / "1.0.0" / "changes").iterdir()] == ["changes.json"]


def test_a_release_tells_its_changes_row_by_row_and_in_numbers(output: Path) -> None:
    folder = output / "releases" / "1.1.0"
    changes = pd.read_parquet(folder / "changes" / "changes.parquet")
    said = told(output, "1.1.0")
    assert said["since"] == "1.0.0"
    tables = said["tables"]
    assert isinstance(tables, dict)
    for name, table in tables.items():
        ops = changes[changes["table"] == name]["op"].value_counts()
        assert {op: int(ops.get(op, 0)) for op in ("added", "removed", "changed")} == {op: table[op] for op in ("added", "removed", "changed")}
    assert set(changes["table"]) == set(tables)
    (speaker,) = changes[(changes["table"] == "reports") & (changes["op"] == "changed")].to_dict("records")
    assert json.loads(speaker["old"])["speaker"] == "江岸"
    assert json.loads(speaker["new"])["speaker"] == "江安"
    assert list(changes.columns) == contract.history()["changes"].names
    assert "reports 1 added, 1 changed" in (folder / "CHANGELOG.md").read_text(encoding="utf-8")


def test_changes_are_described_as_the_tables_are(output: Path) -> None:
    folder = output / "releases" / "1.1.0"
    resources = {one["name"]: one for one in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]}
    assert resources["changes"]["path"] == "changes/changes.parquet"
    assert json.loads((folder / "schemas" / "changes.json").read_text(encoding="utf-8")) == resources["changes"]["schema"]
    assert list(verify(open_release(output))) == []


def test_a_file_whose_rows_are_those_of_the_last_release_is_that_file(output: Path) -> None:
    old, new = (output / "releases" / version / "data" for version in ("1.0.0", "1.1.0"))
    linked = {path.relative_to(new).as_posix() for path in new.rglob("*.parquet") if path.stat().st_nlink > 1}
    assert {"sentences/sentences-2023.parquet", "indicators/indicators-2023.parquet"} <= linked
    assert "reports/reports-2023.parquet" not in linked
    assert all((old / path).samefile(new / path) for path in linked)


def test_a_damaged_file_of_the_last_release_is_not_taken_over(output: Path, corpus: Path, tmp_path: Path) -> None:
    copy = tmp_path / "output"
    shutil.copytree(output, copy)
    pages = tmp_path / "pages"
    shutil.copytree(output.parent / "pages", pages)
    damaged = copy / "releases" / "1.1.0" / "data" / "sentences" / "sentences-2023.parquet"
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.unlink()
    damaged.write_bytes(data)
    (pages / PROVINCE).unlink()
    release = build(pages, copy, "2025-03-04")
    whole = output / "releases" / "1.1.0" / "data" / "sentences" / "sentences-2023.parquet"
    assert (release.folder / "data" / "sentences" / "sentences-2023.parquet").read_bytes() == whole.read_bytes()


NESTED = "json/reports/reports-2023.jsonl"


@pytest.fixture
def copied(output: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The output folder again, and pages without the one of 2024: those of 2023 are as they were."""
    shutil.copytree(output, tmp_path / "output")
    shutil.copytree(output.parent / "pages", tmp_path / "pages")
    (tmp_path / "pages" / PROVINCE).unlink()
    return tmp_path / "output", tmp_path / "pages"


def keep(notes: Path) -> None:
    assert notes.exists()


def with_other_rows(notes: Path) -> None:
    said = json.loads(notes.read_text(encoding="utf-8"))
    notes.write_text(json.dumps(said | {"files": [one | {"content": "ab"} for one in said["files"]]}), encoding="utf-8")


BY_YEAR = ("reports", "paragraphs", "sentences", "indicators")


@pytest.mark.usefixtures("rows_pass")
@pytest.mark.parametrize(("change", "is_read"), [(keep, False), (Path.unlink, True), (with_other_rows, True)])
def test_rows_of_a_year_without_changes_are_read_only_where_nothing_tells_that_they_are_the_same(
    output: Path, copied: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], is_read: bool
) -> None:
    read = []
    gathered = parquet._gathered
    monkeypatch.setattr(parquet, "_gathered", lambda shard, table: read.append(shard.path) or gathered(shard, table))
    change(copied[0] / ".work" / "written.json")
    folder = build(copied[1], copied[0], "2025-03-04").folder / "data"
    was = output / "releases" / "1.1.0" / "data"
    of_2023 = [f"{name}/{name}-2023.parquet" for name in BY_YEAR]
    assert {f"data/{path}" in read for path in of_2023} == {is_read}
    assert "data/words/words.parquet" in read
    assert all((folder / path).read_bytes() == (was / path).read_bytes() for path in of_2023)
    assert list(verify(open_release(copied[0]))) == []


@pytest.mark.parametrize(("old", "new"), [("}", ""), ('"version": "1.1.0"', '"version": "1.0.0"'), ('"version"', '"of"'), ('"keys"', '"ids"')])
def test_notes_that_are_torn_of_another_release_or_of_another_form_say_nothing(copied: tuple[Path, Path], old: str, new: str) -> None:
    where = Output(copied[0])
    assert publishing._noted(where, "1.1.0").keys() == {path for table in open_release(copied[0]).manifest["tables"].values() for path in table["files"]}
    where.written.write_text(where.written.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert publishing._noted(where, "1.1.0") == {}


@pytest.mark.usefixtures("rows_pass")
def test_a_report_that_is_a_copy_now_is_read_though_its_own_rows_are_the_same(copied: tuple[Path, Path], tmp_path: Path) -> None:
    output, pages = copied
    (pages / "first.html").write_text((pages / COUNTY).read_text(encoding="utf-8").replace("www.guanque.example/bg/2023.html", "other.example/1.html"), encoding="utf-8")
    folder = build(pages, output, "2025-03-04").folder / "data"
    afresh = build(pages, tmp_path / "afresh", "2025-03-04").folder / "data"
    rows = pq.read_table(folder / "reports" / "reports-2023.parquet")
    assert rows["near_duplicate_of"].null_count < rows.num_rows
    assert rows.equals(pq.read_table(afresh / "reports" / "reports-2023.parquet"))


def test_nested_reports_of_a_year_without_changes_are_those_of_the_last_release(copied: tuple[Path, Path], tmp_path: Path) -> None:
    output, pages = copied
    nested = build(pages, output, "2025-03-04").folder / NESTED
    assert nested.samefile(output / "releases" / "1.1.0" / NESTED)
    assert nested.read_bytes() == (build(pages, tmp_path / "afresh", "2025-03-04").folder / NESTED).read_bytes()


def test_of_a_year_with_a_change_only_changed_reports_are_nested_again(copied: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output, pages = copied
    text = (pages / COUNTY).read_text(encoding="utf-8")
    (pages / COUNTY).write_text(text.replace("江　安", "江　岸"), encoding="utf-8")
    expected = (build(pages, tmp_path / "afresh", "2025-03-04").folder / NESTED).read_bytes()
    made = []
    monkeypatch.setattr(importlib.import_module("baogao.publish.renditions"), "nest", lambda report, parts: made.append(report["report_key"]) or nest(report, parts))
    assert (build(pages, output, "2025-03-04").folder / NESTED).read_bytes() == expected
    assert made == ["140881-2023"]


def damage_nested(release: Path) -> None:
    (release / NESTED).write_text((release / NESTED).read_text(encoding="utf-8").replace("代表", "代裘", 1), encoding="utf-8")


def change_sections(release: Path) -> None:
    file = release / "data" / "sections" / "sections.parquet"
    rows = pq.read_table(file)
    headings = rows["heading"].to_pylist()
    rows = rows.set_column(rows.schema.get_field_index("heading"), rows.schema.field("heading"), pa.array(["另一标题" for _ in headings], pa.string()))
    pq.write_table(rows, file)


def remove_sentences(release: Path) -> None:
    (release / "data" / "sentences" / "sentences-2023.parquet").unlink()


@pytest.mark.parametrize("damage", [damage_nested, change_sections, remove_sentences])
def test_nested_reports_that_are_damaged_or_had_other_sections_are_made_again(output: Path, copied: tuple[Path, Path], damage: Callable[[Path], None]) -> None:
    last = copied[0] / "releases" / "1.1.0"
    damage(last)
    nested = build(copied[1], copied[0], "2025-03-04").folder / NESTED
    assert not nested.samefile(last / NESTED)
    assert nested.read_bytes() == (output / "releases" / "1.1.0" / NESTED).read_bytes()
