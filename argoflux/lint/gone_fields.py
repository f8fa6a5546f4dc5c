"""Fields that an API version left behind: where their value goes, and the edits that move it.

Which fields these are follows from the CRDs (``schemas/``): they are in an older version of the kind
and not in the newest. Where they go: fluxcd/kustomize-controller:CHANGELOG.md 1.0.0,
fluxcd/helm-controller:CHANGELOG.md 1.0.0, fluxcd/source-controller:CHANGELOG.md 1.0.0 and 1.3.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from argoflux.flux.normalise import normalise
from argoflux.text import path_text
from argoflux.yamlio.edit import delete, insert, rename_key, set_value
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from argoflux.lint.steps import Step
    from argoflux.resource import Resource
    from argoflux.text import Path


@dataclass(frozen=True, slots=True)
class Move:
    """A field that is gone. ``says`` tells what to do; ``steps`` make the edits (resource, path).

    ``safe`` tells that nothing changes by it.
    """

    kind: str
    path: str
    says: str
    steps: Callable[[Resource, Path], list[Step]]
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Gone:
    """A field of an object that the newest version of its kind has not; ``path`` of the object."""

    move: Move
    path: Path

    @property
    def text(self) -> str:
        """The path for a message."""
        return path_text(self.path)


def _dropped(resource: Resource, path: Path) -> list[Step]:
    full = _full(resource, path)
    return [lambda document: delete(document, full)]


def _into_list(resource: Resource, path: Path) -> list[Step]:
    """``valuesFile: x`` becomes the first of ``valuesFiles``."""
    old, new = _full(resource, path), _full(resource, (*path[:-1], "valuesFiles"))
    first = dig(resource.body, *path)
    present = dig(resource.body, *path[:-1], "valuesFiles")
    if not isinstance(present, list):
        return [
            lambda document: rename_key(document, old, "valuesFiles"),
            lambda document: set_value(document, new, [first]),
        ]
    if first in present[:1]:
        return [lambda document: delete(document, old)]
    files = [first, *(file for file in present if file != first)]
    return [
        lambda document: set_value(document, new, files),
        lambda document: delete(document, old),
    ]


_PATCHES = ("patchesStrategicMerge", "patchesJson6902")


def _into_patches(resource: Resource, path: Path) -> list[Step]:
    """Both old lists of patches become entries of ``patches``; the first of them does it all."""
    holder = path[:-1]
    here = dig(resource.body, *holder)
    old = [key for key in _PATCHES if key in here]
    if path[-1] != old[0]:
        return []
    full = _full(resource, holder)
    patches = dig(normalise(resource), *holder, "patches")
    if not isinstance(patches, list):  # empty lists go, and values of another type are not ours
        return [partial(_delete, path=(*full, key)) for key in old if here[key] == []]
    steps: list[Step] = [lambda document: set_value(document, (*full, "patches"), patches)]
    gone = old
    if "patches" not in here:
        steps.insert(0, lambda document: rename_key(document, (*full, old[0]), "patches"))
        gone = old[1:]
    return steps + [partial(_delete, path=(*full, key)) for key in gone]


def _delete(document: Any, *, path: Path) -> Any:
    return delete(document, path)


def _full(resource: Resource, path: Path) -> Path:
    return resource.place(*path).path


_NOT_USED = "remove it: nothing reads it any more"
_FILES = "list it as the first of `valuesFiles`"
_TO_PATCHES = "write its items into `patches`"

MOVES = (
    Move("Kustomization", "spec.validation", _NOT_USED, _dropped),
    Move("Kustomization", "spec.patchesStrategicMerge", _TO_PATCHES, _into_patches, safe=False),
    Move("Kustomization", "spec.patchesJson6902", _TO_PATCHES, _into_patches, safe=False),
    Move("HelmRelease", "spec.chart.spec.valuesFile", _FILES, _into_list),
    Move(
        "HelmRelease",
        "spec.postRenderers[].kustomize.patchesStrategicMerge",
        _TO_PATCHES,
        _into_patches,
        safe=False,
    ),
    Move(
        "HelmRelease",
        "spec.postRenderers[].kustomize.patchesJson6902",
        _TO_PATCHES,
        _into_patches,
        safe=False,
    ),
    Move("HelmChart", "spec.valuesFile", _FILES, _into_list),
    Move("HelmChart", "spec.accessFrom", _NOT_USED, _dropped),
    Move("Bucket", "spec.accessFrom", _NOT_USED, _dropped),
    Move("GitRepository", "spec.accessFrom", _NOT_USED, _dropped),
    Move("GitRepository", "spec.gitImplementation", _NOT_USED, _dropped),
)


def gone_fields(resource: Resource) -> Iterator[Gone]:
    """The fields of a Flux object that the newest version of its kind has not."""
    for move in MOVES:
        if move.kind == resource.ref.kind:
            steps = tuple(move.path.replace("[]", ".[]").split("."))
            for path in _found(resource.body, steps, ()):
                yield Gone(move, path)


def _found(value: Any, steps: tuple[str, ...], path: Path) -> Iterator[Path]:
    if not steps:
        yield path
    elif steps[0] == "[]":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _found(item, steps[1:], (*path, index))
    elif isinstance(value, dict) and value.get(steps[0], MISSING) not in (MISSING, None):
        yield from _found(value[steps[0]], steps[1:], (*path, steps[0]))


def moving(resource: Resource, found: list[Gone]) -> list[Step]:
    """The edits that move all of these fields."""
    return [step for gone in found for step in gone.move.steps(resource, gone.path)]


def moved_text(resource: Resource, path: Path, new: Path, value: Any) -> list[Step]:
    """The edits that take a value away and write it elsewhere in the same object."""
    old, target = _full(resource, path), _full(resource, new)
    return [
        lambda document: insert(document, target, value),
        lambda document: delete(document, old),
    ]
