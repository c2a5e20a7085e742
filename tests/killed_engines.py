"""Builds over several processes that are killed, or whose workers are: run by test_killed_engines, which see.

In: the folder of pages, an output folder, then commands on stdin, one a line as JSON, with the fields of `Plan`.
Out: in the output folder a first release, of some of the pages, then a line; for each command, a line of JSON with the fields of `Ended`.
Each build is `baogao build --no-prefect` in a session of its own, forked from this process, so that libraries are loaded once. Its workers are those of the
engine, begun as they are for users, but that they load this module: it counts their writes, and kills where it is told to, before the write is done.
"""

from __future__ import annotations

import functools
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType

import pyarrow as pa
from filelock import FileLock, Timeout

from killed import DAY, is_write

FIRST = ("yongji-2023.html", "yuncheng-2023.txt", "news.txt")
# A process that finds this in its environment takes part in a build that is watched.
_PLAN = "BAOGAO_KILLED_ENGINES"
_PATIENCE = 120


@dataclass(frozen=True)
class Plan:
    """A build, and at which writes to kill what."""

    output: str
    engine: list[str]
    """Arguments of the command; with `here` for the address of a Dask scheduler, that of a cluster which is opened for it."""
    kill: str | None = None
    """What is killed: `all` processes of the build, the `run` alone, or the `worker` that writes."""
    where: str = "batches"
    """Which writes count: those to `batches`, to the `release` while it is made, those that are `visible`, or those of `workers`."""
    moments: tuple[int, ...] = ()
    counts: str = ""
    """A folder with a file for each kind of writes, which has a byte for each: made here, as is the next."""
    run: int = 0
    """The process of the build; it leads the group of all."""


@dataclass(frozen=True)
class Ended:
    """How a build ended."""

    signal: int
    """What killed it; 0 for nothing."""
    status: int
    is_free: bool
    """Whether the output folder could be locked at once, with workers still there."""
    all_ended: bool
    """Whether its workers ended too."""
    writes: dict[str, int]
    said: str


def take_part(plan: Plan) -> None:
    """Count the writes of this process, and of those forked from it, and kill at the moments of the plan."""
    pass_all_rows()
    sys.addaudithook(functools.partial(_count, plan))


def pass_all_rows() -> None:
    """Leave expectations out: what they say of rows is not the subject, and loading what they need takes most of a worker's time."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    sys.modules["baogao.expectations"] = stub = ModuleType("baogao.expectations")
    vars(stub)["violations"] = lambda table, rows: []


def _count(plan: Plan, event: str, arguments: tuple[object, ...]) -> None:
    if is_write(event, arguments):
        for kind in {kind for path in arguments for kind in _kinds(plan, str(path))}:
            if _number(plan, kind) in plan.moments and kind == plan.where:
                _kill(plan)


def _kinds(plan: Plan, path: str) -> Iterator[str]:
    if path.startswith(f"{plan.output}/"):
        below = path.removeprefix(f"{plan.output}/")
        if not below.startswith(".work"):
            yield "visible"
        for kind, start in (("batches", ".work/batches/"), ("release", ".work/release-")):
            if below.startswith(start):
                yield kind
        if os.getpid() != plan.run:
            yield "workers"


def _number(plan: Plan, kind: str) -> int:
    """How many writes of the kind there are with this one, over all processes."""
    file = os.open(f"{plan.counts}/{kind}", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b".")
    number = os.lseek(file, 0, os.SEEK_CUR)
    os.close(file)
    return number


def _kill(plan: Plan) -> None:
    _number(plan, "kills")
    if plan.kill == "all":
        os.killpg(plan.run, signal.SIGKILL)
    elif plan.kill == "worker":
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        os.kill(plan.run, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGSTOP)  # the orphan is held until it is seen whether it holds anything itself


def build(pages: str, plan: Plan) -> Ended:
    """Run a build by its plan."""
    reader, writer = os.pipe()
    run = os.fork()
    if run == 0:
        os.setsid()
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        os.closerange(3, writer + 1)
        signal.alarm(_PATIENCE)  # a build that hangs is ended, and told by its signal
        _run(pages, replace(plan, run=os.getpid()))
    os.close(writer)
    _, ended = os.waitpid(run, 0)
    is_free = _can_be_locked(plan.output)
    # Whoever is left of the build keeps its output open: the read ends when all have ended.
    said, all_ended, until = b"", False, time.monotonic() + _PATIENCE
    while not all_ended and time.monotonic() < until:
        with suppress(ProcessLookupError):
            os.killpg(run, signal.SIGCONT)  # again and again: an orphan may come to stop itself only now
        if select.select([reader], [], [], 1)[0]:
            said += (data := os.read(reader, 1 << 16))
            all_ended = not data
    os.close(reader)
    by, status = (os.WTERMSIG(ended), -1) if os.WIFSIGNALED(ended) else (0, os.WEXITSTATUS(ended))
    writes = {file.name: file.stat().st_size for file in sorted(Path(plan.counts).iterdir())}
    return Ended(by, status, is_free, all_ended, writes, said.decode(errors="replace"))


def _run(pages: str, plan: Plan) -> None:
    from baogao import cli

    os.environ[_PLAN] = json.dumps(asdict(plan))
    status = 70
    try:
        with _engine(plan.engine) as engine:
            take_part(plan)
            status = cli.main(["build", "--no-prefect", *engine, "--workers", "2", "--output", plan.output, pages])
    finally:
        os._exit(status)


@contextmanager
def _engine(arguments: list[str]) -> Iterator[list[str]]:
    """The arguments of the command, with the address of a cluster that is there for it."""
    if "here" not in arguments:
        yield arguments
        return
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=60) as cluster:  # type: ignore[no-untyped-call]
        yield [cluster.scheduler_address if argument == "here" else argument for argument in arguments]


def _can_be_locked(output: str) -> bool:
    try:
        with FileLock(f"{output}/.work/lock", timeout=0):
            return True
    except Timeout:
        return False


def main() -> None:
    """Run builds as they are asked for."""
    from baogao import pipeline, sources
    from baogao.scale import local

    pass_all_rows()
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    local._PRELOADED = [*(name for name in local._PRELOADED if name != "baogao.expectations"), "killed_engines"]
    sources.BATCH_PAGES_MAX = 1
    pipeline.build = functools.partial(pipeline.build, released=DAY)
    pages, first = sys.argv[1:]
    pipeline.build([f"{pages}/{name}" for name in FIRST], first, engine="inline")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as counts:
            sys.stdout.write(json.dumps(asdict(build(pages, replace(Plan(**json.loads(line)), counts=counts)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
elif _PLAN in os.environ:
    take_part(Plan(**json.loads(os.environ.pop(_PLAN))))
