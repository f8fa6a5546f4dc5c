"""Rules about operations (AF4, AF7) where their examples do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.samples import (
    APPLICATION,
    APPLICATION_SET,
    GIT_REPOSITORY,
    HELM_RELEASE,
    KUSTOMIZATION,
    LIST_GENERATOR,
)
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path


def said(
    folder: Path,
    code: str,
    texts: str | dict[str, str],
    *,
    argocd: str = "3.5",
    flux: str = "2.9",
) -> list[tuple[str, str]]:
    """Severity and place of what one rule says."""
    files = texts if isinstance(texts, dict) else {"example.yaml": texts}
    result = lint_texts(folder, files, code=code, argocd=argocd, flux=flux)
    assert not [f for f in result.findings if f.code == "AF901"]
    return [
        (f.severity.value, ".".join(map(str, f.place.path)))
        for f in result.findings
        if f.code == code
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", []),
        ("  maxHistory: 0\n", ["info"]),
        ("  maxHistory: 1\n", []),
        ("  maxHistory: 1\n  upgrade: {remediation: {retries: 3}}\n", ["warning"]),
        ("  maxHistory: 1\n  upgrade: {remediation: {retries: 3, strategy: uninstall}}\n", []),
        ("  maxHistory: 5\n  upgrade: {remediation: {retries: 3}}\n", []),
        ("  maxHistory: '0'\n", []),  # AF101 says that it is no number
        ("  maxHistory: 1\n  upgrade: [remediation]\n", []),
    ],
)
def test_histories_of_releases(tmp_path: Path, more: str, expected: list[str]) -> None:
    """AF703: what a rollback needs."""
    assert [one[0] for one in said(tmp_path, "AF703", HELM_RELEASE + more)] == expected


@pytest.mark.parametrize(
    ("limit", "expected"), [("0", 1), ("10", 0), ("50", 1), ("'{{ .n }}'", 0), ("null", 0)]
)
def test_histories_of_applications(tmp_path: Path, limit: str, expected: int) -> None:
    """AF703: the same in an Application and in the template of a set."""
    one = APPLICATION + f"  revisionHistoryLimit: {limit}\n"
    assert len(said(tmp_path / "one", "AF703", one)) == expected
    made = APPLICATION_SET.replace("<generator>", LIST_GENERATOR)
    made += f"      revisionHistoryLimit: {limit}\n"
    assert len(said(tmp_path / "made", "AF703", made)) == expected


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n"
FOLLOWED = APPLICATION.replace("targetRevision: v1.2.3", "targetRevision: main")
SOURCE = GIT_REPOSITORY.replace("tag: v1.2.3", "branch: main")
OPTIONS = "    syncOptions: [{}]\n"


def noted(note: str, where: str = "annotations") -> str:
    """The namespace with an annotation or label."""
    return NAMESPACE + f"  {where}: {{{note}}}\n"


@pytest.mark.parametrize(
    ("app", "manifest", "argocd", "expected"),
    [
        (FOLLOWED, NAMESPACE, "3.5", 1),
        (FOLLOWED.replace("prune: true", "prune: false"), NAMESPACE, "3.5", 0),
        (FOLLOWED.replace("prune: true", "prune: true, enabled: false"), NAMESPACE, "3.5", 0),
        (FOLLOWED + OPTIONS.format("Prune=false"), NAMESPACE, "3.5", 0),
        (FOLLOWED + OPTIONS.format("Prune=confirm"), NAMESPACE, "3.4", 0),
        (FOLLOWED + OPTIONS.format("Prune=false"), NAMESPACE, "3.3", 1),  # read since 3.4
        (FOLLOWED, noted("argocd.argoproj.io/sync-options: 'Delete=false, Prune=false'"), "3.5", 0),
        (FOLLOWED, noted("argocd.argoproj.io/sync-options: Delete=false"), "3.5", 1),
        (FOLLOWED, noted("helm.sh/resource-policy: keep"), "3.5", 0),
        (FOLLOWED, noted("kustomize.toolkit.fluxcd.io/prune: disabled"), "3.5", 1),
    ],
)
def test_pruning_by_argo_cd(
    tmp_path: Path, app: str, manifest: str, argocd: str, expected: int
) -> None:
    """AF704: what Argo CD reads as a protection."""
    files = {"app.yaml": app, "web/namespace.yaml": manifest}
    assert len(said(tmp_path, "AF704", files, argocd=argocd)) == expected


@pytest.mark.parametrize(
    ("owner", "manifest", "expected"),
    [
        (KUSTOMIZATION, NAMESPACE, 1),
        (KUSTOMIZATION.replace("prune: true", "prune: false"), NAMESPACE, 0),
        (KUSTOMIZATION, noted("kustomize.toolkit.fluxcd.io/prune: disabled"), 0),
        (KUSTOMIZATION, noted("kustomize.toolkit.fluxcd.io/prune: disabled", "labels"), 0),
        (KUSTOMIZATION, noted("kustomize.toolkit.fluxcd.io/prune: 'false'"), 1),
        (KUSTOMIZATION, noted("argocd.argoproj.io/sync-options: Prune=false"), 1),
        (KUSTOMIZATION, NAMESPACE.replace("Namespace", "ConfigMap"), 0),
    ],
)
def test_pruning_by_flux(tmp_path: Path, owner: str, manifest: str, expected: int) -> None:
    """AF704: what Flux reads as a protection."""
    files = {"flux.yaml": f"{SOURCE}---\n{owner}", "web/namespace.yaml": manifest}
    assert len(said(tmp_path, "AF704", files)) == expected


SKIP = "argocd.argoproj.io/skip-reconcile"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KUSTOMIZATION + "  suspend: true\n", ["info"]),
        (KUSTOMIZATION + "  suspend: 'true'\n", []),
        (KUSTOMIZATION + "  force: true\n", ["warning"]),
        (KUSTOMIZATION + "  deletionPolicy: Orphan\n", ["info"]),
        (KUSTOMIZATION.replace("prune: true", "prune: false") + "  deletionPolicy: Orphan\n", []),
        (HELM_RELEASE + "  upgrade: {force: true, preserveValues: true}\n", ["warning"] * 2),
        (HELM_RELEASE + "  install: {disableWait: true}\n", ["info"]),
        (HELM_RELEASE + "  install: disableWait\n", []),
        (
            APPLICATION.replace(
                "  name: web\n", f"  name: web\n  annotations: {{{SKIP}: 'true'}}\n", 1
            ),
            ["warning"],
        ),
        (
            APPLICATION.replace(
                "  name: web\n", f"  name: web\n  annotations: {{{SKIP}: 'false'}}\n", 1
            ),
            [],
        ),
    ],
)
def test_overrides(tmp_path: Path, text: str, expected: list[str]) -> None:
    """AF419: switches that are meant for a while."""
    assert [one[0] for one in said(tmp_path, "AF419", text)] == expected


RETRY = "{strategy: {name: RetryOnFailure}}"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", 1),
        (f"  install: {RETRY}\n  upgrade: {RETRY}\n", 0),
        ("  install: {remediation: {retries: -1}}\n  upgrade: {remediation: {retries: 3}}\n", 0),
        ("  install: {remediation: {retries: 3}}\n", 1),
        ("  install: {remediation: {retries: 0}}\n  upgrade: {remediation: {retries: 0}}\n", 1),
        ("  install: [remediation]\n  upgrade: retries\n", 1),
    ],
)
def test_retries(tmp_path: Path, more: str, expected: int) -> None:
    """AF406: one remark for a release, whatever is missing."""
    assert len(said(tmp_path, "AF406", HELM_RELEASE + more)) == expected
