"""The text of a kubeconfig for one cluster, from what Argo CD's cluster Secret says.

Fields: kubernetes/client-go:tools/clientcmd/api/v1/types.go; what Argo CD makes of its JSON:
argo-cd:pkg/apis/application/v1alpha1/types.go (ClusterConfig, RawRestConfig).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from argoflux.model.credentials import secret_text
from argoflux.yamlio.dump import dump

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.credentials import ClusterAccess

TODO = "TODO"
_TLS = {
    "serverName": "tls-server-name",
    "caData": "certificate-authority-data",
}
_USER = {"bearerToken": "token", "username": "username", "password": "password"}
_USER_TLS = {"certData": "client-certificate-data", "keyData": "client-key-data"}


def kubeconfig(name: str, server: str, access: ClusterAccess | None, *, values: bool) -> str:
    """A kubeconfig with one cluster; ``values`` says whether it may hold those of the Secret.

    Without them, and for a cluster that is not in the input, secrets and certificates are ``TODO``.
    """
    config = _config(access)
    tls = config.get("tlsClientConfig")
    tls = tls if isinstance(tls, dict) else {}
    cluster: dict[str, Any] = {"server": server or TODO}
    if tls.get("insecure") is True:
        cluster["insecure-skip-tls-verify"] = True
    cluster |= _copied(tls, _TLS, values=values)
    cluster |= _copied(config, {"proxyUrl": "proxy-url"}, values=values)
    if config.get("disableCompression") is True:
        cluster["disable-compression"] = True
    user = _copied(config, _USER, values=values) | _copied(tls, _USER_TLS, values=values)
    if access is None or access.method != "static":
        cluster.setdefault("certificate-authority-data", TODO)
        user = {"token": TODO}
    return dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": name, "user": user}],
        }
    )


def authority(access: ClusterAccess) -> str:
    """The certificate of the authority as the Secret states it: base64 of PEM; empty without."""
    tls = _config(access).get("tlsClientConfig")
    found = tls.get("caData") if isinstance(tls, dict) else None
    return found if isinstance(found, str) else ""


def _config(access: ClusterAccess | None) -> Mapping[str, Any]:
    if access is None or access.method == "unreadable":
        return {}
    try:
        found = json.loads(secret_text(access.resource, "config") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _copied(node: Mapping[str, Any], names: Mapping[str, str], *, values: bool) -> dict[str, str]:
    """The stated values under their names in a kubeconfig."""
    return {
        name: str(node[key]) if values else TODO
        for key, name in names.items()
        if isinstance(node.get(key), str) and node[key]
    }
