"""What happens to the objects when their app is deleted."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.verdict import Message, Verdict

FOREGROUND = "resources-finalizer.argocd.argoproj.io"
FOREGROUND_LONG = "resources-finalizer.argocd.argoproj.io/foreground"
BACKGROUND = "resources-finalizer.argocd.argoproj.io/background"

A2F_DEL_001 = Message(
    code="A2F-DEL-001",
    verdict=Verdict.EQUIVALENT,
    text="the finalizer became `{policy}`: deleting {object} deletes its objects, CRDs included",
    instead="annotate CRDs that must stay with kustomize.toolkit.fluxcd.io/prune: disabled",
)
A2F_DEL_002 = Message(
    code="A2F-DEL-002",
    verdict=Verdict.APPROXIMATE,
    text="{name} has no cascade finalizer, but deleting a HelmRelease uninstalls it",
    instead="suspend the HelmRelease before you delete it",
)
A2F_DEL_003 = Message(
    code="A2F-DEL-003",
    verdict=Verdict.APPROXIMATE,
    text="{name} had a cascade finalizer but is created suspended: deleting {object} deletes nothing until it is resumed",
)
A2F_DEL_004 = Message(
    code="A2F-DEL-004",
    verdict=Verdict.APPROXIMATE,
    text="`deletionPolicy: {policy}` of {object} needs Flux 2.5 (the target is {flux}); without it, deleting the object follows `prune`",
    instead="set `prune` to what deleting {object} shall do",
)
A2F_HOOK_005 = Message(
    code="A2F-HOOK-005",
    verdict=Verdict.MANUAL,
    text="`{value}` means that {name} has hooks before or after deletion; Flux has none",
    instead="run them by hand when the app is removed",
)
A2F_DEL_005 = Message(
    code="A2F-DEL-005",
    verdict=Verdict.APPROXIMATE,
    text="finalizer `{value}` belongs to another controller and was dropped",
    instead="check who removes it",
)
F2A_KS_007 = Message(
    code="F2A-KS-007",
    verdict=Verdict.EQUIVALENT,
    text="CRDs of `{path}` ({count}) stay in the cluster when the Application is deleted; Flux would delete them",
    instead="delete them by hand when they are to go",
)
F2A_DEL_001 = Message(
    code="F2A-DEL-001",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD waits for the end of a deletion without limit; Flux {way}",
)
F2A_DEL_002 = Message(
    code="F2A-DEL-002",
    verdict=Verdict.APPROXIMATE,
    text="uninstalling {name} left the dependents of its objects; deleting the Application leaves the objects, too",
    instead="delete the objects with `kubectl delete --cascade=orphan`",
)
F2A_DEL_003 = Message(
    code="F2A-DEL-003",
    verdict=Verdict.UNKNOWN,
    text="`deletionPolicy: {value}` is no policy that Flux knows",
    instead="use MirrorPrune, Delete, WaitForTermination or Orphan",
)


def _cascade(value: Any, _ctx: Context) -> bool:
    return value in {FOREGROUND, FOREGROUND_LONG, BACKGROUND}


def _is_second(value: Any, ctx: Context) -> bool:
    """Whether another cascade finalizer stands before: the first one decides."""
    place = ctx.path[-1]
    before = (ctx.body.get("metadata") or {}).get("finalizers") or []
    if not isinstance(place, int) or not _cascade(value, ctx):
        return False
    return any(_cascade(item, ctx) for item in before[:place])


def _is_suspended(_value: Any, ctx: Context) -> bool:
    """A suspended Flux object deletes nothing, whatever its policy says."""
    return ctx.app is not None and ctx.app.sync.suspended


def _is(*values: Any) -> Any:
    return lambda value, _ctx: value in values


def _propagation(ctx: Context) -> Any:
    return ((ctx.body.get("spec") or {}).get("uninstall") or {}).get("deletionPropagation")


def _hook(value: Any, _ctx: Context) -> bool:
    return str(value).startswith(
        ("pre-delete-finalizer.argocd.argoproj.io", "post-delete-finalizer.argocd.argoproj.io")
    )


# argo-cd:controller/appcontroller.go (finalizeApplicationDeletion), pkg/apis/application/v1alpha1/
# types.go (GetPropagationPolicy: the first finalizer counts); kustomize-controller:internal/controller/
# kustomization_controller.go (finalizerShouldDeleteResources); helm-controller:internal/action/
# uninstall.go (newUninstall), internal/controller/helmrelease_controller.go (reconcileDelete)
ROWS = (
    Concept(
        slot="deletion",
        says="Whether, and how, objects are deleted with their app.",
        argo=(on("metadata", "finalizers[]"),),
        flux=(on("Kustomization", "spec.deletionPolicy", "MirrorPrune"),),
        to_flux=(
            equivalent(when=lambda value, _ctx: str(value).startswith("finalizers.fluxcd.io")),
            equivalent(when=_is_second),
            says(
                A2F_DEL_003,
                when=lambda value, ctx: _cascade(value, ctx) and bool(ctx.fact("suspended")),
            ),
            # `Delete=false` beside a finalizer: the message of the option says what is kept
            equivalent(
                when=lambda value, ctx: _cascade(value, ctx) and bool(ctx.fact("kept_on_delete"))
            ),
            exact(when=lambda value, ctx: value == BACKGROUND and ctx.kind == "HelmRelease"),
            # uninstalling waits for the objects by default
            equivalent(when=lambda value, ctx: _cascade(value, ctx) and ctx.kind == "HelmRelease"),
            says(
                A2F_DEL_004,
                when=lambda value, ctx: _cascade(value, ctx) and bool(ctx.fact("lost_policy")),
                facts=lambda _value, ctx: {"policy": ctx.fact("lost_policy")},
            ),
            says(A2F_DEL_001, when=_cascade),
            says(A2F_HOOK_005, when=_hook),
            says(A2F_DEL_005),
        ),
        to_argo=(
            exact(when=_is("MirrorPrune", "Orphan")),
            equivalent(when=_is("Delete")),
            says(F2A_DEL_003, when=lambda value, _ctx: value != "WaitForTermination"),
            equivalent(when=_is_suspended),
            says(F2A_DEL_001, facts=lambda _v, _c: {"way": "gives up after its timeout"}),
        ),
    ),
    Concept(
        slot="",
        says="Written by the Flux controllers; they remove it themselves.",
        flux=(on("metadata", "finalizers[]"),),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="deletion",
        says="Whether uninstalling waits for the objects to be gone.",
        flux=(on("HelmRelease", "spec.uninstall.disableWait", default=False),),
        to_argo=(
            exact(when=_is(False)),
            equivalent(when=lambda value, ctx: _is_suspended(value, ctx) or _propagation(ctx)),
            says(F2A_DEL_001, facts=lambda _value, _ctx: {"way": "did not wait"}),
        ),
    ),
    Concept(
        slot="deletion",
        says="What happens to dependents when a release is uninstalled.",
        flux=(on("HelmRelease", "spec.uninstall.deletionPropagation", "background"),),
        to_argo=(
            equivalent(when=_is_suspended),
            says(F2A_DEL_002, when=_is("orphan")),
            equivalent(),
        ),
    ),
)
