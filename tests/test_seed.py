"""The page that the project starts from, through the whole pipeline: what a reader of the page would say of it."""

from __future__ import annotations

import math

import pytest

from baogao.release import Release, load, where

LINES_CUT = {
    "导航菜单": "navigation",
    "本文地址:/baogao/hb/10566.html": "page_address",
    "留言与评论(共有 条评论)": "comment_widget",
    "验证码:": "comment_widget",
}
# indicator: measure, value, lower, upper, unit, bound, reference
TARGETS = {
    "gdp": ("growth", 7, None, None, "%", "approx", None),
    "industrial_value_added": ("growth", 9, None, None, "%", "approx", None),
    "fixed_asset_investment": ("growth", 13, 13, None, "%", "ge", None),
    "retail_sales": ("growth", 10, None, None, "%", "approx", None),
    "general_budget_revenue": ("growth", 3, 3, 3, "%", "eq", None),
    "urban_income_pc": ("relation", None, None, None, None, "approx", "经济增长"),
    "rural_income_pc": ("relation", None, None, None, None, "gt", "经济增速"),
    "binding_targets": ("relation", None, None, None, None, "ge", "上级下达任务"),
}
ACHIEVEMENTS = [
    ("脱贫人口纯收入", "level", 15269, "元"),
    ("脱贫人口纯收入", "growth", 17.1, "%"),
    ("高考二本以上达线率", "share", 66.9, "%"),
    ("刑事案件破案率", "growth", 21.7, "%"),
    ("民生实事", "level", 9, "件"),
]


def rows(release: Release, table: str) -> list[dict]:
    return release.table(table).to_pylist()


def test_the_report_is_of_yongji_in_2024(seed_release):
    [report] = rows(seed_release, "reports")
    said = {
        "report_key": "140881-2024", "place_name": "永济市", "place_code": "140881", "level": "county", "province": "山西省", "prefecture": "运城市",
        "county": "永济市", "report_year": 2024, "review_year": 2023, "completeness": "excerpt", "missing_parts": "beginning; end", "is_canonical": True,
        "source_url": "http://bx2200.com/baogao/hb/10566.html", "source_site": "bx2200.com",
    }  # fmt: skip
    assert said.items() <= report.items()
    assert report["delivered_on"].isoformat() == "2024-03-22"
    assert report["title"] == "(山西省)永济市人民政府工作报告(2024年3月22日)"


def test_the_text_is_its_13_paragraphs_as_the_page_has_them(seed_release, seed_page):
    page = [line.strip() for line in seed_page.decode().splitlines() if line.strip()]
    [report] = rows(seed_release, "reports")
    paragraphs = rows(seed_release, "paragraphs")
    assert len(paragraphs) == 13
    assert [row["text"] for row in paragraphs] == page[2:15]
    assert "\n".join(row["text"] for row in paragraphs) == report["text"]


def test_five_lines_are_cut_and_nothing_else(seed_release, seed_page):
    page = [line.strip() for line in seed_page.decode().splitlines() if line.strip()]
    removed = rows(seed_release, "removed")
    assert {row["text"]: row["kind"] for row in removed if row["kind"] != "disclaimer"} == LINES_CUT
    [disclaimer] = [row for row in removed if row["kind"] == "disclaimer"]
    assert page[15].startswith(disclaimer["text"])
    assert len(removed) == 5
    assert len(page) == 1 + 13 + len(removed)  # with the title


def test_sections_nest_as_the_numbering_does(seed_release):
    before, work, projects = rows(seed_release, "sections")
    assert (before["heading"], before["role"]) == (None, "review")
    assert (work["marker"], work["heading"], work["role"], work["depth"]) == ("二、", "2024年工作安排", "tasks", 1)
    assert (projects["marker"], projects["heading"], projects["depth"]) == ("(一)", "坚持大抓项目不动摇,持续强化第一支撑", 2)
    assert projects["parent_id"] == work["section_id"]


def test_run_in_headings_are_leads(seed_release):
    leads = [row["lead"] for row in rows(seed_release, "paragraphs")]
    assert leads[-2:] == ["持之以恒抓谋划", "持之以恒抓招引"]


def test_all_eight_targets(seed_release):
    fields = ("value", "value_low", "value_high", "unit", "bound", "reference")
    measures = {row["indicator_id"]: row["measure"] for row in rows(seed_release, "indicators")}
    targets = {row["indicator"]: (measures[row["indicator_id"]], *(row[field] for field in fields)) for row in rows(seed_release, "targets")}
    assert targets == TARGETS


@pytest.mark.parametrize(("name", "measure", "value", "unit"), ACHIEVEMENTS)
def test_achievements_of_2023(seed_release, name, measure, value, unit):
    [row] = [row for row in rows(seed_release, "indicators") if (row["name"], row["measure"]) == (name, measure)]
    assert (row["status"], row["unit"], row["bound"]) == ("actual", unit, "eq")
    assert math.isclose(row["value"], value)
    assert (row["period_start"].year, row["period_end"].year) == (2023, 2023)


def test_no_figure_is_made_of_a_slogan_a_plan_or_an_anniversary(seed_release):
    quotes = {row["quote"] for row in rows(seed_release, "indicators")}
    text = rows(seed_release, "reports")[0]["text"]
    for trap in ("543", "十四五", "三比三争", "一盔一带", "一老一小", "75周年", "二本"):
        assert trap in text
        assert not any(trap in quote or quote in trap for quote in quotes)


def test_every_offset_gives_its_quote(seed_release):
    text = rows(seed_release, "reports")[0]["text"]
    for table, quote in (("paragraphs", "text"), ("sentences", "text"), ("indicators", "quote")):
        for row in rows(seed_release, table):
            assert text[row["start"] : row["end"]] == row[quote]


def test_an_indicator_leads_back_to_the_page(seed_release):
    [gdp] = [row for row in rows(seed_release, "indicators") if row["indicator"] == "gdp"]
    found = where(gdp["indicator_id"], seed_release)
    assert found["sentences"]["text"].startswith("今年经济社会发展主要预期目标是:地区生产总值增长7%左右")
    assert found["sections"]["heading"] == "2024年工作安排"
    assert found["pages"]["sha256"].startswith("c9ac9bb7deeb26e6")


def test_words_know_the_vocabulary_of_reports(seed_output):
    words = load("words", seed_output).set_index("word")["n"]
    assert words["营商环境"] == 2
    assert words["一般公共预算收入"] == 1
    assert not any(any(char.isdigit() for char in word) for word in words.index)
