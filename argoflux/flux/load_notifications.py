"""Providers, Alerts and Receivers as channels, alerts and hooks.

notification-controller:internal/server/event_handlers.go (which events an alert takes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.fields import flag, pairs, tables, text
from argoflux.model.notify import Alert, Channel, Hook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from argoflux.flux.loading import Loading
    from argoflux.model.app import App
    from argoflux.resource import Resource

_GROUP = "notification.toolkit.fluxcd.io"


def read_channel(resource: Resource, loading: Loading) -> None:
    """Note a Provider."""
    loading.channels.append(_channel(resource))


def _channel(resource: Resource) -> Channel:
    body = resource.body
    return Channel(
        resource=resource.written,
        type=text(body, "spec", "type") or "",
        address=text(body, "spec", "address") or "",
        room=text(body, "spec", "channel") or "",
        username=text(body, "spec", "username") or "",
        secret=text(body, "spec", "secretRef", "name") or "",
        suspended=flag(body, "spec", "suspend") is True,
    )


def read_alert(resource: Resource, loading: Loading) -> None:
    """Note an Alert, with the apps that it is about."""
    body = resource.body
    provider = text(body, "spec", "providerRef", "name") or ""
    apps: list[App] = []
    deaf: list[int] = []
    for number, source in enumerate(tables(body, "spec", "eventSources")):
        found = [app for app in loading.apps if _concerns(source, resource, app)]
        apps += (app for app in found if app not in apps)
        if not found:
            deaf.append(number)
    additions = pairs(body, "spec", "eventMetadata")
    summary = text(body, "spec", "summary")
    if summary is not None:
        additions.setdefault("summary", summary)
    loading.alerts.append(
        Alert(
            resource=resource.written,
            provider=provider,
            channel=_find(resource, provider, loading),
            errors_only=text(body, "spec", "eventSeverity") == "error",
            additions=additions,
            apps=tuple(apps),
            deaf=tuple(deaf),
            suspended=flag(body, "spec", "suspend") is True,
        )
    )


def _find(alert: Resource, name: str, loading: Loading) -> Channel | None:
    for resource in loading.resources:
        ref = resource.ref
        same = (ref.group, ref.kind, ref.namespace, ref.name) == (
            _GROUP,
            "Provider",
            alert.ref.namespace,
            name,
        )
        if same and resource.root == alert.root:
            return _channel(resource)
    return None


def _concerns(source: Mapping[str, Any], alert: Resource, app: App) -> bool:
    if app.root != alert.root or app.kind != text(source, "kind"):
        return False
    if app.namespace != (text(source, "namespace") or alert.ref.namespace):
        return False
    wanted = pairs(source, "matchLabels")
    if text(source, "name") != "*":
        return app.name == text(source, "name")
    return all(app.labels.get(key) == value for key, value in wanted.items())


def read_receiver(resource: Resource, loading: Loading) -> None:
    """Note a Receiver."""
    body = resource.body
    loading.hooks.append(
        Hook(
            resource=resource.written,
            type=text(body, "spec", "type") or "",
            secret=text(body, "spec", "secretRef", "name") or "",
            suspended=flag(body, "spec", "suspend") is True,
        )
    )
