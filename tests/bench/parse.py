"""The least that work on pages costs: read the bytes of all pages, and parse them with lxml. Prints pages, bytes, CPU seconds and the
versions of what country.py compares with as JSON.

    python tests/bench/parse.py FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import lxml.html


def main(folder: Path) -> None:
    files = sorted(folder.rglob("*.html"))
    read, start = 0, time.process_time()
    for file in files:
        data = file.read_bytes()
        lxml.html.fromstring(data, parser=lxml.html.HTMLParser(encoding=codec_of(data)))
        read += len(data)
    cpu = time.process_time() - start
    versions = {name: version(name) for name in ("lxml", "trafilatura", "jieba", "datatrove")}
    print(json.dumps({"pages": len(files), "bytes": read, "cpu": cpu, "versions": versions}))


def codec_of(data: bytes) -> str:
    """The encoding of a page among those of the corpus. Left to itself, lxml stops early in a page that does not name its own."""
    if data.startswith(b"\xff\xfe"):
        return "utf-16le"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
