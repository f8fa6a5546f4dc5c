"""Messages of a conversion in reading order: by app, worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.mapping.verdict import LOSS_ORDER, Verdict

if TYPE_CHECKING:
    from argoflux.convert.result import Conversion, ReportMessage

WORST_FIRST = (
    Verdict.MANUAL,
    Verdict.UNKNOWN,
    Verdict.NONE,
    Verdict.APPROXIMATE,
    Verdict.EQUIVALENT,
    Verdict.EXACT,
)
"""Verdicts in the order of reports."""

SEVERAL = "several apps"
RUN = "the whole run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The messages about one app, about several apps, or about the run."""

    title: str
    messages: tuple[ReportMessage, ...]

    @property
    def worst(self) -> Verdict:
        """The verdict that loses most."""
        return min((message.verdict for message in self.messages), key=WORST_FIRST.index)


def group_messages(conversion: Conversion) -> tuple[Group, ...]:
    """Every message in exactly one group: apps worst first, then several apps, then the run."""
    by_app: dict[str, list[ReportMessage]] = {}
    several: list[ReportMessage] = []
    run: list[ReportMessage] = []
    for message in conversion.messages:
        if len(message.apps) == 1:
            by_app.setdefault(message.apps[0], []).append(message)
        elif message.apps:
            several.append(message)
        elif message.places:
            by_app.setdefault(message.places[0].source.name, []).append(message)
        else:
            run.append(message)
    groups = [Group(title=title, messages=_ordered(found)) for title, found in by_app.items()]
    groups.sort(key=lambda group: (-LOSS_ORDER[group.worst], group.title))
    groups += [
        Group(title=title, messages=_ordered(found))
        for title, found in ((SEVERAL, several), (RUN, run))
        if found
    ]
    return tuple(groups)


def _ordered(messages: list[ReportMessage]) -> tuple[ReportMessage, ...]:
    return tuple(sorted(messages, key=_key))


def _key(message: ReportMessage) -> tuple[int, tuple[str, int, int], str, str]:
    first = message.places[0].sort_key() if message.places else ("", 0, 0)
    return (WORST_FIRST.index(message.verdict), first, message.code, message.text)
