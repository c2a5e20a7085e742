"""The releases that are validated: those in the folder that BAOGAO_RELEASES names, one output folder each."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

# What datasets loaded from a path before, it takes for what stands there now: each run begins without.
_CACHE = tempfile.TemporaryDirectory(prefix="huggingface-")
os.environ["HF_HOME"] = _CACHE.name

OUTPUTS = Path(os.environ["BAOGAO_RELEASES"]).resolve()


@dataclass
class Release:
    """A release: its folder, and what its manifest says."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return loaded

    @property
    def tables(self) -> list[str]:
        """Tables with rows."""
        return [name for name, table in self.manifest["tables"].items() if table["rows"]]

    def files(self, table: str) -> list[str]:
        """Its files in the order of their names, as tools that read folders take them."""
        return sorted(str(self.folder / path) for path in self.manifest["tables"][table]["files"])

    def table(self, name: str) -> pa.Table:
        return pa.concat_tables([pq.read_table(file) for file in self.files(name)])


def releases() -> Iterator[Path]:
    for output in sorted(path.parent for path in OUTPUTS.glob("*/latest.json")):
        yield output / json.loads((output / "latest.json").read_text(encoding="utf-8"))["path"]


@pytest.fixture(scope="session", params=list(releases()), ids=lambda folder: folder.parents[1].name)
def release(request: pytest.FixtureRequest) -> Release:
    return Release(request.param)


@pytest.fixture(scope="session")
def small() -> Release:
    """The release of the small corpus: every table of it has rows."""
    return Release(next(folder for folder in releases() if folder.parents[1].name == "corpus"))
