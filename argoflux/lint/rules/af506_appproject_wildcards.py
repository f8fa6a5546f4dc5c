"""A project that allows every source, every destination or every kind.

## What it does

It reports the entries of an AppProject that allow everything: all repositories or all of a host, every namespace of every
cluster, every kind of cluster-scoped objects, and Applications in any namespace. An entry that begins with `!` allows everything that it does not
name, so it is reported where nothing else allows everything.

## Why is this bad

A project is the border between teams. With a wildcard it stops nothing: a commit in any repository may replace what another team
runs, or create a role that may do everything.

## When to ignore it

For the project of the people who run the installation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, items
from argoflux.finding import Severity
from argoflux.lint.projects import (
    EVERYTHING,
    denials,
    destinations,
    is_admin,
    is_everywhere,
    open_kinds,
    open_sources,
)
from argoflux.lint.rule import Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF506",
    name="appproject-wildcards",
    severity=Severity.WARNING,
    kinds=("AppProject",),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/projects/",),
)
_ANY_NAMESPACE = frozenset({"*", "**", "/.*/"})


def check(project: Resource, _ctx: Context) -> Iterator[Finding]:
    """Entries that allow everything."""
    severity = Severity.INFO if is_admin(project) else Severity.WARNING
    found = [
        (path, f"`{entry}` allows every repository{'' if entry in EVERYTHING else ' of a host'}")
        for path, entry in open_sources(project)
    ]
    found += [
        (path, "the destination allows every namespace of every cluster")
        for path, entry in destinations(project)
        if is_everywhere(entry)
    ]
    found += [
        (path, "every kind of cluster-scoped objects is allowed") for path in open_kinds(project)
    ]
    found += [
        (("spec", "sourceNamespaces", number), f"`{entry}` lets Applications of every namespace in")
        for number, entry in enumerate(items(block(project.body, "spec"), "sourceNamespaces"))
        if entry in _ANY_NAMESPACE
    ]
    found += [
        (path, f"`{entry}` allows everything that it does not name, whatever the other entries say")
        for path, entry in denials(project)
    ]
    for path, what in found:
        message = f"{what}; list what the project needs"
        yield RULE.at(project.place(*path), message, resource=project, severity=severity)


_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  sourceRepos:
    - {repo}
  destinations:
    - name: prod
      namespace: shop
"""

BAD = (
    Example(title="every repository", yaml=_PROJECT.format(repo='"*"'), at="spec.sourceRepos[0]"),
    Example(
        title="every repository of a host",
        yaml=_PROJECT.format(repo="https://github.com/**"),
        at="spec.sourceRepos[0]",
    ),
    Example(
        title="every repository but one",
        yaml=_PROJECT.format(repo='"!https://git.example.com/secrets.git"'),
        at="spec.sourceRepos[0]",
    ),
)
GOOD = (
    Example(title="a list", yaml=_PROJECT.format(repo="https://git.example.com/shop.git")),
    Example(
        title="the repositories of one organisation",
        yaml=_PROJECT.format(repo="https://github.com/example/*"),
    ),
)
