"""Names, labels and annotations: what each key becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.mapping.row_cases import (
    KUSTOMIZED,
    PLAIN,
    Row,
    application,
    check,
    git_repository,
    ids,
    kustomization,
)

if TYPE_CHECKING:
    from pathlib import Path

A = "argocd.argoproj.io"
LONG = "a" * 70


def argo_note(key: str, value: str = "x") -> str:
    return application("targetRevision: main", metadata=f"annotations: {{'{key}': '{value}'}}")


def argo_label(key: str, value: str = "x") -> str:
    return application("targetRevision: main", metadata=f"labels: {{'{key}': '{value}'}}")


def flux_note(key: str, value: str = "x") -> str:
    return kustomization(metadata=f"annotations: {{'{key}': '{value}'}}")


def flux_label(key: str, value: str = "x") -> str:
    return kustomization(metadata=f"labels: {{'{key}': '{value}'}}")


def at(part: str, key: str) -> str:
    """The path of a label or annotation as reports write it."""
    return f'metadata.{part}["{key}"]' if set(key) & {".", "/"} else f"metadata.{part}.{key}"


ANNOTATIONS_TO_FLUX = [
    ("a note of the author", "example.com/owner", "web", "exact", None),
    ("skipping", f"{A}/skip-reconcile", "true", "equivalent", "A2F-ANN-001"),
    ("skipping, as Go reads it", f"{A}/skip-reconcile", "T", "equivalent", "A2F-ANN-001"),
    ("not skipping is the default", f"{A}/skip-reconcile", "false", "exact", None),
    ("skipping, not a boolean", f"{A}/skip-reconcile", "yes", "equivalent", "A2F-ANN-004"),
    ("refresh paths", f"{A}/manifest-generate-paths", ".", "approximate", "A2F-ANN-002"),
    ("no refresh paths", f"{A}/manifest-generate-paths", "", "exact", None),
    ("user interface", f"{A}/managed-by-url", "https://a", "equivalent", "A2F-ANN-003"),
    ("a link", "link.argocd.argoproj.io/grafana", "https://a", "equivalent", "A2F-ANN-003"),
    ("a preference", "pref.argocd.argoproj.io/view", "tree", "equivalent", "A2F-ANN-003"),
    ("controller tuning", f"{A}/ignore-resource-updates", "true", "equivalent", "A2F-ANN-004"),
    ("server-side diff", f"{A}/compare-options", "ServerSideDiff=true", "exact", None),
    ("migration of managers", f"{A}/client-side-apply-migration-manager", "x", "equivalent", None),
    ("a trigger", f"{A}/refresh", "hard", "equivalent", None),
    ("hydrate trigger", f"{A}/hydrate", "normal", "equivalent", None),
    ("tracking", f"{A}/tracking-id", "x", "equivalent", None),
    ("kubectl", "kubectl.kubernetes.io/last-applied-configuration", "{}", "equivalent", None),
    ("wave", f"{A}/sync-wave", "2", "equivalent", "A2F-WAVE-010"),
    ("wave 0 is the default", f"{A}/sync-wave", "0", "exact", None),
    ("hook", f"{A}/hook", "PreSync", "manual", "A2F-HOOK-010"),
    ("hook policy", f"{A}/hook-delete-policy", "HookSucceeded", "equivalent", None),
    ("kept by the parent", f"{A}/sync-options", "Prune=false", "approximate", "A2F-ANN-006"),
    ("options as a child", f"{A}/sync-options", "Replace=true", "equivalent", "A2F-ANN-007"),
    ("no options as a child", f"{A}/sync-options", "", "equivalent", None),
    ("a notice", "notice.argocd.argoproj.io/text", "a", "equivalent", "A2F-ANN-003"),
    ("no default links", f"{A}/ignore-default-links", "true", "equivalent", "A2F-ANN-003"),
    ("an approved deletion", f"{A}/deletion-approved", "now", "equivalent", None),
    ("refresh of a set", f"{A}/application-set-refresh", "true", "equivalent", None),
    ("our own note", "argoflux.dev/source", "Kustomization/a/b", "equivalent", None),
]
LABELS_TO_FLUX = [
    ("a label of the author", "team", "exact", None),
    ("of Argo CD", "argocd.argoproj.io/instance", "equivalent", None),
    ("of the project", "argoflux.dev/project", "equivalent", None),
]
K = "kustomize.toolkit.fluxcd.io"
ANNOTATIONS_TO_ARGO = [
    ("a note of the author", "example.com/owner", "web", "exact", None),
    ("a trigger", "reconcile.fluxcd.io/requestedAt", "now", "equivalent", None),
    ("never pruned", f"{K}/prune", "Disabled", "equivalent", None),
    ("pruned is the default", f"{K}/prune", "enabled", "exact", None),
    ("merged", f"{K}/ssa", "Merge", "approximate", "F2A-ANN-005"),
    ("only created", f"{K}/ssa", "IfNotPresent", "manual", "F2A-ANN-001"),
    ("ignored", f"{K}/ssa", "Ignore", "equivalent", None),
    ("recreated", f"{K}/force", "enabled", "approximate", "F2A-ANN-002"),
    ("frozen", f"{K}/reconcile", "disabled", "approximate", "F2A-ANN-003"),
    ("no substitution", f"{K}/substitute", "disabled", "equivalent", None),
    ("not known", f"{K}/later", "x", "manual", "F2A-ANN-004"),
    ("drift of a release", "helm.toolkit.fluxcd.io/driftDetection", "x", "manual", "F2A-ANN-004"),
    ("event metadata", "event.toolkit.fluxcd.io/team", "web", "approximate", "F2A-ANN-008"),
    ("at rest", "fluxcd.controlplane.io/reconcile", "disabled", "none", "F2A-ANN-006"),
    (
        "at rest by another",
        "source.extensions.fluxcd.io/reconcile",
        "Disabled",
        "none",
        "F2A-ANN-006",
    ),
    ("not at rest", "source.extensions.fluxcd.io/reconcile", "enabled", "equivalent", None),
    ("flux-operator", "fluxcd.controlplane.io/prune", "disabled", "manual", "F2A-ANN-004"),
    ("legacy", "fluxcd.io/sync-checksum", "x", "equivalent", None),
]
LABELS_TO_ARGO = [
    ("a label of the author", "team", "x", "exact", None),
    ("owner", f"{K}/name", "flux-system", "equivalent", None),
    ("made by a ResourceSet", "resourceset.fluxcd.controlplane.io/name", "a", "equivalent", None),
    ("shard", "sharding.fluxcd.io/key", "a", "equivalent", "F2A-META-001"),
    ("managed by Flux", "app.kubernetes.io/managed-by", "flux", "equivalent", None),
    ("managed by others", "app.kubernetes.io/managed-by", "terraform", "exact", None),
    ("never pruned", f"{K}/prune", "disabled", "equivalent", None),
]
ROWS = [
    *(
        Row(id=f"to flux: {i}", text=argo_note(k, v), path=at("annotations", k), verdict=w, code=c)
        for i, k, v, w, c in ANNOTATIONS_TO_FLUX
    ),
    *(
        Row(id=f"to flux: label {i}", text=argo_label(k), path=at("labels", k), verdict=w, code=c)
        for i, k, w, c in LABELS_TO_FLUX
    ),
    *(
        Row(id=f"to argo: {i}", text=flux_note(k, v), path=at("annotations", k), verdict=w, code=c)
        for i, k, v, w, c in ANNOTATIONS_TO_ARGO
    ),
    *(
        Row(
            id=f"to argo: label {i}", text=flux_label(k, v), path=at("labels", k), verdict=w, code=c
        )
        for i, k, v, w, c in LABELS_TO_ARGO
    ),
    Row(
        id="labels of a source have no place",
        text=git_repository(metadata="labels: {team: web}") + kustomization(source=""),
        path="metadata.labels.team",
        verdict="equivalent",
        code="F2A-META-002",
        shown="GitRepository/flux-system/shop",
        targets=(),
    ),
    Row(
        id="annotations of a source have no place",
        text=git_repository(metadata="annotations: {team: web}") + kustomization(source=""),
        path="metadata.annotations.team",
        verdict="equivalent",
        code="F2A-META-002",
    ),
    Row(
        id="the name stays",
        text=application("targetRevision: main"),
        path="metadata.name",
        targets=("metadata.name",),
    ),
    Row(
        id="a name that is no label value",
        text=application("targetRevision: main", name=LONG),
        path="metadata.name",
        verdict="approximate",
        code="A2F-NAM-001",
        shown=f"the name {LONG} is longer",
    ),
    Row(
        id="two Applications of one name",
        text=application("targetRevision: main").replace("namespace: argocd", "namespace: team-b")
        + application("targetRevision: main"),
        path="metadata.name",
        verdict="approximate",
        code="A2F-NAM-002",
        shown="has that name in flux-system",
        resource="team-b",
    ),
    Row(
        id="two Kustomizations of one name",
        text=kustomization()
        + kustomization("targetNamespace: b", source="").replace(
            "name: shop, namespace: flux-system", "name: shop, namespace: web"
        )
        + git_repository().replace("namespace: flux-system", "namespace: web"),
        path="metadata.name",
        verdict="equivalent",
        code="F2A-NAME-001",
        shown="became Application web-shop",
        resource="Kustomization/web",
    ),
    Row(
        id="the namespace is chosen by the layout",
        text=application("targetRevision: main"),
        path="metadata.namespace",
        verdict="equivalent",
    ),
    Row(
        id="null says nothing",
        text=application("targetRevision: main", metadata="labels: null"),
        path="metadata.labels",
        verdict="exact",
    ),
    Row(
        id="what the API server wrote",
        text=application("targetRevision: main", metadata="uid: abc"),
        path="metadata.uid",
        verdict="equivalent",
    ),
    Row(
        id="a name to be completed",
        text=application("targetRevision: main", metadata="generateName: shop-"),
        path="metadata.generateName",
        verdict="equivalent",
    ),
]


@ids(ROWS)
def test_row(tmp_path: Path, row: Row) -> None:
    check(tmp_path, row)


def test_skipped_applications_are_suspended_however_the_value_is_spelled(tmp_path: Path) -> None:
    """strconv.ParseBool (argo-cd:controller/appcontroller.go canProcessApp)."""
    text = argo_note(f"{A}/skip-reconcile", "1")
    check(
        tmp_path,
        Row(
            id="",
            text=text,
            files=PLAIN,
            path=at("annotations", f"{A}/skip-reconcile"),
            verdict="equivalent",
            code="A2F-ANN-001",
            targets=("spec.suspend",),
        ),
    )


def test_prune_instructions_reach_the_sync_options(tmp_path: Path) -> None:
    check(
        tmp_path,
        Row(
            id="",
            text=flux_note(f"{K}/prune", "disabled"),
            files=KUSTOMIZED,
            path=at("annotations", f"{K}/prune"),
            verdict="equivalent",
            targets=('metadata.annotations["argocd.argoproj.io/sync-options"]',),
        ),
    )
