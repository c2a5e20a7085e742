from __future__ import annotations

import functools
import shutil
from pathlib import Path

import pytest

from baogao import pipeline
from baogao.rebuild import differences
from baogao.records import BaogaoError, ChecksFailed
from baogao.release import open_release

FIRST_DAY, SECOND_DAY = "2025-01-02", "2025-02-03"


@pytest.fixture(autouse=True)
def in_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds in this very process, whose rows all pass: where the work is done and what expectations say are not the subject."""
    monkeypatch.setattr(pipeline, "build", functools.partial(pipeline.build, engine="inline"))
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])


@pytest.fixture
def pages(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    shutil.copy(root / "tests" / "examples" / "corpus" / "yongji-2023.html", folder)
    return folder


@pytest.fixture
def output(pages: Path, root: Path, tmp_path: Path) -> Path:
    """An output folder with three versions, the last of them of two pages."""
    output = tmp_path / "output"
    pipeline.build([str(pages)], output, released=FIRST_DAY)
    page = pages / "yongji-2023.html"
    page.write_text(page.read_text(encoding="utf-8").replace("江　岸", "江　安"), encoding="utf-8")
    pipeline.build([str(pages)], output, released=SECOND_DAY)
    shutil.copy(root / "tests" / "examples" / "corpus" / "shanxi-2024.txt", pages)
    pipeline.build([str(pages)], output, released=SECOND_DAY)
    return output


def test_the_release_of_the_seed_comes_out_again_to_the_byte(seed_output: Path, root: Path):
    assert differences(open_release(seed_output), [str(root / "seeds" / "pages")]) == []


def test_a_later_version_comes_out_again_to_the_byte_with_its_history(output: Path, pages: Path):
    release = open_release(output)
    assert release.version == "1.1.0"
    assert differences(release, [str(pages)]) == []


def test_a_version_in_the_middle_comes_out_again_after_those_before_it(output: Path, pages: Path):
    (pages / "shanxi-2024.txt").unlink()
    assert differences(open_release(output / "releases" / "1.0.1"), [str(pages)]) == []


def test_making_a_release_again_leaves_the_output_folder_as_it_is(output: Path, pages: Path):
    before = {file: file.read_bytes() for file in output.rglob("*") if file.is_file()}
    differences(open_release(output), [str(pages)])
    assert {file: file.read_bytes() for file in output.rglob("*") if file.is_file()} == before


def test_a_tampered_release_is_told_file_by_file(output: Path, pages: Path):
    release = open_release(output)
    (release.folder / "csv" / "targets.csv").write_text("tampered", encoding="utf-8")
    (release.folder / "json" / "coverage.jsonl").unlink()
    (release.folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert differences(release, [str(pages)]) == [
        "notes.txt does not come out again",
        "json/coverage.jsonl comes out, and is not in the release",
        "csv/targets.csv comes out with other bytes",
    ]


def test_another_source_is_told(output: Path, pages: Path):
    replaced = pages / "shanxi-2024.txt"
    replaced.write_text(replaced.read_text(encoding="utf-8").replace("增长5%左右", "增长6%左右"), encoding="utf-8")
    problems = differences(open_release(output), [str(pages)])
    assert "data/indicators/indicators-2024.parquet comes out with other bytes" in problems
    assert not [problem for problem in problems if "-2023" in problem]


def test_sources_of_the_release_before_are_told(output: Path, pages: Path):
    (pages / "shanxi-2024.txt").unlink()
    problems = differences(open_release(output), [str(pages)])
    assert problems == [f"nothing of release 1.1.0 comes out of {pages} that the release before it has not"]


def test_a_later_version_alone_cannot_be_made_again(output: Path, pages: Path, tmp_path: Path):
    alone = tmp_path / "alone"
    shutil.copytree(output / "releases" / "1.1.0", alone)
    with pytest.raises(BaogaoError, match=r"release 1\.1\.0 can only be made again beside the releases before it: name its output folder"):
        differences(open_release(alone), [str(pages)])


def test_a_source_that_fails_the_checks_is_told_as_by_a_build(seed_output: Path, root: Path):
    with pytest.raises(ChecksFailed, match=r"reports\.rows is 0"):
        differences(open_release(seed_output), [str(root / "tests" / "examples" / "corpus" / "news.txt")])
