"""What a Kustomization or a HelmRelease is made from: the source behind its reference.

Facts: kustomize-controller:internal/controller/kustomization_controller.go getSource,
helm-controller:internal/controller/helmrelease_controller.go getSource (chartRef),
source-controller:internal/controller/helmchart_controller.go getSource.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import flag, table, text
from argoflux.flux.layered_charts import find_layered
from argoflux.flux.load_artifact_generator import ARTIFACT, Composed, find_artifact
from argoflux.flux.load_registry import (
    ANY_VERSION,
    read_helm_repository,
    read_oci_repository,
    registry_facts,
)
from argoflux.flux.load_source import TODO_URL, clean_path, read_git_source, source_facts
from argoflux.flux.normalise import normalise
from argoflux.goports.giturl import has_credentials
from argoflux.mapping.emission import Saying
from argoflux.mapping.kustomize import F2A_KS_001
from argoflux.mapping.objects import F2A_OBJ_003
from argoflux.mapping.registry import F2A_AG_001, F2A_BKT_001, F2A_JOIN_004
from argoflux.mapping.source import F2A_JOIN_002
from argoflux.model.app import Part
from argoflux.model.render import Opened
from argoflux.model.source import GitSource, HelmSource, OciSource, Revision
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from argoflux.flux.joins import Sources
    from argoflux.mapping.emission import Loaded, Request
    from argoflux.mapping.verdict import Message
    from argoflux.model.source import Source
    from argoflux.resource import Resource

GIT = "GitRepository"
CHART = "HelmChart"
HELM = "HelmRepository"
OCI = "OCIRepository"
SOURCE_KINDS = frozenset({GIT, CHART, HELM, OCI})
"""Source objects that become part of what uses them."""


_LENT = frozenset({"url", "ref", "interval", "timeout"})
"""Fields of a repository of values files that an Application says, too, or need not say."""


def _lends(resource: Resource) -> bool:
    """Whether nothing is lost of a repository that only values files come from."""
    spec = table(resource.body, "spec")
    return spec.keys() <= _LENT and len(table(spec, "ref")) <= 1


def _in_chart(source: Source, directory: str) -> bool:
    """Whether files merged into a directory of the artifact are those of the chart.

    A chart of Git is packed under the name in its Chart.yaml, which nobody needs to see here.
    """
    match source:
        case HelmSource(chart=chart):
            return chart == directory
        case OciSource(url=url):
            return url.rpartition("/")[2] == directory
        case _:
            return True


class NotConverted(Exception):  # noqa: N818  # a decision, not an error
    """A resource becomes no app."""

    def __init__(self, message: Message, **facts: Any) -> None:
        super().__init__(message.code)
        self.message = message
        self.facts = facts


class NotNeeded(NotConverted):
    """All that a Kustomization applies are parts of others, so nothing is left to apply."""


@dataclass(slots=True, kw_only=True)
class Joined:
    """A source, the objects it was read from, and what rows and messages need to know of it.

    ``chart`` is the stated chart of a release (of its own or of a HelmChart), ``path`` the
    directory of the chart, or the one that the paths of manifests start from. ``values_files`` are
    merged into the chart before it is installed; ``lenders`` are the sources that those with
    ``$ref/`` come from.
    """

    source: Source
    used: tuple[Resource, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    chart: dict[str, Any] = field(default_factory=dict)
    path: str = "."
    values_files: tuple[str, ...] = ()
    lenders: tuple[Part, ...] = ()
    pass_credentials: bool | None = None


class Joins:
    """Finds sources; objects of different roots never meet."""

    def __init__(self, sources: Sources, request: Request, loaded: Loaded) -> None:
        self.sources = sources
        self.request = request
        self.loaded = loaded
        self.bad_urls: set[Resource] = set()

    def manifests(self, resource: Resource, reference: dict[str, Any], own: str) -> Joined:
        """The source of a Kustomization; ``own`` is the namespace that it is in."""
        kind = self._kind(resource, reference)
        if kind == GIT:
            return self._git(resource, reference, own)
        if kind == ARTIFACT:
            return self._composed(resource, reference, own)
        found = self._object(resource, kind, reference, own)
        if kind != OCI:
            raise NotConverted(
                F2A_OBJ_003, what=f"its source is a {kind}", remedy="use a GitRepository"
            )
        return self._artifact(found, chart=False)

    def chart(self, resource: Resource, body: dict[str, Any], own: str) -> Joined:
        """The chart of a HelmRelease: stated in place, or an object that it names."""
        reference = table(body, "spec", "chartRef")
        if not reference:
            return self._stated_chart(resource, table(body, "spec", "chart", "spec"), own)
        if table(body, "spec", "chart"):  # the rule of the CRD; nothing says which would win
            what = "it states both `chart` and `chartRef`, which the API server rejects"
            raise NotConverted(F2A_OBJ_003, what=what, remedy="keep one of the two")
        kind = self._kind(resource, reference)
        if kind == ARTIFACT:
            layered = self._layered(resource, body, reference, own)
            return layered or self._composed(resource, reference, own)
        return self._packed_chart(resource, kind, reference, own)

    def _packed_chart(
        self, resource: Resource, kind: str, reference: dict[str, Any], own: str
    ) -> Joined:
        """The chart of an OCIRepository or of a HelmChart."""
        found = self._object(resource, kind, reference, own)
        if kind == OCI:
            joined = self._artifact(found, chart=True)
            joined.facts["chart_ref"] = True
            return joined
        if kind != CHART:
            raise NotConverted(
                F2A_OBJ_003, what=f"its chart comes from {kind}", remedy="use an OCIRepository"
            )
        spec = table(normalise(found), "spec")
        joined = self._stated_chart(resource, spec, found.ref.namespace or own)
        joined.used = (found, *joined.used)
        return joined

    def _stated_chart(self, resource: Resource, chart: dict[str, Any], own: str) -> Joined:
        reference = table(chart, "sourceRef")
        kind = self._kind(resource, reference)
        name = text(chart, "chart") or ""
        if kind != HELM:
            joined = self._git(resource, reference, own) if kind == GIT else None
            if joined is None:
                self._object(resource, kind, reference, own)
                raise NotConverted(
                    F2A_OBJ_003, what=f"its source is a {kind}", remedy="use a HelmRepository"
                )
            path = clean_path(name)
            if path is None:
                raise NotConverted(F2A_KS_001, path=name)
            joined.chart, joined.path = chart, path
            return joined
        found = self._object(resource, kind, reference, own)
        version = text(chart, "version") or ANY_VERSION
        facts = {**registry_facts(found), "chart_by_name": True, "chart_name": name}
        facts["source_interval"] = text(found.body, "spec", "interval")
        facts["floating"] = version == ANY_VERSION
        source = read_helm_repository(found, name, version)
        return Joined(
            source=source,
            used=(found,),
            facts=facts,
            chart=chart,
            pass_credentials=flag(found.body, "spec", "passCredentials"),
        )

    # --- by kind

    def _composed(self, resource: Resource, reference: dict[str, Any], own: str) -> Joined:
        """An artifact that repeats a part of one source: that source, and the folder in it."""
        name = text(reference, "name") or ""
        namespace = text(reference, "namespace") or own
        try:
            part = find_artifact(self.sources, resource.root, namespace, name)
        except Composed as why:
            raise NotConverted(why.message, **why.facts) from why
        identity = "/".join(step for step in (ARTIFACT, namespace, name) if step)
        chart = resource.ref.kind == "HelmRelease"
        if part is None or (chart and part.reference["kind"] != GIT):
            raise NotConverted(F2A_AG_001, artifact=identity)
        joined = self.manifests(resource, part.reference, namespace)
        joined.path = part.path
        published = self.sources.find(resource.root, ARTIFACT, namespace, name)
        joined.used = (*joined.used, part.generator, *published)
        return joined

    def _layered(
        self, resource: Resource, body: dict[str, Any], reference: dict[str, Any], own: str
    ) -> Joined | None:
        """A chart with values files of other sources; None for every other artifact.

        Also None for what an Application with several sources cannot say: edits after rendering,
        and sources whose settings would be lost.
        """
        name, namespace = text(reference, "name") or "", text(reference, "namespace") or own
        layered = find_layered(self.sources, resource.root, namespace, name)
        edited = any(table(body, "spec").get(key) for key in ("postRenderers", "commonMetadata"))
        if layered is None or edited:
            return None
        kind = str(layered.chart["kind"])
        if kind == GIT:
            joined = self._git(resource, layered.chart, namespace)
            joined.path = layered.path
        else:
            joined = self._packed_chart(resource, kind, layered.chart, namespace)
        if joined.chart.get("valuesFiles") or not _in_chart(joined.source, layered.directory):
            return None
        joined.chart = {**joined.chart, "reconcileStrategy": "Revision"}
        joined.values_files = tuple(
            f"${file.alias}/{file.path}" if file.alias else file.path for file in layered.values
        )
        joined.facts["generator"] = str(layered.generator.ref)
        used = [*joined.used, layered.generator]
        for alias, lender in layered.lenders.items():
            found = self._git(resource, lender, namespace)
            if not all(map(_lends, found.used)):
                return None
            part = Part(source=found.source, render=Opened(tool="none"), ref=alias, produces=False)
            joined.lenders = (*joined.lenders, part)
            used += found.used
        published = self.sources.find(resource.root, ARTIFACT, namespace, name)
        joined.used = tuple(dict.fromkeys((*used, *published)))
        return joined

    def _artifact(self, found: Resource, *, chart: bool) -> Joined:
        facts = registry_facts(found)
        facts["source_interval"] = text(found.body, "spec", "interval")
        facts["artifact"] = True
        source = read_oci_repository(found, chart=chart)
        return Joined(source=source, used=(found,), facts=facts)

    def _git(self, resource: Resource, reference: dict[str, Any], own: str) -> Joined:
        """A Git repository; one that only the cluster knows may be the checkout itself."""
        name = text(reference, "name") or ""
        namespace = text(reference, "namespace") or own
        found = self.sources.find(resource.root, GIT, namespace, name)
        if not found:
            return self._missing(resource, namespace, name)
        chosen = self._chosen(found)
        if has_credentials(text(chosen.body, "spec", "url") or ""):
            self.bad_urls.add(chosen)
            what = f"the URL of its source {chosen.ref} holds credentials"
            raise NotConverted(F2A_OBJ_003, what=what, remedy="move them into a Secret")
        facts = source_facts(chosen)
        facts["source_interval"] = text(chosen.body, "spec", "interval")
        return Joined(source=read_git_source(chosen), used=(chosen,), facts=facts)

    def _missing(self, resource: Resource, namespace: str, name: str) -> Joined:
        """A source that only the cluster knows; the bootstrap source is the checkout itself.

        fluxcd/flux2:pkg/manifestgen/sync/sync.go names it after Flux's namespace.
        """
        origin = self.request.origins.get(resource.root, "")
        bootstrap = name in {"flux-system", namespace}
        url = origin if bootstrap and origin and not has_credentials(origin) else TODO_URL
        identity = "/".join(step for step in (GIT, namespace, name) if step)
        facts = {"source": identity, "url": url, "source_missing": True, "repository": name}
        facts["source_assumed"] = url != TODO_URL
        source = GitSource(url=url, revision=Revision(kind="head", value=""), name=name)
        return Joined(source=source, facts=facts)

    # --- references

    def _kind(self, resource: Resource, reference: dict[str, Any]) -> str:
        kind, name = text(reference, "kind"), text(reference, "name")
        if kind is None or name is None:
            remedy = (
                "name a GitRepository" if resource.ref.kind == "Kustomization" else "name a source"
            )
            raise NotConverted(F2A_OBJ_003, what="it has no `sourceRef`", remedy=remedy)
        if has_placeholder(name) and not resource.made_at:  # a template names its own
            what = "the name of its source holds a placeholder that is filled in later"
            raise NotConverted(F2A_OBJ_003, what=what, remedy="convert the filled-in manifests")
        return kind

    def _object(
        self, resource: Resource, kind: str, reference: dict[str, Any], own: str
    ) -> Resource:
        """The object behind a reference; refuses kinds that Argo CD has nothing for."""
        name = text(reference, "name") or ""
        namespace = text(reference, "namespace") or own
        identity = "/".join(step for step in (kind, namespace, name) if step)
        if kind == "Bucket":
            raise NotConverted(F2A_BKT_001, bucket=identity)
        if kind == ARTIFACT:
            raise NotConverted(F2A_AG_001, artifact=identity)
        found = self.sources.find(resource.root, kind, namespace, name)
        if not found:
            raise NotConverted(F2A_JOIN_004, source=identity)
        chosen = self._chosen(found)
        if has_credentials(text(chosen.body, "spec", "url") or ""):
            self.bad_urls.add(chosen)
            what = f"the URL of its source {chosen.ref} holds credentials"
            raise NotConverted(F2A_OBJ_003, what=what, remedy="move them into a Secret")
        return chosen

    def _chosen(self, found: tuple[Resource, ...]) -> Resource:
        chosen = found[0]
        if any(table(other.body, "spec") != table(chosen.body, "spec") for other in found[1:]):
            self._say_conflict(found)
        return chosen

    def _say_conflict(self, found: tuple[Resource, ...]) -> None:
        files = ", ".join(sorted({resource.file for resource in found}))
        saying = Saying(
            message=F2A_JOIN_002,
            facts={
                "source": str(found[0].ref),
                "count": len(found),
                "files": files,
                "file": found[0].file,
            },
            places=tuple(resource.place() for resource in found),
            apps=(str(found[0].ref),),
        )
        if not any(
            said.message is F2A_JOIN_002 and said.places == saying.places
            for said in self.loaded.sayings
        ):
            self.loaded.sayings.append(saying)
