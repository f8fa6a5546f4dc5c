"""Names, labels and annotations of the objects themselves."""

from __future__ import annotations

from typing import Any

from argoflux.mapping import apply_instructions, depends_on, object_annotations, order, parents
from argoflux.mapping.annotations import A2F_ANN_004
from argoflux.mapping.annotations import NOTES as APPLICATION_NOTES
from argoflux.mapping.concept import (
    Concept,
    Context,
    Mount,
    Opaque,
    equivalent,
    exact,
    on,
    says,
)
from argoflux.mapping.conditions import fact
from argoflux.mapping.objects import ARGO_KINDS, FLUX_KINDS
from argoflux.mapping.verdict import Message, Verdict

A2F_NAM_001 = Message(
    code="A2F-NAM-001",
    verdict=Verdict.APPROXIMATE,
    text="the name {old} is longer than a label value may be; it became {new}",
    instead="rename references to it; the original name stands in `argoflux.dev/source`",
)
A2F_NAM_002 = Message(
    code="A2F-NAM-002",
    verdict=Verdict.APPROXIMATE,
    text="{old} was renamed to {new}: another object of the kind has that name in {namespace}",
    instead="rename one of the two if other files refer to it",
)
F2A_NAME_001 = Message(
    code="F2A-NAME-001",
    verdict=Verdict.EQUIVALENT,
    text="{source} became Application {new}: its own name is taken in the output, or is none that Kubernetes takes",
    instead="use the new name in references",
)
F2A_META_001 = Message(
    code="F2A-META-001",
    verdict=Verdict.EQUIVALENT,
    text="label `sharding.fluxcd.io/key` was dropped: Argo CD shards by cluster, on the application controller",
)
F2A_META_002 = Message(
    code="F2A-META-002",
    verdict=Verdict.EQUIVALENT,
    text="labels and annotations of {source} were left out: a source is no object of its own in Argo CD",
)
F2A_ANN_004 = Message(
    code="F2A-ANN-004",
    verdict=Verdict.MANUAL,
    text="`{key}` speaks to Flux, and has no counterpart in Argo CD",
    instead="carry its meaning over by hand",
)

_RUNTIME = (
    "argocd.argoproj.io/refresh",
    "argocd.argoproj.io/refresh-timestamp",
    "argocd.argoproj.io/hydrate",
    "argocd.argoproj.io/hydrate-timestamp",
    "argocd.argoproj.io/deletion-approved",
    "argocd.argoproj.io/application-set-refresh",
    "argocd.argoproj.io/tracking-id",
    "argocd.argoproj.io/installation-id",
    "kubectl.kubernetes.io/last-applied-configuration",
    "reconcile.fluxcd.io/requestedAt",
    "reconcile.fluxcd.io/forceAt",
    "reconcile.fluxcd.io/resetAt",
)
_MANAGED_BY = "app.kubernetes.io/managed-by"
_FLUX_OWN_LABELS = (
    "kustomize.toolkit.fluxcd.io/",
    "helm.toolkit.fluxcd.io/",
    "fluxcd.controlplane.io/",  # flux-operator marks what it made
    "resourceset.fluxcd.controlplane.io/",
)
_SHARD = "sharding.fluxcd.io/key"
_FLUX_LATER = (
    "kustomize.toolkit.fluxcd.io/",
    "helm.toolkit.fluxcd.io/",
    "fluxcd.controlplane.io/",
)
OWN_PREFIX = "argoflux.dev/"


def _key(ctx: Context) -> str:
    """The annotation or label key of the leaf."""
    last = ctx.path[-1] if ctx.path else ""
    return str(last)


def _keyed(*prefixes: str) -> Any:
    """A test: the leaf's key is one of the names, or starts with one that ends in a slash."""

    def test(_value: object, ctx: Context) -> bool:
        key = _key(ctx)
        return any(key == p or (p.endswith("/") and key.startswith(p)) for p in prefixes)

    return test


def _with_key(_value: object, ctx: Context) -> dict[str, str]:
    return {"key": _key(ctx)}


def _source(_value: object, ctx: Context) -> dict[str, str]:
    return {"source": ctx.app.id if ctx.app is not None else ""}


def _is_renamed(_value: object, ctx: Context) -> bool:
    return bool(ctx.fact("renamed"))


def _is_shortened(_value: object, ctx: Context) -> bool:
    return bool(ctx.fact("renamed") == "shortened")


def _is_folded(_value: object, ctx: Context) -> bool:
    """Whether the leaf belongs to an object that is part of an app, not the app itself."""
    return bool(ctx.app is not None and ctx.body.get("kind") != ctx.app.kind)


def _new_name(_value: object, ctx: Context) -> dict[str, object]:
    return {"new": ctx.fact("new_name"), "namespace": ctx.fact("flux_namespace")}


def _by_flux(key: str, value: object) -> bool:
    """Whether a label says that Flux manages the object."""
    return key == _MANAGED_BY and str(value).startswith("flux")


def copied_label(key: str, value: str, to: str) -> bool:
    """Whether a label of an Application or Flux object is copied to its counterpart."""
    if key.startswith(OWN_PREFIX):
        return False
    if to == "flux":
        return not key.startswith(("argocd.argoproj.io/", "argoproj.io/"))
    return not key.startswith((*_FLUX_OWN_LABELS, _SHARD)) and not _by_flux(key, value)


def copied_annotation(key: str, to: str) -> bool:
    """Whether an annotation of an Application or Flux object is copied to its counterpart."""
    if key.startswith(OWN_PREFIX) or key in _RUNTIME:
        return False
    if to == "flux":
        return "argoproj.io/" not in key
    if key.startswith(object_annotations.EVENT_PREFIX):
        return True  # templates of messages can read it
    return "fluxcd.io/" not in key and not key.startswith("fluxcd.controlplane.io/")


# Names and labels: argo-cd:pkg/apis/application/v1alpha1/types.go; limits of names:
# fluxcd/pkg:ssa/manager.go SetOwnerLabels. Annotations: argo-cd:common/common.go,
# argo-cd:docs/user-guide/annotations-and-labels.md,
# fluxcd/pkg:ssa/utils/meta.go, fluxcd/pkg:apis/meta/annotations.go.
ROWS = (
    *(Mount(kind=kind, path="metadata", table="metadata") for kind in (*ARGO_KINDS, *FLUX_KINDS)),
    *(
        Opaque(kind="metadata", path=path, reason="written by the API server")
        for path in (
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "ownerReferences",
            "selfLink",
        )
    ),
    Concept(
        slot="name",
        says="The name of the object; references, labels and the release name come from it.",
        argo=(on("metadata", "name"),),
        flux=(on("metadata", "name"),),
        to_flux=(
            says(A2F_NAM_001, when=_is_shortened, facts=_new_name),
            says(A2F_NAM_002, when=_is_renamed, facts=_new_name),
            exact(),
        ),
        to_argo=(
            equivalent(when=_is_folded),
            says(parents.F2A_NAME_002, when=fact("root"), facts=_source),
            says(F2A_NAME_001, when=_is_renamed, facts=_source),
            exact(),
        ),
    ),
    Concept(
        slot="name",
        says="A name that the API server completes; such an object cannot be referred to.",
        argo=(on("metadata", "generateName"),),
        flux=(on("metadata", "generateName"),),
        to_flux=(equivalent(),),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="namespace",
        says="Where the object itself lives, and with it the references it may make.",
        argo=(on("metadata", "namespace"),),
        flux=(on("metadata", "namespace"),),
        to_flux=(equivalent(),),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="labels",
        says="Labels of the object: selection, permissions, display.",
        argo=(on("metadata", "labels", subtree=True),),
        flux=(on("metadata", "labels", subtree=True),),
        to_flux=(
            equivalent(when=_keyed("argocd.argoproj.io/", "argoproj.io/", OWN_PREFIX)),
            exact(),
        ),
        to_argo=(
            equivalent(when=_keyed(OWN_PREFIX)),
            says(F2A_META_002, when=_is_folded),
            *apply_instructions.NOTES,
            says(F2A_META_001, when=_keyed(_SHARD)),
            equivalent(when=_keyed(*_FLUX_OWN_LABELS)),
            equivalent(when=lambda value, ctx: _by_flux(_key(ctx), value)),
            exact(),
        ),
    ),
    Concept(
        slot="annotations",
        says="Annotations of the object: instructions to the controllers, and notes.",
        argo=(on("metadata", "annotations", subtree=True),),
        flux=(on("metadata", "annotations", subtree=True),),
        to_flux=(
            equivalent(when=_keyed(OWN_PREFIX, *_RUNTIME)),
            *APPLICATION_NOTES,
            *order.NOTES,
            says(
                A2F_ANN_004,
                when=lambda _value, ctx: "argoproj.io/" in _key(ctx),
                facts=_with_key,
            ),
            exact(),
        ),
        to_argo=(
            *depends_on.NOTES,
            equivalent(when=_keyed(OWN_PREFIX, *_RUNTIME)),
            object_annotations.PAUSED,
            says(F2A_META_002, when=_is_folded),
            *apply_instructions.NOTES,
            object_annotations.EVENTS,
            says(F2A_ANN_004, when=_keyed(*_FLUX_LATER), facts=_with_key),
            equivalent(when=lambda _value, ctx: "fluxcd.io/" in _key(ctx)),
            exact(),
        ),
    ),
)
