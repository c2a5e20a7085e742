from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from baogao import contract
from baogao.cli import main
from baogao.data_docs import write_data_docs
from baogao.records import BaogaoError
from baogao.release import Release, open_release


class Links(HTMLParser):
    """What a page loads, and where it leads."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.scripts = 0
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.scripts += tag == "script"
        if tag == "a":
            self.leads.append(said.get("href") or "")
        else:
            self.loads += [value for name in ("src", "href", "action") if (value := said.get(name))]


@pytest.fixture(scope="module")
def site(seed_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    assert write_data_docs(seed_release, folder) == folder / "index.html"
    return folder


def test_every_table_with_rows_has_a_page_that_the_index_leads_to(site: Path, seed_release: Release):
    index = (site / "index.html").read_text(encoding="utf-8")
    filled = [name for name in contract.tables() if seed_release.manifest["tables"][name]["rows"]]
    assert re.findall(r"<tr><td>(\w+)</td>", index) == filled
    assert index.count("all hold") == len(filled)
    for link in Links(site / "index.html").leads:
        assert (site / link).is_file()


def test_nothing_is_loaded_from_the_network_and_all_that_is_loaded_is_there(site: Path):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        links = Links(page)
        assert links.scripts == 0
        assert [link for link in links.loads if "//" in link] == []
        inside = [link for link in links.leads if link and not link.startswith(("#", "https://greatexpectations.io"))]
        assert all((page.parent / link).resolve().is_file() for link in inside), inside
    styles = "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.css"))
    assert "http" not in re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)


def test_pages_say_what_is_expected_and_what_was_found(site: Path, seed_release: Release):
    [page] = (site / "validations" / "indicators").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert all(column.name in text for column in contract.tables()["indicators"].columns if column.required)
    assert "value_set" not in text
    assert "Success" in text or "Succeeded" in text


def test_a_table_that_fails_is_told(seed_release: Release, tmp_path: Path):
    folder = tmp_path / "1.0.0"
    shutil.copytree(seed_release.folder, folder)
    file = folder / "data" / "words" / "words.parquet"
    table = pq.read_table(file)
    rows = [row | {"n": 0} for row in table.to_pylist()]
    pq.write_table(table.from_pylist(rows, schema=table.schema), file)
    index = write_data_docs(open_release(folder), tmp_path / "site").read_text(encoding="utf-8")
    assert re.findall(r"<td>(\w+)</td><td>[^<]*</td><td>[^<]*</td><td><a [^>]*class=fails>some fail", index) == ["words"]


def test_the_command_writes_them_beside_its_verdict(seed_output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["check", str(seed_output), "--data-docs", str(tmp_path / "docs")]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Release 1.0.0")
    assert said.err == f"Data Docs: {tmp_path / 'docs' / 'index.html'}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["docs"]


def test_a_folder_that_holds_something_is_left_as_it_is(seed_release: Release, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BaogaoError, match="is not empty: name a new folder for the Data Docs"):
        write_data_docs(seed_release, tmp_path)
    with pytest.raises(BaogaoError, match="is not empty"):
        write_data_docs(seed_release, tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made_is_told(seed_release: Release, tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BaogaoError, match=r"file/docs cannot be written \(.*\): name another folder"):
        write_data_docs(seed_release, tmp_path / "file" / "docs")
