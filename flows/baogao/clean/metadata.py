"""What a page says of itself by name.

In: the mark-up of a page; lines that were cut off. Out: metadata by name. Never: a guess from the text.
"""

from __future__ import annotations

import re

from baogao.clean.markup import Markup
from baogao.clean.tags import attributes

_META_NAMES = {
    "articletitle": "title", "title": "title", "og:title": "title", "pubdate": "published", "publishdate": "published", "article:published_time": "published",
    "contentsource": "source", "source": "source", "mediaid": "source", "author": "author", "sitename": "site_name", "og:site_name": "site_name",
    "columnname": "column", "sitedomain": "site_domain", "siteidcode": "site_id_code",
}  # fmt: skip
_SPACES = re.compile(r"[\s\u00a0]+")


def html_metadata(markup: Markup) -> dict[str, str]:
    """What the page states of itself by name: its HTML title, and the metas that sites of Chinese governments must carry (ArticleTitle, PubDate, …)."""
    found: dict[str, str] = {}
    for said in markup.metas:
        meta = attributes(said)
        content = _SPACES.sub(" ", meta.get("content", "")).strip()
        if content and (key := _META_NAMES.get((meta.get("name") or meta.get("property") or "").lower())):
            found.setdefault(key, content)
    if markup.title and (said := _SPACES.sub(" ", markup.title).strip()):
        found["html_title"] = said
    return found
