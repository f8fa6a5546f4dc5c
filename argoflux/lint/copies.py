"""Paths that objects take from repositories, and the copies of these repositories at hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.argocd.shapes import text
from argoflux.flux.fields import is_stated, table
from argoflux.flux.fields import text as flux_text
from argoflux.goports.giturl import strip_credentials
from argoflux.lint.application import is_known
from argoflux.lint.arrivals import arrivals, is_flux
from argoflux.mapping.revisions import classify
from argoflux.model.content import Unknown
from argoflux.workspace.sources import place_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.finding import Place
    from argoflux.lint.context import Context
    from argoflux.resource import Resource
    from argoflux.workspace.sources import LocalTree

_MOVING = frozenset({"head", "branch"})
_SAMPLES = frozenset({"template", "templates"})
_FLUX_PATHS = {
    "Kustomization": (("spec", "path"), ("spec", "sourceRef")),
    "HelmRelease": (("spec", "chart", "spec", "chart"), ("spec", "chart", "spec", "sourceRef")),
    "HelmChart": (("spec", "chart"), ("spec", "sourceRef")),
    "ImageUpdateAutomation": (("spec", "update", "path"), ("spec", "sourceRef")),
}
"""Where kinds state a path, and the source that it is looked up in."""


class Repository(NamedTuple):
    """A repository as one root knows it: by its URL, or by its source object where that is missing.

    ``owner`` is that object (``Kind/namespace/name``), ``shown`` how people know the repository.
    """

    root: str
    key: str
    url: str = ""
    owner: str = ""

    @property
    def shown(self) -> str:
        """The URL without credentials, or the name of the source object."""
        return strip_credentials(self.url) or self.owner


@dataclass(frozen=True, slots=True, kw_only=True)
class PathUse:
    """A path that an object takes from a repository; ``place`` is where it says so.

    ``chart`` says that a chart has to stand there.
    """

    resource: Resource
    place: Place
    repository: Repository
    path: str
    chart: bool = False


class Copy(NamedTuple):
    """A local copy; ``proved`` by the user or by its origin, else it holds most paths that are used."""

    tree: LocalTree
    proved: bool


def path_uses(ctx: Context) -> tuple[PathUse, ...]:
    """Every path whose repository follows a branch, in the order of objects."""
    found: tuple[PathUse, ...] | None = ctx.memory.get("path uses")
    if found is None:
        uses = (*_of_applications(ctx), *_of_flux(ctx))
        found = tuple(use for use in uses if not is_sample(use.resource))
        ctx.memory["path uses"] = found
    return found


def is_sample(resource: Resource) -> bool:
    """Whether an object stands in a folder of templates: what it names is filled in by hand."""
    return not _SAMPLES.isdisjoint(resource.file.split("/")[:-1])


def copy_of(ctx: Context, repository: Repository) -> Copy | None:
    """The local copy of a repository, None where there is none to believe."""
    known: dict[Repository, Copy | None] = ctx.memory.setdefault("copies", {})
    if repository not in known:
        known[repository] = _copy(ctx, repository)
    return known[repository]


def _copy(ctx: Context, repository: Repository) -> Copy | None:
    sources = ctx.workspace.sources
    if repository.url:
        found = sources.resolve(repository.url, owner=repository.owner)
        if not isinstance(found, Unknown):
            return Copy(found, proved=True)
    uses = _by_repository(ctx)[repository.root, repository.key]
    paths = {use.path for use in uses}
    files = {ctx.workspace.path_of(use.resource) for use in uses} - {""}
    likely = sources.mostly(paths, sorted(files))
    return Copy(likely, proved=False) if likely is not None else None


def _by_repository(ctx: Context) -> dict[tuple[str, str], list[PathUse]]:
    found: dict[tuple[str, str], list[PathUse]] | None = ctx.memory.get("uses of repositories")
    if found is None:
        found = defaultdict(list)
        for use in path_uses(ctx):
            found[use.repository.root, use.repository.key].append(use)
        ctx.memory["uses of repositories"] = found
    return found


def follows_branch(revision: str) -> bool:
    """Whether a revision of an Application is a branch, so that the files at hand are its files."""
    return is_known(revision) and classify(revision, default_branch="").kind in _MOVING


def repository_of(
    source: Mapping[str, Any], root: str, *, pinned: bool = False
) -> Repository | None:
    """The Git repository of a source of an Application, None where it is none.

    Sources that do not follow a branch are left out unless ``pinned``.
    """
    url = text(source.get("repoURL"))
    if not url or not is_known(url) or text(source.get("chart")) or url.startswith("oci://"):
        return None
    if not pinned and not follows_branch(text(source.get("targetRevision"))):
        return None
    return Repository(root, place_key(strip_credentials(url)), url)


def _of_applications(ctx: Context) -> Iterator[PathUse]:
    for app in ctx.all_applications:
        for at, source in app.sources():
            repository = repository_of(source, app.resource.root)
            path = text(source.get("path"))
            if repository is not None and path and is_known(path):
                yield PathUse(
                    resource=app.resource,
                    place=app.place(*at, "path"),
                    repository=repository,
                    path=path,
                )


def _of_flux(ctx: Context) -> Iterator[PathUse]:
    if not any(is_flux(resource) for resource in ctx.resources):
        return
    for resource in arrivals(ctx).resources:
        stated = _FLUX_PATHS.get(resource.ref.kind)
        if stated is None:
            continue
        at, reference = stated
        path = flux_text(resource.body, *at)
        repository = flux_repository(ctx, resource, table(resource.body, *reference))
        if repository is not None and path and is_known(path):
            yield PathUse(
                resource=resource,
                place=resource.place(*at),
                repository=repository,
                path=path,
                chart=resource.ref.kind in {"HelmRelease", "HelmChart"},
            )


def is_pinned(ctx: Context, resource: Resource) -> bool:
    """Whether the Git source of a Kustomization follows no branch."""
    reference = table(resource.body, "spec", "sourceRef")
    name = flux_text(reference, "name")
    if (flux_text(reference, "kind") or "GitRepository") != "GitRepository" or not name:
        return False
    space = flux_text(reference, "namespace") or resource.ref.namespace
    found = arrivals(ctx).sources.find(resource.root, "GitRepository", space, name)
    return any(_names_revision(source) for source in found)


def _names_revision(source: Resource) -> bool:
    """Whether a GitRepository states a commit, a tag, a range, or a name that is no branch."""
    ref = table(source.body, "spec", "ref")
    named = flux_text(ref, "name") or "refs/heads/"
    return not named.startswith("refs/heads/") or any(
        is_stated(ref, key) for key in ("commit", "tag", "semver")
    )


def flux_repository(
    ctx: Context, resource: Resource, reference: Mapping[str, Any]
) -> Repository | None:
    """The Git repository that a reference means, None where it is none, or is pinned.

    The source of the repository at hand is often not defined: then it has no URL.
    """
    kind, name = flux_text(reference, "kind") or "GitRepository", flux_text(reference, "name")
    space = flux_text(reference, "namespace") or resource.ref.namespace
    if kind != "GitRepository" or not name or not is_known(name):
        return None
    owner = "/".join(part for part in (kind, space, name) if part)
    found = arrivals(ctx).sources.find(resource.root, kind, space, name)
    if not found:
        return Repository(resource.root, owner, "", owner)
    spec = table(found[0].body, "spec")
    url, pinned = flux_text(spec, "url"), _names_revision(found[0])
    if len(found) > 1 or pinned or spec.get("include") or not url or not is_known(url):
        return None
    return Repository(resource.root, place_key(strip_credentials(url)), url, owner)
