"""Flux Kustomizations as Applications with a kustomize or directory source.

Order and effect of the edits: argo-cd:util/kustomize/kustomize.go Build;
fluxcd/pkg:kustomize/kustomize_generator.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd import application
from argoflux.argocd.artifacts import refuse_artifact
from argoflux.argocd.directory_source import put_directory
from argoflux.argocd.drift import put_ignored_differences
from argoflux.argocd.image_entries import image_overrides
from argoflux.argocd.instructions import put_instructions
from argoflux.argocd.namespaces import plan_namespace
from argoflux.argocd.path_rules import (
    KUSTOMIZATION,
    flux_kustomization,
    plan_path,
)
from argoflux.argocd.replaced import plan_replacements, put_replacements
from argoflux.argocd.sealed import find_sealed, note_sealed
from argoflux.argocd.substituted import note_substitution, write_rendered
from argoflux.mapping.deletion import F2A_KS_007
from argoflux.mapping.emission import Decision, Refusal
from argoflux.mapping.kustomize import (
    F2A_KS_002,
    F2A_KS_005,
    F2A_KS_021,
    F2A_KS_022,
    F2A_KS_023,
    F2A_KS_028,
)
from argoflux.mapping.objects import F2A_OBJ_003
from argoflux.mapping.whole_patches import withholding, withholding_one
from argoflux.mapping.yields import summary
from argoflux.model.content import Known, Unknown
from argoflux.model.render import Kustomize
from argoflux.yamlio.dump import dump

if TYPE_CHECKING:
    from argoflux.argocd.namespaces import NamespacePlan
    from argoflux.argocd.path_rules import PathPlan
    from argoflux.argocd.writing import Writing
    from argoflux.model.content import Content

_AT = "spec.source.kustomize"
_SLOT = "part.render.kustomize"
_BY_PATCH = "a delete patch per API group"


def write_kustomization(work: Writing, cluster: str | None) -> Decision:
    """Fill the draft; the decision's kind is empty when there is nothing to apply."""
    render = work.part.render
    if not isinstance(render, Kustomize):
        raise TypeError(f"{work.app.id} is no kustomize build")
    refused = refuse_artifact(work)
    if refused is not None:
        return refused
    content = work.bare_content()
    namespace = plan_namespace(render.namespace, work.app.destination.namespace, content)
    fields = _edited_fields(work, render, namespace)
    replaced = plan_replacements(work)
    sealed = find_sealed(work, content)
    plan = plan_path(content, edited=bool(fields) or replaced, sealed=sealed.objects)
    if plan.mode == "empty":
        work.say(F2A_KS_002)
        work.facts["renders_nothing"] = True
        return Decision(kind="", facts=work.facts)
    if plan.drop and plan.mode != "directory" and work.lacks("patches"):
        return _refuse_mixed(work, plan)
    left_out = plan.mode == "directory" or not work.lacks("patches")
    note_sealed(work, content, sealed, left_out=left_out)
    rendered = None if replaced else write_rendered(work, namespace.destination, cluster)
    if rendered is not None:
        return rendered
    if not replaced:
        note_substitution(work)
    application.put_project(work)
    application.put_source(work)
    if replaced:
        put_replacements(work)
        fields.append("replacements")
    _say_content(work, plan, content, fields)
    if plan.mode == "directory" and isinstance(content, Known):
        put_directory(work, content, plan.drop_files)
    else:
        _put_kustomize(work, render, namespace, plan)
    put_instructions(work, patched=plan.mode in {"kustomize", "generated"})
    slot = f"{_SLOT}.namespace" if render.namespace else ""
    application.put_destination(work, namespace.destination, slot=slot, cluster=cluster)
    put_ignored_differences(work)
    application.put_sync_policy(work)
    application.put_metadata(work)
    application.put_refresh_paths(work)
    work.facts["namespace_mode"] = "override" if namespace.override else "fill"
    _note_checks(work, content)
    return Decision(kind="Application", facts=work.facts)


def _edited_fields(work: Writing, render: Kustomize, namespace: NamespacePlan) -> list[str]:
    """The kustomize fields that the Kustomization needs, in the order they are written."""
    labels_by_field = render.labels and not work.lacks("labelWithoutSelector")
    wanted = (
        ("namePrefix", render.name_prefix),
        ("nameSuffix", render.name_suffix),
        ("namespace", namespace.override),
        ("images", render.images),
        ("commonLabels", labels_by_field),
        (
            "patches",
            render.patches or render.annotations or (render.labels and not labels_by_field),
        ),
        ("components", render.components),
    )
    return [name for name, needed in wanted if needed]


def _refuse_mixed(work: Writing, plan: PathPlan) -> Decision:
    what = f"{work.part.path} also holds Flux objects ({summary(plan.drop)})"
    remedy = "move them to a folder of their own, or upgrade Argo CD"
    refusal = Refusal(
        resource=work.app.resource, message=F2A_OBJ_003, facts={"what": what, "remedy": remedy}
    )
    return Decision(kind="", facts=work.facts, refused=refusal)


# --- remarks about the path


def _say_content(work: Writing, plan: PathPlan, content: Content, fields: list[str]) -> None:
    if isinstance(content, Unknown):
        work.facts["content_unknown"] = True
        work.say(F2A_KS_022, url=work.facts.get("url"))
        return
    if plan.drop:
        way = _BY_PATCH if plan.mode != "directory" else "leaving out their files"
        work.say(F2A_KS_023, objects=summary(plan.drop), way=way)
    if plan.mode == "generated":
        reasons = [f"`{name}`" for name in fields]
        if content.facts.nested_kustomizations:
            reasons.append("the kustomizations below it")
        if plan.drop and not reasons:
            reasons.append("leaving out Flux objects")
        if plan.sealed and not reasons:
            reasons.append("leaving out encrypted objects")
        written = work.request.options.to_folder
        work.say(F2A_KS_021 if written else F2A_KS_028, fields=", ".join(reasons))
        directory = work.part.path
        path = KUSTOMIZATION if directory in {"", "."} else f"{directory}/{KUSTOMIZATION}"
        work.emission.repository_changes[path] = flux_kustomization(content)
    if plan.mode in {"kustomize", "generated"}:
        for outside in content.facts.outside:
            work.emission.say(
                F2A_KS_005,
                outside.place,
                apps=(work.app.id,),
                file=outside.place.source.name,
                target=outside.target,
            )


def _note_checks(work: Writing, content: Content) -> None:
    """Health checks on objects of others, and CRDs that Argo CD keeps."""
    if not isinstance(content, Known):
        return
    final = work.final_content() if work.app.health.checks else None
    if isinstance(final, Known) and final.complete:
        names = {(obj.ref.kind, obj.ref.name) for obj in final.objects}
        work.facts["foreign_checks"] = tuple(
            index
            for index, check in enumerate(work.app.health.checks)
            if (check.get("kind", ""), check.get("name", "")) not in names
        )
    crds = [obj for obj in content.objects if obj.ref.kind == "CustomResourceDefinition"]
    if crds and work.facts.get("cascade"):
        work.say(F2A_KS_007, count=len(crds))


# --- the kustomize block


def _put_kustomize(
    work: Writing, render: Kustomize, namespace: NamespacePlan, plan: PathPlan
) -> None:
    draft = work.draft
    for key, value, slot in (
        ("namePrefix", render.name_prefix, "name_prefix"),
        ("nameSuffix", render.name_suffix, "name_suffix"),
        ("namespace", render.namespace if namespace.override else None, "namespace"),
    ):
        if value:
            draft.put(f"{_AT}.{key}", value, slot=f"{_SLOT}.{slot}")
    for override in image_overrides(work, render.images):
        draft.add(f"{_AT}.images", _escaped(override), slot=f"{_SLOT}.images")
    labels = _put_labels(work, render)
    _put_patches(work, render, plan, labels)
    if render.components and not work.lacks("components"):
        for component in render.components:
            draft.add(f"{_AT}.components", component, slot=f"{_SLOT}.components")
    skip = render.ignore_missing_components
    if skip is not None and not work.lacks("ignoreMissingComponents"):
        slot = f"{_SLOT}.ignore_missing_components"
        draft.put(f"{_AT}.ignoreMissingComponents", skip, slot=slot)


def _escaped(text: str) -> str:
    """Argo CD expands ``$VAR`` in images and labels; ``$$`` is one dollar sign."""
    return text.replace("$", "$$")


def _put_labels(work: Writing, render: Kustomize) -> dict[str, str]:
    """Common labels on object metadata; returns those that only a patch can set here."""
    if not render.labels:
        return {}
    if work.lacks("labelWithoutSelector"):
        if work.lacks("patches"):
            work.facts["gated_fields"]["commonLabels"] = work.facts["gated_fields"]["patches"]
            return {}
        return dict(render.labels)
    draft = work.draft
    labels = {key: _escaped(value) for key, value in render.labels.items()}
    draft.put(f"{_AT}.commonLabels", labels, slot=f"{_SLOT}.labels")
    draft.put(f"{_AT}.labelWithoutSelector", value=True, origin="derived")
    draft.put(f"{_AT}.forceCommonLabels", value=True, origin="derived")
    return {}


def _put_patches(work: Writing, render: Kustomize, plan: PathPlan, labels: dict[str, str]) -> None:
    metadata: dict[str, Any] = {}
    if labels:
        metadata["labels"] = labels
    if render.annotations:
        metadata["annotations"] = dict(render.annotations)
    withheld = (*plan.drop, *plan.sealed)
    if not (render.patches or metadata or withheld) or work.lacks("patches"):
        return
    at = f"{_AT}.patches"
    for patch in render.patches:
        item = {"target": dict(patch.target)} if patch.target else {}
        work.draft.add(at, {**item, "patch": patch.patch}, slot=f"{_SLOT}.patches")
    if metadata:
        slot = "annotations" if render.annotations else "labels"
        work.draft.add(at, metadata_patch(metadata), slot=f"{_SLOT}.{slot}")
    for group in plan.drop_groups:
        work.draft.add(at, withholding(group), origin="derived")
    for obj in plan.sealed:
        work.draft.add(at, withholding_one(obj.ref), slot="decryption")


def metadata_patch(metadata: dict[str, Any]) -> dict[str, Any]:
    """A patch that sets labels or annotations on every object, and on nothing inside of it.

    kustomize's commonAnnotations would also annotate pod templates and roll every workload.
    """
    body = {"apiVersion": "v1", "kind": "ignored", "metadata": {"name": "ignored", **metadata}}
    return {"target": {"kind": ".*"}, "patch": dump(body)}
