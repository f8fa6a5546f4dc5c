"""``completion``: the script that makes a shell complete argoflux."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.cli.main import COMPLETE
from argoflux.errors import UsageError

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation

SHELLS = ("bash", "zsh", "fish", "powershell")


def run(invocation: Invocation) -> int:
    """Print the script; raises UsageError for a shell that has none."""
    shell = invocation.arguments[0] if invocation.arguments else ""
    if shell not in SHELLS:
        wrong = f"`{shell}` is not a shell with completion" if shell else "the shell is missing"
        raise UsageError(wrong, hint="say " + ", ".join(SHELLS[:-1]) + f" or {SHELLS[-1]}")
    from typer import completion as scripts

    make: Any = vars(scripts)["get_completion_script"]  # imported there, not declared as exported
    script: str = make(prog_name="argoflux", complete_var=COMPLETE, shell=shell)
    invocation.stdout.write(script.rstrip("\n") + "\n")
    return 0
