"""The coverage report follows its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from argoflux.mapping.coverage import KindCoverage
from argoflux.report.coverage_json import render as render_json
from argoflux.report.coverage_text import render as render_text

SCHEMAS = Path(__file__).parents[3] / "schemas"
KIND = KindCoverage(
    api_version="example.io/v1",
    kind="Thing",
    leaves=4,
    mapped=1,
    opaque=(("status", "written by the controller"),),
    todo=(("spec.later", "todo: later"),),
    holes=("spec.hole",),
)


def test_json_follows_the_schema() -> None:
    schema = json.loads((SCHEMAS / "coverage.schema.json").read_text())
    report = json.loads(render_json([KIND]))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert report["kinds"][0]["todo"] == ["spec.later"]
    assert report["summary"]["holes"] == 1


def test_text_sums_all_kinds() -> None:
    assert render_text([KIND, KIND]).splitlines()[-1].split() == ["all", "8", "2", "2", "2", "2"]
