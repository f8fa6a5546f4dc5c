"""Simple CEL health checks as Lua.

What Flux evaluates: fluxcd/pkg:runtime/cel/status_evaluator.go (an observed generation that is not the
object's comes before everything; then in progress, failed, current, in this order; an error, such as a
missing field, ends the evaluation and keeps it waiting). What Argo CD calls, without Lua's string
library: argo-cd:util/lua/lua.go ExecuteHealthLua. Only comparisons of fields with values, ``has``, and
conditions by type and status are known here, joined by ``&&`` or ``||``; anything else is None.

Tests have three values, as in CEL: ``nil`` stands for an error.
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

_HELPERS = {
    "read": """\
local function read(...)
  local node = obj
  for _, key in ipairs({...}) do
    if type(node) ~= "table" then return nil end
    node = node[key]
  end
  return node
end
""",
    "same": """\
local function same(left, right)
  if left == nil or right == nil or type(left) == "table" then return nil end
  return left == right
end
""",
    "differ": """\
local function differ(left, right)
  if left == nil or right == nil or type(left) == "table" then return nil end
  return left ~= right
end
""",
    "has": """\
local function has(parent, key)
  if type(parent) ~= "table" then return nil end
  return parent[key] ~= nil
end
""",
    "some": """\
local function some(name, state)
  local conditions = read("status", "conditions")
  if conditions == nil then return nil end
  for _, found in ipairs(conditions) do
    if found.type == name and found.status == state then return true end
  end
  return false
end
""",
    "each": """\
local function each(name, state)
  local conditions = read("status", "conditions")
  if conditions == nil then return nil end
  for _, found in ipairs(conditions) do
    if found.type == name and found.status ~= state then return false end
  end
  return true
end
""",
    "all_of": """\
local function all_of(...)
  local result = true
  for index = 1, select("#", ...) do
    local value = select(index, ...)
    if value == false then return false end
    if value == nil then result = nil end
  end
  return result
end
""",
    "any_of": """\
local function any_of(...)
  local result = false
  for index = 1, select("#", ...) do
    local value = select(index, ...)
    if value then return true end
    if value == nil then result = nil end
  end
  return result
end
""",
}
"""By name; each is written where it is used. ``each`` holds where no condition has the type."""

_START = """\
local waiting = {status = "Progressing", message = "waiting for its health check"}
local seen, generation = read("status", "observedGeneration"), read("metadata", "generation")
if seen ~= nil and generation ~= nil and seen ~= generation then return waiting end
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
    body = _START + "".join(_branch(test, status) for test, status in tests) + "return waiting\n"
    helpers = (text for name, text in _HELPERS.items() if f"{name}(" in body or name == "read")
    return "".join(helpers) + body


def _branch(test: str, status: str) -> str:
    return (
        f"local answer = {test}\n"
        "if answer == nil then return waiting end\n"
        f'if answer then return {{status = "{status}", message = ""}} end\n'
    )


def _expression(text: str) -> str | None:
    """One expression: terms joined by one kind of operator, without parentheses around them."""
    split = _split(text.strip())
    if split is None:
        return None
    joined, parts = split
    terms = [term for part in parts if (term := _term(part.strip())) is not None]
    if len(terms) < len(parts):
        return None
    return f"{joined}({', '.join(terms)})" if len(terms) > 1 else terms[0]


def _split(text: str) -> tuple[str, list[str]] | None:
    """What joins the terms at the top level, and these; None where both operators stand there."""
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
    return ("any_of" if "||" in operators else "all_of"), parts


def _term(text: str) -> str | None:
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        left, operator, right = comparison.groups()
        return f"{'same' if operator == '==' else 'differ'}({_path(left)}, {_value(right)})"
    has = _HAS.fullmatch(text)
    if has:
        parent, _, key = has[1].rpartition(".")
        return f'has({_path(parent)}, "{key}")'
    exists = _EXISTS.fullmatch(text)
    if exists:
        return f"some({_quoted(exists[2])}, {_quoted(exists[3])})"
    every = _FILTER.fullmatch(text)
    if every:
        return f"each({_quoted(every[2])}, {_quoted(every[4])})"
    return None


def _value(text: str) -> str:
    if re.fullmatch(_FIELD, text):
        return _path(text)
    return _quoted(text) if text[0] in "'\"" else text


def _path(text: str) -> str:
    keys = ", ".join(f'"{key}"' for key in text.split("."))
    return f"read({keys})"


def _quoted(text: str) -> str:
    return f'"{text[1:-1]}"'.replace("\\", "\\\\") if '"' not in text[1:-1] else f"'{text[1:-1]}'"
