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
    """One text with everything that raised it, as often as it did."""

    message: Message
    text: str
    instead: str
    places: list[Place] = field(default_factory=list)
    apps: list[str] = field(default_factory=list)

    def distinct_places(self) -> tuple[Place, ...]:
        """Every place once, in the order of files and positions."""
        distinct: dict[object, Place] = {}
        for place in self.places:
            distinct.setdefault((id(place.document), place.path, place.offsets), place)
        return tuple(sorted(distinct.values(), key=lambda place: place.sort_key()))


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
        raised.places += places
        raised.apps += apps
        return text

    def collected(self) -> tuple[ReportMessage, ...]:
        """Every message, worst first, then by code and place; none of them is kept here."""
        found = []
        for key in tuple(self._raised):
            raised = self._raised.pop(key)
            places = raised.distinct_places()
            message = ReportMessage(
                code=raised.message.code,
                verdict=raised.message.verdict,
                text=raised.text,
                instead=raised.instead,
                places=places,
                apps=tuple(sorted(set(raised.apps))),
                tags=raised.message.tags,
            )
            order = (
                -LOSS_ORDER[message.verdict],
                message.code,
                [place.sort_key() for place in places[:1]],
            )
            found.append((order, message.text, message))
        return tuple(message for _, _, message in sorted(found, key=lambda item: item[:2]))
