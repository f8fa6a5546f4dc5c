"""What every kind of source object shares: who it serves, its name, its interval, what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.emit_gates import api_version
from argoflux.goports import duration
from argoflux.mapping.draft import Draft, Trace
from argoflux.mapping.emission import Saying
from argoflux.mapping.names import shorten, with_hash
from argoflux.mapping.source import A2F_SRC_001, A2F_SRC_026

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Emission
    from argoflux.model.app import App

_SHORTEST = 60 * duration.SECOND
_SHOWN_APPS = 10
_PLAIN = "part.render.plain"


def served(plans: Iterable[Plan]) -> list[App]:
    """The apps of some plans, each once."""
    return list(dict.fromkeys(plan.app for plan in plans))


def parts_served(plans: Iterable[Plan]) -> dict[App, set[int]]:
    """The parts that some plans stand for, of each app that has several."""
    found: dict[App, set[int]] = {}
    for plan in plans:
        if len(plan.app.parts) > 1:
            found.setdefault(plan.app, set()).add(plan.index)
    return found


def start_source(kind: str, name: str, users: Sequence[Plan], *, usual: str) -> Draft:
    """The new source object of some plans, with its interval: ``usual`` unless a setting is known."""
    first = users[0]
    draft = Draft(
        api_version=api_version(first.flux, kind),
        kind=kind,
        namespace=first.namespace,
        name=name,
        folder="sources",
        root=first.app.root,
        apps=served(users),
        part_of=parts_served(users),
    )
    draft.put("spec.interval", _interval(first, usual), origin="required")
    return draft


def _interval(plan: Plan, usual: str) -> str:
    """The polling interval that argocd-cm states, not below a minute; else the usual one."""
    stated = plan.facts.get("poll", "")
    try:
        poll = duration.parse(stated) if stated else 0
    except duration.DurationError:
        poll = 0
    return duration.format_short(max(_SHORTEST, poll)) if poll > 0 else usual


def use_source(users: Iterable[Plan], kind: str, name: str) -> None:
    """Let plans refer to a source object."""
    for plan in users:
        plan.source_kind, plan.source = kind, name
        plan.facts |= {"source_kind": kind, "source": name}


def free_name(taken: set[Identity], plan: Plan, kind: str, wanted: str, unique: str) -> str:
    """A name that no object of the kind has, marked as taken; ``unique`` tells equal names apart."""
    name = shorten(wanted)
    if (plan.app.root, kind, plan.namespace, name) in taken:
        name = with_hash(wanted, f"{kind}/{plan.namespace}/{unique}")
    taken.add((plan.app.root, kind, plan.namespace, name))
    return name


def say_shared(emission: Emission, kind: str, name: str, users: Iterable[Plan]) -> None:
    """Several Applications depend on one source object now."""
    ids = sorted(app.id for app in served(users))
    if len(ids) == 1:
        return
    more = len(ids) - _SHOWN_APPS
    shown = ", ".join(ids[:_SHOWN_APPS]) + (f" and {more} more" if more > 0 else "")
    facts = {"count": len(ids), "kind": kind, "name": name, "apps": shown}
    emission.sayings.append(Saying(message=A2F_SRC_001, facts=facts, apps=tuple(ids)))


def use_kept(emission: Emission, kind: str, name: str, users: Iterable[Plan]) -> None:
    """Let plans use a source object of the input, and say so."""
    found = list(users)
    use_source(found, kind, name)
    for plan in found:
        facts = {"kind": kind, "source": name, "name": plan.app.id}
        place = plan.app.resource.place("spec")
        emission.say(A2F_SRC_026, place, apps=(plan.app.id,), **facts)


def put_ignore(draft: Draft, rules: str, users: Sequence[Plan]) -> None:
    """The rules carry every choice of files that the apps state; else they are derived."""
    slots = [
        f"{_PLAIN}.{name}"
        for name in ("include", "exclude", "recurse")
        if any(getattr(plan.part.render, name, None) for plan in users)
    ]
    if not slots and any(plan.facts.get("recurse_stated") for plan in users):
        slots = [f"{_PLAIN}.recurse"]
    draft.put("spec.ignore", rules, slot=slots[0] if slots else "", origin="derived")
    draft.traces += [Trace(("spec", "ignore"), slot, "derived") for slot in slots[1:]]
