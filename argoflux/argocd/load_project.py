"""One AppProject as a Tenant of the model.

Facts: argo-cd:pkg/apis/application/v1alpha1/types.go (AppProjectSpec), app_project_types.go;
argo-cd:util/settings/settings.go (application.sync.impersonation.enabled).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.argocd.shapes import block, blocks, items, switch, text, texts
from argoflux.mapping.emission import Idle, Refusal
from argoflux.mapping.objects import A2F_OBJ_003
from argoflux.model.tenant import (
    ANY,
    DENY,
    AccountRule,
    KindPattern,
    Policy,
    ProjectRole,
    Reach,
    SignaturePolicy,
    SyncWindow,
    Tenant,
)

if TYPE_CHECKING:
    from argoflux.argocd.loading import Loading
    from argoflux.resource import Resource

KEY_FILE = "ConfigMap:argocd-gpg-keys-cm"
_IMPERSONATION = "application.sync.impersonation.enabled"
_POLICY_FIELDS = 6
_SHORT_KEY = 16
_EVERY = KindPattern(group=ANY, kind=ANY)


def read_project(resource: Resource, loading: Loading) -> None:
    """Add the project's Tenant; a second project of one name is refused."""
    tenant = _tenant(resource, loading)
    same = (t for t in loading.tenants if (t.root, t.name) == (tenant.root, tenant.name))
    first = next(same, None)
    if first is not None:
        facts = {
            "what": f"{first.resource.file} has an AppProject of that name, too",
            "remedy": "keep one of the two",
        }
        loading.loaded.refused.append(Refusal(resource=resource, message=A2F_OBJ_003, facts=facts))
        return
    loading.tenants.append(tenant)
    if tenant.open:
        loading.loaded.idle.append(Idle(resource=resource, reason="the project restricts nothing"))


def read_key_file(resource: Resource, loading: Loading) -> None:
    """Leave public keys alone that no tenant verifies signatures with."""
    wanted = loading.request.options.layout == "tenant" and any(
        other.ref.kind == "AppProject" and _found_keys(_signatures(other), resource)
        for other in loading.resources
        if other.root == resource.root
    )
    if not wanted:
        reason = "public keys; nothing that was converted verifies signatures with them"
        loading.loaded.idle.append(Idle(resource=resource, reason=reason))


def is_open_project(resource: Resource) -> bool:
    """Whether an AppProject lets everything through, as the built-in ``default`` does."""
    if resource.ref.kind != "AppProject" or resource.ref.group != "argoproj.io":
        return False
    spec = block(resource.body, "spec")
    sources = [text(item) for item in items(spec, "sourceRepos")]
    destinations = _destinations(spec)
    limits = (
        *blocks(spec, "clusterResourceBlacklist"),
        *blocks(spec, "namespaceResourceBlacklist"),
        *blocks(spec, "destinationServiceAccounts"),
        *blocks(spec, "roles"),
        *blocks(spec, "syncWindows"),
        *_signatures(resource),
    )
    kinds = _namespaced_kinds(spec)
    return (
        ANY in sources
        and not any(item.startswith(DENY) for item in sources)
        and any(d.server == d.namespace == ANY for d in destinations)
        and not any(d.denies for d in destinations)
        and _EVERY in _kinds(spec, "clusterResourceWhitelist")
        and (kinds is None or _EVERY in kinds)
        and not limits
        and not switch(spec, "permitOnlyProjectScopedClusters")
    )


def _tenant(resource: Resource, loading: Loading) -> Tenant:
    spec = block(resource.body, "spec")
    metadata = block(resource.body, "metadata")
    setting = loading.settings_of(resource).config.get(_IMPERSONATION)
    config_seen = any(
        r.pseudo == "ConfigMap:argocd-cm" and r.root == resource.root for r in loading.resources
    )
    signatures = _signatures(resource)
    key_file, keys = _public_keys(signatures, resource.root, loading)
    return Tenant(
        name=resource.ref.name,
        root=resource.root,
        resource=resource,
        open=is_open_project(resource),
        description=text(spec.get("description")),
        source_repos=_words(spec, "sourceRepos"),
        destinations=_destinations(spec),
        cluster_kinds=_kinds(spec, "clusterResourceWhitelist"),
        cluster_kinds_denied=_kinds(spec, "clusterResourceBlacklist"),
        kinds=_namespaced_kinds(spec),
        kinds_denied=_kinds(spec, "namespaceResourceBlacklist"),
        roles=tuple(_role(resource.ref.name, item) for item in blocks(spec, "roles")),
        windows=tuple(_window(item) for item in blocks(spec, "syncWindows")),
        signatures=signatures,
        accounts=tuple(_account(item) for item in blocks(spec, "destinationServiceAccounts")),
        impersonates=setting == "true" if config_seen else None,
        own_clusters_only=bool(switch(spec, "permitOnlyProjectScopedClusters")),
        labels=texts(metadata, "labels"),
        annotations=texts(metadata, "annotations"),
        public_keys=keys,
        key_file=key_file,
    )


def _words(node: Any, key: str) -> tuple[str, ...]:
    return tuple(text(item) for item in items(node, key))


def _destinations(spec: dict[str, Any]) -> tuple[Reach, ...]:
    return tuple(
        Reach(
            server=text(item.get("server")),
            name=text(item.get("name")),
            namespace=text(item.get("namespace")),
        )
        for item in blocks(spec, "destinations")
    )


def _kinds(spec: dict[str, Any], key: str) -> tuple[KindPattern, ...]:
    return tuple(
        KindPattern(
            group=text(item.get("group")),
            kind=text(item.get("kind")),
            name=text(item.get("name")),
        )
        for item in blocks(spec, key)
    )


def _namespaced_kinds(spec: dict[str, Any]) -> tuple[KindPattern, ...] | None:
    """An absent or null list lets all kinds through, an empty one none."""
    if not isinstance(spec.get("namespaceResourceWhitelist"), list):
        return None
    return _kinds(spec, "namespaceResourceWhitelist")


def _role(project: str, item: dict[str, Any]) -> ProjectRole:
    name = text(item.get("name"))
    lines = _words(item, "policies")
    return ProjectRole(
        name=name,
        policies=tuple(_policy(line, f"proj:{project}:{name}") for line in lines),
        groups=_words(item, "groups"),
    )


def _policy(line: str, subject: str) -> Policy:
    """``p, proj:<project>:<role>, <resource>, <action>, <object>, <effect>``."""
    fields = [part.strip() for part in line.split(",")]
    if len(fields) != _POLICY_FIELDS or fields[:2] != ["p", subject]:
        return Policy(text=line, valid=False)
    _, _, resource, action, target, effect = fields
    return Policy(text=line, resource=resource, action=action, object=target, effect=effect)


def _window(item: dict[str, Any]) -> SyncWindow:
    return SyncWindow(
        kind=text(item.get("kind")),
        schedule=text(item.get("schedule")),
        duration=text(item.get("duration")),
        applications=_words(item, "applications"),
        namespaces=_words(item, "namespaces"),
        clusters=_words(item, "clusters"),
        all_of=bool(switch(item, "andOperator")),
        manual=bool(switch(item, "manualSync")),
        time_zone=text(item.get("timeZone")),
    )


def _account(item: dict[str, Any]) -> AccountRule:
    return AccountRule(
        server=text(item.get("server")),
        namespace=text(item.get("namespace")),
        account=text(item.get("defaultServiceAccount")),
    )


def _signatures(resource: Resource) -> tuple[SignaturePolicy, ...]:
    """The stated policies, else the one that ``signatureKeys`` stands for.

    argo-cd:pkg/apis/application/v1alpha1/app_project_types.go EffectiveSourceIntegrity.
    """
    spec = block(resource.body, "spec")
    found = []
    for item in blocks(block(block(spec, "sourceIntegrity"), "git"), "policies"):
        gpg = block(item, "gpg")
        repos = tuple(text(repo.get("url")) for repo in blocks(item, "repos"))
        found.append(
            SignaturePolicy(repos=repos, mode=text(gpg.get("mode")), keys=_words(gpg, "keys"))
        )
    keys = tuple(text(item.get("keyID")) for item in blocks(spec, "signatureKeys"))
    if keys and not found:
        return (SignaturePolicy(repos=(ANY,), mode="head", keys=keys),)
    return tuple(found)


def _public_keys(
    signatures: tuple[SignaturePolicy, ...], root: str, loading: Loading
) -> tuple[Resource | None, dict[str, str]]:
    """The ConfigMap of public keys, if it has some of those that are needed, and these keys."""
    for resource in loading.resources:
        if resource.pseudo == KEY_FILE and resource.root == root:
            keys = _found_keys(signatures, resource)
            if keys:
                return resource, keys
    return None, {}


def _found_keys(signatures: tuple[SignaturePolicy, ...], resource: Resource) -> dict[str, str]:
    """Keys by the id that a project gives; the last 16 digits of a fingerprint are the id."""
    held = {_short(name): value for name, value in texts(resource.body, "data").items()}
    wanted = sorted({key for policy in signatures for key in policy.keys})
    return {key: held[_short(key)] for key in wanted if _short(key) in held}


def _short(key: str) -> str:
    return key.upper()[-_SHORT_KEY:]
