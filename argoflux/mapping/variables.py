"""Variables that a parent Kustomization fills in after its build (``postBuild``).

Their values are not computed by this release: where they reach a converted object, a message says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.mapping.verdict import Message, Verdict
from argoflux.yamlio.tree import leaves

if TYPE_CHECKING:
    from argoflux.yamlio.tree import Yaml

F2A_SUB_006 = Message(
    code="F2A-SUB-006",
    verdict=Verdict.MANUAL,
    text="variables {variables} of {name} are filled in by {parent}; they were copied as they stand",
    instead="write their values into the result",
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
