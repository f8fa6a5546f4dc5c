"""Applications under one parent: who deploys whom, and in which waves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.model.content import WAVE

if TYPE_CHECKING:
    from argoflux.model.app import App

_NUMBER = re.compile(r"[-+]?[0-9]+\Z")
PARENT_KINDS = frozenset({"Application", "ApplicationSet", "AppProject"})
"""Kinds of argoproj.io that an app of apps deploys."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """Apps that one parent applies in order.

    ``parent`` is None where it cannot be converted, or where it is not in the input (``seen`` is
    false): then the members are those that the input gives reason to see as neighbours. ``absent`` names what the parent
    deploys and the input does not hold; ``alone`` says that it deploys nothing but Applications.
    """

    root: str
    parent: App | None
    members: tuple[App, ...]
    seen: bool = False
    absent: tuple[str, ...] = ()
    alone: bool = True

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
