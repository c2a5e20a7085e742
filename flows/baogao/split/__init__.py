"""A report's text becomes sections, paragraphs and sentences, by character offsets.

In: the text of a report, one paragraph a line, and the `SplittingRules`. Out: lists of `Section`, `Paragraph`, `Sentence`, in text order.
Never: a character outside a paragraph, or in two of one kind.
"""

from __future__ import annotations

from baogao.records import Paragraph, Section, Sentence
from baogao.split.headings import find_headings
from baogao.split.paragraphs import make_paragraph, paragraph_spans
from baogao.split.roles import SplittingRules
from baogao.split.sections import innermost, make_sections, stand_apart
from baogao.split.sentences import sentence_spans

__all__ = ["SplittingRules", "numbered_headings", "sentence_spans", "split_report", "split_sentences", "stand_apart"]


def split_report(text: str, rules: SplittingRules) -> tuple[list[Section], list[Paragraph], list[Sentence]]:
    """Sections, paragraphs and sentences of a report.

    Sections nest without gaps: each ends where the next one of its depth or above begins. Text before the first heading is a section of its own, and so is
    the call with which a report closes.
    """
    spans = paragraph_spans(text)
    headings, contents = find_headings(text, spans, rules)
    sections = make_sections(text, spans, headings, contents, rules)
    inside = innermost(sections, spans)
    opens = {section.start for section in sections if section.heading}
    paragraphs = [make_paragraph(text, start, end, inside[n], is_heading=start in opens) for n, (start, end) in enumerate(spans)]
    sentences = [Sentence(start, end, n) for n, (first, last) in enumerate(spans) for start, end in sentence_spans(text, first, last)]
    return sections, paragraphs, sentences


def numbered_headings(text: str, rules: SplittingRules) -> list[tuple[int, int]]:
    """Style (outermost lowest) and number of the numbered headings of a text, in text order."""
    headings, _ = find_headings(text, paragraph_spans(text), rules)
    return [(heading.style, heading.number) for heading in headings if heading.number]


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, in order; line breaks end sentences too.

    >>> split_sentences("高考二本以上达线率66.9%。人民医院整体搬迁项目主体完工。")
    ['高考二本以上达线率66.9%。', '人民医院整体搬迁项目主体完工。']
    >>> split_sentences("我们喊出“开年就开跑!”的口号,掀起大干热潮。")
    ['我们喊出“开年就开跑!”的口号,掀起大干热潮。']
    """
    return [text[start:end] for first, last in paragraph_spans(text) for start, end in sentence_spans(text, first, last)]
