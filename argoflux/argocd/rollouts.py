"""Which apps become the steps of one rollout: an ApplicationSet with RollingSync instead of waves.

It is asked for with an annotation: on the Kustomization that applies the apps or, where none of the
input does, on every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.argocd.gates import missing
from argoflux.argocd.waves import waves
from argoflux.mapping.depends_on import ORDER, ROLLING
from argoflux.mapping.names import with_hash

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Request
    from argoflux.model.app import App

    Order = Mapping[App, tuple[App, ...]]

_ALONE = "rollout"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rollout:
    """The members of one rollout in the order of their steps; ``owner`` is their parent, if any."""

    name: str
    owner: App | None
    members: tuple[App, ...]
    steps: Mapping[App, int]


@dataclass(slots=True)
class Rollouts:
    """The rollouts of a run; ``refused`` says for each app that asks why there is none."""

    found: list[Rollout] = field(default_factory=list)
    refused: dict[App, str] = field(default_factory=dict)

    def of(self, app: App) -> Rollout | None:
        """The rollout that an app is a member of."""
        return next((rollout for rollout in self.found if app in rollout.steps), None)


def asks(app: App) -> bool:
    """Whether the annotation of an app asks for a rollout."""
    return app.annotations.get(ORDER) == ROLLING


def plan_rollouts(
    apps: Sequence[App],
    drafts: Mapping[App, Draft],
    order: Order,
    request: Request,
    *,
    clear: bool,
    taken: set[tuple[str, str]],
) -> Rollouts:
    """Group the apps that a rollout is asked for.

    ``order`` is what comes before each app among its neighbours, ``clear`` that it is an order;
    ``taken`` are the roots and names of other ApplicationSets.
    """
    parents = _appliers(apps)
    out = Rollouts()
    asking = [app for app in apps if asks(app)]
    owners = [app for app in asking if app in parents.values()]
    groups: list[tuple[App | None, list[App], list[App]]] = [
        (owner, [app for app in apps if parents.get(app) is owner], [owner]) for owner in owners
    ]
    loose: dict[str, list[App]] = {}
    for app in asking:
        parent = parents.get(app)
        if app in owners or parent in owners:
            continue
        if parent is not None:
            out.refused[app] = f"{parent.id} applies it, and has no such annotation"
        else:
            loose.setdefault(app.root, []).append(app)
    groups += [(None, members, members) for members in loose.values()]
    for owner, members, said_by in groups:
        why = _obstacle(members, drafts, order, request.argocd, clear=clear)
        if why:
            out.refused.update(dict.fromkeys(said_by, why))
        else:
            out.found.append(_rollout(owner, members, drafts, order, taken))
    return out


def _appliers(apps: Sequence[App]) -> dict[App, App]:
    """The app that applies each, also where it applies other objects beside and is no parent."""
    by_identity = {(app.root, app.id): app for app in apps}
    found = ((app, (app.root, app.extra["facts"].get("parent") or "")) for app in apps)
    return {app: by_identity[key] for app, key in found if by_identity.get(key, app) is not app}


def _obstacle(
    members: Sequence[App], drafts: Mapping[App, Draft], order: Order, release: str, *, clear: bool
) -> str:
    """Why these apps cannot be steps of one rollout; empty when they can."""
    inside = set(members)
    first = missing("templatePatch", release)
    if first is not None:
        return (
            f"ApplicationSets have `templatePatch` since Argo CD {first} (the target is {release})"
        )
    if not clear:
        return "what its members wait for is no order between neighbours"
    if not any(order.get(app) for app in members):
        return "nothing in it waits for anything else in it"
    for app, before in order.items():
        for other in before:
            if (app in inside) != (other in inside):
                return f"{app.id} waits for {other.id}, and only one of the two is in it"
    for app in members:
        if _is_off(drafts[app]):
            return f"{app.id} is suspended, and each step of a rollout syncs what is in it"
        if _states_null(drafts[app].body["spec"]):
            return f"{app.id} states a null, which a patch on a template would take for a deletion"
    if len({drafts[app].namespace for app in members}) > 1:
        return "its Applications are in several namespaces"
    return ""


def _is_off(draft: Draft) -> bool:
    """Whether nothing shall sync an Application (progressive_sync.go syncs it all the same)."""
    automated = draft.body["spec"].get("syncPolicy", {}).get("automated")
    return automated is None or automated.get("enabled") is False


def _states_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_states_null, value.values()))
    return value is None or (isinstance(value, list) and any(map(_states_null, value)))


def _rollout(
    owner: App | None,
    members: Sequence[App],
    drafts: Mapping[App, Draft],
    order: Order,
    taken: set[tuple[str, str]],
) -> Rollout:
    numbers = waves({app: order.get(app, ()) for app in members})
    steps = {app: numbers.get(app, 0) for app in members}
    ordered = sorted(members, key=lambda app: (steps[app], drafts[app].name))
    name, root = drafts[owner].name if owner is not None else _ALONE, members[0].root
    if (root, name) in taken:
        name = with_hash(name, (owner or ordered[0]).id)
    taken.add((root, name))
    return Rollout(name=name, owner=owner, members=tuple(ordered), steps=steps)
