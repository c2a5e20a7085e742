"""Pages in archives are found under stable names, read one by one, and give the reports that a folder of them gives."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import pipeline
from baogao.archives import tars, warcs, zips
from baogao.records import BaogaoError
from baogao.sources import fetch, find_pages

PAGES = {"yongji/2023.html": "<p>各位代表：</p>".encode("gbk"), "yuncheng/2023.txt": "各位代表：".encode(), "news": "新闻".encode() * 99}
Files = Mapping[str, bytes]


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, files: Files) -> Path:
    mode = {".gz": "w:gz", "tgz": "w:gz", "bz2": "w:bz2", ".xz": "w:xz"}.get(path.name[-3:], "w")
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def pages_of_at_most(n_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tars, warcs, zips):
        monkeypatch.setattr(module, "MEMBER_BYTES_MAX", n_bytes)


def record(address: str, body: bytes, *, status: str = "200 OK", said: str = "Content-Type: text/html; charset=GBK", kind: str = "response") -> bytes:
    http = f"HTTP/1.1 {status}\r\n{said}\r\n\r\n".encode() + body if kind == "response" else body
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-01-15T00:00:00Z\r\n"
    head += f"WARC-Record-ID: <urn:uuid:{zlib.crc32(address.encode() + body):032x}>\r\nContent-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


def captured(path: Path, records: list[bytes]) -> Path:
    path.write_bytes(b"".join(map(gzip.compress, records) if path.suffix == ".gz" else records))
    return path


def packed(path: Path, files: Files) -> Path:
    """The files in an archive of the kind that the path's ending says."""
    if ".warc" in path.name:
        return captured(path, [record(f"http://{name}", data) for name, data in files.items()])
    return zipped(path, files) if path.suffix == ".zip" else tarred(path, files)


def found(source: Path, work: Path) -> tuple[dict[str, bytes], list[str]]:
    refs, skipped = find_pages([str(source)], work)
    return {ref.source: fetch(ref).data for ref in refs}, skipped


KINDS = ("pages.zip", "pages.tar", "pages.tar.gz", "pages.tgz", "pages.tar.bz2", "pages.tar.xz", "pages.warc", "pages.warc.gz")


@pytest.mark.parametrize("name", KINDS)
def test_an_archive_gives_its_pages_under_its_own_name_and_theirs(tmp_path, name):
    assert found(packed(tmp_path / name, PAGES), tmp_path / "work") == ({f"{name}/{page}": data for page, data in PAGES.items()}, [])


@pytest.mark.parametrize("name", KINDS)
def test_an_archive_in_a_folder_is_entered_and_another_process_reads_its_pages(tmp_path, name):
    (tmp_path / "pages" / "a").mkdir(parents=True)
    (tmp_path / "pages" / "1.txt").write_bytes(b"1")
    packed(tmp_path / "pages" / "a" / name, PAGES)
    refs, skipped = find_pages([str(tmp_path / "pages")], tmp_path / "work")
    assert ([ref.source for ref in refs], skipped) == (["1.txt", *(f"a/{name}/{page}" for page in sorted(PAGES))], [])
    program = "import sys; from baogao.sources import *; sys.stdout.buffer.write(fetch(eval(sys.argv[1])).data)"
    last = subprocess.run([sys.executable, "-c", program, repr(refs[-1])], capture_output=True, check=True)
    assert last.stdout == PAGES["yuncheng/2023.txt"]


names = st.text(st.sampled_from("ab1 _-县报告"), min_size=1, max_size=12).map(lambda name: f"页/{name.strip() or 'a'}.txt")


@settings(max_examples=25, deadline=None)
@given(files=st.dictionaries(names, st.binary(max_size=300), min_size=1, max_size=8), name=st.sampled_from(["pages.zip", "pages.tar", "pages.tar.gz"]))
def test_what_is_packed_is_what_is_read(tmp_path_factory, files, name):
    folder = tmp_path_factory.mktemp("packed")
    assert found(packed(folder / name, files), folder / "work") == ({f"{name}/{page}": data for page, data in files.items()}, [])


def test_a_file_packed_twice_is_its_last(tmp_path):
    zipped(tmp_path / "pages.zip", {"1.txt": b"old"})
    with zipfile.ZipFile(tmp_path / "pages.zip", "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("1.txt", b"new")
    with tarfile.open(tmp_path / "pages.tar", "w") as tar:
        for data in (b"old", b"new"):
            info = tarfile.TarInfo("./1.txt")
            info.size = 3
            tar.addfile(info, io.BytesIO(data))
    assert found(tmp_path, tmp_path / "work") == ({"pages.zip/1.txt": b"new", "pages.tar/1.txt": b"new"}, [])


@pytest.mark.parametrize("name", ["pages.zip", "pages.tar"])
def test_members_that_are_no_pages_or_not_safe_are_passed_over_and_told(tmp_path, name):
    passed = ["../1.txt", "/etc/1.txt", "C:/1.txt", "a/../../1.txt", ".git/1.txt", "a/.1.txt", "__MACOSX/1.txt", "cover.jpg"]
    pages, skipped = found(packed(tmp_path / name, {**dict.fromkeys(passed, b"x"), "1.txt": b"1"}), tmp_path / "work")
    assert pages == {f"{name}/1.txt": b"1"}
    assert len(skipped) == len(passed)
    assert {told.removeprefix(f"{name}/") for told in skipped} >= {"../1.txt", "C:/1.txt", "cover.jpg"}


def test_links_and_devices_are_passed_over(tmp_path):
    with tarfile.open(tmp_path / "pages.tar", "w") as tar:
        for name, kind in (("link.txt", tarfile.SYMTYPE), ("hard.txt", tarfile.LNKTYPE), ("pipe.txt", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "1.txt").write_bytes(b"1")
    assert found(tmp_path, tmp_path / "work") == ({"1.txt": b"1"}, ["pages.tar/hard.txt", "pages.tar/link.txt", "pages.tar/pipe.txt", "pages.zip/link.txt"])


def test_names_in_gbk_are_read_as_such(tmp_path):
    name = "永济/目录.txt"
    raw = zipped(tmp_path / "old.zip", {"x" * len(name.encode("gbk")): b"1"}).read_bytes().replace(b"x" * len(name.encode("gbk")), name.encode("gbk"))
    (tmp_path / "old.zip").write_bytes(raw.replace("永济/".encode("gbk"), "永济\\".encode("gbk")))
    with tarfile.open(tmp_path / "old.tar", "w", encoding="gbk", format=tarfile.GNU_FORMAT) as tar:
        tar.addfile(tarfile.TarInfo(name))
    assert list(found(tmp_path, tmp_path / "work")[0]) == [f"old.tar/{name}", f"old.zip/{name}"]


def test_an_encrypted_member_is_passed_over(tmp_path):
    raw = bytearray(zipped(tmp_path / "pages.zip", {"1.txt": b"1", "2.txt": b"2"}).read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "pages.zip").write_bytes(raw)
    assert found(tmp_path / "pages.zip", tmp_path) == ({"pages.zip/2.txt": b"2"}, ["pages.zip/1.txt"])


@pytest.mark.parametrize("name", ["pages.zip", "pages.tar"])
def test_a_member_too_large_to_be_a_page_is_passed_over(tmp_path, monkeypatch, name):
    pages_of_at_most(1000, monkeypatch)
    packed(tmp_path / name, {"bomb.txt": b"0" * 1001, "1.txt": b"0" * 1000})
    pages, skipped = found(tmp_path / name, tmp_path / "work")
    assert (list(pages), skipped) == ([f"{name}/1.txt"], [f"{name}/bomb.txt"])


def test_of_a_capture_only_pages_that_were_served_are_read_with_address_and_charset(tmp_path):
    page = "<p>各位代表：</p>".encode("gbk")
    chunked = b"5\r\n" + page[:5] + b"\r\n%x\r\n" % (len(page) - 5) + page[5:] + b"\r\n0\r\n\r\n"
    captured(
        tmp_path / "crawl.warc.gz",
        [
            record("http://a.gov.cn/robots.txt", b"", kind="request"),
            record("http://a.gov.cn/1.html", page),
            record("http://a.gov.cn/1.html", page + b" "),
            record("http://a.gov.cn/2.html?id=7", gzip.compress(page), said="Content-Type: text/html\r\nContent-Encoding: gzip"),
            record("http://a.gov.cn/3.html", chunked, said="Content-Type: text/html\r\nTransfer-Encoding: chunked"),
            record("http://a.gov.cn/gone.html", page, status="404 Not Found"),
            record("http://a.gov.cn/cover.jpg", page, said="Content-Type: image/jpeg"),
            record("http://a.gov.cn/1.html", page, kind="revisit"),
        ],
    )
    refs, skipped = find_pages([str(tmp_path / "crawl.warc.gz")])
    assert [ref.source.removeprefix("crawl.warc.gz/") for ref in refs] == ["a.gov.cn/1.html", "a.gov.cn/1.html#2", "a.gov.cn/2.html?id=7", "a.gov.cn/3.html"]
    assert skipped == ["crawl.warc.gz/a.gov.cn/cover.jpg", "crawl.warc.gz/a.gov.cn/gone.html"]
    fetched = [fetch(ref) for ref in refs]
    assert [one.data for one in fetched] == [page, page + b" ", page, page]
    assert (fetched[0].url, fetched[0].charset) == ("http://a.gov.cn/1.html", "gbk")
    assert fetched[0].retrieved_at == datetime(2024, 1, 15, tzinfo=UTC)
    assert {one.fault for one in fetched} == {None}


def test_a_page_that_unpacks_to_more_than_a_page_is_is_not_unpacked_whole(tmp_path, monkeypatch):
    pages_of_at_most(2 << 20, monkeypatch)
    bomb = gzip.compress(b"0" * (64 << 20))
    [ref], _ = find_pages([str(captured(tmp_path / "crawl.warc", [record("http://a.cn/", bomb, said="Content-Type: text/html\r\nContent-Encoding: gzip")]))])
    fetched = fetch(ref)
    assert fetched.fault == "the page unpacks to more than 2 MiB: no page of text is as large"
    assert len(fetched.data) == 1 << 20


def test_a_damaged_member_is_a_fault_of_that_page_alone(tmp_path):
    files = {"1.txt": bytes(range(256)) * 40, "2.txt": b"2" * 99}
    raw = bytearray(zipped(tmp_path / "pages.zip", files).read_bytes())
    raw[60] ^= 255
    (tmp_path / "pages.zip").write_bytes(raw)
    tar = tarred(tmp_path / "pages.tar", files)
    refs, _ = find_pages([str(tmp_path)])
    tar.write_bytes(tar.read_bytes()[:9000])
    faults = {ref.source: fetch(ref).fault for ref in refs}
    assert str(faults.pop("pages.zip/1.txt")).startswith("the page cannot be unpacked (")
    assert faults.pop("pages.tar/1.txt") == faults.pop("pages.tar/2.txt") == "the archive ends within the page: fetch the archive again"
    assert faults == {"pages.zip/2.txt": None}


def test_a_body_that_is_cut_short_or_was_decoded_before_is_told_apart(tmp_path):
    page = gzip.compress(bytes(range(256)) * 40)
    coded = "Content-Type: text/html\r\nContent-Encoding: gzip"
    bodies = {"cut": page[:-9], "decoded": "<p>各位代表：</p>".encode(), "whole": page}
    refs, _ = find_pages([str(captured(tmp_path / "crawl.warc", [record(f"http://a.cn/{name}", body, said=coded) for name, body in bodies.items()]))])
    assert [fetch(ref).fault for ref in refs] == ["the page is cut short: fetch the archive again", None, None]
    assert fetch(refs[1]).data == bodies["decoded"]


def test_an_address_that_is_none_is_no_address(tmp_path):
    [ref], _ = find_pages([str(captured(tmp_path / "crawl.warc", [record("http://[1/", b"<p>1</p>")]))])
    assert (fetch(ref).url, fetch(ref).data) == (None, b"<p>1</p>")


def torn(path: Path) -> Path:
    """A tar whose second header is broken."""
    raw = bytearray(tarred(path, {"1.txt": b"1", "2.txt": b"2", "3.txt": b"3"}).read_bytes())
    raw[1024:1536] = b"x" * 512
    path.write_bytes(raw)
    return path


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:-600])
    return path


def cut_in_head(path: Path, bodies: list[bytes], left: int = 60) -> None:
    """A capture of which the last record has lost all but so many bytes of its head."""
    *whole, last = (record(f"http://a.cn/{n}", body) for n, body in enumerate(bodies))
    size = captured(path, whole).stat().st_size
    path.write_bytes(captured(path, [*whole, last]).read_bytes()[: size + left])


BROKEN = {
    "text.zip": (lambda path: path.write_bytes(b"no zip"), "cannot be read as an archive (File is not a zip file): fetch or pack it again, or leave it out"),
    "cut.zip": (lambda path: cut(zipped(path, {"1.txt": bytes(range(256)) * 9})), "cannot be read as an archive (File is not a zip file)"),
    "text.tar": (lambda path: path.write_bytes(b"no tar" * 999), "cannot be read as an archive ("),
    "cut.tar": (lambda path: path.write_bytes(tarred(path, {"1.txt": b"1" * 9999}).read_bytes()[:5000]), "cannot be read as an archive (unexpected end of data)"),
    "torn.tar": (torn, "cannot be read as an archive ("),
    "text.tgz": (lambda path: path.write_bytes(b"no gzip"), "cannot be read as an archive (Not a gzipped file"),
    "cut.tgz": (lambda path: path.write_bytes(tarred(path, PAGES).read_bytes()[:-20]), "cannot be read as an archive (Compressed file ended before the end-of-stream marker"),
    "cut.tar.xz": (lambda path: path.write_bytes(lzma.compress(bytes(9999))[:-20]), "cannot be read as an archive (Compressed file ended before"),
    "text.tar.bz2": (lambda path: path.write_bytes(b"no bz2"), "cannot be read as an archive (Invalid data stream)"),
    "files.tar.bz2": (lambda path: path.write_bytes(bz2.compress(b"no tar" * 999)), "cannot be read as an archive ("),
    "text.warc": (lambda path: path.write_bytes(b"no warc" * 99), "cannot be read as an archive (Invalid WARC header): fetch or pack it again"),
    "whole.warc.gz": (
        lambda path: path.write_bytes(gzip.compress(record("http://a.cn/1", b"1") + record("http://a.cn/2", b"2"))),
        "was compressed as a whole, so its pages cannot be read one by one: unpack it, and name the .warc file",
    ),
    "cut.warc": (lambda path: cut_in_head(path, [b"1", b"2"]), "ends within the head of a record: fetch it again, or leave it out"),
    "cut.warc.gz": (lambda path: cut_in_head(path, [b"1", b"2"], 8), "ends within the head of a record"),
    "empty.warc": (lambda path: path.write_bytes(b""), "holds no WARC record: fetch it again, or leave it out"),
    "empty.zip": (lambda path: zipped(path, {}), "holds no page: name a folder with .txt or .html files"),
    "empty.tar": (lambda path: tarred(path, {"cover.jpg": b"1"}), "holds no page"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_archive_that_is_broken_is_one_sentence(tmp_path, name):
    make, said = BROKEN[name]
    make(tmp_path / name)
    with pytest.raises(BaogaoError) as told:
        find_pages([str(tmp_path / name)], tmp_path / "work")
    assert str(told.value).startswith(str(tmp_path / name))
    assert said in str(told.value)
    assert "\n" not in str(told.value)
    assert list((tmp_path / "work").glob(".*")) == []


@pytest.mark.parametrize("name", ["pages.zip", "pages.warc"])
def test_an_archive_that_changed_since_it_was_listed_is_an_error(tmp_path, name):
    refs, _ = find_pages([str(packed(tmp_path / name, PAGES))])
    packed(tmp_path / name, {"1.txt": b"1"})
    with pytest.raises(BaogaoError, match=r"changed while its pages were read: run again when it is complete|cannot be read"):
        fetch(refs[-1])


def test_a_compressed_tar_is_unpacked_once_and_again_when_it_changed(tmp_path):
    path, work = tarred(tmp_path / "pages.tgz", {"1.txt": b"1"}), tmp_path / "work"
    [ref], _ = find_pages([str(path)], work)
    assert find_pages([str(path)], work)[0] == [ref]
    tarred(path, {"1.txt": b"1", "2.txt": b"2"})
    assert [fetch(one).data for one in find_pages([str(path)], work)[0]] == [b"1", b"2"]


def test_where_nothing_can_be_unpacked_the_output_is_named(tmp_path):
    (tmp_path / "output").write_bytes(b"a file")
    tarred(tmp_path / "pages.tgz", PAGES)
    with pytest.raises(BaogaoError, match=r"pages\.tgz cannot be unpacked, since .*output/archives cannot be made \(Not a directory\): name another folder with --output"):
        find_pages([str(tmp_path / "pages.tgz")], tmp_path / "output" / "archives")


def test_archives_at_addresses_are_read_there(tmp_path):
    for name in ("pages.zip", "pages.tar.gz", "pages.warc.gz"):
        packed(tmp_path / name, PAGES)
        refs, _ = find_pages([f"file://{tmp_path / name}"], tmp_path / "work")
        assert {ref.source: fetch(ref).data for ref in refs} == {f"{name}/{page}": data for page, data in PAGES.items()}


def released(folder: Path, table: str) -> pa.Table:
    return pa.concat_tables(pq.read_table(file) for file in sorted(folder.rglob(f"{table}*.parquet")))


def test_the_same_pages_give_the_same_reports_however_they_are_packed(root, tmp_path, monkeypatch):
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
    corpus = root / "tests" / "examples" / "corpus"
    files = {name: (corpus / name).read_bytes() for name in ("yongji-2023.html", "yuncheng-2023.txt", "news.txt")}
    (tmp_path / "folder").mkdir()
    for name, data in files.items():
        (tmp_path / "folder" / name).write_bytes(data)
    made = {}
    for name in ("folder", "pages.zip", "pages.tar.gz", "pages.warc.gz"):
        source = tmp_path / name if name == "folder" else packed(tmp_path / name, files)
        outcome = pipeline.build([str(source)], tmp_path / f"output-{name}", engine="inline", released="2025-01-02")
        made[name] = {table: released(outcome.release.folder, table) for table in ("indicators", "sentences", "reports")}
        shutil.rmtree(tmp_path / f"output-{name}" / ".work" / "batches")
    assert made["folder"]["indicators"].num_rows > 30
    assert made["pages.zip"]["indicators"].equals(made["folder"]["indicators"])
    for name in ("pages.zip", "pages.tar.gz"):
        assert all(made[name][table].equals(made["folder"][table]) for table in ("indicators", "sentences"))
    # A capture knows the address of each page, and so its identity; the texts are the same.
    texts = {name: sorted(tables["reports"]["text"].to_pylist()) for name, tables in made.items()}
    assert texts["pages.warc.gz"] == texts["folder"]
    assert made["pages.warc.gz"]["indicators"].num_rows == made["folder"]["indicators"].num_rows
    assert len(list((tmp_path / "output-pages.tar.gz" / ".work" / "archives").glob("*.tar"))) == 1
