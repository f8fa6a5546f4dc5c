"""Values files that stand in the chart itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.model.render import Helm
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan

OWN_VALUES = "values.yaml"


def files_in_chart(plan: Plan) -> tuple[str, ...]:
    """The values files of the source itself; a chart's own values.yaml alone changes nothing."""
    render = plan.part.render
    if not isinstance(render, Helm):
        return ()
    found = plan.layers.with_chart
    if not isinstance(plan.part.source, GitSource) and set(found) == {OWN_VALUES}:
        return ()
    return found
