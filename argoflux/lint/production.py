"""Which objects are production's, as far as names tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argoflux.resource import Resource

_PRODUCTION = re.compile(r"(?:^|[-_/.])(?:prod|production|live)(?:[-_/.]|$)", re.IGNORECASE)


def is_production(resource: Resource, *words: str) -> bool:
    """Whether a name, namespace, file, label or one of ``words`` speaks of production."""
    metadata = resource.body.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    values = [str(one) for one in labels.values()] if isinstance(labels, dict) else []
    names = (resource.ref.name, resource.ref.namespace, resource.file, *words, *values)
    return any(_PRODUCTION.search(name) for name in names)
