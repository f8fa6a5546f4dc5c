"""Settings of an installation: what argocd-cm and argocd-rbac-cm say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, Context, Note, Test, equivalent, exact, on, says
from argoflux.mapping.conditions import key_and_value
from argoflux.mapping.drift import A2F_IGN_001, A2F_IGN_002, A2F_IGN_003, A2F_IGN_012
from argoflux.mapping.kustomize import A2F_KUS_007
from argoflux.mapping.settings_messages import (
    A2F_CM_001,
    A2F_CM_002,
    A2F_CM_003,
    A2F_CM_004,
    A2F_CM_005,
    A2F_CM_006,
    A2F_CM_007,
    A2F_CM_008,
    A2F_CM_009,
    A2F_CM_010,
    A2F_CM_011,
    A2F_CM_012,
    A2F_CM_013,
    A2F_CM_014,
    A2F_CM_015,
    A2F_HLT_001,
    A2F_HLT_002,
    A2F_HLT_003,
    A2F_HLT_004,
    A2F_IGN_006,
    A2F_MIG_003,
)

if TYPE_CHECKING:
    from argoflux.mapping.verdict import Message

CM = "ConfigMap:argocd-cm"
RBAC = "ConfigMap:argocd-rbac-cm"
PARAMS = "ConfigMap:argocd-cmd-params-cm"
PLUGIN = "ConfigMap:plugin"
OWN_KEYS = "Secret:argocd-secret"

_BUILDS_EVERYWHERE = ("--load-restrictor", "--load_restrictor")

_WITHOUT = {
    "resource.customLabels": (
        "it only adds labels to what the user interface shows",
        "filter by the labels of the Flux objects",
    ),
    "resource.respectRBAC": (
        "Flux controllers touch only what they apply",
        "limit them with a service account per tenant",
    ),
    "actions": (
        "Flux runs no actions on objects",
        "make such changes in Git, or with kubectl",
    ),
    "ignoreResourceUpdates": (
        "Flux compares at intervals and does not follow every update of live objects",
        "nothing to do",
    ),
}


def fates(ctx: Context) -> dict[str, dict[str, Any]]:
    """What the emitter found out about the key of the leaf: facts by message code."""
    found = (ctx.fact("fates") or {}).get(ctx.path[-1] if ctx.path else "")
    return found if isinstance(found, dict) else {}


def _found(message: Message) -> Note:
    """The note for a message that the emitter has facts for."""
    return says(
        message,
        when=lambda _value, ctx: message.code in fates(ctx),
        facts=lambda _value, ctx: fates(ctx)[message.code],
    )


def _is(*values: str) -> Test:
    return lambda value, _ctx: str(value).strip() in values


def _why(_value: Any, ctx: Context) -> dict[str, Any]:
    """One sentence for all kinds that a customization is for."""
    key = str(ctx.path[-1])
    part = key.removeprefix("resource.customizations.").partition(".")[0]
    name = key if key in _WITHOUT else part
    why, remedy = _WITHOUT[name]
    return {"key": name, "why": why, "remedy": remedy}


def extra_options(value: str) -> str:
    """The options of a kustomize build that Flux does not have; empty when there is none.

    kustomize-controller loads files from anywhere in the artifact: fluxcd/pkg:kustomize/kustomize.go.
    """
    kept: list[str] = []
    skip = False
    for word in value.split():
        if skip:
            skip = False
        elif word.startswith(_BUILDS_EVERYWHERE):
            skip = "=" not in word
        else:
            kept.append(word)
    return " ".join(kept)


def _options(value: Any, ctx: Context) -> dict[str, Any]:
    return {"options": extra_options(str(value)), "key": str(ctx.path[-1])}


def _cm(*keys: str) -> tuple[Any, ...]:
    return tuple(on(CM, key) for key in keys)


def _row(meaning: str, keys: tuple[Any, ...], *notes: Note, slot: str = "settings") -> Concept:
    return Concept(slot=slot, says=meaning, argo=keys, to_flux=notes)


_CUSTOM = "resource.customizations"
_HEALTH_NOTES = (
    _found(A2F_CM_014),
    _found(A2F_HLT_001),
    _found(A2F_HLT_002),
    _found(A2F_HLT_004),
    _found(A2F_HLT_003),
)
_RULE_NOTES = (
    _found(A2F_CM_014),
    _found(A2F_IGN_003),
    _found(A2F_IGN_001),
    _found(A2F_IGN_012),
    _found(A2F_IGN_002),
    _found(A2F_IGN_006),
)

# argo-cd:util/settings/settings.go (keys), docs/operator-manual/argocd-cm-yaml.md; access:
# argo-cd:docs/operator-manual/rbac.md; apply: fluxcd/pkg:ssa/manager_apply.go
ROWS = (
    Concept(
        slot="settings",
        says="Type, name and metadata of the ConfigMap itself.",
        argo=tuple(
            on(kind, key, subtree=True)
            for kind in (CM, RBAC, PARAMS, PLUGIN, OWN_KEYS)
            for key in ("apiVersion", "kind", "metadata", "immutable", "data", "stringData", "type")
        ),
        to_flux=(equivalent(),),
    ),
    _row(
        "How often sources are looked at.",
        _cm("timeout.reconciliation"),
        says(A2F_CM_002, when=_is("0", "0s"), facts=key_and_value),
        equivalent(),
        slot="settings.poll",
    ),
    _row(
        "Spread and limits of that polling.",
        _cm("timeout.reconciliation.jitter", "timeout.hard.reconciliation"),
        equivalent(),
    ),
    _row(
        "How Argo CD marks the objects that it manages.",
        _cm("application.resourceTrackingMethod", "application.instanceLabelKey"),
        _found(A2F_MIG_003),
        equivalent(),
        slot="settings.label",
    ),
    _row(
        "The mark of one of several installations.",
        _cm("installationID"),
        equivalent(),
    ),
    _row(
        "Options of every kustomize build.",
        _cm("kustomize.buildOptions", "kustomize.buildOptions.*"),
        exact(when=lambda value, _ctx: not extra_options(str(value))),
        says(A2F_CM_008, facts=_options),
    ),
    _row(
        "Other versions of kustomize.",
        _cm("kustomize.version.*", "kustomize.path.*"),
        says(A2F_KUS_007, facts=key_and_value),
    ),
    _row(
        "Whether the destination namespace overrides those of a kustomize build.",
        _cm("kustomize.setNamespace.enabled"),
        exact(when=_is("", "false")),
        says(
            A2F_CM_012,
            facts=lambda value, ctx: {
                **key_and_value(value, ctx),
                "effect": "makes every kustomize build override namespaces, as `targetNamespace` does",
                "remedy": "see that each Kustomization that builds an overlay has a targetNamespace",
            },
        ),
    ),
    _row(
        "URL schemes that values files may have.",
        _cm("helm.valuesFileSchemes"),
        equivalent(),
    ),
    _row(
        "Whether sources of a type are recognised.",
        _cm("kustomize.enable", "helm.enable", "jsonnet.enable"),
        exact(),
    ),
    _row(
        "Customizations by kind, all in one text.",
        _cm(_CUSTOM),
        *_HEALTH_NOTES[:2],
        *_RULE_NOTES[1:],
        *_HEALTH_NOTES[2:],
        says(
            A2F_CM_006,
            when=lambda _value, ctx: A2F_CM_006.code in fates(ctx),
            facts=lambda _value, _ctx: {
                "key": "actions",
                "why": _WITHOUT["actions"][0],
                "remedy": _WITHOUT["actions"][1],
            },
        ),
        equivalent(),
        slot="settings.rules",
    ),
    _row(
        "Health of a kind as a Lua script.",
        _cm(f"{_CUSTOM}.health.*"),
        *_HEALTH_NOTES,
        equivalent(),  # Applications: their order says what waits for them
        slot="settings.health",
    ),
    _row(
        "Which libraries those scripts may load.",
        _cm(f"{_CUSTOM}.useOpenLibs.*"),
        equivalent(),
    ),
    _row(
        "Fields of a kind that are not compared.",
        _cm(f"{_CUSTOM}.ignoreDifferences.*"),
        *_RULE_NOTES,
        equivalent(),
        slot="settings.rules",
    ),
    _row(
        "Types of fields, so that equal quantities compare equal.",
        _cm(f"{_CUSTOM}.knownTypeFields.*"),
        exact(),
    ),
    _row(
        "What only Argo CD's own work with objects needs.",
        _cm(
            f"{_CUSTOM}.actions.*",
            f"{_CUSTOM}.ignoreResourceUpdates.*",
            "resource.customLabels",
        ),
        says(A2F_CM_006, facts=_why),
    ),
    _row(
        "Whether updates of ignored fields are passed over.",
        _cm("resource.ignoreResourceUpdatesEnabled"),
        equivalent(),
    ),
    _row(
        "Whether Argo CD watches only what it may read.",
        _cm("resource.respectRBAC"),
        equivalent(when=_is("")),
        says(A2F_CM_006, facts=_why),
    ),
    _row(
        "Kinds that Argo CD leaves alone, or is limited to.",
        _cm("resource.exclusions", "resource.inclusions"),
        _found(A2F_CM_014),
        _found(A2F_CM_001),
        equivalent(),
        slot="settings.filter",
    ),
    _row(
        "What is left out of every comparison.",
        _cm("resource.compareoptions"),
        _found(A2F_CM_014),
        _found(A2F_CM_007),
        equivalent(),  # server-side apply ignores `status` of kinds with that subresource
    ),
    _row(
        "Whether syncs run as a service account of the project.",
        _cm("application.sync.impersonation.enabled", "application.sync.impersonation.enforced"),
        equivalent(),
    ),
    _row(
        "Whether the cluster of Argo CD itself is a destination.",
        _cm("cluster.inClusterEnabled"),
        equivalent(),
    ),
    _row(
        "Projects whose limits other projects inherit.",
        _cm("globalProjects"),
        says(A2F_CM_011, facts=key_and_value),
    ),
    _row(
        "Repositories and their credentials, before they became Secrets.",
        _cm("repositories", "repository.credentials", "helm.repositories"),
        says(A2F_CM_009, facts=key_and_value),
    ),
    _row(
        "Tools that make manifests: sidecars, and before them entries of argocd-cm.",
        (*_cm("configManagementPlugins"), on(PLUGIN, "*")),
        says(A2F_CM_010, facts=key_and_value),
    ),
    _row(
        "Who may log in.",
        (
            *_cm(
                "accounts.*",
                "accounts.*.enabled",
                "accounts.*.tokens",
                "admin.enabled",
                "dex.config",
                "dex.storage",
                "exec.enabled",
                "exec.shells",
                "oidc.config",
                "oidc.tls.insecure.skip.verify",
                "passwordPattern",
                "server.rbac.*",
                "users.*",
                "application.sync.requireOverridePrivilegeForRevisionSync",
            ),
            on(RBAC, "policy.csv"),
            on(RBAC, "policy.*.csv"),
            on(RBAC, "policy.default"),
            on(RBAC, "policy.matchMode"),
            on(RBAC, "scopes"),
            on(OWN_KEYS, "*"),
        ),
        equivalent(when=_is("")),
        says(A2F_CM_003),
    ),
    _row(
        "The user interface, its links and its API server.",
        _cm(
            "additionalUrls",
            "application.allowedNodeLabels",
            "application.links",
            "extension.config",
            "ga.*",
            "help.*",
            "project.links",
            "resource.excludeEventLabelKeys",
            "resource.includeEventLabelKeys",
            "resource.links",
            "resource.sensitive.mask.annotations",
            "server.maxPodLogsToRender",
            "statusbadge.*",
            "ui.*",
            "url",
        ),
        says(A2F_CM_004),
    ),
    _row(
        "The certificate and the session key of the API server.",
        (on(OWN_KEYS, "server.secretkey"), on(OWN_KEYS, "tls.*")),
        says(A2F_CM_004),
    ),
    _row(
        "The secrets of webhooks.",
        (on(OWN_KEYS, "webhook.*"),),
        says(A2F_CM_015, facts=lambda _value, ctx: {"key": ctx.path[-1]}),
    ),
    _row(
        "How webhooks are taken in.",
        _cm("webhook.*"),
        says(A2F_CM_005),
    ),
    _row(
        "How hydrated manifests are committed.",
        _cm("commit.*", "sourceHydrator.*"),
        says(A2F_CM_013),
    ),
)
