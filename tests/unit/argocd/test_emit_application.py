"""Names, finalizers, sync policy, annotations and run-level remarks of Applications made from Flux."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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
    "app/kustomization.yaml": kustomization("service.yaml"),
    "app/service.yaml": manifest("Service", "web", "shop"),
    "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
}
FOREGROUND = ["resources-finalizer.argocd.argoproj.io"]
BACKGROUND = ["resources-finalizer.argocd.argoproj.io/background"]


def run(folder: Path, flux: str, **options: Any) -> Result:
    return flux_to_argocd(folder, {"flux.yaml": flux, **CONTENT}, **options)


# --- deletion, P21 and ruling 8


@pytest.mark.parametrize(
    ("prune", "policy", "suspend", "finalizers"),
    [
        ("true", None, False, BACKGROUND),
        ("true", "MirrorPrune", False, BACKGROUND),
        ("true", "Orphan", False, None),
        ("true", "WaitForTermination", False, FOREGROUND),
        ("true", "Delete", False, BACKGROUND),
        ("false", None, False, None),
        ("false", "MirrorPrune", False, None),
        ("false", "Delete", False, BACKGROUND),
        ("false", "WaitForTermination", False, FOREGROUND),
        ("false", "Orphan", False, None),
        ("true", "Delete", True, None),
    ],
)
def test_prune_and_deletion_policy(
    tmp_path: Path, prune: str, policy: str | None, *, suspend: bool, finalizers: list[str] | None
) -> None:
    extra = f", deletionPolicy: {policy}" if policy else ""
    extra += ", suspend: true" if suspend else ""
    text = (KUSTOMIZATION % extra).replace("prune: true", f"prune: {prune}")
    app = run(tmp_path, GIT + text).app()
    assert app["metadata"].get("finalizers") == finalizers
    assert app["spec"]["syncPolicy"]["automated"]["prune"] is (prune == "true")


@pytest.mark.parametrize(
    ("uninstall", "finalizers"),
    [
        ("", FOREGROUND),
        ("  uninstall: {disableWait: false}", FOREGROUND),
        ("  uninstall: {disableWait: true}", BACKGROUND),
        ("  uninstall: {deletionPropagation: background}", BACKGROUND),
        ("  uninstall: {deletionPropagation: foreground, disableWait: true}", FOREGROUND),
        ("  uninstall: {deletionPropagation: orphan}", None),
        ("  suspend: true", None),
    ],
)
def test_finalizer_of_releases(
    tmp_path: Path, uninstall: str, finalizers: list[str] | None
) -> None:
    app = run(tmp_path, GIT + RELEASE % uninstall).app()
    assert app["metadata"].get("finalizers") == finalizers


# --- automation and retries, F2A 5.5


@pytest.mark.parametrize(
    ("argocd", "automated"),
    [("3.1", {"enabled": False, "prune": True, "selfHeal": True}), ("3.0", None)],
)
def test_suspended_apps_have_automation_off(
    tmp_path: Path, argocd: str, automated: dict[str, bool] | None
) -> None:
    """P20: `enabled: false` keeps the flags; before 3.1 there is only leaving it out."""
    result = run(tmp_path, GIT + KUSTOMIZATION % ", suspend: true", argocd=argocd)
    assert result.app()["spec"]["syncPolicy"].get("automated") == automated
    assert result.verdict("spec.suspend") == ("equivalent", "F2A-KS-020")


@pytest.mark.parametrize(
    ("drift", "self_heal"),
    [
        ("", False),
        ("  driftDetection: {mode: warn}", False),
        ("  driftDetection: {mode: disabled}", False),
        ("  driftDetection: {mode: enabled}", True),
    ],
)
def test_releases_heal_only_with_drift_correction(
    tmp_path: Path, drift: str, *, self_heal: bool
) -> None:
    automated = run(tmp_path, GIT + RELEASE % drift).app()["spec"]["syncPolicy"]["automated"]
    assert automated == {"prune": True, "selfHeal": self_heal}


def test_kustomizations_retry_without_limit(tmp_path: Path) -> None:
    """Without retryInterval the pause is the interval; `refresh` exists since 3.2."""
    result = run(tmp_path, GIT + KUSTOMIZATION % "", argocd="3.1")
    backoff = {"duration": "10m", "factor": 1, "maxDuration": "10m"}
    assert result.app()["spec"]["syncPolicy"]["retry"] == {"limit": -1, "backoff": backoff}
    assert "pause of 10m" in result.text("F2A-KS-004")


@pytest.mark.parametrize(
    ("fields", "retry"),
    [
        ("", None),
        ("  upgrade: {remediation: {retries: 0}}", {"limit": 0}),
        ("  install: {remediation: {retries: 3}}", {"limit": 3, "duration": "15m"}),
        (
            "  install: {remediation: {retries: 9}}\n  upgrade: {remediation: {retries: -1}}",
            {"limit": -1, "duration": "15m"},
        ),
        (
            "  upgrade: {strategy: {name: RetryOnFailure, retryInterval: 2m}}",
            {"limit": -1, "duration": "2m"},
        ),
        ("  install: {strategy: {name: RetryOnFailure}}", {"limit": -1, "duration": "5m"}),
    ],
)
def test_releases_retry_as_often_as_they_say(
    tmp_path: Path, fields: str, retry: dict[str, Any] | None
) -> None:
    result = run(tmp_path, GIT + RELEASE % fields)
    found = result.app()["spec"]["syncPolicy"].get("retry")
    if found and "backoff" in found:
        found = {"limit": found["limit"], "duration": found["backoff"]["duration"]}
    assert found == retry
    assert ("F2A-HR-022" in result.codes) == (retry is None)


def test_options_of_every_application(tmp_path: Path) -> None:
    fields = "  targetNamespace: edge\n  install: {createNamespace: true, disableOpenAPIValidation: true}"
    result = run(tmp_path, GIT + RELEASE % fields)
    assert result.app()["spec"]["syncPolicy"]["syncOptions"] == [
        "CreateNamespace=true",
        "PrunePropagationPolicy=background",
        "ServerSideApply=true",
        "Validate=false",
    ]
    assert result.verdict("spec.install.disableOpenAPIValidation", "HelmRelease/shop/app") == (
        "approximate",
        "F2A-HR-018",
    )


def test_create_namespace_needs_a_target_namespace(tmp_path: Path) -> None:
    """helm-controller ignores the flag otherwise."""
    app = run(tmp_path, GIT + RELEASE % "  install: {createNamespace: true}").app()
    assert "CreateNamespace=true" not in app["spec"]["syncPolicy"]["syncOptions"]


def test_run_level_remarks(tmp_path: Path) -> None:
    result = run(tmp_path, GIT + KUSTOMIZATION % ", retryInterval: 1m")
    assert "5m, 10m" in result.text("F2A-INT-001")
    assert "smallest source interval is 5m" in result.text("F2A-INT-001")
    assert {"F2A-SYNC-002", "F2A-SYNC-003"} <= result.codes


# --- metadata


def test_labels_and_annotations(tmp_path: Path) -> None:
    metadata = """name: app, namespace: flux-system,
      labels: {team: a, sharding.fluxcd.io/key: s1, kustomize.toolkit.fluxcd.io/name: root},
      annotations: {note: x, reconcile.fluxcd.io/requestedAt: now, argoflux.dev/application: y,
        kustomize.toolkit.fluxcd.io/prune: Disabled, kustomize.toolkit.fluxcd.io/ssa: merge}"""
    text = (KUSTOMIZATION % "").replace("name: app, namespace: flux-system", metadata)
    result = run(tmp_path, GIT + text)
    found = result.app()["metadata"]
    assert found["labels"] == {"team": "a"}
    assert found["annotations"] == {
        "note": "x",
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false,ServerSideApply=true",
        "argoflux.dev/source": "Kustomization/flux-system/app",
    }
    at = 'metadata.annotations["kustomize.toolkit.fluxcd.io/'
    assert result.verdict('metadata.labels["sharding.fluxcd.io/key"]')[1] == "F2A-META-001"
    assert result.verdict('metadata.labels["kustomize.toolkit.fluxcd.io/name"]')[0] == "equivalent"
    assert result.verdict(f'{at}prune"]') == ("equivalent", None)
    assert result.verdict(f'{at}ssa"]') == ("approximate", "F2A-ANN-005")


@pytest.mark.parametrize(
    ("instruction", "annotations", "verdict"),
    [
        ("ssa: Override", {}, ("exact", None)),
        ("ssa: IfNotPresent", {}, ("manual", "F2A-ANN-001")),
        ("ssa: Ignore", {"argocd.argoproj.io/hook": "Skip"}, ("equivalent", None)),
        ("force: enabled", {}, ("approximate", "F2A-ANN-002")),
        (
            "reconcile: disabled",
            {
                "argocd.argoproj.io/hook": "Skip",
                "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
            },
            ("approximate", "F2A-ANN-003"),
        ),
        ("substitute: disabled", {}, ("equivalent", None)),
        ("prune: enabled", {}, ("exact", None)),
    ],
)
def test_instructions_to_the_applier(
    tmp_path: Path, instruction: str, annotations: dict[str, str], verdict: tuple[str, str | None]
) -> None:
    """F2A 6.15."""
    key = instruction.partition(":")[0]
    noted = f"name: app, annotations: {{kustomize.toolkit.fluxcd.io/{instruction}}}"
    result = run(tmp_path, GIT + (KUSTOMIZATION % "").replace("name: app", noted, 1))
    found = dict(result.app()["metadata"]["annotations"])
    del found["argoflux.dev/source"]
    assert found == annotations
    path = f'metadata.annotations["kustomize.toolkit.fluxcd.io/{key}"]'
    assert result.verdict(path) == verdict


# --- names, F2A 5.1 and ruling 13


def named(name: str, namespace: str) -> str:
    sourced = (KUSTOMIZATION % "").replace("name: fleet", "name: fleet, namespace: flux-system")
    return sourced.replace(
        "name: app, namespace: flux-system", f"name: {name}, namespace: {namespace}"
    )


@pytest.mark.parametrize("order", [1, -1])
def test_names_do_not_depend_on_order(tmp_path: Path, order: int) -> None:
    """The smallest (namespace, name, file) keeps its name."""
    objects = [named("app", "aa"), named("app", "bb"), RELEASE % "", named("other", "bb")]
    result = run(tmp_path, GIT + "".join(objects[::order]))
    sources = {
        name: app["metadata"]["annotations"]["argoflux.dev/source"]
        for name, app in result.bodies("Application").items()
    }
    assert sources == {
        "app": "Kustomization/aa/app",
        "bb-app": "Kustomization/bb/app",
        "shop-app": "HelmRelease/shop/app",
        "other": "Kustomization/bb/other",
    }
    assert result.verdict("metadata.name", "Kustomization/bb/app")[1] == "F2A-NAME-001"
    assert result.verdict("metadata.name", "GitRepository/flux-system/fleet")[1] is None


def test_kustomization_and_release_of_one_name(tmp_path: Path) -> None:
    """The suffix of the kind comes after the namespace, the hash last."""
    other = RELEASE.replace("name: app, namespace: shop", "name: shop-app, namespace: x")
    result = run(tmp_path, GIT + named("app", "shop") + RELEASE % "" + other % "")
    assert set(result.bodies("Application")) == {"app", "shop-app", "shop-app-ks"}


def test_two_definitions_of_one_object_get_two_names(tmp_path: Path) -> None:
    result = run(tmp_path, GIT + 3 * named("app", "aa"))
    names = set(result.bodies("Application"))
    assert len(names) == 3
    assert {"app", "aa-app", "aa-app-ks"} == names


def test_long_names_are_cut_where_they_become_labels(tmp_path: Path) -> None:
    """Argo CD 2.x writes the Application's name into a label of every object."""
    name = "a" * 80
    text = GIT + named(name, "aa")
    assert set(run(tmp_path, text).bodies("Application")) == {name}
    (short,) = run(tmp_path, text, argocd="2.14").bodies("Application")
    assert len(short) == 63
    assert short.startswith("a" * 54 + "-")


# --- what an earlier conversion noted, ruling 15


def test_an_application_gets_its_identity_back(tmp_path: Path) -> None:
    noted = "name: shop-prod, namespace: flux-system, annotations: {argoflux.dev/source: Application/team-a/shop--prod}"
    labels = ", labels: {argoflux.dev/project: payments}"
    text = (KUSTOMIZATION % "").replace("name: app, namespace: flux-system", noted + labels)
    metadata = run(tmp_path, GIT + text).app("shop--prod")["metadata"]
    assert metadata["namespace"] == "team-a"
    assert metadata["annotations"] == {"argoflux.dev/source": "Kustomization/flux-system/shop-prod"}
    assert "labels" not in metadata


def test_notes_that_do_not_agree_do_not_count(tmp_path: Path) -> None:
    noted = "name: copy, namespace: flux-system, annotations: {argoflux.dev/source: Application/argocd/shop}"
    text = (KUSTOMIZATION % "").replace("name: app, namespace: flux-system", noted)
    assert set(run(tmp_path, GIT + text).bodies("Application")) == {"copy"}


CREATED = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: baseline}
  annotations: {argoflux.dev/created-for: "other,app", kustomize.toolkit.fluxcd.io/prune: disabled,
    kustomize.toolkit.fluxcd.io/ssa: Merge, owner: me}
---
"""


def test_a_namespace_made_for_an_app_becomes_the_option_again(tmp_path: Path) -> None:
    """Ruling 11."""
    result = run(tmp_path, GIT + KUSTOMIZATION % ", targetNamespace: shop" + CREATED)
    policy = result.app()["spec"]["syncPolicy"]
    assert policy["syncOptions"][0] == "CreateNamespace=true"
    assert policy["managedNamespaceMetadata"] == {
        "labels": {"pod-security.kubernetes.io/enforce": "baseline"},
        "annotations": {"owner": "me"},
    }
    assert result.outcome("Namespace/shop")[0] == "converted"
    assert result.verdict("metadata.annotations.owner", "Namespace/shop") == ("equivalent", None)


def test_a_namespace_of_another_name_stays_a_plain_object(tmp_path: Path) -> None:
    result = run(tmp_path, GIT + KUSTOMIZATION % ", targetNamespace: other" + CREATED)
    assert "CreateNamespace=true" not in result.app()["spec"]["syncPolicy"]["syncOptions"]
    assert result.outcome("Namespace/shop")[0] == "skipped"


def test_control_namespace(tmp_path: Path) -> None:
    result = run(tmp_path, GIT + KUSTOMIZATION % "", control_namespace="gitops")
    assert result.app()["metadata"]["namespace"] == "gitops"
