"""A page becomes its main text: everything that the site wrapped around it is cut off, and every line cut is kept with its reason.

In: a `Page` and the `CleaningRules`. Out: a `Body`. Never: a change to the words; only the spaces around a line and characters without a shape go.
"""

from __future__ import annotations

import re
from collections.abc import Container

from baogao.clean.frame import cut_frame, remove
from baogao.clean.html import html_lines
from baogao.clean.markup import read_markup
from baogao.clean.metadata import html_metadata, line_metadata
from baogao.clean.plain import plain_lines
from baogao.clean.repeats import repeated_lines
from baogao.clean.rules import CleaningRules
from baogao.records import Body, Page, Removed

__all__ = ["CleaningRules", "clean_page"]

# What a site appends to the title of an article: _工作报告_博县网, - 山西省人民政府, | 新闻中心.
_REPORT = re.compile("报告|報告")
_SITE_SUFFIX = re.compile(r"\s*[_|｜\-—–]{1,2}(?!\s*[\d—–\-])[^_|｜]{1,30}$")


def clean_page(page: Page, rules: CleaningRules, site_lines: Container[str] = ()) -> Body:
    r"""The main text of a page. An empty page text gives a Body without lines. `site_lines` are marks of lines that the site of the page repeats.

    >>> from baogao.contract import terms
    >>> page = Page("a.txt", "text/plain", "utf-8", "", 0, "导航菜单\n\n永济市人民政府工作报告\n\n各位代表!\n现在,我代表市人民政府,向大会报告工作。\n\n验证码:")
    >>> body = clean_page(page, CleaningRules.from_terms(terms("boilerplate")))
    >>> body.title, body.lines
    ('永济市人民政府工作报告', ('各位代表!', '现在,我代表市人民政府,向大会报告工作。'))
    >>> [(r.kind, r.rule, r.text) for r in body.removed]
    [('navigation', 'menu-word', '导航菜单'), ('comment_widget', 'comment-form', '验证码:')]
    """
    metadata: dict[str, str] = {}
    stated = None
    outside: list[Removed] = []
    if page.media_type == "text/html":
        markup = read_markup(page.text, rules.hidden_names)
        metadata = html_metadata(markup, rules.metadata)
        stated = metadata.get("title") or _without_site(metadata.get("html_title"))
        lines, outside = html_lines(page.text, markup, rules, title=stated)
    else:
        lines = plain_lines(page.text)
    repeats = repeated_lines(lines)
    cut = cut_frame([line for i, line in enumerate(lines) if i not in repeats], rules, title=stated, site_lines=site_lines)
    removed = [*outside, *cut.removed, *(remove(lines[i], "duplicate", "repeated-dump") for i in repeats)]
    removed.sort(key=lambda line: (line.start, line.end))
    title = next((line.text for line in cut.head if _REPORT.search(line.text)), None) or stated or (cut.head[0].text if cut.head else None)
    return Body(
        lines=tuple(line.text for line in cut.lines),
        title=title,
        head=tuple(line.text for line in cut.head),
        removed=tuple(removed),
        encoding=page.encoding,
        metadata=line_metadata(removed, rules.metadata) | metadata,
    )


def _without_site(title: str | None) -> str | None:
    """The title less what the site appends to it.

    >>> _without_site("永济市人民政府工作报告(2024年3月22日)_工作报告_博县网")
    '永济市人民政府工作报告(2024年3月22日)'
    """
    while title and (cut := _SITE_SUFFIX.sub("", title)) != title and len(cut) >= 6:
        if _REPORT.search(title) and not _REPORT.search(cut):  # the site stands first
            break
        title = cut
    return title
