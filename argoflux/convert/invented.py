"""Entries for the leaves of the output that carry no input value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.convert.result import Entry
from argoflux.mapping.verdict import Verdict
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.convert.messages import Messages
    from argoflux.mapping.draft import Draft, Trace
    from argoflux.mapping.emission import Emission
    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path

_TYPE = {("kind",), ("apiVersion",)}
_IDENTITY = {*_TYPE, ("metadata", "name")}


def invented_entries(
    emission: Emission, facts: Mapping[App | Resource, Mapping[str, Any]], messages: Messages
) -> Iterator[Entry]:
    """One entry per invented leaf; remarks that such leaves carry are raised on the way.

    ``facts`` are by app or resource: what message texts may name.
    """
    for draft in emission.drafts:
        causes = [*draft.sources, *(app.resource for app in draft.apps)]
        cause = causes[0] if causes else None
        name = draft.id
        subjects: list[App | Resource] = [*draft.apps, *draft.sources]
        known = facts.get(subjects[0], {}) if subjects else {}
        decisions = [emission.decisions.get(app) for app in draft.apps]
        decisions += [emission.made.get(resource) for resource in draft.sources]
        main = any(d is not None and d.kind == draft.kind for d in decisions)
        traces = {trace.path: trace for trace in draft.traces}
        for path, _value in leaves(draft.body):
            trace = _trace_of(traces, path)
            if trace is None and main and path in _IDENTITY:
                continue
            if trace is None or not trace.slot:
                yield _entry(draft, name, path, trace, cause, known, messages)


def _trace_of(traces: Mapping[Path, Trace], path: Path) -> Trace | None:
    """The trace of the leaf itself or of the nearest part that holds it."""
    for end in range(len(path), 0, -1):
        trace = traces.get(path[:end])
        if trace is not None:
            return trace
    return None


def _entry(
    draft: Draft,
    name: str,
    path: Path,
    trace: Trace | None,
    cause: Resource | None,
    known: Mapping[str, Any],
    messages: Messages,
) -> Entry:
    message = trace.message if trace is not None else None
    if message is not None and trace is not None:
        apps = tuple(app.id for app in draft.apps)
        places = (cause.place(),) if cause is not None else ()
        messages.say(message, {**known, **trace.facts}, places=places, apps=apps)
    return Entry(
        cause=cause,
        resource=name,
        path=path,
        verdict=message.verdict if message is not None else Verdict.EXACT,
        code=message.code if message is not None else None,
        origin="required" if path in _TYPE else trace.origin if trace is not None else "derived",
    )
