"""Kustomization files of kustomize, as written."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from argoflux.finding import Finding, Place
from argoflux.model.content import Gap
from argoflux.workspace.tree import KUSTOMIZATION_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from argoflux.text import Path
    from argoflux.workspace.tree import Tree
    from argoflux.yamlio.tree import Document

GROUP = "kustomize.config.k8s.io"
COMPONENT = "Component"

NOT_FOLLOWED = {
    "configurations": "transformer configurations",
    "generators": "generator plugins",
    "helmChartInflationGenerator": "Helm charts",
    "helmCharts": "Helm charts",
    "openapi": "an OpenAPI schema",
    "transformers": "transformer plugins",
    "validators": "validator plugins",
    "vars": "vars",
}
"""Fields whose effect is not computed, with what they bring."""

FIELDS = frozenset(
    {
        *("apiVersion", "kind", "metadata", "resources", "bases", "components", "crds"),
        *("namePrefix", "nameSuffix", "namespace", "commonLabels", "labels", "commonAnnotations"),
        *("patches", "patchesStrategicMerge", "patchesJson6902", "images", "imageTags", "replicas"),
        *("configMapGenerator", "secretGenerator", "generatorOptions", "helmGlobals"),
        *("buildMetadata", "sortOptions", "replacements", *NOT_FOLLOWED),
    }
)
"""Every field of a kustomization file: kubernetes-sigs/kustomize:api/types/kustomization.go."""

EDITING = frozenset({"transformers", "vars", "configurations", "openapi"})
"""Those of them that change objects rather than add some."""

_REMOTE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|git::|git@|ssh://|[\w.-]+@[\w.-]+:"
    r"|(?:github\.com|gitlab\.com|bitbucket\.org|dev\.azure\.com)[/:])",
    re.IGNORECASE,
)


class Listed(NamedTuple):
    """An entry of a list in a kustomization file, with its path in the file."""

    value: Any
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KustomizationFile:
    """One parsed kustomization file; ``path`` and ``directory`` are absolute.

    ``body`` may hold more than the file says: what a controller adds before it builds.
    """

    path: str
    directory: str
    document: Document
    body: Mapping[str, Any]

    @property
    def component(self) -> bool:
        """Whether it is a component rather than a kustomization."""
        return self.body.get("kind") == COMPONENT

    def place(self, path: Path = ()) -> Place:
        """The place of a value in the file."""
        return Place(source=self.document.source, document=self.document, path=path)

    def entries(self, *fields: str) -> Iterator[Listed]:
        """The items of list fields, one after the other."""
        for field in fields:
            found = self.body.get(field)
            if isinstance(found, list):
                for index, value in enumerate(found):
                    yield Listed(value, (field, index))

    def text(self, field: str) -> str:
        """A text field, empty when absent."""
        value = self.body.get(field)
        return value if isinstance(value, str) else ""

    def mapping(self, field: str) -> Mapping[str, Any]:
        """A mapping field, empty when absent."""
        value = self.body.get(field)
        return value if isinstance(value, dict) else {}


def is_remote(text: str) -> bool:
    """Whether a resource or base is fetched from elsewhere rather than read from the tree.

    kubernetes-sigs/kustomize:api/internal/git/repospec.go NewRepoSpecFromURL.
    """
    return _REMOTE.match(text) is not None


def read_kustomization(tree: Tree, directory: str) -> KustomizationFile | Gap:
    """Read the kustomization file of a directory; a Gap says why that is not possible."""
    listing = tree.listing(directory)
    names = [
        name for name in KUSTOMIZATION_NAMES if listing and tree.is_file(_join(directory, name))
    ]
    shown = tree.display(directory)
    if not names:
        return Gap(reason=f"`{shown}` has no kustomization file")
    if len(names) > 1:
        return Gap(reason=f"`{shown}` has several kustomization files: {', '.join(names)}")
    path = _join(directory, names[0])
    loaded = tree.load(path, "sigs")  # kustomize:api/types/kustomization.go Unmarshal
    if isinstance(loaded, Finding):
        return Gap(reason=loaded.message, place=loaded.place)
    documents = [document for document in loaded.documents if document.body is not None]
    if not documents:
        broken = next(iter(loaded.findings), None)
        reason = broken.message if broken else f"`{tree.display(path)}` is empty"
        return Gap(reason=reason, place=broken.place if broken else None)
    document = documents[0]
    if not isinstance(document.body, dict):
        place = Place(source=document.source, document=document)
        return Gap(reason="the kustomization file is not a mapping", place=place)
    return KustomizationFile(path=path, directory=directory, document=document, body=document.body)


def patch_files(file: KustomizationFile) -> Iterator[str]:
    """Absolute paths of the files that a kustomization file uses as patches."""
    for value, _ in file.entries("patches", "patchesJson6902"):
        path = value.get("path") if isinstance(value, dict) else value
        if isinstance(path, str) and path and "\n" not in path:
            yield os.path.normpath(_join(file.directory, path))
    for value, _ in file.entries("patchesStrategicMerge"):
        if isinstance(value, str) and value and "\n" not in value:
            yield os.path.normpath(_join(file.directory, value))


def resource_paths(file: KustomizationFile) -> Iterator[str]:
    """Absolute paths of the local files and directories that a kustomization file loads."""
    for value, _ in file.entries("resources", "bases", "components", "crds"):
        if isinstance(value, str) and value and not is_remote(value):
            yield os.path.normpath(_join(file.directory, value))


def with_edits(file: KustomizationFile, edits: Mapping[str, Any]) -> KustomizationFile:
    """The kustomization with fields that a controller adds: lists grow, the rest is replaced.

    Images of the same name are replaced (fluxcd/pkg:kustomize/kustomize_generator.go WriteFile).
    """
    body = dict(file.body)
    for field, value in edits.items():
        old = body.get(field)
        if field == "images" and isinstance(old, list):
            names = {image.get("name") for image in value}
            kept = [i for i in old if not (isinstance(i, dict) and i.get("name") in names)]
            body[field] = [*kept, *value]
        elif isinstance(value, list) and isinstance(old, list):
            body[field] = [*old, *value]
        else:
            body[field] = value
    return KustomizationFile(
        path=file.path, directory=file.directory, document=file.document, body=body
    )


def _join(directory: str, name: str) -> str:
    return os.path.join(directory, name)
