"""Text with roles, and its colours on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Role = Literal["", "title", "place", "code", "dim", "good", "note", "warn", "bad"]

STYLES: dict[Role, str] = {
    "title": "bold",
    "place": "cyan",
    "code": "dim",
    "dim": "dim",
    "good": "green",
    "note": "blue",
    "warn": "yellow",
    "bad": "bold red",
}


class Piece(NamedTuple):
    """Some characters of a line and the role they play; ``text`` holds no control characters."""

    text: str
    role: Role = ""


Line = tuple[Piece, ...]
"""One line of output without its line break."""


def line(*pieces: Piece | str) -> Line:
    """A line from pieces; plain text has no role."""
    return tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces)


def paint(lines: Iterable[Line], *, colour: bool) -> str:
    """The lines as text, with the terminal's colour codes when ``colour`` is true."""
    if not colour:
        return "".join("".join(piece.text for piece in each).rstrip() + "\n" for each in lines)
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", no_color=False, highlight=False
    )
    for each in lines:
        text = Text()
        for piece in each:
            text.append(piece.text, style=STYLES.get(piece.role, ""))
        console.print(text, soft_wrap=True, markup=False, emoji=False)
    return out.getvalue()
