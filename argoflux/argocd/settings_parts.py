"""Parts of the objects that configure Argo CD: what the output adds to them is merged by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.draft import Draft
from argoflux.mapping.settings_parts import F2A_CM_001, F2A_CM_002, F2A_CM_003
from argoflux.model.app import App

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from argoflux.mapping.emission import Emission, Request
    from argoflux.resource import Resource

FOLDER = "settings"
CONFIG = "argocd-cm"
PARAMS = "argocd-cmd-params-cm"
NOTIFICATIONS = "argocd-notifications-cm"
_SECRETS = frozenset({"argocd-secret", "argocd-notifications-secret"})


def settings_part(emission: Emission, name: str, namespace: str, apps: Sequence[App]) -> Draft:
    """The part of a ConfigMap that the output of a root holds, made on first use.

    ``apps`` are those of one root that need it.
    """
    draft = root_part(emission, name, namespace, apps[0].root)
    draft.apps += [app for app in apps if app not in draft.apps]
    return draft


def root_part(emission: Emission, name: str, namespace: str, root: str) -> Draft:
    """The part of a ConfigMap by its root. Nothing applies it: that would replace the rest."""
    for draft in emission.drafts:
        if draft.root == root and (draft.kind, draft.name) == ("ConfigMap", name):
            return draft
    draft = Draft(
        api_version="v1",
        kind="ConfigMap",
        namespace=namespace,
        name=name,
        folder=FOLDER,
        root=root,
        listed=False,
        header=[f"merge the data into the ConfigMap {name}; do not replace it"],
    )
    at = ("metadata", "labels")
    draft.put((*at, "app.kubernetes.io/name"), name, origin="required")
    draft.put((*at, "app.kubernetes.io/part-of"), "argocd", origin="required")
    emission.drafts.append(draft)
    return draft


def stated_setting(request: Request, name: str, root: str, key: str) -> str | None:
    """What the input of a root says already about one key of a ConfigMap."""
    stated = _stated(request, "ConfigMap", name, root)
    data = _keys(stated) if stated is not None else {}
    return str(data[key]) if key in data else None


def say_parts(emission: Emission, request: Request) -> None:
    """Say of each part where it belongs, and what the object in the input has to do with it."""
    for draft in emission.drafts:
        if draft.folder == FOLDER or (draft.kind == "Secret" and draft.name in _SECRETS):
            _say(emission, draft, _stated(request, draft.kind, draft.name, draft.root))


def _say(emission: Emission, draft: Draft, stated: Resource | None) -> None:
    users: list[App | Resource] = [*draft.apps, *draft.sources]
    owners = [user.resource if isinstance(user, App) else user for user in users]
    names = tuple(user.id if isinstance(user, App) else str(user.ref) for user in users)
    facts = {"object": draft.id, "part": f"{draft.folder}/{draft.name}.yaml"}
    keys = sorted(_keys_of(draft.body))
    if stated is None:
        if draft.kind == "ConfigMap":  # of Secrets, the messages about their values say it
            emission.say(F2A_CM_001, apps=names, keys=_listed(keys), **facts)
        return
    known = _keys(stated)
    facts["file"] = stated.file
    places = (stated.place(), *(owner.place("metadata", "name") for owner in owners[:1]))
    absent = [key for key in keys if key not in known]
    if absent:
        emission.say(F2A_CM_002, *places, apps=names, keys=_listed(absent), **facts)
    ours = draft.body.get("data", {})
    other = [key for key in keys if key in known and ours.get(key) != known[key]]
    if other and draft.kind == "ConfigMap":
        emission.say(F2A_CM_003, *places, apps=names, keys=_listed(other), **facts)


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _stated(request: Request, kind: str, name: str, root: str) -> Resource | None:
    """The object of the installation that the input of a root holds."""
    same = (root, kind, name)
    found = (r for r in request.kept if (r.root, r.ref.kind, r.ref.name) == same)
    return next((resource for resource in found if not resource.ref.group), None)


def _keys(resource: Resource) -> Mapping[str, Any]:
    return _keys_of(resource.body)


def _keys_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for at in ("data", "stringData"):
        part = body.get(at)
        if isinstance(part, dict):
            found |= part
    return found
