"""Signatures of commands, made from the table of options.

Every flag is declared once in ``argoflux.options``; here it becomes a typer parameter. All
parameters default to None, which means "not said on the command line".
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from argoflux import __version__
from argoflux.options import Option, options_of

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., Any]")

_TYPES: dict[str, Any] = {
    "text": str | None,
    "choice": str | None,
    "path": str | None,
    "switch": bool | None,
    "list": list[str] | None,
}


def print_version(wanted: bool | None) -> None:
    """Print the version and leave, when ``--version`` was given."""
    if wanted:
        typer.echo(f"argoflux {__version__}")
        raise typer.Exit


VERSION = inspect.Parameter(
    "version",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        bool | None,
        typer.Option(
            "--version",
            callback=print_version,
            is_eager=True,
            help="Print the version and exit",
            show_default=False,
        ),
    ],
)


def argument(name: str, metavar: str, explanation: str, *, many: bool = False) -> inspect.Parameter:
    """A positional parameter; absent is None, or an empty list when there may be many."""
    kind: Any = list[str] | None if many else str | None
    declared = typer.Argument(metavar=metavar, help=explanation, show_default=False)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind, declared],
    )


def flag(option: Option) -> inspect.Parameter:
    """The parameter of one option of the table."""
    names = [f"-{option.short}"] if option.short else []
    declared = typer.Option(
        option.flag,
        *names,
        help=_explain(option),
        metavar=_metavar(option),
        show_default=False,
    )
    return inspect.Parameter(
        option.parameter,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[_TYPES[option.type], declared],
    )


def takes(command: str, *arguments: inspect.Parameter) -> Callable[[_F], _F]:
    """Give a function ``(ctx, **given)`` the arguments and flags of a command."""

    def decorate(function: _F) -> _F:
        context = inspect.Parameter(
            "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
        )
        own = [each for each in options_of(command) if each.commands]
        common = [each for each in options_of(command) if not each.commands]
        flags = [flag(each) for each in (*own, *common)]
        parameters = [context, *arguments, *flags, VERSION]
        cast("Any", function).__signature__ = inspect.Signature(parameters)
        return function

    return decorate


def _metavar(option: Option) -> str | None:
    if option.type == "choice":
        return "|".join(option.choices)
    if option.type == "switch":
        return None
    return option.metavar or "TEXT"


def _explain(option: Option) -> str:
    if option.required:
        return f"{option.help} [required]"
    default = option.default
    if option.type == "switch" or default in (None, (), ""):
        return option.help
    shown = ", ".join(default) if isinstance(default, tuple) else str(default)
    return f"{option.help} [default: {shown}]"
