"""The vocabulary of site furniture: every rule does what its example says, and leaves alone what it must."""

from typing import get_args

import pytest

from baogao.clean.rules import CleaningRules, Zone
from baogao.contract import terms
from baogao.records import RemovedKind
from baogao.text import fold

TERMS = terms("boilerplate")
LINES = TERMS["lines"]
RULES = CleaningRules.from_terms(TERMS)
BY_ID = {rule.id: rule for rule in RULES.rules}


def ids(lines):
    return [line["id"] for line in lines]


@pytest.mark.parametrize("line", LINES, ids=ids(LINES))
def test_a_rule_cuts_its_example_where_it_applies(line):
    said = fold(line["example"])
    rule = BY_ID[line["id"]]
    assert rule.pattern.search(said)
    assert not rule.needs or rule.needs & set(said)
    assert len(said) <= rule.longest
    assert all(RULES.match(said, zone) for zone in (("head", "tail") if line["at"] == "frame" else (line["at"],)))


@pytest.mark.parametrize(("id_", "kept"), [(line["id"], kept) for line in LINES for kept in line.get("keeps", ())])
def test_a_rule_leaves_alone_what_it_keeps(id_, kept):
    assert not BY_ID[id_].pattern.search(fold(kept))


@pytest.mark.parametrize("line", LINES, ids=ids(LINES))
def test_a_rule_is_described_in_known_words(line):
    assert line.keys() <= {"id", "kind", "at", "strength", "opens", "longest", "needs", "pattern", "example", "keeps"}
    assert line["kind"] in get_args(RemovedKind)
    assert line["at"] in get_args(Zone)
    assert line.get("strength", "hard") in {"hard", "soft"}
    assert not (line.get("opens") and line["at"] == "head")
    assert BY_ID[line["id"]].hard is (line.get("strength", "hard") == "hard")


def test_every_rule_has_an_identifier_of_its_own():
    assert len(BY_ID) == len(LINES)


# Sentences of reports that name what sites are furnished with.
@pytest.mark.parametrize(
    "sentence",
    [
        "评价机制不断完善，企业满意度持续提升。",
        "首页推荐、打印服务、一键分享等功能上线，政务服务网更加好用。",
        "主办单位：市教育局，各县（区）人民政府。",
        "编辑出版《望川年鉴》，修订《望川县志》。",
        "收藏、保护、展示并重，馆藏文物数字化率达到75%。",
        "来源广泛的社会资本参与老旧小区改造，时间过半、任务过半。",
        "上一年度遗留的12件建议全部办结，下一步将健全长效机制。",
        "电话诈骗案件发案数下降31.2%，地址库建设全面完成。",
        "更多优质医疗资源下沉基层，热门景区接待能力明显增强。",
        "各位代表！",
        "一、2022年工作回顾",
        "（三）民生保障持续加强。",
    ],
)
def test_no_rule_cuts_a_sentence_or_a_heading_inside_a_report(sentence):
    assert RULES.match(fold(sentence), "anywhere") is None


def test_a_rule_applies_in_its_zone_and_one_for_anywhere_in_all():
    assert RULES.match("来源:望川日报", "head").id == "byline-source"
    assert RULES.match("来源:望川日报", "tail").id == "credit-label"
    assert RULES.match("来源:望川日报", "anywhere") is None
    assert RULES.match("扫一扫在手机打开当前页", "head") is RULES.match("扫一扫在手机打开当前页", "tail")
    assert RULES.match("验证码:", "tail").kind == "comment_widget"
    assert RULES.match("验证码:", "head") is None
    assert {RULES.match("(下转第四版)", zone).id for zone in ("head", "tail", "anywhere")} == {"continued"}


def test_the_first_rule_that_cuts_a_line_is_the_one_recorded():
    first = CleaningRules.from_terms(
        {
            "lines": [
                {"id": "one", "kind": "footer", "at": "tail", "pattern": "版权", "example": "版权"},
                {"id": "two", "kind": "disclaimer", "at": "tail", "pattern": "版权所有", "example": "版权所有", "strength": "soft"},
            ],
            "names": [],
        }
    )
    assert first.match("版权所有", "tail").id == "one"
    assert first.match("版权所有", "head") is None


@pytest.mark.parametrize("row", ["首页", "【打印】【关闭】", "A- A A+", "首页 | 关于我们 | 联系我们", "字号: 大 中 小", "上一页 1 2 3 下一页", "【我要评论】[TOP]", "無障礙", "繁體"])
def test_a_row_of_words_of_menus_and_tools_is_known_above_and_below_the_text(row):
    assert RULES.match(fold(row), "head")
    assert RULES.match(fold(row), "tail")


@pytest.mark.parametrize("row", ["首页推荐服务", "打印 出版 发行", "12", "", "教育质量稳步提升", "视频监控、图片识别"])
def test_a_row_with_another_word_or_with_none_is_not(row):
    assert RULES.match(row, "tail") is None


@pytest.mark.parametrize("word", [word for group in TERMS["words"] for word in group["words"]])
def test_every_word_of_menus_and_tools_is_known_by_itself(word):
    assert RULES.match(fold(word), "head")


def test_traditional_characters_are_read_as_simplified_ones():
    assert RULES.match("相關連結", "tail").id == RULES.match("相关链接", "tail").id == "related"
    assert RULES.match("責任編輯:阮青", "tail").id == "editor"


def test_what_a_line_was_found_to_be_is_kept_and_stays_the_same():
    rules = CleaningRules.from_terms(TERMS)
    first = [rules.match(line, zone) for line in ("打印本页", "来源:望川日报") for zone in ("head", "tail", "anywhere")]
    assert [rules.match(line, zone) for line in ("打印本页", "来源:望川日报") for zone in ("head", "tail", "anywhere")] == first


def test_a_rule_that_needs_a_character_says_one_of_all_that_it_cuts():
    rules = CleaningRules.from_terms({"lines": [{"id": "one", "kind": "footer", "at": "tail", "needs": "甲", "pattern": "乙", "example": "甲乙"}], "names": []})
    assert rules.match("甲乙", "tail").id == "one"
    assert rules.match("乙", "tail") is None


def test_rules_of_a_site_come_before_the_general_ones():
    more = [{"id": "望川", "kind": "other", "at": "tail", "pattern": "^版权所有.*望川"}]
    assert CleaningRules.from_terms(TERMS, more).match("版权所有:望川在线", "tail").id == "望川"


def test_a_vocabulary_without_rules_for_a_zone_cuts_nothing_there():
    assert CleaningRules.from_terms({"lines": [], "names": []}).match("首页", "head") is None


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("nav", "navigation"),
        ("main-nav w1200", "navigation"),
        ("mainNav2", "navigation"),
        ("NAV_TOP", "navigation"),
        ("dqwz", "breadcrumb"),
        ("BreadcrumbNav", "breadcrumb"),
        ("bdshare_l fl", "page_tools"),
        ("pinglun-list", "comment_widget"),
        ("xgyd", "related_links"),
        ("pagebar fr", "previous_next"),
        ("box2 copyright", "disclaimer"),
        ("page-footer", "footer"),
        ("popup", "other"),
        ("navigate", None),
        ("sharedaddy", None),
        ("article-content TRS_Editor", None),
        ("ctl00_ContentPlaceHolder1_lblContent", None),
        ("place-holder", None),
        ("placeholder text", None),
        ("place", "breadcrumb"),
        ("c1 x2", None),
        ("", None),
    ],
)
def test_names_of_elements_are_read_as_words(names, kind):
    assert RULES.kind_of_name(names) == kind


def test_names_are_lower_case_words_of_one_kind_each():
    words = [word for group in TERMS["names"] for word in group["words"]]
    assert len(words) == len(set(words))
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert {group["kind"] for group in TERMS["names"]} <= set(get_args(RemovedKind))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("【 返 回 】【 关 闭 】", "page_tools"),
        ("收藏0 分享0 顶1 踩0", "page_tools"),
        ("上一篇4", "previous_next"),
        ("[打印本页](javascript:window.print()) [关闭窗口](javascript:window.close())", "page_tools"),
        ("![](/img/ewm.png)[打印](/p.html)", "page_tools"),
        ("人 民 网 版 权 所 有", "footer"),
        ("关闭本页 ×", "page_tools"),
        ("大 中 小", "page_tools"),
    ],
)
def test_tools_are_known_with_numbers_spaces_and_addresses(line, kind):
    assert RULES.match(fold(line), "tail").kind == kind


@pytest.mark.parametrize("line", ["[返回](/a.html)乡村的人才达到320名", "打 造 品 牌", "增 收 致 富"])
def test_words_are_no_row_of_tools_for_their_spaces(line):
    assert RULES.match(fold(line), "tail") is None
