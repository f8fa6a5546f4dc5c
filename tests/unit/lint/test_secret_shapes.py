"""Which keys a Secret needs."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.lint.secret_shapes import SHAPES, Use


def judged(kind: str, path: str, keys: str, spec: dict[str, Any], flux: tuple[int, int]) -> str:
    """What the shape of a reference says about a Secret with these keys."""
    steps = tuple(path.split("."))
    shape = next(shape for stated, shape in SHAPES[kind] if stated == ("spec", *steps))
    reference: Any = spec
    for step in steps:
        reference = reference.get(step, {})
    use = Use(keys=frozenset(keys.split()), body={"spec": spec}, reference=reference, flux=flux)
    return shape(use)


HTTPS = {"url": "https://git.example.com/x.git"}
GITHUB = {**HTTPS, "provider": "github"}
APP = "githubAppID githubAppPrivateKey"


@pytest.mark.parametrize(
    ("kind", "path", "spec", "keys", "expected"),
    [
        ("GitRepository", "secretRef", {"url": "ssh://git@x/y"}, "identity known_hosts", ""),
        ("GitRepository", "secretRef", {"url": "ssh://git@x/y"}, "password", "lacks `identity`"),
        ("GitRepository", "secretRef", HTTPS, "username password", ""),
        ("GitRepository", "secretRef", HTTPS, "bearerToken", ""),
        ("GitRepository", "secretRef", HTTPS, "username", "lacks `password`"),
        ("GitRepository", "secretRef", HTTPS, "tls.crt", "lacks `tls.key`"),
        ("GitRepository", "secretRef", HTTPS, APP, "needs `provider: github`"),
        ("GitRepository", "secretRef", GITHUB, APP, "needs either"),
        ("GitRepository", "secretRef", GITHUB, f"{APP} githubAppInstallationID", ""),
        ("GitRepository", "secretRef", GITHUB, "username password", "lacks `githubAppID`"),
        ("OCIRepository", "secretRef", {}, ".dockerconfigjson", ""),
        ("OCIRepository", "secretRef", {}, "username password", "has to be a registry's"),
        ("OCIRepository", "verify.secretRef", {"verify": {}}, "cosign.pub", ""),
        ("OCIRepository", "verify.secretRef", {"verify": {}}, "cosign.key", "ends in `.pub`"),
        ("HelmRepository", "secretRef", {"type": "oci"}, ".dockerconfigjson", ""),
        ("HelmRepository", "secretRef", {}, "password", "lacks `username`"),
        ("Bucket", "secretRef", {}, "accesskey", "lacks `secretkey`"),
        ("Bucket", "secretRef", {"provider": "gcp"}, "serviceaccount", ""),
        ("Receiver", "secretRef", {"type": "github"}, "token", ""),
        ("Receiver", "secretRef", {"type": "github"}, "secret", "lacks `token`"),
        ("Receiver", "secretRef", {"type": "gcr"}, "token", "lacks `email` and `audience`"),
        ("Kustomization", "decryption.secretRef", {"decryption": {}}, "age.agekey", ""),
        ("Kustomization", "decryption.secretRef", {"decryption": {}}, "sops.aws-kms", ""),
        (
            "Kustomization",
            "decryption.secretRef",
            {"decryption": {}},
            "key.txt",
            "no key to decrypt",
        ),
        ("Kustomization", "kubeConfig.secretRef", {"kubeConfig": {}}, "value.yaml", ""),
        ("HelmRelease", "kubeConfig.secretRef", {"kubeConfig": {}}, "config", "lacks `value`"),
        (
            "HelmRelease",
            "kubeConfig.secretRef",
            {"kubeConfig": {"secretRef": {"key": "config"}}},
            "config",
            "",
        ),
    ],
)
def test_keys(kind: str, path: str, spec: dict[str, Any], keys: str, expected: str) -> None:
    """An empty answer says that nothing is missing."""
    said = judged(kind, path, keys, spec, (2, 9))
    assert expected in said
    assert bool(expected) == bool(said)


def test_older_receivers_of_gcr_need_a_token_alone() -> None:
    """The checks of the sender came with Flux 2.9."""
    assert judged("Receiver", "secretRef", "token", {"type": "gcr"}, (2, 8)) == ""
