"""A CRD that is too large for client-side apply, which Argo CD uses unless told otherwise.

## What it does

It reports Applications that apply a CRD of more than 256 KiB, measured in the files at hand or known of a
chart, without server-side apply and without replacing.

## Why is this bad

Client-side apply keeps the whole object in an annotation, and the API server takes annotations of 262144
bytes at most: "metadata.annotations: Too long". The sync fails, or the CRD stays at its old version.

## Fix safety

The fix adds `ServerSideApply=true` for the whole Application: fields that others own by
server-side apply may conflict from then on.

## When to ignore it

When the CRDs of the chart are turned off in values that are not at hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, items, text
from argoflux.finding import Severity
from argoflux.flux.values_layers import parse_values, plain
from argoflux.goports.semver import SemverError, Version
from argoflux.lint.application import is_known
from argoflux.lint.rule import Example, Rule
from argoflux.lint.source_content import content_of
from argoflux.lint.sync_policy import add_option, may_have_option
from argoflux.model.content import SYNC_OPTIONS, Known
from argoflux.versions import Release
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Finding, Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import Content

RULE = Rule(
    code="AF320",
    name="large-crd-without-ssa",
    severity=Severity.ERROR,
    scope="application",
    kinds=("Application", "ApplicationSet"),
    evidence=("document", "files", "target"),
    links=("https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#server-side-apply",),
)

_LIMIT = 262_144  # kubernetes:staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go
_SURE = ("ServerSideApply=true", "Replace=true")
# prometheus-community/helm-charts issues 1500 and 7277: since charts of 2021 (operator 0.5x)
_CHARTS = {"kube-prometheus-stack": 16, "prometheus-operator-crds": 0}
"""Charts with a CRD above the limit, and the first major version that has one."""
# argo-cd:docs/operator-manual/upgrading/3.2-3.3.md; argo-helm:charts/argo-cd is 9.x with 3.3
_OWN, _OWN_SINCE, _OWN_RELEASE = "argo-cd", 9, Release(3, 3)


def check(app: ApplicationView, ctx: Context) -> Iterator[Finding]:
    """The sources of an Application that states neither way around the limit."""
    if any(may_have_option(app, option) for option in _SURE):
        return
    for path, source in app.sources():
        chart = text(source.get("chart"))
        if chart:
            yield from _of_chart(app, (*path, "chart"), chart, source, ctx)
        elif source.get("path"):
            found = _measured(content_of(app, source, ctx))
            if found is not None:
                name, place = found
                message = f"CRD `{name}` is larger than client-side apply can store"
                yield _told(app, app.place(*path, "path"), message, ctx, at=place)


def _of_chart(
    app: ApplicationView, path: tuple[Any, ...], chart: str, source: Mapping[str, Any], ctx: Context
) -> Iterator[Finding]:
    helm = block(source, "helm")
    if helm.get("skipCrds") is True or _says_otherwise(helm):
        return
    since, severity = _CHARTS.get(chart), Severity.ERROR
    if chart == _OWN and ctx.release("argocd", app.resource) >= _OWN_RELEASE:
        since, severity = _OWN_SINCE, Severity.WARNING  # which release a chart has is not proved
    if since is None or _is_older(text(source.get("targetRevision")), since):
        return
    unread = items(helm, "valueFiles") or helm.get("fileParameters") or not _is_final(helm)
    message = f"chart `{chart}` has a CRD that is larger than client-side apply can store"
    yield _told(app, app.place(*path), message, ctx, severity=Severity.INFO if unread else severity)


def _told(
    app: ApplicationView,
    place: Place,
    message: str,
    ctx: Context,
    *,
    severity: Severity | None = None,
    at: Place | None = None,
) -> Finding:
    return RULE.at(
        place,
        f"{message}; set the sync option `ServerSideApply=true`",
        resource=app.resource,
        severity=severity,
        related=((at, "the CRD"),) if at is not None else (),
        fix=ctx.unsafe("add `ServerSideApply=true`", add_option(app, _SURE[0])),
    )


def _is_older(revision: str, since: int) -> bool:
    try:
        return Version.parse(revision).major < since
    except SemverError:
        return False


def _is_final(helm: Mapping[str, Any]) -> bool:
    return all(is_known(value) for _, value in leaves(dict(helm)))


def _says_otherwise(helm: Mapping[str, Any]) -> bool:
    """Whether values turn the CRDs off, or have them annotated with an option of their own."""
    values = helm.get("valuesObject")
    stated = plain(values) if values else parse_values(text(helm.get("values")))
    for parameter in items(helm, "parameters"):
        if isinstance(parameter, dict) and text(parameter.get("name")).startswith("crds."):
            return True  # `crds.enabled`, `crds.install`
    if not isinstance(stated, dict):
        return False
    crds = block(stated, "crds")
    off = crds.get("enabled") is False or crds.get("install") is False
    return off or any(
        isinstance(value, str) and any(option in value for option in _SURE)
        for _, value in leaves(stated)
    )


def _measured(content: Content) -> tuple[str, Place] | None:
    """The first CRD whose text as JSON, which client-side apply stores, is above the limit."""
    for obj in content.objects if isinstance(content, Known) else ():
        if obj.ref.kind != "CustomResourceDefinition" or len(obj.place.source.text) < _LIMIT // 2:
            continue
        options = obj.annotations.get(SYNC_OPTIONS, "")
        if any(option in options for option in _SURE):
            continue
        size = len(json.dumps(obj.body, separators=(",", ":"), ensure_ascii=False, default=str))
        if size > _LIMIT:
            return obj.ref.name, obj.place
    return None


_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: monitoring
  namespace: argocd
spec:
  project: platform
  source:
    repoURL: https://charts.example.com
    chart: {chart}
    targetRevision: {version}{helm}
  destination:
    server: https://kubernetes.default.svc
    namespace: monitoring
  syncPolicy:
    syncOptions:
      - CreateNamespace=true
"""


def _example(chart: str, version: str, helm: str = "", more: str = "") -> str:
    stated = f"\n    helm:\n      {helm}" if helm else ""
    return _APPLICATION.format(chart=chart, version=version, helm=stated) + more


_FIXED = "      - ServerSideApply=true\n"
_AT = "spec.source.chart"
BAD = (
    Example(
        title="a chart with large CRDs",
        yaml=_example("kube-prometheus-stack", "75.1.0"),
        at=_AT,
        fixed=_example("kube-prometheus-stack", "75.1.0", more=_FIXED),
        safety="unsafe",
    ),
    Example(
        title="Argo CD by its own chart",
        yaml=_example("argo-cd", "9.5.0"),
        at=_AT,
        fixed=_example("argo-cd", "9.5.0", more=_FIXED),
        safety="unsafe",
        argocd="3.3",
    ),
    Example(
        title="values that are not at hand are a note",
        yaml=_example("kube-prometheus-stack", "75.1.0", "valueFiles: [values.yaml]"),
        at=_AT,
        fixed=_example("kube-prometheus-stack", "75.1.0", "valueFiles: [values.yaml]", _FIXED),
        safety="unsafe",
    ),
)
GOOD = (
    Example(
        title="server-side apply",
        yaml=_example("kube-prometheus-stack", "75.1.0", more=_FIXED),
    ),
    Example(
        title="CRDs that are turned off",
        yaml=_example("kube-prometheus-stack", "75.1.0", "valuesObject: {crds: {enabled: false}}"),
    ),
    Example(
        title="CRDs that are left out",
        yaml=_example("prometheus-operator-crds", "20.0.0", "skipCrds: true"),
    ),
    Example(title="an older release of Argo CD", yaml=_example("argo-cd", "7.8.0"), argocd="3.2"),
    Example(title="an older chart", yaml=_example("argo-cd", "7.8.0")),
    Example(title="another chart", yaml=_example("web", "1.2.3")),
    Example(
        title="options that are filled in later",
        yaml=_example("kube-prometheus-stack", "75.1.0", more="      - ${OPTION}\n"),
    ),
)
