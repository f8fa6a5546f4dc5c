"""A value or key that kustomize reads differently than kubectl and Argo CD do.

## What it does

It looks at files that kustomize reads, because a kustomization file lists them or because Flux applies
their folder, and reports unquoted `yes`, `no`, `on`, `off`, `y` and `n`, dates, keys that are no text,
keys without a value in `{…}`, and merges (`<<`) below a key that they bring as well.

## Why is this bad

kustomize follows YAML 1.2 where the YAML reader of kubectl, of Helm and of Argo CD's directory sources
follows 1.1 (go-yaml/yaml:resolve.go, kubernetes-sigs/yaml:yaml.go). A field that takes true or false
gets text and the API server refuses it; elsewhere the same manifest means another thing as soon as it
is applied another way. A key such as `1.0` is an error.

## Fix safety

The fix writes what kustomize reads, or the boolean that the field takes. It is safe: what is applied
today stays the same, or is applied for the first time.

## When to ignore it

When nothing but kustomize will ever read the file, and what it reads is what is meant.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from argoflux.finding import Place, Severity
from argoflux.lint.deliveries import flux_deliveries, resource_key
from argoflux.lint.rule import Example, Rule
from argoflux.model.content import Gap
from argoflux.schema import field_facts
from argoflux.workspace.kustomization import read_kustomization, resource_paths
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.scalars import key_text, resolve
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF005",
    name="read-differently-by-kustomize",
    severity=Severity.WARNING,
    scope="estate",
    evidence=("document", "files"),
)


def check(ctx: Context) -> Iterator[Finding]:
    """The disputed values of objects that kustomize reads."""
    for resource in (*ctx.resources, *ctx.workspace.marked):
        written = ctx.as_written(resource)
        prefix = written.document.prefix
        disputes = [
            (path[len(prefix) :], text)
            for path, text in written.document.two_readings
            if path[: len(prefix)] == prefix
        ]
        if disputes and _by_kustomize(written, ctx):
            for path, text in disputes:
                yield _dispute(written, path, text, ctx)


def _by_kustomize(resource: Resource, ctx: Context) -> bool:
    """Whether a kustomization file lists the file of an object, or Flux applies its folder."""
    file, tree = ctx.workspace.path_of(resource), ctx.workspace.tree
    for folder in PurePath(file).parents if file else ():
        if tree.base_of(str(folder)) is None:
            break
        listing = read_kustomization(tree, str(folder))
        if not isinstance(listing, Gap) and file in set(resource_paths(listing)):
            return True
    key = resource_key(resource)
    return any(key in delivery.objects for delivery in flux_deliveries(ctx))


def _dispute(resource: Resource, path: Path, text: str, ctx: Context) -> Finding:
    if text == "<<":
        return _told(
            resource,
            path,
            f"kustomize keeps `{path[-1]}` as it is written here, kubectl and Argo CD take it from the"
            " merge below; write `<<` first",
        )
    place = resource.place(*path)
    if resource.document.text_at(place.path) != text:
        return _key(resource, path, text)
    if not text:
        return _told(
            resource,
            path,
            f"`{path[-1]}` has no value: kustomize reads empty text, kubectl and Argo CD null;"
            ' write `""` or `null`',
        )
    value = dig(resource.body, *path)
    if not isinstance(value, bool):
        return _told(
            resource,
            path,
            f"kustomize reads the date `{text}` as `{resolve(text, 'kustomize')}`, kubectl and Argo CD"
            " as it is written; put it in quotes",
            on_value=True,
        )
    return _boolean(resource, path, text, ctx, value=value)


def _boolean(resource: Resource, path: Path, text: str, ctx: Context, *, value: bool) -> Finding:
    document, place = resource.document, resource.place(*path)
    word = "true" if value else "false"
    facts = field_facts(resource.pseudo or resource.ref.kind, path, resource.version)
    if facts is not None and facts.type == "boolean":
        return _told(
            resource,
            path,
            f"kustomize reads `{text}` as text, and the field takes true or false; write `{word}`",
            severity=Severity.ERROR,
            fix=ctx.safe(f"write `{word}`", set_value(document, place.path, value)),
            on_value=True,
        )
    return _told(
        resource,
        path,
        f"kustomize reads `{text}` as text, kubectl and Argo CD as {word}; put it in quotes, or write"
        f" `{word}`",
        fix=ctx.safe("put it in quotes", set_value(document, place.path, text)),
        on_value=True,
    )


def _key(resource: Resource, path: Path, text: str) -> Finding:
    if key_text(text, "kustomize") is None:
        return _told(
            resource,
            path,
            f"kustomize refuses the file: the key `{text}` is no text; put it in quotes",
            severity=Severity.ERROR,
        )
    return _told(
        resource,
        path,
        f"kustomize reads the key `{text}` as it is written, kubectl and Argo CD read `{path[-1]}`;"
        " put it in quotes",
    )


def _told(
    resource: Resource,
    path: Path,
    message: str,
    *,
    severity: Severity | None = None,
    fix: Fix | None = None,
    on_value: bool = False,
) -> Finding:
    place: Place = resource.place(*path, on="value" if on_value else "key")
    return RULE.at(place, message, resource=resource, severity=severity, fix=fix)


_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: yes
  sourceRef:
    kind: GitRepository
    name: fleet
"""
_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef: {kind: OCIRepository, name: web}
  values:
    debug: off  # for now
"""
_LIST = "resources:\n  - object.yaml\n"

BAD = (
    Example(
        title="a boolean of YAML 1.1",
        files={"object.yaml": _KUSTOMIZATION, "kustomization.yaml": _LIST},
        file="object.yaml",
        at="spec.prune",
        fixed=_KUSTOMIZATION.replace("yes", "true"),
    ),
    Example(
        title="values of a chart",
        files={"object.yaml": _RELEASE, "kustomization.yaml": _LIST},
        file="object.yaml",
        at="spec.values.debug",
        fixed=_RELEASE.replace("off", '"off"'),
    ),
    Example(
        title="a key that is a number",
        files={
            "object.yaml": _RELEASE.replace("debug: off  # for now", "1.5: new"),
            "kustomization.yaml": _LIST,
        },
        file="object.yaml",
        at='spec.values["1.5"]',
    ),
    Example(
        title="a date",
        files={
            "object.yaml": _RELEASE.replace("debug: off  # for now", "since: 2026-01-31"),
            "kustomization.yaml": _LIST,
        },
        file="object.yaml",
        at="spec.values.since",
    ),
)
GOOD = (
    Example(
        title="booleans and text that both read alike",
        files={
            "object.yaml": _KUSTOMIZATION.replace("yes", "true"),
            "kustomization.yaml": _LIST,
        },
    ),
    Example(title="nobody knows what reads the file", files={"object.yaml": _RELEASE}),
)
