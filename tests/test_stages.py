from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from baogao import stages
from baogao.records import Body, Facts, Page, Place, Report, Role, Structure, Unreadable
from baogao.sources import SiteCard

TEXT = """各位代表：
一、2023年工作回顾
地区生产总值增长7.1%。新增就业900人。
二、2024年工作安排
地区生产总值增长6%左右。
名词解释
1.营商环境：开办企业时间压缩到3天，环节减少40%。"""
PAGE = """导航菜单

(山西省)永济市人民政府工作报告(2024年3月22日)

  今年的目标是：地区生产总值增长6%左右。

本文地址:/baogao/hb/10566.html"""


@pytest.fixture(scope="module")
def cut() -> Structure:
    facts = Facts("report", "report: 标题", place=Place("永济市", "140881", "county"), report_year=2024, review_year=2023)
    return stages.structure(Report("0d6e0a5c2b91", facts, TEXT, ("4be4a2ad1b6f",)))


def test_what_is_peculiar_to_a_site_stands_on_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["今日望川 多云转晴 适宜出行", "望川县政府工作报告", "各位代表：", "现在，我代表县人民政府，向大会报告工作，请予审议。", "一年来，全县经济稳中有进。", "爱望川，就上望川通"]
    weather = {"id": "weather-strip", "kind": "navigation", "at": "head", "pattern": "^今日望川", "example": lines[0]}
    slogan = {"id": "slogan", "kind": "page_tools", "at": "tail", "pattern": "就上望川通", "example": lines[-1]}
    card = SiteCard("wangchuan.example", lines=(weather, slogan), names={"kb": "related_links", "share-body": "text"})
    monkeypatch.setattr(stages, "_cards", lambda: (SiteCard("linlan.example"), card))
    stages._cleaning_rules.cache_clear()
    html = f"<title>{lines[1]}</title><h1>{lines[1]}</h1><div class=share-body><p>{'</p><p>'.join(lines[2:-1])}</p></div><div class=kb>县情一览，山川秀美，物产丰饶，民风淳朴。</div>"
    try:
        for host, cut in (("linlan.example", set()), ("wangchuan.example", {("navigation", "weather-strip"), ("page_tools", "slogan")})):
            body = stages.clean(stages.read("\n".join(lines).encode(), source="a.txt", url=f"http://{host}/1.html"))
            assert {(line.kind, line.rule) for line in body.removed} & {("navigation", "weather-strip"), ("page_tools", "slogan")} == cut
        body = stages.clean(stages.read(html.encode(), source="a.html", url="http://www.wangchuan.example/1.html"))
        assert body.lines == tuple(lines[2:-1])
        assert [(line.kind, line.text) for line in body.removed] == [("related_links", "县情一览，山川秀美，物产丰饶，民风淳朴。")]
    finally:
        stages._cleaning_rules.cache_clear()


@pytest.fixture(scope="module")
def page() -> tuple[Page, Body, Facts]:
    page = stages.read(PAGE.encode("gb18030"), source="a.txt")
    body = stages.clean(page)
    return page, body, stages.describe(page, body)


# --- pages


def test_a_page_is_read_with_the_card_of_its_site(page: tuple[Page, Body, Facts]) -> None:
    read = page[0]
    assert (read.text, read.encoding, read.source) == (PAGE, "gb18030", "a.txt")
    assert stages.read(PAGE.replace("导航菜单", "博县网").encode(), source="a.txt").site == "bx2200.com"


def test_a_page_can_be_told_where_it_is_from() -> None:
    read = stages.read(b"<p>\xe6\x8a\xa5\xe5\x91\x8a</p>", source="a", url="http://www.a.example/1.html", media_type="text/html")
    assert (read.url, read.media_type, read.text) == ("http://www.a.example/1.html", "text/html", "<p>报告</p>")


def test_bytes_without_text_are_unreadable() -> None:
    with pytest.raises(Unreadable):
        stages.read(b"", source="empty.txt")


def test_a_page_is_cleaned_by_the_vocabulary(page: tuple[Page, Body, Facts]) -> None:
    body = page[1]
    assert body.lines == ("今年的目标是：地区生产总值增长6%左右。",)
    assert [line.text for line in body.removed] == ["导航菜单", "本文地址:/baogao/hb/10566.html"]


def test_a_page_is_described_by_the_vocabularies(page: tuple[Page, Body, Facts]) -> None:
    facts = page[2]
    assert (facts.document_type, facts.report_year, facts.place and facts.place.code) == ("report", 2024, "140881")


# --- rights


def test_the_ground_of_publication_is_the_card_of_the_site_else_the_general_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_cards", lambda: (SiteCard("a.example", rights="unknown"), SiteCard("b.example")))
    general = "prc-art5-official-document"
    assert [stages.rights_basis(site) for site in ("a.example", "b.example", "c.example", None)] == ["unknown", general, general, general]


def test_the_sites_known_so_far_have_grounds_of_the_contract() -> None:
    assert {stages.rights_basis(card.site) for card in stages._cards()} <= {"prc-art5-official-document", "unknown"}


# --- reports


def test_a_text_is_split_by_the_vocabulary_of_headings() -> None:
    sections, paragraphs, sentences = stages.split(TEXT)
    assert [section.role for section in sections] == ["other", "review", "tasks", "glossary"]
    assert [TEXT[one.start : one.end] for one in paragraphs] == TEXT.split("\n")
    assert TEXT[sentences[2].start : sentences[2].end] == "地区生产总值增长7.1%。"


def test_words_and_figures_of_glossaries_and_annexes_are_not_the_reports_own() -> None:
    text = "一、2024年工作安排\n新增就业3万人。\n附件1\n十件民生实事\n1.修路5公里。\n名词解释\n1.链长制:涉及7条产业链。"
    structure = stages.structure(Report("0" * 12, Facts("report", "", report_year=2024), text, ("0" * 12,)))
    assert [section.role for section in structure.sections] == ["tasks", "livelihood", "glossary"]
    assert stages.own_texts(structure) == text.split("\n")[:2]
    assert [one.value for _, one in structure.indicators] == [3.0]


def test_every_part_looks_back_or_ahead_or_neither() -> None:
    looks = {role: stages.stance(role) for role in get_args(Role)}
    assert {role for role, stance in looks.items() if stance == "back"} == {"review", "term_review", "difficulties"}
    assert {role for role, stance in looks.items() if stance == "none"} == {"opening", "glossary", "annex", "other"}
    assert stages.stance(None) == "none"


@pytest.mark.parametrize(("role", "status", "year"), [("targets", "target", 2024), ("tasks", "target", 2024), ("review", "actual", 2023)])
def test_the_part_decides_whether_a_figure_is_a_target(role: str, status: str, year: int) -> None:
    [found] = stages.measure("地区生产总值增长6%左右。", role=role, report_year=2024)
    assert (found.indicator, found.status, found.period_start and found.period_start.year) == ("gdp", status, year)


def test_offsets_of_a_measured_passage_are_its_own() -> None:
    text = "各位代表！地区生产总值增长6%左右。"
    [found] = stages.measure(text, role="targets", report_year=2024)
    assert text[found.start : found.end] == found.quote == "6%"


def test_offsets_of_a_report_are_into_its_text(cut: Structure) -> None:
    assert cut.indicators
    for n, one in cut.indicators:
        assert TEXT[one.start : one.end] == one.quote
        assert cut.sentences[n].start <= one.start < one.end <= cut.sentences[n].end


def test_figures_of_a_glossary_are_not_measured(cut: Structure) -> None:
    assert [(one.quote, one.status) for _, one in cut.indicators] == [("7.1%", "actual"), ("900人", "actual"), ("6%", "target")]
    assert any(one.quote == "40%" for one in stages.measure("开办企业时间压缩到3天，环节减少40%。"))


def test_the_own_texts_of_a_report_are_its_paragraphs_without_the_glossary(cut: Structure) -> None:
    assert stages.own_texts(cut) == TEXT.split("\n")[:5]


def test_a_text_without_headings_is_measured_and_counted_too() -> None:
    text = "地区生产总值增长6%。"
    cut = stages.structure(Report("0d6e0a5c2b91", Facts("report", ""), text, ("4be4a2ad1b6f",)))
    assert [one.quote for _, one in cut.indicators] == ["6%"]
    assert stages.own_texts(cut) == [text]


def test_words_are_counted_with_the_own_dictionary() -> None:
    counts = stages.count_words(["“一老一小”服务", "健全“一老一小”服务体系，今年发展"])
    assert counts == Counter({"一老一小": 2, "服务": 1, "健全": 1, "服务体系": 1, "今年": 1, "发展": 1})


def test_aims_of_a_plan_are_of_its_years_and_those_of_the_year_of_that_year() -> None:
    text = "\n".join(
        [
            "各位代表：", "现在，我代表市人民政府，向大会报告工作，请予审议。", "一、“十四五”时期工作回顾", "过去五年，全市生产总值年均增长6.1%。",
            "二、今后五年的主要目标", "（一）发展目标", "生产总值年均增长7%左右，突破500亿元，居民收入与经济增长同步。", "三、2026年工作安排", "生产总值增长6.5%左右。",
        ]
    )  # fmt: skip
    cut = stages.structure(Report("0d6e0a5c2b91", Facts("report", "", report_year=2026), text, ("4be4a2ad1b6f",)))
    said = [(one.quote, one.status, one.period_start and one.period_start.year, one.period_end and one.period_end.year) for _, one in cut.indicators]
    assert said == [
        ("6.1%", "actual", 2021, 2025), ("7%", "target", 2026, 2030), ("500亿元", "target", 2030, 2030), ("与经济增长同步", "target", 2026, 2030),
        ("6.5%", "target", 2026, 2026),
    ]  # fmt: skip


# --- loading


@pytest.mark.parametrize("name", ["_cards", "_cleaning_rules", "_describing_rules", "_splitting_rules", "_cutter", "_measurer"])
def test_a_vocabulary_is_compiled_once_a_process(name: str) -> None:
    compiled: Any = getattr(stages, name)
    assert compiled() is compiled()


def test_jieba_is_loaded_for_words_alone() -> None:
    work = "import sys; from baogao import stages; stages.measure('增长6%'); stages.split('一、工作'); print('jieba' in sys.modules)"
    path = str(Path(stages.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r}); {work}"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
