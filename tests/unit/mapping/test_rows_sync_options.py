"""Sync options of Applications, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.mapping.row_table import (
    APPROXIMATE,
    EQUIVALENT,
    EXACT,
    MANUAL,
    NONE,
    UNKNOWN,
    Row,
    application,
    check,
    each,
    policy,
)

if TYPE_CHECKING:
    from pathlib import Path

_PATH = "spec.syncPolicy.syncOptions[0]"
_CASCADE = "finalizers: [resources-finalizer.argocd.argoproj.io]"
_IGNORED = "{group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}"


def _plain(option: str, verdict: str, code: str | None = None) -> Row:
    text = policy(f"syncOptions: [{option}]")
    return Row(says=option, text=text, path=_PATH, verdict=verdict, code=code)


def _chart(option: str, verdict: str, code: str | None = None) -> Row:
    text = policy(f"syncOptions: [{option}]", helm=True)
    return Row(says=f"{option} of a chart", text=text, path=_PATH, verdict=verdict, code=code)


VALUES = (
    _plain("Validate=true", EXACT),
    _plain("Validate=false", NONE, "A2F-OPT-001"),
    _plain("SkipDryRunOnMissingResource=true", APPROXIMATE, "A2F-OPT-002"),
    _plain("SkipDryRunOnMissingResource=false", EXACT),
    _plain("CreateNamespace=false", EXACT),
    _plain("PruneLast=true", APPROXIMATE, "A2F-OPT-003"),
    _plain("PruneLast=false", EXACT),
    _plain("PrunePropagationPolicy=foreground", APPROXIMATE, "A2F-OPT-004"),
    _plain("PrunePropagationPolicy=background", EXACT),
    _chart("PrunePropagationPolicy=background", EXACT),
    _chart("PrunePropagationPolicy=foreground", APPROXIMATE, "A2F-OPT-004"),
    _plain("PrunePropagationPolicy=orphan", MANUAL, "A2F-OPT-015"),
    _plain("ApplyOutOfSyncOnly=true", EXACT),
    _plain("ApplyOutOfSyncOnly=false", EXACT),
    _plain("Replace=true", APPROXIMATE, "A2F-OPT-007"),
    _chart("Replace=true", APPROXIMATE, "A2F-OPT-007"),
    _plain("Replace=false", EXACT),
    _plain("ServerSideApply=true", EXACT),
    _plain("ServerSideApply=false", EQUIVALENT),
    _plain("ClientSideApplyMigration=true", EQUIVALENT, "A2F-MIG-001"),
    _plain("ClientSideApplyMigration=false", EQUIVALENT, "A2F-MIG-001"),
    _plain("FailOnSharedResource=true", NONE, "A2F-OPT-010"),
    _plain("FailOnSharedResource=false", EXACT),
    _plain("RespectIgnoreDifferences=true", EQUIVALENT),
    _plain("RespectIgnoreDifferences=false", EXACT),
    _plain("Prune=true", EXACT),
    _plain("Delete=true", EXACT),
    _plain("Prune=confirm", APPROXIMATE, "A2F-OPT-011"),
    _plain("Delete=confirm", APPROXIMATE, "A2F-OPT-011"),
)

UNKNOWN_OPTIONS = (
    _plain("prune=false", UNKNOWN, "A2F-OPT-014"),
    _plain("Force=true", UNKNOWN, "A2F-OPT-014"),
    _plain("Prune=no", UNKNOWN, "A2F-OPT-014"),
    _plain("'Prune = false'", UNKNOWN, "A2F-OPT-014"),
    _plain("PrunePropagationPolicy=Foreground", UNKNOWN, "A2F-OPT-014"),
    _plain("12", UNKNOWN, "A2F-FLD-002"),
    Row(
        says="null is no option",
        text=policy("syncOptions: [null]"),
        path=_PATH,
        verdict=UNKNOWN,
        code="A2F-FLD-002",
    ),
    Row(
        says="no option",
        text=policy("syncOptions: []"),
        path="spec.syncPolicy.syncOptions",
        verdict=EQUIVALENT,
    ),
)

OLDER = tuple(
    Row(
        says=f"{option} before {since}",
        text=policy(f"syncOptions: [{option}]"),
        argocd=before,
        path=_PATH,
        verdict=EQUIVALENT,
        code="A2F-OPT-013",
        wrote={"spec.prune": True, "spec.deletionPolicy": "Orphan"},
    )
    for option, before, since in (
        ("Prune=false", "3.3", "3.4"),
        ("Delete=confirm", "3.3", "3.4"),
        ("SkipDryRunOnMissingResource=true", "3.0", "3.1"),
        ("ClientSideApplyMigration=false", "3.0", "3.1"),
    )
)

KEEPING = (
    Row(
        says="not pruned",
        text=policy("syncOptions: [Prune=false]", _CASCADE),
        path=_PATH,
        verdict=APPROXIMATE,
        code="A2F-OPT-012",
        target="spec.prune",
        wrote={"spec.prune": False, "spec.deletionPolicy": "WaitForTermination"},
    ),
    Row(
        says="not deleted",
        text=policy("syncOptions: [Delete=false]", _CASCADE),
        path=_PATH,
        verdict=APPROXIMATE,
        code="A2F-OPT-012",
        target="spec.deletionPolicy",
        wrote={"spec.prune": True, "spec.deletionPolicy": "Orphan"},
    ),
    *(
        Row(
            says=f"neither pruned nor deleted: {options}",
            text=policy(f"syncOptions: [{options}]", _CASCADE),
            path=_PATH,
            verdict=EXACT,
            wrote={"spec.prune": False, "spec.deletionPolicy": None},
        )
        for options in ("Prune=false, Delete=false", "Delete=false, Prune=false")
    ),
    Row(
        says="neither pruned nor deleted by Helm",
        text=policy("syncOptions: [Prune=false, Delete=false]", helm=True),
        path=_PATH,
        verdict=EXACT,
        target="spec.postRenderers[0]",
    ),
    Row(
        says="kept by Helm",
        text=policy("syncOptions: [Delete=false]", helm=True),
        path=_PATH,
        verdict=APPROXIMATE,
        code="A2F-OPT-012",
        target="spec.postRenderers[0]",
    ),
    *(
        Row(
            says=f"{option} without deletionPolicy",
            text=policy(f"syncOptions: [{option}]", _CASCADE),
            flux="2.4",
            path=_PATH,
            verdict=NONE,
            code="A2F-OPT-019",
            wrote={"spec.deletionPolicy": None, "spec.prune": True},
        )
        for option in ("Delete=false", "Delete=confirm")
    ),
)

APPLYING = (
    Row(
        says="a chart applied server-side",
        text=policy("syncOptions: [ServerSideApply=true]", helm=True),
        path=_PATH,
        verdict=EXACT,
        target="spec.upgrade.serverSideApply",
        wrote={"spec.install.serverSideApply": True, "spec.upgrade.serverSideApply": "enabled"},
    ),
    Row(
        says="a chart applied client-side",
        text=policy("syncOptions: [ServerSideApply=false]", helm=True),
        path=_PATH,
        verdict=EXACT,
        wrote={"spec.install.serverSideApply": False, "spec.upgrade.serverSideApply": "disabled"},
    ),
    Row(
        says="a chart before Helm applied server-side",
        text=policy("syncOptions: [ServerSideApply=true]", helm=True),
        flux="2.7",
        path=_PATH,
        verdict=APPROXIMATE,
        code="A2F-OPT-018",
        wrote={"spec.install.serverSideApply": None},
    ),
    Row(
        says="ignored fields left alone when applying",
        text=policy("syncOptions: [RespectIgnoreDifferences=true]")
        + f"  ignoreDifferences: [{_IGNORED}]\n",
        path=_PATH,
        verdict=EXACT,
        wrote={"spec.ignore.0.paths": ["/spec/replicas"]},
    ),
    Row(
        says="ignored fields of a chart",
        text=policy("syncOptions: [RespectIgnoreDifferences=true]", helm=True)
        + f"  ignoreDifferences: [{_IGNORED}]\n",
        path=_PATH,
        verdict=EQUIVALENT,
    ),
)

_BOOTSTRAP = """---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 5m, url: https://git.example.com/acme/gitops.git, ref: {branch: main}}
"""
ELSEWHERE = (
    Row(
        says="a namespace on another cluster, in a folder",
        text=application(
            "destination: {name: west, namespace: shop}\n"
            "syncPolicy: {automated: {}, syncOptions: [CreateNamespace=true]}"
        )
        + _BOOTSTRAP,
        path=_PATH,
        verdict=EQUIVALENT,
        code="A2F-OPT-024",
        within="Application",
        options={"to_folder": "yes", "deploy_path": "out"},
    ),
)

ROWS = (*VALUES, *UNKNOWN_OPTIONS, *OLDER, *KEEPING, *APPLYING, *ELSEWHERE)


@each(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each option has the verdict, the message and the target that the tables say."""
    check(row, tmp_path)


@pytest.mark.parametrize(
    ("helm", "option", "flux", "said"),
    [
        (False, "", "2.9", True),
        (False, "ServerSideApply=false", "2.9", True),
        (False, "ServerSideApply=true", "2.9", False),
        (True, "", "2.9", True),
        (True, "", "2.7", False),
        (True, "ServerSideApply=false", "2.9", False),
    ],
)
def test_change_of_apply_mode(
    helm: bool, option: str, flux: str, said: bool, tmp_path: Path
) -> None:
    """That Flux applies server-side is said of those that it does so to, and that did not."""
    text = policy(f"syncOptions: [{option}]", helm=helm)
    result = Row(says="", text=text, path="", flux=flux).convert(tmp_path)
    assert any(message.code == "A2F-RUN-001" for message in result.messages) is said
