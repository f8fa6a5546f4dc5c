"""Which Flux objects there are in a root, and which are like one that is missing."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.fields import text
from argoflux.lint.elsewhere import may_be, templates_make
from argoflux.lint.references import SOURCE_KINDS, made_objects
from argoflux.schema_words import closest
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.lint.context import Context
    from argoflux.lint.references import Reference
    from argoflux.resource import Resource

BOOTSTRAP = "flux-system"
SYNCED = frozenset({"GitRepository", "OCIRepository", "Bucket", "Kustomization"})
"""What stands for the repository that a cluster follows; made when Flux is set up."""


class Known(NamedTuple):
    """An object that there is, or that another one makes; ``resource`` is who states it."""

    root: str
    namespace: str
    name: str
    resource: Resource


class Definitions:
    """The Flux objects of a run by kind and name."""

    def __init__(self, ctx: Context, resources: Iterable[Resource]) -> None:
        self._ctx = ctx
        self._exact: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self._open: dict[str, list[Known]] = defaultdict(list)
        self._kinds: set[tuple[str, str]] = set()
        self._texts: list[tuple[str, str]] = []
        self._clusters = {root.name for root in ctx.workspace.roots if root.kind == "cluster"}
        for resource in (*resources, *ctx.workspace.templated):
            ref = resource.ref
            self._add(ref.kind, ref.namespace, ref.name, resource)
            for kind, namespace, name in made_objects(resource):
                self._add(kind, namespace, name, resource)
            if ref.kind == "ResourceSet":
                template = text(resource.body, "spec", "resourcesTemplate") or ""
                self._texts.append((resource.root, template))

    def _add(self, kind: str, namespace: str, name: str, resource: Resource) -> None:
        known = Known(resource.root, namespace, name, resource)
        self._kinds.add((resource.root, kind))
        if has_placeholder(name) or "<<" in name:
            self._open[kind].append(known)
        else:
            self._exact[kind, name].append(known)

    def find(self, reference: Reference, *, strict: bool = False) -> bool:
        """Whether there is such an object, or may be one.

        An object or referrer without a namespace may be in any; ``strict`` takes that for an
        answer only where both have none and stand in one folder.
        """
        root, own = reference.resource.root, reference.namespace
        folder = posixpath.dirname(reference.resource.file)
        for each in self._exact.get((reference.kind, reference.name), ()):
            if not self._meets(root, each.root):
                continue
            if own and own == each.namespace:
                return True
            if not strict and not (own and each.namespace):
                return True
            beside = posixpath.dirname(each.resource.file) == folder
            if not own and not each.namespace and beside:
                return True
        return any(
            self._meets(root, each.root)
            and may_be(each.name, reference.name)
            and (not own or not each.namespace or may_be(each.namespace, own))
            for each in self._open.get(reference.kind, ())
        )

    def may_exist(self, reference: Reference) -> bool:
        """Whether something outside of the objects is known to make it.

        `flux bootstrap` and flux-operator name the source and the Kustomization of a cluster like
        their namespace: flux2:cmd/flux/bootstrap.go.
        """
        name, own = reference.name, reference.namespace
        if reference.kind in SYNCED and (name == own or (name == BOOTSTRAP and not own)):
            return True
        wanted = re.compile(rf"kind:\s*{reference.kind}\b")
        if any(
            root == reference.resource.root and wanted.search(template)
            for root, template in self._texts
        ):
            return True
        return templates_make(self._ctx, reference.kind)

    def kept_here(self, reference: Reference) -> bool:
        """Whether a root has objects of the family that is referred to."""
        root = reference.resource.root
        family = SOURCE_KINDS if reference.kind in SOURCE_KINDS else {reference.kind}
        return any((root, kind) in self._kinds for kind in family)

    def elsewhere(self, reference: Reference) -> tuple[Known, ...]:
        """Objects of the kind and name in other namespaces of the root."""
        named = self._exact.get((reference.kind, reference.name), ())
        root = reference.resource.root
        return tuple(each for each in named if each.root == root and each.namespace)

    def other_kind(self, reference: Reference, kinds: Iterable[str]) -> Known | None:
        """An object of the same name and another kind."""
        root = reference.resource.root
        for kind in kinds:
            for each in self._exact.get((kind, reference.name), ()):
                if kind != reference.kind and each.root == root:
                    return each
        return None

    def near(self, reference: Reference) -> str:
        """The name in the same namespace that is most like the one that is missing."""
        names = [
            name
            for (kind, name), found in self._exact.items()
            if kind == reference.kind
            and any(
                each.root == reference.resource.root
                and (each.namespace == reference.namespace or not each.namespace)
                for each in found
            )
        ]
        return closest(reference.name, names) or ""

    def _meets(self, one: str, other: str) -> bool:
        """Whether objects of two roots may be in one cluster.

        What no cluster's folder holds alone may be a part of each of them.
        """
        return one == other or not {one, other} <= self._clusters
