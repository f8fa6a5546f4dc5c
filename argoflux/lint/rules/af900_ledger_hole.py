"""A field of the input that the conversion did not account for: a defect of argoflux.

## What it does

It is raised by `convert` when the account of input fields has a gap: a field that the schemas know
and that got no verdict.

## Why is this bad

The conversion may have lost the field without a word, which argoflux promises never to do. Report
it, with the field that the message names.

## When to ignore it

Never: it is a bug of argoflux, not of the input.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Rule

RULE = Rule(code="AF900", name="ledger-hole", severity=Severity.ERROR, scope="loading")

BAD = ()
GOOD = ()
