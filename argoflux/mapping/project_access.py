"""Projects: kinds that may be deployed, rights of people, accounts and signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, equivalent, exact, on, says
from argoflux.mapping.project import field_of, is_tenant, not_enforced, outcome
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context, Test

A2F_PRJ_004 = Message(
    code="A2F-PRJ-004",
    verdict=Verdict.APPROXIMATE,
    text="{kinds} became rights on {resources}; {caveat}",
    instead="compare with `kubectl api-resources` and complete {role}",
)
A2F_PRJ_005 = Message(
    code="A2F-PRJ-005",
    verdict=Verdict.APPROXIMATE,
    text="RBAC cannot deny: admission policy {policy} refuses {kinds} to {account}",
    instead="it needs Kubernetes 1.30; accounts that you add by hand are not covered",
)
A2F_PRJ_006 = Message(
    code="A2F-PRJ-006",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` became {rights}; {caveat}",
    instead="narrow it with an admission policy where that is too much",
    tags=("security",),
)
A2F_PRJ_007 = Message(
    code="A2F-PRJ-007",
    verdict=Verdict.NONE,
    text="tokens of role {role} were dropped: Flux has no API server that takes them",
    instead="give the tools that use them a service account with the role",
)
A2F_PRJ_010 = Message(
    code="A2F-PRJ-010",
    verdict=Verdict.APPROXIMATE,
    text="the input has no public key {key}: Secret {secret} holds a placeholder, and nothing is verified successfully until it is filled in",
    instead="put the armored key there (`gpg --export --armor {key}`)",
)
A2F_PRJ_011 = Message(
    code="A2F-PRJ-011",
    verdict=Verdict.APPROXIMATE,
    text="Flux only takes accounts of the applier's namespace: `{value}` became service account {moved}",
    instead="give it the rights that the account had",
    tags=("security",),
)
A2F_PRJ_017 = Message(
    code="A2F-PRJ-017",
    verdict=Verdict.MANUAL,
    text="`{value}` was left out: {why}",
    instead="{remedy}",
    tags=("security",),
)
A2F_PRJ_018 = Message(
    code="A2F-PRJ-018",
    verdict=Verdict.APPROXIMATE,
    text="`strict` looks at every commit before the newest; Flux verifies the newest commit, and the tag where one is checked out",
    instead="protect the branch on the Git server",
    tags=("security",),
)
A2F_PRJ_022 = Message(
    code="A2F-PRJ-022",
    verdict=Verdict.EQUIVALENT,
    text="`destinationServiceAccounts` had no effect and was left out: impersonation is off in argocd-cm",
)
A2F_PRJ_023 = Message(
    code="A2F-PRJ-023",
    verdict=Verdict.MANUAL,
    text="`{value}` is no account that Flux can use: {why}",
    instead="name an account and give it RBAC in namespace {tenant}",
)
A2F_PRJ_024 = Message(
    code="A2F-PRJ-024",
    verdict=Verdict.APPROXIMATE,
    text="{account} got ClusterRole `admin` in its destinations, which leaves out custom resources and quotas; whether apps of {project} have any is not known",
    instead="bind a further role where an app is refused",
    tags=("evidence",),
)
A2F_PRJ_026 = Message(
    code="A2F-PRJ-026",
    verdict=Verdict.APPROXIMATE,
    text="{account} may write roles, but only with rights that it has itself; Argo CD had no such limit",
    instead="grant it `bind` and `escalate` where it deploys operators, or let a trusted Kustomization apply them",
)
A2F_PRJ_030 = Message(
    code="A2F-PRJ-030",
    verdict=Verdict.APPROXIMATE,
    text="{name} deploys other apps: {account} may write Kustomizations and HelmReleases in {namespaces}, and with them use any account there",
    instead="let only people who may do all that write to the folder of the children",
    tags=("security",),
)

_KIND = "AppProject"
_RIGHTS = "a service account with RBAC for each project"
_DENIALS = "an admission policy for the service account of each project"
_ROLES = "Roles and RoleBindings for the groups of each project"
_VERIFY = "`verify` on the Git sources of each project, and the Secret of its keys"
_ACCOUNTS = "`serviceAccountName` on the appliers of each project"


def _facts(name: str) -> Any:
    """Texts that the emitter noted for the list item of the leaf."""
    return lambda _value, ctx: outcome(name, ctx) or {}


def _noted(name: str, key: str) -> Test:
    def test(_value: Any, ctx: Context) -> bool:
        return bool((outcome(name, ctx) or {}).get(key))

    return test


def _policy(ctx: Context) -> dict[str, Any]:
    """What became of one line of a role: ``spec.roles[n].policies[m]``."""
    found = (ctx.fact("policies") or {}).get((ctx.path[2], ctx.path[4]), {})
    return found if isinstance(found, dict) else {}


def _role_name(_value: Any, ctx: Context) -> dict[str, Any]:
    roles = (ctx.body.get("spec") or {}).get("roles") or []
    place = ctx.path[2]
    item = roles[place] if isinstance(place, int) and place < len(roles) else {}
    return {"role": item.get("name")}


def _is_every(value: Any, ctx: Context) -> bool:
    """Whether the list lets all kinds through, which is what RBAC without limits does."""
    del value
    items = (ctx.body.get("spec") or {}).get(field_of(ctx)) or []
    return any(item.get("group") == item.get("kind") == "*" for item in items)


def _kinds_paths(*lists: str, names: bool) -> tuple[Any, ...]:
    fields = ("group", "kind", "name") if names else ("group", "kind")
    return tuple(on(_KIND, f"spec.{item}[].{name}") for item in lists for name in fields)


# argo-cd:pkg/apis/application/v1alpha1/app_project_types.go (IsGroupKindNamePermitted: an absent
# namespaceResourceWhitelist permits all, an absent clusterResourceWhitelist none)
_KINDS = (
    Concept(
        slot="tenant.cluster_kinds",
        says="Cluster-scoped kinds that apps of the project may deploy.",
        argo=_kinds_paths("clusterResourceWhitelist", names=True),
        to_flux=(
            exact(when=lambda v, c: not is_tenant(v, c) and _is_every(v, c)),
            not_enforced(_RIGHTS),
            says(
                A2F_PRJ_026,
                when=lambda value, ctx: (
                    ctx.path[-1] == "kind" and _noted("cluster_kinds", "escalates")(value, ctx)
                ),
            ),
            says(
                A2F_PRJ_004, when=_noted("cluster_kinds", "caveat"), facts=_facts("cluster_kinds")
            ),
            equivalent(),
        ),
    ),
    Concept(
        slot="tenant.cluster_kinds",
        says="Without an entry, no cluster-scoped kind may be deployed.",
        argo=(on(_KIND, "spec.clusterResourceWhitelist"),),
        to_flux=(not_enforced(_RIGHTS), equivalent()),
    ),
    Concept(
        slot="tenant.kinds",
        says="Namespaced kinds that apps of the project may deploy.",
        argo=_kinds_paths("namespaceResourceWhitelist", names=False),
        to_flux=(
            exact(when=_is_every),
            not_enforced(_RIGHTS),
            says(A2F_PRJ_004, when=_noted("kinds", "caveat"), facts=_facts("kinds")),
            equivalent(),
        ),
    ),
    Concept(
        slot="tenant.kinds",
        says="An empty list: no namespaced kind may be deployed.",
        argo=(on(_KIND, "spec.namespaceResourceWhitelist"),),
        to_flux=(not_enforced(_RIGHTS), equivalent()),
    ),
    Concept(
        slot="tenant.cluster_kinds_denied",
        says="Cluster-scoped kinds that apps must not deploy, whatever is allowed.",
        argo=_kinds_paths("clusterResourceBlacklist", names=True),
        to_flux=(
            not_enforced(_DENIALS),
            says(A2F_PRJ_005, facts=_facts("cluster_kinds_denied")),
        ),
    ),
    Concept(
        slot="tenant.kinds_denied",
        says="Namespaced kinds that apps must not deploy, whatever is allowed.",
        argo=_kinds_paths("namespaceResourceBlacklist", names=False),
        to_flux=(not_enforced(_DENIALS), says(A2F_PRJ_005, facts=_facts("kinds_denied"))),
    ),
    Concept(
        slot="",
        says="No denied kinds.",
        argo=tuple(
            on(_KIND, f"spec.{name}")
            for name in ("clusterResourceBlacklist", "namespaceResourceBlacklist")
        ),
        to_flux=(equivalent(),),
    ),
)

# argo-cd:docs/operator-manual/rbac.md, argo-cd:util/rbac/rbac.go; kubernetes/kubernetes:
# pkg/apis/rbac/types.go
_PEOPLE = (
    Concept(
        slot="tenant.roles",
        says="A role of people and tools on the apps of the project.",
        argo=tuple(on(_KIND, f"spec.roles[].{name}") for name in ("name", "description")),
        to_flux=(
            equivalent(when=lambda _value, ctx: ctx.path[-1] == "description"),
            not_enforced(_ROLES),
            equivalent(),
        ),
    ),
    Concept(
        slot="tenant.roles.groups",
        says="Groups of the login provider that have the role.",
        argo=(on(_KIND, "spec.roles[].groups[]"),),
        to_flux=(not_enforced(_ROLES), exact()),
    ),
    Concept(
        slot="tenant.roles.policies",
        says="What the role may do with which apps.",
        argo=(on(_KIND, "spec.roles[].policies[]"),),
        to_flux=(
            not_enforced(_ROLES),
            says(
                A2F_PRJ_017,
                when=lambda _value, ctx: "why" in _policy(ctx),
                facts=lambda _value, ctx: _policy(ctx),
            ),
            equivalent(when=lambda _value, ctx: bool(_policy(ctx).get("idle"))),
            says(A2F_PRJ_006, facts=lambda _value, ctx: _policy(ctx)),
        ),
    ),
    Concept(
        slot="",
        says="Tokens that were issued for the role.",
        argo=tuple(on(_KIND, f"spec.roles[].jwtTokens[].{name}") for name in ("iat", "exp", "id")),
        to_flux=(says(A2F_PRJ_007, facts=_role_name),),
    ),
    Concept(
        slot="",
        says="Empty lists of roles and what they hold.",
        argo=(
            on(_KIND, "spec.roles"),
            *(on(_KIND, f"spec.roles[].{name}") for name in ("groups", "policies", "jwtTokens")),
        ),
        to_flux=(equivalent(),),
    ),
)


def _missing_key(value: Any, ctx: Context) -> bool:
    return value not in (ctx.fact("public_keys") or ())


def _key_facts(value: Any, ctx: Context) -> dict[str, Any]:
    return {"key": value, "secret": (ctx.fact("key_secrets") or {}).get(value)}


def _unused_keys(value: Any, ctx: Context) -> bool:
    """Whether no source is verified with the key."""
    return value not in (ctx.fact("key_secrets") or {})


# argo-cd:util/sourceintegrity, argo-cd:docs/user-guide/source-integrity.md;
# source-controller:internal/controller/gitrepository_controller.go verifySignature
_SIGNATURES = (
    Concept(
        slot="tenant.signatures",
        says="Keys whose signatures commits need.",
        argo=(
            on(_KIND, "spec.signatureKeys[].keyID"),
            on(_KIND, "spec.sourceIntegrity.git.policies[].gpg.keys[]"),
        ),
        to_flux=(
            not_enforced(_VERIFY),
            equivalent(when=_unused_keys),
            says(A2F_PRJ_010, when=_missing_key, facts=_key_facts),
            equivalent(),
        ),
    ),
    Concept(
        slot="tenant.signatures.mode",
        says="Which commits are verified.",
        argo=(on(_KIND, "spec.sourceIntegrity.git.policies[].gpg.mode"),),
        to_flux=(
            exact(when=lambda value, _ctx: value == "none"),
            not_enforced(_VERIFY),
            says(A2F_PRJ_018, when=lambda value, _ctx: value == "strict"),
            equivalent(),
        ),
    ),
    Concept(
        slot="tenant.signatures.repos",
        says="Repositories that the signatures are for.",
        argo=(on(_KIND, "spec.sourceIntegrity.git.policies[].repos[].url"),),
        to_flux=(not_enforced(_VERIFY), equivalent()),
    ),
    Concept(
        slot="",
        says="No signatures are needed.",
        argo=(
            on(_KIND, "spec.signatureKeys"),
            on(_KIND, "spec.sourceIntegrity"),
            on(_KIND, "spec.sourceIntegrity.git"),
            on(_KIND, "spec.sourceIntegrity.git.policies"),
            on(_KIND, "spec.sourceIntegrity.git.policies[].gpg.keys"),
        ),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="tenant.keys",
        says="Public keys of people who sign commits.",
        argo=(on("ConfigMap:argocd-gpg-keys-cm", "", subtree=True),),
        to_flux=(equivalent(),),
    ),
)

# argo-cd:util/settings/impersonation.go DeriveServiceAccountToImpersonate; kustomize-controller:
# docs/spec/v1/kustomizations.md (service account reference)
_IMPERSONATION = (
    Concept(
        slot="tenant.accounts",
        says="The service account that deploys to matching destinations.",
        argo=tuple(
            on(_KIND, f"spec.destinationServiceAccounts[].{name}")
            for name in ("server", "namespace", "defaultServiceAccount")
        ),
        to_flux=(
            says(A2F_PRJ_022, when=lambda _value, ctx: ctx.fact("impersonates") is False),
            not_enforced(_ACCOUNTS),
            equivalent(when=lambda _value, ctx: ctx.path[-1] != "defaultServiceAccount"),
            equivalent(when=_noted("accounts", "idle")),
            says(A2F_PRJ_023, when=_noted("accounts", "why"), facts=_facts("accounts")),
            says(A2F_PRJ_011, facts=_facts("accounts")),
        ),
    ),
    Concept(
        slot="",
        says="No accounts.",
        argo=(on(_KIND, "spec.destinationServiceAccounts"),),
        to_flux=(equivalent(),),
    ),
)

ROWS = (*_KINDS, *_PEOPLE, *_SIGNATURES, *_IMPERSONATION)
