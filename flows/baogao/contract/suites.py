"""Tables as suites of Great Expectations.

In: `Table` descriptions. Out: names of expectations with their arguments. Never: data, or an import of Great Expectations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from baogao.contract.reading import Table, stated


def expectations(table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
    """The table's suite as (name of the expectation in Great Expectations, its arguments), in column order, keys last."""
    for column in table.columns:
        about = {"column": column.name}
        if column.required:
            yield "expect_column_values_to_not_be_null", about
        if column.enum:
            yield "expect_column_values_to_be_in_set", about | {"value_set": list(column.enum)}
        if column.pattern:
            yield "expect_column_values_to_match_regex", about | {"regex": column.pattern}
        if column.minimum is not None or column.maximum is not None:
            yield "expect_column_values_to_be_between", about | stated({"min_value": column.minimum, "max_value": column.maximum})
        if column.max_length is not None:
            yield "expect_column_value_lengths_to_be_between", about | {"max_value": column.max_length}
        if column.not_below:
            pair = {"column_A": column.name, "column_B": column.not_below, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
            yield "expect_column_pair_values_a_to_be_greater_than_b", pair
    if len(table.key) == 1:
        yield "expect_column_values_to_be_unique", {"column": table.key[0]}
    else:
        yield "expect_compound_columns_to_be_unique", {"column_list": list(table.key), "ignore_row_if": "never"}
