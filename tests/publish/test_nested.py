from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from baogao.publish.nested import nested_schema
from baogao.release import Release

Record = dict[str, Any]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = nested_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def reports(release: Release) -> list[Record]:
    return [json.loads(line) for file in (release.folder / "json" / "reports").glob("*.jsonl") for line in file.read_text(encoding="utf-8").splitlines()]


def test_every_nested_report_is_as_its_schema_says(validator: Draft202012Validator, corpus_release: Release, seed_release: Release) -> None:
    found = [*reports(corpus_release), *reports(seed_release)]
    assert found
    for report in found:
        assert [error.message for error in validator.iter_errors(report)] == []


def figure(report: Record) -> Record:
    """The first figure of a report."""
    paragraphs = [paragraph for section in report["sections"] for paragraph in section["paragraphs"]]
    found: Record = next(one for paragraph in paragraphs for sentence in paragraph["sentences"] for one in sentence["indicators"])
    return found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda report: report.pop("sections"), "'sections' is a required property"),
        (lambda report: report.update(level="village"), "'village' is not one of"),
        (lambda report: report.update(report_year="2024"), "is not of type"),
        (lambda report: report.update(population=5), "Additional properties are not allowed"),
        (lambda report: figure(report).update(bound="about"), "'about' is not one of"),
        (lambda report: figure(report).update(value="7%"), "is not of type"),
        (lambda report: report.update(report_year=1900), "1900 is less than the minimum of 1949"),
        (lambda report: report.update(session=31), "31 is greater than the maximum of 30"),
        (lambda report: report.update(place_code="140"), "'140' does not match"),
        (lambda report: figure(report).update(period_start="2024"), "is not a 'date'"),
    ],
)
def test_a_report_that_is_otherwise_is_refused(validator: Draft202012Validator, corpus_release: Release, change: Callable[[Record], object], message: str) -> None:
    report = next(report for report in reports(corpus_release) if report["n_indicators"] and any(section["paragraphs"] for section in report["sections"]))
    change(report)
    (error,) = validator.iter_errors(report)
    assert message in error.message


def test_every_example_is_as_its_own_schema_says(validator: Draft202012Validator) -> None:
    for part in nested_schema()["$defs"].values():
        for column in part["properties"].values():
            for said in column.get("examples", ()):
                assert [error.message for error in validator.evolve(schema=column).iter_errors(said)] == []


def test_the_schema_is_in_the_release(corpus_release: Release) -> None:
    assert json.loads((corpus_release.folder / "schemas" / "nested-reports.json").read_text(encoding="utf-8")) == nested_schema()
