"""The neutral unit: one thing that is reconciled from sources to a destination.

None and empty values mean that the author did not say; defaults are applied in one explicit step
of each system (``argocd/defaults.py``, ``flux/defaults.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from sys import intern
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.render import Render
    from argoflux.model.source import Source
    from argoflux.resource import Ref, Resource
    from argoflux.text import Path

DeletionPolicy = Literal["foreground", "background", "orphan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRef:
    """The cluster an app is applied to; empty server and name mean the controller's own cluster."""

    server: str = ""
    name: str = ""
    secret: str = ""
    secret_key: str = ""
    config_map: str = ""

    @property
    def local(self) -> bool:
        """Whether this is the cluster that the controller runs in."""
        return not (self.server or self.name or self.secret or self.config_map)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where an app is applied.

    ``namespace`` fills blanks only; ``Kustomize.namespace`` overrides. ``namespace_labels`` and
    ``namespace_annotations`` are metadata of the namespace that ``create_namespace`` makes.
    """

    cluster: ClusterRef = field(default_factory=ClusterRef)
    namespace: str | None = None
    create_namespace: bool = False
    namespace_labels: Mapping[str, str] = field(default_factory=dict)
    namespace_annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What happens after a failed attempt; durations are Go durations as written."""

    limit: int | None = None
    duration: str | None = None
    factor: int | None = None
    max_duration: str | None = None
    refresh: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Making the cluster match.

    ``suspended`` is Argo CD's missing or disabled automation and Flux's ``suspend``. ``options``
    are Argo CD's sync options other than CreateNamespace, in its own words.
    """

    suspended: bool = False
    automated_stated: bool = False
    prune: bool | None = None
    self_heal: bool | None = None
    allow_empty: bool | None = None
    retry: Retry = field(default_factory=Retry)
    options: tuple[str, ...] = ()
    interval: str | None = None
    timeout: str | None = None
    force: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreRule:
    """Fields of live objects that are not compared; ``group`` and ``kind`` are Argo CD globs.

    An empty ``group`` is the core group, ``*`` any. ``selectors`` holds what Argo CD cannot say
    (version, label and annotation selectors).
    """

    group: str = "*"
    kind: str = "*"
    name: str = ""
    namespace: str = ""
    pointers: tuple[str, ...] = ()
    jq: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    selectors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Differences that are tolerated; ``respect`` also leaves them alone when applying."""

    rules: tuple[IgnoreRule, ...] = ()
    respect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """When an app counts as ready; ``expressions`` are CEL texts for the objects of a kind."""

    wait: bool | None = None
    checks: tuple[Mapping[str, str], ...] = ()
    expressions: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What must be ready before: apps of the same kind, or a wave inside the parent."""

    depends_on: tuple[Ref, ...] = ()
    wave: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One source, how it is rendered, and the directory it is rendered from.

    ``path`` is relative to the source's root, ``.`` is the root itself. ``at`` is where the source
    stands in the app's resource. ``ref`` is the name by which other parts refer to its files; a
    part that does not ``produce`` manifests is there for them alone. ``extra`` holds what its
    reading found out, for the rows.
    """

    source: Source
    render: Render
    path: str = "."
    name: str = ""
    at: Path = ("spec", "source")
    ref: str = ""
    produces: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class App:
    """One Application, Kustomization or HelmRelease.

    ``made_of`` are the input resources whose leaves it carries, its own first. ``extra`` holds
    values of one system that have no neutral meaning but are copied back there.
    """

    kind: str
    namespace: str
    name: str
    root: str
    parts: tuple[Part, ...]
    made_of: tuple[Resource, ...]
    destination: Destination = field(default_factory=Destination)
    project: str = ""
    service_account: str | None = None
    sync: Sync = field(default_factory=Sync)
    deletion: DeletionPolicy | None = None
    drift: Drift = field(default_factory=Drift)
    health: Health = field(default_factory=Health)
    order: Order = field(default_factory=Order)
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    history_limit: int | None = None
    info: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """``Kind/namespace/name``."""
        return intern("/".join(part for part in (self.kind, self.namespace, self.name) if part))

    @property
    def resource(self) -> Resource:
        """The object that defines this app."""
        return self.made_of[0]

    def sort_key(self) -> tuple[str, str, str, str]:
        """The order in which apps are handled and named: namespace, name, kind, file."""
        return (self.namespace, self.name, self.kind, self.resource.file)
