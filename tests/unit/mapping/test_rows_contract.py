"""Every message of a topic is raised by a test, and is whole."""

from __future__ import annotations

import importlib

import pytest

from argoflux.mapping.verdict import Message
from tests.unit.mapping.row_cases import ABSENT, Row

TOPICS = (
    "objects",
    "metadata",
    "source",
    "chart_source",
    "hydrator",
    "plugin",
    "revision",
    "directory",
    "kustomize",
    "helm",
    "project",
    "project_access",
    "project_windows",
    "multi",
    "notifications",
    "image_updates",
)


def codes_of(topic: str) -> set[str]:
    """The codes of the messages that a topic module can raise."""
    module = importlib.import_module(f"argoflux.mapping.{topic}")
    return {value.code for value in vars(module).values() if isinstance(value, Message)}


def raised() -> set[str | None]:
    """The codes that rows of the tests ask for; ``check`` fails when one is not raised."""
    found: set[str | None] = set()
    for topic in TOPICS:
        module = importlib.import_module(f"tests.unit.mapping.test_rows_{topic}")
        for value in vars(module).values():
            rows = value if isinstance(value, list) else [value]
            found |= {row.code for row in rows if isinstance(row, Row)}
    return found


@pytest.mark.parametrize("topic", TOPICS)
def test_every_message_is_raised_by_a_test(topic: str) -> None:
    assert not codes_of(topic) - raised()


@pytest.mark.parametrize("topic", TOPICS)
def test_texts_hold_no_mark_of_a_missing_fact(topic: str) -> None:
    """A template with the mark in it would hide a missing fact from ``check``."""
    module = importlib.import_module(f"argoflux.mapping.{topic}")
    messages = [value for value in vars(module).values() if isinstance(value, Message)]
    assert not [m.code for m in messages if ABSENT in m.text + m.instead]
