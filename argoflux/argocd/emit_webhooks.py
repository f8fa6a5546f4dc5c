"""Receivers of Flux as keys of argocd-secret.

argo-cd:util/webhook/webhook.go, argo-cd:util/settings/settings.go (which hosts, which keys).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.argocd.gates import is_at_least
from argoflux.mapping.draft import Draft
from argoflux.mapping.emission import Decision

if TYPE_CHECKING:
    from argoflux.mapping.emission import Emission, Loaded, Request

_KEYS = {
    "github": "webhook.github.secret",
    "gitlab": "webhook.gitlab.secret",
    "bitbucket": "webhook.bitbucketserver.secret",
    "harbor": "webhook.harbor.secret",
}
_HARBOR_SINCE = "3.5"


def emit_webhooks(loaded: Loaded, request: Request, emission: Emission, namespace: str) -> None:
    """One stub of argocd-secret per root, with a key for each sort of Git host."""
    drafts: dict[str, Draft] = {}
    for hook in loaded.estate.hooks:
        key = _KEYS.get(hook.type, "")
        if hook.type == "harbor" and not is_at_least(request.argocd, _HARBOR_SINCE):
            key = ""
        ref = hook.resource.ref
        written = bool(key and hook.secret and not hook.suspended)
        emission.made[hook.resource] = Decision(
            kind="Secret" if written else "",
            facts={
                "type": hook.type,
                "key": key,
                "secret": f"{ref.namespace}/{hook.secret}",
                "unsupported": not key,
                "suspended": hook.suspended,
            },
        )
        if not written:
            continue
        root = hook.resource.root
        draft = drafts.setdefault(root, _stub(root, namespace))
        value = f"TODO-copy-from-{ref.namespace}-{hook.secret}-key-token"
        if key not in draft.body.get("stringData", {}):
            draft.put(("stringData", key), value, slot="notifications.hook_token")
        draft.sources.append(hook.resource)
    emission.drafts += drafts.values()


def _stub(root: str, namespace: str) -> Draft:
    draft = Draft(
        api_version="v1",
        kind="Secret",
        namespace=namespace,
        name="argocd-secret",
        folder="secrets",
        root=root,
    )
    draft.header.append("a part of the object of the cluster: merge it there, with the real values")
    draft.put(("metadata", "labels", "app.kubernetes.io/part-of"), "argocd", origin="required")
    return draft
