"""Roles of people on the apps of a project, as RBAC on the Flux objects of the tenant.

Facts: argo-cd:docs/operator-manual/rbac.md (resources and actions), argo-cd:util/rbac/rbac.go
(globs in actions and objects; a denial wins).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.tenant_plan import RBAC, RBAC_GROUP, VERBS, listed, put_role
from argoflux.mapping.names import with_hash
from argoflux.model.tenant import ANY, matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.flux.tenant_plan import TenantPlan
    from argoflux.model.tenant import Policy, ProjectRole

_GROUPS = ["source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"]
_APPLIERS = {
    "Kustomization": ("kustomize.toolkit.fluxcd.io", "kustomizations"),
    "HelmRelease": ("helm.toolkit.fluxcd.io", "helmreleases"),
}
_ACTIONS = {
    "get": ("get", "list", "watch"),
    "create": ("create",),
    "update": ("update", "patch"),
    "override": ("update", "patch"),
    "sync": ("patch",),
    "delete": ("delete",),
}
_LISTING = frozenset({"list", "watch", "create"})
_LOGS = {
    "apiGroups": [""],
    "resources": ["pods", "pods/log"],
    "verbs": ["get", "list", "watch"],
}
_EXEC = {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create", "get"]}
_POLICY_SLOT = "tenant.roles.policies"
_DENIED = "RBAC cannot deny, and this denial is narrower than what is allowed"
_BY_HAND = "grant what is needed by hand"
_PATCHES = "whoever may patch an object may change its spec as well"
_SEES = "its sources are among them"
_NARROW = "further apps that fit need a rule of their own"


class Grant(NamedTuple):
    """What a policy allows: verbs on the appliers of some apps (None: all), and access to pods."""

    verbs: frozenset[str] = frozenset()
    apps: tuple[str, ...] | None = None
    logs: bool = False
    exec: bool = False


def emit_roles(plan: TenantPlan) -> None:
    """Roles with RoleBindings, and what became of each policy."""
    taken: set[str] = set()
    noted = plan.facts.setdefault("policies", {})
    for index, role in enumerate(plan.tenant.roles):
        name = plan.name(role.name)
        if name in taken:
            name = with_hash(name, f"{plan.tenant.name}/{role.name}")
        taken.add(name)
        grants, outcomes = _read(plan, role)
        noted.update({(index, place): facts for place, facts in outcomes.items()})
        if grants:
            _emit_role(plan, name, role, grants)


def _read(plan: TenantPlan, role: ProjectRole) -> tuple[list[Grant], dict[int, dict[str, Any]]]:
    """The grants of a role, and per policy the facts for the row."""
    grants: list[Grant] = []
    outcomes: dict[int, dict[str, Any]] = {}
    denied = frozenset[str]()
    for place, policy in enumerate(role.policies):
        if policy.valid and policy.effect == "deny":
            verbs = _verbs(policy.action)
            if policy.resource in {"applications", ANY} and verbs and _all_apps(plan, policy):
                denied |= verbs
                text = f"a denial of {', '.join(_ordered(verbs))} for the whole role"
                outcomes[place] = {"rights": text, "caveat": "roles of others may still allow it"}
            else:
                outcomes[place] = {"why": _DENIED, "remedy": "write narrower permissions"}
    for place, policy in enumerate(role.policies):
        if place in outcomes:
            continue
        grant, facts = _grant(plan, policy)
        outcomes[place] = facts
        if grant is not None:
            grants.append(grant._replace(verbs=grant.verbs - denied))
    return grants, outcomes


def _grant(plan: TenantPlan, policy: Policy) -> tuple[Grant | None, dict[str, Any]]:
    """What one permission allows, and the facts for its row."""
    if not policy.valid or policy.effect != "allow":
        form = "p, proj:<project>:<role>, <resource>, <action>, <object>, allow"
        why = f"it is no policy of its role (`{form}`)"
        return None, {"why": why, "remedy": "correct it, or remove it"}
    apps = None if _all_apps(plan, policy) else _apps(plan, policy.object)
    if policy.resource == "logs":
        return Grant(logs=True), _pods(plan, "pods/log")
    if policy.resource == "exec":
        return Grant(exec=True), _pods(plan, "pods/exec")
    if policy.resource == "projects":
        return None, {"idle": True}
    if policy.resource not in {"applications", ANY}:
        why = f"`{policy.resource}` has no counterpart among the objects of the tenant"
        return None, {"why": why, "remedy": _BY_HAND}
    verbs = _verbs(policy.action)
    if not verbs:
        why = f"`{policy.action}` is nothing that a Flux object can be asked for"
        return None, {"why": why, "remedy": _BY_HAND}
    if apps is not None:
        verbs -= _LISTING
        if not apps or not verbs:
            why = "RBAC knows objects by their name only, and the input has none that fits"
            return None, {"why": why, "remedy": _BY_HAND}
    everything = policy.resource == ANY
    on = "the Flux objects of the tenant" if apps is None else listed(apps)
    caveat = _PATCHES if "patch" in verbs else _SEES if apps is None else _NARROW
    return (
        Grant(verbs=verbs, apps=apps, logs=everything, exec=everything),
        {"rights": f"{', '.join(_ordered(verbs))} on {on}", "caveat": caveat},
    )


def _pods(plan: TenantPlan, resource: str) -> dict[str, Any]:
    namespaces = plan.facts.get("namespaces", "no namespace")
    caveat = "that holds for every pod there, whoever deployed it"
    return {"rights": f"rights on {resource} in {namespaces}", "caveat": caveat}


def _verbs(action: str) -> frozenset[str]:
    """The verbs that an action stands for; actions on parts of an app have none."""
    found = [verbs for name, verbs in _ACTIONS.items() if matches(action, name)]
    return frozenset(verb for verbs in found for verb in verbs)


def _ordered(verbs: Iterable[str]) -> list[str]:
    return sorted(verbs, key=VERBS.index)


def _all_apps(plan: TenantPlan, policy: Policy) -> bool:
    """Whether the object of a policy stands for all apps of the project."""
    return policy.object in {ANY, f"{ANY}/{ANY}", f"{plan.tenant.name}/{ANY}"}


def _apps(plan: TenantPlan, pattern: str) -> tuple[str, ...]:
    """Appliers (``Kind/name``) of the apps that an object pattern holds for."""
    project = plan.tenant.name
    found = set()
    for item in plan.plans:
        names = (f"{project}/{item.app.name}", f"{project}/{item.app.namespace}/{item.app.name}")
        if any(matches(pattern, name) for name in names):
            appliers = [stage.name for stage in item.stages] or [item.name]
            found |= {f"{item.kind}/{name}" for name in appliers}
    return tuple(sorted(found))


def _emit_role(plan: TenantPlan, name: str, role: ProjectRole, grants: list[Grant]) -> None:
    """A Role beside the Flux objects, and one for pods in each destination, bound to the groups."""
    rules = _rules(grants)
    if rules:
        _emit_bound(plan, name, plan.namespace, rules, role)
    pods = [_LOGS] if any(grant.logs for grant in grants) else []
    pods += [_EXEC] if any(grant.exec for grant in grants) else []
    for namespace in plan.namespaces if pods else ():
        if namespace == plan.namespace:
            _emit_bound(plan, f"{name}-pods", namespace, pods, role)
        else:
            _emit_bound(plan, name, namespace, pods, role)


def _rules(grants: list[Grant]) -> list[dict[str, Any]]:
    whole = _ordered({verb for grant in grants if grant.apps is None for verb in grant.verbs})
    rules: list[dict[str, Any]] = []
    if whole:
        rules.append({"apiGroups": _GROUPS, "resources": ["*"], "verbs": whole})
    named: dict[str, set[str]] = {}
    for grant in grants:
        for app in grant.apps or ():
            named.setdefault(app, set()).update(grant.verbs)
    for app, verbs in sorted(named.items()):
        kind, _, name = app.partition("/")
        group, resource = _APPLIERS[kind]
        rules.append(
            {
                "apiGroups": [group],
                "resources": [resource],
                "resourceNames": [name],
                "verbs": _ordered(verbs),
            }
        )
    return rules


def _emit_bound(
    plan: TenantPlan, name: str, namespace: str, rules: list[dict[str, Any]], role: ProjectRole
) -> None:
    draft = plan.draft(RBAC, "Role", name, namespace)
    draft.put("metadata.name", name, slot="tenant.roles")
    for rule in rules:
        draft.add("rules", rule, slot=_POLICY_SLOT)
    if not role.groups:
        return
    binding = plan.draft(RBAC, "RoleBinding", name, namespace)
    put_role(binding, ("Role", name), slot="tenant.roles")
    for group in role.groups:
        subject = {"kind": "Group", "apiGroup": RBAC_GROUP, "name": group}
        binding.add("subjects", subject, slot="tenant.roles.groups")
