"""Edits on top of a kustomize build, and what a path holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.mapping.emission import ConvertOptions
from tests.unit.mapping.row_cases import (
    BUILD,
    CHARTED,
    DEPLOYMENT,
    KUSTOMIZED,
    PLAIN,
    SERVICE,
    Row,
    application,
    check,
    ids,
    kustomization,
    run,
)

if TYPE_CHECKING:
    from pathlib import Path

AT = "spec.source.kustomize."
SERVICES = {"app/kustomization.yaml": "resources: [service.yaml]\n", "app/service.yaml": SERVICE}
REMOTE = {"app/kustomization.yaml": "resources: ['https://github.com/acme/base?ref=v1']\n"}
HELM_CHARTS = {"app/kustomization.yaml": "helmCharts: [{name: redis}]\n"}
PATCH = "patch: 'kind: Job', target: {kind: Job}"


def block(text: str) -> str:
    return application(f"targetRevision: main, kustomize: {{{text}}}")


def images(entry: str) -> dict[str, str]:
    return {
        "app/kustomization.yaml": f"{BUILD}images: [{{{entry}}}]\n",
        "app/deployment.yaml": DEPLOYMENT,
    }


def to_flux(name: str, text: str, path: str, *fate: Any, **more: Any) -> Row:
    verdict, code = (*fate, None)[:2] if fate else ("exact", None)
    return Row(
        id=f"to flux: {name}", text=block(text), path=AT + path, verdict=verdict, code=code, **more
    )


def to_argo(name: str, text: str, path: str, *fate: Any, **more: Any) -> Row:
    verdict, code = (*fate, None)[:2] if fate else ("exact", None)
    return Row(
        id=f"to argo: {name}",
        text=kustomization(text),
        path=f"spec.{path}",
        verdict=verdict,
        code=code,
        **more,
    )


REPLICAS = "replicas: [{name: api, count: %s}]"
TO_FLUX = [
    to_flux("prefix", "namePrefix: a-", "namePrefix", targets=("spec.namePrefix",)),
    to_flux("suffix", "nameSuffix: -a", "nameSuffix", targets=("spec.nameSuffix",)),
    to_flux("no prefix", "namePrefix: ''", "namePrefix", targets=()),
    to_flux("namespace", "namespace: team", "namespace", targets=("spec.targetNamespace",)),
    to_flux("image", "images: ['api:2']", "images[0]", targets=("spec.images[0]",)),
    to_flux("no image", "images: [api]", "images[0]", "manual", "A2F-KUS-016", shown="image `api`"),
    to_flux(
        "image that git renames",
        "images: ['api:2']",
        "images[0]",
        "equivalent",
        "A2F-KUS-009",
        files=images("name: api, newName: mirror/api"),
    ),
    to_flux(
        "image whose name in git is kept",
        "images: ['api=*:2']",
        "images[0]",
        files=images("name: api, newName: mirror/api"),
    ),
    to_flux(
        "image whose tag in git goes",
        "images: ['api=mirror/api']",
        "images[0]",
        "equivalent",
        "A2F-KUS-009",
        files=images("name: api, newTag: '1'"),
    ),
    to_flux(
        "image that git does not mention",
        "images: ['api:2']",
        "images[0]",
        files=images("name: web, newName: mirror/web"),
    ),
    to_flux(
        "entries are replaced before Flux 2.9",
        "images: ['api:2']",
        "images[0]",
        files=images("name: api, newName: mirror/api"),
        flux="2.8",
    ),
    to_flux(
        "replicas",
        REPLICAS % "2",
        "replicas[0].count",
        "equivalent",
        "A2F-KUS-004",
        targets=("spec.patches[0]",),
        shown="`replicas` of `api`",
    ),
    to_flux("replica name", REPLICAS % "2", "replicas[0].name", "equivalent"),
    to_flux(
        "replicas as text", REPLICAS % "'+2'", "replicas[0].count", "equivalent", "A2F-KUS-004"
    ),
    to_flux(
        "replicas that are no number",
        REPLICAS % "many",
        "replicas[0].count",
        "manual",
        "A2F-KUS-014",
        targets=(),
        shown="`many` of `api`",
    ),
    to_flux(
        "labels everywhere",
        "commonLabels: {team: web}",
        "commonLabels.team",
        "approximate",
        "A2F-KUS-001",
        shown="selectors and pod templates in Argo CD; patches were generated for Deployment",
        files=KUSTOMIZED,
    ),
    to_flux(
        "labels everywhere, where nothing selects",
        "commonLabels: {team: web}",
        "commonLabels.team",
        "approximate",
        "A2F-KUS-001",
        shown="no patch was needed",
        files={
            "app/kustomization.yaml": "resources: [a.yaml]\n",
            "app/a.yaml": SERVICE.replace("Service", "ConfigMap"),
        },
    ),
    to_flux(
        "labels on templates",
        "commonLabels: {team: web}, labelWithoutSelector: true, labelIncludeTemplates: true",
        "commonLabels.team",
        "approximate",
        "A2F-KUS-001",
        shown="changed pod templates",
    ),
    to_flux(
        "labels on known templates",
        "commonLabels: {team: web}, labelWithoutSelector: true, labelIncludeTemplates: true",
        "commonLabels.team",
        "equivalent",
        "A2F-KUS-018",
        shown="patches for Deployment",
        files=KUSTOMIZED,
    ),
    to_flux(
        "labels on volume claims",
        "commonLabels: {team: web}, labelWithoutSelector: true, labelIncludeTemplates: true",
        "commonLabels.team",
        "approximate",
        "A2F-KUS-001",
        files={
            **KUSTOMIZED,
            "app/deployment.yaml": DEPLOYMENT.replace("Deployment", "StatefulSet"),
        },
    ),
    to_flux(
        "labels where there are no templates",
        "commonLabels: {team: web}, labelWithoutSelector: true, labelIncludeTemplates: true",
        "commonLabels.team",
        "equivalent",
        files=SERVICES,
    ),
    to_flux(
        "labels on metadata",
        "commonLabels: {team: web}, labelWithoutSelector: true",
        "commonLabels.team",
        "equivalent",
        targets=("spec.commonMetadata.labels.team",),
    ),
    to_flux("no selectors", "labelWithoutSelector: true", "labelWithoutSelector"),
    to_flux("templates", "labelIncludeTemplates: true", "labelIncludeTemplates"),
    to_flux("force labels", "forceCommonLabels: true", "forceCommonLabels"),
    to_flux("force annotations", "forceCommonAnnotations: true", "forceCommonAnnotations"),
    to_flux(
        "annotations",
        "commonAnnotations: {team: web}",
        "commonAnnotations.team",
        "approximate",
        "A2F-KUS-002",
        shown="Deployment",
        files=KUSTOMIZED,
    ),
    to_flux(
        "annotations where there are no templates",
        "commonAnnotations: {team: web}",
        "commonAnnotations.team",
        "equivalent",
        files=SERVICES,
    ),
    to_flux(
        "variables in annotations",
        "commonAnnotationsEnvsubst: true",
        "commonAnnotationsEnvsubst",
        "equivalent",
    ),
    to_flux("patch", f"patches: [{{{PATCH}}}]", "patches[0].patch", targets=("spec.patches[0]",)),
    to_flux("patch target", f"patches: [{{{PATCH}}}]", "patches[0].target.kind"),
    to_flux(
        "patch file",
        "patches: [{path: fix.yaml}]",
        "patches[0].path",
        "equivalent",
        "A2F-KUS-005",
        files={**KUSTOMIZED, "app/fix.yaml": "kind: Job\n"},
    ),
    to_flux(
        "patch file that is not there",
        "patches: [{path: fix.yaml}, {path: other.yaml, target: {kind: Job}}]",
        "patches[1].target.kind",
        "manual",
        "A2F-KUS-013",
        files={**KUSTOMIZED, "app/fix.yaml": "kind: Job\n"},
        shown="other.yaml",
    ),
    to_flux(
        "one patch file of two",
        "patches: [{path: fix.yaml}, {path: other.yaml}]",
        "patches[0].path",
        "equivalent",
        "A2F-KUS-005",
        files={**KUSTOMIZED, "app/fix.yaml": "kind: Job\n"},
    ),
    to_flux(
        "unseen patch file",
        "patches: [{path: fix.yaml}]",
        "patches[0].path",
        "manual",
        "A2F-KUS-013",
    ),
    to_flux(
        "empty patch",
        "patches: [{target: {kind: Job}}]",
        "patches[0].target.kind",
        "manual",
        "A2F-KUS-015",
        shown="patch 1",
    ),
    to_flux(
        "patch options",
        f"patches: [{{{PATCH}, options: {{allowNameChange: true}}}}]",
        "patches[0].options.allowNameChange",
        "manual",
        "A2F-KUS-006",
        shown="`options.allowNameChange`",
    ),
    to_flux(
        "patch options at their default",
        f"patches: [{{{PATCH}, options: {{allowNameChange: false}}}}]",
        "patches[0].options.allowNameChange",
    ),
    to_flux("no patch options", f"patches: [{{{PATCH}, options: {{}}}}]", "patches[0].options"),
    to_flux("component", "components: [../c]", "components[0]", targets=("spec.components[0]",)),
    *(
        to_flux(
            f"component {found}",
            f"components: ['{found}']",
            "components[0]",
            "manual",
            "A2F-KUS-012",
            targets=(),
        )
        for found in (
            "https://github.com/acme/c",
            "github.com/acme/c//dir",
            "git@github.com:acme/c",
            "/c",
            "gitlab.com/acme/c//dir?ref=v1",
        )
    ),
    to_flux(
        "missing components",
        "ignoreMissingComponents: true",
        "ignoreMissingComponents",
        targets=("spec.ignoreMissingComponents",),
    ),
    to_flux(
        "missing components before Flux 2.7",
        "ignoreMissingComponents: true",
        "ignoreMissingComponents",
        "manual",
        "A2F-KUS-017",
        flux="2.6",
        shown="needs Flux 2.7",
    ),
    to_flux(
        "missing components fail by default",
        "ignoreMissingComponents: false",
        "ignoreMissingComponents",
        flux="2.6",
    ),
    to_flux("version", "version: v5.0.0", "version", "none", "A2F-KUS-007", shown="v5.0.0"),
    to_flux("cluster", "kubeVersion: '1.30'", "kubeVersion", "none", "A2F-KUS-007"),
    to_flux(
        "APIs", "apiVersions: [a/v1]", "apiVersions[0]", "none", "A2F-KUS-007", shown="`apiVersions"
    ),
    to_flux("no version", "version: ''", "version"),
    Row(
        id="plugins", text=block(""), files=HELM_CHARTS, code="A2F-KUS-010", shown="`app` inflates"
    ),
    Row(id="remote base", text=block(""), files=REMOTE, code="A2F-KUS-011", shown="acme/base"),
]
OUTSIDE = {
    "app/kustomization.yaml": "resources: [../shared/service.yaml]\n",
    "shared/service.yaml": SERVICE,
}
MIXED = {
    "app/kustomization.yaml": "resources: [service.yaml, child.yaml]\n",
    "app/service.yaml": SERVICE,
    "app/child.yaml": kustomization(name="child", source=""),
}
SHAPE = "spec.source.kustomize."
TO_ARGO = [
    to_argo("prefix", "namePrefix: a-", "namePrefix", targets=(f"{SHAPE}namePrefix",)),
    to_argo("suffix", "nameSuffix: -a", "nameSuffix", targets=(f"{SHAPE}nameSuffix",)),
    to_argo("namespace", "targetNamespace: team", "targetNamespace"),
    to_argo(
        "image",
        "images: [{name: api, newTag: '2'}]",
        "images[0].newTag",
        "equivalent",
        targets=(f"{SHAPE}images[0]",),
    ),
    to_argo(
        "labels",
        "commonMetadata: {labels: {team: web}}",
        "commonMetadata.labels.team",
        "equivalent",
        targets=(f"{SHAPE}commonLabels",),
    ),
    to_argo(
        "labels by a patch",
        "commonMetadata: {labels: {team: web}}",
        "commonMetadata.labels.team",
        "equivalent",
        argocd="2.10",
        targets=(f"{SHAPE}patches[0]",),
    ),
    to_argo(
        "labels that cannot be said",
        "commonMetadata: {labels: {team: web}}",
        "commonMetadata.labels.team",
        "manual",
        "F2A-KS-024",
        argocd="2.8",
        shown="`commonLabels` needs Argo CD 2.9",
    ),
    Row(
        id="to argo: common metadata of a parent",
        text=kustomization("commonMetadata: {labels: {team: web}}"),
        path="spec.commonMetadata.labels.team",
        resource="Kustomization/flux-system/shop",
        verdict="approximate",
        code="F2A-KS-033",
        files={
            "app/kustomization.yaml": "resources: [child.yaml]\n",
            "app/child.yaml": kustomization(name="child", path="./child", source=""),
            "child/service.yaml": SERVICE,
        },
        options=ConvertOptions(to_folder=True),
    ),
    to_argo(
        "annotations",
        "commonMetadata: {annotations: {team: web}}",
        "commonMetadata.annotations.team",
        "equivalent",
        "F2A-KS-016",
        targets=(f"{SHAPE}patches[0]",),
    ),
    to_argo(
        "annotations that cannot be said",
        "commonMetadata: {annotations: {team: web}}",
        "commonMetadata.annotations.team",
        "manual",
        "F2A-KS-024",
        argocd="2.8",
    ),
    to_argo(
        "patch", f"patches: [{{{PATCH}}}]", "patches[0].patch", targets=(f"{SHAPE}patches[0]",)
    ),
    to_argo(
        "patch before Argo CD 2.9",
        f"patches: [{{{PATCH}}}]",
        "patches[0].target.kind",
        "manual",
        "F2A-KS-024",
        argocd="2.8",
        targets=(),
    ),
    to_argo("component", "components: [../c]", "components[0]", targets=(f"{SHAPE}components[0]",)),
    to_argo(
        "component before Argo CD 2.10",
        "components: [../c]",
        "components[0]",
        "manual",
        "F2A-KS-024",
        argocd="2.9",
        shown="2.10",
    ),
    to_argo("missing components", "ignoreMissingComponents: true", "ignoreMissingComponents"),
    to_argo(
        "missing components before Argo CD 3.0",
        "ignoreMissingComponents: true",
        "ignoreMissingComponents",
        "manual",
        "F2A-KS-024",
        argocd="2.14",
    ),
    to_argo(
        "missing components fail by default",
        "ignoreMissingComponents: false",
        "ignoreMissingComponents",
        argocd="2.14",
    ),
    to_argo(
        "build metadata",
        "buildMetadata: [originAnnotations]",
        "buildMetadata[0]",
        "none",
        "F2A-KS-017",
        shown="originAnnotations",
    ),
    to_argo("no build metadata", "buildMetadata: []", "buildMetadata", "equivalent"),
    Row(
        id="to argo: old patches",
        text=kustomization("patchesStrategicMerge: [{kind: Job}]", api="v1beta2"),
        path="spec.patchesStrategicMerge[0].kind",
    ),
    Row(
        id="to argo: a path outside",
        text=kustomization(path="../app"),
        path="spec.path",
        verdict="manual",
        code="F2A-KS-001",
        shown="`../app` of Kustomization/flux-system/shop",
    ),
    Row(
        id="to argo: a chart",
        text=kustomization(),
        files=CHARTED,
        path="spec.path",
        verdict="manual",
        code="F2A-KS-003",
    ),
    Row(
        id="to argo: a file from outside",
        text=kustomization(),
        files=OUTSIDE,
        code="F2A-KS-005",
        shown="app/kustomization.yaml loads shared/service.yaml",
    ),
    Row(
        id="to argo: a missing kustomization file",
        text=kustomization("namePrefix: a-"),
        files=PLAIN,
        code="F2A-KS-021",
        shown="`namePrefix`",
        options=ConvertOptions(to_folder=True),
    ),
    Row(
        id="to argo: a missing kustomization file and nowhere to write it",
        text=kustomization("namePrefix: a-"),
        files=PLAIN,
        code="F2A-KS-028",
        shown="`-d DIR`",
    ),
    Row(id="to argo: unseen", text=kustomization(), code="F2A-KS-022", shown="what `app` of"),
    Row(
        id="to argo: Flux objects beside others",
        text=kustomization(),
        files=MIXED,
        code="F2A-KS-023",
        shown="Kustomization/flux-system/child",
    ),
]
ROWS = [*TO_FLUX, *TO_ARGO]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


@pytest.mark.parametrize(
    ("flux", "override", "entry", "wanted"),
    [
        ("2.9", "api:2", "newName: mirror/api", {"newName": "api", "newTag": "2"}),
        ("2.9", "api=*:2", "newName: mirror/api", {"newTag": "2"}),
        ("2.9", "api=other/api:*", "newTag: '1'", {"newName": "other/api"}),
        ("2.8", "api:2", "newName: mirror/api", {"newTag": "2"}),
        ("2.8", "api=*:2", "newName: mirror/api", {"newName": "mirror/api", "newTag": "2"}),
        ("2.8", "api=other/api:*", "newTag: '1'", {"newName": "other/api", "newTag": "1"}),
    ],
)
def test_images_beside_an_entry_in_git(
    tmp_path: Path, flux: str, override: str, entry: str, wanted: dict[str, str]
) -> None:
    """Argo CD replaces the entry but for ``*``; Flux merges, and replaced all of it before 2.9."""
    row = Row(
        id="", text=block(f"images: ['{override}']"), files=images(f"name: api, {entry}"), flux=flux
    )
    bodies: list[Any] = [document.body for document in run(tmp_path, row).documents]
    [found] = [body for body in bodies if body["kind"] == "Kustomization"]
    assert found["spec"]["images"] == [{"name": "api", **wanted}]
