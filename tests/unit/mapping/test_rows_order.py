"""Waves and hooks on Applications, and what becomes of them with and without neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from argoflux.mapping.emission import ConvertOptions
from argoflux.text import path_text
from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

URL = "https://git.example.com/acme/fleet.git"
WAVE = "argocd.argoproj.io/sync-wave"
PATH = f"metadata.annotations['{WAVE}']"
HEALTH = """apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data: {resource.customizations.health.argoproj.io_Application: "return {}"}
"""


def child(name: str, wave: str = "", *, chart: bool = False, more: str = "") -> str:
    """An Application, with or without a wave; a chart of it becomes a HelmRelease."""
    noted = f', annotations: {{{WAVE}: "{wave}"{more}}}' if wave else ""
    tool = ", helm: {}" if chart else ", kustomize: {}"
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argocd{noted}}}\n"
        f"spec:\n  source: {{repoURL: '{URL}', targetRevision: main, path: {name}{tool}}}\n"
        "  destination: {name: in-cluster, namespace: shop}\n"
        "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n"
    )


ROOT = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
    "metadata: {name: root, namespace: argocd}\n"
    f"spec:\n  source: {{repoURL: '{URL}', targetRevision: main, path: apps}}\n"
    "  destination: {name: in-cluster, namespace: argocd}\n"
    "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n"
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Applications by file name, and the fate of the wave of one of them."""

    says: str
    apps: dict[str, str]
    of: str
    verdict: str
    code: str | None = None
    shown: str = ""
    folder: bool = False
    more: dict[str, str] = field(default_factory=dict)


A, B = child("a", "1"), child("b", "2")
ROWS = (
    Row(
        says="a wave that nothing is ordered with",
        apps={"a": A},
        of="a",
        verdict="equivalent",
        code="A2F-WAVE-010",
    ),
    Row(says="the default wave", apps={"a": child("a", "0"), "b": B}, of="a", verdict="exact"),
    Row(says="all in one wave", apps={"a": A, "b": child("b", "1")}, of="a", verdict="exact"),
    Row(
        says="the first wave waits for nothing", apps={"a": A, "b": B}, of="a", verdict="equivalent"
    ),
    Row(
        says="a later wave waits, which Argo CD did not",
        apps={"a": A, "b": B},
        of="b",
        verdict="approximate",
        code="A2F-WAVE-006",
        shown="wave 2 of Application/argocd/b became `dependsOn`",
    ),
    Row(
        says="a later wave waits, as Argo CD was told to",
        apps={"a": A, "b": B},
        more={"cm.yaml": HEALTH},
        of="b",
        verdict="equivalent",
    ),
    Row(
        says="a stated dependency wins",
        apps={
            "a": A,
            "b": child("b", "2", more=", argoflux.dev/depends-on: Kustomization/flux-system/a"),
        },
        of="b",
        verdict="equivalent",
    ),
    Row(
        says="different kinds without a parent",
        apps={"a": A, "b": child("b", "2", chart=True)},
        of="b",
        verdict="manual",
        code="A2F-WAVE-009",
        shown="different kinds",
    ),
    Row(
        says="more neighbours than dependencies can name",
        apps={**{f"a{n}": child(f"a{n}", "1") for n in range(21)}, "b": B},
        of="b",
        verdict="manual",
        code="A2F-WAVE-009",
        shown="more than 20",
    ),
    Row(
        says="different kinds under a parent, as a stream",
        apps={"a": A, "b": child("b", "2", chart=True)},
        more={"root/root.yaml": ROOT},
        of="b",
        verdict="manual",
        code="A2F-WAVE-009",
        shown="with -d",
    ),
    Row(
        says="different kinds under a parent, as a folder",
        apps={"a": A, "b": child("b", "2", chart=True)},
        more={"root/root.yaml": ROOT},
        folder=True,
        of="b",
        verdict="approximate",
        code="A2F-WAVE-006",
        shown="became a folder",
    ),
)


def convert_row(folder: Path, row: Row) -> Conversion:
    """Convert the Applications of a row, each from a file of its own."""
    texts = {f"apps/{name}.yaml": text for name, text in row.apps.items()}
    texts |= {f"{name}/kustomization.yaml": "" for name in row.apps}
    options = ConvertOptions(to_folder=row.folder, deploy_path="out")
    return convert_texts(
        folder, {**texts, **row.more}, "flux", options, sources=(f"{URL}={folder}",)
    )[1]


@pytest.mark.parametrize("row", ROWS, ids=[row.says for row in ROWS])
def test_wave_of_an_application(row: Row, tmp_path: Path) -> None:
    result = convert_row(tmp_path, row)
    assert result.findings == ()
    for message in result.messages:
        assert "…" not in message.text + message.instead, message.code
    entry = next(
        e
        for e in result.entries
        if not e.origin and e.resource.endswith(f"/{row.of}") and WAVE in e.path
    )
    assert (str(entry.verdict), entry.code) == (row.verdict, row.code)
    if row.code:
        texts = [m.text + m.instead for m in result.messages if m.code == row.code]
        assert any(row.shown in text for text in texts), texts


def test_the_wave_of_what_states_none_is_said(tmp_path: Path) -> None:
    """An Application without the annotation is in wave 0, and comes to wait for wave -1."""
    row = Row(says="", apps={"a": child("a", "-1"), "b": child("b")}, of="a", verdict="equivalent")
    result = convert_row(tmp_path, row)
    (message,) = [m for m in result.messages if m.code == "A2F-WAVE-006"]
    assert "0 (none is stated)" in message.text
    assert [path_text(place.path) for place in message.places] == ["spec"]


def test_projects_and_sets_have_no_order_of_their_own(tmp_path: Path) -> None:
    """Namespaces and rights are applied with the output itself."""
    project = (
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
        f'metadata: {{name: team, namespace: argocd, annotations: {{{WAVE}: "-3"}}}}\n'
        "spec: {sourceRepos: [x]}\n"
    )
    row = Row(says="", apps={"a": A}, of="a", verdict="", more={"project.yaml": project})
    entries = [
        e for e in convert_row(tmp_path, row).entries if WAVE in e.path and "Proj" in e.resource
    ]
    assert [str(entry.verdict) for entry in entries] == ["equivalent"]
