"""Credentials of an installation: which Secret speaks for which repository or cluster.

Values stay in the Secrets. ``secret_text`` reads one at the moment it is written into another
Secret; nothing else of the model, the reports or the messages holds any.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.goports.giturl import normalize_git_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from argoflux.resource import Resource

Origin = Literal["Secret", "ExternalSecret", "SealedSecret", "SOPS"]
"""What holds the credentials; all but the first give no values to a reader of files."""

# argo-cd:pkg/apis/application/v1alpha1/repository_types.go (Repository.HasCredentials)
_COUNTS_AS_CREDENTIALS = frozenset(
    {
        "username",
        "password",
        "bearerToken",
        "sshPrivateKey",
        "tlsClientCertData",
        "githubAppPrivateKey",
        "useAzureWorkloadIdentity",
        "azureServicePrincipalClientSecret",
    }
)
# the same file, Repository.CopyCredentialsFrom: what a template gives to a repository without
_INHERITED = _COUNTS_AS_CREDENTIALS | {
    "tlsClientCertKey",
    "githubAppID",
    "githubAppInstallationID",
    "githubAppEnterpriseBaseUrl",
    "gcpServiceAccountKey",
    "proxy",
    "noProxy",
    "forceHttpBasicAuth",
    "insecureOCIForceHttp",
    "azureServicePrincipalClientId",
    "azureServicePrincipalTenantId",
    "azureActiveDirectoryEndpoint",
}
_SWITCHES = frozenset({"useAzureWorkloadIdentity", "forceHttpBasicAuth", "insecureOCIForceHttp"})
_OCI = "oci://"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Credential:
    """A repository Secret of Argo CD, or a credential template (``template``).

    ``keys`` are the keys that hold something: a switch only when it is on; where they are
    ``open``, there may be more. ``url`` is empty when it cannot be read. ``secret`` names the Secret
    that exists in the cluster.
    """

    resource: Resource
    url: str
    keys: frozenset[str]
    open: bool = False
    template: bool = False
    project: str = ""
    origin: Origin = "Secret"
    secret: str = ""

    @property
    def readable(self) -> bool:
        """Whether the values stand in the input."""
        return self.origin == "Secret"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClusterAccess:
    """A cluster Secret of Argo CD.

    ``method`` is how Argo CD logs in: ``static`` (token, password or client certificate), one of
    the cloud providers, ``exec`` for any other program, ``unreadable`` for a config that is no
    JSON object. ``login`` holds what is no secret of a cloud login (names, role).
    """

    resource: Resource
    name: str
    server: str
    method: Literal["static", "aws", "gcp", "azure", "exec", "unreadable"] = "static"
    login: Mapping[str, str] = field(default_factory=dict)
    insecure: bool = False
    skipped: bool = False
    origin: Origin = "Secret"
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrustData:
    """The ConfigMap with host keys or certificates of one root; its texts are public."""

    resource: Resource
    texts: Mapping[str, str]


class Match(NamedTuple):
    """The Secrets that give Argo CD access to one repository: by key, the one that it comes from."""

    fields: Mapping[str, Credential]

    @property
    def members(self) -> tuple[Credential, ...]:
        """The Secrets involved, each once."""
        return tuple(dict.fromkeys(self.fields.values()))


@dataclass(slots=True, kw_only=True, eq=False)
class Keyring:
    """All credentials of an installation, in the order of their resources; trust data by root."""

    repositories: list[Credential] = field(default_factory=list)
    templates: list[Credential] = field(default_factory=list)
    clusters: list[ClusterAccess] = field(default_factory=list)
    unplaced: list[Credential] = field(default_factory=list)
    tokens: list[Resource] = field(default_factory=list)
    writers: list[Resource] = field(default_factory=list)
    host_keys: dict[str, TrustData] = field(default_factory=dict)
    certificates: dict[str, TrustData] = field(default_factory=dict)

    def match(self, root: str, url: str, project: str) -> Match:
        """What Argo CD uses for a repository: its own Secret, else the best template.

        argo-cd:util/db/repository.go enrichCredsToRepo: a template only counts when the
        repository's own Secret holds no credentials.
        """
        own = self._own(root, url, project)
        fields = {} if own is None else dict.fromkeys(sorted(own.keys), own)
        if own is not None and (own.keys & _COUNTS_AS_CREDENTIALS or not own.readable):
            return Match(fields)
        template = self._template(root, url)
        if template is not None:
            for key in sorted(template.keys & _INHERITED):
                if key in _SWITCHES or key not in fields:
                    fields[key] = template
            fields.setdefault("url", template)
        return Match(fields)

    def _own(self, root: str, url: str, project: str) -> Credential | None:
        """argo-cd:util/db/repository_secrets.go getRepositorySecret: the project's, else anyone's."""
        key = _comparable(url)
        same = [c for c in self.repositories if c.resource.root == root and key == _own_key(c)]
        exact = (c for c in same if c.project == project)
        return next(exact, None) or next((c for c in same if not c.project), None)

    def _template(self, root: str, url: str) -> Credential | None:
        """The same file, getRepositoryCredentialIndex: the longest prefix, the first of equals."""
        key = _comparable(url)
        here = (c for c in self.templates if c.resource.root == root)
        fits = [c for c in here if _own_key(c) and key.startswith(_own_key(c))]
        return max(fits, key=lambda c: len(_own_key(c)), default=None)

    def cluster(self, root: str, server: str, name: str) -> ClusterAccess | None:
        """The first cluster of a root with that API URL, or with that name when there is no URL.

        argo-cd:util/argo/argo.go GetDestinationCluster
        """
        for known in self.clusters:
            if known.resource.root != root:
                continue
            if server and known.server.rstrip("/") == server.rstrip("/"):
                return known
            if not server and name and known.name == name:
                return known
        return None

    def secrets(self) -> Iterable[Credential]:
        """Every repository Secret and template, those without a readable URL last."""
        return (*self.repositories, *self.templates, *self.unplaced)


def _own_key(credential: Credential) -> str:
    return _comparable(credential.url)


@lru_cache(maxsize=1024)
def _comparable(url: str) -> str:
    """The form in which Argo CD compares URLs; sources of the model have lost ``oci://``."""
    return normalize_git_url(url.strip().removeprefix(_OCI))


def secret_text(resource: Resource, key: str) -> str | None:
    """One value of a Secret as text; None when it is absent or no text.

    ``stringData`` wins over ``data``, as in the API server.
    """
    stated = resource.body.get("stringData")
    if isinstance(stated, dict) and isinstance(stated.get(key), str | int | float):
        value = stated[key]
        return str(value).lower() if isinstance(value, bool) else str(value)
    raw = secret_bytes(resource, key)
    if raw is None:
        return None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def secret_bytes(resource: Resource, key: str) -> bytes | None:
    """One value of a Secret's ``data``; None when it is absent or no base64."""
    data = resource.body.get("data")
    encoded = data.get(key) if isinstance(data, dict) else None
    if not isinstance(encoded, str):
        return None
    try:
        return base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return None


def secret_keys(resource: Resource) -> tuple[str, ...]:
    """The keys that a Secret states, sorted."""
    found: set[str] = set()
    for holder in ("data", "stringData"):
        stated = resource.body.get(holder)
        if isinstance(stated, dict):
            found.update(key for key in stated if isinstance(key, str))
    return tuple(sorted(found))
