"""Notifications: what subscriptions, services, triggers and templates become."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.unit.mapping.row_cases import KUSTOMIZED, Row, application, check, ids

if TYPE_CHECKING:
    from pathlib import Path

N = "notifications.argoproj.io"


def at(key: str) -> str:
    """The path of an annotation as reports write it."""
    return f'metadata.annotations["{key}"]'


def app(*notes: str, more: str = "", project: str = "") -> str:
    stated = f"annotations: {{{', '.join(notes)}}}{more}"
    text = application("kustomize: {}", metadata=stated)
    return text.replace("project: default", f"project: {project}") if project else text


def note(key: str, value: str = "alerts") -> str:
    return f"'{N}/{key}': '{value}'"


def config(*entries: str) -> str:
    """An argocd-notifications-cm with values in flow style."""
    lines = "".join(f"  {entry}\n" for entry in entries)
    return (
        "apiVersion: v1\nkind: ConfigMap\n"
        f"metadata: {{name: argocd-notifications-cm, namespace: argocd}}\ndata:\n{lines}---\n"
    )


PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: {name}, namespace: argocd, annotations: {{'{key}': 'alerts'}}}}
spec: {{sourceRepos: ['*'], destinations: [{{server: '*', namespace: '*'}}],
  clusterResourceWhitelist: [{{group: '*', kind: '*'}}]}}
---
"""
SLACK = "service.slack: '{token: $slack-token}'"
FAILED = note("subscribe.on-sync-failed.slack")

ANNOTATIONS = [
    Row(
        id="a failed sync is an event of severity error",
        text=app(FAILED) + config(SLACK),
        path=at(f"{N}/subscribe.on-sync-failed.slack"),
        verdict="equivalent",
        targets=(
            "spec.channel",
            "spec.providerRef.name",
            "spec.eventSeverity",
            "spec.eventSources[0]",
            "spec.eventSources[1]",
        ),
    ),
    Row(
        id="degraded health is known by the text of the event",
        text=app(note("subscribe.on-health-degraded.slack")) + config(SLACK),
        path=at(f"{N}/subscribe.on-health-degraded.slack"),
        verdict="approximate",
        code="A2F-NOT-005",
        shown="errors about failed health checks",
    ),
    Row(
        id="degraded beside failed is all errors",
        text=app(FAILED, note("subscribe.on-health-degraded.slack")) + config(SLACK),
        path=at(f"{N}/subscribe.on-health-degraded.slack"),
        verdict="equivalent",
    ),
    Row(
        id="degraded beside failed of another recipient",
        text=app(FAILED, note("subscribe.on-health-degraded.slack", "others")) + config(SLACK),
        path=at(f"{N}/subscribe.on-health-degraded.slack"),
        verdict="approximate",
        code="A2F-NOT-005",
    ),
    Row(
        id="a service that Flux does not know",
        text=app(note("subscribe.on-sync-failed.email")) + config("service.email: '{host: a}'"),
        path=at(f"{N}/subscribe.on-sync-failed.email"),
        verdict="none",
        code="A2F-NOT-001",
        shown="service email",
    ),
    Row(
        id="a moment without an event",
        text=app(note("subscribe.on-sync-running.slack")) + config(SLACK),
        path=at(f"{N}/subscribe.on-sync-running.slack"),
        verdict="none",
        code="A2F-NOT-002",
        shown="on-sync-running",
    ),
    Row(
        id="a service that nobody configures",
        text=app(note("subscribe.on-sync-failed.gh")) + config(SLACK),
        path=at(f"{N}/subscribe.on-sync-failed.gh"),
        verdict="manual",
        code="A2F-NOT-004",
        shown="the service gh",
    ),
    Row(
        id="a trigger that nobody defines",
        text=app(note("subscribe.mine.slack")) + config(SLACK),
        path=at(f"{N}/subscribe.mine.slack"),
        verdict="manual",
        code="A2F-NOT-006",
        shown="the trigger mine",
    ),
    Row(
        id="a Provider that needs more than Argo CD states",
        text=app(note("subscribe.on-sync-failed.rocketchat"))
        + config("service.rocketchat: '{serverUrl: a}'"),
        path=at(f"{N}/subscribe.on-sync-failed.rocketchat"),
        verdict="manual",
        code="A2F-NOT-007",
        shown="an incoming webhook",
    ),
    Row(
        id="a type known by its name",
        text=app(FAILED),
        path=at(f"{N}/subscribe.on-sync-failed.slack"),
        verdict="equivalent",
    ),
    Row(id="an assumed type is said", text=app(FAILED), code="A2F-NOT-012", shown="slack"),
    Row(id="the Secret has no values", text=app(FAILED), code="A2F-NOT-008", shown="slack-token"),
    Row(
        id="the Secret's origin",
        text=app(FAILED) + config("service.slack: '{token: $my-key}'"),
        code="A2F-NOT-008",
        shown="it is `my-key` of argocd-notifications-secret",
    ),
    Row(id="templates are gone", text=app(FAILED), code="A2F-NOT-003", shown="templates"),
    Row(
        id="commit statuses",
        text=app(note("subscribe.on-sync-failed.github", ""))
        + config("service.github: '{appID: 1, installationID: 2, privateKey: $k}'"),
        path=at(f"{N}/subscribe.on-sync-failed.github"),
        verdict="approximate",
        code="A2F-NOT-015",
        shown="status of commits",
    ),
    Row(
        id="no trigger, and nobody says which are the default ones",
        text=app(note("subscribe.slack")),
        path=at(f"{N}/subscribe.slack"),
        verdict="manual",
        code="A2F-NOT-013",
    ),
    Row(
        id="no trigger, and no default ones",
        text=app(note("subscribe.slack")) + config(SLACK),
        path=at(f"{N}/subscribe.slack"),
        verdict="equivalent",
        code="A2F-NOT-010",
    ),
    Row(
        id="no trigger: the default ones",
        text=app(note("subscribe.slack")) + config(SLACK, "defaultTriggers: '[on-sync-failed]'"),
        path=at(f"{N}/subscribe.slack"),
        verdict="equivalent",
    ),
    Row(
        id="no trigger: the default ones of the service",
        text=app(note("subscribe.slack"))
        + config(
            SLACK,
            "defaultTriggers: '[on-sync-failed]'",
            "defaultTriggers.slack: '[on-created]'",
        ),
        path=at(f"{N}/subscribe.slack"),
        verdict="none",
        code="A2F-NOT-002",
        shown="on-created",
    ),
    Row(
        id="subscriptions as YAML",
        text=app(
            note(
                "subscribe_yaml",
                "[{trigger: [on-sync-failed], destinations: [{service: slack, recipients: [a]}]}]",
            )
        )
        + config(SLACK),
        path=at(f"{N}/subscribe_yaml"),
        verdict="equivalent",
    ),
    Row(
        id="a key that nothing reads",
        text=app(note("recipients")) + config(SLACK),
        path=at(f"{N}/recipients"),
        verdict="equivalent",
        code="A2F-NOT-014",
    ),
    Row(
        id="what the controller remembers",
        text=app(f"'notified.{N}': '{{}}'"),
        path=at(f"notified.{N}"),
        verdict="equivalent",
    ),
    Row(
        id="a subscription of the project, said where nobody accounts for the project",
        text=app(project="web")
        + PROJECT.format(name="web", key=f"{N}/subscribe.on-created.slack")
        + config(SLACK),
        code="A2F-NOT-002",
        shown="on-created",
    ),
]


RESTRICTED = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: web, namespace: argocd, annotations: {{'{key}': 'slack:alerts'}}}}
spec: {{sourceRepos: ['https://git.example.com/*'], destinations: [{{server: '*', namespace: 'web'}}]}}
---
"""

PROJECTS = [
    Row(
        id="a subscription of a project",
        text=app(project="web") + RESTRICTED.format(key=f"{N}/subscribe.on-created.slack"),
        path=at(f"{N}/subscribe.on-created.slack"),
        verdict="none",
        code="A2F-NOT-002",
        resource="AppProject",
    ),
    Row(
        id="the old form of a project's subscription",
        text=app(project="web")
        + RESTRICTED.format(key="on-sync-failed.recipients.argocd-notifications.argoproj.io"),
        path='metadata.annotations["on-sync-failed.recipients.argocd-notifications.argoproj.io"]',
        verdict="equivalent",
        resource="AppProject",
    ),
    Row(
        id="a key of a project that nothing reads",
        text=app(project="web") + RESTRICTED.format(key=f"{N}/recipients"),
        path=at(f"{N}/recipients"),
        verdict="equivalent",
        code="A2F-NOT-014",
        resource="AppProject",
    ),
]

CONFIGURATION = [
    Row(
        id="a service that is used",
        text=app(FAILED) + config(SLACK),
        path='data["service.slack"]',
        verdict="equivalent",
        targets=("spec.type", "spec.address", "spec.secretRef.name"),
    ),
    Row(
        id="a service with options that a Provider lacks",
        text=app(FAILED) + config("service.slack: '{token: $t, icon: a}'"),
        path='data["service.slack"]',
        verdict="approximate",
        code="A2F-NOT-009",
        shown="`icon`",
    ),
    Row(
        id="a service that nobody uses",
        text=app() + config("service.email: '{host: a}'"),
        path='data["service.email"]',
        verdict="equivalent",
        code="A2F-NOT-010",
    ),
    Row(
        id="a service that is used, and that Flux does not know",
        text=app(note("subscribe.on-sync-failed.email")) + config("service.email: '{host: a}'"),
        path='data["service.email"]',
        verdict="none",
        code="A2F-NOT-001",
    ),
    Row(
        id="a value that is no YAML",
        text=app() + config("service.slack: '{'"),
        path='data["service.slack"]',
        verdict="unknown",
        code="A2F-NOT-011",
    ),
    Row(
        id="a selector that is none",
        text=app() + config("subscriptions: '[{recipients: [slack:a], selector: a b}]'"),
        path="data.subscriptions",
        verdict="unknown",
        code="A2F-NOT-011",
    ),
    Row(
        id="a trigger of the catalogue",
        text=app(FAILED)
        + config(
            SLACK,
            "trigger.on-sync-failed: '[{when: \"app.status.operationState.phase in "
            "[''Error'', ''Failed'']\", send: [x]}]'",
        ),
        path='data["trigger.on-sync-failed"]',
        verdict="equivalent",
    ),
    Row(
        id="a trigger with a condition of its own",
        text=app(note("subscribe.late.slack"))
        + config(SLACK, "trigger.late: '[{when: time.Now() != nil, send: [x]}]'"),
        path='data["trigger.late"]',
        verdict="manual",
        code="A2F-NOT-006",
    ),
    Row(
        id="a template in use",
        text=app(note("subscribe.late.slack"))
        + config(
            SLACK, "trigger.late: '[{when: time.Now() != nil, send: [x]}]'", "template.x: '{}'"
        ),
        path='data["template.x"]',
        verdict="none",
        code="A2F-NOT-003",
    ),
    Row(
        id="values for templates that nobody uses",
        text=app() + config("context: 'a: b'"),
        path="data.context",
        verdict="equivalent",
        code="A2F-NOT-010",
    ),
    Row(
        id="default triggers",
        text=app() + config("defaultTriggers: '[on-created]'"),
        path="data.defaultTriggers",
        verdict="equivalent",
    ),
    Row(
        id="default subscriptions",
        text=app(more=", labels: {tier: web}")
        + config(
            SLACK,
            "subscriptions: '[{recipients: [slack:a], triggers: [on-sync-failed], selector: tier=web}]'",
        ),
        path="data.subscriptions",
        verdict="equivalent",
        targets=(
            "spec.channel",
            "spec.providerRef.name",
            "spec.eventSeverity",
            "spec.eventSources[0]",
            "spec.eventSources[1]",
        ),
    ),
    Row(
        id="default subscriptions for other labels",
        text=app()
        + config(
            SLACK,
            "subscriptions: '[{recipients: [slack:a], triggers: [on-sync-failed], selector: tier=web}]'",
        ),
        path="data.subscriptions",
        verdict="equivalent",
        code="A2F-NOT-010",
    ),
    Row(
        id="the form before 1.1",
        text=app() + config("config.yaml: '{}'"),
        path='data["config.yaml"]',
        verdict="manual",
        code="A2F-NOT-016",
    ),
    Row(
        id="the ConfigMap itself",
        text=app() + config(SLACK),
        path="metadata.name",
        verdict="equivalent",
        resource="ConfigMap",
    ),
]


@ids(ANNOTATIONS)
def test_annotation(tmp_path: Path, row: Row) -> None:
    check(tmp_path, replace(row, files=KUSTOMIZED))


@ids(PROJECTS)
def test_project(tmp_path: Path, row: Row) -> None:
    check(tmp_path, replace(row, files=KUSTOMIZED))


@ids(CONFIGURATION)
def test_configuration(tmp_path: Path, row: Row) -> None:
    check(tmp_path, replace(row, files=KUSTOMIZED))
