"""Readiness, history, notes, and what builds need besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_table import (
    APPROXIMATE,
    CHART,
    EQUIVALENT,
    EXACT,
    MANUAL,
    UNKNOWN,
    Row,
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

_LIMIT = "spec.revisionHistoryLimit"
_WEB = build(manifest("Deployment", "web", "shop", "apps/v1", "spec: {replicas: 1}\n"))
_CHECK = "healthChecks: [{apiVersion: apps/v1, kind: Deployment, name: %s, namespace: shop}]"
_SIMPLE = (
    "healthCheckExprs: [{apiVersion: example.com/v1, kind: %s, current: status.phase == 'Done'}]"
)
_TWICE = """healthCheckExprs:
- {apiVersion: example.com/v1, kind: Widget, current: status.phase == 'Done'}
- {apiVersion: example.com/v1, kind: Widget, current: status.phase == 'Fine'}"""
_EXPRESSION = (
    "healthCheckExprs: [{apiVersion: example.com/v1%s, current: 'true', inProgress: 'false', "
    "failed: 'false'}]"
)


def _app(spec: str, *, helm: bool = False) -> str:
    return policy("", helm=helm) + "".join(f"  {line}\n" for line in spec.splitlines())


HISTORY = (
    Row(
        says="history of a Kustomization",
        text=_app("revisionHistoryLimit: 3"),
        path=_LIMIT,
        verdict=APPROXIMATE,
        code="A2F-HIS-001",
    ),
    Row(says="default history", text=_app("revisionHistoryLimit: 10"), path=_LIMIT, verdict=EXACT),
    *(
        Row(
            says=f"history {limit} of a release",
            text=_app(f"revisionHistoryLimit: {limit}", helm=True),
            path=_LIMIT,
            verdict=APPROXIMATE,
            code="A2F-HIS-001",
            target="spec.maxHistory",
            wrote={"spec.maxHistory": written},
        )
        for limit, written in ((3, 3), (0, 1), (5, 5))
    ),
    Row(
        says="history that is no number",
        text=_app("revisionHistoryLimit: some", helm=True),
        path=_LIMIT,
        verdict=UNKNOWN,
        code="A2F-FLD-002",
        wrote={"spec.maxHistory": None},
    ),
    Row(
        says="releases that are kept",
        text=release("maxHistory: 3"),
        path="spec.maxHistory",
        verdict=APPROXIMATE,
        code="F2A-HR-016",
        target="spec.revisionHistoryLimit",
        wrote={"spec.revisionHistoryLimit": 3},
    ),
    Row(
        says="as many releases as by default",
        text=release("maxHistory: 5"),
        path="spec.maxHistory",
        verdict=EXACT,
        wrote={"spec.revisionHistoryLimit": 5},
    ),
    Row(
        says="all releases are kept",
        text=release("maxHistory: 0"),
        path="spec.maxHistory",
        verdict=APPROXIMATE,
        code="F2A-HR-016",
        wrote={"spec.revisionHistoryLimit": None},
    ),
)

INFO = (
    Row(
        says="a note",
        text=_app("info: [{name: Run book, value: see wiki}]"),
        path="spec.info[0].value",
        verdict=APPROXIMATE,
        code="A2F-INF-001",
        target='metadata.annotations["event.toolkit.fluxcd.io/run-book"]',
    ),
    Row(
        says="the name of a note",
        text=_app("info: [{name: Run book, value: see wiki}]"),
        path="spec.info[0].name",
        verdict=EQUIVALENT,
    ),
    Row(
        says="a note whose name is no key",
        text=_app('info: [{name: "!", value: see wiki}]'),
        path="spec.info[0].value",
        verdict=EQUIVALENT,
        code="A2F-INF-002",
    ),
    Row(
        says="a note without a name",
        text=_app("info: [{value: see wiki}]"),
        path="spec.info[0].value",
        verdict=EQUIVALENT,
        code="A2F-INF-002",
    ),
)

HEALTH = (
    Row(
        says="waiting",
        text=kustomization("wait: true"),
        path="spec.wait",
        verdict=EQUIVALENT,
        code="F2A-KS-008",
    ),
    Row(says="not waiting", text=kustomization("wait: false"), path="spec.wait", verdict=EXACT),
    Row(
        says="a check on one object",
        text=kustomization(_CHECK % "web"),
        files=_WEB,
        path="spec.healthChecks[0].name",
        verdict=APPROXIMATE,
        code="F2A-KS-009",
    ),
    Row(
        says="a check on an object of others",
        text=kustomization(_CHECK % "other"),
        files=_WEB,
        path="spec.healthChecks[0].name",
        verdict=MANUAL,
        code="F2A-KS-010",
    ),
    Row(
        says="a check on an object under its final name",
        text=kustomization(f"namePrefix: eu-\n{_CHECK % 'eu-web'}"),
        files=_WEB,
        path="spec.healthChecks[0].name",
        verdict=APPROXIMATE,
        code="F2A-KS-009",
    ),
    Row(
        says="a check where nothing can be seen",
        text=kustomization(_CHECK % "web"),
        path="spec.healthChecks[0].name",
        verdict=APPROXIMATE,
        code="F2A-KS-009",
    ),
    Row(
        says="the kind of a check",
        text=kustomization(_CHECK % "web"),
        path="spec.healthChecks[0].kind",
        verdict=EQUIVALENT,
    ),
    Row(
        says="checks are not looked at while all is waited for",
        text=kustomization(f"wait: true\n{_CHECK % 'other'}"),
        files=_WEB,
        path="spec.healthChecks[0].name",
        verdict=EQUIVALENT,
    ),
    Row(
        says="an expression",
        text=kustomization(_EXPRESSION % ", kind: Widget"),
        path="spec.healthCheckExprs[0].current",
        verdict=MANUAL,
        code="F2A-KS-011",
    ),
    Row(
        says="an expression for a whole group",
        text=kustomization(_EXPRESSION % ""),
        path="spec.healthCheckExprs[0].failed",
        verdict=MANUAL,
        code="F2A-KS-011",
    ),
    Row(
        says="an expression of a release",
        text=release(_EXPRESSION % ", kind: Widget"),
        files=CHART,
        path="spec.healthCheckExprs[0].kind",
        verdict=MANUAL,
        code="F2A-KS-011",
    ),
    Row(
        says="a simple expression",
        text=kustomization(_SIMPLE % "Widget"),
        path="spec.healthCheckExprs[0].current",
        verdict=APPROXIMATE,
        code="F2A-KS-030",
    ),
    Row(
        says="a simple expression of a release",
        text=release(_SIMPLE % "Widget"),
        files=CHART,
        path="spec.healthCheckExprs[0].kind",
        verdict=APPROXIMATE,
        code="F2A-KS-030",
    ),
    Row(
        says="a simple expression for the kinds of a group that can be seen",
        text=kustomization(_SIMPLE.replace(", kind: %s", "")),
        files=build(manifest("Widget", "web", api="example.com/v1")),
        path="spec.healthCheckExprs[0].current",
        verdict=APPROXIMATE,
        code="F2A-KS-030",
    ),
    Row(
        says="a simple expression for a group that cannot be seen",
        text=kustomization(_SIMPLE.replace(", kind: %s", "")),
        path="spec.healthCheckExprs[0].current",
        verdict=MANUAL,
        code="F2A-KS-011",
    ),
    Row(
        says="an expression for a kind that Argo CD knows",
        text=kustomization(_SIMPLE.replace("example.com", "bitnami.com") % "SealedSecret"),
        path="spec.healthCheckExprs[0].current",
        verdict=EQUIVALENT,
        code="F2A-KS-031",
    ),
    Row(
        says="two checks for one kind",
        text=kustomization(_TWICE),
        path="spec.healthCheckExprs[1].current",
        verdict=MANUAL,
        code="F2A-KS-032",
    ),
    *(
        Row(
            says=f"decryption: {leaf}",
            text=kustomization(
                "decryption: {provider: sops, serviceAccountName: kms, secretRef: {name: age}}"
            ),
            path=f"spec.decryption.{leaf}",
            verdict=MANUAL,
            code="F2A-SOPS-001",
        )
        for leaf in ("provider", "secretRef.name", "serviceAccountName")
    ),
)

ROWS = (*HISTORY, *INFO, *HEALTH)


@each(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the target that the tables say."""
    check(row, tmp_path)
