"""What the moves share: what made a result, what becomes of a piece that cannot be worked on, and the rejects of a batch.

In: names, errors, rejects. Out: fingerprints' parts, reasons, a file. Never: a page or a report.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from baogao import contract
from baogao.pages import read_arrow, write_arrow
from baogao.records import Reject
from baogao.scale import Care
from baogao.sources import site_cards_file
from baogao.store import Store, fingerprint
from baogao.text import printable

# The code that has a part in the work on a page.
PAGE_CODE = (
    "records", "text", "sources", "read", "clean", "describe", "sketch", "parts", "learn", "ids", "split", "tables", "pages", "stages", "contract", "moves",
)  # fmt: skip
# A page takes a hundredth of a second, the longest report half a second.
PIECE_SECONDS = 300
KILLS = "it cannot be worked on: a worker process ended over it, twice (out of memory, out of time, or a fault in a library)"
_FAULT_CHARS = 300
_REJECTS, _MARKS = "rejects.arrow", "made.json"


def rules() -> tuple[str, str]:
    """Digests of the vocabularies and of the site cards."""
    return contract.digest(), hashlib.sha256(site_cards_file().read_bytes()).hexdigest()


def next_care(care: Care | None, store: Store, names: Sequence[str]) -> Care | None:
    """How a batch of pieces with these names is worked after a death."""
    return care.after_death() if care else Care(store.root / "care" / f".{fingerprint(*names)}")


def write_made(draft: Path, marks: Mapping[str, str]) -> None:
    """Note what each piece of a batch was made of, by a mark of it, and where it is."""
    (draft / _MARKS).write_text(json.dumps(marks), encoding="ascii")


def read_made(folder: Path) -> dict[str, str]:
    """Where the pieces of a finished batch are in it, by their marks."""
    made: dict[str, str] = json.loads((folder / _MARKS).read_text(encoding="ascii"))
    return made


def made_before(store: Store, kind: str, marks: Collection[str]) -> tuple[Path | None, dict[str, str]]:
    """The finished batch that holds most of the pieces with these marks, and where in it they are."""
    best: tuple[Path | None, dict[str, str]] = (None, {})
    for file in sorted(store.root.glob(f"{kind}/[!.]*/{_MARKS}")):  # what is hidden is in progress, and may go at any time
        made = read_made(file.parent)
        same = {mark: made[mark] for mark in marks if mark in made}
        if len(same) > len(best[1]):
            best = (file.parent, same)
    return best


def fault(error: Exception) -> str:
    """What went wrong, on one line."""
    return printable(f"it cannot be worked on: {type(error).__name__}: {error}")[:_FAULT_CHARS]


def write_rejects(draft: Path, rejects: Sequence[Reject]) -> None:
    """Write what was turned away of a batch."""
    write_arrow(draft / _REJECTS, pa.Table.from_pylist([asdict(one) for one in rejects], schema=_rejects_schema()))


def read_rejects(folder: Path) -> list[Reject]:
    """What was turned away of a batch."""
    return [Reject(**row) for row in read_arrow(folder / _REJECTS).to_pylist()]


def _rejects_schema() -> pa.Schema:
    return contract.arrow_schema(contract.tables()["rejects"], nullable=True)
