"""Sync windows: sources whose revision only moves at certain times, where flux-operator is there.

A ResourceSetInputProvider looks for the newest revision on a schedule, and a ResourceSet writes it
into the GitRepository. What applies the source goes on correcting drift. Without flux-operator, or
where times or sources do not fit, people have to do it.
Facts: flux-operator:docs/api/v1/resourcesetinputprovider.md (types, exported inputs, schedule with a
window of at least twice the timeout), docs/api/v1/resourceset.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.tenancy import BUILT_IN, tenants_of
from argoflux.flux.tenant_plan import listed
from argoflux.flux.window_calendar import Schedule, length, open_week, schedules
from argoflux.flux.window_sources import Scheduler
from argoflux.model.tenant import LOCAL_NAME, LOCAL_SERVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.tenant import SyncWindow, Tenant

_SHORTEST = 2  # minutes: twice the timeout of the provider
_ORDER = ("idle", "open", "scheduled", "suspended", "manual")
_CRON_JOB = "let CronJobs run `flux suspend` and `flux resume` for {appliers} at these times"
_NO_OPERATOR = (
    "install flux-operator and rerun with its FluxInstance in the input, or let CronJobs run"
    " `flux suspend` and `flux resume` for {appliers}"
)


@dataclass(slots=True, kw_only=True)
class _Fate:
    """What became of one window: the worst outcome, and whom it concerns."""

    outcome: str = "idle"
    why: str = ""
    remedy: str = ""
    apps: set[str] = field(default_factory=set)
    appliers: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)

    def note(self, outcome: str, plan: Plan, provider: str = "", why: str = "") -> None:
        """Take in what became of the window for one applier."""
        if _ORDER.index(outcome) > _ORDER.index(self.outcome):
            self.outcome = outcome
            self.apps, self.appliers = set(), set()
        if outcome == self.outcome:
            self.apps.add(plan.app.id)
            self.appliers.add(plan.id)
        self.providers |= {provider} if provider else set()
        self.why = self.why or why


def emit_windows(
    appliers: Sequence[Plan], loaded: Loaded, request: Request, emission: Emission
) -> None:
    """Write schedules for the sources of apps that have windows, and note what became of each."""
    tenants = {key: t for key, t in tenants_of(loaded.estate).items() if t.windows}
    found: dict[Plan, _Demand] = {}
    for plan in appliers:
        tenant = tenants.get((plan.app.root, plan.app.project or BUILT_IN))
        if tenant is not None:
            found[plan] = _demand(plan, tenant)
    wants = {plan: demand.schedules for plan, demand in found.items()}
    scheduler = Scheduler(
        request=request, emission=emission, wants={plan: wants.get(plan, ()) for plan in appliers}
    )
    for _, tenant in sorted(tenants.items()):
        fates = {index: _Fate() for index in range(len(tenant.windows))}
        for plan, demand in found.items():
            if demand.tenant is tenant:
                _settle(plan, demand, fates, scheduler)
        facts = emission.made[tenant.resource].facts
        facts["windows"] = _noted(tenant, fates, scheduler)


class _Demand(NamedTuple):
    """What the windows of an applier ask for: an outcome, or schedules."""

    tenant: Tenant
    matched: tuple[int, ...]
    outcome: str = ""
    schedules: tuple[Schedule, ...] = ()
    why: str = ""


def _demand(plan: Plan, tenant: Tenant) -> _Demand:
    matched = tuple(index for index, w in enumerate(tenant.windows) if _is_for(w, plan))
    if not matched:
        return _Demand(tenant, matched, "idle")
    windows = [tenant.windows[index] for index in matched]
    week = open_week(windows)
    if week is not None and all(week):
        return _Demand(tenant, matched, "open")
    if week is not None and not any(week):
        return _Demand(tenant, matched, "suspended")
    wanted, why = _wanted(windows, week)
    return _Demand(tenant, matched, schedules=tuple(wanted), why=why)


def _settle(plan: Plan, demand: _Demand, fates: Mapping[int, _Fate], scheduler: Scheduler) -> None:
    """Do what the windows of one applier ask for, as far as that can be done."""
    provider, why, outcome = "", demand.why, demand.outcome
    if outcome == "suspended":
        _suspend(plan, scheduler.emission)
    elif not outcome and not why:
        provider, why = scheduler.put(plan, demand.tenant)
    if not outcome:
        outcome = "manual" if why else "scheduled" if provider else "open"
    for index in demand.matched:
        fates[index].note(outcome, plan, provider, why)


def _is_for(window: SyncWindow, plan: Plan) -> bool:
    destination = plan.app.destination
    local = destination.cluster.local
    return window.holds(
        plan.app.name,
        destination.namespace or "",
        LOCAL_SERVER if local else destination.cluster.server,
        LOCAL_NAME if local else destination.cluster.name,
    )


def _wanted(windows: Sequence[SyncWindow], week: list[bool] | None) -> tuple[list[Schedule], str]:
    """The schedules that say the same as the windows, or why there are none."""
    zone = windows[0].time_zone or "UTC"
    if any(window.kind == "deny" for window in windows):
        if week is None:
            return (
                [],
                "times at which syncing is denied cannot be turned into times at which it is not",
            )
        found = schedules(week, zone)
    else:
        if any(length(window) < _SHORTEST for window in windows):
            return [], "a schedule needs windows of two minutes or more"
        found = sorted({Schedule(w.schedule, w.duration, w.time_zone or "UTC") for w in windows})
    return found, ""


def _suspend(plan: Plan, emission: Emission) -> None:
    """An app that never may sync by itself is an app that people sync."""
    plan.facts["suspended"] = True
    for draft in emission.drafts:
        if (
            draft.kind == plan.kind
            and draft.apps == [plan.app]
            and draft.serves(plan.app, plan.index)
        ):
            draft.put("spec.suspend", value=True, origin="derived")


def _noted(
    tenant: Tenant, fates: Mapping[int, _Fate], scheduler: Scheduler
) -> dict[int, dict[str, Any]]:
    noted = {}
    for index, fate in fates.items():
        appliers = listed(sorted(fate.appliers))
        remedy = _NO_OPERATOR if not scheduler.available else _CRON_JOB
        noted[index] = {
            "outcome": fate.outcome,
            "window": describe(tenant.windows[index]),
            "why": fate.why,
            "remedy": remedy.format(appliers=appliers),
            "apps": listed(sorted(fate.apps)),
            "appliers": appliers,
            "provider": listed(sorted(fate.providers)),
            "name": ", ".join(sorted(p.rpartition("/")[2] for p in fate.providers)),
            "namespace": next((p.split("/")[1] for p in sorted(fate.providers)), ""),
        }
    return noted


def describe(window: SyncWindow) -> str:
    """A window for a message."""
    zone = f" {window.time_zone}" if window.time_zone else ""
    return f"{window.kind} {window.schedule} for {window.duration}{zone}"
