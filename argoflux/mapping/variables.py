"""What a parent Kustomization does to the Flux objects that it applies: edits, and variables.

Variables (``postBuild``) are filled in where their values are in the input; what cannot be filled in
or computed is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.mapping.verdict import Message, Verdict
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from argoflux.yamlio.tree import Yaml

F2A_SUB_002 = Message(
    code="F2A-SUB-002",
    verdict=Verdict.MANUAL,
    text="variables {variables} of {name} are filled in by {parent} from a Secret; they were copied as they stand",
    instead="move what is secret into a Secret that the workload reads, or render with `flux envsubst` in a plugin",
    tags=("security",),
)
F2A_SUB_003 = Message(
    code="F2A-SUB-003",
    verdict=Verdict.MANUAL,
    text="{parent} cannot fill in {name}: {why}; Flux {flux} fails on it",
    instead="set the variable, give it a default, or label the object `kustomize.toolkit.fluxcd.io/substitute: disabled`",
)
F2A_SUB_006 = Message(
    code="F2A-SUB-006",
    verdict=Verdict.MANUAL,
    text="variables {variables} of {name} are filled in by {parent} from sources that are not in the input; they were copied as they stand",
    instead="give these ConfigMaps as input, or write the values into the result",
)
F2A_SUB_008 = Message(
    code="F2A-SUB-008",
    verdict=Verdict.MANUAL,
    text="variables {variables} of {name} are filled in by nothing in the input; they were copied as they stand",
    instead="give the Kustomization that applies it as input, or write the values into the result",
)
F2A_SUB_007 = Message(
    code="F2A-SUB-007",
    verdict=Verdict.APPROXIMATE,
    text="variables {variables} of {name} are set nowhere; Flux {flux} leaves them empty, and so does the result",
    instead="set them, or give them a default: Flux 2.9 fails on them",
)
F2A_OVL_001 = Message(
    code="F2A-OVL-001",
    verdict=Verdict.APPROXIMATE,
    text="the build of {parent} changes {name} in a way that cannot be computed here; it was read as its file states it",
    instead="compare it with what `flux build kustomization` gives",
    tags=("evidence",),
)

# fluxcd/pkg:envsubst/parse/parse.go: a name in braces; `$$` is one dollar sign
_VARIABLE = re.compile(r"(?<!\$)(?:\$\$)*\$\{([A-Za-z_][A-Za-z0-9_]*)")


def variables_in(value: Yaml) -> tuple[str, ...]:
    """The names of the variables in a document's texts, sorted."""
    found: set[str] = set()
    for _, leaf in leaves(value):
        if isinstance(leaf, str):
            found.update(_VARIABLE.findall(leaf))
    return tuple(sorted(found))


def is_filled_in(text: str) -> bool:
    """Whether a text is complete: it holds no variable."""
    return _VARIABLE.search(text) is None
