from __future__ import annotations

import hashlib
import json
import platform
import socket
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from baogao import contract
from baogao.publish.provenance import provenance
from baogao.release import Release

Event = dict[str, Any]


@pytest.fixture(scope="module")
def events(corpus_release: Release) -> list[Event]:
    return [json.loads(line) for line in (corpus_release.folder / "provenance.jsonl").read_text(encoding="utf-8").splitlines()]


def test_each_run_starts_and_ends_under_one_name(events: list[Event]) -> None:
    assert [(event["job"]["name"], event["eventType"]) for event in events] == [
        ("build", "START"), ("build", "COMPLETE"), ("check", "START"), ("check", "COMPLETE"),
    ]  # fmt: skip
    runs = [UUID(event["run"]["runId"]) for event in events]
    assert runs[0] == runs[1] != runs[2] == runs[3]


def test_the_pages_are_named_by_their_checksums(events: list[Event], corpus_release: Release, corpus: Path) -> None:
    (read,) = events[1]["inputs"]
    held = set(corpus_release.table("pages")["sha256"].to_pylist())
    found = {hashlib.sha256(file.read_bytes()).hexdigest() for file in corpus.iterdir()}
    assert held <= found
    assert read["facets"]["version"]["datasetVersion"] == "sha256:" + hashlib.sha256("\n".join(sorted(held)).encode()).hexdigest()
    assert read["inputFacets"]["inputStatistics"]["rowCount"] >= len(held)


def test_tables_have_their_rows_and_columns(events: list[Event], corpus_release: Release) -> None:
    outputs = {one["name"]: one for one in events[1]["outputs"]}
    assert list(outputs) == list(corpus_release.manifest["tables"])
    for name, table in corpus_release.manifest["tables"].items():
        statistics = outputs[name]["outputFacets"]["outputStatistics"]
        assert (statistics["rowCount"], statistics["fileCount"]) == (table["rows"], len(table["files"]))
        assert [field["name"] for field in outputs[name]["facets"]["schema"]["fields"]] == contract.tables()[name].names


def test_what_was_turned_away_is_an_assertion_that_did_not_hold(events: list[Event], corpus_release: Release) -> None:
    rejects = json.loads((corpus_release.folder / "quality.json").read_text(encoding="utf-8"))["rejects"]
    assert rejects
    failed = {
        f"{one['name']}: {said['assertion']}": said["actual"]
        for one in events[3]["inputs"]
        for said in one["inputFacets"]["dataQualityAssertions"]["assertions"]
        if not said["success"]
    }
    assert failed == {name: f"{count} rows turned away" for name, count in rejects.items()}


def test_nothing_of_this_machine_is_in_it_and_time_is_the_day_of_the_release(events: list[Event], day: str) -> None:
    assert {event["eventTime"] for event in events} == {f"{day}T00:00:00Z"}
    said = json.dumps(events)
    assert socket.gethostname() not in said or len(socket.gethostname()) < 4
    assert platform.release() not in said
    assert "/home" not in said
    assert "/tmp" not in said


def test_other_rows_make_another_run(corpus_release: Release) -> None:
    quality = json.loads((corpus_release.folder / "quality.json").read_text(encoding="utf-8"))
    tables = corpus_release.manifest["tables"]
    other = tables | {"words": tables["words"] | {"content_sha256": "0" * 64}}
    one, two, three = (json.loads(provenance("1.0.0", "2025-01-02", some, {}, [], quality, "x 1").splitlines()[0])["run"]["runId"] for some in (tables, tables, other))
    assert one == two != three
