"""The files of a repository, as far as a copy of it is at hand."""

from __future__ import annotations

from typing import Protocol


class SourceFiles(Protocol):
    """A local copy of a repository; paths are relative to its root, with ``/``."""

    @property
    def directory(self) -> str:
        """Display path of the copy's root."""
        ...

    @property
    def assumed(self) -> bool:
        """Whether the copy was only recognised by the paths that the input uses."""
        ...

    def names(self) -> tuple[str, ...]:
        """Every file of the copy, sorted."""
        ...

    def read(self, path: str) -> str | None:
        """The text of a file; None when there is none, or it is no text."""
        ...
