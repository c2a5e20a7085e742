from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from baogao import orchestrate, pipeline
from baogao.orchestrate.settings import configure
from baogao.pipeline import Stage
from baogao.records import BaogaoError
from baogao.store import open_output


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment of the test's own."""
    own: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", own)
    return own


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


# --- settings


def test_without_a_server_prefect_lives_under_the_output_folder(tmp_path: Path, environment: dict[str, str]):
    configure(open_output(tmp_path / "output"), verbose=False)
    assert environment["PREFECT_HOME"] == str(tmp_path / "output" / ".work" / "prefect")
    assert int(environment["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"]) > 20


def test_a_server_that_is_configured_is_reported_to(tmp_path: Path, environment: dict[str, str]):
    environment["PREFECT_API_URL"] = "http://127.0.0.1:4200/api"
    configure(open_output(tmp_path), verbose=False)
    assert "PREFECT_HOME" not in environment
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"


def test_what_the_user_has_set_stays(tmp_path: Path, environment: dict[str, str]):
    environment |= {"PREFECT_HOME": "/elsewhere", "PREFECT_LOGGING_LEVEL": "DEBUG"}
    configure(open_output(tmp_path), verbose=False)
    assert (environment["PREFECT_HOME"], environment["PREFECT_LOGGING_LEVEL"]) == ("/elsewhere", "DEBUG")


@pytest.mark.parametrize(("verbose", "level"), [(False, "CRITICAL"), (True, "INFO")])
def test_prefect_is_quiet_unless_asked(tmp_path: Path, environment: dict[str, str], verbose: bool, level: str):
    configure(open_output(tmp_path), verbose=verbose)
    assert (environment["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"], environment["PREFECT_SERVER_LOGGING_LEVEL"]) == (level, "CRITICAL")
    assert environment["PREFECT_LOGGING_LEVEL"] == "INFO"  # the server keeps what the terminal is spared


def test_nothing_is_sent_to_anyone(tmp_path: Path, environment: dict[str, str]):
    configure(open_output(tmp_path), verbose=True)
    assert (environment["DO_NOT_TRACK"], environment["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")


@pytest.mark.parametrize(
    ("output", "workers", "message"), [("file/output", None, "cannot be written"), ("output", 0, "--workers 0 does no work")]
)
def test_wrong_use_is_told_before_prefect_starts(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, output: str, workers: int | None, message: str
):
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "prefect", None)  # an import of it fails
    with pytest.raises(BaogaoError, match=message):
        orchestrate.build(["pages"], tmp_path / output, workers=workers)


def test_a_run_takes_what_a_build_without_prefect_takes():
    import inspect

    plain, orchestrated = (inspect.signature(module.build).parameters for module in (pipeline, orchestrate))
    assert {name: one.default for name, one in orchestrated.items() if name != "verbose"} == {name: one.default for name, one in plain.items()}


# --- the flow


def program(root: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(root / "flows"), "PATH": os.environ["PATH"], "HOME": str(cwd)}
    command = [sys.executable, "-m", "baogao.cli", *arguments]
    return subprocess.run(command, check=False, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300)


def query(output: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{output}/.work/prefect/prefect.db?mode=ro", uri=True)) as database:
        return database.execute(question).fetchall()


FLOWS = "select flow.name, flow_run.state_type from flow_run join flow on flow.id = flow_run.flow_id"


@pytest.mark.slow
def test_the_flow_publishes_the_same_bytes_with_a_task_run_for_each_batch_of_each_stage(root: Path, tmp_path: Path):
    corpus = root / "tests" / "examples" / "corpus"
    run = program(root, tmp_path, "build", str(corpus), "--json")
    assert (run.returncode, run.stderr) == (0, "")
    built = json.loads(run.stdout)
    assert (built["version"], built["is_new"]) == ("1.0.0", True)

    output = tmp_path / "output"
    counts: list[tuple[str, int]] = []
    plain = pipeline.build([str(corpus)], tmp_path / "plain", engine="inline", released=released(output), watch=counting(counts))
    assert tree(output / "releases") == tree(tmp_path / "plain" / "releases")
    assert (output / "latest.json").read_bytes() == (tmp_path / "plain" / "latest.json").read_bytes()
    assert built["quality"] == plain.quality

    assert query(output, FLOWS) == [("baogao-build", "COMPLETED")]
    tasks = query(output, "select name, state_type from task_run")
    expected = Counter(f"{name} {number} of {count}" for name, count in counts for number in range(1, count + 1))
    assert Counter(name for name, _ in tasks) == expected
    assert {state for _, state in tasks} == {"COMPLETED"}
    assert {name for name, _ in counts} == set(pipeline.STAGES)

    [(name, run_tags)] = query(output, "select name, tags from flow_run")
    assert name == f"{[str(corpus)]} to output"
    assert "baogao" in run_tags
    assert {tag for (told,) in query(output, "select tags from task_run") for tag in json.loads(told)} == {"baogao", *pipeline.STAGES}
    logs = [message for (message,) in query(output, "select message from log order by timestamp")]
    assert any(message.startswith("structure: ") for message in logs)
    said = f"Published release 1.0.0 with {plain.release.rows['reports']} reports and {plain.release.rows['indicators']} figures" if plain.release else ""
    assert said in logs
    assert query(output, "select message from flow_run_state where type = 'COMPLETED'") == [(said,)]
    kept = {key: json.loads(data) if isinstance(data, str) else data for key, data in query(output, "select key, data from artifact where key is not null")}
    assert kept["baogao-summary"].startswith(f"# {said}\n")
    assert kept["baogao-progress"] == 100.0
    assert {row["what"] for row in json.loads(kept["baogao-quality"])} >= {"reports, county", "indicators.indicator filled"}
    assert [row["rows"] for row in json.loads(kept["baogao-rejects"])] == list(plain.quality["rejects"].values()) or [0]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "plain") == ["output"]


@pytest.mark.slow
def test_a_flow_whose_release_fails_the_checks_says_so_in_one_sentence(root: Path, tmp_path: Path):
    run = program(root, tmp_path, "build", str(root / "tests" / "examples" / "corpus" / "news.txt"))
    assert (run.returncode, run.stdout) == (1, "")
    [line] = run.stderr.splitlines()
    assert line.startswith("baogao: reports.rows is 0, below the minimum of 1 (news.txt: news: ")
    assert query(tmp_path / "output", FLOWS) == [("baogao-build", "FAILED")]
    [(summary,)] = query(tmp_path / "output", "select data from artifact where key = 'baogao-summary'")
    assert json.loads(summary).startswith("# Nothing was published\n\nreports.rows is 0")


def released(output: Path) -> str:
    day: str = json.loads((output / "latest.json").read_text(encoding="utf-8"))["released"]
    return day


def counting(counts: list[tuple[str, int]]) -> Callable[[Stage], Stage]:
    """A watch that notes each stage with the number of its items."""

    def watch(stage: Stage) -> Stage:
        def mapped(name: str, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
            counts.append((name, len(items)))
            return stage(name, work, items)

        return mapped

    return watch
