"""The Python interface: the stages on one page or one text, published tables, and the build.

In: bytes, texts, addresses. Out: the records of records.py, plain Python objects, DataFrames. Never: work at import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from baogao import stages
from baogao.addresses import is_address
from baogao.assemble import PageBody, make_report
from baogao.corrections import corrections_of
from baogao.parts import doc_id, page_identity
from baogao.records import BaogaoError, Body, Indicator, Role
from baogao.split import split_sentences
from baogao.tables import report_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from baogao.pipeline import Outcome

__all__ = ["BaogaoError", "build", "clean", "load", "measure", "read_report", "split_sentences"]

# What a caller may call the part of a report that a text is of, and its role.
_ROLES: dict[str, Role | None] = {role: role for role in get_args(Role)} | {"plan": "plan_targets", "title": None}


def clean(data: bytes, *, url: str | None = None, media_type: str | None = None) -> Body:
    r"""The main text of a scraped page, HTML or plain text, in whatever encoding.

    `url` is the page's address where known; `media_type` is believed where it is given, and told by the content where not.
    Raises Unreadable (a BaogaoError) for bytes that hold no readable text.

    >>> clean("导航菜单\n永济市人民政府工作报告\n各位代表!\n现在,我代表市人民政府,向大会报告工作。\n验证码:".encode()).lines
    ('各位代表!', '现在,我代表市人民政府,向大会报告工作。')
    """
    return stages.clean(stages.read(data, source="", url=url, media_type=media_type))


def measure(text: str, *, report_year: int | None = None, section: str | None = None) -> list[Indicator]:
    """Every figure of a text with what it measures, and the relations that stand in place of figures; offsets into the text, from 0.

    `section` says which part of a report the text is of (review, targets, plan, title, or any role of the sections table): figures of a review are
    achievements of the year before the report year, figures of targets are targets of the report year. Raises BaogaoError for any other part.

    >>> [(one.indicator, one.value, one.unit, one.bound, one.status) for one in measure("地区生产总值增长7%左右", report_year=2024, section="targets")]
    [('gdp', 7.0, '%', 'approx', 'target')]
    """
    if section is not None and section not in _ROLES:
        raise BaogaoError(f"section {section!r} is no part of a report: use review, targets, or one of {', '.join(sorted(_ROLES))}")
    return stages.measure(text, role=section and _ROLES[section], report_year=report_year)


def read_report(data: bytes | list[bytes], *, url: str | None = None) -> dict[str, Any]:
    r"""One report as one nested object: its facts, and its sections > paragraphs > sentences > indicators, as in json/reports of a release.

    `data` is the page of the report, or its pages in reading order; `url` is the address of the first. Offsets count in the paragraphs joined by
    line breaks. Raises Unreadable for a page that holds no readable text, and BaogaoError where the first page holds no report.

    >>> report = read_report("永济市人民政府工作报告\n各位代表!\n现在,我代表市人民政府,向大会报告工作,请予审议。\n一、2023年工作回顾\n生产总值增长5%。".encode())
    >>> report["place_code"], report["report_year"], [section["heading"] for section in report["sections"]]
    ('140881', 2024, [None, '2023年工作回顾'])
    """
    from baogao.publish import nest  # noqa: PLC0415 - brings pyarrow

    pages = data if isinstance(data, list) else [data]
    bodies = [_page_body(page, url if n == 0 else None) for n, page in enumerate(pages)]
    first = bodies[0]
    if first.facts.document_type != "report" or first.facts.verdict or not first.lines:
        raise BaogaoError(f"the page holds no report ({first.facts.verdict or first.facts.reason}): its text alone is what clean gives")
    identity = page_identity(first.page_id, first.facts.base_url or url)
    doc = doc_id(identity)
    known = corrections_of({doc, *(name for body in bodies for name in (body.page_id, doc_id(page_identity(body.page_id, body.url))))})
    report = make_report(doc, bodies, missing_pages=None, rights_basis=stages.rights_basis(first.site), corrections=known)
    rows = report_rows(stages.structure(report))
    return nest(rows["reports"][0], rows)


def load(table: str, release: str | Path = "output") -> pd.DataFrame:
    """A published table as a DataFrame. Whole numbers stay whole and dates stay dates where values are missing (Arrow dtypes).

    `release` is an output folder (its latest release) or the folder of a release. Raises BaogaoError where there is no such release or table.
    """
    from baogao import release as releases  # noqa: PLC0415 - brings pyarrow

    return releases.load(table, release)


def build(
    sources: str | Sequence[str] = "seeds/pages",
    output: str | Path = "output",
    *,
    engine: str = "inline",
    workers: int | None = None,
    dask_address: str | None = None,
    only_check: bool = False,
    released: str | None = None,
) -> Outcome:
    """Build a release from scraped pages, without orchestration; the outcome tells what was published, cut off and rejected.

    `sources` are files, folders, globs or fsspec addresses; `output` is a folder, or an address such as s3://bucket/baogao; `engine` is inline, processes for
    many pages, or dask, whose scheduler stands at `dask_address` where it runs already; `released` is the day of the release as YYYY-MM-DD (default: today
    in UTC). With processes or dask, a script that calls this guards its own work with `if __name__ == "__main__":`.
    Raises BaogaoError for a source or an output that cannot be used, and ChecksFailed for a release that its checks turn away.
    """
    from baogao import pipeline  # noqa: PLC0415 - brings pyarrow

    named = [sources] if isinstance(sources, str) else list(sources)

    def into(folder: str | Path) -> Outcome:
        return pipeline.build(named, folder, engine=engine, workers=workers, dask_address=dask_address, only_check=only_check, released=released)

    if not is_address(output):
        return into(output)
    from baogao.remote import build_at  # noqa: PLC0415

    return build_at(str(output), into)


def _page_body(data: bytes, url: str | None) -> PageBody:
    page = stages.read(data, source="", url=url)
    body = stages.clean(page)
    return PageBody(page.sha256, stages.describe(page, body), body.lines, page.site, page.url)
