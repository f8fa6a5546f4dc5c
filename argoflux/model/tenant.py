"""A policy boundary around apps: an Argo CD project, and what it lets its apps do.

Patterns are kept as written. Facts: argo-cd:pkg/apis/application/v1alpha1/app_project_types.go
(IsSourcePermitted, IsDestinationPermitted, IsGroupKindNamePermitted) and types.go (AppProjectSpec).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.goports.giturl import normalize_git_url
from argoflux.goports.globs import GlobError, gobwas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.resource import Resource

LOCAL_SERVER = "https://kubernetes.default.svc"
LOCAL_NAME = "in-cluster"
DENY = "!"
ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A cluster (by URL or name) and the namespaces there that apps may be sent to."""

    server: str = ""
    name: str = ""
    namespace: str = ""

    @property
    def local(self) -> bool:
        """Whether it holds for the cluster that the controller runs in."""
        return matches(self.server, LOCAL_SERVER) or matches(self.name, LOCAL_NAME)

    @property
    def denies(self) -> bool:
        """Whether one of its patterns is negated."""
        return any(p.startswith(DENY) for p in (self.server, self.name, self.namespace))


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPattern:
    """Kinds by group and kind globs; an empty ``name`` stands for every object of them."""

    group: str = ""
    kind: str = ""
    name: str = ""

    def holds(self, group: str, kind: str) -> bool:
        """Whether a kind is meant."""
        return matches(self.group, group) and matches(self.kind, kind)

    @property
    def every(self) -> bool:
        """Whether it stands for all kinds there are."""
        return (self.group, self.kind, self.name) == (ANY, ANY, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One line of a role: an action on objects of a resource; ``valid`` is false for other text."""

    text: str
    resource: str = ""
    action: str = ""
    object: str = ""
    effect: str = ""
    valid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRole:
    """People and tools with rights on the apps of the project; ``groups`` come from their login."""

    name: str
    policies: tuple[Policy, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncWindow:
    """A time span in which apps may (``allow``) or must not (``deny``) be synced.

    ``schedule`` is a cron expression in ``time_zone`` (UTC when empty), ``duration`` a Go duration.
    """

    kind: str
    schedule: str
    duration: str
    applications: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    all_of: bool = False
    manual: bool = False
    time_zone: str = ""

    def holds(self, app: str, namespace: str, server: str, cluster: str) -> bool:
        """Whether it is for an app; a window without any pattern is for none.

        argo-cd:pkg/apis/application/v1alpha1/types.go SyncWindows.Matches: ``!`` has no meaning here.
        """
        tests = [
            (self.applications, (app,)),
            (self.clusters, tuple(filter(None, (cluster, server)))),
            (self.namespaces, (namespace,)),
        ]
        hits = [
            any(_plain(pattern, text) for pattern in patterns for text in texts)
            for patterns, texts in tests
            if patterns
        ]
        return bool(hits) and (all(hits) if self.all_of else any(hits))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignaturePolicy:
    """Which signatures commits of matching repositories need; ``mode`` none, head or strict."""

    repos: tuple[str, ...]
    mode: str
    keys: tuple[str, ...] = ()

    def holds(self, url: str) -> bool:
        """Whether it speaks for a repository (argo-cd:util/sourceintegrity: a negated hit excludes)."""
        found = False
        for pattern in self.repos:
            hit = _same_url(pattern.removeprefix(DENY), url)
            if hit and pattern.startswith(DENY):
                return False
            found = found or hit
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRule:
    """The service account that syncs apps of matching destinations."""

    server: str = ""
    namespace: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tenant:
    """An AppProject.

    ``kinds`` None means all namespaced kinds, an empty tuple none. ``impersonates`` tells whether
    the installation uses ``accounts``; None when the input does not say. ``public_keys`` are the
    armored keys that the input holds, by key id as the project spells it, from ``key_file``.
    """

    name: str
    root: str
    resource: Resource
    open: bool = False
    description: str = ""
    source_repos: tuple[str, ...] = ()
    destinations: tuple[Reach, ...] = ()
    cluster_kinds: tuple[KindPattern, ...] = ()
    cluster_kinds_denied: tuple[KindPattern, ...] = ()
    kinds: tuple[KindPattern, ...] | None = None
    kinds_denied: tuple[KindPattern, ...] = ()
    roles: tuple[ProjectRole, ...] = ()
    windows: tuple[SyncWindow, ...] = ()
    signatures: tuple[SignaturePolicy, ...] = ()
    accounts: tuple[AccountRule, ...] = ()
    impersonates: bool | None = None
    own_clusters_only: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    public_keys: Mapping[str, str] = field(default_factory=dict)
    key_file: Resource | None = None

    @property
    def all_kinds(self) -> bool:
        """Whether every namespaced kind may be deployed, but for the denied ones."""
        return self.kinds is None or any(item.every for item in self.kinds)

    def permits_source(self, url: str) -> bool:
        """Whether Argo CD lets apps use a repository.

        A negated entry permits everything that it does not hit, whatever the others say.
        """
        found = False
        for pattern in self.source_repos:
            hit = _same_url(pattern.removeprefix(DENY), url)
            if pattern.startswith(DENY):
                if hit:
                    return False
                found = True
            else:
                found = found or hit
        return found

    def permits_namespace(self, namespace: str, server: str = "", name: str = "") -> bool:
        """Whether Argo CD lets apps deploy into a namespace; by default of its own cluster."""
        if not (server or name):
            server, name = LOCAL_SERVER, LOCAL_NAME
        found = False
        for item in self.destinations:
            by_server = server != "" and matches(item.server, server)
            by_name = name != "" and matches(item.name, name)
            inside = matches(item.namespace, namespace)
            if (by_server or by_name) and inside:
                found = True
            elif (
                (not by_name and item.name.startswith(DENY))
                or (not by_server and item.server.startswith(DENY))
                or (not inside and item.namespace.startswith(DENY))
            ):
                return False
        return found


def matches(pattern: str, text: str, separators: str = "") -> bool:
    """Whether a pattern of a project holds for a text; a leading ``!`` negates it.

    A pattern that is no glob matches nothing.
    """
    if pattern.startswith(DENY):
        return not matches(pattern.removeprefix(DENY), text, separators)
    return _plain(pattern, text, separators)


def _plain(pattern: str, text: str, separators: str = "") -> bool:
    if pattern == ANY:
        return True
    try:
        return gobwas(pattern, text, separators)
    except GlobError:
        return False


def _same_url(pattern: str, url: str) -> bool:
    return matches(normalize_git_url(pattern), normalize_git_url(url), "/")
