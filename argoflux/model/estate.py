"""Everything found in one workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.model.credentials import Keyring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.app import App
    from argoflux.model.family import Family
    from argoflux.model.generated import GeneratedSet
    from argoflux.model.image_update import Automation, ImageUpdates, Policy
    from argoflux.model.notify import Alert, Channel, Hook, NotifyConfig, Subscription
    from argoflux.model.settings import ArgoSettings
    from argoflux.model.tenant import Tenant
    from argoflux.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster that apps are sent to; credentials are references only."""

    name: str
    server: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What the input tells about the controllers: settings and flags, by name."""

    argocd_cm: Mapping[str, str] = field(default_factory=dict)
    argocd_params: Mapping[str, str] = field(default_factory=dict)
    flux_flags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estate:
    """The apps of one system, in sort order, with the resources that none of them uses.

    ``subscriptions`` and ``image_updates`` are by app, ``notifiers`` are configurations of messages,
    ``updaters`` those of image updates, ``installs`` settings of installations of Flux.
    """

    apps: tuple[App, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    tenants: tuple[Tenant, ...] = ()
    generated: tuple[GeneratedSet, ...] = ()
    families: tuple[Family, ...] = ()
    installation: Installation = field(default_factory=Installation)
    settings: tuple[ArgoSettings, ...] = ()
    keyring: Keyring = field(default_factory=Keyring)
    notifiers: tuple[NotifyConfig, ...] = ()
    subscriptions: Mapping[App, tuple[Subscription, ...]] = field(default_factory=dict)
    updaters: tuple[Resource, ...] = ()
    installs: tuple[Resource, ...] = ()
    image_updates: Mapping[App, ImageUpdates] = field(default_factory=dict)
    channels: tuple[Channel, ...] = ()
    alerts: tuple[Alert, ...] = ()
    hooks: tuple[Hook, ...] = ()
    policies: tuple[Policy, ...] = ()
    image_repositories: tuple[Resource, ...] = ()
    automations: tuple[Automation, ...] = ()
