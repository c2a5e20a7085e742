"""The command schedule: build again and again, until stopped.

In: parsed arguments. Out: a line for each run, to stdout if it went well, else to stderr. Never: the work itself.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any

from baogao.cli.common import common, print_json


def add(commands: Any) -> None:
    """Add the command schedule."""
    about = "Keep running, and build a release from scraped pages on schedule: a Prefect deployment. Without PREFECT_API_URL it has a server of its own."
    parser = commands.add_parser("schedule", help="build on schedule, until stopped", description=about)
    parser.add_argument("source", nargs="*", metavar="SOURCE", help="as for build")
    times = parser.add_mutually_exclusive_group(required=True)
    times.add_argument("--cron", metavar="LINE", help="when to build, as a line of cron: '0 3 * * *' is every day at three, in UTC")
    times.add_argument("--interval", type=float, metavar="S", help="build every S seconds")
    parser.add_argument("--output", default="output", metavar="DIR", help="the folder where releases are published (default: output)")
    parser.add_argument("--engine", default="processes", choices=["inline", "processes", "dask"], help="where the work is done (default: processes)")
    parser.add_argument("--workers", type=int, metavar="N", help="number of processes (default: one for each core)")
    parser.add_argument("--dask-address", metavar="URL", help="the Dask scheduler to use with --engine dask")
    common(parser, _schedule)


def _schedule(parsed: argparse.Namespace) -> int:
    from baogao import pipeline, scale  # noqa: PLC0415 - each command loads what it needs
    from baogao.orchestrate.schedule import Plan, run_schedule  # noqa: PLC0415

    scale.worker_count(parsed.workers)
    sources = parsed.source or pipeline.DEFAULT_SOURCES
    plan = Plan(sources, parsed.output, parsed.cron, parsed.interval, parsed.engine, parsed.workers, parsed.dask_address)

    def started(address: str) -> None:
        print(f"Building on schedule; Prefect's page is at {address} (Ctrl-C stops)", file=sys.stderr, flush=True)

    def ended(went_well: bool, said: str) -> None:
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        if parsed.json:
            print_json({"at": at, "ok": went_well, "said": said})
        else:
            print(f"{at} {said}", file=sys.stdout if went_well else sys.stderr)
        sys.stdout.flush()

    run_schedule(plan, verbose=parsed.verbose, started=started, ended=ended)
    return 0
