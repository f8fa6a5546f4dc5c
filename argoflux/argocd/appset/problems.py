"""Why an ApplicationSet, or a part of it, was not expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from argoflux.text import Path

Reason = Literal["live", "no-clusters", "no-files", "invalid", "template", "changing", "limit"]


class ExpansionError(ValueError):
    """What one generator or template cannot do; the text says why, in lower case."""

    reason: Reason = "invalid"
    path: Path = ()
    what: str = ""

    def at(self, path: Path) -> Self:
        """The same error with a place in the ApplicationSet; the innermost place counts."""
        self.path = self.path or path
        return self

    def below(self, path: Path) -> Self:
        """The same error with its place taken to be below another one."""
        self.path = (*path, *self.path)
        return self


class TemplateError(ExpansionError):
    """A template that does not parse, or cannot be executed with its parameters."""

    reason: Reason = "template"


ABSENT = "absent parameter"
"""What the problem of an ``AbsentError`` is about."""


class AbsentError(TemplateError):
    """A template that names a parameter which is not there, or a part of one that has none."""

    what = ABSENT


class ChangingError(TemplateError):
    """A template whose result is another one every time."""

    reason: Reason = "changing"


class LimitError(ExpansionError):
    """More than is worth expanding."""

    reason: Reason = "limit"


class UnknownError(ExpansionError):
    """Something that the input does not hold: files, clusters, answers of a live service."""

    def __init__(self, text: str, reason: Reason, what: str = "") -> None:
        """``reason`` is one of ``live``, ``no-clusters``, ``no-files``."""
        super().__init__(text)
        self.reason = reason
        self.what = what


SAME_NAME = "same name"
"""What the problem of Applications with one name is about."""


class Problem(NamedTuple):
    """One generator that gave nothing, or one Application that could not be made.

    ``path`` is a place in the ApplicationSet. With the reasons ``live``, ``no-clusters``,
    ``no-files`` and ``changing`` nobody can say offline what is made; with the others Argo CD
    refuses the ApplicationSet itself. ``what`` names the generator or the repository, or says that a
    parameter is absent, or a name is taken twice.
    """

    path: Path
    reason: Reason
    text: str
    what: str = ""
