from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from baogao import api, moves, pipeline, sources
from baogao.cli import main
from baogao.corrections import Correction, correct, corrections, corrections_of, read_corrections
from baogao.records import BaogaoError
from baogao.release import Release, open_release, verify

CASES = yaml.safe_load((Path(__file__).parent / "counterexamples" / "seeds" / "corrections.yaml").read_text(encoding="utf-8"))
ENTRY = {
    "id": "wheat", "where": {"doc_id": "0d6e0a5c2b91"}, "expected": "达到214亿斤", "action": "replace", "replacement": "达到21.4亿斤",
    "reason": "bulletin of 2023", "status": "confirmed",
}  # fmt: skip
DAY = "2025-01-02"
SEED = "3550e13fcfc8"
# What the seed says of its gross product.
SAID, MEANT = "地区生产总值增长7%左右", "地区生产总值增长6.5%左右"


def write(folder: Path, *entries: Any) -> Path:
    path = folder / "corrections.yaml"
    path.write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    corrections.cache_clear()
    return path


def of_seed(**changes: Any) -> dict[str, Any]:
    entry = ENTRY | {"where": {"doc_id": SEED}, "expected": SAID, "replacement": MEANT} | changes
    return {name: value for name, value in entry.items() if value is not None}


def build(source: Path, output: Path) -> Release:
    pipeline.build([str(source)], output, engine="inline", released=DAY)
    return open_release(output)


def quality(release: Release) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((release.folder / "quality.json").read_text(encoding="utf-8"))
    return loaded


# --- the file


def test_the_file_that_comes_with_the_project_can_be_read():
    assert all(isinstance(one, Correction) for one in corrections())


def test_a_correction_is_found_by_report_by_address_and_by_bytes(tmp_path: Path):
    places = {"doc_id": "0d6e0a5c2b91", "address": "https://www.bx2200.com/baogao/hb/10566.html", "sha256": "c9" * 32}
    found = read_corrections(write(tmp_path, *(ENTRY | {"id": kind, "where": {kind: place}} for kind, place in places.items())))
    for one, name in zip(found, ("0d6e0a5c2b91", api.doc_id("bx2200.com/baogao/hb/10566.html"), "c9" * 32), strict=True):
        assert corrections_of({name, "x"}, found) == (one,)
    assert corrections_of({"x"}, found) == ()


@pytest.mark.parametrize("case", CASES, ids=[str(case["change"]) for case in CASES])
def test_an_entry_that_is_none_is_told_in_one_sentence(tmp_path: Path, case: dict[str, Any]):
    with pytest.raises(BaogaoError) as raised:
        read_corrections(write(tmp_path, {name: value for name, value in (ENTRY | case["change"]).items() if value is not None}))
    assert str(raised.value).startswith(f"corrections.yaml: correction wheat is none: {case['error']}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("- [", r"corrections\.yaml cannot be read \(.*\): restore it"),
        ("id: wheat", r"corrections\.yaml holds no list: each correction is an entry with id, where"),
        ("- wheat", r"corrections\.yaml: correction 1 is none: an entry has id, where"),
    ],
)
def test_a_file_that_is_no_list_of_entries_is_told(tmp_path: Path, text: str, error: str):
    (tmp_path / "corrections.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BaogaoError, match=error):
        read_corrections(tmp_path / "corrections.yaml")


def test_an_id_that_stands_twice_is_told(tmp_path: Path):
    with pytest.raises(BaogaoError, match="wheat is the id of more than one correction"):
        read_corrections(write(tmp_path, ENTRY, ENTRY))


# --- lines


def correction(action: str, expected: str, replacement: str = "") -> Correction:
    return Correction("wheat", SEED, expected, action, "bulletin", "confirmed", replacement)  # type: ignore[arg-type]


def test_corrections_follow_one_another_and_a_line_that_is_left_empty_goes():
    found = [correction("replace", "乙", "丙"), correction("remove", "丙丁"), correction("keep", "甲")]
    assert correct(["甲", "乙丁", "戊"], found, SEED) == ["甲", "戊"]


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (["甲乙"], "correction wheat expects “丙” in report 3550e13fcfc8, where it no longer stands there: take the correction out, or write it anew"),
        (["丙乙", "甲丙"], "correction wheat expects “丙” in report 3550e13fcfc8, where it stands there 2 times: quote more of the text around it"),
    ],
)
@pytest.mark.parametrize("action", ["replace", "remove", "keep"])
def test_a_correction_that_does_not_find_what_it_expects_once_is_an_error(lines: list[str], error: str, action: str):
    with pytest.raises(BaogaoError, match=error):
        correct(lines, [correction(action, "丙", "丁" if action == "replace" else "")], SEED)


# --- the pipeline


def test_all_that_is_made_of_the_text_follows_a_correction(seeds: Path, root: Path, tmp_path: Path, seed_release: Release):
    write(seeds, of_seed(), ENTRY | {"id": "elsewhere"})
    release = build(root / "seeds" / "pages", tmp_path / "output")
    assert list(verify(release)) == []
    [was], [now] = (one.table("reports").to_pylist() for one in (seed_release, release))
    assert now["text"] == was["text"].replace(SAID, MEANT) != was["text"]
    [target] = [row for row in release.table("targets").to_pylist() if row["indicator"] == "gdp"]
    assert (target["value"], MEANT in target["quote"]) == (6.5, True)
    before, after = ({row["sentence_id"] for row in one.table("sentences").to_pylist()} for one in (seed_release, release))
    assert (len(before - after), len(after - before)) == (1, 1)
    said = {"doc_id": SEED, "id": "wheat", "action": "replace", "status": "confirmed", "reason": "bulletin of 2023"}
    assert quality(release)["corrections"] == {"of_reports": [said], "of_others": 1}
    assert quality(seed_release)["corrections"]["of_reports"] == []


def test_an_error_that_is_kept_leaves_the_text_and_is_told(seeds: Path, root: Path, tmp_path: Path, seed_release: Release):
    write(seeds, of_seed(action="keep", replacement=None))
    release = build(root / "seeds" / "pages", tmp_path / "output")
    assert release.table("reports").equals(seed_release.table("reports"))
    assert [one["action"] for one in quality(release)["corrections"]["of_reports"]] == ["keep"]


def test_a_correction_that_no_longer_holds_fails_the_build_loudly(seeds: Path, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write(seeds, of_seed(expected="地区生产总值增长8%左右"))
    command = ["build", "--no-prefect", "--engine", "inline", "--output", str(tmp_path / "output"), str(root / "seeds" / "pages")]
    assert main(command) == 2
    said = capsys.readouterr().err
    assert said == (
        "baogao: corrections.yaml: correction wheat expects “地区生产总值增长8%左右” in report 3550e13fcfc8, where it no longer stands there: "
        "take the correction out, or write it anew from the text as it is\n"
    )
    assert not (tmp_path / "output" / "latest.json").exists()


def test_a_file_that_cannot_be_used_is_told_before_any_work(seeds: Path, root: Path, tmp_path: Path):
    write(seeds, {"id": "wheat"})
    with pytest.raises(BaogaoError, match="correction wheat is none"):
        build(root / "seeds" / "pages", tmp_path / "output")
    assert not (tmp_path / "output").exists()


def test_a_changed_correction_works_its_report_anew_and_no_other(seeds: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "BATCH_PAGES_MAX", 1)
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
    pages = tmp_path / "pages"
    shutil.copytree(root / "seeds" / "pages", pages)
    shutil.copy(root / "tests" / "examples" / "corpus" / "shanxi-2024.txt", pages)
    first = build(pages, tmp_path / "output")
    worked: list[str] = []
    work_document = moves.reports._work_document
    monkeypatch.setattr(moves.reports, "_work_document", lambda store, document: worked.append(document.doc_id) or work_document(store, document))
    for entry, version in ((of_seed(), "1.1.0"), (of_seed(replacement="地区生产总值增长8%左右"), "1.2.0")):
        write(seeds, entry)
        assert build(pages, tmp_path / "output").version == version
    assert worked == [SEED, SEED]
    write(seeds)
    last = build(pages, tmp_path / "output")
    assert last.table("sentences").equals(first.table("sentences"))


def test_the_canonical_copy_is_corrected_where_another_is_compared_with_it(seeds: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
    corpus = root / "tests" / "examples" / "corpus"
    before = build(corpus, tmp_path / "before")
    [conflict] = before.table("conflicts").to_pylist()
    write(seeds, of_seed(where={"doc_id": conflict["canonical_id"]}, expected=conflict["canonical_text"], replacement=conflict["text"]))
    assert build(corpus, tmp_path / "after").table("conflicts").num_rows == 0


def test_read_report_corrects_too(seeds: Path, seed_page: bytes):
    write(seeds, of_seed())
    report = api.read_report(seed_page)
    assert report["doc_id"] == SEED
    said = str(report)
    assert (MEANT in said, SAID in said) == (True, False)
