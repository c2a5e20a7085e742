"""The contract: schemas/ rendered into everything that describes a table.

In: schemas/. Out: `Table` descriptions, Arrow schemas, Great Expectations suites, the Data Package, Croissant, and vocabularies as parsed. Never: data.
"""

from baogao.contract.arrow import arrow_schema, arrow_type, file_metadata
from baogao.contract.croissant import croissant
from baogao.contract.data_package import data_package, table_schema
from baogao.contract.reading import Column, ForeignKey, Table, digest, history, package, schemas_dir, tables, terms
from baogao.contract.suites import expectations

__all__ = [
    "Column", "ForeignKey", "Table", "arrow_schema", "arrow_type", "croissant", "data_package", "digest", "expectations", "file_metadata", "history", "package",
    "schemas_dir", "table_schema", "tables", "terms",
]  # fmt: skip
