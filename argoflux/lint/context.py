"""What rules may ask: the objects of the run, their neighbours, files, schemas and releases."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from argoflux.convert.mistyped import set_aside
from argoflux.convert.request import Contents
from argoflux.finding import Fix
from argoflux.lint.application import Applications, ApplicationView
from argoflux.mapping.revisions import classify
from argoflux.model.app import App, Part
from argoflux.model.content import Unknown
from argoflux.model.render import Opened
from argoflux.model.source import GitSource
from argoflux.resource import Inventory
from argoflux.schema import check, has_schema
from argoflux.versions import Release
from argoflux.workspace.classify import has_placeholder
from argoflux.workspace.read import read_others

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from argoflux.argocd.appset.expand import Expansion
    from argoflux.argocd.appset.problems import Problem
    from argoflux.mapping.concept import System
    from argoflux.model.content import Content
    from argoflux.model.files import SourceFiles
    from argoflux.resource import Resource
    from argoflux.schema_words import SchemaError
    from argoflux.text import Edit
    from argoflux.workspace.overlay import SourceType
    from argoflux.workspace.read import Workspace
    from argoflux.workspace.sources import LocalTree


def _no_override(_file: str, _system: str) -> str:
    return ""


@dataclass(slots=False, kw_only=True, eq=False)
class Context:
    """One run. ``argocd`` and ``flux`` are the target releases, as minors (``3.5``).

    ``overriding`` gives another release for a file, empty where there is none. ``before`` is the
    context of the revision that ``--base`` names. ``today`` is the date of the run (ISO).
    ``profile`` is the one that was asked for: some remarks make sense in one of them alone.
    """

    workspace: Workspace
    argocd: str
    flux: str
    overriding: Callable[[str, str], str] = _no_override
    before: Context | None = None
    today: str = ""
    profile: str = "recommended"
    memory: dict[object, Any] = field(default_factory=dict)

    # --- objects

    @cached_property
    def _read(self) -> tuple[tuple[Resource, ...], dict[Resource, Resource]]:
        doubtful = {
            resource for resource in self.workspace.resources if self._may_be_mistyped(resource)
        }
        readable, originals = [], {}
        for resource in self.workspace.resources:
            kept, written = set_aside([resource]) if resource in doubtful else ([resource], {})
            readable += kept
            originals.update({one: other.resource for one, other in written.items()})
        return tuple(readable), originals

    def _may_be_mistyped(self, resource: Resource) -> bool:
        """Whether a value could have a wrong type: the schema found fault, or there is none."""
        if resource.ref.kind == "HelmRelease" or not has_schema(
            resource.ref.kind, resource.version
        ):
            return True
        return bool(self._errors(resource))

    def _errors(self, written: Resource) -> list[SchemaError]:
        known: dict[Resource, list[SchemaError]] = self.memory.setdefault("schema", {})
        if written not in known:
            kind = written.pseudo or written.ref.kind
            known[written] = check(kind, written.version, written.body)
        return known[written]

    @cached_property
    def inventory(self) -> Inventory:
        """All objects of ours by identity and kind; names join inside one root only."""
        return Inventory(self.resources)

    @property
    def resources(self) -> tuple[Resource, ...]:
        """All objects of ours, in order; values of a wrong type are left out of them."""
        return self._read[0]

    def as_written(self, resource: Resource) -> Resource:
        """An object with the values of a wrong type that were left out."""
        return self._read[1].get(resource, resource)

    def others(self, *kinds: str) -> tuple[Resource, ...]:
        """Objects of other kinds in the input (Namespace, ConfigMap …); this reads all manifests."""
        return read_others(self.workspace, frozenset(kinds))

    @cached_property
    def _applications(self) -> Applications:
        return Applications(self.resources, self.files)

    def applications(self, resource: Resource) -> tuple[ApplicationView, ...]:
        """The Applications of an Application or ApplicationSet."""
        return self._applications.of(resource)

    def set_problems(self, resource: Resource) -> tuple[Problem, ...]:
        """What keeps an ApplicationSet, or a part of it, from being expanded."""
        return self._applications.problems(resource)

    def expansion(self, applicationset: Resource) -> Expansion:
        """What an ApplicationSet makes, and what is wrong with it or cannot be told."""
        return self._applications.expansion(applicationset)

    @cached_property
    def all_applications(self) -> tuple[ApplicationView, ...]:
        """Every Application, also those that sets make."""
        return tuple(view for r in self.resources for view in self.applications(r))

    # --- releases and schemas

    def release(self, system: System, resource: Resource) -> Release:
        """The release of Argo CD or Flux that an object is meant for."""
        stated = self.overriding(resource.file, system)
        return Release.parse(stated or (self.argocd if system == "argocd" else self.flux))

    def schema_errors(self, resource: Resource) -> list[SchemaError]:
        """What the schema of an object's own version says against it."""
        return self._errors(self.as_written(resource))

    # --- files

    def local(self, resource: Resource, url: str, path: str = "") -> LocalTree | Unknown:
        """The local copy of a repository that an object refers to."""
        contents = self._contents(resource)
        return contents.copy(_asking(resource, url, path), _part(url, "", path))

    def files(self, resource: Resource, url: str, revision: str = "") -> SourceFiles | None:
        """The files of the local copy of a repository, None where there is none."""
        contents = self._contents(resource)
        return contents.files(_asking(resource, url, ""), _part(url, revision, ""))

    def content(
        self,
        resource: Resource,
        url: str,
        path: str,
        *,
        recurse: bool = False,
        include: str = "",
        exclude: str = "",
        source_type: SourceType = "",
        ignore: str | None = None,
    ) -> Content:
        """What a path of a repository yields for the system that the object belongs to."""
        from argoflux.workspace.overlay import read_path

        found = self.local(resource, url, path)
        if isinstance(found, Unknown):
            return found
        return read_path(
            self.workspace.tree,
            found.path(path),
            flavour="argocd" if resource.ref.group == "argoproj.io" else "flux",
            recurse=recurse,
            include=include,
            exclude=exclude,
            source_type=source_type,
            ignore=ignore,
            root=found.directory,
        )

    def _contents(self, resource: Resource) -> Contents:
        to: System = "flux" if resource.ref.group == "argoproj.io" else "argocd"
        known: dict[str, Contents] = self.memory.setdefault("contents", {})
        if to not in known:
            known[to] = Contents(self.workspace, to)
        return known[to]

    # --- fixes

    def safe(self, title: str, edits: Iterable[Edit]) -> Fix | None:
        """A fix that keeps the meaning; None where the text does not allow the edits."""
        return _fix(title, "safe", edits)

    def unsafe(self, title: str, edits: Iterable[Edit]) -> Fix | None:
        """A fix that changes what happens; None where the text does not allow the edits."""
        return _fix(title, "unsafe", edits)


def _fix(title: str, safety: str, edits: Iterable[Edit]) -> Fix | None:
    found = tuple(edits)
    return Fix(title=title, safety=safety, edits=found) if found else None


def _part(url: str, revision: str, path: str) -> Part:
    source = GitSource(url=url, revision=classify(revision, default_branch=""))
    return Part(source=source, render=Opened(tool="undecided"), path=path or ".")


def _asking(resource: Resource, url: str, path: str) -> App:
    ref = resource.ref
    return App(
        kind=ref.kind,
        namespace=ref.namespace,
        name=ref.name,
        root=resource.root,
        parts=(_part(url, "", path),),
        made_of=(resource,),
    )


def known_text(value: Any) -> str | None:
    """A text that is final; None for what is no text, or is filled in later."""
    return value if isinstance(value, str) and not has_placeholder(value) else None
