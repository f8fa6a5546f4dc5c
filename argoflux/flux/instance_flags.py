"""Flags that a FluxInstance gives its controllers by patches of their Deployments.

flux-operator builds them into the kustomization of the controllers, so a patch is one of kustomize
(flux-operator:api/v1/fluxinstance_types.go Kustomize, internal/builder/build.go).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.fields import items, table, tables, text
from argoflux.flux.load_flags import Stated, flags_in
from argoflux.text import SourceFile
from argoflux.workspace.selectors import SelectorError, pattern_of
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.resource import Resource
    from argoflux.text import Path

# flux-operator:internal/builder/profiles.go and fluxinstance_types.go: the components by default
_DEFAULT = (
    "source-controller",
    "kustomize-controller",
    "helm-controller",
    "notification-controller",
)
_ARGS = re.compile(r"/spec/template/spec/containers/\d+/args(?:/(?:-|\d+))?")
_ADDING = frozenset({"add", "replace"})


class PatchedFlags(NamedTuple):
    """The flags of one patch: the controllers it is for, and where it stands below ``spec``."""

    controllers: tuple[str, ...]
    flags: tuple[tuple[str, str], ...]
    path: Path


def patched_flags(spec: Mapping[str, Any]) -> Iterator[PatchedFlags]:
    """What the patches of a FluxInstance's ``spec`` add to the arguments of its controllers."""
    names = [one for one in items(spec, "components") if isinstance(one, str)] or list(_DEFAULT)
    for number, patch in enumerate(tables(spec, "kustomize", "patches")):
        arguments = list(_arguments(text(patch, "patch") or ""))
        if arguments:
            controllers = tuple(_targets(table(patch, "target"), names))
            path: Path = ("kustomize", "patches", number, "patch")
            yield PatchedFlags(controllers, tuple(flags_in(arguments)), path)


def stated_flags(instance: Resource) -> Iterator[Stated]:
    """The same flags with their places, for messages."""
    for patch in patched_flags(table(instance.body, "spec")):
        for key, value in patch.flags if patch.controllers else ():
            yield Stated(key, value, instance.body, instance.place("spec", *patch.path))


def _targets(target: dict[str, Any], names: list[str]) -> Iterator[str]:
    """The controllers whose Deployments a target selects; by name alone, as the rest is the same."""
    if (text(target, "kind") or "Deployment") != "Deployment":
        return
    try:
        pattern = pattern_of(text(target, "name") or ".*")
    except SelectorError:
        return
    yield from (name for name in names if pattern.fullmatch(name))


def _arguments(patch: str) -> Iterator[Any]:
    """The arguments that a patch adds, of either form."""
    for document in load_text(SourceFile("patch", patch), flavour="kustomize").documents:
        body = document.body
        for operation in body if isinstance(body, list) else ():
            if not isinstance(operation, dict) or operation.get("op") not in _ADDING:
                continue
            if _ARGS.fullmatch(str(operation.get("path"))):
                value = operation.get("value")
                yield from value if isinstance(value, list) else [value]
        if isinstance(body, dict):
            for container in tables(body, "spec", "template", "spec", "containers"):
                yield from items(container, "args")
