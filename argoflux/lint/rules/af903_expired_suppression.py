"""A statement of the config file whose day has passed.

## What it does

It reports entries below `ignore` in the config file whose `until` lies before today. They accept
nothing any more.

## Why is this bad

Somebody put off a repair until that day.

## When to ignore it

Never: move the day on, or remove the entry.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Rule

RULE = Rule(code="AF903", name="expired-suppression", severity=Severity.WARNING, scope="loading")

BAD = ()
GOOD = ()
