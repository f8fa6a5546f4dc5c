"""Cluster Secrets as the clusters that apps are sent to, and how Argo CD logs in there.

argo-cd:util/db/cluster.go SecretToCluster, argo-cd:pkg/apis/application/v1alpha1/types.go
(ClusterConfig, RawRestConfig), argo-cd:cmd/argocd-k8s-auth/commands (flags of the cloud logins).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from argoflux.argocd.produced_secrets import origin_of, produced_name, stated_texts
from argoflux.argocd.shapes import block, items, switch, text, texts
from argoflux.mapping.annotations import skips_reconciliation
from argoflux.model.credentials import ClusterAccess

if TYPE_CHECKING:
    from argoflux.argocd.loading import Loading
    from argoflux.resource import Resource

Method = Literal["static", "aws", "gcp", "azure", "exec", "unreadable"]

_HELPER = "argocd-k8s-auth"


def read_cluster(resource: Resource, loading: Loading) -> None:
    """One cluster Secret, or the object that produces one."""
    stated = stated_texts(resource)
    origin = origin_of(resource)
    config = _config(stated.get("config", "")) if origin == "Secret" else {}
    method, login = ("unreadable", {}) if config is None else _login(config)
    annotations = texts(resource.body.get("metadata"), "annotations")
    loading.keyring.clusters.append(
        ClusterAccess(
            resource=resource,
            name=stated.get("name", ""),
            server=stated.get("server", ""),
            method=method,
            login=login,
            insecure=switch(block(config or {}, "tlsClientConfig"), "insecure") is True,
            skipped=skips_reconciliation(annotations),
            origin=origin,
            secret=produced_name(resource),
        )
    )


def _config(stated: str) -> dict[str, Any] | None:
    """The parsed ``config``; None when it is no JSON object. An absent one is an empty one."""
    if not stated.strip():
        return {}
    try:
        found = json.loads(stated)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _login(config: dict[str, Any]) -> tuple[Method, dict[str, str]]:
    """How Argo CD logs in, with what of it is no secret.

    The same order as RawRestConfig: an AWS login, then a program, then what is written down.
    """
    aws = block(config, "awsAuthConfig")
    if aws:
        names = {"cluster": "clusterName", "role": "roleARN", "profile": "profile"}
        return "aws", {name: text(aws.get(key)) for name, key in names.items()}
    program = block(config, "execProviderConfig")
    if not program:
        return "static", {}
    words = [text(item) for item in items(program, "args")]
    if text(program.get("command")).rpartition("/")[2] != _HELPER or not words:
        return "exec", {"command": text(program.get("command")) or "of its own"}
    match words[0]:
        case "aws":
            return "aws", {
                "cluster": _flag(words, "--cluster-name"),
                "role": _flag(words, "--role-arn"),
                "profile": _flag(words, "--profile"),
            }
        case "gcp":
            return "gcp", {}
        case "azure":
            return "azure", {}
        case _:
            return "exec", {"command": _HELPER}


def _flag(words: list[str], name: str) -> str:
    """The value of a flag: ``--name value`` or ``--name=value``."""
    for number, word in enumerate(words):
        if word == name:
            return words[number + 1] if number + 1 < len(words) else ""
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""
