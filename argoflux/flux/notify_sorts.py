"""Which events of Flux stand for a moment that Argo CD's triggers know.

notification-controller:internal/server/event_handlers.go: severity ``info`` takes errors as well,
expressions are searched in the text of the event; the event of a Kustomization that changed
nothing is a commit status, which only Git providers are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.model.notify import Moment


class Sort(NamedTuple):
    """A sort of events: its name, severity, and the texts that it is known by."""

    name: str
    severity: str
    inclusion: tuple[str, ...] = ()
    picked: str = ""


# kustomize-controller:internal/controller/kustomization_controller.go (checkHealth, apply);
# helm-controller:internal/reconcile (fmtInstallSuccess, fmtUpgradeSuccess)
ERRORS = Sort("errors", "error")
SORTS: Mapping[Moment, Sort] = {
    "failed": ERRORS,
    "degraded": Sort(
        "degraded",
        "error",
        (".*[Hh]ealth check failed.*",),
        "errors about failed health checks",
    ),
    "succeeded": Sort(
        "synced",
        "info",
        (".*succeeded.*", ".*(created|configured|deleted).*"),
        "objects that were created, changed or deleted, and successful releases",
    ),
    "deployed": Sort(
        "deployed",
        "info",
        ("Health check passed.*", ".*(install|upgrade) succeeded.*"),
        "passed health checks, and installed or upgraded releases",
    ),
}
