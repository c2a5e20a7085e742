"""Speed of the stages on the pages named (default: the seed, many times over): characters per CPU second, and each stage's share of one run.

    python tests/bench/stages.py [FOLDER]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from baogao import stages
from baogao.assemble import PageBody, make_report
from baogao.records import Unreadable

SEED = Path(__file__).resolve().parents[2] / "seeds" / "pages"
# The seed is small: this often it takes about a second.
REPEATS = 50


def main(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    pages = [path.read_bytes() for path in files] * (REPEATS if folder == SEED else 1)
    stages.count_words([""])  # dictionaries load once
    spent: Counter[str] = Counter()
    characters = 0
    for data in pages:
        characters += work(data, spent)
    total = sum(spent.values())
    print(f"{len(pages)} pages, {characters:,} characters of main text, {total:.1f} CPU s")
    for name, seconds in spent.items():
        print(f"{name:10} {characters / seconds / 1e6:7.2f} M characters/s {seconds / total:6.1%}")


def work(data: bytes, spent: Counter[str]) -> int:
    """Take a page through the stages; the characters of its main text."""

    def timed(name, stage, *arguments, **options):
        start = time.process_time()
        result = stage(*arguments, **options)
        spent[name] += time.process_time() - start
        return result

    try:
        page = timed("read", stages.read, data, source="")
    except Unreadable:
        return 0
    body = timed("clean", stages.clean, page)
    facts = timed("describe", stages.describe, page, body)
    if body.lines:
        bodies = [PageBody("", facts, body.lines)]
        report = timed("assemble", make_report, "0" * 12, bodies, missing_pages=None, rights_basis="unknown")
        structure = timed("measure", stages.structure, report)
        timed("words", stages.count_words, stages.own_texts(structure))
    return sum(map(len, body.lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SEED)
