"""What people would write: the text of each page by trafilatura, its words counted by jieba, over all cores, into one file of JSON lines.

    python tests/bench/plain.py FOLDER OUTPUT [WORKERS]

Both are used as they come, without options.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import jieba
import trafilatura


def main(folder: Path, output: Path, workers: int | None = None) -> None:
    jieba.initialize()
    files = sorted(folder.rglob("*.html"))
    with Pool(workers) as pool, (output / "plain.jsonl").open("w", encoding="utf-8") as out:
        for row in pool.imap(work, files, chunksize=8):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def work(file: Path) -> dict[str, object]:
    text = trafilatura.extract(file.read_bytes()) or ""
    return {"file": file.name, "text": text, "words": Counter(jieba.lcut(text))}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
