"""The corpus both ways: no crash, every document and leaf accounted for, output valid and built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ecosystem.convert_corpus import DIRECTIONS, Sums, check_repository
from tests.ecosystem.corpus import corpus, repositories
from tests.ecosystem.round_trip import Trip, trip
from tests.oracle.engines import program

if TYPE_CHECKING:
    from argoflux.mapping.concept import System

LEAST_SHARE = 0.3
"""Of the apps of which nothing that is compared had to be guessed."""

pytestmark = [
    pytest.mark.ecosystem,
    pytest.mark.skipif(corpus() is None, reason="the corpus of public repositories is not here"),
]


@pytest.mark.parametrize("to", DIRECTIONS)
def test_every_repository_converts(to: str) -> None:
    sums = Sums()
    for folder in repositories():
        check_repository(folder, to, sums)  # type: ignore[arg-type]  # a literal of DIRECTIONS
    assert sums.complaints == []
    assert sums.outcomes["converted"] >= 100
    if program("kubectl") is not None:
        assert sums.built >= 10


@pytest.mark.parametrize(("system", "least"), [("argocd", 98), ("flux", 750)])
def test_apps_without_losses_come_back_the_same(
    system: System, least: int, capsys: pytest.CaptureFixture[str]
) -> None:
    total = Trip()
    for folder in repositories():
        total = total.plus(trip(folder, system))
    with capsys.disabled():
        print(
            f"\n{system}: {total.qualified} of {total.converted} converted apps qualify,"
            f" {total.share:.0%} of those that the corpus holds whole"
        )
    assert total.different == ()
    assert total.qualified >= least
    assert total.share >= LEAST_SHARE
