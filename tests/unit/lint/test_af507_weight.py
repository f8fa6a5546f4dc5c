"""AF507: how much a project weighs that reaches the namespaces of the controllers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: shop, namespace: argocd}
spec:
  sourceRepos: [URL]
  destinations:
    - {server: https://kubernetes.default.svc, namespace: "*"}
"""
ACCOUNT = """\
  destinationServiceAccounts:
    - {server: https://kubernetes.default.svc, namespace: NAMESPACE, defaultServiceAccount: ACCOUNT}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: shop
  source: {repoURL: "https://git.example.com/fleet.git", path: web, targetRevision: v1}
  destination: {name: in-cluster, namespace: web}
"""


@pytest.mark.parametrize(
    ("url", "more", "severity"),
    [
        ("https://git.example.com/other.git", "", "error"),
        ("https://git.example.com/fleet.git", "", "warning"),
        ("'*'", "", "error"),
        ("https://git.example.com/other.git", ("'*'", "shop"), "info"),
        ("https://git.example.com/other.git", ("shop", "shop"), "error"),
        ("https://git.example.com/other.git", ("'*'", "''"), "error"),
    ],
)
def test_weight(tmp_path: Path, url: str, more: tuple[str, str], severity: str) -> None:
    text = PROJECT.replace("URL", url)
    if more:
        text += ACCOUNT.replace("NAMESPACE", more[0]).replace("ACCOUNT", more[1])
    texts = {"project.yaml": text, "app.yaml": APPLICATION, "web/a.yaml": "kind: A\n"}
    (found,) = lint_texts(tmp_path, texts, code="AF507").findings
    assert str(found.severity) == severity
