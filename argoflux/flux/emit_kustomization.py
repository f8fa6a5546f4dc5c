"""A Kustomization for an app whose source is a directory or a kustomize build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_drift import put_ignore_rules
from argoflux.flux.emit_files import read_beside, read_kustomization
from argoflux.flux.emit_gates import api_version, has_field
from argoflux.flux.emit_ignore import adds_below, is_flux_file_rule
from argoflux.flux.emit_namespace import choose_namespace
from argoflux.flux.emit_patches import common_metadata_patches, fill_namespace, replica_patches
from argoflux.flux.emit_policy import (
    TIMEOUT,
    put_cluster,
    put_metadata,
    put_suspend,
    read_options,
    retry_interval,
    say_no_self_heal,
)
from argoflux.mapping.deletion import A2F_DEL_004
from argoflux.mapping.destination import A2F_NS_002, A2F_NS_003, A2F_NS_006
from argoflux.mapping.directory import A2F_SRC_002
from argoflux.mapping.draft import Draft
from argoflux.mapping.kustomize import is_remote
from argoflux.mapping.slots import flatten, write_slots
from argoflux.model.render import Kustomize, Plain
from argoflux.versions import Release

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.model.render import Patch

_KIND = "Kustomization"
_WITH_SELF_HEAL = "10m"
_WITHOUT = "1h"
_R = "part.render.kustomize"
_MERGES_SINCE = "2.9"
_KEEP_OBJECTS = frozenset({"Prune=false", "Prune=confirm"})
_PATCHED = "objects without one get it by a patch, the others keep theirs"
_STATED = "it was left out, as every object states its namespace"
_KEEP_ON_DELETE = frozenset({"Delete=false", "Delete=confirm"})


def emit_kustomization(plan: Plan) -> Draft:
    """The new object; decisions go to the plan's facts."""
    app = plan.app
    draft = Draft(
        api_version=api_version(plan.flux, _KIND),
        kind=_KIND,
        namespace=plan.namespace,
        name=plan.name,
        folder="apps",
        root=app.root,
        apps=[app],
    )
    put_metadata(plan, draft)
    put_suspend(plan, draft)
    _put_cadence(plan, draft)
    _put_deletion(plan, draft)
    draft.put("spec.sourceRef.kind", plan.source_kind, origin="required")
    draft.put("spec.sourceRef.name", plan.source, origin="required")
    draft.put("spec.path", _flux_path(plan.part.path), slot="part.path")
    fill = _put_namespace(plan, draft)
    render = plan.part.render
    if isinstance(render, Kustomize):
        _put_kustomize(plan, draft, render)
    elif isinstance(render, Plain):
        _note_directory(plan, render)
    if fill:
        draft.add("spec.patches", fill_namespace(fill), slot="destination.namespace")
    put_ignore_rules(plan, draft, "spec.ignore")
    put_cluster(plan, draft)
    return draft


def _flux_path(path: str) -> str:
    return "./" if path == "." else f"./{path}"


def _put_cadence(plan: Plan, draft: Draft) -> None:
    """When it is applied again, how long that may take, and that it is ready when all is healthy."""
    interval = _WITH_SELF_HEAL if plan.app.sync.self_heal else _WITHOUT
    draft.put("spec.interval", interval, origin="required")
    if not plan.suspended:
        say_no_self_heal(plan, interval)
    pause, slot = retry_interval(plan)
    draft.put("spec.retryInterval", pause, slot=slot, origin="default")
    draft.put("spec.timeout", TIMEOUT, origin="default")
    draft.put("spec.wait", value=True, origin="default")


def _put_deletion(plan: Plan, draft: Draft) -> None:
    """Pruning, and what happens to the objects when the Kustomization is deleted."""
    app = plan.app
    options = read_options(plan)
    keeps = options & _KEEP_OBJECTS
    prune = bool(app.sync.prune) and not keeps
    slot = "sync.options" if keeps else "sync.prune"
    draft.put("spec.prune", prune, slot=slot, origin="required")
    policy = _deletion_policy(plan, prune=prune)
    kept_on_delete = options & _KEEP_ON_DELETE
    if kept_on_delete:
        policy = "Orphan" if prune else ""
    writes = has_field(plan.flux, _KIND, "spec.deletionPolicy")
    lost = bool(policy) and not writes and _loses_policy(policy, prune=prune)
    pruning = f"prune: {str(prune).lower()}"
    stated = f"deletionPolicy: {policy}" if policy and writes else pruning
    plan.facts |= {
        "kept_on_delete": bool(kept_on_delete),
        "keep_targets": {
            **dict.fromkeys(keeps, "prune: false"),
            **dict.fromkeys(kept_on_delete, "" if lost else stated),
        },
        "policy": stated,
        "lost_policy": policy if lost else "",
    }
    if policy and writes:
        slot = "sync.options" if kept_on_delete else "deletion"
        draft.put("spec.deletionPolicy", policy, slot=slot)
    elif lost and not kept_on_delete:
        plan.say(A2F_DEL_004, policy=policy, flux=plan.flux)


def _loses_policy(policy: str, *, prune: bool) -> bool:
    """Whether `prune` alone would do something else when the object is deleted."""
    return not (prune and policy in {"WaitForTermination", "Delete"})


def _deletion_policy(plan: Plan, *, prune: bool) -> str:
    """The value of `deletionPolicy`; empty where `prune` says enough."""
    match plan.app.deletion:
        case "foreground":
            waits = has_field(plan.flux, _KIND, "spec.deletionPolicy", "WaitForTermination")
            return "WaitForTermination" if waits else "Delete"
        case "background":
            return "" if prune else "Delete"
        case _:
            return "Orphan" if prune else ""


def _put_namespace(plan: Plan, draft: Draft) -> str:
    """Write `targetNamespace` where it is right; returns the namespace that a patch must fill in."""
    choice = choose_namespace(plan.app, plan.part.render, plan.content)
    plan.facts |= {
        "namespace_mode": choice.mode,
        "namespace_known": choice.known,
        "namespace_names": choice.names,
    }
    if choice.target:
        override = choice.mode == "override"
        slot = f"{_R}.namespace" if override else "destination.namespace"
        draft.put("spec.targetNamespace", choice.target, slot=slot)
    if choice.mode == "namespaces":
        plan.facts["namespace_handling"] = _PATCHED if choice.fill else _STATED
    elif choice.mode == "mixed" and choice.names:
        message = A2F_NS_006 if choice.known else A2F_NS_002
        plan.say(message, names=choice.names, path=plan.part.path, handling="it was left out")
    elif choice.mode == "none" and choice.blank:
        refused = f"Flux refuses objects without one of their own ({choice.blank})"
        plan.say(A2F_NS_003, consequence=refused)
    return choice.fill


def _put_kustomize(plan: Plan, draft: Draft, render: Kustomize) -> None:
    """The edits on top of the build."""
    slots = flatten(render, _R)
    if not has_field(plan.flux, _KIND, "spec.ignoreMissingComponents"):
        slots.pop(f"{_R}.ignore_missing_components", None)
    write_slots(draft, _KIND, slots)
    edits = [f"namePrefix {render.name_prefix}" if render.name_prefix else ""]
    edits.append(f"nameSuffix {render.name_suffix}" if render.name_suffix else "")
    plan.facts["name_edits"] = ", ".join(filter(None, edits))
    for key, value in render.labels.items():
        draft.put(("spec", "commonMetadata", "labels", key), value, slot=f"{_R}.labels")
    for key, value in render.annotations.items():
        path = ("spec", "commonMetadata", "annotations", key)
        draft.put(path, value, slot=f"{_R}.annotations")
    _put_images(plan, draft, render)
    _put_patches(plan, draft, render)
    for component in render.components:
        if not is_remote(component):
            draft.add("spec.components", component, slot=f"{_R}.components")


def _put_images(plan: Plan, draft: Draft, render: Kustomize) -> None:
    """Argo CD replaces an entry of the kustomization file but for the parts written as ``*``.

    Flux merges the two field by field, where a tag and a digest are one, and replaces the whole
    entry before 2.9 (fluxcd/pkg:kustomize/kustomize_generator.go).
    """
    merges = Release.parse(plan.flux) >= Release.parse(_MERGES_SINCE)
    entries = _images_in_git(plan)
    fuller: list[str] = []
    for image in render.images:
        entry = entries.get(image.name, {})
        kept = plan.facts.get("images_kept", {}).get(image.name, frozenset())
        parts = {"newName": image.new_name, "newTag": image.new_tag, "digest": image.digest}
        if not merges:
            parts |= {key: entry[key] for key in kept if entry.get(key)}
        elif entry.get("newName") and image.new_name is None and "newName" not in kept:
            parts["newName"] = image.name
            fuller.append(image.name)
        if merges and not (image.new_tag or image.digest or kept & {"newTag", "digest"}):
            fuller += [image.name] if entry.get("newTag") or entry.get("digest") else []
        stated = {key: value for key, value in parts.items() if value is not None}
        draft.add("spec.images", {"name": image.name, **stated}, slot=f"{_R}.images")
    plan.facts["image_entries_in_git"] = tuple(fuller)


def _images_in_git(plan: Plan) -> dict[str, dict[str, Any]]:
    """The image entries of the path's kustomization file, by name."""
    entries = read_kustomization(plan).get("images")
    if not isinstance(entries, list):
        return {}
    return {str(item.get("name")): item for item in entries if isinstance(item, dict)}


def _put_patches(plan: Plan, draft: Draft, render: Kustomize) -> None:
    read: list[str] = []
    for patch in render.patches:
        text = _patch_text(plan, patch)
        if text is None:
            continue
        if patch.path is not None and patch.patch is None:
            read.append(patch.path)
        item: dict[str, Any] = {"patch": text}
        if patch.target:
            item["target"] = dict(patch.target)
        draft.add("spec.patches", item, slot=f"{_R}.patches")
    plan.facts["patch_files_read"] = tuple(read)
    for item in replica_patches(render.replicas):
        draft.add("spec.patches", item, slot=f"{_R}.replicas")
    made = common_metadata_patches(render, plan.content)
    for item in made.labels:
        draft.add("spec.patches", item, slot=f"{_R}.labels")
    for item in made.annotations:
        draft.add("spec.patches", item, slot=f"{_R}.annotations")
    plan.facts["label_kinds"] = ", ".join(made.label_kinds)
    plan.facts["annotation_kinds"] = ", ".join(made.annotation_kinds)


def _patch_text(plan: Plan, patch: Patch) -> str | None:
    """The patch itself: inline, or the text of its file; None when the file cannot be read."""
    if patch.patch is not None or patch.path is None:
        return patch.patch
    return read_beside(plan, patch.path)


def _note_directory(plan: Plan, render: Plain) -> None:
    """What the rows need to judge a plain directory, and what no leaf of the input states."""
    below = adds_below(plan.content)
    plan.facts["subdirectories"] = below
    plan.facts["flux_file_rule"] = is_flux_file_rule(render)
    own = (
        "its OCIRepository" if plan.source_kind == "OCIRepository" else "a GitRepository of its own"
    )
    handling = f"`ignore` of {own} leaves out what is below"
    plan.facts["recurse_handling"] = handling
    if not render.recurse and below is not False and not plan.facts.get("recurse_stated"):
        plan.say(A2F_SRC_002, path=plan.part.path, handling=handling)
