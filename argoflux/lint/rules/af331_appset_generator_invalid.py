"""A generator that Argo CD refuses, or a part of one that it leaves out.

## What it does

It reads the generators as the controller does: combinations with too few or too many parts, merges without keys, nesting that is too
deep, lists whose elements are no maps, Git generators without folders and files or with both, templates inside of combinations.

## Why is this bad

One refused generator stops the whole set. What is left out silently (files beside folders, a template inside of a matrix) makes other
Applications than it says.

## When to ignore it

Never; such a set does not do what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.problems import SAME_NAME
from argoflux.argocd.shapes import blocks, items
from argoflux.finding import Severity
from argoflux.lint.appsets import generators
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF331",
    name="appset-generator-invalid",
    severity=Severity.ERROR,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

# argo-cd:applicationset/generators/{matrix,merge,git,list}.go


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """What the controller refuses, then what it leaves out."""
    for problem in ctx.expansion(resource).problems:
        wrong = problem.reason == "invalid" and problem.what != SAME_NAME
        if wrong and problem.path[:2] != ("spec", "template"):
            yield RULE.at(resource.place(*problem.path), problem.text, resource=resource)
    for one in generators(resource):
        message, key = "", ""
        if one.kind == "git" and items(one.stated, "directories") and items(one.stated, "files"):
            message, key = "`files` is not read beside `directories`; make two generators", "files"
        elif one.kind == "git" and _excludes_all(blocks(one.stated, "directories")):
            message, key = "every entry excludes: no folder is left", "directories"
        elif one.nested and "template" in one.stated:
            message = "a template inside of a combination is not read; put it at the combination"
            key = "template"
        if message:
            place = resource.place(*one.path, key, on="key")
            yield RULE.at(place, message, resource=resource)


def _excludes_all(entries: list[dict[str, Any]]) -> bool:
    return bool(entries) and all(entry.get("exclude") is True for entry in entries)


BAD = (
    Example(
        title="a matrix of one generator",
        yaml=APPLICATION_SET.replace(
            "<generator>",
            """- matrix:
        generators:
          - list:
              elements:
                - name: web""",
        ),
        at="spec.generators[0].matrix",
    ),
    Example(
        title="folders and files",
        yaml=APPLICATION_SET.replace(
            "<generator>",
            """- git:
        repoURL: https://git.example.com/apps.git
        revision: main
        directories:
          - path: apps/*
        files:
          - path: apps/*/config.json""",
        ),
        at="spec.generators[0].git.files",
    ),
)
GOOD = (
    Example(title="a list", yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR)),
    Example(
        title="folders of a repository that is not at hand",
        yaml=APPLICATION_SET.replace(
            "<generator>",
            """- git:
        repoURL: https://git.example.com/apps.git
        revision: main
        directories:
          - path: apps/*""",
        ),
    ),
)
