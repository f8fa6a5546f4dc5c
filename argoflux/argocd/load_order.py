"""Who deploys whom: apps of apps with their children, and neighbours whose parent is not at hand.

An Application whose path holds Applications applies them as objects, wave by wave
(argo-cd:docs/operator-manual/cluster-bootstrapping.md).
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from argoflux.mapping.emission import Idle, Saying
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.order import A2F_OBJ_006
from argoflux.model.content import Known
from argoflux.model.family import PARENT_KINDS, Family, is_for_argo, wave_text
from argoflux.model.render import Helm, Kustomize
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from argoflux.argocd.load_source import SourceReading
    from argoflux.argocd.loading import Loading
    from argoflux.finding import Place
    from argoflux.model.app import App
    from argoflux.model.content import ContentObject
    from argoflux.model.files import SourceFiles
    from argoflux.model.render import Render
    from argoflux.resource import Resource
    from argoflux.text import Path

_GROUP = "argoproj.io"
_TEMPLATE = re.compile(
    r"^\s*kind:\s*[\"']?(Application|ApplicationSet|AppProject)[\"']?\s*$", re.MULTILINE
)
_RENDERED = "convert what `helm template` yields, and apply that folder with one Kustomization"


class _Parent(NamedTuple):
    """An app of apps with what its paths hold of Argo CD, and whether they hold anything else."""

    app: App
    objects: tuple[ContentObject, ...]
    others: bool


class _Index(NamedTuple):
    """The resources of Argo CD by where they stand and by identity, and the apps that they became."""

    places: dict[tuple[str, str, int, Path], Resource]
    names: dict[tuple[str, str, str], list[Resource]]
    apps: dict[Resource, list[App]]


def read_families(loading: Loading) -> tuple[Family, ...]:
    """The families of all apps that were read."""
    index = _index(loading)
    families: list[Family] = []
    owners: dict[App, App] = {}
    for parent in _parents(loading):
        projects = all(obj.ref.kind == "AppProject" for obj in parent.objects)
        if projects and not parent.others and parent.app.resource.made_by is None:
            loading.apps.remove(parent.app)
            reason = "it deploys projects only, which are converted themselves"
            loading.loaded.idle.append(Idle(resource=parent.app.resource, reason=reason))
            continue
        members, absent = _members(parent, index, loading)
        own = [app for app in members if _may_own(parent.app, app, owners)]
        owners.update(dict.fromkeys(own, parent.app))
        families.append(
            Family(
                root=parent.app.root,
                parent=parent.app,
                members=tuple(sorted(own, key=lambda app: app.sort_key())),
                deploys=tuple(sorted(str(obj.ref) for obj in parent.objects)),
                absent=absent,
                projects=projects,
                edited=any(_edits(part.render) for part in parent.app.parts),
            )
        )
    families += _neighbours(loading, owners)
    return tuple(families)


def _index(loading: Loading) -> _Index:
    index = _Index({}, defaultdict(list), defaultdict(list))
    for resource in loading.resources:
        if resource.ref.kind in PARENT_KINDS and not resource.pseudo:
            spot = _spot(resource.root, resource.place())
            if spot is not None:
                index.places[spot] = resource
            key = (resource.root, resource.ref.kind, resource.ref.name)
            index.names[key].append(resource)
    for app in loading.apps:
        index.apps[app.resource.made_by or app.resource].append(app)
    return index


def _spot(root: str, place: Place) -> tuple[str, str, int, Path] | None:
    """Where an object begins; None for one that is made up."""
    document = place.document
    if not isinstance(document, Document):
        return None
    return root, place.source.name, document.index, place.path


def _parents(loading: Loading) -> list[_Parent]:
    """The apps whose paths hold Applications, in sort order."""
    found: list[_Parent] = []
    for app in sorted(loading.apps, key=lambda app: (app.root, *app.sort_key())):
        objects: list[ContentObject] = []
        others = False
        for part in app.parts:
            content = loading.request.content(app, part) if part.produces else None
            if isinstance(content, Known):
                own = [obj for obj in content.objects if is_for_argo(obj)]
                others = others or len(own) < len(content.objects) or not content.complete
                objects += own
        if objects:
            found.append(_Parent(app, tuple(objects), others))
    return found


def unseen_children(reading: SourceReading, app: App) -> None:
    """Refuse an app whose chart in Git renders Applications: what it yields cannot be told."""
    for part in app.parts:
        if not (part.produces and isinstance(part.render, Helm)):
            continue
        files = reading.request.files(app, part)
        kinds = _templated(files, part.path) if files is not None else ""
        if kinds:
            what = f"its chart renders Argo CD objects ({kinds})"
            reading.refuse(A2F_OBJ_003, what=what, remedy=_RENDERED)


def _templated(files: SourceFiles, path: str) -> str:
    """The kinds of Argo CD that the templates of a chart make."""
    prefix = posixpath.normpath(posixpath.join(path, "templates")) + "/"
    names = files.names()
    found: set[str] = set()
    for name in names[bisect_left(names, prefix) :]:
        if not name.startswith(prefix):
            break
        text = files.read(name) or ""
        if _GROUP in text:
            found.update(_TEMPLATE.findall(text))
    return ", ".join(sorted(found))


def _members(parent: _Parent, index: _Index, loading: Loading) -> tuple[list[App], tuple[str, ...]]:
    """The apps that a parent's objects became, and the objects that are not in the input."""
    members: list[App] = []
    absent: list[str] = []
    for obj in parent.objects:
        resource = _resource(parent.app.root, obj, index)
        if resource is None:
            absent.append(str(obj.ref))
            continue
        members += index.apps.get(resource, ())
        if not obj.certain or obj.body.get("spec") != resource.body.get("spec"):
            path = parent.app.parts[0].path
            facts = {"name": str(resource.ref), "path": path}
            place, apps = resource.place("spec"), (str(resource.ref),)
            saying = Saying(message=A2F_OBJ_006, facts=facts, places=(place,), apps=apps)
            loading.loaded.sayings.append(saying)
    return list(dict.fromkeys(members)), tuple(sorted(absent))


def _resource(root: str, obj: ContentObject, index: _Index) -> Resource | None:
    """The resource that an object of a path is: by its place, else by its name where one has it."""
    spot = _spot(root, obj.place)
    if spot in index.places:
        return index.places[spot]
    named = index.names.get((root, obj.ref.kind, obj.ref.name), ())
    return named[0] if len(named) == 1 else None


def _may_own(parent: App, app: App, owners: dict[App, App]) -> bool:
    """Whether a parent becomes the owner: an app has one, and never comes to own itself."""
    if app in owners or app is parent:
        return False
    above: App | None = parent
    while above is not None:
        if above is app:
            return False
        above = owners.get(above)
    return True


def _edits(render: Render) -> bool:
    """Whether the options of an Application change objects."""
    plain = Kustomize()
    return isinstance(render, Kustomize) and any(
        getattr(render, name) != getattr(plain, name)
        for name in (
            "name_prefix",
            "name_suffix",
            "labels",
            "annotations",
            "images",
            "patches",
            "components",
            "replicas",
        )
    )


def _neighbours(loading: Loading, owners: dict[App, App]) -> list[Family]:
    """Apps without a known parent in each root, where one of them states a wave.

    Those that state none count where they stand in the same folder as one that does.
    """
    orphans: dict[str, list[App]] = defaultdict(list)
    for app in sorted(loading.apps, key=lambda app: app.sort_key()):
        if app not in owners:
            orphans[app.root].append(app)
    families = []
    for root, apps in sorted(orphans.items()):
        stating = [app for app in apps if wave_text(app)]
        folders = {posixpath.dirname(app.resource.file) for app in stating}
        members = [
            app for app in apps if wave_text(app) or posixpath.dirname(app.resource.file) in folders
        ]
        if stating:
            families.append(Family(root=root, parent=None, members=tuple(members)))
    return families
