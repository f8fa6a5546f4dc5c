"""Objects that install Flux itself; they are named, not converted."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from argoflux.flux.fields import pairs, text
from argoflux.kinds import PART_OF_LABEL
from argoflux.mapping.emission import Idle, Saying
from argoflux.mapping.objects import F2A_BOOT_001

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from argoflux.finding import Place
    from argoflux.mapping.emission import Loaded
    from argoflux.model.content import ContentObject
    from argoflux.resource import Resource

_COMPONENTS = "gotk-components.yaml"


def installs_flux(resource: Resource) -> bool:
    """Whether `flux bootstrap` or a controller of Flux put an object there."""
    labels = pairs(resource.body, "metadata", "labels")
    named = posixpath.basename(resource.file) == _COMPONENTS
    return named or labels.get(PART_OF_LABEL) == "flux"


def say_installed(objects: tuple[ContentObject, ...], loaded: Loaded) -> None:
    """Name the files of a path that install Flux, each once."""
    files: dict[str, ContentObject] = {}
    for obj in objects:
        files.setdefault(obj.file, obj)
    for file, obj in files.items():
        _say(file, obj.body, obj.place, loaded)


def leave_out(resource: Resource, loaded: Loaded) -> None:
    """Say that an object installs Flux, and that nothing becomes of it."""
    loaded.idle.append(Idle(resource=resource, reason="installs Flux itself"))
    _say(resource.file, resource.body, resource.place(), loaded)


def _say(file: str, body: Mapping[str, Any], place: Place, loaded: Loaded) -> None:
    release = text(body, "metadata", "labels", "app.kubernetes.io/version")
    facts = {"file": file, "release": f" {release}" if release else ""}
    loaded.sayings.append(Saying(message=F2A_BOOT_001, facts=facts, places=(place,)))
