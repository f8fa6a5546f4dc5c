"""``message``: the catalogue of conversion messages."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from argoflux.commands.field_index import written
from argoflux.commands.output import emit
from argoflux.errors import UsageError
from argoflux.mapping.index import concepts, messages
from argoflux.report.reference import MessagePage

if TYPE_CHECKING:
    from argoflux.commands.invocation import Invocation


def run(invocation: Invocation) -> int:
    """Print one message, or all of them."""
    catalogue = messages()
    if invocation.flag("list"):
        emit(invocation, "message", pages(tuple(catalogue)))
        return 0
    if not invocation.arguments:
        raise UsageError("which message? CODE is missing", hint="`--list` lists every message")
    code = invocation.arguments[0].upper()
    if code not in catalogue:
        close = get_close_matches(code, catalogue, 1)
        hint = f"did you mean {close[0]}?" if close else "`--list` lists every message"
        raise UsageError(f"`{invocation.arguments[0]}` is not a code of a message", hint=hint)
    emit(invocation, "message", pages((code,)))
    return 0


def pages(codes: tuple[str, ...]) -> list[MessagePage]:
    """The pages of some messages, with the fields whose rows raise them."""
    raised: dict[str, dict[str, None]] = {}
    for row in concepts():
        for notes, side in ((row.to_flux, row.argo), (row.to_argo, row.flux)):
            for note in notes:
                if note.message is not None:
                    found = raised.setdefault(note.message.code, {})
                    found.update((text, None) for where in side for text in written(where))
    catalogue = messages()
    return [
        MessagePage(message=catalogue[code], fields=tuple(raised.get(code, ()))) for code in codes
    ]
