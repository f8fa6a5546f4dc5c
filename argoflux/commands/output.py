"""Where results go: formats of ``-o``, files, colours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from argoflux.errors import InputError, UsageError
from argoflux.report.formats import FORMATS, renderer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.commands.invocation import Invocation


def wants_colour(setting: str, env: Mapping[str, str], stream: TextIO) -> bool:
    """Whether text for ``stream`` is coloured.

    ``always`` and ``never`` decide; for ``auto`` FORCE_COLOR, then NO_COLOR, then whether the
    stream is a terminal (https://no-color.org, https://force-color.org).
    """
    if setting != "auto":
        return setting == "always"
    if env.get("FORCE_COLOR"):
        return True
    if env.get("NO_COLOR") or env.get("TERM") == "dumb":
        return False
    return stream.isatty()


def parse_outputs(report: str, outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Read the values of ``-o`` as pairs of format and file; an empty file is stdout.

    Raises UsageError for an unknown format, and when two formats would share stdout.
    """
    known = tuple(FORMATS[report])
    pairs = []
    for text in outputs:
        name, _, file = text.partition("=")
        if name not in known:
            raise UsageError(
                f"-o: `{name}` is not a format of this command", hint=f"say {' or '.join(known)}"
            )
        pairs.append((name, file))
    if sum(1 for _, file in pairs if not file) > 1:
        raise UsageError(
            "-o: two formats cannot share stdout", hint="send one to a file: -o json=out.json"
        )
    return pairs


def emit(invocation: Invocation, report: str, result: object) -> None:
    """Render ``result`` in every format of ``-o``."""
    outputs = invocation.many("output") or ("text",)
    for name, file in parse_outputs(report, outputs):
        render = renderer(report, name)
        if file:
            write_file(invocation, file, render(result))
        elif name == "text":
            colour = wants_colour(invocation.text("color"), invocation.env, invocation.stdout)
            invocation.stdout.write(render(result, colour=colour))
        else:
            invocation.stdout.write(render(result))


def write_file(invocation: Invocation, file: str, text: str) -> None:
    """Write a file that the user named; raises InputError where that is not possible."""
    from argoflux.commands.folder import replace_file

    path = Path(invocation.cwd, file)
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise InputError(f"`{file}` cannot be written: it is not a regular file")
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise InputError(f"`{file}` cannot be written: {reason}") from error
