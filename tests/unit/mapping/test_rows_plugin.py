"""Config management plugins: refused, with the way that each well-known one has in Flux."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.mapping.concept import Context
from argoflux.mapping.index import find
from argoflux.mapping.plugin import known_plugin
from tests.unit.mapping.row_cases import Row, application, check, ids

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "A2F-PLG-001": ["uumpa", "", "cdk8s"],
    "A2F-PLG-002": [
        "argocd-vault-plugin",
        "argocd-vault-plugin-helm-v1.0",
        "avp-kustomize",
        "helmfile",
        "kustomized-helm",
        "kustomize-build-with-helm",
    ],
    "A2F-PLG-003": ["envsubst", "kustomize-envsubst-v1"],
    "A2F-PLG-004": ["ksops", "sops", "helm-secrets", "kustomize-sops"],
}
SHOWN = {
    "argocd-vault-plugin": "`postBuild.substituteFrom`",
    "helmfile": "one HelmRelease for each release",
    "kustomized-helm": "as its `postRenderers`",
    "envsubst": "`postBuild.substitute`",
    "ksops": "`decryption: {provider: sops}`",
    "uumpa": "`flux push artifact`",
    "": "plugin without a name",
}
PICKING = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: plugins, namespace: argocd}
data:
  plugin.yaml: |
    kind: ConfigManagementPlugin
    metadata: {name: cdk}
    spec: {discover: {fileName: cdk.json}}
"""
ROWS = [
    Row(
        id=name or "no name",
        text=application(f"plugin: {{name: '{name}', env: [{{name: A, value: b}}]}}"),
        path="spec.source.plugin.env[0].value",
        verdict="manual",
        code=code,
        shown=SHOWN.get(name, name),
    )
    for code, names in NAMES.items()
    for name in names
]
ROWS.append(
    Row(
        id="a plugin that picks its sources",
        text=application("targetRevision: main") + PICKING,
        code="A2F-PLG-005",
        shown="plugin `cdk` picks its sources by `cdk.json`",
    )
)


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


@pytest.mark.parametrize(
    "leaf",
    [
        ("name",),
        ("env", 0, "name"),
        ("env", 0, "value"),
        ("parameters", 0, "name"),
        ("parameters", 0, "string"),
        ("parameters", 0, "array", 0),
        ("parameters", 0, "map", "key"),
    ],
)
def test_every_leaf_names_the_plugin(leaf: tuple[str | int, ...]) -> None:
    """The rows say the same of every leaf, whichever source of the Application it is in."""
    path = ("spec", "source", "plugin", *leaf)
    match = find("Application", path, "argocd")
    assert match is not None
    for code, names in NAMES.items():
        for name in names:
            body = {"spec": {"source": {"plugin": {"name": name}}}}
            context = Context(to="flux", kind="", argocd="3.5", flux="2.9", body=body, path=path)
            notes = match.row.to_flux  # type: ignore[union-attr]  # a Concept, by its notes
            note = next(n for n in notes if n.when is None or n.when("x", context))
            assert note.message.code == code


def test_names_that_only_hold_a_word_by_chance_are_unknown() -> None:
    """`avp` counts as a word of its own only."""
    assert known_plugin("navpoint") is None
