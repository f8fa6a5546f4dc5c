"""Flux resources as an estate of apps.

Sources fold into the apps that use them; what cannot be converted is refused with its reason.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from argoflux.flux import load_kustomization, load_release
from argoflux.flux.applied import Applied, as_applied
from argoflux.flux.created_namespaces import fold_namespaces
from argoflux.flux.fields import pairs, table, text
from argoflux.flux.installed import installs_flux, leave_out, say_installed
from argoflux.flux.instance_flags import stated_flags
from argoflux.flux.join_sources import SOURCE_KINDS, Joined, Joins, NotConverted, NotNeeded
from argoflux.flux.joins import SOURCE_GROUP, Sources
from argoflux.flux.load_flags import say_flags, say_stated
from argoflux.flux.load_others import read_other
from argoflux.flux.load_resource_sets import (
    GROUP,
    INSTANCE,
    load_sets,
    read_instance,
)
from argoflux.flux.load_source import clean_path
from argoflux.flux.load_syncs import contents, installations, made_by
from argoflux.flux.loading import Loading
from argoflux.flux.lockdown import Lockdown, read_lockdown
from argoflux.flux.normalise import normalise, version_saying
from argoflux.flux.parent_paths import APPLIERS, as_parent, without_idle
from argoflux.flux.provenance import read_provenance
from argoflux.flux.rendered import render as fill_path
from argoflux.flux.secret_keys import read_secret_keys
from argoflux.flux.set_templates import NoCounterpart
from argoflux.flux.settle import settle
from argoflux.flux.substitution import read_variables
from argoflux.flux.values_from import compose
from argoflux.flux.verify_keys import with_keys
from argoflux.kinds import engine_of
from argoflux.mapping.emission import Idle, Loaded, Refusal
from argoflux.mapping.kustomize import F2A_KS_001
from argoflux.mapping.objects import F2A_OBJ_003
from argoflux.mapping.source import F2A_GIT_002
from argoflux.mapping.tenancy import F2A_TEN_003
from argoflux.mapping.variables import variables_in
from argoflux.mapping.yields import split
from argoflux.model.app import App, Part
from argoflux.model.content import Known, Unknown
from argoflux.model.estate import Estate
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from argoflux.flux.load_syncs import Installation
    from argoflux.mapping.emission import Request
    from argoflux.model.app import ClusterRef
    from argoflux.model.content import Content
    from argoflux.model.source import Source
    from argoflux.resource import Resource


def load(resources: Sequence[Resource], request: Request) -> Loaded:
    """Apps for every Kustomization and HelmRelease whose manifests or chart stand in Git."""
    reader = _Reader(resources, request)
    return reader.load()


@dataclass(frozen=True, slots=True)
class Followed:
    """Objects as they arrive, how a Kustomization reads as an app, and what the flags forbid."""

    applied: Applied
    app_of: Callable[[Resource], App | None]
    lockdown: Lockdown


def follow(resources: Sequence[Resource], request: Request) -> Followed:
    """Every Flux object as it arrives in its cluster, without converting any."""
    reader = _Reader(resources, request)
    reader.apply()
    return Followed(reader.applied, reader.readable, reader.lockdown)


class _Reader:
    """One run over the resources of all roots."""

    def __init__(self, resources: Sequence[Resource], request: Request) -> None:
        self.request = request
        self.resources = sorted(resources, key=lambda r: (r.root, *r.sort_key()))
        self.sources = Sources(self.resources)
        self.loading = Loading(resources=self.resources, request=request, sources=self.sources)
        self.loaded = self.loading.loaded
        self.apps = self.loading.apps
        self.used = self.loading.used
        self.joins = Joins(self.sources, request, self.loaded)
        self.applied = Applied()
        self.lockdown = Lockdown()
        self.installers: set[Resource] = set()
        self.stated: dict[Resource, load_kustomization.Stated] = {}

    def load(self) -> Loaded:
        """Apps first, then what they did not use."""
        self.apply()
        for resource in self.resources:
            if _is_applier(resource) and resource not in self.installers:
                self._applier(resource)
        self.apps[:] = [without_idle(app, self.loaded) for app in self.apps]
        self.apps[:], namespaces = fold_namespaces(self.apps, self.resources)
        self.used |= namespaces
        load_sets(self.loading, self._templated)
        for resource in self.resources:
            if not _is_applier(resource):
                self._other(resource)
            elif resource in self.installers:
                leave_out(resource, self.loaded)
        settle(self.loaded, {resource.written for resource in self.used})
        apps = sorted(self.apps, key=lambda app: (app.root, *app.sort_key()))
        sets, installs = tuple(self.loading.sets), tuple(self.loading.installs)
        self.loaded.estate = Estate(apps=tuple(apps), generated=sets, installs=installs)
        self.loading.hand_over()
        return self.loaded

    def apply(self) -> None:
        """Read all objects as the controllers see them, with those that installations make."""
        written = self.resources
        self._follow(written)
        found, made = self._installations(written)
        seen = [contents([])]
        while contents(made) not in seen:  # what is found now may tell more of an installation
            seen.append(contents(made))
            self._follow(sorted([*written, *made], key=lambda r: (r.root, *r.sort_key())))
            found, made = self._installations(written)
        self.installers = {one.resource for one in found if _is_applier(one.resource)}
        for resource in self.resources:
            if (resource.ref.group, resource.ref.kind) == (GROUP, INSTANCE):
                read_instance(resource, self.loading)
                say_stated(stated_flags(resource), self.request, self.loaded.sayings)

    def _installations(self, written: list[Resource]) -> tuple[list[Installation], list[Resource]]:
        """What installs Flux, and what it makes beside the objects in the files."""

        def values_of(resource: Resource, body: dict[str, Any]) -> dict[str, Any]:
            return table(self._with_values(resource, body, {}), "spec", "values")

        found = installations(self.resources, self.sources, values_of)
        return found, [made for one in found for made in made_by(one, written)]

    def _follow(self, resources: list[Resource]) -> None:
        """Joins are made between objects as they are applied."""
        self.resources, self.lockdown = resources, Lockdown()
        self.sources = Sources(resources)
        self.joins = Joins(self.sources, self.request, self.loaded)
        self.applied = as_applied(resources, self.request, self.readable)
        self.loaded.sayings[:] = self.applied.sayings
        self.resources = self.applied.resources
        self.lockdown = read_lockdown(self.applied.controllers, self.resources)
        self.sources = Sources(self.resources)
        self.joins = Joins(self.sources, self.request, self.loaded)
        self.loading.resources, self.loading.sources = self.resources, self.sources

    def readable(self, resource: Resource) -> App | None:
        """An applier as an app, None where it cannot be read as one."""
        try:
            return self._app(resource)
        except NotConverted:
            return None

    def _namespace(self, resource: Resource) -> str:
        return resource.ref.namespace

    def _bare_content(self, app: App) -> Content:
        return self.request.content(app, replace(app.parts[0], render=Kustomize()))

    # --- appliers

    def _applier(self, resource: Resource) -> None:
        saying = version_saying(resource)
        if saying is not None:
            self.loaded.sayings.append(saying)
        try:
            app = self._app(resource)
            app = self._checked(app)
        except NotNeeded as why:
            reason = f"it applies only {why.facts['objects']}, which are no objects of Argo CD"
            self.loaded.idle.append(Idle(resource=resource, reason=reason))
        except NotConverted as why:
            self.loaded.refused.append(
                Refusal(resource=resource, message=why.message, facts=why.facts)
            )
        else:
            if app.kind == "Kustomization":
                facts = app.extra["facts"]
                content = self.request.content(app, app.parts[0])
                facts["rendering"] = fill_path(content, facts["variables"])
            self.apps.append(app)
            self.used.update(app.made_of)

    def _templated(self, resource: Resource, sources: Sequence[Resource]) -> App:
        """The app of an object that a set makes; ``sources`` stand beside it in the set."""
        joins = self.joins
        self.joins = Joins(Sources([*sources, *self.resources]), self.request, self.loaded)
        try:
            app = self._app(resource)
            fixed = "{{" not in app.parts[0].path
            if fixed:
                app = self._checked(app)
        except NotConverted as why:
            raise NoCounterpart(why.message, **why.facts) from why
        finally:
            self.joins = joins
        if app.kind == "Kustomization":
            facts = app.extra["facts"]
            content = (
                self.request.content(app, app.parts[0])
                if fixed
                else Unknown(reason="the path differs by the inputs of a set")
            )
            facts["rendering"] = fill_path(content, facts["variables"])
        return app

    def _app(self, resource: Resource) -> App:
        if resource.placeholder:
            what = "its name or type holds a placeholder that is filled in later"
            raise NotConverted(F2A_OBJ_003, what=what, remedy="convert the filled-in manifests")
        if not resource.ref.name:
            remedy = "give it a name"
            raise NotConverted(F2A_OBJ_003, what="it has no `metadata.name`", remedy=remedy)
        forbidden = self.lockdown.forbidden(resource)
        if forbidden:
            raise NotConverted(F2A_TEN_003, reference=forbidden)
        body = normalise(resource)
        if resource.ref.kind == "HelmRelease":
            return self._release(resource, body)
        return self._kustomization(resource, body)

    def _kustomization(self, resource: Resource, body: dict[str, Any]) -> App:
        reference = table(body, "spec", "sourceRef")
        found = self.joins.manifests(resource, reference, self._namespace(resource))
        path = clean_path(text(body, "spec", "path"))
        if path is None:
            raise NotConverted(F2A_KS_001, path=text(body, "spec", "path"))
        path = posixpath.normpath(posixpath.join(found.path, path))
        stated = self.stated.get(resource)
        if stated is None:
            namespace = self._namespace(resource)
            stated = self.stated[resource] = load_kustomization.read(body, resource.ref, namespace)
        found.facts["variables"] = read_variables(
            body, resource.root, self._namespace(resource), self.applied.objects, self.request.flux
        )
        part = Part(source=found.source, render=stated.render, path=path)
        return self._assemble(resource, part, found, **stated.fields)

    def _release(self, resource: Resource, body: dict[str, Any]) -> App:
        found = self.joins.chart(resource, body, self._namespace(resource))
        chart, facts = found.chart, found.facts
        path = found.path
        body = self._with_values(resource, body, facts)
        helm = load_release.read_helm(body, chart, resource.ref, path)
        helm = replace(helm, pass_credentials=found.pass_credentials)
        if found.values_files:
            helm = replace(helm, values_files=found.values_files)
        facts["chart_interval"] = text(chart, "interval")
        facts["strategy_stated"] = text(chart, "reconcileStrategy") is not None
        facts["replaces_defaults"] = helm.replaces_defaults
        facts["release"] = helm.release_name
        facts["target_stated"] = text(body, "spec", "targetNamespace") is not None
        facts["release_stated"] = text(body, "spec", "releaseName") is not None
        return self._assemble(
            resource,
            Part(source=found.source, render=helm, path=path),
            found,
            destination=load_release.read_destination(body, self._namespace(resource)),
            service_account=text(body, "spec", "serviceAccountName"),
            sync=load_release.read_sync(body),
            deletion=load_release.read_deletion(body),
            drift=load_kustomization.read_drift(body, "spec", "driftDetection", "ignore"),
            health=load_kustomization.read_health(body),
            order=load_kustomization.read_order(body, resource.ref, self._namespace(resource)),
            history_limit=load_release.max_history(body),
        )

    def _with_values(
        self, resource: Resource, body: dict[str, Any], facts: dict[str, Any]
    ) -> dict[str, Any]:
        """The release with the values that its references add."""
        spec = table(body, "spec")
        if not spec.get("valuesFrom"):
            return body
        root, namespace = resource.root, self._namespace(resource)

        def find(kind: str, name: str) -> Mapping[str, Any] | None:
            return self.applied.objects.find(root, kind, namespace, name)

        composition = compose(spec, find)
        facts["values_from"] = tuple(composition.references)
        facts["values_overruled"] = ", ".join(composition.overruled)
        if not composition.values:
            return body
        return {**body, "spec": {**spec, "values": composition.values}}

    def _assemble(
        self,
        resource: Resource,
        part: Part,
        found: Joined,
        **fields: Any,
    ) -> App:
        provenance = read_provenance(resource)
        facts = found.facts
        ref = resource.ref
        parent = self.applied.parents.get(resource)
        filled = self.applied.filled.get(resource)
        facts["default_account"] = self.lockdown.account(resource)
        facts["cluster_identity"] = self._identity(resource, fields["destination"].cluster)
        if parent is not None:
            facts["home"], facts["home_namespace"] = _home(parent)
        if parent is not None and filled is not None:
            facts["parent"] = parent.id
            facts["variables_left"] = tuple(sorted(filled.left - filled.secret))
            facts["variables_secret"] = tuple(sorted(filled.secret))
        else:
            facts["variables_left"] = variables_in(resource.body)
            facts["variables_secret"] = ()
        facts["secret_keys"] = read_secret_keys(found.used, self.applied.objects)
        part = replace(part, source=with_keys(part.source, found.used, self.applied.objects))
        made_of = (resource, *found.used)
        made_of += tuple(r.written for r in made_of if r.written not in made_of)
        return App(
            kind=ref.kind,
            namespace=self._namespace(resource),
            name=ref.name,
            root=resource.root,
            parts=(part, *found.lenders),
            made_of=made_of,
            project=provenance.project,
            labels=pairs(resource.body, "metadata", "labels"),
            annotations=pairs(resource.body, "metadata", "annotations"),
            extra={
                "facts": facts,
                "application": provenance.name,
                "application_namespace": provenance.namespace,
            },
            **fields,
        )

    def _identity(self, resource: Resource, cluster: ClusterRef) -> dict[str, str] | None:
        """What the ConfigMap says that a cluster is reached by; None for other clusters."""
        if not cluster.config_map:
            return None
        place = resource.root, "ConfigMap", self._namespace(resource), cluster.config_map
        return dict(pairs(self.applied.objects.find(*place) or {}, "data"))

    # --- content

    def _checked(self, app: App) -> App:
        """The app, a parent with the names of its children; refuses what Flux cannot build."""
        if not isinstance(app.parts[0].render, Kustomize):
            return app
        content = self._bare_content(app)
        if isinstance(content, Known):
            installation = split(content).installation
            say_installed(installation, self.loaded)
            say_flags(installation, self.request, self.loaded.sayings)
        return as_parent(app, content, self.installers, to_folder=self.request.options.to_folder)

    # --- everything else

    def _other(self, resource: Resource) -> None:
        """Sources that nothing uses, installation files, and kinds of later releases."""
        if resource in self.joins.bad_urls:
            self.loaded.refused.append(Refusal(resource=resource, message=F2A_GIT_002))
        elif resource in self.used:
            saying = version_saying(resource)
            if saying is not None:
                self.loaded.sayings.append(saying)
        elif installs_flux(resource):
            leave_out(resource, self.loaded)
        elif resource.ref.group == SOURCE_GROUP and resource.ref.kind in SOURCE_KINDS:
            reason = "nothing that was converted uses it"
            self.loaded.idle.append(Idle(resource=resource, reason=reason))
        elif engine_of(resource.ref.group) is None and not resource.pseudo:
            reason = "a plain object; the Application of its path applies it"
            self.loaded.idle.append(Idle(resource=resource, reason=reason))
        elif forbidden := self.lockdown.forbidden(resource):
            facts = {"reference": forbidden}
            refusal = Refusal(resource=resource, message=F2A_TEN_003, facts=facts)
            self.loaded.refused.append(refusal)
        else:
            read_other(resource, self.loading)


def _is_applier(resource: Resource) -> bool:
    return (resource.ref.group, resource.ref.kind) in APPLIERS


def _home(parent: App) -> tuple[Source, str]:
    """The source that an object stands in, and the namespace of its object."""
    owners = (r for r in parent.made_of if r.ref.kind in SOURCE_KINDS)
    owner = next(owners, parent.resource)
    return parent.parts[0].source, owner.ref.namespace or parent.namespace
