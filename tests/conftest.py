"""What tests share: quiet libraries, and the release of the seed, built once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Libraries read these when they are imported.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "seeds" / "pages"
# A day that no test depends on but all releases made by tests share.
DAY = "2025-01-02"


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def seed_page() -> bytes:
    """The bytes of the seed page."""
    return next(SEED.glob("*.txt")).read_bytes()


@pytest.fixture(scope="session")
def seed_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with the release of the seed, built without Prefect. Tests read it; one that changes it works on a copy."""
    from baogao import pipeline

    output = tmp_path_factory.mktemp("seed") / "output"
    pipeline.build([str(SEED)], output, engine="inline", released=DAY)
    return output


@pytest.fixture(scope="session")
def seed_release(seed_output: Path):
    """The release of the seed."""
    from baogao.release import open_release

    return open_release(seed_output)


@pytest.fixture(scope="session")
def day() -> str:
    """The day of the releases that tests make."""
    return DAY


@pytest.fixture
def seeds(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose corrections.yaml and removals.csv stand in for those of the project: at first there is nothing in them."""
    from baogao import corrections, removals

    folder = tmp_path_factory.mktemp("seeds")
    (folder / "corrections.yaml").write_text("[]\n", encoding="utf-8")
    (folder / "removals.csv").write_text("address,what,date,ground\n", encoding="utf-8")
    for module in (corrections, removals):
        monkeypatch.setattr(module, "seed_file", lambda name: folder / name)
    forget = (corrections.corrections.cache_clear, removals.removals.cache_clear)
    for clear in forget:
        clear()
    yield folder
    for clear in forget:
        clear()
