"""What a path of a repository is known to yield, three-valued: known, known in part, unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.finding import Place
    from argoflux.resource import Ref

Scope = Literal["namespaced", "cluster", "unknown"]
NamespaceSetBy = Literal["author", "kustomization", "none"]
PathKind = Literal["kustomize", "directory", "helm"]

WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
HOOK_DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
HELM_HOOK = "helm.sh/hook"

ORDERING_ANNOTATIONS = (WAVE, HOOK, HOOK_DELETE_POLICY, SYNC_OPTIONS, HELM_HOOK)
"""Annotations that change when or how Argo CD applies an object."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContentObject:
    """One object that a path yields, after the edits of its kustomization files.

    ``body`` is the object as it would be applied, but that names of other objects in it are still
    those that their authors gave them; ``place`` is where its author wrote it.
    ``namespace_set_by`` tells a namespace in the manifest from one that a kustomization file sets.
    ``certain`` is false when an edit that could change this object could not be computed.
    ``hashed`` names end in a hash of the content that is not computed here.
    """

    ref: Ref
    version: str
    body: Mapping[str, Any]
    place: Place
    scope: Scope = "unknown"
    namespace_set_by: NamespaceSetBy = "none"
    generate_name: str = ""
    certain: bool = True
    hashed: bool = False

    @property
    def file(self) -> str:
        """Display path of the file."""
        return self.place.source.name

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations of the object, text values only."""
        metadata = self.body.get("metadata")
        found = metadata.get("annotations") if isinstance(metadata, dict) else None
        if not isinstance(found, dict):
            return {}
        return {key: value for key, value in found.items() if isinstance(value, str)}

    @property
    def ordering(self) -> Mapping[str, str]:
        """Those annotations that change when or how Argo CD applies the object."""
        found = self.annotations
        return {key: found[key] for key in ORDERING_ANNOTATIONS if key in found}

    @property
    def wave(self) -> int | None:
        """The sync wave, None when there is none or it is not an integer."""
        try:
            return int(self.annotations.get(WAVE, ""))
        except ValueError:
            return None

    @property
    def hooks(self) -> tuple[str, ...]:
        """Argo CD's hook phases, or Helm's where only those are given."""
        found = self.annotations
        text = found.get(HOOK) or found.get(HELM_HOOK, "")
        return tuple(part.strip() for part in text.split(",") if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that the static reading could not follow."""

    reason: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideFile:
    """A file that a kustomization file loads from outside its own directory."""

    target: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFacts:
    """What the directory itself looks like, whatever it yields; display paths, sorted.

    ``nested_kustomizations`` and ``yaml_directories`` are directories below the path at any depth
    (the walk does not descend into a nested kustomization). ``other_yaml`` are YAML files that
    hold no Kubernetes objects. ``outside`` are files loaded across a kustomization root.
    """

    kustomization: str = ""
    chart: str = ""
    nested_kustomizations: tuple[str, ...] = ()
    yaml_directories: tuple[str, ...] = ()
    json_manifests: tuple[str, ...] = ()
    other_yaml: tuple[str, ...] = ()
    broken_yaml: tuple[str, ...] = ()
    skip_marked: tuple[str, ...] = ()
    jsonnet: tuple[str, ...] = ()
    symlinks: tuple[str, ...] = ()
    argocd_source_files: tuple[str, ...] = ()
    outside: tuple[OutsideFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What a path yields.

    ``complete`` says that nothing is missing from ``objects``; otherwise ``gaps`` says what is.
    ``files`` are the display paths that were read, sorted.
    """

    directory: str
    kind_of_path: PathKind
    objects: tuple[ContentObject, ...] = ()
    gaps: tuple[Gap, ...] = ()
    files: tuple[str, ...] = ()
    facts: PathFacts = field(default_factory=PathFacts)

    @property
    def complete(self) -> bool:
        """Whether every object of the path is in ``objects`` as it would be applied."""
        return not self.gaps

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that objects state, sorted."""
        return tuple(sorted({obj.ref.namespace for obj in self.objects if obj.ref.namespace}))

    @property
    def namespace_manifests(self) -> tuple[ContentObject, ...]:
        """The Namespace objects."""
        return tuple(o for o in self.objects if o.ref.kind == "Namespace" and not o.ref.group)

    @property
    def blank(self) -> tuple[ContentObject, ...]:
        """Objects without a namespace that are not known to be cluster-scoped."""
        return tuple(o for o in self.objects if not o.ref.namespace and o.scope != "cluster")

    @property
    def generated_names(self) -> tuple[ContentObject, ...]:
        """Objects that state ``metadata.generateName``."""
        return tuple(obj for obj in self.objects if obj.generate_name)

    @property
    def duplicates(self) -> tuple[tuple[ContentObject, ContentObject], ...]:
        """Pairs of objects with the same identity, the earlier one first."""
        first: dict[Ref, ContentObject] = {}
        pairs: list[tuple[ContentObject, ContentObject]] = []
        for obj in self.objects:
            if obj.generate_name:
                continue
            other = first.setdefault(obj.ref, obj)
            if other is not obj:
                pairs.append((other, obj))
        return tuple(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Why nothing can be said about a path."""

    reason: str
    place: Place | None = None


Content = Known | Unknown
