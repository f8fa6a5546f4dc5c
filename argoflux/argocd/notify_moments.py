"""Which moment in the life of an app a notification trigger stands for.

Facts: argo-cd:notifications_catalog/triggers; expressions are those of expr-lang/expr.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.model.notify import Moment

CATALOGUE: Mapping[str, Moment] = {
    "on-created": "silent",
    "on-deleted": "silent",
    "on-deployed": "deployed",
    "on-health-degraded": "degraded",
    "on-sync-failed": "failed",
    "on-sync-running": "silent",
    "on-sync-status-unknown": "silent",
    "on-sync-succeeded": "succeeded",
}
"""The triggers that come with Argo CD."""

_PHASE = "app.status.operationState.phase"
_HEALTH = "app.status.health.status"
_SYNC = "app.status.sync.status"

_OPERANDS: Mapping[tuple[str, frozenset[str]], Moment] = {
    (_PHASE, frozenset({"Error", "Failed"})): "failed",
    (_PHASE, frozenset({"Failed"})): "failed",
    (_PHASE, frozenset({"Error"})): "failed",
    (_PHASE, frozenset({"Succeeded"})): "succeeded",
    (_PHASE, frozenset({"Running"})): "silent",
    (_HEALTH, frozenset({"Degraded"})): "degraded",
    (_SYNC, frozenset({"Unknown"})): "silent",
}

_TEST = re.compile(
    r"(?P<field>app\.[\w.]+) (?:== '(?P<one>\w+)'|in \[(?P<many>'\w+'(?:, ?'\w+')*)\])\Z"
)
_GUARD = re.compile(r"app\.[\w.]+ != nil\Z")
_HEALTHY = (_HEALTH, frozenset({"Healthy"}))
_SETTLED = re.compile(
    r"!time\.Parse\(app\.status\.health\.lastTransitionTime\)\.Before\("
    r"time\.Parse\(app\.status\.operationState\.finishedAt\)\)\Z"
)
_BLANKS = re.compile(r"\s+")


def moment_of(conditions: Iterable[str]) -> Moment:
    """The moment of a trigger with these conditions; ``custom`` when it is not surely a known one.

    Several conditions fire independently: they must all stand for one moment.
    """
    moments = {_moment(condition) for condition in conditions}
    return moments.pop() if len(moments) == 1 else "custom"


def _moment(condition: str) -> Moment:
    """Read a conjunction of simple comparisons; what does not narrow it down may stand beside."""
    plain = _BLANKS.sub(" ", condition.replace("?.", ".").replace('"', "'").strip())
    if plain in {"app.metadata.deletionTimestamp != nil", "true"}:
        return "silent"
    tests: list[tuple[str, frozenset[str]]] = []
    settled = False
    for term in re.split(r" (?:and|&&) ", plain):
        match = _TEST.match(term)
        if match is not None:
            values = match["one"] or match["many"]
            tests.append((match["field"], frozenset(re.findall(r"\w+", values))))
        elif _SETTLED.match(term):
            settled = True
        elif not _GUARD.match(term):
            return "custom"
    if _HEALTHY in tests:
        rest = [test for test in tests if test != _HEALTHY]
        if len(rest) == 1 and _OPERANDS.get(rest[0]) == "succeeded":
            return "deployed"
        return "custom"
    if len(tests) != 1 or settled:
        return "custom"
    return _OPERANDS.get(tests[0], "custom")
