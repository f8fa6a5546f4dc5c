"""Applications under one parent: who deploys whom, and in which waves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.model.content import WAVE

if TYPE_CHECKING:
    from argoflux.model.app import App
    from argoflux.model.content import ContentObject

_NUMBER = re.compile(r"[-+]?[0-9]+\Z")
PARENT_KINDS = frozenset({"Application", "ApplicationSet", "AppProject"})
"""Kinds of argoproj.io that an app of apps deploys."""


def is_for_argo(obj: ContentObject) -> bool:
    """Whether an object is one that Argo CD itself acts on."""
    return obj.ref.group == "argoproj.io" and obj.ref.kind in PARENT_KINDS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """Apps that one parent applies in order.

    ``parent`` is None where it is not in the input: then the members are those that the input gives
    reason to see as neighbours. ``deploys`` names all that the parent applies of Argo CD,
    ``absent`` what of it the input does not hold; ``projects`` says that it is nothing but
    projects, ``edited`` that options of the parent change the objects.
    """

    root: str
    parent: App | None
    members: tuple[App, ...]
    deploys: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    projects: bool = False
    edited: bool = False

    def waves(self) -> list[tuple[int, list[App]]]:
        """The members by wave, first wave first; what states none is in wave 0."""
        found: dict[int, list[App]] = {}
        for app in self.members:
            found.setdefault(wave_of(app), []).append(app)
        return sorted(found.items())


def wave_of(app: App) -> int:
    """The wave in which a parent applies an app; one that a set makes goes with its set."""
    text = wave_text(app)
    return int(text) if _NUMBER.match(text) else 0


def wave_text(app: App) -> str:
    """What the object that the parent applies states as its wave; empty where it states none."""
    resource = app.resource.made_by or app.resource
    metadata = resource.body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    value = annotations.get(WAVE) if isinstance(annotations, dict) else None
    return value if isinstance(value, str) else ""
