"""gitignore semantics: the only importer of pathspec."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec


class Patterns:
    """The patterns of one ignore file, or of several where later ones win.

    Names are relative to the directory of the file, with ``/``; directories end in ``/``.
    A pattern that gitignore does not accept is left out, as git does.
    """

    __slots__ = ("_spec",)

    def __init__(self, text: str) -> None:
        from pathspec import GitIgnoreSpec

        lines = text.splitlines()
        spec: GitIgnoreSpec
        try:
            spec = GitIgnoreSpec.from_lines(lines)
        except ValueError:
            spec = GitIgnoreSpec.from_lines(_accepted(lines))
        self._spec = spec

    def ignores(self, name: str) -> bool | None:
        """True when ignored, False when re-included by ``!``, None when no pattern speaks."""
        return self._spec.check_file(name).include

    def __bool__(self) -> bool:
        """Whether there is any pattern."""
        return any(pattern.include is not None for pattern in self._spec.patterns)


def _accepted(lines: Iterable[str]) -> list[str]:
    from pathspec import GitIgnoreSpec

    kept: list[str] = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        kept.append(line)
    return kept
