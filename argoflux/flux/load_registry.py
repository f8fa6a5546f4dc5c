"""Repositories of charts and artifacts of registries as model sources.

Facts: source-controller:api/v1/helmrepository_types.go, ocirepository_types.go, helmchart_types.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import flag, text
from argoflux.goports import semver
from argoflux.goports.giturl import strip_credentials
from argoflux.model.source import Access, HelmSource, OciSource, Revision

if TYPE_CHECKING:
    from argoflux.resource import Resource

ANY_VERSION = "*"
LATEST = "latest"
_REGISTRY = "oci://"
# fluxcd/pkg:oci/globals.go, helm:pkg/registry/constants.go
FLUX_LAYER = "application/vnd.cncf.flux.content.v1.tar+gzip"
HELM_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


def read_helm_repository(resource: Resource, chart: str, version: str) -> HelmSource | OciSource:
    """One chart of a HelmRepository; one of type ``oci`` is the prefix of artifacts."""
    body = resource.body
    url = text(body, "spec", "url") or ""
    access = read_access(resource)
    if text(body, "spec", "type") == "oci" or url.startswith(_REGISTRY):
        registry = url.removeprefix(_REGISTRY).strip("/")
        return OciSource(
            url=f"{registry}/{chart.strip('/')}",
            revision=read_chart_version(version),
            chart=True,
            by_name=True,
            access=access,
        )
    return HelmSource(url=url, chart=chart, version=version, access=access)


def read_oci_repository(resource: Resource, *, chart: bool) -> OciSource:
    """The artifact that an OCIRepository describes."""
    body = resource.body
    return OciSource(
        url=(text(body, "spec", "url") or "").removeprefix(_REGISTRY).strip("/"),
        revision=_read_ref(resource, chart=chart),
        chart=chart,
        layer=text(body, "spec", "layerSelector", "mediaType"),
        ignore=text(body, "spec", "ignore"),
        access=read_access(resource),
    )


def read_access(resource: Resource) -> Access:
    """What a source object says about credentials, certificates and proxies."""
    spec = resource.body.get("spec")
    body: dict[str, Any] = spec if isinstance(spec, dict) else {}
    provider = text(body, "provider")
    return Access(
        name=resource.ref.name,
        secret=text(body, "secretRef", "name"),
        certificate=text(body, "certSecretRef", "name"),
        proxy=text(body, "proxySecretRef", "name"),
        provider=provider if provider != "generic" else None,
        insecure=flag(body, "insecure"),
        suspended=flag(body, "suspend") or False,
    )


def read_chart_version(version: str) -> Revision:
    """The version of a chart in a registry: a full version is a tag, all else a range."""
    if semver.is_version(version) and is_full(version):
        return Revision(kind="tag", value=version)
    return Revision(kind="semver", value=version)


def is_full(version: str) -> bool:
    """Whether all three numbers of a version are there."""
    return version.partition("+")[0].partition("-")[0].count(".") == 2  # noqa: PLR2004  # x.y.z


def _read_ref(resource: Resource, *, chart: bool) -> Revision:
    """What ``ref`` selects: digest before range before tag, `latest` when it is absent.

    source-controller:internal/controller/ocirepository_controller.go getArtifactRef.
    """
    body = resource.body
    digest = text(body, "spec", "ref", "digest")
    if digest:
        return Revision(kind="digest", value=digest)
    wanted = text(body, "spec", "ref", "semver")
    if wanted:
        return Revision(kind="semver", value=wanted)
    tag = text(body, "spec", "ref", "tag")
    if tag is None:
        return Revision(kind="tag", value=LATEST)
    version = tag.replace("_", "+")
    return Revision(kind="tag", value=version if chart and semver.is_version(version) else tag)


def registry_facts(resource: Resource) -> dict[str, Any]:
    """What messages about such a source name, and what their tests look at."""
    body = resource.body
    facts: dict[str, Any] = {
        "source": str(resource.ref),
        "url": strip_credentials(text(body, "spec", "url") or ""),
        "repository": resource.ref.name,
        "layer": text(body, "spec", "layerSelector", "mediaType") or FLUX_LAYER,
        "provider": text(body, "spec", "provider") or "generic",
    }
    stated = [key for key in ("digest", "semver", "tag") if text(body, "spec", "ref", key)]
    if stated:
        facts["ref_winner"] = stated[0]
        facts["ref_losers"] = tuple(stated[1:])
        facts["fields"], facts["winner"] = ", ".join(sorted(stated)), stated[0]
    return facts
