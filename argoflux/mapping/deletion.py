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
    text="{count} CustomResourceDefinitions of {path} stay in the cluster when the Application is deleted; Flux would delete them",
    instead="delete them by hand when they are to go",
)
F2A_DEL_001 = Message(
    code="F2A-DEL-001",
    verdict=Verdict.APPROXIMATE,
    text="Argo CD waits for the end of a deletion without limit; Flux gives up after its timeout",
)


def _fact(name: str) -> Any:
    def test(_value: Any, ctx: Context) -> bool:
        return bool(ctx.fact(name))

    return test


def _cascade(value: Any, _ctx: Context) -> bool:
    return value in {FOREGROUND, FOREGROUND_LONG, BACKGROUND}


def _hook(value: Any, _ctx: Context) -> bool:
    return str(value).startswith(
        ("pre-delete-finalizer.argocd.argoproj.io", "post-delete-finalizer.argocd.argoproj.io")
    )


# argo-cd:controller/appcontroller.go finalizeApplicationDeletion;
# kustomize-controller:internal/controller/kustomization_controller.go finalizerShouldDeleteResources
ROWS = (
    Concept(
        slot="deletion",
        says="Whether, and how, objects are deleted with their app.",
        argo=(on("metadata", "finalizers[]"),),
        flux=(on("Kustomization", "spec.deletionPolicy", "MirrorPrune"),),
        to_flux=(
            equivalent(when=lambda value, _ctx: str(value).startswith("finalizers.fluxcd.io")),
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
            says(A2F_DEL_001, when=_cascade),
            says(A2F_HOOK_005, when=_hook),
            says(A2F_DEL_005),
        ),
        to_argo=(
            exact(when=lambda value, _ctx: value in {"MirrorPrune", "Orphan"}),
            equivalent(when=lambda value, _ctx: value == "Delete"),
            says(F2A_DEL_001),
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
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="deletion",
        says="What happens to dependents when a release is uninstalled.",
        flux=(on("HelmRelease", "spec.uninstall.deletionPropagation", "background"),),
        to_argo=(equivalent(),),
    ),
)
