"""Where an app is applied: cluster, namespace, identity, project, created namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_table import (
    APPROXIMATE,
    EQUIVALENT,
    EXACT,
    MANUAL,
    Row,
    application,
    build,
    check,
    each,
    kustomization,
    manifest,
    policy,
    release,
)

if TYPE_CHECKING:
    from pathlib import Path

_HERE = "{name: in-cluster, namespace: shop}"
_SERVER = "spec.destination.server"
_NAME = "spec.destination.name"
_NS = "spec.destination.namespace"
_OPTION = "spec.syncPolicy.syncOptions[0]"
_META = "managedNamespaceMetadata: {labels: {team: shop}, annotations: {note: x}}"
_CREATE = "syncOptions: [CreateNamespace=true]\n"
_LABEL = "spec.syncPolicy.managedNamespaceMetadata.labels.team"
_EDGE = "destination: {server: https://edge.example.com:6443, namespace: shop}"
_NAMED = "destination: {name: edge, namespace: shop}"
_CLUSTER = """---
apiVersion: v1
kind: Secret
metadata: {name: edge, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}}
stringData: {name: edge, server: "https://edge.example.com:6443", config: "{}"}
"""
_SERVICE = manifest("Service", "web")
_SECRET_REF = "kubeConfig: {secretRef: {name: edge-kubeconfig, key: value.yaml}}"
_CONFIG_REF = "kubeConfig: {configMapRef: {name: edge}}"
_NESTED = {
    **build(manifest("Service", "web")),
    "app/kustomization.yaml": "resources: [all.yaml, sub]\n",
    "app/sub/kustomization.yaml": "namespace: other\nresources: [all.yaml]\n",
    "app/sub/all.yaml": manifest("Service", "db"),
}
_CREATED = """---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {team: shop}
  annotations:
    argoflux.dev/created-for: app
    kustomize.toolkit.fluxcd.io/prune: disabled
    kustomize.toolkit.fluxcd.io/ssa: Merge
    note: x
"""


def _destination(text: str) -> str:
    return application(f"destination: {{{text}}}")


CLUSTERS = (
    Row(
        says="own cluster by server",
        text=_destination("server: https://kubernetes.default.svc"),
        path=_SERVER,
        verdict=EXACT,
        wrote={"spec.kubeConfig": None},
    ),
    Row(
        says="own cluster with a slash at the end",
        text=_destination("server: https://kubernetes.default.svc/"),
        path=_SERVER,
        verdict=EXACT,
    ),
    Row(
        says="own cluster by name",
        text=_destination("name: in-cluster"),
        path=_NAME,
        verdict=EXACT,
    ),
    Row(
        says="no server",
        text=_destination('server: ""'),
        path=_SERVER,
        verdict=EXACT,
    ),
    Row(
        says="no cluster at all",
        text=_destination("namespace: shop"),
        path="",
        verdict=APPROXIMATE,
        code="A2F-DST-007",
        wrote={"spec.kubeConfig": None},
    ),
    Row(
        says="null states nothing",
        text=_destination("server: null"),
        path=_SERVER,
        verdict=EQUIVALENT,
    ),
    Row(
        says="the name of the own cluster is no server",
        text=_destination("server: in-cluster"),
        path=_SERVER,
        verdict=MANUAL,
        code="A2F-DST-002",
    ),
    Row(
        says="cluster that the input knows",
        text=application(_NAMED) + _CLUSTER,
        path=_NAME,
        verdict=EQUIVALENT,
        code="A2F-DST-001",
        target="spec.kubeConfig.secretRef.name",
        wrote={"spec.kubeConfig.secretRef.name": "edge-kubeconfig"},
    ),
    Row(
        says="cluster that the input does not know",
        text=application(_EDGE),
        path=_SERVER,
        verdict=MANUAL,
        code="A2F-DST-002",
        wrote={"spec.kubeConfig.secretRef.name": "edge.example.com-kubeconfig"},
    ),
    Row(
        says="server and name",
        text=_destination("name: edge, server: https://kubernetes.default.svc"),
        path=_NAME,
        verdict=MANUAL,
        code="A2F-DST-006",
    ),
    Row(
        says="kubeconfig Secret of a Kustomization",
        text=kustomization(_SECRET_REF),
        path="spec.kubeConfig.secretRef.name",
        verdict=MANUAL,
        code="F2A-KUBE-001",
        wrote={"spec.destination.name": "edge", "spec.destination.server": None},
    ),
    Row(
        says="key of a kubeconfig Secret of a HelmRelease",
        text=release(_SECRET_REF),
        path="spec.kubeConfig.secretRef.key",
        verdict=MANUAL,
        code="F2A-KUBE-001",
    ),
    Row(
        says="kubeconfig Secret without a name",
        text=kustomization("kubeConfig: {secretRef: {key: value}}"),
        path="spec.kubeConfig.secretRef.key",
        verdict=MANUAL,
        code="F2A-KUBE-001",
    ),
    Row(
        says="kubeconfig of a path without objects",
        text=kustomization(_SECRET_REF),
        files={"app/README.md": "nothing"},
        path="spec.kubeConfig.secretRef.name",
        verdict=MANUAL,
        code="F2A-KUBE-001",
    ),
    Row(
        says="workload identity",
        text=kustomization(_CONFIG_REF),
        path="spec.kubeConfig.configMapRef.name",
        verdict=MANUAL,
        code="F2A-KUBE-002",
    ),
    Row(
        says="workload identity of a release",
        text=release(_CONFIG_REF),
        path="spec.kubeConfig.configMapRef.name",
        verdict=MANUAL,
        code="F2A-KUBE-002",
    ),
    Row(
        says="service account",
        text=kustomization("serviceAccountName: team"),
        path="spec.serviceAccountName",
        verdict=APPROXIMATE,
        code="F2A-TEN-001",
    ),
    Row(
        says="service account of a release",
        text=release("serviceAccountName: team"),
        path="spec.serviceAccountName",
        verdict=APPROXIMATE,
        code="F2A-TEN-001",
    ),
)

NAMESPACES = (
    Row(
        says="content unknown",
        text=application(),
        path=_NS,
        verdict=APPROXIMATE,
        code="A2F-NS-001",
        target="spec.targetNamespace",
        wrote={"spec.targetNamespace": "shop"},
    ),
    Row(
        says="all blank",
        text=application(),
        files=build(_SERVICE),
        path=_NS,
        verdict=EXACT,
        target="spec.targetNamespace",
    ),
    Row(
        says="all stated",
        text=application(),
        files=build(manifest("Service", "web", "other")),
        path=_NS,
        verdict=EXACT,
        wrote={"spec.targetNamespace": None, "spec.patches": None},
    ),
    Row(
        says="blank and stated",
        text=application(),
        files=build(_SERVICE, manifest("Service", "db", "other")),
        path=_NS,
        verdict=EQUIVALENT,
        code="A2F-NS-005",
        wrote={"spec.targetNamespace": None, "spec.patches.0.target.namespace": "default"},
    ),
    Row(
        says="blank and stated by a nested kustomization",
        text=application(),
        files=_NESTED,
        path=_NS,
        verdict=MANUAL,
        code="A2F-NS-004",
    ),
    Row(
        says="the path holds a Namespace",
        text=application(),
        files=build(_SERVICE, manifest("Namespace", "shop")),
        path=_NS,
        verdict=EQUIVALENT,
        code="A2F-NS-006",
        wrote={"spec.targetNamespace": None, "spec.patches.0.target.namespace": "default"},
    ),
    Row(
        says="a Namespace beside objects that all state theirs",
        text=application(),
        files=build(manifest("Service", "db", "other"), manifest("Namespace", "other")),
        path=_NS,
        verdict=EQUIVALENT,
        code="A2F-NS-006",
        wrote={"spec.targetNamespace": None, "spec.patches": None},
    ),
    Row(
        says="a Namespace beside objects that nobody sees",
        text=application(),
        files={
            **build(_SERVICE, manifest("Namespace", "shop")),
            "app/kustomization.yaml": "resources: [all.yaml, 'https://example.com/more.yaml']\n",
        },
        path=_NS,
        verdict=APPROXIMATE,
        code="A2F-NS-002",
        wrote={"spec.targetNamespace": None},
    ),
    Row(
        says="kustomize overrides",
        text=application().replace("path: app", "path: app, kustomize: {namespace: own}"),
        path=_NS,
        verdict=EXACT,
        wrote={"spec.targetNamespace": "own"},
    ),
    Row(
        says="empty says as much as none",
        text=_destination('namespace: ""'),
        path=_NS,
        verdict=EXACT,
        wrote={"spec.targetNamespace": None},
    ),
    Row(
        says="no namespace, objects without one",
        text=_destination("name: in-cluster"),
        files=build(_SERVICE),
        path="",
        verdict=APPROXIMATE,
        code="A2F-NS-003",
    ),
    Row(
        says="no namespace for a chart",
        text=application("destination: {name: in-cluster}", helm=True),
        path="",
        verdict=APPROXIMATE,
        code="A2F-NS-003",
        wrote={"spec.targetNamespace": "default"},
    ),
    Row(
        says="chart",
        text=application(helm=True),
        path=_NS,
        verdict=EXACT,
        target="spec.targetNamespace",
    ),
    Row(
        says="target namespace of a release",
        text=release("targetNamespace: web"),
        path="spec.targetNamespace",
        verdict=EXACT,
        target="spec.destination.namespace",
        wrote={"spec.destination.namespace": "web"},
    ),
    Row(
        says="release without a namespace in its file",
        text=release().replace("  namespace: shop\n", ""),
        path="",
        verdict=APPROXIMATE,
        code="F2A-NS-001",
    ),
)

CREATED = (
    Row(
        says="namespace as a manifest",
        text=policy(_CREATE),
        path=_OPTION,
        verdict=EQUIVALENT,
        code="A2F-OPT-005",
        target='metadata.annotations["argoflux.dev/created-for"]',
    ),
    Row(
        says="namespace by Helm",
        text=policy(_CREATE, helm=True),
        path=_OPTION,
        verdict=EXACT,
        wrote={"spec.install.createNamespace": True},
    ),
    Row(
        says="labels need a manifest beside a chart, too",
        text=policy(_CREATE + _META, helm=True),
        path=_OPTION,
        verdict=EQUIVALENT,
        code="A2F-OPT-005",
        wrote={"spec.install.createNamespace": None},
    ),
    Row(
        says="no namespace to create",
        text=policy(_CREATE).replace(_HERE, "{name: in-cluster}"),
        path=_OPTION,
        verdict=EQUIVALENT,
    ),
    Row(
        says="no namespace to create for a chart",
        text=policy(_CREATE, helm=True).replace(_HERE, "{name: in-cluster}"),
        path=_OPTION,
        verdict=EQUIVALENT,
        wrote={"spec.install.createNamespace": None},
    ),
    Row(
        says="namespace on another cluster",
        text=policy(_CREATE).replace(f"destination: {_HERE}", _NAMED),
        path=_OPTION,
        verdict=MANUAL,
        code="A2F-OPT-016",
    ),
    Row(
        says="Helm makes it on another cluster as well",
        text=policy(_CREATE, helm=True).replace(f"destination: {_HERE}", _NAMED),
        path=_OPTION,
        verdict=EXACT,
        wrote={"spec.install.createNamespace": True},
    ),
    Row(
        says="labels",
        text=policy(_CREATE + _META),
        path=_LABEL,
        verdict=EQUIVALENT,
        target="metadata.labels.team",
    ),
    Row(
        says="annotations",
        text=policy(_CREATE + _META),
        path="spec.syncPolicy.managedNamespaceMetadata.annotations.note",
        verdict=EQUIVALENT,
        target="metadata.annotations.note",
    ),
    Row(
        says="labels without a created namespace",
        text=policy(_META),
        path=_LABEL,
        verdict=EQUIVALENT,
        code="A2F-OPT-006",
    ),
    Row(
        says="labels on another cluster",
        text=policy(_CREATE + _META, helm=True).replace(f"destination: {_HERE}", _NAMED),
        path=_LABEL,
        verdict=MANUAL,
        code="A2F-OPT-017",
    ),
    Row(
        says="labels on which two Applications disagree",
        text=policy(_CREATE + _META)
        + "---\n"
        + policy(_CREATE + _META)
        .replace("name: app", "name: web")
        .replace("team: shop", "team: x"),
        path="",
        verdict=APPROXIMATE,
        code="A2F-OPT-020",
    ),
    Row(
        says="a created Namespace is the option again",
        text=kustomization("targetNamespace: shop") + _CREATED,
        path="metadata.name",
        within="Namespace",
        verdict=EQUIVALENT,
        wrote={
            "spec.syncPolicy.syncOptions.0": "CreateNamespace=true",
            "spec.syncPolicy.managedNamespaceMetadata.labels": {"team": "shop"},
            "spec.syncPolicy.managedNamespaceMetadata.annotations": {"note": "x"},
        },
    ),
)

PROJECTS = (
    Row(says="built-in", text=application("project: default"), path="spec.project", verdict=EXACT),
    Row(says="empty", text=application('project: ""'), path="spec.project", verdict=EXACT),
    Row(
        says="only a label",
        text=application("project: shop"),
        path="spec.project",
        verdict=APPROXIMATE,
        code="A2F-PRJ-014",
        target='metadata.labels["argoflux.dev/project"]',
    ),
    Row(
        says="a namespace per project",
        text=application("project: shop"),
        options={"layout": "tenant"},
        path="spec.project",
        verdict=APPROXIMATE,
        code="A2F-PRJ-013",
        wrote={"metadata.namespace": "shop"},
    ),
)

ROWS = (*CLUSTERS, *NAMESPACES, *CREATED, *PROJECTS)


@each(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the target that the tables say."""
    check(row, tmp_path)
