"""An annotation or label for Flux with a value that Flux does not know.

## What it does

It looks at the switches that single objects carry for Flux (`kustomize.toolkit.fluxcd.io/prune`, `ssa`,
`force`, `reconcile`, `decrypt` and `substitute`, `helm.toolkit.fluxcd.io/driftDetection`, and those of
flux-operator), in all objects, patches and `commonMetadata`.

## Why is this bad

Flux compares with exact words and ignores everything else in silence. `prune: "false"` on a volume claim
looks like protection, and the claim is deleted all the same.

## Fix safety

The fix writes the word that is meant: `disabled` for `false`, `enabled` for `true`.

## When to ignore it

When another tool reads the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.finding import Severity
from argoflux.flux.fields import table
from argoflux.lint.flux_switches import KUSTOMIZE, SWITCHES, Remark, judge
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import KUSTOMIZATION
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.edit import set_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF418",
    name="flux-annotation-value",
    severity=Severity.WARNING,
    scope="estate",
    yields_to=("AF003",),
    links=(
        "https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources",
    ),
)

_DECRYPT = f"{KUSTOMIZE}/decrypt"


def check(ctx: Context) -> Iterator[Finding]:
    """The annotations and labels of everything at hand."""
    workspace = ctx.workspace
    for resource in (
        *workspace.resources,
        *workspace.patches,
        *workspace.templated,
        *workspace.marked,
    ):
        yield from _of(resource, ctx, ("metadata",))
        if resource.ref.kind == "Kustomization":
            yield from _of(resource, ctx, ("spec", "commonMetadata"))


def _of(resource: Resource, ctx: Context, at: Path) -> Iterator[Finding]:
    for part in ("annotations", "labels"):
        for key, value in table(resource.body, *at, part).items():
            if "fluxcd" in str(key):
                yield from _entry(resource, ctx, (*at, part, key), value)


def _entry(resource: Resource, ctx: Context, path: Path, value: Any) -> Iterator[Finding]:
    key = str(path[-1])
    written = _text(value)
    if not written or has_placeholder(written):
        return
    if key == _DECRYPT and path[-2] == "labels":
        message = f"`{key}` counts as an annotation only; move it there"
        yield RULE.at(resource.place(*path, on="key"), message, resource=resource)
        return
    remark = judge(key, written)
    if remark is None:
        return
    if remark.on_key:
        hint = f"; did you mean `{remark.meant}`?" if remark.meant else "; remove it"
        message = f"Flux does not read `{key}`, so it has no effect{hint}"
        yield RULE.at(resource.place(*path, on="key"), message, resource=resource)
        return
    yield from _value(resource, ctx, path, written, remark)


def _value(
    resource: Resource, ctx: Context, path: Path, written: str, remark: Remark
) -> Iterator[Finding]:
    key, place = str(path[-1]), resource.place(*path)
    known = " or ".join(f"`{each}`" for each in SWITCHES[key])
    advice = f"write `{remark.meant}`" if remark.meant else f"write {known}"
    edits = set_value(resource.document, place.path, remark.meant) if remark.meant else ()
    yield RULE.at(
        place,
        f"`{key}: {written}` is not recognised, so it has no effect; {advice}",
        resource=resource,
        fix=ctx.safe(f"write `{remark.meant}`", edits),
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""


_CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  annotations:
    {}
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
"""

BAD = (
    Example(
        title="a claim that is pruned all the same",
        yaml=_CLAIM.format('kustomize.toolkit.fluxcd.io/prune: "false"'),
        at='metadata.annotations["kustomize.toolkit.fluxcd.io/prune"]',
        fixed=_CLAIM.format('kustomize.toolkit.fluxcd.io/prune: "disabled"'),
    ),
    Example(
        title="another prefix",
        yaml=_CLAIM.format("kustomization.toolkit.fluxcd.io/prune: disabled"),
        at='metadata.annotations["kustomization.toolkit.fluxcd.io/prune"]',
    ),
    Example(
        title="a name of Argo CD's under the prefix of Flux",
        yaml=_CLAIM.format('kustomize.toolkit.fluxcd.io/sync-wave: "1"'),
        at='metadata.annotations["kustomize.toolkit.fluxcd.io/sync-wave"]',
    ),
    Example(
        title="a word that there is not",
        yaml=_CLAIM.format("kustomize.toolkit.fluxcd.io/ssa: Never"),
        at='metadata.annotations["kustomize.toolkit.fluxcd.io/ssa"]',
    ),
)
GOOD = (
    Example(
        title="a claim that is kept",
        yaml=_CLAIM.format("kustomize.toolkit.fluxcd.io/prune: disabled"),
    ),
    Example(
        title="upper and lower case do not matter",
        yaml=_CLAIM.format("kustomize.toolkit.fluxcd.io/ssa: merge"),
    ),
    Example(
        title="a value that is filled in later",
        yaml=_CLAIM.format("kustomize.toolkit.fluxcd.io/prune: ${prune}"),
    ),
    Example(title="no switch", yaml=KUSTOMIZATION),
)
