"""Records become tables: rows in the order of their schema, sorted by key, with identifiers.

In: records. Out: rows as dicts, Arrow tables. Never: a row that no record stands behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from baogao import contract
from baogao.conflicts import Conflict
from baogao.ids import part_ids, report_key
from baogao.records import Body, Facts, Indicator, Page, Place, Reject, Removed, Report, Structure
from baogao.text import fold

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
_REMOVED_CHARS = 200
_FIGURE = tuple(field.name for field in fields(Indicator))
_figure_values = attrgetter(*_FIGURE)
# Of several targets of one indicator the one in the measure that people quote: its growth or rate, else its level, else a relation.
_MEASURES = {"growth": 0, "share": 0, "index": 0, "level": 1, "change": 1, "relation": 2}
_GOAL = "目标"
# 2024-03-22, 2024年3月22日, 2024/3/22 09:10
_DAY = re.compile(r"((?:19|20)\d{2})\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})")


def arrow_table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a table of the contract, sorted by its sort columns. Columns that a row lacks are null; whether they may be is for check to say."""
    import pyarrow as pa  # noqa: PLC0415 - 0.2 s that splitting alone need not pay

    table = contract.tables()[name]
    return sort_rows(name, pa.Table.from_pylist(list(rows), schema=contract.arrow_schema(table, nullable=True)))


def sort_rows(name: str, table: pa.Table) -> pa.Table:
    """The table's rows in the order of the contract."""
    return table.sort_by([(column, "ascending") for column in contract.tables()[name].sort])


def is_of(rows: pa.Table, documents: Iterable[str]) -> pa.ChunkedArray:
    """Which rows of a table are of some documents."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    return pc.is_in(rows["doc_id"], value_set=pa.array(sorted(documents), pa.string()))


# --- pages


def page_row(page: Page, facts: Facts, body: Body, *, page_id: str) -> Row:
    """The row of a page that could be read."""
    n_chars_kept = sum(map(len, body.lines))
    is_report = facts.document_type == "report" and n_chars_kept > 0 and not facts.verdict
    stated = body.metadata
    return {
        "page_id": page_id,
        **{name: getattr(page, name) for name in ("source", "site", "url", "media_type", "encoding", "encoding_declared", "sha256", "n_bytes", "retrieved_at")},
        **{name: getattr(facts, name) for name in ("base_url", "part_number", "part_count", "document_type", "corruption")},
        "reason": f"{facts.verdict}; {facts.reason}" if facts.verdict else facts.reason,
        "page_title": body.title,
        "n_chars_raw": len(page.text),
        "n_chars_kept": n_chars_kept,
        "status": "accepted" if is_report else "rejected",
        "published_on": _day(stated.get("published", "")),
        "content_source": stated.get("source"),
        "column_name": stated.get("column"),
        **{name: stated.get(name) for name in ("author", "editor", "issuer", "index_number", "document_number", "site_name", "site_id_code")},
    }


def _day(stated: str) -> date | None:
    """The day that a page states in whatever form, if it is one.

    >>> _day("2024年3月22日 09:10"), _day("2024-13-01")
    (datetime.date(2024, 3, 22), None)
    """
    found = _DAY.search(stated)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def unreadable_row(source: str, sha256: str, n_bytes: int, *, page_id: str, reason: str) -> Row:
    """The row of a page that holds no text."""
    return {
        "page_id": page_id, "source": source, "media_type": "application/octet-stream", "encoding": "binary", "sha256": sha256, "n_bytes": n_bytes,
        "document_type": "other", "n_chars_raw": 0, "n_chars_kept": 0, "status": "rejected", "reason": reason,
    }  # fmt: skip


def removed_rows(page_id: str, removed: Sequence[Removed]) -> list[Row]:
    """The lines that were cut off a page."""
    return [{"page_id": page_id, "ordinal": n, **asdict(line), "text": line.text[:_REMOVED_CHARS]} for n, line in enumerate(removed)]


# --- reports


def report_rows(structure: Structure) -> dict[str, list[Row]]:
    """The rows of a report in the tables reports, sections, paragraphs, sentences, indicators and targets."""
    report = structure.report
    sections = _section_rows(structure)
    paragraphs = _paragraph_rows(structure, sections)
    sentences = _sentence_rows(structure, paragraphs)
    indicators = _indicator_rows(structure, sentences)
    counts = {
        "n_chars": len(report.text), "n_sections": len(sections), "n_paragraphs": len(paragraphs), "n_sentences": len(sentences),
        "n_indicators": len(indicators),
    }  # fmt: skip
    return {
        "reports": [_report_row(report) | counts],
        "sections": sections,
        "paragraphs": paragraphs,
        "sentences": sentences,
        "indicators": indicators,
        "targets": _target_rows(structure, indicators),
    }


def word_table(counts: Mapping[str, Mapping[str, int]]) -> pa.Table:
    """The table words of some reports, out of the counts of each: column by column, since no other table has as many rows."""
    import pyarrow as pa  # noqa: PLC0415

    schema = contract.arrow_schema(contract.tables()["words"], nullable=True)
    documents = pa.array(counts, pa.string()).take(pa.array([at for at, words in enumerate(counts.values()) for _ in words], pa.int32()))
    words = pa.array([word for words in counts.values() for word in words], pa.string())
    numbers = pa.array([n for words in counts.values() for n in words.values()], pa.int32())
    return sort_rows("words", pa.Table.from_arrays([documents, words, numbers], schema=schema))


def conflict_rows(doc_id: str, texts: Sequence[str], canonical_id: str, canonical: Sequence[str], conflicts: Iterable[Conflict]) -> list[Row]:
    """The rows of a document in the table conflicts, out of its sentences, those of the document that it repeats, and where these disagree."""
    ids, others = part_ids(doc_id, "sentence", texts), part_ids(canonical_id, "sentence", canonical)
    return [
        {
            "doc_id": doc_id,
            "canonical_id": canonical_id,
            "sentence_id": ids[one.sentence],
            "canonical_sentence_id": others[one.other],
            "numbers": "; ".join(one.numbers),
            "canonical_numbers": "; ".join(one.other_numbers),
            "text": texts[one.sentence],
            "canonical_text": canonical[one.other],
        }
        for one in conflicts
    ]


def coverage_rows(reports: Iterable[Mapping[str, Any]], obliged: Callable[[int], Iterable[Place]]) -> list[Row]:
    """What the reports hold of each place and year: the best completeness and the number of documents.

    Of the years that some report is of, the places that had to report (`obliged`) and are not held are missing.
    """
    best = {"full": 0, "abridged": 1, "excerpt": 2}
    held: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for report in reports:
        if report["place_code"] and report["report_year"]:
            held.setdefault((report["place_code"], report["report_year"]), []).append(report)
    absent = [(place, year) for year in {year for _, year in held} for place in obliged(year) if (place.code, year) not in held]
    missing: list[Row] = [
        {"place_code": place.code, "place_name": place.name, "level": place.level, "report_year": year, "status": "missing", "n_documents": 0}
        for place, year in absent
    ]
    return missing + [
        {
            "place_code": code,
            "place_name": same[0]["place_name"],
            "level": same[0]["level"],
            "report_year": year,
            "status": min((report["completeness"] for report in same), key=lambda status: best.get(status, 3)),
            "n_documents": len(same),
        }
        for (code, year), same in held.items()
    ]


def reject_rows(rejects: Iterable[Reject]) -> list[Row]:
    """The rows that checks turned away, each failure once."""
    return list({(row["table"], row["id"], row["expectation"], row["column"]): row for row in map(asdict, rejects)}.values())


def _report_row(report: Report) -> Row:
    facts, place = report.facts, report.facts.place or Place("")
    return {
        "doc_id": report.doc_id,
        "report_key": _key(report),
        "title": facts.title or "政府工作报告",
        "place_name": place.name or None,
        "place_code": place.code,
        **{name: getattr(place, name) for name in ("level", "province", "prefecture", "county")},
        **{name: getattr(facts, name) for name in ("report_year", "review_year", "delivered_on", "congress", "session", "speaker", "speaker_title")},
        **{name: getattr(facts, name) for name in ("completeness", "missing_parts", "year_evidence", "place_evidence")},
        **{name: getattr(report, name) for name in ("source_url", "source_site", "rights_basis", "text_published", "text")},
        "is_canonical": True,
    }


def _key(report: Report) -> str | None:
    return report_key(report.facts.place.code if report.facts.place else None, report.facts.report_year)


def _section_rows(structure: Structure) -> list[Row]:
    doc_id = structure.report.doc_id
    ids = part_ids(doc_id, "section", [section.heading or "" for section in structure.sections])
    return [
        {
            "section_id": ids[n],
            "doc_id": doc_id,
            "parent_id": None if one.parent is None else ids[one.parent],
            "ordinal": n,
            **{name: getattr(one, name) for name in ("depth", "marker", "heading", "role", "start", "end")},
        }
        for n, one in enumerate(structure.sections)
    ]


def _paragraph_rows(structure: Structure, sections: Sequence[Row]) -> list[Row]:
    doc_id, text = structure.report.doc_id, structure.report.text
    texts = [text[one.start : one.end] for one in structure.paragraphs]
    return [
        {
            "paragraph_id": part_id,
            "doc_id": doc_id,
            "section_id": None if one.section is None else sections[one.section]["section_id"],
            "report_year": structure.report.facts.report_year,
            "ordinal": n,
            **{name: getattr(one, name) for name in ("lead", "is_list_item", "start", "end")},
            "text": texts[n],
        }
        for n, (one, part_id) in enumerate(zip(structure.paragraphs, part_ids(doc_id, "paragraph", texts), strict=True))
    ]


def _sentence_rows(structure: Structure, paragraphs: Sequence[Row]) -> list[Row]:
    doc_id, text = structure.report.doc_id, structure.report.text
    texts = [text[one.start : one.end] for one in structure.sentences]
    return [
        {
            "sentence_id": part_id,
            "paragraph_id": paragraphs[one.paragraph]["paragraph_id"],
            "doc_id": doc_id,
            "report_year": structure.report.facts.report_year,
            "ordinal": n,
            "start": one.start,
            "end": one.end,
            "text": texts[n],
        }
        for n, (one, part_id) in enumerate(zip(structure.sentences, part_ids(doc_id, "sentence", texts), strict=True))
    ]


def _indicator_rows(structure: Structure, sentences: Sequence[Row]) -> list[Row]:
    report = structure.report
    ids = part_ids(report.doc_id, "indicator", [f"{one.written_as or one.name}|{one.measure}|{one.quote}" for _, one in structure.indicators])
    return [
        {
            "indicator_id": part_id,
            "sentence_id": sentences[sentence]["sentence_id"],
            "doc_id": report.doc_id,
            "report_key": _key(report),
            "report_year": report.facts.report_year,
            **_figure(one),
            "unit": one.unit and fold(one.unit),
        }
        for (sentence, one), part_id in zip(structure.indicators, ids, strict=True)
    ]


def _figure(one: Indicator) -> Row:
    """The fields of a figure; dataclasses.asdict copies every value, and takes as long as measuring does."""
    return dict(zip(_FIGURE, _figure_values(one), strict=True))


def _target_rows(structure: Structure, indicators: Sequence[Row]) -> list[Row]:
    """One row per indicator and tier: of several the one in a sentence that speaks of goals, then the measure that people quote, then the first."""
    facts = structure.report.facts
    best: dict[tuple[str, str], tuple[tuple[bool, int, int], Row]] = {}
    for (sentence, one), row in zip(structure.indicators, indicators, strict=True):
        if one.indicator is None or not _is_annual_target(one, facts.report_year):
            continue
        quote = structure.report.text[structure.sentences[sentence].start : structure.sentences[sentence].end]
        rank = (_GOAL not in quote, _MEASURES.get(one.measure, 3), one.start)
        absent = one.rule == "relation-absent"
        target = {name: row[name] for name in ("doc_id", "report_key", "report_year", "indicator", "value", "value_low", "value_high", "unit", "bound")}
        target |= {name: row[name] for name in ("tone", "tier", "reference")}
        target |= {"place_code": facts.place.code if facts.place else None, "is_explicitly_absent": absent, "quote": quote}
        target["indicator_id"] = None if absent else row["indicator_id"]
        key = (one.indicator, one.tier)
        if key not in best or rank < best[key][0]:
            best[key] = (rank, target)
    return [target for _, target in best.values()]


def _is_annual_target(one: Indicator, report_year: int | None) -> bool:
    """Whether the record is a target for the year of the report; in a report without a year, whether it is a target."""
    if one.status != "target" or one.measure in {"gap", "completion", "rank", "ratio"}:
        return False
    return report_year is None or (one.period_start is not None and one.period_end is not None and one.period_start.year == one.period_end.year == report_year)
