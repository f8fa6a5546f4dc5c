"""Where an app is applied: cluster, namespace, identity and project."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, Mount, equivalent, exact, on, says
from argoflux.mapping.conditions import becomes_release, fact
from argoflux.mapping.verdict import Message, Verdict

LOCAL_SERVER = "https://kubernetes.default.svc"
"""The API URL that Argo CD reads as its own cluster (argo-cd:pkg/apis/application/v1alpha1)."""

LOCAL_NAME = "in-cluster"
"""The name of Argo CD's own cluster (argo-cd:util/db/cluster.go)."""

A2F_NS_001 = Message(
    code="A2F-NS-001",
    verdict=Verdict.APPROXIMATE,
    text="`targetNamespace: {namespace}` overrides the namespace of every object; Argo CD only filled missing ones, and what `{path}` holds cannot be seen from here",
    instead="give the checkout with `--source {url}=DIR`",
    tags=("evidence",),
)
A2F_NS_002 = Message(
    code="A2F-NS-002",
    verdict=Verdict.APPROXIMATE,
    text="`{path}` holds the Namespace {names}, which `targetNamespace` would rename, and objects that cannot be seen from here: {handling}",
    instead="check the namespaces of the rendered objects",
)
A2F_NS_003 = Message(
    code="A2F-NS-003",
    verdict=Verdict.APPROXIMATE,
    text="{name} has no destination namespace: {consequence}",
    instead="set namespaces in Git, or a destination namespace",
)
A2F_NS_004 = Message(
    code="A2F-NS-004",
    verdict=Verdict.MANUAL,
    text="`{path}` mixes objects with and without a namespace under nested kustomizations; no setting of Flux fills only the blanks there",
    instead="set the namespaces in Git",
)
A2F_NS_005 = Message(
    code="A2F-NS-005",
    verdict=Verdict.EQUIVALENT,
    text="objects of `{path}` without a namespace get {namespace} by a patch; the others keep theirs",
)
A2F_NS_006 = Message(
    code="A2F-NS-006",
    verdict=Verdict.EQUIVALENT,
    text="`{path}` holds the Namespace {names}, which `targetNamespace` would rename: {handling}",
)
A2F_DST_001 = Message(
    code="A2F-DST-001",
    verdict=Verdict.EQUIVALENT,
    text="{value} is another cluster: Flux reaches it with what {secret} says",
    instead="think of one Flux per cluster, which is what Flux recommends",
)
A2F_DST_002 = Message(
    code="A2F-DST-002",
    verdict=Verdict.MANUAL,
    text="cluster {value} is not in the input; {secret} is a stub of its kubeconfig",
    instead="fill it in, or add the Argo CD cluster Secret to the input",
    tags=("evidence",),
)
A2F_DST_006 = Message(
    code="A2F-DST-006",
    verdict=Verdict.MANUAL,
    text="`server` and `name` are both set; Argo CD refuses that",
    instead="keep one of them",
)
A2F_DST_007 = Message(
    code="A2F-DST-007",
    verdict=Verdict.APPROXIMATE,
    text="{name} names no cluster, which Argo CD refuses; {object} applies it to the cluster of its controller",
    instead="state the `server` or `name` of the destination",
    tags=("evidence",),
)
A2F_OPT_005 = Message(
    code="A2F-OPT-005",
    verdict=Verdict.EQUIVALENT,
    text="namespace {namespace} is now a manifest of its own that is never pruned",
)
A2F_OPT_006 = Message(
    code="A2F-OPT-006",
    verdict=Verdict.EQUIVALENT,
    text="`managedNamespaceMetadata` had no effect and was left out: {name} creates no namespace",
)
A2F_OPT_017 = Message(
    code="A2F-OPT-017",
    verdict=Verdict.MANUAL,
    text="`managedNamespaceMetadata` of namespace {namespace} was left out: the namespace is on another cluster",
    instead="give the namespace these labels and annotations there",
)
A2F_OPT_020 = Message(
    code="A2F-OPT-020",
    verdict=Verdict.APPROXIMATE,
    text="Applications disagree on `{key}` of namespace {namespace}; the value of {first} was written",
    instead="agree on one value",
)
F2A_KUBE_001 = Message(
    code="F2A-KUBE-001",
    verdict=Verdict.MANUAL,
    text="{name} is applied to the cluster of Secret {secret}; Argo CD must know that cluster as {cluster}",
    instead="register it with `argocd cluster add`, or fill the stub {stub}",
)
F2A_KUBE_002 = Message(
    code="F2A-KUBE-002",
    verdict=Verdict.MANUAL,
    text="{name} reaches {cluster} by the workload identity in ConfigMap {value} ({provider}, {account}); Argo CD uses the identity of its application controller",
    instead="give that identity the same rights, and fill the stub {stub}",
)
F2A_NS_001 = Message(
    code="F2A-NS-001",
    verdict=Verdict.APPROXIMATE,
    text="{name} states no namespace in its file; the destination namespace was left out",
    instead="set it to the namespace that the kustomization file gives the HelmRelease",
)


def _mode(*modes: str) -> Any:
    def test(_value: Any, ctx: Context) -> bool:
        return ctx.fact("namespace_mode") in modes

    return test


def _known(_value: Any, ctx: Context) -> bool:
    return bool(ctx.fact("namespace_known"))


def _seen_beside_namespaces(value: Any, ctx: Context) -> bool:
    """Namespaces among objects that are all known: each ends up where Argo CD puts it."""
    return _known(value, ctx) and ctx.fact("namespace_mode") == "namespaces"


def _handling(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"names": ctx.fact("namespace_names"), "handling": ctx.fact("namespace_handling")}


def _is_local(value: Any, ctx: Context) -> bool:
    local = LOCAL_NAME if ctx.path[-1] == "name" else LOCAL_SERVER
    return str(value).rstrip("/") in {"", local}


def _kubeconfig(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"secret": ctx.fact("kubeconfig_object")}


def _registered(_value: Any, ctx: Context) -> dict[str, Any]:
    """Names for the message of a cluster, also where no Application was written for the object."""
    secret = ctx.app.destination.cluster.secret if ctx.app is not None else ""
    return {
        "secret": ctx.fact("kubeconfig_secret") or secret or "without a name",
        "cluster": ctx.fact("cluster") or "a cluster of its own",
        "stub": ctx.fact("cluster_stub") or "of a cluster Secret",
    }


def _identified(value: Any, ctx: Context) -> dict[str, Any]:
    """Names for the message of a cluster that a cloud identity reaches."""
    identity = ctx.fact("cluster_identity") or {}
    account = identity.get("serviceAccountName")
    return {
        **_registered(value, ctx),
        "provider": identity.get("provider") or "provider unknown",
        "account": f"service account {account}" if account else "the controller's own account",
    }


def _inert(_value: Any, ctx: Context) -> bool:
    return not creates_namespace(ctx)


def creates_namespace(ctx: Context) -> bool:
    """Whether Argo CD makes a namespace: by the option, and only the one of the destination."""
    if ctx.app is None:
        return False
    return ctx.app.destination.create_namespace and bool(ctx.app.destination.namespace)


def is_remote(_value: Any, ctx: Context) -> bool:
    """Whether the app is applied to another cluster."""
    return ctx.app is not None and not ctx.app.destination.cluster.local


# Clusters: argo-cd:util/argo/argo.go (GetDestinationCluster); kubeconfigs:
# fluxcd/pkg:runtime/client/impersonation.go (NewImpersonator). The namespace that fills blanks:
# argo-cd:controller/state.go (NormalizeTargetObjects). Created namespaces:
# argo-cd:controller/sync_namespace.go (syncNamespace), gitops-engine:pkg/sync/sync_context.go
# (autoCreateNamespace: only with a destination namespace).
ROWS = (
    Concept(
        slot="destination.cluster",
        says="The cluster that the objects are applied to.",
        argo=(
            on("Application", "spec.destination.server"),
            on("Application", "spec.destination.name"),
        ),
        to_flux=(
            exact(when=_is_local),
            says(
                A2F_DST_001,
                when=lambda _value, ctx: bool(ctx.fact("cluster_known")),
                facts=_kubeconfig,
            ),
            says(A2F_DST_002, facts=_kubeconfig),
        ),
    ),
    Concept(
        slot="destination.cluster",
        says="The kubeconfig of the cluster that the objects are applied to.",
        flux=(
            on("Kustomization", "spec.kubeConfig.secretRef.name"),
            on("Kustomization", "spec.kubeConfig.secretRef.key", "value"),
            on("HelmRelease", "spec.kubeConfig.secretRef.name"),
            on("HelmRelease", "spec.kubeConfig.secretRef.key", "value"),
        ),
        to_argo=(says(F2A_KUBE_001, facts=_registered),),
    ),
    Concept(
        slot="destination.cluster",
        says="The cloud identity that reaches the cluster.",
        flux=(
            on("Kustomization", "spec.kubeConfig.configMapRef.name"),
            on("HelmRelease", "spec.kubeConfig.configMapRef.name"),
        ),
        to_argo=(says(F2A_KUBE_002, facts=_identified),),
    ),
    Concept(
        slot="destination.namespace",
        says="The namespace of objects that name none; for charts, the release's namespace.",
        argo=(on("Application", "spec.destination.namespace"),),
        flux=(on("HelmRelease", "spec.targetNamespace"),),
        to_flux=(
            exact(when=lambda value, _ctx: value == ""),
            exact(when=becomes_release),
            exact(when=_mode("override")),  # kustomize.namespace decides; the blank filler is idle
            says(A2F_NS_004, when=_mode("mixed")),
            says(A2F_NS_006, when=_seen_beside_namespaces, facts=_handling),
            says(A2F_NS_002, when=_mode("namespaces"), facts=_handling),
            says(A2F_NS_005, when=_mode("patch")),
            exact(when=_known),
            says(A2F_NS_001),
        ),
        to_argo=(exact(),),
    ),
    # argo-cd:controller/sync_namespace.go (syncNamespace: only beside CreateNamespace=true)
    Concept(
        slot="destination.namespace_labels",
        says="Labels of the namespace that is created.",
        argo=(on("Application", "spec.syncPolicy.managedNamespaceMetadata.labels", subtree=True),),
        flux=(on("Namespace", "metadata.labels", subtree=True),),
        to_flux=(
            says(A2F_OPT_006, when=_inert),
            equivalent(when=fact("namespace_applier")),
            says(A2F_OPT_017, when=is_remote),
            equivalent(),
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="destination.namespace_annotations",
        says="Annotations of the namespace that is created.",
        argo=(
            on(
                "Application",
                "spec.syncPolicy.managedNamespaceMetadata.annotations",
                subtree=True,
            ),
        ),
        flux=(on("Namespace", "metadata.annotations", subtree=True),),
        to_flux=(
            says(A2F_OPT_006, when=_inert),
            equivalent(when=fact("namespace_applier")),
            says(A2F_OPT_017, when=is_remote),
            equivalent(),
        ),
        to_argo=(equivalent(),),
    ),
    # a Namespace that stands for CreateNamespace=true (written by the other direction)
    Mount(kind="Namespace", path="metadata", table="metadata"),
    Concept(
        slot="destination.create_namespace",
        says="The namespace that is created.",
        flux=(on("Namespace", "metadata.name"),),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="kind",
        says="Which type of object this is.",
        flux=(on("Namespace", "apiVersion"), on("Namespace", "kind")),
        to_argo=(equivalent(),),
    ),
)
