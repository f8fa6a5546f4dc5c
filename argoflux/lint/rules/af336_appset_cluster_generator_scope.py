"""A cluster generator that takes more clusters, or fewer, than it seems to.

## What it does

It reports `clusters` generators without a selector, which take every registered cluster and the one of Argo CD itself, and selectors on the version
label in a form that newer releases do not write.

## Why is this bad

What was meant for workload clusters is deployed to the management cluster as well, and to every cluster that somebody adds later.

## When to ignore it

With one cluster only, or when all of them shall get it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, items, text, texts
from argoflux.finding import Severity
from argoflux.lint.appsets import generators
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF336",
    name="appset-cluster-generator-scope",
    severity=Severity.WARNING,
    kinds=("ApplicationSet",),
    evidence=("document", "graph", "target"),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

# argo-cd:applicationset/generators/cluster.go (the local cluster comes without a selector only),
# argo-cd:docs/operator-manual/upgrading/3.3-3.4.md (the form of the label)
_VERSION_LABEL = "argocd.argoproj.io/kubernetes-version"
_OLD_VERSION = re.compile(r"\d+\.\d+")
_NEW_FORM = Release(3, 4)


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Selectors of cluster generators."""
    known = sum(
        1
        for each in ctx.resources
        if each.pseudo == "Secret:cluster" and each.root == resource.root
    )
    for one in generators(resource):
        if one.kind != "clusters":
            continue
        selector = block(one.stated, "selector")
        labels = texts(selector, "matchLabels")
        if not labels and not items(selector, "matchExpressions"):
            message = (
                "without a selector every registered cluster is taken, that of Argo CD included;"
                " select by a label"
            )
            severity = Severity.WARNING if known > 1 else Severity.INFO
            place = resource.place(*one.path, on="key")
            yield RULE.at(place, message, resource=resource, severity=severity)
        if ctx.release("argocd", resource) < _NEW_FORM:
            continue
        for path, version in _versions(selector):
            if _OLD_VERSION.fullmatch(version):
                message = f"since Argo CD 3.4 the label holds versions such as `v1.31.4`; `{version}` takes no cluster"
                place = resource.place(*one.path, "selector", *path)
                yield RULE.at(place, message, resource=resource)


def _versions(selector: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The versions that a selector asks for."""
    version = texts(selector, "matchLabels").get(_VERSION_LABEL)
    if version:
        yield ("matchLabels", _VERSION_LABEL), version
    for number, each in enumerate(blocks(selector, "matchExpressions")):
        if each.get("key") == _VERSION_LABEL and each.get("operator") == "In":
            for index, value in enumerate(items(each, "values")):
                yield ("matchExpressions", number, "values", index), text(value)


BAD = (
    Example(
        title="every cluster",
        yaml=APPLICATION_SET.replace("<generator>", "- clusters: {}"),
        at="spec.generators[0].clusters",
    ),
    Example(
        title="the old form of a version",
        yaml=APPLICATION_SET.replace(
            "<generator>",
            """- clusters:
        selector:
          matchLabels:
            argocd.argoproj.io/kubernetes-version: "1.31\"""",
        ),
        at='spec.generators[0].clusters.selector.matchLabels["argocd.argoproj.io/kubernetes-version"]',
    ),
)
GOOD = (
    Example(
        title="clusters of an environment",
        yaml=APPLICATION_SET.replace(
            "<generator>", "- clusters: {selector: {matchLabels: {env: prod}}}"
        ),
    ),
    Example(
        title="the old form of a version on an old release",
        yaml=APPLICATION_SET.replace(
            "<generator>",
            """- clusters:
        selector:
          matchLabels:
            argocd.argoproj.io/kubernetes-version: "1.31\"""",
        ),
        argocd="3.2",
    ),
)
