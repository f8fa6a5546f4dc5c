"""Parameters of Argo CD's processes: argocd-cmd-params-cm and command-line flags."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import Concept, Context, equivalent, exact, on, says
from argoflux.mapping.conditions import key_and_value
from argoflux.mapping.settings import PARAMS
from argoflux.mapping.settings_messages import (
    A2F_CM_003,
    A2F_CM_004,
    A2F_CM_005,
    A2F_CM_012,
)

_FLAGS = "flags:argocd"
_NO = ("", "false")

_EFFECTS = {
    "applicationsetcontroller.policy": (
        "limits what ApplicationSets may do with Applications",
        "compare with what each generated object does on removal: see its `prune` and `deletionPolicy`",
    ),
    "reposerver.allow.oob.symlinks": (
        "lets links lead out of a repository; Flux leaves links out of its artifacts",
        "replace such links by files",
    ),
    "reposerver.include.hidden.directories": (
        "reads directories whose name begins with a dot",
        "see that nothing is deployed from them that Flux would miss",
    ),
    "controller.sync.timeout.seconds": (
        "ends a sync that takes longer; the timeout of a Flux object is for each attempt",
        "raise `timeout` where applying takes longer than five minutes",
    ),
}
_EFFECTS["policy"] = _EFFECTS["applicationsetcontroller.policy"]
_EFFECTS["sync-timeout"] = _EFFECTS["controller.sync.timeout.seconds"]


def _effect(value: Any, ctx: Context) -> dict[str, Any]:
    effect, remedy = _EFFECTS[str(ctx.path[-1])]
    return {**key_and_value(value, ctx), "effect": effect, "remedy": remedy}


def _is_usual(value: Any, _ctx: Context) -> bool:
    return str(value).strip() in {*_NO, "0", "0s", "sync"}


# argo-cd:docs/operator-manual/argocd-cmd-params-cm.yaml, cmd/*/commands/*.go; watched namespaces:
# Flux controllers reconcile objects of every namespace (flux2:manifests/bases)
ROWS = (
    Concept(
        slot="settings",
        says="In which namespaces Applications and ApplicationSets are read.",
        argo=(
            on(PARAMS, "application.namespaces"),
            on(PARAMS, "applicationsetcontroller.namespaces"),
            on(_FLAGS, "application-namespaces"),
            on(_FLAGS, "applicationset-namespaces"),
        ),
        to_flux=(exact(),),
    ),
    Concept(
        slot="settings",
        says="Whether the API server asks who is calling.",
        argo=(on(PARAMS, "server.disable.auth"), on(PARAMS, "server.sync.replace.allowed")),
        to_flux=(says(A2F_CM_003),),
    ),
    Concept(
        slot="settings",
        says="Whether differences are found by a server-side dry run.",
        argo=(on(PARAMS, "controller.diff.server.side"),),
        to_flux=(exact(),),  # what Flux always does: fluxcd/pkg:ssa/manager_diff.go
    ),
    Concept(
        slot="settings.submodules",
        says="Whether submodules are checked out.",
        argo=(on(PARAMS, "reposerver.enable.git.submodule"),),
        to_flux=(exact(),),
    ),
    Concept(
        slot="settings",
        says="Whether sources are hydrated.",
        argo=(on(PARAMS, "hydrator.enabled"),),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="settings",
        says="Limits that change what is deployed, and when.",
        argo=(
            *(on(PARAMS, key) for key in _EFFECTS if "." in key),
            *(on(_FLAGS, key) for key in _EFFECTS if "." not in key),
        ),
        to_flux=(exact(when=_is_usual), says(A2F_CM_012, facts=_effect)),
    ),
    Concept(
        slot="settings",
        says="How the user interface and the API server are reached.",
        argo=(
            on(PARAMS, "server.*"),
            on(PARAMS, "dexserver.*"),
            on(_FLAGS, "basehref"),
            on(_FLAGS, "rootpath"),
            on(_FLAGS, "insecure"),
        ),
        to_flux=(says(A2F_CM_004),),
    ),
    Concept(
        slot="settings.poll",
        says="How often Applications are refreshed.",
        argo=(on(_FLAGS, "app-resync"), on(_FLAGS, "app-hard-resync")),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="settings",
        says="Sizes, addresses, logs and caches of the processes.",
        argo=(
            *(
                on(PARAMS, key)
                for key in (
                    "applicationsetcontroller.*",
                    "commit.*",
                    "commitserver.*",
                    "controller.*",
                    "log.*",
                    "notificationscontroller.*",
                    "otlp.*",
                    "redis.*",
                    "repo.server",
                    "reposerver.*",
                )
            ),
            *(
                on(_FLAGS, key)
                for key in (
                    "enable-policy-override",
                    "enable-progressive-syncs",
                    "kubectl-parallelism-limit",
                    "operation-processors",
                    "parallelismlimit",
                    "repo-cache-expiration",
                    "repo-error-grace-period-seconds",
                    "repo-server-timeout-seconds",
                    "self-heal-timeout-seconds",
                    "status-processors",
                    "env.ARGOCD_*",
                )
            ),
        ),
        to_flux=(says(A2F_CM_005),),
    ),
)
