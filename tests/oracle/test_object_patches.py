"""Patches for the options of objects, and for kinds that Argo CD leaves alone, in the real kustomize."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump_documents
from argoflux.yamlio.load import load_text
from tests.oracle.engines import kustomize_build, program
from tests.unit.mapping.settings_cases import DEPLOYMENT, applier, convert

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(program("kubectl") is None, reason="no kubectl on PATH or the index"),
]
OPTIONS = "argocd.argoproj.io/sync-options"
NOTED = f"""\
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: a.b, annotations: {{{OPTIONS}: Prune=false}}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: axb}}
---
apiVersion: batch/v1
kind: Job
metadata: {{name: seed, annotations: {{{OPTIONS}: 'Force=true,Replace=true'}}}}
---
apiVersion: cilium.io/v2
kind: CiliumIdentity
metadata: {{name: one}}
---
apiVersion: cilium.io/v2
kind: CiliumNode
metadata: {{name: one}}
"""
SETTINGS = {"resource.exclusions": "- apiGroups: [cilium.io]\n  kinds: [CiliumIdentity]\n"}


def built(folder: Path, spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What kustomize makes of the objects with the patches of an applier, by kind and name."""
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": spec["targetNamespace"],
        "resources": ["all.yaml"],
        "patches": spec["patches"],
    }
    (folder / "kustomization.yaml").write_text(dump_documents([kustomization]))
    done = kustomize_build(folder)
    assert done.returncode == 0, done.stderr
    documents = load_text(SourceFile(name="built", text=done.stdout)).documents
    bodies: list[Any] = [document.body for document in documents]
    return {f"{b['kind']}/{b['metadata']['name']}": b["metadata"] for b in bodies}


def test_patches_hit_the_objects_that_they_are_for_and_no_others(tmp_path: Path) -> None:
    spec: Any = applier(convert(tmp_path, SETTINGS, DEPLOYMENT + NOTED))
    found = built(tmp_path / "app", spec)
    flux = {
        name: {
            key.rpartition("/")[2]: value
            for key, value in metadata.get("annotations", {}).items()
            if key.startswith("kustomize.toolkit.fluxcd.io/")
        }
        for name, metadata in found.items()
    }
    assert flux == {
        "Deployment/api": {},
        "ConfigMap/a.b": {"prune": "disabled"},
        "ConfigMap/axb": {},
        "Job/seed": {"force": "enabled"},
        "CiliumNode/one": {},
    }
