"""A message that needs a person counts, although no leaf of the input raised it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.commands.exit_code import exit_code
from argoflux.mapping.verdict import Verdict
from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  source: {repoURL: https://git.example.com/acme/web.git, targetRevision: main, path: deploy}
  destination: {server: https://kubernetes.default.svc, namespace: web}
  syncPolicy: {automated: {prune: true, selfHeal: true}}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"


def test_a_duplicate_in_the_path_makes_the_path_manual(tmp_path: Path) -> None:
    """Argo CD keeps the last of two equal objects, kustomize refuses to build (A2F-SRC-015)."""
    texts = {"app.yaml": APPLICATION, "deploy/a.yaml": SERVICE, "deploy/b.yaml": SERVICE}
    _, result = convert_texts(tmp_path, texts, "flux")
    (entry,) = [e for e in result.entries if e.path == ("spec", "source", "path") and not e.origin]
    assert (entry.verdict, entry.code) == (Verdict.MANUAL, "A2F-SRC-015")
    assert exit_code(result, "manual") == 1


def test_without_the_duplicate_the_path_is_fine(tmp_path: Path) -> None:
    _, result = convert_texts(tmp_path, {"app.yaml": APPLICATION, "deploy/a.yaml": SERVICE}, "flux")
    (entry,) = [e for e in result.entries if e.path == ("spec", "source", "path") and not e.origin]
    assert entry.verdict is Verdict.EXACT
    assert exit_code(result, "manual") == 0
