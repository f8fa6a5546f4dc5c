"""Apps of apps: Kustomizations over the folders of the output that hold the children.

The children are converted by themselves. What the parent applied were their Applications; what its
Kustomizations apply are the files of the new objects, in one folder or one per wave.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from argoflux.flux.selection import DELETE
from argoflux.flux.stages import wave_name
from argoflux.mapping.emission import Decision, Refusal
from argoflux.mapping.names import shorten, with_hash
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.order import (
    A2F_OBJ_004,
    A2F_OBJ_005,
    A2F_OBJ_007,
    A2F_OBJ_008,
    A2F_OBJ_009,
    A2F_OBJ_010,
)
from argoflux.model.content import Known, PathFacts
from argoflux.model.family import PARENT_KINDS, is_for_argo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.flux.emit_app_order import Household
    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.verdict import Message
    from argoflux.model.app import App

APPS = "apps"
PARENTS = "roots"
"""Folders of the output: appliers, and parents that would otherwise stand among their children."""

_SHOWN = 5
_TIMEOUT = "10m"
_WRITE_EDITS = (
    "write the changes into a kustomization file, and convert what `kustomize build` yields"
)
_OF_PARENT = ("targetNamespace", "patches", "ignore", "images", "components", "commonMetadata")
"""Fields that speak of the objects of the parent's own path."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A Kustomization of a parent, the folder that it applies, and whose files stand there."""

    name: str
    path: str
    apps: frozenset[App]


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """What becomes of one source of a parent: its folders in order.

    ``alone`` says that its own path yields nothing else, ``deploy`` where the output will stand
    (None: nobody said), ``end`` names what is ready when all members of the parent are.
    """

    folders: tuple[Folder, ...]
    alone: bool
    deploy: str | None
    end: str


def plan_children(
    plans: list[Plan], houses: Iterable[Household], taken: Iterable[Identity]
) -> list[Plan]:
    """Give every parent its folders; its own plans then only speak of its other objects.

    Returns the plans without those of parents that deploy nothing else and cannot deploy that.
    """
    used = {*taken, *((p.app.root, p.kind, p.namespace, p.name) for p in plans)}
    parents = [house for house in houses if house.parents]
    refused: set[App] = set()
    for house in parents:
        rests = {plan: _other_objects(plan) for plan in house.parents}
        alone = {plan for plan, rest in rests.items() if rest is not None and _is_empty(rest)}
        main = house.parents[0]
        if (house.trouble or house.family.projects) and len(alone) == len(rests):
            refused.add(main.app)
            _refuse(house, main)
            continue
        folders: tuple[Folder, ...] = ()
        if house.trouble:
            message, facts = _trouble(house)
            main.say(message, **facts)
        elif house.members:
            folders = _folders(house, main, parents, plans, used, alone=main in alone)
        deploy = main.request.options.deploy_path
        for plan, rest in rests.items():
            own = folders if plan is main else ()
            end = folders[-1].name if folders else main.name
            plan.children = Children(folders=own, alone=plan in alone, deploy=deploy, end=end)
            plan.facts["only_children"] = plan in alone
            if rest is not None:
                plan.content = rest
        if folders:
            _say_folders(house, main, folders)
    return [plan for plan in plans if plan.app not in refused]


def _refuse(house: Household, main: Plan) -> None:
    message, facts = _trouble(house)
    refusal = Refusal(resource=main.app.resource, message=message, facts=facts)
    decision = Decision(kind=main.kind, facts=main.facts, refused=refusal)
    main.emission.decisions[main.app] = decision


def _trouble(house: Household) -> tuple[Message, dict[str, Any]]:
    """The message about a parent that cannot deploy what it did."""
    shown = _listed(house.family.deploys)
    match house.trouble:
        case "edited":
            what = "its kustomize options change the Applications that it deploys"
            return A2F_OBJ_003, {"what": what, "remedy": _WRITE_EDITS}
        case "absent":
            return A2F_OBJ_005, {"children": shown}
        case "stream":
            return A2F_OBJ_004, {"children": shown}
        case _:
            return A2F_OBJ_010, {"children": shown}


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _say_folders(house: Household, main: Plan, folders: Sequence[Folder]) -> None:
    shown = ", ".join(folder.path for folder in folders)
    names = f"{main.kind}/{main.namespace}/{', '.join(folder.name for folder in folders)}"
    if main.only_children:
        main.facts["object"] = names
    main.say(A2F_OBJ_009, folder=shown, object=names)
    if main.request.options.deploy_path is None:
        main.say(A2F_OBJ_008, folder=shown, object=names)
    if house.family.absent:
        main.say(A2F_OBJ_007, absent=_listed(house.family.absent))


def _other_objects(plan: Plan) -> Known | None:
    """What the path yields besides objects of Argo CD."""
    if not isinstance(plan.content, Known):
        return None
    others = tuple(obj for obj in plan.content.objects if not is_for_argo(obj))
    facts = plan.content.facts if others else PathFacts()
    return replace(plan.content, objects=others, facts=facts)


def _is_empty(content: Known) -> bool:
    return not content.objects and content.complete


def _folders(
    house: Household,
    plan: Plan,
    parents: Sequence[Household],
    plans: Sequence[Plan],
    used: set[Identity],
    *,
    alone: bool,
) -> tuple[Folder, ...]:
    """One folder per wave, or one for all."""
    same_root = [other for other in parents if other.family.root == plan.app.root]
    if house.way == "folders":
        alone_in_root = sum(other.way == "folders" for other in same_root) == 1
        prefix = "" if alone_in_root else f"{plan.name}/"
        return tuple(
            Folder(
                name=_free(plan, f"{plan.name}-{wave_name(wave)}", used),
                path=f"{prefix}wave-{wave_name(wave)[1:]}",
                apps=frozenset(each.app for each in current),
            )
            for wave, current in house.waves
        )
    everyone = {each.app for each in plans if each.app.root == plan.app.root}
    whole = everyone == house.members | {plan.app}
    name = plan.name if alone else _free(plan, f"{plan.name}-apps", used)
    path = APPS if whole else f"{APPS}/{plan.name}"
    return (Folder(name=name, path=path, apps=frozenset(house.members)),)


def _free(plan: Plan, wanted: str, used: set[Identity]) -> str:
    name = shorten(wanted)
    if (plan.app.root, plan.kind, plan.namespace, name) in used:
        name = with_hash(wanted, f"{plan.app.id} {wanted}")
    used.add((plan.app.root, plan.kind, plan.namespace, name))
    return name


def leave_out_children(draft: Draft) -> None:
    """Delete the objects of Argo CD from what a parent applies of its own path."""
    kinds = "|".join(sorted(PARENT_KINDS))
    target = {"group": "argoproj\\.io", "kind": f"({kinds})"}
    draft.add("spec.patches", {"target": target, "patch": DELETE}, origin="derived")


def children_drafts(plan: Plan, draft: Draft, own: Sequence[Draft]) -> list[Draft]:
    """The Kustomizations of a parent: those of its own path if any, then one per folder."""
    children = plan.children
    if children is None:
        return list(own)
    found = [] if children.alone else list(own)
    for folder in children.folders:
        made = replace(draft, name=folder.name, body={}, traces=list(draft.traces))
        made.body = deepcopy(draft.body)
        made.body["metadata"]["name"] = folder.name
        for name in _OF_PARENT:
            _drop(made, name)
        deploy = "TODO" if children.deploy is None else children.deploy
        made.deploys = {("spec", "path"): (deploy, folder.path)}
        path = "/".join(part for part in (deploy, folder.path) if part)
        made.put("spec.path", f"./{path}", slot="part.path")
        made.put("spec.sourceRef.name", plan.deploy_source or plan.source, origin="required")
        made.put("spec.timeout", _TIMEOUT, origin="default")
        if found:
            made.put("spec.dependsOn", [{"name": found[-1].name}], origin="derived")
        found.append(made)
    return found


def _drop(draft: Draft, name: str) -> None:
    spec: dict[str, Any] = draft.body["spec"]
    if spec.pop(name, None) is not None:
        at = ("spec", name)
        draft.traces = [trace for trace in draft.traces if trace.path[:2] != at]


def place_children(plans: Sequence[Plan], drafts: Iterable[Draft]) -> None:
    """Put appliers into the folders of their parents; only these apply what stands there."""
    homes: dict[App, str] = {}
    whole: set[str] = set()
    for plan in plans:
        for folder in plan.children.folders if plan.children is not None else ():
            homes.update(dict.fromkeys(folder.apps, folder.path))
            if folder.path == APPS:
                whole.add(plan.app.root)
    parents = {plan.app for plan in plans if plan.children is not None}
    for draft in drafts:
        if draft.folder != APPS:
            continue
        home = _home(draft, homes)
        if home is not None:
            draft.folder, draft.listed = home, False
        elif draft.root in whole:
            outside = bool(draft.apps) and set(draft.apps) <= parents
            draft.folder = PARENTS if outside else APPS
            draft.listed = outside


def _home(draft: Draft, homes: Mapping[App, str]) -> str | None:
    """The folder of an applier's parent; None for what serves several, or has no parent."""
    if draft.kind not in {"Kustomization", "HelmRelease"} or len(draft.apps) != 1:
        return None
    return homes.get(draft.apps[0])
