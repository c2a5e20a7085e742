"""The build of a whole country: made-up reports of each size from end to end, beside what people would write instead, all in one run.

    python tests/bench/country.py [--sizes 1000,10000] [--chars 15000] [--folder FOLDER] [--prefect] [--dask] [--sample 300] [--json FILE]

Each corpus is built by the command `baogao build --no-prefect`, then again unchanged, and with ten pages changed; on demand also under Prefect, and over Dask
with as many workers. The time of a stage is that of its progress lines; what comes before, between and after is "other": start, planning, summary. A sample
of the corpus is built beside the work of plain.py and trove.py, which run in an environment of their own (`make bench` installs it) and do less: no
facts, structure, figures, checks. Characters are those of the reports' texts. Comparisons go by CPU time of all processes, start included.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import corpus
from tree import Run, measured

from baogao.pipeline import STAGES
from baogao.release import open_release

HERE = Path(__file__).resolve().parent
OTHERS = HERE.parents[1] / ".venv-bench" / "bin" / "python"
CHANGED = 10
OTHER = "other"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be measured, and where."""

    folder: Path
    chars: int
    workers: int
    prefect: bool
    dask: bool
    sample: int
    others: Path


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the build of a whole country.")
    parser.add_argument("--sizes", default="1000", help="pages of each corpus (default: 1000)")
    parser.add_argument("--chars", type=int, default=15_000, help="characters of a report (default: 15000)")
    parser.add_argument("--folder", type=Path, help="where corpora are kept for the next run (default: nowhere)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="processes that work (default: one for each core)")
    parser.add_argument("--prefect", action="store_true", help="build each corpus under Prefect too")
    parser.add_argument("--dask", action="store_true", help="build each corpus over Dask too")
    parser.add_argument("--sample", type=int, default=300, help="pages to compare with others on; 0 leaves the others out (default: 300)")
    parser.add_argument("--others", type=Path, default=OTHERS, help="the Python that has trafilatura, jieba and datatrove (default: that of make bench)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results here too")
    parsed = vars(parser.parse_args())
    sizes, kept, file = [int(size) for size in parsed.pop("sizes").split(",")], parsed.pop("folder"), parsed.pop("json")
    if parsed["sample"] and not parsed["others"].exists():
        parser.error(f"{parsed['others']} is not there: install it with make bench, name another one with --others, or leave others out with --sample 0")
    os.environ.pop("PREFECT_API_URL", None)  # a server that runs already is no part of what is measured
    results: list[Row] = []
    with tempfile.TemporaryDirectory(dir=kept and _made(kept), prefix="bench-") as scratch:
        asked = Asked(folder=kept or Path(scratch), **parsed)
        for size in sizes:
            for row in bench(size, asked, Path(scratch)):
                if file:
                    file.write_text(json.dumps([*results, row], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            results.append(row)
    print("\n\n".join(tables(results)))


def bench(size: int, asked: Asked, scratch: Path) -> Iterator[Row]:
    """All that is measured on one corpus: one row, after each build with what is known by then, since a build of a country takes long and may fail."""
    pages, output = made_corpus(size, asked), scratch / "output"

    def build(name: str, *options: str, source: Path = pages, into: Path = output) -> Run:
        print(f"{size:,} pages: {name}", file=sys.stderr, flush=True)
        return measured([sys.executable, "-m", "baogao.cli", "build", source, "--output", into, "--workers", str(asked.workers), "--json", *options])

    first = build("build", "--no-prefect", "-v")
    row: Row = {"pages": size, "workers": asked.workers, "versions": _versions(), **_taken(first), **_published(first, output)}
    row["corpus_bytes"] = sum(file.stat().st_size for file in pages.rglob("*.html"))
    row["stages"] = stages_of(first)
    yield row
    row["unchanged_seconds"] = _expected(build("unchanged", "--no-prefect"), new=False).seconds
    yield row
    with changed(pages, size, asked.chars):
        again = build(f"{CHANGED} pages changed", "--no-prefect", "-v")
    row |= {"changed_seconds": _expected(again, new=True).seconds, "changed_peak_process": again.peak_process, "changed_stages": stages_of(again)}
    yield row
    shutil.rmtree(output)
    for name, wanted, options in (("prefect", asked.prefect, ()), ("dask", asked.dask, ("--no-prefect", "--engine", "dask"))):
        if wanted:
            row[name] = _taken(build(name, *options))
            yield row
            shutil.rmtree(output)
    if asked.sample:
        sample = sampled(pages, size, asked.sample, scratch / "sample")
        row["parse"] = json.loads(measured([asked.others, HERE / "parse.py", pages]).out)
        row["sample"] = {"baogao": _taken(build("sample", "--no-prefect", source=sample)), **others(sample, asked, scratch)}
        row["sample_pages"] = sum(1 for _ in sample.iterdir())
        shutil.rmtree(output)
        shutil.rmtree(sample)
        yield row


def made_corpus(size: int, asked: Asked) -> Path:
    """The folder of a corpus; one that is there already is not made again."""
    folder = asked.folder / f"{size}x{asked.chars}"
    if not folder.exists():
        print(f"{size:,} pages: corpus", file=sys.stderr, flush=True)
        draft = folder.with_suffix(".part")
        measured([sys.executable, HERE / "corpus.py", str(size), draft, "--chars", str(asked.chars)])
        draft.rename(folder)
    return folder


@contextmanager
def changed(pages: Path, size: int, chars: int) -> Iterator[None]:
    """Meanwhile, pages spread evenly over the corpus hold another report of their place and year."""
    before = {n: corpus.file_of(n, pages).read_bytes() for n in _spread(size, CHANGED)}
    try:
        for n in before:
            corpus.file_of(n, pages).write_bytes(corpus.page(n, chars=chars, seed=1))
        yield
    finally:
        for n, data in before.items():
            corpus.file_of(n, pages).write_bytes(data)


def sampled(pages: Path, size: int, count: int, folder: Path) -> Path:
    """A folder with copies of pages spread evenly over the corpus."""
    folder.mkdir()
    for n in _spread(size, count):
        shutil.copy(corpus.file_of(n, pages), folder)
    return folder


def others(sample: Path, asked: Asked, scratch: Path) -> Row:
    """What the scripts of others take, and on how many pages they found a text."""
    found: Row = {}
    for name in ("plain", "trove"):
        output = _made(scratch / name)
        print(f"{asked.sample:,} pages: {name}", file=sys.stderr, flush=True)
        run = measured([asked.others, HERE / f"{name}.py", sample, output, str(asked.workers)])
        rows = [json.loads(line) for file in output.glob("*.jsonl") for line in file.read_text(encoding="utf-8").splitlines()]
        found[name] = {**_taken(run), "texts": sum(bool(row["text"]) for row in rows)}
        shutil.rmtree(output)
    return found


def stages_of(run: Run) -> dict[str, Row]:
    """Wall and CPU time of each stage, by the lines that say when it ended and how long it took."""
    spent = {name: {"seconds": 0.0, "cpu": 0.0} for name in (*STAGES, OTHER)}
    for end, line in run.lines:
        name, _, took = line.removesuffix(" s").partition("done in ")
        stage = next((stage for stage in STAGES if name.startswith(stage)), None)
        if stage and took:
            spent[stage]["seconds"] += float(took)
            spent[stage]["cpu"] += run.cpu_between(end - float(took), end)
    spent[OTHER] = {key: whole - sum(stage[key] for stage in spent.values()) for key, whole in (("seconds", run.seconds), ("cpu", run.cpu))}
    return spent


def _expected(run: Run, *, new: bool) -> Run:
    """A build that published or did not, as it had to."""
    if json.loads(run.out)["is_new"] is not new:
        raise RuntimeError(f"the build {'published nothing' if new else 'published again'}: {run.out[:200]}")
    return run


def _taken(run: Run) -> Row:
    return {"seconds": run.seconds, "cpu": run.cpu, "peak_process": run.peak_process, "peak_tree": run.peak_tree}


def _published(run: Run, output: Path) -> Row:
    said = json.loads(run.out)
    characters = sum(open_release(output).table("reports", columns=["n_chars"])["n_chars"].to_pylist())
    return {"reports": said["rows"]["reports"], "characters": characters, "release_bytes": _size(Path(said["path"])), "work_bytes": _size(output / ".work")}


def _versions() -> dict[str, str]:
    """The version of the project, and of what counts its words: rjieba where it is installed, else jieba."""
    found = {}
    for name in ("baogao", "jieba", "rjieba"):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _spread(size: int, count: int) -> Sequence[int]:
    return sorted({n * size // count for n in range(count)})


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# --- what is printed


def tables(results: Sequence[Row]) -> Iterator[str]:
    """The results as Markdown."""
    lines = [_measures(row) for row in results]
    yield table(["", *(f"{row['pages']:,} pages" for row in results)], [[name, *(line[name] for line in lines)] for name in lines[0]])
    for row in results:
        yield from _details(row)


def _measures(row: Row) -> dict[str, str]:
    said = {
        "pages, MB": f"{row['corpus_bytes'] / 1e6:,.0f}",
        "texts of reports, million characters": f"{row['characters'] / 1e6:,.1f}",
        "workers": f"{row['workers']}",
        "wall time, s": f"{row['seconds']:,.1f}",
        "reports/s": f"{row['reports'] / row['seconds']:,.1f}",
        "characters/s": f"{row['characters'] / row['seconds']:,.0f}",
        "CPU time of all processes, s": f"{row['cpu']:,.1f}",
        "reports per CPU second": f"{row['reports'] / row['cpu']:,.1f}",
        "peak memory of the largest process, MB": f"{row['peak_process'] / 1e6:,.0f}",
        "peak memory of all processes, MB": f"{row['peak_tree'] / 1e6:,.0f}",
        "release, MB": f"{row['release_bytes'] / 1e6:,.0f}",
        "finished work kept beside it, MB": f"{row['work_bytes'] / 1e6:,.0f}",
        "again, nothing new, s": f"{row['unchanged_seconds']:,.1f}",
        f"again, {CHANGED} pages changed, s": f"{row['changed_seconds']:,.1f}",
        "peak memory of its largest process, MB": f"{row['changed_peak_process'] / 1e6:,.0f}",
    }
    for name, label in (("prefect", "under Prefect"), ("dask", "over Dask")):
        if name in row:
            said[f"{label}, wall time"] = f"{row[name]['seconds'] / row['seconds'] - 1:+.1%}"
            said[f"{label}, CPU time"] = f"{row[name]['cpu'] / row['cpu'] - 1:+.1%}"
    return said


def _details(row: Row) -> Iterator[str]:
    """Where the time of one size goes, and how it compares."""
    size, stages = row["pages"], row["stages"]
    parse = row["parse"]["cpu"] / row["parse"]["pages"] if "parse" in row else None
    spent = [(name, stage["seconds"], stage["cpu"]) for name, stage in stages.items()] + [("all", row["seconds"], row["cpu"])]
    heads = [f"{size:,} pages", "wall time", "CPU time", "CPU ms a page", *(["beside parsing"] if parse else [])]
    yield table(heads, [
        [name, f"{wall / row['seconds']:.0%}", f"{cpu / row['cpu']:.0%}", f"{cpu / size * 1e3:.1f}", *([f"{cpu / size / parse:,.0f} x"] if parse else [])]
        for name, wall, cpu in spent
    ])  # fmt: skip
    limit = max(STAGES, key=lambda name: stages[name]["cpu"])
    said = f"The limit is {limit}, with {stages[limit]['cpu'] / row['cpu']:.0%} of the CPU time"
    yield f"{said}; to read and parse the bytes alone takes {parse * 1e3:.2f} ms a page (lxml {row['parse']['versions']['lxml']})." if parse else f"{said}."
    if "sample" in row:
        yield _compared(row)


def _compared(row: Row) -> str:
    count, ours = row["sample_pages"], row["sample"]["baogao"]["cpu"]
    whole = row["cpu"] / row["pages"]
    words = "rjieba" if "rjieba" in row["versions"] else "jieba"
    theirs = {name: f"{name} {number}" for name, number in row["parse"]["versions"].items()}
    names = {"baogao": f"baogao with {words} {row['versions'][words]}", "plain": f"{theirs['trafilatura']} + {theirs['jieba']}", "trove": f"the same in {theirs['datatrove']}"}
    return table([f"sample of {count:,} pages", "pages with a text", "pages/s", "pages per CPU second", "baogao per CPU second, on these", f"on all {row['pages']:,}"], [
        [
            names[name], f"{run['texts']}" if "texts" in run else f"{count}", f"{count / run['seconds']:.1f}", f"{count / run['cpu']:.1f}",
            f"{run['cpu'] / ours:.2f} x", f"{run['cpu'] / count / whole:.2f} x",
        ]
        for name, run in row["sample"].items()
    ])  # fmt: skip


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with numbers to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
