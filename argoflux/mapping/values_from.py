"""Values of a chart that stand in ConfigMaps and Secrets (``valuesFrom``).

ConfigMaps of the input are merged into the values as helm-controller merges them
(fluxcd/pkg:chartutil/values.go); values of Secrets never leave their Secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, equivalent, on, says
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context, Test

F2A_HR_003 = Message(
    code="F2A-HR-003",
    verdict=Verdict.EQUIVALENT,
    text="the values of {reference} were merged into the chart's values; later edits to it no longer reach the chart",
    instead="edit the values of the Application from now on",
)
F2A_HR_004 = Message(
    code="F2A-HR-004",
    verdict=Verdict.MANUAL,
    text="values come from {reference}{target}; they are secret and were left out",
    instead="let the chart read that Secret itself (often a value named `existingSecret`), or use External Secrets",
    tags=("security",),
)
F2A_HR_005 = Message(
    code="F2A-HR-005",
    verdict=Verdict.MANUAL,
    text="{reference} is not in the input, so its values are missing in the result{target}",
    instead="give the manifests that hold it as input, or add the values by hand",
)
F2A_HR_025 = Message(
    code="F2A-HR-025",
    verdict=Verdict.APPROXIMATE,
    text="inline values overrule {references}: helm-controller merges them last, against what the Flux documentation says",
    instead="check which of the two was meant; the result has the inline value, as the cluster has",
    tags=("evidence",),
)
F2A_HR_026 = Message(
    code="F2A-HR-026",
    verdict=Verdict.MANUAL,
    text="the values of {reference} cannot be read: {why}; helm-controller fails on them",
    instead="correct the text, or the path",
)

_AT = 3  # spec.valuesFrom[i]


def _reference(ctx: Context) -> Any:
    """What became of the entry that the leaf belongs to; None when nobody read it."""
    index = ctx.path[2] if len(ctx.path) >= _AT else None
    known = ctx.fact("values_from") or ()
    return known[index] if isinstance(index, int) and index < len(known) else None


def _fate(fate: str) -> Test:
    def test(_value: Any, ctx: Context) -> bool:
        found = _reference(ctx)
        return found is not None and found.fate == fate

    return test


def _named(_value: Any, ctx: Context) -> dict[str, Any]:
    found = _reference(ctx)
    key = f" key `{found.key}`"
    return {
        "reference": f"{found.kind}/{found.name}{key}",
        "target": f" (`{found.target}`)" if found.target else "",
        "why": found.why,
    }


# helm-controller:api/v2/helmrelease_types.go, fluxcd/pkg:apis/meta/reference_types.go ValuesReference
ROWS = (
    Concept(
        slot="part.render.helm.values",
        says="Values of the chart that stand in a ConfigMap or Secret.",
        flux=tuple(
            on("HelmRelease", f"spec.valuesFrom[].{name}")
            for name in ("kind", "name", "valuesKey", "targetPath", "optional", "literal")
        ),
        to_argo=(
            says(F2A_HR_003, when=_fate("inlined"), facts=_named),
            says(F2A_HR_004, when=_fate("secret"), facts=_named),
            says(F2A_HR_005, when=_fate("absent"), facts=_named),
            says(F2A_HR_026, when=_fate("broken"), facts=_named),
            equivalent(),  # optional, and not there
        ),
    ),
)
