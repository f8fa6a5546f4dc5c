"""A connection without encryption, or without a check of who answers.

## What it does

It reports `http://` addresses of sources, notifications and repository Secrets; `insecure: true` of sources,
generators, repositories and clusters; host keys that are not looked at; and `passCredentials`, which sends the
credentials of a Helm repository to every host that its index names. Addresses inside of the cluster are a
warning; notifications to them are left alone.

## Why is this bad

Whoever is on the way can read the credentials and put other manifests in place of those that were asked
for. They are then applied with the rights of the controller.

## Fix safety

The fix turns `http` into `https`. It is unsafe because the server may not offer that, and because Argo CD finds
repositories and their credentials by address.

## When to ignore it

For registries inside of an isolated network.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from argoflux.argocd.produced_secrets import stated_texts
from argoflux.finding import Severity
from argoflux.flux.fields import flag, items, table, text
from argoflux.goports.giturl import has_credentials
from argoflux.lint.application import is_known
from argoflux.lint.hosts import is_near
from argoflux.lint.rule import Example, Rule
from argoflux.versions import Release
from argoflux.yamlio.edit import set_value
from argoflux.yamlio.tree import dig, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Place
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.text import Path

RULE = Rule(
    code="AF502",
    name="insecure-transport",
    severity=Severity.ERROR,
    kinds=(
        "Application",
        "ApplicationSet",
        "GitRepository",
        "OCIRepository",
        "HelmRepository",
        "Bucket",
        "ImageRepository",
        "Provider",
        "Secret:repository",
        "Secret:repo-creds",
        "Secret:cluster",
    ),
    links=("https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/",),
)

_ADDRESSES = {
    "GitRepository": ("spec", "url"),
    "HelmRepository": ("spec", "url"),
    "Provider": ("spec", "address"),
}
_INSECURE = {
    "OCIRepository": ("spec", "url"),
    "HelmRepository": ("spec", "url"),
    "Bucket": ("spec", "endpoint"),
    "ImageRepository": ("spec", "image"),
}
"""Kinds with `spec.insecure`, and where they state whom they talk to (source-controller:api/v1,
image-reflector-controller:api)."""
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_SWITCHES = {
    "insecure": "the certificate of the server is not checked",
    "insecureIgnoreHostKey": "the host key of the server is not checked",
    "insecureOCIForceHttp": "the registry is talked to without encryption",
}
"""argo-cd:util/db/repository_secrets.go secretToRepository; values: strconv.ParseBool."""
_DROPS_HTTP = Release(3, 5)
_INDEX = "sends the credentials of the repository to every host that its index names; remove it"


def check(resource: Resource, ctx: Context) -> Iterator[Finding]:
    """What an object says about its connections."""
    match resource.pseudo or resource.ref.kind:
        case "Application" | "ApplicationSet":
            yield from _applications(resource, ctx)
        case "Secret:cluster":
            yield from _cluster(resource)
        case "Secret:repository" | "Secret:repo-creds":
            yield from _repository(resource, ctx)
        case kind:
            yield from _flux(resource, kind, ctx)


def _flux(resource: Resource, kind: str, ctx: Context) -> Iterator[Finding]:
    body = resource.body
    path: Path | None = _ADDRESSES.get(kind)
    if path is not None:
        yield from _address(resource, text(body, *path), resource.place(*path), ctx)
    address = text(body, *_INSECURE[kind]) if kind in _INSECURE else None
    if address and flag(body, "spec", "insecure") and not _is_secure(kind, body):
        yield _told(
            resource,
            resource.place("spec", "insecure"),
            "`insecure` allows connections without encryption; remove it",
            address,
        )
    if kind == "HelmRepository" and flag(body, "spec", "passCredentials"):
        place = resource.place("spec", "passCredentials")
        yield RULE.at(
            place, f"`passCredentials` {_INDEX}", resource=resource, severity=Severity.WARNING
        )


def _is_secure(kind: str, body: Mapping[str, Any]) -> bool:
    """`insecure` of a HelmRepository has an effect on registries alone (AF403 tells the others)."""
    return kind == "HelmRepository" and text(body, "spec", "type") != "oci"


def _applications(resource: Resource, ctx: Context) -> Iterator[Finding]:
    for app in ctx.applications(resource):
        for at, source in app.sources():
            place = app.place(*at, "repoURL")
            yield from _address(resource, text(source, "repoURL"), place, ctx)
            if flag(source, "helm", "passCredentials"):
                yield RULE.at(
                    app.place(*at, "helm", "passCredentials"),
                    f"`passCredentials` {_INDEX}",
                    resource=resource,
                    severity=Severity.WARNING,
                )
    if resource.ref.kind != "ApplicationSet":
        return
    for path, value in leaves(items(resource.body, "spec", "generators")):
        full: Path = ("spec", "generators", *path)
        if not path or "template" in path or "elements" in path:
            continue
        if path[-1] == "repoURL" and isinstance(value, str):
            yield from _address(resource, value, resource.place(*full), ctx)
        elif path[-1] == "insecure" and value is True:
            yield RULE.at(
                resource.place(*full),
                "`insecure` of a generator switches the check of certificates off; name the authority in"
                " `caRef`, or give it to Argo CD",
                resource=resource,
            )


def _address(resource: Resource, url: str | None, place: Place, ctx: Context) -> Iterator[Finding]:
    if not url or not url.lower().startswith("http://") or not is_known(url):
        return
    if resource.ref.kind == "Provider" and is_near(url):
        return
    written = dig(resource.written.body, *_inside(resource, place))
    fix = None
    if written == url and not is_near(url) and not has_credentials(url):
        edits = set_value(resource.written.document, place.path, f"https{url[4:]}")
        fix = ctx.unsafe("Use https", edits)
    yield _told(
        resource,
        place,
        "this address is used without encryption; use `https`",
        url,
        fix=fix,
    )


def _inside(resource: Resource, place: Place) -> Path:
    """The path of a place inside of its object."""
    return place.path[len(resource.written.document.prefix) :]


def _told(resource: Resource, place: Place, message: str, address: str, **more: Any) -> Finding:
    severity = more.pop("severity", None) or (Severity.WARNING if is_near(address) else None)
    return RULE.at(place, message, resource=resource, severity=severity, **more)


def _repository(resource: Resource, ctx: Context) -> Iterator[Finding]:
    stated = stated_texts(resource)
    url = stated.get("url", "").strip()
    if url.lower().startswith("http://") and is_known(url):
        place = _value(resource, "url")
        yield from _address(resource, url, place, ctx)
    on = [key for key in _SWITCHES if stated.get(key, "").strip() in _TRUE]
    for key in on:
        yield _told(
            resource,
            _value(resource, key),
            f"with `{key}` {_SWITCHES[key]}; add what is trusted to Argo CD instead",
            url,
        )
    if {"insecure", "insecureOCIForceHttp"} <= set(on):
        release = ctx.release("argocd", resource)
        if release >= _DROPS_HTTP:
            # argo-cd:docs/operator-manual/upgrading/3.4-3.5.md
            yield RULE.at(
                _value(resource, "insecureOCIForceHttp"),
                "beside `insecure` this has no effect since Argo CD 3.5; remove one of them",
                resource=resource,
            )


def _value(resource: Resource, key: str) -> Place:
    holder = "stringData" if key in table(resource.body, "stringData") else "data"
    return resource.place(holder, key)


def _cluster(resource: Resource) -> Iterator[Finding]:
    stated = stated_texts(resource)
    try:
        config = json.loads(stated.get("config", ""))
    except ValueError:
        return  # AF101
    settings = config if isinstance(config, dict) else {}
    if flag(settings, "tlsClientConfig", "insecure"):
        yield _told(
            resource,
            _value(resource, "config"),
            "with `tlsClientConfig.insecure` the certificate of the cluster is not checked; state `caData`",
            stated.get("server", ""),
        )


_SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: shop
  namespace: flux-system
spec:
  interval: 10m
  url: {url}
"""
_REPOSITORY = """\
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: repository
stringData:
  url: https://git.example.com/shop.git
  {key}: "{value}"
"""
_APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: {url}
    chart: web
    targetRevision: 1.2.3
  destination:
    server: https://kubernetes.default.svc
    namespace: web
"""
_IMAGES = """\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: web
  namespace: flux-system
spec:
  image: registry.example.com/web
  interval: 10m
  insecure: true
"""
_HTTP = "http://git.example.com/shop.git"

BAD = (
    Example(
        title="a repository without encryption",
        yaml=_SOURCE.format(url=_HTTP),
        at="spec.url",
        fixed=_SOURCE.format(url="https://git.example.com/shop.git"),
        safety="unsafe",
    ),
    Example(
        title="a chart repository without encryption",
        yaml=_APP.format(url="http://charts.example.com"),
        at="spec.source.repoURL",
        fixed=_APP.format(url="https://charts.example.com"),
        safety="unsafe",
    ),
    Example(
        title="a repository inside of the cluster",
        yaml=_SOURCE.format(url="http://gitea.gitea.svc.cluster.local/shop.git"),
        at="spec.url",
    ),
    Example(
        title="a certificate that nobody checks",
        yaml=_REPOSITORY.format(key="insecure", value="true"),
        at="stringData.insecure",
    ),
    Example(title="a registry without encryption", yaml=_IMAGES, at="spec.insecure"),
)
GOOD = (
    Example(title="https", yaml=_SOURCE.format(url="https://git.example.com/shop.git")),
    Example(
        title="a certificate that is checked",
        yaml=_REPOSITORY.format(key="insecure", value="false"),
    ),
    Example(
        title="an address that is filled in later", yaml=_APP.format(url="http://${HOST}/charts")
    ),
)
