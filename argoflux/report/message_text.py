"""Messages of the catalogue as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.columns import columns
from argoflux.report.conversion_text import ROLES
from argoflux.report.paint import Line, Piece, line, paint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.report.reference import MessagePage


def render(pages: Sequence[MessagePage], *, colour: bool = False) -> str:
    """One message in full, several as a table."""
    if len(pages) == 1:
        return paint(_page(pages[0]), colour=colour)
    rows = [(page.message.code, page.message.verdict.value, page.message.text) for page in pages]
    return paint(columns(("CODE", "VERDICT", "TEXT"), rows), colour=colour)


def _page(page: MessagePage) -> Iterator[Line]:
    message = page.message
    verdict = Piece(message.verdict.value, ROLES[message.verdict])
    yield line(Piece(message.code, "title"), "  ", verdict)
    yield line()
    yield line("  ", message.text)
    if message.instead:
        yield line("  instead: ", message.instead)
    names = message.fields()
    if names:
        yield line()
        yield line("  ", Piece("filled in: " + ", ".join(f"{{{name}}}" for name in names), "dim"))
    if message.tags:
        yield line("  ", Piece("tags: " + ", ".join(message.tags), "dim"))
    if page.fields:
        yield line()
        yield line(Piece("Raised by", "title"))
        for field in page.fields:
            yield line("  ", field)
