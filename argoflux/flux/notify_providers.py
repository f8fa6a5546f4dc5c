"""Which Provider a service of Argo CD's notifications becomes, and what it needs.

Facts: notifications-engine:pkg/services (options of each service, meaning of its recipients);
notification-controller:docs/spec/v1beta3/providers.md (address, channel and Secret keys by type).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_gates import has_field
from argoflux.goports.giturl import strip_credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argoflux.model.notify import Service

TODO = "TODO"

# notifications-engine:pkg/api/config.go keyPattern
_REFERENCE = re.compile(r"\$([\w-]+)")


@dataclass(slots=True, kw_only=True)
class ProviderPlan:
    """A Provider to be: its fields, the keys of its Secret, and what a person must add.

    ``secret`` holds for each key of the Secret the key of argocd-notifications-secret that the
    value comes from, empty when it is not known. ``shared`` says that all recipients of the
    service use one Secret. ``used`` are the options of the service that took part.
    """

    type: str
    address: str = ""
    channel: str = ""
    username: str = ""
    secret: dict[str, str] = field(default_factory=dict)
    shared: bool = False
    missing: str = ""
    used: frozenset[str] = frozenset()


def provider_plan(service: Service, recipient: str, flux: str) -> ProviderPlan | None:
    """The Provider for one recipient of a service; None when Flux has none of the kind."""
    build = _BUILDERS.get(service.type)
    if build is None:
        return None
    plan = build(service.options or {}, recipient)
    return plan if has_field(flux, "Provider", "spec.type", plan.type) else None


def dropped_options(service: Service, plan: ProviderPlan) -> tuple[str, ...]:
    """Names of options that no field carries, sorted."""
    return tuple(sorted(set(service.options or {}) - plan.used))


def _text(options: Mapping[str, Any], key: str) -> str:
    value = options.get(key)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _entry(options: Mapping[str, Any], key: str, recipient: str) -> str:
    found = options.get(key)
    return _text(found, recipient) if isinstance(found, dict) else ""


def _origin(value: str) -> str:
    """The Secret key that a value refers to; empty when it refers to none."""
    match = _REFERENCE.search(value)
    return match[1] if match is not None else ""


def _with_address(plan: ProviderPlan, value: str) -> ProviderPlan:
    """Put an address where it belongs: a reference or nothing into the Secret, a text as it is."""
    if value and not _origin(value):
        plan.address = strip_credentials(value)
        if plan.address == value:
            return plan
        plan.address = ""
    plan.secret["address"] = _origin(value)
    return plan


def _token(options: Mapping[str, Any], key: str) -> dict[str, str]:
    return {"token": _origin(_text(options, key))}


def _slack(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    base = _text(options, "apiURL") or "https://slack.com/api/"
    return ProviderPlan(
        type="slack",
        address=f"{base.rstrip('/')}/chat.postMessage",
        channel=recipient,
        username=_text(options, "username"),
        secret=_token(options, "token"),
        shared=True,
        used=frozenset({"apiURL", "username", "token"}),
    )


def _telegram(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    """A number is a chat, everything else the name of a channel (telegram.go)."""
    chat = recipient.partition("|")[0]
    channel = chat if chat.startswith(("-", "@")) or chat.isdigit() else f"@{chat}"
    return ProviderPlan(
        type="telegram",
        address="https://api.telegram.org",
        channel=channel,
        secret=_token(options, "token"),
        shared=True,
        used=frozenset({"token"}),
    )


def _webex(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    person = "@" in recipient
    return ProviderPlan(
        type="webex",
        address="https://webexapis.com/v1/messages",
        channel=TODO if person else recipient,
        secret=_token(options, "token"),
        shared=True,
        missing="the id of a room: Flux writes to no e-mail address" if person else "",
        used=frozenset({"token"}),
    )


def _teams(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    plan = ProviderPlan(type="msteams", used=frozenset({"recipientUrls"}))
    return _with_address(plan, _entry(options, "recipientUrls", recipient))


def _google_chat(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    plan = ProviderPlan(type="googlechat", used=frozenset({"webhooks"}))
    return _with_address(plan, _entry(options, "webhooks", recipient))


def _incoming_webhook(kind: str) -> Callable[[Mapping[str, Any], str], ProviderPlan]:
    """A chat whose users Argo CD writes to by name; Flux posts to an incoming webhook of it."""

    def build(_options: Mapping[str, Any], recipient: str) -> ProviderPlan:
        return ProviderPlan(
            type=kind,
            channel=recipient,
            secret={"address": ""},
            missing="the address of an incoming webhook, in its Secret",
        )

    return build


def _opsgenie(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    host = _text(options, "apiUrl") or "api.opsgenie.com"
    base = host if "://" in host else f"https://{host}"
    return ProviderPlan(
        type="opsgenie",
        address=f"{base.rstrip('/')}/v2/alerts",
        secret={"token": _origin(_entry(options, "apiKeys", recipient))},
        used=frozenset({"apiUrl", "apiKeys"}),
    )


def _pagerduty(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    """The routing key is a field of the Provider, not of its Secret (notifier/pagerduty.go)."""
    key = _entry(options, "serviceKeys", recipient)
    known = bool(key) and not _origin(key)
    return ProviderPlan(
        type="pagerduty",
        address="https://events.pagerduty.com",
        channel=key if known else TODO,
        missing="" if known else "the key of an Events API v2 integration as its channel",
        used=frozenset({"serviceKeys"}),
    )


def _alertmanager(options: Mapping[str, Any], _recipient: str) -> ProviderPlan:
    targets = options.get("targets")
    listed = [str(item) for item in targets] if isinstance(targets, list) else []
    scheme = _text(options, "scheme") or "http"
    path = _text(options, "apiPath") or "/api/v2/alerts"
    plan = ProviderPlan(type="alertmanager", used=frozenset({"targets", "scheme", "apiPath"}))
    if len(listed) > 1:
        plan.missing = f"a copy for each further target ({', '.join(listed[1:])})"
    if not listed or options.get("basicAuth"):
        plan.secret["address"] = ""
        plan.used |= {"basicAuth"}
        return plan
    plan.address = f"{scheme}://{listed[0]}/{path.lstrip('/')}"
    return plan


def _grafana(options: Mapping[str, Any], _recipient: str) -> ProviderPlan:
    base = _text(options, "apiUrl")
    plan = ProviderPlan(
        type="grafana",
        secret=_token(options, "apiKey"),
        shared=True,
        used=frozenset({"apiUrl", "apiKey"}),
    )
    if not base:
        return _with_address(plan, "")
    return _with_address(plan, f"{base.rstrip('/')}/annotations")


def _github(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    """Statuses of commits; ``recipient`` is the repository's address here."""
    return ProviderPlan(
        type="github",
        address=recipient,
        secret={
            "githubAppID": _origin(_text(options, "appID")),
            "githubAppInstallationID": _origin(_text(options, "installationID")),
            "githubAppPrivateKey": _origin(_text(options, "privateKey")),
        },
        shared=True,
        used=frozenset({"appID", "installationID", "privateKey"}),
    )


def _webhook(options: Mapping[str, Any], _recipient: str) -> ProviderPlan:
    plan = ProviderPlan(
        type="generic", used=frozenset({"url", "headers", "basicAuth"}), shared=True
    )
    if options.get("headers") or options.get("basicAuth"):
        plan.secret["headers"] = ""
    return _with_address(plan, _text(options, "url"))


def _pubsub(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    project = _text(options, "project")
    return ProviderPlan(
        type="googlepubsub",
        address=project or TODO,
        channel=recipient or _text(options, "topic"),
        missing="" if project else "the id of the project as its address",
        used=frozenset({"project", "topic"}),
    )


def _nats(options: Mapping[str, Any], recipient: str) -> ProviderPlan:
    plan = ProviderPlan(type="nats", channel=recipient, used=frozenset({"url"}))
    return _with_address(plan, _text(options, "url"))


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any], str], ProviderPlan]] = {
    "alertmanager": _alertmanager,
    "gcppubsub": _pubsub,
    "github": _github,
    "googlechat": _google_chat,
    "grafana": _grafana,
    "mattermost": _incoming_webhook("slack"),
    "nats": _nats,
    "opsgenie": _opsgenie,
    "pagerduty": _pagerduty,
    "pagerdutyv2": _pagerduty,
    "rocketchat": _incoming_webhook("rocket"),
    "slack": _slack,
    "teams": _teams,
    "teams-workflows": _teams,
    "telegram": _telegram,
    "webex": _webex,
    "webhook": _webhook,
}
