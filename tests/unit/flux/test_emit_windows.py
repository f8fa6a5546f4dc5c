"""Sync windows as schedules of sources, and as times of a week."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.flux.window_calendar import Schedule, open_week, schedules
from argoflux.goports.cron import DAY, HOUR, WEEK
from argoflux.model.tenant import SyncWindow
from tests.unit.argocd_cases import Case, convert_case
from tests.unit.flux.tenant_cases import application, body, found, project

OPERATOR = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
"""
OFFICE = "kind: allow, schedule: 0 8 * * 1-5, duration: 8h, timeZone: Europe/London"
NIGHT = "kind: deny, schedule: 0 22 * * *, duration: 8h"


def windowed(*items: str, apps: str | None = None, **options: Any) -> Case:
    """A project with windows for apps by name (`window: app` where it is not all)."""
    listed = ", ".join(f"{{applications: ['*'], {item}}}" for item in items)
    text = project(f"sourceRepos: ['*'], syncWindows: [{listed}]")
    return convert_case(text + (apps or application()), kept=OPERATOR, **options)


def window(kind: str, schedule: str, duration: str, zone: str = "") -> SyncWindow:
    return SyncWindow(kind=kind, schedule=schedule, duration=duration, time_zone=zone)


def test_the_source_follows_the_schedule() -> None:
    """12.17: an input provider with a schedule, and a ResourceSet that pins what it found."""
    case = windowed(OFFICE)
    assert body(case, "ResourceSetInputProvider")["spec"] == {
        "type": "GitHubBranch",
        "url": "https://github.com/acme/web.git",
        "filter": {"includeBranch": "^main$"},
        "schedule": [{"cron": "0 8 * * 1-5", "timeZone": "Europe/London", "window": "8h"}],
    }
    whole = body(case, "ResourceSet")["spec"]
    assert whole["inputsFrom"] == [{"kind": "ResourceSetInputProvider", "name": "web"}]
    (source,) = whole["resources"]
    assert source["spec"]["ref"] == {"branch": "main", "commit": "<< inputs.sha | quote >>"}
    assert not found(case, "GitRepository")
    assert body(case, "Kustomization")["spec"]["sourceRef"]["name"] == source["metadata"]["name"]


@pytest.mark.parametrize(
    ("revision", "kind", "wanted"),
    [
        ("release/1.x", "GitHubBranch", {"includeBranch": r"^release/1\.x$"}),
        ("v1.2.3", "GitHubTag", {"includeTag": r"^v1\.2\.3$"}),
        ("1.x", "GitHubTag", {"semver": "1.x", "limit": 1}),
    ],
)
def test_revisions(revision: str, kind: str, wanted: dict[str, object]) -> None:
    spec = body(windowed(OFFICE, apps=application(revision=revision)), "ResourceSetInputProvider")[
        "spec"
    ]
    assert (spec["type"], spec["filter"]) == (kind, wanted)


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("gitlab.com", "GitLabBranch"),
        ("gitlab.example.com", "GitLabBranch"),
        ("dev.azure.com", "AzureDevOpsBranch"),
        ("gitea.example.com", "GiteaBranch"),
        ("codeberg.org", "GiteaBranch"),
    ],
)
def test_hosts(host: str, kind: str) -> None:
    apps = application(repo=f"https://{host}/acme/web")
    assert body(windowed(OFFICE, apps=apps), "ResourceSetInputProvider")["spec"]["type"] == kind


def test_apps_with_one_schedule_share_the_source() -> None:
    case = windowed(OFFICE, apps=application() + application(name="api"))
    assert case.names("ResourceSet") == ["web"]
    assert len(found(case, "ResourceSet")[0].apps) == 2


def test_apps_that_may_sync_at_any_time_keep_the_source() -> None:
    """The one with a window gets a source of its own."""
    text = project(f"sourceRepos: ['*'], syncWindows: [{{{OFFICE}, applications: [api]}}]")
    case = convert_case(text + application() + application(name="api"), kept=OPERATOR)
    names = {d.name: d.body["spec"]["sourceRef"]["name"] for d in found(case, "Kustomization")}
    assert names["web"] == "web"
    assert names["api"].startswith("web-")
    assert case.names("ResourceSet") == [names["api"]]


def test_the_tenants_account_writes_the_source() -> None:
    case = windowed(OFFICE, layout="tenant")
    assert body(case, "ResourceSet")["spec"]["serviceAccountName"] == "team"
    rule = body(case, "Role", "argoflux-team-sources")["rules"][0]
    assert rule["resources"] == ["gitrepositories"]


def test_always_denied_is_suspended() -> None:
    case = windowed("kind: deny, schedule: '* * * * *', duration: 24h")
    assert body(case, "Kustomization")["spec"]["suspend"] is True


def test_always_allowed_changes_nothing() -> None:
    case = windowed("kind: allow, schedule: '* * * * *', duration: 24h")
    assert not found(case, "ResourceSet")
    assert "suspend" not in body(case, "Kustomization")["spec"]


def test_denied_times_are_cut_out() -> None:
    """Office hours without the lunch break."""
    case = windowed(
        OFFICE, "kind: deny, schedule: 0 12 * * *, duration: 1h, timeZone: Europe/London"
    )
    assert body(case, "ResourceSetInputProvider")["spec"]["schedule"] == [
        {"cron": "0 8 * * 1-5", "timeZone": "Europe/London", "window": "4h"},
        {"cron": "0 13 * * 1-5", "timeZone": "Europe/London", "window": "3h"},
    ]


# --- the week


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([window("deny", "0 22 * * *", "8h")], [("0 6 * * *", "16h")]),
        (
            [window("deny", "0 9 * * 1-5", "8h")],
            [("0 17 * * 1-4", "16h"), ("0 17 * * 5", "64h")],
        ),
        ([window("deny", "30 23 * * 6", "1h")], [("30 0 * * 0", "167h")]),
        (
            [window("allow", "0 8 * * *", "4h"), window("deny", "0 10 * * 0,3", "1h")],
            [("0 8 * * 0,3", "2h"), ("0 8 * * 1-2,4-6", "4h"), ("0 11 * * 0,3", "1h")],
        ),
    ],
)
def test_weeks(windows: list[SyncWindow], expected: list[tuple[str, str]]) -> None:
    """What is open, as schedules; spans may pass midnight and the end of the week."""
    week = open_week(windows)
    assert week is not None
    assert schedules(week, "UTC") == [Schedule(cron, length, "UTC") for cron, length in expected]


def test_a_denial_wins() -> None:
    week = open_week([window("allow", "0 8 * * 1", "2h"), window("deny", "0 9 * * *", "1h")])
    assert week is not None
    assert sum(week) == HOUR
    assert week[DAY + 8 * HOUR]
    assert not week[DAY + 9 * HOUR]


def test_spans_pass_the_end_of_the_week() -> None:
    week = open_week([window("allow", "0 23 * * 6", "2h")])
    assert week is not None
    assert week[WEEK - 1]
    assert week[0]
    assert sum(week) == 2 * HOUR


@pytest.mark.parametrize(
    "windows",
    [
        [window("allow", "0 0 1 * *", "1h")],
        [window("allow", "nonsense", "1h")],
        [window("allow", "0 0 * * *", "soon")],
        [window("allow", "0 0 * * *", "1h"), window("deny", "0 0 * * *", "1h", "Europe/Rome")],
    ],
)
def test_weeks_that_are_not_alike(windows: list[SyncWindow]) -> None:
    assert open_week(windows) is None
