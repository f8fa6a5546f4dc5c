"""A template that gives several Applications one name.

## What it does

It makes the Applications of a set as far as the generators can be answered from the files, and reports names that come up more than
once, names without any parameter for generators that give more than one set, and names in a matrix that hold parameters of one part only.

## Why is this bad

Argo CD leaves out every Application whose name comes up twice, the first one too: they are neither made nor updated.

## When to ignore it

When the generator gives one set of parameters only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.appset.problems import SAME_NAME
from argoflux.argocd.shapes import block
from argoflux.finding import Severity
from argoflux.lint.appsets import LIVE, generators, may_give, parameters, spec_of
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import APPLICATION_SET, LIST_GENERATOR
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.appsets import Generator
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF332",
    name="appset-names-not-unique",
    severity=Severity.ERROR,
    kinds=("ApplicationSet",),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/",),
)

_PAIR = 2
"""A matrix takes as many (argo-cd:applicationset/generators/matrix.go)."""

# argo-cd:applicationset/controllers/applicationset_controller.go validateGeneratedApplications


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Names that are taken twice, and names that always are."""
    place = resource.place("spec", "template", "metadata", "name")
    found = [p for p in ctx.expansion(resource).problems if p.what == SAME_NAME]
    for problem in found:
        message = f"{problem.text}, and none of them is made; add another parameter to the name"
        yield RULE.at(place, message, resource=resource)
    spec = spec_of(resource)
    name = block(block(spec, "template"), "metadata").get("name")
    fixed = isinstance(name, str) and "{{" not in name and "templatePatch" not in spec
    live = sorted({one.kind for one in generators(resource) if _may_give_several(one)})
    if fixed and live and not found:
        message = (
            f"every Application of the set is called `{name}`: as soon as `{live[0]}` answers with more than"
            " one, none of them is made; add a parameter to the name"
        )
        yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)
    elif isinstance(name, str) and not fixed and not found and ctx.expansion(resource).problems:
        for other in _not_named(resource, name):
            message = (
                f"the name holds nothing of `{other}`: as soon as that answers with more than one, Applications"
                " share a name, and none of them is made; add one of its parameters"
            )
            yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)


def _not_named(resource: Resource, name: str) -> Iterator[str]:
    """Parts of a matrix that multiply the Applications and are not told apart by the name."""
    spec = spec_of(resource)
    named = parameters(name, go=spec.get("goTemplate") is True)
    own = any("template" in one.stated for one in generators(resource))
    if not named or own or "templatePatch" in spec:
        return
    for matrix in generators(resource):
        if matrix.kind != "matrix" or matrix.nested:
            continue
        parts = [one for one in generators(resource) if one.path[:-3] == matrix.path]
        if len(parts) != _PAIR or has_placeholder(repr(parts[1].stated)):
            continue  # the second one may differ for each of the first
        for part in parts:
            several = part.kind == "git" or _may_give_several(part)
            if several and not any(may_give(part, one) for one in named):
                yield part.kind


def _may_give_several(one: Generator) -> bool:
    """Whether a generator is meant for more than one; a selector may stand for a single cluster."""
    return one.kind in LIVE and not (one.kind == "clusters" and block(one.stated, "selector"))


_MATRIX = APPLICATION_SET.replace(
    "<generator>",
    """- matrix:
        generators:
          - clusters: {}
          - git:
              repoURL: https://git.example.com/other.git
              revision: main
              directories:
                - path: apps/*""",
)

BAD = (
    Example(
        title="a name without a parameter",
        yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR).replace("{{ .name }}", "web"),
        at="spec.template.metadata.name",
    ),
    Example(
        title="one name for all clusters",
        yaml=APPLICATION_SET.replace("<generator>", "- clusters: {}").replace("{{ .name }}", "web"),
        at="spec.template.metadata.name",
    ),
    Example(
        title="the same folders for each cluster",
        yaml=_MATRIX.replace("{{ .name }}", "{{ .path.basename }}"),
        at="spec.template.metadata.name",
    ),
)
GOOD = (
    Example(
        title="a name for each element", yaml=APPLICATION_SET.replace("<generator>", LIST_GENERATOR)
    ),
    Example(
        title="the folder and the cluster",
        yaml=_MATRIX.replace("{{ .name }}", "{{ .path.basename }}-{{ .name }}"),
    ),
    Example(
        title="folders that depend on the cluster",
        yaml=_MATRIX.replace("{{ .name }}", "{{ .path.basename }}").replace(
            "apps/*", "'apps/{{ .name }}/*'"
        ),
    ),
    Example(
        title="the name of the cluster",
        yaml=APPLICATION_SET.replace("<generator>", "- clusters: {}"),
    ),
)
