"""Where values really begin and end, in places where the marks of libyaml do not tell."""

from __future__ import annotations

import re

_KEEP = re.compile(r"[|>][0-9]?\+")


def block_end(text: str, start: int, end: int) -> int:
    """Where a block scalar marked ``start`` to ``end`` ends for editors: before its last line break.

    Blank lines behind it belong to it only if its header says so (``|+``).
    """
    block = text[start:end]
    header = block[: block.find("\n") + 1]
    if _KEEP.search(header):
        return end - (2 if block.endswith("\r\n") else 1 if block.endswith("\n") else 0)
    line_break = block.find("\n", len(block.rstrip()))
    if line_break < 0:
        return end
    return start + line_break - (block[line_break - 1] == "\r")


def lacks_value(text: str, at: int) -> bool:
    """Whether the empty value at ``at`` is that of ``c`` in ``{b: 1, c}``, without a colon."""
    if text[at : at + 1] not in {"}", ","}:
        return False
    while at and text[at - 1] in " \t\r\n":
        at -= 1
    return text[at - 1] != ":"
