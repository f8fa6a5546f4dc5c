"""What a cluster Secret tells the cluster generator; credentials are not read.

Facts: argo-cd:applicationset/generators/cluster.go, argo-cd:applicationset/utils/clusterUtils.go.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import text, texts
from argoflux.resource import LAST_APPLIED

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL_SERVER = "https://kubernetes.default.svc"
LOCAL_NAME = "in-cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFacts:
    """The public values of one cluster Secret."""

    name: str
    server: str
    project: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


def read_cluster(body: Mapping[str, Any]) -> ClusterFacts:
    """The facts of a Secret; values that are no base64 text count as empty.

    What kubectl applied last is left out: it holds the credentials.
    """
    metadata = body.get("metadata")
    return ClusterFacts(
        name=_value(body, "name"),
        server=_value(body, "server"),
        project=_value(body, "project"),
        labels=texts(metadata, "labels"),
        annotations={
            key: value
            for key, value in texts(metadata, "annotations").items()
            if key != LAST_APPLIED
        },
    )


def _value(body: Mapping[str, Any], key: str) -> str:
    stated = texts(body, "stringData").get(key)
    if stated is not None:
        return stated
    try:
        return base64.b64decode(text(texts(body, "data").get(key))).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
