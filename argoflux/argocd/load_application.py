"""One Application as an App of the model.

Facts: argo-cd:pkg/apis/application/v1alpha1/types.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from argoflux.argocd.gates import missing
from argoflux.argocd.load_multi import read_parts
from argoflux.argocd.load_order import unseen_children
from argoflux.argocd.load_source import SourceReading, chosen_sources
from argoflux.argocd.shapes import block, blocks, items, switch, text, texts, whole
from argoflux.mapping.deletion import BACKGROUND, FOREGROUND, FOREGROUND_LONG
from argoflux.mapping.destination import A2F_DST_006, LOCAL_SERVER
from argoflux.mapping.directory import A2F_SRC_004
from argoflux.mapping.metadata import OWN_PREFIX
from argoflux.mapping.objects import A2F_OBJ_003, A2F_OPN_001
from argoflux.mapping.source import A2F_SRC_020
from argoflux.model.app import App, ClusterRef, Destination, Drift, IgnoreRule, Order, Retry, Sync
from argoflux.model.content import Known
from argoflux.resource import Ref

if TYPE_CHECKING:
    from argoflux.argocd.settings import Settings
    from argoflux.mapping.emission import Request
    from argoflux.model.app import DeletionPolicy
    from argoflux.resource import Resource

CREATE_NAMESPACE = "CreateNamespace=true"
RESPECT = "RespectIgnoreDifferences=true"
IN_CLUSTER = "in-cluster"

_LATER = "convert it by hand, or wait for the release that does it"
_TARGET_KINDS = frozenset({"Kustomization", "HelmRelease"})


def read_application(
    resource: Resource, settings: Settings, request: Request
) -> tuple[App | None, SourceReading]:
    """The App and what its reading found out; no App when the reading ends in a refusal."""
    spec = block(resource.body, "spec")
    destination = block(spec, "destination")
    reading = SourceReading(
        resource=resource,
        request=request,
        settings=settings,
        app_name=resource.ref.name,
        project=text(spec.get("project")),
        namespace=text(destination.get("namespace")),
    )
    annotations = texts(resource.body.get("metadata"), "annotations")
    came_from = provenance(annotations.get(f"{OWN_PREFIX}source", ""))
    reading.facts["returns"] = came_from.kind if came_from is not None else ""
    reading.facts["poll"] = settings.config.get("timeout.reconciliation", "")
    reading.facts["submodules_off"] = settings.submodules_off
    _refuse_unreadable(reading, spec)
    if text(destination.get("server")) and text(destination.get("name")):
        reading.refuse(A2F_DST_006)
    parts = read_parts(reading, spec)
    if reading.ended():
        return None, reading
    app = App(
        kind="Application",
        namespace=resource.ref.namespace,
        name=resource.ref.name,
        root=resource.root,
        parts=parts,
        made_of=(resource,),
        destination=_read_destination(reading, spec),
        project=reading.project,
        sync=_read_sync(spec, request.argocd),
        deletion=_read_deletion(resource),
        drift=_read_drift(spec),
        order=_read_order(resource),
        labels=texts(resource.body.get("metadata"), "labels"),
        annotations=annotations,
        history_limit=whole(spec, "revisionHistoryLimit"),
        info=tuple((text(i.get("name")), text(i.get("value"))) for i in blocks(spec, "info")),
        extra={"facts": reading.facts},
    )
    unseen_children(reading, app)
    _refuse_jsonnet(reading, app)
    return (None if reading.ended() else app), reading


def _refuse_unreadable(reading: SourceReading, spec: dict[str, Any]) -> None:
    """Applications without a readable source."""
    resource = reading.resource
    what = ""
    remedy = _LATER
    if resource.placeholder:
        what, remedy = "its name or type is filled in later", "convert what the template yields"
    elif not resource.ref.name:
        what, remedy = "it has no name", "give it a name"
    elif not chosen_sources(spec):
        what, remedy = "it has no source", "give it a `source`"
    if what:
        reading.refuse(A2F_OBJ_003, what=what, remedy=remedy)
    if isinstance(spec.get("sourceHydrator"), dict):
        if blocks(spec, "sources") or isinstance(spec.get("source"), dict):
            reading.say(A2F_SRC_020, winner="sourceHydrator")
    elif blocks(spec, "sources") and isinstance(spec.get("source"), dict):
        reading.say(A2F_SRC_020, winner="sources")
    if isinstance(resource.body.get("operation"), dict):
        reading.say(A2F_OPN_001, name=str(resource.ref))


def _refuse_jsonnet(reading: SourceReading, app: App) -> None:
    """Refuse a plain directory of which Argo CD would evaluate Jsonnet files."""
    if reading.settings.tool_off("jsonnet"):
        return
    for part in app.parts:
        content = reading.request.content(app, part) if part.produces else None
        if isinstance(content, Known) and content.facts.jsonnet:
            reading.refuse(A2F_SRC_004, files=f" ({', '.join(content.facts.jsonnet)})")


def _read_destination(reading: SourceReading, spec: dict[str, Any]) -> Destination:
    stated = block(spec, "destination")
    server = text(stated.get("server")).rstrip("/")
    name = text(stated.get("name"))
    cluster = ClusterRef()
    if server not in {"", LOCAL_SERVER} or name not in {"", IN_CLUSTER}:
        known = reading.settings.cluster(server, name)
        reading.facts["cluster_known"] = known is not None
        cluster = ClusterRef(server=server, name=name or (known.name if known else ""))
    policy = block(spec, "syncPolicy")
    metadata = block(policy, "managedNamespaceMetadata")
    return Destination(
        cluster=cluster,
        namespace=reading.namespace or None,
        create_namespace=CREATE_NAMESPACE in items(policy, "syncOptions"),
        namespace_labels=texts(metadata, "labels"),
        namespace_annotations=texts(metadata, "annotations"),
    )


def _read_sync(spec: dict[str, Any], release: str) -> Sync:
    """Automation is on only when the block is there and ``enabled`` is not false.

    A release that does not have the switch drops it: the block alone counts there.
    """
    policy = block(spec, "syncPolicy")
    stated = isinstance(policy.get("automated"), dict)
    automated = block(policy, "automated")
    retry = block(policy, "retry")
    backoff = block(retry, "backoff")
    return Sync(
        suspended=not stated
        or (
            switch(automated, "enabled") is False and missing("automated.enabled", release) is None
        ),
        automated_stated=stated,
        prune=switch(automated, "prune"),
        self_heal=switch(automated, "selfHeal"),
        allow_empty=switch(automated, "allowEmpty"),
        retry=Retry(
            limit=whole(retry, "limit"),
            duration=text(backoff.get("duration")) or None,
            factor=whole(backoff, "factor"),
            max_duration=text(backoff.get("maxDuration")) or None,
            refresh=switch(retry, "refresh"),
        ),
        options=tuple(
            text(option) for option in items(policy, "syncOptions") if option != CREATE_NAMESPACE
        ),
    )


def _read_deletion(resource: Resource) -> DeletionPolicy:
    """The first cascade finalizer decides; without one, objects outlive their Application."""
    for item in items(resource.body.get("metadata"), "finalizers"):
        if item in {FOREGROUND, FOREGROUND_LONG}:
            return "foreground"
        if item == BACKGROUND:
            return "background"
    return "orphan"


def _read_drift(spec: dict[str, Any]) -> Drift:
    rules = tuple(
        IgnoreRule(
            group=text(stated.get("group")),
            kind=text(stated.get("kind")) or "*",
            name=text(stated.get("name")),
            namespace=text(stated.get("namespace")),
            pointers=tuple(text(item) for item in items(stated, "jsonPointers")),
            jq=tuple(text(item) for item in items(stated, "jqPathExpressions")),
            managers=tuple(text(item) for item in items(stated, "managedFieldsManagers")),
        )
        for stated in blocks(spec, "ignoreDifferences")
    )
    return Drift(rules=rules, respect=RESPECT in items(block(spec, "syncPolicy"), "syncOptions"))


def _read_order(resource: Resource) -> Order:
    """The Flux objects named by ``argoflux.dev/depends-on``: ``Kind/namespace/name``, by comma."""
    annotations = texts(resource.body.get("metadata"), "annotations")
    found: list[Ref] = []
    for item in annotations.get(f"{OWN_PREFIX}depends-on", "").split(","):
        ref = provenance(item.strip())
        if ref is not None:
            found.append(ref)
    return Order(depends_on=tuple(found))


def provenance(stated: str) -> Ref | None:
    """The Flux object that ``Kind/namespace/name`` names, None for anything else."""
    parts = stated.split("/")
    if len(parts) != 3 or parts[0] not in _TARGET_KINDS:  # noqa: PLR2004  # the three parts
        return None
    return Ref("", *cast("tuple[str, str, str]", tuple(parts)))
