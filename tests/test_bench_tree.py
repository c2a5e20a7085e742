"""What the bench says of a command is true of all its processes, those too whose parent has ended. Each is measured by a process of its own, which adopts them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the bench reads /proc")
BENCH = Path(__file__).parent / "bench"
MEASURE = """
import dataclasses, json, sys
from tree import measured
print(json.dumps(dataclasses.asdict(measured(sys.argv[1:]))))
"""
BURN = "import sys, time; held = bytearray(80_000_000)\nwhile time.process_time() < 0.5: pass\nopen(sys.argv[1], 'w').write('done')"
# The command ends at once, and leaves the work to a process that nobody waits for.
LEAVES = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1], sys.argv[2]]); print('out'); print('one\\ntwo', file=sys.stderr)"


def measure(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", MEASURE, *command], cwd=BENCH, capture_output=True, text=True, timeout=120, check=False)


def test_the_time_and_memory_of_a_process_left_behind_count_once(tmp_path: Path) -> None:
    file = tmp_path / "file"
    run = json.loads(measure(sys.executable, "-c", LEAVES, BURN, str(file)).stdout)
    assert file.read_text(encoding="utf-8") == "done"
    assert 0.5 <= run["cpu"] < 1.0
    assert run["out"] == "out\n"
    assert [line for _, line in run["lines"]] == ["one", "two"]


def test_the_largest_process_and_the_time_between_two_moments_are_told(tmp_path: Path) -> None:
    run = json.loads(measure(sys.executable, "-c", BURN, str(tmp_path / "file")).stdout)
    assert 80_000_000 <= run["peak_process"] < 160_000_000
    moments, spent = zip(*run["series"], strict=True)
    assert list(moments) == sorted(moments)
    assert list(spent) == sorted(spent)
    assert spent[-1] == run["cpu"]


def test_a_command_that_fails_is_an_error_with_what_it_said_last() -> None:
    told = measure(sys.executable, "-c", "import sys; print('no such page', file=sys.stderr); sys.exit(3)")
    assert told.returncode == 1
    assert "ended with status 3:\nno such page" in told.stderr
