"""Annotations of Argo CD on deployed objects: patches, health checks, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.mapping.object_notes import fate_of
from tests.unit.mapping.settings_cases import DEPLOYMENT, application, applier, convert, said

if TYPE_CHECKING:
    from pathlib import Path

A = "argocd.argoproj.io"
K = "kustomize.toolkit.fluxcd.io"
KEPT = {f"{K}/prune": "disabled"}
FORCED = {f"{K}/force": "enabled"}

OPTIONS: list[tuple[str, str, dict[str, str], list[str]]] = [
    ("ConfigMap", "Prune=false,Delete=false", KEPT, []),
    ("ConfigMap", "Prune=false", KEPT, ["A2F-OPT-022"]),
    ("ConfigMap", "Delete=false", KEPT, ["A2F-OPT-022"]),
    ("ConfigMap", "Prune=confirm", KEPT, ["A2F-OPT-011"]),
    ("ConfigMap", "Delete=confirm", KEPT, ["A2F-OPT-011"]),
    ("Job", "Force=true,Replace=true", FORCED, ["A2F-OPT-008"]),
    ("Job", "Force=true", FORCED, ["A2F-OPT-008"]),
    ("Job", "Replace=true", {}, ["A2F-OPT-007"]),
    ("CustomResourceDefinition", "Replace=true,Force=true", {}, ["A2F-OPT-007", "A2F-OPT-007"]),
    ("ConfigMap", "ServerSideApply=true", {}, []),
    ("ConfigMap", "ServerSideApply=true, Validate=false", {f"{K}/ssa": "Merge"}, []),
    ("ConfigMap", "ServerSideApply=false", {}, ["A2F-OPT-009"]),
    ("ConfigMap", "Validate=false", {}, ["A2F-OPT-001"]),
    ("ConfigMap", "SkipDryRunOnMissingResource=true", {}, ["A2F-OPT-002"]),
    ("ConfigMap", "PruneLast=true", {}, ["A2F-OPT-003"]),
    ("ConfigMap", "Replace=false,Prune=true", {}, []),
    ("ConfigMap", "prune=false", {}, ["A2F-OPT-023"]),
    ("ConfigMap", "", {}, []),
]


@pytest.mark.parametrize(("kind", "options", "made", "codes"), OPTIONS)
def test_options_of_an_object(
    kind: str, options: str, made: dict[str, str], codes: list[str]
) -> None:
    fate = fate_of(kind, {f"{A}/sync-options": options})
    assert fate.annotations == made
    assert [message.code for message, _ in fate.said] == codes


def test_a_policy_of_helm_keeps_an_object_in_argo_cd_too() -> None:
    """argo-cd:controller/appcontroller.go shouldBeDeleted."""
    assert fate_of("ConfigMap", {"helm.sh/resource-policy": "keep"}).annotations == KEPT


def config(name: str, notes: str, kind: str = "ConfigMap") -> str:
    return (
        f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, annotations: {{{notes}}}}}\n"
    )


def option(value: str) -> str:
    return f"{A}/sync-options: '{value}'"


def test_equal_objects_share_a_patch(tmp_path: Path) -> None:
    kept = option("Prune=false,Delete=false")
    result = convert(tmp_path, {}, config("a", kept) + config("b.c", kept) + config("d", ""))
    (patch,) = patches(result)
    assert patch["target"] == {"version": "v1", "kind": "ConfigMap", "name": "(a|b\\.c)"}
    assert f"{K}/prune: disabled" in patch["patch"]
    assert not said(result, "A2F-OPT-022")


def patches(result: Any) -> list[dict[str, Any]]:
    found = applier(result).get("patches", [])
    assert isinstance(found, list)
    return found


def test_messages_stand_at_the_object(tmp_path: Path) -> None:
    result = convert(tmp_path, {}, config("a", option("ServerSideApply=false")))
    (message,) = (m for m in result.messages if m.code == "A2F-OPT-009")
    assert [place.source.name for place in message.places] == ["app/all.yaml"]
    assert message.apps == ("Application/argocd/shop",)


@pytest.mark.parametrize("key", [f"{A}/tracking-id", f"{A}/installation-id"])
def test_a_mark_in_git(tmp_path: Path, key: str) -> None:
    result = convert(tmp_path, {}, config("a", f"{key}: x"))
    assert key in said(result, "A2F-MIG-002")


@pytest.mark.parametrize("key", [f"{A}/ignore-resource-updates", f"{A}/ignore-restart-policy"])
def test_tuning(tmp_path: Path, key: str) -> None:
    assert key in said(convert(tmp_path, {}, config("a", f"{key}: 'true'")), "A2F-ANN-004")


def test_nothing_is_said_about_other_annotations(tmp_path: Path) -> None:
    notes = f"{A}/compare-options: IgnoreExtraneous, example.com/a: b"
    result = convert(tmp_path, {}, config("a", notes))
    assert not patches(result)
    assert not {m.code for m in result.messages} & {"A2F-ANN-004", "A2F-MIG-002"}


def test_live_hooks_may_hold_a_finalizer(tmp_path: Path) -> None:
    hook = config("a", f"{A}/hook: PreSync")
    assert "hook-finalizer" in said(convert(tmp_path, {}, DEPLOYMENT + hook), "A2F-MIG-004")
    assert not said(convert(tmp_path, {}, DEPLOYMENT), "A2F-MIG-004")


IGNORED = config("job", f"{A}/ignore-healthcheck: 'true'", kind="Pod")


def test_health_that_does_not_count(tmp_path: Path) -> None:
    result = convert(tmp_path, {}, DEPLOYMENT + IGNORED + config("a", ""))
    spec = applier(result)
    assert spec["wait"] is False
    assert spec["healthChecks"] == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api", "namespace": "web"}
    ]
    assert "Pod/job" in said(result, "A2F-HLT-005")


def test_health_that_cannot_be_listed(tmp_path: Path) -> None:
    unnamed = "---\napiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n"
    result = convert(tmp_path, {}, IGNORED + unnamed)
    assert applier(result)["wait"] is True
    assert said(result, "A2F-HLT-006")


def test_stages_wait_for_all_that_they_hold(tmp_path: Path) -> None:
    waved = DEPLOYMENT.replace("name: api, n", f"name: api, annotations: {{{A}/sync-wave: '1'}}, n")
    result = convert(tmp_path, {}, waved + IGNORED)
    applied = [d.body["spec"] for d in result.documents if d.body["kind"] == "Kustomization"]
    assert len(applied) > 1
    assert [spec["wait"] for spec in applied] == [True] * len(applied)
    assert said(result, "A2F-HLT-006")


def test_children_are_converted_themselves(tmp_path: Path) -> None:
    child = application("child", path="none").replace(
        "namespace: argocd", f"namespace: argocd, annotations: {{{option('Delete=false')}}}"
    )
    objects = child + config("a", option("Prune=false,Delete=false"))
    result = convert(tmp_path, {}, objects, to_folder=True)
    kinds = [patch["target"]["kind"] for patch in patches(result) if "prune" in patch["patch"]]
    assert kinds == ["ConfigMap"]
    assert not said(result, "A2F-OPT-022")


def test_excluded_kinds_are_no_part_of_the_health(tmp_path: Path) -> None:
    thing = "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n"
    settings = {"resource.exclusions": "- apiGroups: [example.com]\n"}
    spec = applier(convert(tmp_path, settings, DEPLOYMENT + IGNORED + thing))
    checks = spec["healthChecks"]
    assert isinstance(checks, list)
    assert [check["kind"] for check in checks] == ["Deployment"]
