from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import baogao.publish as publishing
from baogao import pipeline
from baogao.publish import Published
from baogao.records import BaogaoError
from baogao.release import Release, open_release, verify

# A whole report with an address of its own, and another.
COUNTY, CITY, PROVINCE = "yongji-2023.html", "yuncheng-2023.txt", "shanxi-2024.txt"
FIRST_DAY, SECOND_DAY = "2025-01-02", "2025-02-03"
Tree = dict[str, bytes]


class Crash(Exception):
    """A run that ends where it stands."""


@pytest.fixture
def pages(corpus: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in (COUNTY, CITY):
        shutil.copy(corpus / name, folder)
    return folder


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


pytestmark = pytest.mark.usefixtures("rows_pass")


def build(pages: Path, output: Path, day: str = SECOND_DAY) -> Published:
    release = pipeline.build([str(pages)], output, engine="inline", released=day).release
    assert release is not None
    return release


def tree(folder: Path) -> Tree:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def visible(output: Path) -> Tree:
    """What users see: everything but work in progress."""
    return {path: data for path, data in tree(output).items() if not path.startswith(".work/")}


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def pointed_at(output: Path) -> str:
    return json.loads((output / "latest.json").read_text(encoding="utf-8"))["version"]


def versions(output: Path) -> list[str]:
    return [entry["version"] for entry in json.loads((output / "releases.json").read_text(encoding="utf-8"))]


# --- versions


def add_a_page(pages: Path, corpus: Path) -> None:
    shutil.copy(corpus / PROVINCE, pages)


def remove_a_page(pages: Path, corpus: Path) -> None:
    (pages / CITY).unlink()


def correct_the_speaker(pages: Path, corpus: Path) -> None:
    replace(pages / COUNTY, "江　岸", "江　安")


def correct_a_line_that_is_cut_off(pages: Path, corpus: Path) -> None:
    replace(pages / COUNTY, "浏览次数：112", "浏览次数：113")


def correct_a_sentence(pages: Path, corpus: Path) -> None:
    replace(pages / COUNTY, "增长5.1%", "增长5.2%")


def test_the_first_release_is_1_0_0(pages: Path, output: Path):
    release = build(pages, output, FIRST_DAY)
    assert (release.version, release.is_new, release.rows["reports"]) == ("1.0.0", True, 2)
    assert release.folder == output / "releases" / "1.0.0"
    pointer = json.loads((output / "latest.json").read_text(encoding="utf-8"))
    manifest = (release.folder / "manifest.json").read_bytes()
    assert pointer == {
        "version": "1.0.0", "released": FIRST_DAY, "path": "releases/1.0.0", "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
    }  # fmt: skip


@pytest.mark.parametrize("forgets", [False, True], ids=["work kept", "work deleted"])
def test_the_same_input_publishes_nothing(pages: Path, output: Path, forgets: bool):
    first = build(pages, output, FIRST_DAY)
    before = visible(output)
    if forgets:
        shutil.rmtree(output / ".work")
    again = build(pages, output)
    assert (again.version, again.folder, again.is_new, again.rows) == ("1.0.0", first.folder, False, first.rows)
    assert visible(output) == before


@pytest.mark.parametrize(
    ("change", "version"),
    [
        (add_a_page, "1.1.0"),
        (remove_a_page, "1.1.0"),
        (correct_a_sentence, "1.1.0"),
        (correct_the_speaker, "1.0.1"),
        (correct_a_line_that_is_cut_off, "1.0.1"),
    ],
)
def test_a_difference_publishes_the_version_that_it_calls_for(
    pages: Path, output: Path, corpus: Path, change: Callable[[Path, Path], None], version: str
):
    first = build(pages, output, FIRST_DAY)
    before = tree(first.folder)
    change(pages, corpus)
    second = build(pages, output)
    assert (second.version, second.is_new) == (version, True)
    assert (pointed_at(output), versions(output)) == (version, ["1.0.0", version])
    assert tree(first.folder) == before
    assert not list(verify(open_release(output)))


def test_changed_terms_publish_a_major_version_though_no_row_changed(pages: Path, output: Path, monkeypatch: pytest.MonkeyPatch):
    build(pages, output, FIRST_DAY)
    for module in (publishing, pipeline):
        monkeypatch.setattr(module, "rights_digest", lambda: "other terms")
    assert build(pages, output).version == "2.0.0"


def test_each_release_has_its_day_and_its_rows_in_the_history(pages: Path, output: Path, corpus: Path):
    first = build(pages, output, FIRST_DAY)
    add_a_page(pages, corpus)
    second = build(pages, output)
    history = json.loads((output / "releases.json").read_text(encoding="utf-8"))
    assert [(entry["version"], entry["released"], entry["rows"]) for entry in history] == [
        ("1.0.0", FIRST_DAY, first.rows), ("1.1.0", SECOND_DAY, second.rows),
    ]  # fmt: skip
    for entry in history:
        manifest = (output / "releases" / entry["version"] / "manifest.json").read_bytes()
        assert entry["manifest_sha256"] == hashlib.sha256(manifest).hexdigest()
    log = (second.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert log.index("**1.1.0**") < log.index("**1.0.0**")


def test_files_that_did_not_change_keep_their_bytes_from_one_release_to_the_next(pages: Path, output: Path, corpus: Path):
    first = tree(build(pages, output, FIRST_DAY).folder)
    add_a_page(pages, corpus)
    second = tree(build(pages, output).folder)
    kept = [path for path in first if path.startswith("data/") and path.endswith("-2023.parquet")]
    assert len(kept) == 4
    assert {path: second[path] for path in kept} == {path: first[path] for path in kept}


# --- whole or not at all


@pytest.mark.parametrize("file", ["latest.json", "releases.json"])
def test_a_run_that_ends_before_the_pointer_moved_has_published_nothing(
    pages: Path, output: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, file: str
):
    write = publishing.write_whole

    def crash(path: Path, data: bytes) -> None:
        if path.name == file:
            raise Crash
        write(path, data)

    first = build(pages, output, FIRST_DAY)
    before = tree(first.folder)
    add_a_page(pages, corpus)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_whole", crash)
        with pytest.raises(Crash):
            build(pages, output)
    release = open_release(output)
    assert (release.version, pointed_at(output), tree(release.folder), list(verify(release))) == ("1.0.0", "1.0.0", before, [])
    again = build(pages, output)
    assert (again.version, again.is_new, versions(output), pointed_at(output)) == ("1.1.0", True, ["1.0.0", "1.1.0"], "1.1.0")
    assert not list(verify(open_release(output)))


def test_a_first_run_that_ends_before_the_pointer_moved_has_published_nothing(pages: Path, output: Path, monkeypatch: pytest.MonkeyPatch):
    def crash(path: Path, data: bytes) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_whole", crash)
        with pytest.raises(Crash):
            build(pages, output)
    with pytest.raises(BaogaoError, match="holds no release"):
        open_release(output)
    assert build(pages, output).version == "1.0.0"
    assert versions(output) == ["1.0.0"]


def test_what_a_run_that_ended_has_left_is_never_counted(
    pages: Path, output: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
):
    def crash(path: Path, data: bytes) -> None:
        raise Crash

    build(pages, output, FIRST_DAY)
    add_a_page(pages, corpus)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_whole", crash)
        with pytest.raises(Crash):
            build(pages, output)
    (pages / PROVINCE).unlink()
    correct_the_speaker(pages, corpus)
    assert build(pages, output).version == "1.0.1"
    assert versions(output) == ["1.0.0", "1.0.1"]
    add_a_page(pages, corpus)
    assert build(pages, output).version == "1.1.0"
    assert not list(verify(open_release(output)))


@pytest.mark.parametrize("step", ["write_shard", "write_rendition", "_write_manifest"])
def test_a_run_that_ends_on_the_way_leaves_nothing_behind(pages: Path, output: Path, monkeypatch: pytest.MonkeyPatch, step: str):
    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(publishing, step, crash)
        with pytest.raises(Crash):
            build(pages, output)
    assert visible(output) == {}
    assert not list((output / ".work").glob("release-*"))


def test_nothing_half_written_is_visible_at_any_time(pages: Path, output: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch):
    build(pages, output, FIRST_DAY)
    before = visible(output)
    add_a_page(pages, corpus)
    seen: list[tuple[str, bool]] = []

    def watched(name: str) -> Callable[..., Any]:
        call = getattr(publishing, name)

        def watch(*arguments: Any) -> Any:
            now = visible(output)
            assert {path: now[path] for path in before if path != "releases.json"} == {path: before[path] for path in before if path != "releases.json"}
            made = output / "releases" / "1.1.0"
            seen.append((name, made.exists()))
            assert not made.exists() or not list(verify(Release(made, json.loads((made / "manifest.json").read_text(encoding="utf-8")))))
            return call(*arguments)

        return watch

    for name in ("write_shard", "write_rendition", "_write_manifest", "write_whole"):
        monkeypatch.setattr(publishing, name, watched(name))
    build(pages, output)
    assert {name for name, _ in seen} == {"write_shard", "write_rendition", "_write_manifest", "write_whole"}
    assert [name for name, made in seen if made] == ["write_whole", "write_whole"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("latest.json", "{"),
        ("latest.json", "{}"),
        ("latest.json", '{"path": "releases/9.9.9", "version": "9.9.9"}'),
        ("releases.json", "[]"),
        ("releases.json", "not JSON"),
    ],
)
def test_a_damaged_output_folder_is_told_and_not_written_over(pages: Path, output: Path, file: str, content: str):
    build(pages, output, FIRST_DAY)
    (output / ".work" / "published.json").unlink()
    (output / file).write_text(content, encoding="utf-8")
    before = visible(output)
    with pytest.raises(BaogaoError, match=r"restore it, or name another folder with --output"):
        build(pages, output)
    assert visible(output) == before


# --- what a release says of itself


def test_the_checksums_cover_every_file_of_a_release(corpus_release: Release):
    lines = (corpus_release.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = dict(re.fullmatch(r"([0-9a-f]{64})  (\S.*)", line).group(2, 1) for line in lines)
    files = tree(corpus_release.folder)
    assert set(listed) == set(files) - {"SHA256SUMS"}
    assert listed == {path: hashlib.sha256(files[path]).hexdigest() for path in listed}
    assert list(listed) == sorted(listed)


def test_the_manifest_lists_every_file_with_its_size_and_its_checksum(corpus_release: Release):
    files = tree(corpus_release.folder)
    expected = [
        {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for path, data in sorted(files.items()) if path not in {"SHA256SUMS", "manifest.json"}
    ]  # fmt: skip
    assert sorted(corpus_release.manifest["files"], key=lambda file: file["path"]) == expected


def test_the_manifest_has_the_rows_and_the_columns_of_every_table(corpus_release: Release):
    for name, table in corpus_release.manifest["tables"].items():
        rows = corpus_release.table(name)
        assert table["rows"] == rows.num_rows
        assert list(table["columns"]) == rows.column_names


def test_a_release_holds_no_path_of_this_machine_and_no_day_but_its_own(corpus_release: Release, corpus: Path, day: str):
    folder = corpus_release.folder
    here = [str(path).encode() for path in (folder.parents[2], corpus, Path(publishing.__file__).parents[2], Path.home(), Path.cwd()) if len(path.parts) > 2]
    assert here
    for path, data in tree(folder).items():
        assert not [place for place in here if place in data], path
    for path in ("manifest.json", "quality.json", "SHA256SUMS"):
        assert not re.search(r"\d\d:\d\d", (folder / path).read_text(encoding="utf-8"))
    about = ("manifest.json", "README.md", "CHANGELOG.md", "CITATION.cff", "RIGHTS.md", "quality.json")
    days = {found for path in about for found in re.findall(r"\b20\d\d-\d\d-\d\d\b", (folder / path).read_text(encoding="utf-8"))}
    assert days == {day}


def test_the_files_of_a_release_can_be_read_by_all(corpus_release: Release):
    assert corpus_release.folder.stat().st_mode & 0o055 == 0o055
    assert all(file.stat().st_mode & 0o044 == 0o044 for file in corpus_release.folder.rglob("*"))


def test_two_builds_of_the_same_input_in_different_folders_are_the_same_to_the_byte(pages: Path, tmp_path: Path):
    moved = tmp_path / "elsewhere" / "scraped"
    shutil.copytree(pages, moved, copy_function=shutil.copyfile)
    build(pages, tmp_path / "here", FIRST_DAY)
    build(moved, tmp_path / "there", FIRST_DAY)
    assert visible(tmp_path / "here") == visible(tmp_path / "there")
