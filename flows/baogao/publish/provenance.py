"""Where a release comes from: events of OpenLineage for the two runs that made it, one that builds the tables and one that checks them.

In: the version, its day, the tables and their files, the checksums of the pages, quality.json. Out: provenance.jsonl. Never: a time, a host, a person, a commit
or a name of a run that two builds of the same release would not share: runs are named by what they made, and stand on the day of the release.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from baogao import contract
from baogao.publish.parquet import joint

Record = dict[str, Any]
_SPEC = "https://openlineage.io/spec"
_NAMESPACE = "baogao"


def provenance(
    version: str,
    released: str,
    tables: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, Sequence[Mapping[str, Any]]],
    pages: Iterable[str],
    quality: Mapping[str, Any],
    made_by: str,
) -> str:
    """The events as JSON lines. `tables` gives rows, columns and digests by table, `files` their Parquet files, `made_by` the libraries that had a part.

    `pages` are the SHA-256 of the distinct pages. The version of the input is the SHA-256 of these, sorted, a line each without a line break at the end.
    """
    seed = "\n".join([version, *(table["content_sha256"] for table in tables.values())])
    read = {
        "name": "scraped pages",
        "facets": {"version": _facet("DatasetVersionDatasetFacet", "1-0-1", datasetVersion=f"sha256:{joint(sorted(pages))}")},
        "inputFacets": {"inputStatistics": _facet("InputStatisticsInputDatasetFacet", "1-0-0", rowCount=quality["pages"]["read"])},
    }
    made = [_output(name, table, files.get(name, ()), version) for name, table in tables.items()]
    checked = [_checked(name, quality["rejects"]) for name in tables]
    engine = {"processing_engine": _facet("ProcessingEngineRunFacet", "1-1-1", version=made_by, name="baogao")}
    runs: list[tuple[str, list[Record], list[Record]]] = [("build", [read], made), ("check", checked, [])]
    events = [
        _event(kind, released, job, str(uuid.uuid5(uuid.NAMESPACE_URL, f"{contract.package()['homepage']}#{job}\n{seed}")), engine, inputs, outputs)
        for job, inputs, outputs in runs
        for kind in ("START", "COMPLETE")
    ]
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


def _event(kind: str, day: str, job: str, run: str, facets: Record, inputs: Sequence[Record], outputs: Sequence[Record]) -> Record:
    told = kind == "COMPLETE"
    return {
        "eventType": kind,
        "eventTime": f"{day}T00:00:00Z",
        "producer": contract.package()["homepage"],
        "schemaURL": f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": run, "facets": facets},
        "job": {"namespace": _NAMESPACE, "name": job},
        "inputs": [{"namespace": _NAMESPACE, **(one if told else {"name": one["name"]})} for one in inputs],
        "outputs": [{"namespace": _NAMESPACE, **(one if told else {"name": one["name"]})} for one in outputs],
    }


def _output(name: str, table: Mapping[str, Any], files: Sequence[Mapping[str, Any]], version: str) -> Record:
    described = contract.tables()[name]
    fields = [{"name": column.name, "type": column.type, "description": column.described} for column in described.columns]
    return {
        "name": name,
        "facets": {
            "schema": _facet("SchemaDatasetFacet", "1-2-0", fields=fields),
            "version": _facet("DatasetVersionDatasetFacet", "1-0-1", datasetVersion=version),
        },
        "outputFacets": {
            "outputStatistics": _facet(
                "OutputStatisticsOutputDatasetFacet", "1-0-2", rowCount=table["rows"], size=sum(file["bytes"] for file in files), fileCount=len(files)
            )
        },
    }


def _checked(name: str, rejects: Mapping[str, int]) -> Record:
    """A table with what was asserted of its rows, and whether all held; rows that failed an assertion were turned away."""
    return {"name": name, "inputFacets": {"dataQualityAssertions": _facet("DataQualityAssertionsDatasetFacet", "1-1-0", assertions=list(_assertions(name, rejects)))}}


def _assertions(name: str, rejects: Mapping[str, int]) -> Iterator[Record]:
    expectations = dict.fromkeys(expectation for expectation, _ in contract.expectations(contract.tables()[name]))
    judged = [*expectations, *(key.removeprefix(f"{name}: ") for key in rejects if key.startswith(f"{name}: "))]
    for expectation in dict.fromkeys(judged):
        failed = rejects.get(f"{name}: {expectation}", 0)
        yield {"assertion": expectation, "success": failed == 0, "severity": "error", "expected": "0 rows that fail", "actual": f"{failed} rows turned away"}


def _facet(kind: str, spec: str, /, **values: Any) -> Record:
    return {"_producer": contract.package()["homepage"], "_schemaURL": f"{_SPEC}/facets/{spec}/{kind}.json#/$defs/{kind}", **values}
