"""The generated blocks of the README: between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from argoflux.devtools.cli_page import help_text
from argoflux.devtools.tables import code, table
from argoflux.mapping.coverage import coverage
from argoflux.mapping.index import messages
from argoflux.options import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = re.compile(r"(<!-- begin ([a-z-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def readme(text: str) -> str:
    """The README with every generated block made anew; raises KeyError for an unknown one."""
    return _BLOCK.sub(lambda found: found[1] + BLOCKS[found[2]]() + found[3], text)


def _commands() -> str:
    rows = []
    for command in COMMANDS:
        lines = help_text(command.split()).splitlines()
        about = " ".join(line.strip() for line in lines[2 : lines.index("", 2)])
        rows.append((f"[{code(command)}](docs/cli.md#argoflux-{command.replace(' ', '-')})", about))
    return table(("command", "does"), rows)


def _coverage() -> str:
    kinds = [kind for kind in coverage() if kind.mapped]
    rows = []
    for kind in kinds:
        counts = (kind.leaves, kind.mapped, len(kind.opaque), len(kind.todo))
        rows.append((f"{kind.kind} {code(kind.api_version)}", *map(str, counts)))
    head = ("kind", "fields", "mapped", "without effect", "later")
    return table(head, rows) + f"\n{len(messages())} messages say what changes.\n"


BLOCKS: dict[str, Callable[[], str]] = {"commands": _commands, "coverage": _coverage}
