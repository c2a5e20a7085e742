"""Verifying a release: its files as they were published, then all that its files say.

In: the folder of a release, its manifest, and the digest of the manifest by the pointer that led there. Out: what is wrong, in sentences.
Each names the file or the table, the row and the column. Never: a change to a release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from baogao.verify.files import chosen_of, wrong_files, wrong_manifest, wrong_pointer
from baogao.verify.renditions import wrong_descriptors, wrong_renditions
from baogao.verify.rows import wrong_rows
from baogao.verify.tables import wrong_keys, wrong_order, wrong_schemas, wrong_totals

__all__ = ["problems"]

# What is damaged cannot be looked into any further: each group is looked at only where those before it are whole.
_GROUPS = ((wrong_files,), (wrong_manifest,), (wrong_schemas,), (wrong_keys, wrong_order, wrong_rows, wrong_totals), (wrong_descriptors, wrong_renditions))


# What can be looked into where some tables were not fetched.
_OF_SOME = (wrong_files, wrong_manifest, wrong_schemas)


def problems(folder: Path, manifest: Mapping[str, Any], pointed_at: str | None = None) -> Iterator[str]:
    """What is wrong with a release, in sentences. Nothing is wrong where none comes. Of one that was fetched in part, its files and the tables that are there."""
    found = list(wrong_pointer(folder, manifest, pointed_at)) if pointed_at else []
    yield from found
    if (chosen := chosen_of(folder)) is not None:
        yield from next(filter(None, (list(check(folder, manifest, chosen)) for check in _OF_SOME)), ())
        return
    for group in _GROUPS:
        for check in group:
            for problem in check(folder, manifest):
                found.append(problem)
                yield problem
        if found:
            return
