"""Repository Secrets, credential templates and trust data as the model's Keyring.

argo-cd:util/db/repository_secrets.go (secretToRepository, secretToRepoCred), argo-cd:common/common.go
(names and labels).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.load_clusters import read_cluster
from argoflux.argocd.produced_secrets import has_open_keys, origin_of, produced_name, stated_texts
from argoflux.argocd.shapes import texts
from argoflux.kinds import secret_type
from argoflux.model.credentials import Credential, TrustData, secret_bytes, secret_text

if TYPE_CHECKING:
    from argoflux.argocd.loading import Loading
    from argoflux.resource import Resource

SWITCHES = frozenset(
    {
        "enableLfs",
        "enableOCI",
        "forceHttpBasicAuth",
        "insecure",
        "insecureIgnoreHostKey",
        "insecureOCIForceHttp",
        "useAzureWorkloadIdentity",
        "webhookManifestCacheWarmDisabled",
    }
)
# templates spell these two otherwise: argo-cd:util/db/repository_secrets.go secretToRepoCred
_SPELLINGS = {
    "azureServicePrincipalClientID": "azureServicePrincipalClientId",
    "azureServicePrincipalTenantID": "azureServicePrincipalTenantId",
}
_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_REPOSITORY, _TEMPLATE, _TOKEN = "repository", "repo-creds", "scm-creds"
_WRITERS = frozenset({"repository-write", "repo-write-creds"})


def read_secret(resource: Resource, loading: Loading) -> None:
    """One Secret of Argo CD for repositories, or the object that produces one."""
    kind = secret_type(resource.body)
    if kind == "cluster":
        read_cluster(resource, loading)
    keyring = loading.keyring
    if kind in _WRITERS:
        keyring.writers.append(resource)
    elif kind == _TOKEN:
        keyring.tokens.append(resource)
    elif kind in {_REPOSITORY, _TEMPLATE}:
        found = _credential(resource, template=kind == _TEMPLATE)
        if not found.url:
            keyring.unplaced.append(found)
        else:
            (keyring.templates if found.template else keyring.repositories).append(found)


def read_host_keys(resource: Resource, loading: Loading) -> None:
    """The host keys that Argo CD trusts."""
    found = TrustData(resource=resource, texts=texts(resource.body, "data"))
    loading.keyring.host_keys.setdefault(resource.root, found)


def read_certificates(resource: Resource, loading: Loading) -> None:
    """The certificates that Argo CD trusts, by host."""
    found = TrustData(resource=resource, texts=texts(resource.body, "data"))
    loading.keyring.certificates.setdefault(resource.root, found)


def _credential(resource: Resource, *, template: bool) -> Credential:
    stated = stated_texts(resource)
    origin = origin_of(resource)
    return Credential(
        resource=resource,
        url=stated.get("url", "").strip(),
        keys=frozenset(
            _SPELLINGS.get(key, key)
            for key, value in stated.items()
            if _holds(key, value, readable=origin == "Secret") or _is_binary(resource, key)
        ),
        open=has_open_keys(resource),
        template=template,
        project=stated.get("project", ""),
        origin=origin,
        secret=produced_name(resource),
    )


def _holds(key: str, value: str, *, readable: bool) -> bool:
    """Whether a key says something: an empty text and a switch that is off do not."""
    if key in SWITCHES:
        return value in _TRUE
    return bool(value) or not readable


def _is_binary(resource: Resource, key: str) -> bool:
    """Whether a key holds bytes that are no text."""
    return secret_text(resource, key) is None and bool(secret_bytes(resource, key))
