"""Services of Argo CD's notifications as Providers."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.flux.notify_providers import TODO, dropped_options, provider_plan
from argoflux.model.notify import Service

SLACK = "https://slack.com/api/chat.postMessage"


def plan_of(kind: str, recipient: str = "", flux: str = "2.9", **options: Any) -> Any:
    return provider_plan(Service(name=kind, type=kind, options=options), recipient, flux)


@pytest.mark.parametrize(
    ("kind", "recipient", "options", "expected"),
    [
        ("slack", "a", {}, ("slack", SLACK, "a")),
        ("slack", "a", {"apiURL": "https://s.example/api/"},
         ("slack", "https://s.example/api/chat.postMessage", "a")),
        ("telegram", "-100|3", {}, ("telegram", "https://api.telegram.org", "-100")),
        ("telegram", "team", {}, ("telegram", "https://api.telegram.org", "@team")),
        ("webex", "room", {}, ("webex", "https://webexapis.com/v1/messages", "room")),
        ("webex", "a@b", {}, ("webex", "https://webexapis.com/v1/messages", TODO)),
        ("teams", "x", {"recipientUrls": {"x": "https://o.example/1"}},
         ("msteams", "https://o.example/1", "")),
        ("teams", "x", {"recipientUrls": {"x": "$url"}}, ("msteams", "", "")),
        ("teams", "x", {}, ("msteams", "", "")),
        ("googlechat", "x", {"webhooks": {"x": "https://c.example/$key"}}, ("googlechat", "", "")),
        ("opsgenie", "x", {}, ("opsgenie", "https://api.opsgenie.com/v2/alerts", "")),
        ("opsgenie", "x", {"apiUrl": "api.eu.opsgenie.com"},
         ("opsgenie", "https://api.eu.opsgenie.com/v2/alerts", "")),
        ("pagerdutyv2", "x", {"serviceKeys": {"x": "$k"}},
         ("pagerduty", "https://events.pagerduty.com", TODO)),
        ("pagerdutyv2", "x", {"serviceKeys": {"x": "abc"}},
         ("pagerduty", "https://events.pagerduty.com", "abc")),
        ("alertmanager", "", {"targets": ["a:9093"]},
         ("alertmanager", "http://a:9093/api/v2/alerts", "")),
        ("alertmanager", "", {"targets": ["a"], "scheme": "https", "apiPath": "/x"},
         ("alertmanager", "https://a/x", "")),
        ("grafana", "tag", {"apiUrl": "https://g.example/api"},
         ("grafana", "https://g.example/api/annotations", "")),
        ("github", "https://github.com/a/b", {}, ("github", "https://github.com/a/b", "")),
        ("webhook", "", {"url": "https://h.example/x"}, ("generic", "https://h.example/x", "")),
        ("webhook", "", {"url": "https://u:p@h.example/x"}, ("generic", "", "")),
        ("gcppubsub", "topic", {"project": "p"}, ("googlepubsub", "p", "topic")),
        ("gcppubsub", "topic", {}, ("googlepubsub", TODO, "topic")),
        ("nats", "subject", {"url": "nats://n"}, ("nats", "nats://n", "subject")),
        ("mattermost", "c", {}, ("slack", "", "c")),
        ("rocketchat", "c", {}, ("rocket", "", "c")),
    ],
)  # fmt: skip
def test_fields(
    kind: str, recipient: str, options: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    plan = plan_of(kind, recipient, **options)
    assert (plan.type, plan.address, plan.channel) == expected


@pytest.mark.parametrize("kind", ["email", "awssqs", "newrelic", "pushover"])
def test_services_without_a_provider(kind: str) -> None:
    assert plan_of(kind) is None


@pytest.mark.parametrize(
    ("kind", "options", "secret"),
    [
        ("slack", {"token": "$slack-token"}, {"token": "slack-token"}),
        ("slack", {"token": "xoxb"}, {"token": ""}),
        ("slack", {}, {"token": ""}),
        ("teams", {"recipientUrls": {"a": "$url"}}, {"address": "url"}),
        ("googlechat", {"webhooks": {"a": "https://c.example/?key=$k"}}, {"address": "k"}),
        ("opsgenie", {"apiKeys": {"a": "$og"}}, {"token": "og"}),
        ("grafana", {"apiUrl": "https://g", "apiKey": "$g"}, {"token": "g"}),
        ("webhook", {"url": "https://h", "headers": [{"name": "a"}]}, {"headers": ""}),
        ("webhook", {"url": "https://u:p@h"}, {"address": ""}),
        ("webhook", {"url": "https://h"}, {}),
        ("alertmanager", {"targets": ["a"], "basicAuth": {"username": "u"}}, {"address": ""}),
        ("github", {"privateKey": "$k"},
         {"githubAppID": "", "githubAppInstallationID": "", "githubAppPrivateKey": "k"}),
    ],
)  # fmt: skip
def test_keys_of_the_secret_and_where_they_come_from(
    kind: str, options: dict[str, Any], secret: dict[str, str]
) -> None:
    """Values never leave the configuration: keys of Secrets are named, nothing is copied."""
    assert plan_of(kind, "a", **options).secret == secret


def test_what_a_person_must_add() -> None:
    assert "further target (b:1)" in plan_of("alertmanager", targets=["a:1", "b:1"]).missing
    assert "room" in plan_of("webex", "a@b").missing
    assert plan_of("slack", "a").missing == ""


def test_dropped_options() -> None:
    service = Service(name="slack", type="slack", options={"token": "a", "icon": "b", "zz": "c"})
    plan = provider_plan(service, "", "2.9")
    assert plan is not None
    assert dropped_options(service, plan) == ("icon", "zz")
