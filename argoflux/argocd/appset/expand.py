"""One ApplicationSet as the Applications that its controller makes.

Facts: argo-cd:applicationset/controllers/template/template.go (GenerateApplications),
argo-cd:applicationset/controllers/applicationset_controller.go (validateGeneratedApplications),
argo-cd:applicationset/utils/utils.go (RenderTemplateParams).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.generators import Generators, Inputs, merged_template
from argoflux.argocd.appset.patching import apply_patch
from argoflux.argocd.appset.problems import SAME_NAME, ExpansionError, Problem, TemplateError
from argoflux.argocd.appset.templating import Templating
from argoflux.argocd.shapes import block, items, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.text import Path

TEMPLATE: Path = ("spec", "template")
PATCH: Path = ("spec", "templatePatch")
FINALIZER = "resources-finalizer.argocd.argoproj.io"

_METADATA = ("name", "namespace", "labels", "annotations", "finalizers")
_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\Z")
_NAME_LIMIT = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One Application: its body, and the parameters and generator that it comes from.

    ``own_template``: the generator brings a template along, whose values went before the others.
    """

    body: dict[str, Any]
    params: Mapping[str, Any]
    generator: Path
    own_template: bool = False

    @property
    def name(self) -> str:
        """The name of the Application."""
        return text(block(self.body, "metadata").get("name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What one ApplicationSet makes, and what of it nobody can tell or Argo CD refuses."""

    children: tuple[Child, ...] = ()
    problems: tuple[Problem, ...] = ()


def expand(body: Mapping[str, Any], inputs: Inputs) -> Expansion:
    """Every Application in the order of the generators; never raises for what a body holds."""
    spec = block(body, "spec")
    templating = templating_of(spec)
    generators = Generators(templating, inputs)
    children: list[Child] = []
    problems: list[Problem] = []
    if not items(spec, "generators"):
        problems.append(Problem(("spec",), "invalid", "it has no generators"))
    for number, stated in enumerate(items(spec, "generators")):
        found, missing = generators.read(stated, ("spec", "generators", number))
        problems += missing
        for one in found:
            template = merged_template(one.template, block(spec, "template"))
            own = bool(one.template)
            for params in one.params:
                try:
                    made = _render(template, spec, params, templating, text(_namespace(body)))
                except ExpansionError as error:
                    problem = Problem(error.path or TEMPLATE, error.reason, str(error), error.what)
                    problems += [] if problem in problems else [problem]
                else:
                    children.append(
                        Child(body=made, params=params, generator=one.path, own_template=own)
                    )
    kept, wrong = _named(children)
    return Expansion(children=tuple(kept), problems=(*problems, *wrong))


def templating_of(spec: Mapping[str, Any]) -> Templating:
    """The template language that a spec asks for."""
    options = tuple(text(option) for option in items(spec, "goTemplateOptions"))
    return Templating(go=spec.get("goTemplate") is True, options=options)


def _namespace(body: Mapping[str, Any]) -> Any:
    return block(body, "metadata").get("namespace")


def _render(
    template: Mapping[str, Any],
    spec: Mapping[str, Any],
    params: Mapping[str, Any],
    templating: Templating,
    namespace: str,
) -> dict[str, Any]:
    metadata = {
        key: value
        for key, value in block(template, "metadata").items()
        if key in _METADATA and value is not None
    }
    body: dict[str, Any] = {"metadata": metadata, "spec": block(template, "spec")}
    if params:
        body = _filled(body, spec, params, templating)
    patch = spec.get("templatePatch")
    if isinstance(patch, str):
        try:
            body = apply_patch(body, templating.replace(patch, params))
        except TemplateError as error:
            raise error.at(PATCH) from None
    metadata = dict(block(body, "metadata"))
    metadata.pop("namespace", None)
    if namespace:
        metadata["namespace"] = namespace
    kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}
    return {**kind, "metadata": metadata, "spec": body.get("spec")}


def _filled(
    body: dict[str, Any], spec: Mapping[str, Any], params: Mapping[str, Any], templating: Templating
) -> dict[str, Any]:
    """The template with its parameters; without finalizers of its own it deletes with its objects."""
    try:
        filled: dict[str, Any] = templating.fill(body, params)
    except TemplateError as error:
        raise error.below(TEMPLATE) from None
    keeps = block(spec, "syncPolicy").get("preserveResourcesOnDeletion") is True
    if not keeps and not items(filled["metadata"], "finalizers"):
        filled["metadata"] = {**filled["metadata"], "finalizers": [FINALIZER]}
    return filled


def _named(children: list[Child]) -> tuple[list[Child], list[Problem]]:
    """The Applications that the cluster takes: valid names, none of them twice."""
    place: Path = (*TEMPLATE, "metadata", "name")
    counts = Counter(child.name for child in children)
    problems: list[Problem] = []
    kept: list[Child] = []
    for child in children:
        name = child.name
        if not _NAME.match(name) or len(name) > _NAME_LIMIT:
            problem = Problem(place, "invalid", f"`{name}` is no valid name of an Application")
        elif counts[name] > 1:
            said = f"{counts[name]} Applications are called `{name}`"
            problem = Problem(place, "invalid", said, SAME_NAME)
        else:
            kept.append(child)
            continue
        if problem not in problems:
            problems.append(problem)
    return kept, problems
