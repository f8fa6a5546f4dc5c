"""What the notifications controller refuses in argocd-notifications-cm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def _read(text: str) -> Any:
    loaded = load_text(SourceFile("value", text))
    return loaded.documents[0].body if loaded.documents else None


def notification_complaints(data: Mapping[str, str]) -> Iterator[str]:
    """Triggers send templates that are there; subscriptions name services and triggers that are.

    argoproj/notifications-engine:pkg/api/config.go, pkg/triggers/service.go.
    """
    parts = {"service": set[str](), "template": set[str](), "trigger": set[str]()}
    for key in data:
        kind, _, name = key.partition(".")
        if kind in parts and name:
            # service.webhook.name is called name, service.slack is called slack
            parts[kind].add(name.rpartition(".")[2] if kind == "service" else name)
    for name in sorted(parts["trigger"]):
        yield from _trigger(name, _read(data[f"trigger.{name}"]) or [], parts["template"])
    for entry in _read(data.get("subscriptions", "")) or []:
        services = [str(recipient).partition(":")[0] for recipient in entry.get("recipients") or []]
        for kind, names in (("service", services), ("trigger", entry.get("triggers") or [])):
            for name in names:
                if name not in parts[kind]:
                    yield f"a subscription names {kind} {name}, which is not there"


def _trigger(name: str, conditions: Iterable[Any], templates: set[str]) -> Iterator[str]:
    for condition in conditions:
        if not condition.get("when"):
            yield f"trigger {name} has no condition"
        for template in condition.get("send") or []:
            if template not in templates:
                yield f"trigger {name} sends template {template}, which is not there"
