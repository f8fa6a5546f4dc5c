"""ArtifactGenerators: where the files of a composed artifact stand in the source they come from.

An artifact that repeats a part of one source, with its folders as they are, is that part of it.
Facts: source-watcher:api/v1beta1/artifactgenerator_types.go, internal/builder (copy operations).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import table, text
from argoflux.mapping.artifacts import F2A_AG_002, F2A_AG_003
from argoflux.mapping.emission import Idle, Refusal
from argoflux.mapping.registry import F2A_AG_001

if TYPE_CHECKING:
    from argoflux.flux.joins import Sources
    from argoflux.flux.loading import Loading
    from argoflux.mapping.verdict import Message
    from argoflux.resource import Resource

GENERATOR, ARTIFACT = "ArtifactGenerator", "ExternalArtifact"
_ALL = "**"
_TARGET = "@artifact"
_SIMPLE = frozenset({"GitRepository", "OCIRepository"})


class Composed(Exception):  # noqa: N818  # a finding, not an error
    """An artifact that is no part of one source."""

    def __init__(self, message: Message, **facts: Any) -> None:
        super().__init__(message.code)
        self.message = message
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOfSource:
    """The source that an artifact repeats, as a reference, and the folder that is its root."""

    generator: Resource
    reference: dict[str, Any]
    path: str


def find_artifact(sources: Sources, root: str, namespace: str, name: str) -> PartOfSource | None:
    """What an artifact repeats; None when no generator makes it.

    Raises Composed for an artifact that is put together in the cluster.
    """
    for generator in sources.generators:
        same = generator.root == root and generator.ref.namespace in {namespace, ""}
        if not same:
            continue
        spec = table(generator.body, "spec")
        for artifact in _tables(spec.get("artifacts")):
            if text(artifact, "name") == name:
                identity = f"{ARTIFACT}/{namespace}/{name}"
                return _part(generator, spec, artifact, identity)
    return None


def _tables(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _part(
    generator: Resource, spec: dict[str, Any], artifact: dict[str, Any], identity: str
) -> PartOfSource:
    """The folder that all copies of an artifact have in common; raises Composed for others."""
    pattern = text(spec, "pathPattern")
    if pattern is not None:
        raise Composed(F2A_AG_003, artifact=identity, pattern=pattern)
    copies = _tables(artifact.get("copy"))
    if any(text(copy, "strategy") == "Extract" for copy in copies):
        raise Composed(F2A_AG_002, artifact=identity)
    places = {_place(copy) for copy in copies}
    if len(places) != 1 or any(text(copy, "strategy") == "Merge" for copy in copies):
        raise Composed(F2A_AG_001, artifact=identity)
    place = next(iter(places))
    if place is None:
        raise Composed(F2A_AG_001, artifact=identity)
    alias, path = place
    for source in _tables(spec.get("sources")):
        kind, name = text(source, "kind"), text(source, "name")
        if text(source, "alias") == alias and kind in _SIMPLE and name:
            reference = {"kind": kind, "name": name}
            reference["namespace"] = text(source, "namespace") or generator.ref.namespace
            return PartOfSource(generator=generator, reference=reference, path=path)
    raise Composed(F2A_AG_001, artifact=identity)


def _place(copy: dict[str, Any]) -> tuple[str, str] | None:
    """Alias and folder of the source that becomes the artifact's root; None when there is none.

    ``@repo/apps/base/**`` to ``@artifact/base/`` makes ``apps`` the root.
    """
    alias, _, pattern = (text(copy, "from") or "").partition("/")
    target, _, below = (text(copy, "to") or "").partition("/")
    folder, _, last = pattern.rpartition("/")
    if not alias.startswith("@") or target != _TARGET or last != _ALL:
        return None
    folder, below = folder.strip("/"), below.strip("/")
    steps = [*folder.split("/"), *below.split("/")]
    if any(set(step) & set("*?[{") or step in {".", ".."} for step in steps):
        return None
    if below and folder != below and not folder.endswith(f"/{below}"):
        return None
    root = folder.removesuffix(below).strip("/") if below else folder
    return alias.removeprefix("@"), posixpath.normpath(root or ".")


def read_generator(resource: Resource, loading: Loading) -> None:
    """A generator whose artifacts nothing used: idle where they are parts of sources."""
    spec = table(resource.body, "spec")
    for artifact in _tables(spec.get("artifacts")):
        try:
            _part(resource, spec, artifact, str(resource.ref))
        except Composed as why:
            refusal = Refusal(resource=resource, message=why.message, facts=why.facts)
            loading.loaded.refused.append(refusal)
            return
    reason = "nothing that was converted uses it"
    loading.loaded.idle.append(Idle(resource=resource, reason=reason))


def read_artifact(resource: Resource, loading: Loading) -> None:
    """An artifact that nothing used: its generator speaks for it, where there is one."""
    maker = table(resource.body, "spec", "sourceRef")
    found = text(maker, "kind") == GENERATOR and any(
        generator.root == resource.root and generator.ref.name == text(maker, "name")
        for generator in loading.sources.generators
    )
    if found:
        reason = "published by a generator of the input"
        loading.loaded.idle.append(Idle(resource=resource, reason=reason))
        return
    facts = {"artifact": str(resource.ref)}
    refusal = Refusal(resource=resource, message=F2A_AG_001, facts=facts)
    loading.loaded.refused.append(refusal)
