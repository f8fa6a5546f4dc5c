"""``config show``: every setting with its value and where the value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.commands.output import wants_colour
from argoflux.config import resolve
from argoflux.goports.giturl import strip_credentials
from argoflux.options import COMMANDS, options_of
from argoflux.report.columns import columns
from argoflux.report.paint import line, paint

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation
    from argoflux.options import Value


def run(invocation: Invocation) -> int:
    """Print a table of all settings of all commands."""
    from argoflux.config import Settings, read_settings

    settings = read_settings(invocation.config) if invocation.config else Settings()
    rows = []
    for option in options_of("config show"):
        value, origin = invocation.values[option.name], invocation.origins[option.name]
        rows.append(("", option.name, _shown(value), origin))
    for command in COMMANDS:
        resolved = resolve(command, {}, invocation.env, settings)
        rows += [
            (
                command,
                option.name,
                _shown(resolved.values[option.name]),
                resolved.origins[option.name],
            )
            for option in options_of(command)
            if option.commands
        ]
    colour = wants_colour(invocation.text("color"), invocation.env, invocation.stdout)
    head = line(f"config file: {settings.file or 'none'}")
    table = columns(("COMMAND", "SETTING", "VALUE", "FROM"), rows)
    invocation.stdout.write(paint((head, line(), *table), colour=colour))
    return 0


def _shown(value: Value) -> str:
    if value is None or value == ():
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    texts = value if isinstance(value, tuple) else (value,)
    return ", ".join(strip_credentials(text) for text in texts)
