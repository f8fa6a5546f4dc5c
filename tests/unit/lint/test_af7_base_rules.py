"""Rules that compare with an earlier revision, where their examples do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.lint.samples import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

Files = dict[str, str]


def said(folder: Path, code: str, before: Files | str, now: Files | str) -> list[tuple[str, str]]:
    """Severity and place of what one rule says about a change."""
    base, texts = (one if isinstance(one, dict) else {"a.yaml": one} for one in (before, now))
    result = lint_texts(folder, texts, code=code, base=base)
    assert not [f for f in result.findings if f.code == "AF901"]
    return [
        (f.severity.value, ".".join(map(str, f.place.path)))
        for f in result.findings
        if f.code == code
    ]


def a_set(elements: str, name: str = "{{ .name }}", more: str = "") -> str:
    """A set with a list in it; each Application has a path of its own."""
    text = APPLICATION_SET.replace("<generator>", f"- list: {{elements: [{elements}]}}")
    text = text.replace('name: "{{ .name }}"', f"name: '{name}'")
    text = text.replace("path: web", "path: '{{ .path }}'")
    return text + more


WEB, API = "{name: web, path: a}", "{name: api, path: b}"
KEPT = "  syncPolicy: {preserveResourcesOnDeletion: true}\n"
ONLY = "  syncPolicy: {applicationsSync: create-update}\n"
RENAMED = "spec.template.metadata.name"
LIVE = APPLICATION_SET.replace("<generator>", "- clusters: {}")


def called(text: str, name: str) -> str:
    """The first object of a text with another name."""
    return text.replace("  name: web\n", f"  name: {name}\n", 1)


CASCADING = APPLICATION.replace(
    "  namespace: argocd\n",
    "  namespace: argocd\n  finalizers: [resources-finalizer.argocd.argoproj.io]\n",
    1,
)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (KUSTOMIZATION, called(KUSTOMIZATION, "api"), ["metadata.name"]),
        (
            KUSTOMIZATION.replace("prune: true", "prune: false"),
            called(KUSTOMIZATION, "api"),
            [],
        ),
        (KUSTOMIZATION + "  suspend: true\n", called(KUSTOMIZATION, "api"), []),
        (KUSTOMIZATION, called(KUSTOMIZATION, "api") + "  namePrefix: api-\n", []),
        (KUSTOMIZATION.replace("  namespace: flux-system\n", "", 1), KUSTOMIZATION, []),
        (CASCADING, called(CASCADING, "api"), ["metadata.name"]),
        (APPLICATION, called(APPLICATION, "api"), []),  # no finalizer
        (CASCADING, called(CASCADING, "api").replace("path: web", "path: '{{ path }}'"), []),
        (CASCADING, called(CASCADING, "api").replace("v1.2.3", "v1.3.0"), ["metadata.name"]),
        (HELM_RELEASE, called(HELM_RELEASE, "api"), ["metadata.name"]),
        (
            HELM_RELEASE.replace("  releaseName: web\n", "") + "  values: {a: 1}\n",
            called(HELM_RELEASE, "api").replace("  releaseName: web\n", "") + "  values: {a: 2}\n",
            [],
        ),
        (a_set(WEB), a_set("{name: shop, path: a}"), [RENAMED]),
        (a_set(WEB), a_set(WEB, "shop-{{ .name }}"), [RENAMED]),
        (a_set(WEB, more=KEPT), a_set(WEB, "shop-{{ .name }}"), []),
        (a_set(WEB, more=ONLY), a_set(WEB, "shop-{{ .name }}"), []),
        (a_set(WEB), a_set(WEB).replace("name: apps", "name: shops"), ["metadata.name"]),
        (a_set(WEB, more=KEPT), a_set(WEB).replace("name: apps", "name: shops"), []),
        (a_set(WEB), a_set(WEB).replace("name: apps", "name: shops") + "---\n" + a_set(API), []),
        (a_set(WEB), LIVE, []),  # nobody knows what that makes
        (LIVE, LIVE.replace("name: apps", "name: shops"), []),
    ],
)
def test_renames(tmp_path: Path, before: str, now: str, expected: list[str]) -> None:
    """AF706: an owner that goes and one that comes for the same."""
    assert [place for _, place in said(tmp_path, "AF706", before, now)] == expected


def test_clusters_and_files(tmp_path: Path) -> None:
    """AF706 compares inside one cluster; files may be called as they like."""
    folder = "clusters/{}/flux-system/gotk-sync.yaml"
    sync = KUSTOMIZATION.replace("name: web\n", "name: flux-system\n", 1)
    clusters = {
        folder.format(name): sync.replace("./web", f"./clusters/{name}") for name in ("one", "two")
    }
    before = {**clusters, "clusters/one/web.yaml": KUSTOMIZATION}
    moved = {**clusters, "clusters/one/new.yaml": KUSTOMIZATION}
    assert said(tmp_path / "file", "AF706", before, moved) == []
    other = {**before, "clusters/two/web.yaml": called(KUSTOMIZATION, "api")}
    assert said(tmp_path / "cluster", "AF706", before, other) == []
    renamed = {**clusters, "clusters/one/web.yaml": called(KUSTOMIZATION, "api")}
    assert said(tmp_path / "renamed", "AF706", before, renamed) == [("error", "metadata.name")]


DESTINATION = "spec.destination"
UNPRUNED = APPLICATION.replace("prune: true, ", "")
HELM = "    helm: {{releaseName: {name}}}\n    targetRevision"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (
            APPLICATION,
            APPLICATION.replace("https://kubernetes.default.svc", "https://two.example.com"),
            [("error", f"{DESTINATION}.server")],
        ),
        (
            APPLICATION,
            APPLICATION.replace("server: https://kubernetes.default.svc", "name: in-cluster"),
            [],  # may be the same one
        ),
        (
            APPLICATION,
            APPLICATION.replace("namespace: web", "namespace: shop"),
            [("error", f"{DESTINATION}.namespace")],
        ),
        (
            UNPRUNED,
            UNPRUNED.replace("namespace: web", "namespace: shop"),
            [("warning", f"{DESTINATION}.namespace")],
        ),
        (APPLICATION, APPLICATION.replace("namespace: web", "namespace: '${NS}'"), []),
        (
            APPLICATION,
            APPLICATION.replace("    targetRevision", HELM.format(name="shop")),
            [("error", "spec.source.helm.releaseName")],
        ),
        (APPLICATION, APPLICATION.replace("    targetRevision", HELM.format(name="web")), []),
        (
            HELM_RELEASE,
            HELM_RELEASE.replace("releaseName: web", "releaseName: api"),
            [("error", "spec.releaseName")],
        ),
        (
            HELM_RELEASE,
            HELM_RELEASE.replace("targetNamespace: web", "targetNamespace: shop"),
            [("error", "spec.targetNamespace")],
        ),
        (
            HELM_RELEASE,
            HELM_RELEASE.replace("chart: web", "chart: api"),
            [("error", "spec.chart.spec.chart")],
        ),
        (
            HELM_RELEASE,
            HELM_RELEASE.replace("chart: web", "chart: api")
            + "  chartNameChangeStrategy: InPlaceUpdate\n",
            [],
        ),
        (
            HELM_RELEASE.replace("  namespace: flux-system\n", "").replace(
                "  targetNamespace: web\n", ""
            ),
            HELM_RELEASE.replace("  namespace: flux-system\n", ""),
            [],  # the build may add that namespace
        ),
        (
            a_set("{name: web, path: a}").replace("namespace: web", "namespace: '{{ .path }}'"),
            a_set("{name: web, path: b}").replace("namespace: web", "namespace: '{{ .path }}'"),
            [("warning", "spec.template.spec.destination.namespace")],
        ),
    ],
)
def test_identities(tmp_path: Path, before: str, now: str, expected: list[tuple[str, str]]) -> None:
    """AF707: what a release or an Application is known by."""
    assert said(tmp_path, "AF707", before, now) == expected


MANY = ", ".join(f"{{name: {name}, path: {name}}}" for name in ("a", "b", "c", "d"))
PRUNING = "      syncPolicy: {automated: {prune: true}}\n"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (a_set(MANY), a_set("{name: a, path: a}"), [("warning", "spec.generators")]),
        (a_set(MANY, more=KEPT), a_set("{name: a, path: a}"), []),
        (a_set(MANY, more=ONLY), a_set("{name: a, path: a}"), []),
        (a_set(MANY), LIVE, []),
        (a_set(MANY), APPLICATION, []),  # the set is gone on purpose
        (
            a_set(MANY),
            a_set(MANY, more=PRUNING),
            [("info", "spec.template.spec.syncPolicy.automated.prune")],
        ),
        (UNPRUNED, APPLICATION, [("info", "spec.syncPolicy.automated.prune")]),
        (APPLICATION, UNPRUNED, []),
        (KUSTOMIZATION.replace("prune: true", "prune: false"), KUSTOMIZATION, []),
    ],
)
def test_what_disappears(
    tmp_path: Path, before: str, now: str, expected: list[tuple[str, str]]
) -> None:
    """AF708: sets that shrink, and pruning that is new; a set is told once."""
    assert said(tmp_path, "AF708", before, now) == expected
