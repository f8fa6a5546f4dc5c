"""What the conversion from Argo CD noted on Flux objects: where they came from.

The notes count only where they agree with the object that carries them; a copied or renamed object
keeps its own identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from argoflux.flux.fields import pairs, text
from argoflux.mapping.names import shorten, slug, with_hash
from argoflux.workspace.classify import CREATED_FOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.resource import Resource

SOURCE = "argoflux.dev/source"
PROJECT = "argoflux.dev/project"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The Application that an object was made from; empty parts are not known."""

    name: str = ""
    namespace: str = ""
    project: str = ""


def notes(resource: Resource) -> Mapping[str, str]:
    """Annotations of an object, with its labels for what is noted there."""
    labels = pairs(resource.body, "metadata", "labels")
    return {**labels, **pairs(resource.body, "metadata", "annotations")}


def read_provenance(resource: Resource) -> Provenance:
    """The Application's name, namespace and project, as far as they agree with the object."""
    noted = notes(resource)
    kind, _, rest = noted.get(SOURCE, "").partition("/")
    namespace, _, name = rest.rpartition("/")
    project = noted.get(PROJECT, "")
    if kind != "Application" or not name:
        return Provenance(project=project)
    made = slug(name)
    own = resource.ref.name
    if own not in {shorten(made), with_hash(made, noted[SOURCE])}:
        return Provenance(project=project)
    return Provenance(name=name, namespace=namespace, project=project)


def is_created_namespace(resource: Resource) -> bool:
    """Whether a Namespace stands for ``CreateNamespace=true``: never pruned, merged, and noted."""
    noted = notes(resource)
    return (
        resource.ref.kind == "Namespace"
        and not resource.ref.group
        and bool(noted.get(CREATED_FOR))
        and noted.get("kustomize.toolkit.fluxcd.io/prune", "").lower() == "disabled"
        and noted.get("kustomize.toolkit.fluxcd.io/ssa", "").lower() == "merge"
    )


def created_for(resource: Resource) -> frozenset[str]:
    """The apps that a Namespace was created for, as noted."""
    noted = text(resource.body, "metadata", "annotations", CREATED_FOR) or ""
    return frozenset(name.strip() for name in noted.split(",") if name.strip())
