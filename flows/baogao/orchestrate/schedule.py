"""A schedule: a Prefect deployment that builds again and again, until it is stopped.

In: sources, an output folder, a cron line or an interval. Out: a line for each run that has ended. Never: two runs at a time.
Prefect's embedded server fires no schedule: where no server is configured, one of our own runs on loopback, its SQLite file under output/.work.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from baogao import pipeline
from baogao.orchestrate.companions import companion, local_server
from baogao.orchestrate.settings import configure
from baogao.records import BaogaoError
from baogao.store import open_output

DEPLOYMENT = "schedule"
# The parameters of the process that serves, as JSON in its environment.
PLAN = "BAOGAO_PLAN"
_PAUSE = 1.0
_SOON = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is built, and when: by a line of cron, or every so many seconds."""

    sources: Sequence[str] = pipeline.DEFAULT_SOURCES
    output: str = pipeline.DEFAULT_OUTPUT
    cron: str | None = None
    interval: float | None = None
    engine: str = "processes"
    workers: int | None = None
    dask_address: str | None = None


class _Stopped(Exception):
    """The schedule is to end."""


def run_schedule(plan: Plan, *, verbose: bool, started: Callable[[str], None], ended: Callable[[bool, str], None]) -> None:
    """Build on schedule until SIGTERM or an interrupt from the keyboard; then end all that was started, and return.

    `started` is told where the server's page is, `ended` of each run whether it went well, and what it came to in a sentence.
    Raises BaogaoError for a plan that is none, and where Prefect does not start.
    """
    check_times(plan)
    output = open_output(plan.output)
    configure(output, verbose=verbose)
    log = output.work / "schedule.log"
    with _stops(), ExitStack() as stack:
        try:
            address = os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
            if not address:
                address = stack.enter_context(local_server(log))
                os.environ["PREFECT_API_URL"] = f"{address}/api"
            _serve(plan, stack, log, address, started, ended)
        except (_Stopped, KeyboardInterrupt):
            return


def check_times(plan: Plan) -> None:
    """Raise BaogaoError for times at which nothing can be run."""
    if (plan.cron is None) == (plan.interval is None):
        raise BaogaoError("say when to build: either --cron, such as '0 3 * * *', or --interval, in seconds")
    if plan.interval is not None and not 1 <= plan.interval < 10**9:
        raise BaogaoError(f"--interval {plan.interval:g} is no number of seconds between runs: name 1 or more")
    if plan.cron is not None:
        from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415 - takes 2 s

        try:
            CronSchedule(cron=plan.cron)
        except ValueError as error:
            raise BaogaoError(f"--cron {plan.cron!r} is no line of cron: name minute, hour, day, month and weekday, such as '0 3 * * *'") from error


def _serve(plan: Plan, stack: ExitStack, log: Path, address: str, started: Callable[[str], None], ended: Callable[[bool, str], None]) -> None:
    import json  # noqa: PLC0415

    own = asdict(plan) | {"sources": [_absolute(source) for source in plan.sources], "output": str(Path(plan.output).absolute())}
    since = time.time()
    server = stack.enter_context(companion(["-m", "baogao.orchestrate.serve"], {PLAN: json.dumps(own)}, log))
    started(address)
    seen: set[Any] = set()
    while True:
        if server.poll() is not None:
            raise BaogaoError(f"the process that serves runs has ended: see {log}")
        for run in _ended_runs(since):
            if run.id not in seen:
                seen.add(run.id)
                ended(run.state.is_completed(), run.state.message or run.state.name)
        time.sleep(_PAUSE)


def _ended_runs(since: float) -> Iterator[Any]:
    """The runs of the deployment that have ended since a time, the first first. None while the server does not answer."""
    from datetime import UTC, datetime  # noqa: PLC0415

    import httpx  # noqa: PLC0415
    from prefect.client.orchestration import get_client  # noqa: PLC0415
    from prefect.client.schemas.filters import (  # noqa: PLC0415
        DeploymentFilter,
        DeploymentFilterName,
        FlowRunFilter,
        FlowRunFilterStartTime,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415
    from prefect.client.schemas.sorting import FlowRunSort  # noqa: PLC0415
    from prefect.exceptions import PrefectException  # noqa: PLC0415

    final = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED, StateType.FAILED, StateType.CRASHED]))
    begun = FlowRunFilterStartTime.model_validate({"after_": datetime.fromtimestamp(since - _SOON, UTC)})
    try:
        with get_client(sync_client=True) as client:
            runs = client.read_flow_runs(
                flow_run_filter=FlowRunFilter(state=final, start_time=begun),
                deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[DEPLOYMENT])),
                sort=FlowRunSort.END_TIME_DESC,
                limit=50,
            )
    except (httpx.HTTPError, PrefectException):
        return
    yield from reversed(runs)


def _absolute(source: str) -> str:
    """A source as it is found from any folder."""
    return source if "://" in source else str(Path(source).absolute())


@contextmanager
def _stops() -> Iterator[None]:
    """SIGTERM as an exception, so that everything is ended in order."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the system gives both
        raise _Stopped

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
