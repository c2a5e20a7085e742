from __future__ import annotations

import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import store
from baogao.records import BaogaoError
from baogao.store import Output, Store, code_digest, fingerprint, library_versions, locked, open_output, write_whole

QUICK = settings(max_examples=100, derandomize=True, deadline=None)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- the output folder


def test_an_output_folder_is_laid_out_as_the_contract_says() -> None:
    output = Output(Path("output"))
    parts = (output.latest, output.history, output.releases, output.failed, output.work)
    assert [path.relative_to("output").as_posix() for path in parts] == ["latest.json", "releases.json", "releases", "failed.json", ".work"]


def test_an_output_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    output = open_output(tmp_path / "a" / "b")
    assert output.root == tmp_path / "a" / "b"
    assert names(output.root) == [".work"]
    assert names(output.work) == []


def test_opening_an_output_folder_leaves_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / ".work").mkdir()
    (tmp_path / ".work" / "kept").write_text("kept")
    assert names(open_output(str(tmp_path)).work) == ["kept"]
    assert (tmp_path / ".work" / "kept").read_text() == "kept"


def test_an_output_folder_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_output("output").root == tmp_path / "output"


@pytest.mark.parametrize("path", ["file", "file/output", "file/a/b"])
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BaogaoError, match=rf"^{re.escape(str(tmp_path / path))} cannot be written \(.+\): name another folder with --output$"):
        open_output(tmp_path / path)
    assert (tmp_path / "file").read_text() == "mine"


# --- one run at a time


def test_a_second_holder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    output = open_output(tmp_path)
    said = f"another run is writing to {tmp_path}: wait for it to end, or name another folder with --output"
    with locked(output):
        with pytest.raises(BaogaoError) as refused, locked(output):
            pytest.fail("two runs hold one folder")
        assert str(refused.value) == said
        with pytest.raises(BaogaoError), locked(open_output(tmp_path)):
            pytest.fail("two runs hold one folder")


def test_other_output_folders_are_free(tmp_path: Path) -> None:
    with locked(open_output(tmp_path / "a")), locked(open_output(tmp_path / "b")):
        assert names(tmp_path) == ["a", "b"]


def test_the_folder_is_free_again_after_a_run_and_after_one_that_failed(tmp_path: Path) -> None:
    output = open_output(tmp_path)
    with locked(output):
        pass
    with pytest.raises(ZeroDivisionError), locked(output):
        raise ZeroDivisionError
    with locked(output):
        assert names(tmp_path) == [".work"]


def test_whoever_takes_the_folder_clears_away_what_a_killed_run_left_in_progress_and_nothing_else(tmp_path: Path) -> None:
    output = open_output(tmp_path)
    done = output.batches / "pages" / "ab"
    for folder in (done, output.batches / "pages" / ".half", output.work / "release-half", output.work / "compare-half"):
        folder.mkdir(parents=True)
        (folder / "a.arrow").write_bytes(b"a")
    (output.batches / "care").mkdir()
    for file in (output.batches / "care" / ".note", output.root / ".latest.json.half", output.work / ".published.json.half", output.latest):
        file.write_text("{}")
    with locked(output):
        assert [names(folder) for folder in (output.batches / "pages", done, output.batches / "care")] == [["ab"], ["a.arrow"], []]
        assert set(names(output.work)) == {"batches", "lock"}
        assert names(output.root) == [".work", "latest.json"]


# --- whole files


def test_a_file_is_written_whole_and_readable_for_all(tmp_path: Path) -> None:
    path = tmp_path / "latest.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o644
    assert names(tmp_path) == ["latest.json"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "latest.json"
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["latest.json"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "latest.json"
    write_whole(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["latest.json"]


def test_a_folder_in_the_way_of_a_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "latest.json").mkdir()
    with pytest.raises(OSError, match=r"latest\.json"):
        write_whole(tmp_path / "latest.json", b"new")
    assert names(tmp_path) == ["latest.json"]
    assert names(tmp_path / "latest.json") == []


# --- work


def test_work_takes_its_place_when_it_has_ended(tmp_path: Path) -> None:
    work = Store(tmp_path)
    folder = work.folder("pages", "ab")
    assert folder == tmp_path / "pages" / "ab"
    with work.fill(folder) as draft:
        (draft / "a.arrow").write_bytes(b"a")
        assert not folder.exists()
    assert names(folder) == ["a.arrow"]
    assert names(tmp_path / "pages") == ["ab"]
    assert folder.stat().st_mode & 0o777 == 0o755


def test_work_that_fails_leaves_nothing(tmp_path: Path) -> None:
    work = Store(tmp_path)
    with pytest.raises(TypeError), work.fill(work.folder("pages", "ab")) as draft:
        (draft / "half.arrow").write_text(len(draft.name))  # type: ignore[arg-type]
    assert names(tmp_path / "pages") == []


def test_work_stopped_from_outside_leaves_nothing(tmp_path: Path) -> None:
    work = Store(tmp_path)
    with pytest.raises(KeyboardInterrupt), work.fill(work.folder("pages", "ab")):
        raise KeyboardInterrupt
    assert names(tmp_path / "pages") == []


def test_of_two_workers_with_the_same_work_the_first_to_end_stays(tmp_path: Path) -> None:
    work = Store(tmp_path)
    folder = work.folder("pages", "ab")
    with work.fill(folder) as slow:
        (slow / "a.arrow").write_bytes(b"slow")
        with work.fill(folder) as fast:
            (fast / "a.arrow").write_bytes(b"fast")
        before = folder.stat()
    assert (folder / "a.arrow").read_bytes() == b"fast"
    assert (folder.stat().st_ino, folder.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names(tmp_path / "pages") == ["ab"]


def test_work_that_cannot_take_its_place_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    work = Store(tmp_path)
    folder = work.folder("pages", "ab")
    folder.parent.mkdir()
    folder.write_text("a file in its place")
    with pytest.raises(OSError, match="ab"), work.fill(folder):
        pass
    assert names(tmp_path / "pages") == ["ab"]


def test_only_work_that_is_needed_is_kept(tmp_path: Path) -> None:
    work = Store(tmp_path)
    folders = [work.folder(kind, name) for kind in ("pages", "reports") for name in ("aa", "bb")]
    for folder in folders:
        with work.fill(folder) as draft:
            (draft / "a.arrow").write_bytes(b"a")
    (tmp_path / "pages" / ".left-by-a-crash").mkdir()
    (tmp_path / "note.txt").write_text("a file of no work")
    work.keep_only({folders[0], folders[3]})
    assert [names(tmp_path / kind) for kind in ("pages", "reports")] == [["aa"], ["bb"]]
    assert (tmp_path / "note.txt").exists()


def test_work_that_a_run_was_killed_over_while_removing_it_is_no_finished_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = Store(tmp_path)
    with work.fill(work.folder("pages", "aa")) as draft:
        (draft / "a.arrow").write_bytes(b"a")
        (draft / "b.arrow").write_bytes(b"b")

    def killed(folder: Path, **_: object) -> None:
        (folder / "a.arrow").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        work.keep_only(set())
    assert not work.folder("pages", "aa").exists()
    assert [path.name for path in (tmp_path / "pages").iterdir()] == [".aa"]


# --- fingerprints


parts = st.lists(st.text("12:a表", max_size=2), max_size=3)


@given(parts, parts)
@QUICK
def test_fingerprints_differ_where_parts_do(one: list[str], other: list[str]) -> None:
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


def test_a_fingerprint_separates_its_parts() -> None:
    parts = [("ab",), ("a", "b"), ("", "ab"), ("ab", ""), ("b", "a"), ("1:a1:b",), ("1:a", "b"), ()]
    assert len({fingerprint(*one) for one in parts}) == len(parts)
    assert re.fullmatch(r"[0-9a-f]{32}", fingerprint("a"))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that the digest of code is taken over."""
    copy = tmp_path / "baogao"
    shutil.copytree(Path(store.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store, "_PACKAGE", copy)
    return copy


def digest(*modules: str) -> str:
    """Not the digest that is remembered for the process."""
    return code_digest.__wrapped__(*modules)


def test_code_at_another_path_has_the_same_digest(request: pytest.FixtureRequest) -> None:
    before = digest("records", "clean")
    request.getfixturevalue("package")
    assert digest("records", "clean") == before == code_digest("records", "clean")


@pytest.mark.parametrize("changed", ["records.py", "clean/__init__.py", "clean/html.py"])
def test_a_changed_source_changes_the_digest(package: Path, changed: str) -> None:
    before = digest("records", "clean")
    with (package / changed).open("ab") as file:
        file.write(b"\n")
    assert digest("records", "clean") != before


def test_a_source_more_in_a_package_changes_the_digest(package: Path) -> None:
    before = digest("clean")
    (package / "clean" / "more.py").write_text("")
    assert digest("clean") != before


def test_other_sources_do_not_change_the_digest(package: Path) -> None:
    before = digest("records", "clean")
    (package / "split.py").write_text("")
    (package / "clean" / "notes.md").write_text("")
    (package / "measure" / "more.py").write_text("")
    assert digest("records", "clean") == before


def test_a_module_that_is_not_there_is_an_error_and_not_an_empty_digest() -> None:
    with pytest.raises(FileNotFoundError):
        digest("no_such_module")


def test_versions_of_libraries_are_those_installed() -> None:
    assert library_versions("pyarrow", "jieba") == f"pyarrow {version('pyarrow')}; jieba {version('jieba')}"
