"""What the sources of an Application yield, as far as a copy of their repository is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block
from argoflux.argocd.source_type import stated_blocks
from argoflux.lint.context import known_text
from argoflux.mapping.revisions import classify
from argoflux.model.content import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.model.content import Content
    from argoflux.workspace.overlay import SourceType

_MOVING = frozenset({"head", "branch"})
_HARMLESS = frozenset({"images", "version", "apiVersions", "kubeVersion"})
"""Options of kustomize that leave all objects with their names and fields."""


def folder_of(source: Mapping[str, Any]) -> tuple[str, str] | None:
    """URL and path of a folder in Git that a source names; None where it cannot be looked at.

    A tag or a commit may hold other files than the copy, and a plugin may do anything with them.
    """
    url, path = known_text(source.get("repoURL")), known_text(source.get("path"))
    revision = known_text(source.get("targetRevision") or "")
    if not url or not path or revision is None or source.get("chart") or source.get("plugin"):
        return None
    if url.startswith("oci://") or classify(revision, default_branch="").kind not in _MOVING:
        return None
    return url, path


def content_of(app: ApplicationView, source: Mapping[str, Any], ctx: Context) -> Content:
    """The objects of a source as Argo CD would apply them; Unknown where they cannot be told."""
    folder = folder_of(source)
    if folder is None:
        return Unknown(reason="the source is no folder that can be looked at")
    kustomize = {key for key, value in block(source, "kustomize").items() if value}
    if kustomize - _HARMLESS:
        return Unknown(reason="the Application changes what the folder holds")
    directory = block(source, "directory")
    include = known_text(directory.get("include") or "")
    exclude = known_text(directory.get("exclude") or "")
    if include is None or exclude is None or block(directory, "jsonnet"):
        return Unknown(reason="which files count is not known")
    tools = stated_blocks(source)
    explicit: SourceType = tools[0] if len(tools) == 1 and source.get(tools[0]) else ""
    return ctx.content(
        app.resource,
        *folder,
        recurse=directory.get("recurse") is True,
        include=include,
        exclude=exclude,
        source_type=explicit,
    )


def contents(app: ApplicationView, ctx: Context) -> Iterator[Content]:
    """What each source yields that is not only referred to."""
    if app.spec.get("sourceHydrator"):
        yield Unknown(reason="the manifests are hydrated into another branch")
        return
    for _, source in app.sources():
        if source.get("path") or source.get("chart"):
            yield content_of(app, source, ctx)
