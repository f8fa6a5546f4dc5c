"""How the path of a Kustomization is rendered by Argo CD: what Flux builds, with Argo CD's rules.

Facts: fluxcd/pkg:kustomize/kustomize_generator.go, argo-cd:reposerver/repository/repository.go
GetAppSourceType and getPotentiallyValidManifests, argo-cd:util/kustomize/kustomize.go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from argoflux.mapping.yields import split
from argoflux.model.content import Known
from argoflux.yamlio.dump import dump_documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.model.content import Content, ContentObject

Mode = Literal["auto", "kustomize", "generated", "directory", "empty"]

KUSTOMIZATION = "kustomization.yaml"
FLUX_FILES = "{*.yaml,*.yml}"
"""The files that Flux reads from a plain directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPlan:
    """The decision for one path.

    ``auto``: nothing is known, Argo CD finds the tool itself. ``kustomize``: there is a
    kustomization file. ``generated``: the one that Flux makes up has to be committed. ``directory``:
    plain manifests, read one by one. ``empty``: the path renders nothing.
    ``drop`` are the Flux objects that must not be applied, ``sealed`` encrypted ones: by delete
    patches, in directory mode by leaving out their files ``drop_files`` (relative to the path).
    """

    mode: Mode
    drop: tuple[ContentObject, ...] = ()
    sealed: tuple[ContentObject, ...] = ()
    drop_files: tuple[str, ...] = ()

    @property
    def drop_groups(self) -> tuple[str, ...]:
        """The API groups of the dropped objects, sorted."""
        return tuple(sorted({obj.ref.group for obj in self.drop}))


def plan_path(
    content: Content, *, edited: bool, sealed: tuple[ContentObject, ...] = ()
) -> PathPlan:
    """Choose how a path is rendered.

    ``content`` is the path without the edits of its Kustomization, ``edited`` whether there are any;
    ``sealed`` are its encrypted objects.
    """
    if not isinstance(content, Known):
        return PathPlan(mode="kustomize" if edited else "auto")
    yields = split(content)
    if content.complete and not content.objects:
        return PathPlan(mode="empty")
    plan = PathPlan(mode="kustomize", drop=yields.flux, sealed=sealed)
    if content.facts.kustomization:
        return plan
    withheld = (*yields.flux, *sealed)
    if edited or content.facts.nested_kustomizations or not _apart(content, withheld):
        return replace(plan, mode="generated")
    files = sorted({relative(content, obj.file) for obj in withheld})
    return replace(plan, mode="directory", drop_files=tuple(files))


def _apart(content: Known, withheld: Sequence[ContentObject]) -> bool:
    """Whether no file holds objects that must not be applied beside others."""
    files = {obj.file for obj in withheld}
    return not any(obj.file in files for obj in content.objects if obj not in withheld)


def relative(content: Known, file: str) -> str:
    """A display path of a file below the content's directory, relative to that directory."""
    directory = content.directory.rstrip("/")
    if directory in {"", "."}:
        return file.removeprefix("./")
    return file.removeprefix(f"{directory}/")


def flux_kustomization(content: Known) -> str:
    """The kustomization file that Flux generates for a plain directory.

    Depth first in lexical order; a directory with a kustomization file of its own is one resource.
    """
    nested = [relative(content, directory) for directory in content.facts.nested_kustomizations]
    files = [relative(content, file) for file in content.files]
    own = [file for file in files if not _is_below(file, nested)]
    entries = sorted({*nested, *own}, key=lambda path: path.split("/"))
    body = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [f"./{path}" for path in entries],
    }
    return dump_documents([body])


def _is_below(file: str, directories: Iterable[str]) -> bool:
    return any(file.startswith(f"{directory}/") for directory in directories)
