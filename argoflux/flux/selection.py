"""Choosing some of the objects of a path: patches that delete all the others.

A Kustomization applies everything that its path yields. Patches with ``$patch: delete`` take
objects out of the build; a target selects by annotations (Kubernetes label selector syntax), or by
kind and name. Facts: kubernetes-sigs/kustomize:api/resmap/reswrangler.go (Select),
api/types/selector.go (names are anchored expressions; no namespace counts as ``default``),
kubernetes/apimachinery:pkg/labels/selector.go (``notin`` also matches where the key is absent; a
value that starts with a hyphen is a syntax error).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from argoflux.model.content import ContentObject

    NameOf = Callable[[ContentObject], str]
    """The name of an object at the time when the patches run."""

Item = dict[str, Any]

DELETE = """\
$patch: delete
apiVersion: v1
kind: Any
metadata: {name: any}
"""
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?\Z")
_BLANK = "default"


class Requirement(NamedTuple):
    """One condition on an annotation."""

    key: str
    operator: Literal["exists", "absent", "in", "notin"]
    values: tuple[str, ...] = ()

    def holds(self, annotations: Mapping[str, str]) -> bool:
        """Whether an object with these annotations fulfils it."""
        present = self.key in annotations
        match self.operator:
            case "exists":
                return present
            case "absent":
                return not present
            case "in":
                return present and annotations[self.key] in self.values
            case _:
                return not present or annotations[self.key] not in self.values

    def __str__(self) -> str:
        """The condition as a selector writes it."""
        if self.operator == "exists":
            return self.key
        if self.operator == "absent":
            return f"!{self.key}"
        return f"{self.key} {self.operator} ({','.join(self.values)})"


Selector = tuple[Requirement, ...]
"""Conditions that must all hold."""


class Selection(NamedTuple):
    """How to delete the rest: patches, and objects that no patch can tell from kept ones."""

    patches: tuple[Item, ...]
    stuck: tuple[ContentObject, ...] = ()


def delete_rest(
    keep: Sequence[ContentObject],
    rest: Iterable[ContentObject],
    preferred: Iterable[Selector],
    name_of: NameOf,
) -> Selection:
    """Patches that delete ``rest`` and nothing of ``keep``.

    A preferred selector is written whether or not it hits something, so that it also speaks for
    objects that are added later; where it would hit an object to keep, conditions on single values
    take its place. What is left is named.
    """
    left = list(rest)
    chosen: list[Selector] = []
    for selector in preferred:
        for each in _harmless(selector, keep, left):
            chosen.append(each)
            left = [obj for obj in left if not _hits(each, obj)]
    patches = [_patch({"annotationSelector": ", ".join(map(str, each))}) for each in chosen]
    named, stuck = _by_name(left, keep, name_of)
    return Selection((*patches, *map(_patch, named)), tuple(stuck))


def selectable(values: Iterable[str]) -> bool:
    """Whether a selector can name these values."""
    return all(_VALUE.match(value) for value in values)


def _hits(selector: Selector, obj: ContentObject) -> bool:
    return all(requirement.holds(obj.annotations) for requirement in selector)


def _harmless(
    selector: Selector, keep: Sequence[ContentObject], left: Sequence[ContentObject]
) -> list[Selector]:
    """The selector, or what can be said of its key without touching an object to keep."""
    values = [value for requirement in selector for value in requirement.values]
    if selectable(values) and not any(_hits(selector, obj) for obj in keep):
        return [selector]
    key = selector[0].key
    targets = [obj for obj in left if _hits(selector, obj)]
    kept = {obj.annotations.get(key) for obj in keep}
    found = {obj.annotations.get(key) for obj in targets} - kept
    parts: list[Selector] = []
    if None in found:
        parts.append((Requirement(key, "absent"),))
    stated = sorted(value for value in found if value is not None and selectable([value]))
    if stated:
        parts.append((Requirement(key, "in", tuple(stated)),))
    return parts


def _by_name(
    left: Sequence[ContentObject], keep: Sequence[ContentObject], name_of: NameOf
) -> tuple[list[Item], list[ContentObject]]:
    """Targets by kind and name, with the namespace where a kept object has the same name."""
    kept = {_identity(obj, name_of) for obj in keep}
    full = {(*_identity(obj, name_of), _namespace(obj)) for obj in keep}
    groups: dict[tuple[str, str, str], set[str]] = {}
    stuck: list[ContentObject] = []
    for obj in left:
        group, kind, name = _identity(obj, name_of)
        if not name:  # kustomize refuses such an object anyway
            continue
        namespace = ""
        if (group, kind, name) in kept:
            namespace = _namespace(obj)
            if (group, kind, name, namespace) in full:
                stuck.append(obj)
                continue
        groups.setdefault((group, kind, namespace), set()).add(name)
    targets: list[Item] = []
    for (group, kind, namespace), found in sorted(groups.items()):
        target: Item = {"group": group} if group else {}
        target["kind"] = kind
        target["name"] = _any_of(found)
        if namespace:
            target["namespace"] = namespace
        targets.append(target)
    return targets, stuck


def _identity(obj: ContentObject, name_of: NameOf) -> tuple[str, str, str]:
    return obj.ref.group, obj.ref.kind, name_of(obj)


def _namespace(obj: ContentObject) -> str:
    return obj.ref.namespace or _BLANK


def _any_of(names: Iterable[str]) -> str:
    """An expression for these names and no others."""
    quoted = [name.replace(".", "\\.") for name in sorted(names)]
    return quoted[0] if len(quoted) == 1 else f"({'|'.join(quoted)})"


def _patch(target: Item) -> Item:
    return {"target": target, "patch": DELETE}
