"""What each app becomes: kind, namespace and name, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from argoflux.flux.access_needs import NO_NEED, Need
from argoflux.flux.emit_kept import kept_names
from argoflux.flux.tenancy import BUILT_IN
from argoflux.flux.values_layers import Layers
from argoflux.mapping.annotations import skips_reconciliation
from argoflux.mapping.metadata import OWN_PREFIX
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash
from argoflux.model.content import Unknown
from argoflux.model.render import Helm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.flux.emit_app_of_apps import Children
    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.stages import Stage
    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App, Part
    from argoflux.model.content import Content
    from argoflux.model.files import SourceFiles

_NOTHING = Unknown(reason="only its files are used")
SOURCE_NOTE = f"{OWN_PREFIX}source"


@dataclass(slots=True, kw_only=True, eq=False)
class Plan:
    """One source of an app on its way to a Flux object.

    ``index`` is the number of the part; ``main`` marks the one that carries the app's own name and
    speaks for the app as a whole. A part without manifests has an empty ``kind``: only its source
    is written. ``facts`` are what notes and messages look at; ``source`` is the name of the source
    object, ``source_kind`` its kind, ``stages`` what the path is split into, ``children`` what an app of
    apps becomes, ``deploy_source`` the source that holds the output, ``layers`` where the
    values files of a chart go,
    ``composed`` whether an ArtifactGenerator reads its source.
    """

    app: App
    request: Request
    emission: Emission
    kind: str
    namespace: str
    name: str
    content: Content
    files: SourceFiles | None
    index: int = 0
    main: bool = True
    facts: dict[str, Any] = field(default_factory=dict)
    ignore: str | None = None
    source: str = ""
    stages: tuple[Stage, ...] = ()
    children: Children | None = None
    deploy_source: str = ""
    source_kind: str = "GitRepository"
    layers: Layers = field(default_factory=Layers)
    composed: bool = False
    need: Need = NO_NEED

    @property
    def part(self) -> Part:
        """The source with its rendering."""
        return self.app.parts[self.index]

    @property
    def flux(self) -> str:
        """The release that is written for."""
        return self.request.flux

    @property
    def id(self) -> str:
        """``Kind/namespace/name`` of the new object, or of each where it takes several stages."""
        names = [stage.name for stage in self.stages] or [self.name]
        return f"{self.kind}/{self.namespace}/{', '.join(names)}"

    @property
    def end(self) -> str:
        """The name of the object that is ready when all of them are."""
        if self.children is not None:
            return self.children.end
        return self.stages[-1].name if self.stages else self.name

    @property
    def only_children(self) -> bool:
        """Whether an app of apps deploys nothing but Applications."""
        return self.children is not None and self.children.alone

    @property
    def skipped(self) -> bool:
        """Whether Argo CD was told to leave the Application alone, or all of its cluster."""
        return skips_reconciliation(self.app.annotations) or bool(self.facts.get("cluster_skipped"))

    @property
    def suspended(self) -> bool:
        """Whether the new object is created suspended."""
        by_hand = self.request.options.manual_sync != "activate" and self.app.sync.suspended
        return by_hand or self.skipped

    def say(self, message: Any, **facts: Any) -> None:
        """Raise a message about the source, or about the app as a whole where it has one."""
        at = self.part.at if len(self.app.parts) > 1 else ("spec",)
        place = self.app.resource.place(*at)
        given = {"name": self.app.id, "object": self.id, **facts}
        self.emission.say(message, place, apps=(self.app.id,), **given)

    def say_of_app(self, message: Any, **facts: Any) -> None:
        """Raise a message about the app as a whole, once for all of its sources."""
        if self.main:
            place = self.app.resource.place("spec")
            given = {"name": self.app.id, "object": self.id, **facts}
            self.emission.say(message, place, apps=(self.app.id,), **given)


def plan_apps(
    apps: Iterable[App],
    request: Request,
    emission: Emission,
    tenants: Mapping[tuple[str, str], str],
) -> list[Plan]:
    """Plans of every app, in sort order, with names that do not depend on the order of the input.

    ``tenants`` are the namespaces of projects that have one, by root and project.
    """
    plans: list[Plan] = []
    taken = kept_names(request.kept)
    for app in sorted(apps, key=lambda a: (a.root, *a.sort_key())):
        main = next((n for n, part in enumerate(app.parts) if part.produces), 0)
        order = (main, *(n for n in range(len(app.parts)) if n != main))
        tenant = tenants.get((app.root, app.project or BUILT_IN), "")
        found = [
            _plan_part(app, n, request, emission, taken, tenant, main=n == main) for n in order
        ]
        plans += found
    return plans


def _plan_part(
    app: App,
    index: int,
    request: Request,
    emission: Emission,
    taken: set[Identity],
    tenant: str,
    *,
    main: bool,
) -> Plan:
    """The plan of one part; its name is marked as taken."""
    part = app.parts[index]
    kind = "HelmRelease" if isinstance(part.render, Helm) else "Kustomization"
    restored = _restored(app, kind) if main else None
    namespace = tenant or _namespace(restored, request)
    wanted = restored[1] if restored else slug(app.name)
    if not main:
        # argo-cd counts sources from one (cmd/argocd/commands/app.go --source-position)
        wanted = f"{wanted}-{slug(part.name) if part.name else index + 1}"
    name, renamed = wanted, ""
    if part.produces:
        name, renamed = _free_name(app, kind, namespace, wanted, taken)
    plan = Plan(
        app=app,
        request=request,
        emission=emission,
        kind=kind if part.produces else "",
        namespace=namespace,
        name=name,
        content=request.content(app, part) if part.produces else _NOTHING,
        files=request.files(app, part),
        index=index,
        main=main,
        facts={**app.extra.get("facts", {}), **part.extra.get("facts", {})},
    )
    plan.facts |= {
        "renamed": renamed if main else "",
        "old": app.name,
        "new_name": name,
        "flux_namespace": namespace,
        "namespace": app.destination.namespace,
        "object": plan.id,
        "path": part.path,
    }
    if tenant:
        plan.facts["tenant_namespace"] = tenant
    return plan


def _free_name(
    app: App, kind: str, namespace: str, wanted: str, taken: set[Identity]
) -> tuple[str, str]:
    """A name that nothing else has, and why it is not the wanted one."""
    name = shorten(wanted)
    renamed = "shortened" if name != wanted else ""
    identities = (f"{app.id}{mark}" for mark in _marks(app))
    while (app.root, kind, namespace, name) in taken:
        name = with_hash(wanted, next(identities))
        renamed = "collision"
    taken.add((app.root, kind, namespace, name))
    return name, renamed


def _marks(app: App) -> Iterator[str]:
    """What tells apps of one identity apart: nothing at first, then the file, then a number."""
    yield ""
    yield f" {app.resource.file}"
    for number in count(2):
        yield f" {app.resource.file} {number}"


def in_project(app: App) -> bool:
    """Whether an app belongs to a project other than the built-in one."""
    return app.project not in {"", BUILT_IN}


def _namespace(restored: tuple[str, str] | None, request: Request) -> str:
    if restored:
        return restored[0]
    return request.options.control_namespace or "flux-system"


def _restored(app: App, kind: str) -> tuple[str, str] | None:
    """Namespace and name of the Flux object that the app was made from, if it still agrees.

    It agrees when the app has a name that the conversion from that object gives.
    """
    noted = app.annotations.get(SOURCE_NOTE, "")
    parts = noted.split("/")
    if len(parts) != 3 or parts[0] != kind or not (parts[1] and parts[2]):  # noqa: PLR2004  # Kind/namespace/name
        return None
    _, namespace, name = parts
    if slug(name) != name or slug(namespace) != namespace or len(name) > LABEL_LIMIT:
        return None
    suffix = "-hr" if kind == "HelmRelease" else "-ks"
    bases = [name, f"{namespace}-{name}", f"{namespace}-{name}{suffix}"]
    names = {*bases, *map(shorten, bases), *(with_hash(base, noted) for base in bases)}
    return (namespace, name) if app.name in names else None
