"""Sync windows, hydrators, finalizers, waves and large CRDs where examples do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lint_run import lint_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.finding import Finding

WINDOW = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
  namespace: argocd
spec:
  syncWindows:
    - kind: allow
      schedule: "{schedule}"
      duration: "{duration}"
      namespaces: ["web"]
{more}"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
{meta}spec:
  project: shop
  source:
    repoURL: https://git.example.com/{name}.git
    path: {name}
  destination:
    server: https://kubernetes.default.svc
    namespace: web
{more}"""
LARGE = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: shops.example.com
{meta}spec:
  group: example.com
  names:
    kind: Shop
    plural: shops
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          description: {words}
"""


def lint(folder: Path, texts: dict[str, str], code: str) -> list[Finding]:
    """The findings of one rule."""
    return list(lint_texts(folder, texts, code=code).findings)


@pytest.mark.parametrize(
    ("schedule", "duration", "severity"),
    [
        ("0 22 * * *", "8h", ""),
        ("0 22 * * mon-fri", "8h30m", ""),
        ("CRON_TZ=Europe/Berlin 0 22 * * 1", "1h", ""),
        ("*/15 8-17 * jan,jul *", "5m", ""),
        ("0 0 1 * *", "744h", ""),
        ("0 22 * * 7", "8h", "error"),
        ("0 22 * *", "8h", "error"),
        ("60 * * * *", "8h", "error"),
        ("@hourly", "1h", "error"),
        ("", "1h", "error"),
        ("0 22 * * *", "8 hours", "error"),
        ("0 22 * * *", "", "error"),
        ("0 22 * * *", "90", "error"),
        ("0 22 * * *", "-1h", "warning"),
        ("* * * * *", "1m", "info"),
        ("* * * * *", "59s", ""),
        ("0 */6 * * *", "6h", "info"),
        ("0 0 * * 0", "167h", ""),
        ("0 0 * * 0", "168h", "info"),
    ],
)
def test_windows(tmp_path: Path, schedule: str, duration: str, severity: str) -> None:
    """Schedules of five fields, durations of Go, and windows that never close."""
    text = WINDOW.format(schedule=schedule, duration=duration, more="")
    found = lint(tmp_path, {"p.yaml": text}, "AF325")
    assert [str(one.severity) for one in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("UTC", None),
        ("Local", None),
        ("America/New_York", None),
        ("Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("../etc/passwd", "use a name such as"),
    ],
)
def test_time_zones(tmp_path: Path, zone: str, hint: str | None) -> None:
    """An unknown zone is read as UTC; no name leads to a file elsewhere."""
    text = WINDOW.format(schedule="0 1 * * *", duration="1h", more=f"      timeZone: {zone}\n")
    found = lint(tmp_path, {"p.yaml": text}, "AF325")
    assert len(found) == (hint is not None)
    assert all(hint in one.message for one in found if hint)


@pytest.mark.parametrize(
    ("size", "meta", "more", "told"),
    [
        (300_000, "", "", True),
        (200_000, "", "", False),
        (300_000, "", "  syncPolicy: {syncOptions: [ServerSideApply=true]}\n", False),
        (
            300_000,
            "  annotations: {argocd.argoproj.io/sync-options: ServerSideApply=true}\n",
            "",
            False,
        ),
    ],
)
def test_large_definitions(tmp_path: Path, size: int, meta: str, more: str, told: bool) -> None:
    """A CRD is measured as client-side apply stores it."""
    texts = {
        "app.yaml": APPLICATION.format(name="crds", meta="", more=more),
        "crds/shop.yaml": LARGE.format(meta=meta, words="x" * size),
    }
    assert bool(lint(tmp_path, texts, "AF320")) is told


PRUNES = "  syncPolicy: {automated: {prune: true}}\n"
CASCADES = "  finalizers: [resources-finalizer.argocd.argoproj.io]\n"


@pytest.mark.parametrize(
    ("parent", "child", "places"),
    [
        (("", PRUNES), CASCADES, []),
        (("", PRUNES), "", ["children/web.yaml"]),
        (("", ""), "", []),
        (("", "  syncPolicy: {automated: {enabled: false, prune: true}}\n"), "", []),
        ((CASCADES, PRUNES), CASCADES, ["parent.yaml"]),
        ((CASCADES, PRUNES), "", ["children/web.yaml", "parent.yaml"]),
    ],
)
def test_families(tmp_path: Path, parent: tuple[str, str], child: str, places: list[str]) -> None:
    """Only a parent that prunes by itself leaves objects behind, or takes them along."""
    texts = {
        "parent.yaml": APPLICATION.format(name="children", meta=parent[0], more=parent[1]),
        "children/web.yaml": APPLICATION.format(name="web", meta=child, more=""),
    }
    found = [one.place.source.name for one in lint(tmp_path, texts, "AF321")]
    assert [name.partition("fleet/")[2] or name for name in sorted(found)] == places


@pytest.mark.parametrize("where", ["settings", "values"])
def test_waves_with_a_health_check(tmp_path: Path, where: str) -> None:
    """The check of Applications may stand in `argocd-cm`, or in the values of Argo CD's chart."""
    key = "resource.customizations.health.argoproj.io_Application"
    stated = {
        "settings": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm, namespace: argocd}\n"
            f'data: {{{key}: "return {{}}"}}\n'
        ),
        "values": APPLICATION.format(
            name="argocd",
            meta="",
            more=f'  source: {{chart: argo-cd, helm: {{valuesObject: {{configs: {{cm: {{{key}: "x"}}}}}}}}}}\n',
        ).replace(
            "  source:\n    repoURL: https://git.example.com/argocd.git\n    path: argocd\n", ""
        ),
    }
    wave = "  annotations: {{argocd.argoproj.io/sync-wave: '{}'}}\n"
    texts = {"parent.yaml": APPLICATION.format(name="children", meta="", more="")}
    for number in range(2):
        texts[f"children/web-{number}.yaml"] = APPLICATION.format(
            name=f"web-{number}", meta=wave.format(number), more=""
        )
    assert len(lint(tmp_path / "without", texts, "AF322")) == 1
    assert not lint(tmp_path / "with", {**texts, "stated.yaml": stated[where]}, "AF322")
