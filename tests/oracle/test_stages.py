"""Stages of a path, built by the real kustomize: each object is in one of them, and in one only."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump_documents
from argoflux.yamlio.load import load_text
from tests.oracle.engines import kustomize_build, program
from tests.unit.flux.stage_cases import made, obj

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(program("kubectl") is None, reason="no kubectl on PATH or the index"),
]
GOLDEN = Path(__file__).parents[1] / "golden" / "convert"
STAGES = {
    "argocd-waves": {
        "db-app-w0": {"ConfigMap/settings", "StatefulSet/db"},
        "db-app-w1": {"Deployment/api"},
    },
    "argocd-waves-negative": {
        "shop-presync": {"Job/around"},
        "shop-wm1": {"ConfigMap/first"},
        "shop-w0": {"ConfigMap/middle"},
        "shop-w1": {"ConfigMap/last", "ConfigMap/also-last"},
        "shop-postsync": {"Job/report"},
    },
    "argocd-hooks": {"app-presync": {"Job/db-migrate"}, "app": {"Deployment/app"}},
}


def documents(name: str, text: str) -> list[Any]:
    return [document.body for document in load_text(SourceFile(name, text)).documents]


def built(source: Path, spec: Mapping[str, Any], folder: Path) -> list[Any]:
    """What kustomize-controller would build: the path with the patches appended."""
    shutil.copytree(source, folder)
    file = folder / "kustomization.yaml"
    stated: dict[str, Any] = {"resources": sorted(p.name for p in folder.iterdir())}
    if file.exists():
        (stated,) = documents(file.name, file.read_text())
        stated = dict(stated)
    stated["patches"] = [*stated.get("patches", ()), *spec.get("patches", ())]
    if spec.get("images"):
        stated["images"] = spec["images"]
    if spec.get("targetNamespace"):
        stated["namespace"] = spec["targetNamespace"]
    file.write_text(dump_documents([stated]))
    done = kustomize_build(folder)
    assert done.returncode == 0, done.stderr
    return documents("built", done.stdout)


def names(objects: list[Any]) -> set[str]:
    return {f"{body['kind']}/{body['metadata']['name']}" for body in objects}


@pytest.mark.parametrize("case", STAGES)
def test_golden_stages_hold_their_objects(case: str, tmp_path: Path) -> None:
    found = {}
    for file in sorted((GOLDEN / case / "expected" / "apps").glob("*.yaml")):
        (body,) = documents(file.name, file.read_text())
        source = GOLDEN / case / "input" / body["spec"]["path"]
        found[body["metadata"]["name"]] = built(source, body["spec"], tmp_path / file.stem)
    assert {name: names(objects) for name, objects in found.items()} == STAGES[case]
    for objects in found.values():
        for body in objects:
            if body["kind"] == "Job":
                notes = body["metadata"]["annotations"]
                assert notes["kustomize.toolkit.fluxcd.io/force"] == "enabled"


MIXED = (
    obj("ConfigMap", "a"),
    obj("ConfigMap", "b", sync_wave="2"),
    obj("ConfigMap", "c", sync_wave="-3"),
    obj("Namespace", "shop", sync_wave="7"),
    obj("Job", "before", hook="PreSync", sync_wave="-1"),
    obj("ConfigMap", "script", hook="PreSync", sync_wave="-2"),
    obj("Job", "with", hook="Sync"),
    obj("Job", "after", hook="PostSync,SyncFail"),
    obj("Job", "helm", helm_hook="post-upgrade"),
    obj("Job", "gone", hook="SyncFail"),
    obj("Job", "old", hook="PostDelete"),
    obj("Pod", "test", helm_hook="test"),
)


def test_everything_is_in_one_stage(tmp_path: Path) -> None:
    """A mixture of phases, waves, lists and hooks of Helm: nothing twice, nothing lost."""
    found = made(tmp_path / "repo", *MIXED)
    counts: Counter[str] = Counter()
    for name, spec in found.specs.items():
        counts.update(names(built(tmp_path / "repo" / "app", spec, tmp_path / name)))
    assert counts == dict.fromkeys(
        (
            "ConfigMap/a",
            "ConfigMap/b",
            "ConfigMap/c",
            "ConfigMap/script",
            "Namespace/shop",
            "Job/before",
            "Job/with",
            "Job/after",
            "Job/helm",
        ),
        1,
    )


def test_generated_names_reach_their_users(tmp_path: Path) -> None:
    """A generated object is built with its user, so that the reference gets the hash."""
    user = "spec: {template: {spec: {containers: [{name: c, envFrom: [{configMapRef: {name: g}}]}]}}}\n"
    build = "resources: [all.yaml]\nconfigMapGenerator: [{name: g, literals: [a=b]}]\n"
    objects = (obj("ConfigMap", "p"), obj("Deployment", "d", user, sync_wave="1"))
    found = made(tmp_path / "repo", *objects, texts={"app/kustomization.yaml": build})
    last = built(tmp_path / "repo" / "app", found.specs["app-w1"], tmp_path / "last")
    config, deployment = sorted(last, key=lambda body: str(body["kind"]))
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["envFrom"][0]["configMapRef"]["name"] == config["metadata"]["name"]
    assert config["metadata"]["name"].startswith("g-")
    first = built(tmp_path / "repo" / "app", found.specs["app-w0"], tmp_path / "first")
    assert names(first) == {"ConfigMap/p"}
