"""CEL health checks that Lua can say as well, and those that are left to a person."""

from __future__ import annotations

import pytest

from argoflux.mapping.cel_lua import lua_check

TESTS = [
    ("status.phase == 'Done'", 'read("status", "phase") == "Done"'),
    ('status.phase == "Done"', 'read("status", "phase") == "Done"'),
    ("status.replicas == 3", 'read("status", "replicas") == 3'),
    ("status.ok == true", 'read("status", "ok") == true'),
    (
        "status.phase != 'Failed'",
        '(read("status", "phase") ~= nil and read("status", "phase") ~= "Failed")',
    ),
    (
        "metadata.generation == status.observedGeneration",
        (
            '(read("metadata", "generation") ~= nil and read("metadata", "generation") == '
            'read("status", "observedGeneration"))'
        ),
    ),
    ("has(status.conditions)", 'read("status", "conditions") ~= nil'),
    (
        "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
        'condition("Ready", "True")',
    ),
    (
        "status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
        'condition("Ready", "True")',
    ),
    (
        "has(status.phase) && status.phase == 'a && b'",
        'read("status", "phase") ~= nil and read("status", "phase") == "a && b"',
    ),
    (
        "status.phase == 'A' || status.phase == 'B'",
        'read("status", "phase") == "A" or read("status", "phase") == "B"',
    ),
]
UNKNOWN = [
    "status.ready.startsWith('3/')",
    "status.a == 'x' && status.b == 'y' || status.c == 'z'",
    "(status.a == 'x')",
    "status.a == status.b + 1",
    "status.conditions.exists(c, c.type == 'Ready' && x.status == 'True')",
    "status.a == 'it\\'s'",
    "status.a == 'open",
    "",
]


@pytest.mark.parametrize(("cel", "lua"), TESTS, ids=[cel for cel, _ in TESTS])
def test_simple_expressions_have_a_lua_form(cel: str, lua: str) -> None:
    text = lua_check({"current": cel})
    assert text is not None
    assert f'if {lua} then\n  hs = {{status = "Healthy"' in text
    assert ("local function condition" in text) == ("condition(" in lua)


@pytest.mark.parametrize("cel", UNKNOWN)
def test_anything_else_is_left_to_a_person(cel: str) -> None:
    assert lua_check({"current": cel}) is None


def test_progress_is_looked_at_before_failure_and_success() -> None:
    """The order of Flux, whatever the order of the fields."""
    text = lua_check(
        {"current": "status.a == 1", "failed": "status.a == 2", "inProgress": "status.a == 3"}
    )
    assert text is not None
    found = [line.strip() for line in text.splitlines() if 'read("status"' in line]
    assert found == [
        'if read("status", "a") == 3 then',
        'elseif read("status", "a") == 2 then',
        'elseif read("status", "a") == 1 then',
    ]


def test_one_unknown_expression_leaves_the_whole_check() -> None:
    assert lua_check({"current": "status.a == 1", "failed": "size(status.b) > 0"}) is None
