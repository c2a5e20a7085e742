"""The pipeline as a Prefect flow: one task for each batch of each stage. The only package that imports prefect.

In: what pipeline.build takes. Out: the same outcome and the same bytes. Without a configured server the run uses Prefect's embedded one, with its
SQLite file under output/.work; with PREFECT_API_URL it reports there. Never: a decision of Prefect's on what is done again; its cache is off.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from baogao import pipeline, scale
from baogao.orchestrate.settings import configure
from baogao.records import BaogaoError
from baogao.store import open_output

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
    configure(open_output(output), verbose=verbose)
    from prefect import tags  # noqa: PLC0415 - takes 2 s, and reads its settings when it is imported

    from baogao.orchestrate.flow import Call, build_dataset, call  # noqa: PLC0415

    made = Call(released, watch)
    before = call.set(made)
    try:
        with tags("baogao"):
            ended = build_dataset(list(sources), str(output), engine, count, dask_address, only_check, return_state=True)
        _await_records(ended.state_details.flow_run_id, made.tasks)
    except RuntimeError as error:
        raise BaogaoError(f"Prefect could not run the flow ({error}): check its server, or run with --no-prefect") from error
    finally:
        call.reset(before)
    if made.error:
        raise made.error
    if made.outcome is None:
        raise BaogaoError(f"Prefect could not run the flow ({ended.message}): check its server, or run with --no-prefect")
    return made.outcome


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
