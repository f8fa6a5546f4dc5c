"""Simple CEL health checks as Lua.

What Flux evaluates: fluxcd/pkg:runtime/cel/status_evaluator.go (in progress, failed, current, in this
order; an error, such as a missing field, keeps it waiting). What Argo CD calls:
argo-cd:util/lua/lua.go ExecuteHealthLua. Only comparisons of fields with values, ``has``, and
conditions by type and status are known here, joined by ``&&`` or ``||``; anything else is None.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELD = r"(?:status|spec|metadata|data)(?:\.[A-Za-z_][A-Za-z0-9_]*)+"
_TEXT = r"'[^'\\\n]*'|\"[^\"\\\n]*\""
_VALUE = rf"{_TEXT}|-?\d+|true|false"
_COMPARISON = re.compile(rf"({_FIELD})\s*(==|!=)\s*({_VALUE}|{_FIELD})")
_HAS = re.compile(rf"has\(\s*({_FIELD})\s*\)")
_EXISTS = re.compile(
    r"status\.conditions\.exists\(\s*(\w+)\s*,\s*\1\.type\s*==\s*"
    rf"({_TEXT})\s*&&\s*\1\.status\s*==\s*({_TEXT})\s*\)"
)
_FILTER = re.compile(
    r"status\.conditions\.filter\(\s*(\w+)\s*,\s*\1\.type\s*==\s*"
    rf"({_TEXT})\s*\)\.all\(\s*(\w+)\s*,\s*\3\.status\s*==\s*({_TEXT})\s*\)"
)
_OUTCOMES = (("inProgress", "Progressing"), ("failed", "Degraded"), ("current", "Healthy"))

_READ = """\
local function read(...)
  local node = obj
  for _, key in ipairs({...}) do
    if type(node) ~= "table" then return nil end
    node = node[key]
  end
  return node
end
"""
_CONDITION = """\
local function condition(name, state)
  for _, found in ipairs(read("status", "conditions") or {}) do
    if found.type == name and found.status == state then return true end
  end
  return false
end
"""


def lua_check(check: Mapping[str, object]) -> str | None:
    """The Lua of a health check, None where an expression is not one of the simple ones."""
    tests: list[tuple[str, str]] = []
    for name, status in _OUTCOMES:
        expression = check.get(name)
        if expression is None or expression == "":
            continue
        test = _expression(expression) if isinstance(expression, str) else None
        if test is None:
            return None
        tests.append((test, status))
    if not tests:
        return None
    body = "\n".join(line for test, status in tests for line in _branch(test, status))
    helpers = _READ + (_CONDITION if "condition(" in body else "")
    first = 'local hs = {status = "Progressing", message = "waiting for its health check"}\n'
    return helpers + first + body.replace("elseif", "if", 1) + "\nend\nreturn hs\n"


def _branch(test: str, status: str) -> tuple[str, str]:
    return f"elseif {test} then", f'  hs = {{status = "{status}", message = ""}}'


def _expression(text: str) -> str | None:
    """One expression: terms joined by one kind of operator, without parentheses around them."""
    terms = _split(text.strip())
    if terms is None:
        return None
    operator, parts = terms
    found = [_term(part.strip()) for part in parts]
    if any(part is None for part in found):
        return None
    return f" {operator} ".join(part for part in found if part is not None)


def _split(text: str) -> tuple[str, list[str]] | None:
    """The terms at the top level; None where both operators stand there."""
    parts, start, depth, quote = [], 0, 0, ""
    operators: set[str] = set()
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif depth == 0 and text[index : index + 2] in {"&&", "||"}:
            operators.add(text[index : index + 2])
            parts.append(text[start:index])
            start = index + 2
    parts.append(text[start:])
    if quote or depth or len(operators) > 1:
        return None
    return ("or" if "||" in operators else "and"), parts


def _term(text: str) -> str | None:
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        left, operator, right = comparison.groups()
        return _compared(_path(left), operator, right)
    has = _HAS.fullmatch(text)
    if has:
        return f"{_path(has[1])} ~= nil"
    exists = _EXISTS.fullmatch(text)
    if exists:
        return f"condition({_quoted(exists[2])}, {_quoted(exists[3])})"
    every = _FILTER.fullmatch(text)
    if every:
        return f"condition({_quoted(every[2])}, {_quoted(every[4])})"
    return None


def _compared(left: str, operator: str, right: str) -> str:
    """A comparison; with a field that is absent CEL fails, so neither outcome may hold."""
    field = re.fullmatch(_FIELD, right)
    value = _path(right) if field else (_quoted(right) if right[0] in "'\"" else right)
    if operator == "==" and not field:
        return f"{left} == {value}"
    present = f"{left} ~= nil"
    return f"({present} and {left} {'==' if operator == '==' else '~='} {value})"


def _path(text: str) -> str:
    keys = ", ".join(f'"{key}"' for key in text.split("."))
    return f"read({keys})"


def _quoted(text: str) -> str:
    return f'"{text[1:-1]}"'.replace("\\", "\\\\") if '"' not in text[1:-1] else f"'{text[1:-1]}'"
