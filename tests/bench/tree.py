"""A command with all its processes, measured: wall time, CPU time, memory, and when it said what.

In: a command. Out: a `Run`. Never: a process that outlives it. For Linux alone, as it reads /proc.
This process adopts those whose parent ends before them, so that all are waited for, and the CPU time of each is counted once. Memory is looked at ten
times a second; what processes share is in the sum over them as often as they are.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from bisect import bisect
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_EVERY = 0.1
# Processes that are left when the command has ended get so many seconds to end too.
_LINGER = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")
_ADOPT = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h
_SAID_MAX = 20


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took. Memory is in bytes, all else in seconds."""

    seconds: float
    cpu: float
    peak_process: int
    peak_tree: int
    out: str
    lines: tuple[tuple[float, str], ...]
    """What it said on stderr, and when."""
    series: tuple[tuple[float, float], ...]
    """CPU time spent by each moment looked at."""

    def cpu_between(self, start: float, end: float) -> float:
        """CPU time spent between two moments, in proportion where they fall between looks."""
        return self._cpu_at(end) - self._cpu_at(start)

    def _cpu_at(self, moment: float) -> float:
        at = min(max(bisect(self.series, (moment, 0.0)), 1), len(self.series) - 1)
        [((before, low), (after, high))] = pairwise(self.series[at - 1 : at + 1])
        return low + (high - low) * min(max(moment - before, 0.0) / ((after - before) or 1.0), 1.0)


def measured(command: Sequence[str | Path]) -> Run:
    """Run a command to its end. Raises RuntimeError with its last lines where it fails."""
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)
    before, start = _waited_for(), time.monotonic()
    lines: list[tuple[float, str]] = []
    series, largest, together = [(0.0, 0.0)], 0, 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, encoding="utf-8")

        def listen() -> None:
            lines.extend((time.monotonic() - start, line.rstrip("\n")) for line in process.stderr or ())

        listener = threading.Thread(target=listen)
        listener.start()
        status = None
        try:
            while status is None:
                ticks = _processes_below()
                series.append((time.monotonic() - start, sum(ticks.values()) / _TICKS))
                memory = [_memory(pid) for pid in ticks]
                largest = max([largest, *(peak for peak, _ in memory)])
                together = max(together, sum(now for _, now in memory))
                with suppress(subprocess.TimeoutExpired):
                    status = process.wait(_EVERY)
            seconds = time.monotonic() - start
        finally:
            process.kill()  # where this process is stopped; nothing where it has ended
            _wait_for_the_rest()
            listener.join()
        cpu = _waited_for() - before
        if status:
            raise RuntimeError(f"{' '.join(map(str, command))} ended with status {status}:\n" + "\n".join(line for _, line in lines[-_SAID_MAX:]))
        out.seek(0)
        return Run(seconds, cpu, largest, together, out.read(), tuple(lines), (*series, (seconds, cpu)))


def _waited_for() -> float:
    """CPU time of all processes below this one that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _processes_below() -> dict[int, int]:
    """Every process below this one, with the clock ticks that it has spent, and those below it that have ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            pid = int(folder.name)
            parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))
    below: set[int] = set()
    while found := {pid for pid, parent in parents.items() if parent in below or parent == os.getpid()} - below:
        below |= found
    return {pid: ticks[pid] for pid in below}


def _memory(pid: int) -> tuple[int, int]:
    """The most memory that a process has held, and what it holds now."""
    held = {"VmHWM": 0, "VmRSS": 0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name in held:
                held[name] = int(value.split()[0]) * 1024
    return held["VmHWM"], held["VmRSS"]


def _wait_for_the_rest() -> None:
    """Wait for the processes that a command leaves behind, and end those that stay."""
    deadline = time.monotonic() + _LINGER
    with suppress(ChildProcessError):
        while True:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
            if time.monotonic() > deadline:
                for pid in _processes_below():
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(_EVERY)
