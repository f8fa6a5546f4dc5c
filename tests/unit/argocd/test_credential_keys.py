"""Keys of the Secrets that Flux fetches with, where the input has them: names only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

HTTPS, SSH = "https://git.example.com/a.git", "ssh://git@git.example.com/a.git"


def _git(more: str = "secretRef: {name: login}", url: str = HTTPS) -> str:
    return f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: a, namespace: team}}
spec: {{interval: 1m, url: '{url}', {more}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: a, namespace: team}}
spec: {{interval: 1m, prune: true, path: ./, sourceRef: {{kind: GitRepository, name: a}}}}
---
"""


def _secret(*keys: str, name: str = "login", kind: str = "stringData") -> str:
    data = "".join(f"  {key}: c2VjcmV0LXZhbHVl\n" for key in keys)
    return f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: team}}\n{kind}:\n{data}---\n"


def _convert(folder: Path, *texts: str) -> Conversion:
    return convert_texts(folder, {"all.yaml": "".join(texts)}, "argocd")[1]


def _stub(result: Conversion) -> set[str]:
    bodies: list[Any] = [document.body for document in result.documents]
    (data,) = [body["stringData"] for body in bodies if body["kind"] == "Secret"]
    return set(data) - {"type", "name", "url"}


@pytest.mark.parametrize(
    ("keys", "url", "stub"),
    [
        (("username", "password"), HTTPS, {"username", "password"}),
        (("bearerToken",), HTTPS, {"bearerToken"}),
        (("username", "password", "tls.crt", "tls.key", "ca.crt"), HTTPS,
         {"username", "password", "tlsClientCertData", "tlsClientCertKey"}),
        (("identity", "identity.pub", "known_hosts"), SSH, {"sshPrivateKey"}),
        (("identity", "password", "known_hosts"), SSH, {"sshPrivateKey"}),
        (("githubAppID", "githubAppInstallationOwner", "githubAppPrivateKey", "githubAppBaseURL"), HTTPS,
         {"githubAppID", "githubAppInstallationID", "githubAppPrivateKey", "githubAppEnterpriseBaseUrl"}),
        ((), HTTPS, {"username", "password"}),  # nothing is known: what is usual
        ((), SSH, {"sshPrivateKey"}),
        (("other",), HTTPS, {"username", "password"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["data", "stringData"])
def test_the_stub_has_the_keys_that_there_are(
    keys: tuple[str, ...], url: str, stub: set[str], kind: str, tmp_path: Path
) -> None:
    secret = _secret(*keys, kind=kind) if keys else ""
    result = _convert(tmp_path, secret, _git(url=url))
    assert _stub(result) == stub
    assert "c2VjcmV0LXZhbHVl" not in str([document.body for document in result.documents])


@pytest.mark.parametrize(
    ("keys", "reference", "code", "words"),
    [
        (("identity", "password"), "secretRef", "F2A-SEC-001", "its passphrase"),
        (("identity", "known_hosts"), "secretRef", "F2A-SEC-003", "`known_hosts` is trusted"),
        (("username", "password", "ca.crt"), "secretRef", "F2A-SEC-003", "`ca.crt` is trusted"),
        (("accesskey", "secretkey"), "secretRef", "F2A-SEC-004", "`accesskey` is for buckets"),
        (("githubAppInstallationOwner",), "secretRef", "F2A-SEC-005", "number of the installation"),
        (("address", "username"), "proxySecretRef", "F2A-SEC-005", "`proxy` of the repository"),
        ((".dockerconfigjson",), "secretRef", "F2A-SEC-005", "one Secret for each registry"),
        (("username", "password"), "secretRef", None, ""),
    ],
)
def test_what_is_different_about_a_key(
    keys: tuple[str, ...], reference: str, code: str | None, words: str, tmp_path: Path
) -> None:
    result = _convert(tmp_path, _secret(*keys), _git(f"{reference}: {{name: login}}"))
    found = [m for m in result.messages if m.code.startswith("F2A-SEC-")]
    assert {m.code for m in found} == ({code} if code else set())
    assert words in " ".join(m.text for m in found)
    assert not any("…" in m.text + m.instead for m in found)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ssh://git@github.com/acme/a.git", False),
        ("ssh://git@git.example.com:org/a.git", True),
        ("ssh://git@GitLab.com/acme/a.git", False),
        ("https://git.example.com:org/a.git", True),
        (SSH, True),
    ],
)
def test_hosts_that_argo_cd_knows(url: str, told: bool, tmp_path: Path) -> None:
    result = _convert(tmp_path, _secret("identity", "known_hosts"), _git(url=url))
    assert ("F2A-SEC-003" in {m.code for m in result.messages}) is told


def test_sources_of_one_secret_are_told_once(tmp_path: Path) -> None:
    other = _git().replace("name: a,", "name: b,").replace("name: a}", "name: b}")
    result = _convert(tmp_path, _secret("username", "password", "ca.crt"), _git(), other)
    (message,) = [m for m in result.messages if m.code == "F2A-SEC-003"]
    assert set(message.apps) == {"Kustomization/team/a", "Kustomization/team/b"}
