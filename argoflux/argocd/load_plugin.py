"""Sources that a config management plugin renders: refused, with what to do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, text
from argoflux.mapping.plugin import A2F_PLG_001, A2F_PLG_005, known_plugin, plugin_facts

if TYPE_CHECKING:
    from argoflux.argocd.load_source import SourceReading
    from argoflux.model.files import SourceFiles


def refuse_plugin(reading: SourceReading, source: dict[str, Any]) -> None:
    """Refuse the Application when its source names a plugin, even without a name."""
    if not isinstance(source.get("plugin"), dict):
        return
    _refuse(reading, text(block(source, "plugin").get("name")))


def _refuse(reading: SourceReading, name: str) -> None:
    known = known_plugin(name)
    message = known.message if known is not None else A2F_PLG_001
    reading.refuse(message, **plugin_facts(name))


def heed_discovery(reading: SourceReading, path: str, files: SourceFiles | None) -> None:
    """Refuse a source that names no tool when a plugin picks it; say so when nobody can tell.

    Of a chart from a repository one file is known for sure.
    """
    names: list[str] | None = ["Chart.yaml"] if reading.facts.get("chart_by_name") else None
    if files is not None:
        prefix = "" if path == "." else f"{path}/"
        names = [name.removeprefix(prefix) for name in files.names() if name.startswith(prefix)]
    for discovery in reading.settings.plugins:
        found = None if names is None else discovery.finds(names)
        if found:
            _refuse(reading, discovery.plugin)
        elif found is None:
            facts = {"plugin": f"`{discovery.plugin}`", "rule": discovery.rule, "path": path}
            reading.say(A2F_PLG_005, name=str(reading.resource.ref), **facts)
