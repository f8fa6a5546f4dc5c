"""Names across stages: what kustomize no longer finds when objects are left out of a build.

Patches run before names get their prefix, suffix and hash, and a reference is only corrected when
the object that it names is in the same build; ``replicas`` and ``replacements`` fail without their
objects (kubernetes-sigs/kustomize:api/internal/target/kusttarget_configplugin.go (order of
transformers), api/internal/builtins/ReplicaCountTransformer.go).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.flux.emit_files import read_kustomization
from argoflux.flux.stages import Group
from argoflux.model.render import Kustomize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from argoflux.flux.emit_plan import Plan
    from argoflux.model.content import ContentObject

_NEED_OBJECTS = ("replicas", "replacements", "vars")
_OWN_FIELDS = ("metadata", "status")


class Edits(NamedTuple):
    """What the path's own kustomization file does to names, and which fields need their objects."""

    prefix: str
    suffix: str
    fields: tuple[str, ...]
    renamed_later: bool

    def name_of(self, obj: ContentObject) -> str:
        """The name at the time when the patches run."""
        return obj.ref.name.removeprefix(self.prefix).removesuffix(self.suffix)


class Regrouped(NamedTuple):
    """Groups in which every reference is resolved, or why there are none."""

    groups: list[Group]
    trouble: str = ""


def name_edits(plan: Plan) -> Edits:
    """Look at the path's own kustomization file and at what the Application adds to it."""
    stated = read_kustomization(plan)
    prefix, suffix = stated.get("namePrefix"), stated.get("nameSuffix")
    render = plan.part.render
    added = isinstance(render, Kustomize) and (render.name_prefix or render.name_suffix)
    return Edits(
        prefix=prefix if isinstance(prefix, str) else "",
        suffix=suffix if isinstance(suffix, str) else "",
        fields=tuple(name for name in _NEED_OBJECTS if stated.get(name)),
        renamed_later=bool(prefix or suffix or added),
    )


def regroup(groups: list[Group], edits: Edits) -> Regrouped:
    """Move generated objects to the group that uses them; names the references that would break."""
    if edits.fields:
        fields = ", ".join(f"`{name}`" for name in edits.fields)
        return Regrouped(groups, f"{fields} of the kustomization file needs all objects")
    if len(groups) < 2:  # noqa: PLR2004  # one group holds everything
        return Regrouped(groups)
    moved: dict[ContentObject, int] = {}
    for index, group in enumerate(groups):
        for obj in group.objects:
            if not (obj.hashed or edits.renamed_later):
                continue
            users = [n for n, other in enumerate(groups) if _uses(other, obj, edits.name_of)]
            if not users or users == [index]:
                continue
            if obj.hashed and len(users) == 1 and not edits.renamed_later:
                moved[obj] = users[0]
                continue
            why = (
                "gets its name from kustomize" if edits.renamed_later else "has a hash in its name"
            )
            return Regrouped(groups, f"{obj.ref} {why} and is used in several stages")
    if not moved:
        return Regrouped(groups)
    return Regrouped([_with_moved(n, group, moved) for n, group in enumerate(groups)])


def _with_moved(index: int, group: Group, moved: dict[ContentObject, int]) -> Group:
    stay = [obj for obj in group.objects if moved.get(obj, index) == index]
    come = [obj for obj, target in moved.items() if target == index and obj not in group.objects]
    return Group(phase=group.phase, waves=group.waves, objects=(*stay, *come))


def _uses(group: Group, obj: ContentObject, name_of: Callable[[ContentObject], str]) -> bool:
    return any(refers_to(user, obj, name_of(obj)) for user in group.objects if user is not obj)


def refers_to(user: ContentObject, obj: ContentObject, name: str) -> bool:
    """Whether an object names another one in a field that is called after names.

    Only such fields count, so a text that happens to be equal elsewhere is no reference.
    """
    same_kind = user.ref.kind == obj.ref.kind
    body = {key: value for key, value in user.body.items() if key not in _OWN_FIELDS}
    return not same_kind and any(
        value in {name, obj.ref.name} and _fits(keys, obj.ref.kind)
        for keys, value in _names(body, ())
    )


_FIELDS = {
    "ConfigMap": ("configMap", "configMapRef", "configMapKeyRef"),
    "Secret": ("secret", "secretRef", "secretKeyRef", "secretName", "imagePullSecrets", "tls"),
    "ServiceAccount": ("serviceAccountName", "serviceAccount", "subjects"),
    "PersistentVolumeClaim": ("persistentVolumeClaim", "claimName"),
    "Service": ("service", "serviceName", "backend"),
    "Role": ("roleRef",),
    "ClusterRole": ("roleRef",),
}
"""Fields that name an object of a kind: api/internal/konfig/builtinpluginconsts/namereference.go."""


def _fits(keys: Sequence[str], kind: str) -> bool:
    known = _FIELDS.get(kind)
    if known is None:
        return bool(keys) and keys[-1] == "name" and "scaleTargetRef" in keys
    return any(key in known for key in keys)


def _names(value: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a body that stands under a key called after a name, with the keys above it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _names(item, (*keys, str(key)))
    elif isinstance(value, list):
        for item in value:
            yield from _names(item, keys)
    elif isinstance(value, str) and keys and keys[-1].lower().endswith(("name", "account")):
        yield keys, value


def needed_later(
    groups: Sequence[Group], edits: Edits
) -> list[tuple[ContentObject, ContentObject]]:
    """Hooks with an object that they name and that is applied only after them."""
    found = []
    for index, group in enumerate(groups):
        if group.phase != "PreSync":
            continue
        later = [obj for other in groups[index + 1 :] for obj in other.objects]
        found += [
            (hook, obj)
            for hook in group.objects
            for obj in later
            if refers_to(hook, obj, edits.name_of(obj))
        ]
    return found
