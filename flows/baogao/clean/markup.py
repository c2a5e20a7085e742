"""HTML becomes drafts of lines, each with the elements that hold it: one pass over the tags, as they stand in the source.

In: the decoded HTML. Out: `Markup`: drafts of lines with their places, the elements, and what the page states of itself by name.
Method: a scan for tags and a stack of open elements, with the end tags that HTML lets authors leave out. A tree as a browser builds it takes longer than
all else that cleaning does, grows with the square of the depth, moves texts about, and no longer knows where in the source they stood.
Never: a judgment on what a line is.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from html import unescape

from baogao.clean.tags import (
    BREAK,
    CLOSE,
    CLOSER,
    COMMENT,
    HIDE,
    IMAGE,
    LINK,
    META,
    NOTHING,
    OPEN,
    SKIP,
    TEXT,
    UNCLEAR,
    UNFINISHED,
    UNLINK,
    Tag,
    hidden_names,
    read_tag,
    read_unclear_tag,
)  # fmt: skip

# A tag whole, where it holds a < or a > inside a value: `<a title="3>2">`.
_WHOLE_TAG = re.compile(r"""<[a-zA-Z/](?:[^"'<>]|"[^"]*"|'[^']*')*>""")
_TAG_MAX = 10_000
# Spaces, and the references that stand for some.
BLANK = re.compile(r"(?:[\s\u200b\ufeff]|&(?:nbsp|ensp|emsp|#160|#xa0|#12288|#8203);?)*")
_UNSEEN_STARTS = frozenset("&\u200b\ufeff")
# What a page ends with that was cut off inside a tag.
_CUT_TAG = re.compile(r"/?[a-zA-Z]|!|/?\Z")
_UNFINISHED, _NO_TAG = Tag(UNFINISHED), Tag(NOTHING)
# Tags without a text behind them, as they stand in the source: most of a page is made of the same few, and need not be taken apart again.
_BARE: dict[str, Tag] = {}
_BARE_MAX, _BARE_KEPT = 80, 10_000
# What a start tag closes, and the elements beyond which it closes nothing (HTML, optional tags).
_LISTS, _ROWS = frozenset("ul ol menu dl td th table div".split()), frozenset({"table"})
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), _LISTS),
    "dt": (frozenset({"dt", "dd"}), _LISTS),
    "dd": (frozenset({"dt", "dd"}), _LISTS),
    "option": (frozenset({"option"}), _LISTS),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), _ROWS),
    "tbody": (frozenset({"tbody", "thead", "tfoot"}), _ROWS),
    "thead": (frozenset({"tbody", "thead", "tfoot"}), _ROWS),
    "tfoot": (frozenset({"tbody", "thead", "tfoot"}), _ROWS),
}
# An end tag closes nothing beyond the cell that it stands in, but for those of the table itself.
_CELL, _NOWHERE = frozenset({"td", "th", "table"}), frozenset[str]()
_OF_TABLE = frozenset("table tbody thead tfoot tr td th".split())
# Elements nested deeper than this count as siblings, as in browsers (512 in Blink).
_DEPTH_MAX = 512
# A script or a style sheet that is never closed runs to the end of the page; no other element is believed to.
_RUNS_ON = frozenset({"script", "style"})


@dataclass(slots=True)
class Draft:
    """A line as it stands in the source, with the innermost element that holds its beginning."""

    element: int
    start: int
    end: int
    pieces: list[str]
    linked: int
    """Characters inside links."""
    after_image: bool
    text: str = ""
    """What a reader sees of it; paragraphs give it."""


@dataclass(slots=True)
class Markup:
    """A page, read. Elements have numbers, parents before children; 0 is the page itself."""

    drafts: list[Draft] = field(default_factory=list)
    parents: list[int] = field(default_factory=lambda: [0])
    tags: list[Tag] = field(default_factory=lambda: [Tag(OPEN)])
    hidden_names: set[str] = field(default_factory=set)
    """Classes and ids, in lower case, that a style sheet of the page takes out of sight."""
    hidden: set[int] = field(default_factory=set)
    """Elements of words inside a line that no reader sees."""
    metas: list[str] = field(default_factory=list)
    """What stands in the <meta> tags."""
    title: str | None = None


def read_markup(source: str, hidden_names: Iterable[str] = ()) -> Markup:
    """The lines of a page. Takes time in proportion to its length, however deep and however broken it is.

    `hidden_names` are classes and ids whose text is never shown, besides those that the page's own style sheets hide.
    """
    markup = Markup(hidden_names=set(hidden_names))
    _Reader(source, markup).read()
    return markup


class _Reader:
    """The pass over the tags."""

    def __init__(self, source: str, markup: Markup) -> None:
        self.source = source
        self.markup = markup
        self.stack = [0]
        self.hidden_inside = set(markup.hidden_names)
        """Classes and ids of words inside a line that a style sheet takes out of sight."""
        self.ends: dict[str, int] = {}
        """Where the next end tag of a skipped element was found."""
        self.suspended: dict[int, tuple[Draft, bool]] = {}
        """The lines that go on after a hidden inline element, by that element."""

    def read(self) -> None:  # noqa: C901, PLR0912, PLR0915 - a page has thousands of tags: a call for each would take longer than what it does
        """Read the page, tag by tag, each with the text behind it."""
        source, stack, suspended, bare = self.source, self.stack, self.suspended, _BARE
        drafts, parents, tags, hidden = self.markup.drafts, self.markup.parents, self.markup.tags, self.hidden_inside
        draft = Draft(0, 0, 0, [], 0, False)
        top = 0  # the innermost open element, last on the stack
        is_broken = True  # the next text begins a line
        link = 0  # how many elements were open where the open link began; 0 outside
        after_image = False
        resume = 0  # where the text goes on behind what is skipped
        at = -1
        for piece in self.source.split("<"):
            start, at = at, at + len(piece) + 1
            if at < resume:
                continue
            what = bare.get(piece)
            if what is None or start < resume:
                said, closed, text = piece.partition(">")
                if start < resume:  # the text behind what was skipped
                    what, text = _NO_TAG, source[resume:at]
                else:
                    what = read_tag(said) if closed else _UNFINISHED
                    if what[0] >= CLOSER:
                        what, resume = self._look_closer(what, said, start, at)
                        text = source[resume:at]
                    elif len(piece) <= _BARE_MAX and (not text or text.isspace()):
                        bare[piece] = what
            else:
                text = ""
            does, name, given, _ = what
            if does == NOTHING:
                if given and hidden and not hidden.isdisjoint(given.lower().split()):
                    top = self._hide(what, draft, is_broken=is_broken)
                    is_broken = True
                elif suspended and name:
                    if goes_on := self._inside_hidden(what, piece):
                        draft, is_broken = goes_on
                    top = stack[-1]
            elif does == OPEN:
                is_broken = True
                if tags[top][1] == "p":
                    self._close(len(stack) - 1)
                if name in _CLOSES and tags[top][1] not in _CLOSES[name][1]:
                    self._close(self._depth(*_CLOSES[name]))
                if len(stack) <= _DEPTH_MAX:
                    parents.append(stack[-1])
                    top = len(tags)
                    tags.append(what)
                    stack.append(top)
            elif does == CLOSE:
                is_broken = True
                if tags[top][1] == name:
                    stack.pop()
                else:
                    self._close(self._depth({name}, _NOWHERE if name in _OF_TABLE else _CELL))
                top = stack[-1]
                if link > len(stack):
                    link = 0
            elif does == LINK:
                link = len(stack)
            elif does == UNLINK:
                link = 0
                if suspended:
                    if goes_on := self._inside_hidden(what, piece):
                        draft, is_broken = goes_on
                    top = stack[-1]
            elif does == BREAK:
                is_broken = True
            elif does == IMAGE:
                after_image = True
            elif does == HIDE:
                top = self._hide(what, draft, is_broken=is_broken)
                is_broken = True
            if not text:
                if not is_broken and resume <= start and piece[-1:] != ">":  # a tag known with the blanks behind it
                    draft.pieces.append(piece[piece.rfind(">") + 1 :])
            elif text.isspace():
                if not is_broken:
                    draft.pieces.append(text)
            elif is_broken:
                if text[0] in _UNSEEN_STARTS and BLANK.fullmatch(text):
                    continue
                draft = Draft(top, at - len(text), at, [text], len(text) if link else 0, after_image)
                drafts.append(draft)
                is_broken = after_image = False
            else:
                draft.pieces.append(text)
                draft.end = at
                if link:
                    draft.linked += len(text)
        if len(bare) > _BARE_KEPT:
            bare.clear()

    def _open(self, what: Tag) -> int:
        """Open an element; its number, or that of its parent where elements are nested too deep."""
        stack, markup = self.stack, self.markup
        if len(stack) <= _DEPTH_MAX:
            markup.parents.append(stack[-1])
            stack.append(len(markup.tags))
            markup.tags.append(what)
        return stack[-1]

    def _hide(self, what: Tag, draft: Draft, *, is_broken: bool) -> int:
        """Open an element of words that no reader sees; the line that it stands in goes on behind it."""
        number = self._open(what)
        self.suspended[number] = (draft, is_broken)
        self.markup.hidden.add(number)
        return number

    def _close(self, depth: int) -> None:
        """Close the element at that depth of the stack, if any, with all that is open inside it."""
        if depth > 0:
            if self.suspended:
                for number in self.stack[depth:]:
                    self.suspended.pop(number, None)
            del self.stack[depth:]

    def _depth(self, names: Container[str], limits: Container[str]) -> int:
        """How deep the innermost open element of these names is on the stack; 0 where there is none or one of the limits stands between."""
        for depth in range(len(self.stack) - 1, 0, -1):
            name = self.markup.tags[self.stack[depth]][1]
            if name in names:
                return depth
            if name in limits:
                break
        return 0

    def _inside_hidden(self, what: Tag, said: str) -> tuple[Draft, bool] | None:
        """Inside a hidden inline element the inline elements count, to know its end by: there, the line that goes on behind it."""
        if not said.startswith("/"):
            if not said.endswith("/"):
                self._open(what)
            return None
        depth = self._depth({what.name}, _NOWHERE)
        goes_on = self.suspended.get(self.stack[depth])
        self._close(depth)
        return goes_on

    def _look_closer(self, what: Tag, said: str, start: int, at: int) -> tuple[Tag, int]:
        """What a rarer tag means, and where the text behind it, or behind what it skips, begins."""
        end = start + len(said) + 2
        if said.startswith("!--"):
            what = read_unclear_tag(said)
        elif what.does in (UNCLEAR, UNFINISHED):
            whole = _WHOLE_TAG.match(self.source, start, start + _TAG_MAX)
            if whole:
                said, end = whole.group()[1:-1], whole.end()
            elif what.does == UNFINISHED:  # a page cut off inside a tag, or a sign
                return Tag(NOTHING), at if at == len(self.source) and _CUT_TAG.match(said) else max(0, start)
            what = read_unclear_tag(said)
        if what.does == TEXT:
            return Tag(NOTHING), max(0, start)
        if what.does == META:
            self.markup.metas.append(said)
        elif what.does == COMMENT:
            end = self._find("-->", start + 4) + 3
            end = end if end > 2 else len(self.source)
        elif what.does == SKIP:
            end = self._skip(what.name, said, end)
        return what, end

    def _skip(self, name: str, said: str, at: int) -> int:
        """Where an element ends whose text is not shown. A title and a style sheet say something on the way."""
        end = self._find(f"</{said[: len(name)]}", at)  # written as the start tag is
        if end < 0:
            end = self._find(f"</{name.upper() if said.startswith(name) else name}", at)
        if end < 0 and name not in _RUNS_ON:
            return at
        end = end if end >= 0 else len(self.source)
        if name == "title" and self.markup.title is None:
            self.markup.title = unescape(self.source[at:end])
        elif name == "style":
            everywhere, inside = hidden_names(self.source[at:end])
            self.markup.hidden_names |= everywhere
            self.hidden_inside |= everywhere | inside
        return self.source.find(">", end) + 1 or len(self.source)

    def _find(self, end_tag: str, at: int) -> int:
        """Where the end tag stands next, or -1. Kept, since scripts are many."""
        found = self.ends.get(end_tag, 0)
        if 0 <= found < at:
            found = self.ends[end_tag] = self.source.find(end_tag, at)
        return found

