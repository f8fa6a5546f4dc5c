"""The ledger: one entry for every leaf of the input, and one for every invented leaf of the output.

Entries come from the rows and the decisions of the emitter; what an emitter wrote is only asked
for its traces. A leaf that the schemas know but no row does is a hole: a bug, reported as AF900.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.convert.messages import Messages
from argoflux.convert.mistyped import PLACEHOLDER
from argoflux.convert.result import Entry, ResourceOutcome, Target
from argoflux.finding import Finding, Severity
from argoflux.goports.giturl import strip_credentials
from argoflux.mapping.chosen_source import is_passed_over
from argoflux.mapping.concept import Context, Note, Opaque
from argoflux.mapping.index import Match, find, pattern_from_path, pattern_of
from argoflux.mapping.objects import (
    A2F_FLD_001,
    A2F_FLD_002,
    A2F_OBJ_002,
    F2A_FLD_001,
    F2A_FLD_002,
    F2A_OBJ_002,
)
from argoflux.mapping.verdict import LOSS_ORDER, Message, Verdict
from argoflux.model.app import App
from argoflux.model.source import GitSource, HelmSource, OciSource
from argoflux.schema_fields import elsewhere, field_facts, leaf_paths
from argoflux.schema_words import closest
from argoflux.text import path_text
from argoflux.yamlio.tree import MISSING, dig, leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.convert.mistyped import Mistyped, Written
    from argoflux.convert.result import Outcome
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Decision, Emission, Loaded, Refusal, Request, Saying
    from argoflux.resource import Resource
    from argoflux.text import Path

    Subject = App | Resource
    """What an entry is judged for: an app, or a resource that becomes objects by itself."""


def index_kind(resource: Resource) -> str:
    """The name under which the rows know a resource's kind."""
    return resource.pseudo or resource.ref.kind


class Ledger:
    """Collects entries, messages and outcomes of one conversion."""

    def __init__(
        self,
        request: Request,
        loaded: Loaded,
        emission: Emission,
        written: Mapping[Resource, Written],
    ) -> None:
        """``written`` holds the originals of the resources that were read without some values."""
        self.request = request
        self._written = written
        self.loaded = loaded
        self.emission = emission
        self.entries: list[Entry] = []
        self._contents: dict[int, int] = {}  # by document: the entry that stands for its contents
        self.outcomes: list[ResourceOutcome] = []
        self.holes: list[Finding] = []
        self.messages = Messages()
        self._slots: dict[tuple[Subject, int | None], dict[str, list[Target]]] = {}
        self._source = "argocd" if request.to == "flux" else "flux"
        self._drafts: dict[Subject, list[Draft]] = defaultdict(list)
        for draft in emission.drafts:
            subjects: list[Subject] = [*draft.apps, *draft.sources]
            for subject in subjects:
                self._drafts[subject].append(draft)
        self.facts: dict[Subject, dict[str, Any]] = {
            app: self._app_facts(app, d) for app, d in emission.decisions.items()
        }
        self.facts.update({r: self._own_facts(r, d) for r, d in emission.made.items()})
        self._part_facts = {
            key: self._app_facts(key[0], d) for key, d in emission.part_decisions.items()
        }

    # --- input leaves

    def converted(self, resource: Resource, apps: Iterable[App]) -> None:
        """Account for a resource that is part of apps."""
        self._judged(resource, sorted(apps, key=lambda app: app.sort_key()))

    def made(self, resource: Resource, apps: Iterable[App] = ()) -> None:
        """Account for a resource that becomes objects, or is used up, without being an app."""
        users = sorted(apps, key=lambda app: app.sort_key())
        self._judged(resource, [*users, resource])

    def _judged(self, resource: Resource, users: Sequence[Subject]) -> None:
        """One entry per leaf: the worst of what becomes of it for each that uses it."""
        name = str(resource.ref)
        written = self._written.get(resource)
        original = written.resource if written is not None else resource
        for path, value in leaves(original.body):
            wrong = written.wrong_at(path) if written is not None else None
            if wrong is not None and not _arrives(users, resource, path):
                self._mistyped(original, path, *wrong, users)
                continue
            verdicts = [self._judge(resource, path, value, user) for user in users]
            worst = max(verdicts, key=lambda found: LOSS_ORDER[found[0]])
            slot = worst[2]
            if slot == "part.path":
                self._contents[id(resource.document)] = len(self.entries)
            else:
                self._contents.setdefault(id(resource.document), len(self.entries))
            self.entries.append(
                Entry(
                    cause=original,
                    resource=name,
                    path=path,
                    verdict=worst[0],
                    code=worst[1].code if worst[1] is not None else None,
                    targets=self._targets(resource, users, slot, path),
                )
            )
        self._judge_added(resource, users)
        targets = {draft.id for user in users for draft in self._drafts[user]}
        self._outcome(resource, "converted", targets=tuple(sorted(targets)))

    def _judge_added(self, resource: Resource, users: Sequence[Subject]) -> None:
        """Raise what is to be said of values that a build adds to an object; no leaf states them.

        Where a person must act, the entry that stands for the contents of the object says so.
        """
        known = {path for path, _ in leaves(resource.body)}
        at = self._contents.get(id(resource.document))
        for user in users:
            made = _arrived(user, resource)
            for path, value in leaves(made.body) if made is not None else ():
                if made is None or path in known or path[:1] == ("status",):
                    continue
                verdict, message, _slot = self._judge(made, path, value, user)
                if at is None or LOSS_ORDER[verdict] < LOSS_ORDER[Verdict.MANUAL]:
                    continue
                if LOSS_ORDER[self.entries[at].verdict] < LOSS_ORDER[verdict]:
                    code = message.code if message is not None else None
                    self.entries[at] = replace(self.entries[at], verdict=verdict, code=code)

    def _mistyped(
        self, resource: Resource, leaf: Path, at: Path, value: Mistyped, users: Sequence[Subject]
    ) -> None:
        """Account for a leaf that nothing read, because it or what holds it has a wrong type."""
        message = self._say_mistyped(resource, at, value, tuple(map(_name, users)))
        self.entries.append(
            Entry(
                cause=resource,
                resource=str(resource.ref),
                path=leaf,
                verdict=message.verdict,
                code=message.code,
            )
        )

    def _say_mistyped(
        self, resource: Resource, at: Path, value: Mistyped, apps: tuple[str, ...]
    ) -> Message:
        message = A2F_FLD_002 if self.request.to == "flux" else F2A_FLD_002
        facts = {"path": path_text(at), "found": value.found, "expected": value.expected}
        self.messages.say(message, facts, places=(resource.place(*at),), apps=apps)
        return message

    def _original(self, resource: Resource) -> Resource:
        written = self._written.get(resource)
        return resource if written is None else written.resource

    def _outcome(
        self,
        resource: Resource,
        outcome: Outcome,
        reason: str = "",
        targets: tuple[str, ...] = (),
    ) -> None:
        self.outcomes.append(
            ResourceOutcome(
                resource=self._original(resource), outcome=outcome, reason=reason, targets=targets
            )
        )

    def heed(self, saying: Saying) -> None:
        """Raise what code has to say; where a person must act, the app's path is no longer fine.

        Such a message is about what the path holds, and no leaf says that better than the path.
        """
        message = saying.message
        self.messages.say(message, saying.facts, places=saying.places, apps=saying.apps)
        if message.verdict is not Verdict.MANUAL or not saying.apps:
            return
        for place in saying.places:
            at = self._contents.get(id(place.document))
            if at is not None and LOSS_ORDER[self.entries[at].verdict] < LOSS_ORDER[Verdict.MANUAL]:
                self.entries[at] = replace(
                    self.entries[at], verdict=message.verdict, code=message.code
                )

    def refused(self, refusal: Refusal) -> None:
        """Account for a resource that is not converted: every leaf counts as manual."""
        resource, message = refusal.resource, refusal.message
        facts = {"name": str(resource.ref), **refusal.facts}
        text = self.messages.say(
            message, facts, places=(resource.place(),), apps=(str(resource.ref),)
        )
        self._all(resource, Verdict.MANUAL, message.code)
        written = self._written.get(resource)
        if written is not None:  # the reason may be a value that was set aside
            for at, value in written.wrong.items():
                if value.found != PLACEHOLDER:
                    self._say_mistyped(written.resource, at, value, (str(resource.ref),))
        self._outcome(resource, "skipped", f"{message.code}: {text}")

    def idle(self, resource: Resource, reason: str) -> None:
        """Account for a resource that needs no counterpart."""
        self._all(resource, Verdict.EQUIVALENT, None)
        self._outcome(resource, "skipped", reason)

    def kept(self, resource: Resource, reason: str) -> None:
        """A document of the target system: it stays as it is and has no entries."""
        self._outcome(resource, "kept", reason)

    def _all(self, resource: Resource, verdict: Verdict, code: str | None) -> None:
        name = str(resource.ref)
        original = self._original(resource)
        for path, _value in leaves(original.body):
            self.entries.append(
                Entry(
                    cause=original,
                    resource=name,
                    path=path,
                    verdict=verdict,
                    code=code,
                )
            )

    def _judge(
        self, resource: Resource, path: Path, value: Any, user: Subject
    ) -> tuple[Verdict, Message | None, str]:
        """Verdict, message and slot of one leaf for one app, or for the resource itself."""
        found = self._judge_made(resource, path, user)
        if found is not None:
            return found
        match = find(index_kind(resource), path, self._source)
        if _states_nothing(value, match, resource, path):
            return Verdict.EQUIVALENT, None, ""
        if is_passed_over(resource.ref.kind, resource.body, path):
            return Verdict.EQUIVALENT, None, ""
        if match is None:
            return self._unmatched(resource, path, user)
        if isinstance(match.row, Opaque):
            return self._opaque(match.row, resource, path, user)
        notes = match.row.notes(self.request.to)
        if notes and notes[0].when is None and notes[0].message is None:
            return notes[0].verdict, None, match.row.slot
        spoken: list[tuple[Note, int | None, Context]] = []
        for part in self._parts_to_ask(user, _part(user, resource, path)):
            context = self._context(resource, path, user, part)
            note = next((n for n in notes if n.when is None or n.when(value, context)), None)
            if note is None:
                self._hole(resource, path, f"no note of its row speaks for `{self.request.to}`")
                return Verdict.UNKNOWN, None, match.row.slot
            spoken.append((note, part, context))
        worst = max(spoken, key=lambda each: LOSS_ORDER[each[0].verdict])
        note, part, context = worst
        if note.message is None:
            return note.verdict, None, match.row.slot
        facts = {"value": value, **self._facts(user, part)}
        if note.facts is not None:
            facts.update(note.facts(value, context))
        place = resource.place(*path)
        self.messages.say(note.message, facts, places=(place,), apps=(_name(user),))
        return note.verdict, note.message, match.row.slot

    def _judge_made(
        self, resource: Resource, path: Path, user: Subject
    ) -> tuple[Verdict, Message | None, str] | None:
        """The verdict of a leaf in the object that was made of its own; None when none was."""
        arrived = _arrived(user, resource)
        if arrived is not None:
            value = dig(arrived.body, *path)
            if value is MISSING:  # a patch took it away
                return Verdict.EQUIVALENT, None, ""
            return self._judge(arrived, path, value, user)
        if isinstance(user, App) and user.resource.made_by is resource:
            return self._judge_generated(user, path)
        return None

    def _judge_generated(self, app: App, path: Path) -> tuple[Verdict, Message | None, str] | None:
        """The verdict of a leaf of a template, or of a patch, in one app that was made of it.

        A patch is as good as the worst of the values that it brings. None for other leaves.
        """
        made = app.resource
        patch, brought = app.extra.get("brought", ((), ()))
        if brought and path == patch:
            return self._worst(made, brought, app)
        for other in app.made_of[1:]:  # a source that stands beside it in the same set
            if other.made_by is made.made_by and other.made_at == path[: len(other.made_at)] != ():
                value = dig(other.body, *path[len(other.made_at) :])
                return self._judge(other, path[len(other.made_at) :], value, app)
        for at in (made.made_at, *app.extra.get("templates", ())):
            if path[: len(at)] != at:
                continue
            value = dig(made.body, *path[len(at) :])
            if value and isinstance(value, dict | list):
                return Verdict.EQUIVALENT, None, ""  # an empty block that others filled
            if value is not MISSING:
                return self._judge(made, path[len(at) :], value, app)
            if brought and any("{{" in str(step) for step in path):
                return self._worst(made, brought, app)  # the key is another one there
            return Verdict.EQUIVALENT, None, ""  # a patch or another template stands above it
        return None

    def _worst(
        self, made: Resource, paths: Sequence[Path], app: App
    ) -> tuple[Verdict, Message | None, str]:
        verdicts = [self._judge(made, at, dig(made.body, *at), app) for at in paths]
        return max(verdicts, key=lambda verdict: LOSS_ORDER[verdict[0]])

    def _parts_to_ask(self, user: Subject, part: int | None) -> list[int | None]:
        """Whose decisions a leaf is judged by; the worst verdict counts.

        A leaf of an app with several sources that is below none of them is judged for each kind of
        object that the app becomes.
        """
        if part is not None or not isinstance(user, App) or len(user.parts) == 1:
            return [part]
        main = self.emission.decisions.get(user)
        kinds = {main.kind if main is not None else "", ""}
        asked: list[int | None] = [None]
        for number in range(len(user.parts)):
            decision = self.emission.part_decisions.get((user, number))
            if decision is not None and decision.kind not in kinds:
                kinds.add(decision.kind)
                asked.append(number)
        return asked

    def _facts(self, user: Subject, part: int | None) -> Mapping[str, Any]:
        """What message texts may name about an app or a resource, and about the part meant."""
        if isinstance(user, App) and part is not None:
            found = self._part_facts.get((user, part))
            if found is not None:
                return found
        return self.facts.get(user, {})

    def _opaque(
        self, row: Opaque, resource: Resource, path: Path, user: Subject
    ) -> tuple[Verdict, Message | None, str]:
        if not row.todo:
            return Verdict.EQUIVALENT, None, ""
        message = A2F_OBJ_002 if self.request.to == "flux" else F2A_OBJ_002
        facts = {"path": row.path or path_text(path)}
        place = resource.place(*path)
        self.messages.say(message, facts, places=(place,), apps=(_name(user),))
        return Verdict.MANUAL, message, ""

    def _unmatched(
        self, resource: Resource, path: Path, user: Subject
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
        self.messages.say(message, facts, places=(place,), apps=(_name(user),))
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

    def _targets(
        self, resource: Resource, users: Sequence[Subject], slot: str, path: Path
    ) -> tuple[Target, ...]:
        """Where the value of a slot stands in the output, for all that use the leaf."""
        found: list[Target] = []
        for user in users if slot else ():
            part = _part(user, resource, path)
            by_slot = self._slots.get((user, part))
            if by_slot is None:
                by_slot = self._slots[user, part] = self._by_slot(user, part)
            found += by_slot.get(f"kind.{path[0]}" if slot == "kind" else slot, ())
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)

    def _by_slot(self, user: Subject, part: int | None) -> dict[str, list[Target]]:
        decision = self._decision(user, None)
        found: dict[str, list[Target]] = defaultdict(list)
        for draft in self._drafts[user]:
            if isinstance(user, App) and not draft.serves(user, part):
                continue
            name = draft.id
            for trace in draft.traces:
                if trace.slot and (trace.app is None or trace.app is user):
                    found[trace.slot].append(Target(name, path_text(trace.path)))
            if decision is not None and draft.kind == decision.kind:
                found["name"].append(Target(name, "metadata.name"))
                found["kind.kind"].append(Target(name, "kind"))
                found["kind.apiVersion"].append(Target(name, "apiVersion"))
        return found

    # --- context and facts

    def _decision(self, user: Subject, part: int | None) -> Decision | None:
        if not isinstance(user, App):
            return self.emission.made.get(user)
        own = self.emission.part_decisions.get((user, part)) if part is not None else None
        return own or self.emission.decisions.get(user)

    def _context(self, resource: Resource, path: Path, user: Subject, part: int | None) -> Context:
        decision = self._decision(user, part)
        written = self._written.get(resource)
        return Context(
            to=self.request.to,
            kind=decision.kind if decision is not None else "",
            argocd=self.request.argocd,
            flux=self.request.flux,
            body=resource.body,
            path=path if written is None else written.read_as(path),
            app=user if isinstance(user, App) else None,
            facts=decision.facts if decision is not None else {},
        )

    def _own_facts(self, resource: Resource, decision: Decision) -> dict[str, Any]:
        """What message texts may name about a resource that is no app; decisions win."""
        main = next((d for d in self._drafts[resource] if d.kind == decision.kind), None)
        facts: dict[str, Any] = {
            "name": str(resource.ref),
            "flux": self.request.flux,
            "argocd": self.request.argocd,
        }
        if main is not None:
            facts["object"] = main.id
        return {**facts, **decision.facts}

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
            if isinstance(source, GitSource | HelmSource):
                facts["url"] = strip_credentials(source.url)
            elif isinstance(source, OciSource):
                facts["url"] = f"oci://{source.url}"
        return {**facts, **decision.facts}


def _name(subject: Subject) -> str:
    return subject.id if isinstance(subject, App) else str(subject.ref)


def _arrived(user: Subject, resource: Resource) -> Resource | None:
    """The form in which an object of a file reaches an app, where a build or variables change it."""
    if not isinstance(user, App):
        return None
    return next((r for r in user.made_of if r.made_by is resource and not r.made_at), None)


def _arrives(users: Sequence[Subject], resource: Resource, path: Path) -> bool:
    """Whether a value that was set aside as written reaches some app in a form that fits."""
    forms = (_arrived(user, resource) for user in users)
    return any(form is not None and dig(form.body, *path) is not MISSING for form in forms)


def _part(user: Subject, resource: Resource, path: Path) -> int | None:
    """The number of the app's part below whose source a leaf stands; None for all other leaves."""
    if not isinstance(user, App) or resource is not user.resource or len(user.parts) == 1:
        return None
    for number, part in enumerate(user.parts):
        if path[: len(part.at)] == part.at:
            return number
    return None


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


def _states_nothing(value: Any, match: Match | None, resource: Resource, path: Path) -> bool:
    """Whether a leaf says no more than its absence: null, or an empty block of a known field.

    Free values (chart values) keep their nulls and empties: there they mean something.
    """
    if value is not None and value not in ({}, []):
        return False
    side = match.on if match is not None else None
    if side is not None and (side.subtree or value is not None):
        return False
    return field_facts(resource.ref.kind, path, resource.version) is not None
