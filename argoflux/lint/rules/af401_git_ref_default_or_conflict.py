"""A GitRepository that follows another revision than it seems to.

## What it does

It reports a source without `ref`, which follows the branch `master`; several fields in `ref`, of which Flux reads one; and values that are in
the wrong field.

## Why is this bad

Most repositories have a default branch `main`: the source then fails, or worse, follows an old branch. Where two fields are set, Flux takes
commit before name before tag before semver before branch, and says nothing about the others.

## Fix safety

The fix states the branch `main`, which may be another one than Flux follows now.

## When to ignore it

When the branch is called `master`: state it, and the rule is silent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.flux.fields import table
from argoflux.goports import semver
from argoflux.lint.arrivals import arrivals
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.edit import insert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF401",
    name="git-ref-default-or-conflict",
    severity=Severity.WARNING,
    kinds=("GitRepository",),
    links=("https://fluxcd.io/flux/components/source/gitrepositories/#reference",),
)

# fluxcd/pkg:git/gogit/client.go Clone: the first of these that is set is used
_ORDER = ("commit", "name", "tag", "semver", "branch")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """What is checked out, and what is not read."""
    ref = table(resource.body, "spec", "ref")
    stated = [key for key in _ORDER if ref.get(key)]
    if not stated:
        if all(table(one.body, "spec", "ref") for one in arrivals(ctx).of(resource)):
            return  # a parent states it
        at = (*resource.place("spec").path, "ref")
        edits = (
            insert(resource.document, at, {"branch": "main"})
            if "ref" not in _spec(resource)
            else ()
        )
        yield RULE.at(
            resource.place("spec", "url"),
            "without `ref` Flux follows the branch `master`; state the branch or tag",
            resource=resource,
            fix=ctx.unsafe("follow the branch `main`", edits),
        )
        return
    unread = [key for key in stated[1:] if (stated[0], key) != ("commit", "branch")]
    for key in unread:
        message = f"`{key}` is not read beside `{stated[0]}`; remove it"
        yield RULE.at(resource.place("spec", "ref", key), message, resource=resource)
    message = _wrong(stated[0], known_text(ref[stated[0]]) or "")
    if message:
        yield RULE.at(
            resource.place("spec", "ref", stated[0]),
            message,
            resource=resource,
            severity=Severity.ERROR,
        )


def _spec(resource: Resource) -> dict[str, Any]:
    return table(resource.body, "spec")


def _wrong(key: str, value: str) -> str:
    """What is wrong with the form of the value that counts; empty for one that is filled in later."""
    if not value:
        return ""
    if key == "name" and not value.startswith("refs/"):
        return (
            f"`{value}` is no full name of a reference; write `refs/heads/{value}`, or use `branch`"
        )
    if key == "commit" and not _COMMIT.fullmatch(value):
        return f"`{value}` is no full commit: Flux needs all of its 40 digits"
    if key == "semver" and not (semver.is_version(value) or semver.is_constraint(value)):
        return f"`{value}` is no range of versions"
    if key == "branch" and (value == "HEAD" or value.startswith("refs/")):
        return f"there is no branch `{value}`; write the name of the branch alone"
    return ""


_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
"""
_MAIN = _SOURCE + "  ref:\n    branch: main\n"

BAD = (
    Example(title="no reference", yaml=_SOURCE, at="spec.url", fixed=_MAIN, safety="unsafe"),
    Example(
        title="a tag and a range",
        yaml=_SOURCE + "  ref:\n    tag: v1.2.3\n    semver: 1.x\n",
        at="spec.ref.semver",
    ),
    Example(
        title="a short commit",
        yaml=_SOURCE + "  ref:\n    commit: 3f2a91c\n",
        at="spec.ref.commit",
    ),
)
GOOD = (
    Example(title="a branch", yaml=_MAIN),
    Example(
        title="a commit of a branch",
        yaml=_SOURCE
        + "  ref:\n    branch: main\n    commit: 3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3\n",
    ),
    Example(
        title="a branch that is filled in later", yaml=_SOURCE + "  ref:\n    branch: ${BRANCH}\n"
    ),
)
