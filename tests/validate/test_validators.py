from __future__ import annotations

import importlib.resources
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import frictionless
import jsonschema
import mlcroissant
import pytest
from openlineage.client.generated import (
    data_quality_assertions_dataset,
    dataset_version_dataset,
    input_statistics_input_dataset,
    output_statistics_output_dataset,
    processing_engine_run,
    schema_dataset,
)

from conftest import Release

# Of larger tables the first rows only; keys across tables are left to small releases.
ROWS = 5_000
FACETS = {
    "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet,
    "version": dataset_version_dataset.DatasetVersionDatasetFacet,
    "inputStatistics": input_statistics_input_dataset.InputStatisticsInputDatasetFacet,
    "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
    "processing_engine": processing_engine_run.ProcessingEngineRunFacet,
    "schema": schema_dataset.SchemaDatasetFacet,
}


def package(release: Release) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((release.folder / "datapackage.json").read_text(encoding="utf-8"))
    return loaded


def test_checksums_are_right(release: Release) -> None:
    done = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=release.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_data_package_is_one(release: Release) -> None:
    report = frictionless.Package.validate_descriptor(package(release))
    assert report.flatten(["type", "note"]) == []


@pytest.fixture(scope="module")
def profile() -> jsonschema.protocols.Validator:
    """The official profile of Data Package v2, which says more than frictionless asks of a descriptor."""
    said = json.loads(importlib.resources.files("dplib").joinpath("profiles/2.0/datapackage.json").read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(said)
    kind.check_schema(said)
    return kind(said)


def test_the_data_package_is_as_its_official_profile_says(release: Release, profile: jsonschema.protocols.Validator) -> None:
    assert [f"{error.json_path}: {error.message[:200]}" for error in profile.iter_errors(package(release))] == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda said: said.update(resources=[]), "$.resources"),
        (lambda said: said.update(keywords=[]), "$.keywords"),
        (lambda said: said["contributors"][0].update(roles="author"), "$.contributors[0].roles"),
        (lambda said: said["resources"][0]["schema"]["fields"][0].update(example=2024), "$.resources[0].schema.fields[0]"),
        (lambda said: said["resources"][0]["schema"]["fields"][0].update(type="text"), "$.resources[0].schema.fields[0]"),
    ],
)
def test_a_data_package_that_is_otherwise_is_refused(small: Release, profile: jsonschema.protocols.Validator, change: Callable[[Any], None], path: str) -> None:
    said = package(small)
    change(said)
    (error,) = profile.iter_errors(said)
    assert error.json_path == path


def test_rows_are_as_their_table_schema_says(release: Release) -> None:
    for resource in package(release)["resources"]:
        if resource["name"] not in release.tables:
            continue
        schema = {key: value for key, value in resource["schema"].items() if key != "foreignKeys"}
        rows = release.table(resource["name"]).slice(0, ROWS).to_pylist()
        report = frictionless.Resource(name=resource["name"], data=rows, schema=frictionless.Schema.from_descriptor(schema)).validate()
        assert report.flatten(["rowNumber", "fieldName", "type", "note"]) == [], resource["name"]


def test_keys_lead_to_rows_of_other_tables(small: Release) -> None:
    resources = [
        frictionless.Resource(
            name=resource["name"], data=small.table(resource["name"]).to_pylist(), schema=frictionless.Schema.from_descriptor(resource["schema"])
        )
        for resource in package(small)["resources"]
        if resource["name"] in small.tables
    ]
    assert any(resource.schema.foreign_keys for resource in resources)
    report = frictionless.Package(resources=resources).validate()
    assert report.flatten(["rowNumber", "fieldName", "type", "note"]) == []


def test_a_broken_key_is_found_by_the_same_means(small: Release) -> None:
    schemas = {resource["name"]: resource["schema"] for resource in package(small)["resources"]}
    rows = {name: small.table(name).to_pylist() for name in ("reports", "words")}
    rows["words"][0]["doc_id"] = "000000000000"
    resources = [frictionless.Resource(name=name, data=some, schema=frictionless.Schema.from_descriptor(schemas[name])) for name, some in rows.items()]
    types = [kind for (kind,) in frictionless.Package(resources=resources).validate().flatten(["type"])]
    assert "foreign-key" in types


def test_croissant_is_valid_and_gives_records_of_every_table(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(release.folder)
    program = Path(sys.executable).parent / "mlcroissant"
    done = subprocess.run([program, "validate", "--jsonld", "croissant.json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    described = mlcroissant.Dataset("croissant.json")
    assert [one.uuid for one in described.metadata.record_sets] == release.tables
    for one in described.metadata.record_sets:
        record = next(iter(described.records(one.uuid)))
        assert [key.split("/")[-1] for key in record] == release.table(one.uuid).column_names


def test_hugging_face_loads_every_table_by_its_name(release: Release) -> None:
    folder = str(release.folder)
    assert datasets.get_dataset_config_names(folder) == release.tables
    for name in release.tables:
        loaded = datasets.load_dataset(folder, name, split="train")
        assert (len(loaded), loaded.column_names) == (release.manifest["tables"][name]["rows"], list(release.manifest["tables"][name]["columns"]))


def test_the_citation_is_valid(release: Release) -> None:
    done = subprocess.run([os.environ["BAOGAO_CFFCONVERT"], "--validate", "--infile", str(release.folder / "CITATION.cff")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def facet(name: str, said: dict[str, Any]) -> Any:
    values = {key: value for key, value in said.items() if key not in {"_producer", "_schemaURL"}}
    if "assertions" in values:
        values["assertions"] = [data_quality_assertions_dataset.Assertion(**one) for one in values["assertions"]]
    if "fields" in values:
        values["fields"] = [schema_dataset.SchemaDatasetFacetFields(**one) for one in values["fields"]]
    made = FACETS[name](**values)
    assert made._get_schema() == said["_schemaURL"]
    return made


def test_provenance_is_events_of_openlineage(release: Release) -> None:
    from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState

    lines = (release.folder / "provenance.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    for event in map(json.loads, lines):
        made = RunEvent(
            eventTime=event["eventTime"],
            producer=event["producer"],
            eventType=RunState[event["eventType"]],
            run=Run(event["run"]["runId"], {name: facet(name, said) for name, said in event["run"]["facets"].items()}),
            job=Job(**event["job"]),
            inputs=[
                InputDataset(
                    one["namespace"],
                    one["name"],
                    facets={name: facet(name, said) for name, said in one.get("facets", {}).items()},
                    inputFacets={name: facet(name, said) for name, said in one.get("inputFacets", {}).items()},
                )
                for one in event["inputs"]
            ],
            outputs=[
                OutputDataset(
                    one["namespace"],
                    one["name"],
                    facets={name: facet(name, said) for name, said in one.get("facets", {}).items()},
                    outputFacets={name: facet(name, said) for name, said in one.get("outputFacets", {}).items()},
                )
                for one in event["outputs"]
            ],
        )
        assert made.schemaURL == event["schemaURL"]
