"""What a parent Kustomization does to the Flux objects that it applies: edits, and variables.

Variables (``postBuild``) are filled in where their values are in the input; what cannot be filled in
or computed is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, equivalent, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context
    from argoflux.yamlio.tree import Yaml

F2A_SUB_001 = Message(
    code="F2A-SUB-001",
    verdict=Verdict.EQUIVALENT,
    text="the variables of {reference} are frozen into the rendered files of {name}",
    instead="run the conversion again when they change",
)
F2A_SUB_002 = Message(
    code="F2A-SUB-002",
    verdict=Verdict.MANUAL,
    text="variables {variables} of {name} are filled in by {parent} from a Secret; they were copied as they stand",
    instead="move what is secret into a Secret that the workload reads, or render with `flux envsubst` in a plugin",
    tags=("security",),
)
F2A_SUB_003 = Message(
    code="F2A-SUB-003",
    verdict=Verdict.MANUAL,
    text="{parent} cannot fill in {name}: {why}; Flux {flux} fails on it",
    instead="set the variable, give it a default, or label the object `kustomize.toolkit.fluxcd.io/substitute: disabled`",
)
F2A_SUB_006 = Message(
    code="F2A-SUB-006",
    verdict=Verdict.MANUAL,
    text="variables {variables} of {name} are filled in by {parent} from sources that are not in the input; they were copied as they stand",
    instead="give these ConfigMaps as input, or write the values into the result",
)
F2A_SUB_008 = Message(
    code="F2A-SUB-008",
    verdict=Verdict.MANUAL,
    text="variables {variables} of {name} are filled in by nothing in the input; they were copied as they stand",
    instead="give the Kustomization that applies it as input, or write the values into the result",
)
F2A_SUB_007 = Message(
    code="F2A-SUB-007",
    verdict=Verdict.APPROXIMATE,
    text="variables {variables} of {name} are set nowhere; Flux {flux} leaves them empty, and so does the result",
    instead="set them, or give them a default: Flux 2.9 fails on them",
)
F2A_OVL_001 = Message(
    code="F2A-OVL-001",
    verdict=Verdict.APPROXIMATE,
    text="the build of {parent} changes {name} in a way that cannot be computed here; it was read as its file states it",
    instead="compare it with what `flux build kustomization` gives",
    tags=("evidence",),
)

F2A_SUB_004 = Message(
    code="F2A-SUB-004",
    verdict=Verdict.APPROXIMATE,
    text="{files} hold `$$` or `${` that Flux changes before it applies them; Argo CD applies them as they stand",
    instead="write what Flux makes of them, or label the objects `kustomize.toolkit.fluxcd.io/substitute: disabled` first",
)
F2A_SUB_009 = Message(
    code="F2A-SUB-009",
    verdict=Verdict.EQUIVALENT,
    text="variable `{variable}` of {name} is used nowhere in what `{path}` yields, and was dropped",
)
F2A_SUB_011 = Message(
    code="F2A-SUB-011",
    verdict=Verdict.APPROXIMATE,
    text="what {name} fills in was rendered into `{folder}`, and the Application applies that; edits of `{path}` no longer reach the cluster by themselves",
    instead="render again when the manifests or their variables change; commit the output of this conversion to {url} at that path",
)
F2A_SUB_012 = Message(
    code="F2A-SUB-012",
    verdict=Verdict.EQUIVALENT,
    text="kustomize copies the variables of {name} into its objects: `{folder}` builds `{path}` with them",
    instead="{how}; nothing that Flux reads changes",
)
F2A_SUB_013 = Message(
    code="F2A-SUB-013",
    verdict=Verdict.EQUIVALENT,
    text="the variables of {reference} that {name} uses were copied to `{file}`",
    instead="change them there as well, or run the conversion again",
)
F2A_SUB_014 = Message(
    code="F2A-SUB-014",
    verdict=Verdict.APPROXIMATE,
    text="the variables of {name} are not copied by kustomize, which only fills in whole texts: {why}",
    instead="make each variable the whole text of a value, or leave out `--substitution replacements`",
)
F2A_SUB_010 = Message(
    code="F2A-SUB-010",
    verdict=Verdict.MANUAL,
    text="variables of {name} are not filled in for Argo CD: {why}",
    instead="{remedy}",
)

# fluxcd/pkg:envsubst/parse/parse.go: a name in braces; `$$` is one dollar sign
_VARIABLE = re.compile(r"(?<!\$)(?:\$\$)*\$\{([A-Za-z_][A-Za-z0-9_]*)")


def _rendering(ctx: Context) -> Any:
    return ctx.fact("rendering")


def _none_stated(_value: Any, ctx: Context) -> bool:
    return ctx.path[-1] == "substitute" and not dig(ctx.body, *ctx.path)


def _unused(_value: Any, ctx: Context) -> bool:
    """Whether no object of the path holds the variable, as far as every object is known."""
    found = _rendering(ctx)
    return found is not None and found.known and str(ctx.path[-1]) not in found.used


def _no_variable(_value: Any, ctx: Context) -> bool:
    found = _rendering(ctx)
    return found is not None and found.known and not found.used


def _why_not(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"why": ctx.fact("substitution_why"), "remedy": ctx.fact("substitution_remedy")}


def _source(_value: Any, ctx: Context) -> dict[str, Any]:
    entry = dig(ctx.body, *ctx.path[:4])
    kind, name = (
        (entry.get(key, "") for key in ("kind", "name")) if isinstance(entry, dict) else ("", "")
    )
    return {"reference": f"{kind}/{name}"}


def _copied(value: Any, ctx: Context) -> dict[str, Any]:
    return {**_source(value, ctx), "file": ctx.fact("variables_file")}


_K = "Kustomization"

# kustomize-controller:api/v1/kustomization_types.go PostBuild, SubstituteReference
ROWS = (
    Concept(
        slot="part.render.variables",
        says="Variables that are filled in after the build.",
        flux=(on(_K, "spec.postBuild.substitute", subtree=True),),
        to_argo=(
            equivalent(when=_none_stated),
            says(
                F2A_SUB_009,
                when=_unused,
                facts=lambda _value, ctx: {
                    "variable": ctx.path[-1],
                    "path": ctx.app.parts[0].path if ctx.app is not None else ".",
                },
            ),
            says(F2A_SUB_010, when=fact("substitution_why"), facts=_why_not),
            equivalent(),
        ),
    ),
    Concept(
        slot="part.render.variables",
        says="ConfigMaps and Secrets that hold variables.",
        flux=tuple(
            on(_K, f"spec.postBuild.substituteFrom[].{name}")
            for name in ("kind", "name", "optional")
        ),
        to_argo=(
            equivalent(when=_no_variable),
            says(F2A_SUB_010, when=fact("substitution_why"), facts=_why_not),
            says(F2A_SUB_013, when=fact("variables_file"), facts=_copied),
            says(F2A_SUB_001, facts=_source),
        ),
    ),
    Concept(
        slot="",
        says="Whether texts are changed also when no variable is set.",
        flux=(on(_K, "spec.postBuild.substituteStrategy", "WithVariables"),),
        to_argo=(equivalent(),),
    ),
)


def variables_in(value: Yaml) -> tuple[str, ...]:
    """The names of the variables in a document's texts, sorted."""
    found: set[str] = set()
    _collect(value, found)
    return tuple(sorted(found))


def _collect(value: Yaml, found: set[str]) -> None:
    if isinstance(value, str):
        if "${" in value:
            found.update(_VARIABLE.findall(value))
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)


def is_filled_in(text: str) -> bool:
    """Whether a text is complete: it holds no variable."""
    return _VARIABLE.search(text) is None
