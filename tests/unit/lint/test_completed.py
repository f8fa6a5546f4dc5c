"""What a build adds to objects that are not whole as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  chartRef: {kind: OCIRepository, name: web}
"""
PATCH = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: NAME
spec:
  interval: 10m
"""
LISTING = "resources: [release.yaml]\npatches: [path: patch.yaml]\n"
APPLIED = """\
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
  patches:
    - target: {kind: HelmRelease}
      patch: |
        - op: add
          path: /spec/interval
          value: 30m
"""
SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  ref: {branch: main}
"""


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"release.yaml": BASE}, 1),
        (
            {
                "release.yaml": BASE,
                "kustomization.yaml": LISTING,
                "patch.yaml": PATCH.replace("NAME", "web"),
            },
            0,
        ),
        (  # a patch for another object
            {
                "release.yaml": BASE,
                "kustomization.yaml": LISTING,
                "patch.yaml": PATCH.replace("NAME", "api"),
            },
            1,
        ),
        (  # its Kustomization adds it
            {
                "apps/release.yaml": BASE,
                "cluster/apps.yaml": APPLIED,
                "cluster/source.yaml": SOURCE,
            },
            0,
        ),
        (  # its Kustomization adds something else
            {
                "apps/release.yaml": BASE,
                "cluster/apps.yaml": APPLIED.replace("/spec/interval", "/spec/timeout"),
                "cluster/source.yaml": SOURCE,
            },
            1,
        ),
        ({"expected.yaml": BASE + "status:\n  observedGeneration: 1\n"}, 0),  # of a test
    ],
)
def test_missing_fields(tmp_path: Path, files: dict[str, str], count: int) -> None:
    """A field is missing where nothing that is known adds it."""
    messages = [f.message for f in lint_texts(tmp_path, files, code="AF101").findings]
    assert messages == ["`interval` is missing in `spec`"] * count


def test_a_rule_of_the_crd_is_kept_by_a_patch(tmp_path: Path) -> None:
    """A chart that an overlay brings."""
    files = {
        "release.yaml": BASE.replace("chartRef: {kind: OCIRepository, name: web}", "interval: 5m"),
        "kustomization.yaml": LISTING,
        "patch.yaml": PATCH.replace("NAME", "web").replace(
            "interval: 10m", "chartRef: {kind: OCIRepository, name: web}"
        ),
    }
    assert lint_texts(tmp_path / "patched", files, code="AF108").findings == ()
    alone = {"release.yaml": files["release.yaml"]}
    assert len(lint_texts(tmp_path / "alone", alone, code="AF108").findings) == 1
