"""Sets of parameters: flattened, combined, merged.

Facts: jeremywohl/flatten:flatten.go, argo-cd:applicationset/utils/map.go (CombineStringMaps),
darccio/mergo:merge.go and the calls of it in argo-cd:applicationset/generators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.govalues import Texts, go_text
from argoflux.argocd.appset.problems import ExpansionError

if TYPE_CHECKING:
    from collections.abc import Mapping

Params = dict[str, Any]


def flatten(value: Mapping[str, Any]) -> dict[str, str]:
    """Keys joined by dots, list items by their position, values as Go prints them.

    Empty maps and lists leave nothing.
    """
    out: dict[str, str] = {}
    _flatten(value, "", out)
    return out


def _flatten(value: Any, prefix: str, out: dict[str, str]) -> None:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            _flatten(item, f"{prefix}.{key}" if prefix else str(key), out)
    else:
        out[prefix] = go_text(value)


def combine(first: Mapping[str, Any], second: Mapping[str, Any]) -> Params:
    """Both sets as texts; raises ExpansionError when they disagree about a key."""
    out: Params = {key: go_text(value) for key, value in first.items()}
    for key, value in second.items():
        found = go_text(value)
        if out.setdefault(key, found) != found:
            raise ExpansionError(f"both generators of the matrix set `{key}`, to different values")
    return out


def override(base: Mapping[str, Any], over: Mapping[str, Any]) -> Params:
    """Maps merged deeply, values of ``over`` win, empty ones too (mergo.WithOverride on maps)."""
    out: Params = dict(base)
    for key, value in over.items():
        old = out.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            merged = override(old, value)
            out[key] = Texts(merged) if isinstance(old, Texts) else merged
        else:
            out[key] = value
    return out


_WHOLE = frozenset({"valuesObject"})
"""Free values are one field to Go: they are never merged."""


def fill_blanks(base: Mapping[str, Any], more: Mapping[str, Any]) -> Params:
    """Maps merged deeply; values of ``more`` take the place of absent and empty ones (mergo)."""
    out: Params = dict(base)
    for key, value in more.items():
        old = out.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and key not in _WHOLE:
            out[key] = fill_blanks(old, value)
        elif _empty(old):
            out[key] = value
    return out


def _empty(value: Any) -> bool:
    """What mergo takes for a value that nobody set: false, 0, empty texts and collections too."""
    return value is None or value in (False, 0, "", [], {})
