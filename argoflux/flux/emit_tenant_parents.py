"""Rights of parents: an app of apps applies the appliers of its children, wherever these live.

In Argo CD whoever may write Applications beside the controller rules over all projects
(argo-cd:docs/operator-manual/cluster-bootstrapping.md); here the rights are on the kinds and in the
namespaces of the children only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_tenant_rights import is_unrestricted
from argoflux.flux.tenant_plan import RBAC, VERBS, listed
from argoflux.mapping.project_access import A2F_PRJ_030

if TYPE_CHECKING:
    from argoflux.flux.tenant_plan import TenantPlan

_RULES = [
    {
        "apiGroups": ["kustomize.toolkit.fluxcd.io"],
        "resources": ["kustomizations"],
        "verbs": list(VERBS),
    },
    {
        "apiGroups": ["helm.toolkit.fluxcd.io"],
        "resources": ["helmreleases"],
        "verbs": list(VERBS),
    },
]


def emit_parent_rights(plan: TenantPlan) -> None:
    """Let accounts of parents write the appliers of their children."""
    if is_unrestricted(plan):
        return
    wanted: dict[str, set[str]] = {}
    for item in plan.plans:
        if item.children is None:
            continue
        apps = {app for folder in item.children.folders for app in folder.apps}
        homes = {plan.homes[app] for app in apps if app in plan.homes}
        if not homes:
            continue
        account = str(item.facts.get("project_account", plan.account))
        wanted.setdefault(account, set()).update(homes)
        item.say(A2F_PRJ_030, account=account, namespaces=listed(sorted(homes)))
    for account, homes in sorted(wanted.items()):
        for namespace in sorted(homes):
            role = plan.draft(RBAC, "Role", plan.name(f"{account}-parent"), namespace)
            role.put("rules", _RULES, origin="required")
            bound = ("Role", role.name)
            plan.bind_in(namespace, role.name, bound, account, slot="")
