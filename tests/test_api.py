from __future__ import annotations

import inspect
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import baogao
from baogao.publish import to_json
from baogao.records import BaogaoError, Body, Indicator, Unreadable
from baogao.release import Release

HEAVY = ("pandas", "pyarrow", "prefect", "great_expectations", "jieba", "numpy", "polars", "duckdb")
# What only the other documents of a release can tell of a document.
OF_OTHERS = {"is_canonical", "near_duplicate_of"}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def corpus(root: Path) -> Path:
    return root / "tests" / "examples" / "corpus"


@pytest.fixture(scope="module")
def lines(corpus: Path, tmp_path_factory: pytest.TempPathFactory, day: str) -> dict[str, Row]:
    """The nested reports of a release of the county's report of 2024 (two pages) and its excerpt, by completeness."""
    output = tmp_path_factory.mktemp("api") / "output"
    names = ["yongji-2024.html", "yongji-2024_2.html", "yongji-2024-excerpt.txt"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("baogao.expectations.violations", lambda table, rows: [])
        outcome = baogao.build([str(corpus / name) for name in names], output, engine="inline", released=day)
    assert outcome.release is not None
    file = outcome.release.folder / "json" / "reports" / "reports-2024.jsonl"
    return {report["completeness"]: report for report in map(json.loads, file.read_text(encoding="utf-8").splitlines())}


def as_json(report: Row) -> Row:
    read: Row = json.loads(to_json(report))
    return read


def run(code: str, cwd: Path, root: Path) -> str:
    environment = {"PYTHONPATH": str(root / "flows"), "PATH": "", "HOME": str(cwd)}
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True, check=True, encoding="utf-8").stdout


# --- the interface


@pytest.mark.parametrize(
    ("name", "positional", "named"),
    [
        ("clean", ["data"], {"url": None, "media_type": None}),
        ("split_sentences", ["text"], {}),
        ("measure", ["text"], {"report_year": None, "section": None}),
        ("read_report", ["data"], {"url": None}),
        ("load", ["table", "release"], {}),
        ("build", ["sources", "output"], {"engine": "inline", "workers": None, "dask_address": None, "only_check": False, "released": None}),
    ],
)
def test_signatures_are_those_of_the_contract(name: str, positional: list[str], named: dict[str, object]):
    parameters = inspect.signature(getattr(baogao, name)).parameters.values()
    assert [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD] == positional
    assert {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY} == named
    assert name in baogao.__all__


def test_defaults_are_the_folders_of_the_project():
    assert inspect.signature(baogao.load).parameters["release"].default == "output"
    assert [one.default for one in inspect.signature(baogao.build).parameters.values()][:2] == ["seeds/pages", "output"]


def test_import_brings_nothing_heavy(tmp_path: Path, root: Path):
    assert run(f"import sys, baogao; print([name for name in {HEAVY} if name in sys.modules])", tmp_path, root) == "[]\n"


def test_work_on_one_text_brings_nothing_heavy(tmp_path: Path, root: Path):
    code = f"""
import sys, baogao
assert baogao.clean("永济市人民政府工作报告\\n各位代表!\\n现在,我代表市人民政府,向大会报告工作。".encode()).lines
assert baogao.measure("地区生产总值增长7%左右") and baogao.split_sentences("稳。进。")
print([name for name in {HEAVY} if name in sys.modules])
"""
    assert run(code, tmp_path, root) == "[]\n"


# --- clean, split_sentences, measure


def test_clean_gives_the_main_text_of_the_seed(seed_page: bytes, seed_release: Release):
    body = baogao.clean(seed_page)
    assert isinstance(body, Body)
    assert "\n".join(body.lines) == seed_release.table("reports")["text"].to_pylist()[0]
    assert body.title == "(山西省)永济市人民政府工作报告(2024年3月22日)"
    assert (body.encoding, len(body.removed)) == ("utf-8", 5)


def test_clean_believes_a_media_type_that_is_given():
    data = "<p>各位代表:</p><p>现在,我代表市人民政府,向大会报告工作。</p>".encode()
    assert baogao.clean(data).lines == ("各位代表:", "现在,我代表市人民政府,向大会报告工作。")
    assert baogao.clean(data, media_type="text/plain; charset=utf-8").lines != baogao.clean(data, media_type="text/html").lines


@pytest.mark.parametrize("data", [b"", b"   \n", b"%PDF-1.7", b"\x00\x01"])
def test_clean_of_what_is_no_text_is_unreadable(data: bytes):
    with pytest.raises(Unreadable, match="the page is"):
        baogao.clean(data)


def test_split_sentences_loses_no_character():
    text = "零工市场建成投运。高考二本以上达线率66.9%。人民医院整体搬迁项目主体完工!"
    assert "".join(baogao.split_sentences(text)) == text
    assert len(baogao.split_sentences(text)) == 3


@pytest.mark.parametrize(
    ("section", "status", "year"),
    [("review", "actual", 2023), ("targets", "target", 2024), ("tasks", "target", 2024), (None, "target", 2024)],
)
def test_the_section_tells_what_a_figure_is(section: str | None, status: str, year: int):
    text = "地区生产总值增长7%。" if section else "今年的目标是:地区生产总值增长7%。"
    [one] = baogao.measure(text, report_year=2024, section=section)
    assert isinstance(one, Indicator)
    assert (one.indicator, one.value, one.unit, one.status) == ("gdp", 7, "%", status)
    assert one.period_start is not None
    assert one.period_start.year == year


@pytest.mark.parametrize("section", ["plan", "title", "review", "plan_targets", "annex"])
def test_every_part_of_a_report_may_be_named(section: str):
    assert [one.quote for one in baogao.measure("地区生产总值增长7%。", report_year=2024, section=section)] == ["7%"]


def test_offsets_of_figures_count_in_the_text_that_was_measured():
    text = "初步统计,脱贫人口纯收入达15269元,增长17.1%。"
    found = baogao.measure(text, section="review")
    assert [text[one.start : one.end] for one in found] == [one.quote for one in found] == ["15269元", "17.1%"]


def test_a_part_that_is_none_is_told_with_those_that_there_are():
    with pytest.raises(BaogaoError, match=r"section 'target' is no part of a report: use review, targets, or one of annex, .*, tasks"):
        baogao.measure("增长7%", section="target")


# --- read_report


def test_the_seed_reads_as_the_line_of_its_release(seed_page: bytes, seed_release: Release):
    [line] = (seed_release.folder / "json" / "reports" / "reports-2024.jsonl").read_text(encoding="utf-8").splitlines()
    assert to_json(baogao.read_report(seed_page)) == line


def test_two_pages_read_as_the_line_of_their_release(corpus: Path, lines: dict[str, Row]):
    pages = [(corpus / name).read_bytes() for name in ("yongji-2024.html", "yongji-2024_2.html")]
    assert as_json(baogao.read_report(pages)) == lines["full"]
    assert [section["heading"] for section in lines["full"]["sections"]] == [None, "2023年工作回顾", "2024年工作安排", None]


def test_a_copy_reads_as_the_line_of_its_release_but_for_what_the_others_tell_of_it(corpus: Path, lines: dict[str, Row]):
    read, line = as_json(baogao.read_report((corpus / "yongji-2024-excerpt.txt").read_bytes())), lines["excerpt"]
    assert {name for name in line if read[name] != line[name]} == OF_OTHERS
    assert (read["is_canonical"], read["near_duplicate_of"]) == (True, None)
    assert (line["is_canonical"], line["near_duplicate_of"]) == (False, lines["full"]["doc_id"])


def test_one_page_of_two_is_an_excerpt_of_the_same_document(corpus: Path, lines: dict[str, Row]):
    first, second = (baogao.read_report((corpus / name).read_bytes()) for name in ("yongji-2024.html", "yongji-2024_2.html"))
    assert first["doc_id"] == second["doc_id"] == lines["full"]["doc_id"]
    assert [(one["completeness"], one["missing_parts"]) for one in (first, second)] == [("excerpt", "end"), ("excerpt", "beginning")]


def test_values_of_a_report_are_python_objects(seed_page: bytes):
    report = baogao.read_report(seed_page)
    assert report["delivered_on"] == date(2024, 3, 22)
    assert type(report["report_year"]) is int


def test_an_address_makes_the_identity_of_a_page_that_states_none(corpus: Path):
    data = (corpus / "shanxi-2024.txt").read_bytes()
    unnamed = baogao.read_report(data)
    named, again = baogao.read_report(data, url="https://www.fenhe.example/bg/2024.html"), baogao.read_report(data + b"\n", url="http://fenhe.example/bg/2024.html")
    assert (unnamed["source_url"], unnamed["source_site"]) == (None, None)
    assert (named["source_url"], named["source_site"]) == ("https://www.fenhe.example/bg/2024.html", "www.fenhe.example")
    assert unnamed["doc_id"] != named["doc_id"] == again["doc_id"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("news.txt", r"the page holds no report \(news: .*\): its text alone is what clean gives"),
        ("policy.txt", r"the page holds no report \(policy: "),
        ("template.txt", r"the page holds no report \(template: "),
        ("empty.txt", r"^the page is empty$"),
        ("cover.txt", r"^the page is binary, not text or HTML$"),
    ],
)
def test_a_page_without_a_report_is_told(corpus: Path, name: str, message: str):
    with pytest.raises(BaogaoError, match=message):
        baogao.read_report((corpus / name).read_bytes())


def test_a_report_that_lost_its_figures_is_told():
    lost = "".join(f"第{n}季度，生产总值完成亿元，增长%，高于全省个百分点；财政收入亿元，增长%。\n" for n in "一二三四五六")
    page = f"永济市人民政府工作报告\n各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n{lost}".encode()
    with pytest.raises(BaogaoError, match=r"^the page holds no report \(corrupt: lost_digits: 30 in \d+ characters\): its text alone is what clean gives$"):
        baogao.read_report(page)
    assert len(baogao.clean(page).lines) == 8


# --- load, build


def test_load_takes_an_output_folder_as_text_or_path(seed_output: Path):
    assert baogao.load("targets", str(seed_output)).equals(baogao.load("targets", seed_output))
    assert list(baogao.load("targets", seed_output)["indicator"])[:2] == ["binding_targets", "fixed_asset_investment"]


def test_load_of_a_folder_without_a_release_is_told(tmp_path: Path):
    with pytest.raises(BaogaoError, match="holds no release"):
        baogao.load("targets", tmp_path)


def test_build_takes_one_source_or_several_and_tells_what_came_of_them(corpus: Path, tmp_path: Path, day: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
    page = str(corpus / "shanxi-2024.txt")
    one = baogao.build(page, tmp_path / "output", engine="inline", released=day)
    several = baogao.build([page], str(tmp_path / "output"), engine="inline", released=day)
    assert one.release is not None
    assert several.release is not None
    assert (one.release.version, one.release.is_new, several.release.is_new) == ("1.0.0", True, False)
    assert one.quality["pages"] == {"read": 1, "distinct": 1, "of_reports": 1}


def test_errors_of_a_build_are_those_of_the_package(tmp_path: Path):
    with pytest.raises(baogao.BaogaoError, match="does not exist"):
        baogao.build(str(tmp_path / "missing"), tmp_path / "output", engine="inline")
