"""docs/messages.md: the catalogue of conversion messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.commands.message import pages
from argoflux.devtools.tables import code
from argoflux.mapping.index import messages

if TYPE_CHECKING:
    from argoflux.report.reference import MessagePage

_INTRODUCTION = """\
# Messages

The sentences of conversion reports. `A2F` codes belong to the way from Argo CD to Flux, `F2A` codes to the way back. Names in braces
are filled in. Codes are never re-used. `argoflux message CODE` prints the same.
"""


def message_page() -> str:
    """One section per message, sorted by code."""
    return "\n".join([_INTRODUCTION, *(_section(page) for page in pages(tuple(messages())))])


def _section(page: MessagePage) -> str:
    message = page.message
    tags = f", {', '.join(message.tags)}" if message.tags else ""
    parts = [f"## {message.code}\n", f"*{message.verdict}{tags}*: {_sentence(message.text)}\n"]
    if message.instead:
        parts.append(f"Instead: {_sentence(message.instead)}\n")
    if page.fields:
        parts.append("Raised by " + ", ".join(code(field) for field in page.fields) + ".\n")
    return "\n".join(parts)


def _sentence(text: str) -> str:
    return text.replace("<", "&lt;")
