"""ConfigMaps and Secrets of a run, as far as files tell: where they arrive, and which keys they have.

No value of a Secret is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.fields import table, text
from argoflux.flux.objects import KINDS
from argoflux.lint.arrivals import arrivals
from argoflux.lint.deliveries import flux_deliveries, object_key, resource_key
from argoflux.lint.elsewhere import may_be
from argoflux.lint.references import made_objects
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from argoflux.finding import Place
    from argoflux.lint.context import Context
    from argoflux.lint.deliveries import Key

_COPIED = ("reflect", "replicat", "kubed.appscode.com/sync")
"""Annotations of what copies objects to other namespaces contain one of these."""

_METADATA = (
    ("metadata",),
    ("spec", "template", "metadata"),
    ("spec", "target", "template", "metadata"),
)


class ConfigObject(NamedTuple):
    """One ConfigMap or Secret; ``keys`` is None where they are not known.

    ``hashed`` names get a hash of the content at their end. ``copied`` objects are put into other
    namespaces by a controller of the cluster.
    """

    root: str
    kind: str
    namespace: str
    name: str
    keys: frozenset[str] | None
    hashed: bool
    copied: bool
    place: Place


class ConfigObjects:
    """The ConfigMaps and Secrets by kind and name."""

    def __init__(self, ctx: Context) -> None:
        self._by_name: dict[tuple[str, str], list[ConfigObject]] = defaultdict(list)
        self._open: dict[str, list[ConfigObject]] = defaultdict(list)
        self._clusters = {root.name for root in ctx.workspace.roots if root.kind == "cluster"}
        for one in _everything(ctx):
            if has_placeholder(one.name) or "<<" in one.name:
                self._open[one.kind].append(one)
            else:
                self._by_name[one.kind, one.name].append(one)

    def named(self, root: str, kind: str, name: str) -> tuple[ConfigObject, ...]:
        """The objects of that name that may be in the cluster of a root, in whatever namespace."""
        named = self._by_name.get((kind, name), ())
        return tuple(one for one in named if self._meets(root, one.root))

    def may_be_made(self, root: str, kind: str, name: str) -> bool:
        """Whether an object whose name is filled in later can become the one that is looked for."""
        return any(
            self._meets(root, one.root) and may_be(one.name, name)
            for one in self._open.get(kind, ())
        )

    def _meets(self, one: str, other: str) -> bool:
        return one == other or not {one, other} <= self._clusters


def config_objects(ctx: Context) -> ConfigObjects:
    """The ConfigMaps and Secrets of a run, read once."""
    known: ConfigObjects | None = ctx.memory.get("config objects")
    if known is None:
        known = ctx.memory["config objects"] = ConfigObjects(ctx)
    return known


def in_namespace(found: Iterable[ConfigObject], namespace: str) -> tuple[ConfigObject, ...]:
    """Those that are in a namespace, or may be: of unknown namespace, or copied by a controller."""
    return tuple(
        one
        for one in found
        if not namespace
        or not one.namespace
        or one.copied
        or may_be(one.namespace, namespace)
        or may_be(namespace, one.namespace)
    )


def _everything(ctx: Context) -> Iterator[ConfigObject]:
    seen: set[Key | None] = set()
    for delivered in flux_deliveries(ctx):
        for obj in delivered.content.objects:
            kind, name = _produced(obj.ref.kind, obj.ref.name, obj.body)
            if kind:
                seen.add(object_key(obj))
                keys = _keys(obj.body) if obj.ref.kind == kind else None
                yield ConfigObject(
                    root=delivered.root,
                    kind=kind,
                    namespace=obj.ref.namespace,
                    name=name,
                    keys=keys if obj.certain else None,
                    hashed=obj.hashed,
                    copied=_is_copied(obj.body),
                    place=obj.place,
                )
    for resource in ctx.others(*KINDS):
        if resource_key(resource) not in seen:
            yield ConfigObject(
                root=resource.root,
                kind=resource.ref.kind,
                namespace="",  # an overlay may set another one
                name=resource.ref.name,
                keys=_keys(resource.body),
                hashed=False,
                copied=_is_copied(resource.body),
                place=resource.place(),
            )
    for resource in arrivals(ctx).resources:
        for kind, namespace, name in made_objects(resource):
            if kind in KINDS:
                place = resource.place()
                yield ConfigObject(
                    resource.root,
                    kind,
                    namespace,
                    name,
                    None,
                    False,
                    False,
                    place,
                )


def _produced(kind: str, name: str, body: Mapping[str, Any]) -> tuple[str, str]:
    """The ConfigMap or Secret that an object is, or that its controller makes of it.

    external-secrets:apis/externalsecrets/v1/externalsecret_types.go (target.name); other kinds whose
    name tells of a Secret make one of their own name.
    """
    if kind in KINDS:
        return kind, name
    if kind == "ExternalSecret":
        return "Secret", text(body, "spec", "target", "name") or name
    if kind.endswith("Secret") or kind in {"OnePasswordItem", "Certificate"}:
        stated = text(body, "spec", "secretName") or text(
            body, "spec", "template", "metadata", "name"
        )
        return "Secret", stated or name
    return "", ""


def _keys(body: Mapping[str, Any]) -> frozenset[str] | None:
    """The keys; None for what is generated or filled in by somebody else."""
    data = {**table(body, "data"), **table(body, "stringData"), **table(body, "binaryData")}
    return frozenset(str(key) for key in data) or None


def _is_copied(body: Mapping[str, Any]) -> bool:
    """Whether the object, or the Secret that it makes, is put into other namespaces."""
    notes = [
        key
        for path in _METADATA
        for part in ("annotations", "labels")
        for key in table(body, *path, part)
    ]
    return any(word in str(key) for key in notes for word in _COPIED)
