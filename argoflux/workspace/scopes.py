"""Whether objects of a kind live in a namespace, as far as that is known without a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.content import Scope

# kubernetes/kubernetes:api/openapi-spec/swagger.json, paths without {namespace}
_CLUSTER = {
    "": {"Namespace", "Node", "PersistentVolume", "ComponentStatus"},
    "admissionregistration.k8s.io": {
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    },
    "apiextensions.k8s.io": {"CustomResourceDefinition"},
    "apiregistration.k8s.io": {"APIService"},
    "authentication.k8s.io": {"SelfSubjectReview", "TokenReview"},
    "authorization.k8s.io": {
        "SelfSubjectAccessReview",
        "SelfSubjectRulesReview",
        "SubjectAccessReview",
    },
    "certificates.k8s.io": {"CertificateSigningRequest", "ClusterTrustBundle"},
    "flowcontrol.apiserver.k8s.io": {"FlowSchema", "PriorityLevelConfiguration"},
    "networking.k8s.io": {"IPAddress", "IngressClass", "ServiceCIDR"},
    "node.k8s.io": {"RuntimeClass"},
    "policy": {"PodSecurityPolicy"},
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {"DeviceClass", "DeviceTaintRule", "ResourceSlice"},
    "scheduling.k8s.io": {"PriorityClass"},
    "storage.k8s.io": {
        "CSIDriver",
        "CSINode",
        "StorageClass",
        "VolumeAttachment",
        "VolumeAttributesClass",
    },
    "storagemigration.k8s.io": {"StorageVersionMigration"},
}

_NAMESPACED_GROUPS = {
    "apps",
    "autoscaling",
    "batch",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
}


def scope_of(group: str, kind: str, definitions: Mapping[tuple[str, str], Scope]) -> Scope:
    """The scope of a kind; ``definitions`` are scopes read from CRDs of the same content."""
    known = definitions.get((group, kind))
    if known is not None:
        return known
    if is_cluster_scoped(group, kind):
        return "cluster"
    if group in _CLUSTER or group in _NAMESPACED_GROUPS:
        return "namespaced"
    entry = kinds.find(group, kind)
    if entry is None:
        return "unknown"
    return "cluster" if entry.scope == "Cluster" else "namespaced"


def is_cluster_scoped(group: str, kind: str) -> bool:
    """Whether kustomize knows the kind as cluster-scoped; it takes every other for namespaced.

    kubernetes-sigs/kustomize:kyaml/resid/gvk.go IsClusterScoped.
    """
    return kind in _CLUSTER.get(group, ())


def is_built_in(group: str) -> bool:
    """Whether the kinds of a group have a schema with merge keys in kustomize."""
    return group in _CLUSTER or group in _NAMESPACED_GROUPS
