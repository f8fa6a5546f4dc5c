"""A statement that accepts findings of which there are none.

## What it does

It reports codes in `# argoflux: ignore[…]` comments, in the annotation `argoflux.dev/ignore` and in
the config file that no finding of this run needed. Codes of rules that did not run are not judged.

## Why is this bad

The mistake was mended, or the statement never stood where it was needed. Left in place it hides the
next mistake of that sort.

## When to ignore it

When the same file is checked with several sets of rules or releases.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

RULE = Rule(code="AF902", name="unused-suppression", severity=Severity.WARNING, scope="loading")

BAD = (
    Example(
        title="nothing to ignore",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop  # argoflux: ignore[AF505]
  namespace: argocd
""",
        at="line 4",
    ),
)
GOOD = (
    Example(
        title="no statement",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
""",
    ),
)
