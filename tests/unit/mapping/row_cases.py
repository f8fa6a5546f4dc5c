"""Small inputs with the verdict of one leaf: what the tests of the concept rows are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from argoflux.convert.convert import convert
from argoflux.convert.request import request_for
from argoflux.mapping.emission import ConvertOptions
from argoflux.text import path_text
from argoflux.workspace.read import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from argoflux.convert.result import Conversion, Entry
    from argoflux.mapping.concept import System

ABSENT = "…"
"""What a message shows where a fact is missing."""

URL = "https://git.example.com/acme/shop.git"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: web}
spec: {template: {spec: {containers: [{name: api, image: api}]}}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: api, namespace: web}
"""
CHART = "apiVersion: v2\nname: api\nversion: 1.0.0\n"
BUILD = "resources: [deployment.yaml]\n"
KUSTOMIZED: Mapping[str, str] = {"app/kustomization.yaml": BUILD, "app/deployment.yaml": DEPLOYMENT}
PLAIN: Mapping[str, str] = {"app/deployment.yaml": DEPLOYMENT}
CHARTED: Mapping[str, str] = {"app/Chart.yaml": CHART, "app/values.yaml": "a: 1\n"}


def application(
    source: str = "", *, metadata: str = "", spec: str = "", name: str = "shop", url: str = URL
) -> str:
    """An Application; ``source``, ``metadata`` and ``spec`` are flow items that are added."""
    stated = f"repoURL: '{url}', path: app" + (f", {source}" if source else "")
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd{_more(metadata)}}}
spec: {{
  project: default,
  destination: {{server: https://kubernetes.default.svc, namespace: web}},
  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}},
  source: {{{stated}}}{_more(spec)} }}
---
"""


def git_repository(
    spec: str = "", *, metadata: str = "", url: str = URL, ref: str = "branch: main", more: str = ""
) -> str:
    """A GitRepository called shop."""
    stated = f", ref: {{{ref}}}" if ref else ""
    return f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: shop, namespace: flux-system{_more(metadata)}}}
spec: {{interval: 5m, url: '{url}'{stated}{_more(spec)}}}
{more}
---
"""


def kustomization(
    spec: str = "",
    *,
    metadata: str = "",
    name: str = "shop",
    path: str = "./app",
    api: str = "v1",
    source: str | None = None,
) -> str:
    """A Kustomization of ./app with its GitRepository."""
    text = f"""\
apiVersion: kustomize.toolkit.fluxcd.io/{api}
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system{_more(metadata)}}}
spec: {{interval: 10m, prune: true, path: {path}, sourceRef: {{kind: GitRepository, name: shop}}{_more(spec)}}}
---
"""
    return text + (git_repository() if source is None else source)


def release(spec: str = "", *, chart: str = "", source: str | None = None) -> str:
    """A HelmRelease of the chart in ./app with its GitRepository."""
    reference = "sourceRef: {kind: GitRepository, name: shop}"
    text = f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: shop, namespace: flux-system}}
spec: {{
  interval: 10m,
  chart: {{spec: {{chart: ./app, {reference}{_more(chart)}}}}}{_more(spec)} }}
---
"""
    return text + (git_repository() if source is None else source)


def _more(items: str) -> str:
    return f", {items}" if items else ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One leaf of an input and its fate.

    ``path`` is the leaf; without it only the message of ``code`` is asked for. ``targets`` are the
    paths of the output that carry the value, None when they do not matter. ``shown`` is a part of
    the message, ``resource`` the object of the leaf where more than one has it.
    """

    id: str
    text: str
    path: str = ""
    verdict: str = "exact"
    code: str | None = None
    targets: tuple[str, ...] | None = None
    shown: str = ""
    resource: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    argocd: str = "3.5"
    flux: str = "2.9"
    options: ConvertOptions = field(default_factory=ConvertOptions)

    @property
    def to(self) -> System:
        """The system that the text is not written for."""
        return "flux" if "argoproj.io/" in self.text.split("\n", 1)[0] else "argocd"


def run(folder: Path, row: Row) -> Conversion:
    """Convert the input of a row, with its files beside it."""
    for name, text in {**row.files, "deploy/objects.yaml": row.text}.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    workspace = read([str(folder)], cwd=str(folder))
    request = request_for(workspace, row.to, row.options, argocd=row.argocd, flux=row.flux)
    return convert(workspace.resources, request)


def check(folder: Path, row: Row) -> None:
    """Convert, and compare the leaf, its message and all texts with what the row says."""
    conversion = run(folder, row)
    for message in conversion.messages:
        assert ABSENT not in message.text + message.instead, message
    assert not conversion.findings
    if row.path:
        entry = leaf(conversion, row.path, row.resource)
        assert (entry.verdict.value, entry.code) == (row.verdict, row.code)
        if row.targets is not None:
            assert tuple(dict.fromkeys(t.path for t in entry.targets)) == row.targets
    if row.code is not None:
        texts = [m.text + "\n" + m.instead for m in conversion.messages if m.code == row.code]
        assert any(row.shown in text for text in texts), texts


def leaf(conversion: Conversion, path: str, resource: str = "") -> Entry:
    """The entry of one input leaf."""
    stated = [entry for entry in conversion.entries if not entry.origin]
    found = [e for e in stated if path_text(e.path) == path and resource in e.resource]
    assert found, [f"{entry.resource} {path_text(entry.path)}" for entry in stated]
    return found[0]


def ids(rows: list[Row]) -> pytest.MarkDecorator:
    """The rows with their names as parameters of a test."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in rows])
