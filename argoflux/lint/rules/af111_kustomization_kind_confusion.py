"""A Kustomization of Flux where kustomize reads its own file, or the other way round.

## What it does

It reports Kustomizations of Flux in a file that is called `kustomization.yaml`, and such files of
kustomize with the fields of Flux's kind (`sourceRef`, `interval`, `prune`).

## Why is this bad

kustomize, and so Flux, takes a file of that name for the list of what a folder holds. One with another
kind is an error of the whole build (kubernetes-sigs/kustomize:api/types/kustomization.go); one with
fields of Flux applies nothing of what they say. Both kinds are called Kustomization, so often that the
mix-up has an entry of its own in Flux's FAQ (fluxcd/website:content/en/flux/faq.md).

## When to ignore it

When the file is applied by its name alone and nothing ever builds its folder.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from argoflux.finding import Finding, Place, Severity
from argoflux.lint.rule import Example, Rule
from argoflux.workspace.kustomization import GROUP
from argoflux.workspace.tree import KUSTOMIZATION_NAMES
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.lint.context import Context
    from argoflux.text import Path

RULE = Rule(
    code="AF111",
    name="kustomization-kind-confusion",
    severity=Severity.ERROR,
    scope="estate",
    evidence=("document", "files"),
)

_FLUX_FIELDS = ("sourceRef", "interval", "prune")


def check(ctx: Context) -> Iterator[Finding]:
    """Objects of Flux by the name of their file, and kustomization files by their fields."""
    for resource in ctx.inventory.of_kind("kustomize.toolkit.fluxcd.io", "Kustomization"):
        name = PurePath(resource.file).name
        if name in KUSTOMIZATION_NAMES:
            meant = (resource.ref.name or "apps").removesuffix("-ks")
            yield RULE.at(
                resource.place("apiVersion"),
                f"a file called {name} is kustomize's own list, and this is a Kustomization of Flux;"
                f" rename it, for example to {meant}-ks.yaml",
                resource=resource,
            )
    for path in ctx.workspace.manifests:
        if PurePath(path).name in KUSTOMIZATION_NAMES:
            yield from _own_file(path, ctx)


def _own_file(path: str, ctx: Context) -> Iterator[Finding]:
    """A file of kustomize that says what only Flux reads."""
    tree = ctx.workspace.tree
    source = tree.read(path)
    if isinstance(source, Finding) or not any(f"{key}:" in source.text for key in _FLUX_FIELDS):
        return
    loaded = tree.load(path, "sigs")
    for document in () if isinstance(loaded, Finding) else loaded.documents:
        if not str(dig(document.body, "apiVersion")).startswith(f"{GROUP}/"):
            continue
        found = _flux_field(document.body)
        if found is not None:
            place = Place(source=document.source, document=document, path=found, on="key")
            yield RULE.at(
                place,
                f"`{found[-1]}` is a field of Flux's Kustomization, and this is a list of kustomize; write"
                " the object with kustomize.toolkit.fluxcd.io/v1 in a file of another name",
            )


def _flux_field(body: Any) -> Path | None:
    paths: list[Path] = [("spec", key) for key in _FLUX_FIELDS]
    paths += [(key,) for key in _FLUX_FIELDS]
    return next((path for path in paths if dig(body, *path) is not MISSING), None)


_FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
"""
_OWN = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - apps-ks.yaml
"""

BAD = (
    Example(
        title="an object of Flux under kustomize's name",
        files={"apps/kustomization.yaml": _FLUX},
        at="apiVersion",
    ),
    Example(
        title="the API version of the other kind",
        files={
            "apps/kustomization.yaml": _FLUX.replace("toolkit.fluxcd.io/v1", "config.k8s.io/v1")
        },
        at="spec.sourceRef",
    ),
)
GOOD = (
    Example(
        title="each in its file",
        files={"apps/kustomization.yaml": _OWN, "apps/apps-ks.yaml": _FLUX},
    ),
)
