"""How appliers reach other clusters: a kubeconfig, or a cloud identity, beside each of them.

fluxcd/pkg:apis/meta/reference_types.go KubeConfigReference: names in the applier's own namespace.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux.flux.emit_gates import has_field
from argoflux.flux.kubeconfig_text import authority, kubeconfig
from argoflux.flux.secret_book import FOLDER, TODO
from argoflux.goports.giturl import GitUrlError, parse
from argoflux.mapping.draft import Draft, Trace
from argoflux.mapping.emission import Decision, Idle
from argoflux.mapping.names import slug
from argoflux.mapping.secrets_cluster import A2F_DST_003, A2F_DST_004, CLUSTER_IDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.secret_book import SecretBook
    from argoflux.mapping.emission import Emission, Loaded
    from argoflux.model.credentials import ClusterAccess

_CLOUDS = frozenset({"aws", "gcp", "azure"})
_EKS_HOST = re.compile(r"\.([a-z0-9-]+)\.eks\.amazonaws\.com(?:\.cn)?\Z")
_ROLE = re.compile(r"arn:(aws[a-z-]*):iam::(\d+):role/")
_LOCAL = "https://kubernetes.default.svc"


class KubeConfig(NamedTuple):
    """The reference of an applier: which field, and the name of what it refers to."""

    field: Literal["secretRef", "configMapRef"]
    name: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a kubeconfig is needed, and for which cluster."""

    root: str
    namespace: str
    access: ClusterAccess | None
    cluster: str
    server: str


def assign_clusters(
    plans: Iterable[Plan], loaded: Loaded, book: SecretBook, emission: Emission
) -> None:
    """Name the kubeconfig of every plan that is sent to another cluster, and write what it needs.

    The names go to the facts of the plan (``kubeconfig``, ``kubeconfig_object``). Each namespace
    that needs a cluster has a copy of its own. Every cluster Secret gets its decision.
    """
    keyring = loaded.estate.keyring
    drafts: dict[_Place, Draft | None] = {}
    names: dict[_Place, KubeConfig] = {}
    facts: dict[ClusterAccess, dict[str, Any]] = {}
    for plan in plans:
        cluster = plan.app.destination.cluster
        if cluster.local or not plan.kind:
            continue
        access = keyring.cluster(plan.app.root, cluster.server, cluster.name)
        name = (access.name if access else "") or cluster.name or host_of(cluster.server)
        server = (access.server if access else "") or cluster.server
        place = _Place(plan.app.root, plan.namespace, access, name, server)
        if place not in names:
            names[place], drafts[place] = _write(place, plan, book)
            if access is not None:
                _note(facts.setdefault(access, {}), place, names[place], drafts[place], book)
        draft = drafts[place]
        if draft is not None:
            draft.apps += [plan.app] if plan.app not in draft.apps else []
            draft.part_of.setdefault(plan.app, set()).add(plan.index)
        plan.facts["kubeconfig"] = names[place]
        plan.facts["kubeconfig_object"] = _object(place, names[place])
        plan.facts["cluster_known"] = access is not None
        plan.facts["cluster_skipped"] = access is not None and access.skipped
    for access, found in facts.items():
        emission.made[access.resource] = Decision(kind=found["kind"], facts=found)
        if access.insecure:
            emission.say(A2F_DST_004, access.resource.place(), cluster=access.name)
    emission.drafts += [draft for draft in drafts.values() if draft is not None]
    for access in keyring.clusters:
        if access not in facts:
            loaded.idle.append(Idle(resource=access.resource, reason=_why_unused(access)))


def _why_unused(access: ClusterAccess) -> str:
    if access.server.rstrip("/") == _LOCAL:
        return "Flux applies to its own cluster with its own rights"
    return "no converted Application is sent to this cluster"


def _write(place: _Place, plan: Plan, book: SecretBook) -> tuple[KubeConfig, Draft | None]:
    access = place.access
    if access is not None and access.origin != "Secret":
        return KubeConfig("secretRef", access.secret), None
    wanted = f"{slug(place.cluster)}-kubeconfig"
    identity = f"{place.cluster} {place.server}"
    name = book.name(place.root, place.namespace, wanted, identity)
    cloud = access is not None and access.method in _CLOUDS
    if access is not None and cloud and has_field(plan.flux, plan.kind, _MAP_FIELD):
        return KubeConfig("configMapRef", name), _config_map(place, name, access, book)
    draft = Draft(
        api_version="v1",
        kind="Secret",
        namespace=place.namespace,
        name=name,
        folder=FOLDER,
        root=place.root,
        sources=[access.resource] if access is not None else [],
    )
    text = kubeconfig(place.cluster, place.server, access, values=book.copied)
    draft.put("stringData.value", text, slot="cluster.config")
    for slot in ("cluster.server", "cluster.name"):
        draft.traces.append(Trace(("stringData", "value"), slot, "derived"))
    return KubeConfig("secretRef", name), draft


_MAP_FIELD = "spec.kubeConfig.configMapRef.name"


def _config_map(place: _Place, name: str, access: ClusterAccess, book: SecretBook) -> Draft:
    """Parameters of a login with a cloud identity (fluxcd/pkg:auth/utils/restconfig.go)."""
    found = cluster_id(access)
    certificate = _certificate(access) if book.copied else ""
    # a cloud other than AWS needs no id where address and authority are given
    stub = not found and not (certificate and access.method != "aws")
    draft = Draft(
        api_version="v1",
        kind="ConfigMap",
        namespace=place.namespace,
        name=name,
        folder=FOLDER if stub else "clusters",
        root=place.root,
        sources=[access.resource],
    )
    draft.put("data.provider", access.method, slot="cluster.config")
    if found or stub:
        draft.put("data.cluster", found or TODO, slot="cluster.config")
    if place.server:
        draft.put("data.address", place.server, slot="cluster.server")
    if certificate:
        draft.put(("data", "ca.crt"), certificate, slot="cluster.config")
    return draft


def _certificate(access: ClusterAccess) -> str:
    try:
        return base64.b64decode(authority(access), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def cluster_id(access: ClusterAccess) -> str:
    """The full id of an EKS cluster where the Secret tells region and account; else nothing."""
    name = access.login.get("cluster", "")
    if name.startswith("arn:"):
        return name
    region = _EKS_HOST.search(host_of(access.server))
    role = _ROLE.match(access.login.get("role", ""))
    if access.method != "aws" or not name or region is None or role is None:
        return ""
    return f"arn:{role[1]}:eks:{region[1]}:{role[2]}:cluster/{name}"


def _object(place: _Place, ref: KubeConfig) -> str:
    """What a reference means, for messages."""
    kind = "ConfigMap" if ref.field == "configMapRef" else "Secret"
    return f"{kind} {place.namespace}/{ref.name}"


def _note(
    facts: dict[str, Any], place: _Place, ref: KubeConfig, draft: Draft | None, book: SecretBook
) -> None:
    """What the rows look at, and what their messages name."""
    access = place.access
    if access is None:
        return
    named: set[str] = facts.setdefault("names", set())
    named.add(_object(place, ref))
    found = cluster_id(access)
    cloud = access.method in _CLOUDS
    facts |= {
        "kind": draft.kind if draft is not None else "",
        "secrets": ", ".join(sorted(named)),
        "cluster": place.cluster,
        "method": access.method,
        "command": access.login.get("command", ""),
        "provider": access.method if cloud else "",
        "too_old": cloud and ref.field == "secretRef",
        "id_missing": cloud and draft is not None and draft.folder == FOLDER,
        "form": CLUSTER_IDS.get(access.method, ""),
        "found": f"`{found}` was put together from its address and role" if found else "by address",
        "stub": not book.copied,
        "foreign": access.origin != "Secret",
        "renames": "`value` with a kubeconfig in the place of `config`",
        "skipped": access.skipped,
    }


def host_of(server: str) -> str:
    """The host of an API URL; the text itself when it is none."""
    try:
        return parse(server).host or server
    except GitUrlError:
        return server


def put_kubeconfig(facts: Mapping[str, Any], draft: Draft) -> None:
    """Write the reference that was assigned to a plan."""
    found = facts.get("kubeconfig")
    if isinstance(found, KubeConfig):
        draft.put(f"spec.kubeConfig.{found.field}.name", found.name, slot="destination.cluster")


def say_remote_accounts(appliers: Iterable[tuple[Plan, Draft]]) -> None:
    """With a kubeconfig, the service account is one of the other cluster.

    kustomize-controller:docs/spec/v1/kustomizations.md (service account reference)
    """
    for plan, draft in appliers:
        spec = draft.body.get("spec", {})
        if "kubeConfig" in spec and spec.get("serviceAccountName"):
            account = f"{draft.namespace}/{spec['serviceAccountName']}"
            plan.say(A2F_DST_003, account=account)
