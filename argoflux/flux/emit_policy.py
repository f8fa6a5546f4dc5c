"""What both kinds of appliers share: suspension, retries, deletion, identity and metadata.

Facts: kustomize-controller:internal/controller/kustomization_controller.go
finalizerShouldDeleteResources; argo-cd:controller/appcontroller.go autoSync.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.flux.emit_kubeconfig import put_kubeconfig
from argoflux.flux.emit_plan import SOURCE_NOTE, in_project
from argoflux.goports import duration
from argoflux.mapping.annotations import SYNC_OPTIONS, keeps_object
from argoflux.mapping.deletion import A2F_DEL_002, A2F_DEL_003
from argoflux.mapping.destination import A2F_DST_007
from argoflux.mapping.metadata import OWN_PREFIX, copied_annotation, copied_label
from argoflux.mapping.names import slug
from argoflux.mapping.sync import A2F_SYN_001, A2F_SYN_003, A2F_SYN_008
from argoflux.mapping.sync_options import UNREAD_BEFORE
from argoflux.versions import Release
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft

PRUNE = "kustomize.toolkit.fluxcd.io/prune"
RETRY_INTERVAL = "2m"
TIMEOUT = "5m"

_AUTOMATED = ("spec", "syncPolicy", "automated")
_SHORTEST_RETRY = 30 * duration.SECOND
_EVENT_PREFIX = "event.toolkit.fluxcd.io/"
_WORD = re.compile(r"[A-Za-z0-9]")
_QUALIFIED = re.compile(r"[a-z0-9]([-a-z0-9_.]{0,61}[a-z0-9])?\Z")


def put_suspend(plan: Plan, draft: Draft) -> None:
    """Suspend what was synced by hand, and say so where no leaf of the input does."""
    sync = plan.app.sync
    plan.facts["suspended"] = plan.suspended
    if plan.suspended:
        _say_no_cascade(plan)
        slot = "annotations" if plan.skipped else "sync.suspended"
        draft.put("spec.suspend", value=True, slot=slot)
    if sync.automated_stated:
        return
    if plan.skipped:
        return
    plan.say_of_app(A2F_SYN_001 if plan.suspended else A2F_SYN_008)


def _say_no_cascade(plan: Plan) -> None:
    """Nothing is deleted while suspended: said here for the finalizer that a set gives by itself."""
    made = plan.app.resource
    if made.made_by is None or plan.app.deletion not in {"foreground", "background"}:
        return
    stated = dig(made.made_by.body, *made.made_at, "metadata", "finalizers")
    if stated is MISSING or not stated:
        plan.say_of_app(A2F_DEL_003)


def say_no_self_heal(plan: Plan, interval: str) -> None:
    """Flux re-applies although self-heal was off: said here when no leaf of the input states it."""
    stated = dig(plan.app.resource.body, *_AUTOMATED)
    if isinstance(stated, dict) and stated and plan.app.sync.self_heal is None:
        plan.say_of_app(A2F_SYN_003, interval=interval)


def retry_interval(plan: Plan) -> tuple[str, str]:
    """The fixed pause between attempts, and the slot it comes from (empty for our default)."""
    retry = plan.app.sync.retry
    constant = retry.factor == 1
    plan.facts |= {"constant_backoff": constant, "pause": RETRY_INTERVAL, "pause_kept": False}
    if retry.duration is None:
        return RETRY_INTERVAL, ""
    try:
        wanted = duration.parse_backoff(retry.duration)
        longest = duration.parse_backoff(retry.max_duration) if retry.max_duration else 0
    except duration.DurationError:
        return RETRY_INTERVAL, ""
    if constant and 0 < longest < wanted:
        wanted = longest
    pause = max(_SHORTEST_RETRY, wanted) // duration.SECOND * duration.SECOND
    plan.facts["pause"] = duration.format_short(pause)
    plan.facts["pause_kept"] = constant and pause == wanted
    return plan.facts["pause"], "sync.retry.duration"


def read_options(plan: Plan) -> set[str]:
    """The sync options that the source release reads on an Application."""
    found = set()
    for option in plan.app.sync.options:
        since = UNREAD_BEFORE.get(option.partition("=")[0])
        if since is None or Release.parse(plan.request.argocd) >= Release.parse(since):
            found.add(option)
    return found


def put_cluster(plan: Plan, draft: Draft) -> None:
    """The kubeconfig of a cluster other than the controller's own."""
    cluster = plan.app.destination.cluster
    if cluster.local:
        # argo-cd:util/argo/argo.go GetDestinationCluster: one of the two has to be there
        stated = dig(plan.app.resource.body, "spec", "destination")
        if not (isinstance(stated, dict) and (stated.get("server") or stated.get("name"))):
            plan.say_of_app(A2F_DST_007)
        return
    put_kubeconfig(plan.facts, draft)


def put_depends_on(plan: Plan, draft: Draft, names: set[tuple[str, str, str, str]]) -> None:
    """What an annotation of the way from Flux says about order, as far as it is in the output."""
    for ref in plan.app.order.depends_on:
        if (plan.app.root, ref.kind, ref.namespace, ref.name) not in names:
            continue
        if ref.kind == plan.kind:
            item = {"name": ref.name}
            if ref.namespace != plan.namespace:
                item["namespace"] = ref.namespace
            draft.add("spec.dependsOn", item, slot="annotations")


def put_metadata(plan: Plan, draft: Draft) -> None:
    """Labels and annotations that are copied, and where the object comes from."""
    app = plan.app
    for key, value in app.labels.items():
        if copied_label(key, value, "flux"):
            draft.put(("metadata", "labels", key), value, slot="labels")
    if in_project(app):
        path = ("metadata", "labels", f"{OWN_PREFIX}project")
        draft.put(path, app.project, slot="project")
    for key, value in app.annotations.items():
        if copied_annotation(key, "flux"):
            draft.put(("metadata", "annotations", key), value, slot="annotations")
    if keeps_object(app.annotations.get(SYNC_OPTIONS, "")):
        draft.put(("metadata", "annotations", PRUNE), "disabled", slot="annotations")
    _put_info(plan, draft)
    draft.put(("metadata", "annotations", SOURCE_NOTE), app.id, origin="derived")


def _put_info(plan: Plan, draft: Draft) -> None:
    """Links and notes as event metadata, where the name makes a valid key."""
    kept: list[str] = []
    used: set[str] = set()
    for name, value in plan.app.info:
        key = slug(name)
        if not _WORD.search(name) or key in used or not _QUALIFIED.match(key):
            continue
        used.add(key)
        kept.append(name)
        draft.put(("metadata", "annotations", _EVENT_PREFIX + key), value, slot="info")
    if kept:
        plan.facts["info_kept"] = tuple(kept)


def put_helm_deletion(plan: Plan, draft: Draft) -> None:
    """Deleting a HelmRelease uninstalls it; waiting for that is what a finalizer chooses."""
    deletion = plan.app.deletion
    if deletion == "background":
        draft.put("spec.uninstall.disableWait", value=True, slot="deletion")
    elif deletion == "orphan" and not plan.suspended:
        plan.say(A2F_DEL_002)
