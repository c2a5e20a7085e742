"""Bytes become a page: encoding, media type, declared encoding, checksum, site.

In: the bytes of one page, its name, its address where known, and the site cards. Out: a `Page` with the decoded text.
Never: a declaration that outranks a test of the bytes. Declared encodings are recorded, not obeyed.
"""

from __future__ import annotations

import codecs
import functools
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from baogao.records import Page, Unreadable
from baogao.sources import SiteCard

# First bytes of files that are no text, and what to call them.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)
_BOMS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
# A damaged page may lose this share of its characters and still be read; above it the encoding is not the right one.
_DAMAGE_MAX = 0.005
# The commonest characters of Chinese text, simplified and traditional: in the right decoding they make up most of a page, in the wrong one
# next to none (the 240 first of running text, from the project's own reading of reports and news).
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "這個們來為國時會說對過發後裡種經麼學現當沒動還進無與長機間問並應戰頭體見產業將兩關點開從實軍義處認條氣題變總電數報結員論爾場計區隊統資據領傳師觀識導爭運設權記類規達難務責環濟縣鎮農"
)
# Bytes of a short heading; letters that make it a word of a language with accents (café).
_SHORT = 40
_ASCII, _FOREIGN = re.compile("[\x00-\x7f]+"), re.compile(rb"[\x80-\xff]")
# So many bytes are enough to tell an encoding by.
_SAMPLE = 16_000
_CODECS = {"gb18030": "gb18030", "big5": "big5hkscs", "utf-8": "utf-8"}
_LATIN = re.compile("[A-Za-z]")
# Of so few characters both GB18030 and Big5 can make usual words, and pages in Big5 are rare.
_FEW, _PRIOR = 5, 0.6
_TAG = re.compile(
    r"<(?:!doctype\s+html|/?(?:html|head|body|div|p|table|tr|td|span|br|meta|h[1-6]|article|section|ul|li|a|font|script|title))\b[^<>]*>", re.IGNORECASE
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{3,20})""", re.IGNORECASE)
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{3,20})""", re.IGNORECASE)


def read_page(
    data: bytes, *, source: str, url: str | None = None, media_type: str | None = None, charset: str | None = None, cards: Sequence[SiteCard] = ()
) -> Page:
    """Decode one page; `charset` is what its server declared. Raises Unreadable for bytes that hold no readable text."""
    text, encoding = decode(data)
    declared = _DECLARED.search(data[:4096])
    kind = media_type.split(";")[0].strip().lower() if media_type else sniff(text)
    url = url or _stated_address(text, kind)
    card = match_card(url, text, cards)
    return Page(
        source=source,
        media_type="text/html" if "html" in kind else "text/plain",
        encoding=encoding,
        sha256=hashlib.sha256(data).hexdigest(),
        n_bytes=len(data),
        text=text,
        url=url,
        site=card.site if card else _host(url) if url else None,
        encoding_declared=declared.group(1).decode("ascii").lower() if declared else charset or _charset(media_type),
    )


def _charset(media_type: str | None) -> str | None:
    """The encoding that a media type names: `text/html; charset=GBK`."""
    found = _CHARSET.search(media_type or "")
    return found[1].lower() if found else None


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: a byte order mark, else strict UTF-8, else GB18030 or Big5 by common characters.

    A page cut in the middle of a character loses that character; one with a few broken bytes keeps U+FFFD in their place.

    >>> decode("政府工作报告".encode("gbk"))
    ('政府工作报告', 'gb18030')
    >>> decode("政府工作报告".encode("utf-8")[:-1])
    ('政府工作报', 'utf-8')
    """
    text, name = _decoded(data)
    if not text.strip():
        raise Unreadable("the page is empty")
    return text, name


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return _replacing(data, codec), name
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"the page is {what}, not text: extract its text first")
    if b"\x00" in data:
        raise Unreadable("the page is binary, not text or HTML")
    strict = _strict_utf8(data)
    if strict is not None and not _may_be_gbk(data, strict):
        return strict, "utf-8"
    part = _part(data)
    likelihoods = {name: _likelihood(_replacing(part, codec), name) for name, codec in _CODECS.items()}
    name = max(likelihoods, key=lambda name: likelihoods[name])
    text = _replacing(data, _CODECS[name])
    if text.count("\ufffd") > _DAMAGE_MAX * len(text) or likelihoods[name] < 0:
        raise Unreadable("the page is in no encoding that is known here (UTF-8, GB18030, Big5, UTF-16): convert it to UTF-8")
    return text, name


def sniff(text: str) -> str:
    """Whether the text is HTML, told by its tags.

    >>> sniff("<p>各位代表：</p><p>现在</p>"), sniff("5<6 且 7>3")
    ('text/html', 'text/plain')
    """
    tags = 0
    for _ in _TAG.finditer(text):
        tags += 1
        if tags >= 3:
            return "text/html"
    return "text/html" if tags and _TAG.match(text.lstrip()) else "text/plain"


def match_card(url: str | None, text: str, cards: Sequence[SiteCard]) -> SiteCard | None:
    """The card of the page's site: by its host, else by what the page says."""
    host = (_host(url) or "").removeprefix("www.") if url else ""
    for card in cards:
        if host and host in {card.site, *card.hosts}:
            return card
    if host:
        return None
    return next((card for card in cards if card.says and card.says.search(text)), None)


def _part(data: bytes) -> bytes:
    """The part of a page to tell its encoding by: from its first foreign byte on, a whole page if it has few of them."""
    found = _FOREIGN.search(data)
    part = data[found.start() : found.start() + _SAMPLE] if found else data
    return part if len(_FOREIGN.findall(part)) >= _SAMPLE // 8 else data


def _strict_utf8(data: bytes) -> str | None:
    """The text where the bytes are UTF-8 to the last whole character."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return decoder.decode(data)  # not final: up to three bytes of a cut character may be left over
    except UnicodeDecodeError:
        return None


def _replacing(data: bytes, codec: str) -> str:
    """The text with U+FFFD for broken bytes, to the last whole character."""
    return codecs.getincrementaldecoder(codec)("replace").decode(data)  # not final: a cut character is left over


def _may_be_gbk(data: bytes, as_utf8: str) -> bool:
    """Whether bytes that are valid UTF-8 are a few Chinese characters in GBK all the same: 目录 in GBK is Ŀ¼ in UTF-8."""
    if len(data) > _SHORT or as_utf8.isascii() or max(as_utf8) >= "\u0800" or _LATIN.search(as_utf8):
        return False
    return all(c in _usual("gb18030") for c in _replacing(data, "gb18030") if c > "\x7f")


def _likelihood(text: str, encoding: str) -> float:
    """How much like Chinese the text is: the shares of usual and of the commonest characters among the non-ASCII ones, less ten times that of broken ones."""
    foreign = _ASCII.sub("", text)
    if not foreign:
        return 0.0
    usual = _usual(encoding)
    prior = _PRIOR if encoding == "gb18030" and len(foreign) < _FEW else 0.0
    like = sum(((c in usual) + (c in _COMMON)) * count for c, count in Counter(foreign).items())
    return prior + (like - 10 * foreign.count("\ufffd")) / len(foreign)


@functools.cache
def _usual(encoding: str) -> frozenset[str]:
    """The characters in common use of a character set, as the standards sort them: the first level of GB 2312 (rows 16 to 55), and of Big5 (A4 to C6).

    >>> [len(_usual(encoding)) for encoding in ("gb18030", "big5")]
    [3755, 5401]
    """
    rows, cells, codec = (range(0xB0, 0xD8), range(0xA1, 0xFF), "gb2312") if encoding == "gb18030" else (range(0xA4, 0xC7), range(0x40, 0xFF), "big5")
    decoded = (bytes((row, cell)).decode(codec, "ignore") for row in rows for cell in cells)
    return frozenset(c for c in decoded if len(c) == 1 and "\u4e00" <= c <= "\u9fff")


_ADDRESS = re.compile(
    r"""<link(?=[^>]+rel=["']canonical["'])[^>]+href=["'](https?://[^"'\s]+)|<meta(?=[^>]+property=["']og:url["'])[^>]+content=["'](https?://[^"'\s]+)"""
    r"""|<!--\s*saved from url=\(\d+\)(https?://\S+)""",
    re.IGNORECASE,
)


def _stated_address(text: str, media_type: str) -> str | None:
    """The address that an HTML page states of itself: canonical link, og:url, or the note of a browser that saved it."""
    if "html" not in media_type:
        return None
    found = _ADDRESS.search(text[:65_536])
    address = next((group for group in found.groups() if group), None) if found else None
    return address if address and _host(address) else None


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # an address that is none, such as http://[1/
        return None
