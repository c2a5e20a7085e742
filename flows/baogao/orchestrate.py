"""The pipeline as a Prefect flow: one task for each batch of each stage. The only module that imports prefect.

In: what pipeline.build takes. Out: the same outcome and the same bytes. Without a configured server the run uses Prefect's embedded one, with its
SQLite file under output/.work; with PREFECT_API_URL it reports there. Never: a decision of Prefect's on what is done again; its cache is off.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from baogao import pipeline, scale
from baogao.records import BaogaoError
from baogao.store import Output, open_output

T = TypeVar("T")
R = TypeVar("R")

FLOW_NAME = "baogao-build"
# An embedded server on a busy machine takes longer to start than Prefect's 20 s.
_STARTUP_SECONDS = "180"
# Records follow a run within a second; a server that takes longer than this has lost some, and the release stands without them.
_RECORD_SECONDS, _RECORD_PAUSE = 30.0, 0.1


def build(
    sources: Sequence[str] = pipeline.DEFAULT_SOURCES,
    output: str | Path = pipeline.DEFAULT_OUTPUT,
    *,
    engine: str = "processes",
    workers: int | None = None,
    dask_address: str | None = None,
    only_check: bool = False,
    released: str | None = None,
    watch: Callable[[pipeline.Stage], pipeline.Stage] | None = None,
    verbose: bool = False,
) -> pipeline.Outcome:
    """Build a release under Prefect; arguments, outcome and errors are those of pipeline.build."""
    count = scale.worker_count(workers)
    _configure(open_output(output), verbose=verbose)
    from prefect import flow, task  # noqa: PLC0415 - takes 2 s, and reads its settings when it is imported
    from prefect.cache_policies import NO_CACHE  # noqa: PLC0415
    from prefect.client.schemas.objects import State  # noqa: PLC0415
    from prefect.states import Failed  # noqa: PLC0415
    from prefect.task_runners import ThreadPoolTaskRunner  # noqa: PLC0415

    outcomes: list[pipeline.Outcome] = []
    submitted: list[int] = []
    errors: list[Exception] = []

    def stage_under_prefect(opened: scale.Engine) -> pipeline.Stage:
        def stage(name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
            alone = len(items) < 2
            batch_task = task(name=name, cache_policy=NO_CACHE, persist_result=False, log_prints=False)(_Work(opened, work, items, alone).run)
            submitted.append(len(items))
            futures = [
                batch_task.with_options(task_run_name=f"{name} {number} of {len(items)}").submit(number - 1) for number in range(1, len(items) + 1)
            ]
            return (future.result() for future in futures)

        return stage

    @flow(name=FLOW_NAME, persist_result=False, validate_parameters=False, task_runner=ThreadPoolTaskRunner(max_workers=count))  # type: ignore[arg-type]
    def build_dataset(sources: list[str], output: str, engine: str, workers: int, only_check: bool) -> State[Any] | None:
        """Build a release of the dataset from scraped pages."""
        with scale.open_engine(engine, workers, dask_address) as opened:
            mapped = stage_under_prefect(opened)
            try:
                outcomes.append(
                    pipeline.run(
                        sources, output, watch(mapped) if watch else mapped, only_check=only_check, released=released, warm_up=lambda: scale.warm_up(engine)
                    )
                )
            except Exception as error:  # noqa: BLE001 - raised again below
                errors.append(error)
                return Failed(message=str(error))  # a state says it in a sentence; an exception would be logged with its traceback
        return None

    try:
        ended = build_dataset(list(sources), str(output), engine, count, only_check, return_state=True)
        _await_records(ended.state_details.flow_run_id, sum(submitted))
    except RuntimeError as error:
        raise BaogaoError(f"Prefect could not run the flow ({error}): check its server, or run with --no-prefect") from error
    if errors:
        raise errors[0]
    return outcomes[0]


class _Work:
    """The work of a stage on an item by its number: what Prefect is shown of a task is that number alone."""

    def __init__(self, engine: scale.Engine, work: Callable[[Any], Any], items: Sequence[Any], alone: bool) -> None:
        self._engine, self._work, self._items, self._alone = engine, work, items, alone

    def run(self, item: int) -> Any:
        """The result of one item; a BaogaoError as the data of a state, for the same reason."""
        from prefect.states import Failed  # noqa: PLC0415

        try:
            return scale.run_item(self._engine, self._work, self._items[item], alone=self._alone)
        except BaogaoError as error:
            return Failed(data=error, message=str(error))


def _await_records(flow_run: Any, tasks: int) -> None:
    """Wait until the server has recorded the end of every task: it does so behind the run's back, and an embedded one ends with this process."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId  # noqa: PLC0415

    of_this_run = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run]))
    until = time.monotonic() + _RECORD_SECONDS
    with get_client(sync_client=True) as client:
        while time.monotonic() < until:
            ended = offset = 0
            while page := client.read_task_runs(flow_run_filter=of_this_run, offset=offset):
                ended += sum(run.state is not None and run.state.is_final() for run in page)
                offset += len(page)
            if ended >= tasks:
                return
            time.sleep(_RECORD_PAUSE)


def _configure(output: Output, *, verbose: bool) -> None:
    """Settings that Prefect reads when it is imported; what the user has set stays."""
    settings = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": _STARTUP_SECONDS,
        "PREFECT_LOGGING_LEVEL": "INFO" if verbose else "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    }
    if "PREFECT_API_URL" not in os.environ:
        settings["PREFECT_HOME"] = str(output.work / "prefect")
    for name, value in settings.items():
        os.environ.setdefault(name, value)
