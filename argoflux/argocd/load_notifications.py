"""Notifications: the configuration in argocd-notifications-cm, and who subscribed to what.

Facts: notifications-engine:pkg/api/config.go ParseConfig, pkg/subscriptions/annotations.go,
pkg/subscriptions/subscriptions.go; argo-cd:notification_controller/controller/controller.go
alterDestinations (the annotations of the project count for its Applications).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.notify_moments import CATALOGUE, moment_of
from argoflux.argocd.shapes import blocks, items, text, texts
from argoflux.goports.labels import SelectorError, parse, selects
from argoflux.model.notify import DefaultSubscription, NotifyConfig, Service, Subscription, Trigger
from argoflux.text import SourceFile
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.argocd.loading import Loading
    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path

PREFIX = "notifications.argoproj.io/"
_SUBSCRIBE = f"{PREFIX}subscribe."
_SUBSCRIBE_YAML = f"{PREFIX}subscribe_yaml"
_LEGACY = "recipients.argocd-notifications.argoproj.io"

# notifications-engine:pkg/services/services.go NewService
_SERVICE_TYPES = frozenset(
    {
        "alertmanager",
        "awssqs",
        "email",
        "gcppubsub",
        "github",
        "googlechat",
        "grafana",
        "mattermost",
        "nats",
        "newrelic",
        "opsgenie",
        "pagerduty",
        "pagerdutyv2",
        "pushover",
        "rocketchat",
        "slack",
        "teams",
        "teams-workflows",
        "telegram",
        "webex",
        "webhook",
    }
)


def read_notify_config(resource: Resource, loading: Loading) -> None:
    """The services, triggers and default subscriptions of one argocd-notifications-cm."""
    data = texts(resource.body, "data")
    unreadable: list[str] = []
    values: dict[str, Any] = {}
    for key in sorted(data):
        if key.startswith("template.") or key == "context":
            continue
        value = _parsed(data[key])
        values[key] = value
        if value is None and data[key].strip():
            unreadable.append(key)
    stated: tuple[DefaultSubscription, ...] = ()
    try:
        stated = tuple(_default_subscriptions(values.get("subscriptions")))
    except SelectorError:
        unreadable.append("subscriptions")
    config = NotifyConfig(
        resource=resource,
        services=dict(_services(values, resource)),
        triggers=dict(_triggers(values)),
        defaults=_names(values.get("defaultTriggers")),
        service_defaults={
            key.removeprefix("defaultTriggers."): _names(value)
            for key, value in values.items()
            if key.startswith("defaultTriggers.")
        },
        subscriptions=stated,
        unreadable=tuple(unreadable),
    )
    loading.notifiers.append(config)


def _parsed(value: str) -> Any:
    """A value that is YAML itself; None when it cannot be read."""
    loaded = load_text(SourceFile(name="argocd-notifications-cm", text=value))
    if loaded.findings or not loaded.documents:
        return None
    return loaded.documents[0].body


def _maps(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _names(value: Any) -> tuple[str, ...]:
    return tuple(text(item) for item in value) if isinstance(value, list) else ()


def _services(values: Mapping[str, Any], resource: Resource) -> Iterator[tuple[str, Service]]:
    """Services by name; ``service.<type>.<name>``, or the type alone as the name."""
    for key, value in values.items():
        parts = key.split(".")
        if parts[0] != "service" or len(parts) not in {2, 3}:
            continue
        yield (
            parts[-1],
            Service(
                name=parts[-1],
                type=parts[1],
                options=value if isinstance(value, dict) else {},
                resource=resource,
                at=("data", key),
            ),
        )


def _triggers(values: Mapping[str, Any]) -> Iterator[tuple[str, Trigger]]:
    for key, value in values.items():
        if not key.startswith("trigger."):
            continue
        name = key.removeprefix("trigger.")
        conditions = _maps(value)
        sent = [text(name) for condition in conditions for name in items(condition, "send")]
        yield (
            name,
            Trigger(
                name=name,
                moment=moment_of(text(item.get("when")) for item in conditions),
                templates=tuple(dict.fromkeys(sent)),
                at=("data", key),
            ),
        )


def _default_subscriptions(value: Any) -> Iterator[DefaultSubscription]:
    """Raises SelectorError for a selector that Argo CD cannot read either."""
    for item in _maps(value):
        parse(text(item.get("selector")))
        yield DefaultSubscription(
            recipients=tuple(text(one) for one in items(item, "recipients")),
            triggers=tuple(text(one) for one in items(item, "triggers")),
            selector=text(item.get("selector")),
        )


def read_subscriptions(loading: Loading) -> dict[App, tuple[Subscription, ...]]:
    """Every subscription of every app: its own, those of its project, and the default ones."""
    projects: dict[tuple[str, str], Resource] = {}
    for resource in loading.resources:
        if resource.ref.kind == "AppProject":
            projects.setdefault((resource.root, resource.ref.name), resource)
    found: dict[App, tuple[Subscription, ...]] = {}
    for app in loading.apps:
        config = _config_for(app, loading.notifiers)
        own = [*_annotated(app.resource, config)]
        project = projects.get((app.root, app.project))
        if project is not None:
            own += _annotated(project, config)
            own += _annotated_before_1_1(project, config)
        if config is not None:
            own += _by_default(app, config)
        if own:
            found[app] = tuple(own)
    return found


def _config_for(app: App, configs: Iterable[NotifyConfig]) -> NotifyConfig | None:
    """The configuration of the app's own namespace (self-service), else the first of its root."""
    same_root = [config for config in configs if config.resource.root == app.root]
    for config in same_root:
        if config.resource.ref.namespace == app.namespace:
            return config
    return same_root[0] if same_root else None


def _annotated(resource: Resource, config: NotifyConfig | None) -> Iterator[Subscription]:
    metadata = resource.body.get("metadata")
    for key, value in sorted(texts(metadata, "annotations").items()):
        at: Path = ("metadata", "annotations", key)
        for trigger, service, recipient in _wanted(key, value, config):
            yield Subscription(
                trigger=_trigger(trigger, config),
                service=_service(service, config),
                recipient=recipient,
                resource=resource,
                at=at,
            )


def _annotated_before_1_1(project: Resource, config: NotifyConfig | None) -> Iterator[Subscription]:
    """Argo CD still reads the old annotations of projects.

    argo-cd:util/notification/settings/legacy.go GetLegacyDestinations.
    """
    metadata = project.body.get("metadata")
    for key, value in sorted(texts(metadata, "annotations").items()):
        if not key.endswith(_LEGACY):
            continue
        named = key.removesuffix(_LEGACY).rstrip(".")
        for wanted in filter(None, (part.strip() for part in value.split(","))):
            service, _, rest = wanted.partition(":")
            for trigger in (named,) if named else _default_triggers(service, config):
                yield Subscription(
                    trigger=_trigger(trigger, config),
                    service=_service(service, config),
                    recipient=rest.split(":")[0],
                    resource=project,
                    at=("metadata", "annotations", key),
                )


def _wanted(key: str, value: str, config: NotifyConfig | None) -> Iterator[tuple[str, str, str]]:
    """Trigger, service and recipient of one annotation."""
    if key.startswith(_SUBSCRIBE):
        first, _, rest = key.removeprefix(_SUBSCRIBE).partition(".")
        service = rest.split(".")[0] or first
        triggers = (first,) if rest else _default_triggers(service, config)
        recipients = _recipients(value) if value else [""]
        yield from ((t, service, recipient) for t in triggers for recipient in recipients)
    elif key.startswith(_SUBSCRIBE_YAML):
        for item in _maps(_parsed(value)):
            for trigger in items(item, "trigger"):
                for target in blocks(item, "destinations"):
                    for recipient in items(target, "recipients"):
                        yield text(trigger), text(target.get("service")), text(recipient)


def _recipients(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


def _default_triggers(service: str, config: NotifyConfig | None) -> tuple[str, ...]:
    if config is None:
        return ()
    return config.service_defaults.get(service, config.defaults)


def _by_default(app: App, config: NotifyConfig) -> Iterator[Subscription]:
    """The subscriptions that the configuration states for every app with fitting labels."""
    for stated in config.subscriptions:
        if not selects(stated.selector, app.labels):
            continue
        for trigger in stated.triggers or config.defaults:
            for wanted in stated.recipients:
                service, _, rest = wanted.partition(":")
                yield Subscription(
                    trigger=_trigger(trigger, config),
                    service=_service(service, config),
                    recipient=rest.split(":")[0],
                    resource=config.resource,
                    at=("data", "subscriptions"),
                )


def _trigger(name: str, config: NotifyConfig | None) -> Trigger:
    """The trigger of that name; without a definition the one of Argo CD's catalogue."""
    known = config.triggers.get(name) if config is not None else None
    return known or Trigger(name=name, moment=CATALOGUE.get(name, "custom"))


def _service(name: str, config: NotifyConfig | None) -> Service:
    known = config.services.get(name) if config is not None else None
    return known or Service(name=name, type=name if name in _SERVICE_TYPES else "")
