"""The stages with their compiled vocabularies: what a process needs to work on pages and reports, compiled once.

In: schemas/terms and seeds/sites.yaml, through contract and sources. Out: one function a stage, each of pages or texts alone.
Never: a file, a batch, an order of stages; those are moves' and pipeline's.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from baogao import clean as cleaning
from baogao import describe as describing
from baogao import sketch as sketching
from baogao.contract import terms
from baogao.describe.units import COUNTRY
from baogao.measure import Measurer
from baogao.measure.periods import Span, planned_span
from baogao.parts import NO_EDGES, Edges, edges
from baogao.read import read_page
from baogao.records import Structure
from baogao.sources import default_site_cards
from baogao.split import SplittingRules, numbered_headings, split_report, stand_apart
from baogao.text import fold

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from baogao.measure.qualify import Stance
    from baogao.records import Body, Facts, Indicator, Page, Paragraph, Place, Report, Section, Sentence
    from baogao.sketch import Sketch
    from baogao.sources import SiteCard
    from baogao.words import WordCutter


# Article 5 of the Copyright Law of the PRC; see RIGHTS.md.
_RIGHTS_BASIS = "prc-art5-official-document"


@functools.cache
def _cards() -> tuple[SiteCard, ...]:
    return default_site_cards()


@functools.cache
def _cleaning_rules(site: str | None = None) -> cleaning.CleaningRules:
    """The rules for a site whose card has some of its own, else the general ones."""
    card = next((card for card in _cards() if card.site == site and (card.lines or card.names)), None)
    if site and not card:
        return _cleaning_rules()
    lines, names = (card.lines, card.names) if card else ((), {})
    return cleaning.CleaningRules.from_terms(terms("boilerplate"), lines, names)


@functools.cache
def _describing_rules() -> describing.DescribingRules:
    return describing.DescribingRules.from_terms(terms)


@functools.cache
def _splitting_rules() -> SplittingRules:
    return SplittingRules.from_terms(terms("headings"))


@functools.cache
def _cutter() -> WordCutter:
    from baogao.words import WordCutter  # noqa: PLC0415 - jieba's dictionary takes half a second, and only words need it

    return WordCutter.from_terms(terms)


@functools.cache
def _measurer() -> Measurer:
    return Measurer.from_terms(terms)


def read(data: bytes, *, source: str, url: str | None = None, media_type: str | None = None, charset: str | None = None) -> Page:
    """Decode one page. Raises Unreadable for bytes that hold no readable text."""
    return read_page(data, source=source, url=url, media_type=media_type, charset=charset, cards=_cards())


def clean(page: Page, site_lines: Container[str] = ()) -> Body:
    """The main text of a page. `site_lines` are marks of lines that its site repeats."""
    return cleaning.clean_page(page, _cleaning_rules(page.site), site_lines)


def describe(page: Page, body: Body) -> Facts:
    """What the page says of itself."""
    return describing.describe_page(page, body, _describing_rules(), _cards())


def sketch(body: Body) -> Sketch:
    """What copies of a page's text are told by."""
    return sketching.sketch(in_simplified(body.lines))


def in_simplified(lines: Sequence[str]) -> Sequence[str]:
    """The lines of a text, those of one in traditional script as simplified script has them, one for one."""
    return describing.simplified(lines) if describing.is_traditional(lines, _describing_rules().corruption) else lines


def find_edges(body: Body) -> Edges:
    """How the text of a page begins and ends."""
    return edges(numbered_headings("\n".join(body.lines), _splitting_rules()), body.lines[-1]) if body.lines else NO_EDGES


def obliged(year: int) -> list[Place]:
    """The places whose governments had to report in the year, as far as the area table tells; the country in the years in which its congress met."""
    rules = _describing_rules()
    meets = year in rules.congresses.values() or year > max(rules.congresses.values())
    return [*([rules.places.place(rules.places.by_code[COUNTRY][0], year)] if meets else []), *rules.places.obliged(year)]


def rights_basis(site: str | None) -> str:
    """The ground on which the text of a report is published: the site's own card, else the general one, official documents of state organs."""
    return next((card.rights for card in _cards() if card.site == site and card.rights), _RIGHTS_BASIS)


def split(text: str) -> tuple[list[Section], list[Paragraph], list[Sentence]]:
    """Sections, paragraphs and sentences of a report's text."""
    return split_report(text, _splitting_rules())


def stance(role: str | None) -> Stance:
    """Whether a section of that role looks back, ahead, or neither.

    >>> stance("review"), stance("tasks"), stance(None)
    ('back', 'ahead', 'none')
    """
    rules = _splitting_rules()
    return "ahead" if role in rules.ahead else "back" if role in rules.back else "none"


def measure(text: str, *, role: str | None = None, report_year: int | None = None) -> list[Indicator]:
    """Indicators of a passage, with offsets into it."""
    return _measurer().measure(text, stance=stance(role), report_year=report_year)


def structure(report: Report) -> Structure:
    """A report cut up and measured. Figures of glossaries and annexes are not the report's own."""
    sections, paragraphs, sentences = split(report.text)
    place = report.facts.place.name if report.facts.place else None
    apart = stand_apart(sections, _splitting_rules())
    indicators: list[tuple[int, Indicator]] = []
    found: list[Indicator] = []
    planned = [_planned(sections, n, report.facts.report_year) for n in range(len(sections))]
    for n, sentence in enumerate(sentences):
        section = paragraphs[sentence.paragraph].section
        role = None if section is None else sections[section].role
        if section is None or not apart[section]:
            before = found if n and sentences[n - 1].paragraph == sentence.paragraph else ()
            found = _measurer().sentence(
                report.text,
                sentence.start,
                sentence.end,
                stance=stance(role),
                report_year=report.facts.report_year,
                place=place,
                before=before,
                planned=None if section is None else planned[section],
            )
            indicators += [(n, one) for one in found]
    return Structure(report, tuple(sections), tuple(paragraphs), tuple(sentences), tuple(indicators))


def _planned(sections: Sequence[Section], n: int | None, report_year: int | None) -> Span | None:
    """The years that a section is about, where it sets aims beyond the year of the report: those that its heading or one above it names."""
    if not report_year or n is None or sections[n].role != "plan_targets":
        return None
    headings = []
    while n is not None:
        headings.append(sections[n].heading or "")
        n = sections[n].parent
    return planned_span(fold("\n".join(headings)), report_year)


def own_texts(structure: Structure) -> list[str]:
    """The paragraphs of a report, glossaries and annexes apart."""
    apart = stand_apart(structure.sections, _splitting_rules())
    return [structure.report.text[one.start : one.end] for one in structure.paragraphs if one.section is None or not apart[one.section]]


def count_words(texts: Sequence[str]) -> dict[str, int]:
    """Word counts of texts."""
    return _cutter().count(texts)
