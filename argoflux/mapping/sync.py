"""Making the cluster match: automation, options, retries and cadence."""

from __future__ import annotations

from typing import Any

from argoflux.goports import duration
from argoflux.mapping.concept import (
    Concept,
    Context,
    Opaque,
    equivalent,
    exact,
    on,
    plain,
    says,
)
from argoflux.mapping.conditions import becomes_release, fact
from argoflux.mapping.sync_options import never_pruned
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
    text="Argo CD refuses to prune everything; Flux deletes all objects when `{path}` renders none",
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
    instead="choose `retryInterval` for all attempts",
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
A2F_SYN_011 = Message(
    code="A2F-SYN-011",
    verdict=Verdict.EQUIVALENT,
    text="`enabled: false` was left out: Argo CD {argocd} does not read it, so that {name} was synced by itself",
    instead="convert with `--argocd-version 3.1` if the installation is newer",
)
A2F_SYN_009 = Message(
    code="A2F-SYN-009",
    verdict=Verdict.NONE,
    text="`{key}: {value}` of the retry policy was dropped: before Flux 2.7 a HelmRelease that rolls nothing back does not try again",
    instead="start a new attempt with `flux reconcile helmrelease --force`",
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
    instead="set `controller.sync.timeout.seconds` in argocd-cmd-params-cm, for all Applications at once",
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


def _key_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    return {"key": ctx.path[-1], "value": value, "pause": ctx.fact("pause")}


def _is_off(ctx: Context) -> bool:
    """Whether the model says that the app is synced by hand."""
    return ctx.app is not None and ctx.app.sync.suspended


def _is_stopped(_value: Any, ctx: Context) -> bool:
    return bool(ctx.fact("suspended"))


def _path_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    return {"path": ".".join(str(step) for step in ctx.path[1:]), "value": value}


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
            equivalent(when=becomes_release),
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
            says(A2F_SYN_011, when=lambda _value, ctx: not _is_off(ctx)),
            says(A2F_SYN_001, when=fact("suspended")),
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
            equivalent(when=never_pruned),  # the sync option wins: argo-cd:controller/sync.go
            says(
                A2F_SYN_002,
                when=lambda value, ctx: becomes_release(value, ctx) and value is not True,
            ),
            equivalent(when=becomes_release),  # an upgrade always deletes what left the chart
            exact(),
        ),
        to_argo=(
            says(F2A_KS_027, when=fact("flags_left_out"), facts=_path_and_value),
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
            equivalent(when=becomes_release),  # driftDetection.mode: warn
            says(A2F_SYN_003),
        ),
        to_argo=(
            exact(when=lambda value, _ctx: value == "disabled"),
            says(F2A_KS_027, when=fact("flags_left_out"), facts=_path_and_value),
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
                    not becomes_release(_value, ctx)
                    and ctx.app is not None
                    and not ctx.app.sync.prune
                )
            ),
            exact(when=never_pruned),
            says(A2F_SYN_005),
        ),
    ),
    Concept(
        slot="sync.retry.limit",
        says="How often a failed sync is tried again.",
        argo=(on("Application", f"{_RETRY}.limit"),),
        to_flux=(
            says(A2F_SYN_009, when=fact("retries_lost"), facts=_key_and_value),
            exact(when=lambda value, _ctx: isinstance(value, int) and value < 0),
            says(A2F_SYN_006, facts=_key_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.duration",
        says="The pause before a failed sync is tried again.",
        argo=(on("Application", f"{_RETRY}.backoff.duration", "5s"),),
        flux=(on("Kustomization", "spec.retryInterval"),),
        to_flux=(
            says(A2F_SYN_009, when=fact("retries_lost"), facts=_key_and_value),
            exact(when=fact("pause_kept")),
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
        argo=(on("Application", f"{_RETRY}.backoff.factor", 2),),
        to_flux=(
            says(A2F_SYN_009, when=fact("retries_lost"), facts=_key_and_value),
            exact(when=lambda value, _ctx: value == 1),
            says(A2F_SYN_007, facts=_key_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.max_duration",
        says="The longest pause between attempts.",
        argo=(on("Application", f"{_RETRY}.backoff.maxDuration", "3m"),),
        to_flux=(
            says(A2F_SYN_009, when=fact("retries_lost"), facts=_key_and_value),
            exact(when=fact("constant_backoff")),
            says(A2F_SYN_007, facts=_key_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.refresh",
        says="Whether a new attempt takes the newest revision.",
        argo=(on("Application", f"{_RETRY}.refresh", default=False),),
        to_flux=(
            says(A2F_SYN_009, when=fact("retries_lost"), facts=_key_and_value),
            exact(when=lambda value, _ctx: value is True),
            says(A2F_SYN_010),
        ),
    ),
    # kustomize-controller:api/v1/kustomization_types.go (GetTimeout, Force), fluxcd/pkg:ssa/
    # manager_apply.go (recreates on immutable fields); argo-cd:cmd/argocd-application-controller/
    # commands/argocd_application_controller.go (one timeout for the whole controller)
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
