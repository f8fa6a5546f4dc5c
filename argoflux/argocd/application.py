"""The parts of an Application that do not depend on how its manifests are rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.gates import is_at_least, missing
from argoflux.mapping.apply_instructions import (
    HOOK,
    SYNC_OPTIONS,
    instructions,
    merged_options,
)
from argoflux.mapping.deletion import BACKGROUND, FOREGROUND
from argoflux.mapping.destination import LOCAL_SERVER
from argoflux.mapping.metadata import copied_annotation, copied_label
from argoflux.mapping.release import F2A_HR_022
from argoflux.mapping.revision import F2A_GIT_003
from argoflux.mapping.revisions import spell, spell_version
from argoflux.mapping.sync import F2A_KS_004
from argoflux.model.source import GitSource, HelmSource, OciSource

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing
    from argoflux.model.app import DeletionPolicy

SOURCE_ANNOTATION = "argoflux.dev/source"
ARTIFACTS_SINCE = "3.1"
"""The release of Argo CD that reads artifacts of registries."""

REFRESH_PATHS = "argocd.argoproj.io/manifest-generate-paths"

_FINALIZERS: dict[DeletionPolicy, str] = {"foreground": FOREGROUND, "background": BACKGROUND}


def put_metadata(work: Writing) -> None:
    """Labels, annotations with the origin, and the finalizer."""
    app, draft = work.app, work.draft
    for key in sorted(app.labels):
        if copied_label(key, app.labels[key], "argocd"):
            draft.put(("metadata", "labels", key), app.labels[key], slot="labels")
    annotations = {
        key: app.annotations[key]
        for key in sorted(app.annotations)
        if copied_annotation(key, "argocd")
    }
    for key, value in annotations.items():
        draft.put(("metadata", "annotations", key), value, slot="annotations")
    options, skip = instructions([*app.labels.items(), *app.annotations.items()])
    if options:
        text = merged_options(annotations, options)
        draft.put(("metadata", "annotations", SYNC_OPTIONS), text, slot="annotations")
    if skip:
        draft.put(("metadata", "annotations", HOOK), "Skip", slot="annotations")
    draft.put(("metadata", "annotations", SOURCE_ANNOTATION), app.id, origin="derived")
    _put_finalizer(work)


def _put_finalizer(work: Writing) -> None:
    """The finalizer by deletion policy; a suspended Flux object deletes nothing.

    A HelmRelease waits for its objects to be gone, a Kustomization that prunes does not
    (helm-controller:internal/action/uninstall.go, kustomize-controller finalizerShouldDeleteResources).
    """
    app = work.app
    policy = app.deletion
    if policy is None and app.kind == "HelmRelease":
        policy = "foreground"
    elif policy is None:
        policy = "background" if app.sync.prune else "orphan"
    finalizer = None if app.sync.suspended else _FINALIZERS.get(policy)
    work.facts["cascade"] = finalizer is not None
    if finalizer is not None:
        slot = "deletion" if app.deletion is not None else ""
        work.draft.add("metadata.finalizers", finalizer, slot=slot)


def put_refresh_paths(work: Writing) -> None:
    """Limit what triggers a refresh; a list that the author wrote wins."""
    paths = list(dict.fromkeys(work.refresh_paths))
    if paths and REFRESH_PATHS not in work.app.annotations:
        slot = "part.source.sparse" if work.git is not None and work.git.sparse else ""
        text = ";".join(paths)
        work.draft.put(("metadata", "annotations", REFRESH_PATHS), text, slot=slot)


def put_source(work: Writing) -> None:
    """Repository, revision and path; a chart found by its name has no path."""
    source = work.part.source
    if isinstance(source, GitSource):
        _put_git(work, source)
    elif isinstance(source, HelmSource):
        work.draft.put("spec.source.repoURL", source.url, slot="part.source.url")
        work.draft.put("spec.source.chart", source.chart, slot="part.path")
        _put_version(work, spell_version(source.version))
    elif isinstance(source, OciSource):
        _put_artifact(work, source)


def _put_artifact(work: Writing, source: OciSource) -> None:
    """An artifact by its address, or as a chart of a registry where that is what was stated.

    Before Argo CD 3.1 there is only the second way (argo-cd:pkg/apis/application/v1alpha1/types.go
    IsOCI).
    """
    draft = work.draft
    revision = source.revision.value
    if source.revision.kind == "semver":
        revision = spell_version(revision)
    if source.by_name or not is_at_least(work.request.argocd, ARTIFACTS_SINCE):
        registry, _, chart = source.url.rpartition("/")
        draft.put("spec.source.repoURL", registry, slot="part.source.url")
        draft.put("spec.source.chart", chart, slot="part.path" if source.by_name else "")
    else:
        draft.put("spec.source.repoURL", f"oci://{source.url}", slot="part.source.url")
        draft.put("spec.source.path", work.part.path, slot="part.path", origin="required")
    _put_version(work, revision)


def _put_version(work: Writing, version: str) -> None:
    slot = "part.source.revision"
    work.draft.put("spec.source.targetRevision", version, slot=slot, origin="required")


def _put_git(work: Writing, source: GitSource) -> None:
    draft, facts = work.draft, work.facts
    found = work.source_resource is not None
    url_slot = "part.source.url" if found else ""
    draft.put("spec.source.repoURL", source.url, slot=url_slot, origin="derived")
    revision = spell(source.revision)
    if facts.get("pinned"):
        draft.put("spec.source.targetRevision", revision, slot="part.source.suspended")
    elif facts.get("ref_winner"):
        draft.put("spec.source.targetRevision", revision, slot="part.source.revision")
    elif found:
        draft.put(
            "spec.source.targetRevision",
            revision,
            origin="default",
            message=F2A_GIT_003,
            name=facts.get("repository"),
        )
    else:
        draft.put("spec.source.targetRevision", revision, origin="derived")
    draft.put("spec.source.path", work.part.path, slot="part.path")
    for directory in source.sparse:
        work.refresh_paths.append(f"/{directory.removeprefix('./')}")


def put_destination(
    work: Writing, namespace: str | None, *, slot: str, cluster: str | None
) -> None:
    """Cluster and the namespace that fills blanks; ``cluster`` is the name of a remote one."""
    draft = work.draft
    if cluster is None:
        draft.put("spec.destination.server", LOCAL_SERVER, origin="default")
    else:
        draft.put("spec.destination.name", cluster, slot="destination.cluster")
    if namespace:
        draft.put("spec.destination.namespace", namespace, slot=slot)


def put_project(work: Writing) -> None:
    """The project that an earlier conversion noted, else the default one."""
    if work.app.project:
        work.draft.put("spec.project", work.app.project, origin="derived")
    else:
        work.draft.put("spec.project", "default", origin="required")


def put_sync_policy(work: Writing) -> None:
    """Automation, retries and options as Flux behaves."""
    _put_automated(work)
    _put_retry(work)
    _put_options(work)
    _put_namespace_metadata(work)
    limit = work.app.history_limit
    if limit is not None:
        work.draft.put("spec.revisionHistoryLimit", limit, slot="history_limit")


def _put_automated(work: Writing) -> None:
    """Suspended apps keep their flags; before Argo CD 3.1 automation can only be left out."""
    app, draft = work.app, work.draft
    off = app.sync.suspended or work.frozen
    if off and missing("automated.enabled", work.request.argocd):
        work.facts["flags_left_out"] = True
        return
    release = app.kind == "HelmRelease"
    at = "spec.syncPolicy.automated"
    if off:
        slot = "sync.suspended" if app.sync.suspended else "part.source.suspended"
        draft.put(f"{at}.enabled", value=False, slot=slot)
    if app.sync.prune is not None:
        draft.put(f"{at}.prune", app.sync.prune, slot="sync.prune")
    else:
        # Helm deletes what left the chart; a Kustomization has to say it
        draft.put(f"{at}.prune", release, origin="derived")
    if not release:
        draft.put(f"{at}.selfHeal", value=True, origin="derived")
    elif app.sync.self_heal is not None:
        draft.put(f"{at}.selfHeal", app.sync.self_heal, slot="sync.self_heal")
    else:
        draft.put(f"{at}.selfHeal", value=False, origin="derived")


def _put_retry(work: Writing) -> None:
    """Flux tries a Kustomization again without limit, a HelmRelease as often as it says.

    Argo CD gives up after five attempts until the revision or the Application changes
    (argo-cd:controller/appcontroller.go autoSync).
    """
    app, draft = work.app, work.draft
    retry = app.sync.retry
    at = "spec.syncPolicy.retry"
    if app.kind == "HelmRelease":
        if retry.limit is None:
            work.facts["default_retries"] = True
            work.emission.say(F2A_HR_022)
            return
        draft.put(f"{at}.limit", retry.limit, slot="sync.retry.limit")
        if retry.limit == 0:
            return
    else:
        draft.put(f"{at}.limit", -1, origin="derived")
    pause = retry.duration or app.sync.interval
    if pause:
        slot = "sync.retry.duration" if retry.duration else "sync.interval"
        work.facts["duration"] = pause
        draft.put(f"{at}.backoff.duration", pause, slot=slot)
        draft.put(f"{at}.backoff.factor", 1, origin="derived")
        draft.put(f"{at}.backoff.maxDuration", pause, origin="derived")
        if app.kind != "HelmRelease" and not retry.duration:
            work.say(F2A_KS_004, duration=pause)
    if missing("retry.refresh", work.request.argocd) is None:
        draft.put(f"{at}.refresh", value=True, origin="derived")


def _put_options(work: Writing) -> None:
    app, draft = work.app, work.draft
    at = "spec.syncPolicy.syncOptions"
    if app.destination.create_namespace:
        draft.add(at, "CreateNamespace=true", slot="destination.create_namespace")
    if app.drift.respect and draft.body["spec"].get("ignoreDifferences"):
        draft.add(at, "RespectIgnoreDifferences=true", origin="derived")
    draft.add(at, "PrunePropagationPolicy=background", origin="derived")
    draft.add(at, "ServerSideApply=true", origin="derived")
    for option in app.sync.options:
        draft.add(at, option, slot="sync.options")


def _put_namespace_metadata(work: Writing) -> None:
    at = "spec.syncPolicy.managedNamespaceMetadata"
    for kind in ("labels", "annotations"):
        found = getattr(work.app.destination, f"namespace_{kind}")
        if found and work.app.destination.create_namespace:
            work.draft.put(f"{at}.{kind}", dict(found), slot=f"destination.namespace_{kind}")
