"""Private dependencies of charts in Git: a HelmRepository of their address lends its credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

GIT = "https://git.example.com/acme/charts"
APP = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: %s, namespace: argocd}}
spec:
  source: {{repoURL: {GIT}, path: web, targetRevision: main}}
  destination: {{server: https://kubernetes.default.svc, namespace: %s}}
"""
SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: charts, namespace: argocd, labels: {argocd.argoproj.io/secret-type: repo-creds}}
stringData: {type: helm, url: https://charts.example.com, username: robot, password: hidden}
"""
CHART = """\
apiVersion: v2
name: web
version: 1.0.0
dependencies:
  - {name: a, version: 1.0.0, repository: https://charts.example.com/team/}
  - {name: b, version: 1.0.0, repository: https://charts.example.com/team}
  - {name: c, version: 1.0.0, repository: https://open.example.com/charts}
  - {name: d, version: 1.0.0, repository: "@named"}
  - {name: e, version: 1.0.0, repository: "file://../e"}
"""


def convert(folder: Path, **texts: str) -> Conversion:
    files = {f"{name}.yaml": text for name, text in texts.items()}
    given = {**files, "repo/web/Chart.yaml": CHART}
    return convert_texts(folder, given, "flux", sources=(f"{GIT}=repo",))[1]


def repositories(result: Conversion) -> list[dict[str, object]]:
    return [d.body for d in result.documents if d.body["kind"] == "HelmRepository"]


def texts_of(result: Conversion, code: str) -> list[str]:
    return [message.text for message in result.messages if message.code == code]


def test_a_private_repository_gets_an_object_beside_the_chart(tmp_path: Path) -> None:
    """One for all charts, however they spell the address."""
    result = convert(tmp_path, app=APP % ("web", "a"), other=APP % ("more", "b"), secret=SECRET)
    (found,) = repositories(result)
    assert found["metadata"] == {"name": "team", "namespace": "flux-system"}
    (secret,) = [d.body for d in result.documents if d.body["kind"] == "Secret"]
    assert found["spec"] == {
        "interval": "10m",
        "url": "https://charts.example.com/team",
        "secretRef": {"name": secret["metadata"]["name"]},
    }
    assert "HelmRepository team" in texts_of(result, "A2F-HELM-029")[0]


def test_addresses_without_credentials_are_still_named(tmp_path: Path) -> None:
    result = convert(tmp_path, app=APP % ("web", "a"), secret=SECRET)
    (text,) = texts_of(result, "A2F-HELM-023")
    assert "from @named, https://open.example.com/charts without credentials" in text
    assert repositories(convert(tmp_path / "open", app=APP % ("web", "a"))) == []


def test_a_repository_that_is_there_is_not_made_twice(tmp_path: Path) -> None:
    """Its charts need the same credentials."""
    chart = "{repoURL: https://charts.example.com/team, chart: x, targetRevision: 1.0.0}"
    direct = (APP % ("direct", "c")).replace(
        f"{{repoURL: {GIT}, path: web, targetRevision: main}}", chart
    )
    result = convert(tmp_path, app=APP % ("web", "a"), direct=direct, secret=SECRET)
    assert [body["metadata"]["name"] for body in repositories(result)] == ["team"]  # type: ignore[index]  # documents
    assert len(texts_of(result, "A2F-HELM-029")) == 1
