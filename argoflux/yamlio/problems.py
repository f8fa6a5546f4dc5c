"""What is wrong with a document, in words that say what to do."""

from __future__ import annotations

import re
from typing import Any

from argoflux.text import Span

_FORBIDDEN = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Compiled where it is needed only: that takes as long as reading a hundred documents."""

_TEMPLATE = re.compile(
    r"""^[ \t]*(?:-[ \t]+)*\{\{           # a line that begins with an action
      | [:\-,\[(][ \t]+\{\{               # an action in the place of a value
      | \{\{-?[ \t]*(?:if|else|end|range|with|define|include|template|block)\b
      | \{%|<\#(?:if|list|assign)|<%""",
    re.MULTILINE | re.VERBOSE,
)

_ADVICE = (
    ("mapping values are not allowed", "quote a value that contains `: `, and check the indent"),
    ("did not find expected key", "check the indent of this line and the quotes before it"),
    ("did not find expected '-' indicator", "items of one list must be indented alike"),
    ("could not find expected ':'", "a key needs `:` behind it, a value of several lines quotes"),
    ("found unexpected end of stream", "a quote or bracket is not closed"),
    ("did not find expected ',' or ", "a bracket is not closed, or a comma is missing"),
    ("found unknown escape character", "use single quotes for text with backslashes"),
    ("block sequence entries are not allowed", "a list starts on a new line after its key"),
)


class Broken(Exception):  # noqa: N818  (a condition of the text, reported as a finding)
    """A document that no reader accepts: what is wrong and where, in offsets of the piece."""

    def __init__(self, problem: str, start: int, end: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.start = start
        self.end = end


class OverLimit(Broken):
    """A document that is refused because it is too deep or grows too much."""


def explain(error: Exception, text: str) -> tuple[str, Span]:
    """What is wrong, and the characters of ``text`` it is about."""
    if forbidden := re.search(_FORBIDDEN, text):
        code = ord(forbidden.group())
        at = forbidden.start()
        return f"the character U+{code:04X} is not allowed in YAML; remove it", Span(at, at + 1)
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = min(mark.index, len(text)) if mark is not None else 0
    problem = str(getattr(error, "problem", None) or "the text is not valid YAML")
    if text[at : at + 1] == "\t" and ("any token" in problem or "indentation" in problem):
        return "a tab cannot indent YAML; use spaces", Span(at, at + 1)
    if text[at : at + 1] in {"@", "`", "%"} and "cannot start any token" in problem:
        return f"a value cannot begin with {text[at]}; quote it", Span(at, at + 1)
    context = getattr(error, "context", None)
    begun = getattr(error, "context_mark", None)
    if context and begun is not None and begun.line != mark.line:
        problem = f"{problem} {context}"
    advice = next((advice for known, advice in _ADVICE if known in problem), "")
    return f"{problem}; {advice}" if advice else problem, Span(at, min(at + 1, len(text)))


def is_template(text: str, at: int) -> bool:
    """Whether text that does not parse at an offset is a template rather than broken YAML.

    A quoted ``{{ … }}`` is valid YAML and no excuse, unless the error is in that very line or
    the one before (quotes inside quotes).
    """
    if _TEMPLATE.search(text):
        return True
    start = text.rfind("\n", 0, max(text.rfind("\n", 0, at), 0)) + 1
    end = text.find("\n", at)
    return "{{" in text[start : end if end >= 0 else len(text)]
