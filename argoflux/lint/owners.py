"""Who applies what: Applications, Kustomizations and HelmReleases with what they would delete.

The same owner in another revision has the same key; an owner with another name that deploys the same
thing has the same ``deploys``. Many owners deploy one chart or one folder with other values or
variables: these are parts of what they deploy.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import flag, items, table, text
from argoflux.goports.giturl import repository_key, strip_credentials
from argoflux.lint.context import known_text
from argoflux.lint.sync_policy import automation
from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from argoflux.finding import Place
    from argoflux.lint.application import ApplicationView
    from argoflux.lint.context import Context
    from argoflux.resource import Resource

_OF_REVISION = frozenset({"repoURL", "targetRevision", "name"})
"""Fields of a source that do not say what is deployed; the address is compared by itself."""

FINALIZER = "resources-finalizer.argocd.argoproj.io"

Key = tuple[str, str, str, str]
"""Root, kind, namespace and name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One object that applies others.

    ``deploys`` says what, where to: None where it is not known. ``deletes`` tells that deleting the
    owner deletes what it applied, ``prunes`` that it deletes what leaves its source. ``view`` is the
    Application, where it is one.
    """

    key: Key
    resource: Resource
    place: Place
    deploys: tuple[Any, ...] | None
    deletes: bool
    prunes: bool
    view: ApplicationView | None = None

    @property
    def title(self) -> str:
        """``Kind/namespace/name``."""
        return "/".join(part for part in self.key[1:] if part)


def owners(ctx: Context) -> dict[Key, Owner]:
    """Every owner of the run by its key."""
    known: dict[Key, Owner] | None = ctx.memory.get("owners")
    if known is None:
        known = {owner.key: owner for owner in _read(ctx)}
        ctx.memory["owners"] = known
    return known


def _read(ctx: Context) -> Iterator[Owner]:
    for resource in ctx.resources:
        match resource.ref.group, resource.ref.kind:
            case "kustomize.toolkit.fluxcd.io", "Kustomization":
                yield _kustomization(resource)
            case "helm.toolkit.fluxcd.io", "HelmRelease":
                yield _release(resource)
            case _:
                pass
    for view in ctx.all_applications:
        if view.name and not view.open:
            yield _application(view)


def key_of(resource: Resource) -> Key:
    """The key of an owner that is written down."""
    return (resource.root, resource.ref.kind, resource.ref.namespace, resource.ref.name)


def _kustomization(resource: Resource) -> Owner:
    """kustomize-controller:api/v1/kustomization_types.go GetDeletionPolicy: MirrorPrune by default."""
    body = resource.body
    prunes = flag(body, "spec", "prune") is True
    policy = text(body, "spec", "deletionPolicy") or "MirrorPrune"
    deletes = prunes if policy == "MirrorPrune" else policy != "Orphan"
    source = table(body, "spec", "sourceRef")
    deploys = (
        "Kustomization",
        source.get("kind"),
        source.get("name"),
        source.get("namespace") or resource.ref.namespace,
        posixpath.normpath("/" + (text(body, "spec", "path") or ".")).lstrip("/") or ".",
        *(text(body, "spec", key) for key in ("targetNamespace", "namePrefix", "nameSuffix")),
        *(repr(table(body, "spec", key)) for key in ("kubeConfig", "postBuild")),
    )
    return Owner(
        key=key_of(resource),
        resource=resource,
        place=resource.place("metadata", "name"),
        deploys=_final(deploys) if source else None,
        deletes=deletes and flag(body, "spec", "suspend") is not True,
        prunes=prunes,
    )


def _release(resource: Resource) -> Owner:
    body = resource.body
    chart, reference = table(body, "spec", "chart", "spec"), table(body, "spec", "chartRef")
    deploys = (
        "HelmRelease",
        text(chart, "chart"),
        repr(sorted(table(chart, "sourceRef").items())),
        repr(sorted(reference.items())),
        target_namespace(resource),
        repr(table(body, "spec", "kubeConfig")),
        text(body, "spec", "releaseName") or _values(body),
    )
    return Owner(
        key=key_of(resource),
        resource=resource,
        place=resource.place("metadata", "name"),
        deploys=_final(deploys) if chart or reference else None,
        deletes=flag(body, "spec", "suspend") is not True,
        prunes=True,
    )


def _values(body: dict[str, Any]) -> str:
    """What tells two releases of one chart apart, where no name is stated."""
    return repr((table(body, "spec", "values"), items(body, "spec", "valuesFrom")))


def _final(deploys: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """What an owner deploys; None where a part of it is filled in later."""
    return None if has_placeholder(repr(deploys)) else deploys


def target_namespace(release: Resource) -> str:
    """Where a HelmRelease installs (helm-controller:api/v2/helmrelease_types.go GetReleaseNamespace)."""
    return text(release.body, "spec", "targetNamespace") or release.ref.namespace


def release_name(release: Resource) -> str:
    """The name of the Helm release before it is shortened (GetReleaseName of the same file)."""
    stated, target = (text(release.body, "spec", key) for key in ("releaseName", "targetNamespace"))
    return stated or "-".join(part for part in (target, release.ref.name) if part)


def _application(view: ApplicationView) -> Owner:
    automated = automation(view)
    return Owner(
        key=(view.resource.root, "Application", view.namespace, view.name),
        resource=view.resource,
        place=view.place("metadata", "name"),
        deploys=_deployed(view),
        deletes=_cascades(view),
        prunes=automated is not None and automated.get("prune") is True,
        view=view,
    )


def _deployed(view: ApplicationView) -> tuple[Any, ...] | None:
    found: list[tuple[Any, ...]] = []
    for _, source in view.sources():
        url = known_text(source.get("repoURL"))
        if url is None:
            return None
        rest = {key: value for key, value in source.items() if key not in _OF_REVISION}
        found.append((repository_key(strip_credentials(url)), repr(sorted(rest.items()))))
    destination = table(dict(view.spec), "destination")
    return _final(("Application", *found, repr(sorted(destination.items())))) if found else None


def _cascades(view: ApplicationView) -> bool:
    """Whether deleting an Application deletes its objects.

    A set gives what it makes the finalizer, unless it is told to preserve the objects
    (argo-cd:applicationset/utils/utils.go RenderTemplateParams).
    """
    stated = [str(one) for one in items(dict(view.metadata), "finalizers")]
    if any(one.startswith(FINALIZER) for one in stated):
        return True
    if view.generator is None:
        return False
    return flag(view.resource.body, "spec", "syncPolicy", "preserveResourcesOnDeletion") is not True


def set_deletes(owner: Owner) -> bool:
    """Whether the set that made an Application deletes it when no generator gives it any more.

    argo-cd:docs/operator-manual/applicationset/Controlling-Resource-Modification.md.
    """
    policy = text(owner.resource.body, "spec", "syncPolicy", "applicationsSync")
    return policy not in {"create-only", "create-update"}
