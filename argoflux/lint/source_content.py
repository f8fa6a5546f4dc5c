"""What the sources of an Application yield, as far as a copy of their repository is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, text
from argoflux.lint.application import is_known
from argoflux.lint.copies import repository_of
from argoflux.lint.deliveries import argo_content
from argoflux.model.content import Unknown
from argoflux.workspace.sources import LocalTree
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import Content

_TOOLS = ("helm", "kustomize", "directory", "plugin")
_HARMLESS = frozenset({"images", "version", "apiVersions", "kubeVersion"})
"""Options of kustomize that leave all objects with their names and fields."""


def tool_blocks(source: Mapping[str, Any]) -> list[str]:
    """The tools that a source has options for; Argo CD drops a block that says nothing.

    argo-cd:util/argo/argo.go NormalizeSource.
    """
    return [name for name in _TOOLS if _says_something(source.get(name))]


def _says_something(value: Any) -> bool:
    return isinstance(value, dict) and any(leaf for _, leaf in leaves(value))


def folder_of(app: ApplicationView, source: Mapping[str, Any]) -> tuple[str, str] | None:
    """URL and path of a folder in Git that a source names; None where it cannot be looked at.

    A tag or a commit may hold other files than the copy, and a plugin may do anything with them.
    """
    path = text(source.get("path"))
    repository = repository_of(source, app.resource.root)
    if repository is None or not path or not is_known(path) or source.get("plugin"):
        return None
    return repository.url, path


def is_proved(app: ApplicationView, folder: tuple[str, str], ctx: Context) -> bool:
    """Whether the copy is known to be of the repository, not only likely."""
    found = ctx.local(app.resource, *folder)
    return isinstance(found, LocalTree) and found.evidence != "assumed"


def content_of(app: ApplicationView, source: Mapping[str, Any], ctx: Context) -> Content:
    """The objects of a source as Argo CD would apply them; Unknown where they cannot be told."""
    if folder_of(app, source) is None:
        return Unknown(reason="the source is no folder that can be looked at")
    kustomize = {key for key, value in block(source, "kustomize").items() if value}
    if kustomize - _HARMLESS:
        return Unknown(reason="the Application changes what the folder holds")
    directory = block(source, "directory")
    globs = (text(directory.get("include")), text(directory.get("exclude")))
    if not all(map(is_known, globs)) or block(directory, "jsonnet"):
        return Unknown(reason="which files count is not known")
    return argo_content(ctx, app, source)


def contents(app: ApplicationView, ctx: Context) -> Iterator[Content]:
    """What each source yields that is not only referred to."""
    if app.spec.get("sourceHydrator"):
        yield Unknown(reason="the manifests are hydrated into another branch")
        return
    for _, source in app.sources():
        if source.get("path") or source.get("chart"):
            yield content_of(app, source, ctx)
