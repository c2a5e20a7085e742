"""The dataset as Croissant 1.1, which is schema.org's Dataset too.

In: `Table` descriptions, the files of a release. Out: croissant.json, as a record. Never: data.
Keys that lead to other tables stand in the Data Package alone: here they would be joined whenever a record is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from baogao.contract.reading import Column, Table, package, tables

# As https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html has it.
_CONTEXT = {
    "@language": "zh",
    "@vocab": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format",
            "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated",
            "replace", "samplingRate", "separator", "source", "subField", "transform",
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}  # fmt: skip
_TYPES = {"string": "sc:Text", "int32": "cr:Int32", "double": "cr:Float64", "bool": "sc:Boolean", "date": "sc:Date", "timestamp": "sc:DateTime"}
# The registered type, application/vnd.apache.parquet, is known to no reader of Croissant.
_PARQUET = "application/x-parquet"


def croissant(version: str, released: str, files: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """croissant.json of a release. `files` gives, for each table, its Parquet files as path, bytes and hash."""
    about = package()
    described = [table for name, table in tables().items() if files.get(name)]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": about["name"],
        "alternateName": [about["title"]["zh"], about["title"]["en"]],
        "description": f"{about['description']['zh']}\n\n{about['description']['en'].strip()}",
        "version": version,
        "datePublished": released,
        "inLanguage": "zh",
        "isAccessibleForFree": True,
        "isLiveDataset": False,
        "keywords": about["keywords"],
        "license": about["licenses"][0]["path"],
        "url": about["homepage"],
        "creator": [{"@type": "sc:Organization", "name": one["title"], "url": about["homepage"]} for one in about["contributors"]],
        "publisher": [{"@type": "sc:Organization", "name": one["title"], "url": about["homepage"]} for one in about["contributors"]],
        "citeAs": f"{about['contributors'][0]['title']}: {about['title']['en']}, version {version}, {released}. {about['homepage']}",
        "distribution": [one for table in described for one in _distribution(table, files[table.name])],
        "recordSet": [_record_set(table) for table in described],
    }


def _distribution(table: Table, files: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The files of a table, each with its checksum, and the set of them that the record set reads."""
    objects = [
        {
            "@type": "cr:FileObject",
            "@id": one["path"],
            "name": one["path"],
            "contentUrl": one["path"],
            "contentSize": f"{one['bytes']} B",
            "encodingFormat": _PARQUET,
            "sha256": str(one["hash"]).removeprefix("sha256:"),
        }
        for one in files
    ]
    several = {
        "@type": "cr:FileSet",
        "@id": f"{table.name}-files",
        "name": f"{table.name}-files",
        "description": f"All files of the table {table.name}.",
        "encodingFormat": _PARQUET,
        "includes": f"data/{table.name}/*.parquet",
    }
    return [*objects, several]


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"{table.title['zh']} / {table.title['en']}. {table.description}",
        **({"key": [{"@id": f"{table.name}/{column}"} for column in table.key]} if table.key_is_stated else {}),
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": f"{column.title['zh']} / {column.title['en']}. {column.described}",
        "dataType": _TYPES[column.type],
        "source": {"fileSet": {"@id": f"{table.name}-files"}, "extract": {"column": column.name}},
    }
