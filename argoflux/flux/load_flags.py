"""Flags of Flux's controllers, read from the Deployments that install them.

Feature gates are a list of their own: fluxcd/pkg:runtime/features/feature_gates.go. All
controllers share the lockdown flags: fluxcd/pkg:runtime/acl/options.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.mapping.concept import Concept, Context
from argoflux.mapping.emission import Saying
from argoflux.mapping.index import find_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.finding import Place
    from argoflux.mapping.emission import Request
    from argoflux.model.content import ContentObject

_KIND = "flags:flux"
_GATES = "feature-gates"


def say_flags(objects: Iterable[ContentObject], request: Request, told: list[Saying]) -> None:
    """Add what the rows say about the flags of the controllers, each flag and value once."""
    stated = [
        Stated(key, value, obj.body, obj.place)
        for obj in objects
        if obj.ref.kind == "Deployment"
        for key, value in flags_of(obj.body)
    ]
    say_stated(stated, request, told)


class Stated(NamedTuple):
    """A flag with its value, the object that states it, and the place to name."""

    key: str
    value: str
    body: Mapping[str, Any]
    place: Place


def say_stated(flags: Iterable[Stated], request: Request, told: list[Saying]) -> None:
    """Like ``say_flags``, for flags from anywhere."""
    found: dict[tuple[str, str], Saying] = {}
    for one in flags:
        saying = _judge(one, request)
        if saying is not None:
            found.setdefault((one.key, one.value), saying)
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
        flags += flags_in(arguments if isinstance(arguments, list) else ())
    return flags


def flags_in(arguments: Iterable[Any]) -> list[tuple[str, str]]:
    """Names and values of the flags in a list of arguments."""
    flags: list[tuple[str, str]] = []
    for argument in arguments:
        name, equals, value = str(argument).removeprefix("--").partition("=")
        if name == _GATES:
            gates = (gate.partition("=") for gate in value.split(","))
            flags += [(f"{_GATES}.{gate.strip()}", state) for gate, _, state in gates]
        else:
            flags.append((name, value if equals else "true"))
    return flags


def _judge(one: Stated, request: Request) -> Saying | None:
    key, value = one.key, one.value
    match = find_pattern(_KIND, (key,), "flux")
    if match is None or not isinstance(match.row, Concept):
        return None
    ctx = Context(
        to=request.to,
        kind="",
        argocd=request.argocd,
        flux=request.flux,
        body=one.body,
        path=(key,),
    )
    note = next(n for n in match.row.to_argo if n.when is None or n.when(value, ctx))
    if note.message is None:
        return None
    facts = dict(note.facts(value, ctx)) if note.facts else {}
    return Saying(message=note.message, facts=facts, places=(one.place,))
