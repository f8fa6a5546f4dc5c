"""Kustomizations that apply only Flux objects, as apps of apps over a folder of the output.

The children are converted by themselves; the parent's Application applies their new files.
Deleting the Application of a bootstrap deletes nothing: it is the root of everything.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from argoflux.argocd import application
from argoflux.mapping.emission import Decision, Refusal
from argoflux.mapping.parents import F2A_OBJ_005, F2A_OBJ_006, F2A_OBJ_007, F2A_OBJ_008
from argoflux.model.source import GitSource
from argoflux.yamlio.tree import dig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.argocd.writing import Writing
    from argoflux.mapping.draft import Draft
    from argoflux.model.app import App
    from argoflux.resource import Resource

APPS = "apps"
_SHOWN = 5
_PLACEHOLDER = "TODO"


def is_parent(app: App) -> bool:
    """Whether all that an app applies are Flux objects."""
    return "applies" in app.extra


def root_name(app: App) -> str | None:
    """The name for the parent of a whole cluster: after the directory that it applies."""
    if not (is_parent(app) and app.extra.get("bootstrap")):
        return None
    directory = posixpath.basename(app.parts[0].path)
    return f"root-{directory}" if directory not in {"", "."} else "root"


def has_root(installation: Resource, written: Sequence[App]) -> bool:
    """Whether what an installation of Flux applies first became an Application."""
    ref = installation.ref
    stated = dig(installation.body, "spec", "sync", "name")
    name = stated if isinstance(stated, str) and stated else ref.namespace
    same = (installation.root, "Kustomization", ref.namespace, name)  # `flux bootstrap` wrote it
    return any(
        app.resource.made_by is installation.written
        or (app.root, app.kind, app.namespace, app.name) == same
        for app in written
    )


def parents_of(apps: Sequence[App]) -> dict[App, App]:
    """The parent of every app that has one among these apps."""
    by_identity = {(app.root, app.id): app for app in apps if is_parent(app)}
    found: dict[App, App] = {}
    for app in apps:
        parent = by_identity.get((app.root, app.extra["facts"].get("parent") or ""))
        if parent is not None and parent is not app:
            found[app] = parent
    return found


def obstacle(app: App, children: Sequence[App]) -> str:
    """Why a parent cannot become an Application; empty when it can."""
    if not children:
        return "none of them became an Application"
    if not isinstance(app.parts[0].source, GitSource):
        return "its source is no Git repository, which Applications could be committed to"
    if not app.destination.cluster.local:
        return "it applies them to another cluster"
    return ""


def refuse_parent(work: Writing, why: str) -> Decision:
    """A parent that became nothing; its children stand for themselves."""
    facts = {"objects": _listed(work.app.extra["applies"]), "why": why}
    refusal = Refusal(resource=work.app.resource, message=F2A_OBJ_008, facts=facts)
    return Decision(kind="", facts=work.facts, refused=refusal)


def write_parent(work: Writing, children: Mapping[App, Draft]) -> Decision:
    """An Application over the folder of the new files of its children."""
    draft = work.draft
    folder = f"{APPS}/{draft.name}"
    for child in children.values():
        child.folder, child.listed = folder, False
    deploy = work.request.options.deploy_path
    stated = _PLACEHOLDER if deploy is None else deploy
    application.put_project(work)
    application.put_source(work)
    path = "/".join(part for part in (stated, folder) if part)
    draft.put("spec.source.path", path, slot="part.path")
    draft.deploys = {("spec", "source", "path"): (stated, folder)}
    application.put_destination(work, draft.namespace, slot="", cluster=None)
    application.put_sync_policy(work)
    application.put_metadata(work)
    if work.app.extra.get("bootstrap"):
        _keep_everything(work)
        work.facts["root"] = draft.name == root_name(work.app)
    work.facts["namespace_mode"] = "fill"
    work.facts.pop("rendering", None)  # its variables are filled in where its children state them
    work.say(F2A_OBJ_005, folder=folder, object=draft.name)
    if deploy is None:
        work.say(F2A_OBJ_006, folder=folder, object=draft.name)
    there = {f"{app.kind}/{app.name}" for app in children}
    absent = [name for name in work.app.extra["applies"] if _short(name) not in there]
    if absent:
        work.say(F2A_OBJ_007, absent=_listed(absent))
    return Decision(kind="Application", facts=work.facts)


def _keep_everything(work: Writing) -> None:
    """Deleting the Application leaves its children alone."""
    draft = work.draft
    draft.body["metadata"].pop("finalizers", None)
    draft.traces = [t for t in draft.traces if t.path[:2] != ("metadata", "finalizers")]
    work.facts["cascade"] = False


def _short(name: str) -> str:
    """Kind and name of ``Kind/namespace/name``: the parent may have given the namespace."""
    parts = name.split("/")
    return f"{parts[0]}/{parts[-1]}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
