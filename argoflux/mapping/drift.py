"""Differences between the cluster and Git that are tolerated."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.conditions import becomes_release
from argoflux.mapping.ignore_rules import group_of, is_glob, is_pointer
from argoflux.mapping.verdict import Message, Verdict
from argoflux.model.render import Kustomize

A2F_IGN_001 = Message(
    code="A2F-IGN-001",
    verdict=Verdict.MANUAL,
    text="jq path `{value}` cannot be said as a JSON pointer",
    instead="name the field by `jsonPointers`, or remove it from Git so that nobody sets it",
)
A2F_IGN_002 = Message(
    code="A2F-IGN-002",
    verdict=Verdict.APPROXIMATE,
    text="fields of manager {value} are left alone only where Git does not set them",
    instead="remove such fields from Git, or name them by `jsonPointers`",
)
A2F_IGN_003 = Message(
    code="A2F-IGN-003",
    verdict=Verdict.MANUAL,
    text="`ignoreDifferences` needs Flux 2.9 for a Kustomization (target is {flux})",
    instead="remove the fields from Git, or use the ssa: Merge annotation on the object",
)
A2F_IGN_004 = Message(
    code="A2F-IGN-004",
    verdict=Verdict.APPROXIMATE,
    text="{field} of {object} is not in Git: it falls back to its default once Argo CD's hold on it is released",
    instead="write it into Git for the move, or annotate the object `kustomize.toolkit.fluxcd.io/ssa: Merge`",
)
A2F_IGN_005 = Message(
    code="A2F-IGN-005",
    verdict=Verdict.EQUIVALENT,
    text="the core group of {kind} was written as `version: v1`",
)
A2F_IGN_007 = Message(
    code="A2F-IGN-007",
    verdict=Verdict.APPROXIMATE,
    text="the rule names {name}, but the build renames objects ({edit}): it matches nothing in either system",
    instead="use the name that the object has in the cluster",
)
A2F_IGN_008 = Message(
    code="A2F-IGN-008",
    verdict=Verdict.APPROXIMATE,
    text="Flux also leaves {value} alone when it applies; Argo CD without RespectIgnoreDifferences overwrites it with every sync",
    instead="set RespectIgnoreDifferences=true first to see that behaviour in Argo CD",
)
A2F_IGN_010 = Message(
    code="A2F-IGN-010",
    verdict=Verdict.APPROXIMATE,
    text="the rule for {kind} names no group: Argo CD finds only objects of the core group, Flux all that have version v1",
    instead="state the group in `ignoreDifferences` first",
)
A2F_IGN_011 = Message(
    code="A2F-IGN-011",
    verdict=Verdict.APPROXIMATE,
    text="a Helm upgrade sets {value} again; Argo CD with RespectIgnoreDifferences keeps what is in the cluster",
    instead="take the field out of the chart's values, so that the chart does not set it",
)
A2F_IGN_012 = Message(
    code="A2F-IGN-012",
    verdict=Verdict.UNKNOWN,
    text="`{value}` is no JSON pointer and was left out: a pointer starts with a slash",
    instead="correct the path",
)
A2F_IGN_009 = Message(
    code="A2F-IGN-009",
    verdict=Verdict.EQUIVALENT,
    text="jq path `{value}` became the JSON pointer `{pointer}`",
)
F2A_KS_019 = Message(
    code="F2A-KS-019",
    verdict=Verdict.APPROXIMATE,
    text="the rule's target uses {parts}, which Argo CD cannot match: {handling}",
    instead="check which objects the rule matches now",
)
F2A_KS_025 = Message(
    code="F2A-KS-025",
    verdict=Verdict.MANUAL,
    text='an ignore rule for whole objects (path "") has no counterpart',
    instead="leave the object out of the Application",
)


F2A_KS_029 = Message(
    code="F2A-KS-029",
    verdict=Verdict.UNKNOWN,
    text="`{value}` is no JSON pointer and was left out: a pointer starts with a slash",
    instead="correct the path",
)
F2A_KS_026 = Message(
    code="F2A-KS-026",
    verdict=Verdict.MANUAL,
    text="the rule's target uses {parts}, which Argo CD cannot match, and the objects cannot be seen from here; the rule was left out",
    instead="list the objects by name in `ignoreDifferences`",
)


def _rule(ctx: Context) -> dict[str, Any]:
    """The ignore rule that the leaf belongs to."""
    node: Any = ctx.body
    for key in ctx.path:
        node = node[key]
        if isinstance(key, int):
            break
    return dict(node) if isinstance(node, dict) else {}


def _rule_index(ctx: Context) -> int:
    return next((key for key in ctx.path if isinstance(key, int)), 0)


def _too_old(_value: Any, ctx: Context) -> bool:
    return ctx.kind == "Kustomization" and ctx.fact("flux_ignore") is False


def _disrespected(_value: Any, ctx: Context) -> bool:
    return ctx.app is not None and not ctx.app.drift.respect


def _says_nothing(_value: Any, ctx: Context) -> bool:
    """Whether the rule has no path that is written: what it is for does not matter then."""
    rule = _rule(ctx)
    if ctx.to == "argocd":
        return not any(is_pointer(path) for path in rule.get("paths") or ())
    known = ctx.fact("jq_pointers") or {}
    stated = rule.get("jqPathExpressions") or ()
    pointers = rule.get("jsonPointers") or ()
    return not any(map(is_pointer, pointers)) and not any(path in known for path in stated)


def _core_by_version(_value: Any, ctx: Context) -> bool:
    return ctx.path[-1] == "kind" and not _rule(ctx).get("group")


def _meets_other_groups(value: Any, ctx: Context) -> bool:
    """Whether `version: v1`, the core group in Flux, also meets kinds of other groups."""
    if not _core_by_version(value, ctx):
        return False
    return is_glob(str(value)) or group_of(str(value)) not in {"", None}


def _renamed_target(value: Any, ctx: Context) -> bool:
    """Whether the name cannot be the final one of an object that the build renames."""
    render = ctx.app.parts[0].render if ctx.app is not None else None
    if not value or not ctx.fact("name_edits") or not isinstance(render, Kustomize):
        return False
    name = str(value)
    ends = (render.name_prefix or "", render.name_suffix or "")
    return not (name.startswith(ends[0]) and name.endswith(ends[1]))


_A = "Application"
_TARGET = ["name", "namespace", "group", "kind", "version", "labelSelector", "annotationSelector"]

# argo-cd:util/argo/normalizers/diff_normalizer.go (Normalize), controller/sync.go
# (normalizeTargetResources); fluxcd/pkg:ssa/manager_apply.go (a Kustomization leaves the fields alone
# when it applies), helm-controller:internal/reconcile/state.go (DetermineReleaseState: a HelmRelease
# ignores them only when it looks for drift, so that upgrades write them)
ROWS = (
    Concept(
        slot="drift.rules",
        says="Fields that are not compared, as JSON pointers.",
        argo=(on(_A, "spec.ignoreDifferences[].jsonPointers[]"),),
        flux=(
            on("Kustomization", "spec.ignore[].paths[]"),
            on("HelmRelease", "spec.driftDetection.ignore[].paths[]"),
        ),
        to_flux=(
            equivalent(when=lambda value, _ctx: value == ""),  # removes nothing in Argo CD
            says(A2F_IGN_012, when=lambda value, _ctx: not is_pointer(value)),
            says(A2F_IGN_003, when=_too_old),
            # ignored when drift is looked for, not when the release is upgraded
            exact(
                when=lambda value, ctx: becomes_release(value, ctx) and _disrespected(value, ctx)
            ),
            says(A2F_IGN_011, when=becomes_release),
            says(A2F_IGN_008, when=_disrespected),
            exact(),
        ),
        to_argo=(
            says(F2A_KS_025, when=lambda value, _ctx: value == ""),
            says(F2A_KS_029, when=lambda value, _ctx: not is_pointer(value)),
            says(
                F2A_KS_026,
                when=lambda _value, ctx: _rule_index(ctx) in (ctx.fact("lost_rules") or {}),
                facts=lambda _value, ctx: {"parts": ctx.fact("lost_rules")[_rule_index(ctx)]},
            ),
            exact(),
        ),
    ),
    Concept(
        slot="drift.rules",
        says="Fields that are not compared, as jq paths.",
        argo=(on(_A, "spec.ignoreDifferences[].jqPathExpressions[]"),),
        to_flux=(
            says(A2F_IGN_001, when=lambda value, ctx: value not in (ctx.fact("jq_pointers") or {})),
            says(A2F_IGN_003, when=_too_old),
            # from here on it is a pointer, with the limits of one
            says(A2F_IGN_011, when=lambda v, c: becomes_release(v, c) and not _disrespected(v, c)),
            says(A2F_IGN_008, when=lambda v, c: _disrespected(v, c) and not becomes_release(v, c)),
            says(
                A2F_IGN_009,
                facts=lambda value, ctx: {"pointer": ctx.fact("jq_pointers")[value]},
            ),
        ),
    ),
    Concept(
        slot="drift.rules",
        says="Field managers whose fields are trusted.",
        argo=(on(_A, "spec.ignoreDifferences[].managedFieldsManagers[]"),),
        to_flux=(says(A2F_IGN_002),),
    ),
    Concept(
        slot="drift.rules",
        says="Which objects a rule is for.",
        argo=(
            on(_A, "spec.ignoreDifferences[].kind"),
            on(_A, "spec.ignoreDifferences[].group"),
            on(_A, "spec.ignoreDifferences[].namespace"),
        ),
        to_flux=(
            equivalent(when=_says_nothing),
            says(A2F_IGN_003, when=_too_old),
            says(
                A2F_IGN_010,
                when=_meets_other_groups,
                facts=lambda value, _ctx: {"kind": value},
            ),
            says(
                A2F_IGN_005,
                when=_core_by_version,
                facts=lambda value, _ctx: {"kind": value},
            ),
            exact(),
        ),
    ),
    Concept(
        slot="drift.rules",
        says="The name of the object that a rule is for.",
        argo=(on(_A, "spec.ignoreDifferences[].name"),),
        to_flux=(
            equivalent(when=_says_nothing),
            says(A2F_IGN_003, when=_too_old),
            says(
                A2F_IGN_007,
                when=_renamed_target,
                facts=lambda value, ctx: {"name": value, "edit": ctx.fact("name_edits")},
            ),
            exact(),
        ),
    ),
    Concept(
        slot="drift.rules",
        says="Which objects a rule is for.",
        flux=(
            *(on("Kustomization", f"spec.ignore[].target.{name}") for name in _TARGET),
            *(on("HelmRelease", f"spec.driftDetection.ignore[].target.{name}") for name in _TARGET),
        ),
        to_argo=(
            equivalent(when=_says_nothing),
            says(
                F2A_KS_026,
                when=lambda _value, ctx: _rule_index(ctx) in (ctx.fact("lost_rules") or {}),
                facts=lambda _value, ctx: {"parts": ctx.fact("lost_rules")[_rule_index(ctx)]},
            ),
            says(
                F2A_KS_019,
                when=lambda _value, ctx: _rule_index(ctx) in (ctx.fact("inexact_rules") or {}),
                facts=lambda _value, ctx: ctx.fact("inexact_rules")[_rule_index(ctx)],
            ),
            exact(),
        ),
    ),
    Concept(
        slot="drift.rules",
        says="Rules for whole lists that are empty.",
        argo=(on(_A, "spec.ignoreDifferences"),),
        flux=(on("Kustomization", "spec.ignore"), on("HelmRelease", "spec.driftDetection.ignore")),
        to_flux=(equivalent(),),
        to_argo=(equivalent(),),
    ),
)
