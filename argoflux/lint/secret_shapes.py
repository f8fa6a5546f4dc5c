"""Which keys a Secret needs for what a Flux object uses it for.

Facts: fluxcd/pkg:git/options.go Validate, fluxcd/pkg:runtime/secrets (basic auth, TLS, tokens),
source-controller:internal/controller/gitrepository_controller.go getAuthOpts (GitHub App),
source-controller:internal/controller/ocirepository_controller.go, notification-controller:
internal/server/receiver_handlers.go and CHANGELOG.md (1.9.0, gcr), kustomize-controller:internal/
decryptor/decryptor.go ImportKeys, fluxcd/pkg:runtime/client/impersonation.go (kubeConfig).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.flux.fields import is_stated, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Shape = Callable[["Use"], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A Secret in use: its ``keys``, the object that uses it, and the minor of Flux as a pair."""

    keys: frozenset[str]
    body: Mapping[str, Any]
    reference: Mapping[str, Any]
    flux: tuple[int, int]


_APP = "githubAppID"
_OWNER, _INSTALLATION = "githubAppInstallationOwner", "githubAppInstallationID"
_RECEIVER_CHECKS = (2, 9)
_CONFIG = ".dockerconfigjson"


def _git(use: Use) -> str:
    url, keys = text(use.body, "spec", "url") or "", use.keys
    if url.startswith("ssh://"):
        missing = [key for key in ("identity", "known_hosts") if key not in keys]
        shown = " and ".join(f"`{key}`" for key in missing)
        return f"lacks {shown}, which SSH needs" if missing else ""
    provider = text(use.body, "spec", "provider") or "generic"
    if _APP in keys:
        if provider != "github":
            return "is for a GitHub App, which needs `provider: github`"
        if (_OWNER in keys) == (_INSTALLATION in keys):
            return f"needs either `{_OWNER}` or `{_INSTALLATION}`"
        return "" if "githubAppPrivateKey" in keys else "lacks `githubAppPrivateKey`"
    if provider == "github":
        return f"lacks `{_APP}`, which `provider: github` needs"
    return _login(use) or _tls(use)


def _login(use: Use) -> str:
    one, two = "username" in use.keys, "password" in use.keys
    if one == two:
        return ""
    return f"lacks `{'password' if one else 'username'}`; both are needed"


def _tls(use: Use) -> str:
    for cert, key in (("tls.crt", "tls.key"), ("certFile", "keyFile")):
        if (cert in use.keys) != (key in use.keys):
            return f"lacks `{key if cert in use.keys else cert}`; a certificate needs its key"
    return ""


def _registry(use: Use) -> str:
    return "" if _CONFIG in use.keys else f"lacks `{_CONFIG}`; it has to be a registry's Secret"


def _charts(use: Use) -> str:
    if text(use.body, "spec", "type") == "oci" and _CONFIG in use.keys:
        return ""
    return _login(use) or _tls(use)


def _bucket(use: Use) -> str:
    if (text(use.body, "spec", "provider") or "generic") not in {"generic", "aws"}:
        return ""
    missing = [key for key in ("accesskey", "secretkey") if key not in use.keys]
    if is_stated(use.body, "spec", "sts") or not missing:
        return ""
    return f"lacks {' and '.join(f'`{key}`' for key in missing)}"


def _receiver(use: Use) -> str:
    if "token" not in use.keys:
        return "lacks `token`"
    if text(use.body, "spec", "type") == "gcr" and use.flux >= _RECEIVER_CHECKS:
        missing = [key for key in ("email", "audience") if key not in use.keys]
        shown = " and ".join(f"`{key}`" for key in missing)
        return f"lacks {shown}, which type gcr needs since Flux 2.9" if missing else ""
    return ""


def _decryption(use: Use) -> str:
    known = any(key.endswith((".agekey", ".asc")) or key.startswith("sops.") for key in use.keys)
    return "" if known else "has no key to decrypt with: a name ends in `.agekey` or `.asc`"


def _kubeconfig(use: Use) -> str:
    wanted = text(use.reference, "key")
    if wanted:
        return "" if wanted in use.keys else f"lacks `{wanted}`"
    return "" if {"value", "value.yaml"} & use.keys else "lacks `value`"


def _cosign(use: Use) -> str:
    return "" if any(key.endswith(".pub") for key in use.keys) else "has no key that ends in `.pub`"


SHAPES: Mapping[str, tuple[tuple[tuple[str, ...], Shape], ...]] = {
    "GitRepository": ((("spec", "secretRef"), _git),),
    "OCIRepository": (
        (("spec", "secretRef"), _registry),
        (("spec", "certSecretRef"), _tls),
        (("spec", "verify", "secretRef"), _cosign),
    ),
    "HelmRepository": (
        (("spec", "secretRef"), _charts),
        (("spec", "certSecretRef"), _tls),
    ),
    "Bucket": ((("spec", "secretRef"), _bucket), (("spec", "certSecretRef"), _tls)),
    "ImageRepository": (
        (("spec", "secretRef"), _registry),
        (("spec", "certSecretRef"), _tls),
    ),
    "Receiver": ((("spec", "secretRef"), _receiver),),
    "Provider": ((("spec", "certSecretRef"), _tls),),
    "Kustomization": (
        (("spec", "decryption", "secretRef"), _decryption),
        (("spec", "kubeConfig", "secretRef"), _kubeconfig),
    ),
    "HelmRelease": ((("spec", "kubeConfig", "secretRef"), _kubeconfig),),
}
"""What refers to Secrets, by kind, and what has to be in them."""
