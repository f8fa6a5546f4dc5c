"""Changes to the user's own repository, as a patch that `git apply` takes."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def new_files_patch(files: Mapping[str, str]) -> str:
    """A patch that adds files; keys are paths from the repository's root."""
    out: list[str] = []
    for path, text in sorted(files.items()):
        shown = _quoted(path)
        out.append(f"diff --git {_quoted('a/' + path)} {_quoted('b/' + path)}\n")
        out.append("new file mode 100644\n")
        lines = difflib.unified_diff(
            [], text.splitlines(keepends=True), "/dev/null", f"b/{path}", n=3
        )
        for line in lines:
            if line.startswith("+++ "):
                out.append(f"+++ {_quoted('b/' + path)}\n" if shown != path else line)
            else:
                out.append(
                    line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
                )
    return "".join(out)


def _quoted(path: str) -> str:
    """A path as git writes it in patches: quoted when it holds unusual characters."""
    if all(32 < ord(char) < 127 and char not in '"\\' for char in path):  # noqa: PLR2004  # printable ASCII
        return path
    body = "".join(_escaped(byte) for byte in path.encode())
    return f'"{body}"'


def _escaped(byte: int) -> str:
    char = chr(byte)
    if char in '"\\':
        return f"\\{char}"
    return char if 32 <= byte < 127 else f"\\{byte:03o}"  # noqa: PLR2004  # printable ASCII
