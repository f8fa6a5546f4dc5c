"""Flux objects that the input holds already: their names are taken, equal sources are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.goports.giturl import repository_key, strip_credentials
from argoflux.mapping.revisions import canonical
from argoflux.model.source import Revision
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.model.source import RevisionKind
    from argoflux.resource import Resource

Identity = tuple[str, str, str, str]
"""Root, kind, namespace and name."""

_PLAIN_FIELDS = frozenset({"url", "ref", "interval", "timeout", "secretRef", "provider"})
"""Fields of a GitRepository that do not change what it delivers."""

_HELM_FIELDS = frozenset(
    {"url", "type", "interval", "timeout", "secretRef", "certSecretRef", "provider"}
)
"""The same for a HelmRepository."""

_ARTIFACT_FIELDS = frozenset(
    {
        *("url", "ref", "layerSelector", "interval", "timeout"),
        *("secretRef", "certSecretRef", "proxySecretRef", "provider", "insecure"),
    }
)
"""The same for an OCIRepository; what it delivers is compared."""

# fluxcd/pkg:git/gogit/client.go clone
_PRECEDENCE: tuple[RevisionKind, ...] = ("commit", "name", "tag", "semver", "branch")
_DEFAULT_BRANCH = "master"


def kept_names(kept: Iterable[Resource]) -> set[Identity]:
    """The identities that new objects must not take."""
    return {(r.root, r.ref.kind, r.ref.namespace, r.ref.name) for r in kept}


def kept_sources(kept: Iterable[Resource]) -> dict[tuple[str, str, str, tuple[str, str]], str]:
    """Names of GitRepositories that deliver a whole tree: by root, namespace, repository, revision.

    Of several equal ones the smallest name counts.
    """
    found: dict[tuple[str, str, str, tuple[str, str]], str] = {}
    for resource in sorted(kept, key=lambda r: r.sort_key()):
        spec = resource.body.get("spec")
        if resource.ref.kind != "GitRepository" or not isinstance(spec, dict):
            continue
        url = spec.get("url")
        if set(spec) - _PLAIN_FIELDS or not isinstance(url, str) or resource.placeholder:
            continue
        repository = repository_key(strip_credentials(url))
        key = (resource.root, resource.ref.namespace, repository, canonical(_revision(spec)))
        found.setdefault(key, resource.ref.name)
    return found


def kept_helm_repositories(kept: Iterable[Resource]) -> dict[tuple[str, str, str, str], str]:
    """Names of HelmRepositories: by root, namespace, address without a final slash, and type."""
    found: dict[tuple[str, str, str, str], str] = {}
    for resource in sorted(kept, key=lambda r: r.sort_key()):
        spec = resource.body.get("spec")
        if resource.ref.kind != "HelmRepository" or not isinstance(spec, dict):
            continue
        url, type_ = spec.get("url"), spec.get("type")
        if set(spec) - _HELM_FIELDS or not isinstance(url, str) or resource.placeholder:
            continue
        registry = "oci" if type_ == "oci" else ""
        key = (resource.root, resource.ref.namespace, url.rstrip("/"), registry)
        found.setdefault(key, resource.ref.name)
    return found


def kept_artifacts(kept: Iterable[Resource]) -> dict[tuple[str, str, str, str], str]:
    """Names of OCIRepositories: by root, namespace, and what they deliver (``artifact_key``)."""
    found: dict[tuple[str, str, str, str], str] = {}
    for resource in sorted(kept, key=lambda r: r.sort_key()):
        spec = resource.body.get("spec")
        if resource.ref.kind != "OCIRepository" or not isinstance(spec, dict):
            continue
        if set(spec) - _ARTIFACT_FIELDS or resource.placeholder:
            continue
        url, delivered = artifact_key(spec)
        found.setdefault((resource.root, resource.ref.namespace, url, delivered), resource.ref.name)
    return found


def artifact_key(spec: Mapping[str, Any]) -> tuple[str, str]:
    """The address of an OCIRepository, and which version and layer of it are delivered."""
    url, ref, layer = spec.get("url"), spec.get("ref"), spec.get("layerSelector")
    selected = [sorted(part.items()) if isinstance(part, dict) else [] for part in (ref, layer)]
    return str(url).rstrip("/"), repr(selected)


def _revision(spec: dict[str, Any]) -> Revision:
    """What source-controller checks out; without ``ref`` that is the branch master."""
    for kind in _PRECEDENCE:
        value = dig(spec, "ref", kind)
        if isinstance(value, str) and value:
            return Revision(kind=kind, value=value)
    return Revision(kind="branch", value=_DEFAULT_BRANCH)
