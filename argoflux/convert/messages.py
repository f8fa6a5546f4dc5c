"""Messages of one conversion: equal texts are collected with their places and apps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.convert.result import ReportMessage
from argoflux.mapping.verdict import LOSS_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.finding import Place
    from argoflux.mapping.verdict import Message


@dataclass(slots=True)
class _Raised:
    """One text with everything that raised it; places by document and path."""

    message: Message
    text: str
    instead: str
    places: dict[object, Place] = field(default_factory=dict)
    apps: set[str] = field(default_factory=set)


class Messages:
    """Collects the messages of a run."""

    def __init__(self) -> None:
        self._raised: dict[tuple[str, str, str], _Raised] = {}

    def say(
        self,
        message: Message,
        facts: Mapping[str, Any],
        *,
        places: Iterable[Place] = (),
        apps: Iterable[str] = (),
    ) -> str:
        """Raise a catalogue message; returns its text."""
        text, instead = message.fill(facts)
        key = (message.code, text, instead)
        raised = self._raised.get(key)
        if raised is None:
            raised = self._raised[key] = _Raised(message, text, instead)
        for place in places:
            raised.places.setdefault((id(place.document), place.path, place.offsets), place)
        raised.apps.update(apps)
        return text

    def collected(self) -> tuple[ReportMessage, ...]:
        """Every message, worst first, then by code and place."""
        found = []
        for raised in self._raised.values():
            placed = sorted((place.sort_key(), n) for n, place in enumerate(raised.places.values()))
            places = list(raised.places.values())
            message = ReportMessage(
                code=raised.message.code,
                verdict=raised.message.verdict,
                text=raised.text,
                instead=raised.instead,
                places=tuple(places[n] for _, n in placed),
                apps=tuple(sorted(raised.apps)),
                tags=raised.message.tags,
            )
            order = (-LOSS_ORDER[message.verdict], message.code, [k for k, _ in placed[:1]])
            found.append((order, message.text, message))
        return tuple(message for _, _, message in sorted(found, key=lambda item: item[:2]))
