"""Apps as Flux objects: sources, appliers, namespaces and stubs of Secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.flux.deliveries import name_deliveries, plan_deliveries
from argoflux.flux.emit_app_of_apps import place_children, plan_children
from argoflux.flux.emit_app_order import arrange, put_wave_order, tell_sets
from argoflux.flux.emit_artifact_generator import emit_generators
from argoflux.flux.emit_credentials import assign_needs, emit_credentials, grant_access
from argoflux.flux.emit_deltas import say_deltas
from argoflux.flux.emit_dependencies import emit_dependencies
from argoflux.flux.emit_generated import emit_generated
from argoflux.flux.emit_helmrelease import emit_helmrelease
from argoflux.flux.emit_hooks import note_chart_order
from argoflux.flux.emit_ignore import ignore_rules
from argoflux.flux.emit_image_updates import emit_image_updates
from argoflux.flux.emit_kept import kept_names
from argoflux.flux.emit_kubeconfig import assign_clusters, say_remote_accounts
from argoflux.flux.emit_kustomization import emit_kustomization
from argoflux.flux.emit_multi import note_split, with_sources
from argoflux.flux.emit_namespaces import emit_namespaces
from argoflux.flux.emit_notes import note_content
from argoflux.flux.emit_notifications import emit_notifications
from argoflux.flux.emit_objects import emit_objects
from argoflux.flux.emit_plan import Plan, plan_apps
from argoflux.flux.emit_policy import put_depends_on
from argoflux.flux.emit_remote_namespace import emit_remote_namespaces
from argoflux.flux.emit_resource_sets import emit_resource_sets
from argoflux.flux.emit_settings import emit_settings
from argoflux.flux.emit_source_order import order_sources
from argoflux.flux.emit_sources import emit_sources
from argoflux.flux.emit_tenants import emit_tenants, plan_tenants
from argoflux.flux.emit_waves import plan_stages, split_appliers
from argoflux.flux.emit_windows import emit_windows
from argoflux.flux.secret_book import SecretBook
from argoflux.flux.shared_releases import without_shared_releases
from argoflux.flux.source_groups import parts_served
from argoflux.flux.tenancy import tenant_namespaces
from argoflux.mapping.emission import Decision, Emission
from argoflux.mapping.index import find
from argoflux.model.render import Helm, Plain
from argoflux.yamlio.tree import MISSING, dig, leaves

if TYPE_CHECKING:
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Loaded, Request
    from argoflux.resource import Resource


def emit(loaded: Loaded, request: Request) -> Emission:
    """Write the Flux objects of every app of the estate, in sort order."""
    emission = Emission()
    namespaces = tenant_namespaces(loaded.estate, request)
    plans = without_shared_releases(plan_apps(loaded.estate.apps, request, emission, namespaces))
    houses = arrange(plans, loaded)
    plans = plan_children(plans, houses, kept_names(request.kept))
    plan_stages(plans, kept_names(request.kept))
    for plan in plans:
        render = plan.part.render
        if isinstance(render, Plain) and not plan.only_children:
            plan.ignore = ignore_rules(render, plan.part.path, plan.content)
    book = SecretBook(loaded.estate.keyring, request, kept_names(request.kept))
    deliveries = plan_deliveries(plans, request)
    sources = [*with_sources(plans), *deliveries.values()]
    assign_needs(sources, book)
    emit_sources(sources, emission)
    grant_access(sources, emission.drafts, book)
    emit_dependencies(plans, emission, book)
    assign_clusters(plans, loaded, book, emission)
    emission.drafts += emit_generators(plans)
    appliers: dict[Plan, Draft] = {}
    for plan in plans:
        if plan.kind:
            if not plan.only_children:
                note_content(plan)
            note_chart_order(plan)
            appliers[plan] = _emit_applier(plan)
    note_split(appliers, emission)
    names = {(plan.app.root, plan.kind, plan.namespace, plan.name) for plan in appliers}
    for plan, draft in appliers.items():
        put_depends_on(plan, draft, names)
    put_wave_order(houses, appliers)
    emission.drafts += emit_remote_namespaces(appliers, deliveries)
    emit_generated(appliers, loaded, emission)
    tell_sets(plans, loaded, emission)
    emit_settings(appliers, loaded, emission)
    emit_objects(appliers, loaded)
    tenants = plan_tenants(appliers, namespaces, loaded, request, emission)
    name_deliveries(deliveries)
    emission.drafts += split_appliers(appliers)
    order_sources(appliers, emission)
    say_deltas(emission, appliers.items(), loaded.estate.tenants)
    emission.drafts += emit_namespaces(appliers)
    emit_tenants(tenants, loaded, emission)
    say_remote_accounts(appliers.items())
    emit_credentials(book, loaded, emission)
    emit_image_updates(plans, loaded, request, emission)
    emit_notifications(plans, loaded, request, emission)
    emit_windows(list(appliers), loaded, request, emission)
    place_children(plans, emission.drafts)
    _record_decisions(plans, emission)
    emit_resource_sets(loaded, request, emission)
    _drop_slots_without_leaf(emission.drafts)
    return emission


def _emit_applier(plan: Plan) -> Draft:
    render = plan.part.render
    draft = emit_helmrelease(plan, render) if isinstance(render, Helm) else emit_kustomization(plan)
    draft.part_of |= parts_served([plan])
    return draft


def _record_decisions(plans: list[Plan], emission: Emission) -> None:
    """What was decided for each app, and for each source of those that have several."""
    for plan in plans:
        decision = Decision(kind=plan.kind, facts=plan.facts)
        if plan.main:
            emission.decisions[plan.app] = decision
        if len(plan.app.parts) > 1:
            emission.part_decisions[plan.app, plan.index] = decision


def _drop_slots_without_leaf(drafts: list[Draft]) -> None:
    """Values that no leaf of the input states count as invented, whatever slot they have."""
    stated: dict[Resource, frozenset[str]] = {}
    for draft in drafts:
        slots: set[str] = set()
        for resource in (*(r for app in draft.apps for r in app.made_of), *draft.sources):
            if resource not in stated:
                stated[resource] = _stated_slots(resource)
            slots |= stated[resource]
        draft.traces = [
            trace if not trace.slot or trace.slot in slots else replace(trace, slot="")
            for trace in draft.traces
        ]


def _stated_slots(resource: Resource) -> frozenset[str]:
    """The slots that the leaves of a resource stand for; a generated one has those of its template."""
    kind = resource.pseudo or resource.ref.kind
    maker = resource.made_by
    stated = (
        path
        for path, _ in leaves(resource.body)
        if maker is None or dig(maker.body, *resource.made_at, *path) is not MISSING
    )
    matches = (find(kind, path, "argocd") for path in stated)
    return frozenset(getattr(match.row, "slot", "") for match in matches if match is not None)
