from __future__ import annotations

from typing import Any

import pytest

from baogao.publish.versions import FIRST, next_version, version_step

TABLE: dict[str, Any] = {"columns": {"doc_id": "string", "value": "double"}, "keys_sha256": "k", "content_sha256": "c"}
OTHER_ROWS = TABLE | {"keys_sha256": "k2", "content_sha256": "c2"}
OTHER_VALUES = TABLE | {"content_sha256": "c2"}


def columns(**types: str) -> dict[str, Any]:
    return TABLE | {"columns": types, "content_sha256": "c2"}


@pytest.mark.parametrize(
    ("what", "old", "new", "step"),
    [
        ("nothing", {"t": TABLE}, {"t": TABLE}, None),
        ("nothing but the order of the tables", {"t": TABLE, "u": TABLE}, {"u": TABLE, "t": TABLE}, None),
        ("a column removed", {"t": TABLE}, {"t": columns(doc_id="string")}, "major"),
        ("a column renamed", {"t": TABLE}, {"t": columns(doc_id="string", amount="double")}, "major"),
        ("a column retyped", {"t": TABLE}, {"t": columns(doc_id="string", value="int32")}, "major"),
        ("columns moved", {"t": TABLE}, {"t": columns(value="double", doc_id="string")}, "major"),
        ("a column put in before the last", {"t": TABLE}, {"t": columns(doc_id="string", unit="string", value="double")}, "major"),
        ("a table removed", {"t": TABLE, "u": TABLE}, {"t": TABLE}, "major"),
        ("a table renamed", {"t": TABLE}, {"u": TABLE}, "major"),
        ("a trailing column added", {"t": TABLE}, {"t": columns(doc_id="string", value="double", unit="string")}, "minor"),
        ("a table added", {"t": TABLE}, {"t": TABLE, "u": TABLE}, "minor"),
        ("rows added or removed", {"t": TABLE}, {"t": OTHER_ROWS}, "minor"),
        ("rows of one table and values of another", {"t": TABLE, "u": TABLE}, {"t": OTHER_ROWS, "u": OTHER_VALUES}, "minor"),
        ("values corrected", {"t": TABLE}, {"t": OTHER_VALUES}, "patch"),
        ("values of one table of two", {"t": TABLE, "u": TABLE}, {"t": TABLE, "u": OTHER_VALUES}, "patch"),
        ("a column removed and rows added", {"t": TABLE}, {"t": OTHER_ROWS | {"columns": {"doc_id": "string"}}}, "major"),
    ],
)
def test_the_difference_decides_the_step(what: str, old: dict[str, Any], new: dict[str, Any], step: str | None):
    assert version_step(old, new) == step, what


@pytest.mark.parametrize("new", [{"t": TABLE}, {"t": OTHER_ROWS}, {"t": OTHER_VALUES}, {"t": TABLE, "u": TABLE}])
def test_changed_rights_are_major_whatever_else_changed(new: dict[str, Any]):
    assert version_step({"t": TABLE}, new, rights_changed=True) == "major"


@pytest.mark.parametrize(
    ("version", "step", "expected"),
    [
        (FIRST, "major", "2.0.0"),
        (FIRST, "minor", "1.1.0"),
        (FIRST, "patch", "1.0.1"),
        ("1.9.9", "patch", "1.9.10"),
        ("1.9.9", "minor", "1.10.0"),
        ("9.9.9", "major", "10.0.0"),
    ],
)
def test_a_step_raises_its_number_and_sets_back_those_after_it(version: str, step: Any, expected: str):
    assert next_version(version, step) == expected


def test_the_first_version_is_one():
    assert FIRST == "1.0.0"
