"""One Application over a path of made-up objects: which Kustomizations apply which of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.convert_run import convert_texts

if TYPE_CHECKING:
    from pathlib import Path

    from argoflux.convert.result import Conversion
    from argoflux.mapping.emission import ConvertOptions

URL = "https://git.example.com/acme/fleet.git"
WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
_API = {
    "ConfigMap": "v1",
    "Secret": "v1",
    "Namespace": "v1",
    "Pod": "v1",
    "Job": "batch/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "StorageClass": "storage.k8s.io/v1",
}


def obj(kind: str, name: str, more: str = "", **annotations: str) -> str:
    """One object; annotations by the last word of their key (``sync_wave="1"``)."""
    stated = {
        f"{'helm.sh' if key.startswith('helm_') else 'argocd.argoproj.io'}"
        f"/{key.removeprefix('helm_').replace('_', '-')}": value
        for key, value in annotations.items()
    }
    noted = ", ".join(f'{key}: "{value}"' for key, value in stated.items())
    metadata = f"{{name: {name}" + (f", annotations: {{{noted}}}" if noted else "") + "}"
    return f"apiVersion: {_API.get(kind, 'apps/v1')}\nkind: {kind}\nmetadata: {metadata}\n{more}"


def app(name: str = "app", *, source: str = "", policy: str = "", metadata: str = "") -> str:
    """An Application of the path ``app`` that is synced and pruned automatically."""
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argocd{metadata}}}\n"
        "spec:\n"
        f"  source: {{repoURL: '{URL}', targetRevision: main, path: app{source}}}\n"
        "  destination: {name: in-cluster, namespace: shop}\n"
        f"  syncPolicy: {{automated: {{prune: true, selfHeal: true}}{policy}}}\n"
    )


@dataclass(frozen=True)
class Made:
    """A conversion, by the names of its Kustomizations."""

    result: Conversion
    specs: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def codes(self) -> set[str]:
        return {message.code for message in self.result.messages}

    def text(self, code: str) -> str:
        return next(m.text for m in self.result.messages if m.code == code)

    def deletes(self, name: str) -> list[dict[str, str]]:
        """The targets of the delete patches of one Kustomization."""
        return [
            patch["target"]
            for patch in self.specs[name].get("patches", ())
            if "$patch: delete" in patch["patch"]
        ]

    def selectors(self, name: str) -> list[str]:
        return [target.get("annotationSelector", "") for target in self.deletes(name)]

    def forced(self, name: str) -> list[dict[str, str]]:
        return [
            patch["target"]
            for patch in self.specs[name].get("patches", ())
            if "~1force" in patch["patch"]
        ]

    def after(self, name: str) -> list[str]:
        return [item["name"] for item in self.specs[name].get("dependsOn", ())]


def made(
    folder: Path,
    *objects: str,
    texts: dict[str, str] | None = None,
    application: str = "",
    options: ConvertOptions | None = None,
) -> Made:
    """Convert an Application over these objects; ``texts`` are further files."""
    files = {"apps/app.yaml": application or app(), **(texts or {})}
    if objects:
        files["app/all.yaml"] = "---\n".join(objects)
    _, result = convert_texts(folder, files, "flux", options, sources=(f"{URL}={folder}",))
    specs: dict[str, dict[str, Any]] = {}
    for document in result.documents:
        body: Any = document.body
        if body["kind"] == "Kustomization":
            specs[body["metadata"]["name"]] = body["spec"]
    return Made(result, specs)
