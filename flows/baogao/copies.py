"""Which documents are copies of which: one stands for its report, the others are linked to it, and those that tell too little take their key from a copy.

In: what is known of each document, its sketch with it, never its text. Out: a `Standing` for each.
The rules:
- Two documents are alike when one holds a good part of the other's sampled sentences, or their signatures agree in half.
- A document that lacks its place or its year takes them from the document that it is most like, among those that agree with what it does tell.
- Documents of one place and year are of one report. The canonical one is complete, then undamaged, then from a government's own site, then the longest.
- A document that holds much less than a complete one that it repeats is no complete one, however it begins and ends.
- A text under two keys is under a wrong one: the report that fewer documents are of is marked as a copy, and still stands for its own key.
Never: two documents taken for one because they share the words of the genre; documents compared pair by pair.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from baogao.records import Completeness
from baogao.sketch import NO_SKETCH, PERMUTATIONS, Sketch, minhash, sampled_sentences

# Reports of one place in two years, or of two places, share less than 0.06 of their sentences; copies, even retyped ones, more than a third.
_HELD = 0.3
# Between documents of different keys, so many shared sentences of the sample are chance: quotations, formulas.
_CHANCE = 3
# Shorter texts are half formulas.
_SHORT = 600
# Signatures of different reports agree in 0.11 of their runs at most; those of copies in which every thirtieth character differs, in a half.
_SIMILAR = 0.5
# A sentence in so many documents is a formula, and tells no copies; up to so many, every pair is counted, above it only those with the longest document.
_FORMULA, _PAIRS = 200, 8
# A document with less than this part of the sentences of another that it repeats is an excerpt of it: annexes that one site leaves out are shorter.
_PART = 0.6
_RANK: dict[Completeness, int] = {"full": 0, "abridged": 1, "excerpt": 2, "unknown": 3}

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """What is known of a document when it is compared."""

    doc_id: str
    place_code: str | None = None
    report_year: int | None = None
    completeness: Completeness = "unknown"
    is_damaged: bool = False
    is_official: bool = False
    n_chars: int = 0
    sketch: Sketch = NO_SKETCH

    @property
    def key(self) -> Key | None:
        """Place and year, where both are known."""
        return (self.place_code, self.report_year) if self.place_code and self.report_year else None

    @property
    def size(self) -> int:
        """How much text it holds, told once: a page may hold its text twice."""
        return self.sketch.n_sentences


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document is to the others."""

    doc_id: str
    is_canonical: bool = True
    near_duplicate_of: str | None = None
    told_by: str | None = None
    """The document whose place and year it goes by."""
    part_of: str | None = None
    """A complete document that it repeats and that holds much more."""


# How much of each document the others hold, at least: by document, then by the other.
_Alike = Mapping[str, Mapping[str, float]]


def standings(copies: Iterable[Copy]) -> list[Standing]:
    """What each document is to the others, sorted by doc_id. The order of the copies does not matter."""
    known = {copy.doc_id: copy for copy in sorted(copies, key=lambda copy: copy.doc_id)}
    alike = _alike(list(known.values()))
    told = {doc: teller for doc, copy in known.items() if copy.key is None and (teller := _teller(copy, known, alike))}
    parts = {doc: whole for doc, copy in known.items() if (whole := _whole(copy, known, alike))}
    reports = _reports(known, told, alike)
    canonical = {report: min(docs, key=lambda doc: _preference(known[doc], doc in parts)) for report, docs in reports.items()}
    misplaced = _misplaced(reports, canonical, known, alike)
    standings = []
    for report, docs in reports.items():
        first = canonical[report]
        for doc in docs:
            repeats = first if doc != first and first in alike[doc] else None
            standings.append(Standing(doc, doc == first, repeats or misplaced.get(doc), told.get(doc), parts.get(doc)))
    return sorted(standings, key=lambda one: one.doc_id)


def _alike(copies: Sequence[Copy]) -> dict[str, dict[str, float]]:
    """Documents that are alike, both ways."""
    found: dict[str, dict[str, float]] = {copy.doc_id: {} for copy in copies}
    for (n, m), shared in _shared(copies).items():
        one, other = copies[n], copies[m]
        if shared >= _HELD * min(one.size, other.size) and (shared > _CHANCE or _same_key(one, other)):
            found[one.doc_id][other.doc_id], found[other.doc_id][one.doc_id] = shared / one.size, shared / other.size
    known = {copy.doc_id: copy for copy in copies}
    for doc, twin, similarity in _similar(copies):
        if min(known[doc].n_chars, known[twin].n_chars) < _SHORT and not _same_key(known[doc], known[twin]):
            continue
        found[doc][twin] = max(similarity, found[doc].get(twin, 0))
        found[twin][doc] = max(similarity, found[twin].get(doc, 0))
    return found


def _same_key(one: Copy, other: Copy) -> bool:
    return one.key is not None and one.key == other.key


def _shared(copies: Sequence[Copy]) -> Counter[tuple[int, int]]:
    """How many sampled sentences documents share, by pairs of rising positions: all pairs of rare sentences, of others those with the longest document."""
    import numpy as np  # noqa: PLC0415 - what needs no copies need not pay for it

    counts: Counter[tuple[int, int]] = Counter()
    samples = [sampled_sentences(copy.sketch) for copy in copies]
    if not samples:
        return counts
    holders = np.repeat(np.arange(len(samples)), [len(one) for one in samples])
    sentences = np.concatenate(samples)
    order = np.lexsort((holders, sentences))
    holders, sentences = holders[order], sentences[order]
    starts = np.flatnonzero(np.append(True, sentences[1:] != sentences[:-1])) if len(sentences) else np.zeros(0, int)
    numbers = np.diff(starts, append=len(holders))
    tell = (numbers > 1) & (numbers <= _FORMULA)
    for start, n in zip(starts[tell].tolist(), numbers[tell].tolist(), strict=True):
        same = holders[start : start + n].tolist()
        if n <= _PAIRS:
            counts.update(combinations(same, 2))
        else:
            longest = max(same, key=lambda at: (copies[at].size, -at))
            counts.update((min(at, longest), max(at, longest)) for at in same if at != longest)
    return counts


def _similar(copies: Sequence[Copy]) -> Iterator[tuple[str, str, float]]:
    """Pairs of documents with similar signatures."""
    signed = [(copy.doc_id, minhash(copy.sketch.signature)) for copy in copies if copy.sketch.signature]
    if len(signed) < 2:
        return
    from datasketch import MinHashLSH  # noqa: PLC0415 - brings scipy

    index = MinHashLSH(threshold=_SIMILAR, num_perm=PERMUTATIONS)
    signatures = dict(signed)
    for doc, signature in signed:
        for twin in sorted(index.query(signature)):
            similarity = float(signature.jaccard(signatures[twin]))
            if similarity >= _SIMILAR:
                yield doc, twin, similarity
        index.insert(doc, signature)


def _teller(copy: Copy, known: Mapping[str, Copy], alike: _Alike) -> str | None:
    """The document that tells the place and the year of one that does not tell both: the most like it that does not gainsay it."""
    tellers = [known[doc] for doc in alike[copy.doc_id] if known[doc].key and _agree(copy, known[doc])]
    found = min(tellers, key=lambda one: (-max(alike[copy.doc_id][one.doc_id], alike[one.doc_id][copy.doc_id]), _preference(one)), default=None)
    return found.doc_id if found else None


def _agree(one: Copy, other: Copy) -> bool:
    """Whether two documents do not name different places or years."""
    told = ((one.place_code, other.place_code), (one.report_year, other.report_year))
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in told)


def _whole(copy: Copy, known: Mapping[str, Copy], alike: _Alike) -> str | None:
    """A complete document that one which seems complete repeats, and that holds much more."""
    if copy.completeness != "full":
        return None
    longer = [known[doc] for doc, held in alike[copy.doc_id].items() if held > alike[doc][copy.doc_id]]
    wholes = [other for other in longer if other.completeness == "full" and copy.size < _PART * other.size]
    return min(wholes, key=_preference).doc_id if wholes else None


def _reports(known: Mapping[str, Copy], told: Mapping[str, str], alike: _Alike) -> dict[object, list[str]]:
    """Documents by report: by place and year; those that no document tells both of, by the first of them that is alike."""
    reports: defaultdict[object, list[str]] = defaultdict(list)
    for doc, copy in sorted(known.items(), key=lambda item: _preference(item[1])):
        key = copy.key or (known[told[doc]].key if doc in told else None)
        twin = next((twin for twin in sorted(alike[doc]) if not key and twin in reports and _agree(copy, known[twin])), None)
        reports[key or twin or doc].append(doc)
    return dict(reports)


def _misplaced(reports: Mapping[object, Sequence[str]], canonical: Mapping[object, str], known: Mapping[str, Copy], alike: _Alike) -> dict[str, str]:
    """Canonical documents that repeat that of another report, and which: a text under two keys."""
    found: dict[str, str] = {}
    originals: set[str] = set()
    for report in sorted(reports, key=lambda report: (-len(reports[report]), _preference(known[canonical[report]]))):
        doc = canonical[report]
        twin = max((twin for twin in alike[doc] if twin in originals), key=lambda twin: (alike[doc][twin], twin), default=None)
        if twin:
            found[doc] = twin
        else:
            originals.add(doc)
    return found


def _preference(copy: Copy, is_part: bool = False) -> tuple[int, bool, bool, int, int, str]:
    """The canonical document is the most complete, then an undamaged one, then that of a government's own site, then the longest."""
    rank = max(_RANK[copy.completeness], _RANK["excerpt"]) if is_part else _RANK[copy.completeness]
    return rank, copy.is_damaged, not copy.is_official, -copy.size, -copy.n_chars, copy.doc_id
