"""What rules about ApplicationSets share: their generators and the placeholders of their templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import block, blocks
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.resource import Resource
    from argoflux.text import Path

COMBINING = frozenset({"matrix", "merge"})
LIVE = frozenset({"clusters", "scmProvider", "pullRequest", "plugin", "clusterDecisionResource"})
"""Generators whose answers nobody can know from files alone."""

_ACTION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


class Generator(NamedTuple):
    """One generator: its kind, its path in the ApplicationSet, and what it states."""

    kind: str
    path: Path
    stated: Mapping[str, Any]
    nested: bool


class Placeholder(NamedTuple):
    """One ``{{ … }}`` of a template: the path of its text, and what stands inside."""

    path: Path
    inside: str


def spec_of(resource: Resource) -> dict[str, Any]:
    """``spec`` of an ApplicationSet, empty where there is none."""
    return block(resource.body, "spec")


def generators(resource: Resource) -> Iterator[Generator]:
    """Every generator, those of combinations after the combination."""
    yield from _generators(spec_of(resource), ("spec",), nested=False)


def _generators(node: Mapping[str, Any], at: Path, *, nested: bool) -> Iterator[Generator]:
    for number, generator in enumerate(blocks(node, "generators")):
        for kind, stated in generator.items():
            if isinstance(stated, dict) and kind != "selector":
                path = (*at, "generators", number, kind)
                yield Generator(kind, path, stated, nested)
                if kind in COMBINING:
                    yield from _generators(stated, path, nested=True)


def kinds_of(resource: Resource) -> frozenset[str]:
    """The kinds of generators that are asked, without combinations."""
    return frozenset(one.kind for one in generators(resource)) - COMBINING


def placeholders(resource: Resource) -> Iterator[Placeholder]:
    """The placeholders of the template and of ``templatePatch``, in order.

    Texts for Helm and for plugins may hold templates of their own; they are left out.
    """
    spec = spec_of(resource)
    for path, value in leaves(block(spec, "template")):
        if isinstance(value, str) and "{{" in value and not _is_for_others(path):
            for match in _ACTION.finditer(value):
                yield Placeholder(("spec", "template", *path), match[1])
    patch = spec.get("templatePatch")
    if isinstance(patch, str):
        for match in _ACTION.finditer(patch):
            yield Placeholder(("spec", "templatePatch"), match[1])


def _is_for_others(path: Path) -> bool:
    return any(
        path[n : n + 2] in {("helm", "values"), ("helm", "valuesObject"), ("plugin", "env")}
        for n in range(len(path))
    )
