"""Tenants of Flux: whose rights are used, and the flags of the controllers that set limits."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.conditions import fact, key_and_value
from argoflux.mapping.verdict import Message, Verdict

F2A_TEN_002 = Message(
    code="F2A-TEN-002",
    verdict=Verdict.APPROXIMATE,
    text="tenants are locked down by `{key}={value}`; Argo CD keeps them apart by projects and impersonation only",
    instead="see that every tenant has an AppProject with its own repositories, destinations and `destinationServiceAccounts`",
    tags=("security",),
)
F2A_TEN_003 = Message(
    code="F2A-TEN-003",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: it refers to {reference} in another namespace, which `no-cross-namespace-refs` forbids, so Flux does not apply it either",
    instead="move what it refers to into its namespace, or turn the flag off in the input, and convert again",
    tags=("security",),
)
F2A_TEN_004 = Message(
    code="F2A-TEN-004",
    verdict=Verdict.APPROXIMATE,
    text="not everything that tenant {tenant} deploys is known; project {project} permits namespaces {namespaces} and the cluster-scoped kinds that were found",
    instead="compare `destinations` and `clusterResourceWhitelist` of the project with what its apps deploy",
    tags=("evidence",),
)
F2A_TEN_001 = Message(
    code="F2A-TEN-001",
    verdict=Verdict.APPROXIMATE,
    text="{name} is applied as service account {value}: project {tenant_project} names it, and Argo CD uses it for syncs once impersonation is on; {impersonation}",
    instead="merge settings/argocd-cm.yaml into argocd-cm; keep the service account and its RoleBindings",
    tags=("security",),
)
F2A_TEN_005 = Message(
    code="F2A-TEN-005",
    verdict=Verdict.MANUAL,
    text="{name} is applied as service account {value}, which no project names: {no_tenant}; Argo CD applies it with its own rights",
    instead="give its AppProject `destinationServiceAccounts` and set application.sync.impersonation.enabled",
    tags=("security",),
)
F2A_TEN_006 = Message(
    code="F2A-TEN-006",
    verdict=Verdict.APPROXIMATE,
    text="the flag `default-service-account` has apps of namespace {tenant} applied as its service account {account}: project {project} names it, and Argo CD uses it for syncs once impersonation is on; {impersonation}",
    instead="merge settings/argocd-cm.yaml into argocd-cm; keep the service account and its RoleBindings",
    tags=("security",),
)
F2A_FLG_001 = Message(
    code="F2A-FLG-001",
    verdict=Verdict.APPROXIMATE,
    text="the controllers of Flux run with `{key}={value}`, which {effect}",
    instead="{remedy}",
)
F2A_FLG_002 = Message(
    code="F2A-FLG-002",
    verdict=Verdict.APPROXIMATE,
    text="the controllers of Flux run with `{key}={value}`, which {effect}",
    instead="{remedy}",
    tags=("security",),
)

_FLAGS = "flags:flux"
_OFF = frozenset({"", "0", "f", "false"})

_SECURITY = {
    "no-remote-bases": (
        "forbids kustomizations to fetch bases from elsewhere; Argo CD fetches them",
        "keep remote bases out by a check in the repositories",
    ),
    "default-decryption-service-account": (
        "decrypts with the identity of that service account; Argo CD does not decrypt",
        "hand Secrets over by an operator, or decrypt in a plugin with an identity of its own",
    ),
    "default-kubeconfig-service-account": (
        "reaches other clusters with the identity of that service account",
        "give the identity of Argo CD's controller access to the clusters, and limit it by projects",
    ),
    "feature-gates.ObjectLevelWorkloadIdentity": (
        "gives objects cloud identities of their own; Argo CD has one for all repositories",
        "give the identity of the repo-server access to all of them",
    ),
    "insecure-kubeconfig-tls": (
        "accepts kubeconfigs that do not verify certificates",
        "set `insecure` in the cluster Secrets that need it",
    ),
    "insecure-kubeconfig-exec": (
        "runs commands that kubeconfigs name",
        "use `execProviderConfig` in the cluster Secrets",
    ),
}
_EFFECTS = {
    "custom-apply-stage-kinds": (
        "applies these kinds before all others",
        'give objects of these kinds the annotation argocd.argoproj.io/sync-wave: "-1"',
    ),
    "override-manager": (
        "takes fields over from these field managers",
        "remove their entries from managedFields once, or Argo CD shares the fields with them",
    ),
    "sops-age-secret": (
        "decrypts with the keys of that Secret; Argo CD does not decrypt",
        "decrypt in a plugin, or hand the Secrets over by an operator",
    ),
    "sops-vault-configmap": (
        "decrypts by the Vault settings of that ConfigMap; Argo CD does not decrypt",
        "decrypt in a plugin, or hand the Secrets over by an operator",
    ),
    "watch-label-selector": (
        "leaves objects without these labels to others; all of them were converted",
        "convert the objects of this installation only",
    ),
    "feature-gates.AdditiveCELDependencyCheck": (
        "waits for readiness as well where a dependency has an expression",
        "compare the order of the Applications with that of the dependencies",
    ),
    "feature-gates.CancelHealthCheckOnNewRevision": (
        "ends health checks when a new revision arrives",
        "set `retry.refresh`, which drops retries of an older revision",
    ),
    "feature-gates.DefaultToRetryOnFailure": (
        "retries failed releases instead of rolling them back",
        "keep `retry` in the sync policies; Argo CD never rolls back by itself",
    ),
    "feature-gates.DisableChartDigestTracking": (
        "upgrades no release when only the digest of a chart changes",
        "pin chart versions; Argo CD renders whatever the version holds",
    ),
    "feature-gates.UseHelm3Defaults": (
        "applies releases as Helm 3 does, not server-side",
        "remove `ServerSideApply=true` where the way of applying matters",
    ),
    "feature-gates.DetectDrift": (
        "detects drift in all releases",
        "compare `selfHeal` of the Applications of releases with `driftDetection`",
    ),
}
_NAMED = frozenset(
    {
        "custom-apply-stage-kinds",
        "override-manager",
        "sops-age-secret",
        "sops-vault-configmap",
        "watch-label-selector",
        "default-decryption-service-account",
        "default-kubeconfig-service-account",
    }
)
"""Flags whose value is a name or a list: only an empty one is without effect."""


def _effect(value: Any, ctx: Context) -> dict[str, Any]:
    found = key_and_value(value, ctx)
    effect, remedy = {**_EFFECTS, **_SECURITY}[found["key"]]
    return {**found, "effect": effect, "remedy": remedy}


def _is_off(value: Any, ctx: Context) -> bool:
    text = str(value).strip().lower()
    named = key_and_value(value, ctx)["key"] in _NAMED
    return not text if named else text in _OFF


def _watches_one(value: Any, ctx: Context) -> dict[str, Any]:
    return {
        **key_and_value(value, ctx),
        "effect": "limits them to their own namespace; objects of all namespaces were converted",
        "remedy": "convert the objects of that namespace only",
    }


def _no_tenant(value: Any, ctx: Context) -> dict[str, Any]:
    return {"value": value, "no_tenant": ctx.fact("no_tenant") or "it is one of several made alike"}


def _is_strict(value: Any, _ctx: Context) -> bool:
    return str(value).strip().lower() not in _OFF


# kustomize-controller, helm-controller: main.go (flags), internal/features/features.go (gates);
# fluxcd/pkg:runtime/acl, runtime/client, runtime/controller (flags that all controllers share)
ROWS = (
    Concept(
        slot="service_account",
        says="The service account whose rights are used.",
        flux=(
            on("Kustomization", "spec.serviceAccountName"),
            on("HelmRelease", "spec.serviceAccountName"),
        ),
        to_argo=(
            exact(when=lambda value, _ctx: value == ""),
            says(F2A_TEN_001, when=fact("tenant_project")),
            equivalent(when=fact("controller_account")),
            equivalent(when=fact("renders_nothing")),
            says(F2A_TEN_005, facts=_no_tenant),
        ),
    ),
    Concept(
        slot="installation.lockdown",
        says="What tenants may not do, and whose rights they have by default.",
        flux=(
            on(_FLAGS, "no-cross-namespace-refs", "false"),
            on(_FLAGS, "default-service-account"),
        ),
        to_argo=(exact(when=_is_off), says(F2A_TEN_002, facts=key_and_value)),
    ),
    Concept(
        slot="installation.flags",
        says="Limits and identities that all objects of the installation share.",
        flux=tuple(on(_FLAGS, key) for key in _SECURITY),
        to_argo=(exact(when=_is_off), says(F2A_FLG_002, facts=_effect)),
    ),
    Concept(
        slot="installation.flags",
        says="How all objects of the installation are applied.",
        flux=tuple(on(_FLAGS, key) for key in _EFFECTS),
        to_argo=(exact(when=_is_off), says(F2A_FLG_001, facts=_effect)),
    ),
    Concept(
        slot="installation.flags",
        says="Whether objects of all namespaces are reconciled.",
        flux=(on(_FLAGS, "watch-all-namespaces", "true"),),
        to_argo=(exact(when=_is_strict), says(F2A_FLG_001, facts=_watches_one)),
    ),
    # what they change is read from the objects themselves: drift is always corrected, variables are
    # replaced while converting, artifacts are looked up by name
    Concept(
        slot="installation.flags",
        says="Switches whose effect the objects tell by themselves.",
        flux=(
            on(_FLAGS, "feature-gates.CorrectDrift", "true"),
            on(_FLAGS, "feature-gates.ExternalArtifact"),
            on(_FLAGS, "feature-gates.StrictPostBuildSubstitutions"),
        ),
        to_argo=(equivalent(),),
    ),
    Concept(
        slot="installation.flags",
        says="How much the controllers do at a time, and how often.",
        flux=tuple(
            on(_FLAGS, key)
            for key in (
                "concurrent",
                "helm-cache-max-size",
                "interval-jitter-percentage",
                "rate-limit-interval",
                "requeue-dependency",
            )
        ),
        to_argo=(equivalent(),),
    ),
)
