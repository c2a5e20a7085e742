"""How a release differs from the one before it: changes/ of the release, and a sentence for its change log.

In: the tables of the draft, the release before. Out: changes.json, changes.parquet and rekeys.parquet in the draft. Never: an empty Parquet file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baogao import contract
from baogao.compare import Side, TableDifference, comparison
from baogao.publish.parquet import sha256, write_parquet

if TYPE_CHECKING:
    import pyarrow as pa

Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences from the release before: as changes.json has them, and in words."""

    told: dict[str, Any]
    in_words: str = ""


def find_changes(draft: Path, tables: Tables, releases: Path, previous: Mapping[str, Any] | None, *, work: Path) -> Changes:
    """Write the changes of a draft since the release before it; a first release has none."""
    folder = draft / "changes"
    folder.mkdir()
    if previous is None:
        return Changes({"since": None, "tables_added": [], "tables_removed": [], "tables": {}, "rekeys": {}})
    old = side(releases / previous["version"], previous)
    new = Side(draft, tables, {path: sha256(draft / path) for table in tables.values() for path in table["files"]})
    rekeyed: Counter[str] = Counter()
    with comparison(old, new, {name: table.key for name, table in contract.tables().items()}, work=work) as found:
        described = contract.history()
        write_parquet(folder / "changes.parquet", described["changes"], found.changes())
        write_parquet(folder / "rekeys.parquet", described["rekeys"], _counted(found.rekeys(), rekeyed))
        different = {name: one for name, one in found.tables.items() if not one.is_none}
    told = {
        "since": previous["version"],
        "tables_added": [name for name in tables if name not in previous["tables"]],
        "tables_removed": [name for name in previous["tables"] if name not in tables],
        "tables": {name: asdict(one) for name, one in different.items()},
        "rekeys": dict(rekeyed),
    }
    return Changes(told, in_words(different))


def side(folder: Path, manifest: Mapping[str, Any]) -> Side:
    """A published release, to be compared."""
    return Side(folder, manifest["tables"], {file["path"]: file["sha256"] for file in manifest["files"]})


def in_words(different: Mapping[str, TableDifference]) -> str:
    """What happened to rows and columns, for the change log.

    >>> in_words({"reports": TableDifference(added=2, changed=1), "words": TableDifference(removed=1204, columns_added=["rank"])})
    ': reports 2 added, 1 changed; words 1,204 removed, column rank added'
    """
    said = []
    for name, one in different.items():
        rows = [f"{getattr(one, op):,} {op}" for op in ("added", "removed", "changed") if getattr(one, op)]
        columns = [f"column {column} {op}" for op in ("added", "removed", "retyped") for column in getattr(one, f"columns_{op}")]
        said.append(f"{name} {', '.join([*rows, *columns, *(['columns moved'] if one.columns_moved else [])])}")
    return f": {'; '.join(said)}" if said else ""


def _counted(tables: Iterator[pa.Table], counts: Counter[str]) -> Iterator[pa.Table]:
    for table in tables:
        counts.update(table["table"].to_pylist())
        yield table
