"""The commands that read releases: check, compare, where, coverage.

In: parsed arguments. Out: answers, to stdout. Never: a change to a release.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from baogao.cli.common import common, print_json
from baogao.text import printable

if TYPE_CHECKING:
    from baogao.compare import TableDifference


def add(commands: Any) -> None:
    """Add the commands."""
    _add_check(commands)
    _add_compare(commands)
    _add_where(commands)
    _add_coverage(commands)


# --- check


def _add_check(commands: Any) -> None:
    parser = commands.add_parser("check", help="verify a release", description="Verify a release: checksums, schemas, keys, offsets.")
    parser.add_argument("release", nargs="?", default="output", metavar="RELEASE", help="an output folder or the folder of a release (default: output)")
    parser.add_argument("--rebuild", action="store_true", help="make the release again and compare it byte for byte")
    parser.add_argument("--source", action="append", metavar="SOURCE", help="with --rebuild: what the release was made from (default: seeds/pages)")
    parser.add_argument("--data-docs", metavar="DIR", help="write Great Expectations' Data Docs of the release into a new folder, to be read offline")
    common(parser, _check)


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
        print_json({"version": release.version, "path": str(release.folder), "problems": problems})
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
    common(parser, _where)


def _where(parsed: argparse.Namespace) -> int:
    from baogao.release import open_release, where  # noqa: PLC0415

    found = where(parsed.id, open_release(parsed.release))
    if parsed.json:
        print_json({table: {name: value for name, value in row.items() if (table, name) != ("reports", "text")} for table, row in found.items()})
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
    common(parser, _coverage)


def _coverage(parsed: argparse.Namespace) -> int:
    from baogao.release import coverage, open_release  # noqa: PLC0415

    rows = coverage(open_release(parsed.release), place=parsed.place, year=parsed.year)
    if parsed.missing:
        rows = [row for row in rows if row["status"] == "missing"]
    if parsed.json:
        print_json(rows)
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


# --- compare


def _add_compare(commands: Any) -> None:
    text = "Rows and columns added, removed and changed from one release to another, and the version step that they call for."
    parser = commands.add_parser("compare", help="what changed from one release to another", description=text)
    parser.add_argument("old", metavar="OLD", help="an output folder or the folder of a release")
    parser.add_argument("new", metavar="NEW", help="the release to compare with it")
    common(parser, _compare)


def _compare(parsed: argparse.Namespace) -> int:
    from dataclasses import asdict  # noqa: PLC0415

    from baogao.release import compare, open_release  # noqa: PLC0415

    old, new = open_release(parsed.old), open_release(parsed.new)
    step, tables = compare(old, new)
    if parsed.json:
        print_json({"old": old.version, "new": new.version, "step": step, "tables": {name: asdict(one) for name, one in tables.items()}})
    else:
        print("\n".join(_compare_lines(old.version, new.version, step, tables)))
    return 0


def _compare_lines(old: str, new: str, step: str | None, tables: Mapping[str, TableDifference]) -> list[str]:
    if step is None:
        return [f"{old} and {new} hold the same."]
    width = max(map(len, ("table", *tables)))
    lines = [f"{old} to {new}: {step}", f"{'table':{width}}{'added':>12}{'removed':>12}{'changed':>12}  columns"]
    for name, one in tables.items():
        columns = [f"{sign}{column}" for sign, names in (("+", one.columns_added), ("-", one.columns_removed), ("~", one.columns_retyped)) for column in names]
        moved = ["moved"] if one.columns_moved else []
        lines.append(f"{name:{width}}{one.added:>12,}{one.removed:>12,}{one.changed:>12,}  {' '.join([*columns, *moved])}".rstrip())
    return lines
