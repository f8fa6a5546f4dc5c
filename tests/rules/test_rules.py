"""Every rule against its own documentation and examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from argoflux.finding import Severity
from argoflux.lint import samples
from argoflux.lint.registry import document_of, examples_of, load_rule, rule_names, rule_of
from argoflux.options import PROFILES
from argoflux.text import apply_edits, path_text
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.finding import Finding
    from argoflux.lint.rule import Example

CODES = [name.code for name in rule_names()]
BAD = [pytest.param(c, e, id=f"{c}-{e.title}") for c in CODES for e in examples_of(c)[0]]
GOOD = [pytest.param(c, e, id=f"{c}-{e.title}") for c in CODES for e in examples_of(c)[1]]
UNREACHED = {"AF900", "AF901", "AF903"}
"""No manifest can raise them: defects of argoflux, and statements of the config file."""
HEADINGS = ("## What it does", "## Why is this bad", "## When to ignore it")


def found(folder: Path, code: str, example: Example, texts: dict[str, str]) -> list[Finding]:
    """The findings of one rule about an example."""
    result = lint_texts(
        folder,
        texts,
        code="" if code in {"AF902", "AF904"} else code,  # they speak about rules that ran
        argocd=example.argocd or "3.5",
        flux=example.flux or "2.9",
        base=example.base,
    )
    crashed = [f.message for f in result.findings if f.code == "AF901"]
    assert not crashed
    return [f for f in result.findings if f.code == code]


@pytest.mark.parametrize("code", CODES)
def test_it_is_documented(code: str) -> None:
    """The module says what the rule does, why, and when not to heed it."""
    text = document_of(code)
    assert re.match(r"[A-Z][^\n]*\.\n\n", text), "one sentence first"
    headings = [line for line in text.splitlines() if line.startswith("#")]
    fixes = any(example.fixed for example in examples_of(code)[0])
    wanted = [*HEADINGS[:2], *(["## Fix safety"] if fixes else []), HEADINGS[2]]
    assert headings == wanted


@pytest.mark.parametrize("code", CODES)
def test_it_has_its_name_and_examples(code: str) -> None:
    """File name and declaration agree; there is something to find, and something to leave alone."""
    rule = rule_of(code)
    name = next(each for each in rule_names() if each.code == code)
    assert (rule.code, rule.name) == (code, name.slug)
    assert set(rule.only) <= set(PROFILES)
    bad, good = examples_of(code)
    if code not in UNREACHED:
        assert bad
        assert good
    assert rule.scope == "loading" or callable(load_rule(code).check)


@pytest.mark.parametrize(("code", "example"), BAD)
def test_it_fires_exactly_there(tmp_path: Path, code: str, example: Example) -> None:
    """A bad example gives one finding, at the place that the example names."""
    findings = found(tmp_path, code, example, example.texts())
    assert len(findings) == 1, [f.message for f in findings]
    finding = findings[0]
    assert finding.slug == rule_of(code).name
    line, _ = finding.place.line_column()
    where = f"line {line}" if example.at.startswith("line ") else path_text(finding.place.path)
    assert where == example.at
    if example.file:
        assert finding.place.source.name.endswith(example.file)
    message = finding.message
    assert message
    assert not message.endswith(".")
    assert "\n" not in message
    if not example.fixed:
        return
    fix = finding.fix
    assert fix is not None
    assert fix.safety == example.safety
    fixed = apply_edits(finding.place.source.text, fix.edits)
    assert fixed == example.fixed
    name = example.file or next(iter(example.texts()))
    again = found(tmp_path / "again", code, example, {**example.texts(), name: fixed})
    assert not again


@pytest.mark.parametrize(("code", "example"), [p for p in BAD if not p.values[1].fixed])
def test_no_fix_is_offered_that_no_example_shows(
    tmp_path: Path, code: str, example: Example
) -> None:
    """What is fixed is documented: an example without ``fixed`` has no fix."""
    assert found(tmp_path, code, example, example.texts())[0].fix is None


@pytest.mark.parametrize(("code", "example"), GOOD)
def test_it_is_silent(tmp_path: Path, code: str, example: Example) -> None:
    """A good example gives no finding of the rule."""
    assert [f.message for f in found(tmp_path, code, example, example.texts())] == []


def test_samples_are_fine_as_they_are(tmp_path: Path) -> None:
    """What examples start from has no finding of its own but remarks."""
    given = {name.lower(): text for name, text in vars(samples).items() if name.isupper()}
    given["application_set"] = given["application_set"].replace(
        "<generator>", given.pop("list_generator")
    )
    texts = {f"{name}/sample.yaml": text for name, text in given.items()}
    found = lint_texts(tmp_path, texts).findings
    assert [f"{f.code} {f.message}" for f in found if f.severity is Severity.ERROR] == []
