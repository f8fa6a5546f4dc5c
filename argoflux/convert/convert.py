"""One conversion: load the estate, emit new documents, account for every leaf."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.convert.invented import account_for_invented
from argoflux.convert.layout import kustomizations, place_documents, rendered_files
from argoflux.convert.ledger import Ledger
from argoflux.convert.mistyped import set_aside
from argoflux.convert.patch import new_files_patch
from argoflux.convert.result import Conversion
from argoflux.kinds import engine_of
from argoflux.mapping.emission import Refusal, Saying
from argoflux.mapping.objects import A2F_OBJ_001, F2A_OBJ_001

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.mapping.concept import System
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.app import App
    from argoflux.resource import Resource

_SYSTEMS: dict[str, System] = {
    "argocd": "argocd",
    "image-updater": "argocd",
    "flux": "flux",
    "flux-operator": "flux",
}
_KEEPS = (None, "orphan")


def convert(resources: Sequence[Resource], request: Request) -> Conversion:
    """Convert every resource of the other system to ``request.to``.

    ``resources`` are all configuration objects of the input; those that already belong to the
    target system are kept. The result holds one entry per leaf of the others.
    """
    own, others = _split(resources, request)
    readable, written = set_aside(own)
    kept = tuple(set_aside(others)[0])
    request = replace(request, kept=kept, readable=lambda r: set_aside([r])[0][0])
    loaded, emission = _run(readable, request)
    ledger = Ledger(request, emission, written)
    _account(ledger, readable, others, loaded, emission, request)
    for saying in (*loaded.sayings, *emission.sayings):
        ledger.heed(saying)
    account_for_invented(emission, ledger.facts, ledger.messages, ledger.accounts)
    converted = Conversion(
        to=request.to,
        inputs=(),
        outcomes=tuple(sorted(ledger.outcomes, key=lambda o: _place_key(o.resource))),
        entries=ledger.accounts.entries(),
        messages=ledger.messages.collected(),
        findings=tuple(ledger.holes),
        patch=new_files_patch(emission.repository_changes),
        facts=_in_use(loaded),
    )
    drafts, copies, rendered = emission.drafts, emission.copies, emission.rendered
    del ledger, loaded, emission  # the decisions of thousands of apps: memory for the documents
    documents = place_documents(drafts)
    files = (*kustomizations(documents, copies), *rendered_files(rendered, documents))
    return replace(converted, documents=documents, files=files)


def _split(
    resources: Sequence[Resource], request: Request
) -> tuple[list[Resource], list[Resource]]:
    """Resources of the system that is converted, and those of the target system."""
    own: list[Resource] = []
    others: list[Resource] = []
    for resource in sorted(resources, key=lambda r: (r.root, *r.sort_key())):
        (others if system_of(resource) == request.to else own).append(resource)
    return own, others


def system_of(resource: Resource) -> System | None:
    """The system that a resource belongs to; None for a group of neither."""
    if resource.pseudo:
        by_flux = resource.pseudo in {"Secret:git-credentials", "Secret:kubeconfig"}
        return "flux" if by_flux else "argocd"
    if resource.ref.kind == "Namespace" and not resource.ref.group:
        return "flux"  # only those that stand for CreateNamespace=true are resources
    return _SYSTEMS.get(engine_of(resource.ref.group) or "")


def _run(own: list[Resource], request: Request) -> tuple[Loaded, Emission]:
    """Load and emit with the code of the two systems."""
    if request.to == "flux":
        from argoflux.argocd.load import load as load_argocd
        from argoflux.flux.emit import emit as emit_flux

        loaded = load_argocd(own, request)
        return loaded, emit_flux(loaded, request)
    from argoflux.argocd.emit import emit as emit_argocd
    from argoflux.flux.load import load as load_flux

    loaded = load_flux(own, request)
    return loaded, emit_argocd(loaded, request)


def _account(
    ledger: Ledger,
    own: list[Resource],
    others: list[Resource],
    loaded: Loaded,
    emission: Emission,
    request: Request,
) -> None:
    """Give every resource its outcome and every leaf its entry, in input order."""
    refused = {refusal.resource: refusal for refusal in loaded.refused}
    idle = {item.resource: item.reason for item in loaded.idle}
    users: dict[Resource, list[App]] = defaultdict(list)
    for app, decision in emission.decisions.items():
        if decision.refused is None:
            for resource in app.made_of:
                users[resource].append(app)
            continue
        _refuse(decision.refused, refused, emission)
        for resource in app.made_of[1:]:
            idle.setdefault(resource, f"used by {app.id}, which is not converted")
    made = _made(emission)
    for resource in own:
        if resource in made and resource not in refused:
            ledger.made(resource, users.get(resource, ()), made[resource])
        elif resource in users and resource not in refused:
            ledger.converted(resource, users[resource])
        elif resource in refused:
            ledger.refused(refused[resource])
        elif resource in idle:
            ledger.idle(resource, idle[resource])
        else:
            message = A2F_OBJ_001 if request.to == "flux" else F2A_OBJ_001
            ledger.refused(Refusal(resource=resource, message=message))
    for resource in others:
        ledger.kept(resource, f"belongs to {_title(request.to)} already")


def _made(emission: Emission) -> dict[Resource, list[Resource]]:
    """What stands for each resource that becomes objects without being an app: mostly itself."""
    found: dict[Resource, list[Resource]] = defaultdict(list)
    for resource in emission.made:
        maker = resource.made_by if resource.stated else None
        found[maker or resource].append(resource)
    return found


def _refuse(refusal: Refusal, refused: dict[Resource, Refusal], emission: Emission) -> None:
    """Note a refusal; one of a generated object is a message about the set that makes it."""
    resource = refusal.resource
    if resource.made_by is None:
        refused[resource] = refusal
        return
    name = str(resource.ref)
    facts = {"name": name, **refusal.facts}
    place = resource.place("spec")
    saying = Saying(message=refusal.message, facts=facts, places=(place,), apps=(name,))
    emission.sayings.append(saying)


def _in_use(loaded: Loaded) -> tuple[str, ...]:
    """A warning where objects look as if they were at work in a cluster."""
    at_work = [app for app in loaded.estate.apps if app.sync.prune or app.deletion not in _KEEPS]
    if not at_work:
        return ()
    looks = "1 app looks" if len(at_work) == 1 else f"{len(at_work)} apps look"
    text = (
        f"{looks} live (pruning, or deleting with the app): this is the final form;"
        " never let both systems apply it at once, move one app at a time"
    )
    return (text,)


def _title(system: str) -> str:
    return "Flux" if system == "flux" else "Argo CD"


def _place_key(resource: Resource) -> tuple[str, int, tuple[str, ...]]:
    document = resource.document
    return (resource.file, document.index, tuple(str(step) for step in document.prefix))
