"""Rows of a table of data become lines with tabs between the cells; a table that lays out the page is left as it is."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.clean.markup import read_markup
from baogao.clean.paragraphs import paragraphs
from baogao.clean.rows import join_rows
from baogao.text import squash

LONG = "全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%。"


def joined(source):
    markup = read_markup(source)
    return join_rows(paragraphs(source, markup), markup)


def texts(source):
    return [draft.text for draft in joined(source)]


def table(*rows, cell="td"):
    return "<table>" + "".join("<tr>" + "".join(f"<{cell}>{said}</{cell}>" for said in row) + "</tr>" for row in rows) + "</table>"


DATA = [("指标", "2022年", "2023年"), ("地区生产总值", "4.8%", "6%"), ("城镇新增就业", "3260人", "3300人")]


@pytest.mark.parametrize("cell", ["td", "th"])
def test_a_row_is_a_line_with_tabs_between_its_cells(cell):
    rows = table(*DATA, cell=cell)
    assert texts(f"<p>附表</p>{rows}<p>注：预期目标。</p>") == ["附表", *map("\t".join, DATA), "注：预期目标。"]


@pytest.mark.parametrize("unclosed", ["</td>", "</tr>", "<tbody>"])
def test_a_table_is_one_however_it_is_written(unclosed):
    rows = table(*DATA).replace("<table>", "<table><caption></caption><tbody>").replace(unclosed, "")
    assert texts(rows) == ["\t".join(row) for row in DATA]


def test_lines_of_a_cell_are_joined_by_spaces():
    assert texts(table(["项目", "<p>新建学校</p><p>8所</p>"], ["<div>责任<br>单位</div>", "<ul><li>市教育局<li>市住建局</ul>"])) == ["项目\t新建学校 8所", "责任 单位\t市教育局 市住建局"]


def test_a_row_stands_where_its_cells_stand_and_adds_up_their_links():
    source = f"<p>附表</p><img src=a>{table(['指标', '<a href=x>增长</a>'], ['<a href=y>就业</a>', '<b>3260</b>人'])}"
    rows = joined(source)[1:]
    assert [source[row.start : row.end] for row in rows] == ["指标</td><td><a href=x>增长", "就业</a></td><td><b>3260</b>人"]
    assert [(row.linked, row.after_image) for row in rows] == [(2, True), (2, False)]


@pytest.mark.parametrize(
    "layout",
    [
        table(["导航", "正文"]),
        table(["农业"], ["工业"], ["商业"]),
        table(["导航", "正文"], ["农业"], ["工业"]),
        table(["农业", "工业"], ["导航", LONG * 7]),
        table(["农业", "工业"], ["导航", "<br>".join(["商业"] * 5)]),
        "<ul><li>农业<li>工业</ul>",
        "<td>农业</td><td>工业</td>",
    ],
)
def test_a_table_of_one_row_or_column_or_of_running_text_is_left(layout):
    markup = read_markup(layout)
    drafts = paragraphs(layout, markup)
    assert len(drafts) > 1
    assert join_rows(drafts, markup) == drafts


@pytest.mark.parametrize(("size", "lines"), [(300, 1), (75, 4)])
def test_a_cell_of_some_length_is_still_data(size, lines):
    cell = "<br>".join(["望" * size] * lines)
    assert len(texts(table(["农业", cell], ["工业", cell]))) == 2
    assert len(texts(table(["农业", cell], ["工业", cell + "川"]))) == 2 + 2 * lines


def test_a_table_of_data_inside_a_layout_is_joined_and_the_layout_is_not():
    inner = table(*DATA)
    source = table(["导航", "要闻"], ["农业", f"<p>正文</p>{inner}<p>以上报告。</p>"], ["版权", "电话"])
    assert texts(source) == ["导航", "要闻", "农业", "正文", *map("\t".join, DATA), "以上报告。", "版权", "电话"]


def test_each_table_is_judged_by_itself():
    assert texts(table(["导航", "正文"]) + table(*DATA) + table(["上一篇", "下一篇"])) == ["导航", "正文", *map("\t".join, DATA), "上一篇", "下一篇"]


def test_an_empty_cell_leaves_its_column():
    source = table(["指标", "2022年", "2023年"], ["就业", "", "3300人"], ["", "合计", ""])
    assert texts(source) == ["指标\t2022年\t2023年", "就业\t\t3300人", "\t合计"]


def test_a_row_of_which_a_part_is_given_is_joined_too():
    source = table(*DATA)
    markup = read_markup(source)
    some = paragraphs(source, markup)[1:-1]
    assert [draft.text for draft in join_rows(some, markup)] == ["\t2022年\t2023年", "地区生产总值\t4.8%\t6%", "城镇新增就业\t3260人"]


CELLS = st.sampled_from(["农业", "增长4.8%", "<p>工业</p><p>商业</p>", "&nbsp;", "", LONG, "望" * 301, "一<br>二<br>三<br>四<br>五", "合计\t"])
TABLES = st.recursive(
    st.lists(st.lists(CELLS, max_size=3), max_size=4).map(lambda rows: table(*rows)),
    lambda inner: st.lists(st.lists(st.one_of(CELLS, inner), max_size=3), max_size=3).map(lambda rows: table(*rows)),
    max_leaves=3,
)


@given(st.lists(st.one_of(TABLES, CELLS.map("<p>{}</p>".format)), max_size=4).map("".join))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_no_cell_is_left_out_and_all_stay_in_order(source):
    markup = read_markup(source)
    drafts = paragraphs(source, markup)
    rows = join_rows(drafts, markup)
    assert squash("".join(row.text for row in rows)) == squash("".join(draft.text for draft in drafts))
    assert sum(row.linked for row in rows) == sum(draft.linked for draft in drafts)
    assert all(one.end <= other.start for one, other in pairwise(rows))
    assert max((row.text.count("\t") for row in rows), default=0) < 3
