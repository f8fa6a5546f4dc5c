"""AF501: which revisions move, and where that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.samples import APPLICATION, APPLICATION_SET, GIT_REPOSITORY, HELM_RELEASE
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path


def said(folder: Path, text: str) -> list[tuple[str, str]]:
    """Severity and place of what the rule says."""
    result = lint_texts(folder, {"example.yaml": text}, code="AF501")
    assert not [f for f in result.findings if f.code == "AF901"]
    return [
        (f.severity.value, ".".join(map(str, f.place.path)))
        for f in result.findings
        if f.code == "AF501"
    ]


@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        ("HEAD", 1),
        ("main", 1),
        ("v1.2.3", 0),
        ("1.x", 1),
        ("0123456789abcdef0123456789abcdef01234567", 0),
        ("'{{ revision }}'", 0),
        ("''", 1),
    ],
)
def test_revisions_of_applications(tmp_path: Path, revision: str, expected: int) -> None:
    """Git sources of Argo CD."""
    text = APPLICATION.replace("targetRevision: v1.2.3", f"targetRevision: {revision}")
    assert len(said(tmp_path, text)) == expected


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("{branch: main}", ["spec.ref.branch"]),
        ("{tag: v1.2.3}", []),
        ("{semver: '>=1.0.0'}", ["spec.ref.semver"]),
        ("{semver: 1.2.3}", []),
        ("{name: refs/heads/main}", ["spec.ref.name"]),
        ("{name: refs/tags/v1.2.3}", []),
        ("{branch: '${BRANCH}'}", []),
        ("[main]", []),
    ],
)
def test_references_of_flux(tmp_path: Path, ref: str, expected: list[str]) -> None:
    """Git sources of Flux; one without a reference is AF401's."""
    text = GIT_REPOSITORY.replace("ref: {tag: v1.2.3}", f"ref: {ref}")
    assert [place for _, place in said(tmp_path, text)] == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.2.3", 0), ("1.2", 1), ("'*'", 1), ("'>=1 <2'", 1), ("'${VERSION}'", 0), ("v1.2.3", 0)],
)
def test_versions_of_charts(tmp_path: Path, version: str, expected: int) -> None:
    """Charts of repositories."""
    text = HELM_RELEASE.replace("version: 1.2.3", f"version: {version}")
    assert len(said(tmp_path, text)) == expected


def test_production(tmp_path: Path) -> None:
    """A set of Applications is told once for each way to say it; production is a warning."""
    text = APPLICATION.replace("v1.2.3", "main")
    assert said(tmp_path / "any", text)[0][0] == "info"
    assert said(tmp_path / "prod", text.replace("project: shop", "project: shop-prod"))[0][0] == (
        "warning"
    )
    both = "- list: {elements: [{name: web-prod}, {name: web-test}]}"
    made = APPLICATION_SET.replace("<generator>", both)
    assert said(tmp_path / "made", made) == [
        ("warning", "spec.template.spec.source.targetRevision")
    ]
