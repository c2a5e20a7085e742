"""The order of the stages: plain Python, no orchestrator.

In: sources, an output folder, and a way to map work over batches. Out: an `Outcome`; a release, or a report on why there is none.
Three moves: per page (read, clean, describe; again where a site repeats lines on its pages); over all pages, on small keys only (learn, assemble); per
report (structure, check). Then the release.
Never: the text of more than one batch in this process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyarrow.compute as pc

from baogao import contract, moves, scale
from baogao.assemble import Plan, distinct_pages, plan_reports
from baogao.corrections import corrections
from baogao.pages import read_arrow, read_keys
from baogao.parts import PageKey
from baogao.publish import Checked, Published, latest_manifest, publish, rights_digest
from baogao.records import BaogaoError, ChecksFailed, Reject
from baogao.removals import asked_of_document, asked_of_page, removals
from baogao.sources import batches, cut, fetch, find_pages
from baogao.store import Output, Store, code_digest, fingerprint, library_versions, locked, open_output, write_whole
from baogao.summary import SUMMARISED, Summary, summarise

T = TypeVar("T")
R = TypeVar("R")

# The stages, as people see them.
READ, ASSEMBLE, STRUCTURE, CHECK, PUBLISH = STAGES = ("read and clean", "assemble", "structure", "check", "publish")
DEFAULT_SOURCES = ("seeds/pages",)
DEFAULT_OUTPUT = "output"
# So many reasons stand in the sentence that says a release failed, and so many rejects in its report.
_REASONS, _REJECTS = 5, 1000
_NO_REPORT = pc.is_null(pc.field("doc_id"))
# Characters of a report in bytes of its page: batches of documents are cut by the same measure as batches of pages.
_BYTES_A_CHAR = 3


class Stage(Protocol):
    """A way to map the work of a stage over its items, in order."""

    def __call__(self, name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Results in the order of the items."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. Without a release where it was only to check."""

    release: Published | None
    quality: Mapping[str, Any]
    skipped: tuple[str, ...] = ()
    """Files passed over for their ending."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Assembled:
    """What the second move made of the keys of all pages."""

    keys: tuple[PageKey, ...]
    plans: tuple[Plan, ...]
    rejects: tuple[Reject, ...]
    withheld: int
    """Pages that are not published, whatever they hold."""


def build(
    sources: Sequence[str] = DEFAULT_SOURCES,
    output: str | Path = DEFAULT_OUTPUT,
    *,
    engine: str = "processes",
    workers: int | None = None,
    dask_address: str | None = None,
    only_check: bool = False,
    released: str | None = None,
    watch: Callable[[Stage], Stage] | None = None,
) -> Outcome:
    """Build a release from scraped pages: the pipeline without orchestration.

    `released` is the day of the release as YYYY-MM-DD (default: today in UTC). `watch` wraps the mapping of each stage, to show its progress.
    Raises BaogaoError for a source or an output that cannot be used, and ChecksFailed for a release that its checks turn away.
    """
    count = scale.worker_count(workers)
    with scale.open_engine(engine, count, dask_address) as opened:

        def stage(name: str, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:  # noqa: ARG001 - the name is for those who watch
            return scale.map_items(opened, work, items, count)

        mapped = watch(stage) if watch else stage
        return run(sources, output, mapped, only_check=only_check, released=released, warm_up=lambda: scale.warm_up(engine))


def run(
    sources: Sequence[str],
    output: str | Path,
    stage: Stage,
    *,
    only_check: bool = False,
    released: str | None = None,
    warm_up: Callable[[], None] = lambda: None,
) -> Outcome:
    """The stages in their order, each over its batches by `stage`. `warm_up` is called as soon as it is clear that there is work."""
    corrections(), removals()  # a file that cannot be used is told before any work
    refs, skipped = find_pages(sources, Output(Path(output).absolute()).archives)
    where = open_output(output)
    with locked(where):
        store = Store(where.batches)
        page_batches = [moves.PageBatch(store, batch) for batch in batches(refs)]
        if not _is_worked(page_batches[0]):
            warm_up()
        alone = list(stage(READ, moves.work_pages, page_batches))
        read = _read(alone)
        if not only_check and (same := _unchanged(where, read=read)):
            where.failed.unlink(missing_ok=True)
            return replace(same, skipped=tuple(skipped))
        pages = _with_site_lines(stage, page_batches, alone)
        [assembled] = stage(ASSEMBLE, _assemble, [tuple(pages)])
        documents = [moves.ReportBatch(store, batch) for batch in _document_batches(assembled.plans)]
        reports = _worked(stage, STRUCTURE, moves.work_reports, documents, moves.reports_folder)
        checks = [*_report_checks(documents, reports), *_page_checks(store, pages, assembled)]
        passed = _worked(stage, CHECK, moves.work_checks, checks, moves.checked_folder)
        inputs = _inputs(assembled, passed)
        outcome = None if only_check else _unchanged(where, inputs=inputs)
        if outcome is None:
            outcome = _conclude(where, store, assembled, passed[: len(documents)], passed[len(documents) :], inputs, stage, only_check, released)
        where.failed.unlink(missing_ok=True)
        store.keep_only({*alone, *pages, *reports, *passed})
        _keep_unpacked(where, {ref.path for ref in refs})
        if outcome.release:  # last, since a run that finds it has nothing more to do
            write_whole(_state(where), json.dumps({"read": read, "inputs": inputs, "version": outcome.release.version}).encode())
    return replace(outcome, skipped=tuple(skipped))


def _keep_unpacked(where: Output, paths: Collection[str]) -> None:
    """Remove what was unpacked of archives that are no longer a source, or have changed."""
    for tar in where.archives.glob("*"):
        if str(tar) not in paths:
            tar.unlink(missing_ok=True)


def _worked(stage: Stage, name: str, work: Callable[[T], Path], items: Sequence[T], folder: Callable[[T], Path]) -> list[Path]:
    """The folders of a stage's results; only what is not there yet is worked."""
    folders = [folder(item) for item in items]
    for _ in stage(name, work, [item for item, made in zip(items, folders, strict=True) if not made.exists()]):
        pass
    return folders


def _with_site_lines(stage: Stage, batches_: Sequence[moves.PageBatch], folders: Sequence[Path]) -> list[Path]:
    """The folders of all batches of pages, those worked again where their sites repeat lines that one page alone does not give away."""
    [learned] = stage(ASSEMBLE, moves.learn_site_lines, [tuple(folders)])
    again = [replace(batch, site_lines=lines) for batch, lines in zip(batches_, learned, strict=True) if lines]
    worked = iter(list(stage(READ, moves.work_pages, again)) if again else ())
    return [next(worked) if lines else folder for folder, lines in zip(folders, learned, strict=True)]


# --- move 2


def _assemble(pages: Sequence[Path]) -> _Assembled:
    read = [key for folder in pages for key in read_keys(folder)]
    keys, duplicates = distinct_pages(may_be := [key for key in read if not asked_of_page(key, "page")])
    return _Assembled(tuple(keys), tuple(plan_reports(keys)), tuple(duplicates), len(read) - len(may_be))


def _document_batches(plans: Sequence[Plan]) -> Iterator[tuple[moves.Document, ...]]:
    """Documents in batches, those whose pages stand together in one."""
    ordered = sorted(plans, key=lambda plan: (plan.document.pages[0].source, plan.doc_id))
    made = dict(zip((plan.doc_id for plan in ordered), moves.documents(ordered), strict=True))
    return cut((made[plan.doc_id], plan.doc_id, _BYTES_A_CHAR * sum(page.n_chars for page in plan.document.pages)) for plan in ordered)


# --- checks


def _report_checks(batches_: Sequence[moves.ReportBatch], folders: Sequence[Path]) -> Iterator[moves.CheckBatch]:
    for batch, folder in zip(batches_, folders, strict=True):
        yield moves.CheckBatch(batch.store, folder, tuple((one.doc_id, one.pages[0][2]) for one in batch.documents))


def _page_checks(store: Store, folders: Sequence[Path], assembled: _Assembled) -> Iterator[moves.CheckBatch]:
    """Each batch of pages without those that stand elsewhere, and with the document of each."""
    documents = {page.page_id: plan.doc_id for plan in assembled.plans for page in plan.document.pages}
    rows: dict[str, list[tuple[int, str | None]]] = {folder.name: [] for folder in folders}
    for key in assembled.keys:
        rows[key.batch].append((key.row, documents.get(key.page_id)))
    withdrawn = {plan.doc_id for plan in assembled.plans if asked_of_document(plan.document, "text")}
    for folder in folders:
        here = tuple(sorted(rows[folder.name]))
        yield moves.CheckBatch(store, folder, rows=here, withdrawn=tuple(sorted(withdrawn & {doc_id for _, doc_id in here if doc_id})))


# --- the release


def _conclude(
    where: Output,
    store: Store,
    assembled: _Assembled,
    documents: Sequence[Path],
    pages: Sequence[Path],
    inputs: str,
    stage: Stage,
    only_check: bool,
    released: str | None,
) -> Outcome:
    """The verdict on what passed, and the release."""
    folder = store.folder("summary", inputs)
    with store.fill(folder) as draft:
        summary = summarise(draft, assembled.plans, assembled.rejects, documents, pages, withheld=assembled.withheld)
    failures = [*summary.failures, *(line for lines in stage(CHECK, moves.check_summary, [(folder, name) for name in SUMMARISED]) for line in lines)]
    if failures:
        raise _failed(where, failures, summary, pages, read_arrow(folder / "rejects.arrow").to_pylist())
    if only_check:
        return Outcome(None, summary.quality, warnings=tuple(summary.warnings))
    release = publish(
        where,
        Checked(tuple(documents), tuple(pages), folder),
        summary.quality,
        released=released or datetime.now(UTC).date().isoformat(),
        mapper=lambda work, items: stage(PUBLISH, work, items),
    )
    return Outcome(release, summary.quality, warnings=tuple(summary.warnings))


def _failed(where: Output, failures: Sequence[str], summary: Summary, pages: Sequence[Path], rejects: Sequence[Mapping[str, Any]]) -> BaogaoError:
    """Write the report of a release that failed; the error that says so in a sentence."""
    columns = ["source", "document_type", "encoding", "reason"]
    turned_away = [row for folder in pages for row in read_arrow(folder / "pages.arrow").filter(_NO_REPORT).select(columns).to_pylist()]
    turned_away.sort(key=lambda row: row["source"])
    report = {"failures": list(failures), "quality": summary.quality, "pages_without_a_report": turned_away, "rejects": list(rejects)[:_REJECTS]}
    write_whole(where.failed, (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode())
    reasons = [f"{row['source']}: {row['reason']}" for row in turned_away]
    reasons += [f"report {row['id']}: {row['reason']}" for row in rejects if row["table"] == "reports"]
    said = f" ({'; '.join(reasons[:_REASONS])}{'; …' if len(reasons) > _REASONS else ''})" if reasons else ""
    if turned_away and all(row["encoding"] == "binary" for row in turned_away) and summary.quality["pages"]["of_reports"] == 0:
        return BaogaoError(f"no page could be read{said}: nothing was published")
    return ChecksFailed(f"{'; '.join(failures)}{said}: nothing was published; {where.failed} has the report")


def _unchanged(where: Output, **made_from: str) -> Outcome | None:
    """The latest release, where it was made from the same: the same pages and code, or the same results of all stages."""
    try:
        state = json.loads(_state(where).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    manifest = latest_manifest(where)
    if manifest is None or any(state.get(name) != value for name, value in {**made_from, "version": manifest["version"]}.items()):
        return None
    folder = where.releases / manifest["version"]
    quality = json.loads((folder / "quality.json").read_text(encoding="utf-8"))
    rows = {name: table["rows"] for name, table in manifest["tables"].items()}
    return Outcome(Published(manifest["version"], folder, rows, is_new=False), quality, warnings=tuple(quality["warnings"]))


def _state(where: Output) -> Path:
    """What the latest release was made from, so that a run can tell early that there is nothing new."""
    return where.work / "published.json"


def _read(pages: Sequence[Path]) -> str:
    """A fingerprint of all that a run is made from: the pages, by the names of their batches, and everything that comes with the project."""
    fixed = (code_digest(""), contract.digest(), rights_digest(), library_versions("pyarrow", "pandas", "jieba", "great-expectations", "datasketch"), str(corrections()), str(removals()))
    return fingerprint(*fixed, *(folder.name for folder in pages))


def _inputs(assembled: _Assembled, passed: Sequence[Path]) -> str:
    """A fingerprint of all that decides what a release holds."""
    standing = (str(plan.standing) for plan in assembled.plans)
    code = code_digest("publish", "contract", "tables", "summary", "pipeline", "copies", "outcomes", "keywords", "assemble", "check", "corrections", "removals")
    fixed = (code, contract.digest(), rights_digest(), library_versions("pyarrow"))
    return fingerprint(*fixed, *sorted(folder.name for folder in passed), *standing, *map(str, assembled.rejects), str(assembled.withheld), str(len(corrections())))


def _is_worked(batch: moves.PageBatch) -> bool:
    """Whether the work on a batch of pages is there already."""
    return moves.pages_folder(batch, [fetch(ref).digest for ref in batch.refs]).exists()
