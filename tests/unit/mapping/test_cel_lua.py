"""CEL health checks that Lua can say as well, and those that are left to a person."""

from __future__ import annotations

import pytest

from argoflux.mapping.cel_lua import lua_check

PHASE = 'read("status", "phase")'
TESTS = [
    ("status.phase == 'Done'", f'same({PHASE}, "Done")'),
    ('status.phase == "Done"', f'same({PHASE}, "Done")'),
    ("status.replicas == 3", 'same(read("status", "replicas"), 3)'),
    ("status.ok == true", 'same(read("status", "ok"), true)'),
    ("status.phase != 'Failed'", f'differ({PHASE}, "Failed")'),
    (
        "metadata.generation == status.observedGeneration",
        'same(read("metadata", "generation"), read("status", "observedGeneration"))',
    ),
    ("has(status.conditions)", 'has(read("status"), "conditions")'),
    (
        "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
        'some("Ready", "True")',
    ),
    (
        "status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')",
        'each("Ready", "True")',
    ),
    (
        "has(status.phase) && status.phase == 'a && b'",
        f'all_of(has(read("status"), "phase"), same({PHASE}, "a && b"))',
    ),
    (
        "status.phase == 'A' || status.phase == 'B'",
        f'any_of(same({PHASE}, "A"), same({PHASE}, "B"))',
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
    assert f"local answer = {lua}\n" in text
    assert 'if answer then return {status = "Healthy", message = ""} end\nreturn waiting\n' in text
    declared = {
        line.split()[2].partition("(")[0] for line in text.splitlines() if "local function" in line
    }
    assert declared - {"read"} == {name for name in declared if f"{name}(" in lua} - {"read"}


@pytest.mark.parametrize("cel", UNKNOWN)
def test_anything_else_is_left_to_a_person(cel: str) -> None:
    assert lua_check({"current": cel}) is None


def test_progress_is_looked_at_before_failure_and_success() -> None:
    """The order of Flux, whatever the order of the fields."""
    text = lua_check(
        {"current": "status.a == 1", "failed": "status.a == 2", "inProgress": "status.a == 3"}
    )
    assert text is not None
    found = [line for line in text.splitlines() if line.startswith("local answer")]
    assert found == [f'local answer = same(read("status", "a"), {n})' for n in (3, 2, 1)]


def test_one_unknown_expression_leaves_the_whole_check() -> None:
    assert lua_check({"current": "status.a == 1", "failed": "size(status.b) > 0"}) is None
