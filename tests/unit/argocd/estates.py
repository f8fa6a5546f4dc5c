"""Small Flux estates on disk, converted to Argo CD in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.convert.convert import convert
from argoflux.convert.request import request_for
from argoflux.mapping.emission import ConvertOptions
from argoflux.workspace.read import read

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion
    from argoflux.mapping.emission import Loaded

GIT = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 5m, url: "https://git.example.com/acme/fleet.git", ref: {branch: main}}
---
"""
KUSTOMIZATION = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./app, sourceRef: {kind: GitRepository, name: fleet}%s}
---
"""
RELEASE = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: app, namespace: shop}
spec:
  interval: 15m
  chart: {spec: {chart: ./charts/app, sourceRef: {kind: GitRepository, name: fleet, namespace: flux-system}}}
%s
---
"""
URL = "https://git.example.com/acme/fleet.git"


def manifest(kind: str, name: str, namespace: str = "", api: str = "v1", more: str = "") -> str:
    """One object as YAML."""
    where = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}{where}}}\n{more}\n---\n"


def kustomization(*resources: str) -> str:
    """A kustomization file."""
    listed = "".join(f"\n  - {name}" for name in resources)
    return f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:{listed}\n"


@dataclass(frozen=True)
class Result:
    """A conversion with shortcuts."""

    conversion: Conversion

    def app(self, name: str = "app") -> Any:
        """The body of one Application."""
        return self.bodies("Application")[name]

    def bodies(self, kind: str) -> dict[str, Any]:
        """The new documents of a kind, by name."""
        found: dict[str, Any] = {}
        for document in self.conversion.documents:
            body: Any = document.body
            if body["kind"] == kind:
                found[body["metadata"]["name"]] = body
        return found

    @property
    def codes(self) -> set[str]:
        """Codes of all messages."""
        return {message.code for message in self.conversion.messages}

    def text(self, code: str) -> str:
        """The texts of a code's messages."""
        return "\n".join(m.text for m in self.conversion.messages if m.code == code)

    def verdict(
        self, path: str, resource: str = "Kustomization/flux-system/app"
    ) -> tuple[str, Any]:
        """Verdict and code of one input leaf."""
        from argoflux.text import path_text

        for entry in self.conversion.entries:
            if entry.resource == resource and path_text(entry.path) == path and not entry.origin:
                return str(entry.verdict), entry.code
        raise AssertionError(f"no entry for {path} of {resource}")

    def outcome(self, resource: str) -> tuple[str, str]:
        """What became of an object, and why."""
        return next(
            (o.outcome, o.reason)
            for o in self.conversion.outcomes
            if str(o.resource.ref) == resource
        )


def write(folder: Path, files: dict[str, str]) -> None:
    """Put files into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def flux_to_argocd(
    folder: Path,
    files: dict[str, str],
    *,
    argocd: str = "3.5",
    flux: str = "2.9",
    sources: tuple[str, ...] = (f"{URL}=.",),
    **options: Any,
) -> Result:
    """Convert a folder; by default it is the copy of the repository ``fleet``."""
    write(folder, files)
    workspace = read((".",), cwd=str(folder), sources=sources)
    request = request_for(workspace, "argocd", ConvertOptions(**options), argocd=argocd, flux=flux)
    result = convert(workspace.resources, request)
    assert result.findings == ()
    return Result(result)


def load_flux(folder: Path, files: dict[str, str], **options: Any) -> Loaded:
    """Only load a folder."""
    from argoflux.flux.load import load

    write(folder, files)
    workspace = read((".",), cwd=str(folder), sources=(f"{URL}=.",))
    request = request_for(workspace, "argocd", ConvertOptions(**options), argocd="3.5", flux="2.9")
    return load(workspace.resources, request)
