"""The process that serves the runs of a schedule: Prefect's runner with our deployment. Started by schedule, and ended with it.

In: the plan, from the environment. Out: runs, each in a process of its own. Never: a run while another one runs.
"""

from __future__ import annotations

import json
import os

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import serve

from baogao.orchestrate.flow import build_dataset
from baogao.orchestrate.schedule import DEPLOYMENT, PLAN

if __name__ == "__main__":
    plan = json.loads(os.environ[PLAN])
    when = {name: plan.pop(name) for name in ("cron", "interval")}
    deployment = build_dataset.to_deployment(
        DEPLOYMENT,
        **{name: value for name, value in when.items() if value is not None},
        parameters=plan,
        tags=["baogao"],
        # A run that is due while another one runs is left out: the next one finds the same pages.
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
    )
    assert isinstance(deployment, RunnerDeployment)  # not a coroutine: nothing here is asynchronous
    serve(deployment, limit=1, print_starting_message=False)
