"""Every kind that argoflux knows: groups, versions, the controllers that own them, schema files.

The facts stand in ``schemas/index.json``; ``schemas/SOURCES.md`` says where they come from.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Engine = Literal["argocd", "flux", "flux-operator", "image-updater"]

NEEDLES = (b"argoproj.io", b"fluxcd", b"argocd", b"sourceRef")
"""A file without any of these bytes holds none of our objects.

``argocd`` finds the ConfigMaps, whose only mark is their name, namespace or ``part-of`` label,
``sourceRef`` the objects of Flux whose ``apiVersion`` somebody forgot.
"""

SECRET_TYPE_LABEL = "argocd.argoproj.io/secret-type"  # noqa: S105 - a label, not a password
PART_OF_LABEL = "app.kubernetes.io/part-of"

# argo-cd:common/common.go LabelValueSecretType*
_SECRET_TYPES = frozenset(
    {"repository", "repo-creds", "repository-write", "repo-write-creds", "scm-creds", "cluster"}
)
# argo-cd:common/common.go ArgoCDConfigMapName and its neighbours
_CONFIG_MAPS = frozenset(
    {
        "argocd-cm",
        "argocd-cmd-params-cm",
        "argocd-gpg-keys-cm",
        "argocd-notifications-cm",
        "argocd-rbac-cm",
        "argocd-ssh-known-hosts-cm",
        "argocd-tls-certs-cm",
    }
)
# argo-cd:common/common.go ArgoCDSecretName; a sidecar reads its plugin from a file of a ConfigMap:
# argo-cd:docs/operator-manual/config-management-plugins.md
_OWN_KEYS = "argocd-secret"
_PLUGIN = re.compile(r"^kind:\s*[\"']?ConfigManagementPlugin\b", re.MULTILINE)
# objects that produce a Secret: group, kind, and where its metadata stands in their spec
_PRODUCERS = {
    ("external-secrets.io", "ExternalSecret"): ("target", "template", "metadata"),
    ("bitnami.com", "SealedSecret"): ("template", "metadata"),
}
_VERSION = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?\Z")
_MATURITY = {None: 2, "beta": 1, "alpha": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One API version of a kind.

    Releases are minors of the system that owns the kind (``2.7``), None when nothing is known or
    nothing happened. ``introduced`` is a lower bound where it is the oldest release examined.
    ``file`` is the schema below ``schemas/``, None for versions that only the name is known of;
    ``origin`` the release that the schema was read from.
    """

    version: str
    served: bool
    storage: bool
    deprecated: bool
    introduced: str | None
    deprecated_in: str | None
    removed: str | None
    file: str | None
    origin: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind with its versions, newest first; for pseudo-kinds the one version is ``v1``."""

    group: str
    kind: str
    plural: str
    scope: str
    engine: Engine
    versions: tuple[Version, ...]

    def version(self, name: str) -> Version | None:
        """The version of that name, None when the kind never had it."""
        return next((version for version in self.versions if version.version == name), None)

    @property
    def newest(self) -> Version:
        """The version that new objects are written in."""
        return next((v for v in self.versions if v.storage), self.versions[0])

    @property
    def older(self) -> tuple[Version, ...]:
        """The versions before the newest one."""
        return tuple(v for v in self.versions if v is not self.newest)


OTHER_ARGOPROJ_KINDS = frozenset(
    {
        "AnalysisRun",
        "AnalysisTemplate",
        "ArgoCD",
        "ArgoCDExport",
        "ClusterAnalysisTemplate",
        "ClusterWorkflowTemplate",
        "ConfigManagementPlugin",
        "CronWorkflow",
        "EventBus",
        "EventSource",
        "Experiment",
        "NamespaceManagement",
        "NotificationsConfiguration",
        "Rollout",
        "RolloutManager",
        "Sensor",
        "Workflow",
        "WorkflowArtifactGCTask",
        "WorkflowEventBinding",
        "WorkflowTaskResult",
        "WorkflowTaskSet",
        "WorkflowTemplate",
    }
)
"""Kinds of the group argoproj.io that other Argo projects own: passed through, never an error."""


def schema_folder() -> Path:
    """Where ``schemas/`` stands: package data of a wheel, else the root of the repository."""
    packaged = Path(__file__).parent / "schemas"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "schemas"


def schema_path(kind: str, version: str = "v1") -> Path | None:
    """The schema file of a kind or pseudo-kind, None when there is none for this version.

    ``kind`` alone is enough: no two kinds of ours share a name.
    """
    if is_pseudo(kind):
        table, _, name = kind.partition(":")
        path = schema_folder() / "pseudo" / f"{table.lower()}_{name}.json"
        return path if kind in pseudo_kinds() else None
    known = by_name(kind)
    found = known.version(version) if known else None
    return schema_folder() / found.file if found and found.file else None


@cache
def load_index() -> dict[str, Any]:
    """The parsed ``schemas/index.json``."""
    text = (schema_folder() / "index.json").read_text(encoding="utf-8")
    index: dict[str, Any] = json.loads(text)
    return index


def _load_kinds() -> tuple[Kind, ...]:
    return tuple(
        Kind(
            group=row["group"],
            kind=row["kind"],
            plural=row["plural"],
            scope=row["scope"],
            engine=row["engine"],
            versions=tuple(
                Version(
                    version=version["version"],
                    served=version["served"],
                    storage=version["storage"],
                    deprecated=version["deprecated"],
                    introduced=version["introduced"],
                    deprecated_in=version["deprecatedIn"],
                    removed=version["removed"],
                    file=version["schema"],
                    origin=version["from"],
                )
                for version in row["versions"]
            ),
        )
        for row in load_index()["kinds"]
    )


KINDS: tuple[Kind, ...] = _load_kinds()
"""Every kind that has a CRD, sorted by group and kind."""

_BY_NAME = {kind.kind: kind for kind in KINDS}
_ENGINES: dict[str, Engine] = {kind.group: kind.engine for kind in KINDS}


def by_name(kind: str) -> Kind | None:
    """The kind of that name, in whatever group."""
    return _BY_NAME.get(kind)


def find(group: str, kind: str) -> Kind | None:
    """The kind of that group and name, None when it is not ours."""
    known = _BY_NAME.get(kind)
    return known if known is not None and known.group == group else None


def engine_of(group: str) -> Engine | None:
    """The system that owns an API group; None for all groups that are neither Argo CD nor Flux.

    Flux v1 groups (``helm.fluxcd.io``) count as Flux: their objects are known to be obsolete.
    """
    known = _ENGINES.get(group)
    if known is None and group.endswith(".fluxcd.io"):
        return "flux"
    return known


def is_config_kind(group: str, kind: str) -> bool:
    """Whether objects of this kind configure Argo CD or Flux; Secrets and ConfigMaps may."""
    return find(group, kind) is not None or (group == "" and kind in {"Secret", "ConfigMap"})


def is_other_kind(group: str, kind: str) -> bool:
    """Whether the kind belongs to the group argoproj.io but to another Argo project."""
    return group == "argoproj.io" and find(group, kind) is None


def version_rank(version: str) -> tuple[int, int, int]:
    """Sort key by Kubernetes' version priority: v2 > v1 > v1beta2 > v1alpha1 > anything else."""
    match = _VERSION.match(version)
    if match is None:
        return (-1, 0, 0)
    major, maturity, minor = match.groups()
    return (_MATURITY[maturity], int(major), int(minor or 0))


def is_pseudo(kind: str) -> bool:
    """Whether a name is that of a pseudo-kind (``Secret:repository``)."""
    return ":" in kind


@cache
def pseudo_kinds() -> tuple[str, ...]:
    """Names of everything that configures Argo CD or Flux without a CRD, sorted."""
    return tuple(sorted(load_index().get("pseudo", ())))


def _producer(body: dict[str, Any]) -> tuple[str, ...] | None:
    """Where an object that produces a Secret states the Secret's metadata; None for all others."""
    group = str(body.get("apiVersion")).partition("/")[0]
    return _PRODUCERS.get((group, str(body.get("kind"))))


def secret_types() -> frozenset[str]:
    """The types of Secrets that Argo CD knows, as its label names them."""
    return _SECRET_TYPES


def secret_type(body: dict[str, Any]) -> str:
    """What a Secret is to Argo CD, by its own label or that of its template; empty for others.

    An ExternalSecret without metadata in its template gives the Secret its own labels.
    """
    producer = _producer(body)
    holder: Any = body.get("metadata")
    if producer is not None:
        stated: Any = body.get("spec")
        for key in producer:
            stated = stated.get(key) if isinstance(stated, dict) else None
        if isinstance(stated, dict) or body.get("kind") != "ExternalSecret":
            holder = stated
    labels = holder.get("labels") if isinstance(holder, dict) else None
    found = labels.get(SECRET_TYPE_LABEL) if isinstance(labels, dict) else None
    return found if isinstance(found, str) and found in _SECRET_TYPES else ""


def pseudo_kind(body: Any) -> str | None:
    """The pseudo-kind that a Secret or ConfigMap stands for by its own labels, name, namespace.

    Argo CD reads Secrets by their label and its ConfigMaps by name. Flux knows its Secrets by
    reference only, so ``Secret:git-credentials`` and ``Secret:kubeconfig`` are never answered.
    What produces such a Secret is ``ExternalSecret:argocd`` or ``SealedSecret:argocd``.
    """
    if not isinstance(body, dict):
        return None
    if _producer(body) is not None:
        return f"{body['kind']}:argocd" if secret_type(body) else None
    if body.get("apiVersion") != "v1":
        return None
    kind, metadata = body.get("kind"), body.get("metadata")
    if not isinstance(metadata, dict):
        return None
    labels = metadata.get("labels")
    if not isinstance(labels, dict):
        labels = {}
    name = metadata.get("name")
    ours = labels.get(PART_OF_LABEL) == "argocd" or metadata.get("namespace") == "argocd"
    if kind == "Secret":
        found = secret_type(body) or (_OWN_KEYS if ours and name == _OWN_KEYS else "")
        return f"Secret:{found}" if found else None
    if kind != "ConfigMap":
        return None
    if ours and isinstance(name, str) and name in _CONFIG_MAPS:
        return f"ConfigMap:{name}"
    return "ConfigMap:plugin" if _declares_plugin(body) else None


def patched_kind(body: dict[str, Any]) -> str | None:
    """The pseudo-kind of the ConfigMap that a patch is for: patches name it, and little else."""
    metadata = body.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    ours = body.get("apiVersion") == "v1" and body.get("kind") == "ConfigMap"
    return f"ConfigMap:{name}" if ours and name in _CONFIG_MAPS else None


def _declares_plugin(body: dict[str, Any]) -> bool:
    """Whether a file of a ConfigMap is the configuration of a plugin's sidecar."""
    data = body.get("data")
    texts = data.values() if isinstance(data, dict) else ()
    return any(isinstance(text, str) and _PLUGIN.search(text) for text in texts)
