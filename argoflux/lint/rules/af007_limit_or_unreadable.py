"""A file or document that could not be read, or that exceeds a limit.

## What it does

It tells of files that are not UTF-8 text, that cannot be opened or lead out of the given paths, and
of documents that are nested too deeply, grow too much by their aliases, or are too many.

## Why is this bad

What stands there was not judged. The API server reads UTF-8 only, and has limits of its own.

## When to ignore it

When the file is no manifest: name it in an `.argofluxignore` file, then it is not opened.
"""

from __future__ import annotations

from argoflux.finding import Severity
from argoflux.lint.rule import Example, Rule

RULE = Rule(code="AF007", name="limit-or-unreadable", severity=Severity.WARNING, scope="loading")

_DEEP = "[" * 120 + "]" * 120

BAD = (
    Example(
        title="lists in lists, 120 levels deep",
        yaml=f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {_DEEP}\n",
        at="line 3",
    ),
)
GOOD = (
    Example(
        title="an object of usual depth",
        yaml="""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
""",
    ),
)
