from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from baogao.clean import CleaningRules, clean_page
from baogao.contract import terms
from baogao.describe import DescribingRules, describe_page
from baogao.read import read_page
from baogao.records import Body, DocumentType, Facts, Page, Removed
from baogao.sources import default_site_cards

EXAMPLES = Path(__file__).parents[1] / "examples" / "describe"
SEED = Path(__file__).parents[2] / "seeds" / "pages" / "000_ae0f72b16bb70785.txt"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.txt"))


@pytest.fixture(scope="module")
def rules() -> DescribingRules:
    return DescribingRules.from_terms(terms)


def expected(name: str) -> dict[str, Any]:
    return yaml.safe_load((EXAMPLES / f"{name}.expected.yaml").read_text(encoding="utf-8"))


def example(name: str, **page: str) -> tuple[Page, Body]:
    """A page whose text is a title block, an empty line, and the text."""
    text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
    block, _, rest = text.partition("\n\n")
    head = tuple(block.split("\n"))
    body = Body(tuple(rest.strip().split("\n")), head[0], head, ())
    return Page(f"{name}.txt", "text/plain", "utf-8", "0" * 64, len(text), text, **page), body


def stated(facts: Facts) -> dict[str, Any]:
    """The facts that are there, but for the reason."""
    said = {key: value for key, value in asdict(facts).items() if value is not None and key != "reason"}
    if "place" in said:
        said["place"] = {key: value for key, value in said["place"].items() if value is not None}
    return said


def made(address: str | None, said: str = "", **metadata: str) -> tuple[Page, Body]:
    line = "各位代表:现在,我代表市人民政府,向大会报告工作,请予审议。"
    return Page("a.html", "text/html", "utf-8", "0" * 64, 10, said, url=address), Body((line,), "政府工作报告", ("政府工作报告",), (), metadata=metadata)


def test_there_are_examples_and_each_has_its_expectation() -> None:
    assert NAMES
    assert sorted(path.name.removesuffix(".expected.yaml") for path in EXAMPLES.glob("*.expected.yaml")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_exactly_the_expected_facts(name: str, rules: DescribingRules) -> None:
    wanted = expected(name)
    facts = describe_page(*example(name, **wanted.get("page", {})), rules)
    if facts.document_type != "report":
        assert facts.completeness == "unknown"
        wanted["facts"]["completeness"] = "unknown"
    assert stated(facts) == wanted["facts"]


def test_every_document_type_has_an_example() -> None:
    assert {expected(name)["facts"]["document_type"] for name in NAMES} == set(get_args(DocumentType))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("kind-")])
def test_place_time_and_speaker_are_sought_only_in_reports(name: str, rules: DescribingRules) -> None:
    facts = describe_page(*example(name), rules)
    sought = {field.name for field in fields(Facts)} - {"document_type", "reason", "title", "base_url", "part_number", "part_count", "completeness", "corruption"}
    assert {getattr(facts, field) for field in sought} == {None}


def test_the_reason_names_the_evidence(rules: DescribingRules) -> None:
    assert describe_page(*example("kind-template"), rules).reason.startswith("template: masked-years")


@pytest.mark.parametrize(
    ("address", "stated_address", "base", "part"),
    [
        ("http://a.example/gb/10234_4.html", None, "http://a.example/gb/10234.html", 4),
        ("http://a.example/gb/content_2.shtml", None, "http://a.example/gb/content.shtml", 2),
        ("http://a.example/gb/index-12.htm", None, "http://a.example/gb/index.htm", 12),
        ("http://a.example/gb/t20240322_10234.html", None, "http://a.example/gb/t20240322_10234.html", None),
        ("http://a.example/gb/2024_1.html", None, "http://a.example/gb/2024_1.html", None),
        ("http://a.example/gb/10234.html", None, "http://a.example/gb/10234.html", None),
        ("http://a.example/gb/10234_4.html", "/gb/10234.html", "http://a.example/gb/10234.html", 4),
        ("http://a.example/gb/10234_4.html", "http://b.example/1.html", "http://b.example/1.html", 4),
        (None, "http://b.example/1.html", "http://b.example/1.html", None),
        (None, "/gb/10234.html", None, None),
        (None, None, None, None),
    ],
)
def test_the_address_of_the_first_page_and_the_part(
    address: str | None, stated_address: str | None, base: str | None, part: int | None, rules: DescribingRules
) -> None:
    metadata = {"page_address": stated_address} if stated_address else {}
    facts = describe_page(*made(address, **metadata), rules)
    assert (facts.base_url, facts.part_number) == (base, part)


def test_a_site_card_tells_the_part_and_what_a_path_is_an_address_of(rules: DescribingRules) -> None:
    cards = default_site_cards()
    fourth = describe_page(*made("http://bx2200.com/baogao/xn/20001_4.html"), rules, cards)
    assert (fourth.base_url, fourth.part_number) == ("http://bx2200.com/baogao/xn/20001.html", 4)
    copied = describe_page(*made(None, "凡注明为博县网原创作品的", page_address="/baogao/xn/20001.html"), rules, cards)
    assert (copied.base_url, copied.part_number) == ("http://bx2200.com/baogao/xn/20001.html", None)


def test_the_part_and_the_number_of_parts_are_taken_from_the_page_where_the_address_does_not_tell(rules: DescribingRules) -> None:
    numbers = {"part_number": "2", "part_count": "6"}
    for address, part in ((None, 2), ("http://a.example/1.html", 2), ("http://a.example/1_3.html", 3)):
        facts = describe_page(*made(address, **numbers), rules)
        assert (facts.part_number, facts.part_count) == (part, 6)
    assert describe_page(*made(None), rules).part_count is None


@pytest.mark.parametrize(
    ("title", "is_whole", "part"),
    [
        ("2024年永济市人民政府工作报告（二）", False, 2),
        ("2024年永济市人民政府工作报告(第3部分)", False, 3),
        ("2024年永济市人民政府工作报告（2）", True, None),
        ("永济市人民政府工作报告（2024年3月10日）", False, None),
    ],
)
def test_the_title_of_a_document_that_is_not_whole_may_name_the_part(title: str, is_whole: bool, part: int | None, rules: DescribingRules) -> None:
    page, body = made(None)
    lines = (*body.lines, "各位代表!让我们团结起来,为谱写新篇章而努力奋斗!") if is_whole else body.lines
    assert describe_page(page, replace(body, title=title, lines=lines), rules).part_number == part


def without_title(*beside: str) -> Body:
    lines = ("我代表省人民政府，向全省各族人民表示衷心的感谢！", "我们也清醒地看到，在发展和工作中还存在不少困难和问题。")
    return Body(lines, None, (), tuple(Removed(0, 0, "navigation", "menu", line) for line in beside))


def test_a_page_that_lost_its_title_is_known_by_the_one_place_whose_report_stands_above_it(rules: DescribingRules) -> None:
    page = Page("a.txt", "text/plain", "utf-8", "0" * 64, 10, "")
    facts = describe_page(page, without_title("首页", "四川省政府工作报告,年四川省政府工作报告全文(五)"), rules)
    assert facts.document_type == "report"
    assert facts.place is not None
    assert (facts.place.code, facts.place_evidence, facts.part_number) == ("510000", "page 四川省", 5)


@pytest.mark.parametrize("beside", [[], ["四川省情"], ["四川省政府工作报告", "云南省政府工作报告"], ["政府工作报告"]])
def test_what_stands_above_a_page_without_a_title_may_tell_no_place(beside: list[str], rules: DescribingRules) -> None:
    facts = describe_page(Page("a.txt", "text/plain", "utf-8", "0" * 64, 10, ""), without_title(*beside), rules)
    assert (facts.document_type, facts.place, facts.place_evidence) == ("report", None, None)


def test_the_seed_page() -> None:
    cards = default_site_cards()
    page = read_page(SEED.read_bytes(), source=SEED.name, cards=cards)
    body = clean_page(page, CleaningRules.from_terms(terms("boilerplate")))
    assert stated(describe_page(page, body, DescribingRules.from_terms(terms), cards)) == {
        "document_type": "report",
        "title": "(山西省)永济市人民政府工作报告(2024年3月22日)",
        "place": {"name": "永济市", "code": "140881", "level": "county", "province": "山西省", "prefecture": "运城市", "county": "永济市"},
        "place_evidence": "title 永济市",
        "report_year": 2024,
        "review_year": 2023,
        "year_evidence": "title 2024; delivery 2024; plan 2024",
        "delivered_on": date(2024, 3, 22),
        "completeness": "excerpt",
        "missing_parts": "beginning; end",
        "base_url": "http://bx2200.com/baogao/hb/10566.html",
    }
