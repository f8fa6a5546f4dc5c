"""Objects as a whole, unknown fields, and fields without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.argocd import load
from argoflux.convert import judge
from argoflux.mapping import index
from argoflux.mapping.concept import Opaque
from argoflux.mapping.index import Match
from argoflux.text import path_text
from tests.unit.mapping.row_cases import (
    KUSTOMIZED,
    PLAIN,
    SERVICE,
    Row,
    application,
    check,
    ids,
    kustomization,
    release,
    run,
)

if TYPE_CHECKING:
    from pathlib import Path


PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: web, namespace: argocd}
spec: {sourceRepos: ['https://git.example.com/acme/*']}
"""
CHANNEL = """\
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Channel
metadata: {name: web, namespace: flux-system}
spec: {providerRef: {name: slack}}
"""
COMPONENTS = """\
apiVersion: v1
kind: Namespace
metadata: {name: flux-system, labels: {app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v2.9.4}}
"""
FLUX_ONLY = {
    "app/kustomization.yaml": "resources: [child.yaml]\n",
    "app/child.yaml": kustomization(name="child", path="./child", source=""),
    "child/service.yaml": SERVICE,
}
ROWS = [
    Row(
        id="the type, to flux",
        text=application(),
        path="kind",
        verdict="equivalent",
        targets=("kind",),
    ),
    Row(
        id="the version, to argo",
        text=kustomization(),
        path="apiVersion",
        verdict="equivalent",
        targets=("apiVersion",),
    ),
    Row(
        id="a source without an address, to flux",
        text=application("chart: shop", url=""),
        path="spec.source.chart",
        verdict="manual",
        code="A2F-OBJ-003",
        shown="its source has no `repoURL`",
    ),
    Row(
        id="a kind that is not known, to argo",
        text=CHANNEL,
        path="spec.providerRef.name",
        verdict="manual",
        code="F2A-OBJ-001",
    ),
    Row(
        id="an empty list says nothing",
        text=release("valuesFrom: []"),
        path="spec.valuesFrom",
        verdict="equivalent",
    ),
    Row(
        id="null says nothing",
        text=release("chartRef: null"),
        path="spec.chartRef",
        verdict="equivalent",
    ),
    Row(
        id="a source that is an object store, to argo",
        text=kustomization().replace("kind: GitRepository, name", "kind: Bucket, name", 1),
        path="spec.sourceRef.kind",
        verdict="manual",
        code="F2A-BKT-001",
        shown="is an object store",
    ),
    Row(
        id="no source, to argo",
        text=kustomization().replace(
            "sourceRef: {kind: GitRepository, name", "sourceRef: {name", 1
        ),
        path="spec.prune",
        verdict="manual",
        code="F2A-OBJ-003",
        shown="it has no `sourceRef`",
    ),
    Row(
        id="a parent of Flux objects",
        text=kustomization(),
        files=FLUX_ONLY,
        path="spec.prune",
        verdict="manual",
        code="F2A-OBJ-004",
        shown="Kustomization/flux-system/child",
        resource="Kustomization/flux-system/shop",
    ),
    Row(
        id="a spelling error, to flux",
        text=application("targetRevison: main"),
        path="spec.source.targetRevison",
        verdict="unknown",
        code="A2F-FLD-001",
        shown="did you mean `targetRevision`?",
    ),
    Row(
        id="a spelling error, to argo",
        text=kustomization("targetNamepsace: web"),
        path="spec.targetNamepsace",
        verdict="unknown",
        code="F2A-FLD-001",
        shown="did you mean `targetNamespace`?",
    ),
    Row(
        id="a wrong type, to flux",
        text=application("kustomize: {images: 3}"),
        path="spec.source.kustomize.images",
        verdict="unknown",
        code="A2F-FLD-002",
    ),
    Row(
        id="a wrong type, to argo",
        text=kustomization("images: web"),
        path="spec.images",
        verdict="unknown",
        code="F2A-FLD-002",
    ),
    Row(
        id="status is observed",
        text=kustomization().replace("---\n", "status: {observedGeneration: 3}\n---\n", 1),
        path="status.observedGeneration",
        verdict="equivalent",
    ),
    Row(
        id="a version that is no longer served",
        text=kustomization(api="v1beta2"),
        files=KUSTOMIZED,
        path="apiVersion",
        verdict="equivalent",
        code=None,
    ),
    Row(
        id="an operation is no desired state",
        text=application().replace("---\n", "operation: {sync: {prune: true}}\n---\n"),
        path="operation.sync.prune",
        verdict="equivalent",
    ),
]
SAID = [
    Row(
        id="old version",
        text=kustomization(api="v1beta2"),
        files=KUSTOMIZED,
        code="F2A-API-001",
        shown="since Flux 2.8",
    ),
    Row(
        id="version before every release",
        text=kustomization(api="v1alpha1"),
        files=KUSTOMIZED,
        code="F2A-API-002",
    ),
    Row(
        id="version that Flux never had",
        text=kustomization(api="v9"),
        files=KUSTOMIZED,
        code="F2A-API-003",
        shown="has no version v9",
    ),
    Row(
        id="version that Argo CD never had",
        text=application().replace("v1alpha1", "v1"),
        code="A2F-API-001",
        shown="it was read as v1alpha1",
    ),
    Row(
        id="operation",
        text=application().replace("---\n", "operation: {sync: {prune: true}}\n---\n"),
        code="A2F-OPN-001",
        shown="Application/argocd/shop",
    ),
    Row(
        id="installation",
        text=kustomization(),
        files={**PLAIN, "app/gotk-components.yaml": COMPONENTS},
        code="F2A-BOOT-001",
        shown="v2.9.4",
    ),
    Row(id="two tool blocks", text=application("helm: {}, kustomize: {}"), code="A2F-SRC-000"),
]


MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: flux, namespace: flux-system, labels: {app.kubernetes.io/part-of: flux}}
"""


def test_a_monitor_of_flux_is_no_installation(tmp_path: Path) -> None:
    files = {"app/monitor.yaml": MONITOR}
    found = run(tmp_path, Row(id="", text=kustomization(), files=files))
    assert "F2A-BOOT-001" not in {message.code for message in found.messages}
    assert [document.body["kind"] for document in found.documents] == ["Application"]


NO_READER = Row(
    id="a kind that nothing reads",
    text=PROJECT,
    path="spec.sourceRepos[0]",
    verdict="manual",
    code="A2F-OBJ-001",
    shown="AppProject/argocd/web",
)
NO_ROW = Row(
    id="a field that is put off",
    text=application("ref: values"),
    path="spec.source.ref",
    verdict="manual",
    code="A2F-OBJ-002",
    shown="`spec.source.ref`",
)


NO_ROW_TO_ARGO = Row(
    id="a field that is put off, to argo",
    text=release("commonMetadata: {labels: {a: b}}"),
    path="spec.commonMetadata.labels.a",
    verdict="manual",
    code="F2A-OBJ-002",
    shown="`spec.commonMetadata",
)


def test_a_kind_that_nothing_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kind of Argo CD has a reader; one without it would not be lost in silence."""
    monkeypatch.delitem(load._READERS, "AppProject")  # the table is what is tested
    check(tmp_path, NO_READER)


@pytest.mark.parametrize("row", [NO_ROW, NO_ROW_TO_ARGO], ids=lambda row: row.id)
def test_a_field_that_is_put_off(row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No field is left for later; one that is would count as manual."""
    put_off = Match(Opaque(kind="", path="", reason="todo: later"), None, ())

    def find(kind: str, path: Any, system: str = "") -> Match | None:
        return put_off if path_text(path) == row.path else index.find(kind, path, system)

    monkeypatch.setattr(judge, "find", find)
    check(tmp_path, row)


@ids([*ROWS, *SAID])
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def test_an_object_without_a_name_is_not_converted(tmp_path: Path) -> None:
    text = application().replace("name: shop, ", "generateName: shop-, ")
    check(tmp_path, Row(id="", text=text, files=PLAIN, code="A2F-OBJ-003", shown="it has no name"))
