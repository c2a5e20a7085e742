"""Work on this machine: in this process, or over others of it.

In: a function of a module and an item. Out: its result. Never: the end of one worker as the end of the others' work.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self, TypeVar

from baogao.records import BaogaoError

T = TypeVar("T")
R = TypeVar("R")

# Imported once, by the process that workers are forked from: Great Expectations takes seconds, the rest a good part of one.
_PRELOADED = ["baogao.expectations", "baogao.moves", "baogao.check", "baogao.publish"]
# A batch makes some million objects, none of them in cycles: collections at the usual pace are a twentieth of its time.
_GC_AFTER = 100_000


class WorkerDied(BaogaoError):
    """A worker process ended before its work did, and had no other work."""

    def __init__(self) -> None:
        super().__init__("a worker process ended before its work did (out of memory?): run again with fewer --workers; finished work is kept")


class Inline:
    """Work in this very process."""

    def run(self, work: Callable[[T], R], item: T, *, alone: bool, apart: bool = False) -> R:  # noqa: ARG002 - the same either way
        """The result of one item."""
        return work(item)


class Processes:
    """Work over processes of this machine. An item that is alone is worked on here: there is nothing to share out."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._pool = _pool(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown()

    def run(self, work: Callable[[T], R], item: T, *, alone: bool, apart: bool = False) -> R:
        """The result of one item."""
        if alone and not apart:
            return work(item)
        pool = self._pool
        try:
            return _run_apart(work, item) if apart else pool.submit(work, item).result()
        except BrokenProcessPool:
            self._replace(pool)
        return _run_apart(work, item)  # it may have been another item that the worker died of

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        """Put a new pool in the place of one whose workers are gone, once for all that waited for it."""
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False)
                self._pool = _pool(self._workers)


def _run_apart(work: Callable[[T], R], item: T) -> R:
    with _pool(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool as error:
            raise WorkerDied from error


def warm_up_processes() -> None:
    """Start the process that workers are forked from."""
    if _context().get_start_method() == "forkserver":
        forkserver.ensure_running()


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_begin)


def _begin() -> None:
    """In a worker: end when the process that it works for has ended, even where that was killed and could not say so."""
    gc.freeze()
    gc.set_threshold(_GC_AFTER)
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
