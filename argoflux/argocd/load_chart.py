"""Charts that a source finds by name, in a Helm repository or in a registry.

Facts: argo-cd:util/helm/client.go IsHelmOciRepo (an address without scheme is a registry),
argo-cd:reposerver/repository/repository.go newHelmClientResolveRevision, argo-cd:util/argo/argo.go
ValidateRepo (a chart needs a `targetRevision`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import text
from argoflux.goports import semver
from argoflux.goports.giturl import strip_credentials
from argoflux.mapping.chart_source import A2F_SRC_022
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.revisions import classify_artifact
from argoflux.mapping.source import A2F_REV_011
from argoflux.model.source import HelmSource, OciSource

if TYPE_CHECKING:
    from argoflux.argocd.load_source import SourceReading

REGISTRY = "oci://"
_FULL = re.compile(r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_WEB = ("http://", "https://")


def read_chart(reading: SourceReading, source: dict[str, Any]) -> HelmSource | OciSource | None:
    """Where the chart comes from; None when the Application is refused."""
    url, chart = text(source.get("repoURL")), text(source.get("chart"))
    version = text(source.get("targetRevision"))
    if url.startswith(REGISTRY):
        reading.refuse(A2F_SRC_022, url=f"{REGISTRY}{registry_address(reading, url)}", chart=chart)
        return None
    if not version:
        what = f"its chart `{chart}` has no `targetRevision`"
        reading.refuse(A2F_OBJ_003, what=what, remedy="give the version of the chart")
        return None
    reading.facts["chart_by_name"] = True
    if "://" not in url:
        registry = OciSource(
            url=f"{registry_address(reading, url)}/{chart}",
            revision=classify_artifact(version),
            chart=True,
        )
        note_artifact(reading, registry)
        return registry
    if not url.startswith(_WEB):
        reading.refuse(A2F_REV_011, url=strip_credentials(url))
        return None
    reading.facts["chart_repository"] = True
    reading.facts["revision_kind"] = _version_kind(version)
    return HelmSource(url=url, chart=chart, version=version)


def registry_address(reading: SourceReading, url: str) -> str:
    """Registry and path without scheme and credentials; the rows learn of the latter."""
    address = url.removeprefix(REGISTRY).strip("/")
    host, slash, path = address.partition("/")
    _, at, bare = host.rpartition("@")
    reading.facts["registry_credentials"] = at != ""
    return bare + slash + path


def _version_kind(version: str) -> str:
    """Whether a chart's version is a full one, a part of one, a range, or none."""
    if is_full(version):
        return "chart"
    if semver.is_version(version):
        return "chart-partial"
    return "chart" if semver.is_constraint(version) else "chart-nothing"


def is_full(version: str) -> bool:
    """Whether all three numbers of a version are there."""
    return _FULL.fullmatch(version) is not None


def note_artifact(reading: SourceReading, source: OciSource) -> None:
    """What the rows need about the revision of an artifact.

    helm-controller compares a tag that is a version with the version of the chart
    (helm-controller:internal/controller/helmrelease_controller.go mutateChartWithSourceRevision).
    """
    kind, value = source.revision.kind, source.revision.value
    reading.facts["revision_kind"] = f"artifact-{kind}"
    partial = kind == "tag" and semver.is_version(value) and not is_full(value)
    reading.facts["tag_no_version"] = bool(source.chart) and partial
