"""Secrets with credentials for repositories, and the host keys and certificates that are trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.annotations import A2F_ANN_001
from argoflux.mapping.concept import Concept, Mount, Note, Opaque, equivalent, exact, on, says
from argoflux.mapping.conditions import fact
from argoflux.mapping.secrets_messages import (
    A2F_SEC_003,
    A2F_SEC_004,
    A2F_SEC_005,
    A2F_SEC_011,
    A2F_SEC_013,
    A2F_SEC_014,
    A2F_SEC_015,
    A2F_SEC_016,
    A2F_SEC_017,
    A2F_SEC_018,
    A2F_SEC_020,
    A2F_SRC_010,
)

if TYPE_CHECKING:
    from argoflux.mapping.concept import Context, On, Test

REPOSITORY, TEMPLATE = "Secret:repository", "Secret:repo-creds"
READERS = (REPOSITORY, TEMPLATE)
WRITERS = ("Secret:repository-write", "Secret:repo-write-creds")
TOKENS = "Secret:scm-creds"
PRODUCERS = ("ExternalSecret:argocd", "SealedSecret:argocd")
HOST_KEYS = "ConfigMap:argocd-ssh-known-hosts-cm"
CERTIFICATES = "ConfigMap:argocd-tls-certs-cm"
KINDS = (*READERS, *WRITERS, TOKENS, *PRODUCERS, HOST_KEYS, CERTIFICATES, "Secret:cluster")

SKIP = "argocd.argoproj.io/skip-reconcile"


def key_of(ctx: Context) -> str:
    """The key of a Secret, as templates and repositories alike are known by it."""
    key = str(ctx.path[-1]) if ctx.path else ""
    azure = key.startswith("azureServicePrincipal") and key.endswith("ID")
    return key.removesuffix("ID") + "Id" if azure else key


def _in(name: str) -> Test:
    """A test: the fact is a set that holds the leaf's key."""

    def test(_value: Any, ctx: Context) -> bool:
        return key_of(ctx) in (ctx.fact(name) or ())

    return test


def _with_key(_value: Any, ctx: Context) -> dict[str, Any]:
    return {"key": ctx.path[-1]}


def _with(remedy: str) -> Any:
    def facts(_value: Any, ctx: Context) -> dict[str, Any]:
        return {"key": ctx.path[-1], "remedy": remedy}

    return facts


_UNSEEN = (
    says(A2F_SEC_014, when=fact("unplaced")),
    says(A2F_SEC_013, when=fact("foreign")),
)


def _value(*unmet: Note) -> tuple[Note, ...]:
    """The notes of a key whose value is copied: what cannot be, then what was."""
    return (
        *_UNSEEN,
        *unmet,
        says(A2F_SEC_011, when=lambda v, ctx: _in("used")(v, ctx) and bool(ctx.fact("stub"))),
        says(A2F_SEC_020, when=_in("placeholders"), facts=_with_key),
        exact(when=_in("used")),
        equivalent(),  # Argo CD does not use it for these sources either
    )


def _reads(key: str, *kinds: str) -> tuple[On, ...]:
    return tuple(on(kind, key) for kind in kinds or READERS)


def _key_row(key: str, what: str, *unmet: Note) -> Concept:
    return Concept(slot=f"access.{key}", says=what, argo=_reads(key), to_flux=_value(*unmet))


def _setting(key: str, what: str, *notes: Note, kinds: tuple[str, ...] = READERS) -> Concept:
    return Concept(
        slot=f"access.{key}", says=what, argo=_reads(key, *kinds), to_flux=(*notes, equivalent())
    )


_VALUES = (
    ("username", "The user name, or what stands for one beside a token."),
    ("password", "The password or token."),
    ("bearerToken", "A token that is sent as it is."),
    ("sshPrivateKey", "The private key for Git over SSH."),
)
_APP = "use a personal access token, or Flux 2.5 and later, which know GitHub Apps"
_TLS = "Flux 2.6 and later present client certificates to Git servers"
_APP_VALUES = (
    ("githubAppID", "The id of a GitHub App."),
    ("githubAppInstallationID", "Where the GitHub App is installed."),
    ("githubAppPrivateKey", "The private key of a GitHub App."),
    ("githubAppEnterpriseBaseUrl", "The API of a GitHub Enterprise server."),
)
_TLS_VALUES = (
    ("tlsClientCertData", "The certificate that is shown to the server."),
    ("tlsClientCertKey", "The key of that certificate."),
)
_GOOGLE = "create a workload identity for source-controller (`provider: gcp` reads Google's registries), or use another login for Git"
_IDENTITY = "use an OCI registry, for which Flux takes `provider: azure`, or a user and a password"
_PRINCIPAL = (
    ("azureServicePrincipalClientSecret", "The secret of an Azure service principal."),
    ("azureActiveDirectoryEndpoint", "The login server of a service principal."),
)

# Keys: argo-cd:util/db/repository_secrets.go (secretToRepository, secretToRepoCred); Flux:
# source-controller:internal/controller/gitrepository_controller.go (getAuthOpts),
# fluxcd/pkg:runtime/secrets/converter.go (AuthMethodsFromSecret, TLSConfigFromSecret,
# ProxyURLFromSecret), source-controller:docs/spec/v1/{helmrepositories,ocirepositories}.md.
# Neither git over SSH without host keys nor TLS without verification exists in Flux:
# fluxcd/pkg:git/options.go Validate, runtime/secrets/converter.go buildTLSConfig.
ROWS = (
    *(Mount(kind=kind, path="metadata", table="SecretMetadata") for kind in KINDS),
    *(
        Opaque(kind="SecretMetadata", path=path, reason="written by the API server")
        for path in (
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "managedFields",
            "ownerReferences",
            "selfLink",
            "finalizers",
        )
    ),
    Concept(
        slot="kind",
        says="Which type of object this is.",
        argo=tuple(on(kind, path) for kind in KINDS for path in ("apiVersion", "kind")),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="name",
        says="The name of a Secret or ConfigMap of Argo CD; nothing of Argo CD refers to it.",
        argo=(on("SecretMetadata", "name"), on("SecretMetadata", "generateName")),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="namespace",
        says="Argo CD's namespace; Secrets of Flux stand beside the object that uses them.",
        argo=(on("SecretMetadata", "namespace"),),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="labels",
        says="Labels and annotations: what the Secret is to Argo CD, and notes.",
        argo=(
            on("SecretMetadata", "labels", subtree=True),
            on("SecretMetadata", "annotations", subtree=True),
        ),
        to_flux=(
            says(
                A2F_ANN_001,
                when=lambda _v, ctx: bool(ctx.fact("skipped")) and ctx.path[-1] == SKIP,
            ),
            equivalent(),  # they are instructions to Argo CD, or describe its Secret
        ),
    ),
    *(
        Opaque(kind=kind, path=path, reason=reason)
        for kind in KINDS
        for path, reason in (
            ("immutable", "a lock on the Secret of Argo CD itself"),
            ("data", "a map without keys"),
            ("stringData", "a map without keys"),
        )
    ),
    Concept(
        slot="access.sops",
        says="What SOPS needs to decrypt the Secret.",
        argo=tuple(on(kind, "sops", subtree=True) for kind in (*READERS, *WRITERS, TOKENS)),
        to_flux=(equivalent(),),
    ),
    # --- which repository
    Concept(
        slot="access.type",
        says="Whether it is for Git, a Helm repository or a registry.",
        argo=_reads("type", *READERS, *WRITERS),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="access.url",
        says="The repository, or the beginning of the URLs that a template is for.",
        argo=_reads("url", *READERS, *WRITERS),
        to_flux=(says(A2F_SEC_014, when=fact("unplaced")), equivalent()),
    ),
    Concept(
        slot="access.name",
        says="The name that the user interface shows.",
        argo=_reads("name", REPOSITORY, WRITERS[0]),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="access.project",
        says="The only project whose Applications may use it.",
        argo=_reads("project", REPOSITORY, WRITERS[0]),
        to_flux=(equivalent(),),  # the Secret is written only beside the sources that use it
    ),
    # --- values
    *(_key_row(key, what) for key, what in _VALUES),
    *(
        _key_row(key, what, says(A2F_SEC_015, when=_in("unmet"), facts=_with(_APP)))
        for key, what in _APP_VALUES
    ),
    *(
        _key_row(key, what, says(A2F_SEC_015, when=_in("unmet"), facts=_with(_TLS)))
        for key, what in _TLS_VALUES
    ),
    _key_row(
        "gcpServiceAccountKey",
        "The key of a Google service account.",
        says(A2F_SEC_015, when=_in("unmet"), facts=_with(_GOOGLE)),
    ),
    *(_key_row(key, what, says(A2F_SEC_005, when=_in("unmet"))) for key, what in _PRINCIPAL),
    *(
        Concept(
            slot=f"access.azureServicePrincipal{name}Id",
            says=f"The {name.lower()} of an Azure service principal.",
            argo=(
                on(REPOSITORY, f"azureServicePrincipal{name}Id"),
                on(TEMPLATE, f"azureServicePrincipal{name}ID"),
            ),
            to_flux=_value(says(A2F_SEC_005, when=_in("unmet"))),
        )
        for name in ("Client", "Tenant")
    ),
    _key_row(
        "proxy",
        "The proxy for this repository.",
        says(A2F_SEC_017, when=_in("unmet"), facts=_with_key),
    ),
    _setting(
        "noProxy",
        "Hosts that are reached without the proxy.",
        *_UNSEEN,
        says(A2F_SEC_017, when=_in("unmet"), facts=_with_key),
    ),
    # --- settings
    _setting(
        "useAzureWorkloadIdentity",
        "Use the identity of the pod in Azure.",
        *_UNSEEN,
        says(A2F_SEC_016, when=_in("used")),
        says(A2F_SEC_015, when=_in("unmet"), facts=_with(_IDENTITY)),
    ),
    _setting(
        "insecureIgnoreHostKey",
        "Do not check the keys of SSH hosts.",
        says(A2F_SEC_003, when=lambda v, ctx: _in("unmet")(v, ctx) and bool(ctx.fact("ssh"))),
        kinds=(REPOSITORY,),
    ),
    _setting(
        "insecure",
        "Do not verify certificates and host keys.",
        says(A2F_SEC_003, when=lambda v, ctx: _in("unmet")(v, ctx) and bool(ctx.fact("ssh"))),
        says(A2F_SEC_004, when=_in("unmet")),
        kinds=(REPOSITORY,),
    ),
    _setting(
        "enableLfs",
        "Fetch files of Git LFS.",
        says(A2F_SRC_010, when=_in("unmet")),
        kinds=(REPOSITORY,),
    ),
    _setting("enableOCI", "The Helm repository is a registry."),
    _setting("insecureOCIForceHttp", "The registry speaks plain HTTP.", exact(when=_in("used"))),
    _setting("forceHttpBasicAuth", "Send the login without being asked, as Flux always does."),
    _setting(
        "depth", "How much of the history is cloned; Flux clones one commit.", kinds=(REPOSITORY,)
    ),
    _setting(
        "webhookManifestCacheWarmDisabled",
        "Do not render ahead of time after a webhook call.",
        kinds=(REPOSITORY,),
    ),
    # --- other Secrets
    Concept(
        slot="access.push",
        says="Credentials to push rendered manifests.",
        argo=tuple(on(kind, "*") for kind in WRITERS),
        to_flux=(says(A2F_SEC_018),),
    ),
    Concept(
        slot="access.token",
        says="A token for the generators of ApplicationSets.",
        argo=(on(TOKENS, "*"),),
        to_flux=_value(),
    ),
    Concept(
        slot="access.type",
        says="The type of the Secret.",
        argo=(on(TOKENS, "type"), on("Secret:cluster", "type")),
        to_flux=(equivalent(),),
    ),
    Concept(
        slot="access.produced",
        says="An object that makes a Secret for Argo CD.",
        argo=tuple(on(kind, "spec", subtree=True) for kind in PRODUCERS),
        to_flux=(*_UNSEEN, equivalent()),
    ),
    *(Opaque(kind=kind, path="status", reason="written by the controller") for kind in PRODUCERS),
    # --- trust: argo-cd:util/cert/cert.go; public, so they are always copied
    Concept(
        slot="access.ssh_known_hosts",
        says="The keys of SSH hosts; each source gets those of its host.",
        argo=(on(HOST_KEYS, "ssh_known_hosts"),),
        to_flux=(exact(),),
    ),
    Concept(
        slot="access.certificate",
        says="Certificates of servers and authorities, by host.",
        argo=(on(CERTIFICATES, "*"),),
        to_flux=(exact(),),
    ),
)
