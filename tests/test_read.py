"""Bytes become pages: the bytes decide on the encoding, what is declared is recorded."""

import hashlib
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.read import decode, match_card, read_page, sniff
from baogao.records import Unreadable
from baogao.sources import SiteCard

BAD = Path(__file__).parent / "counterexamples" / "pages"
ERRORS = yaml.safe_load((BAD / "index.yaml").read_text(encoding="utf-8"))

REPORT = """望川县人民政府工作报告
各位代表：
现在，我代表县人民政府向大会报告工作，请予审议，并请各位政协委员和列席人员提出意见。
一、2022年工作回顾
全年地区生产总值完成186.4亿元，增长4.8%；一般公共预算收入完成9.27亿元，同口径增长6.1%。
（一）产业发展提质增效。新增规模以上工业企业14家，“望川茶油”、青石板材两个产业链加快成形——高新技术企业由9家增加到15家。
同时，我们也清醒看到，经济总量偏小、产业链条不长、城乡差距较大等问题仍然存在，必须采取有力措施加以解决。"""
TRADITIONAL = """望川縣人民政府工作報告
各位代表：
現在，我代表縣人民政府向大會報告工作，請予審議，並請各位政協委員和列席人員提出意見。
一、過去一年工作回顧
全年地區生產總值完成186.4億元，增長4.8%；一般公共預算收入完成9.27億元，同口徑增長6.1%。
同時，我們也清醒看到，經濟總量偏小、產業鏈條不長、城鄉差距較大等問題仍然存在，必須採取有力措施加以解決。"""
WORDS = ["目录", "尾页", "图片", "一要", "跑步", "校园", "审计厅", "鹿泽"]
HEADINGS = ["一、2022年工作回顾", "（三）民生保障持续加强", "各位代表：", "县长　苏禾", "望川县", "名词解释", "三、2024年重点工作", "附件", "望川概况", "鹿泽县2019年"]
HEADINGS_TRADITIONAL = ["政府工作報告", "一、過去一年工作回顧", "各位代表：", "縣長　蘇禾", "（三）民生保障"]


def html(text, declared):
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head><body><p>{text}</p></body></html>'


def page(data, **named):
    return read_page(data, source="page.html", **named)


@pytest.mark.parametrize(
    ("text", "written_as", "read_as"),
    [
        (REPORT, "utf-8", "utf-8"),
        (REPORT, "utf-8-sig", "utf-8"),
        (REPORT, "utf-16", "utf-16"),
        (REPORT, "utf-32", "utf-32"),
        (REPORT, "gb18030", "gb18030"),
        (REPORT, "gbk", "gb18030"),
        (REPORT.replace("——", "，"), "gb2312", "gb18030"),
        (REPORT + "陈婧𬭎", "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gbk", "gb18030"),
        (TRADITIONAL, "utf-8", "utf-8"),
        ("GDP 2023: 5.2%", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(text, written_as, read_as):
    assert decode(text.encode(written_as)) == (text, read_as)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_tells_which_utf_16(mark):
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert decode(mark + REPORT.encode(codec)) == (REPORT, "utf-16")


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "gbk", "big5", "iso-8859-1"])
@pytest.mark.parametrize(("written_as", "read_as"), [("utf-8", "utf-8"), ("gb18030", "gb18030")])
def test_a_declaration_is_recorded_and_not_obeyed(declared, written_as, read_as):
    said = html(REPORT, declared)
    read = page(said.encode(written_as))
    assert (read.text, read.encoding, read.encoding_declared) == (said, read_as, declared)


@pytest.mark.parametrize(
    ("head", "declared"),
    [
        ('<meta charset="GBK">', "gbk"),
        ("<META http-equiv=Content-Type content='text/html; charset=GB2312'>", "gb2312"),
        ('<?xml version="1.0" encoding="utf-8"?>', "utf-8"),
        ("<script>var charset='gbk'</script>", None),
        ("", None),
    ],
)
def test_what_is_declared_is_found_in_any_of_its_forms(head, declared):
    assert page(f"{head}<p>各位代表：</p>".encode()).encoding_declared == declared


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_short_heading_is_enough(heading, encoding):
    assert decode(heading.encode(encoding))[0] == heading


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("word", WORDS)
def test_two_characters_are_enough_even_where_their_bytes_are_valid_in_another_encoding(word, encoding):
    assert decode(word.encode(encoding))[0] == word


@pytest.mark.parametrize("text", ["café", "Zürich – Genève", "naïve", "Да"])
def test_a_word_with_accents_is_not_taken_for_chinese(text):
    assert decode(text.encode()) == (text, "utf-8")


def test_the_encoding_that_a_server_declares_is_recorded_too():
    assert page("各位代表：".encode(), media_type="text/html; charset=GBK").encoding_declared == "gbk"
    assert page(html(REPORT, "gb2312").encode(), media_type="text/html; charset=utf-8").encoding_declared == "gb2312"


@pytest.mark.parametrize("heading", HEADINGS_TRADITIONAL)
def test_a_short_heading_in_big5_is_enough(heading):
    assert decode(heading.encode("big5")) == (heading, "big5")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@given(length=st.integers(12, 60))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_a_page_cut_inside_a_character_loses_that_character_alone(encoding, length):
    text = (REPORT + "𬭎").encode(encoding)
    cut = text[: len(text) - length]
    read, _ = decode(cut)
    assert REPORT.startswith(read)
    assert len(cut) - len(read.encode(encoding)) < 4


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_rare_character_cut_at_the_end_leaves_nothing_behind(missing):
    assert decode((REPORT + "𬭎").encode("gb18030")[:-missing])[0] == REPORT
    assert decode((REPORT + "𬭎").encode("utf-8")[:-missing])[0] == REPORT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_leave_a_mark_in_their_place(encoding):
    whole = REPORT * 3
    at = len(whole[:100].encode(encoding))
    data = whole.encode(encoding)
    read, name = decode(data[:at] + b"\xff" + data[at:])
    assert (read, name) == (whole[:100] + "\ufffd" + whole[100:], encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_with_many_broken_bytes_is_unreadable(encoding):
    data = b"\xff".join(line.encode(encoding) for line in (REPORT * 3).split("，"))
    with pytest.raises(Unreadable, match="convert it to UTF-8"):
        decode(data)


@given(st.integers(1, 3))
@settings(derandomize=True, max_examples=3, deadline=None)
def test_a_page_that_begins_inside_a_character_is_read(missing):
    read, name = decode((REPORT * 3).encode("utf-8")[missing:])
    assert name == "utf-8"
    assert read.endswith((REPORT * 3)[1:])


def test_every_counterexample_has_its_error_and_every_error_its_counterexample():
    assert sorted(ERRORS) == sorted(path.name for path in BAD.iterdir() if path.name != "index.yaml")


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_what_is_no_page_is_unreadable_and_says_why(name):
    with pytest.raises(Unreadable, match=f"^{re.escape(ERRORS[name])}$"):
        read_page((BAD / name).read_bytes(), source=name)


@given(st.binary(max_size=300))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_any_bytes_are_read_or_unreadable(data):
    try:
        read = page(data)
    except Unreadable:
        return
    assert read.text.strip()
    assert read.encoding in {"utf-8", "gb18030", "big5", "utf-16", "utf-32"}
    assert (read.n_bytes, read.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_the_page_records_what_was_read():
    data = REPORT.encode("gbk")
    read = read_page(data, source="wangchuan/2022.txt")
    assert (read.source, read.n_bytes, read.sha256) == ("wangchuan/2022.txt", len(data), hashlib.sha256(data).hexdigest())
    assert (read.media_type, read.url, read.site, read.encoding_declared, read.retrieved_at) == ("text/plain", None, None, None, None)


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ("<p>各位代表：</p><p>现在</p>", "text/html"),
        ("\n<!DOCTYPE html>\n各位代表：", "text/html"),
        ("<table>各位代表", "text/html"),
        ("各位代表：<br>现在，<br>我代表县人民政府<br>", "text/html"),
        ("各位代表：<br>现在", "text/plain"),
        ("5<6 且 7>3，a<b，c>d", "text/plain"),
        ("<U+00A0>各位代表：<U+00A0><U+00A0>现在", "text/plain"),
        ("<!--\n-->\n各位代表：", "text/plain"),
        ("<pre-a><head1><bodyguard>", "text/plain"),
        (REPORT, "text/plain"),
    ],
)
def test_html_is_told_by_its_tags(text, media_type):
    assert sniff(text) == media_type
    assert page(text.encode()).media_type == media_type


@pytest.mark.parametrize(
    ("stated", "media_type"),
    [("text/plain", "text/plain"), ("text/html; charset=gbk", "text/html"), ("application/xhtml+xml", "text/html"), ("TEXT/HTML", "text/html")],
)
def test_a_media_type_that_is_given_is_believed(stated, media_type):
    assert page(b"<p>a</p><p>b</p>", media_type=stated).media_type == media_type
    assert page(REPORT.encode(), media_type=stated).media_type == media_type


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="http://www.wangchuan.example/2023.html">',
        "<link href='http://www.wangchuan.example/2023.html' rel='canonical' />",
        '<meta property="og:url" content="http://www.wangchuan.example/2023.html">',
        '<meta content="http://www.wangchuan.example/2023.html" property="og:url">',
        "<!-- saved from url=(0039)http://www.wangchuan.example/2023.html -->",
    ],
)
def test_the_address_that_a_page_states_is_found(head):
    read = page(f"<html><head>{head}</head><body><p>各位代表：</p></body></html>".encode())
    assert (read.url, read.site) == ("http://www.wangchuan.example/2023.html", "www.wangchuan.example")


def test_the_address_that_is_given_outranks_the_one_that_is_stated():
    stated = b'<link rel="canonical" href="http://a.example/1.html"><p>x</p><p>y</p>'
    assert page(stated, url="https://b.example/1.html").url == "https://b.example/1.html"


@pytest.mark.parametrize("head", ['<link rel="canonical" href="http://[1/2.html">', '<link rel="canonical" href="/2023.html">', '<link rel="icon" href="http://a.example/i">'])
def test_an_address_that_is_none_is_left_out(head):
    assert page(f"{head}<p>各位代表：</p><p>现在</p>".encode()).url is None


def test_plain_text_states_no_address():
    assert page('见 <link rel="canonical" href="http://a.example/1.html"> 一行'.encode()).url is None


CARDS = (
    SiteCard("xiangxian.example", hosts=("m.xiangxian.example",), says=re.compile("乡县网")),
    SiteCard("linlan.example"),
)


@pytest.mark.parametrize(
    ("url", "text", "site"),
    [
        ("http://xiangxian.example/1.html", "", "xiangxian.example"),
        ("http://www.xiangxian.example/1.html", "", "xiangxian.example"),
        ("http://M.XIANGXIAN.example/1.html", "", "xiangxian.example"),
        ("http://linlan.example/1.html", "凡注明为乡县网原创作品的", "linlan.example"),
        ("http://other.example/1.html", "凡注明为乡县网原创作品的", "other.example"),
        (None, "凡注明为乡县网原创作品的", "xiangxian.example"),
        (None, "各位代表：", None),
    ],
)
def test_a_site_is_known_by_its_host_else_by_what_its_pages_say(url, text, site):
    card = match_card(url, text, CARDS)
    assert (card.site if card else None) == (site if site in {"xiangxian.example", "linlan.example"} else None)
    assert page((text or "各位").encode(), url=url, cards=CARDS).site == site
