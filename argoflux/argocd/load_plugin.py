"""Sources that a config management plugin renders: refused, with what to do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, text
from argoflux.mapping.plugin import A2F_PLG_001, known_plugin, plugin_facts

if TYPE_CHECKING:
    from argoflux.argocd.load_source import SourceReading


def refuse_plugin(reading: SourceReading, source: dict[str, Any]) -> None:
    """Refuse the Application when its source names a plugin, even without a name."""
    if not isinstance(source.get("plugin"), dict):
        return
    name = text(block(source, "plugin").get("name"))
    known = known_plugin(name)
    message = known.message if known is not None else A2F_PLG_001
    reading.refuse(message, **plugin_facts(name))
