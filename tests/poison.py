"""Batches with pieces that kill the worker that touches them, for test_scale: workers have to find them in a module of its own."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path

from baogao.scale import Care, time_limit


@dataclass(frozen=True)
class Batch:
    """Pieces to work, some of which are poison."""

    folder: Path
    pieces: tuple[int, ...]
    care: Care | None = None

    def after_death(self) -> Batch | None:
        care = self.care.after_death() if self.care else Care(self.folder / f"note-{self.pieces[0]}")
        return replace(self, care=care) if care else None


def work_batch(batch: Batch) -> list[int]:
    """The pieces of a batch that a worker does not die of; 13 kills it, 14 the first time alone."""
    done = []
    for n, piece in enumerate(batch.pieces):
        if batch.care and n in batch.care.left_out:
            continue
        if batch.care:
            batch.care.begin(n)
        first = batch.folder / f"first-{piece}"
        if piece == 13 or (piece == 14 and not first.exists()):
            first.touch()
            os._exit(1)
        done.append(piece)
    if batch.care:
        batch.care.end()
    return done


def sleep_too_long(seconds: int) -> None:
    with time_limit(1):
        time.sleep(seconds)
