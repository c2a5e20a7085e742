"""HTML becomes lines: one parse, one walk, the densest part of the page, and what stands outside it.

In: the decoded HTML. Out: the lines of the part of the page that holds the text, with their places; the lines outside it as removed; the page's metadata.
Method: text density by Chinese sentence marks, given to the containers of each line and, fading, to theirs (as Readability does with ASCII commas).
Element names (class, id) and forms say what is not the text, and are not believed where that would drop most of it.
Never: a decision by a list of known sites.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from baogao.clean.frame import is_title, is_title_block, remove
from baogao.clean.line import Line
from baogao.clean.rules import CleaningRules
from baogao.records import Removed, RemovedKind
from baogao.text import drop_shapeless

_BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html "
    "iframe legend li main menu nav ol option p pre section summary table tbody td tfoot th thead title tr ul".split()
)
_PARAGRAPH = frozenset("p li dd dt h1 h2 h3 h4 h5 h6 pre".split())
_UNSEEN = frozenset("script style noscript template iframe object embed svg math head title textarea select datalist audio video canvas".split())
_NOISE_TAGS: dict[str, RemovedKind] = {
    "nav": "navigation", "footer": "footer", "aside": "related_links", "form": "comment_widget", "button": "page_tools", "figcaption": "byline",
    "dialog": "other", "menu": "navigation",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MARKS = re.compile(r"[，。；、：！？,;!?]")
# A block's weight counts for its container in full and for each of the two above at this fraction: an article in one container wins over the
# page, one whose paragraphs are spread over sibling containers wins with their parent.
_FADE = 0.62
# A name or a tag that would take more than this share of the page's weight away is not believed.
_BELIEVED = 0.5
# A line with more of its text than this in links leads elsewhere.
_LINKED = 0.5
# The title block stands within this many lines above the text.
_ABOVE = 12
_SPACES = re.compile(r"[ \t\r\n\x0b\x0c\u00a0\u2002\u2003\u2009]+")
_EDGES = " \t\r\n\u00a0\u3000\u2003\u2002\ufeff\u200b"


@dataclass(slots=True)
class _Draft:
    """A line while it is being walked."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    start: int = -1
    end: int = -1
    path: tuple[int, ...] = ()
    """Block elements that hold the line, outermost first."""
    in_paragraph: bool = False
    noise: tuple[int, ...] = ()


def html_lines(source: str, rules: CleaningRules, *, title: str | None = None) -> tuple[list[Line], list[Removed]]:
    """Lines of the densest part of the page with the title block right above it, and all other lines as removed.

    `title` is the title that the page states elsewhere (its HTML title), to know it by.
    """
    walk = _Walk(source, rules)
    walk.run()
    drafts = [draft for draft in walk.drafts if "".join(draft.pieces).strip(_EDGES)]
    weights = [_weight(draft) for draft in drafts]
    believed = _believed(drafts, weights)
    container = _densest(drafts, weights, believed)
    lines = [_line(draft, next((walk.noise_kinds[name] for name in draft.noise if name in believed), None)) for draft in drafts]
    kept = [container in draft.path and not line.noise for draft, line in zip(drafts, lines, strict=True)]
    top = kept.index(True) if any(kept) else len(lines)
    title_at = _title_above(lines[:top], rules, title)
    inside: list[Line] = []
    outside: list[Removed] = []
    for i, line in enumerate(lines):
        if line.noise:
            outside.append(remove(line, line.noise, "named-element"))
        elif kept[i] or title_at <= i < top:
            inside.append(line)
        else:
            rule = rules.match(line.folded, "head" if i < top else "tail")
            outside.append(remove(line, rule.kind if rule else "navigation" if i < top else "related_links", "outside-text"))
    return inside, outside


def _title_above(above: list[Line], rules: CleaningRules, title: str | None) -> int:
    """Where the title block begins among the lines above the text: at the nearest title, when nothing but bylines and tools stands between."""
    for i in range(len(above) - 1, max(-1, len(above) - 1 - _ABOVE), -1):
        line = above[i]
        if line.noise or rules.match(line.folded, "head"):
            continue
        if line.linked <= _LINKED and is_title(line, title):
            return i
        if line.linked > _LINKED or not is_title_block(line, title):
            break
    return len(above)


_META_NAMES = {
    "articletitle": "title", "title": "title", "og:title": "title", "pubdate": "published", "publishdate": "published", "article:published_time": "published",
    "contentsource": "source", "source": "source", "mediaid": "source", "author": "author", "sitename": "site_name", "og:site_name": "site_name",
    "columnname": "column", "sitedomain": "site_domain", "siteidcode": "site_id_code",
}  # fmt: skip


def html_metadata(source: str) -> dict[str, str]:
    """What the page states of itself by name: its HTML title, and the metas that sites of Chinese governments must carry (ArticleTitle, PubDate, …)."""
    tree = LexborHTMLParser(source)
    found: dict[str, str] = {}
    for meta in tree.css("meta"):
        name = (meta.attributes.get("name") or meta.attributes.get("property") or "").lower()
        content = (meta.attributes.get("content") or "").strip(_EDGES)
        if content and (key := _META_NAMES.get(name)):
            found.setdefault(key, content)
    title = tree.css_first("head > title") or tree.css_first("title")
    if title and (said := _SPACES.sub(" ", title.text()).strip(_EDGES)):
        found["html_title"] = said
    return found


class _Walk:
    """One pass over the tree that turns it into draft lines."""

    def __init__(self, source: str, rules: CleaningRules) -> None:
        self.tree = LexborHTMLParser(source)
        self.rules = rules
        self.places = _Places(source)
        self.drafts: list[_Draft] = []
        self.noise_kinds: dict[int, RemovedKind] = {}
        self.path: list[tuple[int, bool]] = []
        self.noise: list[int] = []
        self.links = 0
        self.draft = _Draft()

    def run(self) -> None:
        """Walk the body without recursion: real pages nest a hundred thousand tags deep."""
        root = self.tree.body or self.tree.root
        if root is None:
            return
        node: LexborNode | None = root
        while node is not None:
            enter = self._enter(node) if node.is_element_node else self._text(node)
            following = node.first_child if enter else None
            while following is None and node is not None:
                if node.is_element_node:
                    self._leave(node)
                if node.mem_id == root.mem_id:
                    node = None
                    break
                following = node.next
                if following is None:
                    node = node.parent
            node = following if node is not None else None
        self._flush()

    def _enter(self, node: LexborNode) -> bool:
        """Open an element; whether to go into it."""
        tag = node.tag or ""
        if tag in _UNSEEN:
            return False
        if tag in _BLOCK or tag == "br":
            self._flush()
            if tag != "br":
                self.path.append((node.mem_id, tag in _PARAGRAPH))
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        kind = _NOISE_TAGS.get(tag) or (self.rules.kind_of_name(names) if names != " " and tag not in ("body", "html") else None)
        if "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
            kind = "other"
        if kind:
            self.noise_kinds[node.mem_id] = kind
            self.noise.append(node.mem_id)
        if tag == "a":
            self.links += 1
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _UNSEEN:
            return
        if tag in _BLOCK:
            self._flush()
            self.path.pop()
        if self.noise and self.noise[-1] == node.mem_id:
            self.noise.pop()
        if tag == "a":
            self.links -= 1

    def _text(self, node: LexborNode) -> bool:
        text = node.text_content if node.is_text_node else None
        if text and text.strip(_EDGES):
            start, end = self.places.find(text)
            if self.draft.start < 0:
                self.draft.start = start
            self.draft.end = max(self.draft.end, end)
            self.draft.path = tuple(element for element, _ in self.path)
            self.draft.in_paragraph = bool(self.path) and self.path[-1][1]
            self.draft.noise = tuple(self.noise)
            self.draft.pieces.append(text)
            self.draft.linked += len(text) if self.links else 0
        elif text:
            self.draft.pieces.append(" ")
        return False

    def _flush(self) -> None:
        if self.draft.start >= 0:
            self.drafts.append(self.draft)
        self.draft = _Draft()


class _Places:
    """Where texts of the tree stand in the source: both run in the same order, so each is looked for after the last one."""

    # Pieces that no entity can stand for, long enough to be told apart.
    _PLAIN = re.compile(r"[^\s\u00a0&<>\"'“”‘’—–…·©®《》]+")
    # Mark-up, and all that the walk does not go into. What is never closed runs to the end of the page, or (%s) is an empty element.
    _MARK_UP = r"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|iframe)\b.*?(?:</\1\s*>|\Z)|<(%s)\b.*?</\2\s*>|<[^>]*>"
    _CLOSED = ("head", "noscript", "template", "object", "svg", "math", "select", "datalist", "audio", "video", "canvas")
    _BLANK = re.compile(r"(?:[\s\x00\u200b\ufeff]|&(?:nbsp|emsp|ensp|#160|#12288);?)*")
    _ENTITY = re.compile(r"&#?\w{1,12};?")

    def __init__(self, source: str) -> None:
        # Mark-up is blotted out, so that words in attributes and scripts are not taken for text.
        folded = source.lower()
        mark_up = self._MARK_UP % ("|".join(name for name in self._CLOSED if f"</{name}" in folded) or "head")
        self.source = re.sub(mark_up, lambda match: "\x00" * len(match.group()), source, flags=re.DOTALL | re.IGNORECASE)
        self.at = 0

    def find(self, text: str) -> tuple[int, int]:
        """Start and end of a text node; both the present place where the parser moved the text."""
        said = text.strip(_EDGES)
        here = self._after(self._BLANK, self.at)
        pieces = list(self._PLAIN.finditer(said))
        first, last = (pieces[0], pieces[-1]) if pieces else (None, None)
        start = self.source.find(first.group(), self.at) if first else -1
        if first is None or last is None or start < 0:
            end = self._past(said, here)
            if end > here:
                self.at = end
                return here, end
            return self.at, self.at
        # The source is at least as long as the text, since an entity is longer than what it stands for.
        end = self.source.find(last.group(), max(start, start + last.start() - first.start()))
        end = end + len(last.group()) if end >= 0 else start + len(first.group())
        if self._past(said[: first.start()], here) == start:
            start = here
        self.at = self._past(said[last.end() :], end) if end > start else end
        return start, self.at

    def _past(self, text: str, at: int) -> int:
        """The place after the text, character or entity by character, where it stands at that place; else that place."""
        end = at
        for char in text:
            if char.isspace():
                end = self._after(self._BLANK, end)
            elif self.source.startswith(char, end):
                end += 1
            elif self.source.startswith("&", end):
                end = self._after(self._ENTITY, end)
            else:
                return at
        return end

    def _after(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.source, at)
        return match.end() if match else at


def _weight(draft: _Draft) -> float:
    text = "".join(draft.pieces)
    return (len(_MARKS.findall(text)) + len(text) / 60) * (1 - min(1.0, draft.linked / max(1, len(text))))


def _believed(drafts: list[_Draft], weights: list[float]) -> set[int]:
    """Elements whose name or tag may take them out: those that do not hold most of the page's weight."""
    held: defaultdict[int, float] = defaultdict(float)
    for draft, weight in zip(drafts, weights, strict=True):
        for element in draft.noise:
            held[element] += weight
    total = sum(weights)
    return {element for element, weight in held.items() if weight <= _BELIEVED * total or total == 0}


def _densest(drafts: list[_Draft], weights: list[float], believed: set[int]) -> int:
    """The element that holds the text."""
    score: defaultdict[int, float] = defaultdict(float)
    depth: dict[int, int] = {}
    for draft, weight in zip(drafts, weights, strict=True):
        if believed.intersection(draft.noise):
            continue
        share = weight
        # A paragraph's container is its parent; a block that holds text between line breaks is a container itself.
        path = draft.path[:-1] if draft.in_paragraph and len(draft.path) > 1 else draft.path
        for level, element in enumerate(reversed(path)):
            if level > 4:
                break
            score[element] += share
            depth[element] = len(draft.path) - level
            share *= _FADE
    if not score:
        return drafts[0].path[0] if drafts else 0
    return max(score, key=lambda element: (score[element], depth[element]))


def _line(draft: _Draft, noise: RemovedKind | None) -> Line:
    text = _SPACES.sub(" ", "".join(draft.pieces)).strip(_EDGES)
    return Line.of(drop_shapeless(text), draft.start, draft.end, linked=min(1.0, draft.linked / max(1, len(text))), noise=noise)
