from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from baogao.cli import main
from baogao.orchestrate.companions import companion
from baogao.records import BaogaoError
from baogao.store import locked, open_output

# An upper limit for what takes half a minute on two idle cores.
_PATIENCE = 240.0


def lines(stream: int, until: float) -> str:
    """What is written to a pipe next, or nothing when the time is up."""
    ready, _, _ = select.select([stream], [], [], max(0.0, until - time.monotonic()))
    return os.read(stream, 1 << 16).decode() if ready else ""


def processes_with(mark: str) -> list[int]:
    """The processes whose environment holds a mark."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                if mark.encode() in (path / "environ").read_bytes():
                    found.append(int(path.name))
            except OSError:
                continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system does not show the processes of a schedule")
def test_a_schedule_fires_publishes_once_and_leaves_no_process_behind(root: Path, tmp_path: Path) -> None:
    mark = f"BAOGAO_TEST={tmp_path.name}-{os.getpid()}"
    environment = {"PYTHONPATH": str(root / "flows"), "PATH": os.environ["PATH"], "HOME": str(tmp_path), "BAOGAO_TEST": mark.partition("=")[2]}
    command = [sys.executable, "-m", "baogao.cli", "schedule", "--interval", "4", "--engine", "inline", "--output", "output", str(root / "seeds" / "pages")]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as schedule:
        assert schedule.stdout is not None
        assert schedule.stderr is not None
        until, said, told = time.monotonic() + _PATIENCE, "", ""
        while said.count("\n") < 2 and time.monotonic() < until and schedule.poll() is None:
            said += lines(schedule.stdout.fileno(), min(until, time.monotonic() + 1))
        schedule.send_signal(signal.SIGTERM)
        rest, problems = schedule.communicate(timeout=_PATIENCE)
        told = problems.decode()
    first, second, *_ = [line.split(" ", 1)[1] for line in said.splitlines()]
    assert first == "Published release 1.0.0 with 1 reports and 17 figures"
    assert second == "Nothing new: release 1.0.0 holds all of it"
    assert re.fullmatch(r"Building on schedule; Prefect's page is at http://127\.0\.0\.1:\d+ \(Ctrl-C stops\)\n", told)
    assert schedule.returncode == 0
    assert all("Nothing new" in line for line in rest.decode().splitlines())
    assert [path.name for path in (tmp_path / "output" / "releases").iterdir()] == ["1.0.0"]
    gone = time.monotonic() + 30  # a run that was being worked on ends within a second of the schedule
    while (left := processes_with(mark)) and time.monotonic() < gone:
        time.sleep(0.2)
    assert left == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--interval", "0"], "--interval 0 is no number of seconds between runs: name 1 or more"),
        (["--interval", "-5"], "--interval -5 is no number of seconds between runs: name 1 or more"),
        (["--interval", "nan"], "--interval nan is no number of seconds between runs: name 1 or more"),
        (["--cron", "now and then"], "--cron 'now and then' is no line of cron: name minute, hour, day, month and weekday, such as '0 3 * * *'"),
        (["--interval", "60", "--workers", "0"], "--workers 0 does no work: name 1 or more"),
    ],
)
def test_times_at_which_nothing_can_be_run_are_told_before_anything_starts(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["schedule", *arguments]) == 2
    assert capsys.readouterr().err == f"baogao: {message}\n"
    assert list(tmp_path.iterdir()) == []


def test_two_runs_never_write_one_output(tmp_path: Path) -> None:
    output = open_output(tmp_path / "output")
    with locked(output), pytest.raises(BaogaoError) as refused, locked(output):
        pytest.fail("another run holds it")
    assert str(refused.value) == f"another run is writing to {output.root}: wait for it to end, or name another folder with --output"


def test_a_companion_is_ended_with_the_process_that_needs_it(tmp_path: Path) -> None:
    with companion(["-m", "timeit", "-n", "1", "-r", "1", "import time; time.sleep(600)"], {}, tmp_path / "log") as process:
        assert process.poll() is None
    assert process.poll() is not None


def test_the_deployment_of_a_work_pool_is_that_of_the_flow(root: Path) -> None:
    [deployment] = yaml.safe_load((root / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    path, _, name = deployment["entrypoint"].partition(":")
    code = f"""
import os
os.environ.setdefault("DO_NOT_TRACK", "1")
from prefect.flows import load_flow_from_entrypoint
flow = load_flow_from_entrypoint({deployment["entrypoint"]!r})
flow.validate_parameters({deployment["parameters"]!r})
properties = flow.to_deployment("x")._parameter_openapi_schema.properties
print(flow.name, sorted(properties), all(one.get("description") for one in properties.values()))
"""
    assert (root / path).exists()
    run = subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True, timeout=120)
    names = ["dask_address", "engine", "only_check", "output", "sources", "workers"]
    assert run.stdout == f"baogao-build {names} True\n"
    assert name == "build_dataset"
