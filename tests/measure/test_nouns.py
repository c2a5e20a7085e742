from __future__ import annotations

import pytest

from baogao.measure import nouns


@pytest.mark.parametrize(
    ("before", "following", "found"),
    [
        ("", "民生实事全部兑现。", ("民生实事", 4)),
        ("新建", "学校,医院", ("新建学校", 2)),
        ("", "服务商贸企业新入限", ("服务商贸企业", 6)),
        ("", "“四上”企业。", ("“四上”企业", 6)),
        ("", "的贫困村。", ("贫困村", 4)),
        ("", "高频政务服务事项“跨境通办”,", ("高频政务服务事项", 8)),
        ("", "国家级“小巨人”,", ("国家级“小巨人”", 8)),
        ("", "“就业驿站”,", ("“就业驿站”", 6)),
        ("", "重点产业链产值突破7000亿元", ("重点产业链", 5)),
        ("", "拟竣工投产项目。", ("拟竣工投产项目", 7)),
        ("重点支持", "县深化城乡交通运输一体化,", ("重点支持县", 1)),
        ("", "优质高中、", ("优质高中", 4)),
        ("", "城市黑臭水体动态清零。", ("城市黑臭水体", 6)),
        ("", ",增长", None),
        ("", "。", None),
        ("", "全部兑现。", None),
    ],
)
def test_the_noun_after_a_count_ends_where_its_predicate_begins(before: str, following: str, found: tuple[str, int] | None) -> None:
    assert nouns.of_count(before, following) == found


@pytest.mark.parametrize(
    ("before", "following", "found"),
    [
        ("年度重点项目", "投资支撑有力", ("年度重点项目投资", 2)),
        ("新增发", "国债、", ("新增发国债", 2)),
        ("", "的补贴", ("补贴", 3)),
        ("中央财政新增", "专项补助资金,用于", ("专项补助资金", 6)),
        ("", "增长", None),
        ("", ",投资", None),
    ],
)
def test_a_noun_of_money_after_an_amount_completes_its_name(before: str, following: str, found: tuple[str, int] | None) -> None:
    assert nouns.of_money(before, following) == found


@pytest.mark.parametrize(
    ("following", "found"),
    [
        ("共建重点项目完成投资5332亿元", ("共建重点项目", 6)),
        ("国保单位和976个景区", ("国保单位", 4)),
        ("总投资120亿元", None),
        ("同比增长5%", None),
        ("大关,", None),
        ("次。", None),
        ("在校学生,", ("在校学生", 4)),
    ],
)
def test_a_count_in_a_clause_that_has_begun_is_of_the_noun_behind_it_unless_the_clause_goes_on(following: str, found: tuple[str, int] | None) -> None:
    assert nouns.of_begun_clause(following) == found


@pytest.mark.parametrize(("following", "found"), [("下岗职工实现了再就业", ("下岗职工", 4)), ("农村人口的饮水安全", ("农村人口", 4)), ("元以上", None)])
def test_a_multitude_is_of_the_people_behind_it(following: str, found: tuple[str, int] | None) -> None:
    assert nouns.of_multitude(following) == found
