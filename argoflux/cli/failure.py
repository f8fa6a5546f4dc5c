"""What a person reads when a run fails: one line that says what is wrong, one that helps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer

from argoflux import __version__
from argoflux.errors import ArgofluxError
from argoflux.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = typer.BadParameter.__mro__[1]
"""The usage errors of the command line library, which typer 0.26 moved from click into itself."""


def describe(error: Exception) -> str:
    """The lines for stderr; names and values in them cannot control the terminal."""
    if isinstance(error, ArgofluxError):
        return _lines(error.message, error.hint)
    if isinstance(error, USAGE):
        return _usage(error)
    if isinstance(error, OSError) and error.filename is not None:
        return _lines(f"{error.filename}: {error.strerror}", "")
    if isinstance(error, FileNotFoundError):  # without a name: os.getcwd
        return _lines("the working directory does not exist any more", "change to another one")
    if isinstance(error, OSError) and error.strerror:
        return _lines(f"the output cannot be written: {error.strerror.lower()}", "")
    if isinstance(error, RecursionError | MemoryError):
        return _lines(f"the input is too deep or too large ({type(error).__name__})", "")
    return (
        f"this is a bug in argoflux {__version__}: {type(error).__name__}: {visible(str(error))}\n"
        "hint: run again with --debug and report what it prints\n"
    )


def _usage(error: Any) -> str:
    name = type(error).__name__
    context = getattr(error, "ctx", None)
    if name == "NoArgsIsHelpError":
        return str(error.format_message()) + "\n"
    known = getattr(error, "option_name", None)
    if known is not None and name == "NoSuchOption":
        close: Sequence[str] = error.possibilities or ()
        where = f" of `{context.command_path}`" if context is not None else ""
        hint = f"did you mean `{close[0]}`?" if close else _help_hint(context)
        return _lines(f"`{known}` is not a flag{where}", hint)
    text = str(error.format_message()).rstrip(".")
    asked = re.match(r"(.*)\. Did you mean (.*)\?\Z", text)
    if asked:
        text, hint = asked.group(1), f"did you mean {asked.group(2).replace(chr(39), '`')}?"
    else:
        hint = _help_hint(context)
    return _lines(text[:1].lower() + text[1:].replace("'", "`"), hint)


def _lines(message: str, hint: str) -> str:
    text = f"error: {visible(message, lines=True)}\n"
    return text + (f"hint: {visible(hint, lines=True)}\n" if hint else "")


def _help_hint(context: Any) -> str:
    command = context.command_path if context is not None else "argoflux"
    return f"`{command} --help` lists what there is"
