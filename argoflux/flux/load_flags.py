"""Flags of Flux's controllers, read from the Deployments that install them.

Feature gates are a list of their own: fluxcd/pkg:runtime/features/feature_gates.go. All
controllers share the lockdown flags: fluxcd/pkg:runtime/acl/options.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, Context
from argoflux.mapping.emission import Saying
from argoflux.mapping.index import find_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.mapping.emission import Request
    from argoflux.model.content import ContentObject

_KIND = "flags:flux"
_GATES = "feature-gates"


def say_flags(objects: Iterable[ContentObject], request: Request, told: list[Saying]) -> None:
    """Add what the rows say about the flags of the controllers, each flag and value once."""
    found: dict[tuple[str, str], Saying] = {}
    for obj in objects:
        if obj.ref.kind != "Deployment":
            continue
        for key, value in flags_of(obj.body):
            saying = _judge(key, value, obj, request)
            if saying is not None:
                found.setdefault((key, value), saying)
    told += [found[key] for key in sorted(found) if found[key] not in told]


def flags_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values; a flag without a value is true, and gates stand by their own names."""
    node: Any = body
    for step in ("spec", "template", "spec"):
        node = node.get(step) if isinstance(node, dict) else None
    containers = node.get("containers") if isinstance(node, dict) else None
    flags: list[tuple[str, str]] = []
    for container in containers if isinstance(containers, list) else ():
        arguments = container.get("args") if isinstance(container, dict) else None
        for argument in arguments if isinstance(arguments, list) else ():
            name, equals, value = str(argument).removeprefix("--").partition("=")
            if name == _GATES:
                gates = (gate.partition("=") for gate in value.split(","))
                flags += [(f"{_GATES}.{gate.strip()}", state) for gate, _, state in gates]
            else:
                flags.append((name, value if equals else "true"))
    return flags


def _judge(key: str, value: str, obj: ContentObject, request: Request) -> Saying | None:
    match = find_pattern(_KIND, (key,), "flux")
    if match is None or not isinstance(match.row, Concept):
        return None
    ctx = Context(
        to=request.to,
        kind="",
        argocd=request.argocd,
        flux=request.flux,
        body=obj.body,
        path=(key,),
    )
    note = next(n for n in match.row.to_argo if n.when is None or n.when(value, ctx))
    if note.message is None:
        return None
    facts = dict(note.facts(value, ctx)) if note.facts else {}
    return Saying(message=note.message, facts=facts, places=(obj.place,))
