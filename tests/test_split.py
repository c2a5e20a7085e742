from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean import CleaningRules, clean_page
from baogao.contract import terms
from baogao.read import read_page
from baogao.records import Paragraph, Section, Sentence
from baogao.split import SplittingRules, sentence_spans, split_report, split_sentences
from baogao.text import fold, squash

EXAMPLES = Path(__file__).parent / "examples" / "split"
SEED = Path(__file__).parents[1] / "seeds" / "pages" / "000_ae0f72b16bb70785.txt"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.txt"))
HEADINGS = terms("headings")
RULES = SplittingRules.from_terms(HEADINGS)
QUICK = settings(max_examples=100, derandomize=True, deadline=None)

Split = tuple[list[Section], list[Paragraph], list[Sentence]]


def split(text: str) -> Split:
    return split_report(text, RULES)


def outline(sections: list[Section]) -> str:
    """Sections a line each, indented by depth: marker | heading [role]."""
    lines = []
    for section in sections:
        name = " | ".join(part for part in (section.marker, section.heading) if part)
        lines.append("  " * (section.depth - 1) + f"{name} [{section.role}]".strip())
    return "\n".join(lines) + "\n"


# --- examples


def test_there_are_examples_and_each_has_its_expectation() -> None:
    assert NAMES
    assert sorted(path.name.removesuffix(".expected.yaml") for path in EXAMPLES.glob("*.expected.yaml")) == NAMES


def example(name: str) -> tuple[str, Split, dict[str, Any]]:
    text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
    return text, split(text), yaml.safe_load((EXAMPLES / f"{name}.expected.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_sections_of_an_example_nest_as_expected(name: str) -> None:
    _, (sections, _, _), wanted = example(name)
    assert outline(sections) == wanted["sections"]


@pytest.mark.parametrize("name", NAMES)
def test_the_leads_of_an_example_are_the_expected_ones(name: str) -> None:
    _, (_, paragraphs, _), wanted = example(name)
    assert [paragraph.lead for paragraph in paragraphs if paragraph.lead] == wanted["leads"]


@pytest.mark.parametrize("name", NAMES)
def test_the_list_items_of_an_example_are_the_expected_ones(name: str) -> None:
    text, (_, paragraphs, _), wanted = example(name)
    items = [text[paragraph.start : paragraph.end] for paragraph in paragraphs if paragraph.is_list_item]
    assert [item[: len(start)] for item, start in zip(items, wanted["items"], strict=True)] == wanted["items"]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_as_many_sentences_as_expected(name: str) -> None:
    _, (_, _, sentences), wanted = example(name)
    assert len(sentences) == wanted["sentences"]


# --- headings and their parts


@pytest.mark.parametrize("row", HEADINGS["roles"], ids=lambda row: row["role"])
def test_each_heading_pattern_gives_its_own_example_its_role(row: dict[str, str]) -> None:
    assert RULES.role(row["example"]) == row["role"]
    sections, _, _ = split(f"{row['example']}\n一段正文。")
    assert sections[-1].role == row["role"]


@pytest.mark.parametrize("row", HEADINGS["text"], ids=lambda row: row["role"])
def test_each_text_pattern_gives_its_own_example_its_role(row: dict[str, str]) -> None:
    sections, _, _ = split(f"{row['example']}\n一、产业发展\n一段正文。")
    assert (sections[0].role, sections[0].heading) == (row["role"], None)


def test_parts_look_ahead_or_back_or_stand_apart_but_never_two_of_these() -> None:
    parts = [*HEADINGS["ahead"], *HEADINGS["back"], *HEADINGS["apart"]]
    assert len(parts) == len(set(parts))
    assert {row["role"] for row in HEADINGS["roles"]} == set(parts)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("一、2023年工作回顾", "review"),
        ("一、２０２３年工作回顾", "review"),
        ("一、2023 年 工 作 回 顾", "review"),
        ("一、过去一年主要工作", "review"),
        ("一、过去五年的工作回顾", "term_review"),
        ("一、本届政府五年工作回顾", "term_review"),
        ("二、2024年主要预期目标", "targets"),
        ("二、今后五年的奋斗目标和主要任务", "plan_targets"),
        ("二、2024年总体要求", "requirements"),
        ("三、2024年重点工作", "tasks"),
        ("四、存在的主要问题和困难", "difficulties"),
        ("五、十件民生实事", "livelihood"),
        ("六、全面加强政府自身建设", "government_building"),
        ("六、努力建设人民满意的服务型政府", "government_building"),
        ("七、特色农业", "other"),
    ],
)
def test_a_heading_tells_the_part_that_its_section_plays(heading: str, role: str) -> None:
    sections, _, _ = split(f"{heading}\n一段正文。")
    assert sections[0].role == role


def test_a_section_plays_the_part_of_the_one_it_belongs_to_unless_its_own_name_says_otherwise() -> None:
    sections, _, _ = split("一、2023年工作回顾\n(一)做强工业\n一段正文。\n(二)存在的困难和问题\n一段正文。\n1.产业不优\n一段正文。")
    assert [section.role for section in sections] == ["review", "review", "difficulties", "difficulties"]


def test_nothing_in_an_annex_plays_a_part_of_the_report() -> None:
    sections, _, _ = split("一、2023年工作回顾\n正文。\n附件1\n正文。\n一、2023年工作回顾\n正文。\n(一)主要预期目标\n正文。")
    assert [section.role for section in sections] == ["review", "annex", "annex", "annex"]
    assert [section.depth for section in sections] == [1, 1, 2, 3]


def test_a_numbered_annex_stands_beside_the_parts_of_the_report_and_not_in_one() -> None:
    sections, _, _ = split("第一部分 工作回顾\n正文。\n一、做强工业\n正文。\n二、名词解释\n正文。\n第二部分 工作安排\n正文。")
    assert [(section.heading, section.depth) for section in sections] == [("工作回顾", 1), ("做强工业", 2), ("名词解释", 1), ("工作安排", 1)]


def test_numbers_go_on_after_a_heading_without_a_number() -> None:
    text = "一、2023年工作回顾\n(一)做强工业\n正文。\n存在的困难和问题\n正文。\n二、做优农业\n(一)抓粮食\n正文。\n重点任务\n一、修路\n二、架桥\n正文。"
    assert outline(split(text)[0]) == (
        "一、 | 2023年工作回顾 [review]\n  (一) | 做强工业 [review]\n存在的困难和问题 [difficulties]\n二、 | 做优农业 [other]\n  (一) | 抓粮食 [other]\n"
        "重点任务 [tasks]\n  一、 | 修路 [tasks]\n  二、 | 架桥 [tasks]\n"
    )


def test_an_annex_that_numbers_its_parts_anew_keeps_them() -> None:
    text = "一、工作回顾\n正文。\n二、工作安排\n正文。\n附件1\n一、交通\n正文。\n二、水利\n正文。\n附件2 项目表\n正文。"
    assert [(one.marker, one.heading, one.depth) for one in split(text)[0]][2:] == [("附件1", None, 1), ("一、", "交通", 2), ("二、", "水利", 2), ("附件2", "项目表", 1)]


def test_entries_of_a_glossary_and_projects_for_the_people_are_no_sections() -> None:
    text = "一、工作安排\n正文。\n附件1\n2024年十件民生实事\n一、修路\n正文。\n二、架桥\n正文。\n名词解释\n1.链长制\n正文。\n(1)“一老一小”:老人和儿童。"
    assert outline(split(text)[0]) == "一、 | 工作安排 [tasks]\n附件1 | 2024年十件民生实事 [livelihood]\n名词解释 [glossary]\n"


def test_what_follows_the_targets_without_a_name_for_its_part_is_tasks() -> None:
    sections, _, _ = split("一、2024年主要目标\n正文。\n二、做强工业\n正文。\n三、做优农业\n正文。")
    assert [section.role for section in sections] == ["targets", "tasks", "tasks"]
    assert [section.role for section in split("一、2023年工作回顾\n正文。\n二、做强工业\n正文。")[0]] == ["review", "other"]


@pytest.mark.parametrize(
    ("line", "marker", "heading"),
    [
        ("一、2023年工作回顾", "一、", "2023年工作回顾"),
        ("（一）坚持创新驱动，激发活力。全年研发投入增长12%。", "（一）", "坚持创新驱动，激发活力"),
        ("(一)坚持创新驱动:全年研发投入增长12%。", "(一)", "坚持创新驱动"),
        ("1.做强链主。引进企业3家。", "1.", "做强链主"),
        ("3、做强链主", "3、", "做强链主"),
        ("第二部分　今年工作安排", "第二部分", "今年工作安排"),
        ("二、" + "大" * 60, "二、", "大" * 60),
        ("二、" + "大" * 50 + "。正文。", "二、", "大" * 50),
    ],
)
def test_a_numbered_heading_is_taken_without_its_marker_and_stop(line: str, marker: str, heading: str) -> None:
    (section,), _, _ = split(line)
    assert (section.marker, section.heading) == (marker, heading)


@pytest.mark.parametrize(
    "line",
    [
        "二、" + "大" * 61,
        "二、" + "大" * 51 + "。正文。",
        "(一)抓项目;抓招商;抓落地",
        "1.2024年新增就业1.5万人。",
        "1.新建学校6所",
        "1.改造老旧小区。",
        "1." + "大" * 31,
        "1.5亿元的投资",
        "一是抓项目",
        "十分重视产业发展",
        "2024年工作安排,要点如下",
        "民生实事:",
        "重点任务" + "大" * 27,
        "——2024年重点工作",
        "一、",
        "（一）",
    ],
)
def test_what_only_looks_like_a_heading_opens_no_section(line: str) -> None:
    sections, _, _ = split(f"{line}\n一段正文。")
    assert [section.heading for section in sections] == [None]


def test_an_unnumbered_last_line_is_no_heading() -> None:
    assert [section.heading for section in split("一段正文。\n民生实事")[0]] == [None]


BODY = "这是一段正文，说的是这一年里做了哪些事，还有哪些没有做完，以及为什么没有做完。" * 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            f"(一)1993年工作回顾\n一、农业\n{BODY}\n二、工业\n{BODY}\n(二)1994年工作任务\n{BODY}",
            "(一) | 1993年工作回顾 [review]\n  一、 | 农业 [review]\n  二、 | 工业 [review]\n(二) | 1994年工作任务 [tasks]\n",
        ),
        (
            f"一、2023年工作回顾\n{BODY}\n二、2024年工作安排\n重点抓好以下工作:\n一、兴工业\n{BODY}\n二、强农业\n{BODY}\n三、加强政府自身建设\n{BODY}",
            "一、 | 2023年工作回顾 [review]\n二、 | 2024年工作安排 [tasks]\n  一、 | 兴工业 [tasks]\n  二、 | 强农业 [tasks]\n三、 | 加强政府自身建设 [government_building]\n",
        ),
        (f"一、2024年经济社会发展总体要求和\n政策取向\n{BODY}", "一、 | 2024年经济社会发展总体要求和政策取向 [requirements]\n"),
        (f"第一部分\n过去五年工作回顾\n{BODY}", "第一部分 | 过去五年工作回顾 [term_review]\n"),
        (f"一、2023年工作回顾2023年是不平凡的一年,{BODY}", "一、 | 2023年工作回顾 [review]\n"),
        (
            f"目录\n一、2023年工作回顾……1\n二、2024年重点工作……5\n三、自身建设……9\n各位代表:\n一、2023年工作回顾\n{BODY}\n二、2024年重点工作\n{BODY}\n三、自身建设\n{BODY}",
            "[other]\n[other]\n一、 | 2023年工作回顾 [review]\n二、 | 2024年重点工作 [tasks]\n三、 | 自身建设 [government_building]\n",
        ),
        (f"一、2023年工作回顾\n工业稳中有进\n{BODY}\n农业再获丰收\n{BODY}\n民生持续改善\n{BODY}", "一、 | 2023年工作回顾 [review]\n"
         "  工业稳中有进 [review]\n  农业再获丰收 [review]\n  民生持续改善 [review]\n"),
        (f"一、2024年工作安排\n{BODY}\n各位代表!\n让我们更加紧密地团结起来,为建设美好明天而努力奋斗!", "一、 | 2024年工作安排 [tasks]\n[closing]\n"),
        (f"一、2024年工作安排\n{BODY}\n办好三件民生实事:\n1.修路\n2.架桥\n3.建校\n{BODY}", "一、 | 2024年工作安排 [tasks]\n"),
        (f"一、2024年工作安排\n第一、关于工业\n{BODY}\n第二、关于农业\n{BODY}", "一、 | 2024年工作安排 [tasks]\n  第一、 | 关于工业 [tasks]\n  第二、 | 关于农业 [tasks]\n"),
    ],
    ids=["brackets-above", "begins-anew", "torn", "marker-alone", "run-together", "contents", "without-numbers", "closing", "projects", "ordinals"],
)
def test_headings_nest_as_a_reader_would_nest_them(text: str, wanted: str) -> None:
    assert outline(split(text)[0]) == wanted


@pytest.mark.parametrize("row", [row for row in HEADINGS["content"] if row["per_thousand"]], ids=lambda row: row["role"])
def test_what_a_part_is_about_is_told_by_its_words(row: dict[str, Any]) -> None:
    assert RULES.content_role(row["example"] * 4)[0] == row["role"]


def test_a_part_that_tells_nothing_is_none() -> None:
    assert RULES.content_role("山清水秀，人杰地灵。" * 20)[0] is None


# --- sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("稳增长。\n促改革", ["稳增长。", "促改革"]),
        ("全年改造(不含市直。)老旧小区12个。", ["全年改造(不含市直。)", "老旧小区12个。"]),
        ("贯彻《丰水,你好!》精神。", ["贯彻《丰水,你好!》精神。"]),
        ("工业增长9%. 农业增长4%.", ["工业增长9%.", "农业增长4%."]),
        ("工业增长９％．农业增长４％．", ["工业增长９％．", "农业增长４％．"]),
        ("一.总体要求", ["一.总体要求"]),
        ("一．总体要求", ["一．总体要求"]),
        ("达线率66.9%。", ["达线率66.9%。"]),
        ("丰水与No.1企业签约。", ["丰水与No.1企业签约。"]),
        ("详见http://a.example/detail.html?id=15。欢迎监督。", ["详见http://a.example/detail.html?id=15。", "欢迎监督。"]),
        ("谁来用5G？5G怎么用？", ["谁来用5G？", "5G怎么用？"]),
        ("", []),
        (" \n　\n", []),
    ],
)
def test_sentences_of_a_text(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(("count", "sentences"), [(195, 1), (196, 2)])
def test_a_stop_inside_a_long_pair_ends_a_sentence_all_the_same(count: int, sentences: int) -> None:
    assert len(split_sentences(f"“路通了。{'大' * count}”他说。")) == sentences


def test_spans_count_from_the_text_and_not_from_the_paragraph() -> None:
    text = "前文。  稳增长。 促改革。后文。"
    assert [text[start:end] for start, end in sentence_spans(text, 3, 14)] == ["稳增长。", "促改革。"]


# --- what holds for every text

marks = "。!！?？;；:：,，、.．…—“”‘’「」\"'()（）《》【】[]%％"
texts = st.text(st.sampled_from(marks + "0129一二十年大力发展　 \t\n①㈠⒈各位代表"), max_size=80)
blocks = st.lists(
    st.sampled_from(
        ["第一部分 工作回顾", "第二部分 工作安排", "一、2023年工作回顾", "二、2024年工作安排", "三、做强工业", "(一)抓项目", "（二）抓招商。开工20个。", "1.做强链主", "2.引进3家。",
         "(1)建园区", "①修路", "一是抓落地。见实效。", "——这一年,稳字当头。", "名词解释", "附件1", "民生实事", "各位代表:", "  正文。 ", "", "正文一段。再说一句!"]
    ),
    max_size=16,
)  # fmt: skip


def holds_each_character_once(text: str) -> None:
    _, paragraphs, sentences = split(text)
    in_paragraphs = [n for paragraph in paragraphs for n in range(paragraph.start, paragraph.end)]
    in_sentences = [n for sentence in sentences for n in range(sentence.start, sentence.end)]
    assert in_paragraphs == sorted(set(in_paragraphs))
    assert in_sentences == sorted(set(in_sentences))
    shown = {n for n, char in enumerate(text) if not char.isspace()}
    assert shown <= set(in_sentences) <= set(in_paragraphs)


def has_exact_offsets(text: str) -> None:
    sections, paragraphs, sentences = split(text)
    for paragraph in paragraphs:
        said = text[paragraph.start : paragraph.end]
        assert said == said.strip() != ""
        assert "\n" not in said
        assert paragraph.lead is None or paragraph.lead in said
    for sentence in sentences:
        said, paragraph = text[sentence.start : sentence.end], paragraphs[sentence.paragraph]
        assert said == said.strip() != ""
        assert paragraph.start <= sentence.start < sentence.end <= paragraph.end
    for section in sections:
        opening = text[section.start : section.end]
        assert squash(opening).startswith(squash((section.marker or "") + (section.heading or "")))
    assert split_sentences(text) == [text[sentence.start : sentence.end] for sentence in sentences]


def nests_without_gaps(text: str) -> None:
    sections, paragraphs, _ = split(text)
    starts = [section.start for section in sections]
    assert starts == sorted(set(starts))
    assert bool(sections) == bool(paragraphs)
    if sections:
        assert (starts[0], max(section.end for section in sections)) == (paragraphs[0].start, len(text))
    for n, section in enumerate(sections):
        assert section.end == next((other.start for other in sections[n + 1 :] if other.depth <= section.depth), len(text))
        if section.parent is None:
            assert section.depth == 1
        else:
            above = sections[section.parent]
            assert section.parent < n
            assert above.depth == section.depth - 1
            assert above.start < section.start < section.end <= above.end
    for paragraph in paragraphs:
        inside = [n for n, section in enumerate(sections) if section.start <= paragraph.start and paragraph.end <= section.end]
        assert paragraph.section == inside[-1]


@given(texts)
@QUICK
def test_every_character_that_is_no_space_is_in_one_paragraph_and_one_sentence(text: str) -> None:
    holds_each_character_once(text)


@given(texts)
@QUICK
def test_offsets_are_exact(text: str) -> None:
    has_exact_offsets(text)


@given(texts)
@QUICK
def test_sections_of_any_text_nest_without_gaps(text: str) -> None:
    nests_without_gaps(text)


@given(blocks)
@QUICK
def test_sections_of_any_order_of_headings_nest_without_gaps(lines: list[str]) -> None:
    text = "\n".join(lines)
    nests_without_gaps(text)
    has_exact_offsets(text)
    holds_each_character_once(text)


@given(texts)
@QUICK
def test_each_line_is_split_by_itself(text: str) -> None:
    assert split_sentences(text) == [sentence for line in text.split("\n") for sentence in split_sentences(line)]


@given(texts)
@QUICK
def test_width_decides_nothing(text: str) -> None:
    sections, paragraphs, sentences = split(fold(text))
    assert split(text)[2] == sentences
    assert [(one.start, one.end, one.depth, one.role) for one in split(text)[0]] == [(one.start, one.end, one.depth, one.role) for one in sections]
    assert [one.is_list_item for one in split(text)[1]] == [one.is_list_item for one in paragraphs]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_hold_what_holds_for_every_text(name: str) -> None:
    text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
    holds_each_character_once(text)
    has_exact_offsets(text)
    nests_without_gaps(text)


# --- the seed page and the hard sentences


def test_the_seed_page() -> None:
    body = clean_page(read_page(SEED.read_bytes(), source=SEED.name), CleaningRules.from_terms(terms("boilerplate")))
    text = "\n".join(body.lines)
    sections, paragraphs, sentences = split(text)
    assert outline(sections) == "[review]\n二、 | 2024年工作安排 [tasks]\n  (一) | 坚持大抓项目不动摇,持续强化第一支撑 [tasks]\n"
    assert (len(paragraphs), len(sentences)) == (13, 37)
    assert [paragraph.section for paragraph in paragraphs] == [0] * 5 + [1] * 5 + [2] * 3
    assert [paragraph.lead for paragraph in paragraphs[5:]] == [None] * 6 + ["持之以恒抓谋划", "持之以恒抓招引"]
    assert [paragraph.is_list_item for paragraph in paragraphs] == [True] * 2 + [False] * 11
    holds_each_character_once(text)
    has_exact_offsets(text)
    nests_without_gaps(text)


def test_the_hard_sentences_leave_nothing_out() -> None:
    rows = [json.loads(line) for line in (Path(__file__).parent / "gold" / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 40
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert "".join("".join(row["sentences"]).split()) == "".join(row["text"].split()), row["id"]
        assert all(sentence == sentence.strip() != "" for sentence in row["sentences"]), row["id"]
