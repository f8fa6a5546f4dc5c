"""Service accounts that a project names for its destinations, beside that of the tenant.

Facts: argo-cd:util/settings/impersonation.go DeriveServiceAccountToImpersonate (first match; a name
without namespace is in the destination's); kustomize-controller:docs/spec/v1/kustomizations.md and
helm-controller:docs/spec/v2/helmreleases.md (the account is in the applier's namespace).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from argoflux.model.tenant import LOCAL_SERVER, matches

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.tenant_plan import TenantPlan
    from argoflux.model.tenant import AccountRule

_FORBIDDEN = frozenset("!*[]{}\\/")
_SLOT = "tenant.accounts"


class Origin(NamedTuple):
    """A service account where Argo CD used it."""

    namespace: str
    name: str


def choose_accounts(plan: TenantPlan) -> dict[Plan, str]:
    """The account of every applier of the tenant; notes what became of each rule."""
    tenant = plan.tenant
    rules = () if tenant.impersonates is False else tenant.accounts
    noted = plan.facts.setdefault("accounts", {})
    used: dict[Plan, tuple[int, Origin]] = {}
    for index, rule in enumerate(rules):
        noted[index] = {"why": _refused(rule)} if _refused(rule) else {"idle": True}
    for item in plan.plans:
        first = _first(rules, item)
        if first is not None and "why" not in noted[first]:
            used[item] = (first, _origin(rules[first], item))
    names = _names({origin for _, origin in used.values()})
    for index in {index for index, _ in used.values()}:
        moved = sorted({names[origin] for other, origin in used.values() if other == index})
        noted[index] = {"moved": ", ".join(f"{plan.namespace}/{name}" for name in moved)}
    for item, (_, origin) in used.items():
        namespace = item.app.destination.namespace
        before = plan.accounts.get(names[origin], ())
        local = (namespace,) if namespace and item.app.destination.cluster.local else ()
        plan.accounts[names[origin]] = tuple(sorted({*before, *local}))
    return {item: names[used[item][1]] if item in used else plan.account for item in plan.plans}


def emit_accounts(plan: TenantPlan) -> None:
    """The accounts, bound to what the tenant's own account is bound to where they deploy."""
    for name, namespaces in sorted(plan.accounts.items()):
        if name != plan.account:
            account = plan.draft("v1", "ServiceAccount", name, plan.namespace)
            account.put("metadata.name", name, slot=_SLOT)
        for namespace in namespaces:
            if plan.role is not None and namespace in plan.namespaces and not plan.everywhere:
                plan.bind_in(namespace, f"{plan.namespace}-{name}", plan.role, name, slot=_SLOT)


def _refused(rule: AccountRule) -> str:
    text = rule.account.strip()
    if not text:
        return "it is empty, and Argo CD refuses it as well"
    if _FORBIDDEN & set(text):
        return "it holds characters that Argo CD refuses as well"
    return ""


def _first(rules: tuple[AccountRule, ...], item: Plan) -> int | None:
    """The number of the rule that holds for an applier."""
    cluster = item.app.destination.cluster
    server = LOCAL_SERVER if cluster.local else cluster.server
    namespace = item.app.destination.namespace or ""
    for index, rule in enumerate(rules):
        if matches(rule.server, server) and matches(rule.namespace, namespace):
            return index
    return None


def _origin(rule: AccountRule, item: Plan) -> Origin:
    namespace, colon, name = rule.account.partition(":")
    if colon:
        return Origin(namespace, name)
    return Origin(item.app.destination.namespace or item.app.namespace, rule.account)


def _names(origins: set[Origin]) -> dict[Origin, str]:
    """Their names in the tenant's namespace: with the old namespace where one name is used twice."""
    several = {o.name for o in origins if sum(other.name == o.name for other in origins) > 1}
    return {o: f"{o.name}-{o.namespace}" if o.name in several else o.name for o in origins}
