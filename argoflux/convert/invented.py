"""Entries for the leaves of the output that carry no input value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.convert.account import Fate, Leaf
from argoflux.mapping.verdict import Verdict
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argoflux.convert.account import Accounts
    from argoflux.convert.messages import Messages
    from argoflux.mapping.draft import Draft, Trace
    from argoflux.mapping.emission import Emission
    from argoflux.mapping.verdict import Message
    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path

_TYPE = {("kind",), ("apiVersion",)}
_IDENTITY = {*_TYPE, ("metadata", "name")}


def account_for_invented(
    emission: Emission,
    facts: Callable[[App | Resource], Mapping[str, Any]],
    messages: Messages,
    accounts: Accounts,
) -> None:
    """Account for every invented leaf; remarks that such leaves carry are raised on the way.

    ``facts`` gives what message texts may name about an app or a resource.
    """
    for draft in emission.drafts:
        decisions = [emission.decisions.get(app) for app in draft.apps]
        decisions += [emission.made.get(resource) for resource in draft.sources]
        main = any(d is not None and d.kind == draft.kind for d in decisions)
        invented = _Invented(draft, facts, messages)
        traces = {trace.path: trace for trace in draft.traces}
        found: list[Leaf] = []
        for path, _value in leaves(draft.body):
            trace = _trace_of(traces, path)
            if trace is None and main and path in _IDENTITY:
                continue
            if trace is None or not trace.slot:
                found.append(Leaf(path, invented.fate(path, trace)))
        if found:
            accounts.close(accounts.open(invented.cause, draft.id), found)


def _trace_of(traces: Mapping[Path, Trace], path: Path) -> Trace | None:
    """The trace of the leaf itself or of the nearest part that holds it."""
    for end in range(len(path), 0, -1):
        trace = traces.get(path[:end])
        if trace is not None:
            return trace
    return None


class _Invented:
    """The invented leaves of one document."""

    def __init__(
        self,
        draft: Draft,
        facts: Callable[[App | Resource], Mapping[str, Any]],
        messages: Messages,
    ) -> None:
        self._draft = draft
        causes = [*draft.sources, *(app.resource for app in draft.apps)]
        self.cause = causes[0] if causes else None
        self._facts = facts
        self._messages = messages

    def fate(self, path: Path, trace: Trace | None) -> Fate:
        """The fate of one leaf, its remark raised."""
        if trace is None:
            return Fate(Verdict.EXACT, origin="required" if path in _TYPE else "derived")
        origin = "required" if path in _TYPE else trace.origin
        if trace.message is None:
            return Fate(Verdict.EXACT, origin=origin)
        self._say(trace.message, trace.facts)
        return Fate(trace.message.verdict, trace.message.code, origin)

    def _say(self, message: Message, facts: Mapping[str, Any]) -> None:
        subjects: list[App | Resource] = [*self._draft.apps, *self._draft.sources]
        known = self._facts(subjects[0]) if subjects else {}
        places = (self.cause.place(),) if self.cause is not None else ()
        apps = tuple(app.id for app in self._draft.apps)
        self._messages.say(message, {**known, **facts}, places=places, apps=apps)
