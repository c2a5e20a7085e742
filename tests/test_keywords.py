from __future__ import annotations

import math
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.keywords import KEYWORDS, PRIOR, UNKNOWN, Frequencies, document_frequencies, find_keywords

QUICK = settings(max_examples=60, derandomize=True, deadline=None)
NONE = Frequencies(0, {})
STOP = terms("stop_words")


def words(**documents: dict[str, int]) -> pa.Table:
    rows = [{"doc_id": doc, "word": word, "n": n} for doc, counts in documents.items() for word, n in counts.items()]
    return pa.Table.from_pylist(rows, schema=pa.schema([("doc_id", pa.string()), ("word", pa.string()), ("n", pa.int32())]))


def found(counts: dict[str, int], frequencies: Frequencies = NONE) -> list[tuple[str, int, float, int]]:
    rows = find_keywords(words(a=counts), frequencies, STOP).to_pylist()
    return [(row["keyword"], row["rank"], row["weight"], row["n"]) for row in rows]


counts = st.dictionaries(st.one_of(st.text("甲乙丙丁戊", min_size=1, max_size=3), st.sampled_from(["发展", "工作", "今年", "永济", "招商引资"])), st.integers(1, 9), max_size=60)


@given(counts)
@QUICK
def test_keywords_are_ranked_by_weight_then_by_character(counted: dict[str, int]) -> None:
    rows = found(counted)
    assert rows == sorted(rows, key=lambda row: (-row[2], row[0]))
    assert [row[1] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row[3] == counted[row[0]] for row in rows)


@given(counts)
@QUICK
def test_keywords_are_no_stop_words_and_of_more_than_one_character(counted: dict[str, int]) -> None:
    able = {word for word in counted if len(word) > 1 and word not in STOP}
    rows = {row[0] for row in found(counted)}
    assert rows <= able
    assert len(rows) == min(len(able), KEYWORDS)


@given(st.dictionaries(st.sampled_from(["aa", "bb", "cc"]), counts, min_size=1))
@QUICK
def test_documents_of_one_table_do_not_touch_each_other(documents: dict[str, dict[str, int]]) -> None:
    together = find_keywords(words(**documents), NONE, STOP).to_pylist()
    assert together == [row for doc in sorted(documents) for row in find_keywords(words(**{doc: documents[doc]}), NONE, STOP).to_pylist()]


def test_keywords_are_at_most_twenty_the_heaviest() -> None:
    assert [row[3] for row in found({f"甲乙{chr(0x4E00 + n)}": n for n in range(1, 41)})] == list(range(40, 20, -1))


def test_the_weight_is_the_share_of_a_word_times_its_rarity() -> None:
    # 地区 has 4.45740 in jieba's table, 一网通办 is not in it; 发展 is a stop word, and counts among the words of the report all the same.
    assert found({"地区": 2, "一网通办": 1, "发展": 5}) == [("一网通办", 1, 1.494345938, 1), ("地区", 2, 1.114350457, 2)]


def test_a_word_that_the_table_lacks_has_its_median() -> None:
    lines = (files("jieba") / "analyse" / "idf.txt").read_text(encoding="utf-8").splitlines()
    values = sorted(float(line.split(" ")[1]) for line in lines)
    assert values[len(values) // 2] == UNKNOWN


def test_what_most_reports_say_marks_none_of_them_out() -> None:
    all_say, one_says = Frequencies(10_000, {"高质量": 9_000, "鹳雀楼": 1}), Frequencies(0, {})
    assert all_say.rarity("高质量") < 0.2 < one_says.rarity("高质量")
    assert all_say.rarity("鹳雀楼") > 8
    assert [row[0] for row in found({"高质量": 30, "鹳雀楼": 5}, all_say)] == ["鹳雀楼", "高质量"]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@QUICK
def test_no_word_weighs_less_than_nothing(n: int, other: int) -> None:
    some, of = sorted((n, other))
    assert Frequencies(of, {"地区": some}).rarity("地区") >= 0
    assert math.isclose(Frequencies(0, {}).rarity("一网通办"), UNKNOWN)
    assert PRIOR > 0


def test_frequencies_are_of_canonical_documents_alone() -> None:
    tables = [words(a={"永济": 3, "项目": 1}, b={"永济": 1}), words(c={"永济": 1, "项目": 2})]
    frequencies = document_frequencies(tables, pa.array(["a", "c"]))
    assert (frequencies.n_documents, dict(frequencies.documents)) == (2, {"永济": 2, "项目": 2})
    assert document_frequencies([], pa.array([], pa.string())).documents == {}


def test_a_report_without_words_has_no_keywords() -> None:
    assert found({}) == []


def test_the_seed_is_marked_out_by_what_it_speaks_of(seed_release: Any) -> None:
    assert {"永济", "运城", "招商"} <= set(seed_release.table("keywords")["keyword"].to_pylist())


@pytest.mark.parametrize("word", ["发展", "我"])
def test_stop_words_and_single_characters_are_none(word: str) -> None:
    assert found({word: 9}) == []
