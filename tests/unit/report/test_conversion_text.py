"""The text report: grouped by app, worst first, with places, excerpts and counts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from argoflux.convert.result import ResourceOutcome
from argoflux.mapping.verdict import Verdict
from argoflux.report.conversion_text import render, report_lines
from argoflux.report.excerpt import excerpt
from argoflux.report.groups import RUN, SEVERAL, group_messages
from argoflux.report.paint import paint
from tests.unit.report.conversions import broken_file, message, resource_from, sample


def test_a_message_shows_place_verdict_sentence_line_and_remedy() -> None:
    assert render(sample()) == (
        "Application/argocd/web\n"
        "  apps/web.yaml:10:14  manual  A2F-SYN-005\n"
        "    `limit` has no counterpart\n"
        "      10 |       limit: 5\n"
        "         |              ^\n"
        "    instead: watch it\n"
        "\n"
        "1 of 1 objects converted to Flux\n"
        "3 leaves: 1 exact, 1 equivalent, 0 approximate, 0 none, 0 unknown, 1 manual\n"
        "Flux 2.9 (default)\n"
    )


def test_findings_come_first_in_the_form_that_editors_read() -> None:
    first = render(sample(findings=(broken_file(),))).splitlines()[0]
    assert first == "apps/broken.yaml:1:4: error: the flow sequence does not end [AF001]"


def test_groups_are_apps_worst_first_then_several_then_the_run() -> None:
    place = resource_from().place("kind")
    conversion = sample(
        messages=(
            message(code="A2F-MIG-001", apps=(), verdict=Verdict.EQUIVALENT),
            message(place, apps=("b",), verdict=Verdict.EQUIVALENT),
            message(place, apps=("b",), verdict=Verdict.NONE),
            message(place, apps=("c", "d"), verdict=Verdict.MANUAL),
            message(place, apps=("z",), verdict=Verdict.MANUAL),
            message(place, apps=("a",), verdict=Verdict.UNKNOWN),
            message(place, apps=(), verdict=Verdict.APPROXIMATE),
        )
    )
    groups = group_messages(conversion)
    assert [group.title for group in groups] == ["a", "z", "b", "apps/web.yaml", SEVERAL, RUN]
    assert [m.verdict for m in groups[2].messages] == [Verdict.NONE, Verdict.EQUIVALENT]


def test_fields_that_keep_their_meaning_are_counted_unless_asked_for() -> None:
    place = resource_from().place("kind")
    conversion = sample(messages=(message(place, verdict=Verdict.EQUIVALENT),))
    brief = paint(report_lines(conversion, complete=False), colour=False)
    assert "A2F-SYN-005" not in brief
    assert "1 note about fields that keep their meaning" in brief
    assert "A2F-SYN-005" in paint(report_lines(conversion, complete=True), colour=False)


def test_a_message_of_many_places_names_three_and_counts_the_rest() -> None:
    resource = resource_from()
    paths = [("kind",), ("apiVersion",), ("metadata", "name"), ("spec", "project"), ("metadata",)]
    conversion = sample(messages=(message(*(resource.place(*path) for path in paths)),))
    assert re.search(r"also at \S+:1:13, \S+:4:9, \S+:7:12 and 1 more", render(conversion))


def test_names_cannot_steer_the_terminal() -> None:
    resource = resource_from(name="apps/\x1b[31m.yaml")
    conversion = sample(
        messages=(message(resource.place("kind"), text="\x1b]0;x\x07", apps=("\x1b[2J",)),)
    )
    for colour in (False, True):
        text = paint(report_lines(conversion, complete=True), colour=colour)
        assert not re.search(r"\x1b(?!\[[0-9;]*m)|\x07", text)


def test_colours_do_not_change_the_words() -> None:
    coloured = paint(report_lines(sample(), complete=True), colour=True)
    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [row.rstrip() for row in bare.splitlines()] == render(sample()).splitlines()


def test_markup_of_the_colour_library_in_names_is_text() -> None:
    conversion = sample(messages=(message(apps=("[bold]x[/bold]",)),))
    assert "[bold]x[/bold]" in paint(report_lines(conversion, complete=True), colour=True)


@pytest.mark.parametrize(
    "path",
    [("spec", "source", "helm", "values"), ("spec", "source", "helm", "parameters", 0, "value")],
)
def test_free_values_are_never_quoted(path: tuple[str | int, ...]) -> None:
    assert excerpt(resource_from().place(*path)) is None


@pytest.mark.parametrize(
    "line", ["  repoURL: https://u:p@host/x", "  apiToken: abc", "  dbPassword: x", "x" * 200]
)
def test_lines_that_may_hold_a_secret_are_not_quoted(line: str) -> None:
    text = f"apiVersion: v1\nkind: X\nmetadata:\n  name: a\nspec:\n{line}\n"
    if ":" not in line:
        text = text.replace(line, f"  a: {line}")
    resource = resource_from(text)
    (key,) = resource.body["spec"]
    assert excerpt(resource.place("spec", key)) is None


@pytest.mark.parametrize(
    ("kind", "quoted"),
    [("Secret", False), ("ExternalSecret", False), ("SealedSecret", False), ("ConfigMap", True)],
)
def test_no_line_of_a_secret_is_quoted(kind: str, *, quoted: bool) -> None:
    """Several of its fields may stand on one line."""
    text = f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: a\nspec:\n  a: {{b: c, d: e}}\n"
    assert (excerpt(resource_from(text).place("spec", "a", "b")) is not None) is quoted


def test_a_message_about_a_whole_object_quotes_no_line() -> None:
    assert excerpt(resource_from().place()) is None
    assert excerpt(resource_from().place("spec", "syncPolicy")) is None
    assert excerpt(resource_from().place("spec", "syncPolicy", "retry", "limit")) is not None


def test_objects_without_a_message_are_listed_with_their_reason() -> None:
    outcome = ResourceOutcome(resource=resource_from(), outcome="skipped", reason="nothing uses it")
    text = render(sample(outcomes=(outcome,), messages=()))
    assert "apps/web.yaml:1:1  Application/argocd/web  nothing uses it" in text
    assert "0 of 1 objects converted to Flux (1 skipped)" in text


def test_an_object_that_a_message_explains_is_not_listed_again() -> None:
    outcome = ResourceOutcome(
        resource=resource_from(), outcome="skipped", reason="A2F-SYN-005: because"
    )
    assert "because" not in render(sample(outcomes=(outcome,)))


def test_credentials_in_sentences_are_masked() -> None:
    conversion = sample(messages=(message(text="see https://u:secret@host"),))
    assert "secret" not in render(replace(conversion, facts=("https://u:secret@host",)))
