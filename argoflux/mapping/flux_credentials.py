"""Secrets that Flux objects refer to: what each key is called in Argo CD.

They are read by reference only. No value is carried over: the stub of the repository or of the
cluster names the keys, and the objects that refer to the Secret say where to fill them in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from argoflux.mapping.concept import Concept, Context, Note, equivalent, on, says
from argoflux.mapping.verdict import Message, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

F2A_SEC_001 = Message(
    code="F2A-SEC-001",
    verdict=Verdict.MANUAL,
    text="a password beside an SSH key is its passphrase, for which Argo CD has no field",
    instead="store the key without a passphrase in the repository Secret",
    tags=("security",),
)
F2A_SEC_003 = Message(
    code="F2A-SEC-003",
    verdict=Verdict.MANUAL,
    text="`{key}` is trusted for one source in Flux; Argo CD trusts it for the whole host",
    instead="add it to ConfigMap {target}",
)
F2A_SEC_004 = Message(
    code="F2A-SEC-004",
    verdict=Verdict.NONE,
    text="`{key}` is for buckets, which Argo CD does not read",
    instead="publish the content to Git or to a registry, with credentials of its own",
)
F2A_SEC_005 = Message(
    code="F2A-SEC-005",
    verdict=Verdict.MANUAL,
    text="`{key}` has another form in Argo CD: {target}",
    instead="fill it into the repository Secret by hand",
)

_KNOWN_HOSTS = frozenset(
    {
        "bitbucket.org",
        "github.com",
        "gitlab.com",
        "ssh.dev.azure.com",
        "vs-ssh.visualstudio.com",
    }
)
"""argo-cd:manifests/base/config/argocd-ssh-known-hosts-cm.yaml."""

CREDENTIALS, KUBECONFIG = "Secret:git-credentials", "Secret:kubeconfig"


def _has_key(body: Mapping[str, Any]) -> bool:
    """Whether an SSH key stands beside the leaf."""
    blocks = (body.get("data"), body.get("stringData"))
    return any(isinstance(block, dict) and "identity" in block for block in blocks)


def _is_known(_value: Any, ctx: Context) -> bool:
    """Whether Argo CD trusts the host of the source from the start."""
    return ctx.fact("host") in _KNOWN_HOSTS


def _key(what: str, *keys: str, notes: tuple[Note, ...], slot: str = "") -> Concept:
    flux = tuple(on(CREDENTIALS, key) for key in keys)
    return Concept(slot=slot, says=what, flux=flux, to_argo=notes)


def _to(message: Message, target: str = "") -> Note:
    return says(message, facts=lambda _value, ctx: {"key": str(ctx.path[-1]), "target": target})


# fluxcd/pkg:git/options.go (keys of Git), fluxcd/pkg:runtime/secrets (registries, TLS, proxies),
# source-controller:internal/controller/bucket_controller.go; argo-cd:docs/operator-manual/
# declarative-setup.md (keys of a repository Secret)
ROWS = (
    _key("The user, sent with a password.", "username", notes=(equivalent(),)),
    _key(
        "The password or token; beside an SSH key its passphrase.",
        "password",
        notes=(
            says(F2A_SEC_001, when=lambda _value, ctx: _has_key(ctx.body)),
            equivalent(),
        ),
    ),
    _key("A token that is sent as it is.", "bearerToken", notes=(equivalent(),)),
    _key(
        "The SSH key, which is `sshPrivateKey` in Argo CD; the public half is not needed.",
        "identity",
        "identity.pub",
        notes=(equivalent(),),
    ),
    _key(
        "The host keys that are trusted.",
        "known_hosts",
        notes=(equivalent(when=_is_known), _to(F2A_SEC_003, "argocd-ssh-known-hosts-cm")),
    ),
    _key(
        "The certificate authority that is trusted.",
        "ca.crt",
        "caFile",
        notes=(_to(F2A_SEC_003, "argocd-tls-certs-cm"),),
    ),
    _key(
        "The certificate that is shown, `tlsClientCertData` and `tlsClientCertKey` in Argo CD.",
        "tls.crt",
        "tls.key",
        "certFile",
        "keyFile",
        notes=(equivalent(),),
    ),
    _key(
        "A GitHub App; its base URL is `githubAppEnterpriseBaseUrl` in Argo CD.",
        "githubAppID",
        "githubAppInstallationID",
        "githubAppPrivateKey",
        "githubAppBaseURL",
        notes=(equivalent(),),
    ),
    _key(
        "The organisation in which a GitHub App is installed.",
        "githubAppInstallationOwner",
        notes=(_to(F2A_SEC_005, "the number of the installation, `githubAppInstallationID`"),),
    ),
    _key(
        "Logins by registry.",
        ".dockerconfigjson",
        notes=(_to(F2A_SEC_005, "`username` and `password`, one Secret for each registry"),),
    ),
    _key(
        "The proxy that is used; its login stands in the same Secret.",
        "address",
        notes=(_to(F2A_SEC_005, "`proxy` of the repository Secret, a URL with the login"),),
    ),
    _key(
        "Public keys that signatures are checked with.",
        "*.pub",
        notes=(_to(F2A_SEC_005, "GnuPG keys stand in ConfigMap argocd-gpg-keys-cm"),),
    ),
    _key(
        "The login for a bucket.",
        "accesskey",
        "secretkey",
        notes=(_to(F2A_SEC_004),),
    ),
    Concept(
        slot="destination.cluster",
        says="A kubeconfig: `server` and `config` of a cluster Secret; the reference to it says so.",
        flux=tuple(on(KUBECONFIG, key) for key in ("value", "value.yaml", "*")),
        to_argo=(equivalent(),),
    ),
)
