from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from baogao import stages
from baogao.records import Body, Facts, Page
from bench import corpus

CHARS = 3000
# Of as many places and years.
NUMBERS = range(0, 14 * 22, 22)


@pytest.fixture(scope="module")
def pages() -> list[bytes]:
    return [corpus.page(n, chars=CHARS) for n in NUMBERS]


@pytest.fixture(scope="module")
def read(pages: list[bytes]) -> list[tuple[Page, Body, Facts]]:
    """What the pipeline takes the pages for."""
    found = [(page := stages.read(data, source=""), stages.clean(page)) for data in pages]
    return [(page, body, stages.describe(page, body)) for page, body in found]


def sentences(body: Body) -> set[str]:
    text = "\n".join(body.lines)
    return {text[one.start : one.end] for one in stages.split(text)[2]}


def test_the_same_seed_gives_the_same_pages(pages: list[bytes], tmp_path: Path):
    corpus.make(NUMBERS[1] + 1, tmp_path, chars=CHARS, processes=1)
    assert [corpus.file_of(n, tmp_path).read_bytes() for n in NUMBERS[:2]] == pages[:2]
    assert sum(file.is_file() for file in tmp_path.rglob("*")) == NUMBERS[1] + 1


def test_another_seed_gives_another_page(pages: list[bytes]):
    assert corpus.page(0, chars=CHARS, seed=1) != pages[0]


def test_no_two_reports_share_a_tenth_of_their_sentences(read: list[tuple[Page, Body, Facts]]):
    said = [sentences(body) for _, body, _ in read]
    assert max(len(one & other) / min(len(one), len(other)) for one, other in combinations(said, 2)) < 0.1


def test_encodings_and_frames_vary(pages: list[bytes], read: list[tuple[Page, Body, Facts]]):
    assert len({page.encoding for page, _, _ in read}) > 1
    frames = ("TRS_Editor", "id='zoom'", "class='content'", "<article>", "<font size=3>", "UCAP-CONTENT")
    assert len({frame for page, _, _ in read for frame in frames if frame in page.text}) > 2


def test_pages_are_read_as_reports_of_their_place_and_year(read: list[tuple[Page, Body, Facts]]):
    for n, (_, _, facts) in zip(NUMBERS, read, strict=True):
        place, year = corpus.place_and_year(n)
        assert facts.place is not None
        assert (facts.document_type, facts.place.name, facts.report_year) == ("report", place.name, year)
        assert facts.place.code in {place.code, None}  # a name that several places have is not guessed at


def test_reports_are_as_long_as_asked(read: list[tuple[Page, Body, Facts]]):
    paragraphs = 2000  # each of the two parts ends with the group of paragraphs that fills it
    assert all(CHARS <= sum(map(len, body.lines)) < CHARS + paragraphs for _, body, _ in read)
