"""Versions: SemVer, chosen by the difference from the last release, as its manifest and the new tables tell it.

In: two descriptions of tables. Out: the step, and the version it leads to. Never: a look at rows; digests of keys and of content tell enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Step = Literal["major", "minor", "patch"]
FIRST = "1.0.0"
Tables = Mapping[str, Mapping[str, Any]]


def version_step(old: Tables, new: Tables, *, rights_changed: bool = False) -> Step | None:
    """The step that a difference calls for; None where there is none. Each table has columns (name to type), and digests of its keys and its content.

    A column removed, renamed, moved or retyped, a table removed, or the rights changed: major. Rows, tables or trailing columns added or rows
    removed: minor. Values corrected: patch.

    >>> table = {"columns": {"a": "string"}, "keys_sha256": "k", "content_sha256": "c"}
    >>> version_step({"t": table}, {"t": table}), version_step({"t": table}, {"t": table | {"content_sha256": "d"}})
    (None, 'patch')
    >>> version_step({"t": table}, {"t": table, "u": table}), version_step({"t": table}, {})
    ('minor', 'major')
    """
    if rights_changed or old.keys() - new.keys():
        return "major"
    shared = [(old[name], new[name]) for name in old]
    columns = [(list(was["columns"].items()), list(now["columns"].items())) for was, now in shared]
    if any(now[: len(was)] != was for was, now in columns):
        return "major"
    if new.keys() - old.keys() or any(was != now for was, now in columns) or any(was["keys_sha256"] != now["keys_sha256"] for was, now in shared):
        return "minor"
    return "patch" if any(was["content_sha256"] != now["content_sha256"] for was, now in shared) else None


def next_version(version: str, step: Step) -> str:
    """The version that a step leads to.

    >>> [next_version("1.4.2", step) for step in ("major", "minor", "patch")]
    ['2.0.0', '1.5.0', '1.4.3']
    """
    major, minor, patch = map(int, version.split("."))
    if step == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if step == "minor" else f"{major}.{minor}.{patch + 1}"
