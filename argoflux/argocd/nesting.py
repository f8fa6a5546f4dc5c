"""The order of apps of apps: what waits across parents becomes an order of the parents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.app import App


@dataclass(frozen=True, slots=True)
class Lifted:
    """Apps with their parents; tops have none."""

    parents: Mapping[App, App]

    def order(self, before: Mapping[App, tuple[App, ...]]) -> dict[App, tuple[App, ...]]:
        """What comes before each app, among those under the same parent."""
        found: dict[App, dict[App, None]] = {app: {} for app in before}
        for app, others in before.items():
            for other in others:
                edge = self.edge(app, other)
                if edge is not None:
                    found[edge[0]][edge[1]] = None
        return {app: tuple(others) for app, others in found.items()}

    def edge(self, app: App, other: App) -> tuple[App, App] | None:
        """The neighbours that hold the two, or are them; None where one holds the other."""
        own, others = self._line(app), self._line(other)
        shared = [each for each in own if each in others]
        if shared:
            own, others = own[: own.index(shared[0])], others[: others.index(shared[0])]
        return (own[-1], others[-1]) if own and others else None

    def _line(self, app: App) -> list[App]:
        """The app, its parent, the parent of that, and so on."""
        line = [app]
        while (parent := self.parents.get(line[-1])) is not None and parent not in line:
            line.append(parent)
        return line
