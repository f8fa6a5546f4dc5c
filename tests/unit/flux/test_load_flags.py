"""Flags of the controllers, as the patches of an installation set them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.example.com/acme/fleet.git"
SYNC = f"""apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, url: "{URL}", ref: {{branch: main}}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec:
  interval: 10m
  prune: true
  path: ./cluster
  sourceRef: {{kind: GitRepository, name: flux-system}}
"""
COMPONENTS = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: kustomize-controller
  namespace: flux-system
  labels: {app.kubernetes.io/part-of: flux}
spec:
  template:
    spec:
      containers:
        - name: manager
          args: [--log-level=info, --watch-all-namespaces=true]
"""
PATCHED = """resources: [gotk-components.yaml, gotk-sync.yaml]
patches:
  - target: {kind: Deployment}
    patch: |
      - {op: add, path: /spec/template/spec/containers/0/args/-, value: --no-cross-namespace-refs=true}
      - {op: add, path: /spec/template/spec/containers/0/args/-, value: --no-remote-bases}
      - op: add
        path: /spec/template/spec/containers/0/args/-
        value: --feature-gates=UseHelm3Defaults=true,DetectDrift=false
"""


def _texts(folder: Path, kustomization: str) -> list[tuple[str, str]]:
    files = {
        "cluster/gotk-sync.yaml": SYNC,
        "cluster/gotk-components.yaml": COMPONENTS,
        "cluster/kustomization.yaml": kustomization,
    }
    result = convert_texts(folder, files, "argocd", sources=(f"{URL}=.",))[1]
    found = [(m.code, m.text) for m in result.messages]
    return [(code, text) for code, text in found if code.startswith(("F2A-TEN", "F2A-FLG"))]


def test_patches_of_the_installation_count(tmp_path: Path) -> None:
    found = _texts(tmp_path, PATCHED)
    assert sorted(code for code, _text in found) == ["F2A-FLG-001", "F2A-FLG-002", "F2A-TEN-002"]
    texts = " ".join(text for _code, text in found)
    assert "`no-cross-namespace-refs=true`" in texts
    assert "`no-remote-bases=true`" in texts
    assert "`feature-gates.UseHelm3Defaults=true`" in texts
    assert "…" not in texts


def test_usual_flags_say_nothing(tmp_path: Path) -> None:
    usual = "resources: [gotk-components.yaml, gotk-sync.yaml]\n"
    assert _texts(tmp_path, usual) == []
