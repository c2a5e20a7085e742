"""The command build: scraped pages become a release.

In: parsed arguments. Out: what was published, to stdout; progress, to stderr. Never: the work itself.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baogao.addresses import is_address
from baogao.cli.common import common, print_json

if TYPE_CHECKING:
    from baogao.pipeline import Outcome


def add(commands: Any) -> None:
    """Add the command build."""
    parser = commands.add_parser("build", help="build a release from scraped pages", description="Build a release from scraped pages.")
    parser.add_argument("source", nargs="*", metavar="SOURCE", help="a file, a folder, a glob, an archive (WARC, zip, tar) or an fsspec address (default: seeds/pages)")
    parser.add_argument("--output", default="output", metavar="DIR", help="where releases are published: a folder, or an address such as s3://bucket/baogao (default: output)")
    parser.add_argument("--engine", default="processes", choices=["inline", "processes", "dask"], help="where the work is done (default: processes)")
    parser.add_argument("--workers", type=int, metavar="N", help="number of processes (default: one for each core)")
    parser.add_argument("--dask-address", metavar="URL", help="the Dask scheduler to use with --engine dask (default: a cluster of this machine)")
    parser.add_argument("--no-prefect", action="store_true", help="run the same stages without Prefect; the release is the same to the byte")
    parser.add_argument("--only-check", action="store_true", help="do everything but publish")
    common(parser, _build)


def _build(parsed: argparse.Namespace) -> int:
    from baogao import scale  # noqa: PLC0415 - each command loads what it needs

    there = is_address(parsed.output)
    if not there and not (Path(parsed.output) / "latest.json").exists() and all(Path(source).exists() for source in parsed.source):
        scale.warm_up(parsed.engine)  # a first build has work to do for sure: what workers need loads beside what this process needs
    outcome = _build_there(parsed) if there else _build_here(parsed, parsed.output)
    where = f"{parsed.output.rstrip('/')}/releases/{outcome.release.version}" if there and outcome.release else str(outcome.release and outcome.release.folder)
    if parsed.json:
        print_json(_outcome_record(outcome, where))
    else:
        print("\n".join(_outcome_lines(outcome, where, verbose=parsed.verbose)))
    return 0


def _build_there(parsed: argparse.Namespace) -> Outcome:
    from baogao.remote import build_at  # noqa: PLC0415

    return build_at(parsed.output, lambda folder: _build_here(parsed, folder))


def _build_here(parsed: argparse.Namespace, output: str | Path) -> Outcome:
    from baogao import pipeline  # noqa: PLC0415
    from baogao.cli.progress import bars, lines  # noqa: PLC0415

    watch = bars if sys.stderr.isatty() else lines if parsed.verbose else None
    options = {"engine": parsed.engine, "workers": parsed.workers, "dask_address": parsed.dask_address, "only_check": parsed.only_check, "watch": watch}
    sources = parsed.source or pipeline.DEFAULT_SOURCES
    if parsed.no_prefect:
        return pipeline.build(sources, output, **options)
    from baogao import orchestrate  # noqa: PLC0415

    if "PREFECT_API_URL" not in os.environ and sys.stderr.isatty():
        print("Starting Prefect's embedded server, which takes 10 to 20 s (--no-prefect does without) ...", file=sys.stderr)
    return orchestrate.build(sources, output, **options, verbose=parsed.verbose)


def _outcome_record(outcome: Outcome, where: str) -> dict[str, Any]:
    release = outcome.release
    return {
        "version": release.version if release else None,
        "path": where if release else None,
        "is_new": release.is_new if release else False,
        "rows": dict(release.rows) if release else {},
        "quality": outcome.quality,
        "skipped": list(outcome.skipped),
    }


def _outcome_lines(outcome: Outcome, where: str, *, verbose: bool) -> list[str]:
    release, quality = outcome.release, outcome.quality
    if release is None:
        lines = ["The checks passed; nothing was published, as --only-check asks."]
    elif not release.is_new:
        return [f"Nothing new: release {release.version} in {where} holds all of it. Nothing was published."]
    else:
        rows = ", ".join(f"{name} {count:,}" for name, count in release.rows.items())
        lines = [f"Published release {release.version}: {where}", f"  rows       {rows}"]
    pages = quality["pages"]
    lines.append(f"  pages      {pages['read']:,} read, {pages['of_reports']:,} of reports ({_listed(quality['document_types'])})")
    lines.append(f"  cut off    {_listed(quality['removed']) or 'nothing'}")
    lines.append(f"  rejected   {_listed(quality['rejects']) or 'no row'}")
    lines += [f"  warning    {warning}" for warning in outcome.warnings]
    if outcome.skipped:
        shown = f": {', '.join(outcome.skipped)}" if verbose else " (-v names them)"
        lines.append(f"  skipped    {len(outcome.skipped):,} files whose ending is not that of a page{shown}")
    return lines + (_open_lines(where) if release else [])


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _open_lines(where: str) -> list[str]:
    from baogao.publish import open_with  # noqa: PLC0415

    if is_address(where):
        return ["To open it:", f"  import baogao; indicators = baogao.load('indicators', '{where}')"]
    return ["To open it, copy one of:", *(f"  {line}" for _, line in open_with(where))]
