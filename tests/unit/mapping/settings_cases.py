"""An installation in one text: an Application, and ConfigMaps with the keys of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argoflux.mapping.emission import ConvertOptions
from tests.convert_run import ARGOCD, FLUX, convert_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from argoflux.convert.result import Conversion, Entry

URL = "https://git.example.com/acme/shop.git"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: web}
spec: {template: {spec: {containers: [{name: api, image: api}]}}}
"""


def application(name: str = "shop", *, path: str = "app", spec: str = "", url: str = URL) -> str:
    """An Application that is synced automatically."""
    return f"""\
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  destination: {{server: https://kubernetes.default.svc, namespace: web}}
  syncPolicy: {{automated: {{prune: true, selfHeal: true}}}}
  source: {{repoURL: '{url}', path: {path}, targetRevision: main}}
{spec}
"""


def config_map(name: str, data: Mapping[str, str]) -> str:
    """A ConfigMap of Argo CD; values are texts."""
    lines = "".join(
        f"  {key}: |\n" + "".join(f"    {line}\n" for line in value.splitlines())
        if "\n" in value
        else f"  {key}: '{value}'\n"
        for key, value in data.items()
    )
    return (
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: argocd}}\n"
        f"data:\n{lines}"
    )


def convert(
    folder: Path,
    settings: Mapping[str, str],
    objects: str | None = DEPLOYMENT,
    *,
    name: str = "argocd-cm",
    apps: str = "",
    argocd: str = ARGOCD,
    flux: str = FLUX,
    to_folder: bool = False,
) -> Conversion:
    """Convert an app with its settings; ``objects`` None: what the app deploys is not known."""
    texts = {
        "objects.yaml": (apps or application()) + (config_map(name, settings) if settings else "")
    }
    if objects is not None:
        texts["app/all.yaml"] = objects
    sources = (f"{URL}=.",) if objects is not None else ()
    options = ConvertOptions(to_folder=to_folder)
    return convert_texts(folder, texts, "flux", options, sources=sources, argocd=argocd, flux=flux)[
        1
    ]


def leaf(conversion: Conversion, key: str) -> Entry:
    """The entry of a key of a ConfigMap."""
    return next(e for e in conversion.entries if not e.origin and e.path[-1:] == (key,))


def said(conversion: Conversion, code: str) -> str:
    """The text and remedy of a message, all of its code in one."""
    found = [f"{m.text}; {m.instead}" for m in conversion.messages if m.code == code]
    assert not any("…" in text or "None" in text for text in found), found
    return "\n".join(found)


def applier(conversion: Conversion, name: str = "shop") -> dict[str, object]:
    """The spec of the Kustomization or HelmRelease of an app."""
    return next(
        document.body["spec"]
        for document in conversion.documents
        if document.body["kind"] in {"Kustomization", "HelmRelease"}
        and document.body["metadata"]["name"] == name
    )
