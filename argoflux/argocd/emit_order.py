"""The order of Flux objects as sync waves of their Applications.

Waves order the syncs of a parent, and they only wait for an Application where its health is known:
Argo CD has no health for Applications of its own since 1.8
(argo-cd:docs/operator-manual/upgrading/1.7-1.8.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from argoflux.argocd.emit_parents import is_parent, parents_of
from argoflux.argocd.nesting import Lifted
from argoflux.argocd.rollouts import Rollouts, plan_rollouts
from argoflux.argocd.settings_parts import CONFIG, FOLDER, settings_part, stated_setting
from argoflux.argocd.waves import cycles, waves
from argoflux.mapping.depends_on import (
    F2A_DAG_001,
    F2A_DAG_002,
    F2A_DAG_003,
    F2A_DAG_004,
    F2A_DAG_005,
    F2A_KS_013,
)
from argoflux.mapping.emission import Refusal
from argoflux.model.content import WAVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.app import App
    from argoflux.resource import Ref

DEPENDS_ON = "argoflux.dev/depends-on"
HEALTH_KEY = "resource.customizations.health.argoproj.io_Application"
_HEALTH = """\
local hs = {status = "Progressing", message = "waiting for status"}
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status or hs.status
  hs.message = obj.status.health.message or ""
end
return hs
"""
_NOT_GIVEN = "it is not in the input, so no wave could be computed for it"
_NOT_CONVERTED = "it did not become an Application"
_NEEDLESS = ""

Identity = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Orders:
    """Who waits for whom, by app and number of the dependency; ``dropped`` says why one does not count.

    ``needless`` are those on objects that are parts of others now: there is nothing to wait for.
    """

    edges: Mapping[App, Mapping[int, App]] = field(default_factory=dict)
    dropped: Mapping[App, Mapping[int, str]] = field(default_factory=dict)
    needless: Mapping[App, frozenset[int]] = field(default_factory=dict)

    def before(self) -> dict[App, tuple[App, ...]]:
        """What comes before each app."""
        return {app: tuple(dict.fromkeys(found.values())) for app, found in self.edges.items()}


def refused_cycles(apps: Sequence[App]) -> dict[App, Refusal]:
    """The apps that wait for themselves: Flux never applies them."""
    found = cycles(_orders(apps, {}).before())
    return {
        app: Refusal(
            resource=app.resource,
            message=F2A_KS_013,
            facts={"cycle": " → ".join(f"{each.namespace}/{each.name}" for each in circle)},
        )
        for app, circle in found.items()
    }


def put_order(
    emission: Emission, loaded: Loaded, request: Request, apps: Sequence[App]
) -> Rollouts:
    """Waves, and the dependencies themselves for the way back, into the Applications of ``apps``.

    What is to be a step of a rollout gets no wave; the rollouts are returned.
    """
    known = {_identity(app): _NOT_CONVERTED for app in loaded.estate.apps}
    for refusal in loaded.refused:
        ref = refusal.resource.ref
        known[refusal.resource.root, ref.kind, ref.namespace, ref.name] = _NOT_CONVERTED
    idle = [item.resource for item in loaded.idle]
    idle += [install.written for install in loaded.estate.installs]
    for resource in idle:
        ref = resource.ref
        known[resource.root, ref.kind, ref.namespace, ref.name] = _NEEDLESS
    orders = _orders(apps, known)
    lifted = Lifted(parents_of(apps))
    siblings = lifted.order(orders.before())
    circles = cycles(siblings)
    if circles:
        names = sorted(f"{app.namespace}/{app.name}" for app in circles)
        emission.say(F2A_DAG_003, names=", ".join(names))
    numbers = waves(orders.before() if circles else siblings)
    drafts = {draft.apps[0]: draft for draft in emission.drafts if draft.kind == "Application"}
    taken = _sets(emission, request)
    rollouts = plan_rollouts(apps, drafts, siblings, request, clear=not circles, taken=taken)
    for app in apps:
        facts = emission.decisions[app].facts
        facts["dropped_dependencies"] = orders.dropped.get(app, {})
        facts["needless_dependencies"] = orders.needless.get(app, frozenset())
        facts["rollout_refused"] = rollouts.refused.get(app)
        edges = {
            number: (app, other) if circles else lifted.edge(app, other)
            for number, other in orders.edges.get(app, {}).items()
        }
        facts["orders"] = {
            number: _became(edge, app, numbers, drafts, rollouts) for number, edge in edges.items()
        }
        facts["rollout_orders"] = frozenset(
            number for number, edge in edges.items() if edge is not None and rollouts.of(edge[0])
        )
        _put(drafts[app], app, None if rollouts.of(app) else numbers.get(app))
    waiting = [app for app in numbers if rollouts.of(app) is None]
    if numbers:
        _say_gates(emission, orders)
    if waiting:
        emission.say(F2A_DAG_004)
    gates = [app for app in numbers if app in waiting or is_parent(app)]
    _put_health(emission, request, gates)
    return rollouts


def _sets(emission: Emission, request: Request) -> set[tuple[str, str]]:
    """Roots and names of the ApplicationSets that are there already."""
    kept = ((r.root, r.ref.name) for r in request.kept if r.ref.kind == "ApplicationSet")
    return {(d.root, d.name) for d in emission.drafts if d.kind == "ApplicationSet"} | set(kept)


def _put(draft: Draft, app: App, number: int | None) -> None:
    """The wave of an Application, and what it waited for."""
    at = ("metadata", "annotations")
    if number is not None:
        draft.put((*at, WAVE), str(number), slot="order.depends_on")
    if app.order.depends_on:
        named = ",".join(dict.fromkeys(_named(ref) for ref in app.order.depends_on))
        draft.put((*at, DEPENDS_ON), named, slot="order.depends_on")


def _became(
    edge: tuple[App, App] | None,
    app: App,
    numbers: Mapping[App, int],
    drafts: Mapping[App, Draft],
    rollouts: Rollouts,
) -> str:
    """What one dependency became, as text."""
    if edge is None:
        return "the nesting of one in the other"
    waiting = edge[0]
    of = "" if waiting is app else f" of its parent {drafts[waiting].name}"
    rollout = rollouts.of(waiting)
    if rollout is not None:
        return f"step {rollout.steps[waiting] + 1}{of} in the rollout of {rollout.name}"
    return f"wave {numbers[waiting]}{of}"


def _orders(apps: Iterable[App], known: Mapping[Identity, str]) -> Orders:
    """The edges between these apps; ``known`` says what became of others."""
    by_identity = {_identity(app): app for app in apps}
    edges: dict[App, dict[int, App]] = {}
    dropped: dict[App, dict[int, str]] = {}
    needless: dict[App, frozenset[int]] = {}
    for app in by_identity.values():
        found = edges.setdefault(app, {})
        for number, ref in enumerate(app.order.depends_on):
            identity = (app.root, app.kind, ref.namespace, ref.name)
            other = by_identity.get(identity)
            if other is not None:
                found[number] = other
                continue
            unplaced = (app.root, app.kind, "", ref.name)  # its parent gives the namespace
            why = known.get(identity, known.get(unplaced, _NOT_GIVEN))
            if why == _NEEDLESS:
                needless[app] = needless.get(app, frozenset()) | {number}
            else:
                dropped.setdefault(app, {})[number] = why
    return Orders(edges, dropped, needless)


def _identity(app: App) -> Identity:
    return (app.root, app.kind, app.namespace, app.name)


def _named(ref: Ref) -> str:
    return f"{ref.kind}/{ref.namespace}/{ref.name}"


def _say_gates(emission: Emission, orders: Orders) -> None:
    """Dependencies that were only applied, not healthy, and those that nobody syncs."""
    waiting: dict[App, list[App]] = {}
    for app, found in orders.before().items():
        for other in found:
            waiting.setdefault(other, []).append(app)
    for app, others in waiting.items():
        names = ", ".join(f"{other.namespace}/{other.name}" for other in others)
        for message, holds in ((F2A_DAG_002, not _gated(app)), (F2A_DAG_005, app.sync.suspended)):
            if holds:
                place = app.resource.place("metadata", "name")
                emission.say(message, place, apps=(app.id,), name=app.id, others=names)


def _gated(app: App) -> bool:
    """Whether Flux looked at the health of what an app applies; Helm waits unless told otherwise."""
    if app.kind == "HelmRelease":
        return True
    expressions = app.resource.body["spec"].get("healthCheckExprs")
    return bool(app.health.wait or app.health.checks or expressions)


def _put_health(emission: Emission, request: Request, apps: Sequence[App]) -> None:
    """The health of Applications as a part of argocd-cm, unless the input has it already."""
    roots: dict[str, list[App]] = {}
    for app in apps:
        roots.setdefault(app.root, []).append(app)
    for root, members in roots.items():
        if stated_setting(request, CONFIG, root, HEALTH_KEY) is not None:
            continue
        namespace = next(d.namespace for d in emission.drafts if d.apps[:1] == members[:1])
        draft = settings_part(emission, CONFIG, namespace, members)
        draft.put(("data", HEALTH_KEY), _HEALTH, origin="derived")
        places = (members[0].resource.place("metadata", "name"),)
        emission.say(F2A_DAG_001, *places, apps=(members[0].id,), file=f"{FOLDER}/argocd-cm.yaml")
