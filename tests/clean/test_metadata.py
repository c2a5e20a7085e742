"""What pages state of themselves is found by name: in metas, in order of trust, and in lines that were cut off."""

from typing import Any

import pytest

from baogao.clean.markup import read_markup
from baogao.clean.metadata import MetadataRules, html_metadata, line_metadata
from baogao.contract import terms
from baogao.records import Removed
from baogao.text import fold

TERMS = terms("boilerplate")
RULES = MetadataRules.from_terms(TERMS)
LABELS = TERMS["labels"]


def stated(head: str) -> dict[str, str]:
    return html_metadata(read_markup(f"<html><head>{head}</head><body></body></html>"), RULES)


def said(*lines: tuple[str, str]) -> dict[str, str]:
    return line_metadata([Removed(0, 1, kind, "rule", text) for kind, text in lines], RULES)


@pytest.mark.parametrize(
    ("head", "name", "value"),
    [
        ("<title> 望川县\n政府工作报告 </title>", "html_title", "望川县 政府工作报告"),
        ('<meta name="ArticleTitle" content="望川县政府工作报告">', "title", "望川县政府工作报告"),
        ('<meta name="PubDate" content="2023-01-09 08:00">', "published", "2023-01-09 08:00"),
        ('<meta name="ContentSource" content="县政府办">', "source", "县政府办"),
        ('<meta name="SiteName" content="望川县人民政府">', "site_name", "望川县人民政府"),
        ('<meta name="SiteIDCode" content="9900000001">', "site_id_code", "9900000001"),
        ('<meta name="ColumnName" content="政府工作报告">', "column", "政府工作报告"),
        ('<meta property="og:title" content="望川县政府工作报告">', "title", "望川县政府工作报告"),
        ('<meta property="article:published_time" content="2023-01-09">', "published", "2023-01-09"),
        ('<meta itemprop="datePublished" content="2023-01-09">', "published", "2023-01-09"),
        ('<META NAME="pubdate" CONTENT=" 2023-01-09&nbsp;">', "published", "2023-01-09"),
    ],
)
def test_what_a_page_states_in_its_head_is_read(head: str, name: str, value: str) -> None:
    assert stated(head) == {name: value}


def test_the_meta_that_is_trusted_most_counts_wherever_it_stands() -> None:
    assert stated('<meta property="og:title" content="甲"><meta name="ArticleTitle" content="乙"><meta name="title" content="丙">') == {"title": "乙"}


def test_the_first_of_a_kind_counts_and_an_empty_one_states_nothing() -> None:
    assert stated('<meta name="PubDate" content=""><meta name="PubDate" content="2023"><meta name="PubDate" content="2024"><meta name="x" content="y">') == {"published": "2023"}
    assert stated("") == {}


def test_a_meta_means_one_thing() -> None:
    metas = [meta for names in TERMS["metas"].values() for meta in names]
    assert len(metas) == len(set(metas))
    assert all(meta == meta.lower() for meta in metas)


@pytest.mark.parametrize("row", LABELS, ids=lambda row: row["name"])
def test_a_label_says_its_value(row: dict[str, Any]) -> None:
    kind = "previous_next" if row["name"].startswith("part_") else "byline"
    assert said((kind, row["example"]))[row["name"]] == fold(row["value"])


def test_a_byline_is_believed_before_other_lines_and_the_first_before_later_ones() -> None:
    lines = [("navigation", "更新于2020-01-01"), ("byline", "时间：2023-01-09 来源：望川日报"), ("byline", "时间：2024-01-09")]
    assert said(*lines) == {"published": "2023-01-09", "source": "望川日报"}


@pytest.mark.parametrize("kind", ["related_links", "comment_widget", "duplicate"])
def test_what_speaks_of_other_pages_says_nothing_of_this_one(kind: str) -> None:
    assert said((kind, "来源：临澜日报 2021-05-06 编辑：石竹")) == {}


def test_the_title_of_the_next_page_says_nothing_of_this_one_but_a_pager_does() -> None:
    assert said(("previous_next", "下一篇：临澜市政府工作报告（2022年1月11日）")) == {}
    assert said(("previous_next", "上一页 1 2 3 4 下一页")) == {"part_count": "4"}
    assert said(("previous_next", "2/5")) == {"part_count": "5", "part_number": "2"}
    assert said(("page_tools", "2/5"), ("byline", "共28页")) == {}


def test_a_long_notice_says_nothing() -> None:
    assert said(("disclaimer", "本站部分报告来源：互联网，更新于2019-01-01，" + "仅供参考，" * 60)) == {}
