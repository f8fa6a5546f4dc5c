"""References between Flux objects: which fields hold them, and what they lead to.

Fields: the api packages of the controllers (kustomize-controller:api/v1/reference_types.go,
helm-controller:api/v2/reference_types.go, source-controller:api/v1/gitrepository_types.go,
image-reflector-controller:api, image-automation-controller:api, notification-controller:api,
source-watcher:api/v1beta1/artifactgenerator_types.go, flux-operator:api/v1/resourceset_types.go).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.fields import table, text
from argoflux.kinds import by_name, engine_of
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.tree import MISSING, dig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.resource import Resource
    from argoflux.text import Path

SOURCE_KINDS = frozenset(
    {"GitRepository", "OCIRepository", "HelmRepository", "HelmChart", "Bucket", "ExternalArtifact"}
)


class Field(NamedTuple):
    """A field with a reference: its path (``*`` for every item of a list) and the default kind.

    ``local`` references stay in the namespace of the object, whatever they state.
    """

    path: tuple[str, ...]
    kind: str = ""
    local: bool = False


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "Kustomization": (Field(("spec", "sourceRef")),),
    "HelmRelease": (
        Field(("spec", "chart", "spec", "sourceRef")),
        Field(("spec", "chartRef")),
    ),
    "HelmChart": (Field(("spec", "sourceRef"), local=True),),
    "ImagePolicy": (Field(("spec", "imageRepositoryRef"), "ImageRepository"),),
    "ImageUpdateAutomation": (Field(("spec", "sourceRef"), "GitRepository"),),
    "Alert": (
        Field(("spec", "providerRef"), "Provider", local=True),
        Field(("spec", "eventSources", "*")),
    ),
    "Receiver": (Field(("spec", "resources", "*")),),
    "GitRepository": (Field(("spec", "include", "*", "repository"), "GitRepository", local=True),),
    "ArtifactGenerator": (Field(("spec", "sources", "*")),),
    "ResourceSet": (Field(("spec", "inputsFrom", "*"), "ResourceSetInputProvider", local=True),),
}

DEPENDENCIES: Mapping[str, tuple[Field, ...]] = {
    "Kustomization": (Field(("spec", "dependsOn", "*"), "Kustomization"),),
    "HelmRelease": (Field(("spec", "dependsOn", "*"), "HelmRelease"),),
    "ResourceSet": (Field(("spec", "dependsOn", "*")),),
}
"""A Kustomization and a HelmRelease wait for their own kind only, whatever else is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference of ``resource`` at ``path``: ``namespace`` is the one that counts.

    ``stated`` says whether the reference names it; ``field`` is the path as people write it.
    """

    resource: Resource
    path: Path
    field: str
    kind: str
    namespace: str
    name: str
    stated: bool = False
    local: bool = False

    @property
    def target(self) -> str:
        """``Kind/namespace/name``, without the namespace where it is not known."""
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)


def references(
    resource: Resource, fields: Mapping[str, tuple[Field, ...]] = FIELDS
) -> Iterator[Reference]:
    """The references of an object whose names are known and that mean Flux objects."""
    for field in fields.get(resource.ref.kind, ()):
        for path, stated in values_at(resource.body, field.path):
            found = _reference(resource, field, path, stated)
            if found is not None:
                yield found


def values_at(body: Mapping[str, Any], pattern: tuple[str, ...]) -> Iterator[tuple[Path, Any]]:
    """The values at a path, with theirs; ``*`` stands for every item of a list."""
    if "*" not in pattern:
        found = dig(body, *pattern)
        if found is not MISSING:
            yield pattern, found
        return
    at = pattern.index("*")
    entries = dig(body, *pattern[:at])
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        path: Path = (*pattern[:at], number)
        rest = pattern[at + 1 :]
        found = dig(entry, *rest) if rest else entry
        if found is not MISSING:
            yield (*path, *rest), found


def _reference(resource: Resource, field: Field, path: Path, stated: Any) -> Reference | None:
    if not isinstance(stated, dict):
        return None
    fixed = field.kind if "dependsOn" in field.path else ""
    kind = fixed or text(stated, "kind") or field.kind
    name = text(stated, "name") or ""
    space = None if field.local else text(stated, "namespace")
    namespace = space or resource.ref.namespace
    known = by_name(kind)
    if known is None or engine_of(known.group) not in {"flux", "flux-operator"}:
        return None
    if name in {"", "*"} or any(has_placeholder(part) for part in (kind, name, namespace)):
        return None
    return Reference(
        resource=resource,
        path=path,
        field=".".join(part for part in field.path if part != "*"),
        kind=kind,
        namespace=namespace,
        name=name,
        stated=space is not None,
        local=field.local,
    )


def made_objects(resource: Resource) -> Iterator[tuple[str, str, str]]:
    """Kind, namespace and name of the Flux objects that an object makes in the cluster.

    Names may hold ``<< >>``. source-watcher:internal/controller/artifactgenerator_controller.go;
    flux-operator:internal/controller/fluxinstance_controller.go (the sync is named like its
    namespace unless it has a name).
    """
    own, spec = resource.ref.namespace, table(resource.body, "spec")
    match resource.ref.kind:
        case "ArtifactGenerator":
            for _, artifact in values_at(spec, ("artifacts", "*")):
                name = text(artifact, "name") if isinstance(artifact, dict) else None
                yield "ExternalArtifact", own, name or ""
        case "FluxInstance" if isinstance(spec.get("sync"), dict):
            name = text(spec, "sync", "name") or own
            yield text(spec, "sync", "kind") or "GitRepository", own, name
            yield "Kustomization", own, name
        case "ResourceSet":
            for _, entry in values_at(spec, ("resources", "*")):
                metadata = table(entry, "metadata") if isinstance(entry, dict) else {}
                kind = text(entry, "kind") if isinstance(entry, dict) else None
                yield kind or "", text(metadata, "namespace") or own, text(metadata, "name") or ""
        case _:
            return
