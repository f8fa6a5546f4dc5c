"""The stages in which Argo CD applies the objects of one path.

Facts: argo-cd:gitops-engine/pkg/sync/sync_tasks.go (order by phase and wave; namespaces and CRDs
move before what needs them); fluxcd/pkg:ssa/manager_apply.go (ApplyAllStaged: definitions first,
then classes, then the rest, and a wait after each of the first two), ssa/utils/is.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.model.phases import PHASES, phases, wave

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.model.content import ContentObject
    from argoflux.model.phases import Phase

_DEFINITIONS = frozenset(
    {
        ("", "Namespace"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Objects that are applied together: one phase, and the waves that Flux keeps in order itself."""

    phase: Phase
    waves: tuple[int, ...]
    objects: tuple[ContentObject, ...]

    @property
    def key(self) -> tuple[int, int]:
        """The place of the group in the whole order."""
        return PHASES.index(self.phase), max(self.waves)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """A Kustomization that applies one group: its name, and the patches that leave out the rest."""

    name: str
    group: Group
    patches: tuple[dict[str, Any], ...]

    @property
    def hooks(self) -> bool:
        """Whether it is a phase before or after the sync itself."""
        return self.group.phase != "Sync"


def wave_name(wave: int) -> str:
    """How a wave is called in names: ``w10``, ``wm5`` for -5."""
    return f"wm{-wave}" if wave < 0 else f"w{wave}"


def groups_of(objects: Sequence[ContentObject], namespace: str) -> list[Group]:
    """The groups in the order of Argo CD; an object of several phases counts in its first.

    ``namespace`` is that of objects without one. Waves that Flux's own apply stages keep apart are
    one group.
    """
    found: list[Group] = []
    for phase in PHASES:
        members = [obj for obj in objects if phases(obj)[:1] == (phase,)]
        found += _merged(phase, _by_wave(members, namespace))
    return found


def never_applied(objects: Iterable[ContentObject]) -> list[ContentObject]:
    """The objects that Argo CD applies in none of the three phases."""
    return [obj for obj in objects if not phases(obj)]


def _by_wave(
    members: Sequence[ContentObject], namespace: str
) -> list[tuple[int, list[ContentObject]]]:
    waves: dict[int, list[ContentObject]] = {}
    needed = _needed_at(members, namespace)
    for obj in members:
        own = wave(obj)
        waves.setdefault(min(own, needed.get(_definition(obj), own)), []).append(obj)
    return sorted(waves.items(), key=lambda item: item[0])


def _needed_at(
    members: Iterable[ContentObject], namespace: str
) -> dict[tuple[str, str] | None, int]:
    """The first wave that needs a namespace or a custom kind."""
    found: dict[tuple[str, str] | None, int] = {}
    for obj in members:
        at = wave(obj)
        needs = [(obj.ref.group, obj.ref.kind)] if obj.ref.group else []
        if obj.scope != "cluster" and (obj.ref.namespace or namespace):
            needs.append(("", obj.ref.namespace or namespace))
        for need in needs:
            found[need] = min(at, found.get(need, at))
    return found


def _definition(obj: ContentObject) -> tuple[str, str] | None:
    """What a Namespace or a CRD provides, None for every other object."""
    if (obj.ref.group, obj.ref.kind) == ("", "Namespace"):
        return "", obj.ref.name
    if obj.ref.kind != "CustomResourceDefinition":
        return None
    spec = obj.body.get("spec")
    names = spec.get("names") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(names, dict):
        return None
    return str(spec.get("group")), str(names.get("kind"))


def _merged(phase: Phase, waves: Iterable[tuple[int, list[ContentObject]]]) -> list[Group]:
    """Neighbouring waves as one group where Flux applies, and waits, in the same order."""
    found: list[Group] = []
    for number, objects in waves:
        if found and _apart(found[-1].objects, objects):
            last = found.pop()
            numbers, all_objects = (*last.waves, number), (*last.objects, *objects)
        else:
            numbers, all_objects = (number,), tuple(objects)
        found.append(Group(phase=phase, waves=numbers, objects=all_objects))
    return found


def _apart(earlier: Iterable[ContentObject], later: Iterable[ContentObject]) -> bool:
    return max(map(_apply_stage, earlier)) < min(map(_apply_stage, later))


def _apply_stage(obj: ContentObject) -> int:
    """The stage in which kustomize-controller applies an object."""
    if (obj.ref.group, obj.ref.kind) in _DEFINITIONS:
        return 1
    return 2 if obj.ref.kind.endswith("Class") else 3
