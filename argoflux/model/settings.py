"""What the ConfigMaps of an Argo CD installation say about objects: rules, filters, health, marks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from argoflux.goports.globs import GlobError, gobwas, has_meta

if TYPE_CHECKING:
    from argoflux.model.app import IgnoreRule
    from argoflux.resource import Resource


class Stated(NamedTuple):
    """Where a setting stands: the ConfigMap and its key."""

    resource: Resource
    key: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SystemRule:
    """Fields that the whole installation does not compare, for objects of some kinds."""

    stated: Stated
    rule: IgnoreRule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HealthScript:
    """A Lua health check for the kinds that two globs match."""

    stated: Stated
    group: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KindFilter:
    """Kinds that the installation leaves alone, or is limited to; an empty part matches all."""

    stated: Stated
    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What people call the kinds that it is for."""
        if self.kinds and self.kinds != ("*",):
            return self.kinds
        return tuple(f"all of {group or 'the core group'}" for group in self.groups) or (
            "all kinds",
        )

    def matches(self, group: str, kind: str, cluster: str) -> bool:
        """Whether the filter is for a kind in a cluster (its API URL)."""
        return (
            _any(self.groups, group)
            and (not self.kinds or bool({"*", kind} & set(self.kinds)))
            and self.meets(cluster)
        )

    def meets(self, cluster: str) -> bool:
        """Whether the filter is for a cluster at all."""
        return _any(self.clusters, cluster)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArgoSettings:
    """The settings of one root.

    ``resources`` are the ConfigMaps they come from. ``unread`` are keys whose text is not what
    Argo CD reads there. ``label`` is the label that marks the objects of an app, empty when none
    does. ``waits_for_children`` says that the health of an Application is checked by a script.
    """

    root: str
    resources: tuple[Resource, ...] = ()
    rules: tuple[SystemRule, ...] = ()
    health: tuple[HealthScript, ...] = ()
    exclusions: tuple[KindFilter, ...] = ()
    inclusions: tuple[KindFilter, ...] = ()
    unread: tuple[Stated, ...] = ()
    actions: tuple[Stated, ...] = ()
    aggregated_roles: Stated | None = None
    label: str = ""
    label_stated: tuple[Stated, ...] = ()
    waits_for_children: bool = False

    def leaves_alone(self, group: str, kind: str, cluster: str) -> KindFilter | None:
        """The filter that keeps Argo CD from touching a kind, None when it manages the kind.

        Exclusions win; where inclusions name the cluster, only what they match is managed.
        """
        return _leaves_alone(self, group, kind, cluster)


@lru_cache(maxsize=4096)
def _leaves_alone(settings: ArgoSettings, group: str, kind: str, cluster: str) -> KindFilter | None:
    for excluded in settings.exclusions:
        if excluded.matches(group, kind, cluster):
            return excluded
    if any(included.matches(group, kind, cluster) for included in settings.inclusions):
        return None
    return next((i for i in settings.inclusions if i.meets(cluster)), None)


def matches_glob(pattern: str, text: str) -> bool:
    """Whether one of Argo CD's globs matches; a pattern that is none matches nothing."""
    if pattern == text or not has_meta(pattern):
        return pattern == text
    try:
        return gobwas(pattern, text)
    except GlobError:
        return False


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return not patterns or any(matches_glob(pattern, text) for pattern in patterns)
