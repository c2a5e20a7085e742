from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jieba
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.read import decode
from baogao.text import fold, is_han
from baogao.words import WordCutter

QUICK = settings(max_examples=100, derandomize=True, deadline=None)
EXAMPLES = yaml.safe_load((Path(__file__).parent / "examples" / "words" / "words.yaml").read_text(encoding="utf-8"))
BROKEN_CACHE = b"no cache at all"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@dataclass(frozen=True)
class Built:
    """A cutter, and the temporary folder that was there when it was made, with a broken cache of jieba in it."""

    cutter: WordCutter
    temporary: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    temporary = tmp_path_factory.mktemp("temporary")
    (temporary / "jieba.cache").write_bytes(BROKEN_CACHE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(temporary))
        yield Built(WordCutter.from_terms(terms, "jieba"), temporary)


@pytest.fixture(scope="module")
def cutter(built: Built) -> WordCutter:
    return built.cutter


@pytest.fixture(scope="module")
def dictionary() -> dict[str, int]:
    """jieba's base dictionary."""
    lines = (files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, _ in (line.split(" ") for line in lines)}


def tokenizer(cutter: WordCutter) -> Any:
    """The tokenizer of jieba behind a cutter."""
    return cutter._segment.func.__self__


def han(text: str) -> str:
    return "".join(char for char in text if is_han(char))


# --- cutting


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["why"] for example in EXAMPLES])
def test_a_text_gives_its_words(cutter: WordCutter, example: dict[str, str]) -> None:
    assert cutter.cut(example["text"]) == example["words"].split()


@given(st.text(st.one_of(st.sampled_from("增长率营商环境优化省市〇㐀鿿０1２.％%-+:①⑴, 　。GＤ\n"), st.characters(exclude_categories=["Cs"])), max_size=40))
@QUICK
def test_no_han_character_is_lost_or_moved(cutter: WordCutter, text: str) -> None:
    assert han("".join(cutter.cut(text))) == han(fold(text))


@given(st.text("增长率营商0１.％%-+:①⑴Ⅲ²GＤ ", max_size=40))
@QUICK
def test_no_word_holds_a_number_or_an_unfolded_character(cutter: WordCutter, text: str) -> None:
    for word in cutter.cut(text):
        assert not any(char.isdigit() for char in word)
        assert word == fold(word).lower() == word.strip()


def test_no_han_character_of_the_seed_is_lost(cutter: WordCutter, seed_release: Any) -> None:
    for paragraph in seed_release.table("paragraphs").to_pylist():
        assert han("".join(cutter.cut(paragraph["text"]))) == han(fold(paragraph["text"]))


def test_words_of_the_seed_are_counted_report_by_report(cutter: WordCutter, seed_release: Any) -> None:
    texts = [row["text"] for row in seed_release.table("paragraphs").to_pylist()]
    released = {row["word"]: row["n"] for row in seed_release.table("words").to_pylist()}
    assert cutter.count(texts) == released
    assert released["各项"] == "".join(texts).count("各项")


def test_the_order_of_the_own_words_does_not_matter(cutter: WordCutter) -> None:
    again = WordCutter(reversed([*terms("words"), *(row["zh"] for row in terms("indicators")), *(row["name"] for row in terms("places"))]), "jieba")
    assert tokenizer(again).FREQ == tokenizer(cutter).FREQ
    assert tokenizer(again).total == tokenizer(cutter).total


# --- the two engines


@pytest.fixture(scope="module")
def fast() -> WordCutter:
    return WordCutter.from_terms(terms, "rjieba")


@given(st.text(st.one_of(st.sampled_from("地区生产总值增长率营商环境优化省市永济推进高质量发展人均可支配收入２.％%-+:①, GＤ\n"), st.characters(exclude_categories=["Cs"])), max_size=60))
@QUICK
def test_rjieba_cuts_any_text_as_jieba_does(cutter: WordCutter, fast: WordCutter, text: str) -> None:
    assert fast.cut(text) == cutter.cut(text)


def test_rjieba_cuts_every_text_of_the_project_as_jieba_does(cutter: WordCutter, fast: WordCutter) -> None:
    here = Path(__file__).parent
    pages = [path for folder in (here / "examples", here / "gold", here.parent / "seeds") for path in folder.rglob("*") if path.suffix in {".txt", ".html", ".jsonl"}]
    assert len(pages) > 100
    for path in pages:
        text = path.read_bytes().decode("utf-8", "ignore")
        assert fast.cut(text) == cutter.cut(text), path


@pytest.mark.skipif(not SHARED.exists(), reason="the collected reports are kept beside the project, in ../shared, and are not here")
def test_rjieba_cuts_every_collected_report_as_jieba_does(cutter: WordCutter, fast: WordCutter) -> None:
    for path in sorted(SHARED.rglob("*.txt")):
        text = decode(path.read_bytes())[0]
        assert fast.cut(text) == cutter.cut(text), path


def test_rjieba_is_the_engine_where_it_is_installed_and_jieba_else(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "builtins.Jieba" in str(WordCutter([])._segment)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert tokenizer(WordCutter([])).FREQ


# --- the dictionary


def test_the_base_dictionary_lacks_all_own_words(dictionary: dict[str, int]) -> None:
    assert not set(terms("words")) & dictionary.keys()


@pytest.mark.parametrize("name", ["words", "stop_words"])
def test_word_lists_are_sorted_and_hold_each_word_once(name: str) -> None:
    assert terms(name) == sorted(set(terms(name)))


def test_own_words_stay_whole(cutter: WordCutter) -> None:
    assert {word: cutter.cut(word) for word in terms("words")} == {word: [word] for word in terms("words")}


def test_words_of_the_base_dictionary_keep_its_frequency(cutter: WordCutter, dictionary: dict[str, int]) -> None:
    own = {*terms("words"), *(row["zh"] for row in terms("indicators")), *(row["name"] for row in terms("places"))}
    known = {word: dictionary[word] for word in own if dictionary.get(word)}
    assert {word: tokenizer(cutter).FREQ[word] for word in known} == known
    assert "运城市" in known
    assert all(tokenizer(cutter).FREQ[word] > 0 for word in own)


# --- the cache


def test_the_cache_of_jieba_is_neither_read_nor_written(built: Built) -> None:
    assert built.cutter.cut("健全服务体系") == ["健全", "服务体系"]
    assert [path.name for path in built.temporary.iterdir()] == ["jieba.cache"]
    assert (built.temporary / "jieba.cache").read_bytes() == BROKEN_CACHE


def test_the_dictionary_that_others_may_use_is_left_alone(cutter: WordCutter) -> None:
    assert tokenizer(cutter).FREQ["一老一小"] > 0
    assert "一老一小" not in jieba.dt.FREQ
