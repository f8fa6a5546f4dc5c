"""OCIRepositories: one per app, because each has its own version.

Facts: source-controller:api/v1/ocirepository_types.go; helm-controller:internal/controller/
helmrelease_controller.go (a chart from an OCIRepository has no `valuesFiles`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.chart_files import files_in_chart
from argoflux.flux.emit_kept import artifact_key, kept_artifacts
from argoflux.flux.source_groups import (
    free_name,
    put_ignore,
    start_source,
    use_kept,
    use_source,
)
from argoflux.goports import semver
from argoflux.mapping.draft import Trace
from argoflux.mapping.names import undotted
from argoflux.model.source import OciSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission
    from argoflux.model.source import Revision

CHART_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_INTERVAL = "10m"
_KIND = "OCIRepository"


def by_version(plan: Plan) -> bool:
    """Whether a chart must be found by version in a HelmRepository: its own values files are used."""
    source = plan.part.source
    if not isinstance(source, OciSource) or not source.chart or not files_in_chart(plan):
        return False
    revision = source.revision
    return revision.kind == "semver" or (
        revision.kind == "tag" and semver.is_version(revision.value)
    )


def emit_oci_repositories(plans: Sequence[Plan], emission: Emission, taken: set[Identity]) -> None:
    """Write the OCIRepositories of plans, unless the input holds equal ones, and name them there."""
    existing = kept_artifacts(plans[0].request.kept) if plans else {}
    for plan in plans:
        source = plan.part.source
        if not isinstance(source, OciSource):
            raise TypeError(source)
        address = f"oci://{source.url}"
        plan.facts |= {
            "url": address,
            "flux_url": address,
            "url_credentials": plan.facts.get("registry_credentials", False),
        }
        draft = _source_of(plan, source, address)
        key = (plan.app.root, plan.namespace, *artifact_key(draft.body["spec"]))
        usable = key in existing and not (plan.composed and "." in existing[key])
        if usable and not plan.ignore:
            use_kept(emission, _KIND, existing[key], [plan])
            continue
        wanted = undotted(plan.name) if plan.composed else plan.name
        draft.name = free_name(taken, plan, _KIND, wanted, plan.app.id)
        draft.body["metadata"]["name"] = draft.name
        use_source([plan], _KIND, draft.name)
        emission.drafts.append(draft)


def _source_of(plan: Plan, source: OciSource, address: str) -> Draft:
    """The new object, still without a name of its own."""
    draft = start_source(_KIND, plan.name, [plan], usual=_INTERVAL)
    if source.chart:  # the name ends the address, and the root of the artifact is the chart
        slot = "part.source.chart" if plan.facts.get("chart_by_name") else "part.path"
        draft.traces.append(Trace(("spec", "url"), slot, "derived"))
    draft.put("spec.url", address, slot="part.source.url")
    _put_ref(draft, source.revision)
    if source.chart:
        draft.put("spec.layerSelector.mediaType", CHART_LAYER, origin="derived")
        draft.put("spec.layerSelector.operation", "copy", origin="derived")
    elif source.layer:
        draft.put("spec.layerSelector.mediaType", source.layer, origin="derived")
    if plan.ignore:
        put_ignore(draft, plan.ignore, [plan])
    return draft


def _put_ref(draft: Draft, revision: Revision) -> None:
    """The one member of ``ref`` that selects the artifact; tags hold no ``+``.

    argo-cd:util/oci/client.go and helm:pkg/registry/tag.go turn ``_`` of a tag into ``+``.
    """
    value = revision.value.replace("+", "_") if revision.kind == "tag" else revision.value
    draft.put(f"spec.ref.{revision.kind}", value, slot="part.source.revision")
