"""Care: how a batch over which a worker died is worked again, so that one poisonous piece does not take the others along.

In: a file to note the piece in that a worker is at. Out: after a death, which pieces are to be left out. Never: a piece left out for one death alone.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

# More than so many poisonous pieces in one batch, or deaths before its first piece, are no accident: the machine is too small, or the code is wrong.
_LEFT_OUT_MAX, _BEFORE_MAX = 5, 5


@dataclass(frozen=True, slots=True)
class Care:
    """What is known of a batch that workers died of: the piece of the last death, and the pieces that workers died of twice."""

    note: Path
    last: int | None = None
    left_out: tuple[int, ...] = ()
    before: int = 0
    """Deaths while no piece was worked: of other work on the same worker, where an engine gives it more than one item."""

    def begin(self, piece: int) -> None:
        """Note that the worker is at a piece."""
        self.note.parent.mkdir(parents=True, exist_ok=True)
        self.note.write_text(str(piece), encoding="ascii")

    def end(self) -> None:
        """Take the note away: all pieces are worked."""
        self.note.unlink(missing_ok=True)

    def after_death(self) -> Care | None:
        """How to go on after another death; None where too many pieces are to blame, or none for too long."""
        piece = None
        with suppress(OSError, ValueError):
            piece = int(self.note.read_text(encoding="ascii"))
        self.end()
        if piece is None:
            return replace(self, before=self.before + 1) if self.before < _BEFORE_MAX else None
        if piece != self.last:
            return replace(self, last=piece)
        return replace(self, last=None, left_out=(*self.left_out, piece)) if len(self.left_out) < _LEFT_OUT_MAX else None


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """In a worker process, end it when the piece takes longer: a piece that never ends is as poisonous as one that workers die of."""
    limited = multiprocessing.parent_process() is not None and hasattr(signal, "alarm")
    if limited:
        signal.alarm(seconds)
    try:
        yield
    finally:
        if limited:
            signal.alarm(0)
