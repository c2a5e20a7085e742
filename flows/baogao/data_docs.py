"""Great Expectations' Data Docs of a release: what each suite expects of its table, and what it found. Static pages that are read offline.

In: a release, a new folder. Out: the folder with an index and a page for each table and suite. Never: a page that loads anything from the network.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from baogao import contract
from baogao.records import BaogaoError
from baogao.release import Release

# Scripts only draw menus and load what they draw with from the network; so do style sheets and images with an address.
_LOADS = (
    re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE),
    re.compile(r"""<(?:link|img|iframe)\b[^>]*["']\s*(?:https?:)?//[^>]*>""", re.IGNORECASE),
)
_STYLE = """<style>
body { font-family: sans-serif; margin: 1em auto; max-width: 75em; padding: 0 1em; }
table { border-collapse: collapse; } td, th { border: 1px solid #bbb; padding: .3em .6em; text-align: left; vertical-align: top; }
ul { padding-left: 1.2em; } .navbar, .btn, .modal, #ge-cta-footer, .cooltip, .sticky { display: none; }
.fails { color: #a00; }
</style>
"""


def write_data_docs(release: Release, folder: str | Path) -> Path:
    """Write the Data Docs of a release into a folder; the index page. Raises BaogaoError for a folder that holds something, or cannot be written."""
    target = Path(folder).absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BaogaoError(f"{folder} is not empty: name a new folder for the Data Docs")
    from baogao.expectations import write_site  # noqa: PLC0415 - Great Expectations takes seconds to load

    tables = ((table, release.table(name)) for name, table in contract.tables().items() if release.manifest["tables"].get(name, {}).get("rows"))
    day = datetime.fromisoformat(release.manifest["released"]).replace(tzinfo=UTC)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as name:
            draft = Path(name) / "site"
            held = write_site(draft, f"{contract.package()['name']}-{release.version}", day, tables)
            for page in draft.rglob("*.html"):
                page.write_text(_offline(page.read_text(encoding="utf-8")), encoding="utf-8")
            (draft / "index.html").write_text(_index(release, held), encoding="utf-8")
            _drop_unused(draft)
            draft.rename(target)
    except OSError as error:
        raise BaogaoError(f"{folder} cannot be written ({error.strerror or error}): name another folder") from error
    return target / "index.html"


def _offline(page: str) -> str:
    """A page without what it would load from the network, in plain style.

    >>> _offline('<head><script src="https://cdn.example/vega.js"></script><link rel="stylesheet" href="https://cdn.example/a.css"/></head>')
    '<head></head>'
    """
    for pattern in _LOADS:
        page = pattern.sub("", page)
    return page.replace("<style", f"{_STYLE}<style", 1)


def _index(release: Release, held: Mapping[str, tuple[bool, str]]) -> str:
    about = contract.package()
    title = html.escape(f"{about['title']['zh']} / {about['title']['en']} {release.version}")
    rows = [
        f"<tr><td>{name}</td><td>{html.escape(contract.tables()[name].title['zh'])}</td><td>{release.manifest['tables'][name]['rows']:,}</td>"
        f'<td><a href="{html.escape(page)}"{"" if holds else " class=fails"}>{"all hold" if holds else "some fail"}</a></td>'
        f'<td><a href="expectations/{name}.html">suite</a></td></tr>'
        for name, (holds, page) in held.items()
    ]
    head = "<tr><th>table</th><th>表</th><th>rows</th><th>expectations</th><th></th></tr>"
    return (
        f'<!DOCTYPE html>\n<html lang="zh">\n<head><meta charset="utf-8"><title>{title}</title>\n{_STYLE}</head>\n'
        f"<body><h1>{title}</h1>\n<p>Data Docs of Great Expectations, of the release of {release.manifest['released']}. Tables without rows are left out.</p>\n"
        f"<table>\n{head}\n" + "\n".join(rows) + "\n</table></body>\n</html>\n"
    )


def _drop_unused(folder: Path) -> None:
    """Remove files that no page names."""
    said = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.suffix in {".html", ".css"})
    for file in folder.glob("static/**/*"):
        if file.is_file() and file.name not in said:
            file.unlink()
