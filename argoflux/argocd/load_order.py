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

from argoflux.mapping.emission import Refusal, Saying
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.mapping.order import A2F_OBJ_004, A2F_OBJ_005, A2F_OBJ_006
from argoflux.model.content import Known
from argoflux.model.family import PARENT_KINDS, Family, wave_text
from argoflux.model.render import Helm, Kustomize
from argoflux.yamlio.tree import Document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.argocd.load_source import SourceReading
    from argoflux.argocd.loading import Loading
    from argoflux.finding import Place
    from argoflux.model.app import App
    from argoflux.model.content import ContentObject
    from argoflux.model.files import SourceFiles
    from argoflux.resource import Resource
    from argoflux.text import Path

_GROUP = "argoproj.io"
_TEMPLATE = re.compile(
    r"^\s*kind:\s*[\"']?(Application|ApplicationSet|AppProject)[\"']?\s*$", re.MULTILINE
)
_SHOWN = 5
_RENDERED = "convert what `helm template` yields, and apply that folder with one Kustomization"
_GENERATED = "write the Applications that the set makes into files, and convert those"


class _Parent(NamedTuple):
    """An app of apps with the objects of its path, sorted by owner."""

    app: App
    objects: tuple[ContentObject, ...]
    others: bool


class _Index(NamedTuple):
    """The resources of Argo CD by where they stand and by identity, and the apps that they became."""

    places: dict[tuple[str, str, int, Path], Resource]
    names: dict[tuple[str, str, str], list[Resource]]
    apps: dict[Resource, list[App]]


def read_families(loading: Loading) -> tuple[Family, ...]:
    """The families of all apps that were read; parents that cannot be converted are refused."""
    index = _index(loading)
    families: list[Family] = []
    owners: dict[App, App] = {}
    for parent in _parents(loading):
        members, absent = _members(parent, index, loading)
        own = [app for app in members if _may_own(parent.app, app, owners)]
        owners.update(dict.fromkeys(own, parent.app))
        refusal = _refusal(parent, members, loading)
        if refusal is not None:
            loading.apps.remove(parent.app)
            loading.loaded.refused.append(refusal)
        families.append(
            Family(
                root=parent.app.root,
                parent=None if refusal is not None else parent.app,
                members=tuple(sorted(own, key=lambda app: app.sort_key())),
                seen=True,
                absent=absent,
                alone=not parent.others,
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
                own = [obj for obj in content.objects if _is_argo(obj)]
                others = others or len(own) < len(content.objects) or not content.complete
                objects += own
        if objects:
            found.append(_Parent(app, tuple(objects), others))
    return found


def _is_argo(obj: ContentObject) -> bool:
    return obj.ref.group == _GROUP and obj.ref.kind in PARENT_KINDS


def unseen_children(reading: SourceReading, app: App) -> None:
    """Refuse an app that deploys Applications which cannot be told apart.

    A chart renders them, or the app itself is one that a set generates.
    """
    for part in app.parts:
        if not part.produces:
            continue
        files = reading.request.files(app, part) if isinstance(part.render, Helm) else None
        kinds = _templated(files, part.path) if files is not None else ""
        what, remedy = f"its chart renders Argo CD objects ({kinds})", _RENDERED
        content = reading.request.content(app, part) if reading.resource.made_by else None
        if isinstance(content, Known) and any(map(_is_argo, content.objects)):
            kinds = ", ".join(sorted({obj.ref.kind for obj in content.objects if _is_argo(obj)}))
            what, remedy = f"it deploys Argo CD objects itself ({kinds})", _GENERATED
        if kinds:
            reading.refuse(A2F_OBJ_003, what=what, remedy=remedy)


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


def _refusal(parent: _Parent, members: list[App], loading: Loading) -> Refusal | None:
    """Why an app of apps cannot be converted."""
    app = parent.app
    what = remedy = ""
    render = app.parts[0].render
    if sum(part.produces for part in app.parts) > 1:
        what = "it deploys Applications from several sources"
        remedy = "give each of these sources a parent of its own"
    elif isinstance(render, Kustomize) and _edits(render):
        what = "its kustomize options change the Applications that it deploys"
        remedy = (
            "write the changes into a kustomization file, and convert what `kustomize build` yields"
        )
    if what:
        facts = {"what": what, "remedy": remedy}
        return Refusal(resource=app.resource, message=A2F_OBJ_003, facts=facts)
    if not members:
        facts = {"children": _listed(obj.ref for obj in parent.objects)}
        return Refusal(resource=app.resource, message=A2F_OBJ_005, facts=facts)
    if not loading.request.options.to_folder:
        facts = {"children": _listed(member.id for member in members)}
        return Refusal(resource=app.resource, message=A2F_OBJ_004, facts=facts)
    return None


def _edits(render: Kustomize) -> bool:
    """Whether the options of an Application change objects."""
    plain = Kustomize()
    return any(
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


def _listed(names: Iterable[object]) -> str:
    found = sorted(map(str, names))
    more = len(found) - _SHOWN
    return ", ".join(found[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


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
