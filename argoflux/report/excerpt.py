"""The line of the input that a message speaks about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from argoflux.report.escape import visible, without_credentials
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from argoflux.finding import Place

WIDTH = 100
"""Characters of a line that are shown."""

_FREE = frozenset(
    {
        "annotations", "binaryData", "data", "env", "envFrom", "parameters", "plugin",
        "postBuild", "stringData", "values", "valuesObject",
    }
)  # fmt: skip
"""Fields whose content the user chooses freely: it may be a secret, so it is never shown."""

_SECRETS = frozenset({"Secret", "ExternalSecret", "SealedSecret"})
"""Kinds of which no line is shown: several fields may stand on one."""

_CONFIDENTIAL = re.compile(r"(?i)passw|secret|token|credential|private|api_?-?key|bearer")


class Excerpt(NamedTuple):
    """One line with its number; ``start`` and ``length`` mark the value, in shown characters."""

    number: int
    text: str
    start: int
    length: int


def excerpt(place: Place) -> Excerpt | None:
    """The line of a scalar; None where showing it could reveal a secret, or would not help."""
    if place.document is None or not _FREE.isdisjoint(place.path):
        return None
    body = place.document.body if isinstance(place.document, Document) else None
    if isinstance(body, dict) and body.get("kind") in _SECRETS:
        return None
    span = place.span()
    if "\n" in place.source.text[span.start : span.end]:
        return None
    number, column = place.source.line_column(span.start)
    raw = place.source.line_text(number)
    if not raw.strip() or len(raw) > WIDTH or _CONFIDENTIAL.search(raw):
        return None
    length = min(span.end - span.start, len(raw) - column + 1)
    if without_credentials(raw) != raw:
        return None
    before = visible(raw[: column - 1].replace("\t", " "))
    marked = visible(raw[column - 1 : column - 1 + length].replace("\t", " "))
    after = visible(raw[column - 1 + length :].replace("\t", " "))
    return Excerpt(number, before + marked + after, len(before), max(len(marked), 1))
