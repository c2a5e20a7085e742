"""A build that is killed at any moment leaves the last release whole, and the next build goes on as if nothing had been."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from baogao import pipeline
from baogao.release import open_release, verify
from killed import Tree, visible

Build = Callable[[Path, int | None], dict[str, Any]]
KILLS = 20


@pytest.fixture(scope="module")
def pages(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name in ("yongji-2023.html", "yuncheng-2023.txt", "news.txt"):
        shutil.copy(root / "tests" / "examples" / "corpus" / name, folder)
    return folder


@pytest.fixture(scope="module")
def build(pages: Path) -> Iterator[Build]:
    command = [sys.executable, str(Path(__file__).parent / "killed.py"), str(pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:

        def build(output: Path, kill_at: int | None) -> dict[str, Any]:
            assert run.stdin is not None
            assert run.stdout is not None
            run.stdin.write(json.dumps([str(output), kill_at]) + "\n")
            run.stdin.flush()
            ended: dict[str, Any] = json.loads(run.stdout.readline())
            return ended

        yield build


@pytest.fixture(scope="module")
def before(build: Build, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with a release of two reports."""
    output = tmp_path_factory.mktemp("before") / "output"
    assert build(output, None)["status"] == 0
    return output


@pytest.fixture(scope="module")
def more(before: Path, pages: Path, root: Path) -> Path:
    """The folder of pages, with a page that the release does not have."""
    shutil.copy(root / "tests" / "examples" / "corpus" / "shanxi-2024.txt", pages)
    return pages


@pytest.fixture(scope="module")
def undisturbed(build: Build, before: Path, more: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tree, list[int]]:
    """What the next build makes of it, and the moments to kill it at: after each write that users can see, and at others until there are twenty."""
    output = tmp_path_factory.mktemp("undisturbed") / "output"
    shutil.copytree(before, output)
    ended = build(output, None)
    assert (ended["status"], open_release(output).version) == (0, "1.1.0")
    told = [write + 1 for write in ended["seen"]]
    others = [write for write in range(1, ended["writes"]) if write not in told]
    return visible(output), sorted([*told, *random.Random(6).sample(others, max(5, KILLS - len(told)))])


def test_builds_killed_at_twenty_moments_harm_nothing(
    build: Build, before: Path, undisturbed: tuple[Tree, list[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
    was, (will_be, moments) = visible(before), undisturbed
    assert len(moments) >= KILLS
    versions = set()
    for moment in moments:
        output = tmp_path / str(moment)
        shutil.copytree(before, output)
        assert build(output, moment)["signal"] == 9, moment
        release = open_release(output)
        assert list(verify(release)) == [], moment
        versions.add(release.version)
        last = {path: data for path, data in was.items() if path.startswith("releases/")}
        left = visible(output)
        assert {path: left.get(path) for path in last} == last, moment
        assert release.version == "1.1.0" or left["latest.json"] == was["latest.json"]
        assert build(output, None)["status"] == 0, moment
        assert visible(output) == will_be, moment
        shutil.rmtree(output)
    assert versions == {"1.0.0", "1.1.0"}


def test_a_first_build_that_is_killed_publishes_nothing_or_all(build: Build, more: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
    whole = tmp_path / "whole"
    writes = build(whole, None)["writes"]
    for moment in random.Random(7).sample(range(1, writes + 1), 5):
        output = tmp_path / str(moment)
        assert build(output, moment)["signal"] == 9
        if (output / "latest.json").exists():
            assert list(verify(open_release(output))) == []
        assert build(output, None)["status"] == 0
        assert visible(output) == visible(whole), moment


def test_what_a_killed_build_left_is_cleared_away_by_the_next(build: Build, before: Path, undisturbed: tuple[Tree, list[int]], tmp_path: Path):
    output = tmp_path / "output"
    shutil.copytree(before, output)
    made = {path.name for path in (output / ".work").iterdir()}
    for moment in undisturbed[1][::3]:
        build(output, moment)
    assert build(output, None)["status"] == 0
    assert {path.name for path in (output / ".work").iterdir()} == made
    assert list((output / ".work" / "batches").rglob(".*")) == []
    assert sorted(path.name for path in output.iterdir()) == [".work", "latest.json", "releases", "releases.json"]


def test_two_builds_in_two_folders_on_two_days_make_the_same_bytes(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str):
    corpus, clock = root / "tests" / "examples" / "corpus", time.time
    shutil.copytree(corpus, tmp_path / "elsewhere" / "pages", copy_function=shutil.copyfile)
    pipeline.build([str(corpus)], tmp_path / "one", engine="inline", released=day)
    monkeypatch.setattr(time, "time", lambda: clock() + 400 * 86_400)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    monkeypatch.chdir(tmp_path / "elsewhere")
    pipeline.build(["pages"], "output", engine="inline", released=day)
    assert visible(tmp_path / "one") == visible(tmp_path / "elsewhere" / "output")
