from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.contract import terms
from baogao.describe.place import find_place
from baogao.describe.units import COUNTRY, PlaceTable
from baogao.records import Place

ROWS = terms("places")
TABLE = PlaceTable.from_terms(ROWS)
PROVINCES = [row["name"] for row in ROWS if row["level"] == "province" and not row["last_year"]]
PLAIN = "各位代表:"


def found(*title: str, body: tuple[str, ...] = (PLAIN,), year: int | None = 2024) -> Place | None:
    return find_place(title, body, year, TABLE).place


def code(name: str, year: int | None, *hints: str) -> str | None:
    return TABLE.resolve(name, year, hints).code


@pytest.mark.parametrize(
    ("name", "year", "wanted"),
    [
        ("永济县", 1981, "142722"),
        ("永济县", 1993, "142722"),
        ("永济县", 1994, "142722"),
        ("永济市", 1994, "142702"),
        ("永济市", 1999, "142702"),
        ("永济市", 2000, "140881"),
        ("永济市", 2024, "140881"),
        ("永济市", None, "140881"),
        ("永济市", 1993, None),
        ("永济县", 1995, None),
        ("永济县", None, "142722"),
        ("襄樊市", 2009, "420600"),
        ("襄樊市", 2010, "420600"),
        ("襄樊市", 2011, None),
        ("襄阳市", 2009, None),
        ("襄阳市", 2010, "420600"),
        ("襄阳市", 2024, "420600"),
        ("思茅地区", 1990, "532700"),
        ("思茅市", 2001, "532701"),
        ("思茅市", 2006, "530800"),
        ("思茅市", 2007, "530800"),
        ("思茅市", 2008, None),
        ("普洱市", 2007, "530800"),
        ("普洱市", 2024, "530800"),
        ("普洱市", 2006, None),
        ("重庆市", 1990, "510200"),
        ("重庆市", 1998, "500000"),
        ("海南省", 1985, None),
        ("海南省", 1990, "460000"),
    ],
)
def test_a_name_has_the_code_of_its_year(name: str, year: int | None, wanted: str | None) -> None:
    assert code(name, year) == wanted


@pytest.mark.parametrize(("name", "year"), [("思茅市", 2003), ("鼓楼区", 2024), ("朝阳区", 2024), ("永济县", 2024), ("丰水市", 2024), ("", 2024)])
def test_what_the_table_does_not_settle_stays_a_name_without_a_code(name: str, year: int) -> None:
    assert TABLE.resolve(name, year, []) == Place(name)


def test_a_unit_that_went_back_to_its_old_code_has_the_one_that_begins_in_that_year() -> None:
    assert [code("神农架林区", year) for year in (1985, 1986, 1989, 1990, 1993)] == ["422921", "429021", "429021", "422921", "422921"]


def test_in_the_year_of_a_new_code_a_hint_may_name_the_old_prefecture() -> None:
    assert code("永济市", 2000, "山西省") == "140881"
    assert code("永济市", 2000, "运城市") == "140881"
    assert code("永济市", 2000, "运城地区") == "142702"


def test_units_of_the_first_year_of_the_table_are_taken_to_be_older() -> None:
    assert code("山西省", 1954) == "140000"
    assert code("永济县", 1958) == "142722"
    assert code("襄阳县", 1958) == "422521"
    assert code("永济市", 1958) is None


def test_a_place_has_the_names_of_what_it_was_part_of_in_that_year() -> None:
    assert TABLE.resolve("永济市", 1996, []) == Place("永济市", "142702", "county", "山西省", "运城地区", "永济市")
    assert TABLE.resolve("永济市", 2024, []) == Place("永济市", "140881", "county", "山西省", "运城市", "永济市")
    assert TABLE.resolve("思茅市", 2001, []) == Place("思茅市", "532701", "county", "云南省", "思茅地区", "思茅市")
    assert TABLE.resolve("思茅市", 2006, []) == Place("思茅市", "530800", "prefecture", "云南省", "思茅市")
    assert TABLE.resolve("重庆市", 1990, []) == Place("重庆市", "510200", "prefecture", "四川省", "重庆市")
    assert TABLE.resolve("渝中区", 2024, []) == Place("渝中区", "500103", "county", "重庆市", None, "渝中区")


@pytest.mark.parametrize(
    ("hints", "wanted"),
    [
        (("南京市",), "320106"),
        (("徐州市",), "320302"),
        (("开封市",), "410204"),
        (("福州市", "福建省"), "350102"),
        (("福建省",), "350102"),
        (("福建",), "350102"),
        (("江苏省",), None),
        (("江苏省", "徐州市"), "320302"),
        (("北京市",), None),
        (("北京市", "南京市"), "320106"),
        (("南京市", "徐州市"), "320106"),
        (("鼓楼区",), None),
    ],
)
def test_hints_settle_between_namesakes_and_the_nearest_first(hints: tuple[str, ...], wanted: str | None) -> None:
    assert code("鼓楼区", 2024, *hints) == wanted


@pytest.mark.parametrize("name", PROVINCES)
def test_a_province_is_known_by_its_short_name(name: str) -> None:
    short = re.sub(r"(省|市|(壮族|回族|维吾尔)?自治区)$", "", name)
    place = TABLE.resolve(name, 2024, [])
    assert place.code
    assert place.level == "province"
    assert found(f"{short}2024年政府工作报告") == found(f"2024年{name}政府工作报告") == place


def test_every_unit_is_found_by_the_names_of_what_it_was_part_of_in_a_year_without_changes() -> None:
    years = [(unit, None if unit.last_year == 9999 else unit.last_year - 1) for same in TABLE.by_code.values() for unit in same if unit.code != COUNTRY]
    units = [(unit, year) for unit, year in years if year is None or unit.first_year < year]
    assert len(units) > 5000
    titles = ["".join(one.name for one in reversed(TABLE.lineage(*unit))) for unit in units]
    lost = [title for unit, title in zip(units, titles, strict=True) if find_place([f"{title}人民政府工作报告"], [], unit[1], TABLE).place != TABLE.place(*unit)]
    assert lost == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("吉林省吉林市人民政府", ["吉林省", "吉林市"]),
        ("(山西省)永济市", ["山西省", "永济市"]),
        ("山 西　省永济市", ["山西省", "永济市"]),
        ("在省、运城市党委政府的坚强领导下", ["运城市"]),
        ("上海市浦东新区", ["上海市", "浦东新区"]),
        ("海南藏族自治州", ["海南藏族自治州"]),
        ("海南州", []),
        ("河南县", []),
        ("广西自治区", ["广西"]),
        ("丰水市", []),
        ("", []),
    ],
)
def test_mentions_are_the_longest_names_in_order_without_overlaps(text: str, names: list[str]) -> None:
    assert TABLE.mentions(text) == names


@given(st.lists(st.sampled_from(sorted({row["name"] for row in ROWS})), min_size=1, max_size=5))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_names_parted_by_marks_are_all_mentioned(names: list[str]) -> None:
    assert TABLE.mentions("、".join(names)) == names


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        (["永济市人民政府工作报告"], "140881"),
        (["(山西省)永济市人民政府工作报告(2024年3月22日)"], "140881"),
        (["山西省运城市永济市人民政府工作报告"], "140881"),
        (["重庆市渝中区人民政府工作报告"], "500103"),
        (["政府工作报告", "——2024年3月22日在永济市第十七届人民代表大会第四次会议上"], "140881"),
        (["政府工作报告", "(2024年3月22日)", "永济市人民政府市长 陈山"], "140881"),
        (["政府工作报告(永济市)"], "140881"),
        (["政府工作报告", "——2024年3月5日在第十四届全国人民代表大会第二次会议上"], COUNTRY),
        (["政府工作报告", "国务院总理 江岸"], COUNTRY),
        (["2024年国务院政府工作报告"], COUNTRY),
        (["湖南省长沙市人民政府工作报告"], "430100"),
        (["政府工作报告", "山西省长治市市长 江岸"], "140400"),
        (["政府工作报告", "陕西省西安市长安区区长 江岸"], "610116"),
        (["政府工作报告", "山西省省长 江岸"], "140000"),
        (["永济市人民政府工作报告", "——2024年3月22日在运城市第五届人民代表大会第四次会议上"], "140881"),
    ],
)
def test_the_title_block_names_the_place(title: list[str], wanted: str) -> None:
    place = found(*title)
    assert place
    assert place.code == wanted


@pytest.mark.parametrize(
    "body",
    [
        ("各位代表:", "现在,我代表永济市人民政府,向大会报告工作。"),
        ("我受永济市人民政府委托,向大会报告工作。",),
        ("我代表永济市人民政府报告工作。", "按照省委、运城市委部署,加快转型。"),
    ],
)
def test_without_a_place_in_the_title_the_government_of_the_first_words_counts(body: tuple[str, ...]) -> None:
    place = found("政府工作报告", body=body)
    assert place
    assert place.code == "140881"


@pytest.mark.parametrize(
    "body",
    [
        ("按照省委、运城市委及永济市委部署要求,加快转型。",),
        ("主动对接北京市,承接产业转移。",),
        ("认真落实国务院决策部署,稳住经济大盘。",),
        ("现在,我代表市人民政府,向大会报告工作。",),
        ("一", "二", "三", "我代表永济市人民政府,向大会报告工作。"),
    ],
)
def test_a_place_that_the_text_only_mentions_is_not_that_of_the_report(body: tuple[str, ...]) -> None:
    assert found("政府工作报告", body=body) is None


def test_the_prefecture_in_the_text_does_not_move_the_county() -> None:
    body = ("在省、运城市党委政府的坚强领导下,全市上下真抓实干。", "营商环境稳居运城市前列。")
    assert found("永济市人民政府工作报告", body=body) == TABLE.resolve("永济市", 2024, [])


@pytest.mark.parametrize(
    ("title", "body", "wanted"),
    [
        (["江苏省南京市鼓楼区人民政府工作报告"], (PLAIN,), "320106"),
        (["鼓楼区人民政府工作报告", "——2024年1月5日在徐州市鼓楼区第十八届人民代表大会第三次会议上"], (PLAIN,), "320302"),
        (["鼓楼区人民政府工作报告"], (PLAIN, "在南京市委的领导下,全区稳中有进。"), "320106"),
        (["鼓楼区人民政府工作报告"], (PLAIN, "全区稳中有进。"), None),
        (["南京市鼓楼区人民政府工作报告"], (PLAIN, "主动对接徐州市。"), "320106"),
        (["徐州市与南京市鼓楼区人民政府工作报告"], (PLAIN,), "320106"),
    ],
)
def test_namesakes_are_settled_by_what_stands_around_them(title: list[str], body: tuple[str, ...], wanted: str | None) -> None:
    place = found(*title, body=body)
    assert place
    assert (place.name, place.code) == ("鼓楼区", wanted)


def test_the_national_report_is_known_by_whose_name_it_is_given_in() -> None:
    national = Place("中华人民共和国", COUNTRY, "national")
    assert found("政府工作报告", body=(PLAIN, "现在,我代表国务院,向大会报告政府工作,请予审议。")) == national
    assert found("政府工作报告", body=("我受国务院的委托,作关于计划的报告。",)) == national


def test_a_report_that_speaks_of_our_country_again_and_again_is_the_nations() -> None:
    said = ("我国经济平稳运行。", "我国农业丰收。我国工业发展。", "我国科技进步。我国外交开创新局面。")
    assert found("政府工作报告", body=said) == Place("中华人民共和国", COUNTRY, "national")
    assert found("政府工作报告", body=said[:2]) is None
    assert found("政府工作报告", body=(*said, "全市上下学习贯彻。")) is None


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("永济市开发区工作报告", "永济市开发区"),
        ("永济市经济技术开发区管委会2024年工作报告", "永济市经济技术开发区"),
        ("新疆生产建设兵团工作报告", "新疆生产建设兵团"),
    ],
)
def test_a_zone_is_not_the_unit_that_it_lies_in(title: str, name: str) -> None:
    assert found(title) == Place(name)


def test_a_new_area_that_is_a_unit_has_its_code() -> None:
    assert found("上海市浦东新区人民政府工作报告") == TABLE.resolve("浦东新区", 2024, [])


@pytest.mark.parametrize("title", ["丰水市人民政府工作报告", "恩施州人民政府工作报告", "海南州人民政府工作报告", "政府工作报告"])
def test_a_name_that_the_table_lacks_gives_no_place(title: str) -> None:
    assert found(title, body=(PLAIN, "恩施市区面貌焕然一新。")) is None


def test_the_year_decides_between_the_names_of_a_renamed_unit() -> None:
    assert found("襄樊市人民政府工作报告", year=2008) == Place("襄樊市", "420600", "prefecture", "湖北省", "襄樊市")
    assert found("襄樊市人民政府工作报告", year=2015) == Place("襄樊市")


def test_today_no_county_outside_a_district_shares_its_name() -> None:
    names = Counter(row["name"] for row in ROWS if row["level"] == "county" and not row["last_year"])
    shared = {name for name, times in names.items() if times > 1}
    assert "鼓楼区" in shared
    assert {name[-1] for name in shared} == {"区"}


def test_every_unit_has_a_parent_and_every_successor_a_row() -> None:
    codes = {row["code"] for row in ROWS}
    assert {row["parent"] for row in ROWS if row["level"] != "national"} <= codes
    assert {successor for row in ROWS for successor in re.findall(r"\d{6}", row["successor"])} <= codes


# --- evidence


def evidence(*title: str, body: tuple[str, ...] = (PLAIN,), **more: tuple[str, ...]) -> tuple[str | None, str | None]:
    one = find_place(title, body, 2024, TABLE, **more)
    return one.place.name if one.place else None, one.evidence


def test_what_names_the_place_is_told_in_the_order_in_which_it_is_believed() -> None:
    delivery = "——2024年3月22日在永济市第十七届人民代表大会第四次会议上"
    said = evidence("(山西省)永济市人民政府工作报告", delivery, body=(PLAIN, "现在,我代表永济市人民政府,向大会报告工作。"))
    assert said == ("永济市", "delivery 永济市; opening 永济市; title 永济市")


def test_a_report_under_the_title_of_another_place_is_of_the_place_it_names_itself() -> None:
    delivery = "——2024年1月10日在芜湖市第十七届人民代表大会第四次会议上"
    assert evidence("2024年合肥市政府工作报告", delivery) == ("芜湖市", "矛盾 delivery 芜湖市; title 合肥市")


def test_of_two_places_the_one_counts_that_the_text_repeats() -> None:
    delivery = "——2024年1月10日在丽江市第五届人民代表大会第四次会议上"
    text = ("全市上下奋力拼搏,丽水生态更优,丽水人民更富。",) * 8
    assert evidence("丽水市政府工作报告", delivery, text=text) == ("丽水市", "矛盾 delivery 丽江市; title 丽水市; text 丽水市")


def test_without_a_title_the_name_that_the_text_repeats_counts_where_it_is_plain() -> None:
    text = ("全市上下奋力拼搏,重庆发展更快,重庆人民更富。",) * 8
    assert evidence("政府工作报告", text=text) == ("重庆市", "text 重庆市")
    assert evidence("政府工作报告", text=(*text, *("成都更快,成都更富。",) * 8)) == (None, None)
    assert evidence("政府工作报告", text=text[:2]) == (None, None)


def test_the_government_that_runs_the_site_counts_where_the_report_is_given_in_the_name_of_one_of_its_kind() -> None:
    city = (PLAIN, "现在,我代表市人民政府,向大会报告工作。")
    assert evidence("政府工作报告", body=city, site=("永济市人民政府办公室",)) == ("永济市", "site 永济市")
    province = (PLAIN, "现在,我代表省人民政府,向大会报告工作。")
    assert evidence("政府工作报告", body=province, site=("永济市人民政府办公室",)) == (None, None)


def test_namesakes_that_nothing_settles_are_named() -> None:
    name, said = evidence("鼓楼区人民政府工作报告")
    assert (name, said) == ("鼓楼区", "title 鼓楼区; 歧义 320106 320302 350102 410204")


def test_a_township_has_no_code_and_is_not_the_county_it_lies_in() -> None:
    assert found("永济市虞乡镇人民政府工作报告") == Place("永济市虞乡镇")


# --- who had to report


@pytest.mark.parametrize(
    ("year", "counts"),
    [(1980, {}), (1995, {"province": 30, "prefecture": 240, "county": 2852}), (2024, {"province": 31, "prefecture": 323, "county": 2846})],
)
def test_every_place_with_a_congress_of_its_own_has_to_report(year: int, counts: dict[str, int]) -> None:
    assert Counter(place.level for place in TABLE.obliged(year)) == counts


def test_agencies_of_a_province_and_regions_outside_the_system_have_no_congress_to_report_to() -> None:
    places = {place.name: place for place in TABLE.obliged(2024)}
    assert not {"大兴安岭地区", "锡林郭勒盟", "阿里地区", "台湾省", "香港特别行政区"} & set(places)
    assert places["永济市"] == Place("永济市", "140881", "county", "山西省", "运城市", "永济市")


def test_a_unit_reports_under_its_last_name_of_a_year() -> None:
    names = {year: {place.name for place in TABLE.obliged(year)} & {"永济县", "永济市"} for year in (1993, 1994, 1995)}
    assert names == {1993: {"永济县"}, 1994: {"永济市"}, 1995: {"永济市"}}
