"""Who is told about what happens to an app, and how the message gets there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path

Moment = Literal["failed", "degraded", "succeeded", "deployed", "silent", "custom"]
"""When a trigger fires; ``silent`` are moments that Flux has no event for, ``custom`` unknown ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A configured way to send messages.

    ``options`` are as written; values that begin with ``$`` name keys of a Secret. Without a
    configuration in the input ``options`` is None, and ``type`` the name where that is one of a
    known type, else empty.
    """

    name: str
    type: str
    options: Mapping[str, Any] | None = None
    resource: Resource | None = None
    at: Path = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A named condition; ``at`` is where the input defines it, empty for those of the catalogue."""

    name: str
    moment: Moment
    templates: tuple[str, ...] = ()
    at: Path = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One recipient of one trigger; ``resource`` and ``at`` say who asks for it and where."""

    trigger: Trigger
    service: Service
    recipient: str
    resource: Resource
    at: Path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NotifyConfig:
    """What one argocd-notifications-cm states.

    ``defaults`` are triggers of subscribers that name none, by service where they differ.
    ``unreadable`` are keys whose value is no YAML of the expected form.
    """

    resource: Resource
    services: Mapping[str, Service] = field(default_factory=dict)
    triggers: Mapping[str, Trigger] = field(default_factory=dict)
    defaults: tuple[str, ...] = ()
    service_defaults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subscriptions: tuple[DefaultSubscription, ...] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultSubscription:
    """Recipients (``service:recipient``) that every app with fitting labels has."""

    recipients: tuple[str, ...]
    triggers: tuple[str, ...] = ()
    selector: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Channel:
    """A Provider of Flux: one way to one room; ``secret`` is the name of a Secret beside it."""

    resource: Resource
    type: str
    address: str = ""
    room: str = ""
    username: str = ""
    secret: str = ""
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alert:
    """Who hears of which apps; ``deaf`` are the numbers of event sources that no app stands for."""

    resource: Resource
    provider: str
    channel: Channel | None = None
    errors_only: bool = False
    additions: Mapping[str, str] = field(default_factory=dict)
    apps: tuple[App, ...] = ()
    deaf: tuple[int, ...] = ()
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hook:
    """A webhook that somebody calls after a change."""

    resource: Resource
    type: str
    secret: str = ""
    suspended: bool = False
