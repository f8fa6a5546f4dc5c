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
from argoflux.yamlio.tree import Map, grown, leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from argoflux.flux.joins import Sources
    from argoflux.text import Path

    ValuesOf = Callable[[Resource, dict[str, Any]], Mapping[str, Any]]
    """The composed values of a release: the object, and its normalised body."""

_INSTANCE_CHART = "flux-instance"
_OTHER_CHARTS = frozenset({"flux-operator", "flux2"})
"""Charts that install the operator or the controllers (controlplaneio-fluxcd/charts:charts/flux-operator,
fluxcd-community/helm-charts:charts/flux2)."""
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
    """An object that installs Flux; ``spec`` is that of the FluxInstance, which stands at ``at``.

    ``made`` is the FluxInstance that a release makes.
    """

    resource: Resource
    namespace: str
    spec: Mapping[str, Any]
    at: Path
    made: Resource | None = None


def installations(
    resources: Iterable[Resource], sources: Sources, values_of: ValuesOf
) -> list[Installation]:
    """Every FluxInstance, and every release of a chart that installs Flux, in the given order."""
    found: list[Installation] = []
    for resource in resources:
        if (resource.ref.group, resource.ref.kind) == (GROUP, INSTANCE):
            if resource.stated:  # by a release, which is read itself
                continue
            namespace = resource.ref.namespace or _NAMESPACE
            spec = table(resource.body, "spec")
            found.append(Installation(resource, namespace, spec, ("spec",)))
        elif resource.ref.kind == "HelmRelease" and not resource.placeholder:
            body = normalise(resource)
            chart = _chart(resource, body, sources)
            if chart in _OTHER_CHARTS:
                found.append(Installation(resource, resource.ref.namespace, {}, ("spec",)))
            elif chart == _INSTANCE_CHART:
                found.append(_released(resource, body, values_of(resource, body)))
    return found


def _released(resource: Resource, body: dict[str, Any], values: Mapping[str, Any]) -> Installation:
    """What the values of a release ask for."""
    spec = dict(table(values, "instance"))
    sync = dict(table(spec, "sync"))
    name = text(values, "fullnameOverride") or "flux"
    sync.setdefault("kind", "GitRepository")  # the chart's own default
    if sync.pop("pullSecretStringData", None):  # the chart writes the Secret itself
        sync["pullSecret"] = f"{name}-pull"
    spec["sync"] = sync if sync.get("url") else {}
    namespace = text(body, "spec", "targetNamespace") or resource.ref.namespace or _NAMESPACE
    at = ("spec", "values", "instance")
    tree = grown(spec)
    stated: dict[Path, Path] = {("kind",): at}
    stated |= {("spec", *path): (*at, *path) for path, _ in leaves(tree)}
    made = _resource(resource, Ref(GROUP, INSTANCE, namespace, name), tree, at, stated)
    return Installation(resource, namespace, spec, at, made)


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
    """What an installation makes: the FluxInstance of a release, its source, its Kustomization.

    Objects that are ``known`` are left out, and what it does not state.
    """
    sync, resource = table(installation.spec, "sync"), installation.resource
    kind, url, directory = text(sync, "kind"), text(sync, "url"), text(sync, "path")
    made = [] if installation.made is None else [installation.made]
    if kind not in _KINDS or url is None:
        return made
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
    return [*made, *(one.resource() for one in both if (resource.root, one.ref) not in there)]


def contents(made: Iterable[Resource]) -> list[tuple[str, Ref, Map]]:
    """What objects are and say, to compare two readings."""
    return [(one.root, one.ref, one.body) for one in made]


class _Object:
    """An object of a sync in the making, and where each of its leaves is stated."""

    def __init__(self, installation: Installation, group: str, kind: str, name: str) -> None:
        self.installation = installation
        self.ref = Ref(group, kind, installation.namespace, name)
        self.at: Path = (*installation.at, "sync")
        self.spec = Map()
        self.stated: dict[Path, Path] = {
            ("kind",): (*self.at, "kind"),
            ("metadata", "name"): (*self.at, "name"),
        }

    def put(self, path: Path, value: Any, field: str = "") -> None:
        """Set a leaf, unless there is no value; a ``field`` of the sync may state it."""
        if value is None:
            return
        node: dict[Any, Any] = self.spec
        for step in path[1:-1]:
            node = node.setdefault(step, Map())
        node[path[-1]] = value
        if field:
            self.stated[path] = (*self.at, field)

    def resource(self) -> Resource:
        """The finished object."""
        owner = self.installation.resource
        return _resource(owner, self.ref, self.spec, self.at, self.stated)


def _resource(
    owner: Resource, ref: Ref, spec: Map, at: Path, stated: Mapping[Path, Path]
) -> Resource:
    metadata = Map({"name": ref.name, "namespace": ref.namespace})
    return Resource(
        ref=ref,
        version="v1",
        body=Map(
            {"apiVersion": f"{ref.group}/v1", "kind": ref.kind, "metadata": metadata, "spec": spec}
        ),
        document=owner.document,
        root=owner.root,
        made_by=owner.written,
        made_at=at,
        stated=stated,
    )
