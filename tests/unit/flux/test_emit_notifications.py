"""Providers and Alerts: who shares them, what they are called, and what they listen to."""

from __future__ import annotations

from tests.unit.argocd_cases import Case, application, convert_case

N = "notifications.argoproj.io"
GIT = "{repoURL: 'https://git.example.com/acme/shop.git', path: %s, targetRevision: main, kustomize: {}}"
CHART = (
    "{repoURL: 'https://git.example.com/acme/shop.git', path: web, targetRevision: main, helm: {}}"
)
FAILED = f"annotations: {{{N}/subscribe.on-sync-failed.slack: alerts}}"


def app(name: str, notes: str = FAILED, *, spec: str = "", source: str = "") -> str:
    stated = f"{spec}\nproject: web" if "project:" not in spec else spec
    return "---\n" + application(source or GIT % name, name=name, metadata=notes, spec=stated)


def sources(case: Case, alert: str) -> list[tuple[str, str]]:
    return [(s["kind"], s["name"]) for s in case.spec("Alert", alert)["eventSources"]]


def test_an_alert_of_one_app_is_named_after_it() -> None:
    case = convert_case(app("shop"))
    assert case.names("Provider") == ["slack-alerts"]
    assert case.spec("Alert", "shop-errors-alerts") == {
        "providerRef": {"name": "slack-alerts"},
        "eventSeverity": "error",
        "eventSources": [
            {"kind": "Kustomization", "name": "shop"},
            {"kind": "GitRepository", "name": "shop"},
        ],
        "eventMetadata": {"application": "shop", "project": "web"},
    }


def test_apps_share_an_alert_for_one_recipient_and_sort() -> None:
    case = convert_case(app("shop") + app("web", source=CHART))
    assert case.names("Provider") == ["slack-alerts"]
    assert sources(case, "slack-alerts-errors") == [
        ("Kustomization", "shop"),
        ("HelmRelease", "web"),
        ("GitRepository", "shop"),
    ]
    assert case.spec("Alert")["eventMetadata"] == {"project": "web"}


def test_the_order_of_the_input_does_not_matter() -> None:
    one, two = app("shop"), app("web", FAILED.replace("alerts", "others;alerts"))
    bodies = [
        [(d.id, d.body) for d in convert_case(text).emission.drafts]
        for text in (one + two, two + one)
    ]
    assert bodies[0] == bodies[1]


def test_success_is_told_of_the_app_alone() -> None:
    case = convert_case(app("shop", FAILED.replace("on-sync-failed", "on-sync-succeeded")))
    assert sources(case, "shop-synced-alerts") == [("Kustomization", "shop")]
    assert case.spec("Alert")["inclusionList"] == [
        ".*succeeded.*",
        ".*(created|configured|deleted).*",
    ]


def test_every_namespace_has_providers_of_its_own() -> None:
    """A Provider and the Alerts that use it share a namespace."""
    case = convert_case(app("shop") + app("web", spec="project: other"), layout="tenant")
    found = sorted(
        draft.id for draft in case.emission.drafts if draft.kind in {"Alert", "Provider"}
    )
    assert found == [
        "Alert/other/web-errors-alerts",
        "Alert/web/shop-errors-alerts",
        "Provider/other/slack-alerts",
        "Provider/web/slack-alerts",
    ]


def test_names_that_are_taken_get_a_hash() -> None:
    kept = """\
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: slack-alerts, namespace: flux-system}
spec: {type: slack}
"""
    (name,) = convert_case(app("shop"), kept=kept).names("Provider")
    assert name.startswith("slack-alerts-")
    assert len(name) == len("slack-alerts-") + 8


def test_recipients_that_differ_in_signs_alone_stay_apart() -> None:
    case = convert_case(app("shop", FAILED.replace("alerts", "'#alerts;alerts'")))
    assert len(set(case.names("Provider"))) == 2
    assert {d.body["spec"]["channel"] for d in case.emission.drafts if d.kind == "Provider"} == {
        "#alerts",
        "alerts",
    }


def test_one_secret_for_all_recipients_of_a_service() -> None:
    case = convert_case(app("shop", FAILED.replace("alerts", "alerts;others")))
    assert case.names("Provider") == ["slack-alerts", "slack-others"]
    assert case.names("Secret") == ["slack-token"]
    assert case.draft("Secret").body["stringData"] == {"token": "TODO"}


def test_older_releases_have_the_same_kinds() -> None:
    case = convert_case(app("shop"), flux="2.3")
    assert case.draft("Alert").api_version == "notification.toolkit.fluxcd.io/v1beta3"


def test_projects_subscribe_their_apps() -> None:
    """argo-cd:notification_controller/controller/controller.go alterDestinations."""
    project = f"""\
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: web
  namespace: argocd
  {FAILED}
spec: {{sourceRepos: ['*'], destinations: [{{server: '*', namespace: '*'}}]}}
"""
    case = convert_case(app("shop", "") + app("other", "", spec="project: default") + project)
    assert sources(case, "shop-errors-alerts")[0] == ("Kustomization", "shop")


def test_labels_choose_apps_for_default_subscriptions() -> None:
    config = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-notifications-cm, namespace: argocd}
data:
  service.slack: 'token: $slack-token'
  subscriptions: '[{recipients: ["slack:alerts"], triggers: [on-sync-failed], selector: "tier in (web)"}]'
"""
    case = convert_case(app("shop", "labels: {tier: web}") + app("other", "") + config)
    assert sources(case, "shop-errors-alerts")[0] == ("Kustomization", "shop")


def test_a_selector_that_is_none_selects_nothing() -> None:
    config = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-notifications-cm, namespace: argocd}
data:
  service.slack: 'token: $slack-token'
  subscriptions: '[{recipients: ["slack:alerts"], triggers: [on-sync-failed], selector: "a b"}]'
"""
    assert convert_case(app("shop", "") + config).names("Alert") == []


def test_the_configuration_of_the_own_namespace_counts() -> None:
    """Self-service notifications: a team's own configuration beside its Applications."""
    config = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-notifications-cm, namespace: %s, labels: {app.kubernetes.io/part-of: argocd}}
data:
  service.slack: 'username: %s'
"""
    text = app("shop") + config % ("aaa", "other") + config % ("argocd", "own")
    assert convert_case(text).spec("Provider")["username"] == "own"


def test_old_annotations_of_projects() -> None:
    """argo-cd:util/notification/settings/legacy.go GetLegacyDestinations."""
    notes = (
        "annotations: {on-sync-failed.recipients.argocd-notifications.argoproj.io: 'slack:alerts'}"
    )
    project = f"""\
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: web
  namespace: argocd
  {notes}
spec: {{sourceRepos: ['*'], destinations: [{{server: '*', namespace: '*'}}]}}
"""
    assert convert_case(app("shop", "") + project).names("Alert") == ["shop-errors-alerts"]
