from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from baogao.contract import terms
from baogao.describe.kind import Evidence, KindRules, document_type
from baogao.records import Body, DocumentType
from baogao.text import fold

ROWS = [(kind, row) for kind, rows in terms("document_types")["types"].items() for row in rows]


@pytest.fixture(scope="module")
def rules() -> KindRules:
    return KindRules.from_terms(terms("document_types"))


def body(title: str | None = None, *lines: str, head: tuple[str, ...] = ()) -> Body:
    return Body(lines, title, head, ())


def alone(rules: KindRules, kind: str, row: dict[str, Any]) -> KindRules:
    """Rules that hold this one piece of evidence, and let it decide."""
    one = next(evidence for evidence in rules.evidence if (evidence.id, evidence.kind) == (row["id"], kind))
    return KindRules((one,), one.weight)


def page_of(row: dict[str, Any], where: str) -> Body:
    """A page that holds the example in that zone and nowhere else."""
    filler = "天高云淡。" * 400
    match where:
        case "title":
            return body(row["example"], filler)
        case "opening":
            return body("标题", row["example"], filler)
        case "close":
            return body("标题", filler, row["example"])
        case _:
            return body("标题", "天高云淡。" * 200, row["example"], "天高云淡。" * 200)


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=[f"{kind}-{row['id']}" for kind, row in ROWS])
def test_each_piece_of_evidence_is_found_in_its_own_example_and_zone(kind: str, row: dict[str, Any], rules: KindRules) -> None:
    assert document_type(page_of(row, row["where"]), alone(rules, kind, row)) == (kind, f"{kind}: {row['id']}")


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=[f"{kind}-{row['id']}" for kind, row in ROWS])
def test_evidence_counts_in_no_other_zone(kind: str, row: dict[str, Any], rules: KindRules) -> None:
    elsewhere = {"title": "body", "opening": "close", "body": "title", "close": "opening"}[row["where"]]
    assert document_type(page_of(row, elsewhere), alone(rules, kind, row))[0] == "other"


def test_every_type_of_the_vocabulary_is_a_document_type_and_the_other_way_round() -> None:
    assert set(terms("document_types")["types"]) == set(get_args(DocumentType))


def test_within_a_type_no_piece_of_evidence_has_the_name_of_another() -> None:
    names = [(kind, row["id"]) for kind, row in ROWS]
    assert len(names) == len(set(names))


def test_a_page_without_evidence_is_of_the_type_other(rules: KindRules) -> None:
    assert document_type(body("通知栏", "今日天气晴。"), rules) == ("other", "other: no sufficient evidence of any type")
    assert document_type(body(), rules)[0] == "other"


def test_evidence_below_the_threshold_decides_nothing(rules: KindRules) -> None:
    page = body("标题", "各位代表：", "天高云淡。")
    assert document_type(page, replace(rules, threshold=3))[0] == "other"
    assert document_type(page, replace(rules, threshold=2)) == ("report", "report: delegates")


def test_each_pattern_counts_once_however_often_it_is_found(rules: KindRules) -> None:
    assert document_type(body("标题", *["会议号召全县人民。"] * 5), rules)[0] == "other"


def test_at_least_says_how_often_a_pattern_must_be_found(rules: KindRules) -> None:
    masks = [row for row in ROWS if row[1]["id"] == "masked-years"]
    only = alone(rules, *masks[0])
    assert document_type(body("标题", "20xx年，xx市。"), only)[0] == "other"
    assert document_type(body("标题", "20xx年，xx市增长x.x%。"), only)[0] == "template"


def test_the_heaviest_type_wins_and_of_a_draw_the_first() -> None:
    def evidence(kind: DocumentType, weight: int) -> Evidence:
        return Evidence(f"{kind}-word", kind, "body", weight, 1, re.compile("词"))

    page = body("标题", "词")
    assert document_type(page, KindRules((evidence("policy", 4), evidence("news", 5)), 4))[0] == "news"
    assert document_type(page, KindRules((evidence("policy", 4), evidence("news", 4)), 4))[0] == "policy"
    assert document_type(page, KindRules((evidence("news", 4), evidence("policy", 4)), 4))[0] == "news"


def test_width_does_not_matter(rules: KindRules) -> None:
    narrow = body("国发[2019]3号", "各省、自治区、直辖市人民政府:")
    wide = body("国发［２０１９］３号", "各省、自治区、直辖市人民政府：")
    assert fold(wide.title or "") == narrow.title
    assert document_type(wide, rules) == document_type(narrow, rules) == ("policy", "policy: document-number, addressees")


@pytest.mark.parametrize(
    ("title", "lines", "kind"),
    [
        ("丰水县人民政府工作报告", ["各位代表：", "现在，我代表县人民政府，向大会报告工作。", "（记者 周文 编辑 吴双）"], "report"),
        ("丰水县人民政府工作报告", ["各位代表：", "现在，我代表县人民政府，向大会报告工作，请予审议。", "会议要求持续改进作风。", "会议决定批准有关计划。"], "report"),
        ("关于印发《2024年政府工作报告》的通知", ["各乡镇人民政府，县政府各部门：", "现印发给你们，请认真贯彻执行。"], "policy"),
        ("丰水县人大常委会关于批准政府工作报告中期调整的决定", ["会议听取和审议了政府工作报告。会议认为，调整是必要的。"], "resolution"),
        ("数说报告 | 一图读懂政府工作报告", ["8.1%", "3.2万人"], "interpretation"),
        ("代表热议政府工作报告", ["本报讯（记者 周文）代表们在讨论中说。"], "news"),
        ("各代表团审议政府工作报告", ["1月18日，各代表团分组审议。"], "news"),
        ("关于审议政府工作报告的决议", ["会议听取和审议了政府工作报告。会议同意这个报告。"], "resolution"),
    ],
)
def test_what_stands_beside_the_report_does_not_change_what_a_page_is(title: str, lines: list[str], kind: str, rules: KindRules) -> None:
    assert document_type(Body(tuple(lines), title, (title,), ()), rules)[0] == kind
