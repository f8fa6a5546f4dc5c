"""docs/mapping/: one page per topic, made from the concept rows."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from argoflux.commands.field_index import written
from argoflux.devtools.tables import code, table
from argoflux.mapping.concept import UNSET, Concept, Opaque
from argoflux.mapping.index import topic_title, topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.mapping.concept import Note, On

_HEAD = ("meaning", "Argo CD", "Flux", "to Flux", "to Argo CD")

_INTRODUCTION = """\
# Mapping

What each field becomes in the other system. The verdicts: `exact` the same observable result, `equivalent` another mechanism with the
same result, `approximate` close (the message says what differs), `manual` a person must act, `none` lost, `unknown` not understood.
Several verdicts of one field depend on its value and its surroundings. [Messages](../messages.md) lists the sentences;
`argoflux field PATH` prints the same facts for one field, `argoflux field --coverage` the account of every field of every kind.
"""


def mapping_pages() -> dict[str, str]:
    """The pages by path, with an index."""
    pages = {}
    listed = []
    for topic, rows in topics():
        concepts = [row for row in rows if isinstance(row, Concept)]
        opaque = [row for row in rows if isinstance(row, Opaque)]
        pages[f"docs/mapping/{topic}.md"] = _page(topic, concepts, opaque)
        listed.append((f"[{topic}]({topic}.md)", topic_title(topic), str(len(concepts))))
    index = table(("topic", "about", "rows"), listed)
    return {"docs/mapping/README.md": f"{_INTRODUCTION}\n{index}", **pages}


def _page(topic: str, concepts: Sequence[Concept], opaque: Sequence[Opaque]) -> str:
    parts = [f"# {topic_title(topic).rstrip('.')}\n"]
    if concepts:
        parts.append(table(_HEAD, [_concept(row) for row in concepts]))
    later = [row for row in opaque if row.todo]
    without = [row for row in opaque if not row.todo]
    if without:
        parts.append("## Without effect\n\n" + _opaque(without))
    if later:
        parts.append("## In a later release\n\n" + _opaque(later))
    return "\n".join(parts)


def _concept(row: Concept) -> tuple[str, ...]:
    return (row.says, _sides(row.argo), _sides(row.flux), _notes(row.to_flux), _notes(row.to_argo))


def _sides(sides: Sequence[On]) -> str:
    found: dict[str, None] = {}
    for side in sides:
        default = "" if side.default is UNSET else f" (default {_value(side.default)})"
        found.update((code(text) + default, None) for text in written(side))
    return "<br>".join(found)


def _value(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return code(text or '""')


def _notes(notes: Sequence[Note]) -> str:
    found: dict[str, None] = {}
    for note in notes:
        message = note.message
        anchor = f" [{message.code}](../messages.md#{message.code.lower()})" if message else ""
        found[f"{note.verdict}{anchor}"] = None
    return "<br>".join(found)


def _opaque(rows: Sequence[Opaque]) -> str:
    cells = []
    ordered = sorted(rows, key=lambda row: (row.reason, row.kind, row.path))
    for reason, same in groupby(ordered, key=lambda row: row.reason):
        paths = [code(f"{row.kind}:{row.path}".rstrip(":")) for row in same]
        cells.append((", ".join(dict.fromkeys(paths)), reason.removeprefix("todo:").strip()))
    return table(("fields", "why"), cells)
