"""``lint --fix`` and ``--diff``: repair, look again, and write what is stable."""

from __future__ import annotations

import difflib
import io
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from argoflux.commands.folder import replace_bytes
from argoflux.errors import InputError
from argoflux.finding import Finding
from argoflux.lint.fix import ROUNDS, encode, fixed_files
from argoflux.text import SourceFile
from argoflux.workspace.tree import printable
from argoflux.yamlio.load import decode_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from argoflux.commands.invocation import Invocation
    from argoflux.lint.result import Lint
    from argoflux.workspace.read import Workspace

    Look = Callable[[Mapping[str, bytes], bytes | None], tuple[Workspace, Lint]]
    """Read and judge with other bytes for some files (by absolute path) and for stdin."""


@dataclass(slots=True)
class Repair:
    """What fixing led to: the last findings, and the files (by absolute path) with a new text.

    ``before`` are the texts as they were, ``after`` the new bytes; that of stdin has the path "".
    """

    first: Lint
    last: Lint
    before: dict[str, SourceFile] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """The paths that changed, in the order of the names they are shown by."""
        changed = [path for path, data in self.after.items() if data != self._old(path)]
        return sorted(changed, key=lambda path: self.before[path].name)

    def _old(self, path: str) -> bytes:
        source = self.before[path]
        return encode(source, source.text)


def repair(invocation: Invocation, look: Look) -> Repair:
    """Make fixes until there is none left to make; nothing is written."""
    unsafe = invocation.flag("unsafe-fixes")
    workspace, result = look({}, None)
    done = Repair(result, result)
    count = 0
    for _ in range(ROUNDS):
        made = fixed_files(result.findings, unsafe=unsafe)
        paths = _paths(workspace, {one.before.name for one in made})
        made = [one for one in made if one.before.name in paths]
        if not made:
            break
        for one in made:
            path = paths[one.before.name]
            done.before.setdefault(path, one.before)
            done.after[path] = one.data
            count += one.count
        files = {path: data for path, data in done.after.items() if path}
        workspace, result = look(files, done.after.get(""))
    else:
        invocation.say("fixing did not come to an end: run the command again")
    done.last = replace(result, fixed=count)
    return done


def _paths(workspace: Workspace, names: set[str]) -> dict[str, str]:
    """The absolute paths of files, also of those that only a rule has read."""
    found = {name: workspace.paths[name] for name in names if name in workspace.paths}
    if names - found.keys():
        shown = {workspace.tree.display(path): path for path in workspace.manifests}
        found.update({name: shown[name] for name in names - found.keys() if name in shown})
    return found


def diff_text(done: Repair) -> str:
    """The changes as one unified diff."""
    lines: list[str] = []
    for path in done.files:
        before = done.before[path]
        new = decode_bytes(before.name, done.after[path])
        text = new.text if isinstance(new, SourceFile) else ""
        pieces = difflib.unified_diff(
            before.text.splitlines(keepends=True),
            text.splitlines(keepends=True),
            f"a/{before.name}",
            f"b/{before.name}",
        )
        lines.extend(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in pieces
        )
    return "".join(lines)


def write(invocation: Invocation, done: Repair) -> None:
    """Write the files; one that changed meanwhile is left alone. Raises InputError."""
    for path in done.files:
        if not path:
            continue
        before, real = done.before[path], Path(os.path.realpath(path))
        try:
            if real.read_bytes() != encode(before, before.text):
                invocation.say(
                    f"{before.name}: changed meanwhile, nothing is written; run it again"
                )
                continue
            replace_bytes(real, done.after[path])
        except OSError as error:
            reason = (error.strerror or "error").lower()
            raise InputError(f"`{before.name}` cannot be written: {reason}") from error


def print_stdin(invocation: Invocation, data: bytes, done: Repair) -> None:
    """The text of stdin with its fixes. Raises InputError where it is no text."""
    source = decode_bytes(printable(invocation.text("stdin-filename")), done.after.get("", data))
    if isinstance(source, Finding):
        raise InputError(f"standard input cannot be fixed: {source.message}")
    invocation.stdout.write(encode(source, source.text).decode())


def stdin_bytes(invocation: Invocation, paths: tuple[str, ...]) -> bytes | None:
    """What stdin holds when it is one of the paths; it can be read only once."""
    return invocation.stdin.read() if "-" in paths else None


def as_stream(data: bytes | None) -> io.BytesIO | None:
    """Bytes in the place of stdin."""
    return None if data is None else io.BytesIO(data)
