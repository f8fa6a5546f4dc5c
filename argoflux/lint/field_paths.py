"""Whether an object has the field that a JSON pointer or a plain jq path names."""

from __future__ import annotations

import json
import re
from typing import Any

_STEP = re.compile(
    r"""\.?\[\s*(?P<index>-?\d+)\s*\]\??               # [0]
      | \.?\[\s*(?P<quoted>"(?:[^"\\]|\\.)*")\s*\]\??  # ["a/b"]
      | (?P<every>\.?\[\s*\]\??)                       # []
      | \.(?P<string>"(?:[^"\\]|\\.)*")\??             # ."a/b"
      | \.(?P<name>[A-Za-z_]\w*)\??                    # .a
    """,
    re.VERBOSE,
)
_EVERY = object()


def at_pointer(body: Any, pointer: str) -> bool:
    """Whether something stands at a JSON pointer."""
    if not pointer.startswith("/"):
        return False
    steps = [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]
    for step in steps:
        if isinstance(body, dict) and step in body:
            body = body[step]
        elif isinstance(body, list) and step.isdecimal() and int(step) < len(body):
            body = body[int(step)]
        else:
            return False
    return True


def at_expression(body: Any, expression: str) -> bool | None:
    """Whether something stands where a jq path leads; None for what is more than a path."""
    text, at = expression.strip(), 0
    steps: list[Any] = []
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return None
        steps.append(_step(match))
        at = match.end()
    return _found(body, steps) if steps else None


def _step(match: re.Match[str]) -> Any:
    if match["every"]:
        return _EVERY
    if match["index"]:
        return int(match["index"])
    return match["name"] or json.loads(match["quoted"] or match["string"], strict=False)


def _found(value: Any, steps: list[Any]) -> bool:
    if not steps:
        return True
    step, rest = steps[0], steps[1:]
    if step is _EVERY:
        parts = value if isinstance(value, list) else list(_values(value))
        return any(_found(part, rest) for part in parts)
    if isinstance(step, int):
        if not isinstance(value, list) or not -len(value) <= step < len(value):
            return False
        return _found(value[step], rest)
    return isinstance(value, dict) and step in value and _found(value[step], rest)


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []
