"""Cluster Secrets: the clusters that Flux reaches by kubeconfig or identity, as stubs without values.

argo-cd:docs/operator-manual/declarative-setup.md lists the keys; those of an identity's ConfigMap:
fluxcd/pkg:apis/meta/reference_types.go KubeConfigReference, fluxcd/pkg:auth/utils/restconfig.go.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from argoflux.argocd.repository_secrets import FOLDER
from argoflux.kinds import SECRET_TYPE_LABEL
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.model.app import App

_SUFFIX = "-kubeconfig"
_TODO = "TODO"


def cluster_secrets(apps: Iterable[App], namespace: str) -> dict[App, Draft]:
    """One stub per remote cluster, by the apps that are sent there.

    A cluster is named after its kubeconfig Secret or ConfigMap without ``-kubeconfig``; the same
    name in another namespace is another cluster.
    """
    users: dict[tuple[str, str, str], list[App]] = {}
    for app in apps:
        cluster = app.destination.cluster
        if cluster.local:
            continue
        key = (app.root, cluster.secret or cluster.config_map, app.namespace)
        users.setdefault(key, []).append(app)
    drafts: dict[App, Draft] = {}
    taken: set[tuple[str, str]] = set()
    for key in sorted(users):
        root, secret, owner = key
        name = cluster_name(secret)
        if (root, name) in taken:
            name = f"{owner}-{name}"
        if (root, name) in taken:
            name = with_hash(name, f"Secret/{owner}/{secret}")
        taken.add((root, name))
        source = f"{owner}/{secret}" if owner else secret
        draft = _stub(users[key][0], name, source, namespace)
        draft.apps.extend(users[key])
        drafts.update(dict.fromkeys(users[key], draft))
    return drafts


def cluster_name(secret: str) -> str:
    """The name of the cluster that a kubeconfig is for."""
    return secret.removesuffix(_SUFFIX) or secret


def _stub(app: App, name: str, owner: str, namespace: str) -> Draft:
    draft = Draft(
        api_version="v1",
        kind="Secret",
        namespace=namespace,
        name=shorten(slug(f"cluster-{name}"), LABEL_LIMIT),
        folder=FOLDER,
        root=app.root,
        header=["a stub: fill in the values before you apply it"],
    )
    draft.put(("metadata", "labels", SECRET_TYPE_LABEL), "cluster", origin="required")
    draft.put("stringData.name", name, origin="derived")
    identity = app.extra["facts"].get("cluster_identity")
    if identity is None:
        server = f"TODO-clusters[0].cluster.server-from-{owner}"
        config: dict[str, Any] = {"tlsClientConfig": _tls(_TODO, certData=_TODO, keyData=_TODO)}
    else:
        server = identity.get("address") or f"TODO-endpoint-of-the-cluster-in-{owner}"
        config = _login(name, identity)
    draft.put("stringData.server", server, slot="destination.cluster")
    draft.put("stringData.config", json.dumps(config) + "\n", slot="destination.cluster")
    return draft


def _login(name: str, identity: Mapping[str, str]) -> dict[str, Any]:
    """How the application controller logs in with an identity of its own.

    The cluster is the last part of its name in the cloud (an ARN, a resource id).
    """
    cluster = identity.get("cluster", "").rpartition("/")[2] or name
    authority = identity.get("ca.crt", "")
    encoded = base64.b64encode(authority.encode()).decode() if authority else _TODO
    tls = {"tlsClientConfig": _tls(encoded)}
    match identity.get("provider"):
        case "aws":
            return {"awsAuthConfig": {"clusterName": cluster, "roleARN": _TODO}, **tls}
        case "azure" | "gcp" as provider:
            program = {
                "command": "argocd-k8s-auth",
                "args": [provider],
                "apiVersion": "client.authentication.k8s.io/v1beta1",
            }
            return {"execProviderConfig": program, **tls}
        case _:
            return {"bearerToken": _TODO, **tls}


def _tls(authority: str, **more: str) -> dict[str, Any]:
    return {"insecure": False, "caData": authority, **more}
