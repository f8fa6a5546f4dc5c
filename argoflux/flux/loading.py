"""What the readers of Flux's objects share: all resources, their joins, and what was found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.mapping.emission import Loaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.flux.joins import Sources
    from argoflux.mapping.emission import Request
    from argoflux.model.app import App
    from argoflux.resource import Resource


@dataclass(slots=True, kw_only=True)
class Loading:
    """One reading of an installation: ``resources`` are all of its objects, in order.

    Readers of objects that are no appliers run last: ``apps`` is complete then, and ``used`` holds
    the resources that some app is made of.
    """

    resources: Sequence[Resource]
    request: Request
    sources: Sources
    apps: list[App] = field(default_factory=list)
    used: set[Resource] = field(default_factory=set)
    loaded: Loaded = field(default_factory=Loaded)
