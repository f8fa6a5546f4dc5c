"""Namespaces of what a Kustomization applies: fill blanks, override, or leave alone.

Facts: argo-cd:controller/state.go NormalizeTargetObjects (fills blanks only); kustomize's namespace
transformer overrides, renames Namespace objects and rewrites subjects of role bindings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from argoflux.model.content import Known
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from argoflux.model.app import App
    from argoflux.model.content import Content, ContentObject
    from argoflux.model.render import Render

Mode = Literal["target", "override", "omit", "patch", "mixed", "namespaces", "none"]

_BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})
_SHOWN = 5


class NamespaceChoice(NamedTuple):
    """What to write for an app's namespace.

    ``target`` is the value of ``targetNamespace``, ``fill`` the namespace that a patch gives to
    objects without one; both empty: nothing is written. ``known`` tells a proof from an assumption.
    """

    mode: Mode
    target: str = ""
    fill: str = ""
    known: bool = False
    names: str = ""
    blank: str = ""


def choose_namespace(app: App, render: Render, content: Content) -> NamespaceChoice:
    """Decide from the destination and from what the path of one source yields."""
    if isinstance(render, Kustomize) and render.namespace:
        return NamespaceChoice("override", target=render.namespace, known=True)
    wanted = app.destination.namespace or ""
    if not isinstance(content, Known):
        return NamespaceChoice("target" if wanted else "none", target=wanted)
    if not wanted:
        return NamespaceChoice("none", known=content.complete, blank=_listed(content.blank))
    manifests = content.namespace_manifests
    if manifests:
        return _beside_namespaces(wanted, content)
    if not content.complete:
        return NamespaceChoice("target", target=wanted)
    other = [n for n in content.namespaces if n != wanted]
    if not other and not _rewrites_subjects(content, wanted):
        return NamespaceChoice("target", target=wanted, known=True)
    if not content.blank:
        return NamespaceChoice("omit", known=True)
    if _patchable(content):
        return NamespaceChoice("patch", fill=wanted, known=True)
    return NamespaceChoice("mixed", known=True)


def _beside_namespaces(wanted: str, content: Known) -> NamespaceChoice:
    """`targetNamespace` would rename the Namespace objects: fill blanks by a patch, if any."""
    names = _listed(content.namespace_manifests)
    if content.complete and not content.blank:
        return NamespaceChoice("namespaces", known=True, names=names)
    if _patchable(content):
        return NamespaceChoice("namespaces", fill=wanted, known=content.complete, names=names)
    return NamespaceChoice("mixed", known=content.complete, names=names)


def _patchable(content: Known) -> bool:
    """Whether a patch that selects blank namespaces leaves all others alone.

    kustomize selects by the namespace that the manifest states, so a namespace that a nested
    kustomization file sets is overwritten.
    """
    return all(obj.namespace_set_by != "kustomization" for obj in content.objects)


def _rewrites_subjects(content: Known, wanted: str) -> bool:
    """Whether the transformer would change a service account that a role binding names."""
    accounts = {obj.ref.name for obj in content.objects if obj.ref.kind == "ServiceAccount"}
    accounts.add("default")
    for obj in content.objects:
        if obj.ref.kind in _BINDINGS and any(
            subject.get("kind") == "ServiceAccount"
            and subject.get("name") in accounts
            and subject.get("namespace") != wanted
            for subject in _subjects(obj)
        ):
            return True
    return False


def _subjects(obj: ContentObject) -> list[dict[str, Any]]:
    found = obj.body.get("subjects")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _listed(objects: tuple[ContentObject, ...]) -> str:
    names = sorted(
        {str(obj.ref) if obj.ref.kind != "Namespace" else obj.ref.name for obj in objects}
    )
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
