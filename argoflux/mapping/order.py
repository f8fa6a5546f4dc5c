"""Order: sync waves, hooks, and the order of Applications under one parent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from argoflux.mapping.annotations import is_key
from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.verdict import Message, Verdict
from argoflux.model.content import HELM_HOOK, HOOK, HOOK_DELETE_POLICY, WAVE
from argoflux.model.phases import HELM_WEIGHT

if TYPE_CHECKING:
    from argoflux.mapping.concept import Note, Test

A2F_WAVE_001 = Message(
    code="A2F-WAVE-001",
    verdict=Verdict.EQUIVALENT,
    text="the objects of `{path}` are applied in order ({order}): one Kustomization each, {names}",
    instead="check with `flux build kustomization` that each object is in one of them",
)
A2F_WAVE_002 = Message(
    code="A2F-WAVE-002",
    verdict=Verdict.EQUIVALENT,
    text="the waves of `{path}` need no Kustomizations of their own: Flux applies definitions, then classes, then the rest",
)
A2F_WAVE_003 = Message(
    code="A2F-WAVE-003",
    verdict=Verdict.MANUAL,
    text="`{path}` uses the negative waves {waves}: a selector cannot tell them apart, so they are applied together",
    instead="renumber the waves in Git so that at most one is negative",
)
A2F_WAVE_004 = Message(
    code="A2F-WAVE-004",
    verdict=Verdict.APPROXIMATE,
    text="an object of `{path}` whose wave or hook changes leaves one of {names}, which prunes it, before another creates it",
    instead="suspend them, or annotate the object with kustomize.toolkit.fluxcd.io/prune: disabled, while you change its wave",
)
A2F_WAVE_005 = Message(
    code="A2F-WAVE-005",
    verdict=Verdict.MANUAL,
    text="templates of the chart `{chart}` set sync waves ({files}); Helm applies all objects in the order of their kinds",
    instead="turn what must come first or last into Helm hooks with weights, or split the chart",
)
A2F_WAVE_006 = Message(
    code="A2F-WAVE-006",
    verdict=Verdict.APPROXIMATE,
    text="wave {value} of {name} became {target}: Argo CD did not wait until the Applications before it are healthy, Flux does",
    instead="drop the dependency where something before it never becomes ready",
)
A2F_WAVE_007 = Message(
    code="A2F-WAVE-007",
    verdict=Verdict.APPROXIMATE,
    text="not everything that `{path}` yields can be read ({gap}): what has another wave or hook there is in none of {names}",
    instead="compare `kustomize build` of the path with what the Kustomizations apply",
    tags=("evidence",),
)
A2F_WAVE_008 = Message(
    code="A2F-WAVE-008",
    verdict=Verdict.MANUAL,
    text="the waves and hooks of `{path}` were not split: {trouble}",
    instead="write final names and counts into the manifests, or split the directory",
)
A2F_WAVE_009 = Message(
    code="A2F-WAVE-009",
    verdict=Verdict.MANUAL,
    text="wave {value} of {name} is not kept in full: the Applications beside it become {detail}, which takes a folder per wave",
    instead="{remedy}",
)
A2F_WAVE_010 = Message(
    code="A2F-WAVE-010",
    verdict=Verdict.EQUIVALENT,
    text="wave {value} of {name} was dropped: no other Application that its parent may order it with is in the input",
    instead="give the parent and its other Applications as input as well where there are some",
    tags=("evidence",),
)
A2F_WAVE_011 = Message(
    code="A2F-WAVE-011",
    verdict=Verdict.EQUIVALENT,
    text="what these Applications deploy cannot be seen from here, so sync waves and hooks among their objects were not converted, if there are any: {names}",
    instead="give the checkouts with `--source REPOURL=DIR`; in charts, use Helm hooks",
    tags=("evidence",),
    run=True,
)
A2F_OBJ_004 = Message(
    code="A2F-OBJ-004",
    verdict=Verdict.MANUAL,
    text="{name} deploys other Applications ({children}): that becomes a Kustomization over their new files, which the stream does not have",
    instead="write a folder with -d, and say with --deploy-path where it will stand in the repository",
)
A2F_OBJ_005 = Message(
    code="A2F-OBJ-005",
    verdict=Verdict.MANUAL,
    text="{name} deploys Argo CD objects of which none is converted ({children})",
    instead="give the folder that holds them as input as well, or convert them first",
)
A2F_OBJ_006 = Message(
    code="A2F-OBJ-006",
    verdict=Verdict.MANUAL,
    text="kustomization files of `{path}` change {name}, or may do so; it was converted as its own file states it",
    instead="convert what `kustomize build` of the path yields",
)
A2F_OBJ_007 = Message(
    code="A2F-OBJ-007",
    verdict=Verdict.MANUAL,
    text="{name} also deploys {absent}, of which no objects of Flux were made",
    instead="give the files that hold them as input as well, and see what became of those that are there",
)
A2F_OBJ_008 = Message(
    code="A2F-OBJ-008",
    verdict=Verdict.MANUAL,
    text="where `{folder}` of the output will stand in the repository is not known; {object} has a placeholder as path",
    instead="say it with --deploy-path, or let -d name a folder inside the checkout",
)
A2F_OBJ_009 = Message(
    code="A2F-OBJ-009",
    verdict=Verdict.EQUIVALENT,
    text="{name} deployed Applications: what they became stands in `{folder}` of the output and is applied by {object}",
    instead="commit the output to the repository that {name} reads, at the path that the Kustomizations name",
)
A2F_OBJ_010 = Message(
    code="A2F-OBJ-010",
    verdict=Verdict.EQUIVALENT,
    text="{name} only deploys projects ({children}), which are converted themselves; it became nothing",
)
A2F_HOOK_001 = Message(
    code="A2F-HOOK-001",
    verdict=Verdict.APPROXIMATE,
    text="hooks of {name} run when their spec changes, not on every sync: {hooks}",
    instead="let something in the spec change with each release, such as the tag of the image",
)
A2F_HOOK_002 = Message(
    code="A2F-HOOK-002",
    verdict=Verdict.APPROXIMATE,
    text="the delete policy {policy} of {hooks} was dropped: a finished Job stays until its spec changes, then it is replaced",
    instead="leave it; with `ttlSecondsAfterFinished` Flux would create and run the Job again at every interval",
)
A2F_HOOK_003 = Message(
    code="A2F-HOOK-003",
    verdict=Verdict.NONE,
    text="{hooks} ran when a sync failed; Flux has no such hook and never runs them",
    instead="send failures with an Alert (`eventSeverity: error`) to what reacts to them",
)
A2F_HOOK_004 = Message(
    code="A2F-HOOK-004",
    verdict=Verdict.MANUAL,
    text="templates of the chart `{chart}` are hooks of Argo CD ({files}); Helm applies them like any other object",
    instead="annotate them with helm.sh/hook: PreSync is pre-install,pre-upgrade, PostSync is post-install,post-upgrade; the delete policies are before-hook-creation, hook-succeeded, hook-failed",
)
A2F_HOOK_006 = Message(
    code="A2F-HOOK-006",
    verdict=Verdict.APPROXIMATE,
    text="objects of `{path}` are hooks by helm.sh/hook outside of a chart, which only Argo CD understands: {hooks}",
    instead="check the Kustomizations that apply them before and after the others",
)
A2F_HOOK_007 = Message(
    code="A2F-HOOK-007",
    verdict=Verdict.APPROXIMATE,
    text="{hook} runs before the sync and names {id}, which another Kustomization applies after it",
    instead="make {id} a PreSync hook of an earlier wave, or create it before the first run",
)
A2F_HOOK_008 = Message(
    code="A2F-HOOK-008",
    verdict=Verdict.EQUIVALENT,
    text="Argo CD never applies {objects}: the hook is Skip or unknown; patches leave them out",
)
A2F_HOOK_009 = Message(
    code="A2F-HOOK-009",
    verdict=Verdict.MANUAL,
    text="{hook} is a hook of several phases ({phases}); one object cannot be in two Kustomizations, so it runs in the first phase only",
    instead="write one object per phase, each with a name of its own",
)
A2F_HOOK_010 = Message(
    code="A2F-HOOK-010",
    verdict=Verdict.MANUAL,
    text="{name} is itself a hook of its parent ({value}); Flux applies it with the other objects",
    instead="order the objects with `dependsOn`",
)


def handled(*ways: str) -> Test:
    """A test: how the wave of an Application is kept."""

    def test(_value: Any, ctx: Context) -> bool:
        return (ctx.fact("wave_order") or "") in ways

    return test


def _kept_by(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"target": ctx.fact("wave_target")}


def _obstacle(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"detail": ctx.fact("wave_detail"), "remedy": ctx.fact("wave_remedy")}


def _waits(_value: Any, ctx: Context) -> bool:
    return bool(ctx.fact("waits_for_children"))


_WAVE_NOTES: tuple[Note, ...] = (
    exact(when=lambda value, _ctx: value in {"", "0"}),  # the default, stated
    # nobody to order: projects, sets, and what a set makes (only a sync of a parent reads waves)
    equivalent(when=handled("")),
    exact(when=handled("alone")),
    equivalent(when=handled("first")),
    says(A2F_WAVE_010, when=handled("unknown")),
    says(A2F_WAVE_009, when=handled("manual"), facts=_obstacle),
    equivalent(when=lambda _value, ctx: ctx.fact("wave_order") == "stated"),
    equivalent(when=_waits),
    says(A2F_WAVE_006, facts=_kept_by),
)
_HOOK_NOTES: tuple[Note, ...] = (
    exact(when=lambda value, _ctx: not value),
    says(A2F_HOOK_010),
)
_POLICY_NOTES: tuple[Note, ...] = (equivalent(),)


def _of(note: Note, *keys: str) -> Note:
    """The note for leaves with one of these keys only."""
    own, when = is_key(*keys), note.when
    if when is None:
        return replace(note, when=own)
    return replace(note, when=lambda value, ctx: own(value, ctx) and when(value, ctx))


NOTES: tuple[Note, ...] = (
    *(_of(note, WAVE) for note in _WAVE_NOTES),
    *(_of(note, HOOK) for note in _HOOK_NOTES),
    *(_of(note, HOOK_DELETE_POLICY) for note in _POLICY_NOTES),
)
"""What these annotations mean on an Application, as they stand in its metadata."""

# argo-cd:gitops-engine/pkg/sync (syncwaves/waves.go, hook/hook.go, hook/delete_policy.go,
# hook/helm); argo-cd:docs/operator-manual/upgrading/1.7-1.8.md (health of child Applications)
ROWS = (
    Concept(
        slot="order.wave",
        says="The wave in which a parent applies the Application.",
        argo=(on("annotations:application", WAVE, "0"),),
        to_flux=_WAVE_NOTES,
    ),
    Concept(
        slot="order.wave",
        says="The wave in which an object is applied, within its phase.",
        argo=(on("annotations:resource", WAVE, "0"), on("annotations:namespace", WAVE, "0")),
        to_flux=(says(A2F_WAVE_001),),
    ),
    Concept(
        slot="order.hook",
        says="The phases in which an object is applied, instead of the sync itself.",
        argo=(on("annotations:resource", HOOK),),
        to_flux=(says(A2F_HOOK_001),),
    ),
    Concept(
        slot="order.hook_delete_policy",
        says="When the object of a hook is deleted.",
        argo=(on("annotations:resource", HOOK_DELETE_POLICY, "BeforeHookCreation"),),
        to_flux=(says(A2F_HOOK_002),),
    ),
    Concept(
        slot="order.hook",
        says="Hooks of Helm, which Argo CD also reads outside of charts.",
        argo=(
            on("annotations:resource", HELM_HOOK),
            on("annotations:resource", HELM_WEIGHT, "0"),
            on("annotations:resource", "helm.sh/hook-delete-policy"),
        ),
        to_flux=(says(A2F_HOOK_006),),
    ),
)
