"""Argo CD's objects as an Estate: Applications become Apps, the rest is refused or idle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.load_application import read_application
from argoflux.argocd.load_appset import read_applicationset
from argoflux.argocd.load_clusters import read_cluster
from argoflux.argocd.load_credentials import read_certificates, read_host_keys, read_secret
from argoflux.argocd.load_image_updates import keep_updater, read_image_updates
from argoflux.argocd.load_notifications import read_notify_config, read_subscriptions
from argoflux.argocd.load_order import read_families
from argoflux.argocd.load_project import KEY_FILE, read_key_file, read_project
from argoflux.argocd.load_settings import SETTINGS, note_settings, read_installations
from argoflux.argocd.loading import Loading
from argoflux.argocd.settings import read_settings
from argoflux.kinds import find
from argoflux.mapping.emission import Refusal, Saying
from argoflux.mapping.objects import A2F_API_001, A2F_OBJ_001
from argoflux.model.estate import Cluster, Estate, Installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from argoflux.argocd.settings import Settings
    from argoflux.mapping.emission import Loaded, Request
    from argoflux.resource import Resource


def load(resources: Sequence[Resource], request: Request) -> Loaded:
    """Read every object of Argo CD; apps come in sort order, whatever the order of the input."""
    ordered = sorted(resources, key=lambda r: (r.root, *r.sort_key()))
    settings = read_settings(ordered)
    loading = Loading(resources=ordered, request=request, settings=settings)
    for resource in ordered:
        _READERS.get(resource.pseudo or resource.ref.kind, _refuse)(resource, loading)
    families = read_families(loading)
    loading.loaded.estate = Estate(
        apps=tuple(sorted(loading.apps, key=lambda app: (app.root, *app.sort_key()))),
        clusters=tuple(_clusters(settings.values())),
        tenants=tuple(sorted(loading.tenants, key=lambda tenant: (tenant.root, tenant.name))),
        generated=tuple(loading.generated),
        families=families,
        installation=_installation(settings),
        settings=read_installations(ordered, {app.root for app in loading.apps}, request.argocd),
        keyring=loading.keyring,
        notifiers=tuple(loading.notifiers),
        subscriptions=read_subscriptions(loading),
        updaters=tuple(loading.updaters),
        image_updates=read_image_updates(loading),
    )
    return loading.loaded


def _read_application(resource: Resource, loading: Loading) -> None:
    app, reading = read_application(resource, loading.settings_of(resource), loading.request)
    loading.loaded.sayings += reading.sayings
    if app is not None:
        loading.apps.append(app)
        loading.loaded.sayings += _version_sayings(resource)
    elif reading.refusal is not None:
        loading.loaded.refused.append(reading.refusal)


def _read_applicationset(resource: Resource, loading: Loading) -> None:
    loading.loaded.sayings += _version_sayings(resource)
    read_applicationset(resource, loading)


def _refuse(resource: Resource, loading: Loading) -> None:
    loading.loaded.refused.append(Refusal(resource=resource, message=A2F_OBJ_001))


_READERS: Mapping[str, Callable[[Resource, Loading], None]] = {
    "Application": _read_application,
    **dict.fromkeys(SETTINGS, note_settings),
    "ApplicationSet": _read_applicationset,
    "AppProject": read_project,
    KEY_FILE: read_key_file,
    **dict.fromkeys(
        (
            "Secret:repository",
            "Secret:repo-creds",
            "Secret:repository-write",
            "Secret:repo-write-creds",
            "Secret:scm-creds",
            "ExternalSecret:argocd",
            "SealedSecret:argocd",
        ),
        read_secret,
    ),
    "Secret:cluster": read_cluster,
    "ConfigMap:argocd-ssh-known-hosts-cm": read_host_keys,
    "ConfigMap:argocd-tls-certs-cm": read_certificates,
    "ConfigMap:argocd-notifications-cm": read_notify_config,
    "ImageUpdater": keep_updater,
}
"""By kind, or by the pseudo-kind of a Secret or ConfigMap; everything else is refused."""


def _version_sayings(resource: Resource) -> list[Saying]:
    """The remark about a version that Argo CD never had; there has been one so far."""
    kind = find(resource.ref.group, resource.ref.kind)
    if kind is None or kind.version(resource.version) is not None:
        return []
    facts = {
        "kind": kind.kind,
        "version": resource.version,
        "newer": kind.newest.version,
    }
    place, apps = resource.place("apiVersion"), (str(resource.ref),)
    return [Saying(message=A2F_API_001, facts=facts, places=(place,), apps=apps)]


def _clusters(settings: Iterable[Settings]) -> list[Cluster]:
    found = {(c.server, c.name): c for each in settings for c in each.clusters}
    return [found[key] for key in sorted(found)]


def _installation(settings: dict[str, Settings]) -> Installation:
    config: dict[str, str] = {}
    for root in sorted(settings):
        config.update(settings[root].config)
    return Installation(argocd_cm=config)
