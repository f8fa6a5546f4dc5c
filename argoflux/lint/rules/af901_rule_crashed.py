"""A rule that could not finish: a defect of argoflux.

## What it does

It names a rule that failed and an object that it was looking at. The other rules ran.

## Why is this bad

What the rule would have found is not in the report. Report it, with the object that was looked at.

## When to ignore it

Never: it is a bug of argoflux, not of the input. `--ignore` with the code of the rule leaves the
rule out until it is mended.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Rule

RULE = Rule(code="AF901", name="rule-crashed", severity=Severity.WARNING, scope="loading")

BAD = ()
GOOD = ()
