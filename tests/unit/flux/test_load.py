"""Flux objects as apps of the model: joins, refusals, what needs no counterpart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from argoflux.model.app import ClusterRef, IgnoreRule, Retry
from argoflux.model.render import Helm, Image, Kustomize, Patch
from argoflux.model.source import GitSource, Revision
from argoflux.resource import Ref
from tests.unit.argocd.estates import GIT, KUSTOMIZATION, RELEASE, load_flux, manifest

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.mapping.emission import Loaded
    from argoflux.model.app import App


def only_app(folder: Path, text: str) -> App:
    plain = manifest("ConfigMap", "plain", "ns")
    (app,) = load_flux(folder, {"flux.yaml": GIT + text, "a.yaml": plain}).estate.apps
    return app


def refusals(loaded: Loaded) -> dict[str, str]:
    return {str(refusal.resource.ref): refusal.message.code for refusal in loaded.refused}


def test_kustomization(tmp_path: Path) -> None:
    extra = """, timeout: 3m, retryInterval: 2m, wait: true, force: true, suspend: true,
      targetNamespace: t, namePrefix: p-, serviceAccountName: sa, deletionPolicy: WaitForTermination,
      images: [{name: i, newTag: 1}], patches: [{patch: x, target: {kind: K}}], components: [c],
      commonMetadata: {labels: {a: b}}, kubeConfig: {secretRef: {name: s, key: k}},
      dependsOn: [{name: crds}, {name: other, namespace: ns}],
      ignore: [{paths: [/a], target: {kind: Deployment}}]"""
    app = only_app(tmp_path, KUSTOMIZATION % extra)
    assert app.id == "Kustomization/flux-system/app"
    (part,) = app.parts
    assert part.path == "app"
    assert part.source == GitSource(
        url="https://git.example.com/acme/fleet.git",
        revision=Revision(kind="branch", value="main"),
        name="fleet",
    )
    assert part.render == Kustomize(
        name_prefix="p-",
        namespace="t",
        images=(Image(name="i", new_tag="1"),),
        patches=(Patch(patch="x", target={"kind": "K"}),),
        components=("c",),
        labels={"a": "b"},
        force_labels=True,
    )
    assert app.sync.retry == Retry(duration="2m")
    assert (app.sync.prune, app.sync.suspended, app.sync.force) == (True, True, True)
    assert (app.sync.interval, app.sync.timeout) == ("10m", "3m")
    assert app.deletion == "foreground"
    assert app.service_account == "sa"
    assert app.destination.cluster == ClusterRef(secret="s", secret_key="k")  # noqa: S106  # a name
    assert app.drift.rules == (IgnoreRule(group="apps", kind="Deployment", pointers=("/a",)),)
    group = "kustomize.toolkit.fluxcd.io"
    assert app.order.depends_on == (
        Ref(group, "Kustomization", "flux-system", "crds"),
        Ref(group, "Kustomization", "ns", "other"),
    )
    assert [resource.ref.kind for resource in app.made_of] == ["Kustomization", "GitRepository"]


def test_release(tmp_path: Path) -> None:
    fields = "  targetNamespace: edge\n  values: {a: {b: 1}}\n  install: {createNamespace: true}"
    app = only_app(tmp_path, RELEASE % fields)
    (part,) = app.parts
    assert part.path == "charts/app"
    assert part.render == Helm(
        release_name="edge-app", values={"a": {"b": 1}}, reconcile_on="chart-version"
    )
    assert app.destination.namespace == "edge"
    assert app.destination.create_namespace


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        ("", "."),
        ("./", "."),
        ("./a/b/", "a/b"),
        ("/a//b", "a/b"),
        ("a/../b", "b"),
    ],
)
def test_paths(tmp_path: Path, stated: str, path: str) -> None:
    text = (KUSTOMIZATION % "").replace("path: ./app", f"path: '{stated}'")
    assert only_app(tmp_path, text).parts[0].path == path


def test_path_outside_is_refused(tmp_path: Path) -> None:
    text = (KUSTOMIZATION % "").replace("./app", "../app")
    loaded = load_flux(tmp_path, {"flux.yaml": GIT + text})
    assert refusals(loaded) == {"Kustomization/flux-system/app": "F2A-KS-001"}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("OCIRepository", "F2A-JOIN-004"),
        ("Bucket", "F2A-BKT-001"),
        ("ExternalArtifact", "F2A-AG-001"),
        ("HelmRepository", "F2A-JOIN-004"),
    ],
)
def test_sources_that_are_not_there(tmp_path: Path, kind: str, code: str) -> None:
    """What Argo CD cannot read, and what the input does not hold, is refused with its reason."""
    text = (KUSTOMIZATION % "").replace("kind: GitRepository, name", f"kind: {kind}, name")
    loaded = load_flux(tmp_path, {"flux.yaml": GIT + text})
    (refusal,) = loaded.refused
    assert refusal.message.code == code
    assert [str(idle.resource.ref) for idle in loaded.idle] == ["GitRepository/flux-system/fleet"]


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("notification.toolkit.fluxcd.io/v1", "Channel"),
        ("image.toolkit.fluxcd.io/v1", "ImageTag"),
        ("fluxcd.controlplane.io/v1", "Workload"),
    ],
)
def test_kinds_that_nothing_reads(tmp_path: Path, api: str, kind: str) -> None:
    loaded = load_flux(tmp_path, {"x.yaml": manifest(kind, "x", "ns", api, "spec: {}")})
    assert refusals(loaded) == {f"{kind}/ns/x": "F2A-OBJ-001"}


@pytest.mark.parametrize(
    "change",
    [
        ("name: app,", "name: '${APP}',"),
        ("name: fleet}", "name: '${SOURCE}'}"),
        (", sourceRef: {kind: GitRepository, name: fleet}", ""),
        ("sourceRef: {kind: GitRepository, name: fleet}", "sourceRef: nonsense"),
    ],
)
def test_what_cannot_be_joined_is_refused_with_its_reason(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    loaded = load_flux(tmp_path, {"flux.yaml": GIT + (KUSTOMIZATION % "").replace(*change)})
    assert set(refusals(loaded).values()) == {"F2A-OBJ-003"}


def test_objects_of_different_roots_never_join(tmp_path: Path) -> None:
    """Ruling 1: each cluster has its own source of the same name."""
    files = {
        f"clusters/{name}/flux-system/gotk-sync.yaml": GIT.replace("acme", name)
        + (KUSTOMIZATION % "")
        .replace("./app", f"./clusters/{name}")
        .replace("name: app", "name: root")
        for name in ("eu", "us")
    }
    files |= {f"clusters/{name}/app.yaml": KUSTOMIZATION % "" for name in ("eu", "us")}
    loaded = load_flux(tmp_path, files)
    urls = {
        app.root: app.parts[0].source.url  # type: ignore[union-attr]  # all of them are Git
        for app in loaded.estate.apps
        if app.name == "app"
    }
    assert len(urls) == 2
    assert all(root.rpartition("/")[2] in url for root, url in urls.items())


def test_bootstrap_is_a_parent_even_unseen(tmp_path: Path) -> None:
    text = (
        (GIT + KUSTOMIZATION % "")
        .replace("fleet,", "flux-system,")
        .replace("name: fleet", "name: flux-system")
    )
    text = text.replace("name: app", "name: flux-system").replace("./app", "./clusters/x")
    loaded = load_flux(tmp_path, {"flux.yaml": text})
    assert refusals(loaded) == {"Kustomization/flux-system/flux-system": "F2A-OBJ-004"}


def test_apps_come_in_sort_order(tmp_path: Path) -> None:
    texts = [(KUSTOMIZATION % "").replace("name: app", f"name: {name}") for name in "cab"]
    loaded = load_flux(tmp_path, {"flux.yaml": GIT + "".join(texts)})
    assert [app.name for app in loaded.estate.apps] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "spec",
    [
        "[]",
        "text",
        "{}",
        "{path: [], sourceRef: {kind: 1, name: true}}",
        "{sourceRef: {kind: GitRepository, name: fleet}, patches: {}, images: [x, {}], path: {}, ignore: [1], healthChecks: [{}], dependsOn: x, prune: maybe}",
    ],
)
def test_malformed_objects_do_not_stop_the_run(tmp_path: Path, spec: str) -> None:
    api = "kustomize.toolkit.fluxcd.io/v1"
    text = manifest("Kustomization", "app", "flux-system", api, f"spec: {spec}")
    helm = manifest("HelmRelease", "app", "x", "helm.toolkit.fluxcd.io/v2", f"spec: {spec}")
    loaded = load_flux(tmp_path, {"flux.yaml": GIT + text + helm})
    assert len(loaded.refused) + len(loaded.estate.apps) == 2
