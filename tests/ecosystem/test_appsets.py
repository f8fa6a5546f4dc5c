"""ApplicationSets of public repositories: what can be expanded from files is."""

from __future__ import annotations

import pytest

from tests.ecosystem.corpus import corpus
from tests.ecosystem.expand_appsets import main

pytestmark = [
    pytest.mark.ecosystem,
    pytest.mark.skipif(corpus() is None, reason="the corpus of public repositories is not here"),
]


def test_sets_with_static_generators_expand() -> None:
    assert main([]) == 0
