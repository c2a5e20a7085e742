"""Great Expectations on Arrow tables: which rows fail what. Importing this module takes seconds, so only check does, and late.

In: a table description and its rows. Out: `Violation`s, or the pages of a validation. Never: a decision on what becomes of a row.
"""

from __future__ import annotations

import functools
import gc
import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from baogao import contract

# Libraries that Great Expectations imports for its plots and its distribution tests, and that no check here uses: half of its import time.
# They load when they are first used, if ever.
_UNUSED = frozenset({"scipy.stats", "altair"})
# Libraries that it imports where they are installed and does without where not: databases are not checked here.
_OPTIONAL = ("sqlalchemy", "pyspark")
_BATCH = "rows"


class _Lazily:
    """A finder that puts off loading the modules named."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = set(names)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The spec that the other finders give, with its loader made lazy."""
        if name not in self._names:
            return None
        self._names.discard(name)
        spec = next((found for finder in sys.meta_path if finder is not self and (found := finder.find_spec(name, path, target))), None)
        if spec and spec.loader:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


@contextmanager
def _light_import() -> Iterator[None]:
    finder = _Lazily(_UNUSED)
    absent = [name for name in _OPTIONAL if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment] # an import says that there is no such module
    collects = gc.isenabled()
    gc.disable()
    sys.meta_path.insert(0, finder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations among its own dependencies
            yield
    finally:
        for name in absent:
            del sys.modules[name]
        sys.meta_path.remove(finder)
        gc.freeze()  # modules stay; without this the next collection walks through all of them
        if collects:
            gc.enable()


os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
with _light_import():
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.registry import get_expectation_impl

# It tells of every temporary folder, at a level of its own.
logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Violation:
    """A row, by its position, that fails an expectation."""

    row: int
    expectation: str
    column: str | None
    value: str | None
    reason: str


def violations(table: contract.Table, rows: pa.Table) -> list[Violation]:
    """All rows that fail an expectation of the table's suite, in the order of the suite and of the rows.

    Two passes: the first only asks which expectations hold, at half the cost; the second asks those that don't for their rows.
    """
    if not rows.num_rows:
        return []
    batch = _batch(rows)
    suite = [(kind, arguments, get_expectation_impl(kind)(**arguments)) for kind, arguments in contract.expectations(table)]
    verdict = batch.validate(gx.ExpectationSuite(name=table.name, expectations=[one for _, _, one in suite]), result_format="BOOLEAN_ONLY")
    failed = {_identity(result.expectation_config.type, result.expectation_config.kwargs) for result in verdict.results if not result.success}
    found: list[Violation] = []
    for kind, arguments, expectation in suite:
        if _identity(kind, arguments) in failed:
            found += _failures(batch, kind, arguments, expectation, rows)
    return found


def _batch(rows: pa.Table) -> Any:
    return _batch_definition().get_batch({"dataframe": _wide(rows).to_pandas()})


def _wide(rows: pa.Table) -> pa.Table:
    """The same rows with 64-bit whole numbers: of these, and of the doubles that they become beside a null, Great Expectations compares whole columns."""
    fields = [field.with_type(pa.int64()) if pa.types.is_int32(field.type) else field for field in rows.schema]
    return rows.cast(pa.schema(fields))


@functools.cache
def _batch_definition() -> Any:
    """One for all tables: a context writes down each change of itself, which takes longer than a small table's checks."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas(_BATCH).add_dataframe_asset(_BATCH)
    return asset.add_batch_definition_whole_dataframe(_BATCH)


def _failures(batch: Any, kind: str, arguments: dict[str, Any], expectation: Any, rows: pa.Table) -> Iterator[Violation]:
    result = batch.validate(expectation, result_format={"result_format": "COMPLETE", "include_unexpected_rows": False})
    if "unexpected_index_list" not in result.result:  # the expectation itself failed, not the rows
        raise RuntimeError(f"{kind} of {arguments} could not be evaluated: {result.exception_info}")
    column = arguments.get("column") or arguments.get("column_A")
    for row in result.result["unexpected_index_list"]:
        value = rows[column][row].as_py() if column else None
        yield Violation(row, kind, column, None if value is None else str(value), _reason(kind, arguments, value))


def _identity(kind: str, arguments: dict[str, Any]) -> tuple[str, str]:
    return kind, str(arguments.get("column") or arguments.get("column_A") or arguments.get("column_list"))


def _reason(kind: str, arguments: dict[str, Any], value: object) -> str:
    """What is wrong, in a sentence."""
    column = arguments.get("column") or arguments.get("column_A")
    said = {
        "expect_column_values_to_not_be_null": f"{column} is missing",
        "expect_column_values_to_be_in_set": f"{column} {value} is none of the values of the vocabulary",
        "expect_column_values_to_match_regex": f"{column} {value} does not match {arguments.get('regex')}",
        "expect_column_values_to_be_between": f"{column} {value} is {_side(value, arguments)}",
        "expect_column_value_lengths_to_be_between": f"{column} is longer than {arguments.get('max_value')} characters",
        "expect_column_pair_values_a_to_be_greater_than_b": f"{column} {value} is below {arguments.get('column_B')}",
        "expect_column_values_to_be_unique": f"{column} {value} stands in more than one row",
        "expect_compound_columns_to_be_unique": f"the key {', '.join(arguments.get('column_list', ()))} stands in more than one row",
    }
    return said[kind]


def _side(value: Any, arguments: dict[str, Any]) -> str:
    low, high = arguments.get("min_value"), arguments.get("max_value")
    return f"below {low}" if low is not None and value < low else f"above {high}"


def write_site(folder: Path, name: str, day: datetime, tables: Iterable[tuple[contract.Table, pa.Table]]) -> dict[str, tuple[bool, str]]:
    """Validate tables by their suites and write Great Expectations' Data Docs of it; of each table, whether all holds and the page that says so.

    The pages load styles and scripts from the network, as Great Expectations writes them.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    context.add_data_docs_site(name, {"class_name": "SiteBuilder", "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"}, "store_backend": backend})
    source = context.data_sources.add_pandas(name)
    run = RunIdentifier(run_name=name, run_time=day)
    held: dict[str, bool] = {}
    for table, rows in tables:
        expectations = [get_expectation_impl(kind)(**arguments) for kind, arguments in contract.expectations(table)]
        suite = context.suites.add(gx.ExpectationSuite(name=table.name, expectations=expectations))
        batch = source.add_dataframe_asset(table.name).add_batch_definition_whole_dataframe(_BATCH)
        validation = context.validation_definitions.add(gx.ValidationDefinition(name=table.name, data=batch, suite=suite))
        frame = rows.to_pandas(integer_object_nulls=True)
        held[table.name] = bool(validation.run(batch_parameters={"dataframe": frame}, result_format="SUMMARY", run_id=run).success)
    context.build_data_docs(site_names=[name])
    pages = {path.relative_to(folder).parts[1]: path.relative_to(folder).as_posix() for path in folder.glob("validations/**/*.html")}
    return {table: (success, pages[table]) for table, success in held.items()}
