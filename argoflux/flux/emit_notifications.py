"""Providers and Alerts for the subscriptions of apps.

One Alert tells one Provider about one sort of events of all apps that subscribed to it
(notification-controller:internal/server/event_handlers.go: an event reaches every Alert that
names its object, with a severity and a text that fit).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_gates import api_version
from argoflux.flux.emit_kept import kept_names
from argoflux.flux.notify_providers import TODO, dropped_options, provider_plan
from argoflux.flux.notify_sorts import ERRORS, SORTS, Sort
from argoflux.mapping.draft import Draft
from argoflux.mapping.emission import Decision
from argoflux.mapping.names import shorten, slug, with_hash
from argoflux.mapping.notifications import (
    A2F_NOT_003,
    A2F_NOT_008,
    A2F_NOT_012,
    SERVICES,
    SUBSCRIBED,
    remark,
)
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.flux.notify_providers import ProviderPlan
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.app import App
    from argoflux.model.notify import NotifyConfig, Service, Subscription
    from argoflux.resource import Resource
    from argoflux.text import Path

_SLOT = "notifications.subscriptions"
_SERVICE_SLOT = "notifications.services"
_APPLIERS = ("Kustomization", "HelmRelease")
_SOURCES = ("GitRepository", "OCIRepository", "HelmRepository", "HelmChart")
_COMMIT_STATUS = "github"


@dataclass(slots=True, kw_only=True, eq=False)
class _Provider:
    """A Provider with its name and the apps that use it, by sort of events."""

    root: str
    namespace: str
    name: str
    service: Service
    recipient: str
    plan: ProviderPlan
    apps: dict[Sort, dict[App, None]] = field(default_factory=lambda: defaultdict(dict))
    outcomes: dict[Sort, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def id(self) -> str:
        """``Provider/namespace/name``."""
        return f"Provider/{self.namespace}/{self.name}"


_Key = tuple[str, str, str, str, str]
"""Root, namespace, service, type of the service, recipient."""


def emit_notifications(
    plans: Sequence[Plan], loaded: Loaded, request: Request, emission: Emission
) -> None:
    """Write Providers, Alerts and stubs of Secrets, and state what became of each subscription."""
    estate = loaded.estate
    mains = {plan.app: plan for plan in plans if plan.main}
    writing = _Writing(request=request, emission=emission, taken=kept_names(request.kept))
    for app, subscriptions in estate.subscriptions.items():
        plan = mains.get(app)
        if plan is not None:
            writing.subscribe(plan, subscriptions)
    writing.write()
    for app, plan in mains.items():
        outcomes = writing.outcomes_at(app.resource)
        if outcomes:
            plan.facts[SUBSCRIBED] = outcomes
        if any(config.resource.root == app.root for config in estate.notifiers):
            plan.facts["notifications_configured"] = True
    _account_for(estate.notifiers, estate.subscriptions, writing)
    _speak_for_projects(mains, writing)


@dataclass(slots=True, kw_only=True)
class _Writing:
    """The Providers of one run, and what became of each subscription by resource and leaf."""

    request: Request
    emission: Emission
    taken: set[Identity]
    providers: dict[_Key, _Provider] = field(default_factory=dict)
    outcomes: dict[Resource, dict[Path, list[dict[str, Any]]]] = field(default_factory=dict)
    subscribers: dict[tuple[Resource, Path], list[str]] = field(default_factory=dict)
    assumed: dict[str, list[Subscription]] = field(default_factory=dict)
    objects: dict[App, list[Draft]] = field(default_factory=dict)

    def subscribe(self, plan: Plan, subscriptions: Iterable[Subscription]) -> None:
        """Let an app be heard by the Providers of its subscriptions."""
        app = plan.app
        told_of_errors = {
            (one.service.name, one.recipient)
            for one in subscriptions
            if one.trigger.moment == "failed"
        }
        for one in subscriptions:
            provider = self._provider(plan, one)
            sort = SORTS.get(one.trigger.moment)
            if one.trigger.moment == "degraded" and (
                (one.service.name, one.recipient) in told_of_errors
            ):
                sort = ERRORS
            if provider is not None and sort is not None:
                provider.apps[sort].setdefault(app)
            self._note(app, one, provider, sort)

    def _provider(self, plan: Plan, one: Subscription) -> _Provider | None:
        service = one.service
        recipient = one.recipient
        if service.type == _COMMIT_STATUS:
            recipient = _repository(plan)
            if not recipient:
                return None
        key = (plan.app.root, plan.namespace, service.name, service.type, recipient)
        if key in self.providers:
            return self.providers[key]
        made = provider_plan(service, recipient, self.request.flux) if service.type else None
        if made is None or one.trigger.moment not in SORTS:
            return None
        wanted = slug("-".join(filter(None, (service.name, _short(recipient)))))
        name = shorten(wanted)
        if (plan.app.root, "Provider", plan.namespace, name) in self.taken:
            name = with_hash(wanted, f"Provider/{plan.namespace}/{service.name}:{recipient}")
        self.taken.add((plan.app.root, "Provider", plan.namespace, name))
        found = _Provider(
            root=plan.app.root,
            namespace=plan.namespace,
            name=name,
            service=service,
            recipient=recipient,
            plan=made,
        )
        self.providers[key] = found
        if service.options is None:
            self.assumed.setdefault(service.name, []).append(one)
        return found

    def _note(
        self, app: App, one: Subscription, provider: _Provider | None, sort: Sort | None
    ) -> None:
        """Keep what became of a subscription, for the leaf that states it and for its trigger."""
        known = provider is not None or (
            one.service.type not in {"", _COMMIT_STATUS}
            and provider_plan(one.service, one.recipient, self.request.flux) is not None
        )
        outcome: dict[str, Any] = {
            "service": one.service.name,
            "service_type": one.service.type,
            "trigger": one.trigger.name,
            "moment": one.trigger.moment,
            "recipient": one.recipient,
            "provider_type": (provider.plan.type if provider else "known") if known else "",
            "provider": provider.id if provider is not None else "",
            "missing": provider.plan.missing if provider is not None else "",
            "picked": sort.picked if sort is not None else "",
            "commit_status": provider is not None and provider.plan.type == _COMMIT_STATUS,
            "objects": "Kustomizations",
            "alert": "an Alert",
        }
        if provider is not None and sort is not None:
            provider.outcomes[sort].append(outcome)
        leaves = [(one.resource, one.at)]
        config = _config_of(one)
        if one.trigger.at and config is not None:
            leaves.append((config, one.trigger.at))
        for resource, at in leaves:
            kept = self.outcomes.setdefault(resource, {}).setdefault(at, [])
            if outcome not in kept:
                kept.append(outcome)
            self.subscribers.setdefault((resource, at), []).append(app.id)

    def outcomes_at(self, resource: Resource) -> dict[Path, list[dict[str, Any]]]:
        """What became of the subscriptions that a resource states."""
        return self.outcomes.get(resource, {})

    def write(self) -> None:
        """The documents, in the order of names."""
        stubs: dict[tuple[str, str, str], Draft] = {}
        alerts: list[Draft] = []
        for draft in self.emission.drafts:
            for app in draft.apps if draft.kind in (*_APPLIERS, *_SOURCES) else ():
                self.objects.setdefault(app, []).append(draft)
        made = sorted(self.providers.values(), key=lambda p: (p.root, p.namespace, p.name))
        for provider in made:
            self.emission.drafts.append(self._provider_draft(provider, stubs))
            alerts += [self._alert(provider, sort) for sort in sorted(provider.apps)]
        self.emission.drafts += [*alerts, *stubs.values()]
        for name, asked in sorted(self.assumed.items()):
            places = (one.resource.place(*one.at) for one in asked)
            self.emission.say(A2F_NOT_012, *places, service=name)
        if made:
            self.emission.say(A2F_NOT_003)

    def _provider_draft(
        self, provider: _Provider, stubs: dict[tuple[str, str, str], Draft]
    ) -> Draft:
        plan = provider.plan
        draft = self._draft("Provider", provider, provider.name, _all_apps(provider))
        slot = _SERVICE_SLOT
        draft.put("spec.type", plan.type, slot=slot)
        if plan.channel:
            from_leaf = plan.channel != TODO
            draft.put(
                "spec.channel", plan.channel, slot=_SLOT if from_leaf else "", origin="required"
            )
        if plan.address:
            draft.put("spec.address", plan.address, slot=slot, origin="required")
        if plan.username:
            draft.put("spec.username", plan.username, slot=slot)
        if plan.secret:
            name = self._stub(provider, stubs)
            draft.put("spec.secretRef.name", name, slot=slot, origin="required")
        return draft

    def _stub(self, provider: _Provider, stubs: dict[tuple[str, str, str], Draft]) -> str:
        """A Secret without values; recipients of a service that share one use one stub."""
        plan = provider.plan
        what = next(iter(plan.secret)) if len(plan.secret) == 1 else "credentials"
        base = slug(provider.service.name) if plan.shared else provider.name
        name = shorten(f"{base}-{what.lower()}")
        key = (provider.root, provider.namespace, name)
        known = stubs.get(key)
        if known is not None:
            known.apps = list(dict.fromkeys((*known.apps, *_all_apps(provider))))
            return name
        draft = self._draft("Secret", provider, name, _all_apps(provider), api="v1")
        draft.folder = "secrets"
        for entry, origin in plan.secret.items():
            came = f"; it is `{origin}` of argocd-notifications-secret" if origin else ""
            draft.put(
                ("stringData", entry),
                TODO,
                origin="required",
                message=A2F_NOT_008,
                secret=name,
                provider=provider.id,
                came_from=came,
            )
        stubs[key] = draft
        return name

    def _alert(self, provider: _Provider, sort: Sort) -> Draft:
        apps = sorted(provider.apps[sort], key=lambda app: app.sort_key())
        draft = self._draft("Alert", provider, self._alert_name(provider, sort, apps), apps)
        draft.put("spec.providerRef.name", provider.name, slot=_SLOT)
        draft.put("spec.eventSeverity", sort.severity, slot=_SLOT)
        for source in self._event_sources(apps, provider, sort):
            draft.add("spec.eventSources", source, slot=_SLOT)
        for expression in sort.inclusion:
            draft.add("spec.inclusionList", expression, slot=_SLOT)
        for name, value in _metadata(apps):
            draft.put(("spec", "eventMetadata", name), value, origin="default")
        for outcome in provider.outcomes[sort]:
            outcome["alert"] = draft.id
        return draft

    def _alert_name(self, provider: _Provider, sort: Sort, apps: list[App]) -> str:
        """Named after the app where it is the only one, else after the Provider."""
        target = _short(provider.recipient) or provider.service.name
        wanted = slug(
            f"{apps[0].name}-{sort.name}-{target}"
            if len(apps) == 1
            else f"{provider.name}-{sort.name}"
        )
        name = shorten(wanted)
        identity = (provider.root, "Alert", provider.namespace, name)
        if identity in self.taken:
            name = with_hash(wanted, f"Alert/{provider.namespace}/{provider.name}/{sort.name}")
        self.taken.add((provider.root, "Alert", provider.namespace, name))
        return name

    def _event_sources(
        self, apps: list[App], provider: _Provider, sort: Sort
    ) -> list[dict[str, str]]:
        """The appliers of the apps; for errors the sources that they read as well."""
        kinds = _APPLIERS + (_SOURCES if sort.severity == "error" else ())
        if provider.plan.type == _COMMIT_STATUS:
            kinds = ("Kustomization",)
        found: dict[tuple[str, str, str], dict[str, str]] = {}
        for draft in (draft for app in apps for draft in self.objects.get(app, ())):
            if draft.kind not in kinds:
                continue
            source = {"kind": draft.kind, "name": draft.name}
            if draft.namespace != provider.namespace:
                source["namespace"] = draft.namespace
            found[str(kinds.index(draft.kind)).zfill(2), draft.namespace, draft.name] = source
        return [found[key] for key in sorted(found)]

    def _draft(
        self, kind: str, provider: _Provider, name: str, apps: list[App], *, api: str = ""
    ) -> Draft:
        config = provider.service.resource
        return Draft(
            api_version=api or api_version(self.request.flux, kind),
            kind=kind,
            namespace=provider.namespace,
            name=name,
            folder="notifications",
            root=provider.root,
            apps=list(apps),
            sources=[config] if config is not None else [],
        )


def _repository(plan: Plan) -> str:
    """Whose commits get a status: a Kustomization from Git knows its commit, a release does not."""
    git = plan.kind == "Kustomization" and isinstance(plan.part.source, GitSource)
    return str(plan.facts.get("flux_url", "")) if git else ""


def _short(recipient: str) -> str:
    """What of a recipient goes into names: an address without its scheme and host."""
    if "://" in recipient:
        return recipient.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return recipient.lstrip("#@")


def _config_of(one: Subscription) -> Resource | None:
    return one.service.resource or (one.resource if one.at[:1] == ("data",) else None)


def _all_apps(provider: _Provider) -> list[App]:
    apps = {app for served in provider.apps.values() for app in served}
    return sorted(apps, key=lambda app: app.sort_key())


def _metadata(apps: list[App]) -> list[tuple[str, str]]:
    """Fields that every event of the Alert carries: those in which its apps agree."""
    found = [("application", apps[0].name)] if len(apps) == 1 else []
    projects = {app.project for app in apps}
    if len(projects) == 1 and apps[0].project:
        found.append(("project", apps[0].project))
    return found


def _account_for(
    configs: Iterable[NotifyConfig],
    subscriptions: Mapping[App, tuple[Subscription, ...]],
    writing: _Writing,
) -> None:
    """State for each configuration which of its keys are used, and what they became."""
    for config in configs:
        used: set[str] = set()
        services: dict[Path, list[dict[str, Any]]] = {}
        for one in (s for each in subscriptions.values() for s in each):
            if one.service.resource is config.resource:
                used.add(str(one.service.at[-1]))
            if config.triggers.get(one.trigger.name) is one.trigger:
                used |= {str(one.trigger.at[-1]), *(f"template.{t}" for t in one.trigger.templates)}
        for service in config.services.values():
            services[service.at] = [_service_outcome(service, writing)]
        if any(key.startswith("template.") for key in used):
            used.add("context")
        made = any(p.service.resource is config.resource for p in writing.providers.values())
        writing.emission.made[config.resource] = Decision(
            kind="Provider" if made else "",
            facts={
                "used": frozenset(used),
                "unreadable": config.unreadable,
                SERVICES: services,
                SUBSCRIBED: writing.outcomes_at(config.resource),
            },
        )


def _service_outcome(service: Service, writing: _Writing) -> dict[str, Any]:
    plan = provider_plan(service, "", writing.request.flux)
    dropped = dropped_options(service, plan) if plan is not None else ()
    return {
        "service": service.name,
        "service_type": service.type,
        "provider_type": plan.type if plan is not None else "",
        "options": ", ".join(f"`{name}`" for name in dropped),
    }


def _speak_for_projects(mains: Mapping[App, Plan], writing: _Writing) -> None:
    """State the fate of subscriptions of projects; where nobody accounts for one, say it."""
    accounted = writing.emission.made
    own = {app.resource for app in mains}
    for resource, outcomes in writing.outcomes.items():
        if resource in own or resource.ref.kind != "AppProject":
            continue
        if resource in accounted:
            accounted[resource].facts[SUBSCRIBED] = outcomes
            continue
        for at, items in sorted(outcomes.items(), key=lambda item: str(item[0])):
            item = next((item for item in items if remark(item)), None)
            message = remark(item) if item is not None else None
            if item is not None and message is not None:
                apps = tuple(sorted(set(writing.subscribers[resource, at])))
                facts = {"flux": writing.request.flux, "object": "the app", **item}
                writing.emission.say(message, resource.place(*at), apps=apps, **facts)
