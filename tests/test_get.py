"""A release is fetched from real servers of this machine, whole or in part, over connections that break."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import baogao
from baogao import get as getting
from baogao.get import get
from baogao.records import BaogaoError
from baogao.release import open_release, verify
from servers import Site, serve

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")  # clients of fsspec close their connections when they are collected


@pytest.fixture(scope="module")
def published(seed_output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the seed, without its work."""
    folder = tmp_path_factory.mktemp("published") / "output"
    shutil.copytree(seed_output, folder, ignore=shutil.ignore_patterns(".work"))
    return folder


@pytest.fixture
def output(published: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    folder = tmp_path / "output"
    shutil.copytree(published, folder)
    return folder


@pytest.fixture
def site(output: Path) -> Iterator[Site]:
    with serve(output) as served:
        yield served


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getting, "_WAIT", 0.01)


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def edit(path: Path, **values: Any) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(record | values), encoding="utf-8")


def biggest(folder: Path) -> Path:
    return max((folder / "releases" / "1.0.0" / "data").rglob("*.parquet"), key=lambda file: file.stat().st_size)


# --- whole


@pytest.mark.parametrize("kind", ["path", "file", "http", "release"])
def test_what_is_fetched_is_what_was_published(site: Site, tmp_path: Path, kind: str) -> None:
    address = {"path": str(site.folder), "file": site.folder.as_uri(), "http": site.address, "release": f"{site.address}/releases/1.0.0"}[kind]
    fetched = get(address, tmp_path / "here")
    assert (fetched.version, fetched.folder) == ("1.0.0", tmp_path / "here" / "releases" / "1.0.0")
    assert tree(fetched.folder) == tree(site.folder / "releases" / "1.0.0")
    assert list(verify(open_release(tmp_path / "here"))) == []
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == ["latest.json", "releases", "releases.json"]


def test_what_is_there_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    first = get(site.address, tmp_path / "here")
    site.asked.clear()
    again = get(site.address, tmp_path / "here")
    assert first.files > 20
    assert (again.files, again.n_bytes) == (0, 0)
    assert {path.split("/")[-1] for path, _ in site.asked} == {"latest.json", "releases.json", "manifest.json", "SHA256SUMS"}


def test_a_file_that_was_changed_here_is_fetched_anew(site: Site, tmp_path: Path) -> None:
    fetched = get(site.address, tmp_path / "here")
    (fetched.folder / "csv" / "targets.csv").write_text("tampered", encoding="utf-8")
    assert get(site.address, tmp_path / "here").files == 1
    assert list(verify(open_release(tmp_path / "here"))) == []


def test_progress_is_told_up_to_the_end(site: Site, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    get(site.address, tmp_path / "here", told=lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] == sum(file["bytes"] for file in open_release(site.folder).manifest["files"])


# --- in part


def test_a_part_of_a_release_loads_and_is_checked_for_what_was_asked(site: Site, tmp_path: Path) -> None:
    here = tmp_path / "here"
    fetched = get(site.address, here, tables=["targets", "words"])
    assert {path.name for path in (fetched.folder / "data").iterdir()} == {"targets", "words"}
    assert not (fetched.folder / "json" / "reports").exists()
    assert len(baogao.load("targets", here)) == len(baogao.load("targets", site.folder))
    assert list(verify(open_release(here))) == []
    with pytest.raises(BaogaoError, match=r"table sentences was not fetched into .*: fetch it with `baogao get ADDRESS --table sentences`"):
        baogao.load("sentences", here)
    (fetched.folder / "data" / "words" / "words.parquet").unlink()
    assert list(verify(open_release(here))) == ["data/words/words.parquet is missing"]


def test_more_tables_and_then_the_rest_can_be_fetched_later(site: Site, tmp_path: Path) -> None:
    here = tmp_path / "here"
    get(site.address, here, tables=["targets"])
    get(site.address, here, tables=["words"])
    chosen = json.loads((here / "chosen.json").read_text(encoding="utf-8"))["1.0.0"]
    assert {"targets", "words"} <= set(chosen)
    assert "sentences" not in chosen
    get(site.address, here)
    assert not (here / "chosen.json").exists()
    assert list(verify(open_release(here))) == []


# --- versions


def test_an_earlier_version_is_fetched_by_its_name(root: Path, tmp_path: Path) -> None:
    output, here = tmp_path / "output", tmp_path / "here"
    pages = tmp_path / "pages"
    pages.mkdir()
    for n, name in enumerate(("yongji-2023.html", "yuncheng-2023.txt")):
        shutil.copy(root / "tests" / "examples" / "corpus" / name, pages)
        baogao.build(str(pages), output, released=f"2025-01-0{n + 1}")
    with serve(output) as site:
        assert get(site.address, here).version == "1.1.0"
        assert get(site.address, here, version="1.0.0").version == "1.0.0"
        with pytest.raises(BaogaoError, match=r"has no release 3\.0\.0: it has 1\.0\.0, 1\.1\.0"):
            get(site.address, here, version="3.0.0")
    assert [entry["version"] for entry in json.loads((here / "releases.json").read_text(encoding="utf-8"))] == ["1.0.0", "1.1.0"]
    assert open_release(here).version == "1.0.0"
    assert list(verify(open_release(here))) == []


# --- connections that break


def test_a_broken_download_goes_on_where_it_stopped(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getting, "_CHUNK", 4096)
    file = biggest(site.folder)
    path = file.relative_to(site.folder).as_posix()
    part = tmp_path / "here" / (path + ".part")
    part.parent.mkdir(parents=True)
    part.write_bytes(file.read_bytes()[:8192])
    get(site.address, tmp_path / "here")
    ranges = [said for name, said in site.asked if name == path]
    assert ranges[0] == "bytes=8192-12287"
    assert (tmp_path / "here" / path).read_bytes() == file.read_bytes()
    assert not part.exists()


def test_a_connection_that_breaks_in_the_middle_is_tried_again(site: Site, tmp_path: Path) -> None:
    name = biggest(site.folder).name
    site.breaks[name] = 2
    get(site.address, tmp_path / "here")
    assert site.breaks[name] == 0
    assert list(verify(open_release(tmp_path / "here"))) == []


def test_one_that_always_breaks_is_told_and_what_came_is_gone_on_from(site: Site, tmp_path: Path) -> None:
    name = biggest(site.folder).name
    site.breaks[name] = 1000
    with pytest.raises(BaogaoError, match=rf"{name} cannot be read \(.*\): check the address and the credentials"):
        get(site.address, tmp_path / "here")
    assert not (tmp_path / "here" / "latest.json").exists()
    assert not list((tmp_path / "here").rglob(name))
    site.breaks.clear()
    get(site.address, tmp_path / "here")
    assert list(verify(open_release(tmp_path / "here"))) == []


def test_a_part_of_another_file_is_thrown_away(site: Site, tmp_path: Path) -> None:
    path = biggest(site.folder).relative_to(site.folder).as_posix()
    part = tmp_path / "here" / (path + ".part")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"of another release")
    get(site.address, tmp_path / "here")
    assert list(verify(open_release(tmp_path / "here"))) == []


def test_a_server_without_ranges_serves_as_well(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getting, "_CHUNK", 4096)
    with serve(output, ranges=False) as site:
        get(site.address, tmp_path / "here")
    assert list(verify(open_release(tmp_path / "here"))) == []


# --- what is not as published


def test_a_file_that_is_not_the_one_published_is_refused(site: Site, tmp_path: Path) -> None:
    file = site.folder / "releases" / "1.0.0" / "csv" / "targets.csv"
    file.write_bytes(file.read_bytes().replace(b"7", b"8"))
    with pytest.raises(BaogaoError, match=r"csv/targets\.csv is not the file that was published: its SHA-256 differs; it was not kept"):
        get(site.address, tmp_path / "here")
    assert not list((tmp_path / "here").rglob("targets.csv*"))
    assert not (tmp_path / "here" / "latest.json").exists()


def change_the_manifest(output: Path) -> None:
    edit(output / "releases" / "1.0.0" / "manifest.json", released="1999-01-01")


def lose_a_file(output: Path) -> None:
    (output / "releases" / "1.0.0" / "README.md").unlink()


def cut_the_pointer(output: Path) -> None:
    (output / "latest.json").write_text('{"version": "1.0', encoding="utf-8")


def empty_the_pointer(output: Path) -> None:
    (output / "latest.json").write_text("{}", encoding="utf-8")


def make_the_pointer_a_list(output: Path) -> None:
    (output / "latest.json").write_text("[]", encoding="utf-8")


def lead_out_of_the_release(output: Path) -> None:
    import hashlib

    path = output / "releases" / "1.0.0" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"][0]["path"] = "../../../escaped.txt"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    edit(output / "latest.json", manifest_sha256=hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (change_the_manifest, r"manifest\.json is not the one that was published: its SHA-256 differs; nothing was taken from there"),
        (lose_a_file, r"README\.md is not there: check the address"),
        (cut_the_pointer, r"latest\.json is damaged \(.*\): try again later"),
        (empty_the_pointer, r"latest\.json is damaged: it names no version or no manifest"),
        (make_the_pointer_a_list, r"latest\.json is damaged: it holds no object"),
        (lead_out_of_the_release, r"names a file '\.\./\.\./\.\./escaped\.txt' that is not below it"),
    ],
)
def test_what_is_damaged_there_is_told_and_no_pointer_leads_to_it(site: Site, tmp_path: Path, spoil: Any, said: str) -> None:
    spoil(site.folder)
    with pytest.raises(BaogaoError, match=said):
        get(site.address, tmp_path / "here")
    assert not (tmp_path / "here" / "latest.json").exists()
    assert not list(tmp_path.rglob("escaped.txt"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere", r"nowhere holds no release: name the address of an output folder \(with latest\.json\) or of a release"),
        ("gopher://a.example", r"gopher://a\.example is no address that is known here"),
        ("http://127.0.0.1:1/output", r"latest\.json cannot be read \(.*\): check the address and the credentials"),
    ],
)
def test_an_address_without_a_release_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BaogaoError, match=said):
        get(address, tmp_path / "here")


def test_a_table_that_is_none_is_told(site: Site, tmp_path: Path) -> None:
    with pytest.raises(BaogaoError, match=r"has no table 'figures': use one of reports, pages"):
        get(site.address, tmp_path / "here", tables=["figures"])


# --- loading from an address


def test_tables_load_from_an_address_as_from_the_folder(site: Site) -> None:
    for table in ("targets", "indicators"):
        there, here = baogao.load(table, site.address), baogao.load(table, site.folder)
        pd.testing.assert_frame_equal(there, here)
    pd.testing.assert_frame_equal(baogao.load("words", f"{site.address}/releases/1.0.0"), baogao.load("words", site.folder))


def test_a_release_at_an_address_is_fetched_before_it_is_checked(site: Site) -> None:
    release = open_release(site.address)
    with pytest.raises(BaogaoError, match=r"is not on this machine: fetch it with `baogao get http.*`, and check what came"):
        list(verify(release))


def test_an_address_without_a_release_is_told_when_a_table_is_asked_for(site: Site) -> None:
    with pytest.raises(BaogaoError, match=r"/nowhere holds no release"):
        baogao.load("targets", f"{site.address}/nowhere")
