"""A placeholder that no generator fills in.

## What it does

It makes the Applications of a set as its controller does, as far as the generators can be answered from the files, and reports placeholders
that name a parameter which is not there. Plain tags that stay in the result are reported too.

## Why is this bad

With `missingkey=error` one such placeholder stops the whole set. Without it, or with plain tags, it makes Applications with
wrong names and paths.

## When to ignore it

When the parameter comes with the answer of a live service that argoflux cannot know; such sets are not judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.problems import ABSENT
from argoflux.finding import Severity
from argoflux.lint.appsets import spec_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF330",
    name="appset-undefined-parameter",
    severity=Severity.ERROR,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

_TAG = re.compile(r"\{\{\s*[A-Za-z_][\w.\[\]/-]*\s*\}\}")


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Parameters that are absent, as the expansion says."""
    expansion = ctx.expansion(resource)
    told = set()
    for problem in expansion.problems:
        if problem.what == ABSENT and problem.path not in told:
            told.add(problem.path)
            message = f"{problem.text}; no generator of the set gives it"
            yield RULE.at(resource.place(*problem.path), message, resource=resource)
    if spec_of(resource).get("goTemplate") is True:
        return
    for child in expansion.children:
        for path, tag in left_over(child.body):
            at = ("spec", "template", *path)
            if at not in told:
                told.add(at)
                message = (
                    f"`{tag}` is no parameter of the generators, and stays in the text as it is"
                )
                yield RULE.at(resource.place(*at), message, resource=resource)


def left_over(body: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Plain tags in a result, with their paths; texts for Helm and plugins are left out."""
    for path, value in leaves(body):
        if isinstance(value, str) and "{{" in value and not {"helm", "plugin"} & set(path):
            found = _TAG.search(value)
            if found is not None:
                yield path, found[0]


BAD = (
    Example(
        title="a key that no element has",
        yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR).replace(
            "{{ .name }}", "{{ .clusterName }}"
        ),
        at="spec.template.metadata.name",
    ),
    Example(
        title="a plain tag that stays",
        yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR)
        .replace("{{ .name }}", "{{name}}")
        .replace("  goTemplate: true\n  goTemplateOptions: [missingkey=error]\n", "")
        .replace("path: web", 'path: "{{cluster}}"'),
        at="spec.template.spec.source.path",
    ),
)
GOOD = (
    Example(
        title="a key of the elements", yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR)
    ),
    Example(
        title="answers of a live service",
        yaml=APPLICATION_SET.replace("<generator>", "- clusters: {}").replace(
            "{{ .name }}", "{{ .metadata.labels.env }}"
        ),
    ),
)
