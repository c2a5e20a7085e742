"""The nouns agree with the tables that they become."""

from dataclasses import FrozenInstanceError, fields
from types import NoneType
from typing import get_args, get_type_hints

import pytest

from baogao import records
from baogao.contract import tables
from baogao.records import BaogaoError, Body, ChecksFailed, Indicator, Page, Paragraph, Reject, Removed, Section, Unreadable


def columns(table):
    return {column.name: column for column in tables()[table].columns}


@pytest.mark.parametrize(
    ("kind", "table", "column"),
    [
        (records.DocumentType, "pages", "document_type"),
        (records.Level, "reports", "level"),
        (records.Completeness, "reports", "completeness"),
        (records.RemovedKind, "removed", "kind"),
        (records.Role, "sections", "role"),
        (records.Measure, "indicators", "measure"),
        (records.Bound, "indicators", "bound"),
        (records.Tier, "indicators", "tier"),
        (records.Status, "indicators", "status"),
    ],
)
def test_kinds_are_those_that_the_table_allows(kind, table, column):
    assert set(get_args(kind)) == set(columns(table)[column].enum)


@pytest.mark.parametrize(
    ("record", "table", "besides"),
    [
        (Page, "pages", {"text"}),
        (Removed, "removed", set()),
        (Section, "sections", {"parent"}),
        (Paragraph, "paragraphs", {"section"}),
        (Indicator, "indicators", set()),
        (Reject, "rejects", set()),
    ],
)
def test_fields_are_columns_and_may_be_missing_where_the_columns_may(record, table, besides):
    described = columns(table)
    hints = get_type_hints(record)
    for field in fields(record):
        if field.name not in besides:
            assert (NoneType in get_args(hints[field.name])) is not described[field.name].required, field.name


@pytest.mark.parametrize("record", [Body((), None, (), ()), Removed(0, 1, "other", "rule", "x"), Section(0, 1, 1, "other")])
def test_records_are_frozen_and_slotted(record):
    with pytest.raises(FrozenInstanceError):
        setattr(record, fields(record)[0].name, None)
    assert not hasattr(record, "__dict__")


@pytest.mark.parametrize("error", [Unreadable, ChecksFailed])
def test_every_error_that_a_user_may_meet_is_a_baogao_error(error):
    assert issubclass(error, BaogaoError)
