"""HelmReleases as apps.

Facts: helm-controller:api/v2/helmrelease_types.go, internal/action/*.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.defaults import RETRY_INTERVAL, release_name
from argoflux.flux.fields import flag, is_stated, number, pairs, table, tables, text, texts
from argoflux.flux.load_kustomization import read_cluster
from argoflux.flux.load_source import clean_path
from argoflux.mapping.slots import build, read_slots
from argoflux.model.app import DeletionPolicy, Destination, Retry, Sync
from argoflux.model.render import Helm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.resource import Ref

Body = dict[str, Any]


def read_helm(body: Body, chart: Mapping[str, Any], ref: Ref, chart_path: str) -> Helm:
    """The chart's values and switches; ``chart`` is its spec, it stands at ``chart_path``.

    A single ``values.yaml`` changes nothing (source-controller:internal/helm/chart/builder.go).
    """
    spec = table(body, "spec")
    files = texts(chart, "valuesFiles")
    if files == ("values.yaml",):
        files = ()
    files = tuple(clean_path(file) or file for file in files)
    values = table(spec, "values")
    strategy = text(chart, "reconcileStrategy")
    target = text(spec, "targetNamespace")
    return build(
        Helm,
        read_slots(chart, "HelmChartSpec"),
        "part.render.helm",
        release_name=text(spec, "releaseName") or release_name(ref.name, target),
        values=values if is_stated(spec, "values") else None,
        values_files=files,
        replaces_defaults=bool(files) and clean_path(f"{chart_path}/values.yaml") not in files,
        skip_crds=text(spec, "install", "crds") == "Skip",
        skip_schema_validation=_schema_switch(spec),
        reconcile_on="revision" if strategy == "Revision" else "chart-version",
        post_renderers=tuple(table(item, "kustomize") for item in tables(spec, "postRenderers")),
        labels=pairs(spec, "commonMetadata", "labels"),
        annotations=pairs(spec, "commonMetadata", "annotations"),
    )


def _schema_switch(spec: Mapping[str, Any]) -> bool | None:
    found = [flag(spec, action, "disableSchemaValidation") for action in ("install", "upgrade")]
    if True in found:
        return True
    return False if False in found else None


def read_destination(body: Body, namespace: str) -> Destination:
    """Cluster and release namespace.

    The namespace is created only when ``targetNamespace`` is set, too
    (helm-controller:internal/action/install.go).
    """
    target = text(body, "spec", "targetNamespace")
    create = flag(body, "spec", "install", "createNamespace") or False
    return Destination(
        cluster=read_cluster(body),
        namespace=target or namespace or None,
        create_namespace=create and target is not None,
    )


def read_sync(body: Body) -> Sync:
    """How a release is upgraded and retried."""
    spec = table(body, "spec")
    mode = text(spec, "driftDetection", "mode")
    unchecked = any(
        flag(spec, action, "disableOpenAPIValidation") for action in ("install", "upgrade")
    )
    return Sync(
        suspended=flag(spec, "suspend") or False,
        automated_stated=True,
        self_heal=None if mode is None else mode == "enabled",
        retry=_retry(spec),
        options=("Validate=false",) if unchecked else (),
        interval=text(spec, "interval"),
        timeout=text(spec, "timeout"),
    )


def _retry(spec: Mapping[str, Any]) -> Retry:
    """Retries of the action that later revisions take: upgrade before install."""
    for action in ("upgrade", "install"):
        if text(spec, action, "strategy", "name") == "RetryOnFailure":
            pause = text(spec, action, "strategy", "retryInterval") or RETRY_INTERVAL
            return Retry(limit=-1, duration=pause)
    for action in ("upgrade", "install"):
        retries = number(spec, action, "remediation", "retries")
        if retries is not None:
            return Retry(limit=max(-1, retries))
    return Retry()


def read_deletion(body: Body) -> DeletionPolicy | None:
    """How uninstalling deletes objects; None when nothing is said.

    An explicit propagation wins over ``disableWait``.
    """
    spec = table(body, "spec")
    match text(spec, "uninstall", "deletionPropagation"):
        case "orphan":
            return "orphan"
        case "background":
            return "background"
        case "foreground":
            return "foreground"
        case _:
            pass
    match flag(spec, "uninstall", "disableWait"):
        case True:
            return "background"
        case False:
            return "foreground"
        case _:
            return None


def max_history(body: Body) -> int | None:
    """How many releases Helm keeps; 0 (no limit) has no counterpart."""
    return number(body, "spec", "maxHistory") or None
