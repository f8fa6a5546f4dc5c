"""Signature checks of a tenant's Git sources, and the Secrets of public keys.

Facts: argo-cd:util/sourceintegrity (head looks at the tag where one is checked out, else at the
newest commit; strict at all commits); source-controller:internal/controller/
gitrepository_controller.go verifySignature, source-controller:docs/spec/v1/gitrepositories.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.flux.tenant_plan import FOLDER

if TYPE_CHECKING:
    from argoflux.flux.tenant_plan import TenantPlan
    from argoflux.mapping.draft import Draft
    from argoflux.model.tenant import SignaturePolicy

_TODO = "TODO"
_KIND = "GitRepository"
_SLOT = "tenant.signatures"
_STUBS = "secrets"


def emit_keys(plan: TenantPlan) -> None:
    """Write `verify` on the Git sources that the project has a policy for, with Secrets of keys."""
    tenant = plan.tenant
    policies = [policy for policy in tenant.signatures if policy.mode != "none"]
    secrets: dict[tuple[str, ...], str] = {}
    for policy in policies:
        if policy.keys and policy.keys not in secrets:
            number = f"-{len(secrets) + 1}" if secrets else ""
            secrets[policy.keys] = f"{plan.namespace}-gpg{number}"
    for keys, name in secrets.items():
        _emit_secret(plan, name, keys)
    plan.facts["public_keys"] = frozenset(tenant.public_keys)
    plan.facts["key_secrets"] = {key: name for keys, name in secrets.items() for key in keys}
    for draft in plan.emission.drafts:
        ours = (draft.kind, draft.namespace, draft.root) == (_KIND, plan.namespace, tenant.root)
        found = _policy_for(plan, str(draft.body["spec"].get("url", ""))) if ours else None
        if found is not None and found.keys:
            _put_verify(draft, found, secrets[found.keys])
            draft.sources.append(tenant.resource)


def _policy_for(plan: TenantPlan, url: str) -> SignaturePolicy | None:
    """The policy of a repository; Argo CD refuses to have more than one."""
    found = next((policy for policy in plan.tenant.signatures if policy.holds(url)), None)
    return None if found is None or found.mode == "none" else found


def _put_verify(draft: Draft, policy: SignaturePolicy, secret: str) -> None:
    ref = draft.body["spec"].get("ref", {})
    tagged = "tag" in ref or "semver" in ref
    mode = ("TagAndHEAD" if policy.mode == "strict" else "Tag") if tagged else "HEAD"
    draft.put("spec.verify.mode", mode, slot="tenant.signatures.mode")
    draft.put("spec.verify.secretRef.name", secret, slot=_SLOT)


def _emit_secret(plan: TenantPlan, name: str, keys: tuple[str, ...]) -> None:
    """A Secret with one file per key; placeholders where the input has no key."""
    held = plan.tenant.public_keys
    draft = plan.draft("v1", "Secret", name, plan.namespace)
    draft.folder = FOLDER if all(key in held for key in keys) else _STUBS
    for key in keys:
        path = ("stringData", f"{key}.asc")
        if key in held:
            draft.put(path, held[key], slot="tenant.keys")
        else:
            draft.put(path, _TODO, slot=_SLOT)
    if plan.tenant.key_file is not None:
        draft.sources.append(plan.tenant.key_file)
