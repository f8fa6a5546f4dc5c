"""Ignore rules of Flux as ``ignoreDifferences``.

Argo CD matches groups and kinds by glob, names and namespaces exactly, and knows neither versions
nor selectors (argo-cd:util/argo/normalizers/diff_normalizer.go): such rules are spelled out for the
objects that can be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.ignore_rules import ANY, is_pointer, to_flux
from argoflux.model.content import Known
from argoflux.model.render import Kustomize
from argoflux.workspace.selectors import Identity, SelectorError, parse_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.argocd.writing import Writing
    from argoflux.model.app import IgnoreRule
    from argoflux.model.content import ContentObject

_WORDS = {
    "version": "a version",
    "labelSelector": "a label selector",
    "annotationSelector": "an annotation selector",
}


def put_ignored_differences(work: Writing) -> None:
    """One entry per rule, or per object that a rule names in a way Argo CD does not know."""
    inexact: dict[int, dict[str, str]] = {}
    lost: dict[int, str] = {}
    for index, rule in enumerate(work.app.drift.rules):
        pointers = [pointer for pointer in rule.pointers if is_pointer(pointer)]
        if not pointers:
            continue
        parts = ", ".join(_WORDS.get(key, "a regular expression") for key in sorted(rule.selectors))
        found = _targets(work, rule)
        if found is None:
            lost[index] = parts
            continue
        targets, handling = found
        if handling:
            inexact[index] = {"parts": parts, "handling": handling}
        for target in targets:
            entry = {**target, "jsonPointers": pointers}
            work.draft.add("spec.ignoreDifferences", entry, slot="drift.rules")
    work.facts["inexact_rules"] = inexact
    work.facts["lost_rules"] = lost


def _targets(work: Writing, rule: IgnoreRule) -> tuple[list[dict[str, str]], str] | None:
    """What the rule is for in Argo CD's words, and how it was reached; None when unknown."""
    if not rule.selectors:
        return [_entry(rule.group, rule.kind, rule.name, rule.namespace)], ""
    if set(rule.selectors) == {"version"}:
        entry = _entry(rule.group, rule.kind, rule.name, rule.namespace)
        return [entry], "the version was left out"
    objects = _objects(work)
    if objects is None:
        return None
    try:
        target = parse_target(_flux_target(rule))
    except SelectorError:
        return None
    matched = [
        obj
        for obj in objects
        if target.matches(_identity(obj), _identity(obj), _pairs(obj, "labels"), obj.annotations)
    ]
    entries = [
        _entry(obj.ref.group, obj.ref.kind, obj.ref.name, _namespace(rule, obj)) for obj in matched
    ]
    unique = sorted({tuple(entry.items()) for entry in entries})
    handling = (
        f"it was spelled out for {len(unique)} objects" if unique else "no object matches now"
    )
    return [dict(entry) for entry in unique], handling


def _flux_target(rule: IgnoreRule) -> dict[str, Any]:
    """The target again, without the core group's version: objects of any version are meant."""
    target = to_flux(rule)
    if not rule.group and "version" not in rule.selectors:
        target.pop("version", None)
    return target


def _namespace(rule: IgnoreRule, obj: ContentObject) -> str:
    return obj.ref.namespace if rule.namespace or "namespace" in rule.selectors else ""


def _objects(work: Writing) -> Iterable[ContentObject] | None:
    """The objects with their final names; None when they cannot be seen."""
    if not isinstance(work.part.render, Kustomize):
        return None
    content = work.final_content()
    return content.objects if isinstance(content, Known) else None


def _identity(obj: ContentObject) -> Identity:
    ref = obj.ref
    return Identity(ref.group, obj.version, ref.kind, ref.name, ref.namespace)


def _pairs(obj: ContentObject, key: str) -> dict[str, str]:
    metadata = obj.body.get("metadata")
    found = metadata.get(key) if isinstance(metadata, dict) else None
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _entry(group: str, kind: str, name: str, namespace: str) -> dict[str, str]:
    entry = {"group": group} if group else {}
    entry["kind"] = kind or ANY
    if name:
        entry["name"] = name
    if namespace:
        entry["namespace"] = namespace
    return entry
