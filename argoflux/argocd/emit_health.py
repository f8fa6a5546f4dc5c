"""CEL health checks as Lua in argocd-cm, which holds for every object of a kind.

Keys: argo-cd:docs/operator-manual/health.md. Kinds with a check of their own:
argo-cd:resource_customizations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.emit_order import FOLDER
from argoflux.mapping.cel_lua import lua_check
from argoflux.mapping.draft import Draft
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App

_CM = "argocd-cm"
_FILE = f"{FOLDER}/{_CM}.yaml"
_PREFIX = "resource.customizations.health."

BUILT_IN = frozenset(
    {
        ("acme.cert-manager.io", "Challenge"),
        ("acme.cert-manager.io", "Order"),
        ("argoproj.io", "AnalysisRun"),
        ("argoproj.io", "Rollout"),
        ("bitnami.com", "SealedSecret"),
        ("cert-manager.io", "Certificate"),
        ("cert-manager.io", "ClusterIssuer"),
        ("cert-manager.io", "Issuer"),
        ("external-secrets.io", "ExternalSecret"),
        ("external-secrets.io", "SecretStore"),
        ("keda.sh", "ScaledObject"),
    }
)
"""Kinds that Argo CD has known the health of since the first release that is supported."""


def put_health_checks(emission: Emission, request: Request, apps: Iterable[App]) -> None:
    """One key of argocd-cm per kind; what became of each check is a fact of its app."""
    for app in apps:
        if not app.health.expressions:
            continue
        fates = [_put(emission, request, app, check) for check in app.health.expressions]
        facts = emission.decisions[app].facts
        facts["health_fates"] = tuple(fates)
        facts["health_file"] = _FILE


def _put(emission: Emission, request: Request, app: App, check: Mapping[str, str]) -> str:
    """What becomes of a check: ``built-in``, ``lua``, ``taken``, or ``manual``."""
    group = check.get("apiVersion", "").rpartition("/")[0]
    kinds = [check["kind"]] if check.get("kind") else _kinds(request, app, group)
    if kinds and all((group, kind) in BUILT_IN for kind in kinds):
        return "built-in"
    text = lua_check(check)
    if text is None or not kinds:
        return "manual"
    draft = _settings(emission, app)
    for kind in kinds:
        key = _PREFIX + (f"{group}_{kind}" if group else kind)
        known = draft.body.get("data", {}).get(key)
        if known not in {None, text}:
            return "taken"
        if known is None:
            draft.put(("data", key), text, slot="health.expressions")
    return "lua"


def _kinds(request: Request, app: App, group: str) -> list[str]:
    """The kinds of a group that the app applies, as far as they can be seen."""
    content = request.content(app, app.parts[0])
    if not isinstance(content, Known):
        return []
    return sorted({obj.ref.kind for obj in content.objects if obj.ref.group == group})


def _settings(emission: Emission, app: App) -> Draft:
    """The part of argocd-cm that the output of a root holds."""
    for draft in emission.drafts:
        if draft.root == app.root and (draft.kind, draft.name) == ("ConfigMap", _CM):
            if app not in draft.apps:
                draft.apps.append(app)
            return draft
    own = next(d for d in emission.drafts if d.kind == "Application" and app in d.apps)
    draft = Draft(
        api_version="v1",
        kind="ConfigMap",
        namespace=own.namespace,
        name=_CM,
        folder=FOLDER,
        root=app.root,
        apps=[app],
        listed=False,
        header=["merge the data into the ConfigMap argocd-cm; do not replace it"],
    )
    at = ("metadata", "labels")
    draft.put((*at, "app.kubernetes.io/name"), _CM, origin="required")
    draft.put((*at, "app.kubernetes.io/part-of"), "argocd", origin="required")
    emission.drafts.append(draft)
    return draft
