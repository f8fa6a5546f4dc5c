"""What the readers of Argo CD's objects share: the settings at hand, and what they found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.argocd.settings import Settings
from argoflux.mapping.emission import Loaded
from argoflux.model.credentials import Keyring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.mapping.emission import Request
    from argoflux.model.app import App
    from argoflux.model.generated import GeneratedSet
    from argoflux.model.notify import NotifyConfig
    from argoflux.model.tenant import Tenant
    from argoflux.resource import Resource


@dataclass(slots=True, kw_only=True)
class Loading:
    """One reading of an installation: ``resources`` are all of its objects, in order.

    Readers add to ``apps``, ``tenants`` and to ``loaded``; settings are by root.
    """

    resources: Sequence[Resource]
    request: Request
    settings: Mapping[str, Settings]
    apps: list[App] = field(default_factory=list)
    generated: list[GeneratedSet] = field(default_factory=list)
    tenants: list[Tenant] = field(default_factory=list)
    notifiers: list[NotifyConfig] = field(default_factory=list)
    updaters: list[Resource] = field(default_factory=list)
    keyring: Keyring = field(default_factory=Keyring)
    loaded: Loaded = field(default_factory=Loaded)

    def settings_of(self, resource: Resource) -> Settings:
        """The settings of the root that a resource stands in."""
        return self.settings.get(resource.root) or Settings()
