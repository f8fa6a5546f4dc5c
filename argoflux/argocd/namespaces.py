"""Which namespace an Application fills in, and which it has to force on every object.

Flux's ``targetNamespace`` is kustomize's namespace transformer: it overrides every object, renames
Namespaces and rewrites subjects of role bindings (kustomize:api/filters/namespace). Argo CD's
``destination.namespace`` only fills blanks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.mapping.variables import is_filled_in
from argoflux.mapping.yields import split
from argoflux.model.content import Known

if TYPE_CHECKING:
    from argoflux.model.content import Content, ContentObject

_BINDINGS = {"RoleBinding", "ClusterRoleBinding"}
_REFER_TO_SERVICES = {
    "APIService",
    "CustomResourceDefinition",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
}
"""Cluster-scoped kinds whose references the transformer rewrites, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespacePlan:
    """The destination namespace, and whether ``kustomize.namespace`` is needed as well."""

    destination: str | None = None
    override: bool = False


def plan_namespace(
    target: str | None, filler: str | None, content: Content, *, wanted: bool = True
) -> NamespacePlan:
    """Decide for a Kustomization with ``targetNamespace: target``.

    ``filler`` is a namespace that an earlier conversion noted, ``content`` the path without edits.
    """
    if target is not None:
        return NamespacePlan(destination=target, override=not _only_fills(target, content))
    if filler is not None or not wanted:
        return NamespacePlan(destination=filler)
    return NamespacePlan(destination=_only_namespace(content))


def _only_namespace(content: Content) -> str | None:
    """The one namespace of all namespaced objects; None when there are several, or gaps."""
    if not isinstance(content, Known) or not content.complete:
        return None
    objects = split(content).plain
    found = {obj.ref.namespace for obj in objects if obj.ref.namespace}
    name = found.pop() if len(found) == 1 else None
    return name if name is not None and is_filled_in(name) else None


def _only_fills(target: str, content: Content) -> bool:
    """Whether overriding changes nothing that filling blanks would not."""
    if not isinstance(content, Known) or not content.complete:
        return False
    return all(_unchanged(obj, target) for obj in split(content).plain)


def _unchanged(obj: ContentObject, target: str) -> bool:
    if not obj.certain or obj.ref.namespace not in {"", target}:
        return False
    if obj.ref.kind == "Namespace" and not obj.ref.group:
        return False
    if obj.ref.kind in _REFER_TO_SERVICES:
        return False
    if obj.ref.kind in _BINDINGS:
        return all(_subject_stays(subject, target) for subject in _subjects(obj.body))
    return True


def _subjects(body: Any) -> list[Any]:
    found = body.get("subjects")
    return found if isinstance(found, list) else []


def _subject_stays(subject: Any, target: str) -> bool:
    if not isinstance(subject, dict) or subject.get("kind") != "ServiceAccount":
        return True
    return bool(subject.get("namespace") == target)
