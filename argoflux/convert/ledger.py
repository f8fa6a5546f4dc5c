"""The ledger: one entry for every leaf of the input, and one for every invented leaf of the output.

Entries come from the rows and the decisions of the emitter; what an emitter wrote is only asked
for its traces. A leaf that the schemas know but no row does is a hole: a bug, reported as AF900.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.convert.result import Entry, Origin, ReportMessage, ResourceOutcome, Target
from argoflux.finding import Finding, Severity
from argoflux.goports.giturl import strip_credentials
from argoflux.mapping.concept import Concept, Context, Note, Opaque
from argoflux.mapping.index import Match, find, pattern_from_path, pattern_of
from argoflux.mapping.objects import (
    A2F_FLD_001,
    A2F_OBJ_002,
    F2A_FLD_001,
    F2A_OBJ_002,
)
from argoflux.mapping.verdict import LOSS_ORDER, Message, Verdict
from argoflux.model.source import GitSource
from argoflux.schema_fields import elsewhere, field_facts, leaf_paths
from argoflux.schema_words import closest
from argoflux.text import path_text
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.finding import Place
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Decision, Emission, Loaded, Refusal, Request
    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path


def index_kind(resource: Resource) -> str:
    """The name under which the rows know a resource's kind."""
    return resource.pseudo or resource.ref.kind


@dataclass(slots=True)
class _Raised:
    """One message text with all places and apps that raised it."""

    message: Message
    text: str
    instead: str
    places: dict[tuple[str, int, int], Place] = field(default_factory=dict)
    apps: set[str] = field(default_factory=set)


class Ledger:
    """Collects entries, messages and outcomes of one conversion."""

    def __init__(self, request: Request, loaded: Loaded, emission: Emission) -> None:
        self.request = request
        self.loaded = loaded
        self.emission = emission
        self.entries: list[Entry] = []
        self.outcomes: list[ResourceOutcome] = []
        self.holes: list[Finding] = []
        self._raised: dict[tuple[str, str, str], _Raised] = {}
        self._source = "argocd" if request.to == "flux" else "flux"
        self._drafts: dict[App, list[Draft]] = defaultdict(list)
        for draft in emission.drafts:
            for app in draft.apps:
                self._drafts[app].append(draft)
        self._facts = {app: self._app_facts(app, d) for app, d in emission.decisions.items()}

    # --- input leaves

    def converted(self, resource: Resource, apps: Iterable[App]) -> None:
        """Account for a resource that is part of apps."""
        users = sorted(apps, key=lambda app: app.sort_key())
        for path, value in leaves(resource.body):
            verdicts = [self._judge(resource, path, value, app) for app in users]
            worst = max(verdicts, key=lambda found: LOSS_ORDER[found[0]])
            slot = worst[2]
            self.entries.append(
                Entry(
                    place=resource.place(*path),
                    resource=str(resource.ref),
                    path=path,
                    verdict=worst[0],
                    code=worst[1].code if worst[1] is not None else None,
                    targets=self._targets(users, slot, path),
                )
            )
        targets = {draft.id for app in users for draft in self._drafts[app]}
        self.outcomes.append(
            ResourceOutcome(resource=resource, outcome="converted", targets=tuple(sorted(targets)))
        )

    def refused(self, refusal: Refusal) -> None:
        """Account for a resource that is not converted: every leaf counts as manual."""
        resource, message = refusal.resource, refusal.message
        facts = {"name": str(resource.ref), **refusal.facts}
        text, _ = self.say(message, facts, places=(resource.place(),), apps=(str(resource.ref),))
        self._all(resource, Verdict.MANUAL, message.code)
        self.outcomes.append(
            ResourceOutcome(resource=resource, outcome="skipped", reason=f"{message.code}: {text}")
        )

    def idle(self, resource: Resource, reason: str) -> None:
        """Account for a resource that needs no counterpart."""
        self._all(resource, Verdict.EQUIVALENT, None)
        self.outcomes.append(ResourceOutcome(resource=resource, outcome="skipped", reason=reason))

    def kept(self, resource: Resource, reason: str) -> None:
        """A document of the target system: it stays as it is and has no entries."""
        self.outcomes.append(ResourceOutcome(resource=resource, outcome="kept", reason=reason))

    def _all(self, resource: Resource, verdict: Verdict, code: str | None) -> None:
        for path, _value in leaves(resource.body):
            self.entries.append(
                Entry(
                    place=resource.place(*path),
                    resource=str(resource.ref),
                    path=path,
                    verdict=verdict,
                    code=code,
                )
            )

    def _judge(
        self, resource: Resource, path: Path, value: Any, app: App
    ) -> tuple[Verdict, Message | None, str]:
        """Verdict, message and slot of one leaf for one app."""
        kind = index_kind(resource)
        match = find(kind, path, self._source)
        decision = self.emission.decisions.get(app)
        context = self._context(resource, path, app, decision)
        if _states_nothing(value, match, resource, path):
            return Verdict.EQUIVALENT, None, ""
        if match is None:
            return self._unmatched(resource, path, app)
        if isinstance(match.row, Opaque):
            return self._opaque(match.row, resource, path, app)
        note = _first(match.row, value, context)
        if note is None:
            self._hole(resource, path, f"no note of its row speaks for `{self.request.to}`")
            return Verdict.UNKNOWN, None, match.row.slot
        if note.message is not None:
            facts = {"value": value, **self._facts.get(app, {})}
            if note.facts is not None:
                facts.update(note.facts(value, context))
            place = resource.place(*path)
            self.say(note.message, facts, places=(place,), apps=(app.id,))
        return note.verdict, note.message, match.row.slot

    def _opaque(
        self, row: Opaque, resource: Resource, path: Path, app: App
    ) -> tuple[Verdict, Message | None, str]:
        if not row.todo:
            return Verdict.EQUIVALENT, None, ""
        message = A2F_OBJ_002 if self.request.to == "flux" else F2A_OBJ_002
        facts = {"path": row.path or path_text(path)}
        place = resource.place(*path)
        self.say(message, facts, places=(place,), apps=(app.id,))
        return Verdict.MANUAL, message, ""

    def _unmatched(
        self, resource: Resource, path: Path, app: App
    ) -> tuple[Verdict, Message | None, str]:
        kind = resource.ref.kind
        if not resource.pseudo and field_facts(kind, path, resource.version) is not None:
            self._hole(resource, path, "no row and no reason is declared for it")
            return Verdict.UNKNOWN, None, ""
        message = A2F_FLD_001 if self.request.to == "flux" else F2A_FLD_001
        close = _meant(kind, resource.version, path)
        facts = {
            "path": path_text(path),
            "kind": f"{kind} {resource.version}",
            "hint": f"; did you mean `{close}`?" if close else "",
        }
        place = resource.place(*path)
        self.say(message, facts, places=(place,), apps=(app.id,))
        return Verdict.UNKNOWN, message, ""

    def _hole(self, resource: Resource, path: Path, why: str) -> None:
        self.holes.append(
            Finding(
                code="AF900",
                slug="ledger-hole",
                severity=Severity.ERROR,
                message=f"this is a bug in argoflux: `{path_text(path)}` has no verdict; {why}",
                place=resource.place(*path),
                resource=str(resource.ref),
            )
        )

    def _targets(self, apps: list[App], slot: str, path: Path) -> tuple[Target, ...]:
        found: list[Target] = []
        for app in apps:
            decision = self.emission.decisions.get(app)
            for draft in self._drafts[app]:
                found += [Target(draft.id, target) for target in draft.targets(slot) if slot]
                main = decision is not None and draft.kind == decision.kind
                if main and slot in {"name", "kind"}:
                    where = "metadata.name" if slot == "name" else path_text(path[:1])
                    found.append(Target(draft.id, where))
        return tuple(dict.fromkeys(found))

    # --- context and facts

    def _context(
        self, resource: Resource, path: Path, app: App, decision: Decision | None
    ) -> Context:
        return Context(
            to=self.request.to,
            kind=decision.kind if decision is not None else "",
            argocd=self.request.argocd,
            flux=self.request.flux,
            body=resource.body,
            path=path,
            app=app,
            facts=decision.facts if decision is not None else {},
        )

    def _app_facts(self, app: App, decision: Decision) -> dict[str, Any]:
        """What message texts may name about any app; decisions win."""
        drafts = self._drafts.get(app, [])
        main = next((d for d in drafts if d.kind == decision.kind), None)
        facts: dict[str, Any] = {
            "name": app.id,
            "namespace": app.destination.namespace,
            "flux": self.request.flux,
            "argocd": self.request.argocd,
        }
        if main is not None:
            facts["object"] = main.id
            facts["interval"] = main.body.get("spec", {}).get("interval")
        if app.parts:
            facts["path"] = facts["chart"] = app.parts[0].path
            source = app.parts[0].source
            if isinstance(source, GitSource):
                facts["url"] = strip_credentials(source.url)
        return {**facts, **decision.facts}

    # --- messages

    def say(
        self,
        message: Message,
        facts: Mapping[str, Any],
        *,
        places: Iterable[Place] = (),
        apps: Iterable[str] = (),
    ) -> tuple[str, str]:
        """Raise a message; equal texts are collected with their places and apps."""
        text, instead = message.fill(facts)
        raised = self._raised.setdefault(
            (message.code, text, instead), _Raised(message, text, instead)
        )
        for place in places:
            raised.places.setdefault(place.sort_key(), place)
        raised.apps.update(apps)
        return text, instead

    def messages(self) -> tuple[ReportMessage, ...]:
        """Every message, worst first, then by code and place."""
        found = [
            ReportMessage(
                code=raised.message.code,
                verdict=raised.message.verdict,
                text=raised.text,
                instead=raised.instead,
                places=tuple(raised.places[key] for key in sorted(raised.places)),
                apps=tuple(sorted(raised.apps)),
                tags=raised.message.tags,
            )
            for raised in self._raised.values()
        ]
        return tuple(
            sorted(
                found,
                key=lambda m: (
                    -LOSS_ORDER[m.verdict],
                    m.code,
                    [place.sort_key() for place in m.places[:1]],
                    m.text,
                ),
            )
        )

    # --- invented leaves

    def invented(self) -> None:
        """Account for every output leaf that carries no input value."""
        for draft in self.emission.drafts:
            causes = [*draft.sources, *(app.resource for app in draft.apps)]
            cause = causes[0].place() if causes else None
            for path, _value in leaves(draft.body):
                trace = next(
                    (t for t in reversed(draft.traces) if path[: len(t.path)] == t.path), None
                )
                if trace is not None and trace.slot:
                    continue
                if trace is None and self._identity(draft, path):
                    continue
                message = trace.message if trace is not None else None
                if message is not None and trace is not None:
                    facts = {**self._first_facts(draft), **trace.facts}
                    apps = tuple(app.id for app in draft.apps)
                    self.say(message, facts, places=(cause,) if cause else (), apps=apps)
                self.entries.append(
                    Entry(
                        place=cause,
                        resource=draft.id,
                        path=path,
                        verdict=message.verdict if message is not None else Verdict.EXACT,
                        code=message.code if message is not None else None,
                        origin=_origin(path, trace.origin if trace is not None else "derived"),
                    )
                )

    def _first_facts(self, draft: Draft) -> dict[str, Any]:
        return self._facts.get(draft.apps[0], {}) if draft.apps else {}

    def _identity(self, draft: Draft, path: Path) -> bool:
        """Whether a leaf is the type or name of the object that an app became."""
        decisions = (self.emission.decisions.get(app) for app in draft.apps)
        main = any(d is not None and d.kind == draft.kind for d in decisions)
        return main and path in {("kind",), ("apiVersion",), ("metadata", "name")}


def _meant(kind: str, version: str, path: Path) -> str:
    """The field that an unknown one was probably meant to be; empty when none is near."""
    for end in range(1, len(path) + 1):
        if field_facts(kind, path[:end], version) is not None or isinstance(path[end - 1], int):
            continue
        depth = end - 1
        parent = pattern_from_path(path[:depth])
        siblings = {
            pattern[depth]
            for pattern in map(pattern_of, leaf_paths(kind, version))
            if pattern[:depth] == parent and len(pattern) > depth
        }
        near = closest(str(path[depth]), siblings)
        return near or elsewhere(kind, version, path[:end])
    return ""


def _origin(path: Path, origin: Origin) -> Origin:
    return "required" if path in {("kind",), ("apiVersion",)} else origin


def _states_nothing(value: Any, match: Match | None, resource: Resource, path: Path) -> bool:
    """Whether a leaf says no more than its absence: null, or an empty block of a known field.

    Free values (chart values) keep their nulls and empties: there they mean something.
    """
    if value is not None and value not in ({}, []):
        return False
    if match is not None and (match.on is None or match.on.subtree or value is not None):
        return False
    return field_facts(resource.ref.kind, path, resource.version) is not None


def _first(row: Concept, value: Any, context: Context) -> Note | None:
    for note in row.notes(context.to):
        if note.when is None or note.when(value, context):
            return note
    return None
