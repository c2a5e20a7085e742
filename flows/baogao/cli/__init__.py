"""The command line, thin: arguments in, results to stdout, progress and errors to stderr, an exit status.

Exit status: 0 published or nothing new; 1 the checks failed; 2 wrong use or unreadable input.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from baogao.cli import build, get, releases, schedule
from baogao.records import BaogaoError, ChecksFailed
from baogao.text import printable


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
    build.add(commands)
    schedule.add(commands)
    releases.add(commands)
    get.add(commands)
    return parser


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return f"baogao {version('baogao')}"
