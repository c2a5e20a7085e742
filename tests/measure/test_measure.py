from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import baogao
from baogao.contract import terms
from baogao.measure import Measurer
from baogao.measure.names import Names
from baogao.records import BaogaoError, Bound, Measure
from baogao.text import fold

TESTS = Path(__file__).resolve().parents[1]
SEEDS = TESTS.parent / "seeds" / "pages"
MEASURER = Measurer.from_terms(terms)
SECTIONS = ("review", "targets", None)

few = settings(max_examples=100, deadline=None, derandomize=True)


def load(path: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def examples() -> list[Any]:
    files = sorted((TESTS / "examples" / "measure").glob("*.yaml"))
    return [pytest.param(case, id=f"{file.stem}-{n}") for file in files for n, case in enumerate(load(file), 1)]


def counterexamples() -> list[Any]:
    return [pytest.param(case, id=case["no_value"][0]) for case in load(TESTS / "counterexamples" / "measure.yaml")]


def days(period: int | list[int] | None) -> dict[str, date | None]:
    if period is None:
        return {"period_start": None, "period_end": None}
    first, last = period if isinstance(period, list) else (period, period)
    return {"period_start": date(first, 1, 1), "period_end": date(last, 12, 31)}


def spans(text: str, part: str) -> list[range]:
    return [range(at, at + len(part)) for at in range(len(text)) if text.startswith(part, at)]


# --- reviewed by hand


@pytest.mark.parametrize("case", examples())
def test_a_passage_gives_the_records_that_its_example_states_and_no_others(case: dict[str, Any]) -> None:
    said = baogao.measure(case["text"], report_year=case["report_year"], section=case["section"])
    wanted = [{key: value for key, value in record.items() if key != "period"} | (days(record["period"]) if "period" in record else {}) for record in case["records"]]
    found = [{key: getattr(record, key) for key in want} for record, want in zip(said, wanted, strict=False)]
    assert (found, len(said)) == (wanted, len(wanted))


def test_the_examples_cover_every_measure_bound_status_and_tier() -> None:
    wanted = [record for file in (TESTS / "examples" / "measure").glob("*.yaml") for case in load(file) for record in case["records"]]
    assert {record.get("measure") for record in wanted} >= set(get_args(Measure))
    assert {record.get("bound") for record in wanted} >= set(get_args(Bound))
    assert {record.get("status") for record in wanted} >= {"actual", "estimate", "expected", "target", "past_target"}
    assert {record.get("tier") for record in wanted} >= {"base", "stretch", "internal"}


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("case", counterexamples())
def test_what_looks_like_a_value_and_is_none_gives_no_record(case: dict[str, Any], section: str | None) -> None:
    said = baogao.measure(case["text"], report_year=2024, section=section)
    assert [record.quote for record in said] == case.get("records", [])
    for trap in case["no_value"]:
        places = spans(case["text"], trap)
        assert places
        assert not [record.quote for record in said for place in places if record.start < place.stop and place.start < record.end]


# --- the seed page


def seed_text() -> str:
    (page,) = SEEDS.glob("*.txt")
    return "\n".join(baogao.clean(page.read_bytes()).lines)


def test_the_seed_page_has_eight_targets() -> None:
    (line,) = [line for line in seed_text().split("\n") if "主要预期目标是" in line]
    said = baogao.measure(line, report_year=2024, section="targets")
    assert [(record.indicator, record.measure, record.value, record.bound, record.reference, record.status) for record in said] == [
        ("gdp", "growth", 7.0, "approx", None, "target"),
        ("industrial_value_added", "growth", 9.0, "approx", None, "target"),
        ("fixed_asset_investment", "growth", 13.0, "ge", None, "target"),
        ("retail_sales", "growth", 10.0, "approx", None, "target"),
        ("general_budget_revenue", "growth", 3.0, "eq", None, "target"),
        ("urban_income_pc", "relation", None, "approx", "经济增长", "target"),
        ("rural_income_pc", "relation", None, "gt", "经济增速", "target"),
        ("binding_targets", "relation", None, "ge", "上级下达任务", "target"),
    ]


def test_the_seed_page_tells_of_its_achievements() -> None:
    said = baogao.measure(seed_text(), report_year=2024, section="review")
    told = {(record.name, record.measure, record.value, record.unit) for record in said}
    assert told >= {
        ("民生实事", "level", 9.0, "件"),
        ("高考二本以上达线率", "share", 66.9, "%"),
        ("脱贫人口纯收入", "level", 15269.0, "元"),
        ("脱贫人口纯收入", "growth", 17.1, "%"),
        ("刑事案件破案率", "growth", 21.7, "%"),
    }


@pytest.mark.parametrize("trap", ["543", "十四五", "三比三争", "一盔一带", "一老一小", "75周年", "二本以上", "2023年", "2024年", "千名", "(一)"])
@pytest.mark.parametrize("section", SECTIONS)
def test_on_the_seed_page_no_record_touches_what_only_looks_like_a_value(trap: str, section: str | None) -> None:
    text = seed_text()
    places = spans(text, trap)
    assert places
    said = baogao.measure(text, report_year=2024, section=section)
    assert not [record.quote for record in said for place in places if record.start < place.stop and place.start < record.end]


# --- any text

MARKS = "0123456789.,，。、；;：:%％‰()（）“”《》—-~～/ \u3000\n"
HAN = "零一二三四五六七八九十百千万亿两〇年月日元人个家项吨亩位第番倍成和与及其中比上增长下降提高到由从约近超余多以内左右分别均为占全省市居民收入同步持平目标完成任务"
WORDS = (
    "地区生产总值 固定资产投资 一般公共预算收入 城镇居民人均可支配收入 居民消费价格指数 城镇登记失业率 增长 下降 提高 控制在 达到 以上 以内 左右 分别 其中 个百分点 百分之 "
    "翻一番 亿元 万人 微克/立方米 力争 确保 预计 初步核算 高于全省平均水平 与经济增长基本同步 2023年 “十四五”期间 过去五年 上半年 1-11月 比上年 是2020年的 第3位 前三 两位数 "
    "7% 12.5 1,234.5 5%—6% 三分之二 近六成 103 2.5倍 -2.3% １３．５％ 0 四十"
).split()

passages = st.lists(st.one_of(st.sampled_from(WORDS), st.text(alphabet=MARKS + HAN, min_size=1, max_size=4)), max_size=16).map("".join)
years = st.one_of(st.none(), st.integers(1949, 2100))
sections = st.sampled_from([None, "review", "targets", "plan", "title", "tasks", "opening"])


@few
@given(passages, years, sections)
def test_the_span_of_every_record_is_its_quote(text: str, year: int | None, section: str | None) -> None:
    for record in baogao.measure(text, report_year=year, section=section):
        assert record.quote
        assert text[record.start : record.end] == record.quote
        assert record.name


@few
@given(st.text(alphabet=MARKS + HAN + "aPxX+·¥é①Ⅲ𠀀\t\r\ufeff", max_size=60), years, sections)
def test_any_text_of_chinese_digits_units_and_marks_is_measured(text: str, year: int | None, section: str | None) -> None:
    assert all(0 <= record.start < record.end <= len(text) for record in baogao.measure(text, report_year=year, section=section))


@few
@given(passages, sections)
def test_no_two_records_have_the_same_span_and_name(text: str, section: str | None) -> None:
    said = baogao.measure(text, report_year=2024, section=section)
    assert len({(record.start, record.end, record.name) for record in said}) == len(said)


@few
@given(passages, sections)
def test_ends_of_a_value_stand_as_its_bound_says(text: str, section: str | None) -> None:
    for record in baogao.measure(text, report_year=2024, section=section):
        value, low, high = record.value, record.value_low, record.value_high
        if record.measure in {"ratio", "relation"}:
            assert (value, low, high, record.value_si) == (None, None, None, None)
            continue
        ends = {
            "eq": value == low == high, "ge": value == low and high is None, "gt": value == low and high is None, "le": value == high and low is None,
            "lt": value == high and low is None, "approx": low is high is None, "near": low is high is None, "range": value is None,
        }  # fmt: skip
        assert ends[str(record.bound)], record
        assert (value is None) == (record.bound == "range")
        assert low is None or high is None or low <= high


@few
@given(passages, years, sections)
def test_no_period_ends_before_it_begins(text: str, year: int | None, section: str | None) -> None:
    for record in baogao.measure(text, report_year=year, section=section):
        assert record.period_start is None or record.period_end is None or record.period_start <= record.period_end


@few
@given(passages, sections)
def test_points_are_never_percent(text: str, section: str | None) -> None:
    for record in baogao.measure(text, report_year=2024, section=section):
        if "个百分点" in record.quote:
            assert (record.unit, record.unit_si) == ("个百分点", "个百分点")
            assert record.measure in {"change", "gap"}


@few
@given(passages, sections)
def test_the_width_of_the_input_changes_no_value(text: str, section: str | None) -> None:
    narrow = fold(text)
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in narrow)
    values = [
        [(one.start, one.end, one.measure, one.value, one.value_low, one.value_high, one.bound, one.unit, one.indicator) for one in baogao.measure(said, report_year=2024, section=section)]
        for said in (narrow, wide)
    ]
    assert values[0] == values[1]


# --- what may be asked


def test_offsets_count_from_the_start_of_the_text_over_all_its_lines_and_sentences() -> None:
    text = "一、工作回顾\n生产总值增长6%。\n  投资增长8%。税收增长9%。"
    said = baogao.measure(text, report_year=2024, section="review")
    assert [(one.quote, one.start) for one in said] == [("6%", text.index("6%")), ("8%", text.index("8%")), ("9%", text.index("9%"))]


def test_a_subject_is_not_carried_into_the_next_sentence() -> None:
    said = baogao.measure("生产总值增长6%。增长8%。", report_year=2024, section="review")
    assert [(one.quote, one.name, one.indicator, one.rule) for one in said] == [("6%", "生产总值", "gdp", "clause"), ("8%", "增长", None, "unnamed")]


def test_a_part_that_no_report_has_is_refused_with_the_parts_that_there_are() -> None:
    with pytest.raises(BaogaoError, match="section 'preface' is no part of a report: use review, targets"):
        baogao.measure("生产总值增长6%", section="preface")


def test_a_text_without_a_figure_or_relation_has_no_records() -> None:
    assert baogao.measure("", report_year=2024, section="review") == []
    assert baogao.measure("各位代表!让我们更加紧密地团结起来。", report_year=2024, section="targets") == []


@pytest.mark.parametrize(("place", "indicator"), [(None, "gdp"), ("浙江省", None), ("杭州市", "gdp")])
def test_only_the_name_of_the_reports_own_place_is_taken_off_a_name(place: str | None, indicator: str | None) -> None:
    text = "杭州市生产总值增长5%。"
    (said,) = MEASURER.sentence(text, 0, len(text), stance="back", report_year=2024, place=place)
    assert said.indicator == indicator


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("居民收入增速跑赢全省平均水平", "跑赢全省平均水平"),
        ("人均预期寿命超过全国平均水平", "超过全国平均水平"),
        ("居民收入与经济发展相协调", None),
        ("空气质量优良天数持续增加", "持续增加"),
        ("研发投入强度持续提升", "持续提升"),
        ("城镇登记失业率稳步降低", None),
        ("水产品产值实现翻番", "翻番"),
        ("新建学校二十五所", "二十五所"),
        ("综合实力居全市第四", "第四"),
        ("半数乡镇通车", "半数"),
    ],
)
def test_no_sentence_with_a_figure_or_relation_is_passed_over(text: str, quote: str | None) -> None:
    figures = MEASURER.linker.link(text, stance="ahead", report_year=2024)
    related = MEASURER.relations.link(text, figures, Names(MEASURER.lexicon), stance="ahead", report_year=2024)
    said = baogao.measure(text, report_year=2024, section="targets")
    assert said == [*figures, *related]
    assert quote is None or [one.quote for one in said] == [quote]
