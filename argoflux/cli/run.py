"""From a parsed command line to the command's function."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    import typer

_MODULES = {
    "convert": "argoflux.commands.convert",
    "lint": "argoflux.commands.lint",
    "field": "argoflux.commands.field",
    "message": "argoflux.commands.message",
    "rule": "argoflux.commands.rule",
    "schema import": "argoflux.commands.schema_import",
    "config init": "argoflux.commands.config_init",
    "config show": "argoflux.commands.config_show",
    "completion": "argoflux.cli.completion",
    "version": "argoflux.commands.version",
}


def run(
    command: str, ctx: typer.Context, given: Mapping[str, Any], arguments: tuple[str, ...] = ()
) -> int:
    """Resolve the settings of a command and run it; returns the exit code.

    A flag of every command may stand before the command's name or after it; the later one wins.
    """
    from argoflux.commands.invocation import Invocation

    before = cast("Mapping[str, Any]", ctx.obj or {})
    positional: list[str] = []
    for name in arguments:
        value = given.get(name)
        positional += value if isinstance(value, list) else [value] if value is not None else []
    said = {
        name: value
        for name, value in (*before.items(), *given.items())
        if name not in arguments and name != "version" and value is not None
    }
    invocation = Invocation.resolve(command, tuple(positional), said)
    return cast("int", import_module(_MODULES[command]).run(invocation))
