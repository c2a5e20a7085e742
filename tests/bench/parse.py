"""The least that work on pages costs: read the bytes of all pages, and parse them with lxml. Prints pages, bytes and CPU seconds as JSON.

    python tests/bench/parse.py FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import lxml.html


def main(folder: Path) -> None:
    files = sorted(folder.rglob("*.html"))
    read, start = 0, time.process_time()
    for file in files:
        data = file.read_bytes()
        lxml.html.fromstring(data)
        read += len(data)
    print(json.dumps({"pages": len(files), "bytes": read, "cpu": time.process_time() - start}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
