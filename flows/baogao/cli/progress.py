"""The progress of a build: how much of a stage is done, how fast it goes, and how long the rest may take.

In: the mapping of the stages, from pipeline. Out: the same mapping, with lines or a display on stderr. Never: the work itself, or a word on stdout.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from rich.filesize import decimal

from baogao.pipeline import CHECK, PUBLISH, READ, STRUCTURE

if TYPE_CHECKING:
    from baogao.pipeline import Stage

T = TypeVar("T")
R = TypeVar("R")

_UNITS = {READ: "pages", STRUCTURE: "documents", CHECK: "pages and documents", PUBLISH: "files"}
# A stage that takes longer is told of this often, in seconds.
_EVERY = 10.0


@dataclass(slots=True)
class Tally:
    """How much of a stage is done; batches count as the pages or documents in them, all else as one."""

    name: str
    total: int
    done: int = 0
    n_bytes: int = 0

    @classmethod
    def of(cls, name: str, items: Iterable[object]) -> Tally:
        """Nothing done yet of these items."""
        return cls(name, sum(map(_pieces, items)))

    def add(self, item: object) -> None:
        """Count an item that is done."""
        self.done += _pieces(item)
        self.n_bytes += getattr(item, "n_bytes", 0)

    def said(self, seconds: float) -> str:
        """What is done after so many seconds, and how long the rest will take at that rate; nothing of stages that are one step.

        >>> Tally("read and clean", 1000, 250, 6_500_000).said(5)
        '250 of 1,000 pages, 6.5 MB, 50/s, 15 s left'
        >>> Tally("publish", 31, 31).said(2)
        '31 files, 15.5/s'
        """
        if self.name not in _UNITS:
            return ""
        rate = self.done / seconds if seconds > 0 else 0.0
        left = self.total - self.done
        parts = [f"{self.done:,} {f'of {self.total:,} ' if left else ''}{_UNITS[self.name] if self.total > 1 else _UNITS[self.name].removesuffix('s')}"]
        parts += [decimal(self.n_bytes)] if self.n_bytes else []
        parts += [f"{rate:,.0f}/s" if rate >= 100 else f"{rate:.3g}/s"] if rate else []
        parts += [f"{left / rate:,.0f} s left"] if left and rate else []
        return ", ".join(parts)


def lines(stage: Stage) -> Stage:
    """The mapping of stages with a line on stderr when one ends, and now and then before."""

    def mapped(name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        if not items:
            return
        tally, start = Tally.of(name, items), time.monotonic()
        told = start
        for item, result in zip(items, stage(name, work, items), strict=True):
            tally.add(item)
            yield result
            if tally.done < tally.total and time.monotonic() - told > _EVERY:
                told = time.monotonic()
                print(f"{name:16} {tally.said(told - start)}", file=sys.stderr, flush=True)
        seconds = time.monotonic() - start
        said = tally.said(seconds)
        print(f"{name:16} {said}{', ' if said else ''}done in {seconds:.1f} s", file=sys.stderr, flush=True)

    return mapped


def bars(stage: Stage) -> Stage:
    """The mapping of stages with a progress display, for a terminal."""
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description:16}"), BarColumn(), TextColumn("{task.fields[said]}"), TimeElapsedColumn())
    console = Console(stderr=True)

    def mapped(name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        if not items:
            return
        tally, start = Tally.of(name, items), time.monotonic()
        with Progress(*columns, console=console) as progress:
            shown = progress.add_task(name, total=tally.total, said=tally.said(0))
            for item, result in zip(items, stage(name, work, items), strict=True):
                tally.add(item)
                progress.update(shown, completed=tally.done, said=tally.said(time.monotonic() - start))
                yield result

    return mapped


def _pieces(item: object) -> int:
    return int(getattr(item, "n_pieces", 1))
