"""Which service of Argo CD's notifications a Provider of Flux becomes.

Options of services: argo-cd:docs/operator-manual/notifications/services. Every other receiver of
JSON is a webhook.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.goports.giturl import strip_credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from argoflux.model.notify import Channel

_WEBHOOKS = frozenset(
    [
        "generic",
        "generic-hmac",
        "discord",
        "matrix",
        "lark",
        "sentry",
        "datadog",
        "zulip",
        "zoom",
        "incidentio",
        "githubdispatch",
        "rocket",
        "msteams",
    ]
)
_STATUS = frozenset(
    [
        "github",
        "gitlab",
        "gitea",
        "bitbucket",
        "bitbucketserver",
        "azuredevops",
        "githubpullrequestcomment",
        "gitlabmergerequestcomment",
        "giteapullrequestcomment",
    ]
)


@dataclass(slots=True, kw_only=True)
class ServicePlan:
    """A service: its type, options, recipient; ``keys`` are those of argocd-notifications-secret.

    ``keys`` holds for each key the key of the Provider's Secret. ``unused`` are fields of the
    Provider that no option carries. Without a ``type`` there is no service, for the reason ``why``.
    """

    type: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    recipient: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    why: str = ""


def plan_service(channel: Channel, prefix: str) -> ServicePlan:
    """The service for a Provider; ``prefix`` starts the names of its keys in the one Secret."""
    if channel.type in _STATUS:
        return ServicePlan(why="commit statuses need a GitHub App or requests of your own")
    hooked = channel.type == "slack" and "hooks.slack.com" in channel.address
    if channel.type in _WEBHOOKS or hooked:
        return _webhook(channel, prefix)
    plan = _DIRECT[channel.type](channel, prefix) if channel.type in _DIRECT else None
    if plan is None:
        return ServicePlan(why=f"Argo CD has none for the type {channel.type}")
    if not channel.secret:
        plan.keys = {}
    return plan


def _webhook(channel: Channel, prefix: str) -> ServicePlan:
    plan = ServicePlan(type="webhook", unused=_stated(channel, "channel", "username"))
    plan.options["url"] = strip_credentials(channel.address)
    if not channel.address:
        plan.keys[f"{prefix}-address"] = "address"
        plan.options["url"] = f"${prefix}-address"
    elif channel.secret:
        plan.keys[f"{prefix}-token"] = "token"
    plan.options["headers"] = [{"name": "Content-Type", "value": "application/json"}]
    return plan


def _stated(channel: Channel, *names: str) -> tuple[str, ...]:
    held = {"channel": channel.room, "username": channel.username, "address": channel.address}
    return tuple(name for name in names if held[name])


def _token(kind: str, unused: tuple[str, ...]) -> Callable[[Channel, str], ServicePlan]:
    def plan(channel: Channel, prefix: str) -> ServicePlan:
        found = ServicePlan(type=kind, recipient=channel.room, unused=_stated(channel, *unused))
        found.options["token"] = f"${prefix}-token"
        found.keys[f"{prefix}-token"] = "token"
        if kind == "slack" and channel.username:
            found.options["username"] = channel.username
        return found

    return plan


def _googlechat(channel: Channel, prefix: str) -> ServicePlan:
    name = channel.resource.ref.name
    key = f"{prefix}-address"
    stated = channel.address and not channel.secret
    url = channel.address if stated else f"${key}"
    return ServicePlan(
        type="googlechat",
        options={"webhooks": {name: url}},
        recipient=name,
        keys={} if stated else {key: "address"},
        unused=_stated(channel, "channel", "username"),
    )


def _grafana(channel: Channel, prefix: str) -> ServicePlan:
    key = f"{prefix}-token"
    options = {"apiUrl": channel.address, "apiKey": f"${key}"}
    unused = _stated(channel, "username")
    room = channel.room or "flux"
    return ServicePlan(
        type="grafana", options=options, recipient=room, keys={key: "token"}, unused=unused
    )


def _opsgenie(channel: Channel, prefix: str) -> ServicePlan:
    key = f"{prefix}-token"
    room = channel.room or "flux"
    options = {"apiUrl": "https://api.opsgenie.com", "apiKeys": {room: f"${key}"}}
    unused = _stated(channel, "address", "username")
    return ServicePlan(
        type="opsgenie", options=options, recipient=room, keys={key: "token"}, unused=unused
    )


_DIRECT: dict[str, Callable[[Channel, str], ServicePlan]] = {
    "slack": _token("slack", ()),
    "telegram": _token("telegram", ("address", "username")),
    "webex": _token("webex", ("address", "username")),
    "googlechat": _googlechat,
    "grafana": _grafana,
    "opsgenie": _opsgenie,
}
