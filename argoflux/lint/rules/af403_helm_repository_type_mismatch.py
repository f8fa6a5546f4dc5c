"""A HelmRepository whose type does not fit its address.

## What it does

It compares `spec.type` with the address, and reports fields that the type does not read.

## Why is this bad

A HelmRepository with an `oci://` address and the default type is stalled: Flux does not try again until it is changed. With `type: oci`
there is no index to download, so interval and timeout have no effect.

## Fix safety

The fix states the type that the address asks for.

## When to ignore it

Never for the type; the fields without effect do no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import flag, table, text
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.yamlio.edit import insert, set_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF403",
    name="helm-repository-type-mismatch",
    severity=Severity.ERROR,
    kinds=("HelmRepository",),
    links=("https://fluxcd.io/flux/components/source/helmrepositories/#type",),
)

# source-controller:internal/controller/helmrepository_controller.go, docs/spec/v1/helmrepositories.md
_OCI = "oci"
_ONLY_DEFAULT = ("interval", "timeout", "passCredentials")


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """Type and address, then fields that are not read."""
    url = known_text(text(resource.body, "spec", "url"))
    kind = known_text(text(resource.body, "spec", "type") or "default")
    if not url or kind is None:
        return
    if url.startswith("oci://") and kind != _OCI:
        at = (*resource.place("spec").path, "type")
        edits = (
            set_value(resource.document, at, _OCI)
            if "type" in table(resource.body, "spec")
            else insert(resource.document, at, _OCI, after="url")
        )
        message = "a registry needs `type: oci`; without it the source is stalled"
        fix = ctx.safe("state `type: oci`", edits)
        yield RULE.at(resource.place("spec", "url"), message, resource=resource, fix=fix)
    elif kind == _OCI and not url.startswith("oci://"):
        message = "`type: oci` needs an address that begins with `oci://`"
        yield RULE.at(resource.place("spec", "url"), message, resource=resource)
    elif kind == _OCI:
        for key in _ONLY_DEFAULT:
            if key in table(resource.body, "spec"):
                message = f"`{key}` has no effect with `type: oci`: there is no index to download"
                place = resource.place("spec", key, on="key")
                yield RULE.at(place, message, resource=resource, severity=Severity.INFO)
    else:
        provider = text(resource.body, "spec", "provider") or "generic"
        if provider != "generic" or flag(resource.body, "spec", "insecure"):
            key = "provider" if provider != "generic" else "insecure"
            message = f"`{key}` has an effect with `type: oci` only"
            place = resource.place("spec", key)
            yield RULE.at(place, message, resource=resource, severity=Severity.WARNING)


_REPOSITORY = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  url: {url}
"""

BAD = (
    Example(
        title="a registry without its type",
        yaml=_REPOSITORY.format(url="oci://registry.example.com/charts"),
        at="spec.url",
        fixed=_REPOSITORY.format(url="oci://registry.example.com/charts") + "  type: oci\n",
    ),
    Example(
        title="an index with the type of registries",
        yaml=_REPOSITORY.format(url="https://charts.example.com") + "  type: oci\n",
        at="spec.url",
    ),
)
GOOD = (
    Example(
        title="a registry",
        yaml=_REPOSITORY.format(url="oci://registry.example.com/charts") + "  type: oci\n",
    ),
    Example(title="an index", yaml=_REPOSITORY.format(url="https://charts.example.com")),
)
