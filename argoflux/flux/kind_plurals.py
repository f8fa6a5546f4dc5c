"""Kinds as RBAC names them: the plural of each built-in kind, its scope, and who may write it.

Facts: kubernetes/kubernetes:api/openapi-spec/swagger.json (paths and scopes),
plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go (what ClusterRole ``admin`` holds),
kubernetes/apimachinery:pkg/api/meta/restmapper.go UnsafeGuessKindToResource (the guess).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.model.content import Content

# group: kinds with their plurals; a leading "+" marks kinds that ClusterRole admin may write
_NAMESPACED = {
    "": (
        "+ConfigMap configmaps, +Endpoints endpoints, +Event events, LimitRange limitranges,"
        " +PersistentVolumeClaim persistentvolumeclaims, +Pod pods, PodTemplate podtemplates,"
        " +ReplicationController replicationcontrollers, ResourceQuota resourcequotas,"
        " +Secret secrets, +Service services, +ServiceAccount serviceaccounts"
    ),
    "apps": (
        "ControllerRevision controllerrevisions, +DaemonSet daemonsets, +Deployment deployments,"
        " +ReplicaSet replicasets, +StatefulSet statefulsets"
    ),
    "autoscaling": "+HorizontalPodAutoscaler horizontalpodautoscalers",
    "batch": "+CronJob cronjobs, +Job jobs",
    "coordination.k8s.io": "+Lease leases",
    "discovery.k8s.io": "EndpointSlice endpointslices",
    "events.k8s.io": "Event events",
    "networking.k8s.io": "+Ingress ingresses, +NetworkPolicy networkpolicies",
    "policy": "+PodDisruptionBudget poddisruptionbudgets",
    "rbac.authorization.k8s.io": "+Role roles, +RoleBinding rolebindings",
    "resource.k8s.io": "ResourceClaim resourceclaims, ResourceClaimTemplate resourceclaimtemplates",
    "storage.k8s.io": "CSIStorageCapacity csistoragecapacities",
}
_CLUSTER = {
    "": "Namespace namespaces, Node nodes, PersistentVolume persistentvolumes",
    "admissionregistration.k8s.io": (
        "MutatingAdmissionPolicy mutatingadmissionpolicies,"
        " MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings,"
        " MutatingWebhookConfiguration mutatingwebhookconfigurations,"
        " ValidatingAdmissionPolicy validatingadmissionpolicies,"
        " ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings,"
        " ValidatingWebhookConfiguration validatingwebhookconfigurations"
    ),
    "apiextensions.k8s.io": "CustomResourceDefinition customresourcedefinitions",
    "apiregistration.k8s.io": "APIService apiservices",
    "certificates.k8s.io": (
        "CertificateSigningRequest certificatesigningrequests,"
        " ClusterTrustBundle clustertrustbundles"
    ),
    "flowcontrol.apiserver.k8s.io": (
        "FlowSchema flowschemas, PriorityLevelConfiguration prioritylevelconfigurations"
    ),
    "networking.k8s.io": (
        "IPAddress ipaddresses, IngressClass ingressclasses, ServiceCIDR servicecidrs"
    ),
    "node.k8s.io": "RuntimeClass runtimeclasses",
    "rbac.authorization.k8s.io": (
        "ClusterRole clusterroles, ClusterRoleBinding clusterrolebindings"
    ),
    "resource.k8s.io": "DeviceClass deviceclasses, ResourceSlice resourceslices",
    "scheduling.k8s.io": "PriorityClass priorityclasses",
    "storage.k8s.io": (
        "CSIDriver csidrivers, CSINode csinodes, StorageClass storageclasses,"
        " VolumeAttachment volumeattachments, VolumeAttributesClass volumeattributesclasses"
    ),
}


class KindEntry(NamedTuple):
    """A kind with its resource name; ``admin`` says that ClusterRole ``admin`` may write it."""

    group: str
    kind: str
    plural: str
    namespaced: bool
    admin: bool = False
    guessed: bool = False


def _entries(table: dict[str, str], *, namespaced: bool) -> Iterable[KindEntry]:
    for group, text in table.items():
        for item in text.split(", "):
            kind, plural = item.strip().removeprefix("+").split(" ")
            admin = item.strip().startswith("+")
            yield KindEntry(group, kind, plural, namespaced, admin)


_BUILT_IN = (*_entries(_NAMESPACED, namespaced=True), *_entries(_CLUSTER, namespaced=False))


@dataclass(frozen=True, slots=True)
class KnownKinds:
    """The built-in kinds, with those that the input defines or uses, by group and kind."""

    by_name: dict[tuple[str, str], KindEntry]

    def find(self, group: str, kind: str) -> KindEntry | None:
        """The entry of a kind, None when nothing is known of it."""
        return self.by_name.get((group, kind))

    def of_kind(self, kind: str) -> list[KindEntry]:
        """The entries of a kind in all groups."""
        return [entry for entry in self.entries() if entry.kind == kind]

    def entries(self) -> list[KindEntry]:
        """All kinds, sorted."""
        return sorted(self.by_name.values())


def known_kinds(contents: Iterable[Content]) -> KnownKinds:
    """The built-in kinds and what can be learned from rendered objects.

    A definition tells plural and scope; an object of an unknown kind has a scope where its
    content says so, and a guessed plural.
    """
    found = {(entry.group, entry.kind): entry for entry in _BUILT_IN}
    used: dict[tuple[str, str], KindEntry] = {}
    for content in contents:
        for obj in content.objects if isinstance(content, Known) else ():
            defined = _defined(obj.body) if obj.ref.kind == "CustomResourceDefinition" else None
            if defined is not None:
                found[defined.group, defined.kind] = defined
            if obj.ref.group or obj.ref.kind:
                namespaced = obj.scope != "cluster"
                plural = guess_plural(obj.ref.kind)
                entry = KindEntry(obj.ref.group, obj.ref.kind, plural, namespaced, guessed=True)
                used.setdefault((obj.ref.group, obj.ref.kind), entry)
    return KnownKinds({**used, **found})


def _defined(body: object) -> KindEntry | None:
    """What a CustomResourceDefinition says about its kind."""
    spec = body.get("spec") if isinstance(body, dict) else None
    names = spec.get("names") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(names, dict):
        return None
    group, kind, plural = spec.get("group"), names.get("kind"), names.get("plural")
    if not (isinstance(group, str) and isinstance(kind, str) and isinstance(plural, str)):
        return None
    return KindEntry(group, kind, plural, spec.get("scope") != "Cluster")


def guess_plural(kind: str) -> str:
    """The plural as Kubernetes itself guesses it."""
    lower = kind.lower()
    if lower.endswith("s"):
        return f"{lower}es"
    return f"{lower[:-1]}ies" if lower.endswith("y") else f"{lower}s"
