"""Making the cluster match: automation, options, retries and cadence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from argoflux.goports import duration
from argoflux.mapping.concept import (
    Concept,
    Context,
    Opaque,
    Test,
    equivalent,
    exact,
    on,
    plain,
    says,
)
from argoflux.mapping.destination import A2F_OPT_005, creates_namespace, is_remote
from argoflux.mapping.verdict import Message, Verdict

A2F_SYN_001 = Message(
    code="A2F-SYN-001",
    verdict=Verdict.APPROXIMATE,
    text="{name} was synced by hand in Argo CD; {object} is created suspended",
    instead="`flux resume` deploys it, or convert with `--manual-sync activate`",
)
A2F_SYN_002 = Message(
    code="A2F-SYN-002",
    verdict=Verdict.APPROXIMATE,
    text="`prune: false` cannot be kept for Helm: an upgrade deletes what left the chart",
    instead="annotate what must stay with helm.sh/resource-policy: keep",
)
A2F_SYN_003 = Message(
    code="A2F-SYN-003",
    verdict=Verdict.APPROXIMATE,
    text="self-heal was off; Flux re-applies {name} every {interval}",
    instead="suspend it while you change objects by hand",
)
A2F_SYN_004 = Message(
    code="A2F-SYN-004",
    verdict=Verdict.EQUIVALENT,
    text="drift is corrected every {interval}, not within seconds",
)
A2F_SYN_005 = Message(
    code="A2F-SYN-005",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD refuses to prune everything; Flux deletes all objects when {path} renders none",
    instead="annotate critical objects with kustomize.toolkit.fluxcd.io/prune: disabled",
)
A2F_SYN_006 = Message(
    code="A2F-SYN-006",
    verdict=Verdict.APPROXIMATE,
    text="`{key}: {value}` of the retry policy became attempts every {pause}, without limit",
)
A2F_SYN_007 = Message(
    code="A2F-SYN-007",
    verdict=Verdict.NONE,
    text="`{key}: {value}` of the retry policy was dropped: Flux tries again at a fixed interval",
)
A2F_SYN_008 = Message(
    code="A2F-SYN-008",
    verdict=Verdict.APPROXIMATE,
    text="{name} has no automation in Argo CD; it is activated because of `--manual-sync activate`",
    instead="check the diff before Flux applies it",
)
A2F_SYN_010 = Message(
    code="A2F-SYN-010",
    verdict=Verdict.APPROXIMATE,
    text="`refresh: false` was dropped: Flux tries the newest revision again, not the one that failed",
)
A2F_SYN_009 = Message(
    code="A2F-SYN-009",
    verdict=Verdict.NONE,
    text="`{key}: {value}` of the retry policy was dropped: before Flux 2.7 a HelmRelease that rolls nothing back does not try again",
    instead="start a new attempt with `flux reconcile helmrelease --force`",
)
A2F_OPT_001 = Message(
    code="A2F-OPT-001",
    verdict=Verdict.NONE,
    text="`{value}` was dropped: server-side apply is always validated",
    instead="correct the manifests",
)
A2F_OPT_002 = Message(
    code="A2F-OPT-002",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` was dropped: Flux applies CRDs of the same Kustomization first, others must exist",
    instead="order Kustomizations with `dependsOn` and `wait`",
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
    text="`{value}` was dropped: Flux replaces an object only where a change of immutable fields forces it to",
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
    instead="create it there, for example with a Kustomization of its own that {object} depends on",
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
F2A_KS_004 = Message(
    code="F2A-KS-004",
    verdict=Verdict.EQUIVALENT,
    text="retries became `retry.limit: -1` with a constant pause of {duration}",
)
F2A_KS_006 = Message(
    code="F2A-KS-006",
    verdict=Verdict.NONE,
    text="timeout {value} of {name} is not enforced by Argo CD: a sync stays Progressing",
)
F2A_KS_018 = Message(
    code="F2A-KS-018",
    verdict=Verdict.APPROXIMATE,
    text="`force` was dropped: Flux recreates only on changes of immutable fields, Argo CD would on every sync",
    instead="annotate such objects with argocd.argoproj.io/sync-options: Force=true,Replace=true",
)
F2A_KS_020 = Message(
    code="F2A-KS-020",
    verdict=Verdict.EQUIVALENT,
    text="{name} is suspended; the Application is written with automation off",
)
F2A_KS_027 = Message(
    code="F2A-KS-027",
    verdict=Verdict.APPROXIMATE,
    text="`{path}: {value}` was left out: before Argo CD 3.1 automation that is off cannot keep its settings",
    instead="state it when {name} is switched on again",
)
F2A_SYNC_002 = Message(
    code="F2A-SYNC-002",
    verdict=Verdict.EQUIVALENT,
    text="Flux deletes everything when a path becomes empty; Argo CD refuses a sync to nothing unless `automated.allowEmpty` is set",
    run=True,
)
F2A_SYNC_003 = Message(
    code="F2A-SYNC-003",
    verdict=Verdict.EQUIVALENT,
    text="Applications are applied server-side, as Flux does; Flux stays co-owner of fields on live objects",
    instead="release its field-manager entries during the cut-over",
    run=True,
)


def _fact(name: str) -> Any:
    def test(_value: Any, ctx: Context) -> bool:
        return bool(ctx.fact(name))

    return test


def _helm(_value: Any, ctx: Context) -> bool:
    return ctx.kind == "HelmRelease"


def _option(*options: str) -> Any:
    def test(value: Any, _ctx: Context) -> bool:
        return value in options

    return test


def _both(first: Test, second: Test | None) -> Test:
    if second is None:
        return first
    return lambda value, ctx: first(value, ctx) and second(value, ctx)


def _key_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    return {"key": ctx.path[-1], "value": value, "pause": ctx.fact("pause")}


def _is_stopped(_value: Any, ctx: Context) -> bool:
    return bool(ctx.fact("suspended"))


def _path_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    return {"path": ".".join(str(step) for step in ctx.path[1:]), "value": value}


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


def _never_pruned(_value: Any, ctx: Context) -> bool:
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
    return {"namespace": ctx.app.destination.namespace if ctx.app is not None else None}


def _needs_manifest(ctx: Context) -> bool:
    """Whether labels or annotations keep Helm from making the namespace itself."""
    if ctx.app is None:
        return False
    destination = ctx.app.destination
    return bool(destination.namespace_labels or destination.namespace_annotations)


def _unknown_option(value: Any, _ctx: Context) -> bool:
    name, _, setting = str(value).partition("=")
    return setting not in KNOWN_OPTIONS.get(name, ())


def _states_default_timeout(value: Any, ctx: Context) -> bool:
    """The leaf states what the controller assumes: 5m, or 30s less than the interval, at least 30s.

    A value below 30s counts as 30s (kustomize-controller:api/v1/kustomization_types.go GetTimeout).
    """
    default = 5 * duration.MINUTE
    try:
        stated = duration.parse(str(value))
        if ctx.body.get("kind") == "Kustomization":
            interval = (ctx.body.get("spec") or {}).get("interval")
            shortest = 30 * duration.SECOND
            default = max(shortest, duration.parse(str(interval)) - shortest)
            stated = max(shortest, stated)
    except duration.DurationError:
        return False
    return stated == default


_NAMESPACE_NOTES = tuple(
    replace(note, when=_both(_option("CreateNamespace=true"), note.when))
    for note in (
        # nothing is created: gitops-engine:pkg/sync/sync_context.go (autoCreateNamespace)
        equivalent(when=lambda _value, ctx: not creates_namespace(ctx)),
        exact(
            when=lambda value, ctx: (
                _helm(value, ctx) and not (_needs_manifest(ctx) and not is_remote(value, ctx))
            )
        ),
        says(A2F_OPT_016, when=is_remote, facts=lambda _value, ctx: _namespace_made(ctx)),
        says(A2F_OPT_005, facts=lambda _value, ctx: _namespace_made(ctx)),
    )
)


_AUTO = "spec.syncPolicy.automated"
_RETRY = "spec.syncPolicy.retry"

# Automation: argo-cd:controller/appcontroller.go (autoSync), pkg/apis/application/v1alpha1/types.go
# (IsAutomatedSyncEnabled); retries: types.go (RetryStrategy.NextRetryAt) against
# kustomize-controller:api/v1/kustomization_types.go (GetRetryInterval), helm-controller:
# api/v2/helmrelease_types.go (GetActiveRetry). Re-applying: kustomization_controller.go (reconcile).
ROWS = (
    Concept(
        slot="sync.automated_stated",
        says="Whether new revisions are applied by themselves.",
        argo=(on("Application", _AUTO),),
        to_flux=(
            equivalent(when=_helm),
            equivalent(when=_is_stopped),
            says(A2F_SYN_003),
        ),
    ),
    Concept(
        slot="sync.suspended",
        says="Whether automation is switched on.",
        argo=(on("Application", f"{_AUTO}.enabled", default=True),),
        to_flux=(
            exact(when=lambda value, _ctx: value is not False),
            says(A2F_SYN_001, when=_fact("suspended")),
            says(A2F_SYN_008),
        ),
    ),
    Concept(
        slot="sync.suspended",
        says="Whether reconciling is paused.",
        flux=(
            on("Kustomization", "spec.suspend", default=False),
            on("HelmRelease", "spec.suspend", default=False),
        ),
        to_argo=(exact(when=lambda value, _ctx: value is False), says(F2A_KS_020)),
    ),
    Concept(
        slot="sync.prune",
        says="Delete objects that left the source.",
        argo=(on("Application", f"{_AUTO}.prune", default=False),),
        flux=(on("Kustomization", "spec.prune"),),
        to_flux=(
            equivalent(when=_never_pruned),  # the sync option wins: argo-cd:controller/sync.go
            says(A2F_SYN_002, when=lambda value, ctx: _helm(value, ctx) and value is not True),
            equivalent(when=_helm),  # an upgrade always deletes what left the chart
            exact(),
        ),
        to_argo=(
            says(F2A_KS_027, when=_fact("flags_left_out"), facts=_path_and_value),
            exact(),
        ),
    ),
    Concept(
        slot="sync.self_heal",
        says="Undo changes made directly in the cluster.",
        argo=(on("Application", f"{_AUTO}.selfHeal", default=False),),
        flux=(on("HelmRelease", "spec.driftDetection.mode", "disabled"),),
        to_flux=(
            equivalent(when=_is_stopped),  # nothing is corrected, as without automation
            says(A2F_SYN_004, when=lambda value, _ctx: value is True),
            equivalent(when=_helm),  # driftDetection.mode: warn
            says(A2F_SYN_003),
        ),
        to_argo=(
            exact(when=lambda value, _ctx: value == "disabled"),
            says(F2A_KS_027, when=_fact("flags_left_out"), facts=_path_and_value),
            equivalent(),
        ),
    ),
    Concept(
        slot="sync.allow_empty",
        says="Allow a sync that leaves nothing.",
        argo=(on("Application", f"{_AUTO}.allowEmpty", default=False),),
        to_flux=(
            exact(when=lambda value, _ctx: value is True),
            # the guard stands before pruning, and nothing is pruned
            exact(
                when=lambda _value, ctx: (
                    not _helm(_value, ctx) and ctx.app is not None and not ctx.app.sync.prune
                )
            ),
            exact(when=_never_pruned),
            says(A2F_SYN_005),
        ),
    ),
    Concept(
        slot="sync.retry.limit",
        says="How often a failed sync is tried again.",
        argo=(on("Application", f"{_RETRY}.limit"),),
        to_flux=(
            says(A2F_SYN_009, when=_fact("retries_lost"), facts=_key_and_value),
            exact(when=lambda value, _ctx: isinstance(value, int) and value < 0),
            says(A2F_SYN_006, facts=_key_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.duration",
        says="The pause before a failed sync is tried again.",
        argo=(on("Application", f"{_RETRY}.backoff.duration"),),
        flux=(on("Kustomization", "spec.retryInterval"),),
        to_flux=(
            says(A2F_SYN_009, when=_fact("retries_lost"), facts=_key_and_value),
            exact(when=_fact("pause_kept")),
            says(A2F_SYN_006, facts=_key_and_value),
        ),
        to_argo=(
            says(
                F2A_KS_004,
                facts=lambda value, _ctx: {"duration": value},
            ),
        ),
    ),
    Concept(
        slot="sync.retry.factor",
        says="How the pause between attempts grows.",
        argo=(on("Application", f"{_RETRY}.backoff.factor"),),
        to_flux=(
            says(A2F_SYN_009, when=_fact("retries_lost"), facts=_key_and_value),
            exact(when=lambda value, _ctx: value == 1),
            says(A2F_SYN_007, facts=_key_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.max_duration",
        says="The longest pause between attempts.",
        argo=(on("Application", f"{_RETRY}.backoff.maxDuration"),),
        to_flux=(
            says(A2F_SYN_009, when=_fact("retries_lost"), facts=_key_and_value),
            exact(when=_fact("constant_backoff")),
            says(A2F_SYN_007, facts=_key_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.refresh",
        says="Whether a new attempt takes the newest revision.",
        argo=(on("Application", f"{_RETRY}.refresh", default=False),),
        to_flux=(
            says(A2F_SYN_009, when=_fact("retries_lost"), facts=_key_and_value),
            exact(when=lambda value, _ctx: value is True),
            says(A2F_SYN_010),
        ),
    ),
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
                    and _helm(value, ctx)
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
            exact(when=lambda value, ctx: value == "ServerSideApply=false" and _helm(value, ctx)),
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
                    and not _helm(value, ctx)
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
    Concept(
        slot="sync.interval",
        says="How often the desired state is applied again.",
        flux=(on("Kustomization", "spec.interval"), on("HelmRelease", "spec.interval")),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="sync.timeout",
        says="How long applying and waiting may take.",
        flux=(on("Kustomization", "spec.timeout"), on("HelmRelease", "spec.timeout", "5m")),
        to_argo=(exact(when=_states_default_timeout), says(F2A_KS_006)),
    ),
    Concept(
        slot="sync.force",
        says="Recreate objects whose immutable fields changed.",
        flux=(plain("Kustomization", "spec.force", default=False),),
        to_argo=(exact(when=lambda value, _ctx: value is False), says(F2A_KS_018)),
    ),
    Opaque(
        kind="Kustomization",
        path="spec.validation",
        reason="never read since v1beta2",
    ),
)
