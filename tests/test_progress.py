"""Progress is told in pages and documents, on stderr alone, and changes nothing of the work."""

from __future__ import annotations

import itertools

import pytest

from baogao import moves
from baogao.cli import progress
from baogao.cli.progress import Tally
from baogao.pipeline import ASSEMBLE, READ
from baogao.sources import PageRef
from baogao.store import Store


def batch(tmp_path, pages: int) -> moves.PageBatch:
    return moves.PageBatch(Store(tmp_path), tuple(PageRef(f"{n}.html", f"/pages/{n}.html", 30_000) for n in range(pages)))


def stage(name, work, items):
    yield from map(work, items)


@pytest.mark.parametrize("watch", [progress.lines, progress.bars])
def test_whoever_watches_gets_every_result_in_order(tmp_path, watch, capsys):
    batches = [batch(tmp_path, n) for n in (3, 1, 2)]
    assert list(watch(stage)(READ, lambda one: len(one.refs), batches)) == [3, 1, 2]
    assert list(watch(stage)(READ, len, [])) == []
    shown = capsys.readouterr()
    assert not shown.out
    assert "6 pages, 180.0 kB" in shown.err


def test_a_long_stage_is_told_of_before_it_ends(tmp_path, monkeypatch, capsys):
    clock = itertools.count(0, 6)  # each look at the clock is six seconds later
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    list(progress.lines(stage)(READ, id, [batch(tmp_path, 100) for _ in range(4)]))
    assert capsys.readouterr().err.splitlines() == [
        "read and clean   200 of 400 pages, 6.0 MB, 11.1/s, 18 s left",
        "read and clean   400 pages, 12.0 MB, 13.3/s, done in 30.0 s",
    ]


def test_stages_of_one_step_say_only_that_they_are_done(capsys):
    list(progress.lines(stage)(ASSEMBLE, id, [object()]))
    assert capsys.readouterr().err.startswith("assemble         done in ")


def test_nothing_is_foretold_before_anything_is_done():
    assert Tally(READ, 1000).said(0) == "0 of 1,000 pages"
