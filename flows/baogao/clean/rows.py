"""Rows of data tables become lines: one a row, its cells parted by tabs.

In: the paragraphs of the text and the elements that hold them. Out: the same, those of a row of a data table joined.
A table that only lays out the page (its cells hold paragraphs, or another table) is left as it is. Never: a cell left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence

from baogao.clean.markup import Draft, Markup

_CELLS = frozenset({"td", "th"})
# A cell of data is no longer than this, and holds no more lines.
_CELL_MAX, _CELL_LINES = 300, 4
# A table of data has at least this many rows of at least two cells.
_ROWS_MIN = 2


def join_rows(drafts: Sequence[Draft], markup: Markup) -> list[Draft]:
    """The paragraphs, with one for each row of a data table."""
    if not any(tag.name in _CELLS for tag in markup.tags):
        return list(drafts)
    cells = [_cell(draft.element, markup) for draft in drafts]
    rows: defaultdict[int, list[int]] = defaultdict(list)  # row -> positions of its paragraphs
    for i, cell in enumerate(cells):
        if cell:
            rows[_above(cell, "tr", markup)].append(i)
    tables: defaultdict[int, list[int]] = defaultdict(list)  # table -> its rows
    for row in rows:
        tables[_above(row, "table", markup)].append(row)
    cells_of = _cells_of(rows, markup)
    holders = {table for table in tables if any(outer in tables for outer in _ancestors(table, markup))}
    outer = {ancestor for table in holders for ancestor in _ancestors(table, markup)}
    joined: dict[int, Draft] = {}
    gone: set[int] = set()
    for table, its_rows in tables.items():
        if table and table not in outer and _is_data([rows[row] for row in its_rows], drafts, cells):
            for row in its_rows:
                first, *others = rows[row]
                joined[first] = _join([drafts[i] for i in rows[row]], [cells[i] for i in rows[row]], cells_of[row])
                gone.update(others)
    return [joined.get(i, draft) for i, draft in enumerate(drafts) if i not in gone]


def _is_data(rows: Sequence[Sequence[int]], drafts: Sequence[Draft], cells: Sequence[int]) -> bool:
    """Whether the rows are of a table of data: several rows of several cells, and no cell that holds running text."""
    wide = 0
    for row in rows:
        lines: defaultdict[int, list[int]] = defaultdict(list)
        for i in row:
            lines[cells[i]].append(len(drafts[i].text))
        if any(sum(sizes) > _CELL_MAX or len(sizes) > _CELL_LINES for sizes in lines.values()):
            return False
        wide += len(lines) > 1
    return wide >= _ROWS_MIN


def _cells_of(rows: Container[int], markup: Markup) -> dict[int, list[int]]:
    """The cells of rows, empty ones too."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for n, tag in enumerate(markup.tags):
        if tag.name in _CELLS and (row := _above(n, "tr", markup)) in rows:
            found[row].append(n)
    return found


def _join(drafts: Sequence[Draft], cells: Sequence[int], of_row: Sequence[int]) -> Draft:
    """One paragraph for a row: lines of a cell joined by spaces, cells by tabs, so that an empty one leaves two tabs."""
    texts: dict[int, str] = dict.fromkeys(of_row, "")
    for draft, cell in zip(drafts, cells, strict=True):
        texts[cell] = f"{texts[cell]} {draft.text}" if texts[cell] else draft.text
    text = "\t".join(texts.values()).rstrip("\t")
    first = drafts[0]
    return Draft(first.element, first.start, drafts[-1].end, [], sum(draft.linked for draft in drafts), first.after_image, text)


def _cell(element: int, markup: Markup) -> int:
    """The innermost cell that holds the element, or 0."""
    while element and markup.tags[element].name not in _CELLS:
        element = markup.parents[element]
    return element


def _above(element: int, name: str, markup: Markup) -> int:
    """The innermost element of that name that holds the element, or 0."""
    while element and markup.tags[element].name != name:
        element = markup.parents[element]
    return element


def _ancestors(element: int, markup: Markup) -> list[int]:
    found = []
    while element:
        element = markup.parents[element]
        found.append(element)
    return found
