"""A file or document that does not parse.

## What it does

Every file that was read is parsed document by document. One that fails is told with its place; the
documents beside it are still read. Files that a template engine has to fill in first are no errors:
they are counted.

## Why is this bad

Argo CD stops the whole application when one manifest of its path cannot be unmarshalled
(argo-cd:reposerver/repository/repository.go). Flux fails the complete Kustomization, not only the
file (fluxcd/pkg:kustomize/kustomize_generator.go).

## When to ignore it

When the file is a template that argoflux does not recognise as one: leave it out with an
`.argofluxignore` file.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

RULE = Rule(code="AF001", name="yaml-syntax", severity=Severity.ERROR, scope="loading")

BAD = (
    Example(
        title="a quote that is not closed",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: "web
""",
        at="line 5",
    ),
)
GOOD = (
    Example(
        title="the same, closed",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: "web"
""",
    ),
)
