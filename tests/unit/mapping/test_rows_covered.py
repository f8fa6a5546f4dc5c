"""Every message that the rows of an applied app declare is raised by a line of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.mapping import deletion, destination, drift, health, release, sync, sync_options
from argoflux.mapping.verdict import Message
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

_TABLES = (
    test_rows_deletion,
    test_rows_destination,
    test_rows_drift,
    test_rows_health,
    test_rows_release,
    test_rows_sync,
    test_rows_sync_options,
)


@pytest.mark.parametrize(
    "module",
    [deletion, destination, drift, health, release, sync, sync_options],
    ids=lambda module: module.__name__.rpartition(".")[2],
)
def test_every_message_is_raised(module: ModuleType) -> None:
    """A code without a test would be a sentence that nobody has read."""
    declared = {value.code for value in vars(module).values() if isinstance(value, Message)}
    raised = {row.code for table in _TABLES for row in table.ROWS}
    assert declared - raised == set()
