"""Older API versions of Flux read as the newest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.flux.defaults import release_name
from argoflux.flux.normalise import normalise, version_saying
from argoflux.text import SourceFile
from argoflux.workspace.classify import resource_of
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.resource import Resource


def resource(text: str) -> Resource:
    (document,) = load_text(SourceFile("x.yaml", text)).documents
    found = resource_of(document)
    assert found is not None
    return found


def test_old_patches_follow_the_new_ones() -> None:
    """Order of the generator: patches, then patchesStrategicMerge, then patchesJson6902."""
    spec = normalise(
        resource("""
apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
kind: Kustomization
metadata: {name: x}
spec:
  patchesJson6902:
    - target: {kind: Deployment, name: a}
      patch: [{op: remove, path: /spec/replicas}]
  patchesStrategicMerge:
    - {apiVersion: v1, kind: Service, metadata: {name: s}}
  patches: [{patch: first}]
""")
    )["spec"]
    assert spec == {
        "patches": [
            {"patch": "first"},
            {"patch": "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n"},
            {
                "patch": "- op: remove\n  path: /spec/replicas\n",
                "target": {"kind": "Deployment", "name": "a"},
            },
        ]
    }


def test_the_input_is_not_changed() -> None:
    given = resource("""
apiVersion: helm.toolkit.fluxcd.io/v2beta1
kind: HelmRelease
metadata: {name: x}
spec: {chart: {spec: {valuesFile: a.yaml, valuesFiles: [b.yaml, a.yaml]}}}
""")
    spec = normalise(given)["spec"]
    assert spec["chart"]["spec"] == {"valuesFiles": ["a.yaml", "b.yaml"]}
    assert given.body["spec"]["chart"]["spec"]["valuesFile"] == "a.yaml"


@pytest.mark.parametrize(
    ("api", "code", "release"),
    [
        ("kustomize.toolkit.fluxcd.io/v1", None, None),
        ("kustomize.toolkit.fluxcd.io/v1beta2", "F2A-API-001", "2.8"),
        ("kustomize.toolkit.fluxcd.io/v1beta1", "F2A-API-001", "2.7"),
        ("kustomize.toolkit.fluxcd.io/v1alpha1", "F2A-API-002", None),
        ("kustomize.toolkit.fluxcd.io/v9", "F2A-API-003", None),
    ],
)
def test_versions_that_are_served_no_longer(
    api: str, code: str | None, release: str | None
) -> None:
    text = f"apiVersion: {api}\nkind: Kustomization\nmetadata: {{name: x}}\n"
    saying = version_saying(resource(text))
    assert (saying.message.code if saying else None) == code
    assert (saying.facts.get("release") if saying else None) == release


def test_release_names() -> None:
    """helm-controller:internal/release/name.go."""
    assert release_name("app", None) == "app"
    assert release_name("app", "edge") == "edge-app"
    assert len(release_name("a" * 53, None)) == 53
    assert release_name("a" * 54, None)[:41] == "a" * 40 + "-"
