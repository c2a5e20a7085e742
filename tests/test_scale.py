from __future__ import annotations

import math
import operator
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from distributed.scheduler import KilledWorker

from baogao.records import BaogaoError
from baogao.scale import ENGINES, Engine, Inline, Processes, map_items, open_engine, time_limit, warm_up, worker_count
from baogao.scale.cluster import Cluster
from poison import Batch, sleep_too_long, work_batch

# What is mapped has to be found by a new process: functions of the standard library, or of a module of its own. operator.call calls what it is given.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # sockets of Dask
DIED = "a worker process ended before its work did (out of memory?): run again with fewer --workers; finished work is kept"


@pytest.fixture(scope="module")
def processes() -> Iterator[Engine]:
    with open_engine("processes", 2) as engine:
        yield engine


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "processes":
        yield request.getfixturevalue("processes")
    else:
        with open_engine(request.param) as opened:
            yield opened


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(engine: Engine, workers: int) -> None:
    items = [2000, 3, 1000, 0, 5, 1500]
    assert list(map_items(engine, math.factorial, items, workers)) == [math.factorial(n) for n in items]


def test_no_item_gives_no_result(engine: Engine) -> None:
    assert list(map_items(engine, math.factorial, [], 2)) == []


@pytest.mark.parametrize("name", ["inline", "processes"])
def test_an_item_that_is_alone_is_worked_on_in_this_process(name: str) -> None:
    with open_engine(name, 2) as engine:
        assert list(map_items(engine, operator.call, [os.getpid], 2)) == [os.getpid()]


def test_inline_work_is_done_in_this_process() -> None:
    assert set(map_items(Inline(), operator.call, [os.getpid] * 3, 2)) == {os.getpid()}


def test_processes_work_in_other_processes(processes: Engine) -> None:
    workers = set(map_items(processes, operator.call, [os.getpid] * 6, 2))
    assert os.getpid() not in workers
    assert 1 <= len(workers) <= 2


def test_one_worker_alone_works_in_another_process_too(processes: Engine) -> None:
    assert os.getpid() not in set(map_items(processes, operator.call, [os.getpid] * 2, 1))


def test_as_many_items_are_worked_on_at_a_time_as_there_are_workers() -> None:
    both = threading.Barrier(2)

    class Waiting:
        def run(self, work: Any, item: Any, *, alone: bool, apart: bool = False) -> Any:
            both.wait(timeout=60)
            return work(item)

    assert list(map_items(Waiting(), math.factorial, [1, 2, 3, 4], 2)) == [1, 2, 6, 24]


def test_an_error_of_the_work_comes_through_as_it_is(engine: Engine) -> None:
    with pytest.raises(ValueError, match="factorial"):
        list(map_items(engine, math.factorial, [1, -1, 2], 2))


def test_inline_work_is_done_one_by_one_as_results_are_asked_for() -> None:
    done: list[int] = []
    results = map_items(Inline(), done.append, [1, 2, 3], 2)
    assert done == []
    next(results)
    assert done == [1]


@pytest.mark.parametrize("name", ["processes", "dask"])
def test_a_piece_that_workers_die_of_is_left_out_and_takes_no_other_along(tmp_path: Path, name: str) -> None:
    batches = [Batch(tmp_path, (1, 2, 3)), Batch(tmp_path, (11, 13, 15)), Batch(tmp_path, (21, 14)), Batch(tmp_path, (31, 32))]
    with open_engine(name, 2) as engine:
        assert list(map_items(engine, work_batch, batches, 2)) == [[1, 2, 3], [11, 15], [21, 14], [31, 32]]
    assert not list(tmp_path.glob("note-*"))


def test_many_poisonous_pieces_are_no_accident(tmp_path: Path) -> None:
    with open_engine("processes", 2) as engine, pytest.raises(BaogaoError) as died:
        list(map_items(engine, work_batch, [Batch(tmp_path, (13,) * 8), Batch(tmp_path, (1,))], 2))
    assert str(died.value) == DIED


@pytest.mark.parametrize("name", ["processes", "dask"])
def test_a_worker_that_is_killed_is_replaced_and_its_work_done_again(name: str) -> None:
    with open_engine(name, 2) as engine:
        workers = set(map_items(engine, operator.call, [os.getpid] * 6, 2))
        os.kill(workers.pop(), signal.SIGKILL)
        assert list(map_items(engine, math.factorial, [3, 4, 5], 2)) == [6, 24, 120]


def test_an_item_that_only_waited_on_workers_which_died_is_not_to_blame() -> None:
    died = KilledWorker("item", None, 1)

    class Client:
        def __init__(self, deaths: int) -> None:
            self.deaths = deaths

        def submit(self, work: Any, item: Any, pure: bool) -> Future[Any]:
            future: Future[Any] = Future()
            self.deaths -= 1
            if self.deaths < 0:
                future.set_result(work(item))
            else:
                future.set_exception(died)
            return future

    assert list(map_items(Cluster(Client(1)), math.factorial, [3, 4], 2)) == [6, 24]
    with pytest.raises(BaogaoError) as told:
        list(map_items(Cluster(Client(2)), math.factorial, [3, 4], 1))
    assert str(told.value) == DIED


def test_a_piece_that_never_ends_ends_its_worker() -> None:
    with open_engine("processes", 2) as engine, pytest.raises(BaogaoError) as died:
        list(map_items(engine, sleep_too_long, [3600, 3600], 2))
    assert str(died.value) == DIED
    with time_limit(1):  # in this process nothing is limited: it is no worker
        pass


def test_an_address_of_no_scheduler_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baogao.scale.cluster._CONNECT", "1s")
    with pytest.raises(BaogaoError) as refused, open_engine("dask", 1, "tcp://127.0.0.1:9"):
        pytest.fail("no scheduler answers")
    assert str(refused.value).startswith("no Dask scheduler answers at tcp://127.0.0.1:9 (")
    assert str(refused.value).endswith("): check the address, such as tcp://10.0.0.1:8786, or leave --dask-address out")


def test_an_address_is_of_no_use_to_another_engine() -> None:
    with pytest.raises(BaogaoError) as refused, open_engine("processes", 1, "tcp://127.0.0.1:9"):
        pytest.fail("it has no scheduler")
    assert str(refused.value) == "--dask-address tcp://127.0.0.1:9 is for --engine dask, not processes: leave one of them out"


def test_a_dying_worker_is_told_in_a_sentence() -> None:
    with open_engine("processes", 1) as engine, pytest.raises(BaogaoError) as died:
        list(map_items(engine, os._exit, [1, 1], 2))
    assert str(died.value) == DIED


def test_engines_are_opened_by_name() -> None:
    assert ENGINES == ("inline", "processes", "dask")
    with open_engine("inline") as engine:
        assert isinstance(engine, Inline)
    with open_engine("processes", 1) as engine:
        assert isinstance(engine, Processes)


def test_a_name_that_is_no_engine_is_told_in_a_sentence() -> None:
    with pytest.raises(BaogaoError) as refused, open_engine("threads"):
        pytest.fail("there is no such engine")
    assert str(refused.value) == "there is no engine 'threads': use one of inline, processes, dask"


@pytest.mark.parametrize("workers", [0, -1])
def test_less_than_one_worker_is_told_in_a_sentence(workers: int) -> None:
    said = f"--workers {workers} does no work: name 1 or more"
    with pytest.raises(BaogaoError) as refused:
        worker_count(workers)
    assert str(refused.value) == said
    with pytest.raises(BaogaoError) as refused, open_engine("processes", workers):
        pytest.fail("there is no worker")
    assert str(refused.value) == said


def test_the_number_of_workers_is_the_one_asked_for_else_one_a_core() -> None:
    assert worker_count(3) == 3
    assert 1 <= worker_count(None) <= (os.cpu_count() or 1)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no processor affinity")
def test_only_cores_that_this_process_may_use_count() -> None:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        assert worker_count(None) == 1
    finally:
        os.sched_setaffinity(0, cores)


@pytest.mark.parametrize("name", ENGINES)
def test_warming_up_changes_no_result(name: str) -> None:
    warm_up(name)
    with open_engine(name, 1) as engine:
        assert list(map_items(engine, math.factorial, [3, 4], 1)) == [6, 24]


_WAITS = """
import os, sys, time
from baogao import scale
if __name__ == "__main__":
    with scale.open_engine("processes", 2) as engine:
        for _ in scale.map_items(engine, time.sleep, [0, 0], 2):
            pass
        print("working", flush=True)
        list(scale.map_items(engine, time.sleep, [3600, 3600], 2))
"""


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path):
    """Whoever is left of the run keeps its output open: the read ends when all have ended."""
    script = tmp_path / "waits.py"
    script.write_text(_WAITS, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"working\n"
        run.kill()
        assert run.communicate(timeout=60)[0] == b""
