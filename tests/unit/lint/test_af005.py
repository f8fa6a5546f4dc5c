"""What kustomize reads differently, and who is known to read a file with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chartRef: {kind: OCIRepository, name: web}
  values:
"""
LISTING = {"kustomization.yaml": "resources: [release.yaml]\n"}
APPLIED = {
    "cluster/apps.yaml": """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef: {kind: GitRepository, name: flux-system}
""",
    "cluster/source.yaml": """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref: {branch: main}
""",
}


@pytest.mark.parametrize(
    ("values", "severity", "words", "fixed"),
    [
        ("a: off", "warning", "reads `off` as text, kubectl and Argo CD as false", True),
        ("a: [1, Y]", "warning", "reads `Y` as text, kubectl and Argo CD as true", True),
        ("a: 2026-01-31", "warning", "as `2026-01-31T00:00:00Z`", False),
        (
            "on: 1",
            "warning",
            "the key `on` as it is written, kubectl and Argo CD read `true`",
            False,
        ),
        ("1.50: a", "error", "refuses the file: the key `1.50` is no text", False),
        ("{a: 1, b}", "warning", "`b` has no value", False),
        ("{a: &x {k: 1}, b: {k: 2, <<: *x}}", "warning", "keeps `k` as it is written", False),
    ],
)
def test_what_is_read_differently(
    tmp_path: Path, values: str, severity: str, words: str, fixed: bool
) -> None:
    """Each with what both make of it; only what can keep its meaning is fixed."""
    files = {"release.yaml": f"{RELEASE}    {values}\n", **LISTING}
    (finding,) = lint_texts(tmp_path, files, code="AF005").findings
    assert (finding.severity.value, finding.fix is not None) == (severity, fixed)
    assert words in finding.message


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"release.yaml": f"{RELEASE}    a: off\n"}, 0),  # who reads it?
        ({"release.yaml": f"{RELEASE}    a: off\n", "kustomization.yaml": "resources: []\n"}, 0),
        ({"apps/release.yaml": f"{RELEASE}    a: off\n", **APPLIED}, 1),  # Flux
        ({"other/release.yaml": f"{RELEASE}    a: off\n", **APPLIED}, 0),
        (  # listed from a folder further up
            {
                "a/release.yaml": f"{RELEASE}    a: off\n",
                "kustomization.yaml": "resources: [a/release.yaml]\n",
            },
            1,
        ),
        ({"release.yaml": f"{RELEASE}    a: 'off'\n", **LISTING}, 0),
    ],
)
def test_who_reads_the_file(tmp_path: Path, files: dict[str, str], count: int) -> None:
    """Only a reading by kustomize that is known of."""
    assert len(lint_texts(tmp_path, files, code="AF005").findings) == count


def test_the_cause_is_told_once(tmp_path: Path) -> None:
    """Where kustomize is known to read the file, AF003 has nothing to add."""
    text = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref: {branch: on}
"""
    found = lint_texts(tmp_path / "listed", {"release.yaml": text, **LISTING})
    assert {f.code for f in found.findings} & {"AF003", "AF005", "AF101"} == {"AF005"}
    found = lint_texts(tmp_path / "alone", {"release.yaml": text})
    assert {f.code for f in found.findings} & {"AF003", "AF005", "AF101"} == {"AF003"}
