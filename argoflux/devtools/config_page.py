"""docs/config.md: the config file and every setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.config import example
from argoflux.devtools.tables import code, table
from argoflux.options import OPTIONS

if TYPE_CHECKING:
    from argoflux.options import Option

_INTRODUCTION = """\
# Settings

argoflux looks for `.argoflux.yaml` (or `.argoflux.yml`) from the first path of the command line upward to the root of the Git
repository. `--config FILE` names another file, `--no-config` reads none. `argoflux config show` prints every setting with its origin,
`argoflux config init` this example:
"""


def config_page() -> str:
    """The example, then a table of all options."""
    rows = [_row(option) for option in OPTIONS]
    head = ("flag", "variable", "key in the file", "commands", "default")
    return (
        f"{_INTRODUCTION}\n```yaml\n{example()}```\n\n"
        "In the table, `*` stands for the name of the command; settings without a key cannot be made in"
        f" the file.\n\n{table(head, rows)}"
    )


def _row(option: Option) -> tuple[str, ...]:
    flags = f"-{option.short}, {option.flag}" if option.short else option.flag
    return (
        code(flags),
        code(option.env),
        code(option.key),
        ", ".join(option.commands) or "all",
        code(_default(option)),
    )


def _default(option: Option) -> str:
    value = option.default
    if value in (None, (), ""):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value)
