"""Shared settings of all tests."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# The same examples in every run: what passed before a change was merged passes after it. New
# ground is broken by `HYPOTHESIS_PROFILE=thorough EXAMPLES=1000 pytest tests/property`.
settings.register_profile("default", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the developer's shell changes what a test sees."""
    for name in list(os.environ):
        if name.startswith("ARGOFLUX_") or name in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}:
            monkeypatch.delenv(name)
