"""dependsOn becomes the steps of an ApplicationSet where an annotation asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from argoflux.argocd.appset.expand import expand
from argoflux.argocd.appset.generators import Inputs
from argoflux.argocd.appset.rollout import rollout_steps, step_of
from tests.ecosystem.accounts import output_is_valid
from tests.unit.argocd.estates import GIT, Result, flux_to_argocd, manifest

if TYPE_CHECKING:
    from pathlib import Path

WAVE = "argoflux.dev/wave"
SYNC_WAVE = "argocd.argoproj.io/sync-wave"
ASKS = ", annotations: {argoflux.dev/order: rolling-sync}"
PATHS = ("crds", "db", "web", "extra")


def _kustomization(name: str, *before: str, notes: str = "", more: str = "") -> str:
    items = ", ".join(f"{{name: {item}}}" for item in before)
    waits = f", dependsOn: [{items}]" if before else ""
    prune = "" if "prune:" in more else ", prune: true"
    return (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata: {{name: {name}, namespace: flux-system{notes}}}\n"
        f"spec: {{interval: 10m{prune}, path: ./{name}{waits}{more},"
        " sourceRef: {kind: GitRepository, name: fleet}}\n---\n"
    )


def _release(name: str, notes: str, values: str, depends: str = "") -> str:
    waits = f"\n  dependsOn: [{{name: {depends}}}]" if depends else ""
    return (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        f"metadata: {{name: {name}, namespace: flux-system{notes}}}\nspec:\n  interval: 10m\n"
        "  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: fleet}}}\n"
        f"  values: {values}{waits}\n---\n"
    )


def _files(cluster: str, **more: str) -> dict[str, str]:
    found = {f"{path}/map.yaml": manifest("ConfigMap", path, "shop") for path in PATHS}
    return {**found, "cluster/all.yaml": cluster, **more}


def _parent(members: str, notes: str = ASKS, **more: str) -> dict[str, str]:
    """A parent over the folder `cluster`, which is no part of it."""
    return {**_files(members, **more), "top.yaml": GIT + _kustomization("cluster", notes=notes)}


def _convert(folder: Path, files: dict[str, str], **options: Any) -> Result:
    return flux_to_argocd(folder, files, to_folder=True, **options)


def _children(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    expansion = expand(body, Inputs())
    assert expansion.problems == ()
    return {child.name: child.body for child in expansion.children}


MEMBERS = (
    _kustomization("crds", more=", prune: false, wait: true")
    + _kustomization("db", "crds", more=", targetNamespace: data")
    + _kustomization("web", "crds", "db", more=", images: [{name: a, newTag: '1'}]")
    + _kustomization("extra")
)


def test_the_set_makes_the_applications_of_the_waves(tmp_path: Path) -> None:
    """But for wave and label, each Application is what it would have been by itself."""
    rolled = _convert(tmp_path / "a", _parent(MEMBERS))
    waved = _convert(tmp_path / "b", _parent(MEMBERS, notes=""))
    assert set(rolled.bodies("Application")) == {"cluster"}
    body = rolled.bodies("ApplicationSet")["cluster"]
    children = _children(body)
    expected = {name: app for name, app in waved.bodies("Application").items() if name != "cluster"}
    assert set(children) == set(expected)
    steps = rollout_steps(body)
    for name, child in children.items():
        wave = child["metadata"]["labels"].pop(WAVE)
        assert child["metadata"].pop("labels") == {}
        assert step_of({WAVE: wave}, steps) == int(wave)
        alone = expected[name]
        assert wave == alone["metadata"]["annotations"].pop(SYNC_WAVE, "0")
        if not child["metadata"]["finalizers"]:  # an empty list is none
            del child["metadata"]["finalizers"]
        assert child == alone


def test_the_set_stands_where_its_parent_applies_it(tmp_path: Path) -> None:
    result = _convert(tmp_path, _parent(MEMBERS))
    documents = {d.body["kind"]: d for d in result.conversion.documents}
    assert documents["ApplicationSet"].path == "apps/cluster/cluster.yaml"
    assert not documents["ApplicationSet"].listed
    outcome = {str(o.resource.ref): o.targets for o in result.conversion.outcomes}
    assert "ApplicationSet/argocd/cluster" in outcome["Kustomization/flux-system/web"]


def test_dependencies_are_judged_better_than_with_waves(tmp_path: Path) -> None:
    result = _convert(tmp_path, _parent(MEMBERS))
    leaf = "spec.dependsOn[0].name"
    assert result.verdict(leaf, "Kustomization/flux-system/web") == ("equivalent", "F2A-DAG-010")
    assert "became step 3 in the rollout of cluster" in result.text("F2A-DAG-010")
    assert not {"F2A-KS-012", "F2A-DAG-001", "F2A-DAG-004"} & result.codes


def test_a_leaf_names_the_element_of_its_own_app(tmp_path: Path) -> None:
    result = _convert(tmp_path, _parent(MEMBERS))
    path = next(
        entry
        for entry in result.conversion.entries
        if entry.resource == "Kustomization/flux-system/db"
        and entry.path == ("spec", "targetNamespace")
    )
    number = [e["name"] for e in _elements(result)].index("db")
    targets = [target.path for target in path.targets]
    assert any(text.startswith(f"spec.generators[0].list.elements[{number}].") for text in targets)
    assert all(f"elements[{number}]" in text or "elements" not in text for text in targets)


def _elements(result: Result) -> list[dict[str, Any]]:
    (body,) = result.bodies("ApplicationSet").values()
    elements: list[dict[str, Any]] = body["spec"]["generators"][0]["list"]["elements"]
    return elements


def test_what_the_rollout_takes_and_needs_is_said(tmp_path: Path) -> None:
    result = _convert(tmp_path, _parent(MEMBERS))
    assert "from its 4 Applications" in result.text("F2A-DAG-006")
    data = result.bodies("ConfigMap")["argocd-cmd-params-cm"]["data"]
    assert data == {"applicationsetcontroller.enable.progressive.syncs": "true"}
    assert "settings/argocd-cmd-params-cm.yaml" in result.text("F2A-DAG-007")


def test_a_switch_that_is_on_is_not_asked_for(tmp_path: Path) -> None:
    settings = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: argocd-cmd-params-cm\n"
        "  namespace: argocd\n  labels: {app.kubernetes.io/part-of: argocd}\n"
        'data: {applicationsetcontroller.enable.progressive.syncs: "true"}\n'
    )
    result = _convert(tmp_path, _parent(MEMBERS, **{"argocd/params.yaml": settings}))
    assert "F2A-DAG-007" not in result.codes
    assert "argocd-cmd-params-cm" not in result.bodies("ConfigMap")


def test_a_parent_may_apply_other_objects_as_well(tmp_path: Path) -> None:
    """It stays an Application of its own then, and the set stands beside it."""
    files = _parent(MEMBERS, **{"cluster/map.yaml": manifest("ConfigMap", "more", "shop")})
    result = _convert(tmp_path, files)
    documents = {d.body["kind"]: d for d in result.conversion.documents}
    assert documents["ApplicationSet"].path == "apps/cluster.yaml"
    assert documents["ApplicationSet"].listed
    assert set(result.bodies("Application")) == {"cluster"}
    assert len(_elements(result)) == 4


def test_without_a_parent_every_member_asks(tmp_path: Path) -> None:
    members = GIT + "".join(
        _kustomization(name, *before, notes=ASKS)
        for name, before in (("crds", ()), ("db", ("crds",)))
    )
    result = _convert(tmp_path, _files(members + _kustomization("extra")))
    assert set(result.bodies("Application")) == {"extra"}
    assert set(_children(result.bodies("ApplicationSet")["rollout"])) == {"crds", "db"}


def test_equal_finalizers_need_no_guard(tmp_path: Path) -> None:
    """The controller only adds a finalizer where the template has none."""
    members = _kustomization("crds") + _kustomization("db", "crds")
    spec = _convert(tmp_path, _parent(members)).bodies("ApplicationSet")["cluster"]["spec"]
    assert spec["template"]["metadata"]["finalizers"]
    assert "syncPolicy" not in spec


@pytest.mark.parametrize(
    ("release", "order"), [("3.5", "Reverse"), ("3.1", None)], ids=["known", "too new"]
)
def test_the_order_of_deletion_needs_its_release(
    tmp_path: Path, release: str, order: str | None
) -> None:
    result = _convert(tmp_path, _parent(MEMBERS), argocd=release)
    strategy = result.bodies("ApplicationSet")["cluster"]["spec"]["strategy"]
    assert strategy.get("deletionOrder") == order


@pytest.mark.parametrize(
    ("files", "release", "why"),
    [
        (_parent(MEMBERS), "2.9", "`templatePatch` since Argo CD 2.10"),
        (_parent(_kustomization("crds") + _kustomization("db")), "3.5", "nothing in it waits"),
        (
            _parent(_kustomization("crds", more=", suspend: true") + _kustomization("db", "crds")),
            "3.5",
            "Kustomization/flux-system/crds is suspended",
        ),
        (
            _files(
                GIT
                + _kustomization("crds", notes=ASKS)
                + _release("db", notes=ASKS, values="{image: null}")
                + _release("web", notes=ASKS, values="{}", depends="db")
            ),
            "3.5",
            "HelmRelease/flux-system/db states a null",
        ),
        (
            _files(GIT + _kustomization("crds") + _kustomization("db", "crds", notes=ASKS)),
            "3.5",
            "only one of the two is in it",
        ),
        (
            _parent(_kustomization("crds") + _kustomization("db", "crds", notes=ASKS), notes=""),
            "3.5",
            "Kustomization/flux-system/cluster applies it, and has no such annotation",
        ),
    ],
    ids=["release", "no order", "suspended", "null", "half of an edge", "the wrong place"],
)
def test_where_there_is_no_rollout_waves_order(
    tmp_path: Path, files: dict[str, str], release: str, why: str
) -> None:
    result = _convert(tmp_path, files, argocd=release)
    assert result.bodies("ApplicationSet") == {}
    assert why in result.text("F2A-DAG-008")
    verdicts = {
        entry.verdict
        for entry in result.conversion.entries
        if entry.path[-1] == "argoflux.dev/order" and not entry.origin
    }
    assert verdicts == {"approximate"}


def test_an_unknown_order_is_said(tmp_path: Path) -> None:
    notes = ASKS.replace("rolling-sync", "rollingsync")
    result = _convert(tmp_path, _parent(MEMBERS, notes=notes))
    assert "`argoflux.dev/order: rollingsync`" in result.text("F2A-DAG-009")
    assert result.bodies("ApplicationSet") == {}


def test_apps_of_apps_are_steps_too(tmp_path: Path) -> None:
    """Their folders stand in the elements; the health of Applications is needed for them."""
    members = _kustomization("below") + _kustomization("db", "below")
    files = _parent(members, **{"below/web.yaml": _kustomization("web")})
    result = _convert(tmp_path, files)
    paths = {e["name"]: e.get("path") for e in _elements(result)}
    assert paths["below"] == "TODO/apps/below"
    assert set(result.bodies("Application")) == {"cluster", "web"}
    assert "F2A-DAG-001" in result.codes


def test_a_rollout_is_named_apart_from_other_sets(tmp_path: Path) -> None:
    there = manifest("ApplicationSet", "cluster", "argocd", "argoproj.io/v1alpha1", "spec: {}")
    files = _parent(MEMBERS, **{"argocd/set.yaml": there})
    (name,) = _convert(tmp_path, files).bodies("ApplicationSet")
    assert name.startswith("cluster-")


def test_destinations_may_have_nothing_in_common(tmp_path: Path) -> None:
    """One names a cluster, the other an address: a patch brings both, the template must have one."""
    remote = ", kubeConfig: {secretRef: {name: eu}}"
    result = _convert(
        tmp_path, _parent(_kustomization("crds") + _kustomization("db", "crds", more=remote))
    )
    assert output_is_valid(result.conversion) == []
    children = _children(result.bodies("ApplicationSet")["cluster"])
    assert "server" in children["crds"]["spec"]["destination"]
    assert children["db"]["spec"]["destination"] == {"name": "eu", "namespace": "shop"}


IMAGES = """
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: api, namespace: flux-system}
spec: {image: a/api, interval: 5m}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: api, namespace: flux-system}
spec: {imageRepositoryRef: {name: api}, policy: {semver: {range: 1.x}}}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: {name: tags, namespace: flux-system}
spec: {sourceRef: {kind: GitRepository, name: fleet}, update: {path: ., strategy: Setters}}
"""
UPDATED = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: db, namespace: flux-system}
spec:
  dependsOn: [{name: crds}]
  interval: 10m
  prune: true
  path: ./db
  sourceRef: {kind: GitRepository, name: fleet}
  images:
  - name: a/api
    newTag: 1.0.0 # {"$imagepolicy": "flux-system:api:tag"}
"""


def test_the_set_leaves_images_of_the_updater_alone(tmp_path: Path) -> None:
    """The controller would undo what the updater writes into an Application."""
    files = _parent(_kustomization("crds") + UPDATED, **{"images.yaml": IMAGES})
    result = _convert(tmp_path, files)
    (rule,) = result.bodies("ImageUpdater")["tags"]["spec"]["applicationRefs"]
    assert rule["writeBackConfig"] == {"method": "argocd"}
    (spared,) = result.bodies("ApplicationSet")["cluster"]["spec"]["ignoreApplicationDifferences"]
    assert spared["name"] == "db"
    assert "/spec/source/kustomize/images" in spared["jsonPointers"]
