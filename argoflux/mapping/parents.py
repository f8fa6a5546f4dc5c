"""Kustomizations that apply nothing but Flux objects: they become apps of apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, equivalent, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context

F2A_OBJ_005 = Message(
    code="F2A-OBJ-005",
    verdict=Verdict.EQUIVALENT,
    text="{name} applied Flux objects: what they became stands in `{folder}` of the output and is applied by the Application {object}",
    instead="commit the output to the repository that {name} reads, and apply what its kustomization.yaml lists",
)
F2A_OBJ_006 = Message(
    code="F2A-OBJ-006",
    verdict=Verdict.MANUAL,
    text="where `{folder}` of the output will stand in the repository is not known; the Application {object} has a placeholder as path",
    instead="say it with --deploy-path, or let -d name a folder inside the checkout",
)
F2A_OBJ_007 = Message(
    code="F2A-OBJ-007",
    verdict=Verdict.MANUAL,
    text="{name} also applies {absent}, of which no Application was made",
    instead="give the files that hold them as input as well, and see what became of those that are there",
)
F2A_OBJ_008 = Message(
    code="F2A-OBJ-008",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: it applies only Flux objects ({objects}), and {why}",
    instead="apply the converted Applications directly, or from a parent Application of your own",
)
F2A_NAME_002 = Message(
    code="F2A-NAME-002",
    verdict=Verdict.EQUIVALENT,
    text="{source} became Application {new}, the root of everything else: it is named after the directory that it applied",
    instead="use the new name in references",
)
F2A_BOOT_002 = Message(
    code="F2A-BOOT-002",
    verdict=Verdict.MANUAL,
    text="{name} applies `{directory}` of {url}; no root Application was made of that",
    instead="commit the output to that repository, and write an Application over its folder `apps`",
)


def _sync(_value: object, ctx: Context) -> dict[str, Any]:
    stated = ctx.body["spec"]["sync"]
    return {"directory": stated.get("path") or ".", "url": stated.get("url") or "its source"}


# flux-operator:api/v1/fluxinstance_types.go Sync
ROWS = (
    Concept(
        slot="",
        says="What the installation applies first, as `flux bootstrap` would.",
        flux=(on("FluxInstance", "spec.sync", subtree=True),),
        to_argo=(equivalent(when=fact("rooted")), says(F2A_BOOT_002, facts=_sync)),
    ),
)
