"""What the configuration file answers about artifacts of registries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  source: {repoURL: oci://registry.example.com/team/web, path: ., targetRevision: 1.2.3}
  destination: {server: https://kubernetes.default.svc, namespace: web}
"""


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("chart", "kind: HelmRelease"), ("manifests", "kind: Kustomization"), ("", "")],
)
def test_the_file_says_what_an_artifact_holds(
    answer: str,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without an answer the Application is not converted, and the report asks for one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.yaml").write_text(APP)
    settings = f"oci-sources: {{oci://registry.example.com/team/web: {answer}}}\n"
    if answer:
        (tmp_path / ".argoflux.yaml").write_text(settings)
    assert main(["convert", "app.yaml", "--to", "flux"]) == (0 if answer else 2)
    out, err = capsys.readouterr()
    assert kind in out
    assert ("`oci-sources`" in err) == (not answer)
