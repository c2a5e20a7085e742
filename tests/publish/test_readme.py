from __future__ import annotations

from typing import Any

import pytest
import yaml

from baogao.release import Release


@pytest.fixture(scope="module")
def card(corpus_release: Release) -> dict[str, Any]:
    text = (corpus_release.folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("---\n")
    loaded: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return loaded


def test_the_card_has_a_configuration_for_every_table_with_rows(card: dict[str, Any], corpus_release: Release) -> None:
    assert [one["config_name"] for one in card["configs"]] == [name for name, table in corpus_release.manifest["tables"].items() if table["rows"]]
    for one in card["configs"]:
        ((split, path),) = ((file["split"], file["path"]) for file in one["data_files"])
        files = {file.relative_to(corpus_release.folder).as_posix() for file in corpus_release.folder.glob(path)}
        assert split == "train"
        assert files == set(corpus_release.manifest["tables"][one["config_name"]]["files"])
    assert [one["config_name"] for one in card["configs"] if one.get("default")] == ["indicators"]


def test_the_card_says_what_the_data_are(card: dict[str, Any]) -> None:
    assert (card["language"], card["license"], card["size_categories"]) == (["zh"], "cc0-1.0", ["1K<n<10K"])


def test_a_table_without_rows_has_no_configuration(seed_release: Release) -> None:
    text = (seed_release.folder / "README.md").read_text(encoding="utf-8")
    names = [one["config_name"] for one in yaml.safe_load(text.split("---\n")[1])["configs"]]
    assert "rejects" not in names
    assert "indicators" in names


@pytest.mark.parametrize("said", ["## 使用说明", "## Limits", "`place_code`", "`warnings`", "provenance.jsonl", "croissant.json"])
def test_the_readme_speaks_of_what_readers_need(corpus_release: Release, said: str) -> None:
    assert said in (corpus_release.folder / "README.md").read_text(encoding="utf-8")
