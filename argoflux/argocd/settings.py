"""What the installation says beside the Applications: argocd-cm and the known clusters.

Facts: argo-cd:util/settings/settings.go (keys of argocd-cm), argo-cd:util/db/cluster.go (Secrets).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.argocd.load_discovery import read_discoveries
from argoflux.argocd.load_settings import checks_applications
from argoflux.argocd.shapes import text, texts
from argoflux.model.estate import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.argocd.load_discovery import Discovery
    from argoflux.resource import Resource

_TOOLS = {"kustomize": "kustomize.enable", "helm": "helm.enable", "jsonnet": "jsonnet.enable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one root."""

    config: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()
    plugins: tuple[Discovery, ...] = ()

    @property
    def waits_for_children(self) -> bool:
        """Whether a script gives Applications a health, so that waves of a parent wait for it."""
        return checks_applications(self.config)

    @property
    def submodules_off(self) -> bool:
        """Whether the repo-server is told to leave submodules alone."""
        return self.params.get("reposerver.enable.git.submodule", "").lower() == "false"

    def tool_off(self, tool: str) -> bool:
        """Whether argocd-cm switches a tool off, which makes its sources plain directories."""
        return self.config.get(_TOOLS.get(tool, "")) == "false"

    def cluster(self, server: str, name: str) -> Cluster | None:
        """The cluster with that API URL or name, None when no Secret of the input is for it."""
        for known in self.clusters:
            same_server = server and known.server.rstrip("/") == server.rstrip("/")
            if same_server or (name and known.name == name):
                return known
        return None


def read_settings(resources: Iterable[Resource]) -> dict[str, Settings]:
    """Settings by root, from argocd-cm and the cluster Secrets; credentials are not read."""
    config: dict[str, dict[str, str]] = {}
    params: dict[str, dict[str, str]] = {}
    clusters: dict[str, list[Cluster]] = {}
    plugins: dict[str, list[Discovery]] = {}
    for resource in resources:
        if resource.pseudo == "ConfigMap:argocd-cm":
            config.setdefault(resource.root, {}).update(texts(resource.body, "data"))
        elif resource.pseudo == "ConfigMap:argocd-cmd-params-cm":
            params.setdefault(resource.root, {}).update(texts(resource.body, "data"))
        elif resource.pseudo == "Secret:cluster":
            clusters.setdefault(resource.root, []).append(_cluster(resource))
        elif resource.pseudo == "ConfigMap:plugin":
            plugins.setdefault(resource.root, []).extend(read_discoveries(resource))
    return {
        root: Settings(
            config=config.get(root, {}),
            params=params.get(root, {}),
            clusters=tuple(clusters.get(root, ())),
            plugins=tuple(plugins.get(root, ())),
        )
        for root in {*config, *params, *clusters, *plugins}
    }


def _cluster(resource: Resource) -> Cluster:
    metadata = resource.body.get("metadata")
    return Cluster(
        name=_plain(resource, "name"),
        server=_plain(resource, "server"),
        labels=texts(metadata, "labels"),
    )


def _plain(resource: Resource, key: str) -> str:
    """One of the two public values of a cluster Secret, from ``stringData`` or ``data``."""
    stated = texts(resource.body, "stringData").get(key)
    if stated is not None:
        return stated
    try:
        return base64.b64decode(text(texts(resource.body, "data").get(key))).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
