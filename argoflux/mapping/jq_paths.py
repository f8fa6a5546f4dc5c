"""jq paths that name one field, as JSON pointers.

Only static paths have a pointer: ``.spec.replicas``, ``.metadata.annotations["a/b"]``,
``.spec.ports[0]``. Filters, slices and wildcards depend on the live object.
"""

from __future__ import annotations

import json
import re

_STEP = re.compile(
    r"""\.?\[(?P<index>\d+)\]            # .a[0]
      | \.?\[(?P<quoted>"(?:[^"\\]|\\.)*")\]  # .a["b/c"]
      | \.(?P<string>"(?:[^"\\]|\\.)*")       # ."b/c"
      | \.(?P<name>[A-Za-z_][A-Za-z0-9_]*)    # .a
    """,
    re.VERBOSE,
)


def pointer_of(expression: str) -> str | None:
    """The JSON pointer of a static path, None for every other expression."""
    text = expression.strip()
    if not text.startswith("."):
        return None
    steps: list[str] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return None
        quoted = match["quoted"] or match["string"]
        try:
            steps.append(match["name"] or match["index"] or json.loads(quoted))
        except ValueError:
            return None
        at = match.end()
    if not steps:
        return None
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
