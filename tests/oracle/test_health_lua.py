"""Health checks in Lua, run as Argo CD runs them, against what Flux makes of the CEL expressions.

What Flux says: fluxcd/pkg:runtime/cel/status_evaluator.go, and the CEL language definition (a field that
is absent is an error; ``&&`` and ``||`` forgive one where the other side decides). The libraries at
hand: argo-cd:util/lua/lua.go runLua.
"""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.mapping.cel_lua import lua_check

lua51 = pytest.importorskip("lupa.lua51", reason="lupa belongs to the group test")
pytestmark = pytest.mark.oracle

_HIDDEN = ("string", "math", "io", "os", "debug", "coroutine")
WAITS, FAILED, CURRENT = "Progressing", "Degraded", "Healthy"


def _run(check: dict[str, str], obj: dict[str, Any]) -> str:
    text = lua_check(check)
    assert text is not None
    lua = lua51.LuaRuntime(register_eval=False, register_builtins=False)
    names = lua.globals()
    for name in _HIDDEN:
        names[name] = None
    names.obj = lua.table_from(obj, recursive=True)
    return str(lua.execute(text)["status"])


def _conditions(*pairs: str) -> dict[str, Any]:
    found = (pair.split("=") for pair in pairs)
    return {"status": {"conditions": [{"type": name, "status": state} for name, state in found]}}


EXISTS = "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')"
FILTER = "status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')"
GUARDED = f"has(status.conditions) && {EXISTS}"
DONE = "status.phase == 'Done'"
EITHER = "status.phase == 'Done' || status.ready == true"
BOTH = "status.phase == 'Done' && status.ready == true"

SINGLE: list[tuple[str, dict[str, Any], bool]] = [
    (DONE, {"status": {"phase": "Done"}}, True),
    (DONE, {"status": {"phase": "Busy"}}, False),
    (DONE, {"status": {}}, False),
    (DONE, {}, False),
    (DONE, {"status": "Done"}, False),
    ("status.phase != 'Busy'", {"status": {"phase": "Done"}}, True),
    ("status.phase != 'Busy'", {"status": {"phase": "Busy"}}, False),
    ("status.phase != 'Busy'", {"status": {}}, False),
    ("status.replicas == 3", {"status": {"replicas": 3}}, True),
    ("status.replicas == 3", {"status": {"replicas": "3"}}, False),
    ("status.replicas != 3", {"status": {"replicas": "3"}}, True),
    ("status.replicas == -1", {"status": {"replicas": -1}}, True),
    ("status.ready == true", {"status": {"ready": True}}, True),
    ("status.ready == true", {"status": {"ready": "true"}}, False),
    ("status.ready == false", {"status": {"ready": False}}, True),
    ("status.ready != false", {"status": {"ready": False}}, False),
    ("status.ready == false", {"status": {}}, False),
    ("status.replicas == spec.replicas", {"spec": {"replicas": 2}, "status": {"replicas": 2}}, True),
    ("status.replicas == spec.replicas", {"spec": {"replicas": 2}, "status": {"replicas": 1}}, False),
    ("status.replicas == spec.replicas", {"spec": {}, "status": {}}, False),
    ("status.replicas != spec.replicas", {"spec": {"replicas": 2}, "status": {}}, False),
    ("status.phase == \"it's\"", {"status": {"phase": "it's"}}, True),
    ("status.phase == 'say \"x\"'", {"status": {"phase": 'say "x"'}}, True),
    ("has(status.phase)", {"status": {"phase": ""}}, True),
    ("has(status.phase)", {"status": {"phase": False}}, True),
    ("has(status.phase)", {"status": {}}, False),
    ("has(status.node.name)", {"status": {"node": {"name": "a"}}}, True),
    ("has(status.node.name)", {"status": {}}, False),
    (EXISTS, _conditions("Ready=True"), True),
    (EXISTS, _conditions("Ready=False"), False),
    (EXISTS, _conditions("Synced=True", "Ready=True"), True),
    (EXISTS, _conditions("Synced=True"), False),
    (EXISTS, _conditions(), False),
    (EXISTS, {"status": {}}, False),
    (FILTER, _conditions("Ready=True", "Synced=False"), True),
    (FILTER, _conditions("Ready=False"), False),
    (FILTER, _conditions("Ready=True", "Ready=False"), False),
    (FILTER, _conditions("Synced=False"), True),  # nothing is left to be false
    (FILTER, _conditions(), True),
    (FILTER, {"status": {}}, False),
    (GUARDED, _conditions("Ready=True"), True),
    (GUARDED, {"status": {}}, False),
    (EITHER, {"status": {"phase": "Busy", "ready": True}}, True),
    (EITHER, {"status": {"phase": "Done"}}, True),
    (EITHER, {"status": {"ready": True}}, True),
    (EITHER, {"status": {"ready": False}}, False),
    (BOTH, {"status": {"phase": "Done", "ready": True}}, True),
    (BOTH, {"status": {"phase": "Done", "ready": False}}, False),
    (BOTH, {"status": {"phase": "Done"}}, False),
    (f"{BOTH} && has(status.url)", {"status": {"phase": "Done", "ready": True, "url": "a"}}, True),
    (f"{EITHER} || has(status.url)", {"status": {"url": "a"}}, True),
]  # fmt: skip


@pytest.mark.parametrize(("cel", "obj", "holds"), SINGLE)
def test_an_expression_holds_for_the_same_objects(
    cel: str, obj: dict[str, Any], holds: bool
) -> None:
    """An error keeps Flux waiting, as an expression that does not hold does."""
    assert _run({"current": cel}, obj) == (CURRENT if holds else WAITS)
    assert _run({"failed": cel, "current": "has(metadata.name)"}, obj) == (
        FAILED if holds else WAITS
    )


ALL = {
    "current": "status.phase == 'Done'",
    "failed": "status.error != ''",
    "inProgress": "status.busy == true",
}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ({"busy": True, "error": "x", "phase": "Done"}, WAITS),
        ({"busy": False, "error": "x", "phase": "Done"}, FAILED),
        ({"busy": False, "error": "", "phase": "Done"}, CURRENT),
        ({"busy": False, "error": "", "phase": "New"}, WAITS),
        ({"error": "x", "phase": "Done"}, WAITS),  # the first expression is an error
        ({"busy": False, "phase": "Done"}, WAITS),  # the second one is
        ({}, WAITS),
    ],
)
def test_progress_failure_and_success_are_looked_at_in_this_order(
    status: dict[str, Any], outcome: str
) -> None:
    assert _run(ALL, {"status": status}) == outcome


@pytest.mark.parametrize(
    ("generation", "seen", "outcome"),
    [(2, 2, CURRENT), (2, 1, WAITS), (None, 1, CURRENT), (2, None, CURRENT)],
)
def test_a_status_of_an_older_generation_does_not_count(
    generation: int | None, seen: int | None, outcome: str
) -> None:
    status: dict[str, Any] = {"phase": "Done"}
    if seen is not None:
        status["observedGeneration"] = seen
    metadata = {} if generation is None else {"generation": generation}
    assert _run({"current": DONE}, {"metadata": metadata, "status": status}) == outcome
