"""Releases that edit what their chart renders, as kustomizations that inflate the chart.

kustomize:api/types/helmchartargs.go (fields), kustomize:api/krusty (order: charts, patches, labels,
images); the build needs ``--enable-helm`` (argo-cd:docs/user-guide/kustomize.md).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from argoflux.argocd.emit_kustomization import metadata_patch
from argoflux.mapping.draft import Trace
from argoflux.mapping.post_render import F2A_HR_028
from argoflux.mapping.revisions import spell
from argoflux.model.source import GitSource, HelmSource, OciSource
from argoflux.yamlio.dump import dump

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing
    from argoflux.model.render import Helm

FOLDER = "argocd"
_EXACT = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?")
_PATH = ("spec", "source", "path")
_SLOT = "part.render.helm"
_CARRIED = (
    "part.source.url",
    "part.path",
    "part.source.revision",
    *(
        f"{_SLOT}.{name}"
        for name in ("values", "release_name", "skip_crds", "labels", "annotations")
    ),
)


def put_post_rendered(work: Writing, render: Helm) -> bool:
    """Write a source that builds the edited chart; False where the release has no edits or cannot."""
    if not (render.post_renderers or render.labels or render.annotations):
        return False
    chart = _chart(work, render)
    home = _home(work)
    if isinstance(chart, str):
        work.facts["post_render_why"] = chart
        return False
    if home is None:
        why = "the repository that a kustomization with the edits would stand in is not known"
        work.facts["post_render_why"] = why
        return False
    folder = f"{FOLDER}/{work.draft.name}"
    file = f"{folder}/kustomization.yaml"
    text = dump(_kustomization(work, render, chart))
    if work.emission.repository_changes.setdefault(file, text) != text:
        work.facts["post_render_why"] = f"{file} is taken by another release of that name"
        return False
    _put_source(work, home, folder)
    work.facts["post_render_file"] = file
    if isinstance(work.facts.get("home"), GitSource):
        work.facts["fetched_from"] = work.facts["home"]
    written = work.request.options.to_folder
    how = "commit it from repo-changes.patch" if written else "convert with `-d DIR`, commit it"
    work.facts["post_render_how"] = how
    _say_order(work, render, file)
    return True


def _home(work: Writing) -> tuple[str, str] | None:
    """URL and revision of the repository in which the release stands."""
    home: Any = work.facts.get("home")
    if isinstance(home, GitSource) and home.url:
        return home.url, spell(home.revision)
    origin = work.request.origins.get(work.app.root)
    return (origin, work.request.options.default_branch) if origin else None


def _chart(work: Writing, render: Helm) -> dict[str, Any] | str:
    """What kustomize finds the chart by, or why it cannot."""
    source = work.part.source
    if isinstance(source, HelmSource):
        found = {"name": source.chart, "repo": source.url, "version": source.version}
    elif isinstance(source, OciSource):
        registry, _, name = source.url.rpartition("/")
        found = {"name": name, "repo": f"oci://{registry}", "version": source.revision.value}
    else:
        return "kustomize finds charts by name, and this one stands in Git"
    if not _EXACT.fullmatch(found["version"]):
        return "kustomize takes an exact version of the chart"
    if source.access.secret or source.access.certificate:
        return "kustomize has no credentials for the repository of the chart"
    if render.values_files:
        return "its values files stand in the chart"
    return found


def _kustomization(work: Writing, render: Helm, chart: dict[str, Any]) -> dict[str, Any]:
    inflated = {**chart, "releaseName": render.release_name}
    if work.app.destination.namespace:
        inflated["namespace"] = work.app.destination.namespace
    inflated["includeCRDs"] = not render.skip_crds
    if render.values:
        inflated["valuesInline"] = render.values
    out: dict[str, Any] = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "helmCharts": [inflated],
    }
    patches, images = (
        [item for renderer in render.post_renderers for item in renderer.get(name) or ()]
        for name in ("patches", "images")
    )
    if render.annotations:
        patches.append(metadata_patch({"annotations": dict(render.annotations)}))
    if patches:
        out["patches"] = patches
    if images:
        out["images"] = images
    if render.labels:
        out["labels"] = [{"pairs": dict(render.labels)}]
    return out


def _put_source(work: Writing, home: tuple[str, str], folder: str) -> None:
    """The folder of the kustomization, which carries everything that the release said of its chart."""
    draft = work.draft
    draft.put("spec.source.repoURL", home[0], origin="derived")
    draft.put("spec.source.targetRevision", home[1], origin="derived")
    draft.put(_PATH, folder, slot=f"{_SLOT}.post_renderers")
    draft.traces += [Trace(_PATH, slot, "derived") for slot in _CARRIED]


def _say_order(work: Writing, render: Helm, file: str) -> None:
    """Images of one post-renderer before patches of a later one."""
    seen = False
    for renderer in render.post_renderers:
        if seen and renderer.get("patches"):
            work.say(F2A_HR_028, file=file)
            return
        seen = seen or bool(renderer.get("images"))
