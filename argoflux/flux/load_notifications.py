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
        found = _concerned(source, resource, loading)
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
    for resource in loading.named(alert.root, "Provider", alert.ref.namespace, name):
        if resource.ref.group == _GROUP:
            return _channel(resource)
    return None


def _concerned(source: Mapping[str, Any], alert: Resource, loading: Loading) -> list[App]:
    """The apps that one entry of an Alert names; labels count for all names only."""
    kind, name = text(source, "kind"), text(source, "name")
    namespace = text(source, "namespace") or alert.ref.namespace
    wanted = pairs(source, "matchLabels").items() if name == "*" else ()
    return [
        app
        for app in loading.apps
        if (name in ("*", app.name))
        and (app.kind, app.namespace, app.root) == (kind, namespace, alert.root)
        and all(app.labels.get(key) == value for key, value in wanted)
    ]


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
