"""Tags: what a start or end tag means for the lines of a page.

In: a tag as it stands in the source. Out: `Tag`: what it does to lines, its element, the names that the site gave it, whether it hides its text.
Never: a judgment on what an element is; that takes the rules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import NamedTuple

# What a tag does to the line that is being read. From SKIP on, a tag needs a closer look.
(
    NOTHING,  # an inline tag: the line goes on
    BREAK,  # the line ends, no element opens
    OPEN,  # the line ends, a block opens
    CLOSE,  # the line ends, a block closes
    LINK,
    UNLINK,
    IMAGE,
    HIDE,  # an inline element whose text is not shown: the line goes on behind it
    SKIP,  # all up to the end tag is no text of the page
    META,
    COMMENT,
    TEXT,  # no tag: the sign in 5<6
    UNCLEAR,  # ends inside a quotation
    UNFINISHED,  # does not end before the next <
) = range(14)
CLOSER = SKIP


class Tag(NamedTuple):
    """A tag, read."""

    does: int
    name: str = ""
    given: str = ""
    """The class and the id, as they stand."""
    is_hidden: bool = False


_BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header html "
    "legend li main menu nav ol optgroup option p pre section summary table tbody td tfoot th thead tr ul".split()
)
# What these hold is no text of the page: code, other documents, fallbacks, what a reader may fill in.
_UNSEEN = frozenset("script style title noscript template iframe object svg math textarea select datalist audio video canvas noframes noembed xmp".split())

_VOID = {"br": BREAK, "hr": BREAK, "img": IMAGE, "meta": META} | dict.fromkeys("link input wbr embed param source track area col base".split(), NOTHING)
_WHOLE = re.compile(r"""(?:[^"']|"[^"]*"|'[^']*')*\Z""")
_NAME = re.compile(r"/?([a-zA-Z][^\s/]*)")
_ATTRIBUTE = re.compile(r"""([^\s"'/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"']\S*|))?""")
# Words without which a tag gives no name and hides nothing.
_GIVES = re.compile("class|id|style|hidden", re.IGNORECASE)
_HREF = re.compile(r"""[\s"']href\s*=""", re.IGNORECASE)
# Styles that take an element out of sight: `display: none`; and those that are used on words inside a line alone: `font-size:0`, `opacity:0`.
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING_INLINE = re.compile(
    r"font-size\s*:\s*(?:0(?![\d.])|[0-2]p[xt])|opacity\s*:\s*(?:0(?:\.0*)?|\.0+)(?![\d.])|text-indent\s*:\s*-\d{3}", re.IGNORECASE
)
# The same in a style sheet, in either case: `display:none` hides blocks too, `font-size:0` words inside a line alone. Each pattern has a beginning that is found fast.
_HIDING_RULES = (
    (re.compile(r"display\s*:\s*none"), True),
    (re.compile(r"DISPLAY\s*:\s*(?:none|NONE)"), True),
    (re.compile(r"visibility\s*:\s*hidden"), True),
    (re.compile(r"font-size\s*:\s*(?:0(?![\d.])|[0-2]p[xt])"), False),
    (re.compile(r"FONT-SIZE\s*:\s*(?:0(?![\d.])|[0-2](?:p[xt]|P[XT]))"), False),
    (re.compile(r"opacity\s*:\s*(?:0(?:\.0*)?|\.0+)(?![\d.])"), False),
)
# A selector of one class or id, `.jammer`, `div#tip`, or of words inside a line, `.text p em.f`; not `.nav .sub` or `.tab:hover`.
_SELECTOR = re.compile(r"(?:\w*|[^:+~\[\]]*\s(?:em|span|b|i|u|font|strong|small|label))[.#]([\w-]+)")
_SELECTOR_INSIDE = re.compile(r"[^:+~\[\]]*[.#]([\w-]+)")
_STYLE_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


@lru_cache(maxsize=8192)
def read_tag(said: str) -> Tag:
    """What a tag means, from what stands between < and >. Kept for the tags met last, since a site writes the same ones again and again.

    >>> read_tag('DIV class="TRS_Editor"')
    Tag(does=2, name='div', given='TRS_Editor', is_hidden=False)
    >>> read_tag('span style="display: none"').does == HIDE, read_tag("br /").does == BREAK, read_tag("/p").does == CLOSE
    (True, True, True)
    """
    return Tag(UNCLEAR) if (said.count('"') | said.count("'")) & 1 and not _WHOLE.match(said) else read_unclear_tag(said)


def read_unclear_tag(said: str) -> Tag:
    """What a tag means, even where a quotation in it is not closed."""
    found = _NAME.match(said)
    if found is None:
        is_comment = said.startswith("!--") and said not in ("!--", "!---") and not (said.endswith("--") and len(said) >= 5)
        return Tag(COMMENT if is_comment else NOTHING if said[:1] in ("!", "?", "/") else TEXT)
    name = found[1].lower()
    if said.startswith("/"):
        return Tag(CLOSE if name in _BLOCK else UNLINK if name == "a" else NOTHING, name)
    if name in _UNSEEN:
        return Tag(SKIP, name)
    if name in _VOID:
        return Tag(_VOID[name])
    given, style = _given(said, found.end())
    if name in _BLOCK:
        return Tag(OPEN, name, given, style is None or bool(_HIDING.search(style)))
    is_hidden = style is None or bool(_HIDING.search(style) or _HIDING_INLINE.search(style))
    if name == "a" and not is_hidden:
        return Tag(LINK if _HREF.search(said) else NOTHING, name)
    return Tag(HIDE if is_hidden else NOTHING, name, given, is_hidden)


def hidden_names(style_sheet: str) -> tuple[set[str], set[str]]:
    """Classes and ids, in lower case, that a style sheet takes out of sight: those of any element, and those of words inside a line alone.

    >>> hidden_names(".jammer{display:none} .nav .sub{display:none} #tip { color:red; DISPLAY : none } .text .x{font-size:0}") == ({"jammer", "tip"}, {"x"})
    True
    """
    names: tuple[set[str], set[str]] = (set(), set())
    if "/*" in style_sheet:
        style_sheet = _STYLE_COMMENT.sub(" ", style_sheet)
    for rule, hides_blocks in _HIDING_RULES:
        at = depth = 0  # how many braces are open
        for hiding in rule.finditer(style_sheet):
            depth += style_sheet.count("{", at, hiding.start()) - style_sheet.count("}", at, hiding.start())
            at = hiding.start()
            if depth != 1:  # inside an @media
                continue
            opened = style_sheet.rfind("{", 0, at)
            before = max(style_sheet.rfind(mark, 0, opened) for mark in "{};")
            for selector in style_sheet[before + 1 : opened].lower().split(","):
                if found := (_SELECTOR if hides_blocks else _SELECTOR_INSIDE).fullmatch(selector.strip()):
                    names[not hides_blocks].add(found[1])
    return names


def attributes(said: str) -> dict[str, str]:
    """Attributes of a start tag, names in lower case, references resolved.

    >>> attributes('META NAME="PubDate" content=2024-03-22')
    {'content': '2024-03-22', 'name': 'PubDate'}
    """
    name = _NAME.match(said)
    return {name.lower(): unescape(_unquoted(value)) for name, value in reversed(_ATTRIBUTE.findall(said, name.end() if name else 0))}


def _given(said: str, at: int) -> tuple[str, str | None]:
    """The class and id that a tag gives, and its style; None for one that says hidden. Its attributes begin at `at`."""
    given, style = "", ""
    if not _GIVES.search(said, at):
        return given, style
    for written, value in _ATTRIBUTE.findall(said, at):
        attribute = written.lower()
        if attribute == "style":
            style = value
        elif attribute == "hidden":
            return given.strip(), None
        elif attribute in ("class", "id"):
            given += " " + _unquoted(value)
    return given.strip(), style


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in ("'", '"') else value
