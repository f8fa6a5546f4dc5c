"""Helm releases: what only a real release has (history, remediation, hooks, CRD policies)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.goports import duration
from argoflux.mapping.concept import Concept, Context, Note, equivalent, exact, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Mapping

F2A_HR_002 = Message(
    code="F2A-HR-002",
    verdict=Verdict.EQUIVALENT,
    text="Argo CD keeps no Helm release: `helm list` and rollback stop working for {name}",
    instead="delete the Secrets sh.helm.release.v1.{release}.v* after the cut-over",
)
F2A_HR_007 = Message(
    code="F2A-HR-007",
    verdict=Verdict.APPROXIMATE,
    text="CRDs in crds/ of `{chart}` become ordinary objects: {effect} when the chart drops them",
    instead="annotate them with argocd.argoproj.io/sync-options: Prune=false",
)
F2A_HR_008 = Message(
    code="F2A-HR-008",
    verdict=Verdict.APPROXIMATE,
    text="`{path}: {value}`: Argo CD neither rolls back nor uninstalls when a sync fails",
    instead="roll back in Git",
)
F2A_HR_009 = Message(
    code="F2A-HR-009",
    verdict=Verdict.MANUAL,
    text="`{path}` kept hooks of the chart from running; Argo CD runs them",
    instead="annotate them with argocd.argoproj.io/hook: Skip through chart values",
)
F2A_HR_010 = Message(
    code="F2A-HR-010",
    verdict=Verdict.APPROXIMATE,
    text="`{path}` was dropped: `Replace=true` would recreate objects on every sync",
    instead="set the option on the objects that need it",
)
F2A_HR_011 = Message(
    code="F2A-HR-011",
    verdict=Verdict.MANUAL,
    text="`preserveValues` keeps values that stand nowhere in Git",
    instead="export them with `helm get values {release}` and commit them",
)
F2A_HR_012 = Message(
    code="F2A-HR-012",
    verdict=Verdict.MANUAL,
    text="chart tests of {name} are not run by Argo CD",
    instead="make them PostSync hooks if they gate releases",
)
F2A_HR_017 = Message(
    code="F2A-HR-017",
    verdict=Verdict.NONE,
    text="`{path}: {value}` has no counterpart in Argo CD and was dropped",
    instead="nothing takes its place; check that no routine of yours counts on it",
)
F2A_HR_018 = Message(
    code="F2A-HR-018",
    verdict=Verdict.APPROXIMATE,
    text="`{path}` is set for only one of install and upgrade; Argo CD has one switch for both",
)
F2A_HR_019 = Message(
    code="F2A-HR-019",
    verdict=Verdict.APPROXIMATE,
    text="`{path}: {value}`: Argo CD always takes over objects that no other Application manages",
    instead="FailOnSharedResource=true guards the others",
)
F2A_HR_020 = Message(
    code="F2A-HR-020",
    verdict=Verdict.APPROXIMATE,
    text="`{path}: {value}` was dropped: Applications are applied server-side",
    instead="remove ServerSideApply=true if the chart cannot stand it",
)
F2A_HR_023 = Message(
    code="F2A-HR-023",
    verdict=Verdict.APPROXIMATE,
    text="`upgrade.crds: {value}` was dropped: `install.crds: Skip` became `skipCrds`, which leaves CRDs out of every sync",
    instead="apply the CRDs of `{chart}` with an Application of their own",
)
F2A_HR_024 = Message(
    code="F2A-HR-024",
    verdict=Verdict.APPROXIMATE,
    text="`{path}: {value}` was dropped: Argo CD has one retry policy, and {winner} decided it",
)
F2A_HR_013 = Message(
    code="F2A-HR-013",
    verdict=Verdict.APPROXIMATE,
    text="templates of `{chart}` use {functions}: Flux evaluated them at each upgrade, Argo CD does at every comparison",
    instead="give the values explicitly, or tolerate the differences with `ignoreDifferences`",
)
F2A_HR_014 = Message(
    code="F2A-HR-014",
    verdict=Verdict.APPROXIMATE,
    text="install and upgrade hooks of charts run on every sync in Argo CD",
    instead="make them safe to repeat, or skip them with argocd.argoproj.io/hook: Skip",
    run=True,
)
F2A_HR_015 = Message(
    code="F2A-HR-015",
    verdict=Verdict.APPROXIMATE,
    text="{files} select objects by the labels {labels}, which Flux puts on all that it applies; Argo CD does not",
    instead="select by labels that the manifests state themselves, or by those that Argo CD tracks objects with",
)
F2A_HR_022 = Message(
    code="F2A-HR-022",
    verdict=Verdict.APPROXIMATE,
    text="a HelmRelease without retries stops after a failure; Argo CD tries a failed sync five times",
    instead="set `retry.limit: 0` where a second attempt does harm",
    run=True,
)
F2A_HR_021 = Message(
    code="F2A-HR-021",
    verdict=Verdict.EQUIVALENT,
    text="a failed sync is tried again without limit, every {duration}",
)


def path_and_value(value: Any, ctx: Context) -> dict[str, Any]:
    """The leaf's path below ``spec`` and its value, for texts."""
    return {"path": ".".join(str(step) for step in ctx.path[1:]), "value": value}


def _off(value: Any, _ctx: Context) -> bool:
    return value is False or value is None


def _spec(ctx: Context, *path: str) -> Any:
    """A value of the release's spec, None when it or something above it is absent."""
    node: Any = ctx.body.get("spec")
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _states_default_timeout(value: Any, ctx: Context) -> bool:
    """An action that may take as long as the release's own timeout says."""
    try:
        own = duration.parse(str(_spec(ctx, "timeout") or "5m"))
        return duration.parse(str(value)) == own
    except duration.DurationError:
        return False


def _retried(ctx: Context) -> str:
    """The field that decided the retry policy: retrying wins over remediation, upgrade over install.

    It is the order in which the loader looks (argoflux/flux/load_release.py).
    """
    for action in ("upgrade", "install"):
        if _spec(ctx, action, "strategy", "name") == "RetryOnFailure":
            return f"{action}.strategy"
    for action in ("upgrade", "install"):
        if isinstance(_spec(ctx, action, "remediation", "retries"), int):
            return f"{action}.remediation"
    return ""


def _is_overruled(value: Any, ctx: Context) -> bool:
    """Whether the other action's policy was taken, and says something else."""
    block, leaf = str(ctx.path[2]), str(ctx.path[3])
    decided = _retried(ctx)
    if not decided or decided == f"{ctx.path[1]}.{block}":
        return False
    action, _, kind = decided.partition(".")
    return kind != block or _spec(ctx, action, block, leaf) != value


def _winner(value: Any, ctx: Context) -> dict[str, Any]:
    return {**path_and_value(value, ctx), "winner": f"`{_retried(ctx)}`"}


def crd_effect(body: Mapping[str, Any]) -> str:
    """What Argo CD does to CRDs that helm-controller does not: it replaces them only when told to."""
    replaced = dig(dict(body), "spec", "upgrade", "crds") == "CreateReplace"
    return "pruned" if replaced else "updated with every sync, and pruned"


def _skips_crds(_value: Any, ctx: Context) -> bool:
    return bool(_spec(ctx, "install", "crds") == "Skip")


def _is(*values: Any) -> Any:
    return lambda value, _ctx: value in values


def other_half_differs(value: Any, ctx: Context) -> bool:
    """The same switch of install and upgrade is not set to the same value."""
    spec = ctx.body.get("spec") or {}
    other = "upgrade" if ctx.path[1] == "install" else "install"
    return bool(value) and not bool((spec.get(other) or {}).get(ctx.path[-1]))


def _dropped(path: str, default: Any, text: str) -> Concept:
    """A field of a release that Argo CD cannot have."""
    return Concept(
        slot="",
        says=text,
        flux=(on(_H, path, default),),
        to_argo=(exact(when=_is(default)), says(F2A_HR_017, facts=path_and_value)),
    )


_H = "HelmRelease"
_BOTH = ("install", "upgrade")

# Fields and defaults: helm-controller:api/v2/helmrelease_types.go; what they do: internal/action/
# install.go, upgrade.go, rollback.go, uninstall.go, test.go, crds.go (crdPolicyOrDefault: empty is
# Create), internal/reconcile/release.go; Argo CD only renders: argo-cd:util/helm/cmd.go (template)
ROWS = (
    Concept(
        slot="",
        says="Where Helm keeps its release records.",
        flux=(on(_H, "spec.storageNamespace"),),
        to_argo=(
            # the default
            exact(
                when=lambda value, ctx: value == (ctx.body.get("metadata") or {}).get("namespace")
            ),
            # where the records are kept is lost; that there are none is said of every release
            Note(
                verdict=Verdict.NONE,
                message=F2A_HR_002,
                facts=lambda _value, ctx: {"release": ctx.fact("release")},
            ),
        ),
    ),
    _dropped("spec.persistentClient", default=True, text="Whether clients are kept."),
    Concept(
        slot="part.render.helm.skip_crds",
        says="What happens to CRDs of the chart when it is installed.",
        flux=(on(_H, "spec.install.crds", "Create"),),
        to_argo=(
            exact(when=_is("Skip")),
            equivalent(when=fact("no_crds")),
            says(F2A_HR_007, facts=lambda _value, ctx: {"effect": crd_effect(ctx.body)}),
        ),
    ),
    Concept(
        slot="",
        says="What happens to CRDs of the chart when it is upgraded.",
        flux=(on(_H, "spec.upgrade.crds", "Create"),),
        to_argo=(
            equivalent(when=fact("no_crds")),
            equivalent(when=lambda value, ctx: value == "Skip" and _skips_crds(value, ctx)),
            says(F2A_HR_023, when=_skips_crds),
            says(F2A_HR_007, facts=lambda _value, ctx: {"effect": crd_effect(ctx.body)}),
        ),
    ),
    Concept(
        slot="",
        says="Deprecated; never read by helm-controller 1.6.",
        flux=(on(_H, "spec.install.skipCRDs", default=False),),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="destination.create_namespace",
        says="Create the target namespace.",
        flux=(on(_H, "spec.install.createNamespace", default=False),),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="",
        says="How long one kind of Helm action may take.",
        flux=tuple(
            on(_H, f"spec.{action}.timeout")
            for action in ("install", "upgrade", "rollback", "uninstall", "test")
        ),
        to_argo=(
            exact(when=_states_default_timeout),
            says(F2A_HR_017, facts=path_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.limit",
        says="Whether a failed action is retried or remediated.",
        flux=tuple(on(_H, f"spec.{action}.strategy.name") for action in _BOTH),
        to_argo=(
            says(
                F2A_HR_021,
                when=_is("RetryOnFailure"),
                facts=lambda _value, ctx: {
                    "duration": ctx.app.sync.retry.duration if ctx.app is not None else None
                },
            ),
            # the default: nothing is remediated unless `remediation` says so
            exact(when=_is("RemediateOnFailure")),
            says(F2A_HR_008, facts=path_and_value),
        ),
    ),
    Concept(
        slot="sync.retry.duration",
        says="The pause before a failed action is retried.",
        flux=tuple(on(_H, f"spec.{action}.strategy.retryInterval", "5m") for action in _BOTH),
        to_argo=(says(F2A_HR_024, when=_is_overruled, facts=_winner), equivalent()),
    ),
    Concept(
        slot="sync.retry.limit",
        says="How often a failed action is tried again.",
        flux=tuple(on(_H, f"spec.{action}.remediation.retries", 0) for action in _BOTH),
        to_argo=(
            says(F2A_HR_024, when=_is_overruled, facts=_winner),
            exact(when=lambda value, _ctx: value == 0 and value is not False),
            says(F2A_HR_008, facts=path_and_value),
        ),
    ),
    Concept(
        slot="",
        says="Whether the last failed attempt is undone as well; by default where there are retries.",
        flux=tuple(on(_H, f"spec.{action}.remediation.remediateLastFailure") for action in _BOTH),
        to_argo=(
            equivalent(when=_off),  # Argo CD never undoes an attempt
            Note(verdict=Verdict.NONE, message=F2A_HR_008, facts=path_and_value),
        ),
    ),
    Concept(
        slot="",
        says="What happens after a failed action.",
        flux=(
            *(
                on(_H, f"spec.{action}.remediation.ignoreTestFailures", default=False)
                for action in _BOTH
            ),
            on(_H, "spec.upgrade.remediation.strategy", "rollback"),
        ),
        to_argo=(
            exact(when=_is(False, "rollback")),  # the defaults
            Note(verdict=Verdict.NONE, message=F2A_HR_008, facts=path_and_value),
        ),
    ),
    Concept(
        slot="",
        says="Whether an action waits for objects to be ready.",
        flux=tuple(
            on(_H, f"spec.{action}.{name}", default=False)
            for action in ("install", "upgrade", "rollback")
            for name in ("disableWait", "disableWaitForJobs")
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="",
        says="Whether hooks of the chart are left out.",
        flux=tuple(
            on(_H, f"spec.{action}.disableHooks", default=False)
            for action in ("install", "upgrade", "rollback", "uninstall")
        ),
        to_argo=(
            exact(when=_off),
            equivalent(when=lambda _value, ctx: ctx.path[1] == "rollback"),
            says(F2A_HR_009, facts=path_and_value),
        ),
    ),
    Concept(
        slot="sync.options",
        says="Whether objects are not checked against the API schema.",
        flux=tuple(
            on(_H, f"spec.{action}.disableOpenAPIValidation", default=False) for action in _BOTH
        ),
        to_argo=(
            exact(when=_off),
            says(F2A_HR_018, when=other_half_differs, facts=path_and_value),
            equivalent(),
        ),
    ),
    _dropped("spec.install.replace", default=False, text="Whether a deleted name is used again."),
    Concept(
        slot="",
        says="Whether objects of others are not taken over.",
        flux=tuple(
            on(_H, f"spec.{action}.disableTakeOwnership", default=False) for action in _BOTH
        ),
        to_argo=(exact(when=_off), says(F2A_HR_019, facts=path_and_value)),
    ),
    Concept(
        slot="",
        says="Whether objects are applied server-side.",
        flux=(
            on(_H, "spec.install.serverSideApply", default=True),
            on(_H, "spec.upgrade.serverSideApply", "auto"),
            on(_H, "spec.rollback.serverSideApply", "auto"),
        ),
        to_argo=(
            exact(when=_is(True, "enabled", "auto")),
            equivalent(when=lambda _value, ctx: ctx.path[1] == "rollback"),  # there is none
            says(F2A_HR_020, facts=path_and_value),
        ),
    ),
    Concept(
        slot="",
        says="Whether objects are replaced instead of patched.",
        flux=(
            on(_H, "spec.upgrade.force", default=False),
            on(_H, "spec.rollback.force", default=False),
        ),
        to_argo=(exact(when=_off), says(F2A_HR_010, facts=path_and_value)),
    ),
    Concept(
        slot="",
        says="Whether values of the last release are kept.",
        flux=(on(_H, "spec.upgrade.preserveValues", default=False),),
        to_argo=(
            exact(when=_off),
            says(F2A_HR_011, facts=lambda _value, ctx: {"release": ctx.fact("release")}),
        ),
    ),
    _dropped(
        "spec.upgrade.cleanupOnFail",
        default=False,
        text="Whether new objects of a failed upgrade are deleted.",
    ),
    Concept(
        slot="",
        says="What happens when the chart's name changes.",
        flux=(on(_H, "spec.upgrade.chartNameChangeStrategy", "Reinstall"),),
        to_argo=(
            exact(when=_is("Reinstall")),
            equivalent(when=_is("InPlaceUpdate")),  # what Argo CD does
            says(F2A_HR_017, facts=path_and_value),
        ),
    ),
    _dropped(
        "spec.rollback.cleanupOnFail",
        default=False,
        text="Whether new objects of a failed rollback are deleted.",
    ),
    Concept(
        slot="",
        says="Recreate pods after a rollback; no effect any more since Flux 2.8.",
        flux=(on(_H, "spec.rollback.recreate", default=False),),
        to_argo=(equivalent(),),  # Argo CD rolls nothing back
    ),
    _dropped("spec.uninstall.keepHistory", default=False, text="Whether release records stay."),
    Concept(
        slot="",
        says="Whether chart tests run after install and upgrade, and which.",
        flux=(
            on(_H, "spec.test.enable", default=False),
            on(_H, "spec.test.filters[].name"),
            on(_H, "spec.test.filters[].exclude", default=False),
            on(_H, "spec.test.ignoreFailures", default=False),
        ),
        to_argo=(
            equivalent(when=lambda _value, ctx: not _spec(ctx, "test", "enable")),
            says(F2A_HR_012, when=lambda _value, ctx: ctx.path[-1] == "enable"),
            equivalent(),
        ),
    ),
    _dropped("spec.waitStrategy.name", default="poller", text="How readiness is watched."),
)
