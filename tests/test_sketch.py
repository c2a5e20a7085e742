from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.sketch import NO_SKETCH, Sketch, merged, minhash, sampled_sentences, sketch

QUICK = settings(max_examples=60, derandomize=True, deadline=None)
# One hundred and twenty sentences, no two alike.
TEXT = [f"全年实施第{n}批重点项目{n * 7 % 90 + 10}个，完成投资{n * 13 % 700 + 20}亿元。" for n in range(120)]
OTHER = [f"新建改建{n}号农村公路{n * 3 % 80 + 5}公里，惠及群众{n * 11 % 900 + 30}户。" for n in range(120)]


def sample(lines: list[str]) -> set[int]:
    return set(sampled_sentences(sketch(lines)).tolist())


def similarity(one: list[str], other: list[str]) -> float:
    return float(minhash(sketch(one).signature).jaccard(minhash(sketch(other).signature)))


def test_a_sample_holds_about_half_of_the_sentences() -> None:
    assert len(TEXT) / 3 < sketch(TEXT).n_sentences < 2 * len(TEXT) / 3


def test_copies_have_one_sketch_whatever_their_width_and_spaces() -> None:
    wide = [line.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}) for line in TEXT]
    spaced = [f"　　{line[:6]} {line[6:]}" for line in TEXT]
    assert sketch(TEXT) == sketch(wide) == sketch(spaced) == sketch(["".join(TEXT)])


def test_a_sentence_that_recurs_counts_once() -> None:
    assert sketch(TEXT * 3).sentences == sketch(TEXT).sentences


def test_short_sentences_are_no_sample() -> None:
    assert sample(["各位代表！", "会议召开。"] * 50) == set()
    assert sketch([]) == NO_SKETCH == sketch(["各位！"])


@given(st.integers(0, 120), st.integers(0, 120))
@QUICK
def test_the_sample_of_an_excerpt_is_part_of_that_of_the_whole(one: int, other: int) -> None:
    start, end = sorted((one, other))
    assert sample(TEXT[start:end]) <= sample(TEXT)
    assert merged([sketch(TEXT[:start]), sketch(TEXT[start:])]).sentences == sketch(TEXT).sentences


@given(st.integers(0, 120))
@QUICK
def test_merging_gives_the_signature_of_the_whole_but_for_the_border(at: int) -> None:
    together, whole = merged([sketch(TEXT[:at]), sketch(TEXT[at:])]), sketch(TEXT)
    assert minhash(together.signature).jaccard(minhash(whole.signature)) > 0.9


def test_signatures_tell_copies_from_other_texts() -> None:
    assert similarity(TEXT, TEXT) == 1
    assert similarity(TEXT, OTHER) < 0.1
    assert similarity(TEXT, TEXT[:60]) > 0.3


def test_merging_one_sketch_changes_nothing() -> None:
    assert merged([sketch(TEXT)]) == sketch(TEXT) == merged([sketch(TEXT), NO_SKETCH])
    assert merged([NO_SKETCH, NO_SKETCH]) == Sketch(np.zeros(0, "<i8").tobytes(), b"")
