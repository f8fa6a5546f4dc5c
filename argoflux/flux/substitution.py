"""Variables that a Kustomization fills in after its build (``spec.postBuild``).

Facts: fluxcd/pkg:kustomize/kustomize_varsub.go (once per object, on its YAML text; nothing happens
without any variable unless the strategy is ``Always``; line feeds are dropped from values),
kustomize-controller:internal/features/features.go (unset variables fail since Flux 2.9).

kustomize writes an object without the quotes that its author gave (yaml.v3), so ``"${port}"`` may
become a number: a text that YAML allows without quotes is read again after it was filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import flag, pairs, table, tables, text
from argoflux.goports.envsubst import SubstitutionError, UnsetError, parse, substitute, uses
from argoflux.text import SourceFile
from argoflux.versions import Release

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.flux.objects import Objects

SWITCH = "kustomize.toolkit.fluxcd.io/substitute"

_STRICT_SINCE = Release(2, 9)
_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*\Z")
# gopkg.in/yaml.v3:emitterc.go yaml_emitter_analyze_scalar: what a plain scalar of a block cannot be
_QUOTED = re.compile(
    r"""[-?:](?=\s|\Z)|[,\[\]{}#&*!|>'"%@`]|\s|---|\.\.\.|.*(?::(?=\s|\Z)|\s#|\s\Z|[\x00-\x08\x0b-\x1f\x7f\ufeff])""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """What is known about the variables of one Kustomization.

    ``values`` are known texts. ``secret`` are names whose values stand in a Secret: they exist, but
    never enter a result. ``unread`` are sources that are not in the input: any other variable may
    come from one of them. ``active`` says whether anything is substituted at all.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    strict: bool = True
    active: bool = False


class Unfilled(Exception):  # noqa: N818  # a state of the input, not an error
    """An object that cannot be filled in: Flux itself would fail on it."""


@dataclass(slots=True)
class Filled:
    """One object after substitution.

    ``left`` are variables that stand in the result as they were written: ``secret`` ones, and
    others that only an unread source could define. ``emptied`` became empty because nobody sets them.
    """

    body: Any
    left: set[str] = field(default_factory=set)
    secret: set[str] = field(default_factory=set)
    emptied: set[str] = field(default_factory=set)


def read_variables(
    body: Mapping[str, Any], root: str, namespace: str, objects: Objects, release: str
) -> Variables:
    """The variables of a Kustomization: its sources in order, then its own.

    ``optional`` sources may be absent. A key that is no name fails the build, so it is left out.
    """
    stated = table(body, "spec", "postBuild")
    values: dict[str, str] = {}
    secret: set[str] = set()
    unread: list[str] = []
    for reference in tables(stated, "substituteFrom"):
        kind, name = text(reference, "kind") or "", text(reference, "name") or ""
        found = objects.find(root, kind, namespace, name)
        if found is None:
            if not flag(reference, "optional"):
                unread.append("/".join(part for part in (kind, namespace, name) if part))
        elif kind == "Secret":
            names = {*table(found, "data"), *table(found, "stringData")}
            secret |= names
            for key in names:
                values.pop(key, None)
        else:
            data = pairs(found, "data")
            values |= data
            secret -= set(data)
    own = pairs(stated, "substitute")
    values |= own
    secret -= set(own)
    named = {key: value.replace("\n", "") for key, value in values.items() if _NAME.match(key)}
    always = text(stated, "substituteStrategy") == "Always"
    return Variables(
        values=named,
        secret=frozenset(secret),
        unread=tuple(unread),
        strict=Release.parse(release) >= _STRICT_SINCE,
        active=bool(stated) and (bool(named or secret or unread) or always),
    )


def exempt(body: Mapping[str, Any]) -> bool:
    """Whether an object is left alone: the label or annotation in exactly this spelling."""
    return any(
        pairs(body, "metadata", part).get(SWITCH) == "disabled"
        for part in ("labels", "annotations")
    )


def fill_in(body: Mapping[str, Any], variables: Variables) -> Filled:
    """The object after substitution; raises Unfilled where Flux would fail."""
    filled = Filled(body)
    if variables.active and not exempt(body):
        filled.body = _value(body, variables, filled)
    return filled


def _value(value: Any, variables: Variables, filled: Filled) -> Any:
    if isinstance(value, dict):
        return {
            _key(key, variables, filled): _value(item, variables, filled)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_value(item, variables, filled) for item in value]
    if isinstance(value, str) and "$" in value:
        return _text(value, variables, filled)
    return value


def _key(key: Any, variables: Variables, filled: Filled) -> Any:
    if isinstance(key, str) and "$" in key:
        return _replaced(key, variables, filled)
    return key


def _text(value: str, variables: Variables, filled: Filled) -> Any:
    """A text after substitution; one that stood without quotes is read again."""
    replaced = _replaced(value, variables, filled)
    if replaced == value or "\n" in value or _QUOTED.match(value):
        return replaced
    return read_again(replaced)


def read_again(written: str) -> Any:
    """What a plain scalar means after its text has changed; raises Unfilled when it is no YAML."""
    from argoflux.yamlio.load import load_text

    loaded = load_text(SourceFile("value", f"value: {written}\n"))
    bodies = [document.body for document in loaded.documents]
    if len(bodies) != 1 or not isinstance(bodies[0], dict) or loaded.findings:
        raise Unfilled(f"`{written}` is no YAML value")
    return bodies[0].get("value")


def _replaced(value: str, variables: Variables, filled: Filled) -> str:
    """A text with its variables replaced; as it was where one of them is not known."""
    try:
        names = {use.name: use for use in uses(parse(value))}
        unknown = {name for name in names if _unknown(name, variables)}
        if unknown:
            filled.left |= unknown
            filled.secret |= unknown & variables.secret
            return value
        for name, use in names.items():
            if name not in variables.values and not use.has_default:
                filled.emptied.add(name)
        return substitute(value, variables.values, strict=variables.strict)
    except UnsetError as error:
        raise Unfilled(f"variable `{error.name}` is not set") from error
    except SubstitutionError as error:
        raise Unfilled(f"`{value}`: {error}") from error


def _unknown(name: str, variables: Variables) -> bool:
    return name not in variables.values and (name in variables.secret or bool(variables.unread))


def names_used(value: Any) -> Iterator[str]:
    """Every variable in the texts of a value, in order; texts that cannot be read have none."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from names_used(key)
            yield from names_used(item)
    elif isinstance(value, list):
        for item in value:
            yield from names_used(item)
    elif isinstance(value, str) and "${" in value:
        try:
            yield from (use.name for use in uses(parse(value)))
        except SubstitutionError:
            return
