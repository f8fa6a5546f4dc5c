"""Finding the object that a reference means; objects of different roots never meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.resource import Inventory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.resource import Resource

SOURCE_GROUP = "source.toolkit.fluxcd.io"
_GENERATORS = ("source.extensions.fluxcd.io", "ArtifactGenerator")


class Sources:
    """The source objects of the input, by root, kind, namespace and name.

    ``generators`` compose artifacts out of them.
    """

    __slots__ = ("_inventory", "_names", "generators")

    def __init__(self, resources: Iterable[Resource]) -> None:
        given = tuple(resources)
        found = tuple(r for r in given if r.ref.group == SOURCE_GROUP)
        self.generators = tuple(r for r in given if (r.ref.group, r.ref.kind) == _GENERATORS)
        self._inventory = Inventory(found)
        self._names: dict[tuple[str, str, str], list[Resource]] = {}
        for resource in found:
            key = (resource.root, resource.ref.kind, resource.ref.name)
            self._names.setdefault(key, []).append(resource)

    def find(self, root: str, kind: str, namespace: str, name: str) -> tuple[Resource, ...]:
        """Every definition of a source, in sort order: none, one, or several of one identity.

        A definition that states no namespace also answers. An unknown ``namespace`` finds the
        source only when its name is unique.
        """
        if namespace:
            found = self._inventory.find(root, SOURCE_GROUP, kind, namespace, name)
        else:
            found = tuple(self._names.get((root, kind, name), ()))
            if len({resource.ref.namespace for resource in found}) > 1:
                return ()
        return tuple(sorted(found, key=lambda resource: resource.sort_key()))
