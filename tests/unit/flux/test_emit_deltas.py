"""Differences of behaviour that a run is told about once: when, and when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.mapping import delta
from argoflux.mapping.verdict import Message
from tests.convert_run import convert_texts
from tests.unit.mapping.settings_cases import URL

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
CRD = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {}\n"
CHART = {"app/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n"}
AUTO = "automated: {prune: true, selfHeal: true}"
BUILD = {"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": DEPLOYMENT}
LABELS = "kustomize: {commonLabels: {team: web}}"


def app(
    policy: str = AUTO,
    *,
    name: str = "shop",
    path: str = "app",
    project: str = "default",
    source: str = "",
    metadata: str = "",
) -> str:
    return f"""\
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd{metadata}}}
spec:
  project: {project}
  destination: {{server: https://kubernetes.default.svc, namespace: web}}
  syncPolicy: {{{policy}}}
  source: {{repoURL: '{URL}', path: {path}, targetRevision: main{f", {source}" if source else ""}}}
"""


def run_codes(
    folder: Path, text: str, files: dict[str, str] | None = None, **releases: str
) -> dict[str, str]:
    """The messages of the run by code; without files, what the apps deploy is not known."""
    sources = (f"{URL}=.",) if files else ()
    texts = {"objects.yaml": text, **(files or {})}
    _, result = convert_texts(folder, texts, "flux", sources=sources, **releases)
    found = {m.code: m.text for m in result.messages if m.code.startswith("A2F-RUN-")}
    assert not any("…" in text or "None" in text for text in found.values())
    assert len(found) == sum(m.code.startswith("A2F-RUN-") for m in result.messages)
    return found


PLAIN = {"app/a.yaml": CONFIG}
TWO = app() + app(name="web", path="web")
CASES: list[tuple[str, bool, str, dict[str, str] | None]] = [
    ("A2F-RUN-001", True, app(), PLAIN),
    ("A2F-RUN-001", False, app(f"{AUTO}, syncOptions: [ServerSideApply=true]"), PLAIN),
    (
        "A2F-RUN-002",
        True,
        app(metadata=", finalizers: [resources-finalizer.argocd.argoproj.io]"),
        {"app/a.yaml": CRD},
    ),
    (
        "A2F-RUN-002",
        True,
        app(metadata=", finalizers: [resources-finalizer.argocd.argoproj.io]"),
        None,
    ),
    (
        "A2F-RUN-002",
        False,
        app(metadata=", finalizers: [resources-finalizer.argocd.argoproj.io]"),
        PLAIN,
    ),
    ("A2F-RUN-002", False, app(), {"app/a.yaml": CRD}),
    ("A2F-RUN-003", True, app(), PLAIN),
    ("A2F-RUN-003", False, app("automated: {selfHeal: true}"), PLAIN),
    ("A2F-RUN-004", True, app(), PLAIN),
    ("A2F-RUN-005", True, app(), CHART),
    ("A2F-RUN-005", False, app(), PLAIN),
    ("A2F-RUN-006", True, app(), PLAIN),
    ("A2F-RUN-006", False, app("automated: {prune: true}"), PLAIN),
    ("A2F-RUN-006", False, app("syncOptions: []"), PLAIN),
    ("A2F-RUN-007", True, app(), PLAIN),
    ("A2F-RUN-007", False, app(f"{AUTO}, syncOptions: [PrunePropagationPolicy=background]"), PLAIN),
    ("A2F-RUN-007", False, app("automated: {}"), PLAIN),
    ("A2F-RUN-008", True, TWO, None),
    ("A2F-RUN-008", False, app(), None),
    ("A2F-RUN-009", True, app("syncOptions: []"), PLAIN),
    ("A2F-RUN-009", False, app(), PLAIN),
    (
        "A2F-RUN-009",
        False,
        app(metadata=", annotations: {argocd.argoproj.io/skip-reconcile: 'true'}"),
        PLAIN,
    ),
    ("A2F-RUN-010", True, TWO, {"app/a.yaml": CONFIG, "web/a.yaml": CONFIG}),
    ("A2F-RUN-010", False, TWO, {"app/a.yaml": CONFIG, "web/a.yaml": DEPLOYMENT}),
    ("A2F-RUN-010", False, TWO, None),
    ("A2F-RUN-011", True, app(), None),
    ("A2F-RUN-011", False, app(), PLAIN),
    ("A2F-RUN-012", True, app(), None),
    ("A2F-RUN-012", False, app(), PLAIN),
    ("A2F-RUN-013", True, app(source=LABELS), BUILD),
    ("A2F-RUN-013", False, app(), BUILD),
    ("A2F-RUN-014", True, app(), CHART),
    ("A2F-RUN-014", False, app(), PLAIN),
    ("A2F-RUN-015", True, app(project="team-a"), PLAIN),
    ("A2F-RUN-015", False, app(), PLAIN),
]


@pytest.mark.parametrize(
    ("code", "applies", "text", "files"),
    CASES,
    ids=[f"{code}-{'said' if yes else 'not'}-{n}" for n, (code, yes, _, _) in enumerate(CASES)],
)
def test_a_difference_is_told_only_where_it_applies(
    tmp_path: Path, code: str, applies: bool, text: str, files: dict[str, str] | None
) -> None:
    assert (code in run_codes(tmp_path, text, files)) is applies


def test_a_release_of_an_old_flux_gives_up_like_argo_cd(tmp_path: Path) -> None:
    assert "A2F-RUN-004" not in run_codes(tmp_path, app(), CHART, flux="2.3")


PROJECT = """\
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: %s, namespace: argocd}
spec: {sourceRepos: ['*'], destinations: [{server: '*', namespace: %s}], clusterResourceWhitelist: [{group: '*', kind: '*'}]}
"""


@pytest.mark.parametrize(
    ("project", "namespace", "told"),
    [
        ("web", "'*'", False),
        ("web", "web", True),
        ("default", "web", True),
        ("default", "'*'", False),
    ],
)
def test_a_project_that_lets_everything_through_is_no_gate(
    tmp_path: Path, project: str, namespace: str, told: bool
) -> None:
    text = app(project=project) + PROJECT % (project, namespace)
    assert ("A2F-RUN-015" in run_codes(tmp_path, text, PLAIN)) is told


def test_an_object_of_two_clusters_has_one_owner_in_each(tmp_path: Path) -> None:
    far = TWO.rpartition("https://kubernetes.default.svc")
    text = f"{far[0]}https://far.example.com{far[2]}"
    files = {"app/a.yaml": CONFIG, "web/a.yaml": CONFIG}
    assert "A2F-RUN-010" not in run_codes(tmp_path, text, files)


def test_nothing_is_told_when_nothing_is_applied(tmp_path: Path) -> None:
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\n"
    assert run_codes(tmp_path, settings) == {}


def test_every_difference_is_tested_both_ways() -> None:
    """The fourth is told whenever something is applied that is tried again."""
    declared = {v.code for v in vars(delta).values() if isinstance(v, Message)}
    assert {code for code, applies, _, _ in CASES if applies} == declared
    assert {code for code, applies, _, _ in CASES if not applies} == declared - {"A2F-RUN-004"}
    assert all(v.run for v in vars(delta).values() if isinstance(v, Message))
