"""Rules about versions, fields and names, where examples of one object do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path


def told(
    folder: Path, text: str, code: str, *, argocd: str = "3.5", flux: str = "2.9"
) -> list[str]:
    """``severity: message`` of every finding of a rule about one file."""
    findings = lint_texts(folder, {"x.yaml": text}, code=code, argocd=argocd, flux=flux).findings
    return [f"{f.severity.value}: {f.message}" for f in findings if f.code == code]


def obj(kind: str, api_version: str, more: str = "") -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: x\n  namespace: x\n{more}"


@pytest.mark.parametrize(
    ("text", "flux", "messages"),
    [
        (
            obj("Alert", "notification.toolkit.fluxcd.io/v1"),
            "2.9",
            [
                (
                    "error: Flux has no notification.toolkit.fluxcd.io/v1 Alert; use"
                    " notification.toolkit.fluxcd.io/v1beta3"
                )
            ],
        ),
        (
            obj("ArtifactGenerator", "source.toolkit.fluxcd.io/v1beta1"),
            "2.9",
            [
                (
                    "error: ArtifactGenerator is not in source.toolkit.fluxcd.io; use"
                    " source.extensions.fluxcd.io/v1beta1"
                )
            ],
        ),
        (
            obj("ImagePolicy", "image.toolkit.fluxcd.io/v1alpha1"),
            "2.3",
            [
                (
                    "error: Flux 2.3 does not serve image.toolkit.fluxcd.io/v1alpha1 ImagePolicy: it was"
                    " removed in 0.37; use image.toolkit.fluxcd.io/v1beta2"
                )
            ],
        ),
        (
            obj("OCIRepository", "source.toolkit.fluxcd.io/v1"),
            "2.5",
            [
                (
                    "error: Flux 2.5 does not serve source.toolkit.fluxcd.io/v1 OCIRepository yet: it came"
                    " with 2.6; use source.toolkit.fluxcd.io/v1beta2"
                )
            ],
        ),
        (obj("Gadget", "source.toolkit.fluxcd.io/v1"), "2.9", []),  # a kind of a later release?
        (obj("ResourceSet", "fluxcd.controlplane.io/v1"), "2.9", []),  # another release train
        (obj("GitRepository", "testing.fluxcd.io/v1").replace("Git", "My"), "2.9", []),
        (
            obj("Deployment", "apps/v1").replace(
                "  namespace: x\n",
                '  annotations:\n    fluxcd.io/automated: "true"\n    filter.fluxcd.io/web: semver:*\n'
                '    reconcile.fluxcd.io/watch: "Enabled"\n',
            ),
            "2.9",
            [
                f"warning: `{key}` is an annotation of Flux v1, which Flux v2 does not read; remove it"
                for key in ("fluxcd.io/automated", "filter.fluxcd.io/web")
            ],
        ),
    ],
)
def test_versions_that_are_not_served(
    tmp_path: Path, text: str, flux: str, messages: list[str]
) -> None:
    """What is wrong with the type, and what the release serves instead."""
    assert told(tmp_path, text, "AF103", flux=flux) == messages


def test_settings_that_argo_cd_no_longer_reads(tmp_path: Path) -> None:
    """From 3.0 on."""
    text = obj("ConfigMap", "v1", "data:\n  helm.repositories: '[]'\n").replace("x\n", "argocd\n")
    text = text.replace("name: argocd", "name: argocd-cm")
    assert told(tmp_path / "old", text, "AF103", argocd="2.14") == []
    assert len(told(tmp_path / "new", text, "AF103", argocd="3.0")) == 1


APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: shop
  source:
    repoURL: https://git.example.com/apps.git
    path: web
  destination: {name: in-cluster, namespace: web}
"""
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: apps
  namespace: argocd
spec:
  generators:
    - list:
        elements: [{wait: 1d}, {wait: 2d}]
  template:
    metadata:
      name: web-{{wait}}
    spec:
      project: shop
      source:
        repoURL: https://git.example.com/apps.git
        path: web
        helm: {version: v3, releaseName: web}
      destination: {name: in-cluster, namespace: web}
      syncPolicy:
        retry:
          backoff:
            duration: "{{wait}}"
            maxDuration: 1d
"""


def test_what_a_set_makes_is_fixed_in_its_template(tmp_path: Path) -> None:
    """A value that comes from a parameter has no fix: it is not written there."""
    findings = lint_texts(tmp_path, {"x.yaml": SET}, code="AF109").findings
    shown = sorted((f.message.split(", ")[0], f.fix is not None) for f in findings)
    path = "spec.template.spec.syncPolicy.retry.backoff"
    assert shown == [
        (f"`{path}.duration` is `1d`", False),
        (f"`{path}.duration` is `2d`", False),
        (f"`{path}.maxDuration` is `1d`", True),
    ]


def test_an_ignored_field_of_a_template(tmp_path: Path) -> None:
    """One finding for all that the set makes, with its fix."""
    (finding,) = lint_texts(tmp_path, {"x.yaml": SET}, code="AF107").findings
    assert finding.message.startswith("`spec.template.spec.source.helm.version` is ignored")
    assert finding.fix is not None


@pytest.mark.parametrize(
    ("more", "severities"),
    [
        ("interval: 5m\n  suspend: yes\n", []),  # a boolean for whoever reads it so
        ("interval: 5m\n  url: 1\n", []),  # quotes would not make it a URL
        ("interval: 5m\n  ref: {branch: 1.10}\n", ["error"]),
        ("interval: 5m\n  ref: {branch: on}\n", ["warning"]),  # kustomize reads text
        ("interval: 5m\n  ref: {commit: 12345e6}\n", ["error"]),
        ("interval: 5m\n  ref: {tag: null}\n", []),
        ('interval: 5m\n  ref: {branch: "1.10"}\n', []),
        ("interval: 60\n", []),  # AF109
    ],
)
def test_numbers_where_text_belongs(tmp_path: Path, more: str, severities: list[str]) -> None:
    """What quotes mend is told, other mistakes are other rules'."""
    text = obj("GitRepository", "source.toolkit.fluxcd.io/v1", f"spec:\n  {more}")
    assert [one.partition(":")[0] for one in told(tmp_path, text, "AF003")] == severities


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    """The value of a key is its type alone."""
    text = obj("Secret", "v1", "stringData:\n  url: https://x.example.com/x\n  password: 31337\n")
    text = text.replace(
        "  namespace: x\n", "  labels: {argocd.argoproj.io/secret-type: repository}\n"
    )
    (message,) = told(tmp_path, text, "AF003")
    assert message == (
        "error: `stringData.password` takes text, but YAML reads a number; put it in quotes"
    )


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (("  name: web\n", "  name: web.shop\n"), 0),
        (("  name: web\n", "  name: -web\n"), 1),
        (("  name: web\n", f"  name: {'a' * 254}\n"), 1),
        (("  namespace: argocd\n", "  namespace: argo.cd\n"), 1),
        (("  namespace: argocd\n", f"  namespace: {'a' * 64}\n"), 1),
        (("  namespace: argocd\n", '  namespace: "{{ .ns }}"\n'), 0),
        (("    path: web\n", "    path: web\n    ref: my values\n"), 1),
        (("    path: web\n", "    path: web\n    ref: my_values\n"), 0),
    ],
)
def test_names(tmp_path: Path, change: tuple[str, str], count: int) -> None:
    """Names, namespaces and names of sources."""
    assert len(told(tmp_path, APP.replace(*change), "AF112")) == count


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (("spec:\n", "operation:\n  sync: {}\nspec:\n"), 1),
        (("spec:\n", "operation: {}\nspec:\n"), 0),
        (("  name: web\n", "  name: web\n  ownerReferences: []\n"), 0),
        (("  name: web\n", "  name: web\n  generation: 3\n  uid: a\n"), 1),
        (("  name: web\n", "  name: web\n  finalizers: [finalizers.fluxcd.io]\n"), 1),
        (("  name: web\n", "  name: web\n  labels: {argocd.argoproj.io/instance: root}\n"), 0),
    ],
)
def test_state_of_the_cluster(tmp_path: Path, change: tuple[str, str], count: int) -> None:
    """What only a live object has; the label of a parent is how an app of apps is written."""
    assert len(told(tmp_path, APP.replace(*change), "AF110")) == count
