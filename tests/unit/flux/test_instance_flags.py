"""Flags that a FluxInstance gives its controllers by patches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.flux.instance_flags import patched_flags
from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

ADD = "- {op: add, path: /spec/template/spec/containers/0/args/-, value: %s}\n"
LOCKED = "--no-cross-namespace-refs=true"


def read(patch: str, target: dict[str, str], **spec: object) -> list[tuple[object, ...]]:
    found = patched_flags({"kustomize": {"patches": [{"patch": patch, "target": target}]}, **spec})
    return [(each.controllers, each.flags) for each in found]


@pytest.mark.parametrize(
    ("patch", "target", "controllers", "flags"),
    [
        (
            ADD % LOCKED,
            {"kind": "Deployment", "name": "(kustomize|helm)-controller"},
            ("kustomize-controller", "helm-controller"),
            (("no-cross-namespace-refs", "true"),),
        ),
        (
            ADD % "'--feature-gates=OOMWatch=true,A=false'",
            {"name": "helm-controller"},
            ("helm-controller",),
            (("feature-gates.OOMWatch", "true"), ("feature-gates.A", "false")),
        ),
        (
            "spec: {template: {spec: {containers: [{name: manager, args: [--concurrent=20]}]}}}\n",
            {"kind": "Deployment", "name": "source-controller"},
            ("source-controller",),
            (("concurrent", "20"),),
        ),
        (ADD % LOCKED, {"kind": "Service"}, (), (("no-cross-namespace-refs", "true"),)),
        (ADD % LOCKED, {"name": "("}, (), (("no-cross-namespace-refs", "true"),)),
        (ADD % LOCKED, {"name": "source"}, (), (("no-cross-namespace-refs", "true"),)),
    ],
)
def test_arguments_and_whom_they_are_for(
    patch: str,
    target: dict[str, str],
    controllers: tuple[str, ...],
    flags: tuple[tuple[str, str], ...],
) -> None:
    assert read(patch, target) == [(controllers, flags)]


def test_only_components_that_are_installed() -> None:
    found = read(ADD % LOCKED, {"kind": "Deployment"}, components=["source-controller"])
    assert found == [(("source-controller",), (("no-cross-namespace-refs", "true"),))]


@pytest.mark.parametrize(
    "patch",
    [
        "- {op: remove, path: /spec/template/spec/containers/0/args/0}\n",
        "- {op: add, path: /spec/template/spec/nodeSelector, value: {a: b}}\n",
        "- text\n",
        "metadata: {labels: {a: b}}\n",
        "{",
        "",
    ],
)
def test_other_patches_give_no_flags(patch: str) -> None:
    assert read(patch, {"kind": "Deployment"}) == []


INSTANCE = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.x, registry: ghcr.io/fluxcd}
  kustomize:
    patches:
      - target: {kind: Deployment, name: kustomize-controller}
        patch: |
          - {op: add, path: /spec/template/spec/containers/0/args/-, value: --no-cross-namespace-refs=true}
          - {op: add, path: /spec/template/spec/containers/0/args/-, value: --no-remote-bases=true}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: blue}
spec: {interval: 10m, prune: true, path: ./app, sourceRef: {kind: GitRepository, name: fleet, namespace: flux-system}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, url: "https://git.example.com/fleet.git", ref: {branch: main}}
"""


def test_they_cut_references_and_are_told(tmp_path: Path) -> None:
    _, result = convert_texts(tmp_path, {"all.yaml": INSTANCE}, "argocd")
    by_code = {message.code: message for message in result.messages}
    assert "in another namespace" in by_code["F2A-TEN-003"].text
    told = by_code["F2A-FLG-002"]
    assert "no-remote-bases=true" in told.text
    assert told.places[0].line_column() == (9, 16)
