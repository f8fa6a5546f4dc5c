"""When an app counts as ready, and what its builds need besides."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, plain, says
from argoflux.mapping.verdict import Message, Verdict

A2F_HIS_001 = Message(
    code="A2F-HIS-001",
    verdict=Verdict.APPROXIMATE,
    text="`revisionHistoryLimit: {value}` {handling}",
)
A2F_INF_001 = Message(
    code="A2F-INF-001",
    verdict=Verdict.APPROXIMATE,
    text="info `{name}` became event metadata, which alerts show",
)
A2F_INF_002 = Message(
    code="A2F-INF-002",
    verdict=Verdict.EQUIVALENT,
    text="info `{name}` was dropped: it is no valid annotation",
)
F2A_HR_016 = Message(
    code="F2A-HR-016",
    verdict=Verdict.APPROXIMATE,
    text="`maxHistory: {value}` counted releases; {handling}",
)
F2A_KS_008 = Message(
    code="F2A-KS-008",
    verdict=Verdict.EQUIVALENT,
    text="`wait` has no field in Argo CD: health is always reported, and only holds back later waves",
)
F2A_KS_009 = Message(
    code="F2A-KS-009",
    verdict=Verdict.APPROXIMATE,
    text="the health of every object counts in Argo CD; Flux waited for {value} only",
    instead="annotate the others with argocd.argoproj.io/ignore-healthcheck where that matters",
)
F2A_KS_010 = Message(
    code="F2A-KS-010",
    verdict=Verdict.MANUAL,
    text="the health check on {object} looks outside {name}; Argo CD has no such check",
    instead="order the two with sync waves, or check it in a PreSync hook",
)
F2A_KS_011 = Message(
    code="F2A-KS-011",
    verdict=Verdict.MANUAL,
    text="the CEL health check for {kind} must become Lua in argocd-cm, for the whole installation",
    instead="see whether Argo CD knows the health of that kind already",
)
F2A_KS_030 = Message(
    code="F2A-KS-030",
    verdict=Verdict.APPROXIMATE,
    text="the CEL health check for {kind} became Lua in {file}, and counts for the whole installation",
    instead="merge it into argocd-cm, and compare both on a live object",
)
F2A_KS_031 = Message(
    code="F2A-KS-031",
    verdict=Verdict.EQUIVALENT,
    text="Argo CD has a health check of its own for {kind}; the CEL check was dropped",
)
F2A_KS_032 = Message(
    code="F2A-KS-032",
    verdict=Verdict.MANUAL,
    text="the CEL health check for {kind} was dropped: argocd-cm has one check for a kind, and it or another object states another",
    instead="agree on one check",
)
F2A_SOPS_001 = Message(
    code="F2A-SOPS-001",
    verdict=Verdict.MANUAL,
    text="{name} decrypts what SOPS encrypted, and Argo CD does not: {sealed}",
    instead="use KSOPS or helm-secrets in the repo-server, or move to External Secrets",
    tags=("security",),
)


def _sealed(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"sealed": ctx.fact("sealed") or "it would apply the ciphertext"}


def _check(ctx: Context) -> dict[str, Any]:
    node: Any = ctx.body
    for key in ctx.path[:-1]:
        node = node[key]
    return dict(node) if isinstance(node, dict) else {}


def _object(_leaf: Any, ctx: Context) -> dict[str, Any]:
    """The object of a check; an expression without a kind is for its whole group."""
    check = _check(ctx)
    parts = (check.get("kind"), check.get("namespace"), check.get("name"))
    group = str(check.get("apiVersion") or "").rpartition("/")[0]
    return {
        "object": "/".join(str(part) for part in parts if part),
        "kind": check.get("kind") or f"the kinds of {group or 'the core group'}",
        "file": ctx.fact("health_file"),
    }


def _fate(wanted: str) -> Any:
    """A test: the emitter did this with the check."""

    def test(_leaf: Any, ctx: Context) -> bool:
        fates: tuple[str, ...] = ctx.fact("health_fates") or ()
        number = ctx.path[-2]
        return isinstance(number, int) and number < len(fates) and fates[number] == wanted

    return test


def _info_name(_leaf: Any, ctx: Context) -> dict[str, Any]:
    return {"name": _check(ctx).get("name") or "without a name"}


def _history(value: Any, ctx: Context) -> dict[str, Any]:
    """What becomes of `revisionHistoryLimit`: Helm reads 0 as no limit, Argo CD as none kept."""
    if ctx.kind != "HelmRelease":
        handling = "was dropped: a Kustomization keeps no history"
    elif isinstance(value, int):
        handling = f"became `maxHistory: {max(1, value)}`, which counts releases"
    else:
        handling = "was dropped: it is no number"
    return {"handling": handling}


def _releases(value: Any, _ctx: Context) -> dict[str, Any]:
    kept = bool(value) and isinstance(value, int)
    unlimited = "keeping all of them has no counterpart, so Argo CD keeps ten syncs"
    return {"handling": "`revisionHistoryLimit` counts syncs" if kept else unlimited}


_K = "Kustomization"
_SYNCS_KEPT = 10
_RELEASES_KEPT = 5

# History: argo-cd:pkg/apis/application/v1alpha1/types.go (GetRevisionHistoryLimit),
# helm-controller:api/v2/helmrelease_types.go (GetMaxHistory); info: argo-cd:types.go (Info),
# notification-controller:internal/server/event_handlers.go (combineEventMetadata); health:
# kustomize-controller:internal/controller/kustomization_controller.go (checkHealth), argo-cd:
# controller/health.go (setApplicationHealth), fluxcd/pkg:runtime/cel/status_evaluator.go;
# decryption: kustomize-controller:internal/decryptor/decryptor.go
ROWS = (
    Concept(
        slot="history_limit",
        says="How many past syncs or releases are kept.",
        argo=(on("Application", "spec.revisionHistoryLimit", _SYNCS_KEPT),),
        flux=(on("HelmRelease", "spec.maxHistory", _RELEASES_KEPT),),
        to_flux=(
            exact(when=lambda value, _ctx: value == _SYNCS_KEPT),  # the default
            says(A2F_HIS_001, facts=_history),
        ),
        to_argo=(
            exact(when=lambda value, _ctx: value == _RELEASES_KEPT),  # the default
            says(F2A_HR_016, facts=_releases),
        ),
    ),
    Concept(
        slot="info",
        says="Links and notes shown with the app.",
        argo=(on("Application", "spec.info[].name"), on("Application", "spec.info[].value")),
        to_flux=(
            equivalent(when=lambda _value, ctx: ctx.path[-1] == "name"),
            says(
                A2F_INF_001,
                when=lambda _value, ctx: _check(ctx).get("name") in (ctx.fact("info_kept") or ()),
                facts=_info_name,
            ),
            says(A2F_INF_002, facts=_info_name),
        ),
    ),
    Concept(
        slot="health.wait",
        says="Wait until every applied object is healthy.",
        flux=(on(_K, "spec.wait", default=False),),
        to_argo=(exact(when=lambda value, _ctx: value is False), says(F2A_KS_008)),
    ),
    Concept(
        slot="health.checks",
        says="The objects whose health decides.",
        flux=tuple(
            on(_K, f"spec.healthChecks[].{name}")
            for name in ("apiVersion", "kind", "name", "namespace")
        ),
        to_argo=(
            equivalent(when=lambda _value, ctx: bool(ctx.body["spec"].get("wait"))),
            says(
                F2A_KS_010,
                when=lambda _value, ctx: (
                    ctx.path[-1] == "name" and ctx.path[-2] in (ctx.fact("foreign_checks") or ())
                ),
                facts=_object,
            ),
            says(
                F2A_KS_009,
                when=lambda _value, ctx: ctx.path[-1] == "name",
                facts=lambda leaf, ctx: {"value": _object(leaf, ctx)["object"]},
            ),
            equivalent(),
        ),
    ),
    Concept(
        slot="health.expressions",
        says="Health of custom kinds as CEL expressions.",
        flux=tuple(
            on(kind, f"spec.healthCheckExprs[].{name}")
            for kind in (_K, "HelmRelease")
            for name in ("apiVersion", "kind", "current", "inProgress", "failed")
        ),
        to_argo=(
            says(F2A_KS_031, when=_fate("built-in"), facts=_object),
            says(F2A_KS_030, when=_fate("lua"), facts=_object),
            says(F2A_KS_032, when=_fate("taken"), facts=_object),
            says(F2A_KS_011, facts=_object),
        ),
    ),
    Concept(
        slot="decryption",
        says="How encrypted files of the source are decrypted.",
        flux=(
            plain(_K, "spec.decryption.provider"),
            on(_K, "spec.decryption.secretRef.name"),
            on(_K, "spec.decryption.serviceAccountName"),
        ),
        to_argo=(says(F2A_SOPS_001, facts=_sealed),),
    ),
)
