"""Variables that kustomize copies into objects: a kustomization over the path, and a ConfigMap.

The kustomization stands in the repository of the path and builds it as it is, so nothing that Flux
reads is changed; the ConfigMap is local to the build (kustomize:api/konfig/general.go
IgnoredByKustomizeAnnotation, api/krusty/kustomizer.go).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from argoflux.mapping.draft import Trace
from argoflux.mapping.variables import F2A_SUB_012, F2A_SUB_014
from argoflux.model.source import GitSource
from argoflux.yamlio.dump import dump_documents

if TYPE_CHECKING:
    from argoflux.argocd.writing import Writing
    from argoflux.text import Path

FOLDER = "argocd"
VARIABLES = "variables.yaml"
_KUSTOMIZATION = "kustomization.yaml"
_PATH: Path = ("spec", "source", "path")
_SLOT = "part.render.variables"


def plan_replacements(work: Writing) -> bool:
    """Whether the variables of the path are copied by kustomize; says why they are not."""
    rendering = work.facts.get("rendering")
    if work.request.options.substitution != "replacements":
        return False
    if rendering is None or rendering.outcome != "filled":
        return False
    why = rendering.copies.obstacle
    if not why and not isinstance(work.part.source, GitSource):
        why = "the source is no Git repository, in which a kustomization could stand"
    if not why and _holds(work.part.path, _folder(work)):
        why = f"`{work.part.path}` is above the folder of the kustomization that would build it"
    taken = work.emission.repository_changes.keys() & {f"{_folder(work)}/{_KUSTOMIZATION}"}
    if not why and taken:
        why = f"{taken.pop()} is taken by another app of that name"
    if why:
        work.say(F2A_SUB_014, why=why)
    return not why


def put_replacements(work: Writing) -> None:
    """Point the Application at a kustomization over its path, which is added to the repository."""
    rendering = work.facts["rendering"]
    folder = _folder(work)
    above = posixpath.relpath(posixpath.normpath(work.part.path or "."), folder)
    name = f"{work.draft.name}-variables"
    copies = sorted(rendering.copies.places, key=lambda copy: copy.variable)
    values = {copy.variable: str(rendering.values[copy.variable]) for copy in copies}
    changes = work.emission.repository_changes
    changes[f"{folder}/{_KUSTOMIZATION}"] = dump_documents([_kustomization(above, name, copies)])
    changes[f"{folder}/{VARIABLES}"] = dump_documents([_config_map(name, values)])
    work.draft.put(_PATH, folder, slot="part.path")
    work.draft.traces.append(Trace(_PATH, _SLOT, "derived"))
    if work.refresh_paths:
        work.refresh_paths.append(f"/{folder}")
    work.facts["variables_copied"] = frozenset(values)
    work.facts["variables_file"] = f"{folder}/{VARIABLES}"
    written = work.request.options.to_folder
    how = "commit it from repo-changes.patch" if written else "convert with `-d DIR`, commit it"
    work.say(F2A_SUB_012, folder=folder, how=how)


def _holds(path: str, folder: str) -> bool:
    """kustomize:internal/loader/fileloader.go: no kustomization builds a folder above its own."""
    directory = posixpath.normpath(path or ".")
    return directory == "." or folder.startswith(f"{directory}/")


def _folder(work: Writing) -> str:
    return f"{FOLDER}/{work.draft.name}"


def _kustomization(resource: str, name: str, copies: list[Any]) -> dict[str, Any]:
    """One replacement for each variable, with one target for each object."""
    targets: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for copy in copies:
        ref = copy.ref
        fields = targets.setdefault(copy.variable, {})
        fields.setdefault((ref.group, ref.kind, ref.name), []).append(field_path(copy.path))
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [resource, VARIABLES],
        "replacements": [
            {
                "source": {"kind": "ConfigMap", "name": name, "fieldPath": f"data.{variable}"},
                "targets": [
                    {"select": _select(*key), "fieldPaths": paths} for key, paths in objects.items()
                ],
            }
            for variable, objects in targets.items()
        ],
    }


def _select(group: str, kind: str, name: str) -> dict[str, str]:
    return {**({"group": group} if group else {}), "kind": kind, "name": name}


def field_path(path: Path) -> str:
    """A path as kustomize reads it: steps between dots, a dot inside of one after a backslash."""
    return ".".join(str(step).replace(".", "\\.") for step in path)


def _config_map(name: str, values: dict[str, str]) -> dict[str, Any]:
    annotations = {"config.kubernetes.io/local-config": "true"}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "annotations": annotations},
        "data": values,
    }
