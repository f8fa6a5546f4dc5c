"""The corpus both ways: no crash, every document and leaf accounted for, output valid and built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ecosystem.convert_corpus import DIRECTIONS, Sums, check_repository
from tests.ecosystem.corpus import corpus, repositories
from tests.ecosystem.lint_fix import check as fix_check
from tests.ecosystem.lint_mistakes import missed, removed_versions
from tests.ecosystem.lint_own_output import check as own_check
from tests.ecosystem.lint_sample import FALSE, TRUE, draw, key, population, verdicts
from tests.ecosystem.round_trip import Trip, trip
from tests.oracle.engines import program

if TYPE_CHECKING:
    from argoflux.mapping.concept import System

LEAST_SHARE = 0.3
"""Of the apps of which nothing that is compared had to be guessed."""
MOST_FALSE_ALARMS = 0.02
"""Of the judged findings of severity error."""

LEAST_JUDGED = 0.8
"""Of the sample of this day; rules that change draw findings that nobody has judged yet."""

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


def test_lint_finds_the_mistakes_that_people_made() -> None:
    assert missed() == []
    count, silent = removed_versions()
    assert silent == []
    assert count >= 200


def test_few_errors_are_false_alarms() -> None:
    judged = verdicts()
    told = [judged[key(one)]["verdict"] for one in draw(population()) if key(one) in judged]
    assert set(told) <= {TRUE, FALSE}
    assert len(told) >= LEAST_JUDGED * len(judged)
    assert told.count(FALSE) <= MOST_FALSE_ALARMS * len(told)


def test_fixes_keep_comments_and_come_to_an_end() -> None:
    complaints, files = [], 0
    for folder in repositories():
        found, changed = fix_check(folder, unsafe=False)
        complaints += found
        files += len(changed)
    assert complaints == []
    assert files >= 100


@pytest.mark.parametrize("to", DIRECTIONS)
def test_what_is_written_has_no_errors_of_its_own(to: System) -> None:
    assert [told for folder in repositories() for told in own_check(folder, to)[1]] == []
