"""A text becomes a sketch: the little of it that copies are told by, so that no text is needed to find them.

In: the lines of a text. Out: a `Sketch`: hashes of one sentence in two, and a MinHash signature. Never: a judgment; which texts are copies is for copies.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from baogao.text import drop_shapeless, fold

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from datasketch import MinHash

# One sentence in two stands for the text (FracMinHash: the same sample of every text, so that it can be told how much of one text another holds).
_SAMPLE_ONE_IN = 2
# Sentences shorter than this recur by chance.
_SENTENCE = 12
_PIECES = re.compile(r"[。!?;\n]")
# Marks and spaces differ between copies of one text.
_MARKS = re.compile("[^\u3400-\u4dbf\u4e00-\u9fff0-9]+")
# Copies with many small changes share few whole sentences, but most runs of five characters; one run in eight tells as much as all.
_RUN, _RUN_ONE_IN = 5, 8
# The similarity of two signatures of this length is off by 0.04 (one standard deviation at one half).
PERMUTATIONS = 128
# The family of permutations; signatures of another one cannot be compared.
_SCHEME = "affine32"
# Odd multipliers that spread bits well (SplitMix64).
_SPREAD, _MIX = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9


@dataclass(frozen=True, slots=True)
class Sketch:
    """What copies are told by, in numbers that stand little-endian in bytes: a country's sketches are held at once."""

    sentences: bytes = b""
    """Hashes of the sentences that are sampled: 64 bits each, rising."""
    signature: bytes = b""
    """MinHash over runs of five characters, Han or digits: PERMUTATIONS numbers of 32 bits; empty for a text too short to have any."""

    @property
    def n_sentences(self) -> int:
        """How many sentences stand for the text; one that recurs counts once."""
        return len(self.sentences) // 8


NO_SKETCH = Sketch()


def sketch(lines: Sequence[str]) -> Sketch:
    """The sketch of a text, the same for copies that differ in width, spaces and line breaks."""
    return Sketch(_sample(lines), _signature(_MARKS.sub("", fold("".join(lines)))))


def merged(sketches: Sequence[Sketch]) -> Sketch:
    """The sketch of texts that follow one another, but for runs across their borders."""
    import numpy as np  # noqa: PLC0415 - splitting alone need not pay for it

    sentences = np.unique(np.concatenate([sampled_sentences(one) for one in sketches]))
    signed = [np.frombuffer(one.signature, "<u4") for one in sketches if one.signature]
    return Sketch(sentences.tobytes(), np.minimum.reduce(signed).tobytes() if signed else b"")


def sampled_sentences(one: Sketch) -> npt.NDArray[np.int64]:
    """Hashes of the sentences that are sampled."""
    import numpy as np  # noqa: PLC0415

    return np.frombuffer(one.sentences, "<i8")


def _sample(lines: Iterable[str]) -> bytes:
    """Hashes of a fixed share of the sentences of a text, the same for every copy of a sentence."""
    import numpy as np  # noqa: PLC0415

    taken = set()
    for piece in _PIECES.split(drop_shapeless(fold("\n".join(lines)))):
        words = "".join(piece.split())  # as squash has it
        if len(words) >= _SENTENCE:
            value = int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "little", signed=True)
            if value % _SAMPLE_ONE_IN == 0:
                taken.add(value)
    return np.array(sorted(taken), "<i8").tobytes()


def minhash(signature: bytes) -> MinHash:
    """The signature as the library has it."""
    import numpy as np  # noqa: PLC0415
    from datasketch import MinHash  # noqa: PLC0415 - brings scipy

    return MinHash(hashvalues=np.frombuffer(signature, "<u4"), permutations=_permutations(), scheme=_SCHEME)


def _signature(text: str) -> bytes:
    from datasketch import MinHash  # noqa: PLC0415 - brings scipy

    runs = _runs(text)
    if not len(runs):
        return b""
    found = MinHash(num_perm=PERMUTATIONS, permutations=_permutations(), hashfunc=int, scheme=_SCHEME)
    found.update_batch(runs.tolist())
    return bytes(found.hashvalues.astype("<u4").tobytes())


@functools.cache
def _permutations() -> Any:
    from datasketch import MinHash  # noqa: PLC0415

    return MinHash(num_perm=PERMUTATIONS, scheme=_SCHEME).permutations


def _runs(text: str) -> npt.NDArray[np.uint64]:
    """32-bit hashes of the sampled runs of a text."""
    import numpy as np  # noqa: PLC0415

    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)
    n = len(codes) - _RUN + 1
    if n <= 0:
        return np.zeros(0, np.uint64)
    hashes = np.zeros(n, np.uint64)
    for at in range(_RUN):
        hashes = hashes * np.uint64(_SPREAD) + codes[at : at + n]
    hashes ^= hashes >> np.uint64(31)
    hashes *= np.uint64(_MIX)
    hashes ^= hashes >> np.uint64(29)
    sampled: npt.NDArray[np.uint64] = np.unique(hashes[hashes % _RUN_ONE_IN == 0]) >> np.uint64(32)
    return sampled
