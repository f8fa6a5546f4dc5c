"""What became of the objects in the files, where one may arrive at several places, or nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from argoflux.mapping.emission import Refusal, Saying

if TYPE_CHECKING:
    from argoflux.mapping.emission import Loaded
    from argoflux.resource import Resource


def settle(loaded: Loaded, used: set[Resource]) -> None:
    """Speak of the objects in the files; ``used`` are those of them that some app is made of.

    What is used at one place is not refused as a whole because of another.
    """
    refused: dict[Resource, Refusal] = {}
    for refusal in loaded.refused:
        written = refusal.resource.written
        if written not in used:
            refused.setdefault(written, replace(refusal, resource=written))
            continue
        name = str(written.ref)
        loaded.sayings.append(
            Saying(
                message=refusal.message,
                facts={"name": name, **refusal.facts},
                places=(written.place(),),
                apps=(name,),
            )
        )
    idle = {
        item.resource.written: replace(item, resource=item.resource.written)
        for item in loaded.idle
        if item.resource.written not in used
    }
    loaded.refused[:] = refused.values()
    loaded.idle[:] = [item for written, item in idle.items() if written not in refused]
