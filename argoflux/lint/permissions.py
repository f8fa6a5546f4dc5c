"""What the project of an Application permits, three-valued: yes, no, or not known.

Facts: argo-cd:pkg/apis/application/v1alpha1/app_project_types.go (IsSourcePermitted,
isDestinationMatched, IsAppNamespacePermitted, IsGroupKindNamePermitted), argo-cd:util/argo/argo.go
(ValidatePermissions, GetAppVirtualProject: global projects add to every project that they select).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.appset.clusters import LOCAL_NAME, LOCAL_SERVER, read_cluster
from argoflux.argocd.produced_secrets import has_open_keys, stated_texts
from argoflux.argocd.shapes import block, blocks, items, text
from argoflux.goports.giturl import normalize_git_url, same_repository
from argoflux.goports.globs import GlobError, gobwas
from argoflux.kinds import secret_type
from argoflux.lint.context import known_text
from argoflux.model.tenant import DENY, matches
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.argocd.appset.clusters import ClusterFacts
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

_SETTINGS = "ConfigMap:argocd-cm"


def project_named(app: ApplicationView) -> str | None:
    """The project that an Application names, `default` where it names none; None if not known."""
    stated = app.get("spec", "project")
    if isinstance(stated, str) and stated:
        return known_text(stated)
    return "default" if app.spec and not app.open else None


def project_of(app: ApplicationView, ctx: Context) -> Resource | None:
    """The project of an Application as it is enforced; None where that is not known.

    It is not known where several have the name, a patch may change it, values are filled in later,
    or global projects add to it.
    """
    name = project_named(app)
    found = _projects(ctx).get((app.resource.root, name or ""), ())
    return found[0] if len(found) == 1 else None


def _projects(ctx: Context) -> dict[tuple[str, str], list[Resource]]:
    known: dict[tuple[str, str], list[Resource]] | None = ctx.memory.get("enforced projects")
    if known is not None:
        return known
    known = ctx.memory["enforced projects"] = {}
    widened = {
        one.root
        for one in ctx.resources
        if one.pseudo == _SETTINGS and "globalProjects" in block(one.body, "data")
    }
    for project in ctx.inventory.of_kind("argoproj.io", "AppProject"):
        known.setdefault((project.root, project.ref.name), []).append(project)
    for key, found in list(known.items()):
        if key[0] in widened or any(not _is_final(ctx, each) for each in found):
            del known[key]
    return known


def _is_final(ctx: Context, project: Resource) -> bool:
    """Whether a project is applied as it is written, as far as the input tells."""
    spec = block(project.body, "spec")
    if not spec or any(isinstance(v, str) and has_placeholder(v) for _, v in leaves(spec)):
        return False
    return not any(
        patch.root == project.root
        and patch.ref.kind == "AppProject"
        and patch.ref.name in {project.ref.name, ""}
        for patch in ctx.workspace.patches
    )


def permits_source(project: Resource, url: str, ctx: Context) -> bool | None:
    """Whether a project lets its Applications use a repository; None if that is not known.

    A negated entry rejects what it names and permits everything else, whatever the others say. The
    repositories whose Secret names the project are permitted, too (GetAppProject).
    """
    answer = _lists_source(project, url)
    if answer:
        return True
    for scope, repository in _scoped_repositories(ctx).get(project.root, ()):
        if repository and not same_repository(repository, url):
            continue
        if scope == project.ref.name and repository:
            return True
        if scope in {"", project.ref.name}:
            return None
    return False


def _scoped_repositories(ctx: Context) -> dict[str, list[tuple[str, str]]]:
    """Project and URL of the repositories that belong to one; empty where they cannot be read."""
    known: dict[str, list[tuple[str, str]]] | None = ctx.memory.get("scoped repositories")
    if known is None:
        known = ctx.memory["scoped repositories"] = {}
        for secret in ctx.resources:
            if not secret.pseudo or secret_type(secret.body) != "repository":
                continue
            stated = stated_texts(secret)
            if "project" in stated or has_open_keys(secret):
                found = known_text(stated.get("project", "")), known_text(stated.get("url", ""))
                known.setdefault(secret.root, []).append((found[0] or "", found[1] or ""))
    return known


def _lists_source(project: Resource, url: str) -> bool:
    wanted = normalize_git_url(url)
    found = False
    for entry in items(block(project.body, "spec"), "sourceRepos"):
        if not isinstance(entry, str):
            continue
        denies = entry.startswith(DENY)
        pattern = normalize_git_url(entry.removeprefix(DENY))
        if matches(f"{DENY}{pattern}" if denies else pattern, wanted, "/"):
            found = True
        elif denies:
            return False
    return found


class Target(NamedTuple):
    """Where an Application goes; ``None`` stands for a part that is not known."""

    server: str | None
    name: str | None
    namespace: str


def clusters(ctx: Context, root: str) -> list[ClusterFacts]:
    """The clusters that Secrets of a root register."""
    known: dict[str, list[ClusterFacts]] | None = ctx.memory.get("registered clusters")
    if known is None:
        known = ctx.memory["registered clusters"] = {}
        for secret in ctx.resources:
            if secret.pseudo == "Secret:cluster":
                known.setdefault(secret.root, []).append(read_cluster(secret.body))
    return known.get(root, [])


def target_of(app: ApplicationView, ctx: Context) -> Target | None:
    """The destination with address and name, as Argo CD looks them up; None if it is not known."""
    destination = block(app.spec, "destination")
    parts = {key: destination.get(key) for key in ("server", "name", "namespace")}
    if any(value is not None and known_text(value) is None for value in parts.values()):
        return None
    server, name = text(parts["server"]), text(parts["name"])
    if bool(server) == bool(name):
        return None
    known = [one for one in clusters(ctx, app.resource.root) if server in {one.server, ""}]
    known = [one for one in known if name in {one.name, ""}]
    if len(known) == 1 and known[0].server and known[0].name:
        return Target(known[0].server, known[0].name, text(parts["namespace"]))
    if name == LOCAL_NAME and not known:
        return Target(LOCAL_SERVER, LOCAL_NAME, text(parts["namespace"]))
    return Target(server or None, name or None, text(parts["namespace"]))


def permits_target(project: Resource, target: Target, ctx: Context) -> bool | None:
    """Whether a project lets its Applications go somewhere; None if that is not known.

    An entry that denies the name rejects whatever the namespace is; one that denies the address or
    the namespace rejects where the other of the two fits. Clusters whose Secret names the project
    are permitted, too (GetAppProject).
    """
    owned = (c for c in clusters(ctx, project.root) if c.project == project.ref.name)
    answer: bool | None = any(target.server == c.server for c in owned)
    for entry in blocks(block(project.body, "spec"), "destinations"):
        one = _judge(entry, target)
        if one == "rejects":
            return False
        if one == "unknown" or (one == "permits" and answer is None):
            answer = None
        elif one == "permits":
            answer = True
    return answer


def _judge(entry: dict[str, Any], target: Target) -> str:
    server, name, space = (text(entry.get(key)) for key in ("server", "name", "namespace"))
    by_server = _holds(server, target.server)
    by_name = _holds(name, target.name)
    inside = matches(space, target.namespace)
    denied = [part for part in (server, name, space) if part.startswith(DENY)]
    if (None in {by_server, by_name} and by_server is not True and by_name is not True) or (
        denied and None in {by_server, by_name}
    ):
        return "unknown" if inside or denied else "passes"
    if (by_server or by_name) and inside:
        return "permits"
    rejects = (
        (not by_name and name.startswith(DENY))
        or (not by_server and server.startswith(DENY) and inside)
        or (not inside and space.startswith(DENY) and bool(by_server))
    )
    return "rejects" if rejects else "passes"


def _holds(pattern: str, value: str | None) -> bool | None:
    """Whether a pattern holds for a value that may not be known."""
    if value is not None:
        return matches(pattern, value)
    if pattern == "":
        return False
    return True if pattern == "*" else None


def permits_namespace(project: Resource, namespace: str) -> bool:
    """Whether Applications may stand in a namespace outside of Argo CD's own.

    argo-cd:util/glob/list.go MatchStringInList: a pattern in slashes is a regular expression.
    """
    return _listed(items(block(project.body, "spec"), "sourceNamespaces"), namespace)


def _listed(patterns: Iterable[Any], value: str) -> bool:
    for pattern in patterns:
        if not isinstance(pattern, str):
            continue
        if len(pattern) > 1 and pattern[0] == pattern[-1] == "/":
            try:
                if re.search(pattern[1:-1], value):
                    return True
            except re.error:
                return True  # RE2 may read what Python does not
            continue
        try:
            if gobwas(pattern, value):
                return True
        except GlobError:
            continue
    return False
