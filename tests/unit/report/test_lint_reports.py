"""Reports of lint: each in the form that its reader expects, with nothing that could harm it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from junitparser import JUnitXml
from sarif_pydantic import Sarif

from argoflux.finding import Severity
from argoflux.lint.baseline import baseline_text, read_baseline
from argoflux.lint.fingerprint import fingerprints
from argoflux.lint.registry import rule_names, rule_page
from argoflux.lint.result import Lint
from argoflux.report import (
    lint_concise,
    lint_github,
    lint_gitlab,
    lint_json,
    lint_junit,
    lint_markdown,
    lint_sarif,
    lint_text,
    rule_json,
)
from argoflux.report.formats import FORMATS, renderer
from tests.unit.report.lints import finding, fixed, nasty, sample

SCHEMAS = Path(__file__).parents[3] / "schemas"

# docs.gitlab.com, Code Quality report format: what GitLab reads of an issue
GITLAB: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^./]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def valid(name: str, text: str) -> dict[str, Any]:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    report: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(schema).validate(report)
    return report


def test_json_fits_its_schema() -> None:
    result = sample(known=(finding(),), gone=(finding(code="AF501"),), suppressed=2, facts=("x",))
    report = valid("lint-report", lint_json.render(result))
    assert [each["state"] for each in report["findings"]] == ["new"] * 4 + ["known", "gone"]
    assert report["findings"][0]["path"] == "spec.project"
    assert report["findings"][1]["fix"]["edits"] == [
        {"line": 6, "column": 12, "endLine": 6, "endColumn": 19, "text": "shop"}
    ]
    assert report["findings"][1]["related"][0]["line"] == 6
    assert report["summary"]["error"] == 1


def test_rules_fit_their_schema() -> None:
    report = valid("rule-list", rule_json.render([rule_page(n.code) for n in rule_names()]))
    assert report["summary"]["rules"] == len(rule_names())


def test_a_baseline_fits_its_schema() -> None:
    report = valid("lint-baseline", baseline_text([finding(), nasty()]))
    marks = [each["fingerprint"] for each in report["findings"]]
    assert read_baseline(json.dumps(report), "b.json") == frozenset(marks)


def test_sarif_is_read_by_others() -> None:
    text = lint_sarif.render(sample(known=(finding(),), gone=(finding(code="AF101"),)))
    log = Sarif.model_validate_json(text)
    (run,) = log.runs
    assert run.results is not None
    assert run.tool.driver.rules is not None
    assert [rule.id for rule in run.tool.driver.rules] == ["AF101", "AF505"]
    states = [result["baselineState"] for result in json.loads(text)["runs"][0]["results"]]
    assert states == ["new"] * 4 + ["unchanged", "absent"]
    for result in json.loads(text)["runs"][0]["results"]:
        rules = json.loads(text)["runs"][0]["tool"]["driver"]["rules"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert rules[result["ruleIndex"]]["helpUri"].endswith(result["ruleId"])
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region == {"startLine": 6, "startColumn": 12, "endLine": 6, "endColumn": 19}
        assert len(result["partialFingerprints"]["argoflux/v1"]) == 32
    (fix,) = json.loads(text)["runs"][0]["results"][1]["fixes"]
    assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "shop"}


def test_sarif_quotes_paths() -> None:
    (result,) = json.loads(lint_sarif.render(sample(nasty())))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%2520b/%3Cscript%3E%2Cx%3Ay.yaml"


def test_gitlab_reads_it() -> None:
    issues = json.loads(lint_gitlab.render(sample()))
    jsonschema.Draft202012Validator(GITLAB).validate(issues)
    assert [issue["severity"] for issue in issues] == ["minor", "minor", "minor", "major"]
    assert len({issue["fingerprint"] for issue in issues}) == 4
    assert json.loads(lint_gitlab.render(sample(finding(severity=Severity.INFO))))[0][
        "severity"
    ] == ("info")


def test_junit_is_read_by_others() -> None:
    text = lint_junit.render(sample(finding(), nasty(), finding(severity=Severity.INFO)))
    ET.fromstring(text)  # noqa: S314 - our own text
    found = JUnitXml.fromstring(text.encode())
    assert (found.tests, found.failures, found.errors) == (3, 2, 0)
    none = JUnitXml.fromstring(lint_junit.render(Lint(findings=())).encode())
    assert (none.tests, none.failures) == (1, 0)


def test_github_commands_cannot_be_broken_out_of() -> None:
    (command,) = lint_github.render(sample(nasty())).splitlines()
    head, _, text = command.partition("::")[2].partition("::")
    assert head == (
        "error title=AF505 default-project,file=a%2520b/<script>%2Cx%3Ay.yaml,"
        "line=6,endLine=6,col=12,endColumn=19"
    )
    assert text == "`https://***@host/x` holds <b>100%25</b>%0A\\x1b[31m | pipes & \\u202etricks"


def test_markdown_comes_in_parts_that_fit_a_comment() -> None:
    result = sample(*(finding(name=f"apps/{n}.yaml") for n in range(900)))
    text = lint_markdown.render(result)
    parts = text.split(lint_markdown.MARKER)[1:]
    assert len(parts) > 1
    assert all(len((lint_markdown.MARKER + part).encode()) <= lint_markdown.LIMIT for part in parts)
    assert [part.split(" -->")[0] for part in parts] == [
        f" {n}/{len(parts)}" for n in range(1, len(parts) + 1)
    ]
    assert sum(part.count("<code>apps/") for part in parts) == 900
    assert all("| place | | remark |" in part for part in parts)


def test_markdown_escapes() -> None:
    row = lint_markdown.render(sample(nasty())).splitlines()[-1]
    assert "<script>" not in row
    assert "<b>" not in row
    assert "s3cret" not in row


def test_concise_is_one_line_per_finding() -> None:
    lines = lint_concise.render(sample()).splitlines()
    assert lines[0] == (
        "apps/web.yaml:6:12: warning: the Application belongs to project `default`"
        " [AF505 default-project]"
    )
    assert len(lines) == 4


def test_text_shows_line_fix_and_counts() -> None:
    text = lint_text.render(sample(fixed("unsafe"), suppressed=1, below=2, known=(finding(),)))
    assert text.splitlines() == [
        "apps/web.yaml:6:12: warning: the Application belongs to project `default` [AF505 default-project]",
        "    6 |   project: default",
        "      |            ^^^^^^^",
        "      = it is stated here: apps/web.yaml:6:12",
        "      = fix: write `shop` (changes what happens: --unsafe-fixes)",
        "",
        "0 errors, 1 warning, 0 remarks in 3 objects",
        "1 can be fixed with --fix --unsafe-fixes, which changes what happens",
        "1 accepted by comments, annotations or the config file",
        "1 known before",
        "2 not shown: they weigh less than --min-severity",
    ]


@pytest.mark.parametrize("name", FORMATS["lint"])
def test_no_format_prints_credentials_or_controls(name: str) -> None:
    text = renderer("lint", name)(sample(nasty()))
    assert "s3cret" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_fingerprints_outlive_edits_above() -> None:
    one, two = finding(), finding(message="another sentence")
    assert len(set(fingerprints([one, two]))) == 2, "equal findings are counted"
    assert fingerprints([one]) == fingerprints([two])
    assert fingerprints([one]) != fingerprints([finding(code="AF501")])
    assert fingerprints([finding(resource="")]) != fingerprints([finding("b.yaml", resource="")])
