"""A field that its kind does not have.

## What it does

It reports keys that the schema of the version of an object, or of a patch for one, does not know, and names the field that was
probably meant: one with a similar name beside it, or one of that name elsewhere in the kind. Keys
that begin with `x-`, and fields that an older version had (AF106), are left alone. In Secrets and
ConfigMaps of Argo CD only near misses of known keys are reported.

## Why is this bad

With client-side apply the API server drops the field without a word, and what it was to set stays as
it is; with server-side apply, as Flux does it, the object is refused: `field not declared in schema`.
Seen in argo-cd#11583 (`recuse`) and helm-controller#404 (`reconcileStrategy` one level too high).

## Fix safety

The fix renames the key, or moves it, where exactly one field can be meant and is not set. It is
unsafe: the field then does what it did not do before.

## When to ignore it

When the CRDs of the cluster are newer than those that argoflux knows.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from argoflux import kinds
from argoflux.finding import Severity
from argoflux.lint.gone_fields import gone_fields, moved_text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.steps import in_steps
from argoflux.schema import check as schema_check
from argoflux.schema_accept import is_placeholder
from argoflux.text import parse_path
from argoflux.versions import since
from argoflux.yamlio.edit import rename_key
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.schema_words import SchemaError
    from argoflux.text import Path

RULE = Rule(code="AF102", name="unknown-field", severity=Severity.ERROR, scope="estate")

_SAME = 0.92


def check(ctx: Context) -> Iterator[Finding]:
    """Keys of objects, and of patches for them, that the schema does not know."""
    for resource in ctx.resources:
        errors = ctx.schema_errors(resource)
        yield from _unknown(ctx.as_written(resource), errors, ctx)
    for patch in ctx.workspace.patches:
        if not patch.placeholder:
            kind = patch.pseudo or patch.ref.kind
            errors = schema_check(kind, patch.version, patch.body, partial=True)
            yield from _unknown(patch, errors, ctx)


def _unknown(resource: Resource, errors: list[SchemaError], ctx: Context) -> Iterator[Finding]:
    unknown = [error for error in errors if error.rule == "unknown-field"]
    moved = {gone.path for gone in gone_fields(resource)} if unknown else set()
    for error in unknown:
        key = str(error.path[-1])
        if error.path in moved or key.startswith(("x-", "$")) or is_placeholder(key):
            continue
        if resource.pseudo and not _slip(key, error.suggestion):
            continue
        yield RULE.at(
            resource.place(*error.path, on="key"),
            error.message + _newer(resource, error),
            resource=resource,
            fix=_fix(resource, error, ctx),
        )


def _slip(key: str, meant: str) -> bool:
    """Whether two keys of settings, which have long parts in common, differ by a slip alone."""
    return SequenceMatcher(None, key, meant).ratio() >= _SAME


def _newer(resource: Resource, error: SchemaError) -> str:
    """Whether the newest version of the kind has the field."""
    kind = kinds.find(resource.ref.group, resource.ref.kind)
    if error.suggestion or kind is None or kind.newest.version == resource.version:
        return ""
    if since(kind.kind, kind.newest.version, error.path) is None:
        return ""
    return f"; it came with {kind.group}/{kind.newest.version}"


def _fix(resource: Resource, error: SchemaError, ctx: Context) -> Fix | None:
    """Rename or move the key where that leaves an object without a new error."""
    new = _target(error)
    if new is None or dig(resource.body, *new) is not MISSING:
        return None
    value = dig(resource.body, *error.path)
    if not _fits(resource, new, value):
        return None
    path = resource.place(*error.path).path
    if new[:-1] == error.path[:-1]:
        title = f"rename it to `{new[-1]}`"
        return ctx.unsafe(title, rename_key(resource.document, path, str(new[-1])))
    steps = moved_text(resource, error.path, new, value)
    return ctx.unsafe(f"move it to `{error.suggestion}`", in_steps(resource.document, steps))


def _target(error: SchemaError) -> Path | None:
    """The path that was meant; None where it leads through a list."""
    if not error.suggestion or error.suggestion.endswith("*"):
        return None
    if error.suggestion.startswith("spec."):
        return None if "[]" in error.suggestion else parse_path(error.suggestion)
    return (*error.path[:-1], error.suggestion)


def _fits(resource: Resource, new: Path, value: object) -> bool:
    """Whether the value is one that the other field takes."""
    if resource.pseudo:
        return True
    body: object = value
    for key in reversed(new):
        body = {key: body}
    assert isinstance(body, dict)  # noqa: S101 - a path has a first step
    errors = schema_check(resource.ref.kind, resource.version, body, partial=True)
    return not errors


_RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      version: 1.2.3
      sourceRef:
        kind: HelmRepository
        name: charts
"""
_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
    targetRevision: v1.2.3
    directory:
      recuse: true  # all folders
  destination:
    name: in-cluster
    namespace: web
"""

BAD = (
    Example(
        title="a slip of the pen",
        yaml=_APPLICATION,
        at="spec.source.directory.recuse",
        fixed=_APPLICATION.replace("recuse", "recurse"),
        safety="unsafe",
    ),
    Example(
        title="the right key in the wrong place",
        yaml=_RELEASE + "  reconcileStrategy: Revision\n",
        at="spec.reconcileStrategy",
        fixed=_RELEASE + "      reconcileStrategy: Revision\n",
        safety="unsafe",
    ),
    Example(
        title="a slip in a patch",
        files={
            "release.yaml": _RELEASE,
            "kustomization.yaml": "resources: [release.yaml]\npatches: [path: patch.yaml]\n",
            "patch.yaml": """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  upgrade:
    remedation:
      retries: 3
""",
        },
        file="patch.yaml",
        at="spec.upgrade.remedation",
        fixed="""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  upgrade:
    remediation:
      retries: 3
""",
        safety="unsafe",
    ),
    Example(
        title="a key that belongs nowhere",
        yaml=_RELEASE + "  blueGreen: true\n",
        at="spec.blueGreen",
    ),
)
GOOD = (
    Example(title="fields that exist", yaml=_RELEASE),
    Example(title="an extension key", yaml=_RELEASE + "  x-owner: team-shop\n"),
    Example(title="a key that is filled in later", yaml=_RELEASE + '  "${EXTRA}": 1\n'),
)
