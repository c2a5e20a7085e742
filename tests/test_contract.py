from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pytest

from baogao import contract, records
from baogao.contract import Column, Table
from baogao.records import BaogaoError

BROKEN = Path(__file__).parent / "counterexamples" / "schemas"
BROKEN_NAMES = sorted(path.stem for path in BROKEN.glob("*.yaml"))
TABLES = contract.tables()
COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]
ALLOWED = {pa.string(), pa.int32(), pa.float64(), pa.bool_(), pa.date32(), pa.timestamp("us", tz="UTC")}
FILES = {name: [{"path": f"data/{name}/{name}.parquet", "bytes": 10, "hash": "sha256:00"}] for name in TABLES}

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
each_column = pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table.name}.{column.name}" for table, column in COLUMNS])


def column(**more: Any) -> Column:
    return Column(**({"name": "c", "type": "string", "title": {"zh": "列", "en": "Column"}, "description": "A column.", "example": "a"} | more))


def table(*columns: Column, key: tuple[str, ...] = ("c",)) -> Table:
    return Table("t", {"zh": "表", "en": "Table"}, "A table.", key, key, columns)


# --- the table files


def test_every_table_file_is_in_the_package_and_the_other_way_round() -> None:
    files = {path.stem for path in contract.schemas_dir().glob("*.yaml")} - {"package"}
    assert files == set(TABLES) | set(contract.history()) == set(contract.package()["tables"]) | {"changes", "rekeys"}
    assert [table.name for table in TABLES.values()] == list(TABLES) == contract.package()["tables"]


@each_column
def test_a_column_has_titles_a_meaning_and_an_example(table: Table, column: Column) -> None:
    assert re.search(r"[\u4e00-\u9fff]", column.title["zh"])
    assert column.title["en"].isascii()
    assert len(column.description) > 8
    assert column.description.endswith(".")
    assert column.example is not None


def instant(said: object) -> datetime:
    return datetime.fromisoformat(str(said))


READERS = {"string": str, "int32": int, "double": (int, float), "bool": bool, "date": str, "timestamp": str}


@each_column
def test_an_example_satisfies_its_own_column(table: Table, column: Column) -> None:
    said: Any = column.example
    assert isinstance(said, READERS[column.type])
    assert isinstance(said, bool) == (column.type == "bool")
    if column.type == "date":
        assert date.fromisoformat(said).isoformat() == said
    if column.type == "timestamp":
        assert instant(said).utcoffset() is not None
    assert not column.enum or said in column.enum
    assert not column.pattern or re.search(column.pattern, said)
    assert column.minimum is None or said >= column.minimum
    assert column.maximum is None or said <= column.maximum
    assert column.max_length is None or len(said) <= column.max_length
    assert len(str(said)) > 0


@each_column
def test_a_constraint_is_one_that_the_type_can_have(table: Table, column: Column) -> None:
    if column.enum or column.pattern or column.max_length is not None:
        assert column.type == "string"
    if column.minimum is not None or column.maximum is not None:
        assert column.type in {"int32", "double"}
    if column.pattern:
        assert column.pattern.startswith("^")
        assert column.pattern.endswith("$")
    if column.not_below:
        assert next(other for other in table.columns if other.name == column.not_below).type == column.type
    assert len(column.enum) == len(set(column.enum))


@each_table
def test_a_table_is_described_and_names_each_column_once(table: Table) -> None:
    assert table.title["zh"]
    assert table.title["en"]
    assert table.description.endswith(".")
    assert "\n" not in table.description
    assert len(table.names) == len(set(table.names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in [table.name, *table.names])
    assert set(table.key) <= set(table.names)


@each_table
def test_offsets_come_in_pairs_and_the_end_is_not_below_the_start(table: Table) -> None:
    if {"start", "end"} & set(table.names):
        end = next(column for column in table.columns if column.name == "end")
        assert end.not_below == "start"
        assert all(column.minimum is not None for column in table.columns if column.name in {"start", "end"})


@each_table
def test_a_table_is_sorted_so_that_no_two_rows_draw(table: Table) -> None:
    counted = {"doc_id", "ordinal"} <= set(table.sort) or {"doc_id", "rank"} <= set(table.sort)
    assert set(table.key) <= set(table.sort) or counted


@each_table
def test_foreign_keys_point_to_keys_of_tables(table: Table) -> None:
    types = {(other.name, column.name): column.type for other, column in COLUMNS}
    for foreign in table.foreign_keys:
        assert TABLES[foreign.table].key == (foreign.references,)
        assert types[table.name, foreign.column] == types[foreign.table, foreign.references]
    assert len({foreign.column for foreign in table.foreign_keys}) == len(table.foreign_keys)


@each_table
def test_a_table_follows_those_it_points_to(table: Table) -> None:
    order = list(TABLES)
    for foreign in table.foreign_keys:
        if foreign.table != table.name and (table.name, foreign.column) != ("pages", "doc_id"):
            assert order.index(foreign.table) < order.index(table.name)


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("pages", "document_type", records.DocumentType),
        ("reports", "level", records.Level),
        ("reports", "completeness", records.Completeness),
        ("removed", "kind", records.RemovedKind),
        ("sections", "role", records.Role),
        ("indicators", "measure", records.Measure),
        ("indicators", "bound", records.Bound),
        ("indicators", "tier", records.Tier),
        ("indicators", "status", records.Status),
    ],
)
def test_the_values_of_a_column_are_those_of_its_record(table: str, column: str, values: object) -> None:
    (found,) = [one for one in TABLES[table].columns if one.name == column]
    assert found.enum == get_args(values)


# --- broken table files


def test_there_are_counterexamples_and_each_has_its_sentence() -> None:
    assert BROKEN_NAMES
    assert sorted(path.name.removesuffix(".error.txt") for path in BROKEN.glob("*.error.txt")) == BROKEN_NAMES


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty folder in place of schemas/."""
    cached = (contract.package, contract.tables, contract.history, contract.terms, contract.digest)
    monkeypatch.setattr(contract.reading, "schemas_dir", lambda: tmp_path)
    for function in cached:
        function.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    for function in cached:
        function.cache_clear()


@pytest.mark.parametrize("name", BROKEN_NAMES)
def test_a_broken_table_file_causes_its_sentence(name: str, elsewhere: Path) -> None:
    (elsewhere / "package.yaml").write_text("tables: [harvests]", encoding="utf-8")
    (elsewhere / "harvests.yaml").write_bytes((BROKEN / f"{name}.yaml").read_bytes())
    with pytest.raises(BaogaoError) as caught:
        contract.tables()
    assert str(caught.value) == (BROKEN / f"{name}.error.txt").read_text(encoding="utf-8").strip()


def test_the_counterexamples_are_whole_but_for_what_is_broken(elsewhere: Path) -> None:
    (elsewhere / "package.yaml").write_text("tables: [harvests]", encoding="utf-8")
    broken = (BROKEN / "column-with-an-unknown-key.yaml").read_text(encoding="utf-8")
    (elsewhere / "harvests.yaml").write_text(broken.replace("min:", "minimum:"), encoding="utf-8")
    assert contract.tables()["harvests"].names == ["harvest_id", "grain"]


@pytest.mark.parametrize("content", [None, "tables: [", "tables:\n\t- a"])
def test_a_file_that_cannot_be_read_is_named(content: str | None, elsewhere: Path) -> None:
    if content is not None:
        (elsewhere / "package.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BaogaoError, match=r"^schemas/package\.yaml cannot be read \(.+\): restore it from the repository$"):
        contract.tables()


# --- vocabularies


def test_vocabularies_are_read_as_what_they_are(elsewhere: Path) -> None:
    folder = elsewhere / "terms"
    folder.mkdir()
    (folder / "tree.yaml").write_text("a: [1, 二]", encoding="utf-8")
    (folder / "rows.csv").write_text("code,name\n140881,永济市\n", encoding="utf-8")
    (folder / "lines.txt").write_text("# a comment\n一\n\n  二  \n", encoding="utf-8")
    assert contract.terms("tree") == {"a": [1, "二"]}
    assert contract.terms("rows") == [{"code": "140881", "name": "永济市"}]
    assert contract.terms("lines") == ["一", "二"]


def test_every_vocabulary_can_be_read() -> None:
    names = {path.stem for path in (contract.schemas_dir() / "terms").iterdir() if path.suffix in {".yaml", ".csv", ".txt"}}
    assert names >= {"boilerplate", "document_types", "headings", "indicators", "places", "qualifiers", "units"}
    for name in names:
        assert contract.terms(name)


def test_the_digest_changes_with_every_file_that_decides_something_and_with_no_other(elsewhere: Path) -> None:
    def digest() -> str:
        contract.digest.cache_clear()
        return contract.digest()

    (elsewhere / "terms").mkdir()
    seen = [digest()]
    for path, content in (("package.yaml", "a"), ("package.yaml", "b"), ("terms/rows.csv", "a"), ("terms/lines.txt", "a"), ("terms/lists.txt", "a")):
        (elsewhere / path).write_text(content, encoding="utf-8")
        seen.append(digest())
    assert len(set(seen)) == len(seen)
    (elsewhere / "README.md").write_text("rendered", encoding="utf-8")
    assert digest() == seen[-1]
    (elsewhere / "terms" / "lists.txt").rename(elsewhere / "terms" / "words.txt")
    assert digest() not in seen


# --- Arrow


@each_table
def test_an_arrow_schema_has_the_columns_in_order_with_allowed_types(table: Table) -> None:
    schema = contract.arrow_schema(table)
    assert schema.names == table.names
    assert set(schema.types) <= ALLOWED
    assert [field.nullable for field in schema] == [not column.required for column in table.columns]
    assert all(field.nullable for field in contract.arrow_schema(table, nullable=True))


@each_table
def test_the_examples_of_a_table_make_a_row(table: Table) -> None:
    read = {"date": date.fromisoformat, "timestamp": instant}
    row = {column.name: read.get(column.type, lambda said: said)(column.example) for column in table.columns}  # type: ignore[operator]
    made = pa.Table.from_pylist([row], schema=contract.arrow_schema(table))
    made.validate(full=True)
    assert made.to_pylist() == [row]


@each_table
def test_a_parquet_file_says_what_it_is(table: Table) -> None:
    about = contract.file_metadata(table)
    assert (about["dataset"], about["table"], about["license"]) == ("baogao", table.name, "CC0-1.0")
    assert about["description"] == table.description
    columns = json.loads(about["columns"])
    assert list(columns) == table.names
    for column in table.columns:
        assert columns[column.name]["title_zh"] == column.title["zh"]
        assert columns[column.name]["description"] == column.description
        assert columns[column.name].get("unit") == column.unit
    assert not any(re.search(r"\b\d+\.\d+\.\d+\b", value) for value in about.values())


# --- Great Expectations


def suite(*columns: Column, key: tuple[str, ...] = ("c",)) -> list[tuple[str, dict[str, Any]]]:
    return list(contract.expectations(table(*columns, key=key)))


UNIQUE = ("expect_column_values_to_be_unique", {"column": "c"})


@pytest.mark.parametrize(
    ("constraint", "expectation"),
    [
        ({"required": True}, ("expect_column_values_to_not_be_null", {"column": "c"})),
        ({"enum": ("a", "b")}, ("expect_column_values_to_be_in_set", {"column": "c", "value_set": ["a", "b"]})),
        ({"pattern": "^a$"}, ("expect_column_values_to_match_regex", {"column": "c", "regex": "^a$"})),
        ({"minimum": 0}, ("expect_column_values_to_be_between", {"column": "c", "min_value": 0})),
        ({"maximum": 9}, ("expect_column_values_to_be_between", {"column": "c", "max_value": 9})),
        ({"minimum": 0, "maximum": 9}, ("expect_column_values_to_be_between", {"column": "c", "min_value": 0, "max_value": 9})),
        ({"max_length": 200}, ("expect_column_value_lengths_to_be_between", {"column": "c", "max_value": 200})),
        (
            {"not_below": "b"},
            (
                "expect_column_pair_values_a_to_be_greater_than_b",
                {"column_A": "c", "column_B": "b", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
            ),
        ),
    ],
)
def test_each_constraint_is_an_expectation(constraint: dict[str, Any], expectation: tuple[str, dict[str, Any]]) -> None:
    assert suite(column(**constraint)) == [expectation, UNIQUE]


def test_a_column_without_constraints_has_no_expectation_but_that_of_the_key() -> None:
    assert suite(column()) == [UNIQUE]


def test_a_key_of_several_columns_is_unique_as_a_whole() -> None:
    assert suite(column(), column(name="d"), key=("c", "d")) == [
        ("expect_compound_columns_to_be_unique", {"column_list": ["c", "d"], "ignore_row_if": "never"})
    ]


@each_table
def test_the_expectations_of_a_table_hold_every_constraint(table: Table) -> None:
    said = list(contract.expectations(table))
    names = [name for name, _ in said]
    assert names.count("expect_column_values_to_not_be_null") == sum(column.required for column in table.columns)
    assert names.count("expect_column_values_to_be_in_set") == sum(bool(column.enum) for column in table.columns)
    assert names.count("expect_column_values_to_match_regex") == sum(bool(column.pattern) for column in table.columns)
    assert names.count("expect_column_pair_values_a_to_be_greater_than_b") == sum(bool(column.not_below) for column in table.columns)
    assert "unique" in names[-1]
    order = [table.names.index(about.get("column") or about["column_A"]) for _, about in said[:-1]]
    assert order == sorted(order)


# --- Data Package


def test_the_data_package_describes_each_table_that_has_files() -> None:
    package = contract.data_package("1.2.3", FILES)
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (package["name"], package["version"]) == ("baogao", "1.2.3")
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    assert json.loads(json.dumps(package, ensure_ascii=False)) == package
    assert all(terms["name"] and terms["path"].startswith("https://") for terms in package["licenses"])
    assert all(person["title"] and person["roles"] for person in package["contributors"])
    assert [resource["name"] for resource in contract.data_package("1.2.3", {"words": FILES["words"], "pages": []})["resources"]] == ["words"]


def test_a_resource_of_one_file_has_its_size_and_hash_and_one_of_several_their_paths() -> None:
    two = [{"path": f"data/words/words-{year}.parquet", "bytes": 1, "hash": "sha256:00"} for year in (2023, 2024)]
    one, several = contract.data_package("1.0.0", {"words": FILES["words"]}), contract.data_package("1.0.0", {"words": two})
    resource = one["resources"][0]
    assert (resource["path"], resource["bytes"], resource["hash"]) == ("data/words/words.parquet", 10, "sha256:00")
    assert several["resources"][0]["path"] == ["data/words/words-2023.parquet", "data/words/words-2024.parquet"]
    assert {"bytes", "hash"} & set(several["resources"][0]) == set()
    assert resource["format"] == "parquet"


# The part of the profile https://datapackage.org/profiles/2.0/tableschema.json that a table of this dataset can break.
FIELD_TYPES = {"string", "integer", "number", "boolean", "date", "datetime"}
CONSTRAINTS = {"string": {"enum", "pattern", "maxLength"}, "integer": {"minimum", "maximum"}, "number": {"minimum", "maximum"}}


@each_table
def test_a_table_schema_is_valid(table: Table) -> None:
    schema = contract.table_schema(table)
    assert schema["$schema"] == "https://datapackage.org/profiles/2.0/tableschema.json"
    assert [field["name"] for field in schema["fields"]] == table.names
    for field in schema["fields"]:
        assert field["type"] in FIELD_TYPES
        assert field["title"]
        assert field["description"]
        assert set(field.get("constraints", {"required": True})) <= {"required"} | CONSTRAINTS.get(field["type"], set())
    required = {field["name"] for field in schema["fields"] if field.get("constraints", {}).get("required")}
    assert required == {column.name for column in table.columns if column.required}
    assert set(schema.get("primaryKey", [])) <= required
    assert schema.get("primaryKey", list(table.key)) == list(table.key)
    for foreign in schema.get("foreignKeys", []):
        target = TABLES[foreign["reference"]["resource"] or table.name]
        assert set(foreign["fields"]) <= set(table.names)
        assert tuple(foreign["reference"]["fields"]) == target.key
        assert len(foreign["fields"]) == len(foreign["reference"]["fields"])
    assert len(schema.get("foreignKeys", [])) == len(table.foreign_keys)


def test_a_key_that_may_be_null_is_no_primary_key() -> None:
    assert contract.table_schema(table(column(required=True)))["primaryKey"] == ["c"]
    assert "primaryKey" not in contract.table_schema(table(column()))


def test_a_field_says_its_unit_and_its_constraints() -> None:
    said = column(type="int32", example=7, unit="吨", required=True, minimum=0, maximum=9)
    (field,) = contract.table_schema(table(said))["fields"]
    assert field == {
        "name": "c",
        "type": "integer",
        "title": "列 / Column",
        "description": "A column. Unit: 吨.",
        "example": "7",
        "constraints": {"required": True, "minimum": 0, "maximum": 9},
    }
    (plain,) = contract.table_schema(table(column()))["fields"]
    assert "constraints" not in plain


# --- Croissant


def test_croissant_has_a_record_set_for_every_table_with_files_and_every_file_with_its_checksum() -> None:
    files = {"words": [{"path": "data/words/words.parquet", "bytes": 5, "hash": "sha256:ab"}], "pages": []}
    made = contract.croissant("1.2.3", "2025-01-02", files)
    (records,) = made["recordSet"]
    assert [one["name"] for one in records["field"]] == contract.tables()["words"].names
    assert {one["source"]["fileSet"]["@id"] for one in records["field"]} == {"words-files"}
    file, several = made["distribution"]
    assert (file["contentUrl"], file["sha256"], file["contentSize"]) == ("data/words/words.parquet", "ab", "5 B")
    assert several["includes"] == "data/words/*.parquet"
    assert "containedIn" not in several
    assert (made["version"], made["datePublished"]) == ("1.2.3", "2025-01-02")
