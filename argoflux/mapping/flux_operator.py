"""flux-operator's own objects: the installation of Flux, and reports about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.concept import Concept, Opaque, equivalent, on, says
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Note, On

F2A_FO_001 = Message(
    code="F2A-FO-001",
    verdict=Verdict.NONE,
    text="{name} installs Flux; its settings have no counterpart in Argo CD",
    instead="install Argo CD first, and size, patch and secure it with its own manifests or chart",
)
F2A_FO_008 = Message(
    code="F2A-FO-008",
    verdict=Verdict.APPROXIMATE,
    text="{name} confines tenants to their own namespaces and service accounts (`{path}`); Argo CD keeps them apart by projects and impersonation only",
    instead="see that every tenant has an AppProject with its own repositories, destinations and `destinationServiceAccounts`",
    tags=("security",),
)
F2A_FO_009 = Message(
    code="F2A-FO-009",
    verdict=Verdict.NONE,
    text="`{path}: {value}` of {name} asks for a default that Flux has anyway, or weakens it; Argo CD has no such switch",
    instead="decide about tenants with AppProjects",
)

_KIND = "FluxInstance"
_TENANCY = (
    "multitenant",
    "tenantDefaultServiceAccount",
    "multitenantWorkloadIdentity",
    "tenantDefaultDecryptionServiceAccount",
    "tenantDefaultKubeConfigServiceAccount",
    "objectLevelWorkloadIdentity",
)


def _instance(*paths: str) -> tuple[On, ...]:
    return tuple(on(_KIND, f"spec.{path}", subtree=True) for path in paths)


def _installs(what: str, *paths: str) -> Concept:
    return Concept(slot="", says=what, flux=_instance(*paths), to_argo=(says(F2A_FO_001),))


def _path(_value: object, ctx: object) -> dict[str, str]:
    return {"path": ".".join(str(step) for step in getattr(ctx, "path", ()))}


_LOCKDOWN: tuple[Note, ...] = (
    says(F2A_FO_009, when=lambda value, _ctx: value is False, facts=_path),
    says(F2A_FO_008, facts=_path),
)

# flux-operator:api/v1/fluxinstance_types.go; the flags that tenancy adds:
# flux-operator:internal/builder/profiles.go
ROWS = (
    Concept(
        slot="",
        says="Name, place and notes of the installation itself.",
        flux=(
            on(_KIND, "metadata.name"),
            on(_KIND, "metadata.namespace"),
            on(_KIND, "metadata.labels", subtree=True),
            on(_KIND, "metadata.annotations", subtree=True),
        ),
        to_argo=(equivalent(),),
    ),
    _installs("Which distribution of Flux is installed, and from where.", "distribution"),
    _installs("Which controllers are installed.", "components"),
    _installs("Where the source controller keeps artifacts.", "storage"),
    _installs("Edits of Flux's own manifests.", "kustomize"),
    _installs("How objects are shared between several controllers.", "sharding"),
    _installs("Labels and annotations of Flux's own objects.", "commonMetadata"),
    _installs("Whether the installation waits until Flux is ready.", "wait"),
    _installs("Whether stored objects are rewritten to newer versions.", "migrateResources"),
    _installs(
        "Size, type, domain and network policies of the cluster that Flux runs in.",
        *(f"cluster.{name}" for name in ("domain", "networkPolicy", "size", "type")),
    ),
    Concept(
        slot="",
        says="Whether tenants are confined to their own namespace and service account.",
        flux=_instance(*(f"cluster.{name}" for name in _TENANCY)),
        to_argo=_LOCKDOWN,
    ),
    *(
        Opaque(kind="FluxReport", path=f"spec.{name}", reason="written by flux-operator")
        for name in ("cluster", "components", "distribution", "operator", "reconcilers", "sync")
    ),
)
