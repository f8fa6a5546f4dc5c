"""Messages and webhooks of Flux: Provider, Alert, Receiver."""

from __future__ import annotations

from argoflux.mapping.concept import Concept, Note, equivalent, exact, on, says
from argoflux.mapping.conditions import fact, key_and_value
from argoflux.mapping.verdict import Message, Verdict

F2A_NOT_001 = Message(
    code="F2A-NOT-001",
    verdict=Verdict.APPROXIMATE,
    text="provider type {type} has no service of its own in Argo CD; {name} became `{service_key}`, whose requests carry the text alone",
    instead="adapt the body under `webhook` in the template to what the receiver reads",
)
F2A_NOT_002 = Message(
    code="F2A-NOT-002",
    verdict=Verdict.MANUAL,
    text="the credentials of {name} stand in the Secret {secret}; argocd-notifications-secret is a stub",
    instead="copy them into argocd-notifications-secret, under the keys that the stub names",
    tags=("security",),
)
F2A_NOT_003 = Message(
    code="F2A-NOT-003",
    verdict=Verdict.APPROXIMATE,
    text="proxy and certificates of {name} count for the whole notifications controller in Argo CD and were dropped",
    instead="set `HTTPS_PROXY` on the controller, and put the certificate into argocd-tls-certs-cm",
)
F2A_NOT_004 = Message(
    code="F2A-NOT-004",
    verdict=Verdict.APPROXIMATE,
    text="{name} listens to objects that are no Application in Argo CD, or that were not converted; their failures show as a comparison error of the Applications that use them",
)
F2A_NOT_005 = Message(
    code="F2A-NOT-005",
    verdict=Verdict.APPROXIMATE,
    text="the severity of {name} became a trigger that fires {moments}",
)
F2A_NOT_006 = Message(
    code="F2A-NOT-006",
    verdict=Verdict.MANUAL,
    text="the filter `{value}` of {name} matches texts of Flux; it was dropped",
    instead="add a condition on `app.status.operationState.message` to the trigger",
)
F2A_NOT_007 = Message(
    code="F2A-NOT-007",
    verdict=Verdict.NONE,
    text="`{key}` of {name} has no counterpart and was dropped",
    instead="set it on the receiving side, or on the notifications controller",
)
F2A_NOT_008 = Message(
    code="F2A-NOT-008",
    verdict=Verdict.MANUAL,
    text="no service was written for {name}: {why}",
    instead="configure a service in argocd-notifications-cm by hand, or relay through a webhook",
)
F2A_NOT_009 = Message(
    code="F2A-NOT-009",
    verdict=Verdict.MANUAL,
    text="nothing was written for {name}: its Provider {provider} {why}",
    instead="convert it together with its Provider, or write trigger, template and subscription by hand",
)
F2A_RCV_001 = Message(
    code="F2A-RCV-001",
    verdict=Verdict.MANUAL,
    text="the token of {name} stands in the Secret {secret}; argocd-secret is a stub",
    instead="point the {type} webhook to /api/webhook of Argo CD and copy the token into `{key}` of argocd-secret",
    tags=("security",),
)
F2A_RCV_002 = Message(
    code="F2A-RCV-002",
    verdict=Verdict.NONE,
    text="Argo CD does not understand webhooks of type {type}; {name} became nothing, and polling picks up changes",
    instead="remove the webhook, or send one of a Git host that Argo CD understands to /api/webhook",
)
F2A_RCV_003 = Message(
    code="F2A-RCV-003",
    verdict=Verdict.NONE,
    text="Argo CD checks no OIDC token of a webhook; that of {name} was dropped",
    instead="use a webhook with a shared secret",
    tags=("security",),
)
F2A_RCV_004 = Message(
    code="F2A-RCV-004",
    verdict=Verdict.NONE,
    text="Argo CD picks what a webhook refreshes itself; `{key}` of {name} was dropped",
    instead="choose the events where the webhook is made",
)


def _row(
    slot: str, sentence: str, kind: str, paths: tuple[str, ...], *notes: Note, subtree: bool = False
) -> Concept:
    return Concept(
        slot=f"notifications.{slot}",
        says=sentence,
        flux=tuple(on(kind, path, subtree=subtree) for path in paths),
        to_argo=notes,
    )


_UNWRITTEN = says(F2A_NOT_008, when=fact("why"))
_MUTE = says(F2A_NOT_009, when=fact("why"))
_DROPPED = says(F2A_NOT_007, facts=key_and_value)
_ROUTED = says(F2A_RCV_004, facts=key_and_value)
_NO_HOOK = says(F2A_RCV_002, when=fact("unsupported"))

# notification-controller:api/v1beta3/{provider,alert}_types.go, api/v1/receiver_types.go;
# argo-cd:docs/operator-manual/notifications/services, argo-cd:util/webhook/webhook.go
ROWS = (
    _row(
        "services",
        "Which service sends messages.",
        "Provider",
        ("spec.type",),
        _UNWRITTEN,
        says(F2A_NOT_001, when=fact("by_webhook")),
        equivalent(),
    ),
    _row(
        "addresses",
        "Where messages are sent.",
        "Provider",
        ("spec.address", "spec.username"),
        _UNWRITTEN,
        says(
            F2A_NOT_007,
            when=lambda _value, ctx: ctx.path[-1] in (ctx.fact("unused_fields") or ()),
            facts=key_and_value,
        ),
        equivalent(),
    ),
    _row(
        "recipients",
        "The room or person that is told.",
        "Provider",
        ("spec.channel",),
        _UNWRITTEN,
        says(
            F2A_NOT_007,
            when=lambda _value, ctx: "channel" in (ctx.fact("unused_fields") or ()),
            facts=key_and_value,
        ),
        equivalent(),
    ),
    _row(
        "credentials",
        "The Secret of the service.",
        "Provider",
        ("spec.secretRef.name",),
        _UNWRITTEN,
        says(F2A_NOT_002),
    ),
    _row(
        "transport",
        "How the service is reached.",
        "Provider",
        ("spec.proxy", "spec.proxySecretRef.name", "spec.certSecretRef.name"),
        says(F2A_NOT_003),
    ),
    _row(
        "sender",
        "Time limit, identity, and the label of a commit status.",
        "Provider",
        ("spec.timeout", "spec.serviceAccountName", "spec.commitStatusExpr"),
        _DROPPED,
    ),
    _row("period", "Not used by Flux.", "Provider", ("spec.interval",), equivalent()),
    _row(
        "suspended",
        "Whether messages are held back: nothing is subscribed then.",
        "Provider",
        ("spec.suspend",),
        equivalent(),
    ),
    _row(
        "provider",
        "The service that an alert uses.",
        "Alert",
        ("spec.providerRef.name",),
        _MUTE,
        exact(),
    ),
    _row(
        "sources",
        "Which objects an alert is about.",
        "Alert",
        tuple(f"spec.eventSources[].{key}" for key in ("apiVersion", "kind", "name", "namespace")),
        _MUTE,
        says(
            F2A_NOT_004,
            when=lambda _value, ctx: not {*(ctx.fact("deaf") or ())}.isdisjoint(ctx.path[2:3]),
        ),
        equivalent(),
    ),
    _row(
        "source_labels",
        "Labels of the objects that an alert is about.",
        "Alert",
        ("spec.eventSources[].matchLabels",),
        _MUTE,
        equivalent(),
        subtree=True,
    ),
    _row(
        "severity",
        "Which events are told.",
        "Alert",
        ("spec.eventSeverity",),
        _MUTE,
        says(F2A_NOT_005),
    ),
    _row(
        "filters",
        "Expressions on the texts of events.",
        "Alert",
        ("spec.inclusionList[]", "spec.exclusionList[]"),
        says(F2A_NOT_006),
    ),
    _row(
        "additions",
        "Words that are added to each message.",
        "Alert",
        ("spec.eventMetadata",),
        _MUTE,
        equivalent(),
        subtree=True,
    ),
    _row("additions", "A text that is added.", "Alert", ("spec.summary",), _MUTE, equivalent()),
    _row(
        "alert_suspended",
        "Whether an alert is silent: nothing is subscribed then.",
        "Alert",
        ("spec.suspend",),
        equivalent(),
    ),
    _row(
        "hook",
        "Who sends the webhook.",
        "Receiver",
        ("spec.type",),
        _NO_HOOK,
        equivalent(),
    ),
    _row(
        "hook_token",
        "The shared secret of the webhook.",
        "Receiver",
        ("spec.secretRef.name",),
        _NO_HOOK,
        equivalent(when=fact("suspended")),
        says(F2A_RCV_001),
    ),
    _row("hook_events", "Events that count.", "Receiver", ("spec.events[]",), _NO_HOOK, _ROUTED),
    _row(
        "hook_targets",
        "What is reconciled; Argo CD finds the Applications by their repository.",
        "Receiver",
        tuple(f"spec.resources[].{key}" for key in ("apiVersion", "kind", "name", "namespace")),
        _NO_HOOK,
        equivalent(),
    ),
    _row(
        "hook_labels",
        "Labels of what is reconciled.",
        "Receiver",
        ("spec.resources[].matchLabels",),
        _NO_HOOK,
        equivalent(),
        subtree=True,
    ),
    _row(
        "hook_filters",
        "Expressions that pick what is reconciled.",
        "Receiver",
        ("spec.resourceFilter", "spec.resources[].filter"),
        _NO_HOOK,
        _ROUTED,
    ),
    _row(
        "hook_login",
        "Tokens of an identity provider that open the webhook.",
        "Receiver",
        tuple(
            f"spec.oidcProviders[].{key}"
            for key in (
                "audience",
                "issuerURL",
                "validations[].expression",
                "validations[].message",
                "variables[].expression",
                "variables[].name",
            )
        ),
        says(F2A_RCV_003),
    ),
    _row(
        "hook_state",
        "Period of the check, and whether the webhook is off: no key is written then.",
        "Receiver",
        ("spec.interval", "spec.suspend"),
        equivalent(),
    ),
)
