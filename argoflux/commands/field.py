"""``field``: what a field means, and what it becomes in the other system."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from argoflux.commands.field_index import Field, fields_below, find_fields, written
from argoflux.commands.output import emit
from argoflux.errors import UsageError
from argoflux.kinds import by_name, is_pseudo
from argoflux.mapping.concept import UNSET, Concept, Opaque
from argoflux.mapping.index import Match, concepts, find_pattern
from argoflux.report.reference import FieldPage, Judgement
from argoflux.schema_fields import field_facts, metadata_leaf_paths

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.mapping.concept import System
    from argoflux.schema_fields import LeafFacts

_FLUX_PSEUDO = frozenset({"Secret:git-credentials", "Secret:kubeconfig", "flags:flux"})


def run(invocation: Invocation) -> int:
    """Print the pages of the fields that the path may mean, or the coverage of all kinds."""
    if invocation.flag("coverage"):
        from argoflux.mapping.coverage import coverage

        emit(invocation, "coverage", tuple(coverage()))
        return 0
    if not any(text.strip() for text in invocation.arguments):
        raise UsageError(
            "which field? PATH is missing",
            hint="argoflux field Application:spec.syncPolicy, or --coverage for all",
        )
    emit(invocation, "field", [page(found) for found in find_fields(invocation.arguments[0])])
    return 0


def page(field: Field) -> FieldPage:
    """All that the schemas and the rows say about one field."""
    kind, path, pattern = field
    system = system_of(kind)
    match = find_pattern(kind, pattern, system)
    facts = _facts(kind, path)
    row = match.row if match is not None else None
    return FieldPage(
        kind=kind,
        path=path,
        system=system,
        says=row.says if isinstance(row, Concept) else "",
        type=facts.type if facts else "",
        default=_default(match, facts),
        choices=tuple(str(value) for value in facts.enum) if facts else (),
        required=facts.required if facts else False,
        since=(facts.since or "") if facts else "",
        until=(facts.until or "") if facts else "",
        counterparts=_counterparts(row, system) if isinstance(row, Concept) else (),
        judgements=_judgements(row, system) if isinstance(row, Concept) else (),
        reason=row.reason if isinstance(row, Opaque) else "",
        below=() if is_pseudo(kind) else tuple(fields_below(kind, pattern)),
    )


def system_of(kind: str) -> System:
    """The system that a kind or pseudo-kind belongs to."""
    known = by_name(kind)
    if known is None:
        return "flux" if kind in _FLUX_PSEUDO else "argocd"
    return "flux" if known.engine in {"flux", "flux-operator"} else "argocd"


def _facts(kind: str, path: str) -> LeafFacts | None:
    if path.startswith("metadata."):
        return metadata_leaf_paths().get(path.removeprefix("metadata."))
    return field_facts(kind, path) if path else None


def _default(match: Match | None, facts: LeafFacts | None) -> str:
    if match is not None and match.on is not None and match.on.default is not UNSET:
        value = match.on.default
    elif facts is not None and facts.default is not None:
        value = facts.default
    else:
        return ""
    return value if isinstance(value, str) and value else json.dumps(value)


def _counterparts(row: Concept, system: System) -> tuple[str, ...]:
    """Paths of the other system: those of the row, else those that share its slot."""
    rows = [row]
    if not (row.flux if system == "argocd" else row.argo) and row.slot:
        rows = [each for each in concepts() if each.slot == row.slot]
    sides = [side for each in rows for side in (each.flux if system == "argocd" else each.argo)]
    return tuple(dict.fromkeys(text for side in sides for text in written(side)))


def _judgements(row: Concept, system: System) -> tuple[Judgement, ...]:
    found: dict[Judgement, None] = {}
    for note in row.notes("flux" if system == "argocd" else "argocd"):
        message = note.message
        judgement = Judgement(
            verdict=note.verdict,
            code=message.code if message else "",
            text=message.text if message else "",
            instead=message.instead if message else "",
        )
        found[judgement] = None
    return tuple(found)
