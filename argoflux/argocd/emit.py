"""Flux apps as Argo CD Applications, with the Secrets they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.app_names import application_names
from argoflux.argocd.artifacts import put_layer_types
from argoflux.argocd.cluster_secrets import cluster_secrets
from argoflux.argocd.credential_keys import say_secret_keys
from argoflux.argocd.emit_application_sets import fold, templated
from argoflux.argocd.emit_health import put_health_checks
from argoflux.argocd.emit_image_updates import emit_image_updates
from argoflux.argocd.emit_kustomization import write_kustomization
from argoflux.argocd.emit_notifications import emit_notifications
from argoflux.argocd.emit_order import put_order, refused_cycles
from argoflux.argocd.emit_parents import (
    has_root,
    is_parent,
    obstacle,
    parents_of,
    refuse_parent,
    write_parent,
)
from argoflux.argocd.emit_projects import put_projects
from argoflux.argocd.emit_release import write_release
from argoflux.argocd.emit_rollouts import put_rollouts
from argoflux.argocd.emit_signatures import put_signatures
from argoflux.argocd.emit_webhooks import emit_webhooks
from argoflux.argocd.origin_labels import say_origin_labels
from argoflux.argocd.repository_secrets import put_repository_secrets
from argoflux.argocd.settings_parts import say_parts
from argoflux.argocd.writing import Writing
from argoflux.goports import duration
from argoflux.mapping.draft import Draft
from argoflux.mapping.emission import Decision, Emission
from argoflux.mapping.source import F2A_GIT_006, F2A_GIT_018, F2A_GIT_022, F2A_INT_001
from argoflux.mapping.sync import F2A_SYNC_002, F2A_SYNC_003
from argoflux.mapping.variables import F2A_SUB_002, F2A_SUB_006, F2A_SUB_008, variables_in
from argoflux.model.source import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.mapping.emission import Loaded, Request
    from argoflux.model.app import App

NAMESPACE = "argocd"
FOLDER = "apps"
_API = "argoproj.io/v1alpha1"
_SOURCES = frozenset({"GitRepository", "HelmRepository", "OCIRepository"})


def emit(loaded: Loaded, request: Request) -> Emission:
    """One Application per app that deploys something, named independently of input order."""
    apps = loaded.estate.apps
    emission = Emission()
    namespace = request.options.control_namespace or NAMESPACE
    names = application_names(apps, request.argocd)
    clusters = cluster_secrets(apps, namespace)
    waiting = refused_cycles(apps)
    parents: list[Writing] = []
    for app in apps:
        work = _start(app, names[app], request, emission)
        if app in waiting:
            emission.decisions[app] = Decision(kind="", facts=work.facts, refused=waiting[app])
            continue
        if is_parent(app):
            parents.append(work)
            continue
        _finish(work, _write(work, _cluster_name(clusters.get(app))))
    _put_parents(parents, emission, apps)
    templates = _put_sets(loaded, request, emission)
    written = [app for app in apps if emission.decisions[app].kind]
    rollouts = put_order(emission, loaded, request, written)
    for installation in loaded.estate.installs:
        rooted = has_root(installation, written)
        emission.made[installation] = Decision(kind="", facts={"rooted": rooted})
    put_health_checks(emission, request, written)
    put_projects(emission, request, written, namespace)
    put_signatures(emission, request, written, namespace)
    put_layer_types(emission, request, written)
    _put_repositories(emission, [*written, *templates], namespace)
    say_secret_keys(emission, request, [*written, *templates])
    _put_clusters(emission, written, clusters)
    emit_notifications(loaded, request, emission, namespace)
    emit_webhooks(loaded, request, emission, namespace)
    emit_image_updates(loaded, emission, namespace)
    put_rollouts(emission, request, rollouts)
    say_origin_labels(emission, request, written)
    say_parts(emission, request)
    _say_run(emission, written)
    return emission


def _put_sets(loaded: Loaded, request: Request, emission: Emission) -> list[App]:
    """One ApplicationSet for each set of Flux objects; the apps of which each is a template."""
    for made in loaded.estate.generated:
        app = made.apps[0]
        work = _start(app, app.name, templated(request), emission)
        emission.decisions[app] = fold(made, work, _write(work, None))
    apps = [made.apps[0] for made in loaded.estate.generated]
    return [app for app in apps if emission.decisions[app].kind]


def _finish(work: Writing, decision: Decision) -> None:
    work.emission.decisions[work.app] = decision
    if decision.kind:
        work.emission.drafts.append(work.draft)
        _say_copy(work)
        _say_submodules(work)
        _say_variables(work)


def _put_parents(works: list[Writing], emission: Emission, apps: Sequence[App]) -> None:
    """Apps of apps, the innermost first: an app with children only counts once it is written."""
    parents = parents_of(apps)
    left = list(works)
    while left:
        waiting = {work.app for work in left}
        above = {parents[app] for app in waiting if app in parents}
        ready = [work for work in left if work.app not in above] or left
        for work in ready:
            drafts = {draft.apps[0]: draft for draft in emission.drafts}
            children = {app: drafts[app] for app in drafts if parents.get(app) is work.app}
            why = obstacle(work.app, list(children))
            decision = refuse_parent(work, why) if why else write_parent(work, children)
            _finish(work, decision)
        left = [work for work in left if work not in ready]


def _cluster_name(stub: Draft | None) -> str | None:
    return str(stub.body["stringData"]["name"]) if stub is not None else None


def _start(app: App, name: str, request: Request, emission: Emission) -> Writing:
    restored = app.extra.get("application_namespace") if app.extra.get("application") else None
    draft = Draft(
        api_version=_API,
        kind="Application",
        namespace=request.options.control_namespace or restored or NAMESPACE,
        name=name,
        folder=FOLDER,
        root=app.root,
        apps=[app],
    )
    facts: dict[str, Any] = dict(app.extra["facts"])
    if name != (app.extra.get("application") or app.name):
        facts["renamed"] = True
        facts["new"] = name
    return Writing(app=app, request=request, emission=emission, draft=draft, facts=facts)


def _write(work: Writing, cluster: str | None) -> Decision:
    if work.app.kind == "HelmRelease":
        return write_release(work, cluster)
    return write_kustomization(work, cluster)


def _put_repositories(emission: Emission, apps: list[App], namespace: str) -> None:
    """Secrets of repositories, and what the messages about them name."""
    for app, draft in put_repository_secrets(emission, apps, namespace).items():
        if emission.decisions[app].facts.get("fetched_from") is not None:
            _say_home(emission, app, draft)
            continue
        source: Any = app.parts[0].source
        secret = source.secret if isinstance(source, GitSource) else source.access.secret
        owner = next((r for r in app.made_of if r.ref.kind in _SOURCES), app.resource)
        facts = emission.decisions[app].facts
        facts["repository_secret"] = _owned(owner.ref.namespace or app.namespace, secret)
        facts["repository_stub"] = draft.id


def _say_home(emission: Emission, app: App, draft: Draft) -> None:
    """The repository of a kustomization that edits a chart is no source of the release itself."""
    facts = emission.decisions[app].facts
    home: GitSource = facts["fetched_from"]
    secret = _owned(facts["home_namespace"], home.secret)
    place = app.resource.place()
    emission.say(F2A_GIT_006, place, apps=(app.id,), url=home.url, secret=secret, stub=draft.id)


def _put_clusters(emission: Emission, apps: list[App], stubs: dict[App, Draft]) -> None:
    """Secrets of the clusters that written Applications are sent to."""
    for app in apps:
        draft = stubs.get(app)
        if draft is None:
            continue
        if draft not in emission.drafts:
            draft.apps = [user for user in draft.apps if user in apps]
            emission.drafts.append(draft)
        facts = emission.decisions[app].facts
        facts["kubeconfig_secret"] = _owned(app.namespace, app.destination.cluster.secret)
        facts["cluster"] = _cluster_name(draft)
        facts["cluster_stub"] = draft.id


def _owned(namespace: str, name: str | None) -> str:
    return "/".join(part for part in (namespace, name) if part)


def _say_copy(work: Writing) -> None:
    """What a path holds was read from a folder that only looks like the repository."""
    files = work.files()
    if files is not None and files.assumed:
        source = work.facts.get("source")
        place = work.app.resource.place()
        apps = (work.app.id,)
        work.emission.say(F2A_GIT_022, place, apps=apps, source=source, directory=files.directory)


def _say_submodules(work: Writing) -> None:
    """Argo CD initialises submodules unless the whole repo-server is told not to."""
    files = work.files()
    if files is None or work.git is None or work.git.submodules is True:
        return
    if ".gitmodules" in files.names():
        work.facts["has_submodules"] = True
        resource = work.source_resource
        if work.git.submodules is None and resource is not None:
            place = resource.place()
            work.emission.say(F2A_GIT_018, place, apps=(work.app.id,), url=work.facts.get("url"))


def _say_variables(work: Writing) -> None:
    """Variables whose values are not known stand in the result as they are."""
    parent = work.facts.get("parent")
    standing = set(variables_in(work.draft.body)) - work.facts.get("variables_copied", frozenset())
    secret = [name for name in work.facts["variables_secret"] if name in standing]
    if secret:
        work.say(F2A_SUB_002, variables=", ".join(secret), parent=parent)
    left = [name for name in work.facts["variables_left"] if name in standing]
    if left:
        message = F2A_SUB_006 if parent else F2A_SUB_008
        work.say(message, variables=", ".join(left), parent=parent)


def _say_run(emission: Emission, apps: list[App]) -> None:
    """Remarks about the run: cadence, empty paths, server-side apply."""
    if not apps:
        return
    emission.say(F2A_SYNC_003)
    if any(app.kind == "Kustomization" and app.sync.prune for app in apps):
        emission.say(F2A_SYNC_002)
    sources = _intervals(app.extra["facts"].get("source_interval") for app in apps)
    charts = _intervals(app.extra["facts"].get("chart_interval") for app in apps)
    all_of_them = {**_intervals(app.sync.interval for app in apps), **charts, **sources}
    if all_of_them:
        smallest = min(sources or all_of_them, key=(sources or all_of_them).__getitem__)
        texts = sorted(all_of_them, key=lambda text: (all_of_them[text], text))
        emission.say(F2A_INT_001, intervals=", ".join(texts), smallest=smallest)


def _intervals(texts: Iterable[str | None]) -> dict[str, int]:
    """Durations by their text; what is no duration does not count."""
    found: dict[str, int] = {}
    for text in texts:
        try:
            if text:
                found[text] = duration.parse(text)
        except duration.DurationError:
            continue
    return found
