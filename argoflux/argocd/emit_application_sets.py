"""Sets of Flux objects as ApplicationSets.

The template is the Application that the templated object becomes; Argo CD fills in the parameters of
each element (argo-cd:applicationset/generators/list.go, applicationset/utils/utils.go).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.mapping.draft import Draft, Trace
from argoflux.mapping.emission import Decision
from argoflux.mapping.names import slug
from argoflux.model.content import Unknown

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing
    from argoflux.mapping.emission import Request
    from argoflux.model.app import App, Part
    from argoflux.model.content import Content
    from argoflux.model.files import SourceFiles
    from argoflux.model.generated import GeneratedSet

OPEN = "{{"


def templated(request: Request) -> Request:
    """The request for a template: a path that differs by the inputs yields nothing known."""

    def content(app: App, part: Part) -> Content:
        if OPEN in part.path:
            return Unknown(reason="the path differs by the inputs of a set")
        return request.content(app, part)

    def files(app: App, part: Part) -> SourceFiles | None:
        return None if OPEN in part.path else request.files(app, part)

    return replace(request, content=content, files=files)


def fold(made: GeneratedSet, work: Writing, decision: Decision) -> Decision:
    """Put the finished Application into an ApplicationSet; the decision for its app."""
    if decision.refused is not None:
        return replace(decision, refused=replace(decision.refused, resource=made.resource))
    if not decision.kind:
        return decision
    resource, single = made.resource, work.draft
    draft = Draft(
        api_version=single.api_version,
        kind="ApplicationSet",
        namespace=single.namespace,
        name=slug(resource.ref.name),
        folder=single.folder,
        root=single.root,
        apps=single.apps,
        sources=[resource, *made.facts["providers"]],
    )
    draft.put("spec.goTemplate", value=True, origin="required")
    draft.put("spec.goTemplateOptions", ["missingkey=error"], origin="default")
    for elements in made.facts["lists"]:
        draft.add("spec.generators", {"list": {"elements": elements}}, slot="generated.inputs")
    _put_template(draft, single)
    for kind in ("labels", "annotations"):
        for key, value in made.facts[kind].items():
            at = ("spec", "template", "metadata", kind, key)
            draft.put(at, value, slot="generated.metadata")
    work.emission.drafts.append(draft)
    for used in draft.sources:
        work.emission.made[used] = Decision(kind="ApplicationSet")
    return Decision(kind="ApplicationSet", facts=decision.facts)


def _put_template(draft: Draft, single: Draft) -> None:
    """The Application without its type and namespace; its traces come along."""
    metadata = {k: v for k, v in single.body["metadata"].items() if k != "namespace"}
    draft.body["spec"]["template"] = {"metadata": metadata, "spec": single.body["spec"]}
    draft.traces += [
        Trace(("spec", "template", *t.path), t.slot, t.origin, t.message, t.facts)
        for t in single.traces
        if t.path[0] in {"metadata", "spec"}
    ]
