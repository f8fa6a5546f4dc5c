"""Projects of tenants: what apps with a service account of their own may use, and whose rights they get.

The account is the one that an app names, or the one that the controller's flag gives to all others.

Which account syncs an Application: argo-cd:util/settings/impersonation.go (patterns of the
destination, the first hit wins). Without a whitelist entry a project permits no cluster-scoped kind
(argo-cd:pkg/apis/application/v1alpha1/app_project_types.go IsGroupKindNamePermitted).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.argocd.emit_parents import is_parent
from argoflux.argocd.gates import is_at_least
from argoflux.argocd.settings_parts import CONFIG, settings_part
from argoflux.mapping.destination import LOCAL_SERVER
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import slug, with_hash
from argoflux.mapping.tenancy import F2A_TEN_004, F2A_TEN_005, F2A_TEN_006
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App

FOLDER = "projects"
ACCOUNTS_SINCE = "2.13"
"""The release whose projects can name service accounts."""

_ENFORCED_SINCE = "3.5"
_SWITCH = "application.sync.impersonation"
FINALIZER = "resources-finalizer.argocd.argoproj.io"
_ANY = "*"
_OMITTED = ""
"""What permits a destination without a namespace, and nothing else (app_project_types.go)."""

_OWN_ACCOUNTS = frozenset({"kustomize-controller", "helm-controller"})
_FLUX = "flux-system"

Tenant = tuple[str, str, str]
"""Root, namespace, service account."""


@dataclass(frozen=True, slots=True)
class _Member:
    """An app of a tenant with its Application, and what it deploys; ``certain`` when all is known."""

    app: App
    draft: Draft
    namespaces: frozenset[str]
    kinds: frozenset[tuple[str, str]]
    certain: bool

    @property
    def destination(self) -> str:
        """The namespace that Argo CD compares; an omitted one is matched by a star only."""
        return self.draft.body["spec"]["destination"].get("namespace") or _ANY


def put_projects(emission: Emission, request: Request, apps: Iterable[App], namespace: str) -> None:
    """One AppProject per namespace and service account, in the namespace of Argo CD."""
    tenants: dict[Tenant, list[_Member]] = {}
    for app in apps:
        account = app.service_account or _default_account(app)
        key = _tenant(app, account, emission, request) if account else None
        if key is not None:
            tenants.setdefault(key, []).append(_member(app, emission, request))
    names = _names(tenants)
    for key in sorted(tenants):
        members = sorted(tenants[key], key=lambda member: member.app.sort_key())
        project = _project(key, names[key], members=members, namespace=namespace)
        emission.drafts.append(project)
        _join(emission, request, project, key, members)
        _put_switch(emission, request, members, namespace)


def _default_account(app: App) -> str:
    """The account of an app that names none.

    One that applies nothing but Flux objects applies Applications now, which no tenant may.
    """
    return "" if is_parent(app) else str(app.extra["facts"].get("default_account") or "")


def _tenant(app: App, account: str, emission: Emission, request: Request) -> Tenant | None:
    """Whose rights an app needs; None when no project can say it, with the reason as a fact."""
    facts = emission.decisions[app].facts
    if app.namespace == _FLUX and account in _OWN_ACCOUNTS:
        facts["controller_account"] = True
    elif not app.namespace:
        facts["no_tenant"] = "no manifest says its namespace"
    elif app.project:
        facts["no_tenant"] = f"it belongs to project {app.project} already"
    elif not app.destination.cluster.local:
        facts["no_tenant"] = "its cluster has no address yet"
    elif not is_at_least(request.argocd, ACCOUNTS_SINCE):
        facts["no_tenant"] = f"projects name service accounts since Argo CD {ACCOUNTS_SINCE}"
    else:
        return app.root, app.namespace, account
    if not app.service_account and facts.get("no_tenant"):
        given = {"name": app.id, "value": account, "no_tenant": facts["no_tenant"]}
        emission.say(F2A_TEN_005, app.resource.place(), apps=(app.id,), **given)
    return None


def _member(app: App, emission: Emission, request: Request) -> _Member:
    draft = next(d for d in emission.drafts if d.kind == "Application" and app in d.apps)
    spec = draft.body["spec"]
    blank = spec["destination"].get("namespace")
    content = request.content(app, app.parts[0])
    namespaces, kinds = {blank} if blank else set[str](), set[tuple[str, str]]()
    certain = isinstance(content, Known) and content.complete
    for obj in content.objects if isinstance(content, Known) else ():
        if obj.scope == "cluster":
            kinds.add((obj.ref.group, obj.ref.kind))
        elif obj.ref.namespace:
            namespaces.add(obj.ref.namespace)
    if "CreateNamespace=true" in spec.get("syncPolicy", {}).get("syncOptions", []):
        kinds.add(("", "Namespace"))
    if not namespaces:
        namespaces.add(_ANY)
    elif not blank:
        namespaces.add(_OMITTED)
    return _Member(app, draft, frozenset(namespaces), frozenset(kinds), certain)


def _names(tenants: Iterable[Tenant]) -> dict[Tenant, str]:
    """The project of each tenant: its namespace, with the account where a namespace has several."""
    keys = sorted(tenants)
    taken: dict[tuple[str, str], Tenant] = {}
    names: dict[Tenant, str] = {}
    for key in keys:
        root, owner, account = key
        several = sum(other[:2] == key[:2] for other in keys) > 1
        name = slug(f"{owner}-{account}") if several else slug(owner)
        if taken.setdefault((root, name), key) != key:
            name = with_hash(name, "/".join(key))
        names[key] = name
    return names


def _project(key: Tenant, name: str, *, members: Sequence[_Member], namespace: str) -> Draft:
    root, owner, account = key
    draft = Draft(
        api_version="argoproj.io/v1alpha1",
        kind="AppProject",
        namespace=namespace,
        name=f"tenant-{name}" if name == "default" else name,
        folder=FOLDER,
        root=root,
        apps=[member.app for member in members],
    )
    draft.put("metadata.finalizers", [FINALIZER], origin="default")
    draft.put("spec.description", f"converted from Flux tenant {name}", origin="derived")
    draft.put(
        "spec.sourceRepos", repositories(member.draft for member in members), origin="derived"
    )
    namespaces = sorted(set().union(*(member.namespaces for member in members)))
    if _ANY in namespaces:
        namespaces = [each for each in namespaces if each != _OMITTED]
    reach = [{"server": LOCAL_SERVER, "namespace": each} for each in namespaces]
    draft.put("spec.destinations", reach, origin="derived")
    kinds = sorted(set().union(*(member.kinds for member in members)))
    allowed = [{"group": group, "kind": kind} for group, kind in kinds]
    draft.put("spec.clusterResourceWhitelist", allowed, origin="required")
    homes = sorted({m.draft.namespace for m in members if m.draft.namespace != namespace})
    if homes:
        draft.put("spec.sourceNamespaces", homes, origin="derived")
    named = any(member.app.service_account for member in members)
    reached = {member.destination for member in members}
    if not all(member.app.service_account for member in members):
        reached.add(_ANY)  # the account of the installation is for whatever comes next as well
    for each in sorted(reached, key=lambda n: (n == _ANY, n)):
        entry = {
            "server": LOCAL_SERVER,
            "namespace": each,
            "defaultServiceAccount": f"{owner}:{account}",
        }
        slot = "service_account" if named else ""
        draft.add("spec.destinationServiceAccounts", entry, slot=slot)
    return draft


def repositories(drafts: Iterable[Draft]) -> list[str]:
    """The addresses of everything that Applications are made from."""
    specs: list[dict[str, Any]] = [draft.body["spec"] for draft in drafts]
    sources = [
        source for spec in specs for source in [*spec.get("sources", ()), spec.get("source")]
    ]
    return sorted({source["repoURL"] for source in sources if source})


def _join(
    emission: Emission, request: Request, project: Draft, key: Tenant, members: Iterable[_Member]
) -> None:
    """Put the apps into their project, and say where its limits are a guess."""
    impersonation = (
        "other Applications go on with Argo CD's own rights"
        if is_at_least(request.argocd, _ENFORCED_SINCE)
        else "then every other Application needs such an entry too"
    )
    for member in members:
        member.draft.put("spec.project", project.name, origin="derived")
        facts = emission.decisions[member.app].facts
        facts["tenant_project"] = project.name
        facts["impersonation"] = impersonation
    silent = [member.app for member in members if not member.app.service_account]
    if silent:
        emission.say(
            F2A_TEN_006,
            *(app.resource.place() for app in silent),
            apps=tuple(app.id for app in silent),
            project=project.name,
            tenant=key[1],
            account=key[2],
            impersonation=impersonation,
        )
    unsure = [member for member in members if not member.certain]
    if unsure:
        emission.say(
            F2A_TEN_004,
            *(member.app.resource.place() for member in unsure),
            apps=tuple(member.app.id for member in unsure),
            project=project.name,
            tenant=key[1],
            namespaces=", ".join(
                item["namespace"]
                for item in project.body["spec"]["destinations"]
                if item["namespace"] != _OMITTED
            ),
        )


def _put_switch(
    emission: Emission, request: Request, members: Iterable[_Member], namespace: str
) -> None:
    """Turn impersonation on; apps without an account stay as they are where that can be said."""
    apps = [member.app for member in members]
    draft = settings_part(emission, CONFIG, namespace, apps)
    draft.put(("data", f"{_SWITCH}.enabled"), "true", slot="service_account")
    if is_at_least(request.argocd, _ENFORCED_SINCE):
        draft.put(("data", f"{_SWITCH}.enforced"), "false", origin="default")
