"""The JSON report: its envelope, its records, and its published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from argoflux.finding import Place
from argoflux.report.conversion_json import conversion_record, render
from tests.unit.report.conversions import broken_file, message, resource_from, sample

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "schemas" / "conversion-report.schema.json").read_text()
)


def closed(schema: Any) -> Any:
    """The schema with every object closed: a member it does not describe is an error."""
    if isinstance(schema, dict):
        out = {key: closed(value) for key, value in schema.items()}
        if "properties" in out and "additionalProperties" not in out:
            out["additionalProperties"] = False
        return out
    return [closed(item) for item in schema] if isinstance(schema, list) else schema


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "conversion",
    [
        sample(),
        sample(findings=(broken_file(),), messages=(message(tags=("security",)),)),
        sample(outcomes=(), entries=(), messages=(), documents=(), inputs=()),
    ],
    ids=["full", "with findings", "empty"],
)
def test_reports_follow_the_published_schema_and_add_nothing(conversion: Any) -> None:
    report = json.loads(render(conversion, ["apps/web.yaml"]))
    jsonschema.Draft202012Validator(closed(SCHEMA)).validate(report)


def test_places_are_lines_and_columns_from_one() -> None:
    record = conversion_record(sample())
    limit = record["entries"][2]
    assert (limit["file"], limit["line"], limit["column"]) == ("apps/web.yaml", 10, 14)
    assert limit["path"] == "spec.syncPolicy.retry.limit"
    assert limit["code"] == "A2F-SYN-005"
    assert record["messages"][0]["places"][0]["line"] == 10


def test_invented_leaves_have_an_origin_and_are_not_counted() -> None:
    record = conversion_record(sample())
    assert [entry["origin"] for entry in record["entries"]] == [None, None, None, "default"]
    assert record["summary"]["verdicts"]["exact"] == 1
    assert sum(record["summary"]["verdicts"].values()) == 3
    assert record["summary"]["invented"] == 1


def test_targets_are_object_and_path() -> None:
    targets = conversion_record(sample())["entries"][0]["targets"]
    assert targets == ["Kustomization/flux-system/web:spec.retryInterval"]


def test_the_text_is_ascii_with_one_record_per_line() -> None:
    resource = resource_from(name="apps/größe\x1b.yaml")
    text = render(sample(messages=(message(resource.place("kind")),)))
    assert text.isascii()
    assert "\x1b" not in text
    assert sum('"path": "spec.interval"' in line for line in text.splitlines()) == 1


def test_a_place_without_document_is_the_start_of_its_file() -> None:
    place = Place(source=resource_from().document.source)
    record = conversion_record(sample(messages=(message(place),)))
    assert record["messages"][0]["places"] == [
        {"file": "apps/web.yaml", "line": 1, "column": 1, "path": ""}
    ]


def test_same_conversion_same_bytes() -> None:
    assert render(sample()) == render(sample())
