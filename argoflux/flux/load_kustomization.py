"""Flux Kustomizations as apps.

Facts: kustomize-controller:api/v1/kustomization_types.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.fields import flag, pairs, table, tables, text, texts
from argoflux.mapping.ignore_rules import from_flux
from argoflux.mapping.slots import build, read_slots
from argoflux.model.app import (
    ClusterRef,
    DeletionPolicy,
    Destination,
    Drift,
    Health,
    Order,
    Retry,
    Sync,
)
from argoflux.model.render import Image, Kustomize, Patch
from argoflux.resource import Ref

if TYPE_CHECKING:
    from collections.abc import Mapping

Body = dict[str, Any]


class Stated(NamedTuple):
    """What a Kustomization says itself: its edits, and fields of its app by name."""

    render: Kustomize
    fields: dict[str, Any]


def read(body: Body, ref: Ref, namespace: str) -> Stated:
    """Everything that does not depend on other objects."""
    return Stated(
        read_kustomize(body),
        {
            "destination": read_destination(body),
            "service_account": text(body, "spec", "serviceAccountName"),
            "sync": read_sync(body),
            "deletion": read_deletion(body),
            "drift": read_drift(body, "spec", "ignore"),
            "health": read_health(body),
            "order": read_order(body, ref, namespace),
        },
    )


def read_kustomize(body: Body) -> Kustomize:
    """The edits that a Kustomization makes on top of the kustomization file."""
    spec = table(body, "spec")
    labels = pairs(spec, "commonMetadata", "labels")
    annotations = pairs(spec, "commonMetadata", "annotations")
    return build(
        Kustomize,
        read_slots(body, "Kustomization"),
        "part.render.kustomize",
        namespace=text(spec, "targetNamespace"),
        images=tuple(_images(spec)),
        patches=tuple(_patches(spec)),
        components=texts(spec, "components"),
        build_metadata=texts(spec, "buildMetadata"),
        # fluxcd/pkg:ssa/utils/meta.go SetCommonMetadata replaces what is there
        labels=labels,
        force_labels=bool(labels),
        annotations=annotations,
        force_annotations=bool(annotations),
    )


def _images(spec: Mapping[str, Any]) -> list[Image]:
    return [
        Image(
            name=name,
            new_name=text(item, "newName"),
            new_tag=text(item, "newTag"),
            digest=text(item, "digest"),
        )
        for item in tables(spec, "images")
        if (name := text(item, "name")) is not None
    ]


def _patches(spec: Mapping[str, Any]) -> list[Patch]:
    return [
        Patch(patch=patch, target=pairs(item, "target") or None)
        for item in tables(spec, "patches")
        if (patch := text(item, "patch")) is not None
    ]


def read_cluster(body: Body) -> ClusterRef:
    """The cluster of a Kustomization or HelmRelease, by its kubeconfig or cloud identity."""
    secret = text(body, "spec", "kubeConfig", "secretRef", "name")
    config_map = text(body, "spec", "kubeConfig", "configMapRef", "name")
    return ClusterRef(
        secret=secret or "",
        secret_key=text(body, "spec", "kubeConfig", "secretRef", "key") or "",
        config_map="" if secret else config_map or "",
    )


def read_destination(body: Body) -> Destination:
    """The cluster; the namespace is an edit of a Kustomization, not a filler of blanks."""
    return Destination(cluster=read_cluster(body))


def read_sync(body: Body) -> Sync:
    """How a Kustomization is applied."""
    spec = table(body, "spec")
    return Sync(
        suspended=flag(spec, "suspend") or False,
        automated_stated=True,
        prune=flag(spec, "prune"),
        retry=Retry(duration=text(spec, "retryInterval")),
        interval=text(spec, "interval"),
        timeout=text(spec, "timeout"),
        force=flag(spec, "force"),
    )


def read_deletion(body: Body) -> DeletionPolicy | None:
    """What ``deletionPolicy`` says; None when it is absent.

    kustomize-controller:internal/controller/kustomization_controller.go finalizerShouldDeleteResources.
    """
    match text(body, "spec", "deletionPolicy"):
        case "Orphan":
            return "orphan"
        case "Delete":
            return "background"
        case "WaitForTermination":
            return "foreground"
        case "MirrorPrune":
            return "background" if flag(body, "spec", "prune") else "orphan"
        case _:
            return None


def read_drift(body: Body, *path: str) -> Drift:
    """The ignore rules at a path; only a Kustomization leaves the fields alone when it applies.

    helm-controller:internal/reconcile/state.go: a HelmRelease ignores them when it looks for drift.
    """
    rules = tuple(from_flux(item) for item in tables(body, *path))
    return Drift(rules=rules, respect=bool(rules) and path == ("spec", "ignore"))


def read_health(body: Body) -> Health:
    """What has to be ready."""
    spec = table(body, "spec")
    checks, expressions = (
        tuple(pairs({"check": item}, "check") for item in tables(spec, name))
        for name in ("healthChecks", "healthCheckExprs")
    )
    return Health(wait=flag(spec, "wait"), checks=checks, expressions=expressions)


def read_order(body: Body, ref: Ref, namespace: str) -> Order:
    """The objects of the same kind that must be ready before."""
    return Order(
        depends_on=tuple(
            Ref(ref.group, ref.kind, text(item, "namespace") or namespace, name)
            for item in tables(body, "spec", "dependsOn")
            if (name := text(item, "name")) is not None
        )
    )
