"""A statement that accepts findings of a rule that does not exist.

## What it does

It reports codes and names in comments, annotations and the config file that belong to no rule.

## Why is this bad

The statement has no effect: the finding that was meant is still told, or the code has a slip.

## When to ignore it

When the code belongs to a newer argoflux than the one that runs.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

RULE = Rule(code="AF904", name="unknown-rule", severity=Severity.WARNING, scope="loading")

BAD = (
    Example(
        title="a code with a slip",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop  # argoflux: ignore[AF5050]
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
