"""What the readers of Flux's objects share: all resources, their joins, and what was found so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from argoflux.mapping.emission import Loaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.flux.joins import Sources
    from argoflux.mapping.emission import Request
    from argoflux.model.app import App
    from argoflux.model.generated import GeneratedSet
    from argoflux.model.image_update import Automation, Policy
    from argoflux.model.notify import Alert, Channel, Hook
    from argoflux.resource import Resource


@dataclass(slots=True, kw_only=True)
class Loading:
    """One reading of an installation: ``resources`` are all of its objects, in order.

    Readers of objects that are no appliers run last: ``apps`` is complete then, and ``used`` holds
    the resources that some app is made of. ``installs`` are settings of installations of Flux.
    """

    resources: Sequence[Resource]
    request: Request
    sources: Sources
    apps: list[App] = field(default_factory=list)
    used: set[Resource] = field(default_factory=set)
    sets: list[GeneratedSet] = field(default_factory=list)
    installs: list[Resource] = field(default_factory=list)
    loaded: Loaded = field(default_factory=Loaded)
    channels: list[Channel] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    image_repositories: list[Resource] = field(default_factory=list)
    automations: list[Automation] = field(default_factory=list)
    _named: dict[tuple[str, str, str, str], list[Resource]] = field(default_factory=dict)

    def named(self, root: str, kind: str, namespace: str, name: str) -> Sequence[Resource]:
        """The objects of this identity, of any group, in order; for readers of what is no applier."""
        if not self._named:
            for resource in self.resources:
                ref = resource.ref
                key = (resource.root, ref.kind, ref.namespace, ref.name)
                self._named.setdefault(key, []).append(resource)
        return self._named.get((root, kind, namespace, name), ())

    def hand_over(self) -> None:
        """Add what is told, and which images follow a policy, to the estate of the apps."""
        self.loaded.estate = replace(
            self.loaded.estate,
            channels=tuple(self.channels),
            alerts=tuple(self.alerts),
            hooks=tuple(self.hooks),
            policies=tuple(self.policies),
            image_repositories=tuple(self.image_repositories),
            automations=tuple(self.automations),
        )
