"""HelmRepositories: one per address, shared by all charts that come from it.

Facts: source-controller:api/v1/helmrepository_types.go (the address of a registry starts with
`oci://`, and the chart's name is added to it).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from argoflux.flux.emit_kept import kept_helm_repositories
from argoflux.flux.source_groups import (
    free_name,
    say_shared,
    start_source,
    use_kept,
    use_source,
)
from argoflux.goports.giturl import GitUrlError, has_credentials, parse, strip_credentials
from argoflux.mapping.names import slug
from argoflux.model.render import Helm
from argoflux.model.source import HelmSource, OciSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.flux.access_needs import Need
    from argoflux.flux.emit_kept import Identity
    from argoflux.flux.emit_plan import Plan
    from argoflux.mapping.emission import Emission

INTERVAL = "10m"
KIND = "HelmRepository"
OCI = "oci"
# parts of an address that say that charts are there, but not whose
_COMMON = frozenset(
    [
        "artifactory",
        "chart",
        "chartrepo",
        "charts",
        "github",
        "gitlab",
        "helm",
        "helm-chart",
        "helm-charts",
        "helmcharts",
        "incubator",
        "index",
        "io",
        "packages",
        "pages",
        "public",
        "registry",
        "release",
        "releases",
        "repo",
        "repos",
        "repository",
        "stable",
        "www",
    ]
)
_NUMBERS = re.compile(r"[0-9.:\[\]a-f]*[0-9.:]")


class _Key(NamedTuple):
    """What charts must agree on to share a HelmRepository."""

    root: str
    namespace: str
    address: str
    type: str
    passes_credentials: bool
    need: Need


def emit_helm_repositories(plans: Sequence[Plan], emission: Emission, taken: set[Identity]) -> None:
    """Write the HelmRepositories of plans, and name them there."""
    groups: dict[_Key, list[Plan]] = {}
    for plan in plans:
        groups.setdefault(_key(plan), []).append(plan)
    existing = kept_helm_repositories(plans[0].request.kept) if plans else {}
    for key, users in groups.items():
        for plan in users:
            _note(plan)
        kept = existing.get((key.root, key.namespace, key.address, key.type), "")
        if kept and not key.passes_credentials:
            use_kept(emission, KIND, kept, users)
            continue
        name = free_name(taken, users[0], KIND, repository_name(key.address), key.address)
        use_source(users, KIND, name)
        _emit(key, name, users, emission)
        if len(users) > 1:
            say_shared(emission, KIND, name, users)


def _emit(key: _Key, name: str, users: list[Plan], emission: Emission) -> None:
    draft = start_source(KIND, name, users, usual=INTERVAL)
    if key.type == OCI:
        draft.put("spec.type", OCI, origin="required")
    draft.put("spec.url", key.address, slot="part.source.url")
    if key.passes_credentials:
        path, slot = "spec.passCredentials", "part.render.helm.pass_credentials"
        draft.put(path, value=True, slot=slot)
    emission.drafts.append(draft)


def _key(plan: Plan) -> _Key:
    source, render = plan.part.source, plan.part.render
    match source:
        case OciSource(url=url):
            address, registry, passes = f"oci://{url.rpartition('/')[0]}", OCI, False
        case HelmSource(url=url):
            address, registry = strip_credentials(url).rstrip("/"), ""
            passes = isinstance(render, Helm) and bool(render.pass_credentials)
        case _:
            raise TypeError(source)
    return _Key(
        root=plan.app.root,
        namespace=plan.namespace,
        address=address,
        type=registry,
        passes_credentials=passes,
        need=plan.need,
    )


def _note(plan: Plan) -> None:
    """What the rows need about the address."""
    source = plan.part.source
    address = _key(plan).address
    leaks = plan.facts.get("registry_credentials", False)
    if isinstance(source, HelmSource):
        leaks = has_credentials(source.url)
    plan.facts |= {"url": address, "flux_url": address, "url_credentials": leaks}


def repository_name(address: str) -> str:
    """Whose charts an address holds: the last part of it that says so.

    ``charts.bitnami.com/bitnami`` is bitnami, ``charts.jetstack.io`` is jetstack.
    """
    try:
        parts = parse(address)
    except GitUrlError:
        return slug(address.partition("://")[2])
    for segment in reversed(parts.path.strip("/").split("/")):
        if segment and segment.lower() not in _COMMON:
            return slug(segment)
    host = parts.host.lower()
    labels = host.split(".")[:-1]
    if _NUMBERS.fullmatch(host) or not labels:
        return slug(host)
    return slug(next((label for label in labels if label not in _COMMON), host))
