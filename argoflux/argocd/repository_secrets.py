"""Repository Secrets: what Argo CD needs to fetch a repository, as stubs without values.

Keys of both sides: argo-cd:docs/operator-manual/declarative-setup.md,
fluxcd/website:content/en/flux/components/source/gitrepositories.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from argoflux.argocd.credential_keys import stub_keys
from argoflux.goports.giturl import repository_key
from argoflux.kinds import SECRET_TYPE_LABEL
from argoflux.mapping.draft import Draft
from argoflux.mapping.names import LABEL_LIMIT, shorten, slug, with_hash
from argoflux.mapping.source import F2A_SEC_002
from argoflux.model.source import GitSource, HelmSource, OciSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from argoflux.mapping.emission import Emission
    from argoflux.model.app import App
    from argoflux.model.source import Source

FOLDER = "secrets"
_SOURCES = frozenset({"GitRepository", "HelmRepository", "OCIRepository"})
_ADDRESS = re.compile(r"\d+(\.\d+){3}:\d+(/|\Z)")
_ORIGINS = {
    "sshPrivateKey": "identity",
    "tlsClientCertData": "tls.crt",
    "tlsClientCertKey": "tls.key",
}
"""Keys that have another name in a Secret of Flux (source-controller:docs/spec/v1)."""


class _Need(NamedTuple):
    """A repository with the Secret that Flux takes its credentials from."""

    root: str
    namespace: str
    secret: str
    key: str  # the repository, however its URL is spelled
    name: str  # of the source object


def put_repository_secrets(
    emission: Emission, apps: Iterable[App], namespace: str
) -> dict[App, Draft]:
    """One stub for every repository that needs credentials, by the apps that use it."""
    needs: dict[_Need, list[App]] = {}
    sources: dict[_Need, Source] = {}
    for app in apps:
        source, owner = _fetched(emission, app)
        need = _need(app.root, source, owner)
        if need is not None:
            needs.setdefault(need, []).append(app)
            sources.setdefault(need, source)
    drafts: dict[App, Draft] = {}
    shared: dict[tuple[str, str, str, str], Draft] = {}
    taken: set[tuple[str, str]] = set()
    for need in sorted(needs, key=lambda n: (n.root, n.namespace, n.name, n.secret, n.key)):
        users = needs[need]
        same = (need.root, need.namespace, need.secret, need.key)
        if same not in shared:
            name = _free_name(need, taken)
            secret = "/".join(part for part in (need.namespace, need.secret) if part)
            keys = stub_keys(users, secret)
            shared[same] = _stub(need, sources[need], name, namespace=namespace, keys=keys)
            emission.drafts.append(shared[same])
        draft = shared[same]
        for app in users:
            drafts[app] = draft
            if app not in draft.apps:
                draft.apps.append(app)
    _say_conflicts(emission, needs)
    return drafts


def _fetched(emission: Emission, app: App) -> tuple[Source, str]:
    """The source that an Application is fetched from, and the namespace of its object.

    A chart that a kustomization edits is fetched from where that kustomization stands.
    """
    facts = emission.decisions[app].facts
    home = facts.get("fetched_from")
    if home is not None:
        return home, str(facts["home_namespace"])
    return app.parts[0].source, _source_namespace(app)


def _need(root: str, source: Source, namespace: str) -> _Need | None:
    """What a source needs a Secret for: credentials, certificates, a proxy, plain HTTP.

    A public repository of charts or a public registry needs none.
    """
    if isinstance(source, GitSource):
        if not (source.secret or source.proxy):
            return None
        key = repository_key(source.url)
        return _Need(root, namespace, source.secret or "", key, source.name)
    if not isinstance(source, HelmSource | OciSource):
        return None
    access = source.access
    azure = access.provider == "azure"
    wanted = access.secret or access.certificate or access.proxy or access.insecure or azure
    if not wanted and not _is_address(source):
        return None
    return _Need(root, namespace, access.secret or "", _address(source), access.name)


def _is_address(source: HelmSource | OciSource) -> bool:
    """Whether a registry is an IP address with a port, which Argo CD takes for no registry.

    argo-cd:util/helm/client.go IsHelmOciRepo: url.Parse fails on it.
    """
    by_name = isinstance(source, OciSource) and source.by_name
    return by_name and _ADDRESS.match(source.url) is not None


def _address(source: HelmSource | OciSource) -> str:
    """The URL that the Secret has to have to be found for a source."""
    if isinstance(source, HelmSource):
        return source.url
    return source.url.rpartition("/")[0] if source.by_name else f"oci://{source.url}"


def _source_namespace(app: App) -> str:
    found = next((r for r in app.made_of if r.ref.kind in _SOURCES), None)
    return found.ref.namespace or app.namespace if found is not None else app.namespace


def _free_name(need: _Need, taken: set[tuple[str, str]]) -> str:
    name = shorten(slug(f"repo-{need.name}"), LABEL_LIMIT)
    if (need.root, name) in taken:
        name = with_hash(name, f"GitRepository/{need.namespace}/{need.name}")
    taken.add((need.root, name))
    return name


def _stub(
    need: _Need, source: Source, name: str, *, namespace: str, keys: tuple[str, ...]
) -> Draft:
    draft = Draft(
        api_version="v1",
        kind="Secret",
        namespace=namespace,
        name=name,
        folder=FOLDER,
        root=need.root,
        header=["a stub: fill in the values before you apply it"],
    )
    draft.put(("metadata", "labels", SECRET_TYPE_LABEL), "repository", origin="required")
    if isinstance(source, GitSource):
        _put_git(draft, need, source, keys or _usual_keys(source))
    elif isinstance(source, HelmSource | OciSource):
        _put_registry(draft, need, source)
    return draft


def _put_git(draft: Draft, need: _Need, source: GitSource, keys: tuple[str, ...]) -> None:
    draft.put("stringData.type", "git", origin="required")
    draft.put("stringData.name", source.name, origin="derived")
    draft.put("stringData.url", source.url, origin="derived")
    if source.secret:
        for key in keys:
            todo = _todo(need, source.secret, key)
            draft.put(("stringData", key), todo, slot="part.source.secret")
    if source.provider == "azure":
        slot = "part.source.provider"
        draft.put("stringData.useAzureWorkloadIdentity", "true", slot=slot)
    if source.proxy:
        draft.put("stringData.proxy", _todo(need, source.proxy), slot="part.source.proxy")


def _put_registry(draft: Draft, need: _Need, source: HelmSource | OciSource) -> None:
    """Keys of both kinds: argo-cd:util/db/repository_secrets.go secretToRepository."""
    access = source.access
    artifact = isinstance(source, OciSource) and not source.by_name
    slot = "part.source.access"
    draft.put("stringData.type", "oci" if artifact else "helm", origin="required")
    draft.put("stringData.name", access.name, origin="derived")
    draft.put("stringData.url", need.key, origin="derived")
    if isinstance(source, OciSource) and source.by_name:
        draft.put("stringData.enableOCI", "true", origin="required")
    if access.secret:
        for key in ("username", "password"):
            draft.put(("stringData", key), _todo(need, access.secret), slot=f"{slot}.secret")
    if access.certificate:
        for key in ("tlsClientCertData", "tlsClientCertKey"):
            todo = _todo(need, access.certificate, key)
            draft.put(("stringData", key), todo, slot=f"{slot}.certificate")
    if access.proxy:
        draft.put("stringData.proxy", _todo(need, access.proxy), slot=f"{slot}.proxy")
    if access.insecure:
        draft.put("stringData.insecureOCIForceHttp", "true", slot=f"{slot}.insecure")
    if access.provider == "azure":
        draft.put("stringData.useAzureWorkloadIdentity", "true", slot=f"{slot}.provider")


def _todo(need: _Need, secret: str, key: str = "") -> str:
    """A placeholder that says where the value is, with the key where Flux calls it otherwise."""
    owner = "-".join(part for part in (need.namespace, secret) if part)
    origin = _ORIGINS.get(key)
    return f"TODO-copy-from-{owner}" + (f"-key-{origin}" if origin else "")


def _usual_keys(source: GitSource) -> tuple[str, ...]:
    """The keys that a repository of this scheme and provider usually needs."""
    if source.provider == "github":
        return ("githubAppID", "githubAppInstallationID", "githubAppPrivateKey")
    if source.url.startswith("ssh://"):
        return ("sshPrivateKey",)
    return ("username", "password")


def _say_conflicts(emission: Emission, needs: dict[_Need, list[App]]) -> None:
    """Repositories that are fetched with more than one set of credentials."""
    by_key: dict[tuple[str, str], dict[tuple[str, str], list[App]]] = {}
    for need, users in needs.items():
        secrets = by_key.setdefault((need.root, need.key), {})
        secrets.setdefault((need.namespace, need.secret), []).extend(users)
    for (_, key), secrets in sorted(by_key.items()):
        if len(secrets) < 2:  # noqa: PLR2004  # a conflict takes two
            continue
        users = sorted((app for group in secrets.values() for app in group), key=_order)
        emission.say(
            F2A_SEC_002,
            *(app.resource.place() for app in users),
            apps=tuple(app.id for app in users),
            url=key,
            secrets=", ".join("/".join(part for part in pair if part) for pair in sorted(secrets)),
        )


def _order(app: App) -> tuple[str, ...]:
    return app.sort_key()
