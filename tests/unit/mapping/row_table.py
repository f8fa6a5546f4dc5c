"""One line of a mapping table as a test: a small object in, the fate of one leaf out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from argoflux.mapping.emission import ConvertOptions
from argoflux.text import path_text
from tests.convert_run import ARGOCD, FLUX, convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion

URL = "https://git.example.com/acme/fleet.git"
MAIN = ("Kustomization", "HelmRelease", "Application")
EXACT, EQUIVALENT, APPROXIMATE = "exact", "equivalent", "approximate"
NONE, MANUAL, UNKNOWN = "none", "manual", "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one leaf becomes.

    ``text`` are the objects, ``files`` what else stands in their repository (its content is unknown
    without them). ``path`` is the leaf; empty for a message that belongs to no leaf. ``wrote`` are
    values of the new main object by path, None for a path that must be absent.
    """

    says: str
    text: str
    path: str
    verdict: str = ""
    code: str | None = None
    target: str = ""
    wrote: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    within: str = ""
    argocd: str = ARGOCD
    flux: str = FLUX
    options: dict[str, str] = field(default_factory=dict)

    def convert(self, folder: Path) -> Conversion:
        """Convert to the other system."""
        to: Any = "flux" if "argoproj.io" in self.text else "argocd"
        return convert_texts(
            folder,
            {"objects.yaml": self.text, **self.files},
            to,
            ConvertOptions(**self.options),  # type: ignore[arg-type]  # text options only
            sources=(f"{URL}=.",) if self.files else (),
            argocd=self.argocd,
            flux=self.flux,
        )[1]


def each(rows: tuple[Row, ...]) -> pytest.MarkDecorator:
    """Parametrize a test with rows."""
    return pytest.mark.parametrize("row", rows, ids=[row.says for row in rows])


def check(row: Row, folder: Path) -> None:
    """Compare verdict, code, targets and what was written; every placeholder must be filled."""
    result = row.convert(folder)
    assert result.findings == ()
    for message in result.messages:
        assert "…" not in message.text + message.instead, message.code
        assert "None" not in message.text + message.instead, message.text
    if row.path:
        entry = next(
            e
            for e in result.entries
            if not e.origin and path_text(e.path) == row.path and row.within in e.resource
        )
        assert (str(entry.verdict), entry.code) == (row.verdict, row.code)
        paths = [target.path for target in entry.targets]
        assert not row.target or row.target in paths, paths
    if row.code:
        found = [message for message in result.messages if message.code == row.code]
        assert found, [message.code for message in result.messages]
        assert row.path or str(found[0].verdict) == row.verdict
    main = next((d.body for d in result.documents if d.body["kind"] in MAIN), None)
    for path, value in row.wrote.items():
        assert value_at(main, path) == value, path


def value_at(body: Any, path: str) -> Any:
    """The value at a dotted path, None when it is absent."""
    for key in path.split("."):
        if isinstance(body, list):
            body = body[int(key)] if int(key) < len(body) else None
        else:
            body = body.get(key) if isinstance(body, dict) else None
    return body


def application(spec: str = "", metadata: str = "", *, helm: bool = False) -> str:
    """An Application with a destination; lines of ``spec`` and ``metadata`` as they are."""
    source = "{repoURL: %s, targetRevision: main, path: app%s}"
    filled = source % (URL, ", helm: {releaseName: app}" if helm else "")
    local = "destination: {name: in-cluster, namespace: shop}"
    destination = "" if "destination:" in spec else local
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata:\n  name: app\n  namespace: argocd\n{_lines(metadata)}"
        f"spec:\n  source: {filled}\n{_lines(destination)}{_lines(spec)}"
    )


def policy(spec: str, metadata: str = "", *, helm: bool = False) -> str:
    """An Application with a sync policy: automated, unless the text says otherwise."""
    stated = "" if "automated" in spec else "automated: {prune: true, selfHeal: true}\n"
    inner = "".join(f"  {line}\n" for line in (stated + spec).splitlines())
    return application(f"syncPolicy:\n{inner}", metadata, helm=helm)


REPOSITORY = f"""apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: fleet, namespace: flux-system}}
spec: {{interval: 5m, url: "{URL}", ref: {{branch: main}}}}
---
"""


def kustomization(spec: str = "", metadata: str = "") -> str:
    """A Kustomization with its GitRepository."""
    prune = "" if "prune:" in spec else "prune: true"
    interval = "" if "\ninterval:" in f"\n{spec}" else "interval: 10m"
    return (
        f"{REPOSITORY}apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata:\n  name: app\n  namespace: flux-system\n{_lines(metadata)}"
        "spec:\n  path: ./app\n  sourceRef: {kind: GitRepository, name: fleet}\n"
        f"{_lines(interval)}{_lines(prune)}{_lines(spec)}"
    )


def release(spec: str = "", metadata: str = "") -> str:
    """A HelmRelease whose chart stands in its GitRepository."""
    chart = "{spec: {chart: ./app, sourceRef: {kind: GitRepository, name: fleet, namespace: %s}}}"
    return (
        f"{REPOSITORY}apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        f"metadata:\n  name: app\n  namespace: shop\n{_lines(metadata)}"
        f"spec:\n  interval: 10m\n  chart: {chart % 'flux-system'}\n{_lines(spec)}"
    )


def _lines(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


CHART = {"app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n"}


def manifest(kind: str, name: str, namespace: str = "", api: str = "v1", more: str = "") -> str:
    """One object of the repository."""
    where = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}{where}}}\n{more}"


BUILD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [all.yaml]\n"


def build(*manifests: str) -> dict[str, str]:
    """A kustomize build at ``app``."""
    return {"app/kustomization.yaml": BUILD, "app/all.yaml": "---\n".join(manifests)}
