"""Verdicts: what becomes of one leaf, for one app or for the resource itself.

Verdicts come from the rows and the decisions of the emitter. A leaf that the schemas know but no row
does is a hole: a bug, reported as AF900.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.convert.messages import Messages
from argoflux.convert.subjects import name_of
from argoflux.finding import Finding, Severity
from argoflux.mapping.chosen_source import is_passed_over
from argoflux.mapping.concept import Context, Note, Opaque
from argoflux.mapping.index import Match, find, pattern_from_path, pattern_of
from argoflux.mapping.objects import (
    A2F_FLD_001,
    A2F_OBJ_002,
    F2A_FLD_001,
    F2A_OBJ_002,
)
from argoflux.mapping.verdict import LOSS_ORDER, Message, Verdict
from argoflux.model.app import App
from argoflux.schema_fields import elsewhere, field_facts, leaf_paths
from argoflux.schema_words import closest
from argoflux.text import path_text
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.convert.mistyped import Written
    from argoflux.convert.result import Target
    from argoflux.convert.subjects import Slots, Subject, Subjects
    from argoflux.mapping.emission import Request
    from argoflux.resource import Resource
    from argoflux.text import Path

Judged = tuple[Verdict, Message | None, str]
"""Verdict, message and slot of one leaf."""

_NEEDS_NOTHING: Judged = (Verdict.EQUIVALENT, None, "")


def loss(judged: Judged) -> int:
    """How much a verdict loses."""
    return LOSS_ORDER[judged[0]]


@dataclass(slots=True, eq=False)
class Case:
    """One resource as one subject uses it.

    ``arrived`` is the form in which it reaches the app, where a build or variables change it.
    ``restated`` are objects made of it that hold its leaves elsewhere.
    ``generated`` says that the app was made of it; ``divided`` that its leaves may belong to one of
    several parts.
    """

    resource: Resource
    user: Subject
    kind: str
    arrived: Case | None = None
    restated: tuple[Case, ...] = ()
    generated: bool = False
    divided: bool = False
    facts: dict[int | None, dict[str, Any]] = field(default_factory=dict)
    slots: dict[int | None, Slots] = field(default_factory=dict)

    def part(self, path: Path) -> int | None:
        """The number of the part below whose source a leaf stands; None for all other leaves."""
        if self.divided and isinstance(self.user, App):
            for number, part in enumerate(self.user.parts):
                if path[: len(part.at)] == part.at:
                    return number
        return None


class Judge:
    """Judges the leaves of one conversion, and collects what there is to say about them."""

    def __init__(
        self, request: Request, subjects: Subjects, written: Mapping[Resource, Written]
    ) -> None:
        """``written`` holds the originals of the resources that were read without some values."""
        self.messages = Messages()
        self.holes: list[Finding] = []
        self._request = request
        self._subjects = subjects
        self._written = written
        self._source = "argocd" if request.to == "flux" else "flux"

    def case(self, resource: Resource, user: Subject) -> Case:
        """A resource as an app, or as itself."""
        case = Case(resource, user, resource.pseudo or resource.ref.kind)
        if not isinstance(user, App):
            if user.made_by is resource and user.stated:
                case.restated = (self.case(user, user),)
            return case
        arrived = arrived_form(user, resource)
        if arrived is not None:
            case.arrived = self.case(arrived, user)
        made = (r for r in user.made_of if r.made_by is resource and r.stated)
        case.restated = tuple(self.case(each, user) for each in made)
        case.generated = user.resource.made_by is resource
        case.divided = resource is user.resource and len(user.parts) > 1
        return case

    def targets(self, case: Case, slot: str, path: Path) -> tuple[Target, ...]:
        """Where the value of a slot stands in the output."""
        part = case.part(path)
        slots = case.slots.get(part)
        if slots is None:
            slots = case.slots[part] = self._subjects.slots(case.user, part)
        return slots.get(f"kind.{path[0]}" if slot == "kind" else slot, ())

    def judge(self, case: Case, path: Path, value: Any) -> Judged:
        """Verdict, message and slot of one leaf."""
        if case.arrived is not None:
            value = dig(case.arrived.resource.body, *path)
            # a patch may have taken it away
            return _NEEDS_NOTHING if value is MISSING else self.judge(case.arrived, path, value)
        if case.restated:
            return max((self._judge_restated(made, path) for made in case.restated), key=loss)
        if case.generated and isinstance(case.user, App):
            found = self._judge_generated(case.user, path)
            if found is not None:
                return found
        resource = case.resource
        match = find(case.kind, path, self._source)
        if _states_nothing(value, match, resource, path):
            return _NEEDS_NOTHING
        if is_passed_over(resource.ref.kind, resource.body, path):
            return _NEEDS_NOTHING
        if match is None:
            return self._unmatched(case, path)
        if isinstance(match.row, Opaque):
            return self._opaque(match.row, case, path)
        notes = match.row.notes(self._request.to)
        if notes and notes[0].when is None and notes[0].message is None:
            return notes[0].verdict, None, match.row.slot
        return self._noted(case, path, value, notes, match.row.slot)

    def _judge_restated(self, case: Case, path: Path) -> Judged:
        """The verdict of a leaf of its maker that an object holds elsewhere; others do not concern it."""
        for inside, at in case.resource.stated.items():
            value = dig(case.resource.body, *inside)
            if at == path and value is not MISSING:
                return self.judge(case, inside, value)
        return _NEEDS_NOTHING

    def _noted(
        self, case: Case, path: Path, value: Any, notes: Sequence[Note], slot: str
    ) -> Judged:
        """What the first note that holds says; the worst where several parts are asked."""
        spoken: list[tuple[Note, int | None, Context]] = []
        for part in self._parts_to_ask(case, path):
            context = self._context(case, path, part)
            note = next((n for n in notes if n.when is None or n.when(value, context)), None)
            if note is None:
                self._hole(case, path, f"no note of its row speaks for `{self._request.to}`")
                return Verdict.UNKNOWN, None, slot
            spoken.append((note, part, context))
        note, part, context = max(spoken, key=lambda each: LOSS_ORDER[each[0].verdict])
        if note.message is not None:
            facts = {"value": value, **self._facts(case, part)}
            if note.facts is not None:
                facts.update(note.facts(value, context))
            self._say(note.message, facts, case, path)
        return note.verdict, note.message, slot

    def _judge_generated(self, app: App, path: Path) -> Judged | None:
        """The verdict of a leaf of a template, or of a patch, in one app that was made of it.

        A patch is as good as the worst of the values that it brings. None for other leaves.
        """
        made = app.resource
        patch, brought = app.extra.get("brought", ((), ()))
        if brought and path == patch:
            return self._worst(made, brought, app)
        for other in app.made_of[1:]:  # a source that stands beside it in the same set
            if other.made_by is made.made_by and other.made_at == path[: len(other.made_at)] != ():
                below = path[len(other.made_at) :]
                return self.judge(self.case(other, app), below, dig(other.body, *below))
        for at in (made.made_at, *app.extra.get("templates", ())):
            if path[: len(at)] != at:
                continue
            below = path[len(at) :]
            value = dig(made.body, *below)
            if value and isinstance(value, dict | list):
                return _NEEDS_NOTHING  # an empty block that others filled
            if value is not MISSING:
                return self.judge(self.case(made, app), below, value)
            if brought and any("{{" in str(step) for step in path):
                return self._worst(made, brought, app)  # the key is another one there
            return _NEEDS_NOTHING  # a patch or another template stands above it
        return None

    def _worst(self, made: Resource, paths: Sequence[Path], app: App) -> Judged:
        case = self.case(made, app)
        return max((self.judge(case, at, dig(made.body, *at)) for at in paths), key=loss)

    def _parts_to_ask(self, case: Case, path: Path) -> Sequence[int | None]:
        """Whose decisions a leaf is judged by; the worst verdict counts.

        A leaf of an app with several sources that is below none of them is judged for each kind of
        object that the app becomes.
        """
        part, user = case.part(path), case.user
        if part is not None or not isinstance(user, App) or len(user.parts) == 1:
            return (part,)
        return self._subjects.kinds_of_parts(user)

    def _facts(self, case: Case, part: int | None) -> dict[str, Any]:
        found = case.facts.get(part)
        if found is None:
            found = case.facts[part] = self._subjects.facts(case.user, part)
        return found

    def _say(self, message: Message, facts: Mapping[str, Any], case: Case, path: Path) -> None:
        place = case.resource.place_at(path)
        self.messages.say(message, facts, places=(place,), apps=(name_of(case.user),))

    def _opaque(self, row: Opaque, case: Case, path: Path) -> Judged:
        if not row.todo:
            return _NEEDS_NOTHING
        message = A2F_OBJ_002 if self._request.to == "flux" else F2A_OBJ_002
        self._say(message, {"path": row.path or path_text(path)}, case, path)
        return Verdict.MANUAL, message, ""

    def _unmatched(self, case: Case, path: Path) -> Judged:
        resource = case.resource
        kind = resource.ref.kind
        if not resource.pseudo and field_facts(kind, path, resource.version) is not None:
            self._hole(case, path, "no row and no reason is declared for it")
            return Verdict.UNKNOWN, None, ""
        message = A2F_FLD_001 if self._request.to == "flux" else F2A_FLD_001
        close = _meant(kind, resource.version, path)
        facts = {
            "path": path_text(path),
            "kind": f"{kind} {resource.version}",
            "hint": f"; did you mean `{close}`?" if close else "",
        }
        self._say(message, facts, case, path)
        return Verdict.UNKNOWN, message, ""

    def _hole(self, case: Case, path: Path, why: str) -> None:
        self.holes.append(
            Finding(
                code="AF900",
                slug="ledger-hole",
                severity=Severity.ERROR,
                message=f"this is a bug in argoflux: `{path_text(path)}` has no verdict; {why}",
                place=case.resource.place(*path),
                resource=str(case.resource.ref),
            )
        )

    def _context(self, case: Case, path: Path, part: int | None) -> Context:
        decision = self._subjects.decision(case.user, part)
        written = self._written.get(case.resource)
        return Context(
            to=self._request.to,
            kind=decision.kind if decision is not None else "",
            argocd=self._request.argocd,
            flux=self._request.flux,
            body=case.resource.body,
            path=path if written is None else written.read_as(path),
            app=case.user if isinstance(case.user, App) else None,
            facts=decision.facts if decision is not None else {},
        )


def arrived_form(user: Subject, resource: Resource) -> Resource | None:
    """The form in which an object of a file reaches an app, where a build or variables change it."""
    if not isinstance(user, App):
        return None
    return next((r for r in user.made_of if r.made_by is resource and not r.made_at), None)


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
    if value is not None and (value or not isinstance(value, dict | list)):
        return False
    side = match.on if match is not None else None
    if side is not None and (side.subtree or value is not None):
        return False
    return field_facts(resource.ref.kind, path, resource.version) is not None
