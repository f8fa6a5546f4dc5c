"""Fields as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.report.conversion_text import ROLES
from argoflux.report.paint import Line, Piece, line, paint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from argoflux.report.reference import FieldPage

_TITLES = {"flux": "Flux", "argocd": "Argo CD"}
_OTHER = {"flux": "Argo CD", "argocd": "Flux"}


def render(pages: Sequence[FieldPage], *, colour: bool = False) -> str:
    """The pages one below the other."""
    lines: list[Line] = []
    for page in pages:
        if lines:
            lines.append(line())
        lines += _page(page)
    return paint(lines, colour=colour)


def _page(page: FieldPage) -> Iterator[Line]:
    system = _TITLES.get(page.system, "")
    yield line(
        Piece(f"{page.kind}: {page.path or '(the object)'}", "title"), f"  {system}".rstrip()
    )
    if page.says:
        yield line("  ", page.says)
    facts = [page.type]
    facts += ["required"] if page.required else []
    facts += [f"default {page.default}"] if page.default else []
    facts += [f"one of {', '.join(page.choices)}"] if page.choices else []
    facts += [f"since {system} {page.since}"] if page.since else []
    facts += [f"until {system} {page.until}"] if page.until else []
    stated = [fact for fact in facts if fact]
    if stated:
        yield line("  ", Piece("; ".join(stated), "dim"))
    if page.reason:
        later = page.reason.startswith("todo:")
        said = page.reason.removeprefix("todo:").strip()
        yield line("  in a later release: " if later else "  without effect: ", said)
    yield from _other_side(page)
    if page.below:
        yield line()
        yield line("  Fields below it")
        for path in page.below:
            yield line("    ", path)


def _other_side(page: FieldPage) -> Iterator[Line]:
    if not page.judgements:
        return
    yield line()
    yield line(f"  In {_OTHER.get(page.system, 'the other system')}")
    for path in page.counterparts:
        yield line("    ", Piece(path, "place"))
    for judgement in page.judgements:
        code = [Piece(f"  {judgement.code}", "code")] if judgement.code else []
        yield line("    ", Piece(judgement.verdict.value, ROLES[judgement.verdict]), *code)
        if judgement.text:
            yield line("      ", judgement.text)
        if judgement.instead:
            yield line("      instead: ", judgement.instead)
