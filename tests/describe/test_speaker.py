from __future__ import annotations

import pytest

from baogao.describe.speaker import find_speaker

TITLE = "政府工作报告"
DELIVERY = "——2024年1月15日在清河省第十四届人民代表大会第三次会议上"


@pytest.mark.parametrize(
    ("line", "name", "office"),
    [
        ("国务院总理　江　岸", "江岸", "国务院总理"),
        ("国务院总理江岸", "江岸", "国务院总理"),
        ("国务院副总理兼国家计划委员会主任 江岸", "江岸", "国务院副总理兼国家计划委员会主任"),
        ("国务委员兼国家发展委员会主任 江岸", "江岸", "国务委员兼国家发展委员会主任"),
        ("省长 江岸山", "江岸山", "省长"),
        ("清河省人民政府代省长江岸山", "江岸山", "清河省人民政府代省长"),
        ("清河省人民政府常务副省长 江岸山", "江岸山", "清河省人民政府常务副省长"),
        ("清河自治区代理主席　江　岸", "江岸", "清河自治区代理主席"),
        ("自治区主席 艾力·阿不都热合曼", "艾力·阿不都热合曼", "自治区主席"),
        ("丰水市人民政府市长：江岸", "江岸", "丰水市人民政府市长"),
        ("市长 魏堯", "魏堯", "市长"),
        ("县人民政府县长 江岸", "江岸", "县人民政府县长"),
        ("副县长 江岸", "江岸", "副县长"),
        ("丰水县人民政府代理县长　江岸", "江岸", "丰水县人民政府代理县长"),
        ("区长江岸山", "江岸山", "区长"),
        ("州长　扎西多吉", "扎西多吉", "州长"),
        ("旗长  巴特尔", "巴特尔", "旗长"),
        ("清河地区行署专员　江岸", "江岸", "清河地区行署专员"),
        ("（县长　江岸）", "江岸", "县长"),
        ("市长　欧阳文山", "欧阳文山", "市长"),
    ],
)
def test_a_line_of_office_and_name(line: str, name: str, office: str) -> None:
    assert find_speaker([TITLE, DELIVERY, line]) == (name, office)


@pytest.mark.parametrize(
    ("line", "name", "office"),
    [
        ("2024年1月15日在清河省第十四届人民代表大会第三次会议上清河省省长江岸作政府工作报告", "江岸", "清河省省长"),
        ("2024年1月15日在清河省第十四届人民代表大会第三次会议上清河省省长　江岸同志作政府工作报告。", "江岸", "清河省省长"),
        ("——2024年1月15日在第十四届全国人民代表大会第二次会议上 国务院总理 江岸", "江岸", "国务院总理"),
        ("——2024年1月15日自治区人民政府主席江岸山在清河自治区第十四届人民代表大会第三次会议上的讲话", "江岸山", "自治区人民政府主席"),
        ("(2024年1月15日丰水县人民政府县长江岸)", "江岸", "丰水县人民政府县长"),
    ],
)
def test_the_speaker_inside_the_delivery_line(line: str, name: str, office: str) -> None:
    assert find_speaker([TITLE, line]) == (name, office)


@pytest.mark.parametrize("office", ["国务院总理", "丰水市人民政府市长", "市长", "丰水市人民政府代市长", "副县长"])
def test_office_and_name_on_two_lines(office: str) -> None:
    assert find_speaker([TITLE, DELIVERY, office, "江　岸"]) == ("江岸", office)


@pytest.mark.parametrize("line", ["江岸", "江 岸 山", "江　岸"])
def test_a_name_alone_has_no_office(line: str) -> None:
    assert find_speaker([TITLE, DELIVERY, line]) == ("".join(line.split()), None)


@pytest.mark.parametrize("line", ["目录", "目 录", "名词解释", "各位代表", "清河日报", "摘要", "会议新闻", "全文如下", "丰水县人民政府", "市政府", "(2024年1月15日)"])
def test_a_short_line_that_is_no_name(line: str) -> None:
    assert find_speaker([TITLE, DELIVERY, line]) == (None, None)
    assert find_speaker([TITLE, DELIVERY, "市长", line]) == (None, None)


@pytest.mark.parametrize("head", [[], [TITLE], [TITLE, DELIVERY], ["江岸"], ["丰水县县域经济发展报告"]])
def test_a_block_without_a_speaker(head: list[str]) -> None:
    assert find_speaker(head) == (None, None)


def test_the_line_of_the_office_outranks_a_name_alone() -> None:
    assert find_speaker([TITLE, "周文", "市长 江岸"]) == ("江岸", "市长")


def test_a_foreign_name_keeps_its_spaces() -> None:
    assert find_speaker([TITLE, "州长 巴图 · 那仁"]) == ("巴图 · 那仁", "州长")
