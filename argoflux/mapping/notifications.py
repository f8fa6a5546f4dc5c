"""Notifications: who is told about which event, and by which service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.mapping.concept import (
    Concept,
    Context,
    Mount,
    Note,
    Opaque,
    equivalent,
    on,
    says,
)
from argoflux.mapping.conditions import key_and_value
from argoflux.mapping.stated_at import items_at, of_some, some
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from argoflux.mapping.stated_at import Item

A2F_NOT_001 = Message(
    code="A2F-NOT-001",
    verdict=Verdict.NONE,
    text="service {service} has no Provider in Flux {flux} (type {service_type}): its recipients hear nothing",
    instead="relay the events of a Provider of type `generic`, or choose another service",
)
A2F_NOT_002 = Message(
    code="A2F-NOT-002",
    verdict=Verdict.NONE,
    text="Flux has no event for the trigger {trigger}: nobody is told",
    instead="watch the metric `gotk_resource_info`, or the condition `Ready` of the Flux object",
)
A2F_NOT_003 = Message(
    code="A2F-NOT-003",
    verdict=Verdict.NONE,
    text="templates of messages were dropped: Flux words its messages itself",
    instead="add fields with `eventMetadata` of an Alert, or annotations `event.toolkit.fluxcd.io/<name>` of an object",
)
A2F_NOT_004 = Message(
    code="A2F-NOT-004",
    verdict=Verdict.MANUAL,
    text="the input does not say what the service {service} is; no Provider was written for it",
    instead="add argocd-notifications-cm to the input, or write a Provider and an Alert by hand",
)
A2F_NOT_005 = Message(
    code="A2F-NOT-005",
    verdict=Verdict.APPROXIMATE,
    text="the trigger {trigger} became {alert}, which picks events by their text: {picked}",
    instead="look at the first messages, and adapt `inclusionList`",
)
A2F_NOT_006 = Message(
    code="A2F-NOT-006",
    verdict=Verdict.MANUAL,
    text="the trigger {trigger} is none of those that come with Argo CD; no Alert can state its condition",
    instead="choose `eventSeverity` and `inclusionList` of an Alert by hand",
)
A2F_NOT_007 = Message(
    code="A2F-NOT-007",
    verdict=Verdict.MANUAL,
    text="{provider} needs {missing}",
    instead="fill it in where `TODO` stands",
)
A2F_NOT_008 = Message(
    code="A2F-NOT-008",
    verdict=Verdict.MANUAL,
    text="the Secret {secret} of {provider} holds no values{came_from}",
    instead="copy the value, or have the Secret made where the old one came from",
    tags=("security",),
)
A2F_NOT_009 = Message(
    code="A2F-NOT-009",
    verdict=Verdict.APPROXIMATE,
    text="options of the service {service} have no field in a Provider and were dropped: {options}",
    instead="set them on the receiving side",
)
A2F_NOT_010 = Message(
    code="A2F-NOT-010",
    verdict=Verdict.EQUIVALENT,
    text="`{key}` is used by no subscription of the input and was dropped",
)
A2F_NOT_011 = Message(
    code="A2F-NOT-011",
    verdict=Verdict.UNKNOWN,
    text="`{key}` cannot be read; Argo CD takes nothing of its configuration then",
    instead="correct the value",
)
A2F_NOT_012 = Message(
    code="A2F-NOT-012",
    verdict=Verdict.APPROXIMATE,
    text="the service {service} was taken for one of the type of that name: argocd-notifications-cm does not configure it here",
    instead="add argocd-notifications-cm to the input",
    tags=("evidence",),
)
A2F_NOT_013 = Message(
    code="A2F-NOT-013",
    verdict=Verdict.MANUAL,
    text="`{key}` names no trigger, and the input holds no default triggers",
    instead="add argocd-notifications-cm to the input",
)
A2F_NOT_014 = Message(
    code="A2F-NOT-014",
    verdict=Verdict.EQUIVALENT,
    text="`{key}` is no annotation that Argo CD's notifications read; it was dropped",
)
A2F_NOT_015 = Message(
    code="A2F-NOT-015",
    verdict=Verdict.APPROXIMATE,
    text="{provider} sets the status of commits for {objects} alone; deployments and comments of templates were dropped",
    instead="use a Provider of type `githubdispatch` and a workflow for more",
)
A2F_NOT_016 = Message(
    code="A2F-NOT-016",
    verdict=Verdict.MANUAL,
    text="`{key}` is the configuration of a release before 1.1 and was not read",
    instead="rewrite it as keys `service.*`, `trigger.*` and `subscriptions`",
)

SUBSCRIBED = "subscribed"
"""The fact with the subscriptions that a leaf states, by path."""
SERVICES = "services"
"""The fact with what became of each service, by path."""

_CM = "ConfigMap:argocd-notifications-cm"
_NOTES = "annotations:application"
_N = "notifications.argoproj.io"
_PROJECT = "annotations:project"
_SUBSCRIBE = (
    f"{_N}/subscribe.*.*",
    f"{_N}/subscribe.*",
    f"{_N}/subscribe_yaml*",
    f"{_N}/subscribe_yaml",
)
_LEGACY = "recipients.argocd-notifications.argoproj.io"


class Judgement(NamedTuple):
    """What is said of a subscription for which the test holds; ``trigger``: it is due to that."""

    test: Callable[[Item], bool]
    message: Message
    trigger: bool = False


def _is(moment: str) -> Callable[[Item], bool]:
    return lambda item: bool(item["moment"] == moment)


JUDGEMENTS = (
    Judgement(lambda item: not item["service_type"], A2F_NOT_004),
    Judgement(_is("custom"), A2F_NOT_006, trigger=True),
    Judgement(lambda item: not item["provider_type"], A2F_NOT_001),
    Judgement(_is("silent"), A2F_NOT_002, trigger=True),
    Judgement(lambda item: bool(item["missing"]), A2F_NOT_007),
    Judgement(lambda item: bool(item["commit_status"]), A2F_NOT_015),
    Judgement(lambda item: bool(item["picked"]), A2F_NOT_005, trigger=True),
)
"""The first that fits counts; a subscription that none fits is as good in Flux."""


def remark(item: Item) -> Message | None:
    """What is to be said of one subscription."""
    return next((one.message for one in JUDGEMENTS if one.test(item)), None)


def _unstated(_value: Any, ctx: Context) -> bool:
    """Whether the leaf subscribes to nothing that is known."""
    return not items_at(ctx, SUBSCRIBED)


def _unused(_value: Any, ctx: Context) -> bool:
    key = ctx.path[-1] if ctx.path else ""
    return key not in (ctx.fact("used") or ())


def _of_key(ctx: Context) -> str:
    return str(ctx.path[-1])


def _unreadable(_value: Any, ctx: Context) -> bool:
    return _of_key(ctx) in (ctx.fact("unreadable") or ())


def _notes(judgements: Iterable[Judgement]) -> tuple[Note, ...]:
    judged = (
        says(one.message, when=some(SUBSCRIBED, one.test), facts=of_some(SUBSCRIBED, one.test))
        for one in judgements
    )
    return (*judged, equivalent())


_SUBSCRIPTION = _notes(JUDGEMENTS)
_TRIGGER = _notes(one for one in JUDGEMENTS if one.trigger)

_UNREADABLE = says(A2F_NOT_011, when=_unreadable, facts=key_and_value)


def _service_test(name: str) -> Callable[[Item], bool]:
    return lambda item: bool(item[name])


# notifications-engine:pkg/subscriptions/annotations.go, pkg/api/config.go;
# argo-cd:util/notification/settings/legacy.go;
# notification-controller:internal/server/event_handlers.go (which alerts an event reaches)
ROWS = (
    Mount(kind="Application", path="metadata.annotations", table=_NOTES),
    Mount(kind="AppProject", path="metadata.annotations", table=_PROJECT),
    Concept(
        slot="notifications.subscriptions",
        says="Recipients of messages about an Application, by trigger and service.",
        argo=(
            *(on(kind, key) for kind in (_NOTES, _PROJECT) for key in _SUBSCRIBE),
            on(_PROJECT, f"*{_LEGACY}"),
            on(_PROJECT, _LEGACY),
        ),
        to_flux=(
            says(
                A2F_NOT_013,
                when=lambda value, ctx: (
                    _unstated(value, ctx) and not ctx.fact("notifications_configured")
                ),
                facts=key_and_value,
            ),
            says(A2F_NOT_010, when=_unstated, facts=key_and_value),
            *_SUBSCRIPTION,
        ),
    ),
    Concept(
        slot="notifications.notes",
        says="What the notifications controller remembers, and keys that it does not read.",
        argo=tuple(
            on(kind, key)
            for kind in (_NOTES, _PROJECT)
            for key in (
                f"notified.{_N}",
                f"{_N}/subscriptions",
                f"{_N}/*",
            )
        ),
        to_flux=(
            equivalent(when=lambda _value, ctx: _of_key(ctx) == f"notified.{_N}"),
            says(A2F_NOT_014, facts=key_and_value),
        ),
    ),
    Concept(
        slot="notifications.services",
        says="How messages are sent: the service and its credentials.",
        argo=(on(_CM, "service.*"),),
        to_flux=(
            _UNREADABLE,
            says(A2F_NOT_010, when=_unused, facts=key_and_value),
            says(
                A2F_NOT_001,
                when=some(SERVICES, lambda item: not item["provider_type"]),
                facts=of_some(SERVICES, lambda item: not item["provider_type"]),
            ),
            says(
                A2F_NOT_009,
                when=some(SERVICES, _service_test("options")),
                facts=of_some(SERVICES, _service_test("options")),
            ),
            equivalent(),
        ),
    ),
    Concept(
        slot="notifications.triggers",
        says="When messages are sent, and which text they have.",
        argo=(on(_CM, "trigger.*"),),
        to_flux=(
            _UNREADABLE,
            says(A2F_NOT_010, when=_unused, facts=key_and_value),
            *_TRIGGER,
        ),
    ),
    Concept(
        slot="notifications.templates",
        says="The text of messages, and the values that texts use.",
        argo=(on(_CM, "template.*"), on(_CM, "context")),
        to_flux=(
            says(A2F_NOT_010, when=_unused, facts=key_and_value),
            says(A2F_NOT_003),
        ),
    ),
    Concept(
        slot="notifications.defaults",
        says="Triggers of subscriptions that name none.",
        argo=(on(_CM, "defaultTriggers"), on(_CM, "defaultTriggers.*")),
        to_flux=(_UNREADABLE, equivalent()),
    ),
    Concept(
        slot="notifications.subscriptions",
        says="Recipients that every Application with fitting labels has.",
        argo=(on(_CM, "subscriptions"),),
        to_flux=(
            _UNREADABLE,
            says(A2F_NOT_010, when=_unstated, facts=key_and_value),
            *_SUBSCRIPTION,
        ),
    ),
    Concept(
        slot="notifications.legacy",
        says="The whole configuration in the form of Argo CD Notifications before 1.1.",
        argo=(on(_CM, "config.yaml"),),
        to_flux=(says(A2F_NOT_016, facts=key_and_value),),
    ),
    *(
        Opaque(kind=_CM, path=path, reason="the ConfigMap becomes no object of its own")
        for path in ("apiVersion", "kind", "metadata")
    ),
)
