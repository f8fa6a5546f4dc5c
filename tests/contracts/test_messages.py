"""Promises of the message catalogue."""

from __future__ import annotations

import pytest

from argoflux.mapping.index import messages
from argoflux.mapping.verdict import Verdict


def test_what_needs_a_person_says_what_to_do() -> None:
    wanting = {Verdict.MANUAL, Verdict.NONE}
    found = messages().values()
    assert [m.code for m in found if m.verdict in wanting and not m.instead] == []


@pytest.mark.parametrize("part", ["text", "instead"])
def test_sentences_begin_small_and_end_without_a_stop(part: str) -> None:
    found = {m.code: getattr(m, part) for m in messages().values() if getattr(m, part)}
    odd = {code: text for code, text in found.items() if text.endswith((".", ";", " "))}
    assert odd == {}
