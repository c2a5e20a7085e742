"""The part of a page that holds its text, told by where running text is dense.

In: the paragraphs of a page and the elements that hold them. Out: `Part`: the elements of the text, and what names and styles say of the others.
Method: each paragraph weighs what it has of sentence marks (Chinese and ASCII) and length, less what is linked; it gives its weight to its container and,
fading, to theirs (as Readability does with ASCII commas). Beside the densest container, its like and what goes on from it are taken too.
Element names (class, id), styles and forms say what is not the text, and are not believed where that would drop most of it.
Never: a decision by a list of known sites.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from baogao.clean.markup import Draft, Markup
from baogao.clean.rules import CleaningRules
from baogao.clean.title import ANNEX
from baogao.records import RemovedKind
from baogao.text import fold, squash

_PARAGRAPH = frozenset("p li dd dt h1 h2 h3 h4 h5 h6 pre span font b strong em i u label".split())
_NOISE_TAGS: dict[str, RemovedKind] = {
    "nav": "navigation", "footer": "footer", "aside": "related_links", "form": "comment_widget", "button": "page_tools", "figcaption": "byline",
    "dialog": "other", "menu": "navigation",
}  # fmt: skip
_HEADINGS = frozenset("h1 h2 h3".split())
# Marks that sentences are made with; a menu has none. Pages whose marks were folded to half width have no full-width comma.
_MARKS, _HALF_MARKS = ("，", "。", "、"), (",", "。", "、")
# A paragraph shorter than this has no sentence in it.
_MARKED_MIN = 8
# A paragraph's weight counts for its container in full and for each further out at this fraction: an article in one container wins over the
# page, one whose paragraphs are spread over sibling containers wins with their parent.
_FADE, _LEVELS = 0.62, 5
# A name or a tag that would take more than this share of the page's weight away is not believed, but where at least so much is left to the text
# under the title.
_BELIEVED, _LEFT = 0.5, 0.08
# A paragraph that weighs less is a word of a menu.
_NO_TEXT = 0.15
# More of a text than this in links leads elsewhere.
_LINKED = 0.5
# A sentence right behind a link tells what the link leads to.
_TEASER = 0.4
# The text begins within this many paragraphs of the title; the container of its first sentence counts for this much more than others.
_UNDER_TITLE, _TITLED = 30, 3.0
_SENTENCE_MIN, _SENTENCE_WEIGHT = 16, 1.3
_VERSES = 5
# An element is wrongly called furniture, or hidden until a script shows it, if the sentence under the title stands in it, and so much text.
_MUCH, _MUCH_SHARE, _MUCH_HIDDEN = 6.0, 0.2, 0.4
# A page whose text weighs less than this may have more to say of its rights than of its subject.
_LITTLE = 200.0
# How far out the text may go on beside its container, and what of a container is its own number: item-3, pageNo-12.
_NEIGHBOURS = 4
_NUMBER = re.compile(r"\d+")
_LIKE_MIN, _LIKE_LINKED = 2.0, 0.2
_OPENS, _ENDS = re.compile("各位代表|各位委员|同志们"), re.compile("[。!?;:]$|^.{79}")


@dataclass(slots=True)
class Part:
    """Where the text of a page is, by elements."""

    ranges: list[tuple[int, int]]
    """Numbers of the elements that hold it: from, and up to but not including."""
    noise: list[RemovedKind | None]
    """For each element, what a name or a style says of what stands in it, where it is believed."""

    def holds(self, element: int) -> bool:
        """Whether the element is part of the text."""
        return any(start <= element < end for start, end in self.ranges)


def main_part(drafts: Sequence[Draft], markup: Markup, rules: CleaningRules, title: str | None) -> Part:
    """The part of the page that holds its text. `title` is the title that the page states elsewhere."""
    parents = markup.parents
    kinds = _kinds(markup, rules)
    chains = _chains(parents, kinds)
    weights = _weights(drafts, rules)
    held = _held(drafts, weights, chains)
    under_title = _under_title(drafts, weights, markup, chains, held, title)
    believed = _believed(held, sum(weights), None if under_title is None else chains[drafts[under_title].element])
    noise: list[RemovedKind | None] = [next((kinds[n] for n in chain if n in believed), None) if chain else None for chain in chains]
    score = _score(drafts, weights, markup, noise)
    container = _container(score, parents, drafts[under_title].element if under_title is not None else None)
    end = _end(parents, container)
    ranges = [(container, end)]
    apart = (weight for draft, weight in zip(drafts, weights, strict=True) if weight > _NO_TEXT and not (container <= draft.element < end or noise[draft.element]))
    if sum(apart) >= _LIKE_MIN:
        ranges += _neighbours(container, drafts, weights, markup, noise, rules)
    return Part(ranges, noise)


def _weights(drafts: Sequence[Draft], rules: CleaningRules) -> list[float]:
    """How much running text each paragraph holds. On a page with little of it, the sentences of disclaimers and footers count for nothing."""
    weights: list[float] = []
    before = 0.0
    first, second, third = _MARKS if any("，" in draft.text for draft in drafts) else _HALF_MARKS
    for draft in drafts:
        text = draft.text
        size = len(text)
        if size < _MARKED_MIN:
            weight = size / 60
        else:
            weight = size / 60 + text.count(first) + text.count(second) + text.count(third)
        if draft.linked:
            before = draft.linked / size
            weight *= 1 - min(1.0, before)
        else:
            if before > _LINKED:
                weight *= _TEASER
            before = 0.0
        weights.append(weight)
    if sum(weights) < _LITTLE:
        for i, draft in enumerate(drafts):
            if weights[i] > _LIKE_MIN and (rule := rules.match_long(draft.text)) and rule.hard:
                weights[i] = 0.0
    return weights


def _kinds(markup: Markup, rules: CleaningRules) -> dict[int, RemovedKind]:
    """What names, tags and styles say of elements, of those that they say something of."""
    kinds: dict[int, RemovedKind] = {}
    hidden = markup.hidden_names
    for n, (_, name, given, is_hidden) in enumerate(markup.tags):
        if rules.text_names and not rules.text_names.isdisjoint(given.lower().split()):
            continue
        if is_hidden or n in markup.hidden or (given and hidden and not hidden.isdisjoint(given.lower().split())):
            kinds[n] = "other"
        elif kind := _NOISE_TAGS.get(name) or (rules.kind_of_name(given) if given and name not in ("body", "html") else None):
            kinds[n] = kind
    return kinds


def _chains(parents: Sequence[int], kinds: dict[int, RemovedKind]) -> list[tuple[int, ...]]:
    """For each element, the elements of some kind that it stands in, itself included, outermost first."""
    chains: list[tuple[int, ...]] = [()]
    add = chains.append
    for n, parent in enumerate(parents):
        if n:
            add((*chains[parent], n) if n in kinds else chains[parent])
    return chains


def _held(drafts: Sequence[Draft], weights: Sequence[float], chains: Sequence[tuple[int, ...]]) -> dict[int, float]:
    """How much text the elements of some kind hold; under 0, how much stands in none."""
    held: defaultdict[int, float] = defaultdict(float)
    for draft, weight in zip(drafts, weights, strict=True):
        for element in chains[draft.element] or (0,):
            held[element] += weight
    return held


def _under_title(
    drafts: Sequence[Draft], weights: Sequence[float], markup: Markup, chains: Sequence[tuple[int, ...]], held: dict[int, float], title: str | None
) -> int | None:
    """Position of the first sentence under the title of the page, where both are found; one in an element of some kind if that holds much."""
    at = _titled(drafts, markup, chains, title)
    if at is None:
        return None
    total = sum(weights)
    under = range(at + 1, min(len(drafts), at + 1 + _UNDER_TITLE))
    for i in under:
        wrongly = (held[n] >= max(_MUCH, (_MUCH_HIDDEN if markup.tags[n].is_hidden else _MUCH_SHARE) * total) for n in chains[drafts[i].element])
        if weights[i] >= _SENTENCE_WEIGHT and len(drafts[i].text) >= _SENTENCE_MIN and all(wrongly):
            return i
    # A text without sentences, such as verse: lines of one container.
    for i in under[: -_VERSES or None]:
        verses = {_holder(drafts[j].element, markup) for j in range(i, i + _VERSES) if j < len(drafts) and not drafts[j].linked and not chains[drafts[j].element]}
        if len(verses) == 1 and all(not drafts[j].linked for j in range(i, min(len(drafts), i + _VERSES))):
            return i
    return None


def _holder(element: int, markup: Markup) -> int:
    """The container of a paragraph: its parent, or the block itself that holds text between line breaks."""
    while markup.tags[element][1] in _PARAGRAPH and element:
        element = markup.parents[element]
    return element


def _titled(drafts: Sequence[Draft], markup: Markup, chains: Sequence[tuple[int, ...]], title: str | None) -> int | None:
    """Position of the title: the line that says what the page states elsewhere, else a heading of the first order."""
    key = squash(title) if title else ""
    heading = None
    for i, draft in enumerate(drafts):
        if draft.linked * 2 > len(draft.text) or not 4 <= len(draft.text) <= 80:
            continue
        is_heading = markup.tags[draft.element].name in _HEADINGS and not chains[draft.element]
        if key and draft.text[0] in key and (said := squash(draft.text)) and (said == key or (is_heading and key.startswith(said))):
            return i
        if heading is None and markup.tags[draft.element].name == "h1" and not chains[draft.element]:
            heading = i
    return heading


def _believed(held: dict[int, float], total: float, under_title: tuple[int, ...] | None) -> set[int]:
    """Elements whose name, tag or style may take them out: those that do not hold most of the page's text, nor the sentence under the title."""
    if under_title is not None and (under_title or held.get(0, 0.0) >= _LEFT * total):
        return set(held) - set(under_title)
    return {element for element, weight in held.items() if weight <= _BELIEVED * total or total == 0}


def _score(drafts: Sequence[Draft], weights: Sequence[float], markup: Markup, noise: Sequence[RemovedKind | None]) -> dict[int, float]:
    """How dense the text is in each element that holds some."""
    parents = markup.parents
    little = _NO_TEXT if sum(weights) > _LITTLE else 0.0
    own: defaultdict[int, float] = defaultdict(float)
    for draft, weight in zip(drafts, weights, strict=True):
        element = draft.element
        if weight >= little and not noise[element]:
            own[_holder(element, markup)] += weight
    score: defaultdict[int, float] = defaultdict(float)
    for holder, weight in own.items():
        element = holder
        for _ in range(_LEVELS):
            score[element] += weight
            weight *= _FADE  # noqa: PLW2901 - further out it counts for less
            if not element:
                break
            element = parents[element]
    return score


def _container(score: dict[int, float], parents: Sequence[int], sentence: int | None) -> int:
    """The densest element; one that holds the first sentence under the title where it comes near and the densest does not."""
    # Of two that hold the same the inner one wins; it has the higher number.
    densest = max(score, key=lambda element: (score[element], element), default=0)
    if sentence is None:
        return densest
    end = _end(parents, densest)
    if densest <= sentence < end:
        return densest
    holders: list[int] = []
    while sentence and not sentence <= densest < _end(parents, sentence):
        holders.append(sentence)
        sentence = parents[sentence]
    best = max(holders, key=lambda element: (score.get(element, 0), element), default=densest)
    return best if score.get(best, 0) * _TITLED > score.get(densest, 0) else densest


def _end(parents: Sequence[int], element: int) -> int:
    """Number behind the last element inside this one: elements are numbered as they open, so what is inside follows at once."""
    end = element + 1
    while end < len(parents) and parents[end] >= element:
        end += 1
    return end


def _neighbours(
    container: int, drafts: Sequence[Draft], weights: Sequence[float], markup: Markup, noise: Sequence[RemovedKind | None], rules: CleaningRules
) -> list[tuple[int, int]]:
    """Ranges of elements beside the container in which the text goes on: others of its like (pages, sections), annexes."""
    parents = markup.parents
    found: list[tuple[int, int]] = []
    child = container
    for _ in range(_NEIGHBOURS):
        if not child or markup.tags[child].name == "body":
            break
        parent = parents[child]
        end = _end(parents, parent)
        roots = [n for n in range(parent + 1, end) if parents[n] == parent]
        if len(roots) > 1:
            held: defaultdict[int, list[int]] = defaultdict(list)
            for i, draft in enumerate(drafts):
                if parent < draft.element < end and not noise[draft.element]:
                    held[roots[bisect_right(roots, draft.element) - 1]].append(i)
            for root, inside in held.items():
                if root != child and _goes_on(root, child, [drafts[i] for i in inside], sum(weights[i] for i in inside), markup, rules):
                    found.append((root, _end(parents, root)))
        child = parent
    return found


def _goes_on(root: int, child: int, drafts: Sequence[Draft], weight: float, markup: Markup, rules: CleaningRules) -> bool:
    """Whether the text goes on in the element: it is of the like of the container, or an annex below it."""
    chars = sum(len(draft.text) for draft in drafts)
    first = fold(drafts[0].text[:80])
    if (weight < _LIKE_MIN and not _OPENS.match(first)) or sum(draft.linked for draft in drafts) > _LIKE_LINKED * chars:
        return False
    if root > child and ANNEX.match(first):
        return True
    one, other = markup.tags[root], markup.tags[child]
    if one.name in _PARAGRAPH:  # a paragraph between or before sections
        return len(drafts) == 1 and bool(_OPENS.match(first) or _ENDS.search(first)) and not (rules.match(first, "head") or rules.match(first, "tail"))
    is_like = one.name == other.name and bool(one.given) and _NUMBER.sub("", one.given) == _NUMBER.sub("", other.given)
    return is_like and rules.match(first, "tail") is None and rules.match(first, "head") is None
