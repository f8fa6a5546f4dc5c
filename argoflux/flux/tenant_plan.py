"""One project on its way to a tenant: its namespace, account, apps, and the objects it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.mapping.draft import Draft
from argoflux.mapping.names import shorten, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.kind_plurals import KnownKinds
    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App
    from argoflux.model.tenant import Tenant

RBAC_GROUP = "rbac.authorization.k8s.io"
RBAC = f"{RBAC_GROUP}/v1"
FOLDER = "projects"
VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")
_SHOWN = 8


@dataclass(slots=True, kw_only=True, eq=False)
class TenantPlan:
    """A project under the tenant layout.

    ``plans`` are the sources of its apps that get an applier, ``kinds`` what is known of kinds,
    ``facts`` what the rows look at. ``namespaces`` are those of the controller's own cluster that
    its account may write; ``everywhere`` stands for all of them. ``role`` is what the account is
    bound to there. ``accounts`` are further service accounts that its appliers use, with the
    namespaces that they deploy to, ``homes`` the namespace of the appliers of every app.
    """

    tenant: Tenant
    namespace: str
    plans: list[Plan]
    kinds: KnownKinds
    homes: Mapping[App, str]
    request: Request
    emission: Emission
    facts: dict[str, Any] = field(default_factory=dict)
    namespaces: tuple[str, ...] = ()
    everywhere: bool = False
    role: tuple[str, str] | None = None
    accounts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def account(self) -> str:
        """The service account that the tenant's appliers use."""
        return self.namespace

    def name(self, suffix: str) -> str:
        """The name of an object that belongs to the tenant as a whole."""
        return shorten(f"argoflux-{self.namespace}-{slug(suffix)}")

    def draft(self, api_version: str, kind: str, name: str, namespace: str = "") -> Draft:
        """A new document of the tenant."""
        draft = Draft(
            api_version=api_version,
            kind=kind,
            namespace=namespace,
            name=name,
            folder=FOLDER,
            root=self.tenant.root,
            sources=[self.tenant.resource],
        )
        self.drafts.append(draft)
        return draft

    def subjects(self) -> list[dict[str, str]]:
        """All accounts of the tenant as subjects of a binding."""
        return [self.subject(name) for name in (self.account, *sorted(self.accounts))]

    def subject(self, account: str) -> dict[str, str]:
        """An account of the tenant as the subject of a binding."""
        return {"kind": "ServiceAccount", "name": account, "namespace": self.namespace}

    def bind(self, name: str, role: tuple[str, str], *, slot: str) -> None:
        """Bind a role (kind and name) where the tenant has rights: in namespaces, or everywhere."""
        if self.everywhere:
            binding = self.draft(RBAC, "ClusterRoleBinding", name)
            put_role(binding, role, slot=slot)
            binding.put("subjects", self.subjects(), origin="derived")
            return
        for namespace in self.namespaces:
            self.bind_in(namespace, name, role, self.account, slot=slot)

    def bind_in(
        self, namespace: str, name: str, role: tuple[str, str], account: str, *, slot: str
    ) -> None:
        """Bind a role to one account in one namespace."""
        binding = self.draft(RBAC, "RoleBinding", name, namespace)
        binding.put("metadata.namespace", namespace, slot=slot)
        put_role(binding, role, slot=slot)
        binding.put("subjects", [self.subject(account)], origin="derived")


def put_role(draft: Draft, role: tuple[str, str], *, slot: str) -> None:
    """What a binding binds."""
    kind, name = role
    draft.put("roleRef", {"apiGroup": RBAC_GROUP, "kind": kind, "name": name}, slot=slot)


def listed(names: list[str] | tuple[str, ...]) -> str:
    """Names for a message; no more than a few of them."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
