"""Sync options of Applications: switches of how objects are applied, pruned and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from argoflux.mapping.concept import Concept, Context, Test, equivalent, exact, on, says
from argoflux.mapping.conditions import becomes_release, fact
from argoflux.mapping.destination import A2F_OPT_005, creates_namespace, is_remote
from argoflux.mapping.verdict import Message, Verdict

A2F_OPT_001 = Message(
    code="A2F-OPT-001",
    verdict=Verdict.NONE,
    text="`{value}` was dropped: server-side apply is always validated",
    instead="correct the manifests",
)
A2F_OPT_002 = Message(
    code="A2F-OPT-002",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` was dropped: Flux applies the CRDs of an app before its other objects, those of other apps must exist",
    instead="order the apps with `dependsOn` and `wait`",
)
A2F_OPT_003 = Message(
    code="A2F-OPT-003",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` was dropped: Flux prunes after applying, before health is known",
)
A2F_OPT_004 = Message(
    code="A2F-OPT-004",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` was dropped: Flux prunes with background propagation",
)
A2F_OPT_007 = Message(
    code="A2F-OPT-007",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` was dropped: Flux recreates objects only where told to, and only when immutable fields change",
    instead="{remedy}; large objects need no replacing under server-side apply",
)
A2F_OPT_010 = Message(
    code="A2F-OPT-010",
    verdict=Verdict.NONE,
    text="`{value}` was dropped: in Flux the last applier of a shared object wins",
    instead="make sure that no object is in two Kustomizations",
)
A2F_OPT_011 = Message(
    code="A2F-OPT-011",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` asks a human in Argo CD; in Flux the objects stay instead",
    instead="delete them by hand once that is approved",
)
A2F_OPT_012 = Message(
    code="A2F-OPT-012",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` became `{target}`",
    instead="check what pruning does now",
)
A2F_OPT_013 = Message(
    code="A2F-OPT-013",
    verdict=Verdict.EQUIVALENT,
    text="`{value}` was left out: Argo CD before {since} does not read it on an Application",
)
A2F_OPT_014 = Message(
    code="A2F-OPT-014",
    verdict=Verdict.UNKNOWN,
    text="`{value}` is no sync option that Argo CD knows on an Application",
    instead="correct the spelling (options are case-sensitive) or remove it",
)
A2F_OPT_015 = Message(
    code="A2F-OPT-015",
    verdict=Verdict.MANUAL,
    text="`{value}` deletes an Application's objects without their dependents; Flux has no such pruning",
    instead="choose what happens to dependents and drop the option",
)
A2F_OPT_016 = Message(
    code="A2F-OPT-016",
    verdict=Verdict.MANUAL,
    text="namespace {namespace} on the other cluster must exist before {name} is applied; Flux does not create it",
    instead="create it there, or write a folder with -d: a Kustomization of its own then makes it",
)
A2F_OPT_024 = Message(
    code="A2F-OPT-024",
    verdict=Verdict.EQUIVALENT,
    text="namespace {namespace} on the other cluster is made by {applier}, which {object} waits for",
)
A2F_OPT_018 = Message(
    code="A2F-OPT-018",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` was dropped: before Flux 2.8 a HelmRelease is applied client-side",
    instead="upgrade Flux where the chart needs server-side apply",
)
A2F_OPT_019 = Message(
    code="A2F-OPT-019",
    verdict=Verdict.NONE,
    text="`{value}` was dropped: it needs `deletionPolicy`, which Flux {flux} does not have; deleting {object} deletes its objects",
    instead="suspend {object} before you delete it",
)
A2F_MIG_001 = Message(
    code="A2F-MIG-001",
    verdict=Verdict.EQUIVALENT,
    text="`{value}` was dropped; entries of Argo CD's field manager stay on live objects until they are released",
    instead="plan the release of fields as part of the cut-over",
)


def _option(*options: str) -> Any:
    def test(value: Any, _ctx: Context) -> bool:
        return value in options

    return test


def _both(first: Test, second: Test | None) -> Test:
    if second is None:
        return first
    return lambda value, ctx: first(value, ctx) and second(value, ctx)


def _release(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def _unread(value: Any, ctx: Context) -> bool:
    since = UNREAD_BEFORE.get(str(value).partition("=")[0])
    return since is not None and _release(ctx.argocd) < _release(since)


# argo-cd:pkg/apis/application/v1alpha1/types.go (SyncOptions.HasOption compares whole strings); what
# is read on an Application, and since when: argo-cd:controller/sync.go (SyncAppState) at the tags.
KNOWN_OPTIONS = {
    "Validate": ("false", "true"),
    "SkipDryRunOnMissingResource": ("true", "false"),
    "CreateNamespace": ("true", "false"),
    "PruneLast": ("true", "false"),
    "PrunePropagationPolicy": ("foreground", "background", "orphan"),
    "ApplyOutOfSyncOnly": ("true", "false"),
    "Replace": ("true", "false"),
    "ServerSideApply": ("true", "false"),
    "ClientSideApplyMigration": ("true", "false"),
    "FailOnSharedResource": ("true", "false"),
    "RespectIgnoreDifferences": ("true", "false"),
    "Prune": ("false", "confirm", "true"),
    "Delete": ("false", "confirm", "true"),
}
UNREAD_BEFORE = {
    "Prune": "3.4",
    "Delete": "3.4",
    "SkipDryRunOnMissingResource": "3.1",
    "ClientSideApplyMigration": "3.1",
}
_INERT = tuple(
    f"{name}={value}"
    for name, value in (
        ("Validate", "true"),
        ("SkipDryRunOnMissingResource", "false"),
        ("CreateNamespace", "false"),
        ("PruneLast", "false"),
        ("ApplyOutOfSyncOnly", "false"),
        ("ApplyOutOfSyncOnly", "true"),  # Flux applies only what a dry run shows as different
        ("Replace", "false"),
        ("ServerSideApply", "true"),
        ("FailOnSharedResource", "false"),
        ("RespectIgnoreDifferences", "false"),
        ("Prune", "true"),
        ("Delete", "true"),
    )
)


def never_pruned(_value: Any, ctx: Context) -> bool:
    """Whether an option that the release reads keeps objects that left the source."""
    options = ctx.app.sync.options if ctx.app is not None else ()
    stops = {"Prune=false", "Prune=confirm"} & set(options)
    return any(not _unread(option, ctx) for option in stops)


def _keeps_objects(name: str, ctx: Context) -> bool:
    """Whether ``name=false`` is an option of the app that its release reads."""
    options = ctx.app.sync.options if ctx.app is not None else ()
    return f"{name}=false" in options and not _unread(f"{name}=false", ctx)


def _both_kept(value: Any, ctx: Context) -> bool:
    """``Prune=false`` and ``Delete=false`` together: what Flux does without pruning."""
    beside = {"Prune=false": "Delete", "Delete=false": "Prune"}.get(str(value))
    return beside is not None and _keeps_objects(beside, ctx)


def _keep_target(value: Any, ctx: Context) -> Any:
    return (ctx.fact("keep_targets") or {}).get(value)


def _force_remedy(_value: Any, ctx: Context) -> dict[str, Any]:
    return {
        "remedy": (
            "set `upgrade.force` with `upgrade.serverSideApply: disabled`"
            if ctx.kind == "HelmRelease"
            else "annotate such objects with kustomize.toolkit.fluxcd.io/force: enabled"
        )
    }


def _namespace_made(ctx: Context) -> dict[str, Any]:
    return {
        "namespace": ctx.app.destination.namespace if ctx.app is not None else None,
        "applier": ctx.fact("namespace_applier"),
    }


def _needs_manifest(ctx: Context) -> bool:
    """Whether labels or annotations keep Helm from making the namespace itself."""
    if ctx.app is None:
        return False
    destination = ctx.app.destination
    stated = destination.namespace_labels or destination.namespace_annotations
    return bool(stated or ctx.fact("namespace_manifest"))


def _unknown_option(value: Any, _ctx: Context) -> bool:
    name, _, setting = str(value).partition("=")
    return setting not in KNOWN_OPTIONS.get(name, ())


_NAMESPACE_NOTES = tuple(
    replace(note, when=_both(_option("CreateNamespace=true"), note.when))
    for note in (
        # nothing is created: gitops-engine:pkg/sync/sync_context.go (autoCreateNamespace)
        equivalent(when=lambda _value, ctx: not creates_namespace(ctx)),
        exact(
            when=lambda value, ctx: (
                becomes_release(value, ctx)
                and not (_needs_manifest(ctx) and not is_remote(value, ctx))
            )
        ),
        says(
            A2F_OPT_024,
            when=fact("namespace_applier"),
            facts=lambda _value, ctx: _namespace_made(ctx),
        ),
        says(A2F_OPT_016, when=is_remote, facts=lambda _value, ctx: _namespace_made(ctx)),
        says(A2F_OPT_005, facts=lambda _value, ctx: _namespace_made(ctx)),
    )
)


# argo-cd:controller/sync.go (SyncAppState), controller/appcontroller.go (finalizeApplicationDeletion);
# kustomize-controller:internal/controller/kustomization_controller.go (reconcile: prune before
# checkHealth), fluxcd/pkg:ssa/manager_apply.go (server-side, forced), manager_delete.go (background);
# helm-controller:internal/action/upgrade.go, install.go
ROWS = (
    Concept(
        slot="sync.options",
        says="Switches of how objects are applied.",
        argo=(on("Application", "spec.syncPolicy.syncOptions[]"),),
        to_flux=(
            says(A2F_OPT_014, when=_unknown_option),
            says(
                A2F_OPT_013,
                when=_unread,
                facts=lambda value, _ctx: {"since": UNREAD_BEFORE[str(value).partition("=")[0]]},
            ),
            *_NAMESPACE_NOTES,
            says(
                A2F_OPT_018,
                when=lambda value, ctx: (
                    value == "ServerSideApply=true"
                    and becomes_release(value, ctx)
                    and not ctx.fact("apply_mode")
                ),
            ),
            exact(when=_option(*_INERT)),
            says(A2F_OPT_001, when=_option("Validate=false")),
            says(A2F_OPT_002, when=_option("SkipDryRunOnMissingResource=true")),
            says(A2F_OPT_003, when=_option("PruneLast=true")),
            says(A2F_OPT_015, when=_option("PrunePropagationPolicy=orphan")),
            # kustomize-controller: fluxcd/pkg:ssa (DeleteAll); helm:pkg/kube/client.go (Update)
            exact(when=_option("PrunePropagationPolicy=background")),
            says(A2F_OPT_004, when=_option("PrunePropagationPolicy=foreground")),
            says(A2F_OPT_007, when=_option("Replace=true"), facts=_force_remedy),
            exact(
                when=lambda value, ctx: (
                    value == "ServerSideApply=false" and becomes_release(value, ctx)
                )
            ),
            # without the option it is the same: said once for the run
            equivalent(when=_option("ServerSideApply=false")),
            says(
                A2F_MIG_001,
                when=_option("ClientSideApplyMigration=true", "ClientSideApplyMigration=false"),
            ),
            says(A2F_OPT_010, when=_option("FailOnSharedResource=true")),
            exact(
                when=lambda value, ctx: (
                    value == "RespectIgnoreDifferences=true"
                    and not becomes_release(value, ctx)
                    and ctx.app is not None
                    and bool(ctx.app.drift.rules)
                )
            ),
            equivalent(when=_option("RespectIgnoreDifferences=true")),
            says(
                A2F_OPT_019,
                when=lambda value, ctx: (
                    _option("Delete=false", "Delete=confirm")(value, ctx)
                    and not _keep_target(value, ctx)
                ),
            ),
            says(A2F_OPT_011, when=_option("Prune=confirm", "Delete=confirm")),
            exact(when=_both_kept),
            says(
                A2F_OPT_012,
                when=_option("Prune=false", "Delete=false"),
                facts=lambda value, ctx: {"target": _keep_target(value, ctx)},
            ),
            says(A2F_OPT_014),
        ),
    ),
)
