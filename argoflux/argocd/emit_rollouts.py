"""Rollouts as ApplicationSets: one element per Application, one step per wave.

The controller syncs the Applications of a step when those of the steps before are healthy, for every
change; it switches their own automation off, but keeps what that says about pruning
(argo-cd:applicationset/progressivesync/progressive_sync.go). Without a finalizer in the template it
would add one that deletes everything (argo-cd:applicationset/utils/utils.go).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.argocd.gates import missing
from argoflux.argocd.one_template import one_template
from argoflux.argocd.settings_parts import FOLDER, PARAMS, settings_part, stated_setting
from argoflux.mapping.depends_on import F2A_DAG_006, F2A_DAG_007
from argoflux.mapping.draft import Draft, Trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.argocd.one_template import OneTemplate
    from argoflux.argocd.rollouts import Rollout, Rollouts
    from argoflux.mapping.emission import Emission, Request
    from argoflux.text import Path

WAVE_LABEL = "argoflux.dev/wave"
SWITCH = "applicationsetcontroller.enable.progressive.syncs"
_NAME: Path = ("metadata", "name")
_WAVE: Path = ("metadata", "labels", WAVE_LABEL)
_TEMPLATE: Path = ("spec", "template")
_ELEMENTS: Path = ("spec", "generators", 0, "list", "elements")
_IMAGES = ("/spec/source/helm/parameters", "/spec/source/kustomize/images")
_PARTS = frozenset({"metadata", "spec"})


def put_rollouts(emission: Emission, request: Request, rollouts: Rollouts) -> None:
    """Put one ApplicationSet in the place of the Applications of each rollout."""
    for rollout in rollouts.found:
        members = [next(d for d in emission.drafts if _is_own(d, app)) for app in rollout.members]
        draft = _fold(rollout, members, request)
        emission.drafts = [each for each in emission.drafts if each not in members]
        _spare_images(emission, draft, {member.name for member in members})
        emission.drafts.append(draft)
        for app, member in zip(rollout.members, members, strict=True):
            emission.decisions[app].facts.setdefault("object", member.id)
        _say(emission, request, rollout, draft)


def _is_own(draft: Draft, app: Any) -> bool:
    return draft.kind == "Application" and draft.apps[:1] == [app]


def _fold(rollout: Rollout, members: Sequence[Draft], request: Request) -> Draft:
    """The ApplicationSet; each leaf still knows what it carries, and for whom."""
    first = members[0]
    for app, member in zip(rollout.members, members, strict=True):
        member.put(_WAVE, str(rollout.steps[app]), slot="order.depends_on")
    folders = {path for member in members for path in member.deploys}
    found = one_template([_body(member) for member in members], (_NAME, _WAVE), folders)
    draft = Draft(
        api_version=first.api_version,
        kind="ApplicationSet",
        namespace=first.namespace,
        name=rollout.name,
        folder=first.folder,
        root=first.root,
        apps=list(rollout.members),
        listed=first.listed,
        header=list(dict.fromkeys(line for member in members for line in member.header)),
    )
    draft.put("spec.goTemplate", value=True, origin="required")
    draft.put("spec.goTemplateOptions", ["missingkey=error"], origin="default")
    draft.add("spec.generators", {"list": {"elements": found.elements}}, origin="derived")
    _put_strategy(draft, rollout, request)
    if not found.template["metadata"].get("finalizers"):
        draft.put("spec.syncPolicy.preserveResourcesOnDeletion", value=True, origin="required")
    found.template["spec"].setdefault("destination", {})  # required, even where a patch brings it
    draft.put(_TEMPLATE, found.template, origin="derived")
    if found.patch:
        draft.put("spec.templatePatch", found.patch, origin="derived")
    traces = _traces(found, members)
    draft.traces += {(trace.path, trace.slot, trace.app): trace for trace in traces}.values()
    for number, member in enumerate(members):
        for path, folder in member.deploys.items():
            draft.deploys[(*_ELEMENTS, number, found.names[path])] = folder
    return draft


def _spare_images(emission: Emission, draft: Draft, names: set[str]) -> None:
    """Leave alone what the image updater writes into Applications, which the set would undo.

    argo-cd:docs/operator-manual/applicationset/Controlling-Resource-Modification.md.
    """
    updaters = (d for d in emission.drafts if (d.root, d.kind) == (draft.root, "ImageUpdater"))
    rules = [rule for updater in updaters for rule in updater.body["spec"]["applicationRefs"]]
    for rule in rules:
        by_api = rule.get("writeBackConfig", {}).get("method") == "argocd"
        if by_api and rule["namePattern"] in names:
            item = {"name": rule["namePattern"], "jsonPointers": _IMAGES}
            draft.add("spec.ignoreApplicationDifferences", item)


def _body(member: Draft) -> dict[str, Any]:
    """The Application without its type and namespace, which the set gives it."""
    metadata = {k: v for k, v in member.body["metadata"].items() if k != "namespace"}
    return {"metadata": metadata, "spec": member.body["spec"]}


def _put_strategy(draft: Draft, rollout: Rollout, request: Request) -> None:
    draft.put("spec.strategy.type", "RollingSync", origin="derived")
    if missing("deletionOrder", request.argocd) is None:
        draft.put("spec.strategy.deletionOrder", "Reverse", origin="default")
    for step in sorted(set(rollout.steps.values())):
        expression = {"key": WAVE_LABEL, "operator": "In", "values": [str(step)]}
        item = {"matchExpressions": [expression]}
        draft.add("spec.strategy.rollingSync.steps", item, slot="order.depends_on")


def _traces(found: OneTemplate, members: Sequence[Draft]) -> Iterator[Trace]:
    """Why each part of the template and of the elements is there."""
    for number, member in enumerate(members):
        app = member.apps[0]
        element: Path = (*_ELEMENTS, number)
        yield Trace((*element, found.names[_NAME]), "name", "derived", app=app)
        for trace in member.traces:
            if trace.path[0] not in _PARTS:
                continue
            known = found.parameter(trace.path)
            if known is None:
                yield replace(trace, path=(*_TEMPLATE, *trace.path))
                continue
            at, name = known
            yield replace(trace, path=(*element, name, *trace.path[len(at) :]), app=app)


def _say(emission: Emission, request: Request, rollout: Rollout, draft: Draft) -> None:
    """What a rollout takes away, and what it needs."""
    speaker = rollout.owner or rollout.members[0]
    place, apps = speaker.resource.place("metadata", "annotations"), (speaker.id,)
    emission.say(F2A_DAG_006, place, apps=apps, set=draft.id, count=len(rollout.members))
    if stated_setting(request, PARAMS, draft.root, SWITCH) == "true":
        return
    part = settings_part(emission, PARAMS, draft.namespace, rollout.members)
    part.put(("data", SWITCH), "true", origin="required")
    emission.say(F2A_DAG_007, place, apps=apps, set=draft.id, file=f"{FOLDER}/{PARAMS}.yaml")
