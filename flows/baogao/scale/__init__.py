"""Mapping a function over batches: in line, over processes of this machine, or over a Dask cluster. Workers get and give references, never texts.

In: a function of a module and its items. Out: results in the order of the items. Never: knowledge of what is mapped.
A worker that dies is replaced and its item worked again, apart from all others. An item that workers die of may say how to go on without the piece that
is to blame: it has a method `after_death`, which gives the item to work instead, or None.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from baogao.records import BaogaoError
from baogao.scale.care import Care, time_limit
from baogao.scale.local import Inline, Processes, WorkerDied, warm_up_processes

__all__ = ["ENGINES", "Care", "Engine", "Inline", "Processes", "WorkerDied", "map_items", "open_engine", "run_item", "time_limit", "warm_up", "worker_count"]

T = TypeVar("T")
R = TypeVar("R")

ENGINES = ("inline", "processes", "dask")


class Engine(Protocol):
    """Where work is done."""

    def run(self, work: Callable[[T], R], item: T, *, alone: bool, apart: bool = False) -> R:
        """The result of one item.

        `alone` says that there is no other item to share the machine with, `apart` that a worker has died of it: it must not take others along.
        Raises WorkerDied where a worker died of it that worked on nothing else.
        """
        ...


@contextmanager
def open_engine(name: str, workers: int | None = None, address: str | None = None) -> Iterator[Engine]:
    """An engine by its name; `workers` is the number of processes (default: one for each core), `address` that of a Dask scheduler that runs already.

    Raises BaogaoError for a name that is none, or a scheduler that does not answer.
    """
    if address and name != "dask":
        raise BaogaoError(f"--dask-address {address} is for --engine dask, not {name}: leave one of them out")
    if name == "inline":
        yield Inline()
    elif name == "processes":
        with Processes(worker_count(workers)) as engine:
            yield engine
    elif name == "dask":
        from baogao.scale.cluster import open_cluster  # noqa: PLC0415 - an extra, and not needed on one machine

        with open_cluster(worker_count(workers), address) as cluster:
            yield cluster
    else:
        raise BaogaoError(f"there is no engine {name!r}: use one of {', '.join(ENGINES)}")


def worker_count(workers: int | None) -> int:
    """The number of workers: the one asked for, else one for each core that this process may use."""
    if workers is not None and workers < 1:
        raise BaogaoError(f"--workers {workers} does no work: name 1 or more")
    return workers or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def warm_up(engine: str) -> None:
    """Start loading what workers need, beside what this process does meanwhile."""
    if engine == "processes":
        warm_up_processes()


def run_item(engine: Engine, work: Callable[[T], R], item: T, *, alone: bool) -> R:
    """The result of one item; where workers die of it, of what it says is to be worked instead."""
    again: Any = item
    while True:
        try:
            return engine.run(work, again, alone=alone, apart=again is not item)
        except WorkerDied:
            again = after_death() if (after_death := getattr(again, "after_death", None)) else None
            if again is None:
                raise


def map_items(engine: Engine, work: Callable[[T], R], items: Sequence[T], workers: int) -> Iterator[R]:
    """Results in the order of the items, worked on as many at a time as there are workers."""
    if len(items) < 2 or workers < 2 or isinstance(engine, Inline):
        yield from (run_item(engine, work, item, alone=len(items) < 2) for item in items)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    with ThreadPoolExecutor(workers) as threads:
        yield from threads.map(lambda item: run_item(engine, work, item, alone=False), items)
