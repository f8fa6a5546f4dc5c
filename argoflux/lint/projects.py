"""What an AppProject allows, as far as rules need to know.

Facts: argo-cd:pkg/apis/application/v1alpha1/app_project_types.go (IsSourcePermitted, isDestinationMatched,
IsGroupKindNamePermitted), argo-cd:util/glob (globs; a text that begins with `!` denies).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.goports.globs import GlobError, gobwas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.resource import Resource
    from argoflux.text import Path

EVERYTHING = frozenset({"*", "**"})
_WHOLE_HOST = re.compile(r"https?://[^/*]+/\*{1,2}\Z")
_ADMIN = re.compile(
    r"(?:^|[-_])(?:admins?|platform|argocd|argo-cd|infra|infrastructure|cluster|bootstrap|system|gitops)(?:[-_]|$)"
)

ADMIN_NAMES = "admin, platform, argocd, infrastructure, cluster, bootstrap, system, gitops"
"""Words in the name of a project by which it counts as that of the people who run the installation."""


def is_admin(project: Resource) -> bool:
    """Whether a project looks like that of the people who run the installation."""
    return _ADMIN.search(project.ref.name) is not None


def open_sources(project: Resource) -> Iterator[tuple[Path, str]]:
    """Entries of ``sourceRepos`` that allow everything, or a whole host."""
    for number, entry in enumerate(items(block(project.body, "spec"), "sourceRepos")):
        if isinstance(entry, str) and (entry in EVERYTHING or _WHOLE_HOST.match(entry)):
            yield ("spec", "sourceRepos", number), entry


def destinations(project: Resource) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """The destinations with their paths; absent parts are empty."""
    for number, entry in enumerate(items(block(project.body, "spec"), "destinations")):
        if isinstance(entry, dict):
            parts = {key: text(entry.get(key)) for key in ("server", "name", "namespace")}
            yield ("spec", "destinations", number), parts


def is_everywhere(destination: Mapping[str, str]) -> bool:
    """Whether a destination allows every namespace of every cluster."""
    anywhere = "*" in {destination["server"], destination["name"]}
    return anywhere and destination["namespace"] == "*"


def allows_namespace(destination: Mapping[str, str], namespace: str) -> bool:
    """Whether a destination allows a namespace; one that denies allows none."""
    pattern = destination["namespace"]
    if pattern.startswith("!") or destination["server"].startswith("!"):
        return False
    try:
        return gobwas(pattern, namespace)
    except GlobError:
        return False


def denies_namespace(project: Resource, namespace: str) -> bool:
    """Whether an entry with ``!`` rejects a namespace."""
    for _, destination in destinations(project):
        pattern = destination["namespace"]
        if pattern.startswith("!"):
            try:
                if gobwas(pattern[1:], namespace):
                    return True
            except GlobError:
                continue
    return False


def denials(project: Resource) -> Iterator[tuple[Path, str]]:
    """Entries with ``!`` in lists where nothing else allows everything.

    Such an entry matches, and so allows, what it does not name (globMatch, IsSourcePermitted).
    """
    repos = [
        (("spec", "sourceRepos", number), entry)
        for number, entry in enumerate(items(block(project.body, "spec"), "sourceRepos"))
        if isinstance(entry, str)
    ]
    if not any(entry in EVERYTHING for _, entry in repos):
        yield from ((path, entry) for path, entry in repos if entry.startswith("!"))
    targets = list(destinations(project))
    if any(is_everywhere(parts) for _, parts in targets):
        return
    for path, parts in targets:
        for key, value in parts.items():
            if value.startswith("!"):
                yield (*path, key), value


def open_kinds(project: Resource) -> Iterator[Path]:
    """Entries that allow every kind of cluster-scoped objects."""
    spec = block(project.body, "spec")
    for number, entry in enumerate(blocks(spec, "clusterResourceWhitelist")):
        if text(entry.get("group")) == "*" and text(entry.get("kind")) == "*":
            yield ("spec", "clusterResourceWhitelist", number)
