"""Generated objects as one ResourceSet of flux-operator instead of one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.emit_folder_sets import FolderSet, NoFolders
from argoflux.flux.emit_kept import kept_names
from argoflux.flux.input_templates import InputTemplates, NoTemplate
from argoflux.mapping.appset import A2F_SET_002, A2F_SET_009, A2F_SET_020, in_resource_set
from argoflux.mapping.draft import Draft, Trace
from argoflux.mapping.names import shorten, slug
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.flux.emit_kept import Identity
    from argoflux.mapping.emission import Emission, Loaded, Request
    from argoflux.model.app import App
    from argoflux.model.generated import GeneratedSet
    from argoflux.text import Path

_API = "fluxcd.controlplane.io/v1"
_OPERATOR = "fluxcd.controlplane.io"
_FOLDED = frozenset(
    {"Kustomization", "HelmRelease", "GitRepository", "OCIRepository", "HelmRepository"}
)
_RESERVED = frozenset({"id", "provider"})  # flux-operator:internal/inputs/provider.go
_PROVIDER = "ResourceSetInputProvider"
_KEEPS = frozenset({"create-only", "create-delete"})
"""Policies under which an object is never updated."""

_CLUSTER_LABEL = "argoflux.dev/cluster"
_FOLDER = "apps"


class _Unfit(Exception):  # noqa: N818  (a reason, not a failure)
    """Why a set stays a list of objects."""


def emit_resource_sets(loaded: Loaded, request: Request, emission: Emission) -> None:
    """Fold the objects of each set that allows it; say why the others stay as they are."""
    mode = request.options.appset
    operator = any(resource.ref.group == _OPERATOR for resource in request.kept)
    if mode == "static" or (mode == "auto" and not operator):
        return
    taken = kept_names(request.kept)
    for generated in loaded.estate.generated:
        name = str(generated.resource.ref)
        place = generated.resource.place("spec", "generators")
        if generated.lacking:
            functions = " and ".join(f"`{one}`" for one in generated.lacking)
            emission.say(A2F_SET_002, place, apps=(name,), set=name, functions=functions)
            continue
        try:
            _fold(generated, request, emission, taken)
        except (_Unfit, NoTemplate, NoFolders) as reason:
            facts = {"set": name, "why": str(reason)}
            emission.say(A2F_SET_020, place, apps=(name,), **facts)
        else:
            if generated.lenient:
                emission.say(A2F_SET_009, place, apps=(name,), set=name)


def _fold(
    generated: GeneratedSet, request: Request, emission: Emission, taken: set[Identity]
) -> None:
    if generated.unfoldable:
        raise _Unfit(generated.unfoldable)
    if len(generated.apps) != len(generated.inputs):
        raise _Unfit("not all of its Applications are converted")
    if generated.policy in _KEEPS:
        raise _Unfit(f"flux-operator knows nothing like `applicationsSync: {generated.policy}`")
    own = [_private(app, emission) for app in generated.apps]
    if not own[0] or any([d.kind for d in ds] != [d.kind for d in own[0]] for ds in own):
        raise _Unfit("its Applications do not become the same kinds of objects")
    draft = _resource_set(generated, request, taken)
    if generated.kind == "git":
        shared = _put_folders(draft, generated, own, request, emission, taken)
    else:
        shared = _put_inputs(draft, generated, own, emission, taken)
    _carry(draft, shared, own)
    for app, drafts in zip(generated.apps, own, strict=True):
        _keep_facts(app, drafts, emission)
    gone = {id(one) for one in (*shared, *(d for ds in own for d in ds))}
    emission.drafts = [one for one in emission.drafts if id(one) not in gone]
    emission.drafts.append(draft)
    emission.made[generated.resource].kind = "ResourceSet"
    emission.made[generated.resource].facts["folded"] = generated.kind


def _put_inputs(
    draft: Draft,
    generated: GeneratedSet,
    own: Sequence[Sequence[Draft]],
    emission: Emission,
    taken: set[Identity],
) -> list[Draft]:
    """Inputs and templates of a list or of clusters; the objects shared by all are among them."""
    inputs = [_inputs(generated, number, own) for number in range(len(own))]
    templates = InputTemplates(inputs)
    shared = _shared(generated, emission)
    resources = [one.body for one in shared]
    rows = zip(*own, strict=True)
    resources += [templates.of([_annotated(one.body) for one in row]) for row in rows]
    if generated.kind == "clusters":
        emission.drafts += _providers(generated, inputs, templates.used, draft, emission, taken)
    else:
        draft.put("spec.inputs", inputs, slot="generated")
    draft.put("spec.resources", resources)
    return shared


def _put_folders(
    draft: Draft,
    generated: GeneratedSet,
    own: Sequence[Sequence[Draft]],
    request: Request,
    emission: Emission,
    taken: set[Identity],
) -> list[Draft]:
    """Inputs and templates of folders; the source stays outside, as their artifacts need it."""
    folders = FolderSet(generated, own)
    folders.check(request, emission, draft.namespace)
    made = folders.emit(draft.namespace, request.flux)
    known = {(one.root, one.kind, one.namespace, one.name) for one in emission.drafts} | taken
    for one in made:
        if (one.root, one.kind, one.namespace, one.name) in known:
            raise _Unfit(f"there is another {one.kind} {one.name}")
    templates = InputTemplates(folders.inputs())
    rows = zip(*folders.bodies(), strict=True)
    resources = [templates.of([_annotated(body) for body in row]) for row in rows]
    draft.put("spec.inputsFrom", [{"kind": _PROVIDER, "name": made[-1].name}], slot="generated")
    draft.put("spec.resources", resources)
    emission.drafts += made
    return []


def _annotated(body: dict[str, Any]) -> dict[str, Any]:
    """The object with the annotations that speak to flux-operator, not to kustomize-controller."""
    metadata: dict[str, Any] = body["metadata"]
    notes = metadata.get("annotations")
    if not notes:
        return body
    return {**body, "metadata": {**metadata, "annotations": in_resource_set(notes)}}


def _private(app: App, emission: Emission) -> list[Draft]:
    """The objects that serve this app alone."""
    return [d for d in emission.drafts if d.kind in _FOLDED and d.apps == [app] and not d.sources]


def _shared(generated: GeneratedSet, emission: Emission) -> list[Draft]:
    """The objects that serve all apps of the set and no other one."""
    members = set(generated.apps)
    return [
        d
        for d in emission.drafts
        if d.kind in _FOLDED and set(d.apps) == members and not d.sources and len(members) > 1
    ]


def _inputs(generated: GeneratedSet, number: int, own: Sequence[Sequence[Draft]]) -> dict[str, Any]:
    found = dict(generated.inputs[number])
    if _RESERVED & found.keys():
        raise _Unfit("`id` and `provider` are names that flux-operator gives inputs itself")
    for draft in own[number]:
        secret = dig(draft.body, "spec", "kubeConfig", "secretRef", "name")
        if isinstance(secret, str):
            found["kubeConfigSecret"] = secret
    return found


def _resource_set(generated: GeneratedSet, request: Request, taken: set[Identity]) -> Draft:
    resource = generated.resource
    namespace = request.options.control_namespace or "flux-system"
    name = shorten(slug(resource.ref.name))
    if (resource.root, "ResourceSet", namespace, name) in taken:
        raise _Unfit(f"the input holds another ResourceSet {name}")
    return Draft(
        api_version=_API,
        kind="ResourceSet",
        namespace=namespace,
        name=name,
        folder=_FOLDER,
        root=resource.root,
        apps=list(generated.apps),
        sources=[resource],
    )


def _providers(
    generated: GeneratedSet,
    inputs: Sequence[Mapping[str, Any]],
    used: set[str],
    draft: Draft,
    emission: Emission,
    taken: set[Identity],
) -> list[Draft]:
    """One provider of inputs per cluster, and how the ResourceSet finds them."""
    made: list[Draft] = []
    for one, labels in zip(inputs, generated.labels, strict=True):
        values = _chosen(one, {*used, "name", "server"})
        name = shorten(slug(f"cluster-{one['name']}"))
        known = [d for d in emission.drafts if (d.kind, d.name) == (_PROVIDER, name)]
        if (draft.root, _PROVIDER, draft.namespace, name) in taken:
            raise _Unfit(f"the input holds another {_PROVIDER} {name}")
        if any(d.body["spec"]["defaultValues"] != values for d in known):
            raise _Unfit(f"another set needs other inputs for the cluster {one['name']}")
        if known:
            known[0].sources.append(generated.resource)
            continue
        provider = Draft(
            api_version=_API,
            kind=_PROVIDER,
            namespace=draft.namespace,
            name=name,
            folder=_FOLDER,
            root=draft.root,
            sources=[generated.resource],
        )
        provider.put(("metadata", "labels", _CLUSTER_LABEL), "true")
        for key, value in labels.items():
            provider.put(("metadata", "labels", key), value)
        provider.put("spec.type", "Static", origin="required")
        provider.put("spec.defaultValues", values, slot="generated")
        made.append(provider)
    selector = {
        "matchLabels": {_CLUSTER_LABEL: "true", **generated.selector.get("matchLabels", {})}
    }
    if generated.selector.get("matchExpressions"):
        selector["matchExpressions"] = generated.selector["matchExpressions"]
    item = {"kind": _PROVIDER, "selector": selector}
    draft.put("spec.inputsFrom", [item], slot="generated")
    return made


def _chosen(inputs: Mapping[str, Any], names: set[str], prefix: str = "") -> dict[str, Any]:
    """The inputs with these dotted names."""
    out: dict[str, Any] = {}
    for key, value in inputs.items():
        if isinstance(value, dict):
            inner = _chosen(value, names, f"{prefix}{key}.")
            if inner:
                out[key] = inner
        elif f"{prefix}{key}" in names:
            out[key] = value
    return out


def _keep_facts(app: App, drafts: Sequence[Draft], emission: Emission) -> None:
    """What messages say of the object of an app, which is no document of its own any more."""
    decision = emission.decisions[app]
    main = next((draft for draft in drafts if draft.kind == decision.kind), None)
    if main is not None:
        decision.facts.setdefault("object", main.id)
        decision.facts.setdefault("interval", dig(main.body, "spec", "interval"))


def _renamed(path: Path) -> Path:
    """The path of a value in the template, where its annotation has another key."""
    if path[:2] != ("metadata", "annotations"):
        return path
    return (*path[:2], *in_resource_set({str(key): "" for key in path[2:]}))


def _carry(draft: Draft, shared: Sequence[Draft], own: Sequence[Sequence[Draft]]) -> None:
    """Keep where each value came from: the traces of the first of the equal objects."""
    for number, one in enumerate([*shared, *own[0]]):
        draft.traces += [
            Trace(
                ("spec", "resources", number, *_renamed(trace.path)),
                trace.slot,
                trace.origin,
                trace.message,
                trace.facts,
            )
            for trace in one.traces
        ]
