"""Cluster Secrets: the clusters that Flux reaches by kubeconfig, as stubs without values.

argo-cd:docs/operator-manual/declarative-setup.md lists the keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.repository_secrets import FOLDER
from argoflux.kinds import SECRET_TYPE_LABEL
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.model.app import App

_SUFFIX = "-kubeconfig"
_CONFIG = '{"tlsClientConfig": {"insecure": false, "caData": "TODO"}}\n'


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
        draft = _stub(root, name, f"{owner}/{secret}" if owner else secret, namespace)
        draft.apps.extend(users[key])
        drafts.update(dict.fromkeys(users[key], draft))
    return drafts


def cluster_name(secret: str) -> str:
    """The name of the cluster that a kubeconfig is for."""
    return secret.removesuffix(_SUFFIX) or secret


def _stub(root: str, name: str, owner: str, namespace: str) -> Draft:
    draft = Draft(
        api_version="v1",
        kind="Secret",
        namespace=namespace,
        name=shorten(slug(f"cluster-{name}"), LABEL_LIMIT),
        folder=FOLDER,
        root=root,
        header=["a stub: fill in the values before you apply it"],
    )
    draft.put(("metadata", "labels", SECRET_TYPE_LABEL), "cluster", origin="required")
    draft.put("stringData.name", name, origin="derived")
    server = f"TODO-clusters[0].cluster.server-from-{owner}"
    draft.put("stringData.server", server, slot="destination.cluster")
    draft.put("stringData.config", _CONFIG, slot="destination.cluster")
    return draft
