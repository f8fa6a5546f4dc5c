"""What loaders and emitters hand to the conversion: apps, refusals, drafts and remarks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.model.estate import Estate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argoflux.finding import Place
    from argoflux.mapping.concept import System
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.verdict import Message
    from argoflux.model.app import App, Part
    from argoflux.model.content import Content
    from argoflux.model.files import SourceFiles
    from argoflux.resource import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertOptions:
    """The choices of one conversion; defaults are those of the flag table.

    ``deploy_path`` is where the output folder will stand in its repository, empty for the root of
    it, None where nobody knows. ``branch_stated`` tells an answered ``default_branch`` from the usual one.

    ``oci_sources`` says of addresses of artifacts whether they hold a ``chart`` or ``manifests``.
    """

    control_namespace: str = ""
    default_branch: str = "main"
    branch_stated: bool = False
    layout: str = "flat"
    manual_sync: str = "suspend"
    appset: str = "auto"
    substitution: str = "static"
    to_folder: bool = False
    deploy_path: str | None = None
    include_secrets: bool = False
    oci_sources: Mapping[str, str] = field(default_factory=dict)


def _no_files(_app: App, _part: Part) -> SourceFiles | None:
    return None


def _no_others(_kinds: frozenset[str]) -> tuple[Resource, ...]:
    return ()


def _as_it_is(resource: Resource) -> Resource:
    return resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One conversion: direction, releases of both sides, options, and what paths yield.

    ``content`` answers what a part's path yields (three-valued), read from the tree at hand.
    ``files`` gives the files of a part's repository, None where no copy of it is at hand.
    ``origins`` holds the URL that the checkout of a root was cloned from, by root, where known.
    ``kept`` are the objects of the target system that the input holds already. ``others`` gives the
    objects of other kinds in the input (ConfigMaps, Secrets). ``readable`` sets aside values of a
    wrong type, for objects that a loader makes.
    """

    to: System
    argocd: str
    flux: str
    options: ConvertOptions
    content: Callable[[App, Part], Content]
    origins: Mapping[str, str] = field(default_factory=dict)
    files: Callable[[App, Part], SourceFiles | None] = _no_files
    kept: tuple[Resource, ...] = ()
    others: Callable[[frozenset[str]], tuple[Resource, ...]] = _no_others
    readable: Callable[[Resource], Resource] = _as_it_is


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A message raised by code: about places and apps, or about the run when it has neither."""

    message: Message
    facts: dict[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    apps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A resource that is not converted; all its leaves count as manual."""

    resource: Resource
    message: Message
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """A resource that needs no counterpart (a source that nothing uses, an installation file)."""

    resource: Resource
    reason: str


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What a loader made of the resources of its system."""

    estate: Estate = field(default_factory=Estate)
    refused: list[Refusal] = field(default_factory=list)
    idle: list[Idle] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Decision:
    """What was decided for one app: the kind it becomes, and the facts that notes look at.

    ``kind`` is empty when the app became nothing (it renders no objects); ``refused`` says why it
    was not converted after all.
    """

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCopies:
    """Copies of files beside the output, and the ConfigMap that its kustomization makes of them.

    ``texts`` are by key of the ConfigMap: the name of the file below ``folder``, and its text.
    """

    root: str
    folder: str
    namespace: str
    config_map: str
    texts: Mapping[str, tuple[str, str]]
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedFile:
    """Manifests that an object of the output applies from a file beside it, below its root."""

    root: str
    path: str
    objects: tuple[Mapping[str, Any], ...]


@dataclass(slots=True, kw_only=True)
class Emission:
    """The new documents of one direction, with the decisions behind them.

    ``decisions`` are by app, ``part_decisions`` by app and number of the part for what differs
    between the sources of one app. ``made`` are the decisions for resources that become objects, or
    are used up, without being an app: projects, Secrets, settings. ``repository_changes`` are new
    files or new texts for the user's own repository, by path: they become ``repo-changes.patch``.
    ``copies`` and ``rendered`` are files that the output brings along.
    """

    drafts: list[Draft] = field(default_factory=list)
    decisions: dict[App, Decision] = field(default_factory=dict)
    part_decisions: dict[tuple[App, int], Decision] = field(default_factory=dict)
    made: dict[Resource, Decision] = field(default_factory=dict)
    sayings: list[Saying] = field(default_factory=list)
    repository_changes: dict[str, str] = field(default_factory=dict)
    copies: list[FileCopies] = field(default_factory=list)
    rendered: list[RenderedFile] = field(default_factory=list)

    def say(
        self, message: Message, *places: Place, apps: tuple[str, ...] = (), **facts: Any
    ) -> None:
        """Raise a catalogue message."""
        self.sayings.append(Saying(message=message, facts=facts, places=places, apps=apps))
