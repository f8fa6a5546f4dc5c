"""Who tells which loss of a conversion."""

from __future__ import annotations

import pytest

from argoflux.lint.portability import LOSSES, MECHANICS, OWNERS, owner
from argoflux.lint.registry import rule_names
from argoflux.mapping.index import messages

LOSSY = [code for code, message in messages().items() if message.verdict in LOSSES]


def area(code: str) -> str:
    return code.rpartition("-")[0]


@pytest.mark.parametrize("code", LOSSY)
def test_every_loss_has_one_teller_or_is_mechanics(code: str) -> None:
    assert bool(owner(code)) != (area(code) in MECHANICS)


def test_no_entry_is_left_over() -> None:
    known = {*messages(), *(area(code) for code in LOSSY)}
    assert set(OWNERS) <= known
    assert set(MECHANICS) <= {area(code) for code in LOSSY}
    assert set(OWNERS.values()) <= {name.code for name in rule_names()}
