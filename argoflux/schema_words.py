"""Schema errors and their sentences: what is wrong, what was expected, what was meant."""

from __future__ import annotations

import difflib
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.schema_accept import is_integer
from argoflux.schema_rule_words import RULE_WORDS
from argoflux.text import path_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.text import Path, Side


class SchemaError(NamedTuple):
    """One thing that the API server would reject, or drop.

    ``path`` is relative to the object; ``on`` says whether its key or its value is wrong. ``rule``
    is ``type``, ``required``, ``enum``, ``pattern``, ``unknown-field``, ``bounds``, ``duplicate``
    ``combination`` or ``cel``. A missing key stands at the object that lacks it. ``expected`` is what
    would be right, ``suggestion`` the one key or value that was probably meant (may be empty).
    """

    path: Path
    on: Side
    rule: str
    message: str
    expected: str = ""
    suggestion: str = ""


_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a map",
    "string": "text",
}
_PATTERNS = {
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$": "a duration such as `10m` or `1h30m`",
    r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$": "a duration without hours, such as `60s` or `5m`",
    r"^-?([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$|^0$": "a duration such as `60s` or `3m`",
    r"^([Tt]rue|TRUE|[Ff]alse|FALSE|t|T|f|F|1|0)$": '`"true"` or `"false"`',
    r"^[0-9]+$": "a whole number in quotes",
    r"^[-+]?[0-9]+$": "a whole number in quotes",
}
_URL_PATTERN = re.compile(r"\^\(?([a-z|]+)\)?://\.\*\$")
_SECRET_STEPS = frozenset(
    {
        "data",
        "literal",
        "parameters",
        "plugin",
        "stringData",
        "substitute",
        "values",
        "valuesObject",
    }
)
"""Below these keys stand the user's own values, which may be secret: they are never quoted."""

_LONG_TEXTS = frozenset({"values", "patch", "templatePatch", "resourcesTemplate"})
_TEXTS = frozenset({"annotations", "data", "stringData", "substitute"})
"""Fields, and maps of fields, whose text may be a whole document."""

_LONGEST_QUOTE = 60
_LONGEST_CHOICE = 12
_CLOSE_KEY = 0.75
_CLOSE_VALUE = 0.65
_CLOSE_PREFIX = 0.9


def hidden(path: Path) -> bool:
    """Whether values at this path must not be quoted."""
    return any(step in _SECRET_STEPS for step in path)


def closest(word: str, words: Iterable[str], cutoff: float = _CLOSE_KEY) -> str:
    """The one of ``words`` that was probably meant; empty when none is near.

    A word such as ``service.*`` stands for every word that starts with ``service.``.
    """
    known = sorted(words)
    folded = [other for other in known if other.casefold() == word.casefold()]
    if len(folded) == 1:
        return folded[0]
    for other in known:
        if other.endswith(".*"):
            renamed = _with_prefix(word, other[:-1])
            if renamed:
                return renamed
    found = difflib.get_close_matches(word, known, n=1, cutoff=cutoff)
    return found[0] if found else ""


def _with_prefix(word: str, prefix: str) -> str:
    """The word with a misspelt dotted prefix put right; empty when it is another word."""
    dots = prefix.count(".")
    steps = word.split(".")
    if len(steps) <= dots:
        return ""
    head = ".".join(steps[:dots]) + "."
    similar = difflib.SequenceMatcher(None, head, prefix).ratio()
    return prefix + word[len(head) :] if similar >= _CLOSE_PREFIX else ""


def _subject(path: Path) -> str:
    """A path for a message; a key of a flat map stands as it is."""
    if len(path) == 1 and isinstance(path[0], str):
        return f"`{path[0]}`"
    return f"`{path_text(path)}`"


def unknown_field(path: Path, siblings: Iterable[str], elsewhere: str = "") -> SchemaError:
    """A key that its object does not have; ``elsewhere`` is a path of the kind that ends in it."""
    key = str(path[-1])
    near = closest(key, siblings)
    message = f"unknown field `{key}`"
    if len(path) > 1:
        message += f" in `{path_text(path[:-1])}`"
    if near:
        message += f"; did you mean `{near}`?"
    elif elsewhere:
        message += f"; it belongs at `{elsewhere}`"
    return SchemaError(path, "key", "unknown-field", message, "", near or elsewhere)


def missing_field(path: Path, key: str, node: dict[str, Any]) -> SchemaError:
    """A required key that is absent or null."""
    where = f" in `{path_text(path)}`" if path else ""
    expected = expected_type(node.get("properties", {}).get(key, {}))
    on: Side = "key" if path and isinstance(path[-1], str) else "value"
    return SchemaError(path, on, "required", f"`{key}` is missing{where}", expected, key)


def wrong_type(path: Path, value: Any, node: dict[str, Any], *, hide: bool) -> SchemaError:
    """A value of another type than the schema states."""
    expected = expected_type(node)
    hint = _slip(path, value, node)
    message = f"{_subject(path)} is {quote(value, hide=hide)}, expected {expected}"
    return SchemaError(path, "value", "type", message + (f"; {hint}" if hint else ""), expected)


def wrong_choice(path: Path, value: Any, choices: list[Any], *, hide: bool) -> SchemaError:
    """A value that is none of those allowed."""
    words = [choice if isinstance(choice, str) else json.dumps(choice) for choice in choices]
    shown = ", ".join(f"`{word}`" for word in words[:_LONGEST_CHOICE])
    more = f" and {len(words) - _LONGEST_CHOICE} more" if len(words) > _LONGEST_CHOICE else ""
    expected = shown + more if len(words) == 1 else f"one of {shown}{more}"
    near = closest(value, words, _CLOSE_VALUE) if isinstance(value, str) else ""
    message = f"{_subject(path)} is {quote(value, hide=hide)}, expected {expected}"
    if near:
        message += f"; did you mean `{near}`?"
    return SchemaError(path, "value", "enum", message, expected, near)


def wrong_pattern(path: Path, value: Any, pattern: str, *, hide: bool) -> SchemaError:
    """A text of the wrong form."""
    expected = expected_form(pattern)
    message = f"{_subject(path)} is {quote(value, hide=hide)}, expected {expected}"
    return SchemaError(path, "value", "pattern", message, expected)


def repeated_item(path: Path, keys: list[str]) -> SchemaError:
    """An item of a list that repeats an earlier one."""
    by = f" with the same {' and '.join(f'`{key}`' for key in keys)}" if keys else ""
    message = f"{_subject(path)} repeats an earlier item{by}"
    return SchemaError(path, "value", "duplicate", message, "each item once")


def no_combination(path: Path) -> SchemaError:
    """A value that fits none, or too many, of the alternatives of the schema."""
    message = f"{_subject(path)} fits none of the forms that its schema allows"
    return SchemaError(path, "value", "combination", message)


def broken_rule(path: Path, value: Any, rule: str) -> SchemaError:
    """A value that a validation rule of the CRD rejects; ``expected`` is the rule as CEL.

    It stands at the key that the rule is about, where there is one.
    """
    words = RULE_WORDS.get(rule)
    if words is None:  # a schema that was imported later
        message = f"{_subject(path)} breaks the rule `{rule}` of its CRD"
        return SchemaError(path, "value", "cel", message, rule)
    message = f"{_subject(path)}: {words.says}" if path else words.says
    if words.key and isinstance(value, dict) and words.key in value:
        return SchemaError((*path, words.key), "key", "cel", message, rule)
    on: Side = "key" if path and isinstance(path[-1], str) else "value"
    return SchemaError(path, on, "cel", message, rule)


def out_of_bounds(path: Path, value: Any, keyword: str, limit: Any, *, hide: bool) -> SchemaError:
    """A value that is too short, long, small or large."""
    subject = _subject(path)
    if isinstance(value, str | list | dict):
        most = keyword.startswith("max")
        expected = f"at {'most' if most else 'least'} {_count(limit, value)}"
        state = "is empty" if not value else f"has {_count(len(value), value)}"
        return SchemaError(
            path, "value", "bounds", f"{subject} {state}, expected {expected}", expected
        )
    expected = {
        "minimum": f"{limit} or more",
        "maximum": f"{limit} or less",
        "exclusiveMinimum": f"more than {limit}",
        "exclusiveMaximum": f"less than {limit}",
        "multipleOf": f"a multiple of {limit}",
    }.get(keyword, f"{keyword} {limit}")
    message = f"{subject} is {quote(value, hide=hide)}, expected {expected}"
    return SchemaError(path, "value", "bounds", message, expected)


def _count(number: int, value: str | list[Any] | dict[str, Any]) -> str:
    unit = "character" if isinstance(value, str) else "item" if isinstance(value, list) else "key"
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def expected_type(node: dict[str, Any]) -> str:
    """The type that a schema states, in words."""
    if node.get("x-kubernetes-int-or-string"):
        return "a whole number or text"
    kind = node.get("type")
    if isinstance(kind, list):
        return " or ".join(_TYPES.get(each, str(each)) for each in kind)
    return _TYPES.get(kind, "any value") if isinstance(kind, str) else "any value"


def expected_form(pattern: str) -> str:
    """A pattern in words where they are known, else the pattern."""
    known = _PATTERNS.get(pattern)
    if known is not None:
        return known
    url = _URL_PATTERN.fullmatch(pattern)
    if url is not None:
        schemes = [f"`{scheme}://`" for scheme in url[1].split("|")]
        head = ", ".join(schemes[:-1])
        return "a URL that starts with " + (f"{head} or {schemes[-1]}" if head else schemes[-1])
    return f"text that matches `{pattern}`"


def quote(value: Any, *, hide: bool) -> str:
    """A value for a message; only its type when it is hidden."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "null"
    if hide:
        if isinstance(value, bool):
            return "a boolean"
        return "text" if isinstance(value, str) else "a number"
    if isinstance(value, str):
        short = value if len(value) <= _LONGEST_QUOTE else value[: _LONGEST_QUOTE - 1] + "…"
        return json.dumps(short, ensure_ascii=False)
    if isinstance(value, int | float):  # also infinities, and floats as they were written
        return json.dumps(value)
    return f"`{value}`"


def _slip(path: Path, value: Any, node: dict[str, Any]) -> str:
    """What to do about the mistakes that are made most."""
    wanted = node.get("type")
    if isinstance(wanted, list):
        wanted = wanted[0]
    key = path[-1] if path else ""
    if wanted == "boolean" and isinstance(value, str) and value.casefold() in {"true", "false"}:
        return "remove the quotes"
    if wanted in {"integer", "number"} and isinstance(value, str) and value.strip().isdigit():
        return "remove the quotes"
    if wanted == "string" and isinstance(value, bool | int | float):
        return "put it in quotes"
    if wanted == "string" and isinstance(value, list) and len(value) == 1:
        return "remove the `-`"
    if wanted == "string" and isinstance(value, dict | list):
        return _as_text(path, value)
    if wanted == "object" and isinstance(value, bool):
        return f"write `{key}: {{}}`" if value else f"remove `{key}`"
    if wanted == "object" and isinstance(value, list) and len(value) == 1:
        return "remove the `-`"
    if wanted == "array" and not isinstance(value, list | type(None)):
        return "write it as a list item, with `-` before it"
    if wanted == "integer" and isinstance(value, float) and not is_integer(value):
        return "write it without decimals"
    return ""


def _as_text(path: Path, value: Any) -> str:
    """What to do about a map or list where text is expected."""
    key = path[-1] if path else ""
    if key == "values" and "helm" in path and isinstance(value, dict):
        return "move it to `valuesObject`, or write it as text with `values: |`"
    if key in _LONG_TEXTS or not _TEXTS.isdisjoint(path[-2:-1]):
        return f"write it as text with `{key}: |`"
    return ""
