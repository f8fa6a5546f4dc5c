"""ConfigMaps and Secrets of the input, which Flux objects take values from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.resource import Resource

KINDS = frozenset({"ConfigMap", "Secret"})


class Objects:
    """Objects by root, kind, namespace and name.

    What a Kustomization applies counts before what a file states: the build may have changed it.
    """

    __slots__ = ("_applied", "_written")

    def __init__(self, written: Iterable[Resource] = ()) -> None:
        self._applied: dict[tuple[str, str, str, str], Mapping[str, Any]] = {}
        self._written: dict[tuple[str, str, str, str], Mapping[str, Any]] = {}
        for resource in written:
            ref = resource.ref
            key = (resource.root, ref.kind, ref.namespace, ref.name)
            self._written.setdefault(key, resource.body)

    def apply(
        self, root: str, kind: str, namespace: str, name: str, body: Mapping[str, Any]
    ) -> None:
        """Remember an object that a Kustomization of a root applies; the first one counts."""
        self._applied.setdefault((root, kind, namespace, name), body)

    def find(self, root: str, kind: str, namespace: str, name: str) -> Mapping[str, Any] | None:
        """The body of an object; one that states no namespace also answers."""
        for known in (self._applied, self._written):
            for place in (namespace, ""):
                found = known.get((root, kind, place, name))
                if found is not None:
                    return found
        return None
