"""The looks of a line speak for the text, for what stands above it, or for what stands below it."""

import pytest

from baogao.clean.line import Line
from baogao.clean.voice import is_row, is_signature, voice_of


def line(text, linked=0.0):
    return Line(text, 0, len(text), linked)


@pytest.mark.parametrize("text", ["临澜市人民政府", "临澜市人民政府办公室", "2023年1月6日", "（二〇二三年一月六日）", "二○二三年一月六日", "市发展和改革委员会"])
def test_office_and_date_sign_a_text(text):
    assert is_signature(line(text))


@pytest.mark.parametrize("text", ["2023-01-06", "市长石竹", "主办：临澜市人民政府", "局", "临澜市人民政府网站地图", "今年1月6日"])
def test_other_lines_sign_nothing(text):
    assert not is_signature(line(text))


@pytest.mark.parametrize("text", ["指标\t2023年", "生产总值  1864亿元  4.8%", "就业　3.2万人　3.3万人"])
def test_cells_make_a_row(text):
    assert is_row(line(text))


@pytest.mark.parametrize("text", ["县长　　苏禾", "主办：市政府  承办：信息中心  技术支持：临澜网", "增长4.8%", "望 川 县 政 府"])
def test_gaps_between_words_make_none(text):
    assert not is_row(line(text))


@pytest.mark.parametrize(
    ("said", "loudest"),
    [
        (line("全年地区生产总值完成1864亿元，增长4.8%。"), "text"),
        (line("一、2022年工作回顾"), "text"),
        (line("指标\t2023年\t增长"), "text"),
        (line("临澜市召开经济形势分析会", linked=1.0), "below"),
        (line("走进临澜"), "above"),
    ],
)
def test_a_line_speaks_loudest_for_where_its_like_stands(said, loudest):
    voice = voice_of(said)
    assert max(("text", "below", "above"), key=lambda zone: getattr(voice, zone)) == loudest


def test_a_long_sentence_speaks_louder_than_a_short_one():
    short, long = voice_of(line("全年增长4.8%，稳中有进。")), voice_of(line("全年增长4.8%，稳中有进，" * 8 + "。"))
    assert long.text > short.text > -short.text >= short.below
