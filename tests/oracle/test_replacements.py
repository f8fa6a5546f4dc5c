"""What the kustomization over a path builds is what Flux makes of the path, in the real kustomize."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump_documents
from argoflux.yamlio.load import load_text
from tests.oracle.engines import kustomize_build, program

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(program("kubectl") is None, reason="no kubectl on PATH or the index"),
]
CASE = Path(__file__).parents[1] / "golden" / "convert" / "flux-variables-replacements"


def documents(text: str) -> dict[str, Any]:
    """Objects by name."""
    loaded = load_text(SourceFile(name="built", text=text)).documents
    return {document.body["metadata"]["name"]: document.body for document in loaded}


def test_variables_reach_the_objects(tmp_path: Path) -> None:
    shutil.copytree(CASE / "input", tmp_path / "input")
    patch = CASE / "expected" / "repo-changes.patch"
    subprocess.run(["git", "apply", str(patch)], cwd=tmp_path / "input", check=True, timeout=60)
    (app,) = documents((CASE / "expected" / "apps" / "web.yaml").read_text()).values()
    folder = tmp_path / "input" / app["spec"]["source"]["path"]
    file = folder / "kustomization.yaml"
    # argo-cd:util/kustomize/kustomize.go adds the fields of the source to the file
    (body,) = [document.body for document in load_text(SourceFile("k", file.read_text())).documents]
    file.write_text(dump_documents([{**body, **app["spec"]["source"]["kustomize"]}]))
    done = kustomize_build(folder)
    assert done.returncode == 0, done.stderr
    found = documents(done.stdout)
    assert sorted(found) == ["shop-raw", "shop-web", "shop-web-env"]
    assert found["shop-raw"]["data"] == {"literal": "${region}"}
    assert found["shop-web-env"]["data"] == {"region": "eu-central-1", "tier": "web"}
    ingress = found["shop-web"]
    assert ingress["metadata"]["annotations"] == {
        "example.com/region": "eu-central-1",
        "example.com/zone": "blue",
    }
    assert ingress["spec"]["tls"] == [{"hosts": ["eu.example.com"]}]
    assert ingress["spec"]["rules"] == [{"host": "eu.example.com"}]
