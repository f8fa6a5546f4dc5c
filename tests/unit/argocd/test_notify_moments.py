"""Which moments the conditions of triggers stand for."""

from __future__ import annotations

import pytest

from argoflux.argocd.notify_moments import CATALOGUE, moment_of

PHASE = "app.status.operationState.phase"
CATALOGUE_CONDITIONS = {
    "on-created": "true",
    "on-deleted": "app.metadata.deletionTimestamp != nil",
    "on-deployed": (
        f"app.status.operationState != nil and {PHASE} in ['Succeeded'] and "
        "app.status.health.status == 'Healthy' and "
        "!time.Parse(app.status.health.lastTransitionTime).Before("
        "time.Parse(app.status.operationState.finishedAt))"
    ),
    "on-health-degraded": "app.status.health.status == 'Degraded'",
    "on-sync-failed": (f"app.status.operationState != nil and {PHASE} in ['Error', 'Failed']"),
    "on-sync-running": f"app.status.operationState != nil and {PHASE} in ['Running']",
    "on-sync-status-unknown": "app.status.sync.status == 'Unknown'",
    "on-sync-succeeded": f"app.status.operationState != nil and {PHASE} in ['Succeeded']",
}
"""argo-cd:notifications_catalog/triggers, in the spelling of several releases."""


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_the_catalogue_is_known_by_its_conditions(name: str) -> None:
    assert moment_of([CATALOGUE_CONDITIONS[name]]) == CATALOGUE[name]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([f"{PHASE} in ['Error','Failed']"], "failed"),
        ([f'{PHASE} == "Failed"'], "failed"),
        (["app.status?.operationState?.phase in ['Succeeded']"], "succeeded"),
        ([f"{PHASE} in ['Succeeded']  and\n app.status.health.status == 'Healthy'"], "deployed"),
        ([f"{PHASE} in ['Error']", f"{PHASE} in ['Failed']"], "failed"),
        ([f"{PHASE} in ['Error']", f"{PHASE} in ['Succeeded']"], "custom"),
        ([f"{PHASE} in ['Error', 'Succeeded']"], "custom"),
        ([f"{PHASE} in ['Error'] or app.metadata.name == 'x'"], "custom"),
        ([f"{PHASE} in ['Error'] and app.metadata.name == 'x'"], "custom"),
        ([f"{PHASE} not in ['Error']"], "custom"),
        (["app.status.health.status == 'Healthy'"], "custom"),
        (["time.Now() != nil"], "custom"),
        ([""], "custom"),
        ([], "custom"),
    ],
)
def test_conditions(conditions: list[str], expected: str) -> None:
    """Only what surely is a known moment counts as one."""
    assert moment_of(conditions) == expected
