"""docs/cli.md: the help of every command."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout

from argoflux.cli.main import main
from argoflux.options import COMMANDS

_WIDTH = "100"

_INTRODUCTION = """\
# Command line

Paths are positional and default to the working directory; `-` is standard input. Data goes to stdout, everything else to stderr.
Paths in output are relative to the working directory. The same input gives the same bytes.

Every flag has an environment variable, `ARGOFLUX_` and its name: `--fail-on` is `ARGOFLUX_FAIL_ON`. A flag wins over the variable,
the variable over the [config file](config.md), the file over the default. The flags of every command may stand before the command's
name or after it. Colours follow `--color`, then `FORCE_COLOR`, then `NO_COLOR`, then whether the output is a terminal.

| exit code | means |
|---|---|
| 0 | fine |
| 1 | losses at or above `--fail-on` |
| 2 | could not do it: a wrong command line, unreadable input, nothing converted of what could have been, a bug |
| 130 | interrupted |

Losses order `approximate < none < manual`. Fields that argoflux does not know, objects that it refuses, documents with an error, files that cannot be read
and stubs that must be filled count as `manual`. A path without objects of Argo CD or Flux is 0 with one line on stderr; a missing path is 2.
"""


def cli_page() -> str:
    """The introduction, then one section per command."""
    sections = [_INTRODUCTION, _section("argoflux", [])]
    sections += [_section(f"argoflux {command}", command.split()) for command in COMMANDS]
    return "\n".join(sections)


def _section(title: str, words: list[str]) -> str:
    return f"## {title}\n\n```text\n{help_text(words)}```\n"


def help_text(words: list[str]) -> str:
    """What ``argoflux WORDS --help`` prints, 100 columns wide."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = _WIDTH
    out = io.StringIO()
    try:
        with redirect_stdout(out):
            main([*words, "--help"])
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
