"""Cleaning beside other extractors, on the same labelled pages in one run: how many pages are perfect, what is left and lost, and speed.

    python tests/bench/cleaning.py [FOLDER ...]

A folder holds labelled pages as tests/gold/cleaning does; default are the folders of tests/gold, and ../shared/corpus/pages_with_gold where it is.
Other extractors get a page as text, decoded as their own documentation says, and do as well as their options allow: the whole article with tables, no
comments. None of them reads pages saved as plain text. Rounds go from one extractor to the next; an extractor's time is its fastest round.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "gold"))

import score  # noqa: E402 - the measures of tests/gold are no package

import baogao  # noqa: E402

FOLDERS = [HERE.parent / "gold" / "cleaning", HERE.parent / "gold" / "cleaning_at_large", score.SHARED / "corpus" / "pages_with_gold"]
ROUNDS = 3


@dataclass
class Page:
    """A labelled page: its bytes, and the lines that cleaning must return and may return."""

    data: bytes
    url: str | None
    gold: list[str]
    either: set[str]


@dataclass
class Result:
    """What an extractor came to on a set of pages."""

    perfect: int = 0
    left: int = 0
    lost: int = 0
    overlap: float = 0.0
    seconds: float = field(default=float("inf"))


def main(folders: list[Path]) -> None:
    extractors = load_extractors()
    for folder in folders:
        rows = [json.loads(line) for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()]
        for kind in dict.fromkeys(row["kind"] for row in rows):
            pages = [read_page(folder, row) for row in rows if row["kind"] == kind]
            compare(f"{folder.name}: {kind}", pages, {"baogao": extractors["baogao"]} if kind == "text" else extractors)


def compare(name: str, pages: list[Page], extractors: dict[str, Callable[[Page], str]]) -> None:
    """Print the table of one set of pages."""
    results = {extractor: judge(extract, pages) for extractor, extract in extractors.items()}
    for _ in range(ROUNDS):
        for extractor, extract in extractors.items():
            start = time.process_time()
            for page in pages:
                text_of(extract, page)
            results[extractor].seconds = min(results[extractor].seconds, time.process_time() - start)
    n, megabytes = len(pages), sum(len(page.data) for page in pages) / 1e6
    print(f"\n{name}: {n} pages, {megabytes:.2f} MB\n{'extractor':28}{'perfect':>9}{'F1':>8}{'left':>7}{'lost':>7}{'pages/s':>10}{'MB/s':>8}")
    for extractor, result in sorted(results.items(), key=lambda item: -item[1].perfect):
        speed = f"{n / result.seconds:10.0f}{megabytes / result.seconds:8.1f}"
        print(f"{extractor:28}{result.perfect / n:9.3f}{result.overlap / n:8.4f}{result.left:7}{result.lost:7}{speed}")


def judge(extract: Callable[[Page], str], pages: list[Page]) -> Result:
    """How right an extractor is: pages whose lines are the labelled ones in order, lines too many, labelled lines that are not there."""
    result = Result()
    for page in pages:
        said = score.folded_lines(text_of(extract, page), page.either)
        extra, lost = Counter(said) - Counter(page.gold), Counter(page.gold) - Counter(said)
        result.perfect += said == page.gold
        result.left += extra.total()
        result.lost += lost.total()
        result.overlap += score.overlap(said, page.gold)
    return result


def text_of(extract: Callable[[Page], str], page: Page) -> str:
    """What an extractor returns; nothing where it fails."""
    try:
        return extract(page) or ""
    except Exception:  # noqa: BLE001 - whatever an extractor raises on a page, it returned no text
        return ""


def read_page(folder: Path, row: dict[str, object]) -> Page:
    either = {score.squashed(line) for line in row["either_way"]}
    gold = score.folded_lines((folder / str(row["gold"])).read_text(encoding="utf-8"), either)
    return Page((folder / str(row["file"])).read_bytes(), str(row["url"]) or None, gold, either)


def load_extractors() -> dict[str, Callable[[Page], str]]:
    """All extractors by name and version."""
    import justext
    import newspaper
    import readability
    import trafilatura
    import turbohtml
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    from resiliparse.parse.html import HTMLTree

    def decoded(page: Page) -> str:
        return str(bytes_to_str(page.data, detect_encoding(page.data)))

    def with_readability(page: Page) -> str:
        summary = readability.Document(decoded(page)).summary()
        return str(extract_plain_text(HTMLTree.parse(summary), main_content=False))

    def with_newspaper(page: Page) -> str:
        article = newspaper.Article(page.url or "http://a.example/1.html", language="zh", fetch_images=False)
        article.download(input_html=decoded(page))
        article.parse()
        return str(article.text)

    def with_justext(page: Page) -> str:
        # There is no list of Chinese stop words, and a Chinese word is a third as long as the lengths were set for.
        paragraphs = justext.justext(decoded(page), frozenset(), stopwords_low=0, stopwords_high=0, length_low=23, length_high=66)
        return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    named: dict[str, Callable[[Page], str]] = {
        "trafilatura": lambda page: trafilatura.extract(page.data, include_comments=False, include_tables=True),
        "Resiliparse": lambda page: extract_plain_text(HTMLTree.parse(decoded(page)), main_content=True),
        "readability-lxml": with_readability,
        "newspaper4k": with_newspaper,
        "jusText": with_justext,
        "turbohtml": lambda page: turbohtml.parse(decoded(page)).main_text(),
    }
    ours: dict[str, Callable[[Page], str]] = {"baogao": lambda page: "\n".join(baogao.clean(page.data, url=page.url).lines)}
    return ours | {f"{name} {version(name)}": extract for name, extract in named.items()}


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [folder for folder in FOLDERS if folder.exists()])
