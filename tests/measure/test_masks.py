from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.measure.masks import find_masks


def masked(text: str) -> list[str]:
    return [text[start:end] for start, end in find_masks(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("壮大“543”现代产业矩阵", ["“543”"]),
        ("“三比三争”成为共识", ["“三比三争”"]),
        ("PM2.5平均浓度降至32微克/立方米", ["PM2.5"]),
        ("PM 10浓度", ["PM 10"]),
        ("新建5G基站356个", ["5G"]),
        ("创成4A级景区", ["4A"]),
        ("G108国道改线", ["G108"]),
        ("R&D经费支出", ["R&D"]),
        ("第三产业增加值增长5.2%", ["第三产业"]),
        ("第十六届四次会议", ["第十六届"]),
        ("位列第一方阵", ["第一方阵"]),
        ("稳居第一档次", ["第一档次"]),
        ("新中国成立75周年", ["75周年"]),
        ("连续12年增产", ["连续12年"]),
        ("二本以上达线率", ["二本"]),
        ("Ⅲ类以上水质", ["Ⅲ类"]),
        ("晋升三级医院", ["三级"]),
        ("规模以上工业", ["以上"]),
        ("亿元以上项目32个", ["亿元以上"]),
        ("产值超10亿元企业6家", ["超10亿元"]),
        ("4600元以下贫困人口", ["4600元以下"]),
        ("千亿级产业集群", ["千亿级"]),
        ("7×24小时服务", ["7×24小时"]),
        ("1+2+4+N体系", ["1+2+4+N"]),
        ("“11·15”事故", ["“11·15”"]),
        ("12345热线", ["12345"]),
        ("上午9:30召开", ["9:30"]),
        ("(1)新建学校3所;(2)改造小区", ["(1)", "(2)"]),
        ("1.2024年新增就业1.5万人", ["1."]),
        ("①抓谋划[1]", ["①", "[1]"]),
        ("《关于进一步做好10项工作的通知》", ["《关于进一步做好10项工作的通知》"]),
        ("见www.example.gov.cn/10566.html", ["www.example.gov.cn/10566.html"]),
        ("推广三年行动", ["三年行动"]),
        ("15分钟便民生活圈", ["15分钟"]),
    ],
)
def test_a_name_with_digits_or_numerals_is_masked(text: str, names: list[str]) -> None:
    assert masked(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "增长7%",
        "完成投资12.5亿元",
        "新建学校3所",
        "居全市第3位",
        "居全市第四",
        "列全国第2",
        "突破1.5亿元大关",
        "“总投资12亿元的项目”",
        "比例为12.5:45.3:42.2",
        "比例为10:35:55",
        "压缩至15分钟",
        "1.5亿元",
    ],
)
def test_a_value_is_not_masked(text: str) -> None:
    assert masked(text) == []


def test_ordinals_that_go_on_with_a_list_of_ranks_are_ranks() -> None:
    assert masked("分别居全国第二、第七和第九") == []
    assert masked("居全国第二、第三产业占比提高") == ["第三产业"]
    assert masked("出台第二、第三项措施") == ["第二", "第三"]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet="第一二三四五十0123456789.:+×·-“”《》[]()①ⅢGPM年月届位超亿元以上级强本类分钟\n", max_size=40))
def test_masks_are_spans_in_order_that_do_not_overlap(text: str) -> None:
    spans = find_masks(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
