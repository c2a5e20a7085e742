"""The command get: a release is fetched.

In: parsed arguments. Out: what was fetched, to stdout; progress, to stderr. Never: the work itself.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from baogao.cli.common import common, print_json


def add(commands: Any) -> None:
    """Add the command get."""
    text = "Fetch a release: all its files, or those of some tables. What is there already is not fetched again, and every checksum is verified."
    parser = commands.add_parser("get", help="fetch a published release", description=text)
    parser.add_argument("address", metavar="ADDRESS", help="an output folder or a release: a path, file://, http://, https:// or s3://")
    parser.add_argument("folder", nargs="?", default="output", metavar="DIR", help="the output folder to fetch into (default: output)")
    parser.add_argument("--table", action="append", default=[], metavar="T", help="only the files of this table, and what describes the release; may be repeated")
    parser.add_argument("--version", metavar="V", help="a version (default: the latest)")
    common(parser, _get)


def _get(parsed: argparse.Namespace) -> int:
    from baogao.get import get  # noqa: PLC0415 - each command loads what it needs

    told = _bar if sys.stderr.isatty() else _line if parsed.verbose else None
    fetched = get(parsed.address, parsed.folder, tables=parsed.table, version=parsed.version, told=told)
    if told is _bar:
        print(file=sys.stderr)
    if parsed.json:
        print_json({"version": fetched.version, "path": str(fetched.folder), "files": fetched.files, "bytes": fetched.n_bytes})
    elif fetched.files:
        print(f"Release {fetched.version} is in {fetched.folder}: {fetched.files:,} files fetched ({fetched.n_bytes:,} bytes), every checksum is right.")
    else:
        print(f"Release {fetched.version} is in {fetched.folder}: nothing was to be fetched, every checksum is right.")
    return 0


def _bar(done: int, total: int) -> None:
    print(f"\r{done / max(1, total):4.0%} of {total:,} bytes", end="", file=sys.stderr)


def _line(done: int, total: int) -> None:
    print(f"{done:,} of {total:,} bytes", file=sys.stderr)
