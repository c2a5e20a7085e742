"""What is known only once all batches are checked: which documents stand for their reports, coverage, all rejects, counts, and the verdict.

In: the plans of the second move and the folders of checked batches. Out: a folder with the tables coverage, rejects and standing; a `Summary`.
Never: a text; of reports only the columns that are keys or facts.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baogao import stages
from baogao.assemble import Plan, as_copy
from baogao.check import Missed, check_release
from baogao.contract import arrow_schema, tables, terms
from baogao.copies import standings
from baogao.corrections import corrections, corrections_of
from baogao.keywords import document_frequencies, find_keywords
from baogao.moves import REPORT_TABLES, WARNINGS, read_made, read_rejects
from baogao.outcomes import Key, pair_outcomes
from baogao.pages import read_arrow, write_arrow
from baogao.publish.parquet import STANDING
from baogao.records import Reject
from baogao.tables import Row, arrow_table, coverage_rows, reject_rows, sort_rows

_REPORT = ["doc_id", "place_code", "place_name", "level", "report_year", "completeness", "text_published", "place_evidence", "year_evidence"]
_OUTCOME = [
    "indicator_id", "doc_id", "report_key", "report_year", "start", "indicator", "measure", "value", "value_si", "unit", "unit_si", "bound", "status",
    "period_start", "period_end", "base",
]  # fmt: skip
_TARGET = [
    "place_code", "indicator", "report_year", "indicator_id", "value", "value_low", "value_high", "bound", "unit", "measure", "value_si", "unit_si",
]  # fmt: skip
# What place_evidence and year_evidence say where words contradict each other, or namesakes are not told apart.
_DOUBT = re.compile("矛盾|歧义")
# Columns that are settled only when a release is written.
_SETTLED = {("reports", "near_duplicate_of"), ("pages", "doc_id")}
_LEVELS = ("national", "province", "prefecture", "county", "unknown")
# The tables that are made here, of rows that no batch has checked.
SUMMARISED = ("target_outcomes", "keywords", "coverage", "warnings", "rejects")
_STANDING = pa.schema(
    [("doc_id", pa.string()), ("report_year", pa.int32()), ("is_canonical", pa.bool_()), ("near_duplicate_of", pa.string()), ("mark", pa.string())]
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts for people, as they stand in quality.json, and the assertions that the release misses."""

    quality: Mapping[str, Any]
    missed: tuple[Missed, ...]

    @property
    def failures(self) -> list[str]:
        """What fails the release."""
        return [str(one) for one in self.missed if one.fails]

    @property
    def warnings(self) -> list[str]:
        """What is worth a look, and fails nothing."""
        return [str(one) for one in self.missed if not one.fails]


def summarise(
    draft: Path, plans: Sequence[Plan], duplicates: Sequence[Reject], documents: Sequence[Path], pages: Sequence[Path], *, withheld: int = 0
) -> Summary:
    """Write the tables of a whole release into a folder, and say what they come to. `withheld` pages are not among those given."""
    reports = [row for folder in documents for row in read_arrow(folder / "reports.arrow").select(_REPORT).to_pylist()]
    rejects = [*duplicates, *(one for folder in (*documents, *pages) for one in read_rejects(folder))]
    standing = _standing(plans, reports)
    marks = {doc_id: mark for folder in documents for mark, doc_id in read_made(folder).items()}  # what their rows were made from
    write_arrow(draft / f"{STANDING}.arrow", pa.Table.from_pylist([row | {"mark": marks[row["doc_id"]]} for row in standing], schema=_STANDING))
    write_arrow(draft / "conflicts.arrow", _conflicts(documents, standing))
    write_arrow(draft / "target_outcomes.arrow", _target_outcomes(documents, standing))
    write_arrow(draft / "keywords.arrow", _keywords(documents, standing))
    write_arrow(draft / "coverage.arrow", arrow_table("coverage", coverage_rows(reports, stages.obliged)))
    doubts = sort_rows("warnings", pa.concat_tables([_schema_of("warnings").empty_table(), *(read_arrow(folder / WARNINGS) for folder in documents)]))
    write_arrow(draft / WARNINGS, doubts)
    rejected = reject_rows(rejects)
    write_arrow(draft / "rejects.arrow", arrow_table("rejects", rejected))
    accepted = {report["doc_id"] for report in reports}
    read = [row for folder in pages for row in read_arrow(folder / "pages.arrow").select(["document_type", "doc_id"]).to_pylist()]
    of_reports = sum(row["doc_id"] in accepted for row in read)
    of_level = Counter(report["level"] or "unknown" for report in reports)
    levels = {level: of_level[level] for level in _LEVELS}
    rows = _rows([*documents, *pages])
    filled = _filled([*documents, *pages], rows)
    quality = {
        "pages": {"read": len(read) + len(duplicates), "distinct": len(read), "of_reports": of_reports},
        "document_types": _counts([row["document_type"] for row in read]),
        "completeness": _counts([report["completeness"] for report in reports]),
        "removed": _ranked(_tally(pages, "removed", "kind")),
        "levels": levels,
        "years": _years(reports, standing),
        "copies": sum(not row["is_canonical"] for row in standing),
        "doubtful": {
            "place": sum(_DOUBT.search(report["place_evidence"] or "") is not None for report in reports),
            "year": sum(_DOUBT.search(report["year_evidence"] or "") is not None for report in reports),
        },
        "figures": {column: _ranked(_tally(documents, "indicators", column)) for column in ("measure", "status", "rule")},
        "filled": {table: {column: round(share, 4) for column, share in columns.items()} for table, columns in filled.items()},
        "rejects": _counts([f"{row['table']}: {row['expectation']}" for row in rejected]),
        "row_warnings": _counts(doubts["expectation"].to_pylist()),
        "corrections": _corrections([plan for plan in plans if plan.doc_id in accepted]),
        "removals": {"pages": withheld, "texts": sum(not report["text_published"] for report in reports)},
    }
    shares = {f"{table}.{column}": share for table, columns in filled.items() for column, share in columns.items()}
    missed = check_release(
        {
            **{f"{table}.rows": rows.get(table, 0) for table in tables()},
            **{f"{name}.filled": share for name, share in shares.items()},
            **{f"{name}.missing": 1 - share for name, share in shares.items()},
            **{f"reports.level.{level}.rows": count for level, count in levels.items()},
            "rejects.share": len(rejected) / max(1, sum(rows.values()) + len(rejected)),
            "warnings.share": doubts.num_rows / max(1, rows.get("indicators", 0)),
            "pages.rejected_share": 1 - of_reports / max(1, len(read)),
        }
    )
    summary = Summary(quality, tuple(missed))
    return replace(summary, quality=quality | {"warnings": summary.warnings, "accuracy": terms("accuracy"), "first_sight": terms("first_sight")})


def _standing(plans: Sequence[Plan], reports: Sequence[Row]) -> list[Row]:
    """What each document that passed is to the others: settled anew, so that a document that did not pass stands for none.

    A document goes by the place, year and completeness of its report, which pages may tell only together.
    """
    passed = {report["doc_id"]: report for report in reports}
    return [
        {
            "doc_id": one.doc_id,
            "report_year": passed[one.doc_id]["report_year"],
            "is_canonical": one.is_canonical,
            "near_duplicate_of": one.near_duplicate_of,
        }
        for one in standings(as_copy(plan.document, passed[plan.doc_id]) for plan in plans if plan.doc_id in passed)
    ]


def _conflicts(documents: Sequence[Path], standing: Sequence[Row]) -> pa.Table:
    """The rows of the table conflicts whose two documents, and sentences, passed and are still copies of each other."""
    repeats = {row["doc_id"]: row["near_duplicate_of"] for row in standing}
    rows = [row for folder in documents for row in read_arrow(folder / "conflicts.arrow").to_pylist() if repeats.get(row["doc_id"]) == row["canonical_id"]]
    asked = pa.array({row["canonical_sentence_id"] for row in rows}, pa.string())
    there: set[str] = set()
    for folder in documents if rows else ():
        ids = read_arrow(folder / "sentences.arrow")["sentence_id"]
        there.update(ids.filter(pc.is_in(ids, value_set=asked)).to_pylist())
    return arrow_table("conflicts", [row for row in rows if row["canonical_sentence_id"] in there])


def _target_outcomes(documents: Sequence[Path], standing: Sequence[Row]) -> pa.Table:
    """The table target_outcomes, of the canonical documents."""
    if not documents:
        return arrow_table("target_outcomes", [])
    canonical = pa.array((row["doc_id"] for row in standing if row["is_canonical"]), pa.string())
    targets, outcomes = (pa.concat_tables([found(folder, canonical) for folder in documents]) for found in (_targets, _outcomes))
    better = {row["id"]: row["better"] for row in terms("indicators") if "better" in row}
    pairs = [arrow_table("target_outcomes", [])]
    for year in pc.unique(targets["report_year"]).drop_null().to_pylist():  # a year at a time: as rows, a country's million targets take twenty times the memory
        achieved: dict[Key, Row] = {}
        for row in outcomes.filter(pc.equal(outcomes["report_year"], year + 1)).to_pylist():
            achieved.setdefault((row["report_key"][:6], year, row["indicator"], row["measure"]), row)
        pairs.append(arrow_table("target_outcomes", pair_outcomes(targets.filter(pc.equal(targets["report_year"], year)).to_pylist(), achieved, better)))
    return sort_rows("target_outcomes", pa.concat_tables(pairs))


def _targets(folder: Path, canonical: pa.Array) -> pa.Table:
    """The targets of canonical documents in a batch, with the measure and the base unit of their figures."""
    rows = read_arrow(folder / "targets.arrow")
    rows = rows.filter(pc.and_(pc.is_in(rows["doc_id"], value_set=canonical), pc.and_(rows["report_key"].is_valid(), rows["indicator_id"].is_valid())))
    measured = read_arrow(folder / "indicators.arrow").select(["indicator_id", "measure", "value_si", "unit_si"])
    measured = measured.filter(pc.is_in(measured["indicator_id"], value_set=rows["indicator_id"].combine_chunks()))
    return rows.join(measured, "indicator_id").select(_TARGET)


def _outcomes(folder: Path, canonical: pa.Array) -> pa.Table:
    """What canonical documents in a batch say was achieved in the whole year before theirs."""
    rows = read_arrow(folder / "indicators.arrow").select(_OUTCOME)
    first, last = rows["period_start"], rows["period_end"]
    conditions = [
        pc.is_in(rows["doc_id"], value_set=canonical),
        rows["report_key"].is_valid(),
        rows["indicator"].is_valid(),
        rows["value"].is_valid(),
        pc.is_in(rows["status"], value_set=pa.array(["actual", "estimate"])),
        pc.or_(rows["base"].is_null(), pc.equal(pc.fill_null(rows["base"], ""), "yoy")),
        pc.equal(pc.year(first), pc.subtract(rows["report_year"], 1)),
        pc.equal(pc.year(last), pc.year(first)),
        pc.equal(pc.day_of_year(first), 1),
        pc.and_(pc.equal(pc.month(last), 12), pc.equal(pc.day(last), 31)),
    ]
    return rows.filter(functools.reduce(pc.and_, conditions)).sort_by("start")


def _keywords(documents: Sequence[Path], standing: Sequence[Row]) -> pa.Table:
    """The table keywords, by how many canonical documents have each word."""
    canonical = pa.array((row["doc_id"] for row in standing if row["is_canonical"]), pa.string())
    frequencies = document_frequencies((read_arrow(folder / "words.arrow") for folder in documents), canonical)
    found = [find_keywords(read_arrow(folder / "words.arrow"), frequencies, terms("stop_words")) for folder in documents]
    schema = arrow_schema(tables()["keywords"], nullable=True)
    return sort_rows("keywords", pa.concat_tables([table.cast(schema) for table in found]) if found else schema.empty_table())


def _corrections(plans: Sequence[Plan]) -> dict[str, Any]:
    """The corrections that hold in the reports of a release, and the number of those of other reports."""
    told = []
    for plan in plans:
        names = {plan.doc_id, *(name for page in plan.document.pages for name in (page.page_id, page.sha256))}
        told += [{"doc_id": plan.doc_id, **{name: getattr(one, name) for name in ("id", "action", "status", "reason")}} for one in corrections_of(names)]
    return {"of_reports": told, "of_others": len(corrections()) - len({one["id"] for one in told})}


def _years(reports: Sequence[Row], standing: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Reports by year and level, each counted once however many documents there are of it; those without a year last."""
    canonical = {row["doc_id"] for row in standing if row["is_canonical"]}
    counted = Counter((str(report["report_year"] or "unknown"), report["level"] or "unknown") for report in reports if report["doc_id"] in canonical)
    return {year: {level: counted[year, level] for level in _LEVELS if counted[year, level]} for year in sorted({year for year, _ in counted})}


def _counts(values: Sequence[str]) -> dict[str, int]:
    return _ranked(Counter(values))


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts, the largest first."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _tally(folders: Sequence[Path], table: str, column: str) -> Counter[str]:
    """How often each value stands in a column of a table, which may have millions of rows."""
    total: Counter[str] = Counter()
    for folder in folders:
        counted = read_arrow(folder / f"{table}.arrow")[column].value_counts()
        total.update(dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)))
    return total


def _rows(folders: Sequence[Path]) -> Counter[str]:
    """Rows that passed, by table."""
    rows: Counter[str] = Counter()
    for folder in folders:
        rows.update({file.stem: read_arrow(file).num_rows for file in folder.glob("*.arrow") if file.stem not in {"rejects", "warnings"}})
    return rows


def _filled(folders: Sequence[Path], rows: Mapping[str, int]) -> dict[str, dict[str, float]]:
    """Of the columns that may be null, the share of rows that have a value, by table; 1 for a table without rows."""
    shares = {}
    for table in (tables()[name] for name in (*REPORT_TABLES, "pages", "removed")):
        nulls = dict.fromkeys((one.name for one in table.columns if not one.required and (table.name, one.name) not in _SETTLED), 0)
        for file in (folder / f"{table.name}.arrow" for folder in folders if nulls):
            found = read_arrow(file) if file.exists() else None
            nulls = {column: count + (found[column].null_count if found else 0) for column, count in nulls.items()}
        shares[table.name] = {column: 1 - count / rows[table.name] if rows[table.name] else 1.0 for column, count in nulls.items()}
    return {name: columns for name, columns in shares.items() if columns}


def _schema_of(name: str) -> pa.Schema:
    return arrow_schema(tables()[name], nullable=True)
