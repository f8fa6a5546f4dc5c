"""What each app becomes: kind, namespace and name, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_kept import kept_names
from argoflux.mapping.metadata import OWN_PREFIX, skips_reconciliation
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash
from argoflux.model.render import Helm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App, Part
    from argoflux.model.content import Content
    from argoflux.model.files import SourceFiles

SOURCE_NOTE = f"{OWN_PREFIX}source"


@dataclass(slots=True, kw_only=True, eq=False)
class Plan:
    """One app on its way to a Flux object.

    ``facts`` are what notes and messages look at; ``source`` is the name of its GitRepository.
    """

    app: App
    request: Request
    emission: Emission
    kind: str
    namespace: str
    name: str
    content: Content
    files: SourceFiles | None
    facts: dict[str, Any] = field(default_factory=dict)
    ignore: str | None = None
    source: str = ""

    @property
    def part(self) -> Part:
        """The one part of the app."""
        return self.app.parts[0]

    @property
    def flux(self) -> str:
        """The release that is written for."""
        return self.request.flux

    @property
    def id(self) -> str:
        """``Kind/namespace/name`` of the new object."""
        return f"{self.kind}/{self.namespace}/{self.name}"

    @property
    def skipped(self) -> bool:
        """Whether Argo CD was told to leave the Application alone."""
        return skips_reconciliation(self.app.annotations)

    @property
    def suspended(self) -> bool:
        """Whether the new object is created suspended."""
        by_hand = self.request.options.manual_sync != "activate" and self.app.sync.suspended
        return by_hand or self.skipped

    def say(self, message: Any, **facts: Any) -> None:
        """Raise a message about the app as a whole."""
        place = self.app.resource.place("spec")
        given = {"name": self.app.id, "object": self.id, **facts}
        self.emission.say(message, place, apps=(self.app.id,), **given)


def plan_apps(apps: Iterable[App], request: Request, emission: Emission) -> list[Plan]:
    """A plan per app, in sort order, with names that do not depend on the order of the input."""
    plans: list[Plan] = []
    taken = kept_names(request.kept)
    for app in sorted(apps, key=lambda a: (a.root, *a.sort_key())):
        kind = "HelmRelease" if isinstance(app.parts[0].render, Helm) else "Kustomization"
        restored = _restored(app, kind)
        namespace = _namespace(app, restored, request)
        wanted = restored[1] if restored else slug(app.name)
        name = shorten(wanted)
        renamed = "shortened" if name != wanted else ""
        identities = (f"{app.id}{mark}" for mark in _marks(app))
        while (app.root, kind, namespace, name) in taken:
            name = with_hash(wanted, next(identities))
            renamed = "collision"
        taken.add((app.root, kind, namespace, name))
        plan = Plan(
            app=app,
            request=request,
            emission=emission,
            kind=kind,
            namespace=namespace,
            name=name,
            content=request.content(app, app.parts[0]),
            files=request.files(app, app.parts[0]),
            facts=dict(app.extra.get("facts", {})),
        )
        plan.facts |= {
            "renamed": renamed,
            "old": app.name,
            "new_name": name,
            "flux_namespace": namespace,
            "namespace": app.destination.namespace,
            "object": plan.id,
            "path": app.parts[0].path,
        }
        if request.options.layout == "tenant" and is_tenant(app):
            plan.facts["tenant_namespace"] = namespace
        plans.append(plan)
    return plans


def _marks(app: App) -> Iterator[str]:
    """What tells apps of one identity apart: nothing at first, then the file, then a number."""
    yield ""
    yield f" {app.resource.file}"
    for number in count(2):
        yield f" {app.resource.file} {number}"


def is_tenant(app: App) -> bool:
    """Whether an app belongs to a project other than the built-in one."""
    return app.project not in {"", "default"}


def _namespace(app: App, restored: tuple[str, str] | None, request: Request) -> str:
    if request.options.layout == "tenant" and is_tenant(app):
        return slug(app.project)
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
