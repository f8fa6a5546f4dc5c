"""Channels and alerts of Flux as one argocd-notifications-cm per root.

notifications-engine:pkg/subscriptions, pkg/triggers; argo-cd:notifications_catalog/triggers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.notify_services import ServicePlan, plan_service
from argoflux.argocd.settings_parts import NOTIFICATIONS, root_part, stated_setting
from argoflux.mapping.draft import Draft
from argoflux.mapping.emission import Decision
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug
from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.notify import Alert, Channel

_SECRET = "argocd-notifications-secret"  # noqa: S105  (the name of an object)
_FAILED = "app.status?.operationState.phase in ['Error', 'Failed']"
_SUCCEEDED = "app.status?.operationState.phase in ['Succeeded']"
_ONCE = "app.status?.operationState.syncResult.revision"
_TEXT = (
    "{{.app.metadata.name}}: sync {{.app.status.operationState.phase}}, "
    "health {{.app.status.health.status}}\n{{.app.status.operationState.message}}\n"
)


def emit_notifications(
    loaded: Loaded, request: Request, emission: Emission, namespace: str
) -> None:
    """Services of all Providers, then trigger, template and subscription of each Alert."""
    estate = loaded.estate
    told = [one.resource.root for one in estate.channels]
    told += [one.resource.root for one in estate.alerts]
    for root in sorted(set(told)):
        writing = _Root(emission, request, namespace, root)
        channels = [one for one in estate.channels if one.resource.root == root]
        writing.services(channels)
        alerts = [one for one in estate.alerts if one.resource.root == root]
        writing.alerts(alerts)
        writing.finish()


class _Root:
    """The ConfigMap and the Secret of one root."""

    def __init__(self, emission: Emission, request: Request, namespace: str, root: str) -> None:
        self.emission = emission
        self.request = request
        self.config = root_part(emission, NOTIFICATIONS, namespace, root)
        self.secret = _secret(namespace, root)
        self.plans: dict[tuple[str, str], tuple[str, ServicePlan]] = {}
        self.subscriptions: list[dict[str, Any]] = []

    def services(self, channels: list[Channel]) -> None:
        """One service per Provider; the short key where it is the only one of its type."""
        prefixes = _names([channel.resource.ref for channel in channels])
        plans = [plan_service(c, p) for c, p in zip(channels, prefixes, strict=True)]
        types = [plan.type for plan in plans]
        for channel, prefix, plan in zip(channels, prefixes, plans, strict=True):
            alone = plan.type != "webhook" and types.count(plan.type) == 1
            alone = alone and self._stated(f"service.{plan.type}") is None
            service = plan.type if alone else prefix
            key = f"service.{plan.type}" + ("" if alone else f".{prefix}")
            ref = channel.resource.ref
            self.plans[ref.namespace, ref.name] = (service, plan)
            self.emission.made[channel.resource] = Decision(
                kind="ConfigMap" if plan.type else "",
                facts={
                    "type": channel.type,
                    "service_key": key,
                    "by_webhook": plan.type == "webhook",
                    "why": plan.why,
                    "secret": f"{ref.namespace}/{channel.secret}",
                    "unused_fields": plan.unused,
                },
            )
            if plan.type:
                self._service(channel, plan, service, key)

    def _service(self, channel: Channel, plan: ServicePlan, service: str, key: str) -> None:
        options = dict(plan.options)
        if plan.type == "webhook" and f"{service}-token" in plan.keys:
            token = {"name": "Authorization", "value": f"Bearer ${service}-token"}
            options["headers"] = [*options["headers"], token]
        self.config.put(("data", key), dump(options), slot="notifications.services")
        self.config.sources.append(channel.resource)
        ref = channel.resource.ref
        if not channel.secret:
            return
        for name, origin in plan.keys.items():
            value = f"TODO-copy-from-{ref.namespace}-{channel.secret}-key-{origin}"
            self.secret.put(("stringData", name), value, slot="notifications.credentials")
        if plan.keys:
            self.secret.sources.append(channel.resource)

    def alerts(self, alerts: list[Alert]) -> None:
        """Trigger, template and subscription, and the label of each app that an alert is about."""
        names = _names([alert.resource.ref for alert in alerts])
        for alert, name in zip(alerts, names, strict=True):
            ref = alert.resource.ref
            service, plan = self.plans.get((ref.namespace, alert.provider), ("", None))
            why = ""
            if alert.channel is None or plan is None:
                why = "is not in the input"
            elif not plan.type:
                why = "became no service"
            moments = "for failed syncs, degraded health and unknown states"
            if not alert.errors_only:
                moments += ", and for successful syncs"
            silent = alert.suspended or (alert.channel is not None and alert.channel.suspended)
            self.emission.made[alert.resource] = Decision(
                kind="" if why or silent else "ConfigMap",
                facts={
                    "provider": alert.provider,
                    "why": why,
                    "deaf": alert.deaf,
                    "moments": moments,
                },
            )
            if plan is not None and not why and not silent:
                self._alert(alert, name, service, plan)

    def _alert(self, alert: Alert, name: str, service: str, plan: ServicePlan) -> None:
        trigger = f"flux-{name}"
        label = f"argoflux.dev/{shorten(f'alert-{name}', LABEL_LIMIT)}"
        put = self.config.put
        template = _template(alert, service, plan)
        put(("data", f"template.{trigger}"), dump(template), slot="notifications.additions")
        put(
            ("data", f"trigger.{trigger}"),
            dump(_conditions(alert, trigger)),
            slot="notifications.severity",
        )
        self.config.sources.append(alert.resource)
        recipient = f"{service}:{plan.recipient}" if plan.recipient else service
        self.subscriptions.append(
            {"recipients": [recipient], "triggers": [trigger], "selector": f"{label}=true"}
        )
        for draft in self.emission.drafts:
            if draft.kind == "Application" and any(app in alert.apps for app in draft.apps):
                draft.put(("metadata", "labels", label), "true", origin="derived")

    def finish(self) -> None:
        """Hand over what has contents."""
        if self.subscriptions:
            text = dump([*self._subscribed(), *self.subscriptions])
            self.config.put(("data", "subscriptions"), text, slot="notifications.sources")
        drafts = self.emission.drafts
        if not self.config.sources:
            drafts.remove(self.config)
        if self.secret.sources:
            drafts.append(self.secret)

    def _subscribed(self) -> list[Any]:
        """The subscriptions of the object in the input, which share one key with the new ones."""
        source = SourceFile("subscriptions", self._stated("subscriptions") or "[]")
        bodies = [document.body for document in load_text(source).documents]
        return bodies[0] if len(bodies) == 1 and isinstance(bodies[0], list) else []

    def _stated(self, key: str) -> str | None:
        return stated_setting(self.request, NOTIFICATIONS, self.config.root, key)


def _secret(namespace: str, root: str) -> Draft:
    draft = Draft(
        api_version="v1",
        kind="Secret",
        namespace=namespace,
        name=_SECRET,
        folder="secrets",
        root=root,
    )
    draft.header.append("a part of the object of the cluster: merge it there")
    return draft


def _names(refs: list[Any]) -> list[str]:
    """The names of objects, with their namespaces where two have the same."""
    names = [ref.name for ref in refs]
    return [
        slug(ref.name if names.count(ref.name) == 1 else f"{ref.namespace}-{ref.name}")
        for ref in refs
    ]


def _template(alert: Alert, service: str, plan: ServicePlan) -> dict[str, Any]:
    said = " ".join(f"[{key}={value}]" for key, value in sorted(alert.additions.items()))
    text = f"{said} {_TEXT}" if said else _TEXT
    if plan.type != "webhook":
        return {"message": text}
    body = '{"message": {{ printf "%s: sync %s, health %s" .app.metadata.name .app.status.operationState.phase .app.status.health.status | toJson }}}\n'
    return {"message": text, "webhook": {service: {"method": "POST", "body": body}}}


def _conditions(alert: Alert, trigger: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"when": _FAILED, "oncePer": _ONCE, "send": [trigger]}]
    if not alert.errors_only:
        found.append({"when": _SUCCEEDED, "oncePer": _ONCE, "send": [trigger]})
    found.append({"when": "app.status.health.status == 'Degraded'", "send": [trigger]})
    found.append({"when": "app.status.sync.status == 'Unknown'", "send": [trigger]})
    return found
