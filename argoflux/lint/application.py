"""Applications as rules see them: those that are written down, and those that a set makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.clusters import read_cluster
from argoflux.argocd.appset.expand import TEMPLATE, expand
from argoflux.argocd.appset.generators import Inputs
from argoflux.argocd.shapes import block, texts
from argoflux.workspace.classify import has_placeholder
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from argoflux.argocd.appset.expand import Expansion
    from argoflux.argocd.appset.problems import Problem
    from argoflux.finding import Place
    from argoflux.model.files import SourceFiles
    from argoflux.resource import Resource
    from argoflux.text import Key, Path, Side

_PARAMS = "ConfigMap:argocd-cmd-params-cm"
_GLOBBING = "applicationsetcontroller.enable.new.git.file.globbing"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ApplicationView:
    """One Application: ``body`` is the object, ``resource`` what an author wrote.

    ``at`` is where the body stands in the resource: empty for an Application, ``spec.template`` for
    what a set makes. ``generator`` is the place of the generator whose ``params`` filled the template
    in; None for an Application, and for a template whose parameters nobody knows (``open``): its
    values may hold ``{{ }}``.
    """

    resource: Resource
    body: Mapping[str, Any]
    at: Path = ()
    generator: Path | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    open: bool = False

    @property
    def spec(self) -> Mapping[str, Any]:
        """``spec`` of the Application, empty where there is none."""
        return block(self.body, "spec")

    @property
    def metadata(self) -> Mapping[str, Any]:
        """``metadata`` of the Application, empty where there is none."""
        return block(self.body, "metadata")

    @property
    def name(self) -> str:
        """The name of the Application, empty where it is not known."""
        found = self.metadata.get("name")
        return found if isinstance(found, str) else ""

    @property
    def namespace(self) -> str:
        """The namespace of the Application: for what a set makes, that of the set."""
        found = self.metadata.get("namespace")
        return found if isinstance(found, str) and found else self.resource.ref.namespace

    def get(self, *path: Key) -> Any:
        """The value at a path of the object, ``MISSING`` where there is none."""
        return dig(self.body, *path)

    def place(self, *path: Key, on: Side = "value") -> Place:
        """Where a value of the object was written; that of the template for what a set makes."""
        return self.resource.place(*self.at, *path, on=on)

    def sources(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """The sources with their paths: ``sources`` wins over ``source``, as in Argo CD.

        argo-cd:pkg/apis/application/v1alpha1/types.go GetSources, HasMultipleSources.
        """
        several = self.spec.get("sources")
        if isinstance(several, list) and several:
            for number, source in enumerate(several):
                if isinstance(source, dict):
                    yield ("spec", "sources", number), source
            return
        one = self.spec.get("source")
        if isinstance(one, dict):
            yield ("spec", "source"), one


def is_known(value: Any) -> bool:
    """Whether a value is final: no part of it is filled in later."""
    return not (isinstance(value, str) and has_placeholder(value))


class Applications:
    """The Applications of objects; sets are expanded once."""

    def __init__(
        self,
        resources: Sequence[Resource],
        files: Callable[[Resource, str, str], SourceFiles | None],
    ) -> None:
        """``files`` gives the copy of a repository (URL, revision) that a set may look at."""
        self._files = files
        self._views: dict[Resource, tuple[ApplicationView, ...]] = {}
        self._expansions: dict[Resource, Expansion] = {}
        self._problems: dict[Resource, tuple[Problem, ...]] = {}
        self._by_pseudo: dict[str, list[Resource]] = {}
        for resource in resources:
            if resource.pseudo:
                self._by_pseudo.setdefault(resource.pseudo, []).append(resource)

    def of(self, resource: Resource) -> tuple[ApplicationView, ...]:
        """The Applications of an Application or ApplicationSet, none for other kinds.

        A set of which not every Application is known also gives its template as it stands.
        """
        if resource.ref.group != "argoproj.io":
            return ()
        if resource not in self._views:
            self._views[resource] = self._read(resource)
        return self._views[resource]

    def problems(self, resource: Resource) -> tuple[Problem, ...]:
        """What keeps an ApplicationSet, or a part of it, from being expanded."""
        self.of(resource)
        return self._problems.get(resource, ())

    def expansion(self, resource: Resource) -> Expansion:
        """What an ApplicationSet makes, and what is wrong with it or cannot be told."""
        if resource not in self._expansions:
            self._expansions[resource] = expand(resource.body, self._inputs(resource))
        return self._expansions[resource]

    def _read(self, resource: Resource) -> tuple[ApplicationView, ...]:
        if resource.ref.kind == "Application":
            return (ApplicationView(resource=resource, body=resource.body),)
        if resource.ref.kind != "ApplicationSet":
            return ()
        expansion = expand(resource.body, self._inputs(resource))
        self._problems[resource] = expansion.problems
        views = [
            ApplicationView(
                resource=resource,
                body=child.body,
                at=TEMPLATE,
                generator=child.generator,
                params=child.params,
            )
            for child in expansion.children
        ]
        if expansion.problems or not views:
            template = block(block(resource.body, "spec"), "template")
            views.append(ApplicationView(resource=resource, body=template, at=TEMPLATE, open=True))
        return tuple(views)

    def _inputs(self, resource: Resource) -> Inputs:
        def same_root(pseudo: str) -> Iterator[Resource]:
            return (r for r in self._by_pseudo.get(pseudo, ()) if r.root == resource.root)

        settings: dict[str, str] = {}
        for one in same_root(_PARAMS):
            settings.update(texts(one.body, "data"))
        return Inputs(
            clusters=[read_cluster(one.body) for one in same_root("Secret:cluster")] or None,
            files=lambda url, revision: self._files(resource, url, revision),
            doublestars=settings.get(_GLOBBING) == "true",
        )
