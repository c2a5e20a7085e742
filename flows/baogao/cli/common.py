"""What all commands share.

In: a parser; a result. Out: the options that every command has; JSON on stdout. Never: a command.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable


def common(parser: argparse.ArgumentParser, command: Callable[[argparse.Namespace], int]) -> None:
    """Add the options that every command has, and what runs it."""
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more on stderr")
    parser.set_defaults(command=command)


def print_json(record: object) -> None:
    """Print a result as one JSON object."""
    print(json.dumps(record, ensure_ascii=False, default=str))
