"""The entry point, and the only place where errors become text and an exit code."""

from __future__ import annotations

import os
import sys

from argoflux import __version__

TYPE_CHECKING = False  # importing typing would double the time of `argoflux --version`
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

OK = 0
FAILED = 2
INTERRUPTED = 130
"""128 + SIGINT, what shells expect."""

_YES = ("1", "true", "yes", "on")

COMPLETE = "_ARGOFLUX_COMPLETE"
"""Set by the completion script when the shell asks what could follow."""


def main(args: Sequence[str] | None = None) -> int:
    """Run argoflux; returns the exit code and never raises.

    ``args`` are the arguments without the program's name, by default those of the process.
    """
    words = list(sys.argv[1:] if args is None else args)
    _open_streams()
    try:
        if words == ["--version"]:  # the answer needs none of the command line's machinery
            sys.stdout.write(f"argoflux {__version__}\n")
            code = OK
        else:
            _accept_every_character(sys.stdout)
            _accept_every_character(sys.stderr)
            code = _invoke(words)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - every error ends here
        if isinstance(error, OSError) and error.filename is None:
            _forget_stdout()
        return _report(error, debug=_debug(words))
    return code


def _invoke(words: list[str]) -> int:
    """Run the command; what it makes lives to its end, so looking for cycles on the way is idle."""
    import gc

    collecting = gc.isenabled()
    gc.disable()
    try:
        return _command(words)
    finally:
        if collecting:
            gc.enable()


def _command(words: list[str]) -> int:
    import typer.main

    from argoflux.cli.app import app

    command = typer.main.get_command(app)
    if COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]  # not re-exported

        completion_init()
        command(args=words, prog_name="argoflux")
    try:
        with command.make_context("argoflux", words) as context:
            return int(command.invoke(context) or 0)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return INTERRUPTED


def _report(error: Exception, *, debug: bool) -> int:
    from argoflux.cli.failure import describe

    text = describe(error)
    try:
        if debug:
            import traceback

            traceback.print_exception(error)
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:  # nobody is there to read it
        _forget(sys.stderr)
    return FAILED


def _open_streams() -> None:
    """A stream that the caller closed (``>&-``) takes everything and keeps nothing."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until exit
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until exit


def _accept_every_character(stream: object) -> None:
    """Manifests are UTF-8 whatever the locale says; what cannot be encoded becomes an escape."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _debug(words: list[str]) -> bool:
    return "--debug" in words or os.environ.get("ARGOFLUX_DEBUG", "").strip().lower() in _YES


def _forget_stdout() -> None:
    """Point stdout elsewhere, so that nothing is flushed into the closed pipe at exit."""
    if not _forget(sys.stdout):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until exit


def _forget(stream: TextIO) -> bool:
    """Let what a stream still holds go nowhere; False when it has no file."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        return False
    finally:
        os.close(nowhere)
    return True
