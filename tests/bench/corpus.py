"""A corpus of any size: pages of made-up reports, as many sites would show them.

    python tests/bench/corpus.py PAGES FOLDER [--chars 15000] [--seed 0]

In: the sentences of the reports among the tests, the area table, a seed. Out: one HTML page a report, in folders of a thousand; the same for the same seed.
Each report is of another place and year, has the parts and headings of a report, and about --chars characters. Its sentences are drawn, put in another
order, given other figures and other names, and so no two reports share a tenth of theirs; frames and encodings are those that scraped pages have.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from baogao import stages
from baogao.records import Place, Unreadable

_TESTS = Path(__file__).resolve().parents[1]
_YEARS = range(2006, 2027)
_FOLDER = 1000
# What scraped pages are written in: the codec, and what the page says of it (None: nothing). UTF-8 is the most common by far.
_ENCODINGS: tuple[tuple[str, str | None], ...] = (
    *[("utf-8", "utf-8")] * 8, ("utf-8", None), ("utf-8-sig", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "GBK"), ("gb18030", None), ("utf-16", "utf-8"),
)  # fmt: skip
_DIGITS = re.compile(r"(?<![\d.])[1-9]\d*(?:\.\d+)?(?![\d.]|年|届|次会|五”|月|日)")
# Real reports have 0.4 to 0.5 figures a sentence, those among the tests more: so many of the sentences drawn are of those with digits.
_WITH_DIGITS = 0.17
_COMMA = re.compile(r"[，,]")
_SYLLABLES = "安北昌城川大东丰凤古广海河恒洪湖化怀吉江金景开兰乐灵龙罗美明南宁平清泉仁荣三山石顺太泰天通万文武西溪贤新兴阳阴永玉元云长镇中州竹"
_WHERE = ("在{}镇，", "依托{}园区，", "围绕{}片区，", "以{}为重点，", "立足{}流域，", "面向{}市场，", "结合{}实际，", "通过{}项目，")
_THEMES = "产业发展 乡村振兴 城市建设 改革开放 生态环境 民生保障 科技创新 项目建设 营商环境 社会治理 文化旅游 安全生产".split()
_DOES = "坚持把{}摆在首位 全力推动{}迈上新台阶 聚焦{}精准发力 着力提升{}水平 统筹抓好{} 持续深化{}".split()


def make(pages: int, folder: Path, *, chars: int = 15_000, seed: int = 0, processes: int | None = None) -> None:
    """Write the pages of a corpus."""
    for start in range(0, pages, _FOLDER):
        file_of(start, folder).parent.mkdir(parents=True, exist_ok=True)
    items = [(n, folder, chars, seed) for n in range(pages)]
    if processes == 1:
        for item in items:
            _write(item)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for _ in pool.imap_unordered(_write, items, chunksize=50):
            pass


def page(n: int, *, chars: int = 15_000, seed: int = 0) -> bytes:
    """The bytes of one page."""
    chance = random.Random(f"{seed}:{n}")
    place, year = place_and_year(n)
    codec, declared = chance.choice(_ENCODINGS)
    return _framed(_report(place, year, chars, chance), place, year, declared, chance).encode(codec, errors="xmlcharrefreplace")


def place_and_year(n: int) -> tuple[Place, int]:
    """Whose report a page of the corpus is, and of which year."""
    year = _YEARS[n % len(_YEARS)]
    places = _places(year)
    return places[(n // len(_YEARS) * 7919) % len(places)], year  # a prime: neighbours in the corpus are of different provinces


def file_of(n: int, folder: Path) -> Path:
    """Where a page of the corpus is."""
    return folder / f"{n // _FOLDER:03}" / f"{n:06}.html"


def _write(item: tuple[int, Path, int, int]) -> None:
    n, folder, chars, seed = item
    file_of(n, folder).write_bytes(page(n, chars=chars, seed=seed))


@functools.cache
def _places(year: int) -> list[Place]:
    return [place for place in stages.obliged(year) if place.level in {"prefecture", "county"} and place.name.endswith(("市", "县", "区", "旗"))]


@functools.cache
def _sentences() -> dict[tuple[str, bool], list[str]]:
    """The sentences of all reports among the tests, by whether they look back, ahead, or neither, and whether they have figures."""
    found: dict[str, dict[str, None]] = {"back": {}, "ahead": {}, "none": {}}
    for folder in ("gold", "examples/corpus", "examples/clean", "../seeds/pages"):
        for file in sorted((_TESTS / folder).rglob("*")):
            if file.suffix not in {".html", ".txt"}:
                continue
            try:
                read = stages.read(file.read_bytes(), source="")
            except Unreadable:
                continue
            body = stages.clean(read)
            if stages.describe(read, body).document_type == "report":
                for role, said in _told("\n".join(body.lines)):
                    found[role][said] = None
    drawn = ((role, said) for role, sentences in found.items() for said in sentences if 12 <= len(said) <= 160)
    pools: dict[tuple[str, bool], list[str]] = {}
    for role, said in drawn:
        pools.setdefault((role, bool(_DIGITS.search(said))), []).append(said)
    return pools


def _told(text: str) -> Iterator[tuple[str, str]]:
    sections, paragraphs, sentences = stages.split(text)
    for one in sentences:
        section = paragraphs[one.paragraph].section
        yield stages.stance(None if section is None else sections[section].role), text[one.start : one.end]


# --- the report


def _report(place: Place, year: int, chars: int, chance: random.Random) -> list[str]:
    """The lines of a report: title, delivery line, opening, two parts with headings, closing."""
    office = "区长" if place.name.endswith("区") else "市长" if place.name.endswith("市") else "旗长" if place.name.endswith("旗") else "县长"
    unit = office[0]
    speaker = "".join(chance.sample("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", 1) + chance.sample(_SYLLABLES, 2))
    day = f"{year}年{chance.randint(1, 3)}月{chance.randint(1, 28)}日"
    congress = f"第{_numeral(chance.randint(9, 19))}届人民代表大会第{_numeral(chance.randint(1, 6))}次会议"
    lines = [f"——{day}在{place.name}{congress}上", f"{place.name}人民政府{office} {speaker}", "各位代表："]
    lines.append(f"现在，我代表{place.name}人民政府，向大会报告工作，请予审议，并请各位政协委员和列席人员提出意见。")
    for number, (name, role, share) in enumerate(((f"{year - 1}年工作回顾", "back", 0.5), (f"{year}年工作安排", "ahead", 0.46)), start=1):
        lines.append(f"{_numeral(number)}、{name}")
        lines += _part(role, int(chars * share), chance)
    return [*lines, "各位代表！", f"让我们更加紧密地团结起来，为建设更加美好的{place.name}而努力奋斗！谢谢大家！"] if unit else lines


def _part(role: str, chars: int, chance: random.Random) -> Iterator[str]:
    pools = _sentences()
    number, themes = 0, chance.sample(_THEMES, len(_THEMES))
    while chars > 0:
        if number < len(themes):
            yield f"（{_numeral(number + 1)}）{chance.choice(_DOES).format(themes[number])}"
        for _ in range(chance.randint(2, 5)):
            said = "".join(_varied(chance.choice(pools[role, chance.random() < _WITH_DIGITS]), chance) for _ in range(chance.randint(3, 7)))
            chars -= len(said)
            yield said
        number += 1


def _varied(said: str, chance: random.Random) -> str:
    """A sentence with other figures, and with a made-up name in three of four."""
    said = _DIGITS.sub(lambda found: _figure(found.group(), chance), said)
    if chance.random() < 0.75:
        marks = list(_COMMA.finditer(said))
        at = chance.choice(marks).end() if marks else 0
        name = "".join(chance.choices(_SYLLABLES, k=2))
        said = said[:at] + chance.choice(_WHERE).format(name) + said[at:]
    return said


def _figure(written: str, chance: random.Random) -> str:
    """Another number of as many digits."""
    return "".join(chance.choice("123456789") if n == 0 else chance.choice("0123456789") if char.isdigit() else char for n, char in enumerate(written))


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十" if tens else "") + ("一二三四五六七八九"[ones - 1] if ones else "")


# --- the page around it


def _framed(lines: Sequence[str], place: Place, year: int, declared: str | None, chance: random.Random) -> str:
    """The page: a head, what a site wraps around its articles, and the report in one of the ways in which sites mark up text."""
    title = f"{year}年{place.name}政府工作报告"
    host = f"www.{chance.choice(('zf', 'xxgk', 'gov'))}{place.code}.gov.cn"
    day = f"{year}-{chance.randint(1, 4):02}-{chance.randint(1, 28):02}"
    charset = f'<meta charset="{declared}">' if declared and chance.random() < 0.6 else f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    head = f"<!DOCTYPE html><html><head>{charset}<title>{title}_{place.name}人民政府网站</title>"
    if chance.random() < 0.5:
        head += f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:{chance.randint(10, 59)}"><meta name="SiteName" content="{place.name}人民政府">'
    if chance.random() < 0.6:
        head += f'<link rel="canonical" href="http://{host}/art/{day.replace("-", "/")}/art_{chance.randint(100, 9999)}_{chance.randint(10000, 999999)}.html">'
    style = "<style>.nav{float:left}.main{width:" + str(chance.randint(800, 1200)) + "px}</style>" * chance.randint(1, 3)
    script = f"<script>var _hmt=_hmt||[];(function(){{var k={chance.randint(1, 9999)};for(var i=0;i<k;i++){{}}}})();</script>" * chance.randint(1, 4)
    return f"{head}{style}{script}</head><body>{_above(title, place, day, chance)}{_marked_up(lines, chance)}{_below(place, chance)}</body></html>"


def _above(title: str, place: Place, day: str, chance: random.Random) -> str:
    items = chance.sample("首页 政务公开 政务服务 互动交流 走进我们 新闻中心 专题专栏 数据开放 领导之窗 公告公示 政策文件 招商引资 便民服务".split(), chance.randint(5, 10))
    links = [f'<a href="/{n}/">{item}</a>' for n, item in enumerate(items)]
    before, between, after = chance.choice((("<ul><li>", "</li><li>", "</li></ul>"), ("<div class='nav'>", " | ", "</div>"), ("<table><tr><td>", "</td><td>", "</td></tr></table>")))
    nav = before + between.join(links) + after
    crumbs = chance.choice(("您现在的位置：", "当前位置：", "您所在的位置: ")) + chance.choice((" &gt; ", " » ", ">>")).join([*links[:3], "正文"])
    tools = chance.choice(("【字体：大 中 小】", "字号：[大] [中] [小]", "打印本页 关闭窗口", "分享到：微信 微博", ""))
    byline = chance.choice((
        f"发布时间：{day} 来源：{place.name}政府办公室 浏览次数：{chance.randint(10, 9999)}",
        f"{day} 09:{chance.randint(10, 59)} 来源: 本站原创 作者: 佚名",
        f"信息来源：{place.name}人民政府 发布日期：{day}",
    ))  # fmt: skip
    heading = chance.choice((f"<h1>{title}</h1>", f'<div class="title">{title}</div>', f'<p align="center"><b>{title}</b></p>'))
    return f"<div>{nav}</div><div>{crumbs}</div>{heading}<div class='info'>{byline} {tools}</div>"


def _marked_up(lines: Sequence[str], chance: random.Random) -> str:
    """The text as paragraphs, lines broken by hand, styled pieces, boxes, or cells of a table."""
    way = chance.randrange(6)
    if way == 0:
        return "<div class='TRS_Editor'>" + "".join(f"<p>　　{line}</p>" for line in lines) + "</div>"
    if way == 1:
        return "<div id='zoom'>" + "<br/>".join(f"　　{line}" for line in lines) + "</div>"
    if way == 2:
        spans = (f'<span style="font-family:仿宋;font-size:16pt">{line}</span>' for line in lines)
        return "<div class='content'>" + "\n".join(f'<p style="text-indent:2em;line-height:{chance.randint(20, 36)}px">{span}</p>' for span in spans) + "</div>"
    if way == 3:
        return "<article>" + "".join(f"<div>&nbsp;&nbsp;{line}</div>" for line in lines) + "</article>"
    if way == 4:
        return "<table><tr><td class='bt'><font size=3>" + "<br><br>".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{line}" for line in lines) + "</font></td></tr></table>"
    halves = (f"<p class=MsoNormal><b>{line[:6]}</b>{line[6:]}</p>" if len(line) > 40 and n % 5 == 0 else f"<p class=MsoNormal>{line}</p>" for n, line in enumerate(lines))
    return "<div id='UCAP-CONTENT'>" + "".join(halves) + "</div>"


def _below(place: Place, chance: random.Random) -> str:
    news = chance.choices(("召开常务会议", "举行新闻发布会", "部署重点工作", "推进项目建设", "开展专项检查"), k=chance.randint(3, 12))
    related = "".join(f'<li><a href="/a/{chance.randint(1, 9999)}.html">{place.name}{title}</a></li>' for title in news)
    disclaimer = chance.choice(("", "<p>免责声明：本网站转载的内容版权归原作者所有，如有侵权请联系我们。</p>", "<p>声明：凡本网注明来源的稿件，均为本网版权所有，转载请注明出处。</p>"))
    comments = chance.choice(("", "<form><textarea>我来说两句</textarea><input value='发表评论'></form><div>网友评论仅供网友表达个人看法，并不表明本网站立场</div>"))
    turn = chance.choice(("", "<p>上一篇：<a href='/1.html'>国民经济和社会发展统计公报</a></p><p>下一篇：<a href='/2.html'>财政预算执行情况的报告</a></p>"))
    footer = f"<div class='footer'>主办：{place.name}人民政府办公室 网站标识码：{place.code}{chance.randint(1000, 9999)} 备案号：ICP备{chance.randint(10000000, 99999999)}号</div>"
    return f"{turn}<div>相关链接<ul>{related}</ul></div>{disclaimer}{comments}{footer}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a corpus of pages of made-up reports.")
    parser.add_argument("pages", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chars", type=int, default=15_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    make(asked.pages, asked.folder, chars=asked.chars, seed=asked.seed)
