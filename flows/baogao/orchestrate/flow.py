"""The flow and its tasks, as Prefect runs them: from `build`, on a schedule, or as a deployment of a work pool.

In: parameters that Prefect shows. Out: a state that says in a sentence what was published, or why nothing was; artifacts. Never: a release that
depends on what Prefect can record.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from baogao import pipeline, scale
from baogao.orchestrate.artifacts import Progress, report_failure, report_outcome
from baogao.orchestrate.companions import end_with_supervisor
from baogao.records import BaogaoError

T = TypeVar("T")
R = TypeVar("R")

FLOW_NAME = "baogao-build"
# A disk or a network that fails once often works a moment later; what is wrong with a page is no such error, and is told as it is.
_RETRIES, _RETRY_SECONDS = 2, 5
# A batch takes seconds; one that takes so long hangs.
_TASK_SECONDS = 6 * 3600

end_with_supervisor()


@dataclass(slots=True)
class Call:
    """What a caller in this process hands to the flow beside its parameters, and what it is told."""

    released: str | None = None
    watch: Callable[[pipeline.Stage], pipeline.Stage] | None = None
    outcome: pipeline.Outcome | None = None
    error: Exception | None = None
    tasks: int = 0


call: ContextVar[Call | None] = ContextVar("call", default=None)


@flow(name=FLOW_NAME, flow_run_name="{sources} to {output}", persist_result=False)
def build_dataset(
    sources: list[str] = ["seeds/pages"],  # noqa: B006 - Prefect shows it as the default, and it is not changed
    output: str = "output",
    engine: Literal["inline", "processes", "dask"] = "processes",
    workers: int | None = None,
    dask_address: str | None = None,
    only_check: bool = False,
) -> State[Any]:
    """Build a release of the dataset of Chinese government work reports (政府工作报告) from scraped pages.

    Args:
        sources: Files, folders, globs, archives or fsspec addresses of scraped pages.
        output: The folder in which releases are published.
        engine: Where the work is done: in line, over processes of this machine, or over a Dask cluster.
        workers: The number of worker processes; one for each core where it is not given.
        dask_address: The address of a Dask scheduler that runs already; without it, dask is a cluster of this machine.
        only_check: Whether to do everything but publish.
    """
    made = call.get() or Call()
    count = 1 if engine == "inline" else scale.worker_count(workers)  # Great Expectations is not made for threads
    progress = Progress()
    try:
        with scale.open_engine(engine, count, dask_address) as opened:
            mapped = _stage(opened, made, count, progress)
            made.outcome = pipeline.run(
                sources,
                output,
                made.watch(mapped) if made.watch else mapped,
                only_check=only_check,
                released=made.released,
                warm_up=lambda: scale.warm_up(engine),
            )
    except Exception as error:  # noqa: BLE001 - build raises it again; a state says it in a sentence, where an exception would be logged with its traceback
        made.error = error
        said = str(error) or type(error).__name__
        get_run_logger().error(said)
        report_failure(said)
        return Failed(message=said)
    progress.done()
    said = report_outcome(made.outcome)
    get_run_logger().info(said)
    return Completed(message=said)


def _stage(opened: scale.Engine, made: Call, count: int, progress: Progress) -> pipeline.Stage:
    """The mapping of a stage over its batches, a task for each."""
    at_once = threading.Semaphore(count)

    def stage(name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        batch_task = task(
            name=name,
            tags=["baogao", name],
            cache_policy=NO_CACHE,
            persist_result=False,
            log_prints=False,
            retries=_RETRIES,
            retry_delay_seconds=_RETRY_SECONDS,
            retry_condition_fn=_may_pass,
            timeout_seconds=_TASK_SECONDS,
        )(_Work(opened, work, items, at_once).run)
        start = time.monotonic()
        made.tasks += len(items)
        futures = [batch_task.with_options(task_run_name=f"{name} {number} of {len(items)}").submit(number - 1) for number in range(1, len(items) + 1)]
        for number, future in enumerate(futures, start=1):
            yield future.result()
            progress.at(name, number, len(futures))
        if items:
            get_run_logger().info("%s: %s in %.1f s", name, f"{len(items):,} batches" if len(items) > 1 else "one batch", time.monotonic() - start)

    return stage


def _may_pass(task: Any, run: Any, state: State[Any]) -> bool:  # noqa: ARG001 - Prefect gives all three
    """Whether an error of a task may pass when it is tried again: one of the system, not one of the input."""
    return isinstance(state.result(raise_on_failure=False), OSError)


class _Work:
    """The work of a stage on an item by its number: what Prefect is shown of a task is that number alone."""

    def __init__(self, engine: scale.Engine, work: Callable[[Any], Any], items: Sequence[Any], at_once: threading.Semaphore) -> None:
        self._engine, self._work, self._items, self._at_once = engine, work, items, at_once

    def run(self, item: int) -> Any:
        """The result of one item; a BaogaoError as the data of a state, for the same reason."""
        try:
            with self._at_once:
                return scale.run_item(self._engine, self._work, self._items[item], alone=len(self._items) < 2)
        except BaogaoError as error:
            return Failed(data=error, message=str(error))
