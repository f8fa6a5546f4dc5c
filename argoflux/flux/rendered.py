"""What variables do to the plain objects of a path, which Argo CD would apply as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from argoflux.flux.replacements import NO_COPIES, Copies, copies_of
from argoflux.flux.substitution import Unfilled, exempt, fill_in, names_used
from argoflux.mapping.yields import split
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from argoflux.flux.substitution import Variables
    from argoflux.model.content import Content, ContentObject

Outcome = Literal["untouched", "filled", "secret", "unread", "failing", "unknown"]
"""``untouched``: no object holds a variable or ``$$``. ``filled``: all of them have their values.
``secret``, ``unread``: a variable comes from a Secret, or from a source that is not in the input.
``failing``: Flux itself would fail. ``unknown``: what the path yields cannot be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The plain objects of one Kustomization after substitution, as far as they can be known.

    ``used`` are the variables that objects hold, ``names`` those that keep it from being done.
    ``files`` are where they stand; ``changed`` are files with texts that substitution changes.
    ``objects`` is empty unless the outcome is ``filled``, and so are ``copies`` and ``values``: where
    variables are whole values, and what those are.
    """

    outcome: Outcome
    used: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    why: str = ""
    objects: tuple[Mapping[str, Any], ...] = ()
    copies: Copies = NO_COPIES
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether every object of the path was seen."""
        return self.outcome != "unknown"


def render(content: Content, variables: Variables) -> Rendering:
    """Fill in every plain object of a path."""
    if not variables.active:
        return Rendering(outcome="untouched")
    if not isinstance(content, Known):
        return Rendering(outcome="unknown", why=content.reason)
    plain = split(content).plain
    holding = [obj for obj in plain if not exempt(obj.body) and _holds_dollar(obj.body)]
    used = frozenset(name for obj in holding for name in names_used(obj.body))
    seen = Rendering(
        outcome="unknown", used=used, changed=tuple(sorted({obj.file for obj in holding}))
    )
    if not content.complete:
        return replace(seen, why=content.gaps[0].reason)
    if not holding:
        return Rendering(outcome="untouched")
    if not all(obj.certain for obj in plain):
        return replace(seen, why="an edit of its build cannot be computed")
    return _filled(seen, plain, variables)


def _filled(seen: Rendering, plain: tuple[ContentObject, ...], variables: Variables) -> Rendering:
    """The objects after substitution, or why that cannot be done."""
    objects: list[Mapping[str, Any]] = []
    left: dict[str, set[str]] = {"secret": set(), "unread": set()}
    files: set[str] = set()
    for obj in plain:
        try:
            filled = fill_in(obj.body, variables)
        except Unfilled as why:
            return replace(seen, outcome="failing", why=f"{obj.ref}: {why}")
        objects.append(filled.body)
        left["secret"] |= filled.secret
        left["unread"] |= filled.left - filled.secret
        if filled.left:
            files.add(obj.file)
    if left["secret"] or left["unread"]:
        outcome: Outcome = "secret" if left["secret"] else "unread"
        names, where = tuple(sorted(left[outcome])), tuple(sorted(files))
        return replace(seen, outcome=outcome, names=names, files=where)
    return replace(
        seen,
        outcome="filled",
        objects=tuple(objects),
        copies=copies_of(plain, objects, variables),
        values={
            name: variables.values[name] for name in sorted(seen.used & variables.values.keys())
        },
    )


def _holds_dollar(value: Any) -> bool:
    """Whether substitution could change a value: a use, or ``$$``."""
    if isinstance(value, dict):
        return any(_holds_dollar(key) or _holds_dollar(item) for key, item in value.items())
    if isinstance(value, list):
        return any(map(_holds_dollar, value))
    return isinstance(value, str) and ("${" in value or "$$" in value)
