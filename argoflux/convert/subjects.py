"""What leaves are judged for: apps, and resources that become objects without being an app."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from argoflux.convert.result import Target
from argoflux.goports.giturl import strip_credentials
from argoflux.model.app import App
from argoflux.model.source import GitSource, HelmSource, OciSource
from argoflux.text import path_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Decision, Emission, Request
    from argoflux.resource import Resource

    Subject = App | Resource

Slots = dict[str, tuple[Target, ...]]
"""Where the values of slots stand in the output."""


def name_of(subject: Subject) -> str:
    """``Kind/namespace/name`` of a subject, as reports name it."""
    return subject.id if isinstance(subject, App) else str(subject.ref)


class Subjects:
    """What the emitter decided and wrote for every subject of one conversion."""

    def __init__(self, request: Request, emission: Emission) -> None:
        self._request = request
        self._emission = emission
        self._drafts: dict[Subject, list[Draft]] = defaultdict(list)
        for draft in emission.drafts:
            subjects: list[Subject] = [*draft.apps, *draft.sources]
            for subject in subjects:
                self._drafts[subject].append(draft)

    def drafts(self, subject: Subject) -> Sequence[Draft]:
        """The documents that a subject became."""
        return self._drafts.get(subject, ())

    def decision(self, subject: Subject, part: int | None = None) -> Decision | None:
        """What was decided for a subject, or for one part of an app where that differs."""
        if not isinstance(subject, App):
            return self._emission.made.get(subject)
        own = self._emission.part_decisions.get((subject, part)) if part is not None else None
        return own or self._emission.decisions.get(subject)

    def kinds_of_parts(self, app: App) -> list[int | None]:
        """The parts to ask about a leaf below none of them: one for each kind that the app becomes.

        None stands for the app as a whole.
        """
        main = self._emission.decisions.get(app)
        kinds = {main.kind if main is not None else "", ""}
        asked: list[int | None] = [None]
        for number in range(len(app.parts)):
            decision = self._emission.part_decisions.get((app, number))
            if decision is not None and decision.kind not in kinds:
                kinds.add(decision.kind)
                asked.append(number)
        return asked

    def facts(self, subject: Subject, part: int | None = None) -> dict[str, Any]:
        """What message texts may name about a subject, and about the part meant; decisions win."""
        decision = self.decision(subject, part)
        if decision is None:
            return {}
        main = next((d for d in self.drafts(subject) if d.kind == decision.kind), None)
        facts: dict[str, Any] = {
            "name": name_of(subject),
            "flux": self._request.flux,
            "argocd": self._request.argocd,
        }
        if main is not None:
            facts["object"] = main.id
        if isinstance(subject, App):
            _add_app(facts, subject, main)
        facts.update(decision.facts)
        return facts

    def slots(self, subject: Subject, part: int | None) -> Slots:
        """Where the slots of a subject, or of one part of an app, stand in the output."""
        decision = self.decision(subject)
        found: dict[str, list[Target]] = defaultdict(list)
        for draft in self.drafts(subject):
            if isinstance(subject, App) and not draft.serves(subject, part):
                continue
            name = draft.id
            for trace in draft.traces:
                if trace.slot and (trace.app is None or trace.app is subject):
                    found[trace.slot].append(Target(name, path_text(trace.path)))
            if decision is not None and draft.kind == decision.kind:
                found["name"].append(Target(name, "metadata.name"))
                found["kind.kind"].append(Target(name, "kind"))
                found["kind.apiVersion"].append(Target(name, "apiVersion"))
        return {slot: tuple(dict.fromkeys(targets)) for slot, targets in found.items()}


def _add_app(facts: dict[str, Any], app: App, main: Draft | None) -> None:
    """What messages name about apps alone."""
    facts["namespace"] = app.destination.namespace
    if main is not None:
        facts["interval"] = main.body.get("spec", {}).get("interval")
    if not app.parts:
        return
    facts["path"] = facts["chart"] = app.parts[0].path
    source = app.parts[0].source
    if isinstance(source, GitSource | HelmSource):
        facts["url"] = strip_credentials(source.url)
    elif isinstance(source, OciSource):
        facts["url"] = f"oci://{source.url}"
