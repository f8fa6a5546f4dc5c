"""Patches that stand for edits which a Kustomization has no field for.

Facts: kustomize's built-in field lists (kubernetes-sigs/kustomize:api/internal/konfig/
builtinpluginconsts: commonlabels.go, commonannotations.go, replicas.go); a patch with a target
takes type and name from the object that it hits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.model.content import Content
    from argoflux.model.render import Kustomize, Replicas

Item = dict[str, Any]

_SCALED = "(Deployment|StatefulSet|ReplicaSet|ReplicationController)"


class _Reach(NamedTuple):
    """Where a label goes in one group of kinds: pod templates, and selectors beside them."""

    api_version: str
    kinds: tuple[str, ...]
    templates: tuple[tuple[str, ...], ...]
    selectors: tuple[tuple[str, ...], ...] = ()


_TEMPLATE = ("spec", "template", "metadata")
_REACHES = (
    _Reach(
        "apps/v1",
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
        (_TEMPLATE,),
        (("spec", "selector", "matchLabels"),),
    ),
    _Reach("v1", ("ReplicationController",), (_TEMPLATE,), (("spec", "selector"),)),
    _Reach("batch/v1", ("Job",), (_TEMPLATE,)),
    _Reach(
        "batch/v1",
        ("CronJob",),
        (
            ("spec", "jobTemplate", "metadata"),
            ("spec", "jobTemplate", "spec", "template", "metadata"),
        ),
    ),
    _Reach("v1", ("Service",), (), (("spec", "selector"),)),
    _Reach("policy/v1", ("PodDisruptionBudget",), (), (("spec", "selector", "matchLabels"),)),
)


class MadePatches(NamedTuple):
    """Patches for common labels and common annotations, and the kinds that each are for."""

    labels: tuple[Item, ...]
    annotations: tuple[Item, ...]
    label_kinds: tuple[str, ...]
    annotation_kinds: tuple[str, ...]


def replica_patches(replicas: Iterable[Replicas]) -> list[Item]:
    """One patch per replica count that is a number."""
    return [
        {
            "patch": _dump([{"op": "add", "path": "/spec/replicas", "value": item.count}]),
            "target": {"kind": _SCALED, "name": _quote(item.name)},
        }
        for item in replicas
        if isinstance(item.count, int)
    ]


def fill_namespace(namespace: str) -> Item:
    """A patch that gives a namespace to objects that state none.

    kustomize reads the namespace of such objects as ``default`` when it selects.
    """
    return {
        "patch": _dump([{"op": "add", "path": "/metadata/namespace", "value": namespace}]),
        "target": {"namespace": "default"},
    }


def delete_patch(group: str, version: str, kind: str) -> Item:
    """A patch that takes every object of a kind out of the build."""
    body = {
        "apiVersion": f"{group}/{version}" if group else version,
        "kind": kind,
        "metadata": {"name": "every"},
        "$patch": "delete",
    }
    target = {"group": group} if group else {"version": version}
    return {"patch": _dump(body), "target": {**target, "kind": kind}}


def annotate_patch(
    group: str, version: str, kind: str, names: list[str], annotations: dict[str, str]
) -> Item:
    """A patch that annotates the objects of a kind that have one of these names."""
    body = {
        "apiVersion": f"{group}/{version}" if group else version,
        "kind": kind,
        "metadata": {"name": "every", "annotations": annotations},
    }
    quoted = [_quote(name) for name in names]
    name = quoted[0] if len(quoted) == 1 else f"({'|'.join(quoted)})"
    target = {"group": group} if group else {"version": version}
    return {"patch": _dump(body), "target": {**target, "kind": kind, "name": name}}


def common_metadata_patches(render: Kustomize, content: Content) -> MadePatches:
    """What `commonMetadata` leaves out: pod templates, and selectors where labels reach them."""
    labels: list[Item] = []
    annotations: list[Item] = []
    label_kinds: list[str] = []
    annotation_kinds: list[str] = []
    reaches_labels = bool(render.labels) and (render.label_selectors or render.label_templates)
    reaches_annotations = bool(render.annotations) and render.annotations_on_templates
    if not (reaches_labels or reaches_annotations):
        return MadePatches((), (), (), ())
    for reach in _REACHES:
        present = tuple(kind for kind in reach.kinds if _may_hold(content, kind))
        if not present:
            continue
        selectors = reach.selectors if render.label_selectors else ()
        if reaches_labels and (reach.templates or selectors):
            places = [*selectors, *((*path, "labels") for path in reach.templates)]
            labels.append(_merge_patch(reach, present, places, render.labels))
            label_kinds += present
        if reaches_annotations and reach.templates:
            places = [(*path, "annotations") for path in reach.templates]
            annotations.append(_merge_patch(reach, present, places, render.annotations))
            annotation_kinds += present
    return MadePatches(
        tuple(labels), tuple(annotations), tuple(label_kinds), tuple(annotation_kinds)
    )


def _may_hold(content: Content, kind: str) -> bool:
    """Whether a path may yield objects of a kind; unknown contents may hold all."""
    if not isinstance(content, Known) or not content.complete:
        return True
    return any(obj.ref.kind == kind for obj in content.objects)


def _merge_patch(
    reach: _Reach,
    kinds: tuple[str, ...],
    places: Iterable[tuple[str, ...]],
    values: Mapping[str, str],
) -> Item:
    body: Item = {
        "apiVersion": reach.api_version,
        "kind": kinds[0],
        "metadata": {"name": "every"},
    }
    for place in places:
        node = body
        for key in place:
            node = node.setdefault(key, {})
        node.update(values)
    kind = kinds[0] if len(kinds) == 1 else f"({'|'.join(kinds)})"
    return {"patch": _dump(body), "target": {"kind": kind}}


def _quote(name: str) -> str:
    """A name as a regular expression that matches nothing else."""
    return name.replace(".", "\\.")


def _dump(value: Any) -> str:
    from argoflux.yamlio.dump import dump

    return dump(value)
