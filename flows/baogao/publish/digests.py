"""Digests of rows by their values, whatever file they stand in.

In: columns of a table. Out: SHA-256 over their values. Never: how, or by what, a file was written.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def text_bytes(texts: pa.StringArray) -> memoryview:
    """The texts of an array without nulls, one after the other, in UTF-8."""
    _, offsets, held = texts.buffers()
    if held is None or not len(texts):
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(held)[int(ends[0]) : int(ends[-1])]


class Digest:
    """SHA-256 over the values of columns, row group by row group: the same for the same rows whatever wrote them."""

    def __init__(self, columns: list[str]) -> None:
        self._columns = columns
        self._total = hashlib.sha256()

    def add(self, rows: pa.Table) -> None:
        """Add the values of a row group."""
        for name in self._columns:
            values = rows[name]
            self._total.update(f"{name}:{values.type}:{len(values)}\0".encode())
            self._total.update(pc.is_valid(values).to_numpy().tobytes())
            if pa.types.is_string(values.type):
                filled = pc.fill_null(values, "")
                self._total.update(pc.binary_length(filled).to_numpy().astype("<i4").tobytes())
                for chunk in filled.chunks:
                    self._total.update(text_bytes(chunk))
            else:
                plain = values.cast(pa.int32()) if pa.types.is_date(values.type) else values.cast(pa.int64()) if pa.types.is_timestamp(values.type) else values
                self._total.update(pc.fill_null(plain, False if pa.types.is_boolean(plain.type) else 0).to_numpy().tobytes())

    def digest(self) -> str:
        """The digest so far, in hexadecimal."""
        return self._total.hexdigest()
