"""One Application under construction, with everything that its parts need to know."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from argoflux.argocd.gates import missing
from argoflux.model.render import Kustomize
from argoflux.model.source import GitSource, HelmSource, OciSource

if TYPE_CHECKING:
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Request
    from argoflux.mapping.verdict import Message
    from argoflux.model.app import App, Part
    from argoflux.model.content import Content
    from argoflux.model.files import SourceFiles
    from argoflux.resource import Resource


@dataclass(slots=True, kw_only=True)
class Writing:
    """The app, its draft, and the facts of its decision, which notes test and texts are filled from."""

    app: App
    request: Request
    emission: Emission
    draft: Draft
    facts: dict[str, Any] = field(default_factory=dict)
    refresh_paths: list[str] = field(default_factory=list)

    @property
    def part(self) -> Part:
        """The one source of a Flux app."""
        return self.app.parts[0]

    @property
    def git(self) -> GitSource | None:
        """The Git repository of the app; None for charts and artifacts from elsewhere."""
        source = self.part.source
        return source if isinstance(source, GitSource) else None

    @property
    def frozen(self) -> bool:
        """Whether the source is suspended, and no revision of it is known."""
        source = self.part.source
        if isinstance(source, GitSource):
            return source.suspended
        return isinstance(source, HelmSource | OciSource) and source.access.suspended

    @property
    def source_resource(self) -> Resource | None:
        """The object that the source was read from."""
        kinds = {"GitRepository", "HelmRepository", "OCIRepository"}
        return next((r for r in self.app.made_of if r.ref.kind in kinds), None)

    def bare_content(self) -> Content:
        """What the path yields without the edits of the Kustomization."""
        return self.request.content(self.app, replace(self.part, render=Kustomize()))

    def final_content(self) -> Content:
        """What the path yields with all edits."""
        return self.request.content(self.app, self.part)

    def files(self) -> SourceFiles | None:
        """The files of the repository, where a copy is at hand."""
        return self.request.files(self.app, self.part)

    def say(self, message: Message, **facts: Any) -> None:
        """Raise a message about this app as a whole."""
        given = {"name": self.app.id, "path": self.part.path, **facts}
        self.emission.say(message, self.app.resource.place(), apps=(self.app.id,), **given)

    def lacks(self, field_name: str) -> bool:
        """Whether the target release has no such field; notes the release that has it."""
        first = missing(field_name, self.request.argocd)
        if first is None:
            return False
        self.facts.setdefault("gated_fields", {})[field_name] = first
        return True
