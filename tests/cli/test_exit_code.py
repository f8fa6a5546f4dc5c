"""What makes a conversion exit 0, 1 or 2."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.commands.exit_code import exit_code
from argoflux.convert.result import Conversion, Entry, ResourceOutcome
from argoflux.mapping.verdict import Verdict
from tests.unit.report.conversions import broken_file, message, resource_from

LEVELS = ("approximate", "none", "manual", "never")
RESOURCE = resource_from()


def conversion(
    *verdicts: Verdict, outcome: Any = "converted", reason: str = "", **more: Any
) -> Any:
    entries = tuple(
        Entry(cause=None, resource="", path=(), verdict=verdict) for verdict in verdicts
    )
    outcomes = (ResourceOutcome(resource=RESOURCE, outcome=outcome, reason=reason),)
    given: dict[str, Any] = {"outcomes": outcomes, "entries": entries, "messages": ()}
    return Conversion(to="flux", inputs=(), **{**given, **more})


@pytest.mark.parametrize(
    ("verdict", "codes"),
    [
        (Verdict.EXACT, (0, 0, 0, 0)),
        (Verdict.EQUIVALENT, (0, 0, 0, 0)),
        (Verdict.APPROXIMATE, (1, 0, 0, 0)),
        (Verdict.NONE, (1, 1, 0, 0)),
        (Verdict.MANUAL, (1, 1, 1, 0)),
        (Verdict.UNKNOWN, (1, 1, 1, 0)),
    ],
)
def test_losses_fail_from_their_level_on(verdict: Verdict, codes: tuple[int, ...]) -> None:
    found = conversion(Verdict.EXACT, verdict)
    assert tuple(exit_code(found, level) for level in LEVELS) == codes


def test_messages_do_not_count() -> None:
    assert exit_code(conversion(Verdict.EXACT, messages=(message(),)), "approximate") == 0


def test_an_invented_stub_that_must_be_filled_counts() -> None:
    stub = Entry(cause=None, resource="", path=(), verdict=Verdict.MANUAL, origin="derived")
    assert exit_code(conversion(entries=(stub,)), "manual") == 1


def test_a_refused_object_counts_as_manual() -> None:
    refused = ResourceOutcome(resource=RESOURCE, outcome="skipped", reason="A2F-OBJ-001: later")
    converted = ResourceOutcome(resource=RESOURCE, outcome="converted")
    found = conversion(outcomes=(refused, converted))
    assert [exit_code(found, level) for level in LEVELS] == [1, 1, 1, 0]


def test_a_broken_document_counts_as_manual() -> None:
    found = conversion(findings=(broken_file(),))
    assert [exit_code(found, level) for level in LEVELS] == [1, 1, 1, 0]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("found", "code"),
    [
        (conversion(outcome="skipped", reason="A2F-OBJ-001: later"), 2),
        (conversion(outcome="skipped", reason="nothing uses it"), 0),
        (conversion(outcome="kept", reason="belongs to Flux already"), 0),
        (conversion(outcomes=()), 0),
        (conversion(outcomes=(), findings=(broken_file(),)), 2),
    ],
    ids=["refused", "idle", "kept", "nothing", "broken only"],
)
def test_two_means_that_nothing_could_be_converted(
    found: Conversion, code: int, level: str
) -> None:
    assert exit_code(found, level) == code
