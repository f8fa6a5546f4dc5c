"""The source that holds the output: what apps of apps and namespaces elsewhere are applied from.

An app of apps reads its children from its own repository, and that is where their new files go.
For other apps it is the source that Flux was bootstrapped with, a parent's source, or the
repository that the input was cloned from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.model.app import Part
from argoflux.model.content import Unknown
from argoflux.model.render import Opened
from argoflux.model.source import GitSource, Revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Request

_BOOTSTRAP = "flux-system"
_ONLY_SOURCE = Unknown(reason="only its source is used")


def plan_deliveries(plans: Sequence[Plan], request: Request) -> dict[Plan, Plan]:
    """Plans of sources that have to be written for the sake of the output, by who needs them.

    A plan that can use its own source, or one of the input, needs none.
    """
    found: dict[Plan, Plan] = {}
    for plan in plans:
        if plan.children is not None and plan.ignore:
            found[plan] = _source_only(plan)
        elif needs_namespace_elsewhere(plan):
            kept = _bootstrapped(plan, request)
            parent = _parent(plan, plans)
            if kept:
                plan.deploy_source = kept
            elif parent is not None:
                found[plan] = _source_only(parent)
            elif plan.app.root in request.origins:
                found[plan] = _of_origin(plan, request.origins[plan.app.root], request)
    return found


def name_deliveries(deliveries: Mapping[Plan, Plan]) -> None:
    """Tell each plan the name of the source object that holds the output."""
    for plan, delivery in deliveries.items():
        plan.deploy_source = delivery.source


def needs_namespace_elsewhere(plan: Plan) -> bool:
    """Whether a namespace has to be made on another cluster before the app is applied."""
    destination = plan.app.destination
    return bool(
        plan.main
        and plan.kind == "Kustomization"
        and destination.create_namespace
        and destination.namespace
        and not destination.cluster.local
        and plan.request.options.to_folder
    )


def _bootstrapped(plan: Plan, request: Request) -> str:
    """The GitRepository that ``flux bootstrap`` made (gotk-sync.yaml), if the input holds it."""
    names = {
        resource.ref.name
        for resource in request.kept
        if (resource.root, resource.ref.kind) == (plan.app.root, "GitRepository")
        and resource.ref.namespace == plan.namespace
    }
    return _BOOTSTRAP if _BOOTSTRAP in names else ""


def _parent(plan: Plan, plans: Iterable[Plan]) -> Plan | None:
    """The first app of apps of the same root and namespace."""
    for other in plans:
        same = (other.app.root, other.namespace) == (plan.app.root, plan.namespace)
        if same and other.children is not None:
            return other
    return None


def _source_only(plan: Plan) -> Plan:
    return replace(
        plan,
        kind="",
        ignore=None,
        content=_ONLY_SOURCE,
        facts={"revision_stated": True},
        main=False,
        children=None,
        stages=(),
    )


def _of_origin(plan: Plan, url: str, request: Request) -> Plan:
    """A plan for the checkout's own repository, on the branch that HEAD is taken for."""
    revision = Revision(kind="branch", value=request.options.default_branch)
    source = GitSource(url=url, revision=revision)
    part = Part(source=source, render=Opened(tool="undecided"))
    app = replace(plan.app, parts=(part,))
    return replace(_source_only(plan), app=app, index=0, files=None)
