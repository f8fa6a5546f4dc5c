"""An OCIRepository whose reference is refused, or read otherwise than it seems.

## What it does

It reports a tag or digest inside of the address, several fields in `ref`, of which Flux reads one, a filter without a range, and
charts (what `chartRef` of a HelmRelease refers to) without a `layerSelector`.

## Why is this bad

With a tag in the address the source is stalled. Where two fields are set, Flux takes digest before semver before tag. Without a selector it takes the
first layer, which for some signed charts is the signature: the source fails, sometimes from one version to the next.

## Fix safety

One fix moves a tag of the address to `ref.tag`; the source, which is stalled until then, starts to pull it. The other one adds the selector, with which
the chart is stored as it was pushed: its digest changes, so the release is upgraded once.

## When to ignore it

For charts without a signature the first layer is the chart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from argoflux.finding import Severity
from argoflux.flux.fields import table, text
from argoflux.lint.arrivals import arrivals
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.lint.samples import ARTIFACT_RELEASE
from argoflux.yamlio.edit import insert, set_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Finding, Fix
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

RULE = Rule(
    code="AF404",
    name="oci-reference-problem",
    severity=Severity.ERROR,
    kinds=("OCIRepository",),
    links=("https://fluxcd.io/flux/components/source/ocirepositories/#reference",),
)

# source-controller:internal/controller/ocirepository_controller.go
_ORDER = ("digest", "semver", "tag")
_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_TAGGED = re.compile(r"oci://[^\s/]+/\S*?(?:@sha\d+:[0-9a-f]+|:[\w][\w.-]*)")
_WHOLE = re.compile(r"oci://[^/\s]+/\S+")


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The address and the reference."""
    url = known_text(text(resource.body, "spec", "url"))
    place = resource.place("spec", "url")
    if url and _TAGGED.fullmatch(url):
        message = (
            "the address holds a tag or digest, with which the source is stalled; move it to `ref`"
        )
        yield RULE.at(place, message, resource=resource, fix=_fix(resource, url, ctx))
    elif url and not _WHOLE.fullmatch(url):
        yield RULE.at(place, "an artifact is addressed as `oci://HOST/PATH`", resource=resource)
    yield from _of_chart(resource, ctx)
    ref = table(resource.body, "spec", "ref")
    stated = [key for key in _ORDER if ref.get(key)]
    for key in stated[1:]:
        if (stated[0], key) == ("digest", "tag"):
            continue  # the tag tells people and update tools what the digest is
        message = f"`{key}` is not read beside `{stated[0]}`; remove it"
        where = resource.place("spec", "ref", key)
        yield RULE.at(where, message, resource=resource, severity=Severity.WARNING)
    if ref.get("semverFilter") and not ref.get("semver"):
        message = "`semverFilter` filters the tags of a range; without `semver` it has no effect"
        where = resource.place("spec", "ref", "semverFilter")
        yield RULE.at(where, message, resource=resource, severity=Severity.WARNING)


def _of_chart(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """A chart without a selector; fluxcd/source-controller#1932, #1847, fluxcd/flux2#5788."""
    spaces = _charts(ctx).get((resource.root, resource.ref.name), set())
    if not spaces & {resource.ref.namespace, ""} and (resource.ref.namespace or not spaces):
        return
    if all(_selects(one) for one in arrivals(ctx).of(resource)) or _selects(resource):
        return
    at, document = (*resource.place("spec").path, "layerSelector"), resource.document
    selector = {"mediaType": _CHART, "operation": "copy"}
    yield RULE.at(
        resource.place("spec", "url"),
        "without `layerSelector` the first layer is taken, which of signed charts may be the signature;"
        f" select `{_CHART}` with `operation: copy`",
        resource=resource,
        severity=Severity.WARNING,
        fix=ctx.unsafe("select the layer of the chart", insert(document, at, selector)),
    )


def _selects(resource: Resource) -> bool:
    return bool(table(resource.body, "spec", "layerSelector"))


def _charts(ctx: Context) -> dict[tuple[str, str], set[str]]:
    """The namespaces of OCIRepositories that releases take their charts from, by root and name."""
    known: dict[tuple[str, str], set[str]] | None = ctx.memory.get(RULE.code)
    if known is None:
        known = ctx.memory[RULE.code] = defaultdict(set)
        for release in ctx.inventory.of_kind("helm.toolkit.fluxcd.io", "HelmRelease"):
            reference = table(release.body, "spec", "chartRef")
            if text(reference, "kind") == "OCIRepository":
                space = text(reference, "namespace") or release.ref.namespace
                known[release.root, text(reference, "name") or ""].add(space)
    return known


def _fix(resource: Resource, url: str, ctx: Context) -> Fix | None:
    """Move a tag of the address to a reference that is not there yet."""
    address, colon, tag = url.rpartition(":")
    if "@" in url or not colon or "ref" in table(resource.body, "spec"):
        return None
    at, document = resource.place("spec", "url").path, resource.document
    reference = insert(document, (*at[:-1], "ref"), {"tag": tag}, after="url")
    edits = (*set_value(document, at, address), *reference)
    return ctx.unsafe("move the tag to `ref`", edits)


_ARTIFACT = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  url: {url}
  ref:
    tag: 1.2.3
"""

_BARE = _ARTIFACT.partition("  ref:")[0]

_OF_RELEASE = _ARTIFACT.format(url="oci://registry.example.com/web").replace("flux-system", "shop")
_SELECTOR = f"  layerSelector:\n    mediaType: {_CHART}\n    operation: copy\n"

BAD = (
    Example(
        title="a chart without a selector",
        yaml=f"{_OF_RELEASE}---\n{ARTIFACT_RELEASE}",
        at="spec.url",
        fixed=f"{_OF_RELEASE}{_SELECTOR}---\n{ARTIFACT_RELEASE}",
        safety="unsafe",
    ),
    Example(
        title="a tag without a reference",
        yaml=_BARE.format(url="oci://registry.example.com:5000/web:1.2.3"),
        at="spec.url",
        fixed=_BARE.format(url="oci://registry.example.com:5000/web") + "  ref:\n    tag: 1.2.3\n",
        safety="unsafe",
    ),
    Example(
        title="a tag in the address",
        yaml=_ARTIFACT.format(url="oci://registry.example.com:5000/web:1.2.3"),
        at="spec.url",
    ),
    Example(
        title="a tag and a range",
        yaml=_ARTIFACT.format(url="oci://registry.example.com/web") + "    semver: 1.x\n",
        at="spec.ref.tag",
    ),
)
GOOD = (
    Example(
        title="a chart with a selector", yaml=f"{_OF_RELEASE}{_SELECTOR}---\n{ARTIFACT_RELEASE}"
    ),
    Example(
        title="a chart of the same name in another namespace",
        yaml=f"{_OF_RELEASE.replace('namespace: shop', 'namespace: other')}---\n{ARTIFACT_RELEASE}",
    ),
    Example(
        title="a tag in its field", yaml=_ARTIFACT.format(url="oci://registry.example.com:5000/web")
    ),
    Example(
        title="an address that is filled in later",
        yaml=_ARTIFACT.format(url="oci://${REGISTRY}/web"),
    ),
)
