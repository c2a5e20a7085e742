"""What a run leaves in Prefect for people: a summary, tables of quality and of rejects, progress.

In: an outcome, an error, a stage's progress. Out: artifacts of the run. Never: a run that fails because an artifact could not be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, create_table_artifact, update_progress_artifact

from baogao import pipeline

# The part of a long run that each stage takes, and how often its progress is told: each time is a request.
_SHARES = {pipeline.READ: 0.25, pipeline.ASSEMBLE: 0.02, pipeline.STRUCTURE: 0.5, pipeline.CHECK: 0.13, pipeline.PUBLISH: 0.1}
_UPDATES = 20


class Progress:
    """The progress of a run, in percent."""

    def __init__(self) -> None:
        self._id: UUID | None = None
        _kept(self._begin)
        self._told = 0.0

    def _begin(self) -> None:
        made = create_progress_artifact(progress=0.0, key="baogao-progress", description="Progress of the build")
        self._id = made if isinstance(made, UUID) else None

    def at(self, stage: str, done: int, of: int) -> None:
        """So many batches of a stage are done."""
        before = sum(share for name, share in _SHARES.items() if pipeline.STAGES.index(name) < pipeline.STAGES.index(stage))
        self._tell(100 * (before + _SHARES[stage] * done / of), is_last=done == of)

    def done(self) -> None:
        """The run has ended well."""
        self._tell(100.0, is_last=True)

    def _tell(self, percent: float, *, is_last: bool) -> None:
        if self._id is not None and (percent - self._told >= 100 / _UPDATES or (is_last and percent > self._told)):
            self._told = percent
            artifact = self._id
            _kept(lambda: update_progress_artifact(artifact, progress=min(100.0, round(percent, 1))))


def report_outcome(outcome: pipeline.Outcome) -> str:
    """Keep what a run came to; it in a sentence."""
    quality, release = outcome.quality, outcome.release
    said = _sentence(outcome)
    lines = [f"# {said}", ""]
    if release:
        lines += [f"Folder: `{release.folder}`", "", "| table | rows |", "|---|---:|", *(f"| {name} | {rows:,} |" for name, rows in release.rows.items()), ""]
    lines += [f"- pages: {quality['pages']['read']:,} read, {quality['pages']['of_reports']:,} of reports ({_listed(quality['document_types'])})"]
    lines += [f"- cut off: {_listed(quality['removed']) or 'nothing'}", f"- rejected: {_listed(quality['rejects']) or 'no row'}"]
    lines += [f"- warning: {warning}" for warning in outcome.warnings]
    _kept(lambda: create_markdown_artifact(markdown="\n".join(lines), key="baogao-summary", description=said))
    rejects = [dict(zip(("table", "expectation"), name.split(": ", 1), strict=True)) | {"rows": n} for name, n in quality["rejects"].items()]
    _kept(lambda: create_table_artifact(table=rejects or [{"table": "", "expectation": "none failed", "rows": 0}], key="baogao-rejects", description="Rows turned away"))
    _kept(lambda: create_table_artifact(table=_quality(quality), key="baogao-quality", description="Reports, and how full their columns are"))
    return said


def report_failure(said: str) -> None:
    """Keep why a run published nothing."""
    _kept(lambda: create_markdown_artifact(markdown=f"# Nothing was published\n\n{said}\n", key="baogao-summary", description="Nothing was published"))


def _sentence(outcome: pipeline.Outcome) -> str:
    release = outcome.release
    if release is None:
        return "The checks passed; nothing was published, as only_check asks"
    if not release.is_new:
        return f"Nothing new: release {release.version} holds all of it"
    return f"Published release {release.version} with {release.rows.get('reports', 0):,} reports and {release.rows.get('indicators', 0):,} figures"


def _quality(quality: Any) -> list[dict[str, Any]]:
    rows = [{"what": f"reports, {level}", "value": n} for level, n in quality["levels"].items()]
    rows += [{"what": f"reports that are {status}", "value": n} for status, n in quality["completeness"].items()]
    rows += [{"what": f"{table}.{column} filled", "value": share} for table in ("reports", "indicators") for column, share in quality["filled"][table].items()]
    return rows


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _kept(keep: Callable[[], object]) -> None:
    """Keep an artifact, or log that the server did not take it."""
    try:
        keep()
    except Exception as error:  # noqa: BLE001 - whatever a server answers, the release stands
        get_run_logger().warning("an artifact could not be kept: %s", error)
