"""Ignore rules of Flux objects as `ignoreDifferences`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.argocd.estates import (
    GIT,
    KUSTOMIZATION,
    RELEASE,
    Result,
    flux_to_argocd,
    kustomization,
    manifest,
)

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = {
    "app/kustomization.yaml": kustomization("all.yaml"),
    "app/all.yaml": manifest("Service", "front-web", "shop")
    + manifest("Service", "front-admin", "shop")
    + manifest("Service", "back", "shop").replace(
        "namespace: shop", "namespace: shop, labels: {t: b}"
    ),
}
HOST = "/metadata/annotations/external-dns.alpha.kubernetes.io~1hostname"


def run(folder: Path, rules: str, **options: Any) -> Result:
    files = {"flux.yaml": GIT + KUSTOMIZATION % f", ignore: {rules}", **CONTENT}
    return flux_to_argocd(folder, files, **options)


def test_worked_pair(tmp_path: Path) -> None:
    """P27: a regular expression is spelled out for the objects that are rendered."""
    rules = (
        "[{paths: [/spec/replicas], target: {kind: Deployment}},"
        f' {{paths: ["{HOST}"], target: {{kind: Service, name: "front-.*"}}}}]'
    )
    result = run(tmp_path, rules)
    assert result.app()["spec"]["ignoreDifferences"] == [
        {"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]},
        {"kind": "Service", "name": "front-admin", "jsonPointers": [HOST]},
        {"kind": "Service", "name": "front-web", "jsonPointers": [HOST]},
    ]
    assert "RespectIgnoreDifferences=true" in result.app()["spec"]["syncPolicy"]["syncOptions"]
    assert result.verdict("spec.ignore[0].target.kind") == ("exact", None)
    assert result.verdict("spec.ignore[1].target.name") == ("approximate", "F2A-KS-019")
    assert "it was spelled out for 2 objects" in result.text("F2A-KS-019")


def test_names_are_those_of_the_built_objects(tmp_path: Path) -> None:
    """Flux matches live objects, so edits of the Kustomization count."""
    rules = (
        '[{paths: [/spec/ports], target: {kind: Service, name: "eu-front-w.*"}}], namePrefix: eu-'
    )
    entries = run(tmp_path, rules).app()["spec"]["ignoreDifferences"]
    assert [entry["name"] for entry in entries] == ["eu-front-web"]


def test_selectors(tmp_path: Path) -> None:
    entries = run(tmp_path, "[{paths: [/spec/ports], target: {labelSelector: t=b}}]")
    assert entries.app()["spec"]["ignoreDifferences"] == [
        {"kind": "Service", "name": "back", "jsonPointers": ["/spec/ports"]}
    ]


def test_a_version_is_left_out(tmp_path: Path) -> None:
    rule = "[{paths: [/a], target: {group: apps, version: v1, kind: Deployment}}]"
    result = run(tmp_path, rule)
    (entry,) = result.app()["spec"]["ignoreDifferences"]
    assert entry == {"group": "apps", "kind": "Deployment", "jsonPointers": ["/a"]}
    assert result.verdict("spec.ignore[0].target.version") == ("approximate", "F2A-KS-019")


def test_core_group_as_the_other_direction_writes_it(tmp_path: Path) -> None:
    """Ruling 18: `version: v1` without a group is the core group, and no approximation."""
    result = run(tmp_path, "[{paths: [/data], target: {version: v1, kind: Secret}}]")
    (entry,) = result.app()["spec"]["ignoreDifferences"]
    assert entry == {"kind": "Secret", "jsonPointers": ["/data"]}
    assert result.verdict("spec.ignore[0].target.version") == ("exact", None)


def test_whole_objects_cannot_be_ignored(tmp_path: Path) -> None:
    result = run(tmp_path, '[{paths: [""], target: {kind: Secret}}]')
    assert "ignoreDifferences" not in result.app()["spec"]
    assert result.verdict("spec.ignore[0].paths[0]") == ("manual", "F2A-KS-025")


def test_rules_that_need_unseen_objects_are_left_out(tmp_path: Path) -> None:
    """Ignoring the field on every object of the kind would stop syncing it."""
    rules = '{mode: enabled, ignore: [{paths: [/spec/replicas], target: {kind: Deployment, name: "a.*"}}]}'
    files = {"flux.yaml": GIT + RELEASE % f"  driftDetection: {rules}"}
    result = flux_to_argocd(tmp_path, files)
    assert "ignoreDifferences" not in result.app()["spec"]
    verdict = result.verdict("spec.driftDetection.ignore[0].paths[0]", "HelmRelease/shop/app")
    assert verdict == ("manual", "F2A-KS-026")
    options = result.app()["spec"]["syncPolicy"]["syncOptions"]
    assert "RespectIgnoreDifferences=true" not in options


def test_rules_of_releases(tmp_path: Path) -> None:
    rules = (
        "{mode: enabled, ignore: [{paths: [/spec/replicas], target: {kind: Deployment, name: gw}}]}"
    )
    files = {"flux.yaml": GIT + RELEASE % f"  driftDetection: {rules}"}
    (entry,) = flux_to_argocd(tmp_path, files).app()["spec"]["ignoreDifferences"]
    assert entry == {
        "group": "apps",
        "kind": "Deployment",
        "name": "gw",
        "jsonPointers": ["/spec/replicas"],
    }
