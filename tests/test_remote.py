"""Releases are built into an object store, a real one that runs on this machine, and survive builds that are cut off."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import baogao
from baogao import remote
from baogao.addresses import Place, place_of
from baogao.get import get
from baogao.records import BaogaoError
from baogao.release import open_release, verify

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning", "default::DeprecationWarning:botocore", "default::DeprecationWarning:moto")
COUNTY, CITY = "yongji-2023.html", "yuncheng-2023.txt"


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The endpoint of an object store."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an output in a bucket of its own, with the usual environment."""
    import s3fs

    for name, value in {
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": store, "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    name = f"b{abs(hash(request.node.name))}"
    s3fs.S3FileSystem().mkdir(name)
    yield f"s3://{name}/baogao"
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture(autouse=True)
def rows_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rows are held to is not the subject, and takes most of a build's time."""
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])


@pytest.fixture
def pages(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    shutil.copy(root / "tests" / "examples" / "corpus" / COUNTY, folder)
    return folder


def names(address: str) -> set[str]:
    place = place_of(address)
    place.filesystem.invalidate_cache()
    return {path.removeprefix(place.path + "/") for path in place.filesystem.find(place.path)}


def pointer(address: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(place_of(address).read("latest.json"))
    return said


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def add_a_page(pages: Path, root: Path) -> None:
    shutil.copy(root / "tests" / "examples" / "corpus" / CITY, pages)


def test_a_release_in_a_bucket_is_the_release_of_a_folder(bucket: str, pages: Path, root: Path, tmp_path: Path) -> None:
    local = tmp_path / "local"
    for n, change in enumerate((lambda *_: None, add_a_page)):
        change(pages, root)
        day = f"2025-01-0{n + 1}"
        there, here = (baogao.build(str(pages), output, released=day) for output in (bucket, local))
        assert (there.release.version, there.release.is_new) == (here.release.version, True)
    get(bucket, tmp_path / "fetched")
    for name in ("releases/1.1.0", "releases.json", "latest.json"):
        one, other = tmp_path / "fetched" / name, local / name
        if one.is_dir():
            assert tree(one) == tree(other)
    assert pointer(bucket) == json.loads((local / "latest.json").read_text(encoding="utf-8"))
    assert list(verify(open_release(tmp_path / "fetched"))) == []
    pd.testing.assert_frame_equal(baogao.load("indicators", bucket), baogao.load("indicators", local))


def test_the_same_pages_publish_nothing_on_this_machine_and_on_another(bucket: str, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    baogao.build(str(pages), bucket, released="2025-01-01")
    before = names(bucket)
    assert not baogao.build(str(pages), bucket, released="2025-01-02").release.is_new
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    assert not baogao.build(str(pages), bucket, released="2025-01-03").release.is_new
    assert names(bucket) == before


@pytest.mark.parametrize("cut_at", ["data/", "manifest.json", "latest.json"])
def test_a_build_that_is_cut_off_leaves_the_last_release_and_the_next_one_succeeds(
    bucket: str, pages: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_at: str
) -> None:
    baogao.build(str(pages), bucket, released="2025-01-01")
    last = pointer(bucket)
    add_a_page(pages, root)

    class Cut(Exception):
        """The end of a build."""

    put = remote._put

    def cut(place: Place, mirror: Path, name: str) -> None:
        if cut_at in name:
            raise Cut
        put(place, mirror, name)

    with monkeypatch.context() as patched:
        patched.setattr(remote, "_put", cut)
        with pytest.raises(Cut):
            baogao.build(str(pages), bucket, released="2025-01-02")
    assert pointer(bucket) == last
    get(bucket, tmp_path / "fetched")
    assert open_release(tmp_path / "fetched").version == "1.0.0"
    assert list(verify(open_release(tmp_path / "fetched"))) == []
    assert baogao.build(str(pages), bucket, released="2025-01-02").release.version == "1.1.0"
    get(bucket, tmp_path / "fetched")
    assert list(verify(open_release(tmp_path / "fetched"))) == []


def test_a_release_that_somebody_else_published_meanwhile_is_not_passed_over(bucket: str, pages: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    baogao.build(str(pages), bucket, released="2025-01-01")
    add_a_page(pages, root)
    hold = remote._hold

    def meanwhile(place: Place, pointer: bytes | None) -> None:
        place.filesystem.pipe_file(place.at("latest.json"), b'{"version": "9.0.0"}')
        hold(place, pointer)

    monkeypatch.setattr(remote, "_hold", meanwhile)
    with pytest.raises(BaogaoError, match=r"was published to by somebody else meanwhile \(now 9\.0\.0\): run again"):
        baogao.build(str(pages), bucket, released="2025-01-02")


def test_an_address_that_cannot_be_written_is_told(bucket: str, pages: Path) -> None:
    with pytest.raises(BaogaoError, match=r"s3://no-such-bucket-here/x/.* cannot be written \(.*\): check the address and the credentials; no pointer was moved"):
        baogao.build(str(pages), "s3://no-such-bucket-here/x", released="2025-01-01")


def test_the_program_says_where_it_published(bucket: str, pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from baogao.cli import main

    assert main(["build", str(pages), "--output", bucket, "--no-prefect", "--engine", "inline"]) == 0
    out = capsys.readouterr().out
    assert f"Published release 1.0.0: {bucket}/releases/1.0.0" in out
    assert f"baogao.load('indicators', '{bucket}/releases/1.0.0')" in out


def test_pages_are_read_from_a_bucket_too(bucket: str, pages: Path, tmp_path: Path) -> None:
    place = place_of(bucket)
    place.filesystem.put(str(pages / COUNTY), place.at(f"pages/{COUNTY}"))
    there = baogao.build(f"{bucket}/pages", tmp_path / "there", released="2025-01-01")
    here = baogao.build(str(pages), tmp_path / "here", released="2025-01-01")
    assert there.release.rows == here.release.rows
