"""Every message that the rows of an applied app declare is raised by a line of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux import kinds
from argoflux.mapping import deletion, destination, drift, health, release, sync, sync_options
from argoflux.mapping.concept import UNSET, Concept
from argoflux.mapping.verdict import Message
from argoflux.schema_fields import field_facts
from tests.unit.mapping import (
    test_rows_deletion,
    test_rows_destination,
    test_rows_drift,
    test_rows_health,
    test_rows_release,
    test_rows_sync,
    test_rows_sync_options,
)

if TYPE_CHECKING:
    from types import ModuleType

    from argoflux.mapping.concept import On

_TABLES = (
    test_rows_deletion,
    test_rows_destination,
    test_rows_drift,
    test_rows_health,
    test_rows_release,
    test_rows_sync,
    test_rows_sync_options,
)


_MODULES = [deletion, destination, drift, health, release, sync, sync_options]


def _sides() -> list[On]:
    """The paths with a default, of every row."""
    rows = [row for module in _MODULES for row in module.ROWS if isinstance(row, Concept)]
    sides = [side for row in rows for side in (*row.argo, *row.flux)]
    return [side for side in sides if side.default is not UNSET]


@pytest.mark.parametrize("side", _sides(), ids=lambda side: f"{side.kind} {side.path}")
def test_defaults_agree_with_the_schemas(side: On) -> None:
    """Where a CRD states a default, a row states the same."""
    known = kinds.by_name(side.kind)
    assert known is not None
    facts = field_facts(side.kind, tuple(side.path.split(".")), known.newest.version)
    assert facts is not None
    assert facts.default in (None, side.default)


@pytest.mark.parametrize("module", _MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_message_is_raised(module: ModuleType) -> None:
    """A code without a test would be a sentence that nobody has read."""
    declared = {value.code for value in vars(module).values() if isinstance(value, Message)}
    raised = {row.code for table in _TABLES for row in table.ROWS}
    assert declared - raised == set()
