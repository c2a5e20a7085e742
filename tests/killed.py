"""Builds that are killed where they stand: run by test_killed, which see.

In: the folder of pages, then commands on stdin, one a line as JSON: an output folder, and after how many writes to kill the build (null: never).
Out: for each, a line of JSON: the signal that ended the build (0 for none), its exit status, the number of writes, and which of them users can see.
A build is killed before the write of that number is done.
Each build is `baogao build --no-prefect --engine inline` in a process of its own, forked from this one, so that libraries are loaded once.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

import pyarrow as pa

from baogao import cli, pipeline

DAY = "2025-01-02"
# Whatever makes, changes, moves or removes a file.
WRITES = frozenset({"os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.link", "os.symlink", "os.truncate", "shutil.rmtree", "shutil.move"})
Tree = dict[str, bytes]


def is_write(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an audit event makes, changes, moves or removes a file."""
    return event in WRITES or (event == "open" and len(arguments) > 2 and isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR)))


def visible(output: Path) -> Tree:
    """What users see, by path: everything but work in progress."""
    files = (file for file in sorted(output.rglob("*")) if file.is_file())
    return {path: file.read_bytes() for file in files if not (path := file.relative_to(output).as_posix()).startswith(".work/")}


def build(pages: str, output: str, kill_at: int | None) -> dict[str, object]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        writes = 0
        seen: list[int] = []
        work = f"{output}/.work"
        signal.alarm(120)  # a build that hangs is ended, and told by its signal

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal writes
            if is_write(event, arguments):
                writes += 1
                if any(str(path).startswith(output) and not str(path).startswith(work) for path in arguments):
                    seen.append(writes)
                if writes == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.addaudithook(count)
        status = cli.main(["build", "--no-prefect", "--engine", "inline", "--output", output, pages])
        os.write(writer, json.dumps([writes, seen]).encode())
        os._exit(status)
    os.close(writer)
    _, ended = os.waitpid(child, 0)
    writes, seen = json.loads(os.read(reader, 4096) or b"[0, []]")
    os.close(reader)
    by, status = (os.WTERMSIG(ended), -1) if os.WIFSIGNALED(ended) else (0, os.WEXITSTATUS(ended))
    return {"signal": by, "status": status, "writes": writes, "seen": seen}


def main() -> None:
    from baogao import expectations  # here, so that others can take what they need from this module without what takes seconds to load

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pipeline.build = functools.partial(pipeline.build, released=DAY)
    # What expectations say of rows is not the subject, and takes most of a build's time.
    expectations.violations = lambda table, rows: []
    with tempfile.TemporaryDirectory() as first:  # vocabularies and dictionaries are loaded once too
        pipeline.build([sys.argv[1]], first, engine="inline")
    for line in sys.stdin:
        output, kill_at = json.loads(line)
        sys.stdout.write(json.dumps(build(sys.argv[1], output, kill_at)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
