"""Making the cluster match: automation, retries, cadence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_table import (
    APPROXIMATE,
    EQUIVALENT,
    EXACT,
    NONE,
    UNKNOWN,
    Row,
    application,
    build,
    check,
    each,
    kustomization,
    manifest,
    policy,
    release,
)

if TYPE_CHECKING:
    from pathlib import Path

_AUTO = "spec.syncPolicy.automated"
_RETRY = "spec.syncPolicy.retry"
_SKIP = 'annotations: {argocd.argoproj.io/skip-reconcile: "true"}'
_ACTIVATE = {"manual_sync": "activate"}
_SERVICE = build(manifest("Service", "web"))


def _auto(fields: str, metadata: str = "", *, helm: bool = False) -> str:
    return policy(f"automated: {{{fields}}}", metadata, helm=helm)


def _retry(fields: str, *, helm: bool = False) -> str:
    return policy(f"retry: {{{fields}}}", helm=helm)


AUTOMATION = (
    Row(
        says="no automation",
        text=application(),
        path="",
        verdict=APPROXIMATE,
        code="A2F-SYN-001",
        wrote={"spec.suspend": True, "spec.prune": False},
    ),
    Row(
        says="no automation, activated",
        text=application(),
        options=_ACTIVATE,
        path="",
        verdict=APPROXIMATE,
        code="A2F-SYN-008",
        wrote={"spec.suspend": None},
    ),
    Row(
        says="automation that is null",
        text=policy("automated: null"),
        path="spec.syncPolicy.automated",
        verdict=EQUIVALENT,
        wrote={"spec.suspend": True},
    ),
    Row(
        says="automation with nothing said",
        text=_auto(""),
        path=_AUTO,
        verdict=APPROXIMATE,
        code="A2F-SYN-003",
        wrote={"spec.suspend": None, "spec.interval": "1h"},
    ),
    Row(
        says="automation with nothing said, but nothing reconciled",
        text=_auto("", _SKIP),
        path=_AUTO,
        verdict=EQUIVALENT,
        wrote={"spec.suspend": True},
    ),
    Row(
        says="automation of a chart with nothing said",
        text=_auto("", helm=True),
        path=_AUTO,
        verdict=EQUIVALENT,
        wrote={"spec.driftDetection.mode": "warn"},
    ),
    Row(
        says="pruning of a chart is said where no leaf states it",
        text=_auto("", helm=True),
        path="",
        verdict=APPROXIMATE,
        code="A2F-HELM-019",
    ),
    Row(says="switched on", text=_auto("enabled: true"), path=f"{_AUTO}.enabled", verdict=EXACT),
    Row(
        says="switched on without self-heal",
        text=_auto("enabled: true"),
        path="",
        verdict=APPROXIMATE,
        code="A2F-SYN-003",
    ),
    Row(
        says="switched off",
        text=_auto("enabled: false, prune: true"),
        path=f"{_AUTO}.enabled",
        verdict=APPROXIMATE,
        code="A2F-SYN-001",
        target="spec.suspend",
        wrote={"spec.suspend": True, "spec.prune": True},
    ),
    Row(
        says="switched off, activated",
        text=_auto("enabled: false, prune: true"),
        options=_ACTIVATE,
        path=f"{_AUTO}.enabled",
        verdict=APPROXIMATE,
        code="A2F-SYN-008",
        wrote={"spec.suspend": None},
    ),
    Row(
        says="switched off before the switch exists",
        text=_auto("enabled: false, prune: true, selfHeal: true"),
        argocd="3.0",
        path=f"{_AUTO}.enabled",
        verdict=EQUIVALENT,
        code="A2F-SYN-011",
        wrote={"spec.suspend": None, "spec.prune": True},
    ),
    Row(
        says="switched on by null",
        text=_auto("enabled: null, prune: true, selfHeal: true"),
        path=f"{_AUTO}.enabled",
        verdict=EQUIVALENT,
        wrote={"spec.suspend": None},
    ),
    Row(
        says="suspended Kustomization",
        text=kustomization("suspend: true"),
        path="spec.suspend",
        verdict=EQUIVALENT,
        code="F2A-KS-020",
        target="spec.syncPolicy.automated.enabled",
        wrote={"spec.syncPolicy.automated.enabled": False, "metadata.finalizers": None},
    ),
    Row(
        says="suspended release before the switch exists",
        text=release("suspend: true"),
        argocd="3.0",
        path="spec.suspend",
        verdict=EQUIVALENT,
        code="F2A-KS-020",
        wrote={"spec.syncPolicy.automated": None},
    ),
    Row(
        says="not suspended",
        text=kustomization("suspend: false"),
        path="spec.suspend",
        verdict=EXACT,
    ),
)

PRUNING = (
    Row(
        says="pruned",
        text=_auto("prune: true, selfHeal: true"),
        path=f"{_AUTO}.prune",
        verdict=EXACT,
        target="spec.prune",
        wrote={"spec.prune": True},
    ),
    Row(
        says="not pruned",
        text=_auto("prune: false, selfHeal: true"),
        path=f"{_AUTO}.prune",
        verdict=EXACT,
        wrote={"spec.prune": False},
    ),
    Row(
        says="an option stops pruning",
        text=policy("syncOptions: [Prune=false]"),
        path=f"{_AUTO}.prune",
        verdict=EQUIVALENT,
        wrote={"spec.prune": False},
    ),
    Row(
        says="an option that the release does not read stops nothing",
        text=policy("syncOptions: [Prune=false]"),
        argocd="3.3",
        path=f"{_AUTO}.prune",
        verdict=EXACT,
        wrote={"spec.prune": True},
    ),
    Row(
        says="a chart is pruned",
        text=_auto("prune: true", helm=True),
        path=f"{_AUTO}.prune",
        verdict=EQUIVALENT,
    ),
    Row(
        says="a chart is pruned although it should not",
        text=_auto("prune: false", helm=True),
        path=f"{_AUTO}.prune",
        verdict=APPROXIMATE,
        code="A2F-SYN-002",
    ),
    Row(
        says="a chart whose objects are kept by an option",
        text=policy("automated: {prune: false}\nsyncOptions: [Prune=false]", helm=True),
        path=f"{_AUTO}.prune",
        verdict=EQUIVALENT,
    ),
    Row(
        says="empty allowed",
        text=_auto("prune: true, allowEmpty: true"),
        path=f"{_AUTO}.allowEmpty",
        verdict=EXACT,
    ),
    Row(
        says="empty guarded",
        text=_auto("prune: true, allowEmpty: false"),
        path=f"{_AUTO}.allowEmpty",
        verdict=APPROXIMATE,
        code="A2F-SYN-005",
    ),
    Row(
        says="empty guarded, nothing pruned",
        text=_auto("prune: false, allowEmpty: false"),
        path=f"{_AUTO}.allowEmpty",
        verdict=EXACT,
    ),
    Row(
        says="empty guarded, an option stops pruning",
        text=policy("automated: {prune: true, allowEmpty: false}\nsyncOptions: [Prune=false]"),
        path=f"{_AUTO}.allowEmpty",
        verdict=EXACT,
    ),
    Row(
        says="empty guarded, an upgrade prunes",
        text=_auto("prune: false, allowEmpty: false", helm=True),
        path=f"{_AUTO}.allowEmpty",
        verdict=APPROXIMATE,
        code="A2F-SYN-005",
    ),
    Row(
        says="pruning Kustomization",
        text=kustomization("prune: true"),
        path="spec.prune",
        verdict=EXACT,
        target="spec.syncPolicy.automated.prune",
    ),
    Row(
        says="pruning while automation is left out",
        text=kustomization("prune: true\nsuspend: true"),
        argocd="3.0",
        path="spec.prune",
        verdict=APPROXIMATE,
        code="F2A-KS-027",
    ),
    Row(
        says="a pruning Kustomization deletes all when nothing is rendered",
        text=kustomization(),
        path="",
        verdict=EQUIVALENT,
        code="F2A-SYNC-002",
    ),
    Row(
        says="server-side apply leaves Flux as an owner",
        text=kustomization(),
        path="",
        verdict=EQUIVALENT,
        code="F2A-SYNC-003",
        wrote={"spec.syncPolicy.syncOptions.1": "ServerSideApply=true"},
    ),
)

HEALING = (
    Row(
        says="drift is corrected",
        text=_auto("selfHeal: true"),
        path=f"{_AUTO}.selfHeal",
        verdict=EQUIVALENT,
        code="A2F-SYN-004",
        wrote={"spec.interval": "10m"},
    ),
    Row(
        says="drift of a chart is corrected",
        text=_auto("selfHeal: true", helm=True),
        path=f"{_AUTO}.selfHeal",
        verdict=EQUIVALENT,
        code="A2F-SYN-004",
        target="spec.driftDetection.mode",
        wrote={"spec.driftDetection.mode": "enabled"},
    ),
    Row(
        says="drift is corrected although it should not",
        text=_auto("selfHeal: false"),
        path=f"{_AUTO}.selfHeal",
        verdict=APPROXIMATE,
        code="A2F-SYN-003",
        wrote={"spec.interval": "1h"},
    ),
    Row(
        says="drift of a chart is shown",
        text=_auto("selfHeal: false", helm=True),
        path=f"{_AUTO}.selfHeal",
        verdict=EQUIVALENT,
        wrote={"spec.driftDetection.mode": "warn"},
    ),
    Row(
        says="nothing is corrected while suspended",
        text=_auto("enabled: false, selfHeal: false"),
        path=f"{_AUTO}.selfHeal",
        verdict=EQUIVALENT,
    ),
    Row(
        says="drift detection is off by default",
        text=release("driftDetection: {mode: disabled}"),
        path="spec.driftDetection.mode",
        verdict=EXACT,
        wrote={"spec.syncPolicy.automated.selfHeal": False},
    ),
    Row(
        says="drift detection corrects",
        text=release("driftDetection: {mode: enabled}"),
        path="spec.driftDetection.mode",
        verdict=EQUIVALENT,
        target="spec.syncPolicy.automated.selfHeal",
        wrote={"spec.syncPolicy.automated.selfHeal": True},
    ),
    Row(
        says="drift detection warns",
        text=release("driftDetection: {mode: warn}"),
        path="spec.driftDetection.mode",
        verdict=EQUIVALENT,
        wrote={"spec.syncPolicy.automated.selfHeal": False},
    ),
    Row(
        says="drift detection while automation is left out",
        text=release("suspend: true\ndriftDetection: {mode: enabled}"),
        argocd="3.0",
        path="spec.driftDetection.mode",
        verdict=APPROXIMATE,
        code="F2A-KS-027",
    ),
)

_EVERY = "limit: -1, refresh: true, backoff: {duration: 2m, factor: 1, maxDuration: 2m}"

RETRIES = (
    Row(
        says="a limit",
        text=_retry("limit: 3"),
        path=f"{_RETRY}.limit",
        verdict=APPROXIMATE,
        code="A2F-SYN-006",
        wrote={"spec.retryInterval": "2m"},
    ),
    Row(
        says="no attempt",
        text=_retry("limit: 0"),
        path=f"{_RETRY}.limit",
        verdict=APPROXIMATE,
        code="A2F-SYN-006",
    ),
    Row(says="no limit", text=_retry("limit: -1"), path=f"{_RETRY}.limit", verdict=EXACT),
    Row(
        says="a short pause",
        text=_retry("backoff: {duration: 5s}"),
        path=f"{_RETRY}.backoff.duration",
        verdict=APPROXIMATE,
        code="A2F-SYN-006",
        target="spec.retryInterval",
        wrote={"spec.retryInterval": "30s"},
    ),
    Row(
        says="a number is seconds",
        text=_retry('backoff: {duration: "90"}'),
        path=f"{_RETRY}.backoff.duration",
        verdict=APPROXIMATE,
        code="A2F-SYN-006",
        wrote={"spec.retryInterval": "1m30s"},
    ),
    Row(
        says="no duration at all",
        text=_retry("backoff: {duration: soon}"),
        path=f"{_RETRY}.backoff.duration",
        verdict=APPROXIMATE,
        code="A2F-SYN-006",
        wrote={"spec.retryInterval": "2m"},
    ),
    Row(
        says="a constant pause stays",
        text=_retry(_EVERY),
        path=f"{_RETRY}.backoff.duration",
        verdict=EXACT,
        target="spec.retryInterval",
        wrote={"spec.retryInterval": "2m"},
    ),
    Row(
        says="a constant pause of a chart stays",
        text=_retry(_EVERY, helm=True),
        path=f"{_RETRY}.backoff.duration",
        verdict=EXACT,
        target="spec.upgrade.strategy.retryInterval",
    ),
    Row(
        says="the longest pause is the pause when it is shorter",
        text=_retry("backoff: {duration: 5m, factor: 1, maxDuration: 1m}"),
        path=f"{_RETRY}.backoff.duration",
        verdict=EXACT,
        wrote={"spec.retryInterval": "1m"},
    ),
    Row(
        says="growth",
        text=_retry("backoff: {factor: 2}"),
        path=f"{_RETRY}.backoff.factor",
        verdict=NONE,
        code="A2F-SYN-007",
    ),
    Row(
        says="no growth",
        text=_retry(_EVERY),
        path=f"{_RETRY}.backoff.factor",
        verdict=EXACT,
    ),
    Row(
        says="a longest pause",
        text=_retry("backoff: {maxDuration: 3m}"),
        path=f"{_RETRY}.backoff.maxDuration",
        verdict=NONE,
        code="A2F-SYN-007",
    ),
    Row(
        says="a longest pause that is never reached",
        text=_retry(_EVERY),
        path=f"{_RETRY}.backoff.maxDuration",
        verdict=EXACT,
    ),
    Row(says="newest", text=_retry("refresh: true"), path=f"{_RETRY}.refresh", verdict=EXACT),
    Row(
        says="the same revision again",
        text=_retry("refresh: false"),
        path=f"{_RETRY}.refresh",
        verdict=APPROXIMATE,
        code="A2F-SYN-010",
    ),
    *(
        Row(
            says=f"{field} before a release could try again",
            text=_retry(f"limit: -1, refresh: true, backoff: {{{fields}}}", helm=True),
            flux="2.6",
            path=f"{_RETRY}.{field}",
            verdict=NONE,
            code="A2F-SYN-009",
            wrote={"spec.install.strategy": None},
        )
        for field, fields in (
            ("limit", ""),
            ("refresh", ""),
            ("backoff.duration", "duration: 1m"),
            ("backoff.factor", "factor: 1"),
            ("backoff.maxDuration", "maxDuration: 1m, factor: 1"),
        )
    ),
    Row(
        says="a pause between attempts",
        text=kustomization("retryInterval: 2m"),
        path="spec.retryInterval",
        verdict=EQUIVALENT,
        code="F2A-KS-004",
        target="spec.syncPolicy.retry.backoff.duration",
        wrote={
            "spec.syncPolicy.retry": {
                "limit": -1,
                "backoff": {"duration": "2m", "factor": 1, "maxDuration": "2m"},
                "refresh": True,
            }
        },
    ),
    Row(
        says="attempts at the interval",
        text=kustomization(),
        path="",
        verdict=EQUIVALENT,
        code="F2A-KS-004",
        wrote={"spec.syncPolicy.retry.backoff.duration": "10m"},
    ),
)

CADENCE = (
    Row(
        says="interval",
        text=kustomization(),
        files=_SERVICE,
        path="spec.interval",
        within="Kustomization",
        verdict=EQUIVALENT,
    ),
    Row(
        says="timeout",
        text=kustomization("timeout: 5m"),
        path="spec.timeout",
        verdict=NONE,
        code="F2A-KS-006",
    ),
    Row(
        says="timeout that is the default",
        text=kustomization("timeout: 9m30s"),
        path="spec.timeout",
        verdict=EXACT,
    ),
    Row(
        says="timeout below the shortest, beside a short interval",
        text=kustomization("interval: 45s\ntimeout: 10s"),
        path="spec.timeout",
        verdict=EXACT,
    ),
    Row(
        says="timeout of the wrong type",
        text=kustomization("timeout: soon"),
        path="spec.timeout",
        verdict=UNKNOWN,
        code="F2A-FLD-002",
    ),
    Row(
        says="timeout of a release",
        text=release("timeout: 10m"),
        path="spec.timeout",
        verdict=NONE,
        code="F2A-KS-006",
    ),
    *(
        Row(
            says=f"default timeout of a release as {text}",
            text=release(f"timeout: {text}"),
            path="spec.timeout",
            verdict=EXACT,
        )
        for text in ("5m", "5m0s", "300s")
    ),
    Row(
        says="force",
        text=kustomization("force: true"),
        path="spec.force",
        verdict=APPROXIMATE,
        code="F2A-KS-018",
    ),
    Row(says="no force", text=kustomization("force: false"), path="spec.force", verdict=EXACT),
    Row(
        says="validation, which nothing reads any more",
        text=kustomization("validation: client").replace(
            "toolkit.fluxcd.io/v1\nkind: Kust", "toolkit.fluxcd.io/v1beta1\nkind: Kust"
        ),
        path="spec.validation",
        verdict=EQUIVALENT,
    ),
)

ROWS = (*AUTOMATION, *PRUNING, *HEALING, *RETRIES, *CADENCE)


@each(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the target that the tables say."""
    check(row, tmp_path)
