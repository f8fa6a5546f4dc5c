"""Which files of a repository reach Flux's artifact: ``.sourceignore`` and the default exclusions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from argoflux.text import SourceFile
from argoflux.workspace.ignore import Patterns

if TYPE_CHECKING:
    from argoflux.workspace.tree import Tree

SOURCE_IGNORE = ".sourceignore"

# fluxcd/pkg:sourceignore/sourceignore.go ExcludeVCS, ExcludeExt, ExcludeCI, ExcludeExtra
_VCS = (".git/", ".gitignore", ".gitmodules", ".gitattributes")
_DEFAULT = (
    *("*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz", "*.zip"),
    *(".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml"),
    *("cloudbuild.yaml", "codeship-services.yml", "codeship-steps.yml"),
    *("**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml"),
)


class Artifact:
    """The files of a repository that source-controller keeps.

    ``directory`` is the absolute root of the repository, ``ignore`` the text of ``spec.ignore``.
    The last pattern that speaks of a file decides
    (source-controller:internal/controller/gitrepository_controller.go).
    """

    __slots__ = ("_layers", "directory", "ignore_files")

    def __init__(self, tree: Tree, directory: str, ignore: str | None = None) -> None:
        self.directory = directory
        self.ignore_files = tuple(_ignore_files(tree, directory))
        own: list[tuple[str, Patterns]] = []
        for path in self.ignore_files:
            source = tree.read(path)
            patterns = Patterns(source.text) if isinstance(source, SourceFile) else None
            if patterns:
                own.append((os.path.dirname(path), patterns))
        if ignore is not None:
            own.append((directory, Patterns(ignore)))
        defaults = _VCS if own else (*_VCS, *_DEFAULT)
        self._layers = [(directory, Patterns("\n".join(defaults))), *own]

    def leaves_out(self, path: str) -> bool:
        """Whether an absolute file path is excluded."""
        for directory, patterns in reversed(self._layers):
            prefix = directory.rstrip(os.sep) + os.sep
            if not path.startswith(prefix):
                continue
            verdict = patterns.ignores(path[len(prefix) :].replace(os.sep, "/"))
            if verdict is not None:
                return verdict
        return False


def artifact_of(tree: Tree, directory: str, ignore: str | None = None) -> Artifact:
    """The artifact of a repository, remembered: finding its ignore files takes a walk."""
    key = ("artifact", directory, ignore)
    known: Artifact | None = tree.memory.get(key)
    if known is None:
        known = tree.memory[key] = Artifact(tree, directory, ignore)
    return known


def _ignore_files(tree: Tree, directory: str) -> list[str]:
    found = [
        os.path.join(folder, SOURCE_IGNORE)
        for folder in tree.directories_below(directory)
        if (listing := tree.listing(folder)) and SOURCE_IGNORE in listing.files
    ]
    return sorted(found)
