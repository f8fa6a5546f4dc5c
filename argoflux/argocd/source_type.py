"""Which tool renders a source, decided as the repo-server does.

Facts: argo-cd:pkg/apis/application/v1alpha1/types.go ExplicitType,
argo-cd:util/app/discovery/discovery.go AppType.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.content import Content

Tool = Literal["helm", "kustomize", "directory"]

_TOOLS: tuple[Tool, ...] = ("kustomize", "helm", "directory")


class Detected(NamedTuple):
    """The tool; ``known`` is false when it was only assumed."""

    tool: Tool
    known: bool


def stated_blocks(source: Mapping[str, object]) -> list[Tool]:
    """The tool blocks that a source has, empty ones included; null is absent."""
    return [tool for tool in _TOOLS if isinstance(source.get(tool), dict)]


def detect(content: Content) -> Detected:
    """The tool for a directory whose source names none; unknown contents count as plain."""
    if isinstance(content, Known):
        return Detected(content.kind_of_path, known=True)
    return Detected("directory", known=False)
