"""The built-in transformers of kustomize: namespace, names, labels, annotations, images, replicas.

Every function returns a new item; bodies are shared and never changed in place. References
between objects (a Deployment naming a ConfigMap) are not rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from argoflux.workspace.scopes import is_cluster_scoped
from argoflux.workspace.selectors import Identity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.finding import Place
    from argoflux.model.content import NamespaceSetBy

_KEEPS_NAME = {
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("", "Namespace"),
}
"""kubernetes-sigs/kustomize:plugin/builtin/prefixtransformer/PrefixTransformer.go."""

_POD = ("spec", "template")
_TEMPLATES: dict[str, tuple[tuple[str, ...], ...]] = {
    "Deployment": (_POD,),
    "StatefulSet": (_POD,),
    "DaemonSet": (_POD,),
    "ReplicaSet": (_POD,),
    "ReplicationController": (_POD,),
    "Job": (_POD,),
    "CronJob": (("spec", "jobTemplate"), ("spec", "jobTemplate", "spec", "template")),
}
_MATCH = ("spec", "selector", "matchLabels")
_SELECTORS: dict[str, tuple[tuple[tuple[str, ...], bool], ...]] = {
    "Service": ((("spec", "selector"), True),),
    "ReplicationController": ((("spec", "selector"), True),),
    "Deployment": ((_MATCH, True),),
    "StatefulSet": ((_MATCH, True),),
    "DaemonSet": ((_MATCH, True),),
    "ReplicaSet": ((_MATCH, True),),
    "Job": ((_MATCH, False),),
    "PodDisruptionBudget": ((_MATCH, False),),
    "CronJob": ((("spec", "jobTemplate", *_MATCH), False),),
    "NetworkPolicy": ((("spec", "podSelector", "matchLabels"), False),),
}
"""Where labels go beside the metadata, and whether the place is made when it is missing."""

_SCALED = {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"}
_IMAGE_LISTS = ("containers", "initContainers", "ephemeralContainers")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """An object on its way through an overlay.

    ``original`` is the identity that its author gave it; ``certain`` is false once an edit that
    may concern it could not be computed. ``hashed`` names get a content hash at the very end.
    """

    body: Mapping[str, Any]
    place: Place
    identity: Identity
    original: Identity
    earlier: tuple[Identity, ...] = ()
    namespace_set_by: NamespaceSetBy = "none"
    certain: bool = True
    hashed: bool = False

    @property
    def labels(self) -> Mapping[str, str]:
        """``metadata.labels``, text values only."""
        return self._texts("labels")

    @property
    def annotations(self) -> Mapping[str, str]:
        """``metadata.annotations``, text values only."""
        return self._texts("annotations")

    def _texts(self, field: str) -> Mapping[str, str]:
        metadata = self.body.get("metadata")
        found = metadata.get(field) if isinstance(metadata, dict) else None
        if not isinstance(found, dict):
            return {}
        return {key: value for key, value in found.items() if isinstance(value, str)}

    def known_as(self, identity: Identity) -> bool:
        """Whether the object has or had an identity."""
        return (
            self.identity.same(identity)
            or self.original.same(identity)
            or any(old.same(identity) for old in self.earlier)
        )

    def with_body(self, body: Mapping[str, Any]) -> Item:
        """The same object with another body; the identity follows the body."""
        identity = identity_of(body)
        if identity == self.identity:
            return replace(self, body=body)
        return replace(self, body=body, identity=identity, earlier=(*self.earlier, self.identity))


def identity_of(body: Mapping[str, Any]) -> Identity:
    """Group, version, kind, name and namespace of an object."""
    group, slash, version = str(body.get("apiVersion", "")).rpartition("/")
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
    return Identity(
        group if slash else "",
        version,
        str(body.get("kind", "")),
        _text(metadata.get("name")),
        _text(metadata.get("namespace")),
    )


def set_value(body: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy of ``body`` with a value at a path of keys; maps on the way are made as needed."""
    out = dict(body)
    key = path[0]
    if len(path) == 1:
        out[key] = value
    else:
        below = out.get(key)
        out[key] = set_value(below if isinstance(below, dict) else {}, path[1:], value)
    return out


def set_namespace(item: Item, namespace: str, accounts: frozenset[Identity]) -> Item:
    """Put an object into a namespace; a Namespace is renamed, role subjects follow.

    ``accounts`` are the ServiceAccounts of the same build. Kinds that kustomize does not know are
    taken for namespaced (kubernetes-sigs/kustomize:api/filters/namespace/namespace.go).
    """
    identity = item.identity
    if not identity.group and identity.kind == "Namespace":
        return item.with_body(set_value(item.body, ("metadata", "name"), namespace))
    body = item.body
    if identity.kind in {"RoleBinding", "ClusterRoleBinding"}:
        body = _move_subjects(body, namespace, accounts)
    if is_cluster_scoped(identity.group, identity.kind):
        return item if body is item.body else replace(item, body=body)
    moved = item.with_body(set_value(body, ("metadata", "namespace"), namespace))
    return replace(moved, namespace_set_by="kustomization")


def _move_subjects(
    body: Mapping[str, Any], namespace: str, accounts: frozenset[Identity]
) -> Mapping[str, Any]:
    subjects = body.get("subjects")
    if not isinstance(subjects, list):
        return body
    moved = [
        {**subject, "namespace": namespace}
        if isinstance(subject, dict) and _follows(subject, accounts)
        else subject
        for subject in subjects
    ]
    return body if moved == subjects else {**body, "subjects": moved}


def _follows(subject: Mapping[str, Any], accounts: frozenset[Identity]) -> bool:
    if subject.get("kind") != "ServiceAccount":
        return False
    name = _text(subject.get("name"))
    wanted = Identity("", "v1", "ServiceAccount", name, _text(subject.get("namespace")))
    return name == "default" or any(wanted.same(account) for account in accounts)


def rename(item: Item, prefix: str, suffix: str) -> Item:
    """Add a prefix and a suffix to the name, but for the kinds whose name is fixed."""
    if (item.identity.group, item.identity.kind) in _KEEPS_NAME or not item.identity.name:
        return item
    name = f"{prefix}{item.identity.name}{suffix}"
    return item.with_body(set_value(item.body, ("metadata", "name"), name))


def add_labels(
    item: Item, pairs: Mapping[str, Any], *, selectors: bool = False, templates: bool = False
) -> Item:
    """Set labels on the object; on pod templates and selectors of built-in kinds where asked.

    kubernetes-sigs/kustomize:api/internal/konfig/builtinpluginconsts/commonlabels.go.
    """
    body = _add_texts(item.body, ("metadata", "labels"), pairs)
    kind = item.identity.kind
    if selectors or templates:
        body = _on_templates(body, kind, "labels", pairs)
    if selectors:
        for path, create in _SELECTORS.get(kind, ()):
            if create or isinstance(_at(body, path), dict):
                body = _add_texts(body, path, pairs)
    return replace(item, body=body)


def add_annotations(item: Item, pairs: Mapping[str, Any]) -> Item:
    """Set annotations on the object and on the pod templates of workloads."""
    body = _add_texts(item.body, ("metadata", "annotations"), pairs)
    return replace(item, body=_on_templates(body, item.identity.kind, "annotations", pairs))


def _on_templates(
    body: Mapping[str, Any], kind: str, field: str, pairs: Mapping[str, Any]
) -> Mapping[str, Any]:
    for path in _TEMPLATES.get(kind, ()):
        if isinstance(_at(body, path), dict):
            body = _add_texts(body, (*path, "metadata", field), pairs)
    claims = _at(body, ("spec", "volumeClaimTemplates"))
    if kind == "StatefulSet" and field == "labels" and isinstance(claims, list):
        labelled = [
            _add_texts(claim, ("metadata", field), pairs) if isinstance(claim, dict) else claim
            for claim in claims
        ]
        body = set_value(body, ("spec", "volumeClaimTemplates"), labelled)
    return body


def _at(body: Any, path: Sequence[str]) -> Any:
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    return body


def _add_texts(
    body: Mapping[str, Any], path: Sequence[str], pairs: Mapping[str, Any]
) -> Mapping[str, Any]:
    at = _at(body, path)
    if not isinstance(at, dict):
        at = {}
    return set_value(body, path, {**at, **{key: _text(value) for key, value in pairs.items()}})


def set_replicas(item: Item, name: str, count: Any) -> Item:
    """Set ``spec.replicas`` of the workloads with a name."""
    if item.identity.kind not in _SCALED or name not in {item.identity.name, item.original.name}:
        return item
    return replace(item, body=set_value(item.body, ("spec", "replicas"), count))


def set_image(item: Item, image: Mapping[str, Any]) -> Item:
    """Override the image of every container that uses ``image['name']``."""
    body = _set_image(item.body, image)
    return item if body is item.body else replace(item, body=body)


def _set_image(value: Any, image: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        items = [_set_image(item, image) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] | None = None
    for key, below in value.items():
        if not isinstance(below, dict | list):
            continue
        changed = (
            [_image_of(item, image) for item in below]
            if key in _IMAGE_LISTS and isinstance(below, list)
            else _set_image(below, image)
        )
        if changed is not below and changed != below:
            out = out if out is not None else dict(value)
            out[key] = changed
    return value if out is None else out


def _image_of(container: Any, image: Mapping[str, Any]) -> Any:
    if not isinstance(container, dict) or not isinstance(container.get("image"), str):
        return container
    name, tag, digest = split_image(container["image"])
    if name != image.get("name"):
        return container
    new_tag, new_digest = _text(image.get("newTag")), _text(image.get("digest"))
    name = _text(image.get("newName")) or name
    if new_digest:
        tag, digest = new_tag, new_digest
    elif new_tag:
        tag, digest = new_tag, ""
    text = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    return {**container, "image": text}


def split_image(text: str) -> tuple[str, str, str]:
    """Name, tag and digest of an image; the tag follows the last ``:`` after the last ``/``."""
    rest, _, digest = text.partition("@")
    slash = rest.rfind("/")
    colon = rest.find(":", slash + 1)
    return (rest[:colon], rest[colon + 1 :], digest) if colon >= 0 else (rest, "", digest)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list) else str(value)
