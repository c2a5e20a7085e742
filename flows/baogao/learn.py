"""Lines that a site repeats on its pages: counted over all pages of a run, told from the words that reports share.

In: marks of lines, with the site, the document and the place of their pages. Out: for each site, the marks of its own lines.
Never: a line's text; a line that one document repeats on its pages or in its copies; a line of a site with few documents.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

SCHEMA = pa.schema([("site", pa.string()), ("document", pa.string()), ("place", pa.string()), ("mark", pa.string()), ("at_edge", pa.bool_())])
# A site's own line stands on at least so many of its documents, and on this share of them.
_DOCUMENTS, _SHARE = 5, 0.5
# On a site of fewer places the line must stand at the edges of the text: a county gives its own reports the same headings year by year.
_PLACES = 3
# A line that so many other sites show is a word of the genre.
_OTHER_SITES = 2


def learn(lines: pa.Table) -> dict[str, frozenset[str]]:
    """Marks of the lines that each site repeats; `lines` has the columns of SCHEMA: for each page a row without a mark, and a row for each of its marks."""
    of_site = lines.group_by("site").aggregate([("document", "count_distinct"), ("place", "count_distinct")])
    documents = dict(zip(of_site["site"].to_pylist(), of_site["document_count_distinct"].to_pylist(), strict=True))
    places = dict(zip(of_site["site"].to_pylist(), of_site["place_count_distinct"].to_pylist(), strict=True))
    lines = lines.filter(lines["mark"].is_valid())
    of_mark = lines.group_by("mark").aggregate([("site", "count_distinct")])
    shared = of_mark.filter(pc.field("site_count_distinct") > _OTHER_SITES)["mark"]
    lines = lines.filter(pc.invert(pc.is_in(lines["mark"], value_set=shared.combine_chunks())))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for at_edge in (True, False):
        counted = (lines.filter(lines["at_edge"]) if at_edge else lines).group_by(["site", "mark"]).aggregate([("document", "count_distinct")])
        for row in counted.filter(pc.field("document_count_distinct") >= _DOCUMENTS).to_pylist():
            site = row["site"]
            if row["document_count_distinct"] >= _SHARE * documents[site] and (at_edge or places[site] >= _PLACES):
                found[site].add(row["mark"])
    return {site: frozenset(marks) for site, marks in found.items()}
