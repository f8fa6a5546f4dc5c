"""Estates of any size for growth measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: app-{n}
  namespace: argocd
  finalizers:
    - resources-finalizer.argocd.argoproj.io
spec:
  project: default
  source:
    repoURL: https://git.example.com/team-{team}/service-{n}.git
    targetRevision: main
    path: deploy/production
    kustomize:
      images:
        - registry.example.com/service-{n}:1.{n}.0
  destination:
    server: https://kubernetes.default.svc
    namespace: team-{team}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
      - CreateNamespace=true
"""


def estate_of(folder: Path, count: int) -> int:
    """Write `count` Applications, one file each; returns the bytes written."""
    size = 0
    for n in range(count):
        text = _APP.format(n=n, team=n % 50)
        target = folder / f"team-{n % 50}" / f"app-{n}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        size += len(text)
    return size
