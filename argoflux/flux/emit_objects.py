"""Annotations of Argo CD on the objects of an app: patches, health checks and messages for them.

The manifests stay as they are: a patch adds the instruction that kustomize-controller reads.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.emit_gates import has_field
from argoflux.flux.emit_patches import annotate_patch
from argoflux.flux.renders import cluster_url, listed, stays
from argoflux.mapping.annotations import A2F_ANN_004, TRUE
from argoflux.mapping.object_notes import (
    A2F_HLT_005,
    A2F_HLT_006,
    A2F_MIG_002,
    A2F_MIG_004,
    IGNORE_HEALTH,
    MARKS,
    TUNING,
    fate_of,
)
from argoflux.model.content import Known
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Loaded
    from argoflux.model.content import ContentObject

_WITHOUT_HEALTH = frozenset(
    {
        "ClusterRole",
        "ClusterRoleBinding",
        "ConfigMap",
        "LimitRange",
        "Namespace",
        "NetworkPolicy",
        "PriorityClass",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "Secret",
        "ServiceAccount",
        "StorageClass",
    }
)
"""Kinds that are ready as soon as they exist: fluxcd/cli-utils:pkg/kstatus/status/core.go."""


class _Alike(NamedTuple):
    """Objects that one patch annotates: a kind, and the annotations they get."""

    group: str
    version: str
    kind: str
    annotations: tuple[tuple[str, str], ...]


_NEVER_PREFIXED = frozenset({"CustomResourceDefinition", "Namespace", "APIService"})


def emit_objects(appliers: Mapping[Plan, Draft], loaded: Loaded) -> None:
    """Carry over what the objects of apps say to Argo CD, as far as they are known."""
    settings = {each.root: each for each in loaded.estate.settings}
    for plan, draft in appliers.items():
        if isinstance(plan.content, Known) and plan.kind == "Kustomization":
            cluster = cluster_url(plan)
            installed = settings.get(plan.app.root)
            managed = tuple(
                obj
                for obj in plan.content.objects
                if stays(obj)
                and (
                    installed is None
                    or installed.leaves_alone(obj.ref.group, obj.ref.kind, cluster) is None
                )
            )
            _annotate(plan, draft, managed)
            _choose_health(plan, draft, managed, complete=plan.content.complete)
            if any(obj.hooks for obj in managed):
                plan.say(A2F_MIG_004)


def _annotate(plan: Plan, draft: Draft, objects: tuple[ContentObject, ...]) -> None:
    """The options of objects as instructions to kustomize-controller, one patch for equal ones."""
    patches: dict[_Alike, set[str]] = defaultdict(set)
    for obj in objects:
        _say_marks(plan, obj)
        fate = fate_of(obj.ref.kind, obj.annotations)
        for message, facts in fate.said:
            given = {"name": plan.app.id, "object": _name(obj), **facts}
            plan.emission.say(message, obj.place, apps=(plan.app.id,), **given)
        if fate.annotations and obj.ref.name:
            made = tuple(sorted(fate.annotations.items()))
            patches[_Alike(obj.ref.group, obj.version, obj.ref.kind, made)].add(obj.ref.name)
    for alike, names in sorted(patches.items()):
        item = annotate_patch(
            alike.group, alike.version, alike.kind, sorted(names), dict(alike.annotations)
        )
        draft.add("spec.patches", item, origin="derived")


def _name(obj: ContentObject) -> str:
    return str(obj.ref) if obj.ref.name else f"{obj.ref.kind} {obj.generate_name}*"


def _say_marks(plan: Plan, obj: ContentObject) -> None:
    for keys, message in ((MARKS, A2F_MIG_002), (TUNING, A2F_ANN_004)):
        for key in keys:
            if key in obj.annotations:
                facts = {"key": key, "object": _name(obj)}
                plan.emission.say(message, obj.place, apps=(plan.app.id,), **facts)


def _choose_health(
    plan: Plan, draft: Draft, managed: tuple[ContentObject, ...], *, complete: bool
) -> None:
    """A list of checks instead of `wait`, where the health of an object must not count."""
    ignored = [obj for obj in managed if obj.annotations.get(IGNORE_HEALTH) in TRUE]
    if not ignored:
        return
    objects = listed(sorted(_name(obj) for obj in ignored))
    counted = [
        obj
        for obj in managed
        if obj not in ignored and not obj.hooks and obj.ref.kind not in _WITHOUT_HEALTH
    ]
    # stages wait for each other, each for what it holds
    settled = complete and len(plan.stages) <= 1
    settled = settled and all(obj.certain and obj.ref.name for obj in counted)
    if not settled or not has_field(plan.flux, plan.kind, "spec.healthChecks"):
        plan.say(A2F_HLT_006, objects=objects)
        return
    draft.put("spec.wait", value=False, origin="derived")
    for obj in counted:
        draft.add("spec.healthChecks", _check(plan, obj), origin="derived")
    plan.say(A2F_HLT_005, objects=objects)


def _check(plan: Plan, obj: ContentObject) -> dict[str, str]:
    """A reference to an object as it is called in the cluster."""
    render = plan.part.render
    name, namespace = obj.ref.name, obj.ref.namespace
    if isinstance(render, Kustomize):
        if obj.ref.kind not in _NEVER_PREFIXED:
            name = f"{render.name_prefix or ''}{name}{render.name_suffix or ''}"
        namespace = render.namespace or namespace
    namespace = namespace or plan.app.destination.namespace or ""
    check = {
        "apiVersion": f"{obj.ref.group}/{obj.version}" if obj.ref.group else obj.version,
        "kind": obj.ref.kind,
        "name": name,
    }
    if namespace and obj.scope != "cluster":
        check["namespace"] = namespace
    return check
