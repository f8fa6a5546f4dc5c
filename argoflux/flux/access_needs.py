"""What a source needs to be fetched: which values of which Secrets, under which keys of Flux.

Argo CD's choice between several credentials of one Secret is kept
(argo-cd:pkg/apis/application/v1alpha1/repository_types.go GetGitCreds, GetHelmCreds). Keys of Flux:
fluxcd/pkg:runtime/secrets/secrets.go, fluxcd/pkg:git/options.go (NewAuthOptions).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.flux.emit_gates import has_field
from argoflux.flux.emit_helm_repository import repository_name
from argoflux.goports.giturl import (
    GitUrlError,
    basename,
    parse,
    repository_key,
    strip_credentials,
    to_ssh_url,
)
from argoflux.goports.known_hosts import host_lines
from argoflux.mapping.names import slug
from argoflux.versions import Release

if TYPE_CHECKING:
    from argoflux.model.credentials import Credential, Keyring, Match
    from argoflux.resource import Resource

SourceKind = Literal["GitRepository", "HelmRepository", "OCIRepository"]

KNOWN_HOSTS = "ssh_known_hosts"
_GIT_TLS_SINCE = Release(2, 6)  # fluxcd/source-controller#1778
_APP_OWNER_SINCE = Release(2, 7)  # fluxcd/pkg:runtime/secrets (githubAppInstallationOwner)
ANY_LOGIN = "*"
_APP_KEYS = {
    "githubAppID": "githubAppID",
    "githubAppInstallationID": "githubAppInstallationID",
    "githubAppPrivateKey": "githubAppPrivateKey",
    "githubAppEnterpriseBaseUrl": "githubAppBaseURL",
}
_TLS_KEYS = {"tlsClientCertData": "tls.crt", "tlsClientCertKey": "tls.key"}
_AZURE_APP = (
    "azureServicePrincipalClientId",
    "azureServicePrincipalClientSecret",
    "azureServicePrincipalTenantId",
    "azureActiveDirectoryEndpoint",
)


class Item(NamedTuple):
    """One key of a Secret for Flux: the value of another Secret, or a text that is no secret.

    Without both it is a value that nobody knows. ``hidden`` is a value from a URL.
    """

    key: str
    credential: Credential | None = None
    source_key: str = ""
    text: str = ""
    trust: Resource | None = None
    hidden: str = ""


_ANY_USER = Item("username", text="x-access-token")
"""What Argo CD sends with a password alone (argo-cd:util/git/creds.go githubAccessTokenUsername)."""


class Recipe(NamedTuple):
    """A Secret for Flux: its wanted name, its keys, and the host of a registry.

    ``owner`` is whose it is where its keys do not tell: a host, or a single repository.
    """

    name: str
    items: tuple[Item, ...]
    registry: str = ""
    owner: str = ""

    @property
    def foreign(self) -> Credential | None:
        """What holds the credentials when their values are not in the input."""
        held = (item.credential for item in self.items if item.credential is not None)
        return next((credential for credential in held if not credential.readable), None)


class Need(NamedTuple):
    """Everything that fetching one repository takes; equal needs are met by the same Secrets."""

    auth: Recipe | None = None
    cert: Recipe | None = None
    proxy: Recipe | None = None
    provider: str = ""
    insecure: bool = False
    used: tuple[tuple[Credential, str], ...] = ()
    unmet: tuple[tuple[Credential, str], ...] = ()
    members: tuple[Credential, ...] = ()


NO_NEED = Need()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """One repository, as Flux will address it."""

    kind: SourceKind
    url: str
    flux: str
    host: str = ""
    port: int | None = None
    ssh: bool = False
    user: str = ""
    password: str = ""
    path: str = ""


def find_need(
    keyring: Keyring, kind: SourceKind, url: str, *, root: str, project: str, flux: str
) -> Need:
    """What a source of ``kind`` at the author's ``url`` needs, for an app of a project."""
    match = keyring.match(root, url, project)
    target = _target(kind, url, flux)
    if kind == "GitRepository":
        return _git(target, match, keyring, root)
    return _registry(target, match, keyring, root)


def _target(kind: SourceKind, url: str, flux: str) -> _Target:
    text = to_ssh_url(url) if kind == "GitRepository" else url
    if "://" not in text:
        text = f"oci://{text}"
    try:
        parts = parse(text)
    except GitUrlError:
        return _Target(kind=kind, url=url, flux=flux)
    return _Target(
        kind=kind,
        url=url,
        flux=flux,
        host=parts.host.lower(),
        port=parts.port,
        ssh=parts.scheme == "ssh",
        user=parts.user,
        password=parts.password,
        path=parts.path,
    )


def _git(target: _Target, match: Match, keyring: Keyring, root: str) -> Need:
    if target.ssh:
        items, provider = _ssh(target, match, keyring, root), ""
    else:
        items, provider = _https(target, match)
        tls = _tls(match)
        if Release.parse(target.flux) >= _GIT_TLS_SINCE:
            items += tls
        items += _certificate(target, keyring, root)
    suffix = "github-app" if provider == "github" else "auth"
    return _finished(target, match, Need(auth=_recipe(target, items, suffix), provider=provider))


def _ssh(target: _Target, match: Match, keyring: Keyring, root: str) -> list[Item]:
    """A key and the keys of the host, both of which Flux requires."""
    trust = keyring.host_keys.get(root)
    lines: tuple[str, ...] = ()
    if trust is not None:
        lines = host_lines(trust.texts.get(KNOWN_HOSTS, ""), target.host, target.port)
    known = Item("known_hosts")
    if trust is not None and lines:
        text = "".join(f"{line}\n" for line in lines)
        known = Item("known_hosts", None, KNOWN_HOSTS, text, trust.resource)
    return [_item("identity", "sshPrivateKey", match), known]


def _https(target: _Target, match: Match) -> tuple[list[Item], str]:
    """Keys and provider, by the first method that Argo CD would use."""
    fields = match.fields
    user = Item("username", hidden=target.user)
    if target.password:
        return [user, Item("password", hidden=target.password)], ""
    if "bearerToken" in fields:
        return [_item("bearerToken", "bearerToken", match)], ""
    if "password" in fields:
        if not target.user:
            stated = "username" in fields
            user = _item("username", "username", match) if stated else _ANY_USER
        return [user, _item("password", "password", match)], ""
    if {"githubAppPrivateKey", "githubAppID"} <= fields.keys():
        if not has_field(target.flux, "GitRepository", "spec.provider", "github"):
            return [], ""
        return _github(target, match), "github"
    if target.user:
        # a name alone, as Azure DevOps puts it into its URLs, or a token in its place
        return [user, Item("password")], ""
    azure = "useAzureWorkloadIdentity" in fields
    if azure and has_field(target.flux, "GitRepository", "spec.provider"):
        return [], "azure"
    return [], ""


def _github(target: _Target, match: Match) -> list[Item]:
    """A GitHub App; Flux wants the installation, or the organisation that installed it."""
    items = [_item(key, name, match) for name, key in _APP_KEYS.items() if name in match.fields]
    if "githubAppInstallationID" in match.fields:
        return items
    owner = target.path.strip("/").partition("/")[0]
    if Release.parse(target.flux) >= _APP_OWNER_SINCE:
        return [*items, Item("githubAppInstallationOwner", text=owner)]
    return [*items, Item("githubAppInstallationID")]


def _registry(target: _Target, match: Match, keyring: Keyring, root: str) -> Need:
    """A Helm repository or an artifact in a registry: user and password, and TLS apart."""
    oci = _is_registry(target)
    provider = ""
    items: list[Item] = []
    if {"username", "password"} & match.fields.keys():
        items = [_item(key, key, match) for key in ("username", "password")]
    if "useAzureWorkloadIdentity" in match.fields and oci:
        items, provider = [], "azure"
    registry = ""
    if items and oci:
        registry = target.host if target.port is None else f"{target.host}:{target.port}"
    cert = [*_tls(match), *_certificate(target, keyring, root)]
    return _finished(
        target,
        match,
        Need(
            auth=_recipe(target, items, "auth", registry),
            cert=_recipe(target, cert, "tls"),
            provider=provider,
            insecure=oci and "insecureOCIForceHttp" in match.fields,
        ),
    )


def _is_registry(target: _Target) -> bool:
    """Whether artifacts come from a registry; Argo CD writes its address without a scheme, too."""
    return target.kind == "OCIRepository" or not target.url.startswith(("http://", "https://"))


def _tls(match: Match) -> list[Item]:
    """A client certificate, which counts as a pair only."""
    if not _TLS_KEYS.keys() <= match.fields.keys():
        return []
    return [_item(key, name, match) for name, key in _TLS_KEYS.items()]


def _certificate(target: _Target, keyring: Keyring, root: str) -> list[Item]:
    """The authorities that Argo CD trusts for the host (argo-cd:util/cert/cert.go)."""
    trust = keyring.certificates.get(root)
    found = trust.texts.get(target.host, "") if trust is not None and target.host else ""
    if trust is None or not found:
        return []
    return [Item("ca.crt", None, target.host, found, trust.resource)]


def _item(key: str, source_key: str, match: Match) -> Item:
    return Item(key, match.fields.get(source_key), source_key)


def _finished(target: _Target, match: Match, need: Need) -> Need:
    """The need with its proxy, and with what was used of the Secrets and what could not be."""
    proxy = None
    if "proxy" in match.fields and has_field(target.flux, target.kind, "spec.proxySecretRef.name"):
        proxy = _recipe(target, [_item("address", "proxy", match)], "proxy")
    need = need._replace(auth=need.auth or _unseen(match), proxy=proxy)
    recipes = (r for r in (need.auth, need.cert, need.proxy) if r is not None)
    used = [
        (item.credential, item.source_key)
        for recipe in recipes
        for item in recipe.items
        if item.credential is not None
    ]
    fields = match.fields
    if need.provider == "azure":
        used.append((fields["useAzureWorkloadIdentity"], "useAzureWorkloadIdentity"))
    if need.insecure:
        used.append((fields["insecureOCIForceHttp"], "insecureOCIForceHttp"))
    taken = {key for _, key in used}
    unmet = [(fields[key], key) for key in _effective(target, match) if key not in taken]
    return need._replace(used=tuple(used), unmet=tuple(unmet), members=match.members)


def _unseen(match: Match) -> Recipe | None:
    """The Secret that may hold a login, though its keys are not in the input."""
    held = next((c for c in match.members if c.open and not c.readable), None)
    return None if held is None else Recipe(held.secret, (Item(ANY_LOGIN, held),))


def _effective(target: _Target, match: Match) -> list[str]:
    """The keys without which Argo CD would fetch differently, as far as Flux may lack them."""
    fields = match.fields
    keys = ["proxy", "noProxy", "enableLfs", "insecure", "insecureIgnoreHostKey"]
    if target.kind == "GitRepository" and not target.ssh and not _has_login(match):
        keys += [*_APP_KEYS, "useAzureWorkloadIdentity", "gcpServiceAccountKey", *_AZURE_APP]
    if target.kind != "GitRepository":
        keys += ["useAzureWorkloadIdentity", "gcpServiceAccountKey"]
    if not target.ssh and _TLS_KEYS.keys() <= fields.keys():
        keys += _TLS_KEYS
    if target.kind != "GitRepository":
        keys.remove("enableLfs")
    return [key for key in keys if key in fields]


def _has_login(match: Match) -> bool:
    return bool({"password", "bearerToken"} & match.fields.keys())


def _base(target: _Target, url: str) -> str:
    """The name that a source at an address would have."""
    if target.kind == "HelmRepository" and not _is_registry(target):
        return repository_name(url)
    return slug(basename(url) or target.host or "source")


def _recipe(target: _Target, items: list[Item], suffix: str, registry: str = "") -> Recipe | None:
    """The Secret that holds some keys, named after what holds the credentials, else the source."""
    if not items:
        return None
    held = next((item.credential for item in items if item.credential is not None), None)
    if held is not None and not held.readable:
        return Recipe(held.secret, tuple(items), registry)
    known = all(item.credential is not None for item in items)
    only_trust = all(item.trust is not None for item in items)
    url = strip_credentials(held.url if held is not None else target.url).strip().rstrip("/")
    base = target.host if only_trust else _base(target, url)
    owner = "" if known else target.host
    if held is None and not only_trust:
        owner = repository_key(url)
    return Recipe(f"{base}-{suffix}", tuple(items), registry, owner)
