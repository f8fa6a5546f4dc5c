"""CEL health checks as Lua in argocd-cm, which holds for every object of a kind.

Keys: argo-cd:docs/operator-manual/health.md. Kinds with a check of their own:
argo-cd:resource_customizations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.settings_parts import CONFIG, FOLDER, settings_part, stated_setting
from argoflux.mapping.cel_lua import lua_check
from argoflux.model.content import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.mapping.draft import Draft
    from argoflux.mapping.emission import Emission, Request
    from argoflux.model.app import App

_FILE = f"{FOLDER}/{CONFIG}.yaml"
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
    keys = [_PREFIX + (f"{group}_{kind}" if group else kind) for kind in kinds]
    stated = {key: stated_setting(request, CONFIG, app.root, key) for key in keys}
    if any(value not in {None, text} for value in stated.values()):
        return "taken"
    for key in keys:
        if stated[key] is None and not _written(_settings(emission, app), key, text):
            return "taken"
    return "lua"


def _written(draft: Draft, key: str, text: str) -> bool:
    """Put a check into the part; False where another one stands there."""
    known = draft.body.get("data", {}).get(key)
    if known is None:
        draft.put(("data", key), text, slot="health.expressions")
    return known in {None, text}


def _kinds(request: Request, app: App, group: str) -> list[str]:
    """The kinds of a group that the app applies, as far as they can be seen."""
    content = request.content(app, app.parts[0])
    if not isinstance(content, Known):
        return []
    return sorted({obj.ref.kind for obj in content.objects if obj.ref.group == group})


def _settings(emission: Emission, app: App) -> Draft:
    """The part of argocd-cm that the output of a root holds."""
    own = next(d for d in emission.drafts if d.kind == "Application" and app in d.apps)
    return settings_part(emission, CONFIG, own.namespace, [app])
