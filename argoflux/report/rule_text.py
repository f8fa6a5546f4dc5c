"""Rules as text: one in full with its examples, several as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.columns import columns
from argoflux.report.lint_text import ROLES
from argoflux.report.paint import Line, Piece, line, paint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.lint.registry import RulePage
    from argoflux.lint.rule import Example


def render(pages: Sequence[RulePage], *, colour: bool = False) -> str:
    """The page of one rule, or the table of several."""
    if len(pages) == 1:
        return paint(_page(pages[0]), colour=colour)
    rows = [(page.code, page.slug, page.severity.value, page.fix, page.title) for page in pages]
    return paint(columns(("CODE", "NAME", "SEVERITY", "FIX", "FINDS"), rows), colour=colour)


def _page(page: RulePage) -> Iterator[Line]:
    severity = Piece(page.severity.value, ROLES[page.severity])
    yield line(Piece(page.code, "title"), " ", Piece(page.slug, "title"), "  ", severity)
    yield line()
    yield line(page.title)
    yield line()
    for text in page.text.splitlines():
        heading = text.startswith("## ")
        yield line(Piece(text.removeprefix("## "), "title" if heading else ""))
    yield line()
    facts = (
        ("kinds", ", ".join(page.kinds)),
        ("has to know", ", ".join(page.evidence)),
        ("profiles", ", ".join(page.profiles)),
        ("fix", page.fix),
        ("read more", " ".join(page.links)),
    )
    for name, value in facts:
        if value:
            yield line(Piece(f"{name}: ", "dim"), value)
    for title, examples in (("Finds fault with", page.bad), ("Does not with", page.good)):
        for example in examples[:1]:
            yield from _example(title, example)


def _example(title: str, example: Example) -> Iterator[Line]:
    yield line()
    yield line(Piece(f"{title}: {example.title}", "title"))
    for name, text in example.texts().items():
        yield line()
        if len(example.texts()) > 1:
            yield line(Piece(f"  # {name}", "dim"))
        for each in text.splitlines():
            yield line("  ", each)
