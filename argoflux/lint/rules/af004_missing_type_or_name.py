"""An object without `apiVersion`, `kind` or a name.

## What it does

It reports documents that are meant for Argo CD or Flux but lack `apiVersion`, `kind` or
`metadata.name` (`generateName` counts as a name), and types that are nearly one of theirs.

## Why is this bad

Flux stops the whole build with `failed to decode Kubernetes apiVersion, kind and name`
(fluxcd/kustomize-controller:internal/controller/kustomization_controller.go). Argo CD leaves such a
document of a directory out, so what it should have configured is silently missing.

## When to ignore it

When the file is a patch that no kustomization file of the input lists; a file below an
`.argofluxignore` pattern is not read at all.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

RULE = Rule(code="AF004", name="missing-type-or-name", severity=Severity.ERROR, scope="loading")

BAD = (
    Example(
        title="no name",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  namespace: argocd
""",
        at="metadata",
    ),
    Example(
        title="no kind",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
metadata:
  name: fleet
""",
        at="kind",
    ),
    Example(
        title="a kind with a slip",
        yaml="""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepositroy
metadata:
  name: fleet
""",
        at="kind",
    ),
)
GOOD = (
    Example(
        title="type and name",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
""",
    ),
    Example(
        title="a name that is filled in later",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: ${TEAM}
  namespace: argocd
""",
    ),
)
