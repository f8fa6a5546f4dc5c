"""Globs of the gobwas dialect as regular expressions of RE2, for policies that Kubernetes evaluates.

Facts: gobwas/glob (syntax, as in ``globs.gobwas``), google/re2:doc/syntax.txt.
"""

from __future__ import annotations

from argoflux.goports.globs import read_gobwas
from argoflux.goports.globtext import AnyOne, AnyRun, Char, Either, OneOf

_SPECIAL = frozenset("\\.+*?()|[]{}^$")


def gobwas_regex(pattern: str, separators: str = "") -> str:
    """The regular expression, without anchors, that matches the texts that the glob matches.

    Raises GlobError for a pattern that is no glob.
    """
    return "".join(_part(item) for item in read_gobwas(pattern, separators))


def literal_regex(text: str) -> str:
    """The regular expression of a text itself."""
    return "".join(_literal(char) for char in text)


def _part(item: Char | AnyOne | AnyRun | OneOf | Either) -> str:
    match item:
        case Char(char):
            return _literal(char)
        case AnyOne(barred):
            return _any_but(barred)
        case AnyRun(barred):
            return f"{_any_but(barred)}*"
        case OneOf(ranges, negated):
            inner = "".join(
                _inside(low) if low == high else f"{_inside(low)}-{_inside(high)}"
                for low, high in ranges
            )
            return f"[{'^' if negated else ''}{inner}]"
        case Either(alternatives):
            branches = ("".join(_part(inner) for inner in items) for items in alternatives)
            return f"(?:{'|'.join(branches)})"


def _any_but(barred: str) -> str:
    return f"[^{''.join(_inside(char) for char in barred)}]" if barred else "."


def _literal(char: str) -> str:
    return f"\\{char}" if char in _SPECIAL else char


def _inside(char: str) -> str:
    return f"\\{char}" if char in "\\]^-[" else char
