from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from baogao import contract

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).resolve().parent


def load_score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_score", HERE / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCORE = load_score()
FLOORS: dict[str, dict[str, float]] = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))


def shortfalls(name: str, floors: dict[str, float] | None, scores: dict[str, float]) -> list[str]:
    """What is worse than its floor, has no floor, or is no longer scored."""
    if floors is None:
        return [f"{name}: floors.json has no floors for this set; scores are {scores}"]
    found = [f"{name}: {measure}: floors.json has no floor; the score is {reached}" for measure, reached in scores.items() if measure not in floors]
    found += [f"{name}: {measure}: floor {floor}, but nothing was scored" for measure, floor in floors.items() if measure not in scores]
    return found + [
        f"{name}: {measure}: floor {floors[measure]}, score {reached}"
        for measure, reached in scores.items()
        if measure in floors and SCORE.falls_short(measure, reached, floors[measure])
    ]


@pytest.mark.parametrize("name", SCORE.SETS)
def test_no_score_is_below_its_floor(name: str) -> None:
    if name.startswith("shared ") and not SCORE.is_here(name):
        pytest.skip(f"the texts of {name} are kept beside the project, in ../shared, and are not here")
    wrong: list[str] = []
    found = shortfalls(name, FLOORS.get(name), SCORE.score(name, wrong))
    assert not found, "\n".join([*found, "What is wrong in this set:", *wrong[:40]])


def test_every_floor_is_of_a_set() -> None:
    assert set(FLOORS) == set(SCORE.SETS)


@pytest.mark.parametrize("measure", ["precision", "right", "template: perfect"])
def test_a_share_falls_short_below_its_floor(measure: str) -> None:
    assert shortfalls("set", {measure: 0.9}, {measure: 0.899}) == [f"set: {measure}: floor 0.9, score 0.899"]
    assert shortfalls("set", {measure: 0.9}, {measure: 0.9}) == []


@pytest.mark.parametrize("measure", ["template: lost lines", "text: extra lines", "text: markers left"])
def test_a_count_of_errors_falls_short_above_its_floor(measure: str) -> None:
    assert shortfalls("set", {measure: 0}, {measure: 1}) == [f"set: {measure}: floor 0, score 1"]
    assert shortfalls("set", {measure: 1}, {measure: 0}) == []


def test_a_missing_floor_and_a_missing_score_fall_short() -> None:
    assert shortfalls("set", None, {"right": 1.0}) == ["set: floors.json has no floors for this set; scores are {'right': 1.0}"]
    assert shortfalls("set", {}, {"right": 1.0}) == ["set: right: floors.json has no floor; the score is 1.0"]
    assert shortfalls("set", {"right": 1.0}, {}) == ["set: right: floor 1.0, but nothing was scored"]


# --- the scorer, on labels that are wrong on purpose


def scores_of(tmp_path: Path, **changes: Any) -> dict[str, float]:
    label = {"name": "地区生产总值", "indicator": "gdp", "measure": "growth", "value": 7, "value_low": None, "value_high": None, "unit": "%", "bound": "approx"}
    row = {"id": "one", "text": "地区生产总值增长7%左右", "report_year": 2024, "section": "targets", "records": [label | changes], "not_values": []}
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    scores: dict[str, float] = SCORE.score_indicators(path, [])
    return scores


def test_right_labels_score_full(tmp_path: Path) -> None:
    assert scores_of(tmp_path) == {"precision": 1.0, "recall": 1.0, "linked": 1.0, "all_fields": 1.0, "relations": 0.0}


@pytest.mark.parametrize(
    ("changes", "worse"),
    [
        ({"value": 8}, {"precision", "recall", "linked", "all_fields"}),
        ({"value_low": 7}, {"precision", "recall", "linked", "all_fields"}),
        ({"start": 0, "end": 2}, {"precision", "recall", "linked", "all_fields"}),
        ({"name": "固定资产投资"}, {"linked", "all_fields"}),
        ({"indicator": "gdp_pc"}, {"linked", "all_fields"}),
        ({"unit": "个百分点"}, {"all_fields"}),
        ({"bound": "ge"}, {"all_fields"}),
        ({"status": "actual"}, {"all_fields"}),
        ({"period_end": 2023}, {"all_fields"}),
        ({"measure": "relation", "value": None}, {"precision", "recall", "linked", "all_fields"}),
    ],
)
def test_a_wrong_field_lowers_the_measures_that_judge_it(tmp_path: Path, changes: dict[str, Any], worse: set[str]) -> None:
    full = scores_of(tmp_path)
    assert {measure for measure, reached in scores_of(tmp_path, **changes).items() if reached < full[measure]} == worse


def test_a_field_that_is_not_labelled_is_not_judged(tmp_path: Path) -> None:
    assert scores_of(tmp_path, unit=None, indicator=None)["all_fields"] == 1.0


@pytest.mark.parametrize(("text", "traps"), [("地区生产总值增长7%", 0.0), ("地区生产总值平稳增长", 1.0)])
def test_a_trap_is_passed_when_no_record_touches_it(tmp_path: Path, text: str, traps: float) -> None:
    path = tmp_path / "labels.jsonl"
    row = {"id": "one", "text": text, "report_year": 2024, "section": "targets", "records": [], "not_values": [text[-2:]]}
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert SCORE.score_indicators(path, [])["traps"] == traps


def test_a_sentence_split_otherwise_lowers_the_score(tmp_path: Path) -> None:
    path = tmp_path / "sentences.jsonl"
    rows = [{"id": str(n), "text": "投资增长。税收增长。", "sentences": sentences} for n, sentences in enumerate([["投资增长。", "税收增长。"], ["投资增长。税收增长。"]])]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    wrong: list[str] = []
    assert SCORE.score_sentences(path, wrong) == {"right": 0.5}
    assert wrong == ["1: ['投资增长。', '税收增长。']"]


def test_a_section_labelled_otherwise_lowers_the_score_and_one_that_is_not_labelled_counts_as_extra(tmp_path: Path) -> None:
    text = "永济市人民政府工作报告\n各位代表!\n现在,我代表市人民政府,向大会报告工作,请予审议。\n一、2023年工作回顾\n生产总值增长5%。\n二、2024年工作安排\n修路。"
    (tmp_path / "one.txt").write_text(text, encoding="utf-8")
    (tmp_path / "one.tsv").write_text("1\topening\t\t\t各位代表!\n2\treview\t一、\t2023年工作回顾\t一、2023年\n1\ttasks\t三、\t修路\t三、修路\n", encoding="utf-8")
    assert SCORE.score_sections(tmp_path, []) == {"headings": 0.666, "right": 0.333, "extra sections": 1}


def test_lost_and_extra_lines_of_a_page_are_counted(tmp_path: Path) -> None:
    page = "导航菜单\n永济市人民政府工作报告\n各位代表!\n现在,我代表市人民政府,向大会报告工作。\n验证码:"
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    (tmp_path / "page.gold.txt").write_text("各位代表!\n请予审议。", encoding="utf-8")
    row = {"id": "page", "kind": "text", "file": "page.txt", "gold": "page.gold.txt", "url": "", "either_way": [], "boilerplate_markers": {"comment": ["验证码", "向大会报告"]}}
    (tmp_path / "index.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    counts = {"text: perfect": 0.0, "text: extra lines": 1, "text: lost lines": 1, "text: markers left": 1}
    # 4 characters are in both; kept are 4 and 17, labelled 4 and 4: runs of four are 18 and 5, and the first is in both.
    assert SCORE.score_cleaning(tmp_path, []) == counts | {"text: F1": int(1000 * 2 * 1 / (18 + 5)) / 1000}


def test_a_page_read_in_a_wrong_encoding_lowers_the_score_of_that_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.txt").write_text("各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。", encoding="utf-8")
    (tmp_path / "page.gold.txt").write_text("各位代表：", encoding="utf-8")
    (tmp_path / "index.jsonl").write_text(json.dumps({"file": "page.txt", "gold": "page.gold.txt"}), encoding="utf-8")
    full = SCORE.score_encodings(tmp_path, [])
    assert set(full.values()) == {1.0}
    assert {"utf-8", "gb18030", "gbk, declared utf-8", "utf-8, declared gb2312", "utf-8 cut", "gbk heading"} <= set(full)
    monkeypatch.setattr(SCORE, "decode", lambda data: (data.decode("utf-8", "replace"), "utf-8"))
    wrong: list[str] = []
    right = {case for case, reached in SCORE.score_encodings(tmp_path, wrong).items() if reached == 1}
    assert right == {"utf-8", "utf-8, declared gb2312", "utf-8 heading"}
    assert len(wrong) == len(set(full) - right)


# --- the labels of this folder


LABELS = [json.loads(line) for line in (HERE / "indicators.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", LABELS, ids=lambda row: row["id"])
def test_labels_say_where_a_value_stands_and_keep_to_the_definition_of_its_bound(row: dict[str, Any]) -> None:
    assert all(trap in row["text"] for trap in row["not_values"])
    for label in row["records"]:
        assert 0 <= label["start"] < label["end"] <= len(row["text"])
        value, low, high = label["value"], label["value_low"], label["value_high"]
        if label["measure"] in {"ratio", "relation"}:
            assert value is low is high is None
        elif label["bound"] == "range":
            assert value is None
            assert low < high
        else:
            assert low == (value if label["bound"] in {"eq", "ge", "gt"} else None)
            assert high == (value if label["bound"] in {"eq", "le", "lt"} else None)


def test_there_are_labels_of_every_level_and_stance() -> None:
    assert len(LABELS) >= 60
    assert len({row["id"] for row in LABELS}) == len(LABELS)
    assert {row["level"] for row in LABELS} == {"national", "province", "prefecture", "county"}
    assert {row["section"] for row in LABELS} >= {"review", "targets", "plan", "tasks"}
    assert min(row["report_year"] for row in LABELS) < 1960
    assert max(row["report_year"] for row in LABELS) > 2025


@pytest.mark.skipif(not all(map(SCORE.is_here, SCORE.ACCURACY)), reason="the real sentences are kept beside the project, in ../shared, and are not here")
def test_the_accuracy_that_releases_publish_is_that_of_the_code() -> None:
    assert contract.terms("accuracy") == SCORE.accuracy()
