"""Where a HelmRelease finds its chart, and the chart's own values files.

Facts: source-controller:api/v1/helmchart_types.go (``valuesFiles`` replaces the chart's values.yaml;
a chart from Git is rolled out by revision only with ``reconcileStrategy: Revision``),
helm-controller:api/v2/reference_types.go (``chartRef``). Versions: source-controller:internal/helm/
chart/builder.go (SetMetadata), helm-controller:internal/controller/helmrelease_controller.go.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from argoflux.flux.chart_files import OWN_VALUES, files_in_chart
from argoflux.flux.emit_values import warn_of_nulls
from argoflux.mapping.chart_source import A2F_HELM_028
from argoflux.mapping.draft import Trace
from argoflux.mapping.helm import A2F_HELM_014
from argoflux.model.source import GitSource, HelmSource, OciSource

if TYPE_CHECKING:
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.model.render import Helm

_R = "part.render.helm"
_CHART = "spec.chart.spec"


def put_chart(plan: Plan, draft: Draft, helm: Helm) -> None:
    """Refer to an artifact, or describe a chart of a repository with its values files."""
    plan.facts["chart"] = chart_name(plan)
    if plan.layers.artifact:
        draft.put("spec.chartRef.kind", "ExternalArtifact", origin="required")
        draft.put("spec.chartRef.name", plan.layers.artifact, origin="required")
        plan.say(A2F_HELM_014, chart=plan.facts["chart"], what="the digest of the artifact")
        return
    files = files_in_chart(plan)
    if plan.source_kind == "OCIRepository":
        draft.put("spec.chartRef.kind", plan.source_kind, origin="required")
        draft.put("spec.chartRef.name", plan.source, origin="required")
        source = plan.part.source
        if files and isinstance(source, OciSource):
            plan.say(A2F_HELM_028, files=", ".join(files), revision=source.revision.value)
        plan.say(A2F_HELM_014, chart=plan.facts["chart"], what="the digest of the artifact")
        return
    _put_name(plan, draft)
    draft.put(f"{_CHART}.sourceRef.kind", plan.source_kind, origin="required")
    draft.put(f"{_CHART}.sourceRef.name", plan.source, origin="required")
    if isinstance(plan.part.source, GitSource):
        plan.say(A2F_HELM_014, chart=plan.facts["chart"], what="the commit")
    elif files:
        plan.say(
            A2F_HELM_014, chart=plan.facts["chart"], what="a number for the list of values files"
        )
    if files:
        _put_files(plan, draft, files)
    if helm.ignore_missing_values_files is not None:
        plan.facts["missing_stated"] = True
        draft.put(
            f"{_CHART}.ignoreMissingValuesFiles",
            helm.ignore_missing_values_files,
            slot=f"{_R}.ignore_missing_values_files",
        )


def chart_name(plan: Plan) -> str:
    """The name of the chart, or its directory in a Git repository."""
    match plan.part.source:
        case HelmSource(chart=chart):
            return chart
        case OciSource(url=url):
            return url.rpartition("/")[2]
        case _:
            return plan.part.path


def _put_name(plan: Plan, draft: Draft) -> None:
    """The chart, and which version of it."""
    source = plan.part.source
    match source:
        case HelmSource():
            draft.put(f"{_CHART}.chart", source.chart, slot="part.source.chart")
            draft.put(f"{_CHART}.version", source.version, slot="part.source.revision")
        case OciSource():
            slot = "part.source.chart"
            if not plan.facts.get("chart_by_name"):
                slot = "part.source.url"
                draft.traces.append(
                    Trace(tuple(f"{_CHART}.chart".split(".")), "part.path", "derived")
                )
            draft.put(f"{_CHART}.chart", chart_name(plan), slot=slot)
            draft.put(f"{_CHART}.version", source.revision.value, slot="part.source.revision")
        case _:
            path = plan.part.path
            draft.put(f"{_CHART}.chart", "./" if path == "." else f"./{path}", slot="part.path")
            draft.put(f"{_CHART}.reconcileStrategy", "Revision", origin="derived")


def _put_files(plan: Plan, draft: Draft, files: tuple[str, ...]) -> None:
    """Values files in order, after the chart's own: paths from the root of the source."""
    own = posixpath.normpath(posixpath.join(plan.part.path, OWN_VALUES))
    plan.facts["own_values"] = own not in files and _may_exist(plan, own)
    if plan.facts["own_values"]:
        draft.add(f"{_CHART}.valuesFiles", own, origin="derived")
    for name in files:
        draft.add(f"{_CHART}.valuesFiles", name, slot=f"{_R}.values_files")
    warn_of_nulls(plan, files)


def _may_exist(plan: Plan, path: str) -> bool:
    """False only where the files are at hand and it is not among them."""
    return plan.files is None or path in plan.files.names()
