"""What an installation of Flux applies first: the source and the Kustomization that it makes.

Facts: flux-operator:api/v1/fluxinstance_types.go Sync, internal/builder/templates.go (both objects
share a name, by default that of the namespace); the chart that writes a FluxInstance of its values:
controlplaneio-fluxcd/charts:charts/flux-instance/templates/instance.yaml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.fields import table, text
from argoflux.flux.joins import SOURCE_GROUP
from argoflux.flux.load_resource_sets import GROUP, INSTANCE
from argoflux.flux.normalise import normalise
from argoflux.resource import Ref, Resource
from argoflux.yamlio.tree import Map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from argoflux.flux.joins import Sources
    from argoflux.text import Path

    ValuesOf = Callable[[Resource, dict[str, Any]], Mapping[str, Any]]
    """The composed values of a release: the object, and its normalised body."""

CHART = "flux-instance"
_KUSTOMIZE_GROUP = "kustomize.toolkit.fluxcd.io"
_NAMESPACE = "flux-system"
"""Where flux-operator and its documentation install Flux."""
_KINDS = frozenset({"GitRepository", "OCIRepository", "Bucket"})
_REF: Mapping[str, Path] = {
    "GitRepository": ("spec", "ref", "name"),
    "OCIRepository": ("spec", "ref", "tag"),
    "Bucket": ("spec", "bucketName"),
}


class Installation(NamedTuple):
    """An object that installs Flux; ``sync`` is what it states to apply, which stands at ``at``."""

    resource: Resource
    namespace: str
    sync: Mapping[str, Any]
    at: Path


def installations(
    resources: Iterable[Resource], sources: Sources, values_of: ValuesOf
) -> list[Installation]:
    """Every FluxInstance, and every release of the chart that writes one, in the given order."""
    found: list[Installation] = []
    for resource in resources:
        if (resource.ref.group, resource.ref.kind) == (GROUP, INSTANCE):
            namespace = resource.ref.namespace or _NAMESPACE
            sync = table(resource.body, "spec", "sync")
            found.append(Installation(resource, namespace, sync, ("spec", "sync")))
        elif resource.ref.kind == "HelmRelease" and not resource.placeholder:
            body = normalise(resource)
            if _chart(resource, body, sources) == CHART:
                found.append(_released(resource, body, values_of(resource, body)))
    return found


def _released(resource: Resource, body: dict[str, Any], values: Mapping[str, Any]) -> Installation:
    """What the values of a release ask for."""
    sync = dict(table(values, "instance", "sync"))
    sync.setdefault("kind", "GitRepository")  # the chart's own default
    if sync.get("pullSecretStringData"):  # the chart writes the Secret itself
        sync["pullSecret"] = f"{text(values, 'fullnameOverride') or 'flux'}-pull"
    namespace = text(body, "spec", "targetNamespace") or resource.ref.namespace or _NAMESPACE
    at = ("spec", "values", "instance", "sync")
    return Installation(resource, namespace, sync, at)


def _chart(resource: Resource, body: dict[str, Any], sources: Sources) -> str:
    """The name of the chart of a release; a source that is not at hand goes by its own name."""
    chart = table(body, "spec", "chart", "spec")
    reference = table(body, "spec", "chartRef")
    kind, name = text(reference, "kind"), text(reference, "name") or ""
    if kind in {"OCIRepository", "HelmChart"}:
        namespace = text(reference, "namespace") or resource.ref.namespace
        known = sources.find(resource.root, kind, namespace, name)
        if not known:
            return name
        chart = table(known[0].body, "spec")
        return _last(text(chart, "url" if kind == "OCIRepository" else "chart"))
    return _last(text(chart, "chart"))


def _last(address: str | None) -> str:
    return (address or "").rstrip("/").rpartition("/")[2]


def made_by(installation: Installation, known: Iterable[Resource]) -> list[Resource]:
    """The source and the Kustomization of an installation, without those that are ``known``.

    Empty where it states nothing to apply, or what nobody can read.
    """
    sync, resource = installation.sync, installation.resource
    kind, url, directory = text(sync, "kind"), text(sync, "url"), text(sync, "path")
    if kind not in _KINDS or url is None:
        return []
    name = text(sync, "name") or installation.namespace
    source = _Object(installation, SOURCE_GROUP, kind, name)
    source.put(("spec", "url"), url, "url")
    source.put(("spec", "interval"), text(sync, "interval") or "1m", "interval")
    source.put(_REF[kind], text(sync, "ref"), "ref")
    source.put(("spec", "secretRef", "name"), text(sync, "pullSecret"), "pullSecret")
    source.put(("spec", "provider"), text(sync, "provider"), "provider")
    applier = _Object(installation, _KUSTOMIZE_GROUP, "Kustomization", name)
    applier.put(("spec", "path"), directory, "path")
    applier.put(("spec", "interval"), "10m")
    applier.put(("spec", "prune"), True)
    applier.put(("spec", "sourceRef"), Map({"kind": kind, "name": name}))
    there = {(r.root, r.ref) for r in known}
    both = [source, applier] if directory else [source]  # a path not stated is not known yet
    return [one.resource() for one in both if (resource.root, one.ref) not in there]


def contents(made: Iterable[Resource]) -> list[tuple[str, Ref, Map]]:
    """What objects are and say, to compare two readings."""
    return [(one.root, one.ref, one.body) for one in made]


class _Object:
    """An object in the making, and where each of its leaves is stated."""

    def __init__(self, installation: Installation, group: str, kind: str, name: str) -> None:
        self.installation = installation
        self.ref = Ref(group, kind, installation.namespace, name)
        metadata = Map({"name": name, "namespace": installation.namespace})
        self.body = Map(
            {"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, "spec": Map()}
        )
        self.stated: dict[Path, Path] = {
            ("kind",): (*installation.at, "kind"),
            ("metadata", "name"): (*installation.at, "name"),
        }

    def put(self, path: Path, value: Any, field: str = "") -> None:
        """Set a leaf, unless there is no value; ``field`` of the installation states it."""
        if value is None:
            return
        at: dict[Any, Any] = self.body
        for step in path[:-1]:
            at = at.setdefault(step, Map())
        at[path[-1]] = value
        if field:
            self.stated[path] = (*self.installation.at, field)

    def resource(self) -> Resource:
        """The finished object."""
        owner = self.installation.resource
        return Resource(
            ref=self.ref,
            version="v1",
            body=self.body,
            document=owner.document,
            root=owner.root,
            made_by=owner.written,
            made_at=self.installation.at,
            stated=self.stated,
        )
