"""Tables of plain columns, the same on a terminal and in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.escape import visible
from argoflux.report.paint import Line, Piece, line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_GAP = "  "


def columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
) -> Iterator[Line]:
    """A heading and rows, every column as wide as its longest cell; ``right`` aligns numbers."""
    cells = [[visible(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(head))]
    for number, row in enumerate(cells):
        padded = [
            cell.rjust(widths[index]) if index in right else cell.ljust(widths[index])
            for index, cell in enumerate(row)
        ]
        yield line(Piece(_GAP.join(padded).rstrip(), "" if number else "title"))
