"""Connections where the examples of the rule do not reach."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from argoflux.lint.hosts import host_of, is_near
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: argocd\n  labels: {{argocd.argoproj.io/secret-type: {}}}\n{}"
FLUX = "apiVersion: {}\nkind: {}\nmetadata: {{name: a, namespace: b}}\nspec: {}\n"
SOURCE = "source.toolkit.fluxcd.io/v1"
SET = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a, namespace: argocd}\nspec:\n  generators: [%s]\n"


def data(**values: str) -> str:
    """The part `data` of a Secret."""
    rows = (f"  {k}: {base64.b64encode(v.encode()).decode()}\n" for k, v in values.items())
    return "data:\n" + "".join(rows)


def config(text: str) -> str:
    """A cluster Secret with a config."""
    return SECRET.format("cluster", data(name="a", server="https://far.example.com", config=text))


@pytest.mark.parametrize(
    ("address", "host", "near"),
    [
        ("http://gitea.gitea.svc:3000/a", "gitea.gitea.svc", True),
        ("http://gitea", "gitea", True),
        ("minio.minio.svc.cluster.local:9000", "minio.minio.svc.cluster.local", True),
        ("http://127.0.0.1:8080", "127.0.0.1", True),
        ("http://[::1]:8080/", "::1", True),
        ("http://ci:word@git.example.com/a", "git.example.com", False),
        ("http://10.0.0.8/a", "10.0.0.8", False),
        ("http://svc.example.com", "svc.example.com", False),
        ("", "", False),
    ],
)
def test_hosts(address: str, host: str, near: bool) -> None:
    """Services, loopback and names without a dot are near."""
    assert (host_of(address), is_near(address)) == (host, near)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (config('{"tlsClientConfig": {"insecure": true}}'), ["error"]),
        (config('{"tlsClientConfig": {"insecure": false}}'), []),
        (config("none"), []),
        (SECRET.format("repository", data(url="http://git.example.com/a")), ["error"]),
        (
            SECRET.format(
                "repository",
                data(url="oci://a.example.com/b", insecure="true", insecureOCIForceHttp="true"),
            ),
            ["error", "error", "error"],
        ),
        (
            FLUX.format(
                SOURCE, "HelmRepository", "{url: 'https://a.example.com', passCredentials: true}"
            ),
            ["warning"],
        ),
        (
            FLUX.format(
                SOURCE, "HelmRepository", "{url: 'oci://a.example.com', type: oci, insecure: true}"
            ),
            ["error"],
        ),
        (
            FLUX.format(SOURCE, "Bucket", "{endpoint: 'minio.minio.svc:9000', insecure: true}"),
            ["warning"],
        ),
        (
            FLUX.format(
                "notification.toolkit.fluxcd.io/v1beta3",
                "Provider",
                "{address: 'http://am.svc:9093'}",
            ),
            [],
        ),
        (SET % "", []),
        (SET % "{git: {repoURL: 'http://git.example.com/a.git'}}", ["error"]),
        (
            SET
            % "{scmProvider: {gitea: {owner: a, api: 'https://git.example.com', insecure: true}}}",
            ["error"],
        ),
    ],
)
def test_findings(tmp_path: Path, text: str, expected: list[str]) -> None:
    """As heavy as what is at stake."""
    result = lint_texts(tmp_path, {"a.yaml": text}, code="AF502")
    assert [str(f.severity) for f in result.findings if f.code == "AF502"] == expected


def test_no_fix_repeats_credentials(tmp_path: Path) -> None:
    """An address with a password is told without a fix that would hold it."""
    text = FLUX.format(SOURCE, "GitRepository", "{url: 'http://ci:word@git.example.com/a.git'}")
    found = lint_texts(tmp_path, {"a.yaml": text}, code="AF502").findings
    assert [f.fix for f in found] == [None]
