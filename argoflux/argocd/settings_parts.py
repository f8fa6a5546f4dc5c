"""Parts of the ConfigMaps that configure Argo CD: what the output adds to them is merged by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App

FOLDER = "settings"
CONFIG = "argocd-cm"
PARAMS = "argocd-cmd-params-cm"


def settings_part(emission: Emission, name: str, namespace: str, apps: Sequence[App]) -> Draft:
    """The part of a ConfigMap that the output of a root holds, made on first use.

    ``apps`` are those of one root that need it. Nothing applies it: that would replace the rest.
    """
    root = apps[0].root
    for draft in emission.drafts:
        if draft.root == root and (draft.kind, draft.name) == ("ConfigMap", name):
            draft.apps += [app for app in apps if app not in draft.apps]
            return draft
    draft = Draft(
        api_version="v1",
        kind="ConfigMap",
        namespace=namespace,
        name=name,
        folder=FOLDER,
        root=root,
        apps=list(apps),
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
    for resource in request.kept:
        data: Any = resource.body.get("data")
        own = resource.root == root and resource.pseudo == f"ConfigMap:{name}"
        if own and isinstance(data, dict) and key in data:
            return str(data[key])
    return None
