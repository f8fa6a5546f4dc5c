"""The address of an OCI registry in a form that Argo CD reads otherwise than meant.

## What it does

It reports charts whose `repoURL` begins with `oci://`, OCI sources with a tag or digest in the URL, charts
from `https://` addresses of registries that have no chart index, and repository Secrets of Helm registries
whose `url` has a scheme.

## Why is this bad

There are two forms: a chart in a registry has a `repoURL` without a scheme and a `chart`; an OCI source has
`oci://`, the whole name of the artifact, and a `path`. Since 3.1 `oci://` wins and `chart` is ignored, so
another artifact is pulled; an `https://` address fails with "failed to get index".

## Fix safety

The fix removes `oci://`, so what is pulled changes from the artifact at the address to the chart below it.

## When to ignore it

For a registry behind `https://` that also serves a chart index.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.argocd.produced_secrets import stated_texts
from argoflux.argocd.shapes import block, text
from argoflux.finding import Severity
from argoflux.lint import authored
from argoflux.lint.context import known_text
from argoflux.lint.rule import Example, Rule
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF319",
    name="helm-oci-url-form",
    severity=Severity.ERROR,
    kinds=("Application", "ApplicationSet", "Secret:repository"),
    links=(
        "https://argo-cd.readthedocs.io/en/stable/user-guide/helm/",
        "https://argo-cd.readthedocs.io/en/stable/user-guide/oci/",
    ),
)

_SCHEME = "oci://"
_NATIVE = Release(3, 1)  # argo-cd:docs/user-guide/oci.md, types.go ApplicationSource.IsOCI
_TAGGED = re.compile(r"oci://[^/]+/.*(?:@sha256:[0-9a-f]+|:[\w.-]+)\Z")
_WITHOUT_INDEX = re.compile(
    r"https?://(?:registry-1\.docker\.io|docker\.io|ghcr\.io|public\.ecr\.aws|(?:[\w-]+\.)?gcr\.io|[\w.-]+\.azurecr\.io"
    r"|[\w-]+-docker\.pkg\.dev|\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com)(?:/|\Z)"
)
"""Registries that answer no request for ``index.yaml``."""


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """The sources of Applications, and the URL of a repository Secret."""
    if resource.pseudo:
        yield from _secret(resource)
        return
    for app in ctx.applications(resource):
        for path, source in app.sources():
            url = known_text(source.get("repoURL"))
            if url is not None:
                yield from _source(app, path, url, source, ctx)


def _source(
    app: ApplicationView, path: Path, url: str, source: Mapping[str, object], ctx: Context
) -> Iterator[Finding]:
    chart = text(source.get("chart"))
    at: Path = (*path, "repoURL")
    place = app.place(*at)
    plain = url.removeprefix(_SCHEME)
    if chart and url.startswith(_SCHEME):
        native = ctx.release("argocd", app.resource) >= _NATIVE
        repeats = plain.rstrip("/").rpartition("/")[2] == chart
        ignored = "Argo CD 3.1 and later pull what stands at an `oci://` address and ignore `chart`"
        advice = f"write `{plain}`"
        if repeats:
            advice += f", or keep the address, remove `chart` and state `path: .` if it is that of `{chart}` itself"
        edits = () if repeats else authored.set_value(app, at, plain)
        yield RULE.at(
            place,
            f"{ignored}; {advice}",
            resource=app.resource,
            severity=None if native else Severity.WARNING,
            fix=ctx.unsafe("remove `oci://`", edits),
        )
    elif not chart and _TAGGED.match(url):
        told = "an OCI source has no tag or digest in its address; state it as `targetRevision`"
        yield RULE.at(place, told, resource=app.resource)
    elif chart and _WITHOUT_INDEX.match(url):
        plain = url.partition("://")[2]
        told = f"this registry has no chart index at `https://`; write `{plain}`"
        yield RULE.at(place, told, resource=app.resource)


def _secret(secret: Resource) -> Iterator[Finding]:
    """argo-cd:util/helm/client.go IsHelmOciRepo: an address with a scheme is none."""
    stated = stated_texts(secret)
    url = known_text(stated.get("url", "")) or ""
    registry = stated.get("enableOCI") == "true" and stated.get("type") == "helm"
    if registry and "://" in url:
        scheme, _, plain = url.partition("://")
        told = (
            f"a Helm registry has no scheme in its address; write `{plain}` without `{scheme}://`"
        )
        yield RULE.at(_url_of(secret), told, resource=secret)


def _url_of(secret: Resource) -> Place:
    for key in ("stringData", "data"):
        if "url" in block(secret.body, key):
            return secret.place(key, "url")
    return secret.place()


_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: {url}
    {what}
    targetRevision: 1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_REGISTRY = """\
apiVersion: v1
kind: Secret
metadata:
  name: charts
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repository
stringData:
  type: helm
  name: charts
  enableOCI: "true"
  url: {url}
"""


def _example(url: str, what: str = "chart: web") -> str:
    return _APPLICATION.format(url=url, what=what)


_AT = "spec.source.repoURL"
BAD = (
    Example(
        title="a chart with a scheme",
        yaml=_example("oci://registry.example.com/charts"),
        at=_AT,
        fixed=_example("registry.example.com/charts"),
        safety="unsafe",
    ),
    Example(
        title="a chart that is named twice",
        yaml=_example("oci://registry.example.com/charts/web"),
        at=_AT,
    ),
    Example(
        title="a tag in the address",
        yaml=_example("oci://registry.example.com/web:1.2.3", "path: ."),
        at=_AT,
    ),
    Example(
        title="a registry as a web address",
        yaml=_example("https://ghcr.io/example/charts"),
        at=_AT,
    ),
    Example(
        title="a Secret with a scheme",
        yaml=_REGISTRY.format(url="oci://registry.example.com/charts"),
        at="stringData.url",
    ),
)
GOOD = (
    Example(title="a chart in a registry", yaml=_example("registry.example.com/charts")),
    Example(title="an OCI source", yaml=_example("oci://registry.example.com:5000/web", "path: .")),
    Example(title="a chart repository", yaml=_example("https://charts.example.com")),
    Example(
        title="a Secret of a registry", yaml=_REGISTRY.format(url="registry.example.com/charts")
    ),
    Example(title="an address that is filled in later", yaml=_example("oci://${REGISTRY}/charts")),
)
