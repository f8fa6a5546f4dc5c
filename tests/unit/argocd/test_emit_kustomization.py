"""Flux Kustomizations as Applications: the worked pairs and the decision tables of the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.argocd.estates import (
    GIT,
    KUSTOMIZATION,
    flux_to_argocd,
    kustomization,
    manifest,
)

if TYPE_CHECKING:
    from pathlib import Path

OVERLAY = {
    "app/kustomization.yaml": kustomization("service.yaml"),
    "app/service.yaml": manifest("Service", "web", "shop"),
}


def estate(extra: str = "", files: dict[str, str] | None = None) -> dict[str, str]:
    return {"flux.yaml": GIT + KUSTOMIZATION % extra, **(OVERLAY if files is None else files)}


def test_whole_application_of_a_plain_case(tmp_path: Path) -> None:
    """P1 with the tables applied in full."""
    result = flux_to_argocd(tmp_path, estate(", retryInterval: 2m, wait: true, timeout: 3m"))
    assert result.app() == {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": "app",
            "namespace": "argocd",
            "annotations": {"argoflux.dev/source": "Kustomization/flux-system/app"},
            "finalizers": ["resources-finalizer.argocd.argoproj.io/background"],
        },
        "spec": {
            "project": "default",
            "source": {
                "repoURL": "https://git.example.com/acme/fleet.git",
                "targetRevision": "main",
                "path": "app",
            },
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
            "syncPolicy": {
                "automated": {"prune": True, "selfHeal": True},
                "retry": {
                    "limit": -1,
                    "backoff": {"duration": "2m", "factor": 1, "maxDuration": "2m"},
                    "refresh": True,
                },
                "syncOptions": ["PrunePropagationPolicy=background", "ServerSideApply=true"],
            },
        },
    }
    assert {"F2A-INT-001", "F2A-KS-004", "F2A-KS-006", "F2A-KS-008"} <= result.codes
    assert result.verdict("spec.retryInterval") == ("equivalent", "F2A-KS-004")
    assert result.verdict("spec.timeout") == ("none", "F2A-KS-006")


def test_plain_directory_reads_what_flux_reads(tmp_path: Path) -> None:
    """P2: recurse, .yaml and .yml only, ignore rules as globs relative to the path."""
    git = GIT.replace("ref:", 'ignore: "/app/drafts/\\n*.bak.yaml\\n", ref:')
    files = {
        "flux.yaml": git + KUSTOMIZATION % "",
        "app/rbac.yml": manifest("ServiceAccount", "agent", "tools"),
        "app/agents/agent.yaml": manifest("ConfigMap", "agent", "other"),
        "app/drafts/later.yaml": manifest("ConfigMap", "later", "tools"),
        "app/old.bak.yaml": manifest("ConfigMap", "old", "tools"),
    }
    result = flux_to_argocd(tmp_path, files)
    spec = result.app()["spec"]
    assert spec["source"]["directory"] == {
        "recurse": True,
        "include": "{*.yaml,*.yml}",
        "exclude": "{drafts/*,*.bak.yaml}",
    }
    assert spec["destination"] == {"server": "https://kubernetes.default.svc"}
    assert result.verdict("spec.ignore", "GitRepository/flux-system/fleet") == (
        "approximate",
        "F2A-GIT-015",
    )


def test_source_ignore_files_and_default_exclusions_are_named(tmp_path: Path) -> None:
    """Argo CD has no ignore files: what Flux leaves out is excluded by name."""
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % "",
        "app/.sourceignore": "skipped.yaml\n",
        "app/used.yaml": manifest("ConfigMap", "used", "tools"),
        "app/skipped.yaml": manifest("ConfigMap", "skipped", "tools"),
    }
    result = flux_to_argocd(tmp_path, files)
    assert result.app()["spec"]["source"]["directory"]["exclude"] == "skipped.yaml"
    assert "F2A-GIT-015" in result.codes


def test_edits_of_a_plain_directory_need_the_file_that_flux_generates(tmp_path: Path) -> None:
    files = {
        "flux.yaml": GIT + KUSTOMIZATION % ", namePrefix: eu-",
        "app/agents/daemonset.yaml": manifest("ConfigMap", "agent", "tools"),
        "app/base/kustomization.yaml": kustomization("x.yaml"),
        "app/base/x.yaml": manifest("ConfigMap", "x", "tools"),
        "app/rbac.yml": manifest("ServiceAccount", "agent", "tools"),
    }
    result = flux_to_argocd(tmp_path, files, to_folder=True)
    assert result.app()["spec"]["source"]["kustomize"] == {"namePrefix": "eu-"}
    assert "app/kustomization.yaml" in result.conversion.patch
    added = [line[1:] for line in result.conversion.patch.splitlines() if line.startswith("+")]
    assert added[1:] == [
        "apiVersion: kustomize.config.k8s.io/v1beta1",
        "kind: Kustomization",
        "resources:",
        "- ./agents/daemonset.yaml",
        "- ./base",
        "- ./rbac.yml",
    ]
    assert "`namePrefix`, the kustomizations below it" in result.text("F2A-KS-021")


def test_edits(tmp_path: Path) -> None:
    """P12: patches, images, components, prefix and common metadata."""
    extra = """, namePrefix: eu-, nameSuffix: -x, components: [../parts/hpa], ignoreMissingComponents: true,
      commonMetadata: {labels: {cost-center: "42"}, annotations: {owner: team-api}},
      images: [{name: api, newName: registry.example.com/api, newTag: 1.9.2}, {name: side, digest: "sha256:24a0"},
        {name: tagged, newTag: v1}, {name: moved, newName: other}],
      patches: [{target: {kind: Deployment, name: api}, patch: "- op: remove\\n  path: /spec/replicas\\n"}]"""
    result = flux_to_argocd(tmp_path, estate(extra))
    assert result.app()["spec"]["source"]["kustomize"] == {
        "namePrefix": "eu-",
        "nameSuffix": "-x",
        "images": [
            "api=registry.example.com/api:1.9.2",
            "side=*@sha256:24a0",
            "tagged=*:v1",
            "moved=other",
        ],
        "commonLabels": {"cost-center": "42"},
        "labelWithoutSelector": True,
        "forceCommonLabels": True,
        "patches": [
            {
                "target": {"kind": "Deployment", "name": "api"},
                "patch": "- op: remove\n  path: /spec/replicas\n",
            },
            {
                "target": {"kind": ".*"},
                "patch": "apiVersion: v1\nkind: ignored\nmetadata:\n  name: ignored\n"
                "  annotations:\n    owner: team-api\n",
            },
        ],
        "components": ["../parts/hpa"],
        "ignoreMissingComponents": True,
    }
    assert "F2A-KS-016" in result.codes


def test_dollars_are_kept_from_expansion(tmp_path: Path) -> None:
    """Argo CD expands $VAR in labels and images."""
    extra = ', commonMetadata: {labels: {a: "x$Y"}}, images: [{name: i, newTag: "$T"}]'
    kustomize = flux_to_argocd(tmp_path, estate(extra)).app()["spec"]["source"]["kustomize"]
    assert kustomize["commonLabels"] == {"a": "x$$Y"}
    assert kustomize["images"] == ["i=*:$$T"]


@pytest.mark.parametrize(
    ("argocd", "fields", "gated"),
    [
        ("3.0", {"components", "ignoreMissingComponents", "commonLabels", "patches"}, set()),
        ("2.11", {"components", "commonLabels", "patches"}, {"ignoreMissingComponents"}),
        ("2.10", {"components", "patches"}, {"ignoreMissingComponents"}),
        ("2.9", {"patches"}, {"components", "ignoreMissingComponents"}),
        ("2.8", set(), {"components", "ignoreMissingComponents", "patches", "commonLabels"}),
    ],
)
def test_fields_newer_than_the_target(
    tmp_path: Path, argocd: str, fields: set[str], gated: set[str]
) -> None:
    """Before 2.11 labels go into the patch; before 2.9 there are no patches."""
    extra = """, components: [../c], ignoreMissingComponents: true,
      commonMetadata: {labels: {a: b}}, patches: [{patch: "kind: X"}]"""
    result = flux_to_argocd(tmp_path, estate(extra), argocd=argocd)
    kustomize = result.app()["spec"]["source"].get("kustomize", {})
    assert set(kustomize) - {"labelWithoutSelector", "forceCommonLabels"} == fields
    assert {name for name in gated if f"`{name}`" in result.text("F2A-KS-024")} == gated
    if argocd in {"2.9", "2.10"}:
        assert kustomize["patches"][1]["target"] == {"kind": ".*"}
        assert "labels:\n    a: b" in kustomize["patches"][1]["patch"]
    verdicts = {
        "components": result.verdict("spec.components[0]"),
        "commonLabels": result.verdict("spec.commonMetadata.labels.a"),
    }
    for name, (verdict, code) in verdicts.items():
        assert (verdict == "manual") == (name in gated)
        assert (code == "F2A-KS-024") == (name in gated)


# --- namespaces, F2A 5.3


@pytest.mark.parametrize(
    ("objects", "forced"),
    [
        (manifest("Service", "a") + manifest("Service", "b", "staging"), False),
        (manifest("Service", "a", "default"), True),
        (manifest("Service", "a") + manifest("Namespace", "dash"), True),
        (
            manifest(
                "RoleBinding",
                "a",
                api="rbac.authorization.k8s.io/v1",
                more="subjects: [{kind: ServiceAccount, name: default, namespace: other}]",
            ),
            True,
        ),
        (
            manifest(
                "RoleBinding",
                "a",
                api="rbac.authorization.k8s.io/v1",
                more="subjects: [{kind: ServiceAccount, name: default, namespace: staging}, {kind: User, name: u}]",
            ),
            False,
        ),
        (
            manifest("ValidatingWebhookConfiguration", "a", api="admissionregistration.k8s.io/v1"),
            True,
        ),
    ],
)
def test_target_namespace_fills_or_overrides(tmp_path: Path, objects: str, *, forced: bool) -> None:
    """P13 and its exception: destination.namespace alone only where nothing would be rewritten."""
    files = {"app/kustomization.yaml": kustomization("all.yaml"), "app/all.yaml": objects}
    result = flux_to_argocd(tmp_path, estate(", targetNamespace: staging", files))
    spec = result.app()["spec"]
    assert spec["destination"]["namespace"] == "staging"
    assert (spec["source"].get("kustomize") == {"namespace": "staging"}) == forced
    assert result.verdict("spec.targetNamespace") == ("exact", None)


def test_unknown_content_forces_the_namespace(tmp_path: Path) -> None:
    files = {"flux.yaml": GIT + KUSTOMIZATION % ", targetNamespace: staging"}
    result = flux_to_argocd(tmp_path, files, sources=())
    spec = result.app()["spec"]
    assert spec["source"]["kustomize"] == {"namespace": "staging"}
    assert spec["destination"]["namespace"] == "staging"
    assert "F2A-KS-022" in result.codes


def test_unknown_content_leaves_the_namespace_out(tmp_path: Path) -> None:
    """Flux refuses objects without a namespace, so there are no blanks to fill."""
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + KUSTOMIZATION % ""}, sources=())
    assert "namespace" not in result.app()["spec"]["destination"]
    assert result.app()["spec"]["source"].keys() == {"repoURL", "targetRevision", "path"}


def test_a_plain_directory_whose_blanks_are_filled_needs_no_file(tmp_path: Path) -> None:
    files = {"app/service.yaml": manifest("Service", "a")}
    result = flux_to_argocd(tmp_path, estate(", targetNamespace: staging", files))
    assert "directory" in result.app()["spec"]["source"]
    assert result.conversion.patch == ""


# --- what the path holds, F2A 1.1 and 4.4


def test_flux_objects_of_a_kustomization_are_deleted_by_patch(tmp_path: Path) -> None:
    repository = manifest("HelmRepository", "r", "x", "source.toolkit.fluxcd.io/v1", "spec: {}")
    files = {
        "app/kustomization.yaml": kustomization("all.yaml"),
        "app/all.yaml": manifest("ConfigMap", "a", "x") + repository,
    }
    result = flux_to_argocd(tmp_path, estate("", files))
    (patch,) = result.app()["spec"]["source"]["kustomize"]["patches"]
    assert patch["target"] == {"group": "source.toolkit.fluxcd.io"}
    assert patch["patch"].startswith("$patch: delete\n")
    assert "HelmRepository/x/r" in result.text("F2A-KS-023")


def test_flux_objects_in_files_of_their_own_are_excluded(tmp_path: Path) -> None:
    repository = manifest("HelmRepository", "r", "x", "source.toolkit.fluxcd.io/v1", "spec: {}")
    files = {"app/a.yaml": manifest("ConfigMap", "a", "x"), "app/repo/r.yaml": repository}
    result = flux_to_argocd(tmp_path, estate("", files))
    assert result.app()["spec"]["source"]["directory"]["exclude"] == "repo/r.yaml"
    assert "leaving out their files" in result.text("F2A-KS-023")


def test_flux_objects_between_others_need_a_kustomization_file(tmp_path: Path) -> None:
    repository = manifest("HelmRepository", "r", "x", "source.toolkit.fluxcd.io/v1", "spec: {}")
    files = {"app/a.yaml": manifest("ConfigMap", "a", "x") + repository}
    result = flux_to_argocd(tmp_path, estate("", files))
    assert len(result.app()["spec"]["source"]["kustomize"]["patches"]) == 1
    assert "app/kustomization.yaml" in result.conversion.patch


def test_mixed_paths_are_refused_without_patches(tmp_path: Path) -> None:
    repository = manifest("HelmRepository", "r", "x", "source.toolkit.fluxcd.io/v1", "spec: {}")
    files = {"app/a.yaml": manifest("ConfigMap", "a", "x") + repository}
    result = flux_to_argocd(tmp_path, estate("", files), argocd="2.8")
    outcome, reason = result.outcome("Kustomization/flux-system/app")
    assert outcome == "skipped"
    assert reason.startswith("F2A-OBJ-003")


def test_parents_of_flux_objects_get_no_application(tmp_path: Path) -> None:
    child = (KUSTOMIZATION % "").replace("name: app", "name: child").replace("./app", "./child")
    files = {"app/child.yaml": child, "child/a.yaml": manifest("ConfigMap", "a", "x")}
    result = flux_to_argocd(tmp_path, estate("", files))
    assert set(result.bodies("Application")) == {"child"}
    assert result.outcome("Kustomization/flux-system/app")[1].startswith("F2A-OBJ-004")


def test_an_empty_path_gets_no_application(tmp_path: Path) -> None:
    result = flux_to_argocd(tmp_path, estate("", {"app/README.md": "nothing"}))
    assert result.bodies("Application") == {}
    assert "F2A-KS-002" in result.codes


def test_a_chart_is_no_kustomization(tmp_path: Path) -> None:
    chart = {"app/Chart.yaml": "apiVersion: v2\nname: x\nversion: 1.0.0\n"}
    result = flux_to_argocd(tmp_path, estate("", chart))
    assert result.outcome("Kustomization/flux-system/app")[1].startswith("F2A-KS-003")


def test_files_from_outside_are_reported(tmp_path: Path) -> None:
    """Flux lifts kustomize's load restriction, Argo CD does not."""
    files = {
        "app/kustomization.yaml": kustomization("../shared/a.yaml"),
        "shared/a.yaml": manifest("ConfigMap", "a", "x"),
    }
    result = flux_to_argocd(tmp_path, estate("", files))
    assert "shared/a.yaml" in result.text("F2A-KS-005")


def test_crds_stay_when_the_application_is_deleted(tmp_path: Path) -> None:
    crd = manifest("CustomResourceDefinition", "a.example.com", api="apiextensions.k8s.io/v1")
    files = {"app/kustomization.yaml": kustomization("crd.yaml"), "app/crd.yaml": crd}
    assert "F2A-KS-007" in flux_to_argocd(tmp_path, estate("", files)).codes


def test_health_checks_on_objects_of_others_are_manual(tmp_path: Path) -> None:
    extra = (
        ", healthChecks: [{apiVersion: v1, kind: Service, name: web, namespace: shop},"
        " {apiVersion: v1, kind: Service, name: else, namespace: shop}]"
    )
    result = flux_to_argocd(tmp_path, estate(extra))
    assert result.verdict("spec.healthChecks[0].name") == ("approximate", "F2A-KS-009")
    assert result.verdict("spec.healthChecks[1].name") == ("manual", "F2A-KS-010")


@pytest.mark.parametrize(
    ("flux", "images"),
    [
        ("2.9", ["a=new:*", "b=new@*", "c=new", "a=*:2"]),
        ("2.8", ["a=new", "b=new", "c=new", "a=a:2"]),
    ],
)
def test_image_entries_in_git_are_merged(tmp_path: Path, flux: str, images: list[str]) -> None:
    """kustomize-controller before 1.9.4 replaced the whole entry."""
    extra = """, images: [{name: a, newName: new}, {name: b, newName: new}, {name: c, newName: new},
      {name: a, newTag: "2"}]"""
    more = "images: [{name: a, newTag: 1.0}, {name: b, digest: 'sha256:1'}]\n"
    overlay = {**OVERLAY, "app/kustomization.yaml": OVERLAY["app/kustomization.yaml"] + more}
    result = flux_to_argocd(tmp_path, estate(extra, overlay), flux=flux)
    assert result.app()["spec"]["source"]["kustomize"]["images"] == images


def test_unseen_image_entries_keep_their_tag(tmp_path: Path) -> None:
    text = KUSTOMIZATION % ", images: [{name: a, newName: new}]"
    result = flux_to_argocd(tmp_path, {"flux.yaml": GIT + text}, sources=())
    assert result.app()["spec"]["source"]["kustomize"]["images"] == ["a=new:*"]


def test_edits_of_flux_objects_are_read_with_these(tmp_path: Path) -> None:
    """They are in the Applications that the objects became, and nowhere else."""
    child = KUSTOMIZATION.replace("%s", "").replace("app,", "child,")
    listed = "resources: [child.yaml]\n"
    edits = """, targetNamespace: flux-system, commonMetadata: {labels: {a: b}},
      patches: [{patch: '{"spec": {"suspend": true}}', target: {kind: Kustomization}}]"""
    parent = KUSTOMIZATION % edits
    files = {"flux.yaml": GIT + parent, "app/child.yaml": child, "app/kustomization.yaml": listed}
    result = flux_to_argocd(tmp_path, files, to_folder=True)
    assert result.app("child")["spec"]["syncPolicy"]["automated"]["enabled"] is False
    assert result.verdict("spec.targetNamespace") == ("equivalent", None)
    assert result.verdict("spec.patches[0].patch") == ("equivalent", None)
    assert result.verdict("spec.commonMetadata.labels.a") == ("approximate", "F2A-KS-033")
