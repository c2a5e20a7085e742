"""What the tests of publishing share: a release of the small corpus, built once, and builds whose rows all pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from baogao.release import Release, open_release


@pytest.fixture(scope="session")
def corpus(root: Path) -> Path:
    """The folder of the small corpus."""
    return root / "tests" / "examples" / "corpus"


@pytest.fixture(scope="session")
def corpus_release(corpus: Path, day: str, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the small corpus. Tests read it; one that changes it works on a copy."""
    from baogao import pipeline

    output = tmp_path_factory.mktemp("corpus") / "output"
    pipeline.build([str(corpus)], output, engine="inline", released=day)
    return open_release(output)


@pytest.fixture
def rows_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row fails an expectation: what these say is not the subject, and they take most of a build's time."""
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
