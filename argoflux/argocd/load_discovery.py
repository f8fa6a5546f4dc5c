"""Plugins that pick their sources themselves: what they look for, and whether it is there.

Facts: argo-cd:cmpserver/plugin/plugin.go matchRepository (a file name, else a glob, else a command),
argo-cd:util/app/discovery/discovery.go Discover (plugins are asked before any other tool, and only
for sources that name none), argo-cd:cmpserver/plugin/config.go Address (the name with its version).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from argoflux.argocd.shapes import block, text, texts
from argoflux.goports.doublestar import doublestar
from argoflux.goports.globs import GlobError
from argoflux.text import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.resource import Resource


class Discovery(NamedTuple):
    """A plugin with the pattern of the files that it looks for; empty: a command decides."""

    plugin: str
    pattern: str

    @property
    def rule(self) -> str:
        """The pattern, for messages."""
        return f"`{self.pattern}`" if self.pattern else "a command"

    def finds(self, names: Iterable[str]) -> bool | None:
        """Whether the plugin renders a directory with these files; None when a command decides."""
        if not self.pattern:
            return None
        pattern = posixpath.normpath(self.pattern.lstrip("/"))
        try:
            return any(doublestar(pattern, name) for name in names)
        except GlobError:
            return False


def read_discoveries(resource: Resource) -> tuple[Discovery, ...]:
    """The plugins of a ConfigMap that pick sources themselves."""
    from argoflux.yamlio.load import load_text

    found: list[Discovery] = []
    for key, content in sorted(texts(resource.body, "data").items()):
        for document in load_text(SourceFile(key, content)).documents:
            body = document.body
            if isinstance(body, dict) and body.get("kind") == "ConfigManagementPlugin":
                found += _discovery(body)
    return tuple(found)


def _discovery(body: dict[str, object]) -> list[Discovery]:
    spec = block(body, "spec")
    name, version = text(block(body, "metadata").get("name")), text(spec.get("version"))
    discover = block(spec, "discover")
    find = block(discover, "find")
    pattern = text(discover.get("fileName")) or text(find.get("glob"))
    if not pattern and not find.get("command"):
        return []
    return [Discovery(plugin="-".join(filter(None, (name, version))), pattern=pattern)]
