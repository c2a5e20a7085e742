"""Mapping a function over batches: in line, or over processes. What a worker gets and gives back is small: references, never texts.

In: a function of a module and its items. Out: results in the order of the items. Never: knowledge of what is mapped.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Protocol, TypeVar

from baogao.records import BaogaoError

T = TypeVar("T")
R = TypeVar("R")

ENGINES = ("inline", "processes")
# Imported once, by the process that workers are forked from: Great Expectations takes seconds, the rest a good part of one.
_PRELOADED = ["baogao.expectations", "baogao.moves", "baogao.check", "baogao.publish"]


class Engine(Protocol):
    """Where work is done."""

    def run(self, work: Callable[[T], R], item: T, *, alone: bool) -> R:
        """The result of one item. `alone` says that there is no other item to share the machine with."""
        ...


class Inline:
    """Work in this very process."""

    def run(self, work: Callable[[T], R], item: T, *, alone: bool) -> R:  # noqa: ARG002 - the same either way
        """The result of one item."""
        return work(item)


class Processes:
    """Work over processes of this machine. An item that is alone is worked on here: there is nothing to share out."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def run(self, work: Callable[[T], R], item: T, *, alone: bool) -> R:
        """The result of one item."""
        if alone:
            return work(item)
        try:
            return self._pool.submit(work, item).result()
        except BrokenProcessPool as error:
            raise BaogaoError("a worker process ended before its work did (out of memory?): run again with fewer --workers; finished work is kept") from error


@contextmanager
def open_engine(name: str, workers: int | None = None) -> Iterator[Engine]:
    """An engine by its name; `workers` is the number of processes (default: one for each core). Raises BaogaoError for a name that is none."""
    if name == "inline":
        yield Inline()
        return
    if name != "processes":
        raise BaogaoError(f"there is no engine {name!r}: use one of {', '.join(ENGINES)}")
    with ProcessPoolExecutor(worker_count(workers), mp_context=_context(), initializer=_end_with_parent) as pool:
        yield Processes(pool)


def worker_count(workers: int | None) -> int:
    """The number of workers: the one asked for, else one for each core that this process may use."""
    if workers is not None and workers < 1:
        raise BaogaoError(f"--workers {workers} does no work: name 1 or more")
    return workers or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def warm_up(engine: str) -> None:
    """Start loading what workers need, beside what this process does meanwhile."""
    context = _context()
    if engine == "processes" and context.get_start_method() == "forkserver":
        forkserver.ensure_running()


def map_items(engine: Engine, work: Callable[[T], R], items: Sequence[T], workers: int) -> Iterator[R]:
    """Results in the order of the items, worked on as many at a time as there are workers."""
    if len(items) < 2 or workers < 2 or isinstance(engine, Inline):
        yield from (engine.run(work, item, alone=len(items) < 2) for item in items)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    with ThreadPoolExecutor(workers) as threads:
        yield from threads.map(lambda item: engine.run(work, item, alone=False), items)


def _end_with_parent() -> None:
    """In a worker: end when the process that it works for has ended, even where that was killed and could not say so."""
    run = multiprocessing.parent_process()
    if run is not None:
        threading.Thread(target=_exit_after, args=(run,), daemon=True).start()


def _exit_after(run: BaseProcess) -> None:
    run.join()
    os._exit(1)


def _context() -> multiprocessing.context.BaseContext:
    """Processes that begin clean, and fast where the system can fork: never a fork of a process that has threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context
