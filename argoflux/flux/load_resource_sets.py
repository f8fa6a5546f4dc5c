"""ResourceSets that make one Kustomization or HelmRelease for each set of inputs.

Facts: flux-operator:api/v1/resourceset_types.go, internal/inputs, internal/builder/resourceset.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import pairs, table, text
from argoflux.flux.joins import SOURCE_GROUP
from argoflux.flux.set_templates import NoCounterpart, SetTemplates
from argoflux.mapping.emission import Idle, Refusal
from argoflux.mapping.resource_set import (
    F2A_FO_002,
    F2A_FO_003,
    F2A_FO_007,
    F2A_FO_010,
    remedy_of,
)
from argoflux.model.generated import GeneratedSet
from argoflux.resource import Ref, Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from argoflux.flux.loading import Loading
    from argoflux.model.app import App
    from argoflux.yamlio.tree import Map

    AppOf = Callable[[Resource, Sequence[Resource]], App]

SET, PROVIDER, INSTANCE, REPORT = (
    "ResourceSet",
    "ResourceSetInputProvider",
    "FluxInstance",
    "FluxReport",
)
GROUP = "fluxcd.controlplane.io"
_APPLIERS = frozenset({"Kustomization", "HelmRelease"})
_STATIC = "Static"
_SPLIT = "write a ResourceSet for each object, or the ApplicationSet by hand"
_SWITCH = "fluxcd.controlplane.io/reconcile"


def load_sets(loading: Loading, app_of: AppOf) -> None:
    """Read every set as a GeneratedSet; what cannot be one is refused with its reason.

    ``app_of`` reads an object with the sources that stand beside it; it raises NoCounterpart.
    """
    for resource in loading.resources:
        if (resource.ref.group, resource.ref.kind) != (GROUP, SET):
            continue
        try:
            made = _read(resource, loading, app_of)
        except NoCounterpart as why:
            refusal = Refusal(resource=resource, message=why.message, facts=why.facts)
            loading.loaded.refused.append(refusal)
        else:
            loading.sets.append(made)
            loading.used.update(made.apps[0].made_of)
            loading.used.add(resource)


def _read(resource: Resource, loading: Loading, app_of: AppOf) -> GeneratedSet:
    spec = table(resource.body, "spec")
    if text(table(spec, "inputStrategy"), "name") == "Permute":
        raise NoCounterpart(F2A_FO_002)
    annotations = pairs(resource.body, "metadata", "annotations")
    if annotations.get(_SWITCH) == "disabled":
        raise _refused("flux-operator is told to leave it alone", "convert it once it is enabled")
    if spec.get("steps"):
        raise _refused("it works in steps", _SPLIT)
    if spec.get("resourcesTemplate"):
        raise _refused("its objects are one text (`resourcesTemplate`)", "list them in `resources`")
    lists, providers = _inputs(resource, spec, loading)
    inputs = [one for each in lists for one in each]
    main, sources = _objects(resource, spec, SetTemplates(inputs), loading)
    app = app_of(main, sources)
    if not app.destination.cluster.local:
        raise _refused("its objects go to another cluster", _SPLIT)
    common = table(spec, "commonMetadata")
    return GeneratedSet(
        resource=resource,
        apps=(app,),
        kind="list",
        inputs=tuple(inputs),
        facts={
            "lists": lists,
            "providers": providers,
            "labels": pairs(common, "labels"),
            "annotations": pairs(common, "annotations"),
        },
    )


def _refused(why: str, remedy: str) -> NoCounterpart:
    return NoCounterpart(F2A_FO_007, why=why, remedy=remedy)


# --- inputs


def _inputs(
    resource: Resource, spec: dict[str, Any], loading: Loading
) -> tuple[list[list[dict[str, Any]]], tuple[Resource, ...]]:
    """The lists of inputs, the set's own first, and the providers of the others."""
    own = [item for item in spec.get("inputs") or [] if isinstance(item, dict)]
    lists = [own] if own else []
    providers: list[Resource] = []
    for reference in spec.get("inputsFrom") or []:
        found = _providers(resource, reference, loading)
        if not found:
            raise _refused("a provider of its inputs is not in the input", "add the provider")
        for provider in found:
            kind = text(provider.body, "spec", "type") or ""
            if kind != _STATIC:
                raise NoCounterpart(F2A_FO_010, type=kind, remedy=remedy_of(kind))
            lists.append([table(provider.body, "spec", "defaultValues")])
            providers.append(provider)
    if not lists:
        lists.append([{}])
    return lists, tuple(providers)


def _providers(resource: Resource, reference: dict[str, Any], loading: Loading) -> list[Resource]:
    name = text(reference, "name")
    labels = pairs(reference, "selector", "matchLabels")
    if table(reference, "selector").get("matchExpressions"):
        raise _refused("it selects providers by expressions", "name the providers")
    return [
        other
        for other in loading.resources
        if (other.ref.group, other.ref.kind) == (GROUP, PROVIDER)
        and other.root == resource.root
        and other.ref.namespace in {resource.ref.namespace, ""}
        and (other.ref.name == name if name else _has(other, labels))
    ]


def _has(resource: Resource, labels: dict[str, str]) -> bool:
    return labels.items() <= pairs(resource.body, "metadata", "labels").items()


# --- templates


def _objects(
    resource: Resource, spec: dict[str, Any], templates: SetTemplates, loading: Loading
) -> tuple[Resource, list[Resource]]:
    """The one applier that the set makes, and the sources beside it."""
    given = [(n, body) for n, body in enumerate(spec.get("resources") or [])]
    made = [_object(resource, n, body, templates) for n, body in given if isinstance(body, dict)]
    mains = [one for one in made if one.ref.kind in _APPLIERS]
    sources = [one for one in made if one.ref.group == SOURCE_GROUP]
    others = sorted({one.ref.kind for one in made if one not in mains and one not in sources})
    if len(mains) != 1 or others:
        kinds = others or sorted({one.ref.kind for one in mains}) or ["no applier"]
        several = (
            f"{len(mains)} objects ({', '.join(kinds)})" if len(mains) > 1 else ", ".join(kinds)
        )
        raise NoCounterpart(F2A_FO_003, kinds=several)
    for one in made:
        if loading.request.readable(one) is not one:
            raise _refused(
                f"a field of {one.ref.kind} that is no text is filled in, or of a wrong type",
                "state the value in the template",
            )
    return mains[0], sources


def _object(
    resource: Resource, number: int, body: dict[str, Any], templates: SetTemplates
) -> Resource:
    rewritten: Map = templates.rewrite(body, ("spec", "resources", number))
    group, _, version = (text(rewritten, "apiVersion") or "").rpartition("/")
    namespace = text(rewritten, "metadata", "namespace") or resource.ref.namespace
    ref = Ref(
        group, text(rewritten, "kind") or "", namespace, text(rewritten, "metadata", "name") or ""
    )
    return Resource(
        ref=ref,
        version=version,
        body=rewritten,
        document=resource.document,
        root=resource.root,
        made_by=resource.written,
        made_at=("spec", "resources", number),
    )


# --- the other kinds


def read_provider(resource: Resource, loading: Loading) -> None:
    """A provider that no set of the input uses."""
    kind = text(resource.body, "spec", "type") or ""
    if any(resource in made.facts["providers"] for made in loading.sets):
        return
    if kind == _STATIC:
        reason = "no set that was converted uses it"
        loading.loaded.idle.append(Idle(resource=resource, reason=reason))
        return
    facts = {"type": kind, "remedy": remedy_of(kind)}
    refusal = Refusal(resource=resource, message=F2A_FO_010, facts=facts)
    loading.loaded.refused.append(refusal)


def read_instance(resource: Resource, loading: Loading) -> None:
    """An installation of Flux: its rows say what each setting means elsewhere."""
    install = resource if resource.stated else resource.written
    if install not in loading.installs:
        loading.installs.append(install)
        loading.used.add(resource)


def read_report(resource: Resource, loading: Loading) -> None:
    """A report that flux-operator writes."""
    loading.loaded.idle.append(Idle(resource=resource, reason="a report of flux-operator"))


def read_set(_resource: Resource, _loading: Loading) -> None:
    """A set: read before, together with its template."""
