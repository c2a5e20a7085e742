"""The command line, thin: arguments in, results to stdout, progress and errors to stderr, an exit status.

Exit status: 0 published or nothing new; 1 the checks failed; 2 wrong use or unreadable input.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from baogao.records import BaogaoError, ChecksFailed
from baogao.text import printable

if TYPE_CHECKING:
    from baogao.pipeline import Outcome, Stage

T = TypeVar("T")
R = TypeVar("R")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        result: int = parsed.command(parsed)
        sys.stdout.flush()  # here a reader that has gone is told from a failure
    except ChecksFailed as error:
        return _say(error, 1)
    except BaogaoError as error:
        return _say(error, 2)
    except KeyboardInterrupt:
        return _say("stopped; finished work is kept, and the next run goes on from it", 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read the output has gone
        return 0
    except OSError as error:  # a full disk, a folder that may not be entered
        return _say(error, 2)
    return result


def _say(problem: object, status: int) -> int:
    print(f"baogao: {printable(str(problem))}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="baogao", description="Build and use the open dataset of Chinese government work reports (政府工作报告).")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    _add_check(commands)
    _add_where(commands)
    _add_coverage(commands)
    return parser


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return f"baogao {version('baogao')}"


def _common(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more on stderr")
    parser.set_defaults(command=command)


# --- build


def _add_build(commands: Any) -> None:
    parser = commands.add_parser("build", help="build a release from scraped pages", description="Build a release from scraped pages.")
    parser.add_argument("source", nargs="*", metavar="SOURCE", help="a file, a folder, a glob or an fsspec address (default: seeds/pages)")
    parser.add_argument("--output", default="output", metavar="DIR", help="where releases are published (default: output)")
    parser.add_argument("--engine", default="processes", choices=["inline", "processes"], help="where the work is done (default: processes)")
    parser.add_argument("--workers", type=int, metavar="N", help="number of processes (default: one for each core)")
    parser.add_argument("--no-prefect", action="store_true", help="run the same stages without Prefect; the release is the same to the byte")
    parser.add_argument("--only-check", action="store_true", help="do everything but publish")
    _common(parser, _build)


def _build(parsed: argparse.Namespace) -> int:
    from baogao import scale  # noqa: PLC0415 - each command loads what it needs

    if not (Path(parsed.output) / "latest.json").exists() and all(Path(source).exists() for source in parsed.source):
        scale.warm_up(parsed.engine)  # a first build has work to do for sure: what workers need loads beside what this process needs
    from baogao import pipeline  # noqa: PLC0415

    watch = _bars if sys.stderr.isatty() else _lines if parsed.verbose else None
    options = {"engine": parsed.engine, "workers": parsed.workers, "only_check": parsed.only_check, "watch": watch}
    sources = parsed.source or pipeline.DEFAULT_SOURCES
    if parsed.no_prefect:
        outcome = pipeline.build(sources, parsed.output, **options)
    else:
        from baogao import orchestrate  # noqa: PLC0415

        if "PREFECT_API_URL" not in os.environ and sys.stderr.isatty():
            print("Starting Prefect's embedded server, which takes 10 to 20 s (--no-prefect does without) ...", file=sys.stderr)
        outcome = orchestrate.build(sources, parsed.output, **options, verbose=parsed.verbose)
    if parsed.json:
        _print_json(_outcome_record(outcome))
    else:
        print("\n".join(_outcome_lines(outcome, verbose=parsed.verbose)))
    return 0


def _lines(stage: Stage) -> Stage:
    """The mapping of stages with a line on stderr when one ends."""

    def mapped(name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        if not items:
            return
        start = time.monotonic()
        yield from stage(name, work, items)
        print(f"{name:16} {len(items):,} done in {time.monotonic() - start:.1f} s", file=sys.stderr)

    return mapped


def _bars(stage: Stage) -> Stage:
    """The mapping of stages with a progress display, for a terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description:16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)

    def mapped(name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        if not items:
            return
        with Progress(*columns, console=console) as progress:
            yield from progress.track(stage(name, work, items), total=len(items), description=name)

    return mapped


def _outcome_record(outcome: Outcome) -> dict[str, Any]:
    release = outcome.release
    return {
        "version": release.version if release else None,
        "path": str(release.folder) if release else None,
        "is_new": release.is_new if release else False,
        "rows": dict(release.rows) if release else {},
        "quality": outcome.quality,
        "skipped": list(outcome.skipped),
    }


def _outcome_lines(outcome: Outcome, *, verbose: bool) -> list[str]:
    release, quality = outcome.release, outcome.quality
    if release is None:
        lines = ["The checks passed; nothing was published, as --only-check asks."]
    elif not release.is_new:
        return [f"Nothing new: release {release.version} in {release.folder} holds all of it. Nothing was published."]
    else:
        rows = ", ".join(f"{name} {count:,}" for name, count in release.rows.items())
        lines = [f"Published release {release.version}: {release.folder}", f"  rows       {rows}"]
    pages = quality["pages"]
    lines.append(f"  pages      {pages['read']:,} read, {pages['of_reports']:,} of reports ({_listed(quality['document_types'])})")
    lines.append(f"  cut off    {_listed(quality['removed']) or 'nothing'}")
    lines.append(f"  rejected   {_listed(quality['rejects']) or 'no row'}")
    lines += [f"  warning    {warning}" for warning in outcome.warnings]
    if outcome.skipped:
        shown = f": {', '.join(outcome.skipped)}" if verbose else " (-v names them)"
        lines.append(f"  skipped    {len(outcome.skipped):,} files whose ending is not that of a page{shown}")
    return lines + (_open_lines(outcome) if release else [])


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _open_lines(outcome: Outcome) -> list[str]:
    from baogao.publish import open_with  # noqa: PLC0415

    folder = outcome.release.folder if outcome.release else ""
    return ["To open it, copy one of:", *(f"  {line}" for _, line in open_with(str(folder)))]


# --- check


def _add_check(commands: Any) -> None:
    parser = commands.add_parser("check", help="verify a release", description="Verify a release: checksums, schemas, keys, offsets.")
    parser.add_argument("release", nargs="?", default="output", metavar="RELEASE", help="an output folder or the folder of a release (default: output)")
    parser.add_argument("--rebuild", action="store_true", help="make the release again and compare it byte for byte")
    parser.add_argument("--source", action="append", metavar="SOURCE", help="with --rebuild: what the release was made from (default: seeds/pages)")
    parser.add_argument("--data-docs", metavar="DIR", help="write Great Expectations' Data Docs of the release into a new folder, to be read offline")
    _common(parser, _check)


def _check(parsed: argparse.Namespace) -> int:
    from baogao.release import open_release, verify  # noqa: PLC0415

    release = open_release(parsed.release)
    problems = list(verify(release))
    if parsed.data_docs:
        from baogao.data_docs import write_data_docs  # noqa: PLC0415

        print(f"Data Docs: {write_data_docs(release, parsed.data_docs)}", file=sys.stderr)
    if parsed.rebuild:
        from baogao import pipeline  # noqa: PLC0415
        from baogao.rebuild import differences  # noqa: PLC0415

        problems += differences(release, parsed.source or pipeline.DEFAULT_SOURCES)
    if parsed.json:
        _print_json({"version": release.version, "path": str(release.folder), "problems": problems})
    else:
        for problem in problems:
            print(printable(problem))
        rebuilt = ", made again to the byte" if parsed.rebuild else ""
        if not problems:
            print(f"Release {release.version} in {release.folder} is whole{rebuilt}: files, schemas, keys and offsets are as published.")
    return 1 if problems else 0


# --- where


def _add_where(commands: Any) -> None:
    text = "Walk an identifier back: page, checksum, section, paragraph, and the sentence with the value marked."
    parser = commands.add_parser("where", help="walk an identifier back to its page", description=text)
    parser.add_argument("id", metavar="ID", help="an indicator_id, sentence_id, paragraph_id, section_id, doc_id or page_id")
    parser.add_argument("release", nargs="?", default="output", metavar="RELEASE", help="an output folder or the folder of a release (default: output)")
    _common(parser, _where)


def _where(parsed: argparse.Namespace) -> int:
    from baogao.release import open_release, where  # noqa: PLC0415

    found = where(parsed.id, open_release(parsed.release))
    if parsed.json:
        _print_json({table: {name: value for name, value in row.items() if (table, name) != ("reports", "text")} for table, row in found.items()})
    else:
        print("\n".join(_where_lines(found)))
    return 0


def _where_lines(found: dict[str, Any]) -> list[str]:
    lines = []
    if page := found.get("pages"):
        lines += [f"page       {page['source']}{' ' + page['url'] if page['url'] else ''}", f"sha256     {page['sha256']}"]
    if report := found.get("reports"):
        lines.append(f"report     {report['title']} ({report['doc_id']}, {report['report_key'] or 'place or year unknown'})")
    if section := found.get("sections"):
        lines.append(f"section    {section['marker'] or ''}{section['heading'] or '(before the first heading)'} [{section['role']}]")
    if paragraph := found.get("paragraphs"):
        lines.append(f"paragraph  {paragraph['ordinal']}, characters {paragraph['start']} to {paragraph['end']} ({paragraph['paragraph_id']})")
    if sentence := found.get("sentences"):
        lines.append(f"sentence   {_marked(sentence, found.get('indicators')) if sentence['text'] else '(the text of this report is withdrawn)'}")
    if indicator := found.get("indicators"):
        fields = ("name", "indicator", "measure", "value", "value_low", "value_high", "unit", "bound", "status", "period_start", "period_end", "reference", "rule")
        lines.append("value      " + ", ".join(f"{field} {indicator[field]}" for field in fields if indicator[field] is not None))
    return lines


def _marked(sentence: dict[str, Any], indicator: dict[str, Any] | None) -> str:
    text: str = sentence["text"]
    if indicator is None:
        return text
    start, end = indicator["start"] - sentence["start"], indicator["end"] - sentence["start"]
    return f"{text[:start]}【{text[start:end]}】{text[end:]}"


# --- coverage


def _add_coverage(commands: Any) -> None:
    text = "What a release holds of each place and year: the whole report, an excerpt, or nothing. Without a place, counts by year and level."
    parser = commands.add_parser("coverage", help="what is held of each place and year", description=text)
    parser.add_argument("release", nargs="?", default="output", metavar="RELEASE", help="an output folder or the folder of a release (default: output)")
    parser.add_argument("--place", metavar="PLACE", help="code or full name of a place: its years, one a line")
    parser.add_argument("--year", type=int, metavar="YEAR", help="only that year")
    parser.add_argument("--missing", action="store_true", help="list the places and years that are missing")
    _common(parser, _coverage)


def _coverage(parsed: argparse.Namespace) -> int:
    from baogao.release import coverage, open_release  # noqa: PLC0415

    rows = coverage(open_release(parsed.release), place=parsed.place, year=parsed.year)
    if parsed.missing:
        rows = [row for row in rows if row["status"] == "missing"]
    if parsed.json:
        _print_json(rows)
    elif parsed.place or parsed.missing:
        for row in rows:
            print(f"{row['report_year']}  {row['place_code']}  {row['place_name']}  {row['status']}")
    else:
        print("\n".join(_coverage_lines(rows)))
    return 0


def _coverage_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Counts of places by year and level."""
    states = ("full", "abridged", "excerpt", "missing")
    counts: dict[tuple[int, int, str], dict[str, int]] = {}
    for row in rows:
        level = ("national", "province", "prefecture", "county").index(row["level"])
        counts.setdefault((row["report_year"], level, row["level"]), dict.fromkeys(states, 0))[row["status"]] += 1
    lines = [f"{'year':6}{'level':12}" + "".join(f"{state:>10}" for state in states)]
    return lines + [f"{year:<6}{name:12}" + "".join(f"{count[state]:>10,}" for state in states) for (year, _, name), count in sorted(counts.items())]


def _print_json(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False, default=str))


if __name__ == "__main__":
    sys.exit(main())
