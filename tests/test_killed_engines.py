"""A build over several processes that is killed, whole or in part, or whose workers are killed, makes what one makes that nothing happens to."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from baogao.release import open_release
from killed import visible
from killed_engines import Ended, Plan

Build = Callable[[Plan], Ended]
PROCESSES, DASK = ["--engine", "processes"], ["--engine", "dask"]
# Kills in the batches, in a release that is being made, and where users see what is written.
IN_BATCHES, IN_RELEASE, IN_VIEW = 6, 3, 1


def work(output: Path) -> list[str]:
    """The files of work done, and whatever is left of work in progress."""
    return sorted(path.relative_to(output).as_posix() for path in (output / ".work").rglob("*") if path.is_file() or path.name.startswith("."))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder, with a release of some of the pages once there is a `build`."""
    return tmp_path_factory.mktemp("before") / "output"


@pytest.fixture(scope="module")
def build(root: Path, before: Path) -> Iterator[Build]:
    command = [sys.executable, str(Path(__file__).parent / "killed_engines.py"), str(root / "tests" / "examples" / "corpus"), str(before)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"

        def build(plan: Plan) -> Ended:
            assert run.stdin is not None
            assert run.stdout is not None
            run.stdin.write(json.dumps(asdict(plan)) + "\n")
            run.stdin.flush()
            return Ended(**json.loads(run.stdout.readline()))

        yield build


@pytest.fixture(scope="module")
def undisturbed(build: Build, before: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """What a build of all pages that nothing happens to makes of it, and the number of its writes by where they go."""
    output = tmp_path_factory.mktemp("undisturbed") / "output"
    shutil.copytree(before, output)
    ended = build(Plan(str(output), PROCESSES))
    assert (ended.signal, ended.status, ended.all_ended, open_release(output).version) == (0, 0, True, "1.1.0"), ended.said
    return output, ended.writes


@pytest.fixture
def output(undisturbed: tuple[Path, dict[str, int]], before: Path, tmp_path: Path) -> Path:
    """An output folder with the first release."""
    return Path(shutil.copytree(before, tmp_path / "output"))


def sure(writes: int) -> range:
    """The writes that every build comes to: two workers that find a folder missing both make it, so their number is not always the same."""
    return range(1, writes * 4 // 5)


def moments(writes: dict[str, int]) -> list[tuple[str, int]]:
    """Ten moments to kill a build at in turn, as the number of writes to a place.

    Those in the batches are together half of what there is to do: however far orphans come before they end, there is always work left to be killed at.
    """
    random_ = random.Random(8)
    cuts = [0, *sorted(random_.sample(range(1, writes["batches"] // 2), IN_BATCHES))]
    return [
        *(("batches", after - before) for before, after in pairwise(cuts)),
        *(("release", moment) for moment in random_.sample(sure(writes["release"]), IN_RELEASE)),
        *(("visible", moment) for moment in random_.sample(range(1, writes["visible"]), IN_VIEW)),
    ]


def test_a_build_killed_ten_times_in_turn_ends_as_if_nothing_had_been(build: Build, undisturbed: tuple[Path, dict[str, int]], output: Path):
    first, will_be = visible(output), visible(undisturbed[0])
    for n, (where, moment) in enumerate(moments(undisturbed[1])):
        ended = build(Plan(str(output), PROCESSES, kill=("run", "all")[n % 2], where=where, moments=(moment,)))
        assert (ended.signal, ended.writes["kills"]) == (9, 1), ended
        assert ended.is_free, "an orphan holds the output folder"
        assert ended.all_ended, "an orphan works on"
        left = visible(output)
        if where == "visible":
            assert all(left[path] == data for path, data in first.items() if path.startswith("releases/"))
            assert left["latest.json"] in (first["latest.json"], will_be["latest.json"])
        else:
            assert left == first, (where, moment)
    ended = build(Plan(str(output), PROCESSES))
    assert ended.status == 0, ended.said
    assert visible(output) == will_be
    assert work(output) == work(undisturbed[0])


@pytest.mark.parametrize("engine", [PROCESSES, DASK, [*DASK, "--dask-address", "here"]], ids=["processes", "dask", "dask-address"])
def test_workers_that_are_killed_change_nothing(build: Build, undisturbed: tuple[Path, dict[str, int]], output: Path, engine: list[str]):
    early, late = (sure(undisturbed[1]["workers"])[part] for part in (slice(0, 100), slice(150, None)))  # twice over the same work would be no accident
    random_ = random.Random(len(engine))
    kills = (random_.choice(early), random_.choice(late))
    ended = build(Plan(str(output), engine, kill="worker", where="workers", moments=kills))
    assert (ended.signal, ended.status, ended.writes["kills"]) == (0, 0, 2), ended
    assert ended.all_ended, "a worker works on"
    assert visible(output) == visible(undisturbed[0])
    assert work(output) == work(undisturbed[0])


def test_the_workers_of_a_cluster_end_with_a_build_that_is_killed(build: Build, undisturbed: tuple[Path, dict[str, int]], output: Path):
    ended = build(Plan(str(output), DASK, kill="run", moments=(undisturbed[1]["batches"] // 2,)))
    assert (ended.signal, ended.is_free, ended.all_ended) == (9, True, True), ended
    ended = build(Plan(str(output), DASK))
    assert ended.status == 0, ended.said
    assert visible(output) == visible(undisturbed[0])
    assert work(output) == work(undisturbed[0])
