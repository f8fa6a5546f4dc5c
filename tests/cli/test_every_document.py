"""Every document of our kinds is in the report, also those that are no object by themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from argoflux.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FILES = {
    "nameless.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {}\n",
    "kustomization.yaml": "resources: [app.yaml]\npatches: [{path: patch.yaml}]\n",
    "patch.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\n",
    "app.yaml": (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\n"
        "spec: {project: default, destination: {name: in-cluster}, source: {repoURL: 'https://h/r'}}\n"
    ),
}


def test_patches_and_nameless_documents_are_skipped_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    main(["convert", ".", "--to", "flux", "--report", "r.json", "-q", "--no-config"])
    found = {r["file"]: r for r in json.loads((tmp_path / "r.json").read_text())["resources"]}
    assert {name: resource["outcome"] for name, resource in found.items()} == {
        "app.yaml": "converted",
        "nameless.yaml": "skipped",
        "patch.yaml": "skipped",
    }
    assert found["nameless.yaml"]["reason"].startswith("AF004")
    assert "patch" in found["patch.yaml"]["reason"]
