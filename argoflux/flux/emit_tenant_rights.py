"""RBAC of a tenant's service account: what it may write, and in which namespaces.

Argo CD checks group, kind and namespace of every object before it applies them; Kubernetes checks
the same with the account that the applier impersonates.
Facts: argo-cd:pkg/apis/application/v1alpha1/app_project_types.go (IsGroupKindNamePermitted,
IsDestinationPermitted); kustomize-controller:internal/controller/kustomization_controller.go and
helm-controller:internal/controller/helmrelease_controller.go (impersonation, release Secrets).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.kind_plurals import guess_plural
from argoflux.flux.tenant_plan import RBAC, VERBS, listed, put_role
from argoflux.mapping.project_access import A2F_PRJ_024
from argoflux.model.content import Known
from argoflux.model.tenant import ANY, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.flux.kind_plurals import KindEntry
    from argoflux.flux.tenant_plan import TenantPlan
    from argoflux.model.tenant import KindPattern, Reach

_META = frozenset("*?[{\\")
_ROLES = frozenset({"clusterroles", "clusterrolebindings"})
_BY_NAME = ("get", "update", "patch", "delete")
_DESTINATIONS = "tenant.destinations"


class Right(NamedTuple):
    """Writing a resource; ``name`` limits it to one object, empty for all."""

    group: str
    resource: str
    name: str = ""


def choose_namespaces(plan: TenantPlan) -> None:
    """Find the namespaces that destinations mean, and note what became of each entry."""
    tenant = plan.tenant
    local = [item for item in tenant.destinations if item.local and not item.denies]
    denies = any(item.denies for item in tenant.destinations)
    plan.everywhere = not denies and any(item.namespace == ANY for item in local)
    named = {item.namespace for item in local if item.namespace and not is_glob(item.namespace)}
    found = {name for name in named | set(_used(plan)) if tenant.permits_namespace(name)}
    plan.namespaces = tuple(sorted(found))
    plan.facts["namespaces"] = listed(plan.namespaces) or "no namespace"
    free = is_unrestricted(plan)
    plan.facts["destinations"] = {
        index: _outcome(item, plan, free=free) for index, item in enumerate(tenant.destinations)
    }


def is_glob(pattern: str) -> bool:
    """Whether a pattern may stand for several names."""
    return bool(_META & set(pattern)) or pattern.startswith("!")


def is_unrestricted(plan: TenantPlan) -> bool:
    """Whether every kind may be deployed everywhere."""
    tenant = plan.tenant
    denied = tenant.kinds_denied or tenant.cluster_kinds_denied
    whole = plan.everywhere and tenant.all_kinds and not denied
    return whole and any(item.every for item in tenant.cluster_kinds)


def _used(plan: TenantPlan) -> Iterator[str]:
    """The namespaces that apps of the tenant are known to write, in the controller's own cluster."""
    for app in plan.plans:
        if not app.app.destination.cluster.local:
            continue
        if app.app.destination.namespace:
            yield app.app.destination.namespace
        if isinstance(app.content, Known):
            yield from app.content.namespaces


def _outcome(item: Reach, plan: TenantPlan, *, free: bool) -> frozenset[str]:
    found = set()
    clusters = [
        p.app.destination.cluster for p in plan.plans if not p.app.destination.cluster.local
    ]
    reached = any(_reaches(item, c.server, c.name) for c in clusters)
    if not item.denies and (reached or not item.local):
        found.add("remote")
    elif free:
        found.add("free")
    if item.local and item.namespace == ANY and plan.everywhere:
        found.add("everywhere")
    elif item.local and is_glob(item.namespace):
        found.add("pattern")
    return frozenset(found)


def _reaches(item: Reach, server: str, name: str) -> bool:
    by_server = bool(server) and matches(item.server, server)
    return by_server or (bool(name) and matches(item.name, name))


def emit_rights(plan: TenantPlan) -> None:
    """Bind the tenant's account to what the project lets its apps deploy."""
    account = plan.draft("v1", "ServiceAccount", plan.account, plan.namespace)
    account.put("metadata.name", plan.account, slot="name")
    binding = f"{plan.namespace}-reconciler"
    if is_unrestricted(plan):
        plan.bind(binding, ("ClusterRole", "cluster-admin"), slot=_DESTINATIONS)
        return
    if plan.everywhere or plan.namespaces:
        _bind_namespaced(plan, binding)
    _bind_cluster(plan)


def _bind_namespaced(plan: TenantPlan, binding: str) -> None:
    """Rights on namespaced kinds; none at all where the list of kinds is empty."""
    if plan.tenant.all_kinds:
        extra = _beyond_admin(plan)
        whole = bool(extra) and not plan.everywhere
        plan.role = ("ClusterRole", "cluster-admin" if whole else "admin")
        plan.bind(binding, plan.role, slot=_DESTINATIONS)
        if extra and plan.everywhere:
            custom = _cluster_role(plan, "custom", extra, slot="")
            plan.bind(custom, ("ClusterRole", custom), slot=_DESTINATIONS)
        elif not extra and _any_unknown(plan):
            resource = plan.tenant.resource
            place, apps = resource.place("spec"), (str(resource.ref),)
            plan.emission.say(
                A2F_PRJ_024, place, apps=apps, account=plan.account, project=plan.tenant.name
            )
        return
    rights = _noted_rights(plan, "kinds", plan.tenant.kinds or (), namespaced=True)
    if not rights:
        return
    if any(app.kind == "HelmRelease" for app in plan.plans):
        rights.append(Right("", "secrets"))  # where helm-controller keeps its releases
    plan.role = ("ClusterRole", _cluster_role(plan, "namespaced", rights, slot="tenant.kinds"))
    plan.bind(binding, plan.role, slot=_DESTINATIONS)


def _any_unknown(plan: TenantPlan) -> bool:
    return any(not (isinstance(a.content, Known) and a.content.complete) for a in plan.plans)


def _beyond_admin(plan: TenantPlan) -> list[Right]:
    """Namespaced kinds that apps of the tenant are known to have and `admin` does not hold."""
    found = set()
    for app in plan.plans:
        for obj in app.content.objects if isinstance(app.content, Known) else ():
            entry = plan.kinds.find(obj.ref.group, obj.ref.kind)
            if entry is not None and entry.namespaced and not entry.admin:
                found.add(Right(entry.group, entry.plural))
    return sorted(found)


def _bind_cluster(plan: TenantPlan) -> None:
    """Rights on cluster-scoped kinds; without a list there are none."""
    rights = _noted_rights(plan, "cluster_kinds", plan.tenant.cluster_kinds, namespaced=False)
    if not rights:
        return
    name = _cluster_role(plan, "cluster", rights, slot="tenant.cluster_kinds")
    binding = plan.draft(RBAC, "ClusterRoleBinding", name)
    put_role(binding, ("ClusterRole", name), slot="tenant.cluster_kinds")
    binding.put("subjects", plan.subjects(), origin="derived")


def _noted_rights(
    plan: TenantPlan, name: str, patterns: Iterable[KindPattern], *, namespaced: bool
) -> list[Right]:
    """The rights that patterns stand for; what became of each is noted for the rows."""
    role = plan.name("namespaced" if namespaced else "cluster")
    rights: dict[Right, None] = {}
    noted = plan.facts.setdefault(name, {})
    for index, pattern in enumerate(patterns):
        found, caveat = _resolve(plan, pattern, namespaced=namespaced)
        rights.update(dict.fromkeys(found))
        noted[index] = {
            "kinds": kind_text(pattern),
            "resources": listed([right.resource for right in found]) or "nothing",
            "caveat": caveat,
            "role": f"ClusterRole {role}",
            "escalates": any(right.resource in _ROLES for right in found),
        }
    return list(rights)


def kind_text(pattern: KindPattern) -> str:
    """A pattern for a message."""
    group = f" of group `{pattern.group}`" if pattern.group else ""
    name = f" with name `{pattern.name}`" if pattern.name else ""
    return f"kind `{pattern.kind}`{group}{name}"


def _resolve(
    plan: TenantPlan, pattern: KindPattern, *, namespaced: bool
) -> tuple[list[Right], str]:
    """The rights that a pattern stands for, and what a reader has to know about them."""
    if is_glob(pattern.kind) or (is_glob(pattern.group) and pattern.group != ANY):
        return _enumerated(plan, pattern, namespaced=namespaced)
    by_name = pattern.name if pattern.name and not is_glob(pattern.name) else ""
    candidates = (
        plan.kinds.of_kind(pattern.kind)
        if pattern.group == ANY
        else list(filter(None, [plan.kinds.find(pattern.group, pattern.kind)]))
    )
    fitting = [entry for entry in candidates if entry.namespaced == namespaced]
    if candidates and not fitting:
        scope = "cluster-scoped" if namespaced else "namespaced"
        return [], f"the kind is {scope}, so the entry has no effect"
    plural = fitting[0].plural if fitting else guess_plural(pattern.kind)
    caveats = []
    if not fitting or fitting[0].guessed:
        caveats.append(f"the plural `{plural}` is a guess")
    if pattern.name:
        policy = plan.name("cluster-kinds")
        caveats.append(f"RBAC cannot limit `create` by name, admission policy {policy} does")
    return [Right(pattern.group, plural, by_name)], "; ".join(caveats)


def _enumerated(
    plan: TenantPlan, pattern: KindPattern, *, namespaced: bool
) -> tuple[list[Right], str]:
    """A glob over kinds: ``*`` where that stays within the scope, else every kind that is known."""
    if namespaced and pattern.kind == ANY and not is_glob(pattern.group):
        return [Right(pattern.group, ANY)], ""
    entries: list[KindEntry] = [
        entry
        for entry in plan.kinds.entries()
        if entry.namespaced == namespaced and pattern.holds(entry.group, entry.kind)
    ]
    caveat = "RBAC has no patterns, so only kinds that are built in or in the input are named"
    return [Right(entry.group, entry.plural) for entry in entries], caveat


def _cluster_role(plan: TenantPlan, suffix: str, rights: list[Right], *, slot: str) -> str:
    """A ClusterRole of the tenant; returns its name."""
    name = plan.name(suffix)
    draft = plan.draft(RBAC, "ClusterRole", name)
    for rule in _rules(rights):
        draft.add("rules", rule, slot=slot)
    return name


def _rules(rights: list[Right]) -> Iterator[dict[str, Any]]:
    """One rule per group of whole resources, then two for each that is limited to names."""
    whole = {(right.group, right.resource) for right in rights if not right.name}
    for group in sorted({group for group, _ in whole}):
        resources = sorted(resource for other, resource in whole if other == group)
        yield {"apiGroups": [group], "resources": resources, "verbs": list(VERBS)}
    named: dict[tuple[str, str], list[str]] = {}
    for right in sorted(rights):
        if right.name and (right.group, right.resource) not in whole:
            named.setdefault((right.group, right.resource), []).append(right.name)
    for (group, resource), names in named.items():
        yield {"apiGroups": [group], "resources": [resource], "verbs": ["create"]}
        yield {
            "apiGroups": [group],
            "resources": [resource],
            "resourceNames": names,
            "verbs": list(_BY_NAME),
        }
