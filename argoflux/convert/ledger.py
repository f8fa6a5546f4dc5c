"""The ledger: one entry for every leaf of the input, and one for every invented leaf of the output.

Entries come from the rows and the decisions of the emitter; what an emitter wrote is only asked
for its traces. A leaf that the schemas know but no row does is a hole: a bug, reported as AF900.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from argoflux.convert.account import Accounts, Fate, Leaf
from argoflux.convert.judge import Judge, loss
from argoflux.convert.mistyped import PLACEHOLDER
from argoflux.convert.result import ResourceOutcome
from argoflux.convert.subjects import Subjects, name_of
from argoflux.mapping.objects import A2F_FLD_002, F2A_FLD_002
from argoflux.mapping.verdict import LOSS_ORDER, Verdict
from argoflux.text import path_text
from argoflux.yamlio.tree import MISSING, dig, leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from argoflux.convert.account import Account
    from argoflux.convert.judge import Case, Judged
    from argoflux.convert.messages import Messages
    from argoflux.convert.mistyped import Mistyped, Written
    from argoflux.convert.result import Outcome, Target
    from argoflux.convert.subjects import Subject
    from argoflux.finding import Finding
    from argoflux.mapping.emission import Emission, Refusal, Request, Saying
    from argoflux.mapping.verdict import Message
    from argoflux.model.app import App
    from argoflux.resource import Resource
    from argoflux.text import Path


class Ledger:
    """Collects entries, messages and outcomes of one conversion."""

    def __init__(
        self, request: Request, emission: Emission, written: Mapping[Resource, Written]
    ) -> None:
        """``written`` holds the originals of the resources that were read without some values."""
        self.accounts = Accounts()
        self.outcomes: list[ResourceOutcome] = []
        self._written = written
        self._to_flux = request.to == "flux"
        self._subjects = Subjects(request, emission)
        self._judge = Judge(request, self._subjects, written)
        # by document: the leaf that stands for its contents, by account and number
        self._contents: dict[int, tuple[Account, int]] = {}

    @property
    def messages(self) -> Messages:
        """Every message that was raised."""
        return self._judge.messages

    @property
    def holes(self) -> list[Finding]:
        """Leaves that the schemas know and no row does."""
        return self._judge.holes

    @property
    def facts(self) -> Callable[[Subject], Mapping[str, Any]]:
        """What message texts may name about an app or a resource."""
        return self._subjects.facts

    # --- input leaves

    def converted(self, resource: Resource, apps: Iterable[App]) -> None:
        """Account for a resource that is part of apps."""
        self._judged(resource, sorted(apps, key=lambda app: app.sort_key()))

    def made(self, resource: Resource, apps: Iterable[App], forms: Sequence[Resource]) -> None:
        """Account for a resource that becomes objects, or is used up, without being an app.

        ``forms`` are what stands for it: itself, or objects that it states.
        """
        users = sorted(apps, key=lambda app: app.sort_key())
        self._judged(resource, [*users, *forms])

    def _judged(self, resource: Resource, users: Sequence[Subject]) -> None:
        """One entry per leaf: the worst of what becomes of it for each that uses it."""
        name = str(resource.ref)
        written = self._written.get(resource)
        original = written.resource if written is not None else resource
        cases = [self._judge.case(resource, user) for user in users]
        account = self.accounts.open(original, name)
        found: list[Leaf] = []
        for path, value in leaves(original.body):
            wrong = written.wrong_at(path) if written is not None else None
            if wrong is not None and not _arrives(cases, path):
                found.append(Leaf(path, self._mistyped(original, *wrong, users)))
                continue
            verdict, message, slot = self._worst(cases, path, value)
            here = (account, len(found))
            if slot == "part.path":
                self._contents[id(resource.document)] = here
            else:
                self._contents.setdefault(id(resource.document), here)
            fate = Fate(verdict, message.code if message is not None else None, slot=slot)
            targets = self._targets(cases, slot, path) if slot else ()
            found.append(Leaf(path, fate, targets))
        self.accounts.close(account, found)
        self._judge_added(resource, cases)
        names = {draft.id for user in users for draft in self._subjects.drafts(user)}
        self._outcome(resource, "converted", targets=tuple(sorted(names)))

    def _worst(self, cases: Sequence[Case], path: Path, value: Any) -> Judged:
        verdicts = [self._judge.judge(case, path, value) for case in cases]
        return verdicts[0] if len(verdicts) == 1 else max(verdicts, key=loss)

    def _targets(self, cases: Sequence[Case], slot: str, path: Path) -> tuple[Target, ...]:
        """Where the value of a slot stands in the output, for all that use the leaf."""
        found = [self._judge.targets(case, slot, path) for case in cases]
        return found[0] if len(found) == 1 else tuple(dict.fromkeys(chain.from_iterable(found)))

    def _judge_added(self, resource: Resource, cases: Sequence[Case]) -> None:
        """Raise what is to be said of values that a build adds to an object; no leaf states them.

        Where a person must act, the entry that stands for the contents of the object says so.
        """
        if not any(case.arrived or case.restated for case in cases):
            return
        known = {path for path, _ in leaves(resource.body)}
        for case, path, value in chain.from_iterable(_added(case, known) for case in cases):
            verdict, message, _slot = self._judge.judge(case, path, value)
            if LOSS_ORDER[verdict] >= LOSS_ORDER[Verdict.MANUAL]:
                self._lower(resource.document, verdict, message)

    def _lower(self, document: object, verdict: Verdict, message: Message | None) -> None:
        """Give the entry that stands for the contents of a document a worse verdict."""
        if id(document) not in self._contents:
            return
        account, at = self._contents[id(document)]
        fate = account.fates[at]
        if LOSS_ORDER[fate.verdict] < LOSS_ORDER[verdict]:
            code = message.code if message is not None else None
            self.accounts.replace(account, at, fate._replace(verdict=verdict, code=code))

    def _mistyped(
        self, resource: Resource, at: Path, value: Mistyped, users: Sequence[Subject]
    ) -> Fate:
        """The fate of a leaf that nothing read, because it or what holds it has a wrong type."""
        message = self._say_mistyped(resource, at, value, tuple(map(name_of, users)))
        return Fate(message.verdict, message.code)

    def _say_mistyped(
        self, resource: Resource, at: Path, value: Mistyped, apps: tuple[str, ...]
    ) -> Message:
        message = A2F_FLD_002 if self._to_flux else F2A_FLD_002
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
            self._lower(place.document, message.verdict, message)

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
        original = self._original(resource)
        account = self.accounts.open(original, str(resource.ref))
        fate = Fate(verdict, code)
        self.accounts.close(account, [Leaf(path, fate) for path, _ in leaves(original.body)])


def _added(case: Case, known: set[Path]) -> Iterator[tuple[Case, Path, Any]]:
    """The leaves that reach an app but stand at none of the ``known`` paths of the resource."""
    if case.arrived is not None:
        for path, value in leaves(case.arrived.resource.body):
            if path not in known and path[:1] != ("status",):
                yield case.arrived, path, value
    for made in case.restated:
        for inside, at in made.resource.stated.items():
            value = dig(made.resource.body, *inside)
            if at not in known and value is not MISSING:
                yield made, inside, value


def _arrives(cases: Sequence[Case], path: Path) -> bool:
    """Whether a value that was set aside as written reaches some app in a form that fits."""
    return any(
        case.arrived is not None and dig(case.arrived.resource.body, *path) is not MISSING
        for case in cases
    )
