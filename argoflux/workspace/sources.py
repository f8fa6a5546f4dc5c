"""Which local directory holds the content of a repository URL."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from argoflux.errors import UsageError
from argoflux.goports.giturl import GitUrlError, parse, repository_key, strip_credentials
from argoflux.model.content import Unknown
from argoflux.workspace.tree import contains, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from argoflux.workspace.tree import Base, Tree

Evidence = Literal["override", "origin", "assumed"]

_OBJECT = re.compile(r"[A-Z][A-Za-z]*/[a-z0-9.-]*/[a-z0-9.-]+\Z")
_SECTION = re.compile(r'\s*\[\s*remote\s+"origin"\s*\]', re.IGNORECASE)
_URL = re.compile(r"\s*url\s*=\s*(\S.*?)\s*\Z", re.IGNORECASE)
_CONFIG_LIMIT = 1_000_000
_TELLING = 3


class LocalTree(NamedTuple):
    """A directory that stands for a repository, and how that is known.

    ``override``: the user said so; ``origin``: the Git work tree was cloned from there;
    ``assumed``: every path that the input uses with the URL exists below it.
    """

    directory: str
    evidence: Evidence

    def path(self, relative: str) -> str:
        """The absolute path of something in the repository; ``..`` cannot leave it.

        cyphar/filepath-securejoin, used by fluxcd/pkg and argo-cd:util/io/files.
        """
        clean = os.path.normpath("/" + relative.replace("\\", "/").strip("/"))
        return os.path.normpath(os.path.join(self.directory, clean.lstrip("/") or "."))


class LocalSources:
    """Answers which local directory a URL means; one per run.

    ``overrides`` are ``REPOURL=PATH`` or ``Kind/namespace/name=PATH`` with paths relative to the
    working directory. Raises UsageError for one that has no ``=`` or names no directory.
    """

    __slots__ = ("_objects", "_tree", "_urls", "asked")

    def __init__(
        self, tree: Tree, overrides: Sequence[str] = (), asked: Iterable[str] = ()
    ) -> None:
        self._tree = tree
        self._urls: dict[str, str] = {}
        self._objects: dict[str, str] = {}
        self.asked = tuple(sorted(set(asked), key=lambda path: (len(path), path)))
        for text in overrides:
            key, path = self._override(text)
            if _OBJECT.match(key):
                self._objects[key] = path
            else:
                self._urls[place_key(key)] = path

    def _override(self, text: str) -> tuple[str, str]:
        key, separator, path = text.rpartition("=")
        if not separator or not key or not path:
            raise UsageError(
                f"--source: `{printable(strip_credentials(text))}` has no `=`",
                hint="write --source REPOURL=PATH or --source Kind/namespace/name=PATH",
            )
        full = os.path.normpath(os.path.join(self._tree.cwd, path))
        if not os.path.isdir(full):
            raise UsageError(
                f"--source: `{printable(path)}` is not a folder",
                hint="give the folder that holds a copy of the repository",
            )
        self._tree.add(full)
        return key, full

    def named(self, owner: str) -> LocalTree | None:
        """The local copy that the user named for one object (``Kind/namespace/name``)."""
        found = self._objects.get(owner)
        return LocalTree(found, "override") if found else None

    def resolve(
        self,
        url: str,
        paths_used: Iterable[str] = (),
        *,
        used_in: Iterable[str] = (),
        owner: str = "",
    ) -> LocalTree | Unknown:
        """The local copy of a repository.

        ``paths_used``: the paths inside it that the input uses; ``used_in``: absolute paths of the
        files that name the URL; ``owner``: ``Kind/namespace/name`` of the source object.
        """
        override = self._objects.get(owner) or self._urls.get(place_key(url))
        if override:
            return LocalTree(override, "override")
        for base in self._bases():
            if base.git and place_key(origin_url(base.directory)) == place_key(url):
                return LocalTree(base.directory, "origin")
        wanted = sorted({_clean(path) for path in paths_used} - {""})
        if not wanted:
            return Unknown(reason="no local copy of the repository is known")
        for directory in self._candidates(tuple(used_in)):
            if all(self._tree.is_directory(os.path.join(directory, path)) for path in wanted):
                return LocalTree(directory, "assumed")
        return Unknown(reason="no local copy of the repository holds every path that is used")

    def mostly(self, paths_used: Iterable[str], used_in: Iterable[str]) -> LocalTree | None:
        """The outermost directory that holds three of four paths, and three at least.

        The arguments are as in ``resolve``.
        """
        wanted = sorted({_clean(path) for path in paths_used} - {""})
        least = max(_TELLING, (len(wanted) * 3 + 3) // 4)
        for directory in self._candidates(tuple(used_in)) if len(wanted) >= least else ():
            listing = self._tree.listing(directory)
            top = set(listing.directories) if listing is not None else set()
            there = [path for path in wanted if path.partition("/")[0] in top]
            if len(there) >= least and least <= sum(
                self._tree.is_directory(os.path.join(directory, path)) for path in there
            ):
                return LocalTree(directory, "assumed")
        return None

    def _bases(self) -> list[Base]:
        return sorted(self._tree.bases)

    def _candidates(self, used_in: Sequence[str]) -> list[str]:
        """Git roots, given paths, and folders between them and the files, outermost first."""
        found = [base.directory for base in self._bases() if base.git]
        found += self.asked
        for path in sorted(used_in):
            at = os.path.dirname(path)
            above: list[str] = []
            while self._tree.base_of(at) is not None and at not in above:
                above.append(at)
                at = os.path.dirname(at)
            found += reversed(above)
        return list(dict.fromkeys(found))


def origin_url(directory: str) -> str:
    """The URL of ``origin`` in the Git configuration of a work tree, empty when there is none.

    The file is read as text; no git process runs.
    """
    config = os.path.join(_git_folder(directory), "config")
    inside = False
    for line in _lines(config):
        if line.lstrip().startswith("["):
            inside = _SECTION.match(line) is not None
        elif inside:
            match = _URL.match(line)
            if match is not None:
                return match[1].strip('"')
    return ""


def _git_folder(directory: str) -> str:
    """``.git``, or where a linked work tree or submodule keeps its configuration."""
    entry = os.path.join(directory, ".git")
    if os.path.isdir(entry):
        return entry
    first = next(iter(_lines(entry)), "")
    if not first.startswith("gitdir:"):
        return entry
    folder = os.path.normpath(os.path.join(directory, first.removeprefix("gitdir:").strip()))
    common = next(iter(_lines(os.path.join(folder, "commondir"))), "").strip()
    return os.path.normpath(os.path.join(folder, common)) if common else folder


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_CONFIG_LIMIT).splitlines()
    except OSError:
        return []


def place_key(url: str) -> str:
    """A key that is equal for the ways to write one repository, whatever the protocol."""
    if not url:
        return ""
    try:
        parts = parse(url)
    except GitUrlError:
        return url
    if not parts.host:
        return repository_key(strip_credentials(url))
    path = parts.path.strip("/").lower().removesuffix(".git")
    return f"{parts.host.lower()}/{path}"


def _clean(path: str) -> str:
    clean = os.path.normpath("/" + path.strip("/"))
    return clean.lstrip("/")


def below(directory: str, path: str) -> str:
    """A path relative to a directory that holds it, ``.`` for the directory itself."""
    if not contains(directory, path):
        raise ValueError(f"{path!r} is not below {directory!r}")
    return os.path.relpath(path, directory).replace(os.sep, "/")
