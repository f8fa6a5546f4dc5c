"""Sync windows of projects: schedules, suspension, and what is left to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.project_cases import OPERATOR, application, case
from tests.unit.mapping.row_cases import Row, check, ids

if TYPE_CHECKING:
    from pathlib import Path

KIND = "spec.syncWindows[0].kind"
OFFICE = "kind: allow, schedule: 0 8 * * 1-5, duration: 8h, timeZone: Europe/London"
WITH = application() + OPERATOR


def windows(*items: str, match: str = "applications: ['*']") -> str:
    listed = ", ".join(f"{{{item}, {match}}}" for item in items)
    return f"sourceRepos: ['*'], destinations: [{{server: '*', namespace: '*'}}], syncWindows: [{listed}]"


ROWS = [
    case(
        "office hours become a schedule",
        windows(OFFICE),
        KIND,
        "approximate",
        "A2F-PRJ-008",
        apps=WITH,
        shown="schedule of ResourceSetInputProvider/team/web",
        targets=("spec.schedule[0]",),
    ),
    case(
        "a schedule needs no tenant",
        windows(OFFICE),
        KIND,
        "approximate",
        "A2F-PRJ-008",
        apps=WITH,
        flat=True,
        shown="ResourceSetInputProvider/flux-system/web",
    ),
    case(
        "the apps of a window are those of the schedule",
        windows(OFFICE),
        "spec.syncWindows[0].applications[0]",
        "equivalent",
        apps=WITH,
    ),
    case(
        "without flux-operator nothing keeps the times",
        windows(OFFICE),
        KIND,
        "manual",
        "A2F-PRJ-020",
        shown="install flux-operator",
    ),
    case(
        "denied times of a day become the others",
        windows("kind: deny, schedule: 0 22 * * *, duration: 8h"),
        KIND,
        "approximate",
        "A2F-PRJ-008",
        apps=WITH,
    ),
    case(
        "denied days of a month do not",
        windows("kind: deny, schedule: 0 0 1 * *, duration: 24h"),
        KIND,
        "manual",
        "A2F-PRJ-020",
        shown="cannot be turned",
        apps=WITH,
    ),
    case(
        "always denied is suspended",
        windows("kind: deny, schedule: '* * * * *', duration: 24h"),
        KIND,
        "approximate",
        "A2F-PRJ-027",
        shown="suspended: Kustomization/team/web",
    ),
    case(
        "always allowed is no limit",
        windows("kind: allow, schedule: '* * * * *', duration: 24h"),
        KIND,
        "equivalent",
    ),
    case(
        "a window of no app",
        windows(OFFICE, match="applications: [other]"),
        KIND,
        "equivalent",
    ),
    case(
        "a window for namespaces",
        windows(OFFICE, match="namespaces: [web], clusters: [other], andOperator: false"),
        "spec.syncWindows[0].namespaces[0]",
        "equivalent",
        apps=WITH,
    ),
    case(
        "a window that wants both",
        windows(OFFICE, match="namespaces: [web], clusters: [other], andOperator: true"),
        KIND,
        "equivalent",
    ),
    case(
        "a Git server without an input provider",
        windows(OFFICE),
        KIND,
        "manual",
        "A2F-PRJ-020",
        apps=application(repo="https://git.example.com/acme/web.git") + OPERATOR,
        shown="git.example.com is no Git server",
    ),
    case(
        "input providers do not speak ssh",
        windows(OFFICE),
        KIND,
        "manual",
        "A2F-PRJ-020",
        apps=application(repo="git@github.com:acme/web.git") + OPERATOR,
        shown="uses ssh",
    ),
    case(
        "a pinned commit never moves",
        windows(OFFICE),
        KIND,
        "equivalent",
        apps=application(revision="0c7a9c3f939c1f19b518bcdd11e2fce9703c4901") + OPERATOR,
    ),
    case(
        "people force the provider",
        windows(f"{OFFICE}, manualSync: true"),
        "spec.syncWindows[0].manualSync",
        "approximate",
        "A2F-PRJ-029",
        apps=WITH,
        shown="reconcile rsip web -n team --force",
    ),
    case(
        "nothing is cut off",
        windows(f"{OFFICE}, syncOverrun: true"),
        "spec.syncWindows[0].syncOverrun",
        "none",
        "A2F-PRJ-028",
        shown="never cut off",
    ),
    case(
        "a note on a window",
        windows(f"{OFFICE}, description: office"),
        "spec.syncWindows[0].description",
        "equivalent",
    ),
]


@ids(ROWS)
def test_row(row: Row, tmp_path: Path) -> None:
    """Each leaf has the verdict, the message and the targets that the row says."""
    check(tmp_path, row)
