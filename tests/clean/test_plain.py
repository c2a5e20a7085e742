"""Plain text becomes lines that know where they stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.plain import plain_lines
from baogao.text import drop_shapeless, squash

SENTENCE = "全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%。"


def texts(text):
    return [line.text for line in plain_lines(text)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("导航菜单\n\n　　各位代表！\n", ["导航菜单", "各位代表！"]),
        ("\r\n各位代表：\r\n\t现在\u00a0\r\n", ["各位代表：", "现在"]),
        ("\ufeff各位\u200b代表：\u2005\n\u2028\n\x0b", ["各位代表："]),
        ("县长　苏　禾", ["县长　苏　禾"]),
        ("<U+00A0><U+3000>各位<U+2003>代表：<U+FEFF>\n<U+200B>", ["各位 代表："]),
        ("主席团、各位代表：", ["主席团、各位代表："]),
        ("<U+4E00>是数字<U+2191>", ["一是数字↑"]),
        ("", []),
        (" \n　\n\u00a0", []),
    ],
)
def test_lines_are_trimmed_and_blank_ones_left_out(text, lines):
    assert texts(text) == lines


def test_a_page_on_one_line_is_cut_at_its_wide_gaps():
    for gap in ("　　", "\t", "    ", "\u00a0\u00a0\u00a0\u00a0"):
        assert texts(gap.join([SENTENCE] * 14)) == [SENTENCE] * 14


def test_a_shorter_line_is_cut_where_gaps_stand_behind_sentences():
    assert texts("　　".join([SENTENCE] * 4)) == [SENTENCE] * 4
    cell = ["石桥镇政府工作报告", "各位代表：", "现在，报告工作。", "一、回顾", "去年，收入增长。", "道路通了。", "谢谢大家！"]
    assert texts("　　".join(cell)) == cell


@pytest.mark.parametrize("row", ["指标\t单位\t2022年\t2023年", "姓名　　职务　　单位　　电话", "县长　　苏禾", f"{SENTENCE}　　{SENTENCE}"])
def test_a_row_of_a_table_and_a_stray_gap_are_no_paragraphs(row):
    assert texts(row) == [row]


def test_a_long_paragraph_with_a_stray_gap_or_two_is_one_line():
    paragraph = SENTENCE * 7 + "　　" + SENTENCE * 7
    assert texts(paragraph) == [paragraph]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "政府工作报告——2023年1月6日在望川县第十八届人民代表大会第二次会议上望川县人民政府县长苏禾各位代表：",
            ["政府工作报告", "——2023年1月6日在望川县第十八届人民代表大会第二次会议上", "望川县人民政府县长苏禾", "各位代表："],
        ),
        ("——２０２３年1月6日在望川县人民代表大会会议上　代理县长苏禾", ["——２０２３年1月6日在望川县人民代表大会会议上", "代理县长苏禾"]),
        ("鹿泽县代县长白季川 各位代表！", ["鹿泽县代县长白季川", "各位代表！"]),
        ("听了政府工作报告，各位代表：请审议。", ["听了政府工作报告，各位代表：请审议。"]),
        ("政府工作报告", ["政府工作报告"]),
    ],
)
def test_a_title_block_that_was_run_together_is_cut_where_its_parts_meet(text, lines):
    assert texts(text) == lines


def test_a_title_block_is_looked_for_at_the_head_of_the_page_alone():
    fused = "县长苏禾各位代表："
    assert texts("\n".join(["甲"] * 50 + [fused]))[-1] == fused


@given(st.text(st.sampled_from("各位代表：报告——2023年会议上县长苏禾，。\n\r\t \u00a0\u2005\u3000\u200b\ufeff<U+3000>"), max_size=80))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_every_character_is_in_one_line_and_every_line_where_it_says(text):
    lines = plain_lines(text)
    ends = [0, *(line.end for line in lines)]
    for before, line in zip(ends, lines, strict=False):
        said = text[line.start : line.end].replace("<U+3000>", " ")
        assert before <= line.start < line.end
        assert "\n" not in said
        assert drop_shapeless(said).strip() == line.text.strip() == line.text != ""
    assert "".join(squash(line.text) for line in lines) == squash(text.replace("<U+3000>", " "))
